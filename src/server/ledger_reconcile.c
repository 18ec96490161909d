/*
 * Comparing streams.  A version that the ledger has seen is known by the hash
 * in its history; a device that has another one has something that was lost
 * here, or something that was damaged there, and both are looked at.
 */
#include "server/ledger_reconcile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/question.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/ledger_erased.h"
#include "server/ledger_place.h"
#include "server/ledger_record.h"
#include "server/ledger_sight.h"
#include "server/ledger_stream.h"

/* Rows: record, item, register. */
static enum status
add_seen(uint64_t sums[RECONCILE_BUCKETS], struct wire_cursor *end,
    struct db_stmt *st, struct db *db, const struct sight *sight,
    struct err *err)
{
	bool row = false;

	for (;;) {
		struct uuid record;
		uint64_t item;
		bool sees = false;
		enum status s = db_step(st, &row, err);

		if (s || !row)
			return s;
		if (!db_uuid(&record, st, 0))
			continue;
		item = (uint64_t)db_int(st, 1);
		s = sight_sees(&sees, sight, db, db_text(st, 2, NULL), &record,
		    err);
		if (s)
			return s;
		if (!sees)
			continue;
		sums[reconcile_bucket(&record)] += item;
		end->sum += item;
		end->held++;
	}
}

enum status
reconcile_stream_sums(uint64_t sums[RECONCILE_BUCKETS],
    struct wire_cursor *end, struct db *db, const char *stream,
    const struct sight *sight, struct err *err)
{
	struct db_stmt *st = NULL;
	int64_t id = 0;
	enum status s = stream_end(&id, end, db, stream, err);

	if (!s)
		s = db_prepare(&st, db, "SELECT f.record, f.item, r.register"
		    " FROM feed f JOIN record r ON r.id = f.record"
		    " WHERE f.stream = ? AND f.what = 'put'", err);
	if (s)
		return s;
	memset(sums, 0, RECONCILE_BUCKETS * sizeof *sums);
	end->sum = 0;
	end->held = 0;
	db_bind_int(st, 1, id);
	s = add_seen(sums, end, st, db, sight, err);
	db_finish(st);
	return s;
}

/* ---- one record ---- */

/* Did the ledger ever have this version, also among what was handed back?  The
 * revision is that of the record as the device has it now; the item may be of
 * an older one, where it stands in two streams.  An operation that was handed
 * back with its number says nothing of the version that it led to: on another
 * line that number is another version. */
static enum status
is_known(bool *out, struct db *db, const struct reconcile_line *held,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s;

	if (held->rev == 0) {	/* it has a newer one, in another stream */
		*out = true;
		return E_OK;
	}
	s = db_prepare(&st, db,
	    "SELECT rev, hash FROM history WHERE record = ?1"
	    " AND NOT (returned AND hash = '') UNION ALL"
	    " SELECT abs(rev), hash FROM returned WHERE record = ?1", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &held->id);
	for (;;) {
		const char *hash;
		int64_t rev;

		s = db_step(st, &row, err);
		if (s || !row || *out)
			break;
		rev = db_int(st, 0);
		hash = db_text(st, 1, NULL);
		*out = hash[0] ? reconcile_item(&held->id, rev, hash) ==
		    held->item : rev == held->rev;
	}
	db_finish(st);
	return s;
}

struct compare {
	struct buf *out;
	struct db *db;
	const char *stream;
	const bool *which;
	bool mute;		/* nothing of the ledger's is told */
	const struct sight *sight;	/* what it sees; NULL: all */
	struct reconcile_line *held;
	size_t count;
	bool *seen;		/* of held: it is in the stream */
};

static int
by_id(const void *a, const void *b)
{
	const struct reconcile_line *x = a, *y = b;

	return uuid_compare(&x->id, &y->id);
}

static enum status
print_put(struct compare *c, const struct uuid *id, struct err *err)
{
	struct wire_line line = { .kind = WIRE_PUT, .record = *id };
	enum status s;

	if (c->mute)
		return E_OK;
	s = ledger_record_get(&line.put, c->db, id, err);

	if (s)
		return s;
	strncat(line.stream, c->stream, sizeof line.stream - 1);
	line.rev = line.put.rev;
	wire_print_line(c->out, &line);
	wire_line_release(&line);
	return E_OK;
}

