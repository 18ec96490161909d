/*
 * Invariants, each as a question with one number for an answer, and the record
 * hashes one by one.
 */
#include "server/ledger_audit.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/ledger_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db.h"
#include "server/ledger_record.h"

enum status
ledger_count(struct ledger_counts *out, struct ledger *l, struct err *err)
{
	struct ledger_counts c = {0};
	const struct {
		int64_t *place;
		const char *sql;
	} questions[] = {
		{ &c.offices, "SELECT count(*) FROM office" },
		{ &c.users, "SELECT count(*) FROM account WHERE disabled = 0" },
		{ &c.devices, "SELECT count(*) FROM device"
		    " WHERE revoked_at = 0" },
		{ &c.records, "SELECT count(*) FROM record"
		    " WHERE register <> '@conflict'" },
		{ &c.conflicts_open, "SELECT count(*) FROM conflict"
		    " WHERE answered_at = 0" },
		{ &c.quarantined, "SELECT count(*) FROM quarantine q"
		    " WHERE NOT EXISTS (SELECT 1 FROM settled s WHERE"
		    " s.device = q.device AND s.epoch = q.epoch AND"
		    " s.n = q.n)" },
		{ &c.operations, "SELECT count(*) FROM opdone" },
		{ &c.last_at, "SELECT coalesce(max(at), 0) FROM opdone" },
		{ &c.backup_at, "SELECT coalesce((SELECT CAST(value AS bigint)"
		    " FROM meta WHERE name = 'backup_at'), 0)" },
		{ &c.not_in_it, "SELECT count(*) FROM opdone WHERE at >="
		    " coalesce((SELECT CAST(value AS bigint) FROM meta"
		    " WHERE name = 'backup_at'), 0)" },
		{ &c.behind_at, "SELECT coalesce((SELECT CAST(value AS bigint)"
		    " FROM meta WHERE name = 'behind_at'), 0)" },
	};
	struct db *db = NULL;
	enum status s = ledger_begin_read(&db, l, err);

	if (s)
		return s;
	for (size_t i = 0; !s && i < sizeof questions / sizeof questions[0];
	    i++)
		s = db_number(questions[i].place, db, questions[i].sql, err);
	ledger_end_read(l);
	if (!s)
		*out = c;
	return s;
}

/* Each must be 0. */
static const struct {
	const char *sql;
	const char *sentence;
} wrongs[] = {
	{ "SELECT count(*) FROM record r WHERE NOT EXISTS(SELECT 1 FROM feed f"
	  " JOIN stream s ON s.id = f.stream WHERE f.record = r.id AND"
	  " f.what = 'put' AND s.name IN (r.office || '/gen', r.office ||"
	  " '/sealed'))",
	  TR_MARK("records are missing from their stream") },
	{ "SELECT count(*) FROM feed f LEFT JOIN record r ON r.id = f.record"
	  " WHERE r.id IS NULL AND (f.what <> 'gone' OR NOT EXISTS(SELECT 1 FROM"
	  " erased e WHERE e.record = f.record))",
	  TR_MARK("places in streams name no record") },
	{ "SELECT count(*) FROM erased e WHERE EXISTS(SELECT 1 FROM record r"
	  " WHERE r.id = e.record) OR EXISTS(SELECT 1 FROM history h WHERE"
	  " h.record = e.record) OR EXISTS(SELECT 1 FROM returned b WHERE"
	  " b.record = e.record) OR EXISTS(SELECT 1 FROM quarantine q"
	  " JOIN opdone d USING(device, epoch, n) WHERE d.record = e.record)",
	  TR_MARK("something of what was erased is there") },
	{ "SELECT count(*) FROM stream s WHERE s.last_seq <>"
	  " (SELECT count(*) FROM mark m WHERE m.stream = s.id)",
	  TR_MARK("streams have gaps in their marks") },
	{ "SELECT count(*) FROM stream s WHERE s.held <>"
	  " (SELECT count(*) FROM feed f WHERE f.stream = s.id AND"
	  " f.what = 'put')",
	  TR_MARK("streams hold more or less than they say") },
	{ "SELECT count(*) FROM stream s JOIN mark m ON m.stream = s.id"
	  " AND m.seq = s.last_seq WHERE m.hash <> s.mark",
	  TR_MARK("streams end with another mark than they have") },
	/* an older epoch's may have been numbered anew after a restore */
	{ "SELECT count(*) FROM (SELECT count(*) AS c, max(o.n) AS m"
	  " FROM opdone o JOIN device d ON d.id = o.device AND"
	  " d.epoch = o.epoch GROUP BY o.device) WHERE c <> m",
	  TR_MARK("devices have gaps in their operations") },
	{ "SELECT count(*) FROM record r WHERE r.register <> '@conflict' AND"
	  " (r.rev <> (SELECT max(rev) FROM history h WHERE h.record = r.id) OR"
	  " r.rev <> (SELECT count(*) FROM history h WHERE h.record = r.id) AND"
	  " NOT EXISTS (SELECT 1 FROM returned b WHERE b.record = r.id))",
	  TR_MARK("records have another revision than their history") },
	{ "SELECT count(*) FROM conflict c LEFT JOIN record r ON r.id = c.id"
	  " WHERE r.id IS NULL OR"
	  " (r.state = 'open') <> (c.answered_at = 0)",
	  TR_MARK("conflicts do not agree with their records") },
};

