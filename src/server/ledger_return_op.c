/*
 * Operations that had a verdict, and come back to a restored ledger.
 */
#include "server/ledger_return.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/merge.h"
#include "core/older.h"
#include "core/transfer.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_done.h"
#include "server/ledger_erased.h"
#include "server/ledger_number.h"
#include "server/ledger_push.h"
#include "server/ledger_question.h"
#include "server/ledger_record.h"
#include "server/ledger_scan.h"

/* A copy's refused operation may lie under the same number already, so these
 * are kept by their content. */
static enum status
keep_op(const struct judge *j, const struct reconcile_line *l,
    struct err *err)
{
	struct db_stmt *st = NULL;
	struct buf text;
	enum status s = db_prepare(&st, j->db, "INSERT INTO returned(record,"
	    " rev, hash, device, at, line) VALUES(?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT DO NOTHING", err);

	if (s)
		return s;
	buf_init(&text, BUF_BATCH_MAX);
	op_print(&text, &l->op);
	db_bind_uuid(st, 1, &l->op.record);
	db_bind_int(st, 2, 0);
	db_bind_text(st, 3, l->hash);
	db_bind_uuid(st, 4, &j->peer->device);
	db_bind_int(st, 5, clock_now_at());
	db_bind_text(st, 6, text.data);
	s = db_run(st, err);
	db_finish(st);
	buf_release(&text);
	return s;
}

enum status
return_keep(struct db *db, const struct uuid *device,
    const struct push_op *op, struct err *err)
{
	struct db_stmt *st = NULL;
	bool erased = false;
	char *line;
	enum status s = erased_names(&erased, db, &op->op, err);

	if (s || erased)
		return s;
	s = db_prepare(&st, db, "INSERT INTO returned(record, rev,"
	    " hash, device, at, line) VALUES(?, 0, ?, ?, ?, ?)"
	    " ON CONFLICT DO NOTHING", err);
	if (s)
		return s;
	line = mem_strndup(op->line, op->line_len);
	db_bind_uuid(st, 1, &op->op.record);
	db_bind_text(st, 2, op->hash);
	db_bind_uuid(st, 3, device);
	db_bind_int(st, 4, clock_now_at());
	db_bind_text(st, 5, line);
	s = db_run(st, err);
	db_finish(st);
	free(line);
	return s;
}

static enum status
keep_refused(const struct judge *j, const struct done_op *key,
    enum verdict verdict, const struct reconcile_line *l, struct err *err)
{
	struct buf text;
	enum status s;

	buf_init(&text, BUF_RECORD_MAX);
	op_print(&text, &l->op);
	s = done_quarantine(j->db, key, verdict, text.data, err);
	buf_release(&text);
	if (!s && j->peer->shut)
		s = number_claim_aside(j, &l->op, err);
	return s ? s : scan_note_aside(j->db, &l->op, err);
}

