#ifndef SERVER_EARLY_H
#define SERVER_EARLY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/wire.h"

/*
 * Requests that a device sends before it has the reply to the one before
 * (early in core/wire.h): each is worked when that one was, and its page begins
 * where that one's ended.  Kept in memory and nowhere else: whoever finds no
 * trace of the request before is told so, and asks as always.
 *
 * All of it may be called by many threads at once.
 */
struct early;

struct early *early_new(void);
void early_free(struct early *e);	/* accepts NULL; nobody waits in it */

/* The work on a device's operations from number from on begins.  What is
 * returned is given to one of the next two; e may be NULL. */
int64_t early_begin(struct early *e, const struct uuid *device, int64_t epoch,
	int64_t from);
/* It is done: all below next is decided, the page ended at these cursors. */
void early_done(struct early *e, int64_t turn, int64_t next,
	const struct wire_cursor *cursors, size_t count);
/* It ended otherwise, or is done: either is fine. */
void early_drop(struct early *e, int64_t turn);

/* Wait until the request that ends before from is done, some seconds at most,
 * and take over where its page ended: cursors has room for WIRE_STREAMS_MAX.
 * false: it is not known, came to another end, or too many wait. */
bool early_wait(struct early *e, struct wire_cursor *cursors, size_t *count,
	const struct uuid *device, int64_t epoch, int64_t from);

#endif
