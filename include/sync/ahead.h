#ifndef SYNC_AHEAD_H
#define SYNC_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/wire.h"
#include "store/store.h"

/*
 * The body of a request: hello and the operations that wait.  The operations
 * behind those under way are known before the reply that the hello depends on,
 * so they are printed and packed while the server works: a server that waits
 * for the next page of a long push waits for a hello only.
 */
struct ahead {
	bool on;		/* printed, not sent yet */
	int64_t from;		/* n of the first */
	size_t pushed;		/* so many operations */
	size_t bytes;		/* as long, unpacked */
	bool waiting;		/* others wait behind them */
	bool slow;		/* packed for a slow line */
	struct buf packed;	/* owned */
};

void ahead_drop(struct ahead *a);	/* nothing there is fine */

/* Print the operations from n on, about so many bytes of them.  That there are
 * none is no failure.  slow: the line is (core/wire.h).
 * Errors: E_IO; E_INVALID one does not open. */
MUST_CHECK enum status ahead_print(struct ahead *a, struct store *s,
	int64_t from, size_t push_bytes, bool slow, struct err *err);

/* What may follow a hello. */
struct ahead_limits {
	int64_t before;		/* operations up to this one; 0: all */
	size_t push_bytes;	/* about so many bytes of them */
	int64_t large;		/* this one without its content; 0 none */
};

/* A whole body, packed with zstd, appended to out: with what lies in a, if it
 * is what this hello is followed by (a may be NULL; what it had is dropped), or
 * printed now.  *pushed, *bytes, *waiting as above.  Errors as above. */
MUST_CHECK enum status ahead_body(struct buf *out, size_t *pushed,
	size_t *bytes, bool *waiting, struct ahead *a,
	const struct wire_hello *hello, struct store *s,
	const struct ahead_limits *limits, struct err *err);

#endif
