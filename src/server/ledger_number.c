/*
 * Giving and registering numbers, inside the transaction that writes the
 * record.
 */
#include "server/ledger_number.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_question.h"
#include "server/ledger_record.h"
#include "server/ledger_return.h"

static void
bind_series(struct db_stmt *st, const struct series *series)
{
	db_bind_text(st, 1, series->office);
	db_bind_text(st, 2, series->cls);
	db_bind_int(st, 3, series->year);
}

static enum status
own_short(char out[NUMBER_SHORT_MAX], struct db *db, const char *code,
    struct err *err)
{
	struct office office = {0};
	enum status s = office_get(&office, db, code, err);

	if (!s)
		number_short(out, office.name);
	return s;
}

/* The office that is called so in its numbers: a record that was given away
 * keeps the number of the office that it came from. */
static enum status
find_office(struct series *series, struct db *db, const char *short_name,
    struct err *err)
{
	struct office *list = NULL;
	size_t count = 0;
	enum status s = office_list(&list, &count, db, err);

	for (size_t i = 0; !s && i < count; i++) {
		char own[NUMBER_SHORT_MAX] = "";

		number_short(own, list[i].name);
		if (strcmp(own, short_name) == 0) {
			memcpy(series->office, list[i].code,
			    sizeof series->office);
			break;
		}
	}
	free(list);
	return s;
}

/* Whose number is this, and how is that office called? */
static enum status
look_up_name(struct judge_name *out, struct db *db, const struct number *n,
    const char *office, struct err *err)
{
	struct judge_name name = {0};
	struct series found = {0};
	enum status s = own_short(name.own, db, office, err);

	memcpy(name.office, office, strlen(office) + 1);
	memcpy(name.short_name, n->short_name, sizeof name.short_name);
	memcpy(found.office, office, strlen(office) + 1);
	if (!s && n->short_name[0] && strcmp(name.own, n->short_name) != 0) {
		s = find_office(&found, db, n->short_name, err);
		if (!s && strcmp(found.office, office) != 0)
			memcpy(name.own, n->short_name, sizeof name.own);
	}
	memcpy(name.whose, found.office, sizeof name.whose);
	if (!s)
		*out = name;
	return s;
}

static enum status
find_series(struct series *out, const struct judge *j,
    const struct schema_number *def, const struct number *n,
    const char *office, struct err *err)
{
	struct series series = { .year = n->year };
	struct judge_name fresh = {0};
	struct judge_name *name = j->name ? j->name : &fresh;
	enum status s = E_OK;

	if (strcmp(name->office, office) != 0 ||
	    strcmp(name->short_name, n->short_name) != 0)
		s = look_up_name(name, j->db, n, office, err);
	if (s)
		return s;
	memcpy(series.office, name->whose, sizeof series.office);
	number_class(series.cls, def, n, name->own);
	*out = series;
	return E_OK;
}

/* ---- the table ---- */

struct entry {
	const struct series *series;
	int64_t n;
	const struct record *record;
	const char *text, *how, *given_as;
	int64_t at;
};

/* Who has the number. */
static enum status
find_owner(struct uuid *owner, struct db *db, const struct entry *e,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT record FROM number"
	    " WHERE office = ? AND class = ? AND year = ? AND n = ?", err);

	if (s)
		return s;
	bind_series(st, e->series);
	db_bind_int(st, 4, e->n);
	s = db_step(st, &row, err);
	if (!s && row)
		(void)db_uuid(owner, st, 0);
	db_finish(st);
	return s;
}

