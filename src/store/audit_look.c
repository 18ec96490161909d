/*
 * Reading the trace: verifying it, showing it, packing it for the server.
 */
#include <stdio.h>
#include <string.h>

#include "base/tr.h"
#include "store/audit.h"
#include "store/audit_rows.h"

static enum status
select_from(struct db_stmt **q, struct store *s, int64_t from,
	struct err *err)
{
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_prepare(q, s->db, "SELECT n, clear, hash, entry FROM"
			" audit WHERE n >= ? ORDER BY n", err);
	if (!st)
		db_bind_int(*q, 1, from);
	return st;
}

enum status
audit_last(int64_t *n, uint8_t hash[AUDIT_HASH], struct store *s,
	struct err *err)
{
	struct audit_place last = {0};
	enum status st = store_need_key(s, err);

	if (!st)
		st = audit_rows_last(&last, s, err);
	if (st)
		return st;
	*n = last.n;
	memcpy(hash, last.hash, AUDIT_HASH);
	return E_OK;
}

/* ---- verifying ---- */

struct verify {
	struct audit_place at, head;
	int64_t first;
	enum audit_fault fault;
};

static bool
fails(struct verify *v, int64_t n, enum audit_fault fault)
{
	v->first = n;
	v->fault = fault;
	return false;
}

/* Anybody could write what stands in clear; it says one thing only. */
static bool
says_what_it_may(const struct buf *text, int64_t n, bool clear)
{
	struct audit_entry e = {0};
	struct err bad = ERR_INIT;
	bool good = !audit_parse(&e, text->data, text->len, &bad) &&
		e.n == n && (!clear ||
		strcmp(e.what, audit_word(AUDIT_SIGNIN_BAD)) == 0);

	audit_entry_release(&e);
	return good;
}

static bool
row_holds(struct verify *v, const struct store *s, struct db_stmt *q)
{
	int64_t n = db_int(q, 0);
	bool clear = db_int(q, 1) != 0, good;
	struct err bad = ERR_INIT;
	const void *hash;
	struct buf text;
	size_t len;

	if (n != v->at.n + 1)
		return fails(v, v->at.n + 1, AUDIT_MISSING);
	buf_init(&text, AUDIT_LINE_MAX);
	good = !audit_rows_text(&text, s, q, &bad) &&
		says_what_it_may(&text, n, clear);
	audit_chain(v->at.hash, text.data, text.len);
	buf_release(&text);
	hash = db_blob(q, 2, &len);
	if (!good || len != sizeof v->at.hash ||
	    memcmp(hash, v->at.hash, len) != 0)
		return fails(v, n, AUDIT_CHANGED);
	v->at.n = n;
	if (n > v->head.n && !clear)
		return fails(v, n, AUDIT_CHANGED);
	if (n == v->head.n &&
	    memcmp(v->head.hash, v->at.hash, sizeof v->at.hash) != 0)
		return fails(v, n, AUDIT_CHANGED);
	return true;
}

static enum status
walk(struct verify *v, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = select_from(&q, s, 0, err);

	while (!st) {
		st = db_step(q, &row, err);
		if (st || !row || !row_holds(v, s, q))
			break;
	}
	db_finish(q);
	if (!st && v->first == 0 && v->at.n < v->head.n)
		fails(v, v->at.n + 1, AUDIT_MISSING);
	return st;
}

enum status
audit_verify(int64_t *first, char why[ERR_MSG_MAX], struct store *s,
	struct err *err)
{
	struct verify v = {0};
	struct err bad = ERR_INIT;
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_begin_read(s->db, err);
	if (st)
		return st;
	st = audit_mark_get(&v.at, s, AUDIT_MARK_ANCHOR, &bad);
	if (!st)
		st = audit_mark_get(&v.head, s, AUDIT_MARK_HEAD, &bad);
	if (st == E_INVALID) {
		fails(&v, 1, AUDIT_CHANGED);
		st = E_OK;
	} else if (st) {
		*err = bad;
	} else {
		st = walk(&v, s, err);
	}
	db_rollback(s->db);
	if (st)
		return st;
	*first = v.first;
	if (v.first)
		audit_say_fault(why, v.fault, v.first);
	return E_OK;
}

/* ---- showing ---- */

enum status
audit_each(struct store *s, bool (*fn)(void *self,
	const struct audit_entry *e), void *self, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false, more = true;
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_prepare(&q, s->db, "SELECT n, clear, hash, entry FROM"
			" audit ORDER BY n DESC", err);
	while (!st && more) {
		struct audit_entry e = {0};
		struct buf text;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		buf_init(&text, AUDIT_LINE_MAX);
		st = audit_rows_text(&text, s, q, err);
		if (!st)
			st = audit_parse(&e, text.data, text.len, err);
		if (!st)
			more = fn(self, &e);
		audit_entry_release(&e);
		buf_release(&text);
	}
	db_finish(q);
	return st;
}

/* ---- packing ---- */

void
audit_batch_release(struct audit_batch *b)
{
	buf_release(&b->lines);
	*b = (struct audit_batch){0};
}

/* Up to where the server has it; nothing when it is not the server any more that
 * said so, but one that was put back. */
static enum status
find_acked(int64_t *n, struct store *s, struct err *err)
{
	struct audit_place acked = {0};
	struct buf now, then;
	struct err none = ERR_INIT;
	enum status st = audit_mark_get(&acked, s, AUDIT_MARK_ACKED, err);

	if (st)
		return st;
	buf_init(&now, BUF_LINE_MAX);
	buf_init(&then, BUF_LINE_MAX);
	if (store_meta_get(&now, s, "server_epoch", &none) ||
	    store_meta_get(&then, s, AUDIT_META_EPOCH, &none) ||
	    strcmp(now.data, then.data) != 0)
		acked.n = 0;
	*n = acked.n;
	buf_release(&now);
	buf_release(&then);
	return E_OK;
}

/* The first to send, and what stands before it. */
static enum status
find_begin(struct audit_batch *b, struct store *s, int64_t from,
	struct err *err)
{
	struct audit_place before = {0}, anchor = {0};
	bool found = false;
	enum status st = audit_mark_get(&anchor, s, AUDIT_MARK_ANCHOR, err);

	if (!st && from == 0) {
		st = find_acked(&from, s, err);
		from++;
	}
	if (from <= anchor.n + 1) {
		b->first = anchor.n + 1;
		b->oldest = true;
		memcpy(b->before, anchor.hash, sizeof b->before);
		return st;
	}
	if (!st)
		st = audit_rows_at(&before, &found, s, from - 1, err);
	b->first = from;
	memcpy(b->before, before.hash, sizeof b->before);
	return st;
}

enum status
audit_batch(struct audit_batch *out, struct store *s, int64_t from,
	size_t max_bytes, struct err *err)
{
	struct audit_batch b = {0};
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = find_begin(&b, s, from, err);

	buf_init(&b.lines, BUF_BATCH_MAX);
	if (!st)
		st = select_from(&q, s, b.first, err);
	while (!st) {
		size_t start = b.lines.len;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		if (start > 0 && start >= max_bytes)
			break;
		st = audit_rows_text(&b.lines, s, q, err);
		buf_char(&b.lines, '\n');
		b.last = db_int(q, 0);
	}
	db_finish(q);
	if (st)
		audit_batch_release(&b);
	else
		*out = b;
	return st;
}
