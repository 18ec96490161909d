#ifndef SERVER_LEDGER_RECONCILE_H
#define SERVER_LEDGER_RECONCILE_H

#include <stddef.h>
#include <stdint.h>

#include "core/reconcile.h"
#include "server/ledger.h"

/*
 * What a stream holds, summed up, and compared with what a device holds of it.
 */
struct db;
struct sight;

/* The sums of a stream's buckets, of what a sight sees (NULL: all), and where
 * the stream ends, with what is held then.
 * Errors: E_NOTFOUND no such stream; E_IO. */
MUST_CHECK enum status reconcile_stream_sums(
	uint64_t sums[RECONCILE_BUCKETS], struct wire_cursor *end,
	struct db *db, const char *stream, const struct sight *sight,
	struct err *err);

/*
 * held: the RECONCILE_ID lines of what the device has in the buckets; sorted
 * here.  Appends to out: a record that the device lacks or has an older version
 * of (p), an id that is not in the stream any more (g), and an id that the
 * device has and the ledger does not, or in a version that the ledger never saw
 * (want).  Stops at max_bytes after at least one bucket; *which then has only
 * the buckets that were compared.  mute: the device may not hold the stream,
 * only what is wanted is said.  sight: what it does not see is gone for it.
 * Errors: as above.
 */
MUST_CHECK enum status reconcile_compare(struct buf *out, struct db *db,
	const char *stream, bool which[RECONCILE_BUCKETS],
	struct reconcile_line *held, size_t count, size_t max_bytes,
	bool mute, const struct sight *sight, struct err *err);

/* Sums for ledgers made before there were any; does nothing otherwise. */
MUST_CHECK enum status reconcile_recount(struct db *db, struct err *err);

#endif
