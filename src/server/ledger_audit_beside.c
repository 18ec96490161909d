/*
 * Comparing what stands beside the chains with what stands in them.
 */
#include "server/ledger_audit_beside.h"

#include <string.h>

#include "db/db.h"
#include "db/db_uuid.h"

/* Between the arrival of a batch and the entry that says so is one
 * transaction. */
#define BATCH_MS (10 * 60 * (int64_t)1000)

static bool
came_then(const struct ledger_audit_kept *row,
    const struct ledger_audit_mark *marks, size_t count)
{
	if (uuid_is_zero(&row->at->chain))
		return row->got_at == row->entry->at;
	for (size_t i = 0; i < count; i++) {
		if (marks[i].n >= row->at->n)
			return row->got_at <= marks[i].at + BATCH_MS &&
			    row->got_at >= marks[i].at - BATCH_MS;
	}
	return true;	/* its end is missed elsewhere */
}

static bool
names(const struct audit_entry *e, size_t count, const struct uuid *id)
{
	for (size_t i = 0; i < count; i++)
		if (uuid_compare(&e->ids[i], id) == 0)
			return true;
	return false;
}

static enum status
is_found(bool *out, struct db *db, const struct ledger_audit_place *at,
    const struct uuid *id, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM audit_about WHERE"
	    " record = ? AND chain = ? AND branch = ? AND n = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, id);
	db_bind_uuid(st, 2, &at->chain);
	db_bind_int(st, 3, at->branch);
	db_bind_int(st, 4, at->n);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

enum status
ledger_audit_fits(bool *fits, int64_t *count, struct db *db,
    const struct ledger_audit_kept *row,
    const struct ledger_audit_mark *marks, size_t mark_count,
    struct err *err)
{
	const struct audit_entry *e = row->entry;
	bool good = came_then(row, marks, mark_count) &&
	    row->cut == audit_is_cut(e);
	enum status s = E_OK;

	for (size_t i = 0; i < e->id_count && good && !s; i++) {
		if (names(e, i, &e->ids[i]))
			continue;
		good = false;
		s = is_found(&good, db, row->at, &e->ids[i], err);
		++*count;
	}
	if (!s)
		*fits = good;
	return s;
}

/* Row: chain, branch, n, record, entry (NULL: there is none). */
static bool
is_misnamed(struct ledger_audit_place *out, struct db_stmt *st)
{
	struct ledger_audit_place p = { .branch = db_int(st, 1),
		.n = db_int(st, 2) };
	struct audit_entry e = {0};
	struct err bad = ERR_INIT;
	struct uuid record;
	size_t len;
	const char *text = db_blob(st, 4, &len);
	bool good = db_uuid(&p.chain, st, 0) && db_uuid(&record, st, 3) &&
	    !db_is_null(st, 4) && !audit_parse(&e, text, len, &bad) &&
	    names(&e, e.id_count, &record);

	audit_entry_release(&e);
	if (!good)
		*out = p;
	return !good;
}

enum status
ledger_audit_misnamed(struct ledger_audit_place *out, bool *found,
    struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT b.chain, b.branch, b.n,"
	    " b.record, a.entry FROM audit_about b LEFT JOIN audit a"
	    " USING(chain, branch, n) ORDER BY b.chain, b.branch, b.n", err);

	if (s)
		return s;
	while (!*found) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		*found = is_misnamed(out, st);
	}
	db_finish(st);
	return s;
}
