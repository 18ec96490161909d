/*
 * Names, a row each, bound to its login and to the gen it was written with, by
 * which memory finds what is new.  What a row without one is: people_ask.c.
 */
#include "store/people_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "store/inside.h"

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

	buf_init(&text, PEOPLE_PERSON_MAX);
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

enum status
people_names_put(struct store *s, const char *login, const char *name,
	const char *office, struct err *err)
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
	buf_init(&text, PEOPLE_PERSON_MAX);
	buf_init(&sealed, PEOPLE_PERSON_MAX + CRYPTO_SEAL_OVERHEAD);
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

bool
people_names_has(const struct store *s, const char *login)
{
	return find(s, login) != NULL;
}
