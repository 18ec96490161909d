#ifndef SERVER_ACCOUNT_H
#define SERVER_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "server/ledger.h"

/*
 * Offices and the persons who work in them.  Passwords are kept as argon2id
 * verifiers only.  All functions run inside a transaction of the ledger.
 */
struct db;

enum {
	ACCOUNT_PASSWORD_MIN = 8,	/* characters */
	ACCOUNT_PASSWORD_MAX = 256,	/* bytes with the NUL */
	OFFICE_FOLLOWED_MAX = 64,	/* by one computer: itself and all below */
	OFFICES_MAX = 4000,		/* in a ledger */
	ACCOUNT_PASSWORD_INITIAL = 1,	/* a day long ago */
};

/* The county's days, as a column of a SELECT (server/account_password.h). */
#define ACCOUNT_PASSWORD_DAYS_SQL "coalesce((SELECT CAST(value AS integer)" \
	" FROM meta WHERE name = 'password_days'), 90)"

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
	char code[RECORD_OFFICE_MAX];
	char name[LEDGER_NAME_MAX];
	enum office_span county;	/* not 0: no office, but above some */
};

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
/* Errors: E_NOTFOUND; E_IO. */
MUST_CHECK enum status office_get(struct office *out, struct db *db,
	const char *code, struct err *err);
/* Its code stays for good.  Errors: E_NOTFOUND; E_INVALID no name; E_IO. */
MUST_CHECK enum status office_rename(struct db *db, const char *code,
	const char *name, struct err *err);
MUST_CHECK enum status office_exists(bool *out, struct db *db,
	const char *code, struct err *err);
/* All, by code; owned by the caller, free(). */
MUST_CHECK enum status office_list(struct office **out, size_t *count,
	struct db *db, struct err *err);

struct account {
	char login[RECORD_NAME_MAX];
	char name[LEDGER_NAME_MAX];
	char office[RECORD_OFFICE_MAX];
	char role[RECORD_NAME_MAX];
	bool disabled;
	enum office_span county;	/* the office's */
	char verifier[128];	/* of the password */
	int64_t password_on;	/* the last day on which it need not be changed,
				 * by its age; 0: it does not grow old;
				 * ACCOUNT_PASSWORD_INITIAL: somebody else set
				 * it.  account_add takes it as that */
};

/* Errors: E_CONFLICT there is one; E_INVALID the login is not a lower-case
 * name, no such role, no name; E_NOTFOUND no such office; E_IO. */
MUST_CHECK enum status account_add(struct db *db,
	const struct account *account, struct err *err);
MUST_CHECK enum status account_get(struct account *out, struct db *db,
	const char *login, struct err *err);
MUST_CHECK enum status account_list(struct account **out, size_t *count,
	struct db *db, struct err *err);
/* A password that somebody else sets: the person changes it at the next
 * sign-in (account_password.h).  The sessions end, and are told why; those of a
 * disabled account are told that.  Errors: E_NOTFOUND; E_IO. */
MUST_CHECK enum status account_set_verifier(struct db *db, const char *login,
	const char *verifier, struct err *err);
MUST_CHECK enum status account_disable(struct db *db, const char *login,
	struct err *err);
/* What an earlier disabling took from their caches comes back when they sign in
 * with the server.  Errors: E_NOTFOUND; E_IO. */
MUST_CHECK enum status account_enable(struct db *db, const char *login,
	struct err *err);
/* Another name, role, office; NULL: as before.  The person's caches hear of it
 * at their next sync: streams that they may not hold any more end, those of
 * another office refuse the person.  Errors: as of account_add. */
MUST_CHECK enum status account_set(struct db *db, const char *login,
	const char *name, const char *role, const char *office,
	struct err *err);

/* Make a verifier; slow on purpose and needs 64 MiB, so never inside a
 * transaction.  Errors: E_INVALID shorter or longer than the limits; E_IO. */
MUST_CHECK enum status account_make_verifier(char out[128],
	const char *password, struct err *err);

/* Has this person ever signed in on this device? */
MUST_CHECK enum status account_was_here(bool *out, struct db *db,
	const char *login, const struct uuid *device, struct err *err);

#endif
