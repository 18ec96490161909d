/*
 * The outbox as others see it: what waits to be sent, what was refused, what
 * happened to one record.  Rows are never removed: they are the trace.
 */
#include "store/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/wire.h"
#include "db/db_number.h"
#include "store/hidden.h"
#include "store/inside.h"

void
outbox_entry_release(struct outbox_entry *e)
{
	op_release(&e->op);
	*e = (struct outbox_entry){0};
}

void
outbox_list_release(struct outbox_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		outbox_entry_release(&l->items[i]);
	free(l->items);
	*l = (struct outbox_list){0};
}

/* Columns id, epoch, n, op of the row that stands at the statement. */
static enum status
read_op(struct op *out, size_t *len, struct store *s, struct db_stmt *q,
	struct err *err)
{
	struct uuid id = {{0}};
	const void *bytes;

	if (!db_uuid(&id, q, 0))
		return store_damaged(err);
	bytes = db_blob(q, 3, len);
	return pile_open(out, s, &id, db_int(q, 1), db_int(q, 2), bytes,
		*len, err);
}

/* ---- what is to be sent ---- */

/* The line of the row that stands at the statement: it was printed when it was
 * sealed, so it goes out as it is. */
static enum status
print_row(struct buf *out, struct store *s, struct db_stmt *q,
	struct err *err)
{
	struct uuid id = {{0}};
	const void *bytes;
	size_t len, before = out->len;
	enum status st;

	if (!db_uuid(&id, q, 0))
		return store_damaged(err);
	bytes = db_blob(q, 3, &len);
	st = pile_text(out, s, &id, db_int(q, 1), db_int(q, 2), bytes, len,
		err);
	if (!st)
		sent_add(&s->sent, &id, db_int(q, 2), out->data + before,
			out->len - before);
	if (!st)
		buf_char(out, '\n');
	if (!st && out->full)
		st = err_set(err, E_INVALID,
			tr("An entry is too large to be sent."));
	return st;
}

/* The first goes whatever its size; otherwise one long note would stand in
 * front of everything for ever. */
static enum status
print_rows(struct buf *out, size_t *count, bool *more, struct store *s,
	struct db_stmt *q, size_t max_bytes, struct err *err)
{
	size_t before = out->len, n = 0;

	for (;;) {
		size_t len = 0;
		bool row = false;
		enum status st = db_step(q, &row, err);

		if (st)
			return st;
		*count = n;
		*more = row;
		if (!row)
			return E_OK;
		(void)db_blob(q, 3, &len);
		/* sealed is longer than the line by the overhead */
		if (n > 0 && out->len - before + len - CRYPTO_SEAL_OVERHEAD +
		    1 > max_bytes)
			return E_OK;
		st = print_row(out, s, q, err);
		if (st)
			return st;
		n++;
	}
}

enum status
outbox_print(struct buf *out, size_t *count, bool *more, struct store *s,
	int64_t from, int64_t before, size_t max_bytes, struct err *err)
{
	struct db_stmt *q = NULL;
	int64_t epoch = 0;
	size_t n = 0;
	bool behind = false;
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_meta_int(&epoch, s, "epoch", err);
	if (!st)
		st = db_prepare(&q, s->db, "SELECT id, epoch, n, op FROM outbox"
			" JOIN op USING(num) WHERE state = 0 AND epoch = ? AND n >= ?"
			" AND n < ?"
			" ORDER BY epoch, n", err);
	if (st)
		return st;
	db_bind_int(q, 1, epoch);
	db_bind_int(q, 2, from);
	db_bind_int(q, 3, before ? before : INT64_MAX);
	sent_from(&s->sent, epoch, from);
	st = print_rows(out, &n, &behind, s, q, max_bytes, err);
	if (!st && n == 0)
		st = err_set(err, E_NOTFOUND, tr("Nothing waits to be sent."));
	db_finish(q);
	if (st)
		return st;
	*count = n;
	*more = behind;
	return E_OK;
}

enum status
outbox_print_large(struct buf *out, struct store *s, int64_t n,
	struct err *err)
{
	struct db_stmt *q = NULL;
	struct op op = {0};
	int64_t epoch = 0;
	size_t len = 0;
	bool row = false;
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_meta_int(&epoch, s, "epoch", err);
	if (!st)
		st = db_prepare(&q, s->db, "SELECT id, epoch, n, op FROM outbox"
			" JOIN op USING(num) WHERE state = 0 AND epoch = ? AND n = ?", err);
	if (st)
		return st;
	db_bind_int(q, 1, epoch);
	db_bind_int(q, 2, n);
	st = db_step(q, &row, err);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND, tr("Nothing waits to be sent."));
	if (!st)
		st = read_op(&op, &len, s, q, err);
	if (!st)
		wire_print_large(out, &op, len - CRYPTO_SEAL_OVERHEAD);
	op_release(&op);
	db_finish(q);
	return st;
}

