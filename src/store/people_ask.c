/*
 * When to ask, what to ask, and what is answered.  A row without a name is
 * somebody who was met on a record; asked_on is the day they were last asked
 * for, 0 not yet.
 */
#include "store/people_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/tr.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "store/inside.h"
#include "store/people_names.h"

static const char meta_mark[] = "people_mark", meta_told[] = "people_told";

/* Whoever was met on a record that is here no more: the server tells of nobody
 * by that. */
#define OF_GONE " person IS NULL AND record IS NOT NULL AND NOT EXISTS(SELECT 1" \
	" FROM member m WHERE m.id = people.record)"

/* Records that were here before names were, or others of whom was met on one that
 * has gone. */
static enum status
read_all(struct store *s, struct err *err)
{
	struct uuid *ids = NULL;
	size_t count = 0;
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "SELECT id FROM record r WHERE"
		" EXISTS(SELECT 1 FROM member m WHERE m.id = r.id)"
		" ORDER BY num", err);

	s->people.met[0] = '\0';
	if (!st)
		st = db_uuids(&ids, &count, q, err);
	db_finish(q);
	for (size_t i = 0; i < count && !st; i++) {
		struct err damage = ERR_INIT;
		struct row r = {0};

		/* one damaged row is left to the check */
		if (!row_load(&r, s, &ids[i], &damage))
			st = people_names_seen_all(s, &r.shown, err);
		row_release(&r);
	}
	free(ids);
	if (!st)
		st = db_exec(s->db, "UPDATE people SET record = NULL WHERE"
			OF_GONE, err);
	return st ? st : store_meta_set_int(s, PEOPLE_ASK_UNREAD, 0, err);
}

/* ---- asking ---- */

/* Once a day, and when this computer stands elsewhere or before another ledger:
 * "20780 EPOCH 9901010001". */
static enum status
print_when(struct buf *out, struct store *s, struct err *err)
{
	struct store_device d = {0};
	enum status st = store_device_get(&d, s, err);

	if (!st)
		buf_printf(out, "%d %s %s", clock_today(), d.server_epoch,
			d.office);
	crypto_wipe(&d, sizeof d);
	return st;
}

static enum status
get_text(struct buf *out, struct store *s, const char *name, struct err *err)
{
	struct err none = ERR_INIT;
	enum status st = store_meta_get(out, s, name, &none);

	if (st && st != E_NOTFOUND) {
		*err = none;
		return st;
	}
	return E_OK;
}

static enum status
was_told(bool *out, struct store *s, struct err *err)
{
	struct buf when, told;
	enum status st;

	buf_init(&when, BUF_LINE_MAX);
	buf_init(&told, BUF_LINE_MAX);
	st = print_when(&when, s, err);
	if (!st)
		st = get_text(&told, s, meta_told, err);
	*out = when.len == told.len && told.len > 0 &&
		memcmp(when.data, told.data, told.len) == 0;
	buf_release(&when);
	buf_release(&told);
	return st;
}

static enum status
note_told(struct store *s, struct err *err)
{
	struct buf when;
	enum status st;

	buf_init(&when, BUF_LINE_MAX);
	st = print_when(&when, s, err);
	if (!st)
		st = store_meta_set(s, meta_told, when.data, err);
	buf_release(&when);
	return st;
}

static enum status
is_due(bool *out, struct store *s, struct err *err)
{
	int64_t said = 0, unread = 0, met = 0;
	bool told = false;
	enum status st = was_told(&told, s, err);

	if (!st)
		st = store_meta_int(&said, s, PEOPLE_ASK_DUE, err);
	if (!st)
		st = store_meta_int(&unread, s, PEOPLE_ASK_UNREAD, err);
	if (!st)
		st = db_number(&met, s->db, "SELECT EXISTS(SELECT 1 FROM"
			" people WHERE record IS NOT NULL AND asked_on = 0 OR"
			OF_GONE ")", err);
	*out = !told || said || unread || met;
	return st;
}

/* What is known here already: all whom it has wraps of see each other, also
 * those of the county, whom the server would not tell. */
static enum status
prepare(struct store *s, struct err *err)
{
	int64_t unread = 0, gone = 0;
	enum status st = people_names_load(s, err);

	if (!st && *s->user.name && !people_names_has(s, s->user.login))
		st = people_names_put(s, s->user.login, s->user.name, s->user.office, err);
	if (!st)
		st = store_meta_int(&unread, s, PEOPLE_ASK_UNREAD, err);
	if (!st)
		st = db_number(&gone, s->db, "SELECT EXISTS(SELECT 1 FROM"
			" people WHERE" OF_GONE ")", err);
	if (!st && (unread || gone))
		st = read_all(s, err);
	/* who breaks off now asks again */
	if (!st)
		st = store_meta_set_int(s, PEOPLE_ASK_DUE, 1, err);
	return st ? st : people_names_load(s, err);
}

static enum status
print_wanted(struct json *want, struct people_asked *asked,
	struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT record, login FROM people"
		" WHERE record IS NOT NULL AND (asked_on = 0 OR (person IS NULL"
		" AND asked_on <> ?)) ORDER BY login LIMIT ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, clock_today());
	db_bind_int(q, 2, PEOPLE_ASK_MAX);
	for (;;) {
		struct json *one;
		struct uuid record = {{0}};
		char id[UUID_TEXT_MAX];

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		(void)db_uuid(&record, q, 0);
		uuid_print(id, &record);
		(void)snprintf(asked->logins[asked->count++], RECORD_NAME_MAX,
			"%s", db_text(q, 1, NULL));
		one = json_object();
		json_put_text(one, "user", db_text(q, 1, NULL));
		json_put_text(one, "record", id);
		json_push(want, one);
	}
	db_finish(q);
	return st;
}

