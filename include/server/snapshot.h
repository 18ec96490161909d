#ifndef SERVER_SNAPSHOT_H
#define SERVER_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/wire.h"
#include "server/ledger.h"

/*
 * Snapshots: what a stream held at a position, packed once and carried often,
 * so that the first load of a large office does not make the server read all of
 * it again for every device (sync.md 4.7).
 *
 * A snapshot is a zstd file of the stream's p lines in order and one end with
 * its cursor, in the folder "snapshots" beside the ledger.  Its name is all
 * that is known about it:
 *
 *   OFFICE.gen.SEQ.MARK.SERVER-EPOCH.SHA256.zst
 *
 * so that no list can contradict the files.  It never changes; the newest two
 * of a stream are kept, for those who are still fetching the older one.  One is
 * good as long as this ledger gave that position and no record has left the
 * stream since: nobody may be handed what he may not hold any more.
 */
struct db;

enum {
	SNAPSHOT_SHA_TEXT = 65,
	SNAPSHOT_PIECE_MAX = 1024 * 1024,	/* bytes of one reply */
	SNAPSHOTS_KEPT = 2,			/* of a stream */
	SNAPSHOT_FROM = 1000,			/* records: what is large */
};

struct snapshot {
	char stream[WIRE_STREAM_MAX];
	int64_t seq;
	char mark[9];
	char epoch[UUID_TEXT_MAX];
	char sha256[SNAPSHOT_SHA_TEXT];
	int64_t bytes;
	char *path;		/* owned; snapshot_release() */
};

void snapshot_release(struct snapshot *s);

/* The newest good one of a stream; sha256 not NULL: that one.
 * Errors: E_NOTFOUND there is none; E_IO. */
MUST_CHECK enum status snapshot_find(struct snapshot *out,
	const struct ledger *l, struct db *db, const char *stream,
	const char *sha256, struct err *err);

/* Put a file that was made in the folder under its name (path is set), and
 * remove those of the stream that are not kept.  Errors: E_IO. */
MUST_CHECK enum status snapshot_publish(struct snapshot *s, const char *dir,
	const char *made, struct err *err);

/* The folder, made if needed; owned by the caller.  Errors: E_AUTH; E_IO. */
MUST_CHECK enum status snapshot_folder(char **out, const char *dir,
	struct err *err);

/* Append bytes of it from a place on.  Errors: E_IO, also when it ends. */
MUST_CHECK enum status snapshot_read(struct buf *out,
	const struct snapshot *s, int64_t from, size_t len, struct err *err);

#endif
