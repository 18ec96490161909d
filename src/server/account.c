/*
 * Offices and accounts.
 */
#include "server/account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "core/role.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/ledger_names.h"
#include "server/ledger_stream.h"

#define ACCOUNT_COLUMNS "a.login, a.name, a.office, a.role, a.disabled, " \
	"o.county, a.verifier, a.password_at, a.initial, " \
	ACCOUNT_PASSWORD_DAYS_SQL " FROM account a JOIN office o " \
	"ON o.code = a.office"

/* A name that a person reads: some characters, none that plays tricks. */
static bool
is_good_name(const char *text)
{
	size_t len = strlen(text), at = 0;

	if (len == 0 || len >= LEDGER_NAME_MAX || !utf8_is_valid(text, len))
		return false;
	while (at < len) {
		if (utf8_is_unsafe(utf8_next(text, len, &at)))
			return false;
	}
	return true;
}

static bool
is_made_of(const char *text, const char *characters, size_t min, size_t max)
{
	size_t len = strlen(text);

	return len >= min && len <= max && strspn(text, characters) == len;
}

/* ---- offices ---- */

bool
office_reaches(const char *from, enum office_span span, const char *code)
{
	return span == OFFICE_SPAN_ALL || strcmp(from, code) == 0 ||
	    (span == OFFICE_SPAN_BELOW &&
	    strncmp(from, code, strlen(from)) == 0);
}

size_t
office_depth(const struct office *list, size_t count, size_t i)
{
	size_t depth = 0;

	for (size_t k = 0; k < count; k++)
		depth += k != i && list[k].county && office_reaches(list[k].code,
		    list[k].county, list[i].code);
	return list[i].county == OFFICE_SPAN_ALL ? 0 : depth;
}

/* The nearest that stands above a code; false: there is none. */
static bool
find_above(struct office *out, const struct office *list, size_t count,
    const char *code)
{
	const struct office *above = NULL;

	for (size_t i = 0; i < count; i++)
		if (list[i].county && strcmp(list[i].code, code) != 0 &&
		    strncmp(list[i].code, code, strlen(list[i].code)) == 0 &&
		    (!above || strlen(list[i].code) > strlen(above->code)))
			above = &list[i];
	if (above)
		*out = *above;
	return above != NULL;
}

static bool
is_any_above(const struct office *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].county)
			return true;
	return false;
}

/* Of whom a new one stands above, by its place and its code. */
static enum status
find_span(enum office_span *out, struct db *db, const char *code,
    struct err *err)
{
	size_t count = 0, len = strlen(code);
	struct office *list = NULL, above;
	enum status s = office_list(&list, &count, db, err);

	if (s)
		return s;
	if (!is_any_above(list, count))
		*out = OFFICE_SPAN_OWN;
	else if (!find_above(&above, list, count, code))
		s = err_set(err, E_INVALID, tr("There is no county or city "
		    "that %s is below: a code begins with the code of what "
		    "stands above."), code);
	else
		*out = (len == 4 || len == 6) &&
		    strspn(code, "0123456789") == len ? OFFICE_SPAN_BELOW :
		    OFFICE_SPAN_OWN;
	free(list);
	return s;
}

static enum status
count_offices(int64_t *out, struct db *db, struct err *err)
{
	return db_number(out, db, "SELECT count(*) FROM office", err);
}

/* ---- how many a computer follows ---- */

static enum status
count_followed(int64_t *out, struct db *db, const char *code, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT count(*) FROM office a"
	    " JOIN office o ON " OFFICE_REACHES_SQL("a", "o.code")
	    " WHERE a.code = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, code);
	s = db_step(st, &row, err);
	if (!s && row)
		*out = db_int(st, 0);
	db_finish(st);
	return s;
}

enum status
office_check_followed(struct db *db, const char *code, struct err *err)
{
	struct office office;
	int64_t count = 0;
	enum status s = office_get(&office, db, code, err);

	if (!s)
		s = count_followed(&count, db, code, err);
	if (!s && count > OFFICE_FOLLOWED_MAX)
		s = err_set(err, E_INVALID, tr("A computer of %s would have to "
		    "follow %lld offices, %d at most: register it at a county "
		    "below."), office.name, (long long)count,
		    OFFICE_FOLLOWED_MAX);
	return s;
}

/* One more below them: those above where a computer stands, or is to, must be
 * able to follow it. */
static enum status
check_followers(struct db *db, const char *code, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT a.name FROM office a WHERE"
	    " a.county <> 0 AND " OFFICE_REACHES_SQL("a", "?1") " AND (EXISTS("
	    "SELECT 1 FROM device d WHERE d.office = a.code AND"
	    " d.removed_at = 0 AND d.revoked_at = 0) OR EXISTS(SELECT 1 FROM"
	    " enrolment e WHERE e.office = a.code AND e.used_at = 0 AND"
	    " e.expires_at > ?2)) AND (SELECT count(*) FROM office o WHERE "
	    OFFICE_REACHES_SQL("a", "o.code") ") >= ?3", err);

	if (s)
		return s;
	db_bind_text(st, 1, code);
	db_bind_int(st, 2, clock_now_at());
	db_bind_int(st, 3, OFFICE_FOLLOWED_MAX);
	s = db_step(st, &row, err);
	if (!s && row)
		s = err_set(err, E_INVALID, tr("The computers of %s follow %d "
		    "offices already, which is the most; revoke them, or leave "
		    "this office out."), db_text(st, 0, NULL),
		    OFFICE_FOLLOWED_MAX);
	db_finish(st);
	return s;
}

