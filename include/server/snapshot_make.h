#ifndef SERVER_SNAPSHOT_MAKE_H
#define SERVER_SNAPSHOT_MAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "server/snapshot.h"

/*
 * Making a snapshot: over a connection of its own that sees one moment, so
 * that no request waits for it, in memory that does not grow with the stream.
 *
 * dir is the ledger's folder.  stop may be NULL; it is asked between records.
 * What was written is summed up and must be what the stream says it holds.
 *
 * Errors: E_NOTFOUND no such stream; E_CONFLICT another process makes one now,
 * or stop() said so; E_INVALID the ledger contradicts itself; E_IO.
 */
struct snapshot_stop {
	bool (*stop)(void *self);
	void *self;
};

MUST_CHECK enum status snapshot_make(struct snapshot *out, const char *dir,
	const char *stream, const struct snapshot_stop *stop,
	struct err *err);

/* A stream and how it stands to its snapshot. */
struct snapshot_need {
	char stream[WIRE_STREAM_MAX];
	int64_t held;		/* records in it */
	int64_t behind;		/* positions given since the snapshot; all, if
				 * there is none */
	bool has;
};

/* All streams of the ledger; owned by the caller, free().  Errors: E_IO. */
MUST_CHECK enum status snapshot_needs(struct snapshot_need **out,
	size_t *count, const struct ledger *l, struct db *db,
	struct err *err);

#endif
