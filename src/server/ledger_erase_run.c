/*
 * The tables that a record has rows in, and what becomes of each.
 */
#include "server/ledger_erase_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/scan.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/blob.h"
#include "server/ledger_place.h"

enum status
erase_list(struct uuid **out, size_t *count, struct db *db,
    const struct uuid *record, struct err *err)
{
	struct db_stmt *st = NULL;
	struct uuid *ids = NULL;
	size_t n = 0;
	bool there = false;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM record WHERE id = ?",
	    err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	s = db_step(st, &there, err);
	db_finish(st);
	if (!s && !there)
		s = err_set(err, E_NOTFOUND, tr("There is no such record."));
	if (!s)
		s = place_below(&ids, &n, db, record, err);
	if (s)
		return s;
	ids = mem_grow(ids, n, sizeof *ids);
	ids[n++] = *record;
	*out = ids;
	*count = n;
	return E_OK;
}

/* The hashes of scans stay until erase_bytes() has looked at them: gone_at 1 is
 * long ago.  Rows of the history that come next may get numbers that were those
 * of rows here: no ledger before this one has them. */
static const char *const wipes[] = {
	"UPDATE settled SET why = '' WHERE EXISTS(SELECT 1 FROM opdone d WHERE"
	" d.record = ?1 AND d.device = settled.device AND"
	" d.epoch = settled.epoch AND d.n = settled.n)",
	"DELETE FROM quarantine WHERE EXISTS(SELECT 1 FROM opdone d WHERE"
	" d.record = ?1 AND d.device = quarantine.device AND"
	" d.epoch = quarantine.epoch AND d.n = quarantine.n)",
	"UPDATE opdone SET why = '' WHERE record = ?1",
	"DELETE FROM returned WHERE record = ?1",
	"DELETE FROM coming WHERE record = ?1",
	"DELETE FROM history WHERE record = ?1",
	("UPDATE descent SET row = min(row, (SELECT coalesce(max(rowid), 0)"
	" FROM history)) WHERE ?1 IS NOT NULL"),
	"DELETE FROM conflict WHERE id = ?1 OR record = ?1",
	"DELETE FROM along WHERE transfer = ?1 OR record = ?1",
	"DELETE FROM transfer WHERE id = ?1 OR record = ?1",
	"DELETE FROM sealed WHERE record = ?1",
	"DELETE FROM number_wait WHERE record = ?1",
	"DELETE FROM number_clash WHERE record = ?1",
	"UPDATE scan SET gone_at = 1 WHERE record = ?1",
	"DELETE FROM record WHERE id = ?1",
};

/* Where it is, before it goes. */
static enum status
find_place(struct erased *e, struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT register, office FROM"
	    " record WHERE id = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &e->record);
	s = db_step(st, &row, err);
	if (!s && row) {
		snprintf(e->reg, sizeof e->reg, "%s", db_text(st, 0, NULL));
		snprintf(e->office, sizeof e->office, "%s",
		    db_text(st, 1, NULL));
	}
	db_finish(st);
	return s;
}

enum status
erase_record(struct stream_touched *touched, struct db *db, struct erased *e,
    struct err *err)
{
	enum status s = find_place(e, db, err);

	for (size_t i = 0; i < sizeof wipes / sizeof wipes[0] && !s; i++)
		s = db_run_uuid(db, wipes[i], &e->record, err);
	if (!s)
		s = erased_add(db, e, err);
	if (!s)
		stream_touch_erased(touched, e->office, &e->record);
	return s;
}

/* ---- what was refused ---- */

/* The next operation on a record that never was whose line names the id. */
static enum status
next_refused(struct uuid *out, bool *found, struct db *db, const char *id,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT d.record FROM quarantine q"
	    " JOIN opdone d USING(device, epoch, n) WHERE instr(q.op, ?1) > 0"
	    " AND NOT EXISTS(SELECT 1 FROM record r WHERE r.id = d.record)"
	    " UNION ALL SELECT r.record FROM returned r WHERE"
	    " instr(r.line, ?1) > 0 AND NOT EXISTS(SELECT 1 FROM record x"
	    " WHERE x.id = r.record) LIMIT 1", err);

	if (s)
		return s;
	db_bind_text(st, 1, id);
	s = db_step(st, found, err);
	if (!s && *found)
		*found = db_uuid(out, st, 0);
	db_finish(st);
	return s;
}

enum status
erase_refused(int64_t *count, struct stream_touched *touched, struct db *db,
    const struct erased *above, struct err *err)
{
	char id[UUID_TEXT_MAX];
	enum status s = E_OK;

	uuid_print(id, &above->record);
	while (!s) {
		struct erased e = *above;
		bool found = false;

		s = next_refused(&e.record, &found, db, id, err);
		if (s || !found)
			break;
		s = erase_record(touched, db, &e, err);
		(*count)++;
	}
	return s;
}

/* ---- bytes ---- */

static enum status
next_hash(char hash[SCAN_HASH_TEXT], struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT hash FROM scan WHERE"
	    " gone_at = 1 LIMIT 1", err);

	hash[0] = '\0';
	if (s)
		return s;
	s = db_step(st, &row, err);
	if (!s && row)
		snprintf(hash, SCAN_HASH_TEXT, "%s", db_text(st, 0, NULL));
	db_finish(st);
	return s;
}

/* Do others name it, also such as were withdrawn? */
static enum status
drop(struct db *db, const char *dir, const char *hash, struct err *err)
{
	const struct blob_place place = { .dir = dir, .hash = hash };
	struct db_stmt *st = NULL;
	bool named = false;
	enum status s = db_prepare(&st, db, "DELETE FROM scan WHERE hash = ?"
	    " AND gone_at = 1", err);

	if (s)
		return s;
	db_bind_text(st, 1, hash);
	s = db_run(st, err);
	db_finish(st);
	if (!s)
		s = db_prepare(&st, db, "SELECT 1 FROM scan WHERE hash = ?",
		    err);
	if (s)
		return s;
	db_bind_text(st, 1, hash);
	s = db_step(st, &named, err);
	db_finish(st);
	return s || named ? s : blob_erase(&place, err);
}

enum status
erase_bytes(struct db *db, const char *dir, struct err *err)
{
	char hash[SCAN_HASH_TEXT];
	enum status s = next_hash(hash, db, err);

	while (!s && hash[0]) {
		s = drop(db, dir, hash, err);
		if (!s)
			s = next_hash(hash, db, err);
	}
	return s;
}
