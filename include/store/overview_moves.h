#ifndef STORE_OVERVIEW_MOVES_H
#define STORE_OVERVIEW_MOVES_H

#include <stddef.h>
#include <stdint.h>

/*
 * Which rows came, changed or went lately, so that what was made of all of them
 * (orders, what persons' records say) follows a few without being made again;
 * and where the person stands that a row is of.  Part of the overviews; nobody
 * else needs it.
 */

struct overview;
struct schema_register;
struct store;
struct store_memory;

enum { MOVES_MAX = 256 };

struct overview_moves {
	uint64_t from;			/* since when changes are known */
	uint32_t last[MOVES_MAX];	/* a ring, by the count of changes */
	uint32_t *person;		/* by row: its person's; owned */
	size_t person_count;		/* of those rows, */
	uint64_t settled;		/* as of these changes */
};

/* The row changes now: memory's count of changes moves. */
void overview_moves_note(struct store_memory *m, uint32_t row);
/* The rows that changed since that count, each once, at most MOVES_MAX to rows;
 * MOVES_MAX + 1: too many, or it is not known. */
size_t overview_moves_since(uint32_t *rows, const struct store_memory *m,
	uint64_t since);

/* Look where persons stand, after changes; before overview_moves_person(). */
void overview_moves_settle(struct store_memory *m);
/* The row of the person that this row is of; IDMAP_NONE: none, or not here. */
uint32_t overview_moves_person(const struct store_memory *m, uint32_t row);
/* What a path of the register goes on with behind the row's person ("name" of
 * "person_id.name"); NULL: it goes elsewhere.  And the value there, as
 * overview_reach() finds it. */
const char *overview_beyond_person(const struct schema_register *reg,
	const char *path);
const char *overview_reach_beyond(const struct overview **o,
	const struct store *s, uint32_t row, const char *beyond);
/* Rows are gone through one by one, this one now: let memory come for what some
 * of the next ones and their persons say. */
void overview_moves_ahead(const struct store_memory *m, uint32_t row);

#endif
