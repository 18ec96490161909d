#ifndef SERVER_LEDGER_LATE_H
#define SERVER_LEDGER_LATE_H

#include <stdint.h>

#include "server/ledger_judge.h"

/*
 * What an office enters after it has given the record away, because it did not
 * know yet (原所补报): it goes to the office that has the record now.
 */

/* The office that has the record now, or what a new one belongs to, when the
 * author's has given it away; of a new one also when the ledger knows so far
 * only that it was handed over; "" otherwise.  *strange: what a new one belongs
 * to is another office's and never was the author's.  current: NULL for a new
 * one.  Errors: E_IO. */
MUST_CHECK enum status late_find(char out[RECORD_OFFICE_MAX], bool *strange,
	const struct judge *j, const struct schema_register *reg,
	const struct op *op, const struct record *current, struct err *err);

/* Ask that office, group by group: nobody there has seen it.  Errors: E_IO. */
MUST_CHECK enum status late_ask(const struct judge *j,
	const struct schema_register *reg, const struct op *op,
	const struct record *current, int64_t at, struct err *err);

/* The verdict moved, with the receipt that the sender gets.  Errors: E_IO. */
MUST_CHECK enum status late_receipt(struct judgement *out,
	const struct judge *j, const char *office, struct err *err);

#endif
