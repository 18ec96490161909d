/*
 * Leases.  A number is free only beyond everything that was ever leased, given
 * or seen on paper; what lies below and is not used stays a gap.
 */
#include "server/ledger_lease.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/office.h"

/* A number on paper so far beyond all others is a slip of the pen. */
enum { JUMP_MAX = 200 };

static void
bind_series(struct db_stmt *st, const struct series *series)
{
	db_bind_text(st, 1, series->office);
	db_bind_text(st, 2, series->cls);
	db_bind_int(st, 3, series->year);
}

/* ---- the next one ---- */

/* Beyond all that was leased or given by the server. */
static enum status
highest_given(int64_t *out, struct db *db, const struct series *series,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT max("
	    "coalesce((SELECT max(CASE WHEN last >= 999999 THEN next - 1"
	    " ELSE last END) FROM lease WHERE office = ?1 AND class = ?2"
	    " AND year = ?3), 0), coalesce((SELECT max(n) FROM number WHERE"
	    " office = ?1 AND class = ?2 AND year = ?3 AND how <> 'typed'),"
	    " 0))", err);

	if (s)
		return s;
	bind_series(st, series);
	s = db_step(st, &row, err);
	if (!s)
		*out = db_int(st, 0);
	db_finish(st);
	return s;
}

enum status
lease_next(int64_t *out, struct db *db, const struct series *series,
    struct err *err)
{
	struct db_stmt *st = NULL;
	int64_t high = 0;
	bool row = false;
	enum status s = highest_given(&high, db, series, err);

	if (!s)
		s = db_prepare(&st, db, "SELECT n FROM number WHERE"
		    " office = ?1 AND class = ?2 AND year = ?3 AND n > ?4"
		    " ORDER BY n", err);
	if (s)
		return s;
	bind_series(st, series);
	db_bind_int(st, 4, high);
	for (;;) {
		s = db_step(st, &row, err);
		if (s || !row || db_int(st, 0) > high + JUMP_MAX)
			break;
		high = db_int(st, 0);
	}
	db_finish(st);
	if (!s)
		*out = high + 1;
	return s;
}

/* ---- who has to be heard first ---- */

enum status
lease_waits(bool *out, struct db *db, const char *office, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM device"
	    " WHERE office IN (SELECT o.code FROM office o WHERE "
	    OFFICE_REACHES_SQL("o", "?1") ") AND revoked_at = 0 AND numbers_told <>"
	    " (SELECT value FROM meta WHERE name = 'epoch')"
	    " AND EXISTS (SELECT 1 FROM meta WHERE name = 'restored_at')",
	    err);

	if (s)
		return s;
	db_bind_text(st, 1, office);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

enum status
lease_told(struct db *db, const struct uuid *device, struct err *err)
{
	return db_run_uuid(db, "UPDATE device SET numbers_told = (SELECT value"
	    " FROM meta WHERE name = 'epoch') WHERE id = ?", device, err);
}

/* Has some device all numbers of the series? */
static enum status
has_machine(bool *out, struct db *db, const struct series *series,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM lease WHERE"
	    " office = ?1 AND class = ?2 AND year = ?3 AND last >= 999999"
	    " AND state IN ('held', 'meant')", err);

	if (s)
		return s;
	bind_series(st, series);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

/* ---- a device's leases ---- */

/* *found: the device has one under this key, put into out. */
static enum status
find_lease(struct lease *out, char state[RECORD_NAME_MAX], bool *found,
    struct db *db, const struct uuid *device, const char *key,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT first, last, next, state"
	    " FROM lease WHERE device = ? AND key = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, device);
	db_bind_text(st, 2, key);
	s = db_step(st, found, err);
	if (!s && *found) {
		out->first = db_int(st, 0);
		out->last = db_int(st, 1);
		out->next = db_int(st, 2);
		snprintf(state, RECORD_NAME_MAX, "%s", db_text(st, 3, NULL));
	}
	db_finish(st);
	return s;
}

