/*
 * Tombstones: looked up before anything else is said of an id.
 */
#include "server/ledger_erased.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/ledger_erase_run.h"
#include "server/ledger_feed.h"

enum { FILE_BYTES_MAX = 256 * 1024 * 1024, LINE_BYTES_MAX = 1024 };

#define COLUMNS "record, register, office, erasure, at"
#define NEXT_SEQ "(SELECT coalesce(max(seq), 0) + 1 FROM erased)"

static void
read_row(struct erased *e, struct db_stmt *st)
{
	(void)db_uuid(&e->record, st, 0);
	snprintf(e->reg, sizeof e->reg, "%s", db_text(st, 1, NULL));
	snprintf(e->office, sizeof e->office, "%s", db_text(st, 2, NULL));
	e->erasure = db_int(st, 3);
	e->at = db_int(st, 4);
}

enum status
erased_find(struct erased *out, bool *found, struct db *db,
    const struct uuid *record, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT " COLUMNS " FROM erased"
	    " WHERE record = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	s = db_step(st, found, err);
	if (!s && *found && out)
		read_row(out, st);
	db_finish(st);
	return s;
}

enum status
erased_add(struct db *db, const struct erased *e, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT INTO erased(" COLUMNS
	    ", seq, kept)"
	    " VALUES(?, ?, ?, ?, ?, " NEXT_SEQ ", 0) ON CONFLICT DO NOTHING",
	    err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &e->record);
	db_bind_text(st, 2, e->reg);
	db_bind_text(st, 3, e->office);
	db_bind_int(st, 4, e->erasure);
	db_bind_int(st, 5, e->at);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* Tell all whom it concerns once more: one of them sent something on it after
 * having been told. */
static enum status
tell_again(struct db *db, const struct uuid *record, struct err *err)
{
	return db_run_uuid(db, "UPDATE erased SET seq = " NEXT_SEQ
	    " WHERE record = ?", record, err);
}

/* Did the device ever send something on it, or could see it? */
static enum status
concerns(bool *out, struct db *db, const struct ledger_peer *peer,
    const struct uuid *record, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM opdone WHERE"
	    " record = ? AND device = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	db_bind_uuid(st, 2, &peer->device);
	s = db_step(st, out, err);
	db_finish(st);
	return s || *out ? s : feed_has_seen(out, db, peer, record, err);
}

enum status
erased_say(struct wire_line *end, struct db *db, const struct ledger_peer *peer,
    int64_t after, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT record, seq FROM erased"
	    " WHERE seq > ? ORDER BY seq", err);

	if (s)
		return s;
	db_bind_int(st, 1, after);
	while (end->erased_count < WIRE_ERASED_MAX) {
		struct uuid id;
		bool its = false;

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (!end->erased)
			end->erased = mem_alloc(WIRE_ERASED_MAX,
			    sizeof *end->erased);
		if (db_uuid(&id, st, 0))
			s = concerns(&its, db, peer, &id, err);
		if (s)
			break;
		if (its)
			end->erased[end->erased_count++] = id;
		end->erased_to = db_int(st, 1);
	}
	db_finish(st);
	return s;
}

/* ---- what comes too late ---- */

