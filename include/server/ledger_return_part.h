#ifndef SERVER_LEDGER_RETURN_PART_H
#define SERVER_LEDGER_RETURN_PART_H

#include <stdbool.h>

#include "core/reconcile.h"

struct db;

/*
 * Records that come back in parts, for no request on the device's line bears
 * them (core/reconcile.h).  Kept are those that are not whole yet, one of each
 * device and record (the table "coming").
 */

/* Take a part in.  *whole: it was the last, and *out is the record.  One that
 * does not follow what is here is left out, the device begins anew; so are parts
 * that together are no record.  Errors: E_IO. */
MUST_CHECK enum status return_part(struct wire_line *out, bool *whole,
	struct db *db, const struct uuid *device,
	const struct reconcile_line *part, struct err *err);

/* The device begins anew.  Errors: E_IO. */
MUST_CHECK enum status return_part_forget(struct db *db,
	const struct uuid *device, struct err *err);

#endif
