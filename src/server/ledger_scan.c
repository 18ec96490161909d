/*
 * Scans in the ledger.
 */
#include "server/ledger_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/blob.h"
#include "server/ledger_author.h"
#include "server/ledger_feed.h"
#include "server/ledger_record.h"

static enum status
write_row(struct db *db, const char *sql, const struct uuid *record,
    const struct scan *scan, int64_t gone_at, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	db_bind_text(st, 2, scan->hash);
	db_bind_int(st, 3, scan->size);
	db_bind_int(st, 4, scan->arrived);
	db_bind_int(st, 5, gone_at);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
scan_note(struct db *db, const struct record *r, struct err *err)
{
	struct scan scan = {0};
	struct err none = ERR_INIT;

	if (!scan_is(r) || scan_from_record(&scan, r, &none))
		return E_OK;
	return write_row(db, "INSERT OR REPLACE INTO scan(record, hash,"
	    " size, arrived, gone_at) VALUES(?, ?, ?, ?, ?)", &r->id, &scan,
	    r->deleted ? r->updated_at : 0, err);
}

enum status
scan_note_aside(struct db *db, const struct op *op, struct err *err)
{
	struct record r = { .id = op->record };
	struct scan scan = {0};
	struct err none = ERR_INIT;
	enum status s = E_OK;

	if (strcmp(op->reg, SCAN_REGISTER) != 0 || op->kind != OP_NEW)
		return E_OK;
	for (size_t i = 0; i < op->change_count; i++)
		(void)record_set(&r, op->changes[i].field,
		    op->changes[i].after);
	if (!scan_from_record(&scan, &r, &none)) {
		scan.arrived = false;
		s = write_row(db, "INSERT INTO scan(record, hash, size,"
		    " arrived, gone_at) VALUES(?, ?, ?, ?, ?)"
		    " ON CONFLICT DO NOTHING", &op->record, &scan,
		    clock_now_at(), err);
	}
	record_release(&r);
	return s;
}

enum status
scan_bring(struct record *next, struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool came = false;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM scan"
	    " WHERE record = ? AND hash = ? AND arrived <> 0", err);

	if (s)
		return s;
	db_bind_blob(st, 1, next->id.b, sizeof next->id.b);
	db_bind_text(st, 2, record_get(next, "hash"));
	s = db_step(st, &came, err);
	db_finish(st);
	if (!s && came)
		(void)record_set(next, "arrived", "1");
	return s;
}

/* ---- entering ---- */

/* The record that a scan belongs to; E_NOTFOUND there is none. */
static enum status
get_above(struct record *out, struct db *db, const struct record *scan,
    struct err *err)
{
	struct uuid id;

	if (!uuid_parse(&id, record_get(scan, "record")))
		return err_set(err, E_NOTFOUND,
		    tr("There is no such record."));
	return ledger_record_get(out, db, &id, err);
}

static enum status
check_above(struct judgement *out, const struct judge *j,
    const struct account *author, const struct op *op,
    const struct record *above, const struct record *next, bool fresh)
{
	const struct schema_register *reg = schema_register_find(j->schema,
	    above->reg);

	if (!reg || above->reg[0] == '@')
		return judge_refuse(out, VERDICT_INVALID,
		    tr("Nothing can be attached to this."));
	if (strcmp(above->office, next->office) != 0)
		return judge_refuse(out, VERDICT_DENIED,
		    tr("The record belongs to another office."));
	if (fresh && above->deleted)
		return judge_refuse(out, VERDICT_INVALID,
		    tr("The record is withdrawn."));
	return author_may_role(out, author, op, reg);
}