/* ---- lists ---- */

static enum status
read_why(char out[ERR_MSG_MAX], struct store *s, const struct op *op,
	struct db_stmt *q, struct err *err)
{
	struct seal where = { "outbox", "why", op->record, op->epoch, op->n };
	struct buf text;
	const void *sealed;
	size_t len;
	enum status st;

	if (db_is_null(q, 7))
		return E_OK;
	buf_init(&text, ERR_MSG_MAX);
	sealed = db_blob(q, 7, &len);
	st = seal_open(&text, &s->keys.outbox, &where, sealed, len, err);
	if (!st && text.len < ERR_MSG_MAX)
		memcpy(out, text.data, text.len + 1);
	buf_release(&text);
	return st;
}

/* all: also what the user may not see. */
static enum status
fill_list(struct outbox_list *l, struct store *s, struct db_stmt *q, bool all,
	struct err *err)
{
	for (;;) {
		struct outbox_entry e = {0};
		size_t len = 0;
		bool row = false;
		enum status st = db_step(q, &row, err);

		if (st || !row)
			return st;
		st = read_op(&e.op, &len, s, q, err);
		if (!st)
			st = read_why(e.why, s, &e.op, q, err);
		if (st) {
			outbox_entry_release(&e);
			return st;
		}
		e.decided = db_int(q, 4) != OUTBOX_OPEN;
		e.verdict = (enum verdict)db_int(q, 5);
		e.rev = db_int(q, 6);
		if (!all && hidden_is(s, &e.op.record)) {
			outbox_entry_release(&e);
			continue;
		}
		l->items = mem_grow(l->items, l->count, sizeof *l->items);
		l->items[l->count++] = e;
	}
}

#define LIST_COLUMNS "SELECT id, epoch, n, op, state, verdict, rev, why" \
	" FROM outbox JOIN op USING(num) WHERE "

enum status
outbox_list(struct outbox_list *out, struct store *s, enum outbox_which which,
	const struct uuid *record, struct err *err)
{
	static const char *const sql[] = {
		[OUTBOX_WAITING] = LIST_COLUMNS "state = 0 ORDER BY epoch, n",
		[OUTBOX_REFUSED] = LIST_COLUMNS "state = 2 ORDER BY epoch, n",
		[OUTBOX_RECEIPTS] = LIST_COLUMNS "state = 5 ORDER BY epoch, n",
		[OUTBOX_OF_RECORD] = LIST_COLUMNS "id = ? ORDER BY epoch, n",
	};
	struct outbox_list l = {0};
	struct db_stmt *q = NULL;
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_prepare(&q, s->db, sql[which], err);
	if (st)
		return st;
	if (which == OUTBOX_OF_RECORD)
		db_bind_uuid(q, 1, record);
	st = fill_list(&l, s, q, which == OUTBOX_WAITING, err);
	db_finish(q);
	if (st) {
		outbox_list_release(&l);
		return st;
	}
	*out = l;
	return E_OK;
}

/* ---- putting aside ---- */

/* The refused operation with this key; E_NOTFOUND it is none. */
static enum status
find_refused(struct op *out, struct store *s, int64_t epoch, int64_t n,
	struct err *err)
{
	struct db_stmt *q = NULL;
	size_t len = 0;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id, epoch, n, op"
		" FROM outbox JOIN op USING(num)"
		" WHERE epoch = ? AND n = ? AND state IN (2, 5)", err);

	if (st)
		return st;
	db_bind_int(q, 1, epoch);
	db_bind_int(q, 2, n);
	st = db_step(q, &row, err);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND,
			tr("There is no such refused entry."));
	if (!st)
		st = read_op(out, &len, s, q, err);
	db_finish(q);
	return st;
}

/* Of one that was handed on there is nothing to give up. */
static enum status
drop_receipt(struct store *s, const struct op *op, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "UPDATE outbox SET state = 3"
		" WHERE epoch = ? AND n = ? AND state = 5", err);

	if (st)
		return st;
	db_bind_int(q, 1, op->epoch);
	db_bind_int(q, 2, op->n);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* Giving up a new record gives up what was refused on top of it. */
