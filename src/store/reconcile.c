/*
 * Reconciling, from the cache's side.  Sums are over the records that a stream
 * holds here, in the versions that the server confirmed.
 */
#include "store/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/number.h"
#include "core/question.h"
#include "store/apply_work.h"
#include "store/erased.h"
#include "store/inside.h"
#include "store/lease.h"
#include "store/outbox.h"
#include "store/scan.h"

static enum status
damaged(struct err *err)
{
	return err_set(err, E_INVALID,
		tr("An entry of the local data is damaged."));
}

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
			st = damaged(err);
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
reconcile_hash(struct reconcile_epoch *e, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	struct op op = {0};
	struct uuid id;
	const void *bytes;
	size_t len = 0;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id, op FROM outbox"
		" WHERE epoch = ? AND n = ?", err);

	if (st)
		return st;
	e->hash[0] = '\0';
	db_bind_int(q, 1, e->epoch);
	db_bind_int(q, 2, e->n);
	st = db_step(q, &row, err);
	if (!st && row && db_uuid(&id, q, 0)) {
		bytes = db_blob(q, 1, &len);
		st = pile_open(&op, s, &id, e->epoch, e->n, bytes, len, err);
		if (!st)
			op_hash(e->hash, &op);
	}
	op_release(&op);
	db_finish(q);
	return st;
}

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
		st = reconcile_hash(&out->epochs[i], s, err);
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

/* An answer that is open again has an open question, answered here. */
static enum status
ask_again(struct store *s, const struct op *op, struct err *err)
{
	struct question question = {0};
	struct row r = {0};
	struct err none = ERR_INIT;
	struct db_stmt *q = NULL;
	enum status st;

	if (op->kind != OP_RESOLVE)
		return E_OK;
	if (row_load(&r, s, &op->conflict, &none) ||
	    question_from_record(&question, &r.shown, &none) ||
	    !question.open) {
		row_release(&r);
		question_release(&question);
		return E_OK;
	}
	row_release(&r);
	question_release(&question);
	st = db_prepare(&q, s->db, "INSERT INTO ask(conflict, record, answered)"
		" VALUES(?, ?, 1) ON CONFLICT DO NOTHING", err);
	if (st)
		return st;
	db_bind_uuid(q, 1, &op->conflict);
	db_bind_uuid(q, 2, &op->record);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

static enum status
ask_all_again(struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id, epoch, n, op"
		" FROM outbox WHERE state = ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, OUTBOX_ACCEPTED);
	for (;;) {
		struct op op = {0};
		struct uuid id;
		const void *bytes;
		size_t len = 0;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		bytes = db_blob(q, 3, &len);
		st = db_uuid(&id, q, 0) ? pile_open(&op, s, &id, db_int(q, 1),
			db_int(q, 2), bytes, len, err) : damaged(err);
		if (!st)
			st = ask_again(s, &op, err);
		op_release(&op);
		if (st)
			break;
	}
	db_finish(q);
	return st;
}

enum status
reconcile_reopen(struct store *s, int64_t epoch, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = store_begin(s, err);

	if (st)
		return st;
	st = ask_all_again(s, err);
	if (!st)
		st = db_prepare(&q, s->db, "UPDATE outbox SET state = ?, verdict = 0,"
		" rev = 0 WHERE state = ?", err);
	if (!st) {
		db_bind_int(q, 1, OUTBOX_OPEN);
		db_bind_int(q, 2, OUTBOX_ACCEPTED);
		st = db_run(q, err);
	}
	db_finish(q);
	st = store_end(s, st, err);
	return st ? st : apply_fork(s, epoch, err);
}

/* ---- too late ---- */

struct lost_op {
	struct uuid record;
	int64_t n;
};

/* After a failure as well, the caller owns what out holds. */
static enum status
list_lost(struct lost_op **out, size_t *count, struct store *s, int64_t epoch,
	int64_t n, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id, n FROM outbox"
		" WHERE epoch = ? AND n >= ? AND state = ? ORDER BY n", err);

	if (st)
		return st;
	db_bind_int(q, 1, epoch);
	db_bind_int(q, 2, n);
	db_bind_int(q, 3, OUTBOX_DONE);
	for (;;) {
		struct lost_op op = {0};

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		if (!db_uuid(&op.record, q, 0)) {
			st = damaged(err);
			break;
		}
		op.n = db_int(q, 1);
		*out = mem_grow(*out, *count, sizeof **out);
		(*out)[(*count)++] = op;
	}
	db_finish(q);
	return st;
}

