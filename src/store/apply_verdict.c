/*
 * Verdicts, and the conflicts that come as records.  A verdict only decides
 * its operation; the record follows at the feed line that has it, or at the
 * end of the page.
 */
#include <string.h>

#include "base/tr.h"
#include "core/question.h"
#include "store/apply.h"
#include "store/apply_work.h"
#include "store/inside.h"
#include "store/overview.h"

enum status
apply_contradiction(struct err *err)
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
	db_bind_uuid(q, 1, a);
	if (b)
		db_bind_uuid(q, 2, b);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

#define ASK_DROP "DELETE FROM ask WHERE conflict = ?"
#define ASK_AGAIN "UPDATE ask SET answered = 0 WHERE conflict = ?"

enum status
apply_question(struct store *s, const struct record *r, struct err *err)
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

/* The record whose open conflict goes with this row, if it is one. */
enum status
apply_question_gone(struct store *s, const struct uuid *id, struct err *err)
{
	struct db_stmt *q = NULL;
	struct uuid record = {{0}};
	bool row = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT record FROM ask WHERE conflict = ?", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	st = db_step(q, &row, err);
	if (!st && row) {
		(void)db_uuid(&record, q, 0);
	}
	db_finish(q);
	if (st || !row)
		return st;
	st = run_ids(s, ASK_DROP, id, NULL, err);
	if (!st)
		st = row_touch(s, &record, err);
	return st;
}

enum status
apply_questions_again(struct store *s, struct err *err)
{
	enum status st = overview_refresh(s, NULL, err);

	for (size_t i = 0; !st && i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		struct row r = {0};

		if (!o || strcmp(o->reg_name, QUESTION_REGISTER) != 0)
			continue;
		st = row_load(&r, s, &o->id, err);
		if (!st)
			st = apply_question(s, &r.shown, err);
		row_release(&r);
	}
	return st;
}

/* ---- verdicts ---- */

struct decided {
	struct uuid record;
	enum outbox_state state;
	int64_t rev;		/* of the base; beyond all if the row is gone,
				 * so that nothing waits for it */
	struct uuid conflict;	/* the one it answers; zero: none */
};

/* Only an operation on a record with a conflict can be an answer: the others
 * need not be opened. */
static enum status
read_op(struct decided *out, struct store *s, int64_t epoch, int64_t n,
	struct db_stmt *q, struct err *err)
{
	struct op op = {0};
	const void *bytes;
	size_t len;
	enum status st = E_OK;

	(void)db_uuid(&out->record, q, 0);
	out->state = (enum outbox_state)db_int(q, 1);
	out->rev = db_is_null(q, 2) ? INT64_MAX : db_int(q, 2);
	if (!db_int(q, 3))
		return E_OK;
	bytes = db_blob(q, 4, &len);
	st = pile_open(&op, s, &out->record, epoch, n, bytes, len, err);
	if (!st && op.kind == OP_RESOLVE)
		out->conflict = op.conflict;
	op_release(&op);
	return st;
}

static enum status
find_op(struct decided *out, struct store *s, int64_t epoch, int64_t n,
	struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id, state,"
		" (SELECT rev FROM record r WHERE r.id = o.id),"
		" EXISTS(SELECT 1 FROM ask WHERE record = o.id), op"
		" FROM outbox o JOIN op USING(num) WHERE epoch = ? AND n = ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, epoch);
	db_bind_int(q, 2, n);
	st = db_step(q, &row, err);
	if (!st)
		st = row ? read_op(out, s, epoch, n, q, err) :
			apply_contradiction(err);
	db_finish(q);
	return st;
}

static enum status
write_verdict(struct store *s, const struct uuid *record, int64_t epoch,
	const struct wire_line *line, enum outbox_state state,
	struct err *err)
{
	struct seal where = { "outbox", "why", *record, epoch, line->n };
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
		db_bind_int(q, 5, epoch);
		db_bind_int(q, 6, line->n);
		st = db_run(q, err);
	}
	db_finish(q);
	buf_release(&why);
	return st;
}

static void
count_verdict(struct apply_counts *c, enum verdict v)
{
	if (v == VERDICT_MOVED)
		c->moved++;
	else if (verdict_is_refusal(v))
		c->refused++;
	else if (v == VERDICT_OK)
		c->ok++;
	else if (v == VERDICT_MERGED)
		c->merged++;
	else
		c->conflicts++;
}

enum status
apply_verdict(struct apply_work *w, const struct wire_line *line,
	struct err *err)
{
	struct store *s = w->store;
	struct decided d = {0};
	enum outbox_state state;
	enum status st = find_op(&d, s, w->epoch, line->n, err);

	/* A verdict that comes again is the same one: it is final. */
	if (st || d.state != OUTBOX_OPEN)
		return st;
	if (line->verdict == VERDICT_MOVED)
		state = OUTBOX_MOVED;
	else if (verdict_is_refusal(line->verdict))
		state = OUTBOX_BAD;
	else
		state = d.rev > 0 && line->rev <= d.rev ? OUTBOX_DONE :
			OUTBOX_ACCEPTED;
	st = write_verdict(s, &d.record, w->epoch, line, state, err);
	/* an answer that was moved on has answered nothing */
	if (!st && !uuid_is_zero(&d.conflict))
		st = run_ids(s, state == OUTBOX_BAD || state == OUTBOX_MOVED ?
			ASK_AGAIN : ASK_DROP, &d.conflict, NULL, err);
	if (!st) {
		idmap_set(&w->unsettled, &d.record, 0);
		count_verdict(w->counts, line->verdict);
	}
	return st;
}
