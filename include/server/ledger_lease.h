#ifndef SERVER_LEDGER_LEASE_H
#define SERVER_LEDGER_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "core/number.h"
#include "core/record.h"

/*
 * Numbers that devices have taken for their own use (sync.md 4.2).
 *
 * 1. What was leased once is never leased again, returned or not.
 * 2. The device names each lease by a key of its own, so that a repeated
 *    request gets the same numbers.
 * 3. After a restore nothing of an office is given until every device of it
 *    and of the county that is in use has said what it holds, because the
 *    ledger may have forgotten it; one that will never come back is revoked.
 */
struct db;

struct series {
	char office[RECORD_OFFICE_MAX];
	char cls[NUMBER_CLASS_MAX];
	int year;
};

struct lease {
	char key[UUID_TEXT_MAX];
	struct series series;
	int64_t first, last;	/* last NUMBER_MOST: all of them (a machine) */
	int64_t next;		/* the holder's next; last + 1: used up */
};

/* The next number that nobody has or holds.  Errors: E_IO. */
MUST_CHECK enum status lease_next(int64_t *out, struct db *db,
	const struct series *series, struct err *err);

/* Does the office wait for a device of its own (3)?  Errors: E_IO. */
MUST_CHECK enum status lease_waits(bool *out, struct db *db,
	const char *office, struct err *err);

/* Has the county taken back a lease that this device still believes to hold?
 * Errors: E_IO. */
MUST_CHECK enum status lease_is_closed(bool *out, struct db *db,
	const struct uuid *device, struct err *err);

/* The device holds this; *closed: the county has taken it back, and it hears so
 * now.  Errors: E_IO. */
MUST_CHECK enum status lease_hold(bool *closed, struct db *db,
	const struct uuid *device, const struct lease *held, struct err *err);
/* The device has said all that it holds.  Errors: E_IO. */
MUST_CHECK enum status lease_told(struct db *db, const struct uuid *device,
	struct err *err);

/* A lease of the series for the device's key, or none: first is 0 and why a
 * sentence.  closed: why this device gets none that it does not have already;
 * NULL it does.  Errors: E_IO. */
MUST_CHECK enum status lease_grant(struct lease *out, char why[ERR_MSG_MAX],
	struct db *db, const struct uuid *device,
	const struct schema_number *def, const struct series *series,
	const char *key, const char *closed, struct err *err);

/* It is not used from next on, and never will be.  Errors: E_IO. */
MUST_CHECK enum status lease_return(struct db *db, const struct uuid *device,
	const struct lease *back, struct err *err);

/* The county: this device numbers the series, whoever did before, from its next
 * request on.  Errors: E_IO. */
MUST_CHECK enum status lease_hand_over(struct db *db,
	const struct uuid *device, const struct series *series,
	struct err *err);

#endif
