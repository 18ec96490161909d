/*
 * Rows of records: the only place that writes the tables record, body and
 * gone.
 *
 * gen is the highest number of both record and gone plus one, taken inside the
 * write transaction: it only grows, and whoever has seen all up to some gen
 * finds what is newer through an index.  made is the gen under which the row
 * was sealed, where that is an older one.
 *
 * Bodies lie there under the names they came with, as on the server, and are
 * brought to the present definitions when they are read: definitions also go
 * back.  Overviews have the present names.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "core/older.h"
#include "core/question.h"
#include "core/scan.h"
#include "db/db_number.h"
#include "store/hidden.h"
#include "store/inside.h"
#include "store/number.h"

/* What somebody looks for without opening any row. */
enum { KIND_RECORD = 0, KIND_QUESTION = 1, KIND_ARRIVING = 2,
	KIND_UNNUMBERED = 3 };

void
row_release(struct row *r)
{
	record_release(&r->shown);
	record_release(&r->base);
	*r = (struct row){0};
}

/* ---- reading ---- */

static enum status
open_record(struct record *out, struct store *s, const struct seal *where,
	const void *sealed, size_t len, struct err *err)
{
	struct buf text;
	enum status st;

	buf_init(&text, BUF_RECORD_MAX);
	st = seal_open(&text, &s->keys.body, where, sealed, len, err);
	if (!st)
		st = record_decode(out, text.data, text.len, err);
	buf_release(&text);
	return st;
}

/* Under the names that its fields have now. */
static void
bring(struct row *r, const struct store *s)
{
	const struct schema_register *reg =
		schema_register_find(s->schema, r->shown.reg);

	if (!reg || !reg->renamed)
		return;
	if (older_record(&r->shown, reg))
		r->top = 0;
	if (r->has_base)
		(void)older_record(&r->base, reg);
}

/* The columns body and base of the row that stands at the statement. */
static enum status
open_bodies(struct row *r, struct store *s, const struct uuid *id,
	int64_t made, struct db_stmt *q, struct err *err)
{
	struct seal body = { "body", "body", *id, made, 0 };
	struct seal base = { "body", "base", *id, r->rev, 0 };
	const void *sealed;
	size_t len;
	enum status st;

	sealed = db_blob(q, 3, &len);
	st = open_record(&r->shown, s, &body, sealed, len, err);
	r->shown.rev = r->rev;	/* may have been confirmed since */
	if (st || db_is_null(q, 4))
		return st;
	sealed = db_blob(q, 4, &len);
	st = open_record(&r->base, s, &base, sealed, len, err);
	r->has_base = !st;
	return st;
}

enum status
row_load_stored(struct row *out, struct store *s, const struct uuid *id,
	struct err *err)
{
	struct row r = {0};
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st;

	st = db_prepare(&q, s->db, "SELECT gen, rev, pend, body, base,"
		" coalesce(made, gen), top, num FROM record"
		" JOIN body USING(num) WHERE id = ?", err);
	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	st = db_step(q, &row, err);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND, tr("There is no such record here."));
	if (!st) {
		r.gen = db_int(q, 0);
		r.rev = db_int(q, 1);
		r.pend = db_int(q, 2);
		r.top = db_int(q, 6);
		r.num = db_int(q, 7);
		st = open_bodies(&r, s, id, db_int(q, 5), q, err);
	}
	db_finish(q);
	if (st) {
		row_release(&r);
		return st;
	}
	*out = r;
	return E_OK;
}

enum status
row_load(struct row *out, struct store *s, const struct uuid *id,
	struct err *err)
{
	enum status st = row_load_stored(out, s, id, err);

	if (!st)
		bring(out, s);
	return st;
}

enum status
store_get(struct record *out, struct store *s, const struct uuid *id,
	struct err *err)
{
	struct row r = {0};
	enum status st = store_need_key(s, err);

	if (!st && hidden_is(s, id))
		st = err_set(err, E_AUTH,
			tr("Your role may not see this record."));
	if (!st)
		st = row_load(&r, s, id, err);
	if (st)
		return st;
	*out = r.shown;
	r.shown = (struct record){0};
	row_release(&r);
	return E_OK;
}

