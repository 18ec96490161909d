#ifndef STORE_NUMBER_H
#define STORE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "core/number.h"
#include "store/store.h"

/*
 * The paper numbers that this cache may give (core/number.h).
 *
 * 1. A number is taken from a lease in the transaction that writes the record:
 *    both are on disk or neither is.
 * 2. A lease belongs to the place where it was taken, this file on this
 *    machine: a copy of the cache, or a backup put back, has none of it and
 *    gives provisional numbers until it has leases of its own.
 * 3. What is asked for is written down with its key before it is asked, so that
 *    an answer that was lost is the same one the second time.
 */

/*
 * Give next, which is new or takes the step, its number if one is due (*given):
 * from a lease, or a provisional one.  Inside a transaction.  Errors: E_IO.
 */
MUST_CHECK enum status number_take(bool *given, struct store *s,
	const struct schema_register *reg, struct record *next, bool is_new,
	const char *move, struct err *err);

/* Has another record that is here the number that this one has?  Both keep it,
 * and the county is asked when the second arrives there. */
bool number_is_twice(const struct store *s, const struct schema_register *reg,
	const struct record *r);

/* Where this computer gives all numbers of a class, the records of others that
 * have a provisional one get theirs; *made: how many.  A record that cannot be
 * written now is left for the next time.  Errors: E_AUTH locked; E_IO. */
MUST_CHECK enum status number_serve(size_t *made, struct store *s,
	struct err *err);

/* Does it wait for the one computer that gives such numbers? */
bool number_is_served(const struct schema_register *reg,
	const struct record *r);

/* What is left here, for the sync page. */
struct number_stock {
	const struct schema_register *reg;	/* the first of its class */
	int year;
	int64_t left, next;	/* of leased ones; next 0: none left */
	bool machine;		/* this computer gives all of them */
};

/* One for each class and year that this computer gives; owned by the caller,
 * free().  Errors: E_IO. */
MUST_CHECK enum status number_stock(struct number_stock **out, size_t *count,
	struct store *s, struct err *err);

/* ---- with the server (sync/numbers.h) ---- */

/* The body of POST /v1/numbers/lease; *needed: there is something to say or to
 * ask.  What it asks is on disk.  Errors: E_AUTH locked; E_IO. */
MUST_CHECK enum status number_ask(struct buf *out, bool *needed,
	struct store *s, struct err *err);
/* Its answer.  Errors: E_INVALID it makes no sense; E_IO. */
MUST_CHECK enum status number_answer(struct store *s,
	const struct json *answer, struct err *err);

/* The body of POST /v1/numbers/return: leases of years that are over, or with
 * all every one; *needed: there are such.  They are not used from now on.
 * Errors: E_IO. */
MUST_CHECK enum status number_give_back(struct buf *out, bool *needed,
	struct store *s, bool all, struct err *err);
/* The server has them.  Errors: E_IO. */
MUST_CHECK enum status number_given_back(struct store *s, struct err *err);

/* This cache turned out to be one of two: none of them is given any more, and
 * all go back at the next sync, since a restored ledger knows of them only by
 * us.  Inside a transaction.  Errors: E_IO. */
MUST_CHECK enum status number_renounce(struct store *s, struct err *err);

#endif
