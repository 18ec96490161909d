/*
 * opdone is the lock and the memory: a row there and the effect of the
 * operation are one transaction, so a kill at any moment leaves both or none.
 */
#include "server/ledger_push.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_done.h"
#include "server/ledger_erased.h"
#include "server/ledger_number.h"
#include "server/ledger_scan.h"
#include "server/ledger_stream.h"
#include "server/push_read.h"

struct push {
	struct push_result *out;
	enum answer *answer;
	const struct schema *schema;
	const struct ledger_peer *peer;
	struct push_read *read;
	struct stream_touched touched;
	struct account author;	/* of the last operation */
	struct judge_name name;	/* and of the last number */
	struct db *db;
	int today;
	int64_t park, stuck;
};

void
push_result_release(struct push_result *r)
{
	free(r->verdicts);
	*r = (struct push_result){0};
}

static void
add_verdict(struct push_result *r, int64_t n, const struct judgement *j)
{
	r->verdicts = mem_grow(r->verdicts, r->count, sizeof *r->verdicts);
	r->verdicts[r->count++] = (struct push_verdict){ .n = n,
		.judgement = *j };
}

/* ---- opdone ---- */

enum status
push_acked(int64_t *out, struct db *db, const struct uuid *device,
    int64_t epoch, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT max(n) FROM opdone"
	    " WHERE device = ? AND epoch = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, device);
	db_bind_int(st, 2, epoch);
	s = db_step(st, &row, err);
	if (!s)
		*out = row ? db_int(st, 0) : 0;
	db_finish(st);
	return s;
}

/* The stored verdict of a number that was decided; *same: it had this hash. */
static enum status
read_done(struct judgement *out, bool *same, const struct push *p,
    const struct push_op *op, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, p->db, "SELECT hash, verdict, rev, why"
	    " FROM opdone WHERE device = ? AND epoch = ? AND n = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &p->peer->device);
	db_bind_int(st, 2, p->peer->epoch);
	db_bind_int(st, 3, op->op.n);
	s = db_step(st, &row, err);
	if (!s && row) {
		*same = strcmp(db_text(st, 0, NULL), op->hash) == 0;
		(void)verdict_parse(&out->verdict, db_text(st, 1, NULL));
		out->rev = db_int(st, 2);
		snprintf(out->why, sizeof out->why, "%s",
		    db_text(st, 3, NULL));
	}
	db_finish(st);
	return s;
}

/* The verdict, and of a refusal the operation as well. */
static enum status
remember(const struct push *p, const struct judge *judge,
    const struct push_op *op, const struct judgement *j, bool known,
    struct err *err)
{
	const struct done_op done = { &p->peer->device, p->peer->epoch,
		op->op.n, op->hash, &op->op.record };
	bool fresh = false;
	char *line;
	enum status s = done_write(&fresh, p->db, &done, j, err);

	assert(s || fresh);	/* n is beyond all that are decided */
	if (s || known || !verdict_is_refusal(j->verdict))
		return s;
	line = mem_strndup(op->line, op->line_len);
	s = done_quarantine(p->db, &done, j->verdict, line, err);
	free(line);
	if (!s && p->peer->shut)
		s = number_claim_aside(judge, &op->op, err);
	return s ? s : scan_note_aside(p->db, &op->op, err);
}

/* A copy of a cache, given a new epoch, sends what was not judged in it under
 * new numbers.  If another copy, of whichever epoch, had it judged already,
 * that verdict holds: the hash is over all that was entered, and when. */
static enum status
recognise(struct judgement *out, bool *known, const struct push *p,
    const struct push_op *op, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s;

	if (op->broken[0])
		return E_OK;
	s = db_prepare(&st, p->db, "SELECT verdict, rev, why FROM opdone"
	    " WHERE record = ? AND device = ? AND hash = ? AND epoch <> ?",
	    err);
	if (s)
		return s;
	db_lend_blob(st, 1, op->op.record.b, sizeof op->op.record.b);
	db_lend_blob(st, 2, p->peer->device.b, sizeof p->peer->device.b);
	db_lend_text(st, 3, op->hash);
	db_bind_int(st, 4, p->peer->epoch);
	s = db_step(st, known, err);
	if (!s && *known) {
		(void)verdict_parse(&out->verdict, db_text(st, 0, NULL));
		out->rev = db_int(st, 1);
		snprintf(out->why, sizeof out->why, "%s",
		    db_text(st, 2, NULL));
	}
	db_finish(st);
	return s;
}

/* ---- one operation ---- */