static enum status
write_lease(struct db *db, const struct uuid *device, const struct lease *l,
    const char *state, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT INTO lease(office, class,"
	    " year, first, last, next, state, device, key, at)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT(device, key) DO UPDATE SET"
	    " next = max(next, excluded.next), state = excluded.state", err);

	if (s)
		return s;
	bind_series(st, &l->series);
	db_bind_int(st, 4, l->first);
	db_bind_int(st, 5, l->last);
	db_bind_int(st, 6, l->next);
	db_bind_text(st, 7, state);
	db_bind_uuid(st, 8, device);
	db_bind_text(st, 9, l->key);
	db_bind_int(st, 10, clock_now_at());
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
was_restored(bool *out, struct db *db, struct err *err)
{
	int64_t n = 0;
	enum status s = db_number(&n, db,
	    "SELECT count(*) FROM meta WHERE name = 'restored_at'", err);

	if (!s)
		*out = n > 0;
	return s;
}

enum status
lease_is_closed(bool *out, struct db *db, const struct uuid *device,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM lease WHERE"
	    " device = ? AND state = 'closed'", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, device);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

enum status
lease_hold(bool *closed, struct db *db, const struct uuid *device,
    const struct lease *held, struct err *err)
{
	struct lease known = {0};
	char state[RECORD_NAME_MAX] = "held";
	bool found = false;
	enum status s = find_lease(&known, state, &found, db, device,
	    held->key, err);

	/* only a restored ledger can have forgotten one */
	if (!s && !found)
		s = was_restored(&found, db, err);
	if (s)
		return s;
	*closed = !found || strcmp(state, "held") != 0;
	/* an answer that is lost leaves it asking */
	if (strcmp(state, "closed") == 0)
		memcpy(state, "told", sizeof "told");
	return !found ? E_OK : write_lease(db, device, held, state, err);
}

enum status
lease_return(struct db *db, const struct uuid *device,
    const struct lease *back, struct err *err)
{
	return write_lease(db, device, back, "returned", err);
}

static enum status
close_machine(struct db *db, const struct series *series, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "UPDATE lease SET"
	    " state = 'closed',"
	    " next = max(next, 1 + coalesce((SELECT max(n) FROM number m WHERE"
	    " m.office = ?1 AND m.class = ?2 AND m.year = ?3 AND"
	    " m.how <> 'typed'), 0)) WHERE"
	    " office = ?1 AND class = ?2 AND year = ?3 AND last >= 999999"
	    " AND state IN ('held', 'meant')", err);

	if (s)
		return s;
	bind_series(st, series);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
refuse(char why[ERR_MSG_MAX], const char *sentence)
{
	snprintf(why, ERR_MSG_MAX, "%s", sentence);
	return E_OK;
}

/* The county means all numbers of the series for this device: they are its own
 * under the key by which it asks now. */
static enum status
take_meant(struct lease *out, bool *found, struct db *db,
    const struct uuid *device, const struct series *series, const char *key,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "UPDATE lease SET key = ?5,"
	    " state = 'held' WHERE office = ?1 AND class = ?2 AND year = ?3"
	    " AND device = ?4 AND state = 'meant' RETURNING first, last, next",
	    err);

	if (s)
		return s;
	bind_series(st, series);
	db_bind_uuid(st, 4, device);
	db_bind_text(st, 5, key);
	s = db_step(st, found, err);
	if (!s && *found) {
		out->first = db_int(st, 0);
		out->last = db_int(st, 1);
		out->next = db_int(st, 2);
		s = db_step(st, &row, err);	/* to the end */
	}
	db_finish(st);
	return s;
}

enum status
lease_grant(struct lease *out, char why[ERR_MSG_MAX], struct db *db,
    const struct uuid *device, const struct schema_number *def,
    const struct series *series, const char *key, const char *closed,
    struct err *err)
{
	struct lease l = { .series = *series };
	char state[RECORD_NAME_MAX] = "";
	bool found = false, no = false;
	enum status s = find_lease(&l, state, &found, db, device, key, err);

	snprintf(l.key, sizeof l.key, "%s", key);
	if (!s && !found)
		s = take_meant(&l, &found, db, device, series, key, err);
	if (s || found) {
		*out = l;
		return s;
	}
	if (closed)
		return refuse(why, closed);
	s = lease_waits(&no, db, series->office, err);
	if (!s && no)
		return refuse(why, tr("The server was restored: numbers are "
		    "given again when every device of the office and of the "
		    "county has synced."));
	/* Also when it is the same device: then the cache that had them was
	 * copied or lost, and only a person knows which. */
	if (!s && def->mode == NUMBER_MACHINE)
		s = has_machine(&no, db, series, err);
	if (!s && no)
		return refuse(why, tr("Another computer of the office gives "
		    "these numbers; the county can hand them over."));
	if (!s)
		s = lease_next(&l.first, db, series, err);
	l.next = l.first;
	l.last = def->mode == NUMBER_MACHINE ? NUMBER_MOST :
	    l.first + def->block - 1;
	if (!s && l.first + def->block > NUMBER_MOST)
		return refuse(why, tr("There are no more numbers."));
	if (!s)
		s = write_lease(db, device, &l, "held", err);
	if (!s)
		*out = l;
	return s;
}

enum status
lease_hand_over(struct db *db, const struct uuid *device,
    const struct series *series, struct err *err)
{
	struct lease l = { .series = *series, .last = NUMBER_MOST };
	struct uuid key = uuid_new();
	enum status s = close_machine(db, series, err);

	if (!s)
		s = lease_next(&l.first, db, series, err);
	l.next = l.first;
	uuid_print(l.key, &key);
	return s ? s : write_lease(db, device, &l, "meant", err);
}
