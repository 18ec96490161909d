/*
 * Reconciling, from the cache's side.  Sums are over the records that a stream
 * holds here, in the versions that the server confirmed.
 */
#include "store/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/apply_work.h"
#include "store/erased.h"
#include "store/inside.h"
#include "store/lease.h"
#include "store/reconcile_ops.h"
#include "store/scan.h"

/* ---- sums ---- */

static enum status
sum_up(uint64_t sums[RECONCILE_BUCKETS], int64_t *held, struct store *s,
	const char *stream, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT id, item FROM member WHERE stream = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, stream);
	for (;;) {
		struct uuid id;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		if (!db_uuid(&id, q, 0)) {
			st = store_damaged(err);
			break;
		}
		sums[reconcile_bucket(&id)] += (uint64_t)db_int(q, 1);
		(*held)++;
	}
	db_finish(q);
	return st;
}

enum status
reconcile_sums(uint64_t sums[RECONCILE_BUCKETS], struct store *s,
	const char *stream, struct err *err)
{
	int64_t held = 0;

	memset(sums, 0, RECONCILE_BUCKETS * sizeof *sums);
	return sum_up(sums, &held, s, stream, err);
}

enum status
reconcile_differs(bool *out, struct store *s, const struct wire_line *end,
	struct err *err)
{
	bool differs = false;
	enum status st = E_OK;

	for (size_t i = 0; !st && i < end->cursor_count; i++) {
		const struct wire_cursor *c = &end->cursors[i];
		uint64_t sums[RECONCILE_BUCKETS] = {0}, total = 0;
		int64_t held = 0;

		st = sum_up(sums, &held, s, c->stream, err);
		for (int k = 0; k < RECONCILE_BUCKETS; k++)
			total += sums[k];
		differs = differs || held != c->held || total != c->sum;
	}
	if (!st)
		*out = differs;
	return st;
}

/* ---- the beginning ---- */

enum status
reconcile_begin(struct reconcile_head *out, struct store *s, struct err *err)
{
	struct store_device d = {0};
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = store_device_get(&d, s, err);

	*out = (struct reconcile_head){ .step = RECONCILE_START };
	if (!st)
		st = db_prepare(&q, s->db, "SELECT epoch, max(n) FROM outbox"
			" WHERE state <> 0 GROUP BY epoch"
			" ORDER BY epoch DESC LIMIT 256", err);
	while (!st) {
		struct reconcile_epoch *e = &out->epochs[out->epoch_count];

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		e->epoch = db_int(q, 0);
		e->n = db_int(q, 1);
		out->epoch_count++;
	}
	db_finish(q);
	for (size_t i = 0; i < out->epoch_count && !st; i++)
		st = reconcile_ops_hash(&out->epochs[i], s, err);
	if (!st) {
		memcpy(out->device, d.device, sizeof out->device);
		memcpy(out->server_epoch, d.server_epoch,
			sizeof out->server_epoch);
		out->epoch = d.epoch;
	}
	crypto_wipe(&d, sizeof d);
	return st;
}

static const char mixed[] = "reconcile_mixed";

enum status
reconcile_held_of(char out[UUID_TEXT_MAX], struct store *s, struct err *err)
{
	struct store_device d = {0};
	int64_t is_mixed = 0;
	enum status st = store_device_get(&d, s, err);

	if (!st)
		st = store_meta_int(&is_mixed, s, mixed, err);
	if (!st)
		memcpy(out, is_mixed ? d.device : d.server_epoch,
			UUID_TEXT_MAX);
	crypto_wipe(&d, sizeof d);
	return st;
}

enum status
reconcile_mix(struct store *s, struct err *err)
{
	return store_meta_set_int(s, mixed, 1, err);
}

/* ---- what is held ---- */

