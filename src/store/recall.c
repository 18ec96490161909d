/*
 * What was entered before.  A row is found by a number made of office, register
 * and field (or user and register), so nothing of it can be read in the file;
 * its text is a line for each value.
 */
#include "store/recall.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "store/hidden.h"
#include "store/inside.h"
#include "store/overview.h"

/* Four bytes a character, and the ends of lines. */
#define TEXT_MAX ((size_t)RECALL_MAX * (RECALL_CHARS_MAX * 4 + 1))

void
recall_list_release(struct recall_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->items[i]);
	free(l->items);
	*l = (struct recall_list){0};
}

static struct uuid
row_of(const char *space, const char *reg, const char *field)
{
	char *name = mem_printf("recall/%s/%s", reg, field);
	struct uuid id = uuid_named(space, name);

	free(name);
	return id;
}

static struct seal
place_of(const struct uuid *row, int64_t saved_at)
{
	return (struct seal){ .table = "recall", .column = "recall",
		.id = *row, .a = saved_at };
}

/* ---- rows ---- */

/* The text of the row that q stands on: saved_at, recall. */
static enum status
open_row(struct buf *out, struct store *s, struct db_stmt *q,
	const struct uuid *row, struct err *err)
{
	struct seal where = place_of(row, db_int(q, 0));
	size_t len;
	const void *sealed = db_blob(q, 1, &len);

	return seal_open(out, &s->keys.recall, &where, sealed, len, err);
}

/* Append the row's text; nothing if there is none. */
static enum status
read_row(struct buf *out, struct store *s, const struct uuid *row,
	struct err *err)
{
	struct db_stmt *q = NULL;
	bool found = false;
	enum status st = db_prepare(&q, s->db, "SELECT saved_at, recall"
		" FROM recall WHERE id = ?", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, row);
	st = db_step(q, &found, err);
	if (!st && found)
		st = open_row(out, s, q, row, err);
	db_finish(q);
	return st;
}

static enum status
write_row(struct store *s, const struct uuid *row, const char *text,
	struct err *err)
{
	int64_t now = clock_now_at();
	struct seal where = place_of(row, now);
	struct buf sealed;
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO"
		" recall(id, saved_at, recall) VALUES(?, ?, ?)"
		" ON CONFLICT(id) DO UPDATE SET"
		" saved_at = excluded.saved_at, recall = excluded.recall", err);

	if (st)
		return st;
	buf_init(&sealed, TEXT_MAX + CRYPTO_SEAL_OVERHEAD);
	seal_put(&sealed, &s->keys.recall, &where, text, strlen(text));
	db_bind_uuid(q, 1, row);
	db_bind_int(q, 2, now);
	db_bind_blob(q, 3, sealed.data, sealed.len);
	st = db_run(q, err);
	db_finish(q);
	buf_release(&sealed);
	return st;
}

enum status
recall_check(struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_prepare(&q, s->db,
			"SELECT saved_at, recall, id FROM recall", err);
	while (!st) {
		struct uuid row;
		struct buf text;
		bool found = false;

		st = db_step(q, &found, err);
		if (st || !found)
			break;
		if (!db_uuid(&row, q, 2)) {
			st = store_damaged(err);
			break;
		}
		buf_init(&text, TEXT_MAX);
		st = open_row(&text, s, q, &row, err);
		buf_release(&text);
	}
	db_finish(q);
	return st;
}

/* ---- learning ---- */

/* Sealed, or below or about what is sealed. */
static bool
belongs_to_sealed(const struct store *s, const struct uuid *id)
{
	const struct overview *o = overview_find(s, id);

	if (!o)
		return hidden_is(s, id);
	return (o->reg && o->reg->sealed.count > 0 &&
		overview_matches(s, o, &o->reg->sealed, 0, "")) ||
		belongs_to_sealed(s, &o->parent) ||
		belongs_to_sealed(s, &o->person);
}

static bool
field_is_sealed(const struct store *s, const struct record *r,
	const char *field)
{
	struct uuid id;

	return field && uuid_parse(&id, record_get(r, field)) &&
		belongs_to_sealed(s, &id);
}

static bool
is_sealed(const struct store *s, const struct schema_register *reg,
	const struct record *r)
{
	return (reg->sealed.count > 0 && conds_hold(&reg->sealed, r, 0, "")) ||
		field_is_sealed(s, r, reg->parent_field) ||
		field_is_sealed(s, r, reg->person_field);
}

