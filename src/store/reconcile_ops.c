/*
 * This device's operations in a reconciliation.
 */
#include "store/reconcile_ops.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/number.h"
#include "core/question.h"
#include "store/apply.h"
#include "store/inside.h"
#include "store/outbox.h"

/* ---- which it knows ---- */

enum status
reconcile_ops_hash(struct reconcile_epoch *e, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	struct op op = {0};
	struct uuid id;
	const void *bytes;
	size_t len = 0;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id, op FROM outbox"
		" JOIN op USING(num) WHERE epoch = ? AND n = ?", err);

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

/* ---- open again ---- */

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
		" FROM outbox JOIN op USING(num) WHERE state = ?", err);

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
			db_int(q, 2), bytes, len, err) : store_damaged(err);
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
reconcile_ops_reopen(struct store *s, int64_t epoch, struct err *err)
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
			st = store_damaged(err);
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
reconcile_ops_late(struct store *s, int64_t epoch, int64_t n, struct err *err)
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

/* ---- handed back ---- */

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
		return store_damaged(err);
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
reconcile_ops_print(struct buf *out, struct store *s, int64_t epoch,
	int64_t *n, size_t max_bytes, struct err *err)
{
	struct db_stmt *q = NULL;
	size_t before = out->len;
	int64_t next = 0;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id, n, op, verdict, rev,"
		" why FROM outbox JOIN op USING(num) WHERE epoch = ? AND n >= ? AND state <> 0"
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
