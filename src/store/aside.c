/*
 * Reminders put aside.  A row is found by its user and a number made of rule
 * and record; which rule, which day and until when is sealed.
 */
#include "store/aside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "store/inside.h"

enum {
	ASIDE_WEEK_DAYS = 7,
	ASIDE_TEXT_MAX = 256,
};

/* Rows of what was done long ago are of no use. */
#define ASIDE_KEEP_MS (400 * 24 * 3600 * (int64_t)1000)

void
aside_release(struct aside_list *l)
{
	free(l->items);
	*l = (struct aside_list){0};
}

static struct uuid
row_id(const struct store *s, const struct due_item *item)
{
	char id[UUID_TEXT_MAX];
	char *name;
	struct uuid out;

	uuid_print(id, &item->id);
	name = mem_printf("%s/%s/%s", item->rule->reg->name, item->rule->name,
		id);
	out = uuid_named(s->user.login, name);
	free(name);
	return out;
}

static struct seal
place_of(const struct uuid *row, int64_t saved_at)
{
	return (struct seal){ .table = "aside", .column = "aside", .id = *row,
		.a = saved_at };
}

/* ---- the text ---- */

static void
print_aside(struct buf *out, const struct aside *a)
{
	char id[UUID_TEXT_MAX];

	uuid_print(id, &a->id);
	buf_printf(out, "%s %s %s %d %d %d %d", id, a->reg, a->rule, a->on,
		(int)a->state, a->from_on, a->until_on);
}

static bool
take_word(char *out, size_t size, const char **at)
{
	size_t len = strcspn(*at, " ");

	if (len == 0 || len >= size)
		return false;
	memcpy(out, *at, len);
	out[len] = '\0';
	*at += len + strspn(*at + len, " ");
	return true;
}

static bool
take_int(int *out, const char **at)
{
	char word[16];

	if (!take_word(word, sizeof word, at))
		return false;
	*out = (int)strtol(word, NULL, 10);
	return true;
}

static enum status
parse_aside(struct aside *a, const char *text, struct err *err)
{
	char id[UUID_TEXT_MAX];
	int state = 0;

	if (take_word(id, sizeof id, &text) && uuid_parse(&a->id, id) &&
	    take_word(a->reg, sizeof a->reg, &text) &&
	    take_word(a->rule, sizeof a->rule, &text) &&
	    take_int(&a->on, &text) && take_int(&state, &text) &&
	    take_int(&a->from_on, &text) && take_int(&a->until_on, &text)) {
		a->state = (enum deadline_state)state;
		return E_OK;
	}
	return store_damaged(err);
}

/* ---- reading ---- */

static enum status
read_row(struct aside *a, struct store *s, struct db_stmt *q, struct err *err)
{
	struct seal where;
	struct uuid row;
	struct buf text;
	const void *sealed;
	size_t len;
	enum status st;

	if (!db_uuid(&row, q, 0))
		return store_damaged(err);
	where = place_of(&row, db_int(q, 1));
	buf_init(&text, ASIDE_TEXT_MAX);
	sealed = db_blob(q, 2, &len);
	st = seal_open(&text, &s->keys.aside, &where, sealed, len, err);
	if (!st)
		st = parse_aside(a, text.data, err);
	buf_release(&text);
	return st;
}

static enum status
read_rows(struct aside_list *l, struct store *s, struct db_stmt *q,
	struct err *err)
{
	for (;;) {
		struct aside a = {0};
		bool row = false;
		enum status st = db_step(q, &row, err);

		if (st || !row)
			return st;
		st = read_row(&a, s, q, err);
		if (st)
			return st;
		l->items = mem_grow(l->items, l->count, sizeof *l->items);
		l->items[l->count++] = a;
	}
}