/* Its number stands for another operation here. */
static enum status
is_other(bool *out, const struct judge *j, const struct reconcile_line *l,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, j->db, "SELECT 1 FROM opdone WHERE"
	    " device = ? AND epoch = ? AND n = ? AND hash <> ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &j->peer->device);
	db_bind_int(st, 2, j->peer->epoch);
	db_bind_int(st, 3, l->op.n);
	db_bind_text(st, 4, l->hash);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

/* Where an operation stands to what is here now. */
struct standing {
	bool beyond;	/* the line that had it ends here before it; how far
			 * the record has come on another one says nothing */
	bool taken;	/* its place in the history is somebody else's */
	bool again;	/* a copy of the cache had it judged again meanwhile */
};

static enum status
find_standing(struct standing *out, const struct judge *j,
    const struct return_line *line, const struct reconcile_line *l,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false, reaches = false;
	enum status s = return_line_reaches(&reaches, j->db, line,
	    &j->peer->device, &l->op.record, l->rev, err);

	if (!s)
		s = db_prepare(&st, j->db, "SELECT EXISTS(SELECT 1 FROM"
		    " history WHERE record = ?1 AND rev = ?2), EXISTS("
		    "SELECT 1 FROM opdone WHERE record = ?1 AND device = ?3"
		    " AND hash = ?4 AND epoch <> ?5)", err);
	if (s)
		return s;
	db_bind_uuid(st, 1, &l->op.record);
	db_bind_int(st, 2, l->rev);
	db_bind_uuid(st, 3, &j->peer->device);
	db_bind_text(st, 4, l->hash);
	db_bind_int(st, 5, j->peer->epoch);
	s = db_step(st, &row, err);
	if (!s) {
		out->beyond = !reaches;
		out->taken = db_int(st, 0) != 0;
		out->again = db_int(st, 1) != 0;
	}
	db_finish(st);
	return s;
}

/* Its author takes the question as answered; the answer's line may never have
 * reached anybody. */
static enum status
close_question(const struct judge *j, const struct op *op, struct err *err)
{
	struct ledger_question_state q = {0};
	struct err none = ERR_INIT;
	enum status s;

	if (op->kind != OP_RESOLVE)
		return E_OK;
	s = ledger_question_get(&q, j->db, &op->conflict, &none);
	if (s == E_NOTFOUND)
		return E_OK;
	if (s)
		*err = none;
	else if (q.answered_at == 0)
		s = ledger_question_close(j, op, op->at, err);
	return s;
}

static bool
is_any(void *self, const char *field)
{
	(void)self, (void)field;
	return true;
}

static bool
withdraws(const struct op *op)
{
	for (size_t i = 0; i < op->change_count; i++) {
		if (strcmp(op->changes[i].field, "@deleted") == 0)
			return true;
	}
	return false;
}

/* What the record does not say as the operation would have it.  Not a
 * withdrawal's reason that somebody else gave. */
static void
find_conflicts(struct merge_result *out, const struct judge *j,
    const struct op *op, const struct record *now)
{
	const struct schema_register *reg = schema_register_find(j->schema,
	    op->reg);
	struct record next = {0};

	record_copy(&next, now);
	if (!withdraws(op))
		(void)record_set(&next, "@deleted", "");
	merge_op(out, &next, op, reg, is_any, NULL);
	record_release(&next);
}

/* Did one of the questions come back, or was it never lost? */
static enum status
is_asked(bool *out, const struct judge *j, const struct op *op,
    const struct merge_result *merged, struct err *err)
{
	enum status s = E_OK;

	for (size_t i = 0; !s && !*out && i < merged->conflict_count; i++)
		s = ledger_question_known(out, j, op,
		    merged->conflicts[i].group, err);
	return s;
}

static enum status
ask_again(const struct judge *j, const struct op *op,
    const struct record *now, struct err *err)
{
	struct merge_result merged = {0};
	bool asked = false;
	enum status s;

	find_conflicts(&merged, j, op, now);
	s = is_asked(&asked, j, op, &merged, err);
	for (size_t i = 0; !s && !asked && i < merged.conflict_count; i++)
		s = ledger_question_open(j, op, now, &merged.conflicts[i],
		    op->at, err);
	merge_result_release(&merged);
	return s;
}

/* It led to a question, which may have reached nobody before it was lost: the
 * value would be in the history alone. */
static enum status
ask_lost(const struct judge *j, const struct op *op, struct err *err)
{
	const struct schema_register *reg = schema_register_find(j->schema,
	    op->reg);
	struct record now = {0};
	struct op brought = {0};
	struct err none = ERR_INIT;
	enum status s = ledger_record_get(&now, j->db, &op->record, &none);

	if (s == E_NOTFOUND)
		return E_OK;
	if (s) {
		*err = none;
		return s;
	}
	op_copy(&brought, op);
	if (reg) {
		(void)older_record(&now, reg);
		(void)older_op(&brought, reg, &now, clock_day_of(op->at));
	}
	if (!transfer_is(&now))
		s = ask_again(j, &brought, &now, err);
	op_release(&brought);
	record_release(&now);
	return s;
}

/* The version that had it is handed back by nobody so far: the device holds it
 * no more, since it was sealed, or went elsewhere.  So it is judged again; what
 * may not be done any more the county looks at.  What was handed over since is
 * brought to where it is now. */
static enum status
work_again(const struct judge *j, const struct done_op *key,
    const struct reconcile_line *l, struct err *err)
{
	struct judge once = *j;
	struct judgement again = {0};
	enum status s;

	once.before = JUDGED_IN_TIME;
	s = judge_op(&again, &once, &l->op, err);
	return s || !verdict_is_refusal(again.verdict) ? s :
	    keep_refused(j, key, VERDICT_REVIEW, l, err);
}

/* Its effect, or its place in the history if nobody stands there; else aside. */
static enum status
take_effect(const struct judge *j, const struct return_line *line,
    const struct done_op *key, const struct reconcile_line *l, struct err *err)
{
	struct ledger_entry entry = { .device = &j->peer->device,
		.epoch = j->peer->epoch, .op = &l->op, .at = l->op.at,
		.rev = l->rev, .changes = l->op.changes,
		.change_count = l->op.change_count, .returned = true };
	struct standing at = { .taken = true };
	enum status s = l->rev > 0 ? find_standing(&at, j, line, l, err) :
	    E_OK;

	if (!s && at.beyond && !at.again &&
	    strcmp(l->op.reg, TRANSFER_REGISTER) != 0)
		return work_again(j, key, l, err);
	if (!s)
		s = close_question(j, &l->op, err);
	if (!s && l->verdict == VERDICT_CONFLICT)
		s = ask_lost(j, &l->op, err);
	if (s)
		return s;
	return at.beyond || at.taken || at.again ? keep_op(j, l, err) :
	    ledger_history_add(j->db, &entry, err);
}

/* What it led to was lost perhaps; it asks nothing twice.  It is kept besides,
 * as when it came, so that it must have no other effect. */
static enum status
ask_moved(const struct judge *j, const struct op *op, struct err *err)
{
	struct judge once = *j;
	struct judgement again = {0};

	once.before = JUDGED_LATE;
	return judge_op(&again, &once, op, err);
}

/* Its effect was lost too long ago to come back by itself; the device has put
 * it among what was refused. */
static void
judge_late(struct judgement *was)
{
	if (verdict_is_refusal(was->verdict))
		return;
	was->verdict = VERDICT_REVIEW;
	was->rev = 0;
	snprintf(was->why, sizeof was->why, "%s", tr("The county's server was "
	    "put back from a backup and this came too late to be taken by "
	    "itself; the county looks at it."));
}

enum status
return_op(const struct judge *j, const struct return_line *line,
    const struct reconcile_line *l, struct err *err)
{
	struct judgement was = { .verdict = l->verdict, .rev = l->rev };
	struct judgement again = {0};
	bool fresh = false, other = false, erased = false;
	const struct done_op key = { &j->peer->device, j->peer->epoch,
		l->op.n, l->hash, &l->op.record };
	enum status s;

	s = erased_meets(&again, &erased, j, &l->op, err);
	/* its verdict, and nothing of it */
	if (!s && (erased || op_is_empty(&l->op)))
		return done_write(&fresh, j->db, &key, &was, err);
	if (s)
		return s;
	memcpy(was.why, l->why, sizeof was.why);
	if (!line->open)
		judge_late(&was);
	s = done_write(&fresh, j->db, &key, &was, err);
	if (!s && !fresh)
		s = is_other(&other, j, l, err);
	if (s || (!fresh && !other))
		return s;
	if (other)
		return keep_op(j, l, err);
	if (line->open && l->verdict == VERDICT_MOVED)
		s = ask_moved(j, &l->op, err);
	if (s)
		return s;
	return verdict_is_refusal(was.verdict) ?
	    keep_refused(j, &key, was.verdict, l, err) :
	    take_effect(j, line, &key, l, err);
}
