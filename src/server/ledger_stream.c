/*
 * Positions are given here and nowhere else.
 */
#include "server/ledger_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "core/reconcile.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"

void
stream_name(char out[WIRE_STREAM_MAX], const char *office)
{
	snprintf(out, WIRE_STREAM_MAX, "%s/gen", office);
}

void
stream_touched_release(struct stream_touched *t)
{
	free(t->items);
	*t = (struct stream_touched){0};
}

void
stream_touch(struct stream_touched *t, const char *office,
    const struct uuid *record, int64_t rev, const char *hash)
{
	struct stream_item item = { .record = *record, .rev = rev };
	/* A new record is not among them. */
	size_t i = rev == 1 ? t->count : 0;

	stream_name(item.stream, office);
	memcpy(item.hash, hash, sizeof item.hash);
	while (i < t->count &&
	    (uuid_compare(&t->items[i].record, record) != 0 ||
	    strcmp(t->items[i].stream, item.stream) != 0))
		i++;
	if (i == t->count) {
		t->items = mem_grow(t->items, t->count, sizeof *t->items);
		t->count++;
	} else {
		/* its newest change counts, at its newest place */
		memmove(&t->items[i], &t->items[i + 1],
		    (t->count - i - 1) * sizeof *t->items);
	}
	t->items[t->count - 1] = item;
}

enum status
stream_create(struct db *db, const char *office, struct err *err)
{
	struct db_stmt *st = NULL;
	char name[WIRE_STREAM_MAX];
	static const uint8_t zero[STREAM_MARK];
	enum status s = db_prepare(&st, db,
	    "INSERT INTO stream(id, name, last_seq, mark)"
	    " SELECT coalesce(max(id), 0) + 1, ?, 0, ? FROM stream", err);

	if (s)
		return s;
	stream_name(name, office);
	db_bind_text(st, 1, name);
	db_bind_blob(st, 2, zero, sizeof zero);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* ---- reading ---- */

struct head {
	int64_t id, last_seq;
	int64_t held, sum;	/* of what stands in it (core/reconcile.h) */
	uint8_t mark[STREAM_MARK];
};

static enum status
read_head(struct head *out, struct db *db, const char *name, struct err *err)
{
	struct db_stmt *st = NULL;
	const void *mark;
	size_t len = 0;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT id, last_seq, mark, held, sum FROM stream"
	    " WHERE name = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, name);
	s = db_step(st, &row, err);
	if (!s && !row)
		s = err_set(err, E_NOTFOUND, tr("There is no such stream."));
	if (!s) {
		out->id = db_int(st, 0);
		out->last_seq = db_int(st, 1);
		mark = db_blob(st, 2, &len);
		if (len == STREAM_MARK)
			memcpy(out->mark, mark, len);
		out->held = db_int(st, 3);
		out->sum = db_int(st, 4);
	}
	db_finish(st);
	return s;
}

enum status
stream_end(int64_t *id, struct wire_cursor *out, struct db *db,
    const char *name, struct err *err)
{
	struct head head = {0};
	enum status s = read_head(&head, db, name, err);

	if (s)
		return s;
	*id = head.id;
	snprintf(out->stream, sizeof out->stream, "%s", name);
	out->seq = head.last_seq;
	out->held = head.held;
	out->sum = (uint64_t)head.sum;
	crypto_hex(out->mark, head.mark, 4);
	return E_OK;
}

enum status
stream_ends(struct wire_cursor **out, size_t *count, struct db *db,
    struct err *err)
{
	struct wire_cursor *ends = mem_alloc(1, sizeof *ends);
	struct db_stmt *st = NULL;
	size_t n = 0;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT name, last_seq FROM stream ORDER BY name", err);

	while (!s) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		ends = mem_grow(ends, n, sizeof *ends);
		ends[n] = (struct wire_cursor){ .seq = db_int(st, 1) };
		snprintf(ends[n++].stream, sizeof ends->stream, "%s",
		    db_text(st, 0, NULL));
	}
	db_finish(st);
	if (s) {
		free(ends);
		return s;
	}
	*out = ends;
	*count = n;
	return E_OK;
}

enum status
stream_mark_at(char out[9], struct db *db, int64_t id, int64_t seq,
    struct err *err)
{
	struct db_stmt *st = NULL;
	const void *mark;
	size_t len = 0;
	bool row = false;
	enum status s;

	if (seq == 0) {
		memcpy(out, "00000000", 9);
		return E_OK;
	}
	s = db_prepare(&st, db,
	    "SELECT hash FROM mark WHERE stream = ? AND seq = ?", err);
	if (s)
		return s;
	db_bind_int(st, 1, id);
	db_bind_int(st, 2, seq);
	s = db_step(st, &row, err);
	if (!s && !row)
		s = err_set(err, E_NOTFOUND, tr("There is no such position."));
	if (!s) {
		mark = db_blob(st, 0, &len);
		if (len >= 4)
			crypto_hex(out, mark, 4);
	}
	db_finish(st);
	return s;
}

