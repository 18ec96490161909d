#ifndef SERVER_OFFICE_H
#define SERVER_OFFICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "server/ledger.h"

/*
 * The offices of the ledger, and which of them sees which.  All functions run
 * inside a transaction of the ledger.
 */
struct db;

enum {
	OFFICE_FOLLOWED_MAX = 64,	/* by one computer: itself and all below */
	OFFICES_MAX = 4000,		/* in a ledger */
};

/* Of which offices those who sit at one see and change anything.  The tree is
 * that of the division codes (GB/T 2260, GB/T 10114): 99, 9901, 990101 and
 * 990101001 are a province, its city, that one's county and an office there.
 * The values stand in the ledger, where 1 is whom the ledger was made for. */
enum office_span {
	OFFICE_SPAN_OWN,	/* the own one: an office */
	OFFICE_SPAN_ALL,	/* all: the root */
	OFFICE_SPAN_BELOW,	/* the own and what its code begins: a county or
				 * city below the root */
};

struct office {
	char code[RECORD_OFFICE_MAX];	/* 2 to 19 digits, letters, hyphens */
	char name[LEDGER_NAME_MAX];
	enum office_span county;	/* not 0: no office, but above some */
};

/* Do those who sit at from, with that span, see the office of this code? */
bool office_reaches(const char *from, enum office_span span, const char *code);
/* The same as a condition; o is a row of office. */
#define OFFICE_REACHES_SQL(o, code) "(" o ".county = 1 OR " o ".code = " code \
	" OR (" o ".county = 2 AND substr(" code ", 1, length(" o ".code)) = " \
	o ".code))"

/* What stands above it, which its code says: below a root, two, four and six
 * digits are a province, a city, a county; county set says that it is the root.
 * Errors: E_CONFLICT there is one with this code; E_INVALID the code is not 2
 * to 19 digits, letters and hyphens, it is below none of those there are, no
 * name, too many offices, or a computer above it follows so many already that it
 * would not get to see this one; E_IO. */
MUST_CHECK enum status office_add(struct db *db, const struct office *office,
	struct err *err);
/* Can a computer stand there, following all that is below?  Errors: E_INVALID it
 * would be more than OFFICE_FOLLOWED_MAX; E_NOTFOUND no such office; E_IO. */
MUST_CHECK enum status office_check_followed(struct db *db, const char *code,
	struct err *err);
/* How many of a list's stand above the one at i: how far it is indented. */
size_t office_depth(const struct office *list, size_t count, size_t i);
/* The office of a code.  Errors: E_NOTFOUND there is none; E_IO. */
MUST_CHECK enum status office_get(struct office *out, struct db *db,
	const char *code, struct err *err);
/* Another name; its code stays for good.  Errors: E_NOTFOUND; E_INVALID no name; E_IO. */
MUST_CHECK enum status office_rename(struct db *db, const char *code,
	const char *name, struct err *err);
/* Is there an office of this code?  Errors: E_IO. */
MUST_CHECK enum status office_exists(bool *out, struct db *db,
	const char *code, struct err *err);
/* All, by code; owned by the caller, free().  Errors: E_IO. */
MUST_CHECK enum status office_list(struct office **out, size_t *count,
	struct db *db, struct err *err);

#endif
