#ifndef KIT_SUCCESSION_H
#define KIT_SUCCESSION_H

#include "kit/clerks.h"
#include "store/conflict.h"

/*
 * Which value came after which: what somebody replaced does not come back by
 * itself, and what is on the screen stays there until something else comes.
 */

/* Somebody changed these values of a matter; before NULL: it is new. */
void succession_note(struct clerks *m, const struct record *before,
	const struct record *after);
/* A question was answered: these stand there now, whatever did before. */
void succession_answer(struct clerks *m, const struct conflict *c,
	const struct values *chosen);

/* At the end: of each value that is there again though somebody had put
 * another one in its place, the other one waits in a question or among what
 * was refused. */
void succession_faults(struct buf *faults, struct clerks *m);

/* After a sync, however it ended: what counts as done there is in what is
 * held.  Fails the test. */
void succession_held(struct clerks *m, struct site *site);

#endif