static enum status
decide(struct push *p, const struct push_op *op, struct err *err)
{
	const struct judge judge = { .db = p->db, .schema = p->schema,
		.peer = p->peer, .today = p->today, .touched = &p->touched,
		.author = &p->author, .name = &p->name };
	struct judgement j = {0}, no = {0};
	bool known = false, erased = false;
	enum status s = recognise(&j, &known, p, op, err);

	if (!s && !op->broken[0])
		s = erased_meets(&no, &erased, &judge, &op->op, err);
	if (erased) {
		if (!known)
			j = no;
		known = true;	/* nothing of it is kept */
	} else if (op->broken[0]) {
		j.verdict = VERDICT_INVALID;
		snprintf(j.why, sizeof j.why, "%s", op->broken);
	} else if (!s && !known && (op->op.n == p->park || p->peer->shut)) {
		s = judge_refuse(&j, VERDICT_REVIEW, p->peer->shut ?
		    tr("The device had been revoked when this came; it is kept "
		    "on the server, and the county looks at it.") :
		    tr("The server could not work this entry; it is kept "
		    "there, and the county looks at it."));
	} else if (!s && !known && op_is_empty(&op->op)) {
		s = judge_refuse(&j, VERDICT_INVALID,
		    tr("What was entered here was erased."));
	} else if (!s && !known) {
		s = judge_op(&j, &judge, &op->op, err);
	}
	if (!s)
		s = remember(p, &judge, op, &j, known, err);
	if (!s)
		add_verdict(p->out, op->op.n, &j);
	return s;
}

static enum status
repeat(struct push *p, const struct push_op *op, struct err *err)
{
	struct judgement j = {0};
	bool same = false;
	enum status s = read_done(&j, &same, p, op, err);

	if (s)
		return s;
	if (!same) {
		*p->answer = ANSWER_DEVICE_FORK;
		return E_OK;
	}
	add_verdict(p->out, op->op.n, &j);
	return E_OK;
}

/* ---- one transaction ---- */

/* Work operations from *at on until enough is decided, there is a gap, or all
 * is done; *at is where to go on. */
static enum status
work_some(struct push *p, size_t *at, struct err *err)
{
	const struct push_op *op;
	const struct judge judge = { .db = p->db, .schema = p->schema,
		.peer = p->peer, .today = p->today, .touched = &p->touched,
		.author = &p->author, .name = &p->name };
	int64_t acked = 0;
	size_t i = *at, decided = 0;
	enum status s = push_acked(&acked, p->db, &p->peer->device,
	    p->peer->epoch, err);

	p->author = (struct account){0};
	p->name = (struct judge_name){0};
	for (; !s && decided < PUSH_TRANSACTION; i++) {
		int64_t n;

		op = push_read_at(p->read, i);
		if (!op)
			break;
		n = op->op.n;
		/* a device that is not heard again sends what it has */
		if (n > acked + 1 && !p->peer->shut) {
			p->out->need = acked + 1;
			break;
		}
		if (n <= acked) {
			s = repeat(p, op, err);
			if (*p->answer)
				break;
			continue;
		}
		s = decide(p, op, err);
		p->stuck = s ? n : 0;
		acked = n;
		decided++;
	}
	if (s)
		return s;
	*at = i;
	p->out->acked = acked;
	s = number_catch_up(&judge, p->peer->office, err);
	return s ? s : stream_publish(p->db, &p->touched, err);
}

enum status
push_ops(struct push_result *out, enum answer *answer, struct ledger *l,
    const struct schema *schema, const struct ledger_peer *peer,
    struct push_read *read, int64_t from, int64_t park, int64_t *stuck,
    struct err *err)
{
	struct push_result result = {0};
	enum answer said = ANSWER_OK;
	struct push p = { .out = &result, .answer = &said, .schema = schema,
		.peer = peer, .read = read, .today = clock_today(),
		.park = park };
	size_t at = 0, count = 0;
	enum status s;

	do {
		size_t before = result.count;

		s = ledger_begin(&p.db, l, err);
		if (s)
			break;
		s = work_some(&p, &at, err);
		if (!s)
			s = push_read_all(&count, read, err);
		s = ledger_end(l, s, err);
		if (s)
			result.count = before;	/* undone */
	} while (!s && !said && !result.need && at < count);
	stream_touched_release(&p.touched);
	/* Nothing was sent, but the device thinks we have more than we do. */
	if (!s && count == 0 && from > result.acked + 1)
		result.need = result.acked + 1;
	if (s) {
		*stuck = p.stuck;
		push_result_release(&result);
		return s;
	}
	*answer = said;
	*out = result;
	return E_OK;
}
