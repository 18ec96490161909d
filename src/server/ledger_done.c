/*
 * Writing what was decided.
 */
#include "server/ledger_done.h"

#include <stdio.h>

#include "base/clock.h"
#include "db/db.h"
#include "db/db_uuid.h"

static void
bind_key(struct db_stmt *st, const struct done_op *op)
{
	db_lend_blob(st, 1, op->device->b, sizeof op->device->b);
	db_bind_int(st, 2, op->epoch);
	db_bind_int(st, 3, op->n);
}

enum status
done_write(bool *fresh, struct db *db, const struct done_op *op,
    const struct judgement *j, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT INTO opdone(device,"
	    " epoch, n, hash, verdict, rev, why, record, at)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", err);

	if (s)
		return s;
	bind_key(st, op);
	db_lend_text(st, 4, op->hash);
	db_lend_text(st, 5, verdict_name(j->verdict));
	db_bind_int(st, 6, j->rev);
	db_lend_text(st, 7, j->why);
	db_lend_blob(st, 8, op->record->b, sizeof op->record->b);
	db_bind_int(st, 9, clock_now_at());
	s = db_run(st, err);
	*fresh = !s && db_changes(db) > 0;
	db_finish(st);
	return s;
}

enum status
done_quarantine(struct db *db, const struct done_op *op,
    enum verdict verdict, const char *line, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT INTO quarantine(device,"
	    " epoch, n, verdict, op) VALUES(?, ?, ?, ?, ?)", err);

	if (s)
		return s;
	bind_key(st, op);
	db_lend_text(st, 4, verdict_name(verdict));
	db_lend_text(st, 5, line);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* Every one, whoever has looked at it. */
static const char aside_sql[] =
	"SELECT q.device, q.epoch, q.n, d.at, q.verdict, d.why, q.op, d.hash,"
	" coalesce(v.num, 0), s.how, s.login, s.why, s.at FROM quarantine q"
	" JOIN opdone d USING(device, epoch, n)"
	" LEFT JOIN device v ON v.id = q.device"
	" LEFT JOIN settled s ON s.device = q.device AND s.epoch = q.epoch AND"
	" s.n = q.n AND s.hash = d.hash"
	" UNION ALL SELECT r.device, 0, 0, r.at, 'review', '', r.line, r.hash,"
	" coalesce(v.num, 0), s.how, s.login, s.why, s.at FROM returned r"
	" LEFT JOIN device v ON v.id = r.device"
	" LEFT JOIN settled s ON s.device = r.device AND s.epoch = 0 AND"
	" s.n = 0 AND s.hash = r.hash WHERE r.rev = 0 ORDER BY 4, 1, 2, 3";

static const char *
text_at(struct db_stmt *st, int column)
{
	return db_is_null(st, column) ? "" : db_text(st, column, NULL);
}

static void
read_aside(struct done_aside *q, struct db_stmt *st)
{
	long long device = (long long)db_int(st, 8);

	(void)db_uuid(&q->device, st, 0);
	q->epoch = db_int(st, 1);
	q->n = db_int(st, 2);
	q->at = db_int(st, 3);
	q->verdict = db_text(st, 4, NULL);
	q->why = db_text(st, 5, NULL);
	q->line = db_text(st, 6, NULL);
	q->hash = db_text(st, 7, NULL);
	if (q->n > 0)
		snprintf(q->id, sizeof q->id, "D%02lld-%lld-%lld", device,
		    (long long)q->epoch, (long long)q->n);
	else
		snprintf(q->id, sizeof q->id, "D%02lld-R-%.8s", device,
		    q->hash);
	q->how = text_at(st, 9);
	q->by = text_at(st, 10);
	q->reason = text_at(st, 11);
	q->settled_at = db_is_null(st, 12) ? 0 : db_int(st, 12);
}

enum status
done_each_aside(struct db *db, enum status (*show)(void *self,
    const struct done_aside *q, struct err *err), void *self, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, aside_sql, err);

	if (s)
		return s;
	for (;;) {
		struct done_aside q = {0};

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		read_aside(&q, st);
		s = show(self, &q, err);
		if (s)
			break;
	}
	db_finish(st);
	return s;
}
