/*
 * The operations on one record.  base + undecided operations = what is shown,
 * where undecided also means: judged, but the server's version that has it has
 * not arrived yet, or the value would vanish from the screen for a page.
 *
 * A record that the server has no version of lives from its operations alone,
 * refused ones included: what was entered must be found and mended.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "core/merge.h"
#include "core/older.h"
#include "core/wire.h"
#include "store/inside.h"

void
pile_release(struct pile *p)
{
	for (size_t i = 0; i < p->count; i++)
		op_release(&p->items[i].op);
	free(p->items);
	*p = (struct pile){0};
}

bool
pile_has(const struct pile *p, enum outbox_state state)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].state == state)
			return true;
	}
	return false;
}

/* ---- reading and writing ---- */

static struct seal
place_of(const struct uuid *record, int64_t epoch, int64_t n)
{
	return (struct seal){ "outbox", "op", *record, epoch, n };
}

enum status
pile_text(struct buf *out, struct store *s, const struct uuid *record,
	int64_t epoch, int64_t n, const void *sealed, size_t len,
	struct err *err)
{
	struct seal where = place_of(record, epoch, n);

	return seal_open(out, &s->keys.outbox, &where, sealed, len, err);
}

enum status
pile_open(struct op *out, struct store *s, const struct uuid *record,
	int64_t epoch, int64_t n, const void *sealed, size_t len,
	struct err *err)
{
	struct json *j = NULL;
	struct buf text;
	enum status st;

	buf_init(&text, BUF_BATCH_MAX);
	st = pile_text(&text, s, record, epoch, n, sealed, len, err);
	if (!st)
		st = json_parse(&j, text.data, text.len, BUF_BATCH_MAX, err);
	if (!st)
		st = op_from_json(out, j, err);
	if (!st)
		out->epoch = epoch;
	json_free(j);
	buf_release(&text);
	return st;
}

/* As the definitions say it now.  What is sent stays as it was entered: the
 * server knows the operation again by its words. */
static void
bring(struct op *op, const struct store *s)
{
	static const struct record none;
	const struct schema_register *reg =
		schema_register_find(s->schema, op->reg);

	if (reg && older_concerns(op, reg))
		(void)older_op(op, reg, &none, clock_day_of(op->at));
}

enum status
pile_load(struct pile *out, struct store *s, const struct uuid *record,
	struct err *err)
{
	struct pile p = {0};
	struct db_stmt *q = NULL;
	enum status st;

	if (s->no_ops) {
		*out = p;
		return E_OK;
	}
	st = db_prepare(&q, s->db, "SELECT epoch, n, state, rev, op FROM outbox"
		" JOIN op USING(num) WHERE id = ? AND state IN (0, 2, 4) ORDER BY epoch, n", err);
	if (st)
		return st;
	db_bind_uuid(q, 1, record);
	for (;;) {
		struct pile_item item = {0};
		const void *sealed;
		size_t len;
		bool row = false;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		sealed = db_blob(q, 4, &len);
		st = pile_open(&item.op, s, record, db_int(q, 0),
			db_int(q, 1), sealed, len, err);
		if (st)
			break;
		bring(&item.op, s);
		item.state = (enum outbox_state)db_int(q, 2);
		item.rev = db_int(q, 3);
		p.items = mem_grow(p.items, p.count, sizeof *p.items);
		p.items[p.count++] = item;
	}
	db_finish(q);
	if (st) {
		pile_release(&p);
		return st;
	}
	*out = p;
	return E_OK;
}

