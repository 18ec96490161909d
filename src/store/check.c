/*
 * Is the cache well?  What can be recomputed is, and compared; everything
 * sealed is opened.  All in one view of the database, while others write.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/question.h"
#include "db/db_number.h"
#include "store/aside.h"
#include "store/audit.h"
#include "store/draft.h"
#include "store/hidden.h"
#include "store/inside.h"
#include "store/outbox.h"
#include "store/recall.h"
#include "store/scan.h"

void
store_findings_release(struct store_findings *f)
{
	free(f->items);
	*f = (struct store_findings){0};
}

static void
find(struct store_findings *f, bool bad, const char *what, const char *where)
{
	struct err text = ERR_INIT;
	struct store_finding item = { .bad = bad };

	/* err_set cuts between characters. */
	(void)err_set(&text, E_INVALID, "%s (%s)", what, where);
	memcpy(item.what, text.msg, sizeof item.what);
	f->items = mem_grow(f->items, f->count, sizeof *f->items);
	f->items[f->count++] = item;
}

static void
find_at(struct store_findings *f, bool bad, const char *what,
	const struct uuid *id)
{
	char text[UUID_TEXT_MAX];

	uuid_print(text, id);
	find(f, bad, what, text);
}

/* ---- one record ---- */

static void
check_refs(struct store_findings *f, struct store *s, const struct record *r)
{
	const struct schema_register *reg =
		schema_register_find(s->schema, r->reg);
	const char *fields[2];

	if (!reg)
		return;
	fields[0] = reg->parent_field;
	fields[1] = reg->person_field;
	for (size_t i = 0; i < 2; i++) {
		struct uuid id;

		if (!fields[i] || !uuid_parse(&id, record_get(r, fields[i])))
			continue;
		/* It may stand in a stream this computer does not hold. */
		if (!overview_find(s, &id) && !hidden_is(s, &id))
			find_at(f, false, i == 0 ?
				tr("The entry's parent is not here.") :
				tr("The entry's person is not here."), &r->id);
	}
}

static bool
shows_the_same(const struct record *a, const struct record *b)
{
	char one[RECORD_HASH_MAX], two[RECORD_HASH_MAX];

	record_hash(one, a);
	record_hash(two, b);
	return strcmp(one, two) == 0;
}

static enum status
check_record(struct store_findings *f, struct store *s,
	const struct uuid *id, struct err *err)
{
	struct row r = {0};
	struct pile p = {0};
	struct record shown = {0};
	struct err damage = ERR_INIT;
	int64_t pend;
	enum sync_mark mark = SYNC_CLEAN;
	enum status st = row_load(&r, s, id, &damage);

	if (!st)
		st = pile_load(&p, s, id, &damage);
	if (st == E_INVALID) {
		find_at(f, true, damage.msg, id);
		st = E_OK;
		goto out;
	}
	if (!st)
		st = row_mark(&mark, s, id, &damage);
	if (st) {
		*err = damage;
		goto out;
	}
	record_copy(&shown, &r.shown);
	pend = r.pend;
	pile_rebase(&r, &p);
	if (r.pend != pend || !shows_the_same(&shown, &r.shown))
		find_at(f, true, tr("What is shown is not the server's version "
			"with the entries made here."), id);
	check_refs(f, s, &shown);
	if (!overview_find(s, id) && !hidden_is(s, id))
		find_at(f, true, tr("The entry's overview does not open."), id);
out:
	row_release(&r);
	pile_release(&p);
	record_release(&shown);
	return st;
}

/* ---- all of them ---- */

static enum status
check_records(struct store_findings *f, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"SELECT id FROM record ORDER BY num", err);

	while (!st) {
		struct uuid id = {{0}};
		bool row = false;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		if (!db_uuid(&id, q, 0)) {
			find(f, true, tr("A row has no id."), "record");
			continue;
		}
		st = check_record(f, s, &id, err);
	}
	db_finish(q);
	return st;
}

/* Sealed texts that belong to no row of record: the trace, the drafts, what
 * was put aside, what was entered before. */
static enum status
check_rest(struct store_findings *f, struct store *s, struct err *err)
{
	struct outbox_list refused = {0}, receipts = {0}, waiting = {0};
	struct draft_list drafts = {0};
	struct aside_list aside = {0};
	struct err damage = ERR_INIT;
	enum status st = outbox_list(&refused, s, OUTBOX_REFUSED, NULL,
		&damage);

	if (!st)
		st = outbox_list(&receipts, s, OUTBOX_RECEIPTS, NULL, &damage);
	if (!st)
		st = outbox_list(&waiting, s, OUTBOX_WAITING, NULL, &damage);
	if (!st)
		st = draft_list(&drafts, s, &damage);
	if (!st)
		st = aside_load(&aside, s, &damage);
	if (!st)
		st = recall_check(s, &damage);
	if (st == E_INVALID) {
		find(f, true, damage.msg, "outbox, draft, aside, recall");
		st = E_OK;
	} else if (st) {
		*err = damage;
	}
	outbox_list_release(&refused);
	outbox_list_release(&receipts);
	outbox_list_release(&waiting);
	draft_list_release(&drafts);
	aside_release(&aside);
	return st;
}