enum status
aside_load(struct aside_list *l, struct store *s, struct err *err)
{
	struct aside_list now = { .store = s };
	struct db_stmt *q = NULL;
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	now.generation = store_generation(s);
	if (l->store == s && l->generation == now.generation)
		return E_OK;
	st = db_prepare(&q, s->db, "SELECT id, saved_at, aside FROM aside"
		" WHERE login = ?", err);
	if (st)
		return st;
	db_bind_text(q, 1, s->user.login);
	st = read_rows(&now, s, q, err);
	db_finish(q);
	aside_release(st ? &now : l);
	if (!st)
		*l = now;
	return st;
}

static bool
is_back(const struct aside *a, const struct deadline *d, int today)
{
	/* A clock that was put back shows it again rather than too late. */
	if (a->on != d->on || today < a->from_on)
		return true;
	if (a->until_on == DATE_NONE)
		return d->state == DEADLINE_LATE;
	return a->state != d->state || today >= a->until_on;
}

const struct aside *
aside_of(const struct aside_list *l, const struct due_item *item, int today)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct aside *a = &l->items[i];

		if (uuid_compare(&a->id, &item->id) == 0 &&
		    strcmp(a->rule, item->rule->name) == 0 &&
		    strcmp(a->reg, item->rule->reg->name) == 0)
			return is_back(a, &item->when, today) ? NULL : a;
	}
	return NULL;
}

/* ---- writing ---- */

static struct aside
make_aside(const struct due_item *item, enum aside_until until, int today)
{
	struct aside a = { .id = item->id, .on = item->when.on,
		.state = item->when.state, .from_on = today,
		.until_on = today + 1 };

	if (until == ASIDE_WEEK)
		a.until_on = today + ASIDE_WEEK_DAYS;
	else if (until == ASIDE_LATE)
		a.until_on = DATE_NONE;
	(void)snprintf(a.reg, sizeof a.reg, "%s", item->rule->reg->name);
	(void)snprintf(a.rule, sizeof a.rule, "%s", item->rule->name);
	return a;
}

static enum status
write_row(struct store *s, const struct uuid *row, const struct aside *a,
	struct err *err)
{
	int64_t now = clock_now_at();
	struct seal where = place_of(row, now);
	struct buf text, sealed;
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO"
		" aside(login, id, saved_at, aside) VALUES(?, ?, ?, ?)"
		" ON CONFLICT(login, id) DO UPDATE SET"
		" saved_at = excluded.saved_at, aside = excluded.aside", err);

	if (st)
		return st;
	buf_init(&text, ASIDE_TEXT_MAX);
	buf_init(&sealed, ASIDE_TEXT_MAX + CRYPTO_SEAL_OVERHEAD);
	print_aside(&text, a);
	seal_put(&sealed, &s->keys.aside, &where, text.data, text.len);
	db_bind_text(q, 1, s->user.login);
	db_bind_uuid(q, 2, row);
	db_bind_int(q, 3, now);
	db_bind_blob(q, 4, sealed.data, sealed.len);
	st = db_run(q, err);
	db_finish(q);
	buf_release(&text);
	buf_release(&sealed);
	return st;
}

static enum status
drop_row(struct store *s, const struct uuid *row, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"DELETE FROM aside WHERE login = ? AND id = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, s->user.login);
	db_bind_uuid(q, 2, row);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

static enum status
drop_old(struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"DELETE FROM aside WHERE saved_at < ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, clock_now_at() - ASIDE_KEEP_MS);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
aside_put(struct store *s, const struct due_item *items, size_t count,
	enum aside_until until, int today, struct err *err)
{
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	st = drop_old(s, err);
	for (size_t i = 0; i < count && !st; i++) {
		struct uuid row = row_id(s, &items[i]);
		struct aside a = make_aside(&items[i], until, today);

		st = write_row(s, &row, &a, err);
	}
	return store_end(s, st, err);
}

enum status
aside_drop(struct store *s, const struct due_item *items, size_t count,
	struct err *err)
{
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	for (size_t i = 0; i < count && !st; i++) {
		struct uuid row = row_id(s, &items[i]);

		st = drop_row(s, &row, err);
	}
	return store_end(s, st, err);
}
