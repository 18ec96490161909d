#ifndef SERVER_LEDGER_NUMBER_H
#define SERVER_LEDGER_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/number.h"
#include "server/ledger_judge.h"
#include "server/ledger_lease.h"

/*
 * The register of numbers (字号簿): which record has which number.
 *
 * 1. A number belongs to the record that came with it first; that is decided
 *    by the key of a table and by nothing else.
 * 2. Another record that has it too keeps it as well, and the county is asked:
 *    nobody's number is ever changed by the program.
 * 3. A provisional number becomes a real one here, the same one however often
 *    it is asked for.
 */

/* Put the real number in the place of a provisional one in next, or note that
 * it waits.  A record that has one (before, NULL: it is new) keeps it, unless
 * another was asked for (anew).  Errors: E_IO. */
MUST_CHECK enum status number_give(const struct judge *j,
	const struct schema_register *reg, const struct record *before,
	struct record *next, bool anew, struct err *err);

/* One that a device handed back may wait still.  Errors: E_IO. */
MUST_CHECK enum status number_note(const struct judge *j,
	const struct schema_register *reg, const struct record *r,
	struct err *err);

/* The record was written with another number than before (NULL: it is new):
 * register it.  by, at: whose entry it was.  Errors: E_IO. */
MUST_CHECK enum status number_claim(const struct judge *j,
	const struct schema_register *reg, const struct record *before,
	const struct record *next, const char *by, int64_t at,
	struct err *err);

/* An operation of a device that is sent away was put aside.  Lately restored,
 * the ledger may have forgotten that its number was leased, and would give it to
 * another: it is the record's already now.  Errors: E_IO. */
MUST_CHECK enum status number_claim_aside(const struct judge *j,
	const struct op *op, struct err *err);

/* Give the office's records that wait theirs, if it can be done now.
 * Errors: E_IO. */
MUST_CHECK enum status number_catch_up(const struct judge *j,
	const char *office, struct err *err);

#endif
