#ifndef STORE_RECONCILE_H
#define STORE_RECONCILE_H

#include "core/reconcile.h"
#include "store/apply.h"
#include "store/store.h"

/*
 * The cache's side of core/reconcile.h: what it holds of a stream, which
 * records it can hand back to a restored ledger, and taking the ledger's
 * answers.  Its operations are in store/reconcile_ops.h.
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

/* The sums of what a stream holds here, by bucket, in the versions that the
 * server confirmed.  Errors: E_INVALID an entry is damaged; E_IO. */
MUST_CHECK enum status reconcile_sums(uint64_t sums[RECONCILE_BUCKETS],
	struct store *s, const char *stream, struct err *err);
/* A line for each record that the stream holds in these buckets, appended to
 * out.  Errors: E_IO. */
MUST_CHECK enum status reconcile_print_held(struct buf *out, struct store *s,
	const char *stream, const bool which[RECONCILE_BUCKETS],
	struct err *err);
/* The server's last version of a record as it is known here: a line, appended
 * to out.  Errors: E_NOTFOUND no such record; E_INVALID damaged; E_AUTH locked;
 * E_IO. */
MUST_CHECK enum status reconcile_print_record(struct buf *out,
	struct store *s, const struct uuid *id, struct err *err);
/* What the server answered about some buckets: records, and ids that left.
 * lines are borrowed, the records in them taken.  Errors: as of apply_page(). */
MUST_CHECK enum status reconcile_take(struct apply_counts *counts,
	struct store *s, struct reconcile_line *lines, size_t count,
	struct err *err);
/* Streams that the server's head does not list end here.  Errors: as of
 * apply_page(). */
MUST_CHECK enum status reconcile_end_streams(struct apply_counts *counts,
	struct store *s, const struct reconcile_head *head, struct err *err);
/* A stream is as it was at this cursor.  Errors: E_IO. */
MUST_CHECK enum status reconcile_set_cursor(struct store *s,
	const struct wire_cursor *cursor, struct err *err);
/* All streams are: the server is known by this epoch from now on.
 * Errors: E_IO; all is as it was. */
MUST_CHECK enum status reconcile_end(struct store *s,
	const char *server_epoch, struct err *err);

#endif
