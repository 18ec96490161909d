/*
 * Positions are given here and nowhere else.
 */
#include "server/ledger_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/reconcile.h"
#include "db/db.h"
#include "db/db_list.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/ledger_erased.h"
#include "server/ledger_place.h"

void
stream_name(char out[WIRE_STREAM_MAX], const char *office, bool sealed)
{
	snprintf(out, WIRE_STREAM_MAX, "%.*s/%s", RECORD_OFFICE_MAX, office,
	    sealed ? "sealed" : "gen");
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

	strncat(item.office, office, sizeof item.office - 1);
	memcpy(item.hash, hash, sizeof item.hash);
	while (i < t->count &&
	    uuid_compare(&t->items[i].record, record) != 0)
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

void
stream_touch_erased(struct stream_touched *t, const char *office,
    const struct uuid *record)
{
	stream_touch(t, office, record, 0, "0000000000000000");
	t->items[t->count - 1].erased = true;
}

enum status
stream_touch_still(struct stream_touched *t, struct db *db,
    const struct uuid *record, struct err *err)
{
	struct stream_item item = { .record = *record, .still = true };
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s;

	for (size_t i = 0; i < t->count; i++) {
		if (uuid_compare(&t->items[i].record, record) == 0)
			return E_OK;
	}
	s = db_prepare(&st, db,
	    "SELECT office, rev, hash FROM record WHERE id = ?", err);
	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	s = db_step(st, &row, err);
	if (!s && row) {
		snprintf(item.office, sizeof item.office, "%s",
		    db_text(st, 0, NULL));
		item.rev = db_int(st, 1);
		snprintf(item.hash, sizeof item.hash, "%s",
		    db_text(st, 2, NULL));
		t->items = mem_grow(t->items, t->count, sizeof *t->items);
		t->items[t->count++] = item;
	}
	db_finish(st);
	return s;
}

static enum status
create_one(struct db *db, const char *office, bool sealed, struct err *err)
{
	struct db_stmt *st = NULL;
	char name[WIRE_STREAM_MAX];
	static const uint8_t zero[STREAM_MARK];
	enum status s = db_prepare(&st, db,
	    "INSERT INTO stream(id, name, last_seq, mark)"
	    " SELECT coalesce(max(id), 0) + 1, ?, 0, ? FROM stream", err);

	if (s)
		return s;
	stream_name(name, office, sealed);
	db_bind_text(st, 1, name);
	db_bind_blob(st, 2, zero, sizeof zero);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
stream_create(struct db *db, const char *office, struct err *err)
{
	enum status s = create_one(db, office, false, err);

	return s ? s : create_one(db, office, true, err);
}

static enum status
complete(struct db *db, struct err *err)
{
	bool row = true;
	enum status s = E_OK;

	while (!s && row) {
		struct db_stmt *st = NULL;
		char office[RECORD_OFFICE_MAX] = "";

		s = db_prepare(&st, db, "SELECT code FROM office WHERE NOT"
		    " EXISTS(SELECT 1 FROM stream WHERE name = code ||"
		    " '/sealed') LIMIT 1", err);
		if (!s)
			s = db_step(st, &row, err);
		if (!s && row)
			snprintf(office, sizeof office, "%s",
			    db_text(st, 0, NULL));
		db_finish(st);
		if (!s && row)
			s = create_one(db, office, true, err);
	}
	return s;
}

enum status
stream_complete(struct db *db, struct err *err)
{
	int64_t missing = 0;
	enum status s = db_number(&missing, db, "SELECT count(*) FROM office"
	    " WHERE NOT EXISTS(SELECT 1 FROM stream WHERE name = code ||"
	    " '/sealed')", err);

	if (s || missing == 0)
		return s;
	s = db_begin(db, err);
	if (s)
		return s;
	s = complete(db, err);
	if (s)
		db_rollback(db);
	else
		s = db_commit(db, err);
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

static void
read_end(void *item, struct db_stmt *st)
{
	struct wire_cursor *end = item;

	end->seq = db_int(st, 1);
	snprintf(end->stream, sizeof end->stream, "%s", db_text(st, 0, NULL));
}

enum status
stream_ends(struct wire_cursor **out, size_t *count, struct db *db,
    struct err *err)
{
	struct db_stmt *st = NULL;
	void *list = NULL;
	enum status s = db_prepare(&st, db,
	    "SELECT name, last_seq FROM stream ORDER BY name", err);

	if (s)
		return s;
	s = db_list(&list, count, st, sizeof **out, read_end, err);
	db_finish(st);
	if (!s)
		*out = list;
	return s;
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

/* One item's new place in one stream; gone: it leaves. */
struct placing {
	char stream[WIRE_STREAM_MAX];
	size_t item;
	const char *gone;	/* why, or NULL */
};

struct publishing {
	struct db *db;
	struct stream_touched *t;
	struct placing *items;
	size_t count;
};

/* H(previous mark, record, revision, content hash); gone is revision 0. */
static void
chain(uint8_t mark[STREAM_MARK], const struct stream_item *item, bool gone)
{
	uint8_t text[STREAM_MARK + 16 + 8 + RECORD_HASH_MAX - 1];
	uint8_t digest[CRYPTO_SHA256];
	uint64_t rev = gone ? 0 : (uint64_t)item->rev;

	memcpy(text, mark, STREAM_MARK);
	memcpy(text + STREAM_MARK, item->record.b, 16);
	for (int i = 0; i < 8; i++)
		text[STREAM_MARK + 16 + i] = (uint8_t)(rev >> (56 - 8 * i));
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
	    "SELECT item FROM feed WHERE stream = ? AND record = ?"
	    " AND what = 'put'", err);

	if (s)
		return s;
	db_bind_int(st, 1, head->id);
	db_lend_blob(st, 2, record->b, sizeof record->b);
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
write_mark(struct db *db, const struct head *head, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "INSERT INTO mark(stream, seq, hash) VALUES(?, ?, ?)", err);

	if (s)
		return s;
	db_bind_int(st, 1, head->id);
	db_bind_int(st, 2, head->last_seq);
	db_lend_blob(st, 3, head->mark, STREAM_MARK);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
place_item(struct db *db, struct head *head, const struct stream_item *item,
    const char *gone, struct err *err)
{
	uint64_t own = gone ? 0 : reconcile_item(&item->record, item->rev,
	    item->hash);
	struct db_stmt *st = NULL;
	enum status s = leave_sum(db, head, &item->record, err);

	if (!s)
		s = db_prepare(&st, db,
		    "INSERT OR REPLACE INTO feed(stream, seq, record, what,"
		    " item, why) VALUES(?, ?, ?, ?, ?, ?)", err);
	if (s)
		return s;
	head->held += gone ? 0 : 1;
	head->sum = (int64_t)((uint64_t)head->sum + own);
	db_bind_int(st, 1, head->id);
	db_bind_int(st, 2, head->last_seq);
	db_lend_blob(st, 3, item->record.b, sizeof item->record.b);
	db_lend_text(st, 4, gone ? "gone" : "put");
	db_bind_int(st, 5, (int64_t)own);
	db_lend_text(st, 6, gone ? gone : "");
	s = db_run(st, err);
	db_finish(st);
	return s ? s : write_mark(db, head, err);
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

/* ---- which streams ---- */

static void
add_placing(struct publishing *p, size_t item, const char *stream,
    const char *gone)
{
	p->items = mem_grow(p->items, p->count, sizeof *p->items);
	p->items[p->count] = (struct placing){ .item = item, .gone = gone };
	strncat(p->items[p->count++].stream, stream, WIRE_STREAM_MAX - 1);
}

/* It leaves its office, or only one of the office's streams. */
const char *
stream_why_gone(const char *office, const char *stream)
{
	size_t len = strlen(office);

	return strncmp(stream, office, len) == 0 && stream[len] == '/' ?
	    "sealed" : "transfer";
}

/* What goes where it goes is looked at too. */
static enum status
touch_below(struct publishing *p, const struct uuid *record, struct err *err)
{
	struct uuid *ids = NULL;
	size_t count = 0;
	enum status s = place_below(&ids, &count, p->db, record, err);

	for (size_t i = 0; i < count && !s; i++)
		s = stream_touch_still(p->t, p->db, &ids[i], err);
	free(ids);
	return s;
}

/* One item's streams: those where it belongs, if it changed or was not there,
 * and those where it stands and does not belong any more. */
static enum status
add_item(struct publishing *p, size_t i, struct err *err)
{
	struct stream_item item = p->t->items[i];
	struct places wanted = {0}, present = {0};
	size_t before = p->count, kept = 0;
	enum status s = place_wanted(&wanted, p->db, &item.record, err);

	if (!s && (item.rev > 1 || item.still))
		s = place_present(&present, p->db, &item.record, err);
	if (s)
		return s;
	for (size_t k = 0; k < wanted.count; k++) {
		bool there = places_have(&present, wanted.names[k]);

		kept += there;
		if (!there || !item.still)
			add_placing(p, i, wanted.names[k], NULL);
	}
	for (size_t k = 0; k < present.count; k++) {
		if (!places_have(&wanted, present.names[k]))
			add_placing(p, i, present.names[k],
			    stream_why_gone(item.office, present.names[k]));
	}
	if (p->count > before && present.count > 0 &&
	    (kept < wanted.count || kept < present.count))
		s = touch_below(p, &item.record, err);
	return s;
}

static enum status
add_erased(struct publishing *p, size_t i, struct err *err)
{
	const struct stream_item item = p->t->items[i];
	char last[WIRE_STREAM_MAX] = "", name[WIRE_STREAM_MAX] = "";
	bool any = false;
	enum status s;

	for (;;) {
		s = place_ever(name, p->db, &item.record, last, err);
		if (s || !name[0])
			break;
		add_placing(p, i, name, ERASED_WHY);
		memcpy(last, name, sizeof last);
		any = true;
	}
	if (!s && !any) {
		stream_name(name, item.office, false);
		add_placing(p, i, name, ERASED_WHY);
	}
	return s;
}

static enum status
add_all(struct publishing *p, struct err *err)
{
	bool any = false;
	enum status s = place_any(&any, p->db, err);

	for (size_t i = 0; i < p->t->count && !s; i++) {
		char name[WIRE_STREAM_MAX];

		if (p->t->items[i].erased) {
			s = add_erased(p, i, err);
		} else if (any) {
			s = add_item(p, i, err);
		} else {
			stream_name(name, p->t->items[i].office, false);
			add_placing(p, i, name, NULL);
		}
	}
	return s;
}

/* ---- each of them ---- */

/* All items of one stream, in the order in which they were touched. */
static enum status
publish_one(const struct publishing *p, const char *name, struct err *err)
{
	struct head head = {0};
	enum status s = read_head(&head, p->db, name, err);

	for (size_t i = 0; !s && i < p->count; i++) {
		const struct placing *place = &p->items[i];
		const struct stream_item *item = &p->t->items[place->item];

		if (strcmp(place->stream, name) != 0)
			continue;
		head.last_seq++;
		chain(head.mark, item, place->gone != NULL);
		s = place_item(p->db, &head, item, place->gone, err);
	}
	return s ? s : write_head(p->db, &head, err);
}

/* The smallest stream name after the given one, or NULL. */
static const char *
next_name(const struct publishing *p, const char *after)
{
	const char *best = NULL;

	for (size_t i = 0; i < p->count; i++) {
		const char *name = p->items[i].stream;

		if (strcmp(name, after) > 0 && (!best || strcmp(name, best) < 0))
			best = name;
	}
	return best;
}

enum status
stream_publish(struct db *db, struct stream_touched *t, struct err *err)
{
	struct publishing p = { .db = db, .t = t };
	enum status s;

	if (t->count == 0)
		return E_OK;
	s = add_all(&p, err);
	for (const char *name = next_name(&p, ""); !s && name;
	    name = next_name(&p, name))
		s = publish_one(&p, name, err);
	free(p.items);
	t->count = 0;
	return s;
}
