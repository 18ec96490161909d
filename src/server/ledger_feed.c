/*
 * Reading streams.  The cursor moves only over lines that are in the page, or
 * to the stream's end when all are.
 */
#include "server/ledger_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_erased.h"
#include "server/ledger_place.h"
#include "server/ledger_reconcile.h"
#include "server/ledger_record.h"
#include "server/ledger_settle.h"
#include "server/ledger_sight.h"
#include "server/ledger_stream.h"
#include "server/snapshot.h"

bool
feed_may_hold(const struct ledger_peer *peer, const char *stream)
{
	const char *slash = strchr(stream, '/');
	size_t len = slash ? (size_t)(slash - stream) : 0;
	char office[WIRE_STREAM_MAX];

	if (!slash || (strcmp(slash, "/sealed") == 0 && !peer->sealed))
		return false;
	if (len >= sizeof office)
		return false;
	memcpy(office, stream, len);
	office[len] = '\0';
	return office_reaches(peer->office, peer->county, office);
}

enum status
feed_streams(char (**out)[WIRE_STREAM_MAX], size_t *count, struct db *db,
    const struct ledger_peer *peer, struct err *err)
{
	char (*names)[WIRE_STREAM_MAX] = mem_alloc(WIRE_STREAMS_MAX,
	    sizeof *names);
	struct db_stmt *st = NULL;
	size_t kept = 0;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT name FROM stream ORDER BY name", err);

	while (!s && kept < WIRE_STREAMS_MAX) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (feed_may_hold(peer, db_text(st, 0, NULL)))
			snprintf(names[kept++], sizeof *names, "%s",
			    db_text(st, 0, NULL));
	}
	db_finish(st);
	if (s) {
		free(names);
		return s;
	}
	*out = names;
	*count = kept;
	return E_OK;
}

enum status
feed_may_see(bool *out, struct db *db, const struct ledger_peer *peer,
    const struct uuid *record, struct err *err)
{
	struct places p = {0};
	struct ledger_peer person = *peer;
	enum status s = place_present(&p, db, record, err);

	person.sealed = peer->sees_sealed;
	for (size_t i = 0; i < p.count && !s && !*out; i++)
		*out = feed_may_hold(&person, p.names[i]);
	return s;
}

enum status
feed_has_seen(bool *out, struct db *db, const struct ledger_peer *peer,
    const struct uuid *record, struct err *err)
{
	struct ledger_peer person = *peer;
	struct db_stmt *st = NULL;
	bool row = true;
	enum status s = db_prepare(&st, db, "SELECT s.name FROM feed f"
	    " JOIN stream s ON s.id = f.stream WHERE f.record = ?", err);

	if (s)
		return s;
	person.sealed = peer->sees_sealed;
	db_bind_uuid(st, 1, record);
	while (!s && row && !*out) {
		s = db_step(st, &row, err);
		if (!s && row)
			*out = feed_may_hold(&person, db_text(st, 0, NULL));
	}
	db_finish(st);
	return s;
}

static const struct wire_cursor *
cursor_of(const struct wire_hello *hello, const char *stream)
{
	for (size_t i = 0; i < hello->cursor_count; i++) {
		if (strcmp(hello->cursors[i].stream, stream) == 0)
			return &hello->cursors[i];
	}
	return NULL;
}

/* ---- checking ---- */

static enum status
check_cursor(enum answer *answer, struct db *db, const char *stream,
    const struct wire_cursor *c, struct err *err)
{
	struct wire_cursor end = {0};
	struct err none = ERR_INIT;
	char mark[9] = "";
	int64_t id = 0;
	enum status s = stream_end(&id, &end, db, stream, err);

	if (s || c->seq == 0)
		return s;
	if (c->seq > end.seq) {
		*answer = ANSWER_SERVER_BEHIND;
		return E_OK;
	}
	s = stream_mark_at(mark, db, id, c->seq, &none);
	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	if (s || strcmp(mark, c->mark) != 0)
		*answer = ANSWER_FEED_DIVERGED;
	return E_OK;
}

enum status
feed_check(enum answer *answer, struct ledger *l,
    const struct ledger_peer *peer, const struct wire_hello *hello,
    struct err *err)
{
	char (*names)[WIRE_STREAM_MAX] = NULL;
	size_t count = 0;
	enum answer a = ANSWER_OK;
	struct db *db = NULL;
	enum status s;