static enum status
check_new(struct judgement *out, const struct judge *j,
    const struct record *next, struct err *err)
{
	struct record full = {0};
	struct scan scan = {0};
	struct err none = ERR_INIT;
	struct uuid above;
	enum status s;

	if (scan_from_record(&scan, next, &none))
		return judge_refuse(out, VERDICT_INVALID, none.msg);
	if (scan.arrived)
		return judge_refuse(out, VERDICT_DENIED,
		    tr("Only the county may change this field."));
	if (!scan_name_is_one(scan.name))
		return judge_refuse(out, VERDICT_INVALID,
		    tr("This is not what an attachment must be."));
	(void)uuid_parse(&above, record_get(next, "record"));
	s = ledger_record_child(&full, j->db, &above, SCAN_REGISTER,
	    SCAN_COUNT_MAX - 1, &none);
	record_release(&full);
	if (!s)
		return judge_refuse(out, VERDICT_INVALID,
		    tr("The record has as many attachments as it may have."));
	if (s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	return E_OK;
}

enum status
scan_check(struct judgement *out, const struct judge *j,
    const struct account *author, const struct op *op,
    const struct record *current, const struct record *next, struct err *err)
{
	struct record above = {0};
	struct err none = ERR_INIT;
	bool unseen = false;
	enum status s = get_above(&above, j->db, next, &none);

	if (!s)
		s = author_unseen(&unseen, j, author, op->office, &above,
		    &none);
	if (s == E_NOTFOUND || unseen) {
		record_release(&above);
		return judge_refuse(out, VERDICT_REVIEW,
		    tr("The county does not have the record that this is "
		    "attached to."));
	}
	if (s) {
		*err = none;
		return s;
	}
	s = check_above(out, j, author, op, &above, next, !current);
	if (!s && !current && !verdict_is_refusal(out->verdict))
		s = check_new(out, j, next, err);
	record_release(&above);
	return s;
}

/* ---- who may have the bytes ---- */

enum status
scan_reader(const struct schema_register **out, struct db *db,
    const struct schema *schema, const struct record *r, struct err *err)
{
	struct record above = {0};
	struct err none = ERR_INIT;
	enum status s = scan_is(r) ? get_above(&above, db, r, &none) : E_OK;

	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	*out = s ? NULL : schema_register_find(schema,
	    scan_is(r) ? above.reg : r->reg);
	record_release(&above);
	return E_OK;
}

struct row {
	struct uuid record;
	int64_t size;
	bool arrived;
};

static enum status
read_rows(struct row **out, size_t *count, struct db *db, const char *hash,
    struct err *err)
{
	struct row *rows = NULL;
	struct db_stmt *st = NULL;
	size_t n = 0;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT record, size, arrived"
	    " FROM scan WHERE hash = ? ORDER BY record", err);

	if (s)
		return s;
	db_bind_text(st, 1, hash);
	for (;;) {
		struct uuid record;

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (!db_uuid(&record, st, 0))
			continue;
		rows = mem_grow(rows, n, sizeof *rows);
		rows[n++] = (struct row){ .record = record,
		    .size = db_int(st, 1), .arrived = db_int(st, 2) != 0 };
	}
	db_finish(st);
	if (s) {
		free(rows);
		return s;
	}
	*out = rows;
	*count = n;
	return E_OK;
}

/*
 * Did this device enter it?  What it only tried to change, it did not.  Where
 * a restored ledger lost the first entry and another cache handed the record
 * back, no history says who made it: then every device does whose operation
 * on it was taken, for the one that has the bytes may not see the record any
 * more when it is heard again.
 */