/* One that is in the stream: item is the ledger's. */
static enum status
compare_one(struct compare *c, const struct uuid *id, int64_t rev,
    bool is_question, uint64_t item, struct err *err)
{
	struct reconcile_line key = { .id = *id };
	struct reconcile_line *held = c->count == 0 ? NULL :
	    bsearch(&key, c->held, c->count, sizeof key, by_id);
	bool known = false;
	enum status s = E_OK;

	if (!held)
		return print_put(c, id, err);
	c->seen[held - c->held] = true;
	if (held->item == item)
		return E_OK;
	if (is_question)	/* they have no history; answers only grow */
		known = held->rev <= rev;
	else
		s = is_known(&known, c->db, held, err);
	if (s)
		return s;
	if (known)
		return print_put(c, id, err);
	reconcile_print_want(c->out, id);
	return E_OK;
}

static enum status
compare_stream(struct compare *c, struct err *err)
{
	struct db_stmt *st = NULL;
	struct wire_cursor end = {0};
	int64_t stream = 0;
	bool row = false;
	enum status s = stream_end(&stream, &end, c->db, c->stream, err);

	if (!s)
		s = db_prepare(&st, c->db, "SELECT f.record, f.item, r.rev,"
		    " r.register FROM feed f JOIN record r ON r.id = f.record"
		    " WHERE f.stream = ? AND f.what = 'put'", err);
	if (s)
		return s;
	db_bind_int(st, 1, stream);
	for (;;) {
		struct uuid id;
		bool sees = false;

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (!db_uuid(&id, st, 0) || !c->which[reconcile_bucket(&id)])
			continue;
		s = sight_sees(&sees, c->sight, c->db, db_text(st, 3, NULL),
		    &id, err);
		if (s)
			break;
		if (!sees)
			continue;
		s = compare_one(c, &id, db_int(st, 2),
		    strcmp(db_text(st, 3, NULL), QUESTION_REGISTER) == 0,
		    (uint64_t)db_int(st, 1), err);
		if (s)
			break;
	}
	db_finish(st);
	return s;
}

/* A known reason lets the device drop the content at once. */
static enum status
say_gone(struct compare *c, const struct uuid *id, const struct record *r,
    bool erased, struct err *err)
{
	struct wire_line gone = { .kind = WIRE_GONE, .record = *id };
	struct places wanted = {0};
	bool sees = true;
	enum status s = E_OK;

	if (r->reg[0])
		s = place_wanted(&wanted, c->db, id, err);
	if (!s && r->reg[0])
		s = sight_sees(&sees, c->sight, c->db, r->reg, id, err);
	if (s)
		return s;
	strncat(gone.stream, c->stream, sizeof gone.stream - 1);
	if (erased)
		snprintf(gone.why, sizeof gone.why, "%s", ERASED_WHY);
	else if (r->reg[0] && !places_have(&wanted, c->stream))
		snprintf(gone.why, sizeof gone.why, "%s",
		    stream_why_gone(r->office, c->stream));
	else if (!sees)
		snprintf(gone.why, sizeof gone.why, "role");
	wire_print_line(c->out, &gone);
	return E_OK;
}

/* What the device has and the stream has not. */
static enum status
compare_rest(struct compare *c, struct err *err)
{
	enum status s = E_OK;

	for (size_t i = 0; i < c->count && !s; i++) {
		const struct uuid *id = &c->held[i].id;
		struct record r = {0};
		struct err none = ERR_INIT;
		bool known = false, erased = false;

		if (c->seen[i] || !c->which[reconcile_bucket(id)])
			continue;
		s = ledger_record_get(&r, c->db, id, &none);
		if (s && s != E_NOTFOUND)
			*err = none;
		else if (s == E_NOTFOUND)
			s = erased_find(NULL, &erased, c->db, id, err);
		if (erased)
			known = true;
		else if (!s && question_is(&r))
			known = c->held[i].rev <= r.rev;
		else if (!s)
			s = is_known(&known, c->db, &c->held[i], err);
		if (!s && !known) {
			reconcile_print_want(c->out, id);
		} else if (!s && !c->mute) {
			s = say_gone(c, id, &r, erased, err);
		}
		record_release(&r);
	}
	return s;
}

