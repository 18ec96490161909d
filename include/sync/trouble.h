#ifndef SYNC_TROUBLE_H
#define SYNC_TROUBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/transport.h"

/*
 * An operation that the server cannot work (sync.md 4.5, 500): those before it
 * are sent, then it alone; when it has failed three times the server is asked
 * to put it aside for a person, so that it does not stop the others.
 *
 * A push that is too large for somebody on the way (413) becomes smaller, down
 * to one operation; when a large one does not even get through alone, the
 * server is told of it without its content, and refuses it.  Where nothing gets
 * through at all the fault is not the operation's.
 */
struct trouble {
	int64_t n;		/* 0: there is none */
	int times;		/* so often */
	int64_t park;		/* n, when it is to be put aside */
	size_t push_max;	/* bytes of a push; 0: as usual */
	int64_t large;		/* this one is sent without its content; 0 none */
};

/* A push from this number ends before the answer, so that the operation in
 * trouble is alone; 0: with the last that waits. */
int64_t trouble_before(const struct trouble *t, int64_t from);

/*
 * Look at the reply to count operations from this number, bytes long: does it
 * name one that cannot be worked, or was the push too much for somebody on the
 * way?  true: *again is set, send what trouble_before(), push_max and large
 * say.  What cannot even be put aside is the server's illness and not the
 * operation's.
 */
bool trouble_heed(bool *again, struct trouble *t,
	const struct transport_reply *reply, int64_t from, size_t count,
	size_t bytes);

/* All up to acked have verdicts.  true: one was put aside. */
bool trouble_ended(struct trouble *t, int64_t acked);

#endif
