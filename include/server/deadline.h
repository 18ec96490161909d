#ifndef SERVER_DEADLINE_H
#define SERVER_DEADLINE_H

#include <stdint.h>

#include "base/err.h"

/*
 * Absolute deadlines of connections.  A time limit that every byte renews is
 * none: a peer that sends one byte a second holds its connection for ever.  So
 * each connection has one instant at which it is shut down, whatever arrives.
 *
 * A watching thread calls shutdown() on the socket and never close(): the
 * descriptor belongs to the HTTP library, which closes it as soon as it reads
 * the end.
 */
struct deadlines;
struct deadline;	/* one connection's */

/* Start the watching thread.  Errors: E_IO no thread. */
MUST_CHECK enum status deadlines_start(struct deadlines **out,
	struct err *err);
/* Ends the thread; every connection must have been removed before. */
void deadlines_stop(struct deadlines *d);	/* accepts NULL */

/* Watch a connected socket, for ms milliseconds from now.  The entry is owned
 * by the list until deadline_remove(), which must come before the socket is
 * closed. */
struct deadline *deadline_add(struct deadlines *d, int fd, int64_t ms);
void deadline_set(struct deadlines *d, struct deadline *one, int64_t ms);
void deadline_remove(struct deadlines *d, struct deadline *one);

#endif
