/*
 * Attachments under way: what is to be sent, what was fetched, what may go.
 *
 * Table scan has a row for each that was entered or opened here; "arrived" and
 * "gone_at" follow its record (row.c).
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db_number.h"
#include "store/pieces.h"
#include "store/inside.h"
#include "store/scan.h"

#define DAY_MS (24 * 3600 * 1000LL)

enum {
	GONE_DAYS = 30,		/* what left and never arrived is kept */
	FACTS_MAX = 128,
};

static struct seal
place_of(const struct uuid *id)
{
	return (struct seal){ .table = "scan", .column = "facts", .id = *id };
}

/* ---- its row ---- */

enum status
scan_enter(struct store *s, const struct record *r, struct err *err)
{
	struct seal where = place_of(&r->id);
	struct db_stmt *q = NULL;
	struct scan scan = {0};
	struct pieces b = {0};
	struct buf facts, sealed;
	enum status st = scan_from_record(&scan, r, err);

	if (st)
		return st;
	pieces_name(&b, s, scan.hash);
	buf_init(&facts, FACTS_MAX);
	buf_init(&sealed, FACTS_MAX + CRYPTO_SEAL_OVERHEAD);
	buf_printf(&facts, "%s %lld", scan.hash, (long long)scan.size);
	seal_put(&sealed, &s->keys.body, &where, facts.data, facts.len);
	st = db_prepare(&q, s->db, "INSERT OR REPLACE INTO scan(id, blob,"
		" arrived, gone_at, tries, retry_at, facts)"
		" VALUES(?, ?, ?, 0, 0, 0, ?)", err);
	if (!st) {
		db_bind_uuid(q, 1, &r->id);
		db_bind_uuid(q, 2, &b.id);
		db_bind_int(q, 3, scan.arrived);
		db_bind_blob(q, 4, sealed.data, sealed.len);
		st = db_run(q, err);
	}
	db_finish(q);
	buf_release(&facts);
	buf_release(&sealed);
	return st;
}

enum status
scan_follow(struct store *s, const struct record *r, struct err *err)
{
	bool arrived = strcmp(record_get(r, "arrived"), "1") == 0;
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "UPDATE scan SET arrived = ?,"
		" gone_at = ? WHERE id = ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, arrived);
	db_bind_int(q, 2, r->deleted ? clock_now_at() : 0);
	db_bind_uuid(q, 3, &r->id);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

static enum status
read_facts(struct scan_job *out, struct store *s, struct db_stmt *q, int col,
	struct err *err)
{
	struct seal where = place_of(&out->id);
	size_t len = 0;
	const void *sealed = db_blob(q, col, &len);
	struct buf text;
	enum status st;

	buf_init(&text, FACTS_MAX);
	st = seal_open(&text, &s->keys.body, &where, sealed, len, err);
	if (!st && text.len > SCAN_HASH_TEXT) {
		memcpy(out->hash, text.data, SCAN_HASH_TEXT - 1);
		out->hash[SCAN_HASH_TEXT - 1] = '\0';
		out->size = strtoll(text.data + SCAN_HASH_TEXT, NULL, 10);
	} else if (!st) {
		st = err_set(err, E_INVALID, tr("The bytes of an attachment "
			"are damaged here."));
	}
	buf_release(&text);
	return st;
}

/* ---- sending ---- */

enum status
scan_waiting(size_t *count, int64_t *bytes, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT count(*),"
		" coalesce(sum(b.size - b.sent), 0) FROM scan c"
		" JOIN blob b ON b.id = c.blob WHERE c.arrived = 0"
		" AND c.gone_at = 0 AND b.have = b.size", err);

	if (st)
		return st;
	st = db_step(q, &row, err);
	if (!st) {
		*count = (size_t)db_int(q, 0);
		*bytes = db_int(q, 1);
	}
	db_finish(q);
	return st;
}

/* Has the server accepted its record, as far as is known here? */
static enum status
is_ready(bool *out, struct store *s, struct scan_job *job, struct err *err)
{
	struct row row = {0};
	struct err none = ERR_INIT;
	enum status st = row_load(&row, s, &job->id, &none);

	job->gone = st == E_NOTFOUND;
	if (st && !job->gone)
		*err = none;
	else
		*out = job->gone || (row.rev > 0 && !row.shown.deleted);
	row_release(&row);
	return job->gone ? E_OK : st;
}

