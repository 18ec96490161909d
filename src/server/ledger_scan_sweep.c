/*
 * What nobody names any more, what is missing, and what a restored ledger does
 * not know to be here.  A file is dropped inside a writing transaction: no scan
 * can come to name it in between.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/blob.h"
#include "server/ledger_scan.h"
#include "server/ledger_stream.h"

#define DAY_MS (24 * 3600 * 1000LL)

enum { KEPT_DAYS = 90, PARTS_DAYS = 7 };

/* Does a scan name it, or did one until lately? */
static enum status
is_named(bool *out, struct db *db, const char *hash, int64_t since_at,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM scan WHERE hash = ?"
	    " AND (gone_at = 0 OR gone_at > ?)", err);

	if (s)
		return s;
	db_bind_text(st, 1, hash);
	db_bind_int(st, 2, since_at);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

static enum status
look_at(struct scan_sweep *out, struct db *db, const char *dir,
    const struct blob_file *f, int64_t since_at, struct err *err)
{
	const struct blob_place place = { .dir = dir, .hash = f->hash };
	bool named = false;
	enum status s = is_named(&named, db, f->hash, since_at, err);

	if (s)
		return s;
	if (named || f->written_at > since_at) {
		out->kept++;
		out->kept_bytes += f->size;
		return E_OK;
	}
	s = blob_drop(&place, err);
	if (!s) {
		out->dropped++;
		out->dropped_bytes += f->size;
	}
	return s;
}

/* The next hash after one of those whose bytes should be here; "" none. */
static enum status
next_arrived(char hash[SCAN_HASH_TEXT], struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT min(hash) FROM scan"
	    " WHERE arrived = 1 AND hash > ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, hash);
	s = db_step(st, &row, err);
	if (!s)
		snprintf(hash, SCAN_HASH_TEXT, "%s",
		    row && db_text(st, 0, NULL) ? db_text(st, 0, NULL) : "");
	db_finish(st);
	return s;
}

static enum status
find_missing(struct scan_sweep *out, struct db *db, const char *dir,
    struct err *err)
{
	char hash[SCAN_HASH_TEXT] = "";
	enum status s = next_arrived(hash, db, err);

	while (!s && hash[0]) {
		const struct blob_place place = { .dir = dir, .hash = hash };
		struct err none = ERR_INIT;
		int64_t size = 0;

		s = blob_size(&size, &place, &none);
		if (s == E_NOTFOUND) {
			out->missing++;
			s = scan_say(db, NULL, hash, false, err);
		} else if (s) {
			*err = none;
		}
		if (!s)
			s = next_arrived(hash, db, err);
	}
	return s;
}

enum status
scan_sweep(struct scan_sweep *out, struct ledger *l, struct err *err)
{
	struct scan_sweep sweep = {0};
	struct blob_file *files = NULL;
	size_t count = 0;
	int64_t now = clock_now_at();
	struct db *db = NULL;
	enum status s = ledger_begin(&db, l, err);

	if (s)
		return s;
	s = blob_list(&files, &count, ledger_dir(l), now - PARTS_DAYS * DAY_MS,
	    err);
	for (size_t i = 0; i < count && !s; i++)
		s = look_at(&sweep, db, ledger_dir(l), &files[i],
		    now - KEPT_DAYS * DAY_MS, err);
	if (!s)
		s = find_missing(&sweep, db, ledger_dir(l), err);
	s = ledger_end(l, s, err);
	blob_list_free(files, count);
	if (!s)
		*out = sweep;
	return s;
}

/* ---- after a restore ---- */

struct told {
	struct uuid record;
	struct scan scan;
};

/* All that it says, as far as it can be read; but for what is being erased. */
static void
read_told(struct told **out, size_t *count, struct db *old)
{
	struct db_stmt *st = NULL;
	struct err none = ERR_INIT;
	bool row = true;

	if (db_prepare(&st, old, "SELECT record, hash, size FROM scan WHERE"
	    " arrived = 1 AND gone_at <> 1 ORDER BY record", &none))
		return;
	while (!db_step(st, &row, &none) && row) {
		struct told t = { .scan.arrived = true };

		if (!db_uuid(&t.record, st, 0) ||
		    !scan_hash_is(db_text(st, 1, NULL)))
			continue;
		memcpy(t.scan.hash, db_text(st, 1, NULL), SCAN_HASH_TEXT);
		t.scan.size = db_int(st, 2);
		*out = mem_grow(*out, *count, sizeof **out);
		(*out)[(*count)++] = t;
	}
	db_finish(st);
}

static enum status
remember_one(struct db *db, const struct told *t, const char *dir,
    struct stream_touched *touched, struct err *err)
{
	const struct blob_place place = { .dir = dir, .hash = t->scan.hash };
	struct err none = ERR_INIT;
	int64_t size = 0;
	enum status s = blob_size(&size, &place, &none);

	if (s == E_NOTFOUND)
		return E_OK;
	if (s)
		*err = none;
	return s ? s : scan_say_again(db, &t->record, &t->scan, touched, err);
}

enum status
scan_remember(struct db *db, struct db *old, const char *dir, struct err *err)
{
	struct stream_touched touched = {0};
	struct told *told = NULL;
	size_t count = 0;
	enum status s = E_OK;

	read_told(&told, &count, old);
	for (size_t i = 0; i < count && !s; i++)
		s = remember_one(db, &told[i], dir, &touched, err);
	if (!s)
		s = stream_publish(db, &touched, err);
	stream_touched_release(&touched);
	free(told);
	return s;
}
