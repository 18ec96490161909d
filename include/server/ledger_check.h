#ifndef SERVER_LEDGER_CHECK_H
#define SERVER_LEDGER_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "server/ledger.h"

/*
 * Looking over a ledger: what is in it, and whether it still agrees with
 * itself.  Reads everything; a running server is not held up.
 */
struct ledger_counts {
	int64_t offices, users, devices, records, conflicts_open, quarantined,
		operations, last_at,	/* of the last operation; 0 none */
		backup_at,		/* the last backup; 0 none */
		not_in_it,		/* operations decided since */
		behind_at;		/* since then devices know more than the
					 * ledger (ledger_return.h); 0 none do */
};

MUST_CHECK enum status ledger_count(struct ledger_counts *out,
	struct ledger *l, struct err *err);

/*
 * Every page and index; every record's content against its hash; every record
 * once in its office's stream and nothing else there; every chain of marks up
 * to its end; every device's operations without a gap; the trace.
 * Errors: E_IO something is wrong (the sentence says what), or cannot be read.
 */
MUST_CHECK enum status ledger_check(struct ledger *l, struct err *err);

/* A consistent copy of ledger.db while the server goes on.  It is read from end
 * to end before it counts as one.
 * Errors: E_CONFLICT the file exists; E_IO. */
MUST_CHECK enum status ledger_backup(struct ledger *l, const char *path,
	struct err *err);

#endif
