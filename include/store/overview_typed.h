#ifndef STORE_OVERVIEW_TYPED_H
#define STORE_OVERVIEW_TYPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/schema.h"

/*
 * The find in a list: what is typed is cut at blanks, and each word must be in
 * some column of the row; or all of it names the row's person, as the lookup
 * understands it.  One letter alone opens a name, in registers without names a
 * column's text, as one digit does.  Part of the overviews; nobody else needs it.
 */
struct overview;
struct store;

enum { TYPED_WORDS_MAX = 4, TYPED_WORD_MAX = 128, TYPED_PATHS_MAX = 32,
	TYPED_MEMO = 1024 };

struct overview_typed {
	const struct store *store;
	const char *own[TYPED_PATHS_MAX];	/* own fields; borrowed */
	const char *far[TYPED_PATHS_MAX];	/* other paths */
	const char *beyond[TYPED_PATHS_MAX];	/* of these, what comes after
						 * the row's person; NULL */
	bool several[TYPED_PATHS_MAX];		/* it goes over children */
	size_t own_count, far_count;
	bool names;		/* the lookup knows its rows */
	char words[TYPED_WORDS_MAX][TYPED_WORD_MAX];
	size_t word_count;
	uint8_t *named;		/* by index of memory: bits of the words that
				 * name the row's person */
	/* rows share most of their texts: what was asked is remembered */
	struct typed_memo {
		const char *text;	/* lent; NULL free */
		const char *path;
		uint32_t words;		/* bits of those it has in it */
	} *memo;
	struct buf scratch;
};

/* paths are the columns that are searched; what they lend must last. */
void overview_typed_begin(struct overview_typed *t, struct store *s,
	const struct schema_register *reg, const char *typed,
	const char *const *paths, size_t path_count);
bool overview_typed_fits(struct overview_typed *t, const struct overview *o,
	uint32_t index);
void overview_typed_end(struct overview_typed *t);

#endif