/* ---- marks ---- */

/* With no operations there only a question can make it one. */
static enum status
mark_asked(enum sync_mark *out, struct store *s, const struct uuid *id,
	struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT 1 FROM ask"
		" WHERE record = ? AND answered = 0", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	st = db_step(q, &row, err);
	if (!st)
		*out = row ? SYNC_CONFLICT : SYNC_CLEAN;
	db_finish(q);
	return st;
}

enum status
row_mark(enum sync_mark *out, struct store *s, const struct uuid *id,
	struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st;

	if (s->no_ops)
		return mark_asked(out, s, id, err);
	st = db_prepare(&q, s->db, "SELECT"
		" EXISTS(SELECT 1 FROM outbox WHERE id = ?1 AND state = 2),"
		" EXISTS(SELECT 1 FROM ask WHERE record = ?1 AND answered = 0),"
		" EXISTS(SELECT 1 FROM outbox WHERE id = ?1 AND state = 0)",
		err);
	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	st = db_step(q, &row, err);
	if (!st)
		*out = db_int(q, 0) ? SYNC_REFUSED :
			db_int(q, 1) ? SYNC_CONFLICT :
			db_int(q, 2) ? SYNC_WAITING : SYNC_CLEAN;
	db_finish(q);
	return st;
}

/* ---- writing ---- */

static enum status
next_gen(int64_t *out, struct store *s, struct err *err)
{
	enum status st = E_OK;

	if (s->gen == 0)
		st = db_number(&s->gen, s->db,
			"SELECT max(coalesce((SELECT max(gen) FROM record), 0),"
			" coalesce((SELECT max(gen) FROM gone), 0))", err);
	if (!st)
		*out = ++s->gen;
	return st;
}

static int
kind_of(const struct store *s, const struct record *r)
{
	const struct schema_register *reg;

	if (question_is(r))
		return KIND_QUESTION;
	reg = schema_register_find(s->schema, r->reg);
	if (reg && receipt_waits(reg, r))
		return KIND_ARRIVING;
	return reg && number_is_served(reg, r) ? KIND_UNNUMBERED : KIND_RECORD;
}

/* The record under its present names: itself, or copy filled. */
static const struct record *
as_now(struct record *copy, const struct store *s, const struct record *r)
{
	const struct schema_register *reg =
		schema_register_find(s->schema, r->reg);

	if (!reg || !reg->renamed)
		return r;
	record_copy(copy, r);
	(void)older_record(copy, reg);
	return copy;
}

void
row_print_overview(struct buf *out, const struct store *s,
	const struct record *shown)
{
	struct record now = {0};

	overview_print(out, schema_register_find(s->schema, shown->reg),
		as_now(&now, s, shown));
	record_release(&now);
}

static enum status
write_overview(struct store *s, struct row *r, enum sync_mark mark,
	struct err *err)
{
	struct seal where = { "record", "overview", r->shown.id, r->gen, 0 };
	struct record now = {0};
	const struct record *shown = as_now(&now, s, &r->shown);
	struct buf text, sealed;
	struct db_stmt *q = NULL;
	enum status st;

	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&sealed, BUF_RECORD_MAX + CRYPTO_SEAL_OVERHEAD);
	overview_print(&text, schema_register_find(s->schema, shown->reg),
		shown);
	seal_put(&sealed, &s->keys.overview, &where, text.data, text.len);
	st = db_prepare(&q, s->db,
		"INSERT INTO record(id, gen, rev, pend, mark, kind, overview,"
		" top) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT(id) DO UPDATE SET gen = excluded.gen,"
		" made = NULL, rev = excluded.rev, pend = excluded.pend,"
		" mark = excluded.mark, kind = excluded.kind,"
		" top = excluded.top, overview = excluded.overview", err);
	if (st)
		goto out;
	db_bind_uuid(q, 1, &shown->id);
	db_bind_int(q, 2, r->gen);
	db_bind_int(q, 3, r->rev);
	db_bind_int(q, 4, r->pend);
	db_bind_int(q, 5, mark);
	db_bind_int(q, 6, kind_of(s, shown));
	db_lend_blob(q, 7, sealed.data, sealed.len);
	db_bind_int(q, 8, r->top);
	st = db_run(q, err);
	if (!st && r->absent)
		r->num = db_last_rowid(s->db);
	r->absent = false;
