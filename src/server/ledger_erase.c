/*
 * Who asks and who decides.  Nothing of a record is written here but its id and
 * register: the reason is looked at, that it names nobody.
 */
#include "server/ledger_erase.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/keeping.h"
#include "core/role.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/account.h"
#include "server/ledger_audit.h"
#include "server/ledger_erase_run.h"
#include "server/ledger_record.h"
#include "server/snapshot.h"

#define COLUMNS "id, record, register, office, term, why, basis, asked_by," \
	" asked_at, decided_by, decided_at, done, records"

#define DATE_OF_NO_END 2147483647	/* kept for good, or not closed */

enum { SHORT_BYTES = 6 };	/* two characters: what is shorter names nobody */

static void
read_row(struct erasure *e, struct db_stmt *st)
{
	e->id = db_int(st, 0);
	(void)db_uuid(&e->record, st, 1);
	snprintf(e->reg, sizeof e->reg, "%s", db_text(st, 2, NULL));
	snprintf(e->office, sizeof e->office, "%s", db_text(st, 3, NULL));
	e->term = db_int(st, 4) != 0;
	snprintf(e->why, sizeof e->why, "%s", db_text(st, 5, NULL));
	snprintf(e->basis, sizeof e->basis, "%s", db_text(st, 6, NULL));
	snprintf(e->asked_by, sizeof e->asked_by, "%s", db_text(st, 7, NULL));
	e->asked_at = db_int(st, 8);
	snprintf(e->decided_by, sizeof e->decided_by, "%s",
	    db_text(st, 9, NULL));
	e->decided_at = db_int(st, 10);
	e->done = db_int(st, 11) != 0;
	e->records = db_int(st, 12);
}

static enum status
write_row(struct db *db, const struct erasure *e, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT OR REPLACE INTO erasure("
	    COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", err);

	if (s)
		return s;
	db_bind_int(st, 1, e->id);
	db_bind_uuid(st, 2, &e->record);
	db_bind_text(st, 3, e->reg);
	db_bind_text(st, 4, e->office);
	db_bind_int(st, 5, e->term);
	db_bind_text(st, 6, e->why);
	db_bind_text(st, 7, e->basis);
	db_bind_text(st, 8, e->asked_by);
	db_bind_int(st, 9, e->asked_at);
	db_bind_text(st, 10, e->decided_by);
	db_bind_int(st, 11, e->decided_at);
	db_bind_int(st, 12, e->done);
	db_bind_int(st, 13, e->records);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
erase_each(struct db *db, enum status (*show)(void *self,
    const struct erasure *e, struct err *err), void *self, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT " COLUMNS " FROM erasure"
	    " ORDER BY id", err);

	while (!s) {
		struct erasure e = {0};

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		read_row(&e, st);
		s = show(self, &e, err);
	}
	db_finish(st);
	return s;
}

/* ---- counting ---- */

static enum status
add_number(int64_t *out, struct db *db, const char *sql,
    const struct uuid *id, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, id);
	s = db_step(st, &row, err);
	if (!s && row)
		*out += db_int(st, 0);
	db_finish(st);
	return s;
}

static void
count_register(struct erase_counts *c, const char *reg)
{
	size_t i = 0;

	while (i < c->reg_count && strcmp(c->regs[i].reg, reg) != 0)
		i++;
	if (i == sizeof c->regs / sizeof c->regs[0])
		return;
	if (i == c->reg_count)
		snprintf(c->regs[c->reg_count++].reg, RECORD_NAME_MAX, "%s",
		    reg);
	c->regs[i].count++;
}

/* Does the record's keeping term run?  *latest: the last day of all. */
static void
count_kept(struct erase_counts *c, int *latest, const struct schema *schema,
    const struct record *r, int today)
{
	const struct schema_register *reg = schema_register_find(schema,
	    r->reg);
	int on = DATE_NONE;
	enum keeping k = reg ? keeping_of(&on, reg, r,
	    clock_day_of(r->updated_at)) : KEEPING_NONE;

	if (k == KEEPING_NONE || (k == KEEPING_UNTIL && on < today))
		return;
	c->kept++;
	if (k != KEEPING_UNTIL)
		*latest = DATE_OF_NO_END;
	else if (*latest != DATE_OF_NO_END && on > *latest)
		*latest = on;
}

