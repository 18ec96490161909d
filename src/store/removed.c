/*
 * Removed records, one row each, bound to the record and the time it left.
 * Who was put back leaves the id of the new entry until the time is over.
 */
#include "store/removed.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "store/inside.h"
#include "store/save.h"

#define KEEP_MS (REMOVED_DAYS * 24 * 3600 * (int64_t)1000)

void
removed_list_release(struct removed_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		record_release(&l->items[i].record);
	free(l->items);
	*l = (struct removed_list){0};
}

static struct seal
place_of(const struct uuid *id, int64_t at)
{
	return (struct seal){ .table = "removed", .column = "removed",
		.id = *id, .a = at };
}

/* ---- keeping ---- */

static bool
is_sealed(const struct store *s, const struct record *r)
{
	const struct schema_register *reg = schema_register_find(
		store_schema(s), r->reg);

	return reg && reg->sealed.count > 0 &&
		conds_hold(&reg->sealed, r, 0, "");
}

enum status
removed_keep(struct store *s, const struct record *r, struct err *err)
{
	int64_t now = clock_now_at();
	struct seal where = place_of(&r->id, now);
	struct db_stmt *q = NULL;
	struct buf text, sealed;
	enum status st;

	/* questions and the like: not entered */
	if (r->reg[0] == '@' || is_sealed(s, r))
		return E_OK;
	st = db_prepare(&q, s->db, "INSERT OR REPLACE INTO removed(id,"
		" removed_at, removed, again) VALUES(?, ?, ?, NULL)", err);
	if (st)
		return st;
	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&sealed, BUF_RECORD_MAX + CRYPTO_SEAL_OVERHEAD);
	record_encode(&text, r);
	seal_put(&sealed, &s->keys.body, &where, text.data, text.len);
	db_bind_uuid(q, 1, &r->id);
	db_bind_int(q, 2, now);
	db_bind_blob(q, 3, sealed.data, sealed.len);
	st = db_run(q, err);
	db_finish(q);
	buf_release(&text);
	buf_release(&sealed);
	return st;
}

enum status
removed_drop(struct store *s, const struct uuid *id, struct err *err)
{
	return db_run_uuid(s->db,
		"DELETE FROM removed WHERE id = ? AND again IS NULL", id, err);
}

enum status
removed_forget(struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"DELETE FROM removed WHERE removed_at < ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, clock_believed_at() - KEEP_MS);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* ---- reading ---- */

static bool
may_read(const struct store *s, const struct record *r)
{
	const struct schema_register *reg = schema_register_find(
		store_schema(s), r->reg);

	return !reg || schema_may_read(reg, s->user.role);
}

static enum status
read_row(struct removed *out, struct store *s, struct db_stmt *q,
	struct err *err)
{
	struct removed r = { .removed_at = db_int(q, 1) };
	struct seal where;
	struct uuid id;
	struct buf text;
	const void *bytes;
	size_t len;
	enum status st;

	if (!db_uuid(&id, q, 0))
		return store_damaged(err);
	where = place_of(&id, r.removed_at);
	buf_init(&text, BUF_RECORD_MAX);
	bytes = db_blob(q, 2, &len);
	st = seal_open(&text, &s->keys.body, &where, bytes, len, err);
	if (!st)
		st = record_decode(&r.record, text.data, text.len, err);
	if (!st) {
		r.record.id = id;
		*out = r;
	}
	buf_release(&text);
	return st;
}

enum status
removed_list(struct removed_list *out, struct store *s, struct err *err)
{
	struct removed_list l = {0};
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_prepare(&q, s->db, "SELECT id, removed_at, removed"
			" FROM removed r WHERE again IS NULL AND"
			" removed_at >= ? AND NOT EXISTS(SELECT 1 FROM record"
			" WHERE id = r.id) ORDER BY removed_at DESC, id", err);
	if (st)
		return st;
	db_bind_int(q, 1, clock_believed_at() - KEEP_MS);
	for (;;) {
		st = db_step(q, &row, err);
		if (st || !row)
			break;
		l.items = mem_grow(l.items, l.count, sizeof *l.items);
		st = read_row(&l.items[l.count], s, q, err);
		if (st)
			break;
		if (may_read(s, &l.items[l.count].record))
			l.count++;
		else
			record_release(&l.items[l.count].record);
	}
	db_finish(q);
	if (st)
		removed_list_release(&l);
	else
		*out = l;
	return st;
}

/* ---- putting back ---- */

/* The new entry of one that was put back; false: it was not. */
static enum status
find_again(struct uuid *out, bool *found, struct store *s,
	const struct uuid *id, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "SELECT again FROM removed"
		" WHERE id = ? AND again IS NOT NULL", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	st = db_step(q, found, err);
	*found = !st && *found && db_uuid(out, q, 0);
	db_finish(q);
	return st;
}

static enum status
turn_references(struct record *r, struct store *s, struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < r->values.count && !st; i++) {
		struct uuid id, now;
		char text[UUID_TEXT_MAX];
		bool found = false;

		if (!uuid_parse(&id, r->values.items[i].text))
			continue;
		st = find_again(&now, &found, s, &id, err);
		uuid_print(text, &now);
		if (!st && found)
			values_set(&r->values, r->values.items[i].name, text);
	}
	return st;
}

static enum status
note_again(struct store *s, const struct uuid *id, const struct uuid *now,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"UPDATE removed SET again = ?, removed = x'' WHERE id = ?", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, now);
	db_bind_uuid(q, 2, id);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* Saved first: after a kill in between it is there twice and not lost. */
static enum status
put_back(struct uuid *out, struct store *s, const struct removed *r,
	struct err *err)
{
	struct record again = {0};
	struct save save = { .record = &again };
	enum status st;

	record_copy(&again, &r->record);
	again.id = (struct uuid){{0}};
	again.rev = 0;
	st = turn_references(&again, s, err);
	if (!st)
		st = save_record(s, &save, err);
	if (!st)
		st = note_again(s, &r->record.id, &again.id, err);
	if (!st)
		*out = again.id;
	faults_release(&save.faults);
	record_release(&again);
	return st;
}

enum status
removed_restore(struct uuid *out, struct store *s, const struct uuid *id,
	struct err *err)
{
	struct removed_list l = {0};
	size_t i = 0;
	enum status st = removed_list(&l, s, err);

	if (st)
		return st;
	while (i < l.count && uuid_compare(&l.items[i].record.id, id) != 0)
		i++;
	st = i < l.count ? put_back(out, s, &l.items[i], err) :
		err_set(err, E_NOTFOUND,
		tr("It is not among what was removed here in 30 days."));
	removed_list_release(&l);
	return st;
}
