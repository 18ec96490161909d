#ifndef SERVER_ACCOUNT_PASSWORD_H
#define SERVER_ACCOUNT_PASSWORD_H

#include "base/err.h"
#include "server/account.h"

/*
 * How long passwords are good, and which ones a person had.  One that somebody
 * else set is good for one sign-in: whoever signs in with it is led to another.
 * That is asked for by the programs; the server refuses no entries because of
 * it, for what was entered on a computer belongs to the county whoever forgot
 * to change a password.
 */
enum {
	ACCOUNT_PASSWORD_DAYS = 90,	/* unless the county says otherwise */
	ACCOUNT_PASSWORD_DAYS_MAX = 3650,
	ACCOUNT_PASSWORDS = 5,		/* the one in use and those before it:
					 * none of them again */
};

/* The county's setting; 0: passwords do not grow old.
 * Errors: E_INVALID no such number of days; E_IO. */
MUST_CHECK enum status account_password_days(int *out, struct db *db,
	struct err *err);
MUST_CHECK enum status account_password_set_days(struct db *db, int days,
	struct err *err);

/* Those before the one in use, newest first. */
struct account_passwords {
	char verifiers[ACCOUNT_PASSWORDS - 1][128];
	size_t count;
};
MUST_CHECK enum status account_passwords_get(struct account_passwords *out,
	struct db *db, const char *login, struct err *err);

/* The person's own new password; all sessions end, as of account_set_verifier().
 * Errors: E_NOTFOUND there is no such user, or before is not the verifier in
 * use any more; E_IO. */
MUST_CHECK enum status account_password_change(struct db *db,
	const char *login, const char *before, const char *after,
	struct err *err);
/* Somebody set it, and the person may keep it. */
MUST_CHECK enum status account_password_lasts(struct db *db,
	const char *login, struct err *err);

#endif
