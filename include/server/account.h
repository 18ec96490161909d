#ifndef SERVER_ACCOUNT_H
#define SERVER_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "server/ledger.h"
#include "server/office.h"

/*
 * The persons who work in the offices.  Passwords are kept as argon2id
 * verifiers only.  All functions run inside a transaction of the ledger.
 */
struct db;

enum {
	ACCOUNT_PASSWORD_MIN = 8,	/* characters */
	ACCOUNT_PASSWORD_MAX = 256,	/* bytes with the NUL */
	ACCOUNT_PASSWORD_INITIAL = 1,	/* a day long ago */
};

/* The county's days, as a column of a SELECT (server/account_password.h). */
#define ACCOUNT_PASSWORD_DAYS_SQL "coalesce((SELECT CAST(value AS integer)" \
	" FROM meta WHERE name = 'password_days'), 90)"

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
/* Errors: E_NOTFOUND no such user; E_IO. */
MUST_CHECK enum status account_get(struct account *out, struct db *db,
	const char *login, struct err *err);
/* All, closed ones too, by login; owned by the caller, free().
 * Errors: E_IO. */
MUST_CHECK enum status account_list(struct account **out, size_t *count,
	struct db *db, struct err *err);
/* A password that somebody else sets: the person changes it at the next
 * sign-in (account_password.h).  The sessions end, and are told why; those of a
 * disabled account are told that.  Errors: E_NOTFOUND; E_IO. */
MUST_CHECK enum status account_set_verifier(struct db *db, const char *login,
	const char *verifier, struct err *err);
/* Nobody signs in with it until account_enable().  Errors: E_NOTFOUND; E_IO. */
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

/* Has this person ever signed in on this device?  Errors: E_IO. */
MUST_CHECK enum status account_was_here(bool *out, struct db *db,
	const char *login, const struct uuid *device, struct err *err);

#endif
