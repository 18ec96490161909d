/*
 * Pieces are sealed with the place where they begin, so that they cannot be
 * put together in another way.
 */
#include "store/pieces.h"

#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db_uuid.h"

enum { PIECE = 64 * 1024 };

static struct seal
place_of(const struct uuid *id, int64_t at)
{
	return (struct seal){ .table = "piece", .column = "piece", .id = *id,
		.a = at };
}

void
pieces_name(struct pieces *out, struct store *s, const char *hash)
{
	struct crypto_key key;

	*out = (struct pieces){0};
	crypto_derive(&key, &s->keys.data, "scan");
	crypto_mac(out->id.b, &key, hash, strlen(hash));
	crypto_wipe(&key, sizeof key);
}

enum status
pieces_get(struct pieces *b, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT size, have, sent"
		" FROM blob WHERE id = ?", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, &b->id);
	st = db_step(q, &row, err);
	if (!st && row) {
		b->size = db_int(q, 0);
		b->have = db_int(q, 1);
		b->sent = db_int(q, 2);
	}
	db_finish(q);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND, tr("The bytes of this attachment "
			"are not here."));
	return st;
}

enum status
pieces_put(struct store *s, const struct pieces *b, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO blob(id, size,"
		" have, sent, used_at) VALUES(?, ?, ?, ?, ?) ON CONFLICT(id)"
		" DO UPDATE SET have = excluded.have, sent = excluded.sent,"
		" used_at = excluded.used_at", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, &b->id);
	db_bind_int(q, 2, b->size);
	db_bind_int(q, 3, b->have);
	db_bind_int(q, 4, b->sent);
	db_bind_int(q, 5, clock_now_at());
	st = db_run(q, err);
	db_finish(q);
	return st;
}

static enum status
write_piece(struct store *s, const struct uuid *id, int64_t at,
	const void *bytes, size_t len, struct err *err)
{
	struct seal where = place_of(id, at);
	struct db_stmt *q = NULL;
	struct buf sealed;
	enum status st = db_prepare(&q, s->db, "INSERT OR REPLACE INTO"
		" piece(blob, at, piece) VALUES(?, ?, ?)", err);

	if (st)
		return st;
	buf_init(&sealed, PIECE + CRYPTO_SEAL_OVERHEAD);
	seal_put(&sealed, &s->keys.body, &where, bytes, len);
	db_bind_uuid(q, 1, id);
	db_bind_int(q, 2, at);
	db_bind_blob(q, 3, sealed.data, sealed.len);
	st = db_run(q, err);
	db_finish(q);
	buf_release(&sealed);
	return st;
}

enum status
pieces_append(struct store *s, struct pieces *b, const void *bytes, size_t len,
	struct err *err)
{
	const char *at = bytes;
	enum status st = E_OK;

	while (len > 0 && !st) {
		size_t n = len < PIECE ? len : PIECE;

		st = write_piece(s, &b->id, b->have, at, n, err);
		b->have += (int64_t)n;
		at += n;
		len -= n;
	}
	return st ? st : pieces_put(s, b, err);
}

/* A piece that does not begin where the one before ends is damage too. */
static enum status
open_piece(struct buf *out, struct store *s, const struct uuid *id,
	size_t before, struct db_stmt *q, struct err *err)
{
	int64_t at = db_int(q, 0);
	struct seal where = place_of(id, at);
	size_t len = 0;
	const void *sealed = db_blob(q, 1, &len);

	if (at != (int64_t)(out->len - before))
		return err_set(err, E_INVALID, tr("The bytes of an attachment "
			"are damaged here."));
	return seal_open(out, &s->keys.body, &where, sealed, len, err);
}

enum status
pieces_read(struct buf *out, struct store *s, const struct pieces *b,
	struct err *err)
{
	size_t before = out->len;
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT at, piece FROM piece"
		" WHERE blob = ? ORDER BY at", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, &b->id);
	for (;;) {
		st = db_step(q, &row, err);
		if (st || !row)
			break;
		st = open_piece(out, s, &b->id, before, q, err);
		if (st)
			break;
	}
	db_finish(q);
	return st;
}

enum status
pieces_drop(struct store *s, const struct uuid *id, struct err *err)
{
	enum status st = db_run_uuid(s->db, "DELETE FROM piece WHERE blob = ?", id,
		err);

	return st ? st : db_run_uuid(s->db, "DELETE FROM blob WHERE id = ?", id,
		err);
}