out:
	db_finish(q);
	record_release(&now);
	buf_release(&text);
	buf_release(&sealed);
	return st;
}

static void
seal_record(struct buf *out, struct store *s, const struct seal *where,
	const struct record *r)
{
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	record_encode(&text, r);
	seal_put(out, &s->keys.body, where, text.data, text.len);
	buf_release(&text);
}

static enum status
write_bodies(struct store *s, const struct row *r, struct err *err)
{
	struct seal where = { "body", "body", r->shown.id, r->gen, 0 };
	struct buf body, base;
	struct db_stmt *q = NULL;
	enum status st;

	buf_init(&body, BUF_RECORD_MAX + CRYPTO_SEAL_OVERHEAD);
	buf_init(&base, BUF_RECORD_MAX + CRYPTO_SEAL_OVERHEAD);
	seal_record(&body, s, &where, &r->shown);
	where.column = "base";
	where.a = r->rev;
	if (r->has_base)
		seal_record(&base, s, &where, &r->base);
	if (body.full || base.full) {
		st = err_set(err, E_INVALID, tr("This record is too large."));
		goto out;
	}
	st = db_prepare(&q, s->db, "INSERT INTO body(num, body, base)"
		" VALUES(coalesce(?4, (SELECT num FROM record WHERE id = ?1)),"
		"  ?2, ?3)"
		" ON CONFLICT(num) DO UPDATE SET"
		" body = excluded.body, base = excluded.base", err);
	if (st)
		goto out;
	db_bind_uuid(q, 1, &r->shown.id);
	db_lend_blob(q, 2, body.data, body.len);
	if (r->has_base)
		db_lend_blob(q, 3, base.data, base.len);
	else
		db_bind_null(q, 3);
	if (r->num > 0)
		db_bind_int(q, 4, r->num);
	else
		db_bind_null(q, 4);
	st = db_run(q, err);
out:
	db_finish(q);
	buf_release(&body);
	buf_release(&base);
	return st;
}

static enum status
forget_gone(struct store *s, const struct uuid *id, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st;

	if (s->none_gone)
		return E_OK;
	st = db_prepare(&q, s->db, "DELETE FROM gone WHERE id = ?", err);
	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* A session that began before the definitions changed goes on with those it
 * has; whoever opens the cache next derives again what it writes. */
static enum status
tell_schema(struct store *s, struct err *err)
{
	static const char mixed[] = "mixed";
	struct buf held;
	struct err missing = ERR_INIT;
	enum status st;

	if (s->schema_told)
		return E_OK;
	buf_init(&held, BUF_LINE_MAX);
	st = store_meta_get(&held, s, "schema", &missing);
	if (!st && strcmp(held.data, s->schema->version) != 0 &&
	    strcmp(held.data, mixed) != 0)
		st = store_meta_set(s, "schema", mixed, err);
	else if (st == E_NOTFOUND)
		st = E_OK;
	else if (st)
		*err = missing;
	buf_release(&held);
	s->schema_told = !st;
	return st;
}

enum status
row_save(struct store *s, struct row *r, struct err *err)
{
	enum sync_mark mark = SYNC_CLEAN;
	enum status st;

	st = tell_schema(s, err);
	if (!st)
		st = row_mark(&mark, s, &r->shown.id, err);
	if (!st)
		st = next_gen(&r->gen, s, err);
	if (!st)
		st = forget_gone(s, &r->shown.id, err);
	if (!st)
		st = write_overview(s, r, mark, err);
	if (!st)
		st = write_bodies(s, r, err);
	if (!st && scan_is(&r->shown))
		st = scan_follow(s, &r->shown, err);
	if (!st)
		r->mark = mark;
	return st;
}

#define WAITS_ALONE "SELECT num, rev FROM record" \
	" WHERE id = ?1 AND pend = 1 AND top = ?3" \
	" AND EXISTS(SELECT 1 FROM outbox o WHERE o.epoch = ?2" \
	"  AND o.n = ?3 AND o.id = ?1 AND o.state = 0)"

static const char waits_alone[] = WAITS_ALONE;
static const char waits_unasked[] = WAITS_ALONE
	" AND NOT EXISTS(SELECT 1 FROM outbox o WHERE o.id = ?1"
	"  AND o.state IN (2, 5))"
	" AND NOT EXISTS(SELECT 1 FROM ask WHERE record = ?1)";

/* *num: the row, if its one operation is n and nothing else is to be said.  A
 * page's confirmations come first, and when it began nothing may have been
 * refused, taken over or asked about at all. */
static enum status
find_confirmed(int64_t *num, int64_t *rev, struct store *s,
	const struct uuid *id, int64_t epoch, int64_t n, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, s->none_asked ? waits_alone :
		waits_unasked, err);

	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	db_bind_int(q, 2, epoch);
	db_bind_int(q, 3, n);
	st = db_step(q, &row, err);
	if (!st && row) {
		*num = db_int(q, 0);
		*rev = db_int(q, 1);
	}
	db_finish(q);
	return st;
}