	if (hello->server_epoch[0] &&
	    strcmp(hello->server_epoch, ledger_epoch(l)) != 0) {
		*answer = ANSWER_FEED_DIVERGED;
		return E_OK;
	}
	s = ledger_begin_read(&db, l, err);
	if (s)
		return s;
	s = feed_streams(&names, &count, db, peer, err);
	for (size_t i = 0; !s && !a && i < count; i++) {
		const struct wire_cursor *c = cursor_of(hello, names[i]);

		if (c)
			s = check_cursor(&a, db, names[i], c, err);
	}
	ledger_end_read(l);
	free(names);
	if (!s)
		*answer = a;
	return s;
}

/* ---- paging ---- */

struct page {
	struct buf *out;
	const struct ledger *ledger;
	struct db *db;
	const struct sight *sight;	/* of the device; NULL: all */
	const struct feed_expected *expected;
	size_t expected_count;
	struct wire_line run;	/* being gathered; n 0: none */
	struct buf values;	/* of the line being printed, as JSON */
	size_t max_bytes, used;	/* of lines that carry content */
	bool full;		/* another line waits */
};

static int
compare_expected(const void *a, const void *b)
{
	const struct feed_expected *x = a, *y = b;
	int order = uuid_compare(&x->record, &y->record);

	return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* What the device's last operation on the record led to; NULL none. */
static const struct feed_expected *
find_expected(const struct page *p, const struct uuid *record)
{
	size_t low = 0, high = p->expected_count;

	while (low < high) {	/* the first place after the record's rows */
		size_t mid = low + (high - low) / 2;

		if (uuid_compare(&p->expected[mid].record, record) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 || uuid_compare(&p->expected[low - 1].record, record) != 0)
		return NULL;
	return &p->expected[low - 1];
}

static void
end_run(struct page *p)
{
	if (p->run.n)
		wire_print_line(p->out, &p->run);
	p->run.n = 0;
}

/* Does the line go on with a run, or begin one?  A record that the request
 * changes twice has a verdict for each, and stands in none. */
static bool
joins_run(struct page *p, const struct wire_line *line,
    const struct feed_expected *own)
{
	size_t i = (size_t)(own - p->expected);

	if (own->rev == 0 || own->rev != line->rev || *own->told ||
	    (i > 0 && uuid_compare(&own[-1].record, &own->record) == 0))
		return false;
	if (p->run.n == 0 || own->n != p->run.to + 1 ||
	    strcmp(p->run.stream, line->stream) != 0) {
		end_run(p);
		p->run.n = own->n;
		memcpy(p->run.stream, line->stream, sizeof p->run.stream);
	}
	p->run.to = own->n;
	p->run.seq = line->seq;
	*own->told = true;
	return true;
}

/* An own change that is what the device has. */
static void
add_own(struct page *p, struct wire_line *line,
    const struct feed_expected *own)
{
	if (joins_run(p, line, own))
		return;
	end_run(p);
	line->kind = WIRE_ACK;
	wire_print_line(p->out, line);
}

static enum status
add_put(struct page *p, struct wire_line *line, struct err *err)
{
	size_t before;
	enum status s;

	end_run(p);
	before = p->out->len;
	line->kind = WIRE_PUT;
	buf_clear(&p->values);
	s = ledger_record_get_text(&line->put, &p->values, p->db,
	    &line->record, err);
	if (s)
		return s;
	line->values = p->values.data;
	wire_print_line(p->out, line);
	record_release(&line->put);
	if (p->used > 0 && p->used + (p->out->len - before) > p->max_bytes) {
		/* it waits for the next page; the first goes whatever size */
		p->out->len = before;
		p->out->data[before] = '\0';
		p->full = true;
		return E_OK;
	}
	p->used += p->out->len - before;
	return E_OK;
}

/* One line of the present row: seq, record, rev, hash, mark, updated_at, what,
 * why, register.  The cursor goes on over what the device does not see. */
static enum status
add_line(struct page *p, struct wire_line *line, struct db_stmt *st,
    struct err *err)
{
	size_t len = 0;
	const struct feed_expected *expected;
	const void *hash;
	bool sees = true;
	enum status s;

	(void)db_uuid(&line->record, st, 1);
	line->seq = db_int(st, 0);
	line->rev = db_int(st, 2);	/* of what was erased all is empty */
	memcpy(line->hash, db_text(st, 3, NULL),
	    strnlen(db_text(st, 3, NULL), sizeof line->hash - 1));
	hash = db_blob(st, 4, &len);
	if (len >= 4)
		crypto_hex(line->mark, hash, 4);
	/* where the line before said its own */
	memset(line->why, 0, sizeof line->why);
	if (strcmp(db_text(st, 6, NULL), "gone") == 0) {
		end_run(p);
		line->kind = WIRE_GONE;
		snprintf(line->why, sizeof line->why, "%s",
		    db_text(st, 7, NULL));
		wire_print_line(p->out, line);
		return E_OK;
	}
	expected = find_expected(p, &line->record);
	s = expected ? E_OK : sight_sees(&sees, p->sight, p->db,
	    db_text(st, 8, NULL), &line->record, err);
	if (s || !sees)
		return s;
	if (expected && strcmp(expected->hash, line->hash) == 0 &&
	    expected->at == db_int(st, 5)) {
		add_own(p, line, expected);
		return E_OK;
	}
	return add_put(p, line, err);
}

/* Lines of one stream after a cursor; *cursor moves to the last of them. */
static enum status
add_stream(struct page *p, struct wire_cursor *cursor, int64_t id,
    struct err *err)
{
	struct db_stmt *st = NULL;
	struct wire_line line = {0};
	bool row = false;
	enum status s = db_prepare(&st, p->db,
	    "SELECT f.seq, f.record, r.rev, r.hash, m.hash, r.updated_at,"
	    " f.what, f.why, r.register"
	    " FROM feed f"
	    " LEFT JOIN record r ON r.id = f.record"
	    " JOIN mark m ON m.stream = f.stream AND m.seq = f.seq"
	    " WHERE f.stream = ? AND f.seq > ? ORDER BY f.seq", err);

	if (s)
		return s;
	db_bind_int(st, 1, id);
	db_bind_int(st, 2, cursor->seq);
	memcpy(line.stream, cursor->stream, sizeof line.stream);
	for (;;) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (p->used >= p->max_bytes)
			p->full = true;
		else
			s = add_line(p, &line, st, err);
		if (s || p->full)
			break;
		cursor->seq = line.seq;
		memcpy(cursor->mark, line.mark, sizeof cursor->mark);
	}
	end_run(p);
	db_finish(st);
	return s;
}

/* How many lines wait behind the page in this stream. */
static enum status
count_left(struct wire_line *end, const struct page *p, int64_t id,
    int64_t seq, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, p->db,
	    "SELECT count(*) FROM feed WHERE stream = ? AND seq > ?", err);

	if (s)
		return s;
	db_bind_int(st, 1, id);
	db_bind_int(st, 2, seq);
	s = db_step(st, &row, err);
	if (!s && row)
		end->left += db_int(st, 0);
	db_finish(st);
	return s;
}