/* ---- publishing ---- */

/* H(previous mark, record, revision, content hash) */
static void
chain(uint8_t mark[STREAM_MARK], const struct stream_item *item)
{
	uint8_t text[STREAM_MARK + 16 + 8 + RECORD_HASH_MAX - 1];
	uint8_t digest[CRYPTO_SHA256];

	memcpy(text, mark, STREAM_MARK);
	memcpy(text + STREAM_MARK, item->record.b, 16);
	for (int i = 0; i < 8; i++)
		text[STREAM_MARK + 16 + i] =
		    (uint8_t)((uint64_t)item->rev >> (56 - 8 * i));
	memcpy(text + STREAM_MARK + 24, item->hash, RECORD_HASH_MAX - 1);
	crypto_sha256(digest, text, sizeof text);
	memcpy(mark, digest, STREAM_MARK);
}

/* The record's place until now leaves the sum. */
static enum status
leave_sum(struct db *db, struct head *head, const struct uuid *record,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT item FROM feed WHERE stream = ? AND record = ?", err);

	if (s)
		return s;
	db_bind_int(st, 1, head->id);
	db_bind_blob(st, 2, record->b, sizeof record->b);
	s = db_step(st, &row, err);
	if (!s && row) {
		head->held--;
		head->sum = (int64_t)((uint64_t)head->sum -
		    (uint64_t)db_int(st, 0));
	}
	db_finish(st);
	return s;
}

static enum status
place_item(struct db *db, struct head *head,
    const struct stream_item *item, struct err *err)
{
	uint64_t own = reconcile_item(&item->record, item->rev, item->hash);
	struct db_stmt *st = NULL;
	enum status s = leave_sum(db, head, &item->record, err);

	if (!s)
		s = db_prepare(&st, db,
		    "INSERT OR REPLACE INTO feed(stream, seq, record, what,"
		    " item) VALUES(?, ?, ?, 'put', ?)", err);
	if (s)
		return s;
	head->held++;
	head->sum = (int64_t)((uint64_t)head->sum + own);
	db_bind_int(st, 1, head->id);
	db_bind_int(st, 2, head->last_seq);
	db_bind_blob(st, 3, item->record.b, sizeof item->record.b);
	db_bind_int(st, 4, (int64_t)own);
	s = db_run(st, err);
	db_finish(st);
	if (s)
		return s;
	s = db_prepare(&st, db,
	    "INSERT INTO mark(stream, seq, hash) VALUES(?, ?, ?)", err);
	if (s)
		return s;
	db_bind_int(st, 1, head->id);
	db_bind_int(st, 2, head->last_seq);
	db_bind_blob(st, 3, head->mark, STREAM_MARK);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
write_head(struct db *db, const struct head *head, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "UPDATE stream SET last_seq = ?, mark = ?, held = ?, sum = ?"
	    " WHERE id = ?", err);

	if (s)
		return s;
	db_bind_int(st, 1, head->last_seq);
	db_bind_blob(st, 2, head->mark, STREAM_MARK);
	db_bind_int(st, 3, head->held);
	db_bind_int(st, 4, head->sum);
	db_bind_int(st, 5, head->id);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* All items of one stream, in the order in which they were touched. */
static enum status
publish_one(struct db *db, const struct stream_touched *t, const char *name,
    struct err *err)
{
	struct head head = {0};
	enum status s = read_head(&head, db, name, err);

	for (size_t i = 0; !s && i < t->count; i++) {
		if (strcmp(t->items[i].stream, name) != 0)
			continue;
		head.last_seq++;
		chain(head.mark, &t->items[i]);
		s = place_item(db, &head, &t->items[i], err);
	}
	return s ? s : write_head(db, &head, err);
}

/* The smallest stream name after the given one, or NULL. */
static const char *
next_name(const struct stream_touched *t, const char *after)
{
	const char *best = NULL;

	for (size_t i = 0; i < t->count; i++) {
		const char *name = t->items[i].stream;

		if (strcmp(name, after) > 0 && (!best || strcmp(name, best) < 0))
			best = name;
	}
	return best;
}

enum status
stream_publish(struct db *db, struct stream_touched *t, struct err *err)
{
	enum status s = E_OK;

	for (const char *name = next_name(t, ""); !s && name;
	    name = next_name(t, name))
		s = publish_one(db, t, name, err);
	t->count = 0;
	return s;
}