static enum status
put_aside(struct store *s, const struct op *op, struct err *err)
{
	struct pile p = {0};
	enum status st = pile_load(&p, s, &op->record, err);

	if (!st)
		st = drop_receipt(s, op, err);
	for (size_t i = 0; i < p.count && !st; i++) {
		const struct pile_item *item = &p.items[i];

		if (item->state == OUTBOX_BAD && (op->kind == OP_NEW ||
		    (item->op.epoch == op->epoch && item->op.n == op->n)))
			st = pile_set_state(s, &item->op, OUTBOX_ASIDE, err);
	}
	pile_release(&p);
	return st;
}

enum status
outbox_withdraw(struct store *s, int64_t epoch, int64_t n, struct err *err)
{
	struct op op = {0};
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	st = find_refused(&op, s, epoch, n, err);
	if (!st)
		st = put_aside(s, &op, err);
	if (!st)
		st = pile_settle(s, &op.record, err);
	st = store_end(s, st, err);
	op_release(&op);
	return st;
}

/* ---- counts ---- */

enum status
outbox_bytes(size_t *out, struct store *s, struct err *err)
{
	int64_t n = 0;
	enum status st = db_number(&n, s->db, "SELECT"
		" coalesce(sum(size), 0) FROM outbox WHERE state = 0", err);

	if (!st)
		*out = (size_t)n;
	return st;
}

/* How many of these ids the user may not see. */
static enum status
count_hidden(size_t *out, struct store *s, const char *sql, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	for (;;) {
		struct uuid id = {{0}};
		bool row = false;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		if (!db_uuid(&id, q, 0))
			continue;
		*out += hidden_is(s, &id);
	}
	db_finish(q);
	return st;
}

static enum status
leave_out_hidden(struct outbox_counts *c, struct store *s, struct err *err)
{
	struct {
		size_t *from;
		const char *sql;
	} each[] = {
		{ &c->refused, "SELECT id FROM outbox WHERE state = 2" },
		{ &c->receipts, "SELECT id FROM outbox WHERE state = 5" },
		{ &c->conflicts, "SELECT record FROM ask WHERE answered = 0" },
		{ &c->records, "SELECT id FROM record WHERE kind <> 1" },
	};
	enum status st = E_OK;

	for (size_t i = 0; i < sizeof each / sizeof each[0] && !st; i++) {
		size_t n = 0;

		st = count_hidden(&n, s, each[i].sql, err);
		*each[i].from -= n;
	}
	return st;
}

enum status
outbox_waits(bool *out, struct store *s, struct err *err)
{
	int64_t any = 0;
	enum status st = db_number(&any, s->db,
		"SELECT EXISTS(SELECT 1 FROM outbox WHERE state = 0)", err);

	if (!st)
		*out = any != 0;
	return st;
}

enum status
outbox_count(struct outbox_counts *out, struct store *s, struct err *err)
{
	struct outbox_counts c = {0};
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st;

	st = store_meta_int(&c.synced_at, s, "synced_at", err);
	if (!st)
		st = store_meta_int(&c.min_app, s, "min_app", err);
	/* this program may be the new one already */
	if (c.min_app <= WIRE_APP)
		c.min_app = 0;
	if (!st)
		st = db_prepare(&q, s->db, "SELECT"
			" (SELECT count(*) FROM outbox WHERE state = 0),"
			" (SELECT count(*) FROM outbox WHERE state = 2),"
			" (SELECT count(*) FROM outbox WHERE state = 5),"
			" (SELECT count(*) FROM ask WHERE answered = 0),"
			" (SELECT count(*) FROM record) -"
			" (SELECT count(*) FROM record WHERE kind <> 0"
			"  AND kind = 1),"
			" (SELECT count(*) FROM draft WHERE login = ?),"
			" (SELECT at FROM outbox WHERE state = 0"
			" ORDER BY epoch, n LIMIT 1),"
			" EXISTS(SELECT 1 FROM cursor),"
			" (SELECT count(*) FROM removed r WHERE again IS NULL"
			" AND NOT EXISTS(SELECT 1 FROM record"
			" WHERE id = r.id))", err);
	if (!st) {
		db_bind_text(q, 1, s->user.login);
		st = db_step(q, &row, err);
	}
	if (!st) {
		c.loading = db_int(q, 7) && !c.synced_at;
		c.waiting = (size_t)db_int(q, 0);
		c.refused = (size_t)db_int(q, 1);
		c.receipts = (size_t)db_int(q, 2);
		c.conflicts = (size_t)db_int(q, 3);
		c.records = (size_t)db_int(q, 4);
		c.drafts = (size_t)db_int(q, 5);
		c.oldest_at = db_int(q, 6);
		c.removed = (size_t)db_int(q, 8);
	}
	db_finish(q);
	if (!st && hidden_any(s))
		st = leave_out_hidden(&c, s, err);
	if (!st)
		*out = c;
	return st;
}
