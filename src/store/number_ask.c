/*
 * Numbers asked of the server, and given back to it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "store/inside.h"
#include "store/lease.h"
#include "store/number.h"

enum {
	LOW_PART = 4,		/* a fourth of a block is low */
	QUIET_MS = 3600 * 1000,	/* after a refusal */
	AWAY_MS = 24 * 3600 * 1000,	/* after all was given back */
};

static const char quiet_name[] = "numbers_quiet_until";

static enum status
run(struct store *s, const char *sql, const char *text, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	if (text)
		db_bind_text(q, 1, text);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
number_renounce(struct store *s, struct err *err)
{
	enum status st = run(s, "UPDATE lease SET back = 1", NULL, err);

	return st ? st : run(s, "DELETE FROM number_ask", NULL, err);
}

/* ---- what to ask for ---- */

static enum status
is_asked(bool *out, struct store *s, const char *cls, int year,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "SELECT 1 FROM number_ask"
		" WHERE class = ? AND year = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, cls);
	db_bind_int(q, 2, year);
	st = db_step(q, out, err);
	db_finish(q);
	return st;
}

static enum status
write_ask(struct store *s, const char *cls, int year, const char *place,
	struct err *err)
{
	struct uuid id = uuid_new();
	char key[UUID_TEXT_MAX];
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO number_ask(key,"
		" class, year, place) VALUES(?, ?, ?, ?)", err);

	if (st)
		return st;
	uuid_print(key, &id);
	db_bind_text(q, 1, key);
	db_bind_text(q, 2, cls);
	db_bind_int(q, 3, year);
	db_bind_text(q, 4, place);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

static enum status
want(struct store *s, const struct schema_register *reg, int year,
	const char *place, struct err *err)
{
	const struct schema_number *def = &reg->number;
	int64_t left = 0, next = 0;
	int64_t low = def->mode == NUMBER_MACHINE ? 0 : def->block / LOW_PART;
	bool asked = false;
	enum status st = lease_count(&left, &next, s, def->cls, year, err);

	if (!st)
		st = is_asked(&asked, s, def->cls, year, err);
	if (st || asked || left > low)
		return st;
	return write_ask(s, def->cls, year, place, err);
}

/* This year's, and from December on next year's too.  The county works in the
 * series of its offices, whose numbers the server gives. */
static enum status
want_all(struct store *s, const char *place, struct err *err)
{
	const struct schema_register *reg = NULL;
	struct store_device d = {0};
	int64_t quiet = 0;
	int year = lease_this_year();
	bool county;
	enum status st = store_meta_int(&quiet, s, quiet_name, err);

	if (!st)
		st = store_device_get(&d, s, err);
	county = strcmp(d.office_name, d.county_name) == 0;
	crypto_wipe(&d, sizeof d);
	if (st || clock_now_at() < quiet)
		return st;
	while (!st && (reg = lease_class_next(s, reg)) != NULL) {
		if (reg->number.mode == NUMBER_PROVISIONAL ||
		    (county && reg->number.mode == NUMBER_LEASED))
			continue;
		st = want(s, reg, year, place, err);
		if (!st && number_year_is_open(year + 1, clock_today()))
			st = want(s, reg, year + 1, place, err);
	}
	return st;
}

/* What belongs to the cache that this one was copied from. */
static enum status
drop_others(struct store *s, const char *place, struct err *err)
{
	enum status st = run(s, "DELETE FROM lease WHERE place <> ?", place,
		err);

	return st ? st : run(s, "DELETE FROM number_ask WHERE place <> ?",
		place, err);
}

/* ---- the request ---- */

static enum status
print_leases(struct json *list, struct store *s, const char *sql,
	struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	for (;;) {
		struct json *j;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		j = json_object();
		json_put_text(j, "key", db_text(q, 0, NULL));
		json_put_text(j, "class", db_text(q, 1, NULL));
		json_put_int(j, "year", db_int(q, 2));
		if (!db_is_null(q, 3)) {
			json_put_int(j, "first", db_int(q, 3));
			json_put_int(j, "last", db_int(q, 4));
			json_put_int(j, "next", db_int(q, 5));
		}
		json_push(list, j);
	}
	db_finish(q);
	return st;
}

static enum status
ask_in(struct buf *out, bool *needed, struct store *s, struct err *err)
{
	struct json *j = json_object(), *hold = json_array();
	struct json *ask = json_array();
	char place[LEASE_PLACE_MAX];
	int64_t untold = 0;
	enum status st = lease_place(place, s, err);

	if (!st)
		st = drop_others(s, place, err);
	if (!st)
		st = want_all(s, place, err);
	if (!st)
		st = store_meta_int(&untold, s, LEASE_UNTOLD, err);
	if (!st)
		st = print_leases(hold, s, "SELECT key, class, year, first,"
			" last, next FROM lease", err);
	if (!st)
		st = print_leases(ask, s, "SELECT key, class, year, NULL,"
			" NULL, NULL FROM number_ask", err);
	*needed = !st && (json_count(ask) > 0 || untold);
	json_put(j, "hold", hold);
	json_put(j, "ask", ask);
	if (*needed)
		json_print(out, j);
	json_free(j);
	return st;
}

enum status
number_ask(struct buf *out, bool *needed, struct store *s, struct err *err)
{
	bool need = false;
	enum status st = store_need_key(s, err);

	*needed = false;
	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	st = ask_in(out, &need, s, err);
	st = store_end(s, st, err);
	*needed = !st && need;
	return st;
}

/* ---- the answer ---- */

static enum status
senseless(struct err *err)
{
	return err_set(err, E_INVALID,
		tr("The server's answer makes no sense."));
}

/* What was asked for under this key becomes a lease. */
static enum status
keep(struct store *s, const struct json *j, struct err *err)
{
	const char *key = json_get_text(j, "key");
	struct db_stmt *q = NULL;
	int64_t first = 0, last = 0;
	enum status st;

	if (!key || !json_get_int(j, "first", &first) ||
	    !json_get_int(j, "last", &last) || first < 1 || last < first)
		return senseless(err);
	st = db_prepare(&q, s->db, "INSERT INTO lease(key, class, year,"
		" first, last, next, place, back) SELECT key, class, year, ?2,"
		" ?3, ?2, place, 0 FROM number_ask WHERE key = ?1", err);
	if (st)
		return st;
	db_bind_text(q, 1, key);
	db_bind_int(q, 2, first);
	db_bind_int(q, 3, last);
	st = db_run(q, err);
	db_finish(q);
	return st ? st : run(s, "DELETE FROM number_ask WHERE key = ?", key,
		err);
}

static enum status
refused(struct store *s, const struct json *j, struct err *err)
{
	const char *key = json_get_text(j, "key");
	enum status st = key ? run(s, "DELETE FROM number_ask WHERE key = ?",
		key, err) : senseless(err);

	return st ? st : store_meta_set_int(s, quiet_name,
		clock_now_at() + QUIET_MS, err);
}

static enum status
closed(struct store *s, const struct json *j, struct err *err)
{
	const char *key = json_text(j);

	return key ? run(s, "DELETE FROM lease WHERE key = ?", key, err) :
		senseless(err);
}

static enum status
each(struct store *s, const struct json *answer, const char *name,
	enum status (*take)(struct store *s, const struct json *j,
	struct err *err), struct err *err)
{
	enum status st = E_OK;

	for (struct json *j = json_first(json_get(answer, name)); j && !st;
	    j = json_next(j))
		st = take(s, j, err);
	return st;
}

static enum status
answer_in(struct store *s, const struct json *answer, struct err *err)
{
	int64_t device = 0;
	enum status st = json_get_int(answer, "device", &device) ? E_OK :
		senseless(err);

	if (!st)
		st = each(s, answer, "leases", keep, err);
	if (!st)
		st = each(s, answer, "refused", refused, err);
	if (!st)
		st = each(s, answer, "closed", closed, err);
	if (!st)
		st = store_meta_set_int(s, "device_number", device, err);
	if (!st)
		st = store_meta_set_int(s, LEASE_UNTOLD, 0, err);
	return st;
}

enum status
number_answer(struct store *s, const struct json *answer, struct err *err)
{
	enum status st = store_begin(s, err);

	if (st)
		return st;
	st = answer_in(s, answer, err);
	return store_end(s, st, err);
}

/* ---- giving back ---- */

/* January still gives numbers of the last year to what was done in it. */
static enum status
mark_back(struct store *s, bool all, struct err *err)
{
	char place[LEASE_PLACE_MAX], text[16];
	int year, month, day;
	enum status st = lease_place(place, s, err);

	if (!st)
		st = drop_others(s, place, err);
	date_to_ymd(clock_today(), &year, &month, &day);
	snprintf(text, sizeof text, "%d", all ? 9999 :
		month == 1 ? year - 1 : year);
	return st ? st : run(s, "UPDATE lease SET back = 1 WHERE NOT back AND"
		" year < CAST(? AS INTEGER)", text, err);
}

static enum status
give_back_in(struct buf *out, bool *needed, struct store *s, bool all,
	struct err *err)
{
	struct json *j = json_object(), *hold = json_array();
	enum status st = mark_back(s, all, err);

	if (!st)
		st = print_leases(hold, s, "SELECT key, class, year, first,"
			" last, next FROM lease WHERE back", err);
	/* that another computer may ask before this one does again */
	if (!st && all)
		st = store_meta_set_int(s, quiet_name,
			clock_now_at() + AWAY_MS, err);
	*needed = !st && json_count(hold) > 0;
	json_put(j, "hold", hold);
	if (*needed)
		json_print(out, j);
	json_free(j);
	return st;
}

enum status
number_give_back(struct buf *out, bool *needed, struct store *s, bool all,
	struct err *err)
{
	bool need = false;
	enum status st = store_begin(s, err);

	*needed = false;
	if (st)
		return st;
	st = give_back_in(out, &need, s, all, err);
	st = store_end(s, st, err);
	*needed = !st && need;
	return st;
}

enum status
number_given_back(struct store *s, struct err *err)
{
	enum status st = store_begin(s, err);

	if (st)
		return st;
	st = run(s, "DELETE FROM lease WHERE back", NULL, err);
	return store_end(s, st, err);
}
