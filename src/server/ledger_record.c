/*
 * Records and their history.  A body is the JSON object of the values: what an
 * operator can read with nothing but the sqlite3 program.
 */
#include "server/ledger_record.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_entered.h"
#include "server/ledger_place.h"
#include "server/ledger_scan.h"

enum { USUAL_BYTES = 4096 };	/* of a record's values as JSON */

#define COLUMNS "id, register, office, state, rev, deleted, created_by, " \
	"created_at, updated_by, updated_at, body"

/* ---- reading ---- */

static enum status
damaged(struct err *err)
{
	return err_set(err, E_IO, tr("A record in the ledger is damaged."));
}

static enum status
read_values(struct values *out, const char *text, size_t len,
    struct err *err)
{
	struct json *j = NULL;
	struct err bad = ERR_INIT;

	if (json_parse(&j, text, len, BUF_RECORD_MAX, &bad) ||
	    !json_is_object(j)) {
		json_free(j);
		return damaged(err);
	}
	for (struct json *m = json_first(j); m; m = json_next(m))
		values_set(out, json_name(m), json_text(m));
	json_free(j);
	return E_OK;
}

/* The columns above, in their order, from the present row; the values into
 * the record, or as their text to values. */
static enum status
read_row(struct record *out, struct buf *values, struct db_stmt *st,
    struct err *err)
{
	struct record r = {0};
	size_t len = 0;
	const char *text;
	enum status s = E_OK;

	if (!db_uuid(&r.id, st, 0))
		return damaged(err);
	snprintf(r.reg, sizeof r.reg, "%s", db_text(st, 1, NULL));
	snprintf(r.office, sizeof r.office, "%s", db_text(st, 2, NULL));
	snprintf(r.state, sizeof r.state, "%s", db_text(st, 3, NULL));
	r.rev = db_int(st, 4);
	(void)record_set(&r, "@deleted", db_text(st, 5, NULL));
	snprintf(r.created_by, sizeof r.created_by, "%s",
	    db_text(st, 6, NULL));
	r.created_at = db_int(st, 7);
	snprintf(r.updated_by, sizeof r.updated_by, "%s",
	    db_text(st, 8, NULL));
	r.updated_at = db_int(st, 9);
	text = db_text(st, 10, &len);
	if (values)
		buf_add(values, text, len);
	else
		s = read_values(&r.values, text, len, err);
	if (s)
		record_release(&r);
	else
		*out = r;
	return s;
}

static enum status
find_one(bool *found, struct record *out, struct buf *values,
    struct db_stmt *st, struct err *err)
{
	bool row = false;
	enum status s = db_step(st, &row, err);

	if (!s && row)
		s = read_row(out, values, st, err);
	*found = !s && row;
	db_finish(st);
	return s;
}

static enum status
read_one(struct record *out, struct buf *values, struct db_stmt *st,
    struct err *err)
{
	bool found;
	enum status s = find_one(&found, out, values, st, err);

	if (!s && !found)
		s = err_set(err, E_NOTFOUND, tr("There is no such record."));
	return s;
}

static enum status
select_record(struct db_stmt **st, struct db *db, const struct uuid *id,
    struct err *err)
{
	enum status s = db_prepare(st, db,
	    "SELECT " COLUMNS " FROM record WHERE id = ?", err);

	if (!s)
		db_bind_uuid(*st, 1, id);
	return s;
}

static enum status
get(struct record *out, struct buf *values, struct db *db,
    const struct uuid *id, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = select_record(&st, db, id, err);

	return s ? s : read_one(out, values, st, err);
}

enum status
ledger_record_find(bool *found, struct record *out, struct db *db,
    const struct uuid *id, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = select_record(&st, db, id, err);

	return s ? s : find_one(found, out, NULL, st, err);
}

enum status
ledger_record_get(struct record *out, struct db *db, const struct uuid *id,
    struct err *err)
{
	return get(out, NULL, db, id, err);
}