static enum status
run_with_num(struct store *s, const char *sql, int64_t num, int64_t gen,
	int64_t rev, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	db_bind_int(q, 1, num);
	if (gen) {
		db_bind_int(q, 2, gen);
		db_bind_int(q, 3, rev);
	}
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
row_confirm(bool *done, struct store *s, const struct uuid *id, int64_t epoch,
	int64_t n, int64_t rev, struct err *err)
{
	int64_t num = 0, before = 0, gen = 0;
	enum status st = find_confirmed(&num, &before, s, id, epoch, n, err);

	if (st || num == 0 || rev <= before)
		return st;
	st = next_gen(&gen, s, err);
	/* a record that the server had no version of has no base either */
	if (!st && before > 0)
		st = run_with_num(s, "UPDATE body SET base = NULL"
			" WHERE num = ?", num, 0, 0, err);
	if (!st)
		st = run_with_num(s, "UPDATE record SET"
			" made = coalesce(made, gen), gen = ?2, rev = ?3,"
			" pend = 0, mark = 0, top = 0 WHERE num = ?1", num,
			gen, rev, err);
	*done = !st;
	return st;
}

enum status
row_touch(struct store *s, const struct uuid *id, struct err *err)
{
	struct row r = {0};
	struct err ignored = ERR_INIT;
	enum status st = row_load_stored(&r, s, id, &ignored);

	if (st == E_NOTFOUND)
		return E_OK;
	if (st)
		*err = ignored;
	else
		st = row_save(s, &r, err);
	row_release(&r);
	return st;
}

static enum status
run_with_id(struct store *s, const char *sql, const struct uuid *id,
	int64_t gen, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	if (gen)
		db_bind_int(q, 2, gen);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
row_drop(struct store *s, const struct uuid *id, struct err *err)
{
	int64_t gen = 0;
	enum status st = next_gen(&gen, s, err);

	s->none_gone = false;
	if (!st)
		st = run_with_id(s, "DELETE FROM body WHERE num ="
			" (SELECT num FROM record WHERE id = ?)", id, 0, err);
	if (!st)
		st = run_with_id(s, "DELETE FROM record WHERE id = ?", id, 0,
			err);
	if (!st)
		st = run_with_id(s, "DELETE FROM trail WHERE id = ?", id, 0,
			err);
	if (!st)
		st = run_with_id(s, "UPDATE scan SET gone_at = ?2"
			" WHERE id = ?1", id, clock_now_at(), err);
	if (!st)
		st = run_with_id(s, "INSERT INTO gone(id, gen) VALUES(?, ?)"
			" ON CONFLICT(id) DO UPDATE SET gen = excluded.gen",
			id, gen, err);
	return st;
}