static enum status
count_one(struct erase_counts *c, int *latest, struct db *db,
    const struct schema *schema, const struct uuid *id, int today,
    struct err *err)
{
	struct record r = {0};
	enum status s = ledger_record_get(&r, db, id, err);

	if (s)
		return s;
	c->records++;
	count_register(c, r.reg);
	count_kept(c, latest, schema, &r, today);
	record_release(&r);
	s = add_number(&c->versions, db, "SELECT count(*) FROM history WHERE"
	    " record = ?", id, err);
	if (!s)
		s = add_number(&c->refused, db, "SELECT count(*) FROM"
		    " quarantine JOIN opdone d USING(device, epoch, n) WHERE"
		    " d.record = ?", id, err);
	return s ? s : add_number(&c->scans, db, "SELECT count(*) FROM scan"
	    " WHERE record = ?", id, err);
}

static bool
goes(const struct uuid *ids, size_t count, const struct uuid *id)
{
	for (size_t i = 0; i < count; i++)
		if (uuid_compare(&ids[i], id) == 0)
			return true;
	return false;
}

/* Records that stay and hold the text. */
static enum status
find_named(struct erase_counts *c, struct db *db, const struct uuid *ids,
    size_t count, const char *text, struct err *err)
{
	const size_t most = sizeof c->named / sizeof c->named[0];
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT id FROM record WHERE"
	    " instr(body, ?) > 0 ORDER BY id", err);

	if (s)
		return s;
	db_bind_text(st, 1, text);
	for (;;) {
		struct uuid id;

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (!db_uuid(&id, st, 0) || goes(ids, count, &id) ||
		    goes(c->named, c->named_count < (int64_t)most ?
		    (size_t)c->named_count : most, &id))
			continue;
		if (c->named_count < (int64_t)most)
			c->named[c->named_count] = id;
		c->named_count++;
	}
	db_finish(st);
	return s;
}

/* What somebody is known by: the name of a person, and id numbers. */
static bool
is_name(const struct schema_register *reg, const struct value *v)
{
	const struct schema_field *f = schema_field_find(reg, v->name);

	return f && strlen(v->text) >= SHORT_BYTES && (f->type == VT_IDNO ||
	    (strcmp(reg->name, "person") == 0 && strcmp(v->name, "name") == 0));
}

static enum status
count_named(struct erase_counts *c, struct db *db,
    const struct schema *schema, const struct uuid *ids, size_t count,
    struct err *err)
{
	const struct schema_register *reg;
	struct record r = {0};
	enum status s = ledger_record_get(&r, db, &ids[count - 1], err);

	if (s)
		return s;
	reg = schema_register_find(schema, r.reg);
	for (size_t i = 0; reg && i < r.values.count && !s; i++) {
		if (is_name(reg, &r.values.items[i]))
			s = find_named(c, db, ids, count,
			    r.values.items[i].text, err);
	}
	record_release(&r);
	return s;
}

enum status
erase_count(struct erase_counts *out, struct db *db,
    const struct schema *schema, const struct uuid *record, int today,
    struct err *err)
{
	struct erase_counts *c = mem_alloc(1, sizeof *c);
	struct uuid *ids = NULL;
	size_t count = 0;
	int latest = DATE_NONE;
	enum status s = erase_list(&ids, &count, db, record, err);

	for (size_t i = 0; i < count && !s; i++)
		s = count_one(c, &latest, db, schema, &ids[i], today, err);
	if (!s)
		s = count_named(c, db, schema, ids, count, err);
	if (latest != DATE_NONE && latest != DATE_OF_NO_END)
		date_print(c->kept_until, latest);
	if (!s)
		*out = *c;
	free(c);
	free(ids);
	return s;
}

/* ---- asking ---- */

static enum status
check_account(struct account *out, struct db *db, const char *login,
    const char *office, struct err *err)
{
	struct err none = ERR_INIT;
	enum status s = account_get(out, db, login, &none);

	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	if (s || out->disabled || !out->county ||
	    !role_may(out->role, ROLE_ERASES) || (office &&
	    !office_reaches(out->office, out->county, office)))
		return err_set(err, E_AUTH, tr("Only the county's leaders and "
		    "its security administrator ask for an erasure or agree "
		    "to one."));
	return E_OK;
}