enum status
reconcile_print_held(struct buf *out, struct store *s, const char *stream,
	const bool which[RECONCILE_BUCKETS], struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	/* Of a version that is here no more, because another stream brought a
	 * newer one, nothing can be handed back: revision 0. */
	enum status st = db_prepare(&q, s->db, "SELECT m.id, CASE WHEN"
		" m.rev > 0 AND m.rev < r.rev AND EXISTS(SELECT 1 FROM member o"
		" WHERE o.id = m.id AND o.rev = r.rev) THEN 0 ELSE r.rev END,"
		" m.item FROM member m JOIN record r ON r.id = m.id"
		" WHERE m.stream = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, stream);
	for (;;) {
		struct uuid id;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		if (db_uuid(&id, q, 0) && which[reconcile_bucket(&id)])
			reconcile_print_id(out, &id, db_int(q, 1),
				(uint64_t)db_int(q, 2));
	}
	db_finish(q);
	return st;
}

/* What is handed back is what is held: one that was brought to newer definitions
 * under an entry of ours is not what the server once sent, and would be wanted
 * again and again. */
static enum status
claim(struct store *s, const struct record *r, struct err *err)
{
	char hash[RECORD_HASH_MAX];
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"UPDATE member SET item = ?2 WHERE id = ?1 AND rev = ?3"
		" AND item <> ?2", err);

	if (st)
		return st;
	record_hash(hash, r);
	db_bind_uuid(q, 1, &r->id);
	db_bind_int(q, 2, (int64_t)reconcile_item(&r->id, r->rev, hash));
	db_bind_int(q, 3, r->rev);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
reconcile_print_record(struct buf *out, struct store *s,
	const struct uuid *id, struct err *err)
{
	struct wire_line line = { .kind = WIRE_PUT };
	struct row r = {0};
	enum status st = row_load_stored(&r, s, id, err);

	if (st)
		return st;
	record_copy(&line.put, r.has_base ? &r.base : &r.shown);
	line.put.rev = r.rev;
	memcpy(line.stream, "/", 2);
	st = claim(s, &line.put, err);
	if (!st)
		wire_print_line(out, &line);
	wire_line_release(&line);
	row_release(&r);
	return st;
}

/* ---- the answers ---- */

enum status
reconcile_take(struct apply_counts *counts, struct store *s,
	struct reconcile_line *lines, size_t count, struct err *err)
{
	struct wire_line *page = mem_alloc(count + 1, sizeof *page);
	size_t n = 0;
	enum status st;

	for (size_t i = 0; i < count; i++) {
		if (lines[i].kind != RECONCILE_RECORD)
			continue;
		page[n++] = lines[i].record;
		lines[i].record = (struct wire_line){0};
	}
	page[n++] = (struct wire_line){ .kind = WIRE_END, .more = true };
	st = apply_confirmed(counts, s, page, n, err);
	for (size_t i = 0; i < n; i++)
		wire_line_release(&page[i]);
	free(page);
	return st;
}

static bool
is_listed(const struct reconcile_head *head, const char *stream)
{
	for (size_t i = 0; i < head->stream_count; i++) {
		if (strcmp(head->streams[i], stream) == 0)
			return true;
	}
	return false;
}

enum status
reconcile_end_streams(struct apply_counts *counts, struct store *s,
	const struct reconcile_head *head, struct err *err)
{
	struct wire_hello *hello = mem_alloc(1, sizeof *hello);
	struct wire_line *page = mem_alloc(WIRE_STREAMS_MAX + 1, sizeof *page);
	size_t n = 0;
	enum status st = apply_hello(hello, s, err);

	for (size_t i = 0; i < hello->cursor_count && !st; i++) {
		if (is_listed(head, hello->cursors[i].stream))
			continue;
		page[n] = (struct wire_line){ .kind = WIRE_GONE, .all = true };
		memcpy(page[n++].stream, hello->cursors[i].stream,
			sizeof page->stream);
	}
	page[n++] = (struct wire_line){ .kind = WIRE_END, .more = true };
	if (!st && n > 1)
		st = apply_confirmed(counts, s, page, n, err);
	free(page);
	free(hello);
	return st;
}

enum status
reconcile_set_cursor(struct store *s, const struct wire_cursor *c,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = store_begin(s, err);

	if (st)
		return st;
	st = db_prepare(&q, s->db, "INSERT INTO cursor(stream, seq, mark)"
		" VALUES(?, ?, ?) ON CONFLICT(stream) DO UPDATE SET"
		" seq = excluded.seq, mark = excluded.mark", err);
	if (!st) {
		db_bind_text(q, 1, c->stream);
		db_bind_int(q, 2, c->seq);
		db_bind_text(q, 3, c->mark);
		st = db_run(q, err);
	}
	db_finish(q);
	return store_end(s, st, err);
}

/* A restored server lost what bytes it was told of after the backup; what is
 * here said of them that they had arrived. */
static enum status
know_server(struct store *s, const char *epoch, struct err *err)
{
	struct err none = ERR_INIT;
	struct buf before;
	enum status st;

	buf_init(&before, BUF_LINE_MAX);
	st = store_meta_get(&before, s, "server_epoch", &none);
	if (st == E_NOTFOUND)
		st = E_OK;
	else if (st)
		*err = none;
	if (!st && strcmp(before.len ? before.data : "", epoch) != 0)
		st = scan_doubt(s, err);
	if (!st)
		st = store_meta_set(s, "server_epoch", epoch, err);
	buf_release(&before);
	return st;
}

enum status
reconcile_end(struct store *s, const char *server_epoch, struct err *err)
{
	enum status st = store_begin(s, err);

	if (st)
		return st;
	st = know_server(s, server_epoch, err);
	if (!st)
		st = store_meta_set_int(s, LEASE_UNTOLD, 1, err);
	if (!st)
		st = store_meta_set_int(s, mixed, 0, err);
	if (!st)
		st = apply_settled_forget(s, err);
	if (!st)
		st = erased_forget(s, err);
	if (!st)
		st = apply_questions_again(s, err);
	return store_end(s, st, err);
}
