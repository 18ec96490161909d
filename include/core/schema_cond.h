#ifndef CORE_SCHEMA_COND_H
#define CORE_SCHEMA_COND_H

#include <stdbool.h>
#include <stddef.h>

#include "core/record.h"

/* Words in both languages, and rows of conditions: what all parts of a
 * definition are made of (core/schema.h). */

struct label {
	char *zh;	/* the form's own words */
	char *en;
};

/* In the thread's language. */
const char *label_text(const struct label *l);

/* ---- conditions ---- */

enum cond_op { COND_EQ, COND_NE, COND_IN, COND_NOT_IN, COND_EMPTY,
	COND_FILLED, COND_LT, COND_LE, COND_GT, COND_GE };

struct cond {
	char *field;		/* own field or system field; "@overlays",
				 * "@parent_state", "@parent_overlays" need
				 * conds_hold_more() */
	enum cond_op op;
	char **values;		/* "@today", "@month" (its first
				 * day) and "@me" (the person's
				 * name) are filled in */
	size_t value_count;
};

struct conds {			/* all must hold; none: true */
	struct cond *items;
	size_t count;
};

/* today: day number; user: the person's name, may be "". */
bool conds_hold(const struct conds *c, const struct record *r, int today,
	const char *user);

/* What is not in the record itself (core/overlay.h); texts are never NULL. */
struct cond_more {
	const char *overlays;		/* names joined with ';' */
	char parent_state[RECORD_NAME_MAX];
	const char *parent_overlays;
};
/* Without more (NULL) these fields are empty. */
bool conds_hold_more(const struct conds *c, const struct record *r,
	const struct cond_more *more, int today, const char *user);

/* Give back what a list of rows owns. */
void schema_release_conds(struct conds *c);

#endif