static enum status
print_ask(struct buf *body, struct people_asked *asked,
	struct store *s, struct err *err)
{
	struct json *j = json_object(), *want = json_array();
	struct buf mark;
	enum status st;

	buf_init(&mark, BUF_LINE_MAX);
	st = get_text(&mark, s, meta_mark, err);
	if (!st)
		st = print_wanted(want, asked, s, err);
	json_put_text(j, "mark", mark.len ? mark.data : "");
	json_put(j, "want", want);
	if (!st)
		json_print(body, j);
	json_free(j);
	buf_release(&mark);
	return st;
}

enum status
people_ask(struct buf *body, struct people_asked *asked,
	bool *needed, struct store *s, struct err *err)
{
	enum status st = store_need_key(s, err);

	*asked = (struct people_asked){0};
	if (!st)
		st = is_due(needed, s, err);
	if (st || !*needed)
		return st;
	/* on disk before the server believes that it was told */
	st = store_begin(s, err);
	if (!st)
		st = store_end(s, prepare(s, err), err);
	return st ? st : print_ask(body, asked, s, err);
}

/* ---- the answer ---- */

/* Those who were asked for are not asked for again today. */
static enum status
note_asked(struct store *s, const struct people_asked *asked,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = E_OK;

	for (size_t i = 0; i < asked->count && !st; i++) {
		st = db_prepare(&q, s->db, "UPDATE people SET asked_on = ?"
			" WHERE login = ?", err);
		if (st)
			return st;
		db_bind_int(q, 1, clock_today());
		db_bind_text(q, 2, asked->logins[i]);
		st = db_run(q, err);
		db_finish(q);
	}
	return st;
}

/* Another ledger, or other offices: whom the server told does not stand in its
 * books for sure, so those from elsewhere are asked for again. */
static enum status
note_mark(struct store *s, const char *mark, struct err *err)
{
	const char *was = NULL, *is = strchr(mark, '.');
	struct buf old;
	enum status st;

	buf_init(&old, BUF_LINE_MAX);
	st = get_text(&old, s, meta_mark, err);
	if (!st && old.len > 0)
		was = strchr(old.data, '.');
	if (was && (!is || strcmp(was, is) != 0))
		st = db_exec(s->db, "UPDATE people SET asked_on = 0", err);
	buf_release(&old);
	return st ? st : store_meta_set(s, meta_mark, mark, err);
}

static bool
is_person(const struct json *j)
{
	const char *login = json_get_text(j, "user");
	const char *name = json_get_text(j, "name");
	const char *office = json_get_text(j, "office");

	return login && *login && strlen(login) < RECORD_NAME_MAX && name &&
		*name && office && strlen(office) < RECORD_OFFICE_MAX &&
		strlen(office) + strlen(name) + 1 < PEOPLE_PERSON_MAX &&
		!strchr(office, ' ');
}

static enum status
take(struct store *s, const struct people_asked *asked,
	const struct json *j, struct err *err)
{
	enum status st = note_mark(s, json_get_text(j, "mark"), err);

	if (!st)
		st = note_asked(s, asked, err);
	for (const struct json *p = json_first(json_get(j, "people")); p && !st;
	    p = json_next(p))
		st = people_names_put(s, json_get_text(p, "user"), json_get_text(p, "name"),
			json_get_text(p, "office"), err);
	if (!st && !json_is_true(json_get(j, "more")))
		st = store_meta_set_int(s, PEOPLE_ASK_DUE, 0, err);
	return st ? st : note_told(s, err);
}

static bool
is_answer(const struct json *j)
{
	bool good = json_get_text(j, "mark") && json_get(j, "people");

	for (const struct json *p = json_first(json_get(j, "people")); p;
	    p = json_next(p))
		good = good && is_person(p);
	return good;
}

enum status
people_ask_take(bool *more, struct store *s,
	const struct people_asked *asked, const char *text, size_t len,
	struct err *err)
{
	struct json *j = NULL;
	enum status st = store_need_key(s, err);

	if (!st)
		st = json_parse(&j, text, len, BUF_BATCH_MAX, err);
	if (!st && !is_answer(j))
		st = err_set(err, E_INVALID,
			tr("The server's answer makes no sense."));
	if (!st)
		st = store_begin_lazy(s, err);
	if (!st) {
		*more = json_is_true(json_get(j, "more"));
		st = store_end(s, take(s, asked, j, err), err);
	}
	json_free(j);
	if (!st)
		s->generation++;
	return st ? st : people_names_load(s, err);
}

enum status
people_ask_unheard(struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"UPDATE people SET asked_on = ? WHERE asked_on = 0", err);

	if (st)
		return st;
	db_bind_int(q, 1, clock_today());
	st = db_run(q, err);
	db_finish(q);
	if (!st)
		st = store_meta_set_int(s, PEOPLE_ASK_DUE, 0, err);
	return st ? st : note_told(s, err);
}