static enum status
exists(bool *out, struct db *db, const struct uuid *record, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM record WHERE id = ?",
	    err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

/* A new record that comes too late for what it belongs to: its id is erased as
 * well, so that whatever follows on it meets the same answer. */
static enum status
erase_new(const struct judge *j, const struct uuid *id, const char *reg,
    const char *office, const struct erased *above, struct err *err)
{
	struct erased e = { .record = *id, .erasure = above->erasure,
		.at = clock_now_at() };

	snprintf(e.reg, sizeof e.reg, "%s", reg);
	snprintf(e.office, sizeof e.office, "%s", office);
	return erase_record(j->touched, j->db, &e, err);
}

/* The text's id, if it names something erased. */
static enum status
find_text(struct erased *out, bool *found, struct db *db, const char *text,
    struct err *err)
{
	struct uuid id;

	return text && uuid_parse(&id, text) ?
	    erased_find(out, found, db, &id, err) : E_OK;
}

static const char *
after_of(const struct op *op, const char *field)
{
	for (size_t i = 0; field && i < op->change_count; i++) {
		if (strcmp(op->changes[i].field, field) == 0)
			return op->changes[i].after;
	}
	return NULL;
}

/* The fields that say what a record belongs to and whom it is about. */
static void
find_fields(const char *out[2], const struct judge *j, const char *reg)
{
	const struct schema_register *r = schema_register_find(j->schema, reg);

	out[0] = reg[0] == '@' ? "record" : r ? r->parent_field : NULL;
	out[1] = r ? r->person_field : NULL;
}

static enum status
refuse(struct judgement *out, const struct judge *j, const struct op *op,
    const struct uuid *erased, struct err *err)
{
	bool seen = false;
	enum status s = feed_has_seen(&seen, j->db, j->peer, erased, err);

	if (s)
		return s;
	out->rev = 0;
	if (seen || j->peer->county == OFFICE_SPAN_ALL)
		return judge_refuse(out, VERDICT_DENIED, tr("The record was "
		    "erased for good by decision of the county; what was "
		    "entered for it is not kept, here or there."));
	return op->kind == OP_NEW ? judge_refuse(out, VERDICT_DENIED,
	    tr("The record belongs to another office.")) :
	    judge_refuse(out, VERDICT_REVIEW,
	    tr("The county does not have this record."));
}

static enum status
any_erased(bool *out, struct db *db, struct err *err)
{
	int64_t any = 0;
	enum status s = db_number(&any, db, "SELECT EXISTS(SELECT 1 FROM"
	    " erased)", err);

	*out = any != 0;
	return s;
}

enum status
erased_meets(struct judgement *out, bool *met, const struct judge *j,
    const struct op *op, struct err *err)
{
	struct erased e = {0};
	const char *fields[2];
	bool any = false, found = false, there = false;
	enum status s = any_erased(&any, j->db, err);

	if (s || !any)
		return s;
	s = erased_find(&e, &found, j->db, &op->record, err);
	if (!s && found) {
		s = tell_again(j->db, &e.record, err);
	} else if (!s && op->kind == OP_NEW) {
		find_fields(fields, j, op->reg);
		for (int i = 0; i < 2 && !s && !found; i++)
			s = find_text(&e, &found, j->db,
			    after_of(op, fields[i]), err);
		if (!s && found)
			s = exists(&there, j->db, &op->record, err);
		if (!s && found && !there)
			s = erase_new(j, &op->record, op->reg,
			    j->peer->office, &e, err);
	}
	if (s || !found)
		return s;
	*met = true;
	return refuse(out, j, op, &e.record, err);
}

enum status
erased_meets_record(bool *met, const struct judge *j, const struct record *r,
    struct err *err)
{
	struct erased e = {0};
	const char *fields[2];
	bool any = false, found = false, there = false;
	enum status s = any_erased(&any, j->db, err);

	if (s || !any)
		return s;
	s = erased_find(&e, &found, j->db, &r->id, err);
	if (!s && found)
		s = tell_again(j->db, &e.record, err);
	else if (!s)
		s = exists(&there, j->db, &r->id, err);
	find_fields(fields, j, r->reg);
	for (int i = 0; i < 2 && !s && !found && !there; i++) {
		s = fields[i] ? find_text(&e, &found, j->db,
		    record_get(r, fields[i]), err) : E_OK;
		if (!s && found)
			s = erase_new(j, &r->id, r->reg, j->peer->office, &e,
			    err);
	}
	*met = *met || (!s && found);
	return s;
}

enum status
erased_names(bool *out, struct db *db, const struct op *op, struct err *err)
{
	bool any = false, found = false;
	enum status s = any_erased(&any, db, err);

	if (s || !any)
		return s;
	s = erased_find(NULL, &found, db, &op->record, err);
	for (size_t i = 0; i < op->change_count && !s && !found; i++)
		s = find_text(NULL, &found, db, op->changes[i].after, err);
	*out = !s && found;
	return s;
}

/* ---- the file ---- */

static void
print_line(struct buf *out, const struct erased *e)
{
	struct json *j = json_object();
	char id[UUID_TEXT_MAX];

	uuid_print(id, &e->record);
	json_put_text(j, "record", id);
	json_put_text(j, "register", e->reg);
	json_put_text(j, "office", e->office);
	json_put_int(j, "erasure", e->erasure);
	json_put_int(j, "at", e->at);
	json_print(out, j);
	json_free(j);
	buf_char(out, '\n');
}

static bool
parse_line(struct erased *out, const char *line, size_t len)
{
	struct json *j = NULL;
	struct err none = ERR_INIT;
	struct erased e = {0};
	bool good = false;

	if (json_parse(&j, line, len, LINE_BYTES_MAX, &none))
		return false;
	if (json_get_text(j, "record") && json_get_text(j, "register") &&
	    json_get_text(j, "office")) {
		snprintf(e.reg, sizeof e.reg, "%s", json_get_text(j,
		    "register"));
		snprintf(e.office, sizeof e.office, "%s", json_get_text(j,
		    "office"));
		good = uuid_parse(&e.record, json_get_text(j, "record")) &&
		    json_get_int(j, "erasure", &e.erasure) &&
		    json_get_int(j, "at", &e.at);
	}
	json_free(j);
	if (good)
		*out = e;
	return good;
}

enum status
erased_read(struct erased **out, size_t *count, const char *dir,
    struct err *err)
{
	char *path = io_join(dir, "erasures");
	struct erased *list = NULL;
	size_t n = 0;
	struct buf text;
	enum status s = E_OK;

	buf_init(&text, FILE_BYTES_MAX);
	if (io_exists(path))
		s = io_read(&text, path, err);
	for (size_t at = 0; at < text.len && !s;) {
		const char *line = text.data + at;
		size_t len = strcspn(line, "\n");

		list = mem_grow(list, n, sizeof *list);
		if (!parse_line(&list[n++], line, len))
			s = err_set(err, E_INVALID, tr("The file erasures is "
			    "damaged; put the copy of a backup in its place."));
		at += len + 1;
	}
	buf_release(&text);
	free(path);
	if (s) {
		free(list);
		return s;
	}
	*out = list;
	*count = n;
	return E_OK;
}

static int
by_record(const void *a, const void *b)
{
	const struct erased *x = a, *y = b;

	return uuid_compare(&x->record, &y->record);
}

/* Those of the ledger that had does not name. */
static enum status
add_ledgers(struct buf *out, struct db *db, const struct erased *had,
    size_t count, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT " COLUMNS " FROM erased"
	    " ORDER BY at, record", err);

	while (!s) {
		struct erased e = {0};

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		read_row(&e, st);
		if (count == 0 || !bsearch(&e, had, count, sizeof *had,
		    by_record))
			print_line(out, &e);
	}
	db_finish(st);
	return s;
}

static enum status
write_file(const char *dir, struct db *db, struct err *err)
{
	char *path = io_join(dir, "erasures");
	struct erased *had = NULL;
	size_t count = 0;
	struct buf text;
	enum status s = erased_read(&had, &count, dir, err);

	buf_init(&text, FILE_BYTES_MAX);
	for (size_t i = 0; i < count && !s; i++)
		print_line(&text, &had[i]);
	if (count > 0)
		qsort(had, count, sizeof *had, by_record);
	if (!s)
		s = add_ledgers(&text, db, had, count, err);
	if (!s)
		s = io_write(path, text.data ? text.data : "", text.len, err);
	buf_release(&text);
	free(had);
	free(path);
	return s;
}

enum status
erased_keep(struct db *db, const char *dir, struct err *err)
{
	int64_t any = 0;
	enum status s = db_number(&any, db, "SELECT EXISTS(SELECT 1 FROM"
	    " erased WHERE kept = 0)", err);

	if (s || !any)
		return s;
	s = write_file(dir, db, err);
	return s ? s : db_exec(db, "UPDATE erased SET kept = 1 WHERE kept = 0",
	    err);
}
