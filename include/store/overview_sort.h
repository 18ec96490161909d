#ifndef STORE_OVERVIEW_SORT_H
#define STORE_OVERVIEW_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/value.h"

/*
 * Sorting rows of the overviews by what stands at some paths, then by their ids,
 * which is about the order of entry.  Nothing comes last, up or down: it is what
 * is unknown.  Text goes by the reading of its first character, states as they
 * are defined.  Part of the overviews; nobody else needs it.
 */
struct schema_register;
struct store;

/* One thing to sort by; the rest is private. */
struct sort_by {
	const char *path;		/* borrowed */
	enum value_type type;
	bool down, state;
	bool several;		/* the path goes over children */
	const char *of_person;	/* the path from the row's person; NULL */
	const char *name;		/* its initials stand at path; NULL */
};

/* Readings of the names that were met last. */
struct sort_memo {
	uint64_t begin, key;
};

void overview_sort_by(struct sort_by *by, const struct store *s,
	const struct schema_register *reg, const char *path, bool down);

/* By the first; rows that it does not tell apart by the next. */
void overview_sort_rows(struct store *s, uint32_t *rows, size_t count,
	struct sort_by *by, size_t by_count);
/* By one thing; rows that it does not tell apart stay as they were. */
void overview_sort_again(struct store *s, uint32_t *rows, size_t count,
	struct sort_by *by);
/* As overview_sort_rows() puts two of them, after overview_moves_settle(). */
int overview_sort_compare(const struct store *s, struct sort_by *by,
	size_t by_count, uint32_t left, uint32_t right);

#endif
