#ifndef STORE_LEASE_H
#define STORE_LEASE_H

#include "core/schema.h"
#include "store/store.h"

/*
 * Leases as they lie in the cache; between store/number.c and
 * store/number_ask.c only.
 */
enum { LEASE_PLACE_MAX = 33 };

/* A fact of the cache: the server was restored, and has not heard since what
 * is held here. */
#define LEASE_UNTOLD "numbers_untold"

/* This file on this machine, as hex digits.  Errors: E_IO. */
MUST_CHECK enum status lease_place(char out[LEASE_PLACE_MAX],
	const struct store *s, struct err *err);

/* The next number of a class and year, 0 none; it is taken.  Errors: E_IO. */
MUST_CHECK enum status lease_take(int64_t *out, struct store *s,
	const char *cls, int year, struct err *err);

/* How many are left, and the next one (0: none).  Errors: E_IO. */
MUST_CHECK enum status lease_count(int64_t *left, int64_t *next,
	struct store *s, const char *cls, int year, struct err *err);

int lease_this_year(void);

/* The registers whose numbers this user gives, each class once: the next after
 * prev (NULL first); NULL at the end. */
const struct schema_register *lease_class_next(const struct store *s,
	const struct schema_register *prev);

#endif