enum status
ledger_record_get_text(struct record *out, struct buf *values, struct db *db,
    const struct uuid *id, struct err *err)
{
	return get(out, values, db, id, err);
}

enum status
ledger_record_has_child(bool *has, struct db *db, const struct uuid *parent,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "SELECT 1 FROM record WHERE parent = ?", err);

	*has = false;
	if (s)
		return s;
	db_bind_uuid(st, 1, parent);
	s = db_step(st, has, err);
	db_finish(st);
	return s;
}

enum status
ledger_record_child(struct record *out, struct db *db,
    const struct uuid *parent, const char *reg, size_t i, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "SELECT " COLUMNS " FROM record WHERE parent = ? AND register = ?"
	    " AND deleted = '' ORDER BY id LIMIT 1 OFFSET ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, parent);
	db_bind_text(st, 2, reg);
	db_bind_int(st, 3, (int64_t)i);
	return read_one(out, NULL, st, err);
}

enum status
ledger_record_of_office(struct record *out, struct db *db, const char *office,
    const char *reg, const struct uuid *but, size_t i, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "SELECT " COLUMNS " FROM record WHERE office = ? AND register = ?"
	    " AND deleted = '' AND id <> ? ORDER BY id LIMIT 1 OFFSET ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, office);
	db_bind_text(st, 2, reg);
	db_bind_uuid(st, 3, but);
	db_bind_int(st, 4, (int64_t)i);
	return read_one(out, NULL, st, err);
}

/* ---- writing ---- */

static void
print_values(struct buf *out, const struct values *v)
{
	buf_char(out, '{');
	for (size_t i = 0; i < v->count; i++) {
		if (i > 0)
			buf_char(out, ',');
		json_print_string(out, v->items[i].name);
		buf_char(out, ':');
		json_print_string(out, v->items[i].text);
	}
	buf_char(out, '}');
}

/* The id that stands in a field; field may be NULL. */
static void
bind_ref(struct db_stmt *st, int i, const struct record *r, const char *field)
{
	struct uuid id;

	if (field && uuid_parse(&id, record_get(r, field)))
		db_bind_uuid(st, i, &id);
	else
		db_bind_null(st, i);
}

/* The field that says what it belongs to: a record of the program's own
 * registers, to the one it is about. */
static const char *
parent_field(const struct record *r, const struct schema_register *reg)
{
	return r->reg[0] == '@' ? "record" : reg ? reg->parent_field : NULL;
}

enum status
ledger_record_put(struct db *db, const struct record *r, const char *hash,
    const struct schema_register *reg, struct err *err)
{
	struct db_stmt *st = NULL;
	struct buf body;
	enum status s = db_prepare(&st, db,
	    "INSERT OR REPLACE INTO record(" COLUMNS ", parent, hash, person)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", err);

	if (s)
		return s;
	buf_init(&body, BUF_BATCH_MAX);
	(void)buf_room(&body, USUAL_BYTES);
	print_values(&body, &r->values);
	db_lend_blob(st, 1, r->id.b, sizeof r->id.b);
	db_lend_text(st, 2, r->reg);
	db_lend_text(st, 3, r->office);
	db_lend_text(st, 4, r->state);
	db_bind_int(st, 5, r->rev);
	db_lend_text(st, 6, r->deleted ? r->deleted : "");
	db_lend_text(st, 7, r->created_by);
	db_bind_int(st, 8, r->created_at);
	db_lend_text(st, 9, r->updated_by);
	db_bind_int(st, 10, r->updated_at);
	db_lend_text(st, 11, body.data);
	bind_ref(st, 12, r, parent_field(r, reg));
	db_lend_text(st, 13, hash);
	bind_ref(st, 14, r, reg ? reg->person_field : NULL);
	s = db_run(st, err);
	db_finish(st);
	buf_release(&body);
	if (!s)
		s = place_note_sealed(db, r, reg, err);
	return s ? s : scan_note(db, r, err);
}

/* ---- history ---- */

