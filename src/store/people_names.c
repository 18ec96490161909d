/*
 * Names, a row each, bound to its login and to the gen it was written with, by
 * which memory finds what is new.  A row without a name is somebody who was met
 * on a record; asked_on is the day they were last asked for, 0 not yet.
 */
#include "store/people_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db_uuid.h"
#include "store/inside.h"

enum { PERSON_MAX = 256 };	/* "9901010001 张三" */

static const char meta_mark[] = "people_mark", meta_told[] = "people_told";

struct person_name {
	char login[RECORD_NAME_MAX];
	char *name;		/* owned */
	char *both;		/* with the login, where another one is called
				 * the same; NULL; owned */
};

/* ---- memory ---- */

static void
drop_text(char *text)
{
	if (text)
		crypto_wipe(text, strlen(text));
	free(text);
}

void
people_names_forget(struct store *s)
{
	for (size_t i = 0; i < s->people.count; i++) {
		drop_text(s->people.items[i].name);
		drop_text(s->people.items[i].both);
	}
	free(s->people.items);
	s->people = (struct store_people){0};
}

static int
by_login(const void *a, const void *b)
{
	const struct person_name *x = a, *y = b;

	return strcmp(x->login, y->login);
}

static int
by_name(const void *a, const void *b)
{
	const struct person_name *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static struct person_name *
find(const struct store *s, const char *login)
{
	struct person_name key = {0};

	if (s->people.count == 0 || strlen(login) >= sizeof key.login)
		return NULL;
	memcpy(key.login, login, strlen(login) + 1);
	return bsearch(&key, s->people.items, s->people.count,
		sizeof *s->people.items, by_login);
}

/* Who is called as somebody else is shown with the login. */
static void
tell_apart(struct store *s)
{
	size_t count = s->people.count;
	struct person_name **all = mem_alloc(count + 1, sizeof *all);

	for (size_t i = 0; i < count; i++) {
		all[i] = &s->people.items[i];
		drop_text(all[i]->both);
		all[i]->both = NULL;
	}
	qsort(all, count, sizeof *all, by_name);
	for (size_t i = 0; i < count; i++)
		if ((i > 0 && strcmp(all[i - 1]->name, all[i]->name) == 0) ||
		    (i + 1 < count &&
		    strcmp(all[i + 1]->name, all[i]->name) == 0))
			all[i]->both = mem_printf("%s(%s)", all[i]->name,
				all[i]->login);
	free(all);
}

const char *
people_names_of(const struct store *s, const char *login)
{
	const struct person_name *p = find(s, login);

	if (p)
		return p->both ? p->both : p->name;
	return s->unlocked && *s->user.name &&
		strcmp(s->user.login, login) == 0 ? s->user.name : login;
}

/* ---- rows ---- */

static struct seal
place_of(const char *login, int64_t gen)
{
	return (struct seal){ .table = "people", .column = "person",
		.id = uuid_named("people", login), .a = gen };
}

/* Columns login, gen, person.  One that does not open is left out: its login
 * is shown. */
static void
hold(struct store *s, struct db_stmt *q)
{
	const char *login = db_text(q, 0, NULL), *name;
	struct seal where = place_of(login, db_int(q, 1));
	struct person_name *p = find(s, login);
	struct err damage = ERR_INIT;
	struct buf text;
	const void *sealed;
	size_t len;

	buf_init(&text, PERSON_MAX);
	sealed = db_blob(q, 2, &len);
	if (!seal_open(&text, &s->keys.facts, &where, sealed, len, &damage) &&
	    strlen(login) < sizeof p->login) {
		if (!p) {
			s->people.items = mem_grow(s->people.items,
				s->people.count, sizeof *s->people.items);
			p = &s->people.items[s->people.count++];
			*p = (struct person_name){0};
			memcpy(p->login, login, strlen(login) + 1);
		}
		name = strchr(text.data, ' ');
		drop_text(p->name);
		p->name = mem_strdup(name ? name + 1 : text.data);
		qsort(s->people.items, s->people.count,
			sizeof *s->people.items, by_login);
	}
	crypto_wipe(text.data, text.len);
	buf_release(&text);
}

enum status
people_names_load(struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	int64_t before = s->people.gen;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT login, gen, person FROM"
		" people WHERE gen > ? AND person IS NOT NULL ORDER BY gen",
		err);

	if (st)
		return st;
	db_bind_int(q, 1, before);
	for (;;) {
		st = db_step(q, &row, err);
		if (st || !row)
			break;
		hold(s, q);
		s->people.gen = db_int(q, 1);
	}
	db_finish(q);
	if (s->people.gen != before)
		tell_apart(s);
	s->people.loaded = true;
	return st;
}

/* Inside a transaction. */
static enum status
put(struct store *s, const char *login, const char *name, const char *office,
	struct err *err)
{
	struct db_stmt *q = NULL;
	struct seal where;
	struct buf text, sealed;
	int64_t gen = 0;
	enum status st = db_number(&gen, s->db,
		"SELECT coalesce(max(gen), 0) + 1 FROM people", err);

