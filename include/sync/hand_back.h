#ifndef SYNC_HAND_BACK_H
#define SYNC_HAND_BACK_H

#include "sync/reconcile_talk.h"

/*
 * Handing back what a restored server had lost: records as they are held here,
 * and operations that had a verdict.  Requests become smaller for a line that
 * bears no large ones; a record that is too large for one goes in parts, so that
 * no record keeps the others from the server.
 * Errors of all: as of sync_step().
 */

/* The records that the last reply wants. */
MUST_CHECK enum status hand_back_records(struct talk *t, const char *stream,
	struct err *err);

/* Of all that is held here, also where it may not be held any more, what the
 * server wants. */
MUST_CHECK enum status hand_back_streams(struct talk *t, struct err *err);

/* Operations that the server does not know any more; or, where it takes nothing
 * back by itself any more, say here that they were put aside, before they are
 * handed back: no break in between leaves it unsaid. */
MUST_CHECK enum status hand_back_lost(struct talk *t, struct err *err);
MUST_CHECK enum status hand_back_aside(struct talk *t, struct err *err);

#endif