/* fields: ";name;birth;"; changes: {"name":["old","new"],...} */
static void
print_changes(struct buf *fields, struct buf *changes,
    const struct ledger_entry *entry)
{
	buf_char(fields, ';');
	buf_char(changes, '{');
	for (size_t i = 0; i < entry->change_count; i++) {
		const struct op_change *c = &entry->changes[i];

		buf_text(fields, c->field);
		buf_char(fields, ';');
		if (i > 0)
			buf_char(changes, ',');
		json_print_string(changes, c->field);
		buf_text(changes, ":[");
		json_print_string(changes, c->before);
		buf_char(changes, ',');
		json_print_string(changes, c->after);
		buf_char(changes, ']');
	}
	buf_char(changes, '}');
}

enum status
ledger_history_add(struct db *db, const struct ledger_entry *entry,
    struct err *err)
{
	struct db_stmt *st = NULL;
	struct buf fields, changes;
	enum status s = db_prepare(&st, db,
	    "INSERT INTO history(record, rev, device, epoch, n, kind, login,"
	    " at, device_at, fields, changes, hash, returned, taken_by)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", err);

	if (s)
		return s;
	buf_init(&fields, BUF_BATCH_MAX);
	buf_init(&changes, BUF_BATCH_MAX);
	(void)buf_room(&fields, USUAL_BYTES / 8);
	(void)buf_room(&changes, USUAL_BYTES);
	print_changes(&fields, &changes, entry);
	db_lend_blob(st, 1, entry->op->record.b, sizeof entry->op->record.b);
	db_bind_int(st, 2, entry->rev);
	db_lend_blob(st, 3, entry->device->b, sizeof entry->device->b);
	db_bind_int(st, 4, entry->epoch);
	db_bind_int(st, 5, entry->op->n);
	db_lend_text(st, 6, op_kind_name(entry->op->kind));
	db_lend_text(st, 7, entry->op->by);
	db_bind_int(st, 8, entry->at);
	db_bind_int(st, 9, entry->op->at);
	db_lend_text(st, 10, fields.data);
	db_lend_text(st, 11, changes.data);
	db_lend_text(st, 12, entry->hash ? entry->hash : "");
	db_bind_int(st, 13, entry->returned);
	db_bind_text(st, 14, entry->taken_by ? entry->taken_by : "");
	s = db_run(st, err);
	db_finish(st);
	if (!s)
		s = entered_add(db, &(struct entered_row){
		    .record = &entry->op->record, .device = entry->device,
		    .rev = entry->rev, .epoch = entry->epoch,
		    .n = entry->op->n, .kind = op_kind_name(entry->op->kind),
		    .login = entry->op->by, .at = entry->at,
		    .device_at = entry->op->at, .fields = fields.data,
		    .changes = changes.data,
		    .hash = entry->hash ? entry->hash : "",
		    .returned = entry->returned,
		    .taken_by = entry->taken_by ? entry->taken_by : "" },
		    err);
	buf_release(&fields);
	buf_release(&changes);
	return s;
}

enum status
ledger_history_fields(struct buf *out, struct db *db,
    const struct uuid *record, int64_t after_rev, const struct uuid *device,
    int64_t epoch, int64_t own_n, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT fields FROM history h WHERE record = ?1 AND rev > ?2"
	    " AND NOT (device = ?3 AND (epoch = ?4 AND n <= ?5 OR"
	    " EXISTS (SELECT 1 FROM opdone o JOIN opdone p"
	    " ON p.record = o.record AND p.device = o.device"
	    " AND p.hash = o.hash"
	    " WHERE o.device = h.device AND o.epoch = h.epoch AND o.n = h.n"
	    " AND p.epoch = ?4 AND p.n <= ?5)))", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	db_bind_int(st, 2, after_rev);
	db_bind_uuid(st, 3, device);
	db_bind_int(st, 4, epoch);
	db_bind_int(st, 5, own_n);
	for (;;) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		buf_text(out, db_text(st, 0, NULL));
	}
	db_finish(st);
	return s;
}
