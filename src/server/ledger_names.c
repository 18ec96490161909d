/*
 * Names of people.  The table named says whom a device was ever told about: it
 * goes on to hear of them wherever they work.
 */
#include "server/ledger_names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/ledger_feed.h"
#include "server/ledger_sight.h"
#include "server/office.h"

enum { OFFICES_HEX = 8 };

/* Of accounts a: those of an office that the device follows (?1: its own), and
 * those it was told about before (?2: the device). */
#define FOR_DEVICE_SQL "(EXISTS(SELECT 1 FROM office o WHERE o.code = ?1 AND " \
	OFFICE_REACHES_SQL("o", "a.office") ") OR EXISTS(SELECT 1 FROM named n" \
	" WHERE n.device = ?2 AND n.login = a.login))"

#define LAST_SQL "coalesce((SELECT CAST(value AS integer) FROM meta" \
	" WHERE name = 'named'), 0)"

enum status
names_note(struct db *db, const char *login, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_exec(db, "INSERT INTO meta(name, value)"
	    " VALUES('named', '1') ON CONFLICT(name) DO UPDATE SET"
	    " value = CAST(value AS integer) + 1", err);

	if (!s)
		s = db_prepare(&st, db, "UPDATE account SET named = " LAST_SQL
		    " WHERE login = ?", err);
	if (s)
		return s;
	db_bind_text(st, 1, login);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
names_of(char out[LEDGER_NAME_MAX], struct db *db, const char *login,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT name FROM account WHERE login = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	s = db_step(st, &row, err);
	if (!s)
		snprintf(out, LEDGER_NAME_MAX, "%s",
		    row ? db_text(st, 0, NULL) : "");
	db_finish(st);
	return s;
}

enum status
names_wait(bool *out, struct db *db, const struct ledger_peer *peer,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM device d"
	    " JOIN account a ON a.named > d.named WHERE d.id = ?2 AND"
	    " d.named >= 0 AND " FOR_DEVICE_SQL " LIMIT 1", err);

	if (s)
		return s;
	db_bind_text(st, 1, peer->office);
	db_bind_uuid(st, 2, &peer->device);
	s = db_step(st, &row, err);
	db_finish(st);
	if (!s)
		*out = row;
	return s;
}

/* ---- the mark ---- */

/* What the first half of a mark counts: this ledger, and these offices. */
static enum status
find_offices(char out[OFFICES_HEX + 1], struct db *db,
    const struct ledger_peer *peer, const char *epoch, struct err *err)
{
	uint8_t hash[CRYPTO_SHA256];
	struct db_stmt *st = NULL;
	struct buf all;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT c.code FROM office o"
	    " JOIN office c ON " OFFICE_REACHES_SQL("o", "c.code")
	    " WHERE o.code = ? ORDER BY c.code", err);

	if (s)
		return s;
	buf_init(&all, BUF_RECORD_MAX);
	buf_text(&all, epoch);
	db_bind_text(st, 1, peer->office);
	for (;;) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		buf_printf(&all, " %s", db_text(st, 0, NULL));
	}
	db_finish(st);
	crypto_sha256(hash, all.data, all.len);
	crypto_hex(out, hash, OFFICES_HEX / 2);
	buf_release(&all);
	return s;
}

/* From where to go on: 0 when the mark is of other offices, or none. */
static int64_t
read_mark(const char *mark, const char *offices)
{
	char *end = NULL;
	long long n = strtoll(mark, &end, 10);

	return end && *end == '.' && strcmp(end + 1, offices) == 0 && n > 0 ?
	    n : 0;
}

/* ---- telling ---- */

static enum status
note_told(struct db *db, const struct ledger_peer *peer, const char *login,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT OR IGNORE INTO"
	    " named(device, login) VALUES(?, ?)", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &peer->device);
	db_bind_text(st, 2, login);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* Columns login, name, office. */
static enum status
push_person(struct json *people, struct db *db,
    const struct ledger_peer *peer, struct db_stmt *st, struct err *err)
{
	struct json *one = json_object();

	json_put_text(one, "user", db_text(st, 0, NULL));
	json_put_text(one, "name", db_text(st, 1, NULL));
	json_put_text(one, "office", db_text(st, 2, NULL));
	json_push(people, one);
	return note_told(db, peer, db_text(st, 0, NULL), err);
}