enum status
pile_write(struct store *s, const struct op *op, struct err *err)
{
	struct seal where = place_of(&op->record, op->epoch, op->n);
	struct buf text, sealed;
	struct db_stmt *q = NULL;
	enum status st;

	s->no_ops = false;
	buf_init(&text, BUF_BATCH_MAX);
	buf_init(&sealed, BUF_BATCH_MAX + CRYPTO_SEAL_OVERHEAD);
	op_print(&text, op);
	seal_put(&sealed, &s->keys.outbox, &where, text.data, text.len);
	st = db_prepare(&q, s->db, "INSERT INTO"
		" outbox(epoch, n, id, state, verdict, rev, at, size)"
		" VALUES(?, ?, ?, 0, 0, 0, ?, ?)", err);
	if (!st) {
		db_bind_int(q, 1, op->epoch);
		db_bind_int(q, 2, op->n);
		db_bind_uuid(q, 3, &op->record);
		db_bind_int(q, 4, op->at);
		db_bind_int(q, 5, (int64_t)sealed.len);
		st = db_run(q, err);
	}
	db_finish(q);
	q = NULL;
	if (!st)
		st = db_prepare(&q, s->db,
			"INSERT INTO op(num, op) VALUES(?, ?)", err);
	if (!st) {
		db_bind_int(q, 1, db_last_rowid(s->db));
		db_lend_blob(q, 2, sealed.data, sealed.len);
		st = db_run(q, err);
	}
	db_finish(q);
	buf_release(&text);
	buf_release(&sealed);
	return st;
}

/* The server knows an operation again by who said what when: what is said twice
 * about a record is never said at one instant. */
static enum status
other_instant(struct op *op, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = true;
	enum status st = db_prepare(&q, s->db, "SELECT at FROM outbox"
		" WHERE id = ? AND at >= ? ORDER BY at", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, &op->record);
	db_bind_int(q, 2, op->at);
	while (!st && row) {
		st = db_step(q, &row, err);
		row = row && db_int(q, 0) == op->at;
		op->at += row;
	}
	db_finish(q);
	return st;
}

/* How long ago the server's time was heard: by the clock that nobody sets; by
 * the wall clock if the machine was started since. */
static enum status
stamp_times(struct op *op, struct store *s, struct err *err)
{
	int64_t mono = 0, heard = 0, now = clock_mono_ms();
	enum status st;

	op->at = clock_now_at();
	st = store_meta_int(&op->server_at, s, "server_at", err);
	if (!st)
		st = store_meta_int(&mono, s, "server_mono", err);
	if (!st)
		st = store_meta_int(&heard, s, "server_heard", err);
	if (!st && op->server_at)
		op->elapsed_ms = now >= mono ? now - mono :
			op->at > heard ? op->at - heard : 0;
	return st;
}

static enum status
next_n(int64_t *out, struct store *s, int64_t epoch, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT coalesce(max(n), 0) + 1"
		" FROM outbox WHERE epoch = ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, epoch);
	st = db_step(q, &row, err);
	if (!st)
		*out = db_int(q, 0);
	db_finish(q);
	return st;
}

/* The last own operation that the user saw on top of the base: not judged, or
 * accepted while its feed line has not come, for the base is older than both
 * and the server would take it for somebody else's. */
static int64_t
last_on_top(const struct pile *p, int64_t epoch)
{
	int64_t n = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct pile_item *item = &p->items[i];

		if (item->op.epoch == epoch && (item->state == OUTBOX_OPEN ||
		    item->state == OUTBOX_ACCEPTED))
			n = item->op.n;
	}
	return n;
}

/* What would not get through every gateway is not taken as saved.  Its own
 * numbers are not stamped yet; they are a hundred bytes. */
static enum status
need_room(const struct op *op, const struct schema_register *reg,
	struct err *err)
{
	const struct op_change *longest = NULL;
	const char *words;
	const struct schema_field *f;
	size_t sum = 0, most = 0;
	struct buf text;

	for (size_t i = 0; i < op->change_count; i++) {
		const struct op_change *c = &op->changes[i];
		size_t len = strlen(c->before) + strlen(c->after);

		if (len > most)
			longest = c;
		most = len > most ? len : most;
		sum += len + 2 * RECORD_NAME_MAX;
	}
	if (sum < WIRE_OP_MAX / 2)	/* each byte may need another before it */
		return E_OK;
	buf_init(&text, BUF_BATCH_MAX);
	op_print(&text, op);
	sum = text.len;
	buf_release(&text);
	if (sum + 256 <= WIRE_OP_MAX || !longest)
		return E_OK;
	words = strlen(longest->before) > strlen(longest->after) ?
		longest->before : longest->after;
	f = reg ? schema_field_find(reg, longest->field) : NULL;
	return err_set(err, E_INVALID, tr("This is too much for one entry: %s "
		"has %d characters; shorten it, or save the rest apart."),
		f ? label_text(&f->label) : longest->field,
		(int)utf8_chars(words, strlen(words)));
}