/* The bytes of attachments. */
static enum status
check_scans(struct store_findings *f, struct store *s, struct err *err)
{
	const struct uuid *after = NULL;
	struct scan_job job = {0};
	struct uuid last = {{0}};
	enum status st = E_OK;

	while (!st) {
		struct err damage = ERR_INIT;
		struct buf bytes;

		st = scan_here(&job, s, after, &damage);
		after = &job.id;
		buf_init(&bytes, SCAN_BYTES_MAX);
		if (!st)
			st = scan_bytes(&bytes, s, job.hash, &damage);
		buf_release(&bytes);
		if (st == E_INVALID) {
			find_at(f, true, damage.msg, &job.id);
			st = uuid_compare(&job.id, &last) ? E_OK : E_NOTFOUND;
			last = job.id;
		} else if (st && st != E_NOTFOUND) {
			*err = damage;
		}
	}
	return st == E_NOTFOUND ? E_OK : st;
}

static enum status
check_counts(struct store_findings *f, struct store *s, struct err *err)
{
	static const struct {
		const char *sql, *what;
	} counts[] = {
		/* an older epoch's may have been numbered anew */
		{ "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE epoch ="
		  " (SELECT max(epoch) FROM outbox) GROUP BY epoch"
		  " HAVING max(n) <> count(*))",
		  TR_MARK("The numbers of the entries made here have a gap.") },
		{ "SELECT count(*) FROM record LEFT JOIN body USING(num)"
		  " WHERE body.num IS NULL",
		  TR_MARK("An overview has no entry.") },
		{ "SELECT count(*) FROM body LEFT JOIN record USING(num)"
		  " WHERE record.num IS NULL",
		  TR_MARK("An entry has no overview.") },
		{ "SELECT count(*) FROM outbox LEFT JOIN op USING(num)"
		  " WHERE op.num IS NULL",
		  TR_MARK("What became of an entry is here, and it is not.") },
		{ "SELECT count(*) FROM gone JOIN record USING(id)",
		  TR_MARK("An entry is here and gone at once.") },
		{ "SELECT count(*) FROM outbox WHERE state = 0"
		  " AND id NOT IN (SELECT id FROM record)",
		  TR_MARK("An entry made here has lost its record.") },
	};

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		int64_t n = 0;
		enum status st = db_number(&n, s->db, counts[i].sql, err);

		if (st)
			return st;
		if (n > 0)
			find(f, true, tr(counts[i].what), "cache.db");
	}
	return E_OK;
}

static enum status
check_view(struct store_findings *f, struct store *s, struct err *err)
{
	enum status st = check_counts(f, s, err);

	if (st)
		return st;
	if (!s->unlocked) {
		find(f, false, tr("Nobody is signed in: the entries themselves "
			"were not opened."), "cache.db");
		return E_OK;
	}
	st = overview_refresh(s, NULL, err);
	if (!st)
		st = check_records(f, s, err);
	if (!st)
		st = check_rest(f, s, err);
	if (!st)
		st = check_scans(f, s, err);
	return st;
}

static enum status
check_trace(struct store_findings *f, struct store *s, struct err *err)
{
	char why[ERR_MSG_MAX], last[24];
	int64_t first = 0;
	enum status st = audit_verify(&first, why, s, err);

	if (st || first == 0)
		return st;
	snprintf(last, sizeof last, "%lld", (long long)first);
	find(f, true, why, last);
	return E_OK;
}

enum status
store_check(struct store_findings *out, struct store *s, struct err *err)
{
	struct store_findings f = {0};
	struct err damage = ERR_INIT;
	enum status st = db_check(s->db, &damage);

	if (st)
		find(&f, true, damage.msg, "cache.db");
	st = db_begin_read(s->db, err);
	if (!st) {
		st = check_view(&f, s, err);
		db_rollback(s->db);
	}
	if (!st)
		st = check_trace(&f, s, err);
	if (st) {
		store_findings_release(&f);
		return st;
	}
	*out = f;
	return E_OK;
}

enum status
store_backup(struct store *s, const char *path, struct err *err)
{
	struct db *copy = NULL;
	struct db_stmt *q = NULL;
	enum status st = db_backup(s->db, path, err);

	/* Put back some day it must not give numbers that were given since. */
	if (!st)
		st = db_open(&copy, path, DB_WRITE, err);
	if (!st)
		st = db_prepare(&q, copy, "DELETE FROM lease", err);
	if (!st)
		st = db_run(q, err);
	db_finish(q);
	db_close(copy);
	return st;
}
