/*
 * Passwords are read once, wiped at once, and stand in no argument.
 */
#include "server/command_password.h"

#include <unistd.h>

#include "base/crypto.h"
#include "base/tr.h"
#include "base/utf8.h"

enum status
command_read_password(char out[ACCOUNT_PASSWORD_MAX], struct err *err)
{
	size_t len = 0;
	char c;

	while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
		if (len + 1 >= ACCOUNT_PASSWORD_MAX)
			return err_set(err, E_INVALID,
			    tr("The password is too long."));
		out[len++] = c;
	}
	if (len > 0 && out[len - 1] == '\r')
		len--;
	out[len] = '\0';
	if (!utf8_is_valid(out, len))
		return err_set(err, E_INVALID,
		    tr("The password is not valid UTF-8."));
	return E_OK;
}

enum status
command_prove(const char *login, struct ledger *l, struct err *err)
{
	char password[ACCOUNT_PASSWORD_MAX] = "";
	struct account who = {0};
	struct db *db = NULL;
	enum status s = command_read_password(password, err);

	if (!s)
		s = ledger_begin_read(&db, l, err);
	if (!s) {
		s = account_get(&who, db, login, err);
		ledger_end_read(l);
	}
	if (!s)
		s = crypto_password_verify(who.verifier, password, err);
	crypto_wipe(password, sizeof password);
	return s;
}
