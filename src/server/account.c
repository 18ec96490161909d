/*
 * Accounts.
 */
#include "server/account.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "core/role.h"
#include "db/db.h"
#include "db/db_list.h"
#include "db/db_uuid.h"
#include "server/ledger_names.h"
#include "server/naming.h"

#define ACCOUNT_COLUMNS "a.login, a.name, a.office, a.role, a.disabled, " \
	"o.county, a.verifier, a.password_at, a.initial, " \
	ACCOUNT_PASSWORD_DAYS_SQL " FROM account a JOIN office o " \
	"ON o.code = a.office"

static void
read_account(void *item, struct db_stmt *st)
{
	struct account *out = item;
	int64_t days;

	snprintf(out->login, sizeof out->login, "%s", db_text(st, 0, NULL));
	snprintf(out->name, sizeof out->name, "%s", db_text(st, 1, NULL));
	snprintf(out->office, sizeof out->office, "%s", db_text(st, 2, NULL));
	snprintf(out->role, sizeof out->role, "%s", db_text(st, 3, NULL));
	out->disabled = db_int(st, 4) != 0;
	out->county = (enum office_span)db_int(st, 5);
	snprintf(out->verifier, sizeof out->verifier, "%s",
	    db_text(st, 6, NULL));
	days = db_int(st, 9);
	out->password_on = db_int(st, 8) ? ACCOUNT_PASSWORD_INITIAL :
	    days ? clock_day_of(db_int(st, 7)) + days : 0;
}

/* What is for a city to decide is decided by nobody at one of its counties. */
static enum status
check_level(struct db *db, const struct account *a, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s;

	if (strcmp(a->role, ROLE_CITY) != 0)
		return E_OK;
	s = db_prepare(&st, db, "SELECT 1 FROM office o WHERE o.county = 2"
	    " AND length(o.code) > 4 AND " OFFICE_REACHES_SQL("o", "?1"), err);
	if (s)
		return s;
	db_bind_text(st, 1, a->office);
	s = db_step(st, &row, err);
	db_finish(st);
	return s || !row ? s : err_set(err, E_INVALID,
	    tr("The role of a city is given at the city, not at one of its "
	    "counties."));
}

static enum status
check_account(struct db *db, const struct account *a, struct err *err)
{
	struct office office;
	enum status s;

	if (!naming_is_made_of(a->login, "0123456789abcdefghijklmnopqrstuvwxyz_.-", 2,
	    RECORD_NAME_MAX - 1))
		return err_set(err, E_INVALID,
		    tr("A user name has 2 to 31 lower-case letters, digits or _ . -"));
	if (!naming_is_good(a->name))
		return err_set(err, E_INVALID,
		    tr("The user needs a name."));
	if (!role_is(a->role))
		return err_set(err, E_INVALID,
		    tr("There is no role \"%s\"; fengqiaod user add --help lists them."),
		    a->role);
	s = office_get(&office, db, a->office, err);
	return s ? s : check_level(db, a, err);
}

enum status
account_add(struct db *db, const struct account *a, struct err *err)
{
	struct db_stmt *st = NULL;
	struct err bad = ERR_INIT;
	enum status s = check_account(db, a, err);

	if (!s)
		s = db_prepare(&st, db, "INSERT INTO account(login, name,"
		    " office, role, verifier, disabled, created_at,"
		    " password_at, initial)"
		    " VALUES(?1, ?2, ?3, ?4, ?5, 0, ?6, ?6, 1)", err);
	if (s)
		return s;
	db_bind_text(st, 1, a->login);
	db_bind_text(st, 2, a->name);
	db_bind_text(st, 3, a->office);
	db_bind_text(st, 4, a->role);
	db_bind_text(st, 5, a->verifier);
	db_bind_int(st, 6, clock_now_at());
	s = db_run(st, &bad);
	if (s == E_CONFLICT)
		s = err_set(err, E_CONFLICT,
		    tr("There is a user %s already."), a->login);
	else if (s)
		*err = bad;
	db_finish(st);
	return s ? s : names_note(db, a->login, err);
}