/* *owner: the record that has the number, perhaps this one. */
static enum status
enter(struct uuid *owner, const struct judge *j, const struct entry *e,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, j->db, "INSERT INTO number(office,"
	    " class, year, n, record, text, how, given_as, device, at)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, CASE WHEN ?7 = '' THEN"
	    " iif(EXISTS(SELECT 1 FROM lease l WHERE l.office = ?1 AND"
	    " l.class = ?2 AND l.year = ?3 AND ?4 BETWEEN l.first AND l.last"
	    " AND l.device = ?9), 'leased', 'typed') ELSE ?7 END, ?8, ?9, ?10)"
	    " ON CONFLICT DO NOTHING", err);
	bool fresh;

	if (s)
		return s;
	bind_series(st, e->series);
	db_bind_int(st, 4, e->n);
	db_lend_blob(st, 5, e->record->id.b, sizeof e->record->id.b);
	db_lend_text(st, 6, e->text);
	db_lend_text(st, 7, e->how);
	db_lend_text(st, 8, e->given_as);
	db_lend_blob(st, 9, j->peer->device.b, sizeof j->peer->device.b);
	db_bind_int(st, 10, e->at);
	s = db_run(st, err);
	fresh = !s && db_changes(j->db) > 0;
	db_finish(st);
	if (fresh)
		*owner = e->record->id;
	return s || fresh ? s : find_owner(owner, j->db, e, err);
}

