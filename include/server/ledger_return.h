#ifndef SERVER_LEDGER_RETURN_H
#define SERVER_LEDGER_RETURN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/reconcile.h"
#include "server/ledger_judge.h"
#include "server/ledger_return_line.h"

/*
 * A restored ledger has lost what came after its backup; the devices hand it
 * back (sync.md 4.9).
 *
 * 1. Only within RETURN_DAYS after fengqiaod restore: at other times a device
 *    could write past roles and rules in this way.  Operations that come later
 *    are put aside, for the county to take in or not.
 * 2. Of two versions of one line (server/ledger_return_line.h) the higher
 *    revision has all that the lower one has.  What was written on the restored
 *    ledger is another line, and so is what comes of a ledger that was restored
 *    before; they are merged, and what two of them changed is asked about.
 * 3. Everything handed back is kept whole, also when nothing follows from it.
 */
enum { RETURN_DAYS = 90 };

/* Was the ledger restored lately?  Errors: E_IO. */
MUST_CHECK enum status return_is_open(bool *out, struct db *db,
	struct err *err);

/* A device knows more than the ledger, which was not restored in order: said to
 * the operator, once.  Errors: E_IO. */
MUST_CHECK enum status return_note_behind(struct db *db, struct err *err);

/* The last operation decided here in each of the device's epochs, in the place
 * of what the device says in head; *lost: of some it has others.
 * Errors: E_IO. */
MUST_CHECK enum status return_epochs(bool *lost, struct reconcile_head *head,
	struct db *db, const struct uuid *device, struct err *err);

/* A version that the device has of a record, and of which line.
 * Errors: E_IO. */
MUST_CHECK enum status return_record(const struct judge *j,
	const struct return_line *line, const struct record *have,
	struct err *err);

/* An operation of the device that had a verdict, on the line.  Its effect is in
 * the versions that were handed back, or it is judged again.  Errors: E_IO. */
MUST_CHECK enum status return_op(const struct judge *j,
	const struct return_line *line, const struct reconcile_line *done,
	struct err *err);

/* Keep an operation whole, and nothing else: it came from somebody who is not
 * heard again, out of a time that this ledger does not know.  The same again is
 * fine.  Errors: E_IO. */
struct push_op;
MUST_CHECK enum status return_keep(struct db *db, const struct uuid *device,
	const struct push_op *op, struct err *err);

#endif
