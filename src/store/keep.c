/*
 * Kept texts.  A row is found by its user and a number made of both names; the
 * text is sealed, because a filter may name somebody.
 */
#include "store/keep.h"

#include <string.h>

#include "base/clock.h"
#include "store/inside.h"
#include "store/save.h"

static struct seal
place_of(const struct store *s, const char *name, int64_t at)
{
	return (struct seal){ .table = "keep", .column = "keep", .a = at,
		.id = uuid_named(s->user.login, name) };
}

static enum status
open_row(struct buf *out, struct store *s, const char *name,
	struct db_stmt *q, struct err *err)
{
	struct seal where = place_of(s, name, db_int(q, 0));
	size_t len;
	const void *sealed = db_blob(q, 1, &len);

	return seal_open(out, &s->keys.aside, &where, sealed, len, err);
}

enum status
keep_get(struct buf *out, struct store *s, const char *name, struct err *err)
{
	struct seal where;
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_prepare(&q, s->db, "SELECT saved_at, keep FROM keep"
			" WHERE login = ? AND id = ?", err);
	if (st)
		return st;
	where = place_of(s, name, 0);
	db_bind_text(q, 1, s->user.login);
	db_bind_uuid(q, 2, &where.id);
	st = db_step(q, &row, err);
	if (!st && row)
		st = open_row(out, s, name, q, err);
	db_finish(q);
	return st;
}

static enum status
write_row(struct store *s, const char *name, const char *text,
	struct err *err)
{
	struct seal where = place_of(s, name, clock_now_at());
	size_t len = strlen(text);
	struct buf sealed;
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO"
		" keep(login, id, saved_at, keep) VALUES(?, ?, ?, ?)"
		" ON CONFLICT(login, id) DO UPDATE SET"
		" saved_at = excluded.saved_at, keep = excluded.keep", err);

	if (st)
		return st;
	buf_init(&sealed, len + CRYPTO_SEAL_OVERHEAD);
	seal_put(&sealed, &s->keys.aside, &where, text, len);
	db_bind_text(q, 1, s->user.login);
	db_bind_uuid(q, 2, &where.id);
	db_bind_int(q, 3, where.a);
	db_bind_blob(q, 4, sealed.data, sealed.len);
	st = db_run(q, err);
	db_finish(q);
	buf_release(&sealed);
	return st;
}

static enum status
drop_row(struct store *s, const char *name, struct err *err)
{
	struct seal where = place_of(s, name, 0);
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"DELETE FROM keep WHERE login = ? AND id = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, s->user.login);
	db_bind_uuid(q, 2, &where.id);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
keep_put(struct store *s, const char *name, const char *text, struct err *err)
{
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	st = text[0] ? write_row(s, name, text, err) : drop_row(s, name, err);
	return store_end(s, st, err);
}
