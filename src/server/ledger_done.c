/*
 * Writing what was decided.
 */
#include "server/ledger_done.h"

#include <string.h>

#include "base/clock.h"
#include "db/db.h"

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

enum status
done_each_aside(struct db *db, enum status (*show)(void *self,
    const struct done_aside *q, struct err *err), void *self, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT q.device, q.epoch, q.n,"
	    " d.at, q.verdict, d.why, q.op FROM quarantine q JOIN opdone d"
	    " USING(device, epoch, n) UNION ALL SELECT device, 0, 0, at,"
	    " 'review', '', line FROM returned WHERE rev = 0"
	    " ORDER BY 4, 1, 2, 3", err);

	if (s)
		return s;
	for (;;) {
		struct done_aside q = {0};
		const void *id;
		size_t len = 0;

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		id = db_blob(st, 0, &len);
		if (len == sizeof q.device.b)
			memcpy(q.device.b, id, len);
		q.epoch = db_int(st, 1);
		q.n = db_int(st, 2);
		q.at = db_int(st, 3);
		q.verdict = db_text(st, 4, NULL);
		q.why = db_text(st, 5, NULL);
		q.line = db_text(st, 6, NULL);
		s = show(self, &q, err);
		if (s)
			break;
	}
	db_finish(st);
	return s;
}
