#ifndef SERVER_LEDGER_ENTERED_H
#define SERVER_LEDGER_ENTERED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"

struct db;

/*
 * The histories of records in the server's trace: who changes what was entered,
 * by whom or when, changes more than a table.
 *
 * 1. Each row of the history leaves a sum of all that it says, in the order in
 *    which they came, and the sum stays when the record is erased for good.
 * 2. A transaction that adds such rows adds one entry to the server's chain:
 *    which rows, and a hash over their sums.
 */
struct entered_row {
	const struct uuid *record, *device;
	int64_t rev, epoch, n;
	const char *kind, *login;
	int64_t at, device_at;
	const char *fields, *changes, *hash;
	bool returned;
	const char *taken_by;
};

/* A row that is being added, in the same transaction.  Errors: E_IO. */
MUST_CHECK enum status entered_add(struct db *db,
	const struct entered_row *row, struct err *err);
/* The entry about what was added, if anything was: before each commit. */
MUST_CHECK enum status entered_seal(struct db *db, struct err *err);
/* Of a ledger of an older program, what is there already; in transactions of
 * its own. */
MUST_CHECK enum status entered_begin(struct db *db, struct err *err);

/* Is the history what the server's chain, which was verified before, says?
 * *good false: why names the first revision that was changed, taken away or
 * put there, or the rows of an entry that are others now.  Errors: E_IO. */
MUST_CHECK enum status entered_verify(bool *good, char why[ERR_MSG_MAX],
	struct db *db, struct err *err);

#endif