/* Behind after, with all bytes here; arrived: also those that are at the server;
 * by_at: put off until then at most. */
static enum status
next_row(struct scan_job *out, struct store *s, const struct uuid *after,
	bool arrived, int64_t by_at, struct err *err)
{
	static const struct uuid first;
	struct scan_job job = {0};
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT c.id, c.facts"
		" FROM scan c JOIN blob b ON b.id = c.blob"
		" WHERE c.arrived <= ? AND c.retry_at <= ? AND b.have = b.size"
		" AND c.id > ? ORDER BY c.id LIMIT 1", err);

	if (st)
		return st;
	after = after ? after : &first;
	db_bind_int(q, 1, arrived);
	db_bind_int(q, 2, by_at);
	db_bind_uuid(q, 3, after);
	st = db_step(q, &row, err);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND,
			tr("No attachment waits to be sent."));
	if (!st) {
		(void)db_uuid(&job.id, q, 0);
		st = read_facts(&job, s, q, 1, err);
	}
	db_finish(q);
	if (!st)
		*out = job;
	return st;
}

enum status
scan_next(struct scan_job *out, struct store *s, const struct uuid *after,
	bool all, struct err *err)
{
	struct scan_job job = {0};
	bool ready = false;
	enum status st = store_need_key(s, err);

	while (!st && !ready) {
		st = next_row(&job, s, after, false, all ? INT64_MAX :
			clock_now_at(), err);
		if (!st)
			st = is_ready(&ready, s, &job, err);
		ready = ready || all;
		after = &job.id;
	}
	if (!st)
		*out = job;
	return st;
}

enum status
scan_here(struct scan_job *out, struct store *s, const struct uuid *after,
	struct err *err)
{
	enum status st = store_need_key(s, err);

	return st ? st : next_row(out, s, after, true, INT64_MAX, err);
}

static enum status
update(struct store *s, const char *sql, const struct uuid *id, int64_t a,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = store_begin(s, err);

	if (st)
		return st;
	st = db_prepare(&q, s->db, sql, err);
	if (!st) {
		db_bind_uuid(q, 1, id);
		db_bind_int(q, 2, a);
		st = db_run(q, err);
	}
	db_finish(q);
	return store_end(s, st, err);
}

enum status
scan_sent(struct store *s, const struct scan_job *job, int64_t bytes,
	struct err *err)
{
	struct pieces b = {0};

	pieces_name(&b, s, job->hash);
	return update(s, "UPDATE blob SET sent = ?2 WHERE id = ?1", &b.id,
		bytes, err);
}

enum status
scan_arrived(struct store *s, const struct scan_job *job, struct err *err)
{
	return update(s, "UPDATE scan SET arrived = ?2, tries = 0 WHERE id = ?1",
		&job->id, 1, err);
}

enum status
scan_doubt(struct store *s, struct err *err)
{
	return db_exec(s->db, "UPDATE scan SET arrived = 0, tries = 0,"
		" retry_at = 0 WHERE gone_at = 0", err);
}

/* An hour, then twice that, up to a day and a half. */
enum status
scan_put_off(struct store *s, const struct scan_job *job, struct err *err)
{
	return update(s, "UPDATE scan SET retry_at = ?2 +"
		" (3600000 << min(tries, 5)), tries = tries + 1 WHERE id = ?1",
		&job->id, clock_now_at(), err);
}

/* ---- fetching ---- */

enum status
scan_job_of(struct scan_job *out, int64_t *have, struct store *s,
	const struct uuid *id, struct err *err)
{
	struct scan_job job = { .id = *id };
	struct record r = {0};
	struct scan scan = {0};
	struct pieces b = {0};
	struct err none = ERR_INIT;
	enum status st = store_get(&r, s, id, err);

	if (!st)
		st = scan_from_record(&scan, &r, err);
	if (!st) {
		memcpy(job.hash, scan.hash, sizeof job.hash);
		job.size = scan.size;
		pieces_name(&b, s, scan.hash);
		st = pieces_get(&b, s, &none);
		if (st && st != E_NOTFOUND)
			*err = none;
		else
			st = E_OK;
	}
	record_release(&r);
	if (!st) {
		*out = job;
		*have = b.have;
	}
	return st;
}

