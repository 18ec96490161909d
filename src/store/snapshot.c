/*
 * The pieces of a snapshot, as rows.
 */
#include "store/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "db/db_number.h"
#include "store/inside.h"

static const char bad_name[] = "snapshot_bad";

/* ---- loads ---- */

enum status
snapshot_get(struct snapshot_load *out, struct store *s, const char *stream,
	struct err *err)
{
	struct snapshot_load l = {0};
	struct db_stmt *q = NULL;
	size_t len = 0;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT sha256, bytes, seq"
		" FROM load WHERE stream = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, stream);
	st = db_step(q, &row, err);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND,
			tr("No snapshot of this stream is being taken."));
	if (!st) {
		const char *sha256 = db_text(q, 0, &len);

		if (len == sizeof l.what.sha256 - 1 &&
		    strlen(stream) < sizeof l.what.stream) {
			memcpy(l.what.sha256, sha256, len + 1);
			memcpy(l.what.stream, stream, strlen(stream) + 1);
			l.what.bytes = db_int(q, 1);
			l.seq = db_int(q, 2);
			*out = l;
		} else {
			st = store_damaged(err);
		}
	}
	db_finish(q);
	return st;
}

static enum status
run(struct store *s, const char *sql, const char *stream, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	if (stream)
		db_bind_text(q, 1, stream);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
snapshot_forget(struct store *s, const char *stream, struct err *err)
{
	enum status st = run(s, stream ? "DELETE FROM load_piece WHERE stream = ?" :
		"DELETE FROM load_piece", stream, err);

	return st ? st : run(s, stream ? "DELETE FROM load WHERE stream = ?" :
		"DELETE FROM load", stream, err);
}

enum status
snapshot_moved(struct store *s, const char *stream, int64_t seq,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"UPDATE load SET seq = ? WHERE stream = ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, seq);
	db_bind_text(q, 2, stream);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
snapshot_begin(struct store *s, const struct wire_snapshot *what,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = store_begin(s, err);

	if (st)
		return st;
	st = snapshot_forget(s, what->stream, err);
	if (!st)
		st = db_prepare(&q, s->db, "INSERT INTO load(stream, sha256,"
			" bytes, seq) VALUES(?, ?, ?, 0)", err);
	if (!st) {
		db_bind_text(q, 1, what->stream);
		db_bind_text(q, 2, what->sha256);
		db_bind_int(q, 3, what->bytes);
		st = db_run(q, err);
	}
	db_finish(q);
	return store_end(s, st, err);
}

enum status
snapshot_is_bad(bool *out, struct store *s, const struct wire_snapshot *what,
	struct err *err)
{
	struct err none = ERR_INIT;
	struct buf text;
	enum status st;

	buf_init(&text, BUF_LINE_MAX);
	st = store_meta_get(&text, s, bad_name, &none);
	*out = !st && strcmp(text.data, what->sha256) == 0;
	if (st == E_NOTFOUND)
		st = E_OK;
	else if (st)
		*err = none;
	buf_release(&text);
	return st;
}

enum status
snapshot_give_up(struct apply_counts *counts, struct store *s,
	const struct snapshot_load *l, bool never, struct err *err)
{
	struct wire_line page[2] = { { .kind = WIRE_GONE, .all = true },
		{ .kind = WIRE_END, .more = true } };
	struct apply_counts left = *counts;
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	st = snapshot_forget(s, l->what.stream, err);
	if (!st && never)
		st = store_meta_set(s, bad_name, l->what.sha256, err);
	st = store_end(s, st, err);
	if (st || l->seq == 0)
		return st;
	memcpy(page[0].stream, l->what.stream, sizeof page[0].stream);
	return apply_confirmed(&left, s, page, 2, err);
}

/* ---- pieces ---- */

/* The row's place is part of what is sealed, and so is the file's name. */
static struct seal
place_of(const struct snapshot_load *l, int64_t at, int64_t len)
{
	struct seal where = { "load_piece", "bytes", {{0}}, at, len };

	(void)crypto_unhex(where.id.b, sizeof where.id.b, l->what.sha256);
	return where;
}

enum status
snapshot_gap(int64_t *from, int64_t *to, struct store *s,
	const struct snapshot_load *l, struct err *err)
{
	struct db_stmt *q = NULL;
	int64_t at = 0, next = l->what.bytes;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT at, len FROM load_piece"
		" WHERE stream = ? ORDER BY at", err);

	if (st)
		return st;
	db_bind_text(q, 1, l->what.stream);
	for (;;) {
		st = db_step(q, &row, err);
		if (st || !row)
			break;
		if (db_int(q, 0) != at) {
			next = db_int(q, 0);
			break;
		}
		at += db_int(q, 1);
	}
	db_finish(q);
	if (!st) {
		*from = at;
		*to = next;
	}
	return st;
}

enum status
snapshot_add(struct store *s, const struct snapshot_load *l, int64_t at,
	const void *bytes, size_t len, struct err *err)
{
	const struct seal where = place_of(l, at, (int64_t)len);
	struct db_stmt *q = NULL;
	struct buf sealed;
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	buf_init(&sealed, BUF_BATCH_MAX);
	seal_put(&sealed, &s->keys.body, &where, bytes, len);
	st = db_prepare(&q, s->db, "INSERT INTO load_piece(stream, at, len, bytes)"
		" VALUES(?, ?, ?, ?)", err);
	if (!st) {
		db_bind_text(q, 1, l->what.stream);
		db_bind_int(q, 2, at);
		db_bind_int(q, 3, (int64_t)len);
		db_bind_blob(q, 4, sealed.data, sealed.len);
		st = db_run(q, err);
	}
	db_finish(q);
	buf_release(&sealed);
	return store_end(s, st, err);
}

enum status
snapshot_stored(int64_t *out, struct store *s, struct err *err)
{
	return db_number(out, s->db,
		"SELECT coalesce(sum(len), 0) FROM load_piece", err);
}

enum status
snapshot_piece(struct buf *out, int64_t *next, struct store *s,
	const struct snapshot_load *l, int64_t at, struct err *err)
{
	struct db_stmt *q = NULL;
	struct seal where;
	const void *bytes;
	size_t len = 0;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT len, bytes FROM load_piece"
		" WHERE stream = ? AND at = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, l->what.stream);
	db_bind_int(q, 2, at);
	st = db_step(q, &row, err);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND,
			tr("An entry of the local data is missing."));
	if (!st) {
		*next = at + db_int(q, 0);
		where = place_of(l, at, db_int(q, 0));
		bytes = db_blob(q, 1, &len);
		st = seal_open(out, &s->keys.body, &where, bytes, len, err);
	}
	db_finish(q);
	return st;
}

enum status
snapshot_forget_piece(struct store *s, const struct snapshot_load *l,
	int64_t at, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = store_begin(s, err);

	if (st)
		return st;
	st = db_prepare(&q, s->db,
		"DELETE FROM load_piece WHERE stream = ? AND at = ?", err);
	if (!st) {
		db_bind_text(q, 1, l->what.stream);
		db_bind_int(q, 2, at);
		st = db_run(q, err);
	}
	db_finish(q);
	return store_end(s, st, err);
}
