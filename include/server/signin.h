#ifndef SERVER_SIGNIN_H
#define SERVER_SIGNIN_H

#include <stdint.h>

#include "base/err.h"
#include "server/account.h"
#include "server/answer.h"
#include "server/device.h"
#include "server/token.h"

/*
 * Signing in: a password against a token.  An unknown name costs the same time
 * as a wrong password; wrong ones slow down and lock, for that person on that
 * device; and only a few passwords are worked at one time, because each takes
 * 64 MiB.
 */
enum {
	SIGNIN_AT_ONCE = 4,
	SIGNIN_DAYS = 30,		/* a token lives, and offline work */
};

struct signin;			/* the gate; one a server */

MUST_CHECK enum status signin_new(struct signin **out, struct ledger *l,
	struct err *err);
void signin_free(struct signin *s);	/* accepts NULL */

struct signin_token {
	struct account account;
	char token[TOKEN_TEXT_MAX];
	int64_t until_at;		/* the token's end */
	int wait_s;			/* with ANSWER_LOCKED: seconds left */
};

/* Blocks for about 0.2 s.  *answer: ANSWER_WRONG_PASSWORD, ANSWER_LOCKED,
 * ANSWER_USER_DISABLED, ANSWER_OFFICE_DENIED, ANSWER_BUSY.  Errors: E_IO. */
MUST_CHECK enum status signin_password(struct signin_token *out,
	enum answer *answer, struct signin *s, const struct device *device,
	const char *login, const char *password, struct err *err);

/* The verifier of a password that somebody else gives (account_make_verifier),
 * in one of the same places.  *answer: ANSWER_BUSY.  Errors: E_INVALID; E_IO. */
MUST_CHECK enum status signin_verifier(char out[128], enum answer *answer,
	struct signin *s, const char *password, struct err *err);
/*
 * Another password, by the person: before is asked for like a sign-in's, wrong
 * ones are counted with those; after must not be one of the last
 * ACCOUNT_PASSWORDS.  The person's sessions end, a new one begins here.  The
 * cost is one password worked for each of those and the new one, all in one of
 * the SIGNIN_AT_ONCE places.  *answer: as of signin_password(), and
 * ANSWER_PASSWORD_WEAK (why), ANSWER_PASSWORD_USED.  Errors: E_IO.
 */
MUST_CHECK enum status signin_change(struct signin_token *out,
	enum answer *answer, char why[ERR_MSG_MAX], struct signin *s,
	const struct device *device, const char *login, const char *before,
	const char *after, struct err *err);

/* Whose token is this, on this device?  *answer: ANSWER_LOGIN_REQUIRED,
 * ANSWER_PASSWORD_CHANGED since then, ANSWER_USER_DISABLED.  *until_at: its
 * end.  Errors: E_IO. */
MUST_CHECK enum status signin_find(struct account *out, int64_t *until_at,
	enum answer *answer, struct db *db, const struct device *device,
	const char *token, struct err *err);

/* Is the role of anybody like this who is signed in on this device, and may
 * work there?  Errors: E_IO. */
MUST_CHECK enum status signin_any(bool *out, struct db *db,
	const struct device *device, bool (*is)(const void *self,
	const char *role), const void *self, struct err *err);

/* It was used: it lives SIGNIN_DAYS from now.  Errors: E_IO. */
MUST_CHECK enum status signin_extend(struct db *db, const char *token,
	int64_t now_at, struct err *err);

#endif
