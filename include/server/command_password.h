#ifndef SERVER_COMMAND_PASSWORD_H
#define SERVER_COMMAND_PASSWORD_H

#include "base/err.h"
#include "server/account.h"

/*
 * A password from the first line of standard input.  Errors: E_INVALID too long,
 * or no UTF-8.
 */
MUST_CHECK enum status command_read_password(char out[ACCOUNT_PASSWORD_MAX],
	struct err *err);

/* Is it this person who sits there?  Errors: E_AUTH another password;
 * E_NOTFOUND no such account; as above; E_IO. */
MUST_CHECK enum status command_prove(const char *login, struct ledger *l,
	struct err *err);

#endif
