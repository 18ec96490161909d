/*
 * Drafts: a form in progress, one row each, sealed and bound to its key and
 * its user.
 */
#include "store/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/older.h"
#include "store/inside.h"

void
draft_release(struct draft *d)
{
	record_release(&d->record);
	record_release(&d->seen);
	*d = (struct draft){0};
}

void
draft_list_release(struct draft_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		draft_release(&l->items[i]);
	free(l->items);
	*l = (struct draft_list){0};
}

static struct seal
place_of(const char *login, const char *key, int64_t saved_at)
{
	struct seal where = { .table = "draft", .column = "draft",
		.a = saved_at };

	where.id = uuid_named(login, key);
	return where;
}

/* ---- the text: field, then both records, each after its length ---- */

static void
put_record(struct buf *out, const struct record *r)
{
	struct buf text;
	uint8_t len[4];

	buf_init(&text, BUF_RECORD_MAX);
	record_encode(&text, r);
	for (int i = 0; i < 4; i++)
		len[i] = (uint8_t)(text.len >> (24 - 8 * i));
	buf_add(out, len, sizeof len);
	buf_add(out, text.data, text.len);
	buf_release(&text);
}

static enum status
take_record(struct record *out, const struct buf *text, size_t *at,
	struct err *err)
{
	const uint8_t *bytes = (const uint8_t *)text->data + *at;
	size_t left = text->len - *at, len = 0;

	for (int i = 0; i < 4 && left >= 4; i++)
		len = len << 8 | bytes[i];
	if (left < 4 || left - 4 < len)
		return store_damaged(err);
	*at += 4 + len;
	return record_decode(out, bytes + 4, len, err);
}

static enum status
parse_draft(struct draft *d, const struct buf *text, struct err *err)
{
	size_t at = strlen(text->data) + 1;
	enum status st;

	if (at > text->len || at > sizeof d->field)
		return store_damaged(err);
	memcpy(d->field, text->data, at);
	st = take_record(&d->record, text, &at, err);
	if (!st)
		st = take_record(&d->seen, text, &at, err);
	return st;
}

/* A form that was begun before the definitions changed. */
static void
bring(struct draft *d, const struct store *s)
{
	const struct schema_register *reg =
		schema_register_find(s->schema, d->record.reg);

	if (!reg)
		return;
	(void)older_record(&d->record, reg);
	(void)older_record(&d->seen, reg);
}

/* ---- rows ---- */

static enum status
write_draft(struct store *s, const struct draft *d, const struct buf *sealed,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO"
		" draft(key, login, saved_at, draft) VALUES(?, ?, ?, ?)"
		" ON CONFLICT(key) DO UPDATE SET login = excluded.login,"
		" saved_at = excluded.saved_at, draft = excluded.draft", err);

	if (st)
		return st;
	db_bind_text(q, 1, d->key);
	db_bind_text(q, 2, s->user.login);
	db_bind_int(q, 3, d->saved_at);
	db_bind_blob(q, 4, sealed->data, sealed->len);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
draft_put(struct store *s, const struct draft *d, struct err *err)
{
	struct seal where;
	struct buf text, sealed;
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	buf_init(&text, 2 * BUF_RECORD_MAX);
	buf_init(&sealed, 2 * BUF_RECORD_MAX + CRYPTO_SEAL_OVERHEAD);
	buf_add(&text, d->field, strlen(d->field) + 1);
	put_record(&text, &d->record);
	put_record(&text, &d->seen);
	where = place_of(s->user.login, d->key, d->saved_at);
	seal_put(&sealed, &s->keys.draft, &where, text.data, text.len);
	st = write_draft(s, d, &sealed, err);
	if (!st)
		s->generation++;
	buf_release(&text);
	buf_release(&sealed);
	return st;
}

enum status
draft_is_there(bool *out, struct store *s, const char *key, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"SELECT 1 FROM draft WHERE key = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, key);
	st = db_step(q, out, err);
	db_finish(q);
	return st;
}

enum status
draft_drop(struct store *s, const char *key, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"DELETE FROM draft WHERE key = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, key);
	st = db_run(q, err);
	db_finish(q);
	if (!st)
		s->generation++;
	return st;
}

static enum status
read_draft(struct draft *d, struct store *s, const char *login,
	struct db_stmt *q, struct err *err)
{
	struct seal where;
	struct buf text;
	const void *sealed;
	const char *key;
	size_t len;
	enum status st;

	key = db_text(q, 0, &len);
	if (len >= sizeof d->key)
		return store_damaged(err);
	memcpy(d->key, key, len + 1);
	d->saved_at = db_int(q, 1);
	where = place_of(login, d->key, d->saved_at);
	buf_init(&text, 2 * BUF_RECORD_MAX);
	sealed = db_blob(q, 2, &len);
	st = seal_open(&text, &s->keys.draft, &where, sealed, len, err);
	if (!st)
		st = parse_draft(d, &text, err);
	if (!st)
		bring(d, s);
	buf_release(&text);
	return st;
}

enum status
draft_list(struct draft_list *out, struct store *s, struct err *err)
{
	struct draft_list l = {0};
	struct db_stmt *q = NULL;
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_prepare(&q, s->db, "SELECT key, saved_at, draft"
			" FROM draft WHERE login = ?"
			" ORDER BY saved_at DESC, key", err);
	if (st)
		return st;
	db_bind_text(q, 1, s->user.login);
	for (;;) {
		struct draft d = {0};
		bool row = false;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		st = read_draft(&d, s, s->user.login, q, err);
		if (st) {
			draft_release(&d);
			break;
		}
		l.items = mem_grow(l.items, l.count, sizeof *l.items);
		l.items[l.count++] = d;
	}
	db_finish(q);
	if (st) {
		draft_list_release(&l);
		return st;
	}
	*out = l;
	return E_OK;
}

/* ---- about a record ---- */

static bool
names(const struct record *r, const struct uuid *id)
{
	char text[UUID_TEXT_MAX];

	if (uuid_compare(&r->id, id) == 0)
		return true;
	uuid_print(text, id);
	for (size_t i = 0; i < r->values.count; i++)
		if (strcmp(r->values.items[i].text, text) == 0)
			return true;
	return false;
}

enum status
draft_drop_about(struct store *s, const struct uuid *id, struct err *err)
{
	struct draft_list l = {0};
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT key, saved_at, draft,"
		" login FROM draft", err);

	while (!st) {
		struct draft d = {0};

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		st = read_draft(&d, s, db_text(q, 3, NULL), q, err);
		if (!st && (names(&d.record, id) || names(&d.seen, id))) {
			l.items = mem_grow(l.items, l.count, sizeof *l.items);
			l.items[l.count++] = d;
			d = (struct draft){0};
		}
		draft_release(&d);
	}
	db_finish(q);
	for (size_t i = 0; i < l.count && !st; i++)
		st = draft_drop(s, l.items[i].key, err);
	draft_list_release(&l);
	return st;
}