/* The new text first, then the others as they stood. */
static enum status
put_first(struct store *s, const struct uuid *row, const char *text,
	struct err *err)
{
	struct buf old, now;
	const char *at;
	int left = RECALL_MAX - 1;
	enum status st;

	buf_init(&old, TEXT_MAX);
	buf_init(&now, TEXT_MAX);
	st = read_row(&old, s, row, err);
	buf_text(&now, text);
	for (at = old.data; !st && *at && left > 0; at += *at == '\n') {
		size_t len = strcspn(at, "\n");

		if (len != strlen(text) || memcmp(at, text, len) != 0) {
			buf_char(&now, '\n');
			buf_add(&now, at, len);
			left--;
		}
		at += len;
	}
	if (!st)
		st = write_row(s, row, now.data, err);
	buf_release(&old);
	buf_release(&now);
	return st;
}

static enum status
learn_fields(struct store *s, const struct schema_register *reg,
	const struct record *r, const struct record *was, struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < reg->field_count && !st; i++) {
		const struct schema_field *f = &reg->fields[i];
		const char *text = record_get(r, f->name);
		struct uuid row;

		if (!*text || !schema_may_recall(reg, f) ||
		    strchr(text, '\n') ||
		    utf8_chars(text, strlen(text)) > RECALL_CHARS_MAX ||
		    (was && strcmp(record_get(was, f->name), text) == 0))
			continue;
		row = row_of(s->user.office, reg->name, f->name);
		st = put_first(s, &row, text, err);
	}
	return st;
}

static enum status
learn_last(struct store *s, const struct record *r, struct err *err)
{
	struct uuid row = row_of(s->user.login, r->reg, "@last");
	char id[UUID_TEXT_MAX];

	uuid_print(id, &r->id);
	return write_row(s, &row, id, err);
}

enum status
recall_learn(struct store *s, const struct record *r,
	const struct record *was, struct err *err)
{
	const struct schema_register *reg = schema_register_find(s->schema,
		r->reg);
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	if (reg && !is_sealed(s, reg, r))
		st = learn_fields(s, reg, r, was, err);
	if (!st && !was && !uuid_is_zero(&r->id))
		st = learn_last(s, r, err);
	return store_end(s, st, err);
}

/* ---- asking ---- */

enum status
recall_texts(struct recall_list *out, struct store *s, const char *reg,
	const char *field, struct err *err)
{
	struct uuid row = row_of(s->user.office, reg, field);
	struct buf text;
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	buf_init(&text, TEXT_MAX);
	st = read_row(&text, s, &row, err);
	for (const char *at = text.data; !st && *at; at += *at == '\n') {
		size_t len = strcspn(at, "\n");

		out->items = mem_grow(out->items, out->count,
			sizeof *out->items);
		out->items[out->count++] = mem_printf("%.*s", (int)len, at);
		at += len;
	}
	buf_release(&text);
	return st;
}

static bool
is_usable(const struct overview *o, const struct schema_register *reg,
	const struct uuid *other)
{
	return o && o->reg == reg && !o->deleted &&
		uuid_compare(&o->id, other) != 0;
}

/* Ids grow with time. */
static bool
newest(struct uuid *out, const struct store *s,
	const struct schema_register *reg, const struct uuid *other)
{
	const struct overview *best = NULL;

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		if (is_usable(o, reg, other) &&
		    strcmp(o->office, s->user.office) == 0 &&
		    (!best || uuid_compare(&o->id, &best->id) > 0))
			best = o;
	}
	if (best)
		*out = best->id;
	return best != NULL;
}

enum status
recall_last(struct uuid *out, struct store *s,
	const struct schema_register *reg, const struct uuid *other,
	struct err *err)
{
	struct uuid row = row_of(s->user.login, reg->name, "@last"), id;
	struct buf text;
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	buf_init(&text, TEXT_MAX);
	st = read_row(&text, s, &row, err);
	if (!st && uuid_parse(&id, text.data) &&
	    is_usable(overview_find(s, &id), reg, other))
		*out = id;
	else if (!st && !newest(out, s, reg, other))
		st = err_set(err, E_NOTFOUND, tr("None was entered yet."));
	buf_release(&text);
	return st;
}
