#ifndef STORE_APPLY_H
#define STORE_APPLY_H

#include "core/wire.h"
#include "store/store.h"

/*
 * What came from the server: one page (verdicts, feed lines, cursors) is
 * applied in one transaction, so a broken line costs one page and a kill
 * leaves either the page before or the page after.
 *
 * A feed line for a record with undecided operations changes its base and puts
 * the operations on top again.
 */
struct apply_counts {
	size_t pulled, gone, ok, merged, conflicts, refused, moved;
};

/* lines are borrowed, the last is WIRE_END; the values of the records in them
 * are given back as they are written.  counts are added to.
 * Errors: E_INVALID the page contradicts what is here (a verdict for an
 * operation that was never made, a revision going back): nothing applied;
 * E_CONFLICT it would remove more than 20 records and more than a twentieth of
 * what is here (not what goes from one stream to another): nothing applied,
 * sync_reconcile() finds out; E_AUTH locked; E_IO. */
MUST_CHECK enum status apply_page(struct apply_counts *counts,
	struct store *s, struct wire_line *lines, size_t count,
	struct err *err);
/* The same, whatever leaves: both sides were compared, and what leaves now did
 * so since.  Errors: as above, but no E_CONFLICT. */
MUST_CHECK enum status apply_believed(struct apply_counts *counts,
	struct store *s, struct wire_line *lines, size_t count,
	struct err *err);
/* The same for what reconciling found, whatever leaves. */
MUST_CHECK enum status apply_confirmed(struct apply_counts *counts,
	struct store *s, struct wire_line *lines, size_t count,
	struct err *err);

/* hello's cursors, epoch, first op number, and a first max_bytes that the
 * caller may change; E_NOTFOUND not enrolled. */
MUST_CHECK enum status apply_hello(struct wire_hello *out, struct store *s,
	struct err *err);

/* One sync at a time per cache: a lock file.  Errors: E_CONFLICT another
 * process is syncing; E_IO. */
MUST_CHECK enum status apply_lock(int *fd, struct store *s, struct err *err);
void apply_unlock(int fd);
/* One at a time keeps a cache in step (sync/watch.h).  Errors: E_CONFLICT
 * another session does; E_IO. */
MUST_CHECK enum status apply_lock_watch(int *fd, struct store *s,
	struct err *err);

/* A 409 device_fork: a new epoch, undecided operations stamped again. */
MUST_CHECK enum status apply_fork(struct store *s, int64_t epoch,
	struct err *err);

#endif
