/*
 * Erasing in the cache.  A row of the table erased waits until no operation on
 * its record is undecided; then everything goes and the row is marked.
 */
#include "store/erased.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/wire.h"
#include "store/apply_work.h"
#include "store/draft.h"
#include "store/inside.h"

enum status
erased_note(struct store *s, const struct uuid *id, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO erased(id, at,"
		" swept) VALUES(?, ?, 0) ON CONFLICT(id) DO UPDATE SET"
		" swept = 0", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	db_bind_int(q, 2, clock_now_at());
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* ---- how far it is known ---- */

static const char heard_name[] = "erased_heard";

enum status
erased_heard(int64_t *out, struct store *s, struct err *err)
{
	return store_meta_int(out, s, heard_name, err);
}

enum status
erased_forget(struct store *s, struct err *err)
{
	return store_meta_set_int(s, heard_name, 0, err);
}

enum status
erased_hear(struct store *s, const struct wire_line *end, struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < end->erased_count && !st; i++)
		st = erased_note(s, &end->erased[i], err);
	return st || !end->erased_to ? st :
		store_meta_set_int(s, heard_name, end->erased_to, err);
}

/* ---- operations ---- */

static enum status
write_empty(struct store *s, const struct op *op, struct err *err)
{
	struct seal where = { "outbox", "op", op->record, op->epoch, op->n };
	struct buf text, sealed;
	struct db_stmt *q = NULL;
	enum status st;

	buf_init(&text, BUF_BATCH_MAX);
	buf_init(&sealed, BUF_BATCH_MAX + CRYPTO_SEAL_OVERHEAD);
	op_print(&text, op);
	seal_put(&sealed, &s->keys.outbox, &where, text.data, text.len);
	st = db_prepare(&q, s->db, "UPDATE op SET op = ? WHERE num ="
		" (SELECT num FROM outbox WHERE epoch = ? AND n = ?)", err);
	if (!st) {
		db_lend_blob(q, 1, sealed.data, sealed.len);
		db_bind_int(q, 2, op->epoch);
		db_bind_int(q, 3, op->n);
		st = db_run(q, err);
	}
	db_finish(q);
	q = NULL;
	if (!st)
		st = db_prepare(&q, s->db, "UPDATE outbox SET size = ?"
			" WHERE epoch = ? AND n = ?", err);
	if (!st) {
		db_bind_int(q, 1, (int64_t)sealed.len);
		db_bind_int(q, 2, op->epoch);
		db_bind_int(q, 3, op->n);
		st = db_run(q, err);
	}
	db_finish(q);
	buf_release(&text);
	buf_release(&sealed);
	return st;
}

static enum status
empty_ops(struct store *s, const struct uuid *id, struct err *err)
{
	struct op *ops = NULL;
	struct db_stmt *q = NULL;
	size_t count = 0;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT epoch, n, op FROM outbox"
		" JOIN op USING(num) WHERE id = ? ORDER BY epoch, n", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	for (;;) {
		const void *sealed;
		size_t len;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		sealed = db_blob(q, 2, &len);
		ops = mem_grow(ops, count, sizeof *ops);
		ops[count] = (struct op){0};
		st = pile_open(&ops[count], s, id, db_int(q, 0), db_int(q, 1),
			sealed, len, err);
		if (st)
			break;
		count++;
	}
	db_finish(q);
	for (size_t i = 0; i < count; i++) {
		op_empty(&ops[i]);
		if (!st)
			st = write_empty(s, &ops[i], err);
		op_release(&ops[i]);
	}
	free(ops);
	return st;
}

/* ---- the rest ---- */

static const char *const wipes[] = {
	"UPDATE outbox SET state = 1 WHERE id = ? AND state = 4",
	"DELETE FROM member WHERE id = ?",
	"DELETE FROM trail WHERE id = ?",
	"DELETE FROM removed WHERE id = ?",
	"DELETE FROM recent WHERE id = ?",
	"DELETE FROM scan WHERE id = ?",
	"UPDATE erased SET swept = 1 WHERE id = ?",
};

static enum status
sweep_one(struct store *s, const struct uuid *id, struct err *err)
{
	enum status st = empty_ops(s, id, err);

	if (!st)
		st = apply_question_gone(s, id, err);
	if (!st)
		st = row_drop(s, id, err);
	for (size_t i = 0; i < sizeof wipes / sizeof wipes[0] && !st; i++)
		st = db_run_uuid(s->db, wipes[i], id, err);
	return st ? st : draft_drop_about(s, id, err);
}

enum status
erased_sweep(bool *any, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	struct uuid *ids = NULL;
	size_t count = 0;
	enum status st = db_prepare(&q, s->db, "SELECT id FROM erased e WHERE"
		" swept = 0 AND NOT EXISTS(SELECT 1 FROM outbox o WHERE"
		" o.id = e.id AND o.state = 0)", err);

	if (st)
		return st;
	st = db_uuids(&ids, &count, q, err);
	db_finish(q);
	for (size_t i = 0; i < count && !st; i++)
		st = sweep_one(s, &ids[i], err);
	free(ids);
	if (!st && count > 0)
		st = db_exec(s->db, "DELETE FROM piece WHERE blob NOT IN"
			" (SELECT blob FROM scan); DELETE FROM blob WHERE id"
			" NOT IN (SELECT blob FROM scan)", err);
	*any = !st && count > 0;
	return st;
}
