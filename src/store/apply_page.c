/*
 * One page from the server, in one transaction.
 *
 * 1. A verdict decides an operation; an accepted one stays on top of the base
 *    until a feed line brings the version that has it.
 * 2. Only feed lines move a base and its revision, only the end moves cursors.
 * 3. A row leaves with its last stream, unless somebody's undecided work is
 *    on it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "core/question.h"
#include "store/apply.h"
#include "store/inside.h"

static enum status
say_contradiction(struct err *err)
{
	return err_set(err, E_INVALID, tr("What the server sent contradicts "
		"the data on this computer; nothing of it was taken."));
}

/* ---- conflicts ---- */

static enum status
run_ids(struct store *s, const char *sql, const struct uuid *a,
	const struct uuid *b, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	db_bind_blob(q, 1, a->b, sizeof a->b);
	if (b)
		db_bind_blob(q, 2, b->b, sizeof b->b);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

#define ASK_DROP "DELETE FROM ask WHERE conflict = ?"
#define ASK_AGAIN "UPDATE ask SET answered = 0 WHERE conflict = ?"

static enum status
follow_question(struct store *s, const struct record *r, struct err *err)
{
	struct question q = {0};
	enum status st = question_from_record(&q, r, err);

	if (st)
		return st;
	if (q.open && !r->deleted)
		st = run_ids(s, "INSERT INTO ask(conflict, record) VALUES(?, ?)"
			" ON CONFLICT DO NOTHING", &q.id, &q.record, err);
	else
		st = run_ids(s, ASK_DROP, &q.id, NULL, err);
	if (!st)
		st = row_touch(s, &q.record, err);
	question_release(&q);
	return st;
}

/* ---- verdicts ---- */

struct decided {
	struct op op;
	enum outbox_state state;
};

static enum status
find_op(struct decided *out, struct store *s, int64_t n, struct err *err)
{
	struct db_stmt *q = NULL;
	struct uuid id = {{0}};
	const void *bytes;
	int64_t epoch = 0;
	size_t len;
	bool row = false;
	enum status st = store_meta_int(&epoch, s, "epoch", err);

	if (!st)
		st = db_prepare(&q, s->db, "SELECT id, state, op FROM outbox"
			" WHERE epoch = ? AND n = ?", err);
	if (st)
		return st;
	db_bind_int(q, 1, epoch);
	db_bind_int(q, 2, n);
	st = db_step(q, &row, err);
	if (!st && row) {
		bytes = db_blob(q, 0, &len);
		if (len == sizeof id.b)
			memcpy(id.b, bytes, len);
		out->state = (enum outbox_state)db_int(q, 1);
		bytes = db_blob(q, 2, &len);
		st = pile_open(&out->op, s, &id, epoch, n, bytes, len, err);
	} else if (!st) {
		st = say_contradiction(err);
	}
	db_finish(q);
	return st;
}

static enum status
write_verdict(struct store *s, const struct op *op,
	const struct wire_line *line, enum outbox_state state,
	struct err *err)
{
	struct seal where = { "outbox", "why", op->record, op->epoch, op->n };
	struct buf why;
	struct db_stmt *q = NULL;
	enum status st;

	buf_init(&why, ERR_MSG_MAX + CRYPTO_SEAL_OVERHEAD);
	if (line->why[0])
		seal_put(&why, &s->keys.outbox, &where, line->why,
			strlen(line->why));
	st = db_prepare(&q, s->db, "UPDATE outbox SET state = ?, verdict = ?,"
		" rev = ?, why = ? WHERE epoch = ? AND n = ?", err);
	if (!st) {
		db_bind_int(q, 1, state);
		db_bind_int(q, 2, line->verdict);
		db_bind_int(q, 3, line->rev);
		if (why.len > 0)
			db_bind_blob(q, 4, why.data, why.len);
		else
			db_bind_null(q, 4);
		db_bind_int(q, 5, op->epoch);
		db_bind_int(q, 6, op->n);
		st = db_run(q, err);
	}
	db_finish(q);
	buf_release(&why);
	return st;
}

/* Of the base; beyond all if the row is gone, so that nothing waits for it. */
static enum status
row_rev(int64_t *out, struct store *s, const struct uuid *id,
	struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT rev FROM record WHERE id = ?", err);

	if (st)
		return st;
	db_bind_blob(q, 1, id->b, sizeof id->b);
	st = db_step(q, &row, err);
	if (!st)
		*out = row ? db_int(q, 0) : INT64_MAX;
	db_finish(q);
	return st;
}

static void
count_verdict(struct apply_counts *c, enum verdict v)
{
	if (verdict_is_refusal(v))
		c->refused++;
	else if (v == VERDICT_OK)
		c->ok++;
	else if (v == VERDICT_MERGED)
		c->merged++;
	else
		c->conflicts++;
}

static enum status
take_verdict(struct apply_counts *counts, struct store *s,
	const struct wire_line *line, struct err *err)
{
	struct decided d = {0};
	enum outbox_state state;
	int64_t rev = 0;
	enum status st = find_op(&d, s, line->n, err);

	/* A verdict that comes again is the same one: it is final. */
	if (st || d.state != OUTBOX_OPEN) {
		op_release(&d.op);
		return st;
	}
	st = row_rev(&rev, s, &d.op.record, err);
	if (verdict_is_refusal(line->verdict))
		state = OUTBOX_BAD;
	else
		state = rev > 0 && line->rev <= rev ? OUTBOX_DONE :
			OUTBOX_ACCEPTED;
	if (!st)
		st = write_verdict(s, &d.op, line, state, err);
	if (!st && d.op.kind == OP_RESOLVE)
		st = run_ids(s, state == OUTBOX_BAD ? ASK_AGAIN : ASK_DROP,
			&d.op.conflict, NULL, err);
	if (!st)
		st = pile_settle(s, &d.op.record, err);
	if (!st)
		count_verdict(counts, line->verdict);
	op_release(&d.op);
	return st;
}

/* ---- feed lines ---- */

static enum status
hold(struct store *s, const struct wire_line *line, const struct uuid *id,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO member(id, stream)"
		" VALUES(?, ?) ON CONFLICT DO NOTHING", err);

	if (st)
		return st;
	db_bind_blob(q, 1, id->b, sizeof id->b);
	db_bind_text(q, 2, line->stream);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* Accepted operations that this revision has are done with. */
static enum status
finish_ops(struct pile *p, struct store *s, int64_t rev, struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < p->count && !st; i++) {
		struct pile_item *item = &p->items[i];

		if (item->state != OUTBOX_ACCEPTED || item->rev > rev)
			continue;
		item->state = OUTBOX_DONE;
		st = pile_set_state(s, &item->op, OUTBOX_DONE, err);
	}
	return st;
}