/* What the device follows and may not hold any more: the person who asks is
 * another, or in another role, or the device stands elsewhere now. */
static void
end_streams(struct page *p, char (*names)[WIRE_STREAM_MAX], size_t count,
    const struct wire_hello *hello)
{
	for (size_t i = 0; i < hello->cursor_count; i++) {
		struct wire_line line = { .kind = WIRE_GONE, .all = true,
			.why = "role" };
		size_t k = 0;

		while (k < count &&
		    strcmp(names[k], hello->cursors[i].stream) != 0)
			k++;
		if (k < count)
			continue;
		memcpy(line.stream, hello->cursors[i].stream,
		    sizeof line.stream);
		wire_print_line(p->out, &line);
	}
}

/* A snapshot instead of the lines of a stream that the device has nothing of;
 * *out: there is one. */
static enum status
offer(bool *out, struct wire_line *end, const struct page *p,
    const char *stream, struct err *err)
{
	struct snapshot found = {0};
	struct wire_snapshot *s;
	struct err none = ERR_INIT;
	enum status st = snapshot_find(&found, p->ledger, p->db, stream, NULL,
	    &none);

	if (st == E_NOTFOUND)
		return E_OK;
	if (st) {
		*err = none;
		return st;
	}
	end->snapshots = mem_grow(end->snapshots, end->snapshot_count,
	    sizeof *end->snapshots);
	s = &end->snapshots[end->snapshot_count++];
	*s = (struct wire_snapshot){ .bytes = found.bytes };
	memcpy(s->stream, found.stream, sizeof s->stream);
	memcpy(s->sha256, found.sha256, sizeof s->sha256);
	snapshot_release(&found);
	*out = true;
	return E_OK;
}