/* So many buckets that their records fit into a reply; at least one. */
static void
narrow(bool which[RECONCILE_BUCKETS], size_t records, size_t max_bytes)
{
	const size_t record_bytes = 700;	/* on the average */
	size_t fit = RECONCILE_BUCKETS * (max_bytes / record_bytes) /
	    (records + 1) + 1;

	for (int i = 0; i < RECONCILE_BUCKETS; i++) {
		if (which[i] && fit == 0)
			which[i] = false;
		else if (which[i])
			fit--;
	}
}

enum status
reconcile_compare(struct buf *out, struct db *db, const char *stream,
    bool which[RECONCILE_BUCKETS], struct reconcile_line *held, size_t count,
    size_t max_bytes, bool mute, const struct sight *sight, struct err *err)
{
	struct compare c = { .out = out, .db = db, .stream = stream,
		.sight = sight,
		.which = which, .mute = mute, .held = held, .count = count };
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT held FROM stream"
	    " WHERE name = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, stream);
	s = db_step(st, &row, err);
	if (!s && row)
		narrow(which, (size_t)db_int(st, 0) + count, max_bytes);
	db_finish(st);
	if (s)
		return s;
	c.seen = mem_alloc(count + 1, sizeof *c.seen);
	if (count > 0)
		qsort(held, count, sizeof *held, by_id);
	s = compare_stream(&c, err);
	if (!s)
		s = compare_rest(&c, err);
	free(c.seen);
	return s;
}

/* ---- ledgers from before ---- */

static enum status
sum_items(struct db *db, struct err *err)
{
	struct db_stmt *st = NULL, *put = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT f.stream, f.record, r.rev,"
	    " r.hash FROM feed f JOIN record r ON r.id = f.record"
	    " WHERE f.what = 'put'", err);

	if (!s)
		s = db_prepare(&put, db, "UPDATE feed SET item = ? WHERE"
		    " stream = ? AND record = ?", err);
	while (!s) {
		struct uuid id;

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (!db_uuid(&id, st, 1))
			continue;
		db_bind_int(put, 1, (int64_t)reconcile_item(&id, db_int(st, 2),
		    db_text(st, 3, NULL)));
		db_bind_int(put, 2, db_int(st, 0));
		db_bind_uuid(put, 3, &id);
		s = db_run(put, err);
	}
	db_finish(st);
	db_finish(put);
	return s;
}

static enum status
sum_stream(struct db *db, const char *name, struct err *err)
{
	uint64_t sums[RECONCILE_BUCKETS], total = 0;
	struct wire_cursor end = {0};
	struct db_stmt *st = NULL;
	enum status s = reconcile_stream_sums(sums, &end, db, name, NULL,
	    err);

	if (!s)
		s = db_prepare(&st, db, "UPDATE stream SET sum = ?, held ="
		    " (SELECT count(*) FROM feed WHERE stream = id AND"
		    " what = 'put')"
		    " WHERE name = ?", err);
	if (s)
		return s;
	for (int i = 0; i < RECONCILE_BUCKETS; i++)
		total += sums[i];
	db_bind_int(st, 1, (int64_t)total);
	db_bind_text(st, 2, name);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
sum_streams(struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT name FROM stream", err);

	while (!s) {
		char name[WIRE_STREAM_MAX] = "";

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		strncat(name, db_text(st, 0, NULL), sizeof name - 1);
		s = sum_stream(db, name, err);
	}
	db_finish(st);
	return s;
}

enum status
reconcile_recount(struct db *db, struct err *err)
{
	int64_t records = 0, held = 0;
	enum status s = db_number(&records, db, "SELECT count(*) FROM feed",
	    err);

	if (!s)
		s = db_number(&held, db, "SELECT coalesce(sum(held), 0)"
		    " FROM stream", err);
	if (s || held > 0 || records == 0)
		return s;
	s = db_begin(db, err);
	if (s)
		return s;
	s = sum_items(db, err);
	if (!s)
		s = sum_streams(db, err);
	if (s)
		db_rollback(db);
	else
		s = db_commit(db, err);
	return s;
}