/*
 * Own content confirmed: the base becomes base + accepted operations.  When a
 * reply was lost the server may have judged more than we have verdicts of:
 * then undecided ones, in order, must lead to the hash.  They stay undecided.
 */
static bool
advance(struct record *base, const struct pile *p,
	const struct wire_line *line)
{
	char hash[RECORD_HASH_MAX];

	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].state == OUTBOX_ACCEPTED &&
		    p->items[i].rev <= line->rev)
			op_apply(base, &p->items[i].op);
	}
	record_hash(hash, base);
	for (size_t i = 0; i < p->count && strcmp(hash, line->hash); i++) {
		if (p->items[i].state != OUTBOX_OPEN)
			continue;
		op_apply(base, &p->items[i].op);
		record_hash(hash, base);
	}
	base->rev = line->rev;
	return strcmp(hash, line->hash) == 0;
}

static enum status
take_ack(struct store *s, const struct wire_line *line, struct err *err)
{
	struct row r = {0};
	struct pile p = {0};
	struct record base = {0};
	struct err missing = ERR_INIT;
	enum status st = row_load(&r, s, &line->record, &missing);

	if (st == E_NOTFOUND)
		return say_contradiction(err);
	if (st)
		*err = missing;
	else
		st = pile_load(&p, s, &line->record, err);
	if (st)
		goto out;
	if (r.rev > 0)
		record_copy(&base, r.has_base ? &r.base : &r.shown);
	if (line->rev < r.rev || !advance(&base, &p, line)) {
		record_release(&base);
		st = say_contradiction(err);
		goto out;
	}
	record_release(&r.base);
	r.base = base;
	r.has_base = true;
	r.rev = line->rev;
	st = finish_ops(&p, s, line->rev, err);
	if (!st) {
		pile_rebase(&r, &p);
		st = row_save(s, &r, err);
	}
	if (!st)
		st = hold(s, line, &line->record, err);
out:
	row_release(&r);
	pile_release(&p);
	return st;
}

static enum status
take_put(struct store *s, const struct wire_line *line, struct err *err)
{
	const struct record *put = &line->put;
	struct row r = {0};
	struct pile p = {0};
	struct err missing = ERR_INIT;
	enum status st = row_load(&r, s, &put->id, &missing);

	if (st && st != E_NOTFOUND) {
		*err = missing;
		return st;
	}
	st = put->rev < r.rev || put->rev < 1 ? say_contradiction(err) :
		pile_load(&p, s, &put->id, err);
	if (st)
		goto out;
	record_release(&r.base);
	record_copy(&r.base, put);
	r.has_base = true;
	r.rev = put->rev;
	st = finish_ops(&p, s, r.rev, err);
	if (!st) {
		pile_rebase(&r, &p);
		st = row_save(s, &r, err);
	}
	if (!st)
		st = hold(s, line, &put->id, err);
	if (!st && question_is(put))
		st = follow_question(s, put, err);
out:
	row_release(&r);
	pile_release(&p);
	return st;
}