/* Run with a record's id at 1 and a text at 2. */
static enum status
run(struct db *db, const char *sql, const struct uuid *record,
    const char *text, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	if (text)
		db_bind_text(st, 2, text);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* ---- giving ---- */

/* What was given for this provisional number before; "" nothing. */
static enum status
given_before(struct buf *out, struct db *db, const struct record *r,
    const char *given_as, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT text FROM number"
	    " WHERE record = ? AND given_as = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &r->id);
	db_bind_text(st, 2, given_as);
	s = db_step(st, &row, err);
	if (!s && row)
		buf_text(out, db_text(st, 0, NULL));
	db_finish(st);
	return s;
}

static enum status
give_next(struct buf *out, const struct judge *j,
    const struct schema_number *def, const struct series *series,
    const struct record *r, const char *given_as, struct err *err)
{
	struct number n = { .year = series->year };
	struct uuid owner = {{0}};
	struct entry e = { series, 0, r, "", "issued", given_as,
		clock_now_at() };
	enum status s = own_short(n.short_name, j->db, series->office, err);

	if (!s)
		s = lease_next(&n.n, j->db, series, err);
	if (s)
		return s;
	number_print(out, def->format, &n);
	e.n = n.n;
	e.text = out->data;
	return enter(&owner, j, &e, err);
}

static bool
is_waiting(const struct schema_number *def, const struct record *r, int *year)
{
	/* in an office with a machine, that one gives */
	return def->field && def->mode != NUMBER_MACHINE && !r->deleted &&
	    number_is_provisional(record_get(r, def->field), year);
}

enum status
number_note(const struct judge *j, const struct schema_register *reg,
    const struct record *r, struct err *err)
{
	if (!reg || !is_waiting(&reg->number, r, NULL))
		return E_OK;
	return run(j->db, "INSERT INTO number_wait(record, office)"
	    " VALUES(?, ?) ON CONFLICT DO NOTHING", &r->id, r->office, err);
}

/* The provisional number becomes text, or stays when it is too early. */
static enum status
find_or_give(struct buf *text, const struct judge *j,
    const struct schema_register *reg, int year, const struct record *next,
    const char *given_as, struct err *err)
{
	const struct schema_number *def = &reg->number;
	struct series series = { .year = year };
	bool waits = false;
	enum status s = given_before(text, j->db, next, given_as, err);

	memcpy(series.office, next->office, sizeof series.office);
	memcpy(series.cls, def->cls, strlen(def->cls) + 1);
	if (s || text->len > 0)
		return s;
	s = lease_waits(&waits, j->db, series.office, err);
	if (s || waits)
		return s;
	return give_next(text, j, def, &series, next, given_as, err);
}

enum status
number_give(const struct judge *j, const struct schema_register *reg,
    const struct record *before, struct record *next, bool anew,
    struct err *err)
{
	const struct schema_number *def = &reg->number;
	const char *has;
	struct buf text;
	char *given_as;
	int year = 0;
	enum status s;

	if (!is_waiting(def, next, &year))
		return E_OK;
	has = before ? record_get(before, def->field) : "";
	if (has[0] && !anew && !number_is_provisional(has, NULL)) {
		(void)record_set(next, def->field, has);
		return E_OK;
	}
	given_as = mem_strdup(record_get(next, def->field));
	buf_init(&text, BUF_LINE_MAX);
	s = find_or_give(&text, j, reg, year, next, given_as, err);
	if (!s && text.len > 0)
		(void)record_set(next, def->field, text.data);
	else if (!s)
		s = number_note(j, reg, next, err);
	buf_release(&text);
	free(given_as);
	return s;
}

/* ---- registering ---- */

/* Two records have it: the county is asked, once. */
static enum status
ask_county(const struct judge *j, const struct schema_register *reg,
    const struct record *next, const struct series *series, int64_t n,
    const struct uuid *owner, const char *by, int64_t at, struct err *err)
{
	char id[UUID_TEXT_MAX];
	struct question q = { .record = next->id, .at = at, .open = true,
		.other = *owner };
	struct buf other;
	char *name;
	enum status s;

	uuid_print(id, &next->id);
	name = mem_printf("number/%s/%s/%d/%lld/%s", series->office,
	    series->cls, series->year, (long long)n, id);
	q.id = uuid_named("conflict", name);
	free(name);
	memcpy(q.kind, QUESTION_NUMBER, sizeof QUESTION_NUMBER);
	memcpy(q.reg, next->reg, sizeof q.reg);
	memcpy(q.office, next->office, sizeof q.office);
	memcpy(q.group, reg->number.field, strlen(reg->number.field) + 1);
	strncat(q.by, by, sizeof q.by - 1);
	buf_init(&other, BUF_LINE_MAX);
	number_print_provisional(&other, series->year, 0, 1, n);
	question_add(&q, reg->number.field, "",
	    record_get(next, reg->number.field), other.data);
	s = ledger_question_new(j, &q, by, err);
	buf_release(&other);
	question_release(&q);
	return s;
}

static enum status
note_clash(const struct judge *j, const struct entry *e, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, j->db, "INSERT INTO number_clash("
	    "office, class, year, n, record, at) VALUES(?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT DO NOTHING", err);

	if (s)
		return s;
	bind_series(st, e->series);
	db_bind_int(st, 4, e->n);
	db_bind_uuid(st, 5, &e->record->id);
	db_bind_int(st, 6, e->at);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* A slip of the pen frees the number; one that was given stays given, and so
 * does one that is asked about. */
static enum status
free_typed(const struct judge *j, const struct record *before,
    const char *text, struct err *err)
{
	enum status s = run(j->db, "DELETE FROM number WHERE record = ?"
	    " AND text = ? AND how = 'typed' AND NOT EXISTS (SELECT 1 FROM"
	    " number_clash c WHERE c.office = number.office AND"
	    " c.class = number.class AND c.year = number.year AND"
	    " c.n = number.n)", &before->id, text, err);

	return s ? s : run(j->db, "DELETE FROM number_clash WHERE record = ?",
	    &before->id, NULL, err);
}

enum status
number_claim(const struct judge *j, const struct schema_register *reg,
    const struct record *before, const struct record *next, const char *by,
    int64_t at, struct err *err)
{
	const struct schema_number *def = &reg->number;
	const char *text = def->field ? record_get(next, def->field) : "";
	const char *was = def->field && before ?
	    record_get(before, def->field) : "";
	struct series series = {0};
	struct number n = {0};
	struct entry e = { &series, 0, next, text, "", "", at };
	struct uuid owner = next->id;
	enum status s = E_OK;

	if (!def->field || strcmp(text, was) == 0)
		return E_OK;
	if (was[0])
		s = free_typed(j, before, was, err);
	if (s || !number_parse(&n, def->format, text))
		return s;
	s = find_series(&series, j, def, &n, next->office, err);
	e.n = n.n;
	if (!s)
		s = enter(&owner, j, &e, err);
	if (s || uuid_compare(&owner, &next->id) == 0)
		return s;
	s = note_clash(j, &e, err);
	return s ? s : ask_county(j, reg, next, &series, n.n, &owner, by, at,
	    err);
}

static enum status
claim_aside(const struct judge *j, const struct schema_number *def,
    const struct op *op, const char *text, struct err *err)
{
	const struct record r = { .id = op->record };
	struct series series = {0};
	struct number n = {0};
	struct entry e = { &series, 0, &r, text, "", "", op->at };
	struct uuid owner = r.id;
	enum status s;

	if (!number_parse(&n, def->format, text))
		return E_OK;
	s = find_series(&series, j, def, &n, op->office, err);
	e.n = n.n;
	return s ? s : enter(&owner, j, &e, err);
}

enum status
number_claim_aside(const struct judge *j, const struct op *op, struct err *err)
{
	const struct schema_register *reg = schema_register_find(j->schema,
	    op->reg);
	bool open = false;
	enum status s = E_OK;

	if (!reg || !reg->number.field)
		return E_OK;
	s = return_is_open(&open, j->db, err);
	for (size_t i = 0; !s && open && i < op->change_count; i++) {
		if (strcmp(op->changes[i].field, reg->number.field) == 0)
			s = claim_aside(j, &reg->number, op,
			    op->changes[i].after, err);
	}
	return s;
}

/* ---- those that wait ---- */

/* Its number as a revision of its own, that nobody entered. */
static enum status
write_given(const struct judge *j, const struct schema_register *reg,
    const struct record *before, struct record *next, struct err *err)
{
	struct op diff = {0};
	struct ledger_entry entry = { .device = &j->peer->device, .op = &diff,
		.at = clock_now_at(), .rev = before->rev + 1 };
	enum status s;

	next->rev = entry.rev;
	op_diff(&diff, before, next);
	diff.at = entry.at;
	entry.changes = diff.changes;
	entry.change_count = diff.change_count;
	entry.hash = diff.expect;
	s = ledger_record_put(j->db, next, diff.expect, reg, err);
	if (!s)
		s = ledger_history_add(j->db, &entry, err);
	if (!s)
		stream_touch(j->touched, next->office, &next->id, next->rev,
		    diff.expect);
	op_release(&diff);
	return s;
}

static enum status
give_late(const struct judge *j, const struct uuid *id, struct err *err)
{
	struct record r = {0}, next = {0};
	const struct schema_register *reg;
	enum status s = ledger_record_get(&r, j->db, id, err);

	reg = s ? NULL : schema_register_find(j->schema, r.reg);
	if (reg && reg->number.field) {
		record_copy(&next, &r);
		s = number_give(j, reg, NULL, &next, false, err);
		if (!s && strcmp(record_get(&next, reg->number.field),
		    record_get(&r, reg->number.field)) != 0)
			s = write_given(j, reg, &r, &next, err);
	}
	record_release(&r);
	record_release(&next);
	return s;
}

/* Out of the list before it is given: one that waits on comes back to it. */
static enum status
take_waiting(struct uuid **out, size_t *count, struct db *db,
    const char *office, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "DELETE FROM number_wait"
	    " WHERE office = ? RETURNING record", err);

	if (s)
		return s;
	db_bind_text(st, 1, office);
	s = db_uuids(out, count, st, err);
	db_finish(st);
	return s;
}

static int
compare(const void *a, const void *b)
{
	return uuid_compare(a, b);
}

enum status
number_catch_up(const struct judge *j, const char *office, struct err *err)
{
	struct uuid *ids = NULL;
	size_t count = 0;
	bool waits = false;
	enum status s = lease_waits(&waits, j->db, office, err);

	if (!s && !waits)
		s = take_waiting(&ids, &count, j->db, office, err);
	if (count > 1)		/* in the order in which they were made */
		qsort(ids, count, sizeof *ids, compare);
	for (size_t i = 0; !s && i < count; i++)
		s = give_late(j, &ids[i], err);
	free(ids);
	return s;
}