static enum status
write_late(struct store *s, int64_t epoch, const struct lost_op *op,
	struct err *err)
{
	static const char why[] = TR_MARK("The county's server was put back "
		"from a backup, and this computer was away for too long to "
		"hand back what was lost; the county looks at it.");
	struct seal where = { "outbox", "why", op->record, epoch, op->n };
	const char *said = tr(why);
	struct db_stmt *q = NULL;
	struct buf sealed;
	enum status st = db_prepare(&q, s->db, "UPDATE outbox SET state = ?,"
		" verdict = ?, rev = 0, why = ? WHERE epoch = ? AND n = ?",
		err);

	if (st)
		return st;
	buf_init(&sealed, ERR_MSG_MAX + CRYPTO_SEAL_OVERHEAD);
	seal_put(&sealed, &s->keys.outbox, &where, said, strlen(said));
	db_bind_int(q, 1, OUTBOX_BAD);
	db_bind_int(q, 2, VERDICT_REVIEW);
	db_bind_blob(q, 3, sealed.data, sealed.len);
	db_bind_int(q, 4, epoch);
	db_bind_int(q, 5, op->n);
	st = db_run(q, err);
	db_finish(q);
	buf_release(&sealed);
	return st ? st : pile_settle(s, &op->record, err);
}

enum status
reconcile_late(struct store *s, int64_t epoch, int64_t n, struct err *err)
{
	struct lost_op *ops = NULL;
	size_t count = 0;
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	st = list_lost(&ops, &count, s, epoch, n, err);
	for (size_t i = 0; i < count && !st; i++)
		st = write_late(s, epoch, &ops[i], err);
	free(ops);
	return store_end(s, st, err);
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

/* ---- operations ---- */

/* The number that the county gave in place of a provisional one stands on paper,
 * and a restored ledger may have nobody left who could hand back the version
 * that has it. */
static enum status
say_number(struct op *op, struct store *s, struct err *err)
{
	const struct schema_register *reg = schema_register_find(s->schema,
		op->reg);
	struct op_change *no = NULL;
	struct row row = {0};
	struct err none = ERR_INIT;
	const char *given;
	enum status st;

	for (size_t i = 0; reg && reg->number.field && i < op->change_count;
	    i++) {
		if (strcmp(op->changes[i].field, reg->number.field) == 0)
			no = &op->changes[i];
	}
	if (!no || !number_is_provisional(no->after, NULL))
		return E_OK;
	st = row_load_stored(&row, s, &op->record, &none);
	if (st && st != E_NOTFOUND)
		*err = none;
	given = st ? "" : record_get(row.has_base ? &row.base : &row.shown,
		reg->number.field);
	if (given[0] && !number_is_provisional(given, NULL)) {
		free(no->after);
		no->after = mem_strdup(given);
	}
	row_release(&row);
	return st == E_NOTFOUND ? E_OK : st;
}

static enum status
print_one(struct buf *out, struct store *s, struct db_stmt *q,
	int64_t epoch, struct err *err)
{
	struct uuid id;
	struct op op = {0};
	struct buf text, why;
	struct seal where = { "outbox", "why", {{0}}, epoch, db_int(q, 1) };
	char hash[OP_HASH_MAX];
	const void *bytes;
	size_t len;
	enum status st;

	if (!db_uuid(&id, q, 0))
		return damaged(err);
	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&why, ERR_MSG_MAX);
	where.id = id;
	bytes = db_blob(q, 2, &len);
	st = pile_open(&op, s, &id, epoch, db_int(q, 1), bytes, len, err);
	if (!st && !db_is_null(q, 5)) {
		bytes = db_blob(q, 5, &len);
		st = seal_open(&why, &s->keys.outbox, &where, bytes, len, err);
	}
	if (!st) {
		op_hash(hash, &op);	/* as it was sent */
		st = say_number(&op, s, err);
	}
	if (!st) {
		op_print(&text, &op);
		reconcile_print_done(out, (enum verdict)db_int(q, 3),
			db_int(q, 4), why.data ? why.data : "", hash,
			text.data);
	}
	op_release(&op);
	buf_release(&text);
	buf_release(&why);
	return st;
}

enum status
reconcile_print_ops(struct buf *out, struct store *s, int64_t epoch,
	int64_t *n, size_t max_bytes, struct err *err)
{
	struct db_stmt *q = NULL;
	size_t before = out->len;
	int64_t next = 0;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id, n, op, verdict, rev,"
		" why FROM outbox WHERE epoch = ? AND n >= ? AND state <> 0"
		" ORDER BY n", err);

	if (st)
		return st;
	db_bind_int(q, 1, epoch);
	db_bind_int(q, 2, *n);
	for (;;) {
		st = db_step(q, &row, err);
		if (st || !row)
			break;
		if (out->len - before > max_bytes) {
			next = db_int(q, 1);
			break;
		}
		st = print_one(out, s, q, epoch, err);
		if (st)
			break;
	}
	db_finish(q);
	if (!st)
		*n = next;
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
