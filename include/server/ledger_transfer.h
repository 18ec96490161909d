#ifndef SERVER_LEDGER_TRANSFER_H
#define SERVER_LEDGER_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/transfer.h"
#include "server/ledger_judge.h"

/*
 * Transfers on the server (core/transfer.h, sync.md 4.11).
 *
 * 1. What a transfer says is all there is: the tables transfer and along only
 *    repeat it, to be looked up.
 * 2. Offered, the record and what belongs to it stand in the other office's
 *    stream too, to be read.  Accepted, all of it changes its office in the
 *    transaction of the answer.
 * 3. What the first office entered before it heard of that is not lost: it
 *    goes to the office that has the record now.
 */

/* May this person touch the transfer: the chief of the office that gives, the
 * county; of the office that it is offered to?  current: NULL for a new one.
 * Errors: E_IO. */
MUST_CHECK enum status transfer_may(struct judgement *out,
	const struct judge *j, const struct account *author,
	const struct op *op, const struct record *current, struct err *err);

/* Is it a transfer of something that can be given, or a step that can be taken
 * now?  Fills in what the server says: number, name, persons.  current: as
 * above.  Errors: E_IO. */
MUST_CHECK enum status transfer_check(struct judgement *out,
	const struct judge *j, const struct account *author,
	const struct record *current, struct record *next, struct err *err);

/* A transfer was written: look it up from now on, and let everything follow.
 * by, at: whose deed that is, and when; returned: after a restore.
 * Errors: E_IO. */
MUST_CHECK enum status transfer_follow(const struct judge *j,
	const struct record *transfer, const char *by, int64_t at,
	bool returned, struct err *err);

/* A record that came back after a restore stands elsewhere now: what belongs to
 * it, and came to its old office meanwhile, follows it.  Errors: E_IO. */
MUST_CHECK enum status transfer_carry(const struct judge *j,
	const struct record *moved, const char *from, struct err *err);

/* Did the record, or what it belongs to, go from this office to another?
 * Errors: E_IO. */
MUST_CHECK enum status transfer_left(bool *out, struct db *db,
	const struct uuid *record, const char *office, struct err *err);
/* Which office has the record by what was accepted last; out is left alone
 * where it never changed.  parent: what it belongs to; it need not be here.
 * Errors: E_IO. */
MUST_CHECK enum status transfer_office(char out[RECORD_OFFICE_MAX],
	struct db *db, const struct uuid *record, const struct uuid *parent,
	struct err *err);
/* The same of a record that is not here and belongs to none; every new one
 * asks.  Errors: E_IO. */
MUST_CHECK enum status transfer_office_of_new(char out[RECORD_OFFICE_MAX],
	struct db *db, const struct uuid *record, struct err *err);
/* Is this person's record lent to the office?  Errors: E_IO. */
MUST_CHECK enum status transfer_lends(bool *out, struct db *db,
	const struct uuid *person, const char *office, struct err *err);

#endif