static enum status
is_its_own(bool *out, struct db *db, const struct uuid *record,
    const struct uuid *device, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM history"
	    " WHERE record = ?1 AND rev = 1 AND device = ?2 UNION ALL"
	    " SELECT 1 FROM opdone JOIN quarantine USING(device, epoch, n)"
	    " WHERE record = ?1 AND device = ?2 AND NOT EXISTS(SELECT 1"
	    " FROM record WHERE id = ?1) UNION ALL"
	    " SELECT 1 FROM opdone WHERE record = ?1 AND device = ?2"
	    " AND verdict NOT IN ('denied', 'invalid', 'review')"
	    " AND EXISTS(SELECT 1 FROM record WHERE id = ?1)"
	    " AND NOT EXISTS(SELECT 1 FROM history WHERE record = ?1"
	    " AND rev = 1 AND NOT returned)", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	db_bind_uuid(st, 2, device);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

/* By the streams, and by the register of the record it belongs to. */
static enum status
may_see(bool *out, struct db *db, const struct scan_asker *who,
    const struct uuid *record, struct err *err)
{
	const struct schema_register *reg = NULL;
	struct record scan = {0};
	bool own = false;
	enum status s = who->sends ? is_its_own(&own, db, record,
	    &who->peer->device, err) : E_OK;

	if (!s && !own && who->role) {
		s = feed_may_see(&own, db, who->peer, record, err);
		if (s || !own)
			return s;
		s = ledger_record_get(&scan, db, record, err);
		if (!s)
			s = scan_reader(&reg, db, who->schema, &scan, err);
		own = !s && scan_may_read(reg, who->role);
		record_release(&scan);
	}
	if (!s)
		*out = own;
	return s;
}

enum status
scan_access(struct scan_access *out, struct db *db,
    const struct scan_asker *who, const char *hash, struct err *err)
{
	struct scan_access a = {0};
	struct row *rows = NULL;
	size_t count = 0;
	enum status s = read_rows(&rows, &count, db, hash, err);

	for (size_t i = 0; i < count && !s; i++) {
		bool sees = false;

		s = may_see(&sees, db, who, &rows[i].record, err);
		if (s || !sees)
			continue;
		if (!a.any || rows[i].arrived)
			a.size = rows[i].size;
		a.any = true;
		a.arrived = a.arrived || rows[i].arrived;
		a.waits = a.waits || !rows[i].arrived;
	}
	free(rows);
	if (!s)
		*out = a;
	return s;
}

/* ---- the server's word ---- */

static enum status
write_word(struct db *db, const struct scan_asker *who,
    const struct record *was, bool arrived, struct stream_touched *touched,
    struct err *err)
{
	static const struct uuid nobody;
	struct record next = {0};
	struct op op = { .record = was->id, .kind = OP_SET };
	struct op diff = {0};
	struct ledger_entry entry = { .op = &op, .at = clock_now_at(),
		.device = who ? &who->peer->device : &nobody };
	char hash[RECORD_HASH_MAX];
	enum status s;

	record_copy(&next, was);
	(void)record_set(&next, "arrived", arrived ? "1" : "");
	next.rev++;
	record_hash(hash, &next);
	if (who)
		snprintf(op.by, sizeof op.by, "%s", who->login);
	op.at = entry.at;
	op_diff(&diff, was, &next);
	entry.changes = diff.changes;
	entry.change_count = diff.change_count;
	entry.rev = next.rev;
	entry.hash = hash;
	s = ledger_record_put(db, &next, hash, NULL, err);
	if (!s)
		s = ledger_history_add(db, &entry, err);
	if (!s)
		stream_touch(touched, next.office, &next.id, next.rev, hash);
	op_release(&diff);
	record_release(&next);
	return s;
}

/* Of one that was put aside nobody hears. */
static enum status
say_aside(struct db *db, const struct uuid *record, bool arrived,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "UPDATE scan SET arrived = ?"
	    " WHERE record = ?", err);

	if (s)
		return s;
	db_bind_int(st, 1, arrived);
	db_bind_uuid(st, 2, record);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
say_one(struct db *db, const struct scan_asker *who,
    const struct uuid *record, bool arrived, struct stream_touched *touched,
    struct err *err)
{
	struct record was = {0};
	struct err none = ERR_INIT;
	bool sees = !who;
	enum status s = who ? may_see(&sees, db, who, record, err) : E_OK;

	if (s || !sees)
		return s;
	s = ledger_record_get(&was, db, record, &none);
	if (s == E_NOTFOUND)
		return say_aside(db, record, arrived, err);
	if (s)
		*err = none;
	else
		s = write_word(db, who, &was, arrived, touched, err);
	record_release(&was);
	return s;
}

/* Has it bytes that nobody has told of?  *known: there is such a scan. */
static enum status
find_row(bool *known, bool *waits, struct db *db, const struct uuid *record,
    const char *hash, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT arrived = 0 AND hash = ?"
	    " FROM scan WHERE record = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, hash);
	db_bind_uuid(st, 2, record);
	s = db_step(st, known, err);
	if (!s && *known)
		*waits = db_int(st, 0) != 0;
	db_finish(st);
	return s;
}

enum status
scan_say_again(struct db *db, const struct uuid *record,
    const struct scan *scan, struct stream_touched *touched, struct err *err)
{
	bool known = false, waits = false;
	enum status s = find_row(&known, &waits, db, record, scan->hash, err);

	if (!s && !known)
		return write_row(db, "INSERT INTO scan(record, hash, size,"
		    " arrived, gone_at) VALUES(?, ?, ?, ?, ?)", record, scan,
		    clock_now_at(), err);
	return s || !waits ? s : say_one(db, NULL, record, true, touched, err);
}

enum status
scan_say(struct db *db, const struct scan_asker *who, const char *hash,
    bool arrived, struct err *err)
{
	struct stream_touched touched = {0};
	struct row *rows = NULL;
	size_t count = 0;
	enum status s = read_rows(&rows, &count, db, hash, err);

	for (size_t i = 0; i < count && !s; i++) {
		if (rows[i].arrived != arrived)
			s = say_one(db, who, &rows[i].record, arrived, &touched,
			    err);
	}
	if (!s)
		s = stream_publish(db, &touched, err);
	stream_touched_release(&touched);
	free(rows);
	return s;
}