/* The texts stay for good: they name nobody. */
static enum status
check_texts(const struct erasure *e, struct db *db,
    const struct schema *schema, struct err *err)
{
	const struct schema_register *reg;
	struct record r = {0};
	bool names = false;
	enum status s = ledger_record_get(&r, db, &e->record, err);

	if (s)
		return s;
	reg = schema_register_find(schema, r.reg);
	for (size_t i = 0; reg && i < r.values.count; i++) {
		const struct value *v = &r.values.items[i];

		names = names || (is_name(reg, v) && (strstr(e->why, v->text) ||
		    strstr(e->basis, v->text)));
	}
	record_release(&r);
	if (names)
		return err_set(err, E_INVALID, tr("The reason and its basis "
		    "stay for good; write them without the person's name and "
		    "number."));
	if (!e->why[0] || !e->basis[0])
		return err_set(err, E_INVALID, tr("An erasure needs its reason "
		    "and the article or rule that it is by."));
	return E_OK;
}

static enum status
check_waiting(struct db *db, const struct uuid *record, struct err *err)
{
	int64_t waits = 0;
	enum status s = add_number(&waits, db, "SELECT count(*) FROM erasure"
	    " WHERE record = ? AND decided_at = 0", record, err);

	return s || waits == 0 ? s : err_set(err, E_CONFLICT,
	    tr("This was asked for already and waits for the second one."));
}

static enum status
check_term(struct db *db, const struct schema *schema,
    const struct uuid *record, int today, struct err *err)
{
	struct erase_counts *c = mem_alloc(1, sizeof *c);
	enum status s = erase_count(c, db, schema, record, today, err);

	if (!s && c->kept > 0)
		s = err_set(err, E_CONFLICT, c->kept_until[0] ?
		    tr("Of what would go %lld must still be kept, until %s; "
		    "--before-term asks all the same.") :
		    tr("Of what would go %lld must still be kept, for good or "
		    "until it is closed%s; --before-term asks all the same."),
		    (long long)c->kept, c->kept_until);
	free(c);
	return s;
}

static enum status
note(struct db *db, const struct erasure *e, const char *what,
    const char *by, const struct uuid *ids, size_t count, struct err *err)
{
	char text[AUDIT_NOTE_MAX];

	snprintf(text, sizeof text, "%s %" PRId64, what, e->id);
	return ledger_audit_put(db, &(struct ledger_audit_note){
		.what = AUDIT_REMOVED, .by = by, .reg = e->reg, .ids = ids,
		.id_count = count, .note = text }, err);
}

enum status
erase_ask(struct erasure *e, struct db *db, const struct schema *schema,
    bool early, int today, struct err *err)
{
	struct account who = {0};
	struct record r = {0};
	enum status s = check_account(&who, db, e->asked_by, NULL, err);

	if (!s)
		s = ledger_record_get(&r, db, &e->record, err);
	if (!s)
		s = check_account(&who, db, e->asked_by, r.office, err);
	if (!s) {
		memcpy(e->reg, r.reg, sizeof e->reg);
		memcpy(e->office, r.office, sizeof e->office);
	}
	record_release(&r);
	if (!s)
		s = check_texts(e, db, schema, err);
	if (!s)
		s = check_waiting(db, &e->record, err);
	if (!s && !early)
		s = check_term(db, schema, &e->record, today, err);
	if (!s)
		s = db_number(&e->id, db, "SELECT coalesce(max(id), 0) + 1"
		    " FROM (SELECT id FROM erasure UNION ALL"
		    " SELECT erasure FROM erased)", err);
	if (s)
		return s;
	e->asked_at = clock_now_at();
	s = write_row(db, e, err);
	return s ? s : note(db, e, early ? "ask-early" : "ask", e->asked_by,
	    &e->record, 1, err);
}

/* ---- deciding ---- */

static enum status
find_waiting(struct erasure *out, struct db *db, int64_t id, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT " COLUMNS " FROM erasure"
	    " WHERE id = ? AND decided_at = 0", err);

	if (s)
		return s;
	db_bind_int(st, 1, id);
	s = db_step(st, &row, err);
	if (!s && !row)
		s = err_set(err, E_NOTFOUND,
		    tr("No request of this number waits for a decision."));
	if (!s)
		read_row(out, st);
	db_finish(st);
	return s;
}

/* Two people, and one of them leads: whoever may not see a record does not
 * decide on it alone. */
