#ifndef STORE_RECONCILE_H
#define STORE_RECONCILE_H

#include "core/reconcile.h"
#include "store/apply.h"
#include "store/store.h"

/*
 * The cache's side of core/reconcile.h: what it holds of a stream, what it can
 * hand back to a restored ledger, and taking the ledger's answers.
 */

/* Does a page's end say that the streams hold something else than is held
 * here?  Errors: E_IO. */
MUST_CHECK enum status reconcile_differs(bool *out, struct store *s,
	const struct wire_line *end, struct err *err);

/* The head of the first step.  Errors: E_NOTFOUND not enrolled; E_IO. */
MUST_CHECK enum status reconcile_begin(struct reconcile_head *out,
	struct store *s, struct err *err);

/* The name of the ledger that the versions held here are of: its epoch; while
 * some are of a restored one already (reconcile_mix(), until reconcile_end()),
 * no ledger's but the device's own.  Errors: E_IO. */
MUST_CHECK enum status reconcile_held_of(char out[UUID_TEXT_MAX],
	struct store *s, struct err *err);
MUST_CHECK enum status reconcile_mix(struct store *s, struct err *err);

/* The hash of operation n of an epoch; "" there is none.  Errors: E_IO. */
MUST_CHECK enum status reconcile_hash(struct reconcile_epoch *e,
	struct store *s, struct err *err);

/* The server lost verdicts and gave a new epoch: what it accepted and never
 * sent back is open again, under that epoch with all else that waits.
 * Errors: E_AUTH; E_IO. */
MUST_CHECK enum status reconcile_reopen(struct store *s, int64_t epoch,
	struct err *err);

/* The same, and the server takes nothing back any more: what it had accepted
 * from number n of an epoch on stands among the refused, the county looks at it.
 * Errors: E_AUTH; E_IO. */
MUST_CHECK enum status reconcile_late(struct store *s, int64_t epoch,
	int64_t n, struct err *err);

/* Errors: E_IO. */
MUST_CHECK enum status reconcile_sums(uint64_t sums[RECONCILE_BUCKETS],
	struct store *s, const char *stream, struct err *err);
/* A line for each record held in the stream's buckets. */
MUST_CHECK enum status reconcile_print_held(struct buf *out, struct store *s,
	const char *stream, const bool which[RECONCILE_BUCKETS],
	struct err *err);
/* The server's last version of a record as it is known here.
 * Errors: E_NOTFOUND; E_AUTH; E_IO. */
MUST_CHECK enum status reconcile_print_record(struct buf *out,
	struct store *s, const struct uuid *id, struct err *err);
/* Operations of an epoch with a verdict, from number *n on, up to max_bytes;
 * *n: where to go on, 0 that was all.  Errors: E_AUTH; E_IO. */
MUST_CHECK enum status reconcile_print_ops(struct buf *out, struct store *s,
	int64_t epoch, int64_t *n, size_t max_bytes, struct err *err);

/* What the server answered about some buckets: records, and ids that left.
 * lines are borrowed, the records in them taken.  Errors: as of apply_page(). */
MUST_CHECK enum status reconcile_take(struct apply_counts *counts,
	struct store *s, struct reconcile_line *lines, size_t count,
	struct err *err);
/* Streams that the server's head does not list end here. */
MUST_CHECK enum status reconcile_end_streams(struct apply_counts *counts,
	struct store *s, const struct reconcile_head *head, struct err *err);
/* A stream is as it was at this cursor.  Errors: E_IO. */
MUST_CHECK enum status reconcile_set_cursor(struct store *s,
	const struct wire_cursor *cursor, struct err *err);
/* All streams are: the server is known by this epoch from now on. */
MUST_CHECK enum status reconcile_end(struct store *s,
	const char *server_epoch, struct err *err);

#endif
