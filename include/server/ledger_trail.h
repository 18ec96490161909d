#ifndef SERVER_LEDGER_TRAIL_H
#define SERVER_LEDGER_TRAIL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/uuid.h"

/* The history of a record for people to read. */
struct db;

/* Append the trail of a record as core/trail.h describes it, the newest
 * entries where there are too many.  Errors: E_IO. */
MUST_CHECK enum status ledger_trail_print(struct buf *out, struct db *db,
	const struct uuid *record, struct err *err);

#endif