static enum status
check_second(const struct erasure *e, struct db *db, const char *by,
    bool agree, struct err *err)
{
	struct account first = {0}, second = {0};
	enum status s = check_account(&second, db, by, e->office, err);

	if (s || !agree)
		return s;
	if (strcmp(by, e->asked_by) == 0)
		return err_set(err, E_AUTH, tr("Whoever asked does not agree "
		    "to it; that is for another one."));
	s = check_account(&first, db, e->asked_by, e->office, err);
	if (!s && role_is_apart(first.role) && role_is_apart(second.role))
		s = err_set(err, E_AUTH, tr("One of the two must lead the "
		    "county: administrators see no records."));
	return s;
}

/* Each of the records, in entries of as many ids as one can hold. */
static enum status
note_all(struct db *db, const struct erasure *e, const struct uuid *ids,
    size_t count, struct err *err)
{
	enum status s = E_OK;

	for (size_t at = 0; at < count && !s; at += AUDIT_IDS_MAX)
		s = note(db, e, "done", e->decided_by, ids + at,
		    count - at < AUDIT_IDS_MAX ? count - at : AUDIT_IDS_MAX,
		    err);
	return s;
}

static enum status
erase_all(struct erasure *e, struct db *db, const char *dir,
    struct err *err)
{
	struct stream_touched touched = {0};
	struct uuid *ids = NULL;
	size_t count = 0;
	enum status s = erase_list(&ids, &count, db, &e->record, err);

	e->records = (int64_t)count;
	for (size_t i = 0; i < count && !s; i++) {
		struct erased one = { .record = ids[i], .erasure = e->id,
			.at = e->decided_at };

		s = erase_record(&touched, db, &one, err);
		if (!s)
			s = erase_refused(&e->records, &touched, db, &one, err);
	}
	if (!s)
		s = write_row(db, e, err);
	if (!s)
		s = note_all(db, e, ids, count, err);
	if (!s)
		s = stream_publish(db, &touched, err);
	if (!s)
		s = erase_bytes(db, dir, err);
	stream_touched_release(&touched);
	free(ids);
	return s;
}

enum status
erase_decide(struct erasure *out, struct db *db, const char *dir, int64_t id,
    const char *by, bool agree, struct err *err)
{
	struct erasure e = {0};
	enum status s = find_waiting(&e, db, id, err);

	if (!s)
		s = check_second(&e, db, by, agree, err);
	if (s)
		return s;
	snprintf(e.decided_by, sizeof e.decided_by, "%s", by);
	e.decided_at = clock_now_at();
	e.done = agree;
	if (agree) {
		s = erase_all(&e, db, dir, err);
	} else {
		s = write_row(db, &e, err);
		if (!s)
			s = note(db, &e, "refuse", by, &e.record, 1, err);
	}
	if (!s)
		*out = e;
	return s;
}

/* ---- afterwards ---- */

enum status
erase_after(struct ledger *l, struct err *err)
{
	struct err none = ERR_INIT;
	char *folder = NULL;
	char **names = NULL;
	size_t count = 0;
	enum status s = snapshot_folder(&folder, ledger_dir(l), err);

	if (s)
		return s;
	if (io_list(&names, &count, folder, "", &none))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		char *path = io_join(folder, names[i]);

		(void)unlink(path);
		free(path);
		free(names[i]);
	}
	free(names);
	free(folder);
	return ledger_empty_log(l, err);
}

/* ---- after a restore ---- */

enum status
erase_again(int64_t *count, struct db *db, const char *dir, struct err *err)
{
	struct stream_touched touched = {0};
	struct erased *list = NULL;
	size_t n = 0;
	int64_t again = 0;
	enum status s = erased_read(&list, &n, dir, err);

	for (size_t i = 0; i < n && !s; i++) {
		bool known = false;

		s = erased_find(NULL, &known, db, &list[i].record, err);
		if (s || known)
			continue;
		s = erase_record(&touched, db, &list[i], err);
		if (!s)
			s = erase_refused(&again, &touched, db, &list[i], err);
		again++;
	}
	if (!s && again > 0)
		s = stream_publish(db, &touched, err);
	if (!s && again > 0)
		s = erase_bytes(db, dir, err);
	/* that it was decided came after the backup */
	if (!s)
		s = db_exec(db, "UPDATE erasure SET done = 1, decided_at ="
		    " (SELECT at FROM erased d WHERE d.record ="
		    " erasure.record) WHERE decided_at = 0 AND EXISTS(SELECT 1"
		    " FROM erased d WHERE d.record = erasure.record)", err);
	stream_touched_release(&touched);
	free(list);
	if (!s)
		*count = again;
	return s;
}