/* The last piece has come: are they the right ones? */
static enum status
verify(struct store *s, const struct scan_job *job, struct err *err)
{
	struct buf all;
	enum status st;

	buf_init(&all, SCAN_BYTES_MAX);
	st = scan_bytes(&all, s, job->hash, err);
	buf_release(&all);
	return st;
}

static enum status
keep(struct store *s, const struct scan_job *job, struct pieces *b,
	const void *bytes, size_t len, struct err *err)
{
	struct record r = {0};
	enum status st = pieces_append(s, b, bytes, len, err);

	if (!st)
		st = store_get(&r, s, &job->id, err);
	if (!st)
		st = scan_enter(s, &r, err);
	record_release(&r);
	return st;
}

static enum status
drop(struct store *s, const struct uuid *blob, struct err *err)
{
	enum status st = store_begin(s, err);

	if (st)
		return st;
	st = pieces_drop(s, blob, err);
	return store_end(s, st, err);
}

enum status
scan_keep(struct store *s, const struct scan_job *job, int64_t have,
	const void *bytes, size_t len, struct err *err)
{
	struct err none = ERR_INIT;
	struct pieces b = {0};
	enum status st = store_begin(s, err);

	if (st)
		return st;
	pieces_name(&b, s, job->hash);
	b.size = job->size;
	st = pieces_get(&b, s, &none);
	if (st && st != E_NOTFOUND)
		*err = none;
	else if (b.have != have || have + (int64_t)len > job->size)
		st = err_set(err, E_CONFLICT, tr("Somebody else fetches this "
			"attachment."));
	else
		st = keep(s, job, &b, bytes, len, err);
	st = store_end(s, st, err);
	if (st || b.have < job->size)
		return st;
	st = verify(s, job, err);
	none = (struct err)ERR_INIT;
	if (st == E_INVALID && drop(s, &b.id, &none)) {
		*err = none;
		st = err->code;
	}
	return st;
}

/* ---- what may go ---- */

static enum status
run_at(struct store *s, const char *sql, int64_t at, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	if (at)
		db_bind_int(q, 1, at);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* The longest unused of those that are at the server; E_NOTFOUND none. */
static enum status
oldest(struct uuid *out, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id FROM blob WHERE NOT"
		" EXISTS(SELECT 1 FROM scan WHERE blob = blob.id AND"
		" arrived = 0) ORDER BY used_at LIMIT 1", err);

	if (st)
		return st;
	st = db_step(q, &row, err);
	if (!st && !(row && db_uuid(out, q, 0)))
		st = err_set(err, E_NOTFOUND, tr("There is no such record."));
	db_finish(q);
	return st;
}

static enum status
keep_limit(struct store *s, struct err *err)
{
	struct err none = ERR_INIT;
	int64_t bytes = 0;
	enum status st = db_number(&bytes, s->db,
		"SELECT coalesce(sum(have), 0) FROM blob", err);

	while (!st && bytes > SCAN_CACHE_MAX) {
		struct uuid id = {{0}};

		st = oldest(&id, s, &none);
		if (st == E_NOTFOUND)
			return E_OK;
		if (st)
			*err = none;
		if (!st)
			st = pieces_drop(s, &id, err);
		if (!st)
			st = db_number(&bytes, s->db,
				"SELECT coalesce(sum(have), 0) FROM blob", err);
	}
	return st;
}

static enum status
tidy(struct store *s, struct err *err)
{
	enum status st = run_at(s, "DELETE FROM scan WHERE gone_at > 0 AND"
		" (arrived = 1 OR gone_at < ?)",
		clock_now_at() - GONE_DAYS * DAY_MS, err);

	if (!st)
		st = run_at(s, "DELETE FROM piece WHERE blob NOT IN"
			" (SELECT blob FROM scan)", 0, err);
	if (!st)
		st = run_at(s, "DELETE FROM blob WHERE id NOT IN"
			" (SELECT blob FROM scan)", 0, err);
	return st ? st : keep_limit(s, err);
}

enum status
scan_tidy(struct store *s, struct err *err)
{
	int64_t any = 0;
	enum status st = db_number(&any, s->db, "SELECT EXISTS(SELECT 1 FROM"
		" scan)", err);

	if (st || !any)
		return st;
	st = store_begin(s, err);
	if (st)
		return st;
	st = tidy(s, err);
	return store_end(s, st, err);
}