enum status
pile_add(struct store *s, struct op *op, const struct pile *before,
	struct err *err)
{
	const struct schema_register *reg =
		schema_register_find(s->schema, op->reg);
	enum status st = store_need_work(s, err);

	if (!st)
		st = need_room(op, reg, err);
	if (!st)
		st = store_meta_int(&op->epoch, s, "epoch", err);
	if (!st && op->epoch < 1)
		op->epoch = 1;
	if (!st)
		st = next_n(&op->n, s, op->epoch, err);
	if (!st)
		st = stamp_times(op, s, err);
	if (!st)
		st = other_instant(op, s, err);
	if (st)
		return st;
	op->after = last_on_top(before, op->epoch);
	op->version = reg ? reg->version : 1;
	memcpy(op->by, s->user.login, sizeof op->by);
	return pile_write(s, op, err);
}

enum status
pile_set_state(struct store *s, const struct op *op, enum outbox_state state,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "UPDATE outbox SET state = ?"
		" WHERE epoch = ? AND n = ?", err);

	if (st)
		return st;
	s->no_ops = false;
	db_bind_int(q, 1, state);
	db_bind_int(q, 2, op->epoch);
	db_bind_int(q, 3, op->n);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
pile_finish(struct pile *p, struct store *s, int64_t rev, struct err *err)
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

/* ---- what is shown ---- */

void
pile_rebase(struct row *r, const struct pile *p)
{
	const struct op **ops = mem_alloc(p->count + 1, sizeof *ops);
	struct record seen = {0};
	size_t count = 0;

	for (size_t i = 0; i < p->count; i++) {
		enum outbox_state state = p->items[i].state;

		if (state == OUTBOX_OPEN || state == OUTBOX_ACCEPTED ||
		    (state == OUTBOX_BAD && r->rev == 0))
			ops[count++] = &p->items[i].op;
	}
	if (r->rev > 0 && !r->has_base) {
		r->base = r->shown;
		r->shown = (struct record){0};
		r->has_base = true;
	}
	merge_rebase(&seen, r->rev > 0 ? &r->base : NULL, ops, count);
	record_release(&r->shown);
	r->shown = seen;
	r->shown.rev = r->rev;
	r->top = 0;
	r->pend = (int64_t)count;
	if (count == 0 || r->rev == 0) {
		record_release(&r->base);
		r->has_base = false;
	}
	free(ops);
}

enum status
row_is_held(bool *out, struct store *s, const struct uuid *id,
	struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT 1 FROM member WHERE id = ? LIMIT 1", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	st = db_step(q, &row, err);
	db_finish(q);
	if (!st)
		*out = row;
	return st;
}

enum status
pile_settle(struct store *s, const struct uuid *record, struct err *err)
{
	struct row r = {0};
	struct pile p = {0};
	struct err missing = ERR_INIT;
	bool held = false, stays;
	enum status st = row_load(&r, s, record, &missing);

	if (st == E_NOTFOUND)
		return E_OK;
	if (st)
		*err = missing;
	if (!st)
		st = pile_load(&p, s, record, err);
	if (!st)
		st = row_is_held(&held, s, record, err);
	if (st)
		goto out;
	stays = r.rev > 0 ? held || pile_has(&p, OUTBOX_OPEN) : p.count > 0;
	if (stays) {
		pile_rebase(&r, &p);
		st = row_save(s, &r, err);
	} else {
		st = row_drop(s, record, err);
	}
out:
	row_release(&r);
	pile_release(&p);
	return st;
}