/* *last: the number of the last one; untouched if there is none. */
static enum status
push_since(struct json *people, int64_t *last, bool *more, struct db *db,
    const struct ledger_peer *peer, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	int count = 0;
	enum status s = db_prepare(&st, db, "SELECT a.login, a.name, a.office,"
	    " a.named FROM account a WHERE a.named > ?3 AND " FOR_DEVICE_SQL
	    " ORDER BY a.named", err);

	if (s)
		return s;
	db_bind_text(st, 1, peer->office);
	db_bind_uuid(st, 2, &peer->device);
	db_bind_int(st, 3, *last);
	for (;;) {
		s = db_step(st, &row, err);
		*more = !s && row && count == NAMES_TOLD_MAX;
		if (s || !row || *more)
			break;
		s = push_person(people, db, peer, st, err);
		if (s)
			break;
		*last = db_int(st, 3);
		count++;
	}
	db_finish(st);
	return s;
}

static enum status
note_known(struct db *db, const struct ledger_peer *peer, int64_t number,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "UPDATE device SET named = ? WHERE id = ?", err);

	if (s)
		return s;
	db_bind_int(st, 1, number);
	db_bind_uuid(st, 2, &peer->device);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
names_tell(struct json *people, char mark[NAMES_MARK_MAX], bool *more,
    struct db *db, const struct ledger_peer *peer, const char *epoch,
    struct err *err)
{
	char offices[OFFICES_HEX + 1] = "";
	int64_t number = 0, last = 0;
	enum status s = find_offices(offices, db, peer, epoch, err);

	if (s)
		return s;
	number = read_mark(mark, offices);
	s = db_number(&last, db, "SELECT " LAST_SQL, err);
	if (number > last)
		number = 0;
	if (!s)
		s = push_since(people, &number, more, db, peer, err);
	if (!*more)
		number = last;
	if (!s)
		s = note_known(db, peer, number, err);
	if (!s)
		snprintf(mark, NAMES_MARK_MAX, "%" PRId64 ".%s", number,
		    offices);
	return s;
}

/* ---- who wrote on a record ---- */

/* Is it on the device, whoever there may read it? */
static enum status
is_held(bool *out, struct db *db, const struct ledger_peer *peer,
    const struct uuid *record, struct err *err)
{
	struct ledger_peer device = *peer;
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s;

	device.sees_sealed = device.sealed;
	s = feed_may_see(out, db, &device, record, err);
	if (!s && *out)
		s = db_prepare(&st, db, "SELECT register FROM record WHERE"
		    " id = ?", err);
	if (s || !*out)
		return s;
	db_bind_uuid(st, 1, record);
	s = db_step(st, &row, err);
	if (!s && row)
		s = sight_sees(out, peer->sight, db, db_text(st, 0, NULL),
		    record, err);
	db_finish(st);
	return s;
}

static enum status
find_author(struct db_stmt **out, bool *row, struct db *db, const char *login,
    const struct uuid *record, struct err *err)
{
	enum status s = db_prepare(out, db, "SELECT a.login, a.name, a.office"
	    " FROM account a WHERE a.login = ?1 AND (EXISTS(SELECT 1 FROM"
	    " record r WHERE r.id = ?2 AND ?1 IN (r.created_by, r.updated_by))"
	    " OR EXISTS(SELECT 1 FROM history h WHERE h.record = ?2 AND"
	    " ?1 IN (h.login, h.taken_by)) OR EXISTS(SELECT 1 FROM conflict c"
	    " JOIN record q ON q.id = c.id WHERE (c.record = ?2 OR c.id = ?2)"
	    " AND ?1 IN (c.answered_by, q.created_by)))", err);

	if (s)
		return s;
	db_bind_text(*out, 1, login);
	db_bind_uuid(*out, 2, record);
	return db_step(*out, row, err);
}

enum status
names_tell_author(struct json *people, struct db *db,
    const struct ledger_peer *peer, const char *login,
    const struct uuid *record, struct err *err)
{
	struct db_stmt *st = NULL;
	bool sees = false, row = false;
	enum status s = is_held(&sees, db, peer, record, err);

	if (s || !sees)
		return s;
	s = find_author(&st, &row, db, login, record, err);
	if (!s && row)
		s = push_person(people, db, peer, st, err);
	db_finish(st);
	return s;
}
