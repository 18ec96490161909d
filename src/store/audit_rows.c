/*
 * Rows and marks.
 */
#include "store/audit_rows.h"

#include <string.h>


struct seal
audit_rows_seal(int64_t n)
{
	return (struct seal){ .table = "audit", .column = "entry", .a = n };
}

static struct seal
seal_of_mark(const char *name, int64_t n)
{
	return (struct seal){ .table = "audit_mark", .column = name, .a = n };
}

/* ---- marks ---- */

static enum status
open_mark(struct audit_place *out, const struct store *s, const char *name,
	struct db_stmt *q, struct err *err)
{
	struct seal where = seal_of_mark(name, db_int(q, 0));
	struct buf text;
	const void *sealed;
	size_t len;
	enum status st;

	buf_init(&text, AUDIT_HASH);
	sealed = db_blob(q, 1, &len);
	st = seal_open(&text, &s->keys.audit, &where, sealed, len, err);
	if (!st && text.len != sizeof out->hash)
		st = store_damaged(err);
	if (!st)
		memcpy(out->hash, text.data, sizeof out->hash);
	buf_release(&text);
	return st;
}

enum status
audit_mark_get(struct audit_place *out, struct store *s, const char *name,
	struct err *err)
{
	struct audit_place p = {0};
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT n, mark FROM audit_mark WHERE name = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, name);
	st = db_step(q, &row, err);
	if (!st && row) {
		p.n = db_int(q, 0);
		if (s->unlocked)
			st = open_mark(&p, s, name, q, err);
	}
	db_finish(q);
	if (!st)
		*out = p;
	return st;
}

enum status
audit_mark_put(struct store *s, const char *name,
	const struct audit_place *place, struct err *err)
{
	struct seal where = seal_of_mark(name, place->n);
	struct db_stmt *q = NULL;
	struct buf sealed;
	enum status st = db_prepare(&q, s->db, "INSERT INTO"
		" audit_mark(name, n, mark) VALUES(?, ?, ?) ON CONFLICT(name)"
		" DO UPDATE SET n = excluded.n, mark = excluded.mark", err);

	if (st)
		return st;
	buf_init(&sealed, AUDIT_HASH + CRYPTO_SEAL_OVERHEAD);
	seal_put(&sealed, &s->keys.audit, &where, place->hash,
		sizeof place->hash);
	db_bind_text(q, 1, name);
	db_bind_int(q, 2, place->n);
	db_bind_blob(q, 3, sealed.data, sealed.len);
	st = db_run(q, err);
	db_finish(q);
	buf_release(&sealed);
	return st;
}

/* ---- rows ---- */

static enum status
read_place(struct audit_place *out, bool *found, struct db_stmt *q,
	struct err *err)
{
	const void *hash;
	size_t len;
	bool row = false;
	enum status st = db_step(q, &row, err);

	if (st || !row)
		return st;
	hash = db_blob(q, 1, &len);
	if (len != sizeof out->hash)
		return store_damaged(err);
	out->n = db_int(q, 0);
	memcpy(out->hash, hash, len);
	*found = true;
	return E_OK;
}

enum status
audit_rows_last(struct audit_place *out, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	bool found = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1", err);

	if (!st)
		st = read_place(out, &found, q, err);
	db_finish(q);
	return st || found ? st :
		audit_mark_get(out, s, AUDIT_MARK_ANCHOR, err);
}

enum status
audit_rows_at(struct audit_place *out, bool *found, struct store *s,
	int64_t n, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"SELECT n, hash FROM audit WHERE n = ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, n);
	st = read_place(out, found, q, err);
	db_finish(q);
	return st;
}

enum status
audit_rows_text(struct buf *out, const struct store *s, struct db_stmt *row,
	struct err *err)
{
	struct seal where = audit_rows_seal(db_int(row, 0));
	const void *entry;
	size_t len;

	entry = db_blob(row, 3, &len);
	if (!db_int(row, 1))
		return seal_open(out, &s->keys.audit, &where, entry, len, err);
	if (len > AUDIT_LINE_MAX)
		return store_damaged(err);
	buf_add(out, entry, len);
	return E_OK;
}
