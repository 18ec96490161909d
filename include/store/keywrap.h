#ifndef STORE_KEYWRAP_H
#define STORE_KEYWRAP_H

#include "base/crypto.h"
#include "base/err.h"
#include "store/store.h"

/*
 * The data key, wrapped: once under the key share that the server keeps, once
 * for each account under its password.  Beside an account's wrap stand its
 * facts (name, role, token), sealed under the data key.
 *
 * Wrong passwords: after the k-th in a row the next try must wait 1, 2, 4 ...
 * 60 s, which is kept on disk.
 */

MUST_CHECK enum status keywrap_put_share(struct store *s,
	const struct crypto_key *share, const struct crypto_key *data,
	struct err *err);
/* Errors: E_NOTFOUND not enrolled; E_AUTH another cache's share. */
MUST_CHECK enum status keywrap_open_share(struct crypto_key *data,
	struct store *s, const struct crypto_key *share, struct err *err);

/* Wrap under the password and write the facts; blocks (argon2id). */
MUST_CHECK enum status keywrap_put_user(struct store *s,
	const struct store_user *user, const char *password,
	const struct crypto_key *data, struct err *err);
/* Blocks.  Errors: E_NOTFOUND no such account here; E_AUTH wrong password, or
 * too soon. */
MUST_CHECK enum status keywrap_open_user(struct crypto_key *data,
	struct store *s, const char *login, const char *password,
	struct err *err);

/* The facts; the store is unlocked.  Errors: E_NOTFOUND; E_INVALID. */
MUST_CHECK enum status keywrap_put_facts(struct store *s,
	const struct store_user *user, struct err *err);
MUST_CHECK enum status keywrap_get_user(struct store_user *out,
	struct store *s, const char *login, struct err *err);

/* The county has another password than this wrap opens with; a new wrap is not
 * old. */
MUST_CHECK enum status keywrap_set_old(struct store *s, const char *login,
	struct err *err);

#endif