/* Lines of one stream after c, if there is room, or the word that there are
 * some; last: where the stream ends. */
static enum status
fill_stream(struct page *p, struct wire_line *end, struct wire_cursor *c,
    int64_t id, const struct wire_cursor *last, bool snapshots,
    struct err *err)
{
	bool offered = false;
	enum status s = E_OK;

	c->held = last->held;
	c->sum = last->sum;
	if (snapshots && c->seq == 0 && last->seq > 0 &&
	    !(p->sight && p->sight->narrow))
		s = offer(&offered, end, p, c->stream, err);
	if (!s && !offered && !p->full && last->seq > c->seq)
		s = add_stream(p, c, id, err);
	if (!s && !offered && p->full && last->seq > c->seq)
		s = count_left(end, p, id, c->seq, err);
	return s;
}

/* What the streams hold, for one that does not see all of it. */
static enum status
sum_up(struct wire_line *end, const struct page *p, struct err *err)
{
	uint64_t sums[RECONCILE_BUCKETS];
	enum status s = E_OK;

	for (size_t i = 0; i < end->cursor_count && !s; i++) {
		struct wire_cursor *c = &end->cursors[i], last = {0};

		if (c->held == 0)
			continue;
		s = reconcile_stream_sums(sums, &last, p->db, c->stream,
		    p->sight, err);
		c->held = last.held;
		c->sum = last.sum;
	}
	return s;
}

static enum status
fill_page(struct page *p, struct wire_line *end,
    const struct ledger_peer *peer, const struct wire_hello *hello,
    struct err *err)
{
	char (*names)[WIRE_STREAM_MAX] = NULL;
	size_t count = 0;
	enum status s = feed_streams(&names, &count, p->db, peer, err);

	end->cursors = mem_alloc(WIRE_STREAMS_MAX, sizeof *end->cursors);
	if (!s)
		end_streams(p, names, count, hello);
	for (size_t i = 0; !s && i < count && i < WIRE_STREAMS_MAX; i++) {
		const struct wire_cursor *had = cursor_of(hello, names[i]);
		struct wire_cursor *c = &end->cursors[end->cursor_count];
		struct wire_cursor last = {0};
		int64_t id = 0;

		s = stream_end(&id, &last, p->db, names[i], err);
		/* many sealed streams never hold anything: not a word */
		if (s || (last.seq == 0 && !had && strstr(names[i], "/sealed")))
			continue;
		end->cursor_count++;
		memcpy(c->stream, names[i], sizeof c->stream);
		memcpy(c->mark, "00000000", sizeof c->mark);
		if (had) {
			c->seq = had->seq;
			if (had->seq > 0)
				memcpy(c->mark, had->mark, sizeof c->mark);
		}
		s = fill_stream(p, end, c, id, &last, hello->snapshots, err);
	}
	end->more = p->full;
	if (!s && !p->full && p->sight && p->sight->narrow)
		s = sum_up(end, p, err);
	free(names);
	return s;
}

enum status
feed_page(struct buf *out, struct wire_line *end, struct ledger *l,
    const struct ledger_peer *peer, const struct wire_hello *hello,
    struct feed_expected *expected, size_t expected_count, struct err *err)
{
	struct page p = { .out = out, .ledger = l, .expected = expected,
		.expected_count = expected_count, .sight = peer->sight,
		.run = { .kind = WIRE_RUN } };
	enum status s;

	p.max_bytes = WIRE_MAX_BYTES_MIN;
	if (hello->max_bytes > WIRE_MAX_BYTES_MAX)
		p.max_bytes = WIRE_MAX_BYTES_MAX;
	else if (hello->max_bytes > WIRE_MAX_BYTES_MIN)
		p.max_bytes = (size_t)hello->max_bytes;
	if (expected_count > 0)
		qsort(expected, expected_count, sizeof *expected,
		    compare_expected);
	s = ledger_begin_read(&p.db, l, err);
	if (s)
		return s;
	buf_init(&p.values, BUF_RECORD_MAX);
	s = fill_page(&p, end, peer, hello, err);
	if (!s && !end->more)	/* behind what follows from it */
		s = settle_tell(end, p.db, &peer->device, hello->aside, err);
	if (!s)
		s = erased_say(end, p.db, peer, hello->erased, err);
	buf_release(&p.values);
	ledger_end_read(l);
	return s;
}