static enum status
check_numbers(struct db *db, struct err *err)
{
	enum status s = E_OK;

	for (size_t i = 0; !s && i < sizeof wrongs / sizeof wrongs[0]; i++) {
		int64_t n = 0;

		s = db_number(&n, db, wrongs[i].sql, err);
		if (!s && n > 0)
			s = err_set(err, E_IO, tr("The ledger is damaged: %s (%lld)."),
			    tr(wrongs[i].sentence), (long long)n);
	}
	return s;
}

static enum status
check_record(struct db *db, const struct uuid *id, const char *stored,
    struct err *err)
{
	struct record r = {0};
	char hash[RECORD_HASH_MAX], text[UUID_TEXT_MAX];
	enum status s = ledger_record_get(&r, db, id, err);

	if (s)
		return s;
	record_hash(hash, &r);
	if (strcmp(hash, stored) != 0) {
		uuid_print(text, id);
		s = err_set(err, E_IO,
		    tr("The content of record %s does not fit its hash."),
		    text);
	}
	record_release(&r);
	return s;
}

static enum status
check_records(struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT id, hash FROM record ORDER BY id", err);

	if (s)
		return s;
	for (;;) {
		struct uuid id = {0};

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		(void)db_uuid(&id, st, 0);
		s = check_record(db, &id, db_text(st, 1, NULL), err);
		if (s)
			break;
	}
	db_finish(st);
	return s;
}

static enum status
check_trace(struct db *db, struct err *err)
{
	char why[ERR_MSG_MAX];
	bool good = false;
	enum status s = ledger_audit_verify(&good, why, db, NULL, err);

	return s || good ? s : err_set(err, E_IO, "%s", why);
}

enum status
ledger_check(struct ledger *l, struct err *err)
{
	struct db *db = NULL;
	enum status s = ledger_begin_read(&db, l, err);

	if (s)
		return s;
	s = db_check(db, err);
	if (!s)
		s = check_numbers(db, err);
	if (!s)
		s = check_records(db, err);
	if (!s)
		s = check_trace(db, err);
	ledger_end_read(l);
	return s;
}

/* From end to end, as a restore would. */
static enum status
check_copy(const char *path, struct err *err)
{
	struct db *copy = NULL;
	enum status s = db_open(&copy, path, DB_READ, err);

	if (!s)
		s = db_check(copy, err);
	db_close(copy);
	return s;
}

static enum status
note_backup(struct ledger *l, int64_t at, struct err *err)
{
	struct db *db = NULL;
	char text[24];
	enum status s = ledger_begin(&db, l, err);

	if (s)
		return s;
	snprintf(text, sizeof text, "%lld", (long long)at);
	s = ledger_put_meta(db, "backup_at", text, err);
	return ledger_end(l, s, err);
}

enum status
ledger_backup(struct ledger *l, const char *path, struct err *err)
{
	int64_t at = clock_now_at();
	struct db *db = NULL;
	enum status s = ledger_begin_read(&db, l, err);

	if (s)
		return s;
	s = db_backup(db, path, err);
	ledger_end_read(l);
	if (!s)
		s = check_copy(path, err);
	return s ? s : note_backup(l, at, err);
}
