#ifndef SERVER_LEDGER_DESCENT_H
#define SERVER_LEDGER_DESCENT_H

#include <stdint.h>

#include "base/err.h"

struct db;

/*
 * Which ledgers this one comes from.  Each restore begins a ledger of another
 * epoch with the history of the backup; what devices hold is of the ledger that
 * they met last, which has the rows of the history up to some row in common with
 * this one, and others after it (the table "descent").
 */

/* For a backup that becomes a ledger, before it gets its own epoch; row: the
 * last of its history.  old: the ledger that it replaces, NULL when that cannot
 * be read; what is known of those before it is known from now on.
 * Errors: E_IO. */
MUST_CHECK enum status descent_begin(struct db *db, int64_t row, struct db *old,
	struct err *err);

/* The last row in common with the ledger of this epoch; of one that was lost
 * with its disk, the last that all known ones have.  0 never restored.
 * Errors: E_IO. */
MUST_CHECK enum status descent_row(int64_t *row, struct db *db,
	const char *epoch, struct err *err);

#endif