	if (!st)
		st = db_prepare(&q, s->db, "INSERT INTO people(login, gen,"
			" asked_on, person) VALUES(?, ?, ?, ?) ON"
			" CONFLICT(login) DO UPDATE SET gen = excluded.gen,"
			" asked_on = excluded.asked_on,"
			" person = excluded.person", err);
	if (st)
		return st;
	where = place_of(login, gen);
	buf_init(&text, PERSON_MAX);
	buf_init(&sealed, PERSON_MAX + CRYPTO_SEAL_OVERHEAD);
	buf_printf(&text, "%s %s", office, name);
	seal_put(&sealed, &s->keys.facts, &where, text.data, text.len);
	db_bind_text(q, 1, login);
	db_bind_int(q, 2, gen);
	db_bind_int(q, 3, clock_today());
	db_bind_blob(q, 4, sealed.data, sealed.len);
	st = db_run(q, err);
	db_finish(q);
	crypto_wipe(text.data, text.len);
	buf_release(&text);
	buf_release(&sealed);
	return st;
}

/* ---- who is met ---- */

enum status
people_names_seen(struct store *s, const char *login,
	const struct uuid *record, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = store_need_key(s, err);

	if (!st && !s->people.loaded)
		st = people_names_load(s, err);
	if (st || !*login || strlen(login) >= RECORD_NAME_MAX ||
	    find(s, login) || strcmp(s->people.met, login) == 0)
		return st;
	st = db_prepare(&q, s->db, "INSERT INTO people(login, gen, record)"
		" VALUES(?, 0, ?) ON CONFLICT(login) DO UPDATE SET"
		" record = excluded.record, asked_on = 0 WHERE person IS NULL",
		err);
	if (st)
		return st;
	db_bind_text(q, 1, login);
	db_bind_uuid(q, 2, record);
	st = db_run(q, err);
	db_finish(q);
	if (!st)
		memcpy(s->people.met, login, strlen(login) + 1);
	return st;
}

enum status
people_names_seen_all(struct store *s, const struct record *r,
	struct err *err)
{
	enum status st = people_names_seen(s, r->created_by, &r->id, err);

	if (!st && strcmp(r->created_by, r->updated_by) != 0)
		st = people_names_seen(s, r->updated_by, &r->id, err);
	return st;
}

/* Records that were here before names were. */
static enum status
read_all(struct store *s, struct err *err)
{
	struct uuid *ids = NULL;
	size_t count = 0;
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"SELECT id FROM record ORDER BY num", err);

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
	return st ? st : store_meta_set_int(s, PEOPLE_NAMES_UNREAD, 0, err);
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
		st = store_meta_int(&said, s, PEOPLE_NAMES_DUE, err);
	if (!st)
		st = store_meta_int(&unread, s, PEOPLE_NAMES_UNREAD, err);
	if (!st)
		st = db_number(&met, s->db, "SELECT EXISTS(SELECT 1 FROM"
			" people WHERE record IS NOT NULL AND asked_on = 0)",
			err);
	*out = !told || said || unread || met;
	return st;
}

/* What is known here already: all whom it has wraps of see each other, also
 * those of the county, whom the server would not tell. */
static enum status
prepare(struct store *s, struct err *err)
{
	int64_t unread = 0;
	enum status st = people_names_load(s, err);

	if (!st && *s->user.name && !find(s, s->user.login))
		st = put(s, s->user.login, s->user.name, s->user.office, err);
	if (!st)
		st = store_meta_int(&unread, s, PEOPLE_NAMES_UNREAD, err);
	if (!st && unread)
		st = read_all(s, err);
	/* who breaks off now asks again */
	if (!st)
		st = store_meta_set_int(s, PEOPLE_NAMES_DUE, 1, err);
	return st ? st : people_names_load(s, err);
}

static enum status
print_wanted(struct json *want, struct people_names_asked *asked,
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
	db_bind_int(q, 2, PEOPLE_NAMES_WANTED_MAX);
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
print_ask(struct buf *body, struct people_names_asked *asked,
	struct store *s, struct err *err)
{
	struct json *j = json_object(), *want = json_array();
	struct buf mark;
	enum status st;

	buf_init(&mark, BUF_LINE_MAX);
	st = get_text(&mark, s, meta_mark, err);
	if (!st)
		st = print_wanted(want, asked, s, err);
	if (mark.len > 0)
		json_put_text(j, "mark", mark.data);
	json_put(j, "want", want);
	if (!st)
		json_print(body, j);
	json_free(j);
	buf_release(&mark);
	return st;
}

enum status
people_names_ask(struct buf *body, struct people_names_asked *asked,
	bool *needed, struct store *s, struct err *err)
{
	enum status st = store_need_key(s, err);

	*asked = (struct people_names_asked){0};
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
note_asked(struct store *s, const struct people_names_asked *asked,
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
		strlen(office) + strlen(name) + 1 < PERSON_MAX &&
		!strchr(office, ' ');
}

static enum status
take(struct store *s, const struct people_names_asked *asked,
	const struct json *j, struct err *err)
{
	enum status st = note_mark(s, json_get_text(j, "mark"), err);

	if (!st)
		st = note_asked(s, asked, err);
	for (const struct json *p = json_first(json_get(j, "people")); p && !st;
	    p = json_next(p))
		st = put(s, json_get_text(p, "user"), json_get_text(p, "name"),
			json_get_text(p, "office"), err);
	if (!st && !json_is_true(json_get(j, "more")))
		st = store_meta_set_int(s, PEOPLE_NAMES_DUE, 0, err);
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
people_names_take(bool *more, struct store *s,
	const struct people_names_asked *asked, const char *text, size_t len,
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
people_names_unheard(struct store *s, struct err *err)
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
		st = store_meta_set_int(s, PEOPLE_NAMES_DUE, 0, err);
	return st ? st : note_told(s, err);
}