/* The record whose open conflict goes with this row, if it is one. */
static enum status
drop_question(struct store *s, const struct uuid *id, struct err *err)
{
	struct db_stmt *q = NULL;
	struct uuid record = {{0}};
	const void *bytes;
	size_t len = 0;
	bool row = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT record FROM ask WHERE conflict = ?", err);

	if (st)
		return st;
	db_bind_blob(q, 1, id->b, sizeof id->b);
	st = db_step(q, &row, err);
	if (!st && row) {
		bytes = db_blob(q, 0, &len);
		if (len == sizeof record.b)
			memcpy(record.b, bytes, len);
	}
	db_finish(q);
	if (st || !row)
		return st;
	st = run_ids(s, ASK_DROP, id, NULL, err);
	if (!st)
		st = row_touch(s, &record, err);
	return st;
}

static enum status
take_gone(struct store *s, const struct wire_line *line, struct err *err)
{
	struct db_stmt *q = NULL;
	struct pile p = {0};
	bool held = false;
	enum status st = db_prepare(&q, s->db,
		"DELETE FROM member WHERE id = ? AND stream = ?", err);

	if (st)
		return st;
	db_bind_blob(q, 1, line->record.b, sizeof line->record.b);
	db_bind_text(q, 2, line->stream);
	st = db_run(q, err);
	db_finish(q);
	if (!st)
		st = row_is_held(&held, s, &line->record, err);
	if (st || held)
		return st;
	st = pile_load(&p, s, &line->record, err);
	if (!st)
		st = finish_ops(&p, s, INT64_MAX, err);
	pile_release(&p);
	if (!st)
		st = drop_question(s, &line->record, err);
	if (!st)
		st = pile_settle(s, &line->record, err);
	return st;
}

/* ---- the end ---- */

static enum status
move_cursor(struct store *s, const struct wire_cursor *c, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO"
		" cursor(stream, seq, mark) VALUES(?, ?, ?)"
		" ON CONFLICT(stream) DO UPDATE SET seq = excluded.seq,"
		" mark = excluded.mark WHERE excluded.seq >= seq", err);

	if (st)
		return st;
	db_bind_text(q, 1, c->stream);
	db_bind_int(q, 2, c->seq);
	db_bind_text(q, 3, c->mark);
	st = db_run(q, err);
	if (!st && db_changes(s->db) == 0)
		st = say_contradiction(err);
	db_finish(q);
	return st;
}

static enum status
check_epoch(struct store *s, const char *epoch, struct err *err)
{
	struct store_device d;
	enum status st = store_device_get(&d, s, err);

	if (st || !epoch[0] || strcmp(d.server_epoch, epoch) == 0)
		return st;
	if (d.server_epoch[0])
		return err_set(err, E_INVALID, tr("This is not the county's "
			"data any more that this computer is registered with."));
	return store_meta_set(s, "server_epoch", epoch, err);
}

static enum status
take_end(struct store *s, const struct wire_line *line, struct err *err)
{
	enum status st = check_epoch(s, line->server_epoch, err);

	for (size_t i = 0; i < line->cursor_count && !st; i++)
		st = move_cursor(s, &line->cursors[i], err);
	if (!st && line->server_at > 0) {
		st = store_meta_set_int(s, "server_at", line->server_at, err);
		if (!st)
			st = store_meta_set_int(s, "server_mono",
				clock_mono_ms(), err);
		if (!st)
			st = store_meta_set_int(s, "server_heard",
				clock_now_at(), err);
	}
	if (!st && line->schema[0])
		st = store_meta_set(s, "server_schema", line->schema, err);
	if (!st && !line->more)
		st = store_meta_set_int(s, "synced_at", clock_now_at(), err);
	return st;
}

/* ---- the page ---- */

static enum status
take_line(struct apply_counts *counts, struct store *s,
	const struct wire_line *line, struct err *err)
{
	switch (line->kind) {
	case WIRE_VERDICT:
		return take_verdict(counts, s, line, err);
	case WIRE_ACK:
		return take_ack(s, line, err);
	case WIRE_PUT:
		counts->pulled++;
		return take_put(s, line, err);
	case WIRE_GONE:
		counts->gone++;
		return take_gone(s, line, err);
	case WIRE_END:
		return take_end(s, line, err);
	}
	return say_contradiction(err);
}

enum status
apply_page(struct apply_counts *counts, struct store *s,
	const struct wire_line *lines, size_t count, struct err *err)
{
	struct apply_counts c = *counts;
	struct err later = ERR_INIT;
	enum status st = store_need_key(s, err);

	if (!st && (count == 0 || lines[count - 1].kind != WIRE_END))
		st = say_contradiction(err);
	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	for (size_t i = 0; i < count && !st; i++)
		st = take_line(&c, s, &lines[i], err);
	if (st) {
		store_rollback(s);
		return st;
	}
	st = store_commit(s, err);
	if (st)
		return st;
	*counts = c;
	/* It is on disk; what cannot be read now will be at the next look. */
	if (overview_refresh(s, NULL, &later))
		s->stale = true;
	return E_OK;
}