enum status
account_get(struct account *out, struct db *db, const char *login,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT " ACCOUNT_COLUMNS " WHERE a.login = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	s = db_step(st, &row, err);
	if (!s && !row)
		s = err_set(err, E_NOTFOUND, tr("There is no such user."));
	if (!s)
		read_account(out, st);
	db_finish(st);
	return s;
}

enum status
account_list(struct account **out, size_t *count, struct db *db,
    struct err *err)
{
	struct db_stmt *st = NULL;
	void *list = NULL;
	enum status s = db_prepare(&st, db,
	    "SELECT " ACCOUNT_COLUMNS " ORDER BY a.login", err);

	if (s)
		return s;
	s = db_list(&list, count, st, sizeof **out, read_account, err);
	db_finish(st);
	if (!s)
		*out = list;
	return s;
}

/* Change one account; value may be NULL. */
static enum status
change_account(struct db *db, const char *sql, const char *login,
    const char *value, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	if (value)
		db_bind_text(st, 2, value);
	s = db_run(st, err);
	db_finish(st);
	if (!s && db_changes(db) == 0)
		s = err_set(err, E_NOTFOUND, tr("There is no such user."));
	return s;
}

enum status
account_disable(struct db *db, const char *login, struct err *err)
{
	return change_account(db,
	    "UPDATE account SET disabled = 1 WHERE login = ?1", login, NULL,
	    err);
}

enum status
account_enable(struct db *db, const char *login, struct err *err)
{
	return change_account(db,
	    "UPDATE account SET disabled = 0 WHERE login = ?1", login, NULL,
	    err);
}

static enum status
put_text(char *out, size_t size, const char *text, struct err *err)
{
	size_t len = text ? strlen(text) : 0;

	if (len >= size)
		return err_set(err, E_INVALID, tr("A value is too long."));
	if (text)
		memcpy(out, text, len + 1);
	return E_OK;
}

enum status
account_set(struct db *db, const char *login, const char *name,
    const char *role, const char *office, struct err *err)
{
	struct account a = {0}, was = {0};
	struct db_stmt *st = NULL;
	enum status s = account_get(&a, db, login, err);

	was = a;
	if (!s)
		s = put_text(a.name, sizeof a.name, name, err);
	if (!s)
		s = put_text(a.role, sizeof a.role, role, err);
	if (!s)
		s = put_text(a.office, sizeof a.office, office, err);
	if (!s)
		s = check_account(db, &a, err);
	if (!s)
		s = db_prepare(&st, db, "UPDATE account SET name = ?, role = ?,"
		    " office = ? WHERE login = ?", err);
	if (s)
		return s;
	db_bind_text(st, 1, a.name);
	db_bind_text(st, 2, a.role);
	db_bind_text(st, 3, a.office);
	db_bind_text(st, 4, login);
	s = db_run(st, err);
	db_finish(st);
	if (s || (strcmp(a.name, was.name) == 0 &&
	    strcmp(a.office, was.office) == 0))
		return s;
	return names_note(db, login, err);
}

enum status
account_make_verifier(char out[128], const char *password, struct err *err)
{
	struct crypto_cost cost = CRYPTO_COST_DEFAULT;
	size_t len = strlen(password);

	if (utf8_chars(password, len) < ACCOUNT_PASSWORD_MIN ||
	    len >= ACCOUNT_PASSWORD_MAX)
		return err_set(err, E_INVALID,
		    tr("A password has at least %d characters and at most %d bytes."),
		    ACCOUNT_PASSWORD_MIN, ACCOUNT_PASSWORD_MAX - 1);
	return crypto_password_hash(out, password, cost, err);
}

enum status
account_was_here(bool *out, struct db *db, const char *login,
    const struct uuid *device, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT 1 FROM presence WHERE login = ? AND device = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	db_bind_uuid(st, 2, device);
	s = db_step(st, &row, err);
	if (!s)
		*out = row;
	db_finish(st);
	return s;
}
