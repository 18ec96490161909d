/*
 * Passwords in the ledger: set, changed, and those from before.
 */
#include "server/account_password.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"

/* ---- the county's setting ---- */

enum status
account_password_days(int *out, struct db *db, struct err *err)
{
	int64_t days = 0;
	enum status s = db_number(&days, db, "SELECT " ACCOUNT_PASSWORD_DAYS_SQL,
	    err);

	if (!s)
		*out = (int)days;
	return s;
}

enum status
account_password_set_days(struct db *db, int days, struct err *err)
{
	char text[16];

	if (days < 0 || days > ACCOUNT_PASSWORD_DAYS_MAX)
		return err_set(err, E_INVALID, tr("A password may be good for "
		    "%d days at most; 0: for ever."),
		    ACCOUNT_PASSWORD_DAYS_MAX);
	snprintf(text, sizeof text, "%d", days);
	return ledger_put_meta(db, "password_days", text, err);
}

/* ---- those from before ---- */

enum status
account_passwords_get(struct account_passwords *out, struct db *db,
    const char *login, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT verifier FROM password"
	    " WHERE login = ? ORDER BY n DESC LIMIT ?", err);

	if (s)
		return s;
	out->count = 0;
	db_bind_text(st, 1, login);
	db_bind_int(st, 2, ACCOUNT_PASSWORDS - 1);
	for (;;) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		snprintf(out->verifiers[out->count],
		    sizeof out->verifiers[0], "%s", db_text(st, 0, NULL));
		out->count++;
	}
	db_finish(st);
	return s;
}

static enum status
run(struct db *db, const char *sql, const char *login, int64_t number,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	db_bind_int(st, 2, number);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* The one in use becomes one of them; the oldest are forgotten. */
static enum status
keep(struct db *db, const char *login, struct err *err)
{
	enum status s = run(db, "INSERT INTO password(login, n, verifier)"
	    " SELECT login, ?2 + coalesce((SELECT max(n) FROM password"
	    " WHERE login = ?1), 0), verifier FROM account"
	    " WHERE login = ?1 AND verifier <> ''", login, 1, err);

	return s ? s : run(db, "DELETE FROM password WHERE login = ?1"
	    " AND n <= (SELECT max(n) FROM password WHERE login = ?1) - ?2",
	    login, ACCOUNT_PASSWORDS - 1, err);
}

/* ---- another one ---- */

/* Whoever was signed in is told why that has ended. */
static enum status
put(struct db *db, const char *login, const char *verifier, bool initial,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = keep(db, login, err);

	if (!s)
		s = db_prepare(&st, db, "UPDATE account SET verifier = ?,"
		    " password_at = ?, initial = ? WHERE login = ?", err);
	if (s)
		return s;
	db_bind_text(st, 1, verifier);
	db_bind_int(st, 2, clock_now_at());
	db_bind_int(st, 3, initial);
	db_bind_text(st, 4, login);
	s = db_run(st, err);
	db_finish(st);
	if (!s && db_changes(db) == 0)
		return err_set(err, E_NOTFOUND, tr("There is no such user."));
	return s ? s : run(db,
	    "UPDATE session SET ended = ?2 WHERE login = ?1", login, 1, err);
}

enum status
account_set_verifier(struct db *db, const char *login, const char *verifier,
    struct err *err)
{
	return put(db, login, verifier, true, err);
}

enum status
account_password_change(struct db *db, const char *login, const char *before,
    const char *after, struct err *err)
{
	struct account now = {0};
	enum status s = account_get(&now, db, login, err);

	if (!s && strcmp(now.verifier, before) != 0)
		s = err_set(err, E_NOTFOUND, tr("There is no such user."));
	return s ? s : put(db, login, after, false, err);
}

enum status
account_password_lasts(struct db *db, const char *login, struct err *err)
{
	return run(db, "UPDATE account SET initial = ?2 WHERE login = ?1",
	    login, 0, err);
}
