#ifndef KIT_CLERK_VALUES_H
#define KIT_CLERK_VALUES_H

#include "kit/clerks.h"

/*
 * The values of one entry, most of them made once, so that they can be looked
 * for.  What was entered counts once it is saved.
 */
struct entry {
	struct buf values;	/* a line each */
};

void entry_begin(struct entry *e);
/* A word like no other. */
void entry_token(struct clerks *m, struct entry *e, char out[16]);
/* Some values of a matter become others, as the site's definitions allow. */
void entry_change(struct clerks *m, struct entry *e, struct site *site,
	struct record *r);
/* Saved as r; what was typed over again before that does not count, nothing does
 * when r is NULL.  e is released. */
void entry_finish(struct clerks *m, struct entry *e, const struct record *r);
/* One that was entered for this record. */
void entry_note(struct clerks *m, const char *text, const struct uuid *id);

#endif
