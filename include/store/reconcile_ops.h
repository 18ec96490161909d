#ifndef STORE_RECONCILE_OPS_H
#define STORE_RECONCILE_OPS_H

#include "base/buf.h"
#include "core/reconcile.h"
#include "store/store.h"

/*
 * This device's own operations in a reconciliation (core/reconcile.h): by which
 * hash it knows one again, which it hands back to a restored ledger, and what
 * becomes of those that the ledger has lost.  No operation is dropped.
 */

/* The hash of operation n of an epoch; "" there is none.  Errors: E_IO. */
MUST_CHECK enum status reconcile_ops_hash(struct reconcile_epoch *e,
	struct store *s, struct err *err);

/* The server lost verdicts and gave a new epoch: what it accepted and never
 * sent back is open again, under that epoch with all else that waits.
 * Errors: E_AUTH; E_IO. */
MUST_CHECK enum status reconcile_ops_reopen(struct store *s, int64_t epoch,
	struct err *err);

/* The same, and the server takes nothing back any more: what it had accepted
 * from number n of an epoch on stands among the refused, the county looks at it.
 * Errors: E_AUTH; E_IO. */
MUST_CHECK enum status reconcile_ops_late(struct store *s, int64_t epoch,
	int64_t n, struct err *err);

/* Operations of an epoch with a verdict, from number *n on, up to max_bytes;
 * *n: where to go on, 0 that was all.  Errors: E_AUTH; E_IO. */
MUST_CHECK enum status reconcile_ops_print(struct buf *out, struct store *s,
	int64_t epoch, int64_t *n, size_t max_bytes, struct err *err);

#endif
