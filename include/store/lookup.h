#ifndef STORE_LOOKUP_H
#define STORE_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/uuid.h"

/*
 * The lookup: which persons a few keys mean, in which order.
 *
 * The keys of every person stand in arrays that are scanned at each keystroke
 * (50,000 persons: about 0.1 ms, rarely 1 ms).  What is typed is cut at blanks
 * into terms, all of which must match one person.  A term without a digit
 * names somebody: hanzi, initials, syllables, mixed, from any character of the
 * name or an alias on (a single letter only at the start); what people of the
 * south may hear alike (zh z, n l, -n -ng, f h) matches as well and ranks
 * last.  Traditional forms are the usual ones, typed or stored: 張偉, 张伟.  A
 * term with a digit is part of an identity, telephone or file number
 * (one or two characters: its beginning); zs0317 is zs and 0317.  After or
 * before the name its place may stand: 李 红旗, zs hongqi; two hanzi alone are
 * also a place, or a part of a file number, and rank last.
 *
 * It knows nothing of the database; the caller puts and drops keys.
 */
struct lookup;

struct lookup_entry {
	struct uuid id;
	uint32_t tag;		/* the caller's own, given back in hits */
	const char *name;
	const char *alias;	/* several separated by tabs; NULL: none */
	const char *digits;	/* the same: identity number first, then others;
				 * NULL: none */
	bool active;		/* not released, not closed */
	bool own_office;	/* of the clerk's own office */
	int64_t opened_at;	/* when the clerk last opened it, 0 never */
};

struct lookup_hit {
	struct uuid id;
	uint32_t tag;
	uint8_t tier;		/* 0 a whole number, 1 a beginning or a whole
				 * name, 2 inside, 3 by accent, 4 anywhere */
};

struct lookup *lookup_new(void);
void lookup_free(struct lookup *l);		/* accepts NULL */

/* Add a person, or replace the one with the same id.  Texts are copied. */
void lookup_put(struct lookup *l, const struct lookup_entry *entry);
void lookup_drop(struct lookup *l, const struct uuid *id);
/* The clerk has opened it; an unknown id is ignored. */
void lookup_opened(struct lookup *l, const struct uuid *id, int64_t at);

/*
 * What a person's records say of them: forget all of one (lookup_forget_at()),
 * then learn from each record.  Active or own by one of them is active or own.
 */
struct lookup_fact {
	bool active;
	bool own_office;
	const char *place;	/* village, office; tabs between; NULL none */
};
void lookup_learn(struct lookup *l, const struct uuid *id,
	const struct lookup_fact *fact);	/* unknown ids are ignored */
/* The same for many: where somebody stands until the next put or drop; looked
 * for there first. */
#define LOOKUP_NOWHERE SIZE_MAX
size_t lookup_find(const struct lookup *l, const struct uuid *id, size_t there);
void lookup_forget_at(struct lookup *l, size_t at);
void lookup_learn_at(struct lookup *l, size_t at,
	const struct lookup_fact *fact);

size_t lookup_count(const struct lookup *l);	/* persons */

/*
 * Who may be meant: at most max hits to out, best first, and the number of all
 * in *total.  Order: tier, own office, active, opened in the seven days before
 * now_at, kind of match, last opened.  Nothing typed: those opened before, the
 * last one first.  One more character typed searches among the hits of the
 * call before.  Returns the hits written.
 */
size_t lookup_query(struct lookup *l, const char *typed, int64_t now_at,
	struct lookup_hit *out, size_t max, size_t *total);
/* The same rows, all and in no order; none when nothing is typed. */
void lookup_each(struct lookup *l, const char *typed,
	void (*found)(void *self, const struct uuid *id), void *self);

#endif
