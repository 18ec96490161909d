/*
 * Offices.  What stands above and below is read from their codes, anew each
 * time: there are some thousands at most.
 */
#include "server/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_list.h"
#include "db/db_number.h"
#include "server/ledger_stream.h"
#include "server/naming.h"

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

	if (!naming_is_made_of(office->code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz-", 2, RECORD_OFFICE_MAX - 1) ||
	    office->code[0] == '-')
		return err_set(err, E_INVALID,
		    tr("An office's code has 2 to 19 digits, letters or hyphens."));
	if (!naming_is_good(office->name))
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
read_office(void *item, struct db_stmt *st)
{
	struct office *out = item;
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

	if (!s && !naming_is_good(name))
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
	void *list = NULL;
	enum status s = db_prepare(&st, db,
	    "SELECT code, name, county FROM office ORDER BY code", err);

	if (s)
		return s;
	s = db_list(&list, count, st, sizeof **out, read_office, err);
	db_finish(st);
	if (!s)
		*out = list;
	return s;
}