static enum status
check_office(struct db *db, const struct office *office, struct err *err)
{
	int64_t count = 0;
	bool exists = false;
	enum status s;

	if (!is_made_of(office->code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz-", 2, RECORD_OFFICE_MAX - 1) ||
	    office->code[0] == '-')
		return err_set(err, E_INVALID,
		    tr("An office's code has 2 to 19 digits, letters or hyphens."));
	if (!is_good_name(office->name))
		return err_set(err, E_INVALID,
		    tr("The office needs a name."));
	s = office_exists(&exists, db, office->code, err);
	if (!s && exists)
		return err_set(err, E_CONFLICT,
		    tr("There is an office with the code %s already."),
		    office->code);
	if (!s)
		s = count_offices(&count, db, err);
	if (!s && count >= OFFICES_MAX)
		return err_set(err, E_INVALID,
		    tr("A server may have %d offices at most."), OFFICES_MAX);
	return s ? s : check_followers(db, office->code, err);
}

enum status
office_add(struct db *db, const struct office *office, struct err *err)
{
	struct db_stmt *st = NULL;
	enum office_span span = office->county;
	enum status s = check_office(db, office, err);

	if (!s && !span)
		s = find_span(&span, db, office->code, err);
	if (!s)
		s = db_prepare(&st, db, "INSERT INTO office(code, name, county)"
		    " VALUES(?, ?, ?)", err);
	if (s)
		return s;
	db_bind_text(st, 1, office->code);
	db_bind_text(st, 2, office->name);
	db_bind_int(st, 3, span);
	s = db_run(st, err);
	db_finish(st);
	return s ? s : stream_create(db, office->code, err);
}

static void
read_office(struct office *out, struct db_stmt *st)
{
	snprintf(out->code, sizeof out->code, "%s", db_text(st, 0, NULL));
	snprintf(out->name, sizeof out->name, "%s", db_text(st, 1, NULL));
	out->county = (enum office_span)db_int(st, 2);
}

enum status
office_get(struct office *out, struct db *db, const char *code,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT code, name, county FROM office WHERE code = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, code);
	s = db_step(st, &row, err);
	if (!s && !row)
		s = err_set(err, E_NOTFOUND, tr("There is no office %s."),
		    code);
	if (!s)
		read_office(out, st);
	db_finish(st);
	return s;
}

enum status
office_rename(struct db *db, const char *code, const char *name,
    struct err *err)
{
	struct office office;
	struct db_stmt *st = NULL;
	enum status s = office_get(&office, db, code, err);

	if (!s && !is_good_name(name))
		s = err_set(err, E_INVALID, tr("The office needs a name."));
	if (!s)
		s = db_prepare(&st, db,
		    "UPDATE office SET name = ? WHERE code = ?", err);
	if (s)
		return s;
	db_bind_text(st, 1, name);
	db_bind_text(st, 2, code);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
office_exists(bool *out, struct db *db, const char *code, struct err *err)
{
	struct office office;
	struct err none = ERR_INIT;
	enum status s = office_get(&office, db, code, &none);

	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	*out = !s;
	return E_OK;
}

enum status
office_list(struct office **out, size_t *count, struct db *db,
    struct err *err)
{
	struct db_stmt *st = NULL;
	struct office *list = NULL;
	size_t n = 0;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT code, name, county FROM office ORDER BY code", err);

	if (s)
		return s;
	for (;;) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		list = mem_grow(list, n, sizeof *list);
		read_office(&list[n++], st);
	}
	db_finish(st);
	if (s) {
		free(list);
		return s;
	}
	*out = list;
	*count = n;
	return E_OK;
}

/* ---- accounts ---- */

static void
read_account(struct account *out, struct db_stmt *st)
{
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

	if (!is_made_of(a->login, "0123456789abcdefghijklmnopqrstuvwxyz_.-", 2,
	    RECORD_NAME_MAX - 1))
		return err_set(err, E_INVALID,
		    tr("A user name has 2 to 31 lower-case letters, digits or _ . -"));
	if (!is_good_name(a->name))
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
	struct account *list = NULL;
	size_t n = 0;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT " ACCOUNT_COLUMNS " ORDER BY a.login", err);

	if (s)
		return s;
	for (;;) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		list = mem_grow(list, n, sizeof *list);
		read_account(&list[n++], st);
	}
	db_finish(st);
	if (s) {
		free(list);
		return s;
	}
	*out = list;
	*count = n;
	return E_OK;
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
