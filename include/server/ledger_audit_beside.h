#ifndef SERVER_LEDGER_AUDIT_BESIDE_H
#define SERVER_LEDGER_AUDIT_BESIDE_H

#include "server/ledger_audit.h"

/*
 * What stands beside the chains so that they can be asked: which entries name a
 * record, which do not name all they showed, when each came.  No hash is over
 * it, so whoever has the file could hide an entry from the reports and leave the
 * chains whole; verifying compares it with what the entries themselves say.
 */

/* One row of a chain, for verifying. */
struct ledger_audit_kept {
	const struct ledger_audit_place *at;
	const struct audit_entry *entry;
	int64_t got_at;
	bool cut;
};

/* When the server's chain says that a device's stood here. */
struct ledger_audit_mark {
	int64_t n, at;
};

/* Does the row stand where the questions look for it?  marks: of its branch, in
 * the order of the server's chain; none for the server's own, which knows when
 * each was written.  *count: how many records it names, added.  Errors: E_IO. */
MUST_CHECK enum status ledger_audit_fits(bool *fits, int64_t *count,
	struct db *db, const struct ledger_audit_kept *row,
	const struct ledger_audit_mark *marks, size_t mark_count,
	struct err *err);

/* The first place that is said to name a record and does not; *found: there is
 * one.  For when there are more than the entries name.  Errors: E_IO. */
MUST_CHECK enum status ledger_audit_misnamed(struct ledger_audit_place *out,
	bool *found, struct db *db, struct err *err);

#endif
