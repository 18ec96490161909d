/*
 * The register of paper numbers as the county reads it: every number of a
 * series up to the highest, runs of unused ones on one line.
 */
#include "server/command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/json.h"
#include "base/tr.h"
#include "base/uuid.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/command_desk.h"
#include "server/command_print.h"
#include "server/ledger.h"
#include "server/ledger_lease.h"

enum { NUMBER_CELLS = 34, STATE_CELLS = 16 };

struct span {			/* of unused ones: one lease, or none */
	int64_t first, last;
	const char *state;
	int64_t device;		/* 0: nobody's */
};

struct book {
	const struct command_args *a;
	struct db *db;
	struct series series;
	struct db_stmt *used;	/* stands at the next used number */
	bool more;
	int64_t at;		/* all below are printed */
};

/* ---- lines ---- */

static const char *
state_word(const char *state)
{
	static const struct {
		const char *state, *word;
	} words[] = {
		{ "used", TR_MARK("used") },
		{ "withdrawn", TR_MARK("withdrawn") },
		{ "erased", TR_MARK("erased") },
		{ "changed", TR_MARK("changed since") },
		{ "held", TR_MARK("held") },
		{ "taken", TR_MARK("taken, not here yet") },
		{ "returned", TR_MARK("returned") },
		{ "gap", TR_MARK("gap") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].state, state) == 0)
			return tr(words[i].word);
	return state;
}

static struct json *
series_json(const struct book *b)
{
	struct json *j = json_object();

	json_put_text(j, "office", b->series.office);
	json_put_text(j, "class", b->series.cls);
	json_put_int(j, "year", b->series.year);
	return j;
}

static void
print_span(const struct book *b, const struct span *s)
{
	char numbers[64], device[32] = "";
	struct json *j;

	if (s->last < s->first)
		return;
	if (b->a->json) {
		j = series_json(b);
		json_put_int(j, "from", s->first);
		json_put_int(j, "to", s->last);
		json_put_text(j, "state", s->state);
		if (s->device)
			json_put_int(j, "device", s->device);
		command_print_json(j);
		return;
	}
	snprintf(numbers, sizeof numbers, s->first == s->last ?
	    "  %" PRId64 : "  %" PRId64 "-%" PRId64, s->first, s->last);
	if (s->device)
		snprintf(device, sizeof device, "D%02" PRId64, s->device);
	command_print_cell(numbers, NUMBER_CELLS);
	command_print_cell(state_word(s->state), STATE_CELLS);
	command_print_cell(device, 0);
	putchar('\n');
}

/* Columns: n, text, record, given_as, device, state, others. */
static void
print_used(const struct book *b)
{
	struct db_stmt *st = b->used;
	char id[UUID_TEXT_MAX] = "", number[160];
	struct uuid record;
	struct json *j;

	if (db_uuid(&record, st, 2))
		uuid_print(id, &record);
	if (b->a->json) {
		j = series_json(b);
		json_put_int(j, "from", db_int(st, 0));
		json_put_int(j, "to", db_int(st, 0));
		json_put_text(j, "state", db_text(st, 5, NULL));
		json_put_text(j, "number", db_text(st, 1, NULL));
		json_put_text(j, "record", id);
		json_put_text(j, "given_as", db_text(st, 3, NULL));
		json_put_int(j, "device", db_int(st, 4));
		json_put_int(j, "others", db_int(st, 6));
		command_print_json(j);
		return;
	}
	snprintf(number, sizeof number, "  %s", db_text(st, 1, NULL));
	command_print_cell(number, NUMBER_CELLS);
	command_print_cell(state_word(db_text(st, 5, NULL)), STATE_CELLS);
	command_print_cell(id, (int)UUID_TEXT_MAX + 1);
	command_print_cell(db_text(st, 3, NULL), 0);
	if (db_int(st, 6) > 0)
		printf(tr("  also on %lld other records"),
		    (long long)db_int(st, 6));
	putchar('\n');
}

/* ---- a series ---- */

#define OF_SERIES " office = ?1 AND class = ?2 AND year = ?3"

static enum status
ask_series(struct db_stmt **out, const struct book *b, const char *sql,
    struct err *err)
{
	enum status s = db_prepare(out, b->db, sql, err);

	if (s)
		return s;
	db_bind_text(*out, 1, b->series.office);
	db_bind_text(*out, 2, b->series.cls);
	db_bind_int(*out, 3, b->series.year);
	return E_OK;
}

/* Used ones up to last, and between them the unused as they stand. */
static enum status
print_to(struct book *b, int64_t last, const struct span *as, struct err *err)
{
	enum status s = E_OK;

	while (!s && b->at <= last) {
		struct span rest = *as;

		rest.first = b->at;
		rest.last = b->more && db_int(b->used, 0) <= last ?
		    db_int(b->used, 0) - 1 : last;
		print_span(b, &rest);
		b->at = rest.last + 1;
		if (b->at > last)
			break;
		print_used(b);
		b->at++;
		s = db_step(b->used, &b->more, err);
	}
	return s;
}

/* What a device took, and what of it is left. */
static enum status
print_lease(struct book *b, struct db_stmt *st, struct err *err)
{
	const struct span none = { .state = "gap" };
	struct span taken = { .state = "taken" }, left = {0};
	const char *state = db_text(st, 3, NULL);
	int64_t first = db_int(st, 0);
	int64_t last = db_int(st, 1);
	int64_t next = db_int(st, 2);
	enum status s;

	taken.device = left.device = db_int(st, 4);
	left.state = strcmp(state, "held") == 0 ? "held" : "returned";
	if (last >= NUMBER_MOST)	/* a machine's: what it used */
		last = next - 1;
	s = print_to(b, first - 1, &none, err);
	if (!s)
		s = print_to(b, next - 1, &taken, err);
	return s ? s : print_to(b, last, &left, err);
}

static enum status
print_leases(struct book *b, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = ask_series(&st, b, "SELECT first, last, next, state,"
	    " coalesce((SELECT num FROM device d WHERE d.id = l.device), 0)"
	    " FROM lease l WHERE" OF_SERIES " ORDER BY first", err);

	while (!s) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		s = print_lease(b, st, err);
	}
	db_finish(st);
	return s;
}

static enum status
print_series(struct book *b, struct err *err)
{
	const struct span none = { .state = "gap" };
	int64_t high = 0;
	enum status s;

	if (!b->a->json)
		printf("%s %s %d\n", b->series.office, b->series.cls,
		    b->series.year);
	b->at = 1;
	s = ask_series(&b->used, b, "SELECT n.n, n.text, n.record, n.given_as,"
	    " coalesce((SELECT num FROM device d WHERE d.id = n.device), 0),"
	    " CASE WHEN r.id IS NULL THEN 'erased' WHEN r.deleted <> '' THEN 'withdrawn' WHEN"
	    " instr(r.body, n.text) = 0 THEN 'changed' ELSE 'used' END,"
	    " (SELECT count(*) FROM number_clash c WHERE c.office = n.office"
	    " AND c.class = n.class AND c.year = n.year AND c.n = n.n),"
	    " max(n.n) OVER () FROM number n LEFT JOIN record r ON r.id = n.record"
	    " WHERE n.office = ?1 AND n.class = ?2 AND n.year = ?3"
	    " ORDER BY n.n", err);
	if (!s)
		s = db_step(b->used, &b->more, err);
	if (!s && b->more)
		high = db_int(b->used, 7);
	if (!s)
		s = print_leases(b, err);
	if (!s)
		s = print_to(b, high, &none, err);
	db_finish(b->used);
	return s;
}

/* ---- the command ---- */

static enum status
print_book(const struct command_args *a, struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT office, class, year"
	    " FROM number WHERE ?1 = '' OR office = ?1 UNION"
	    " SELECT office, class, year FROM lease WHERE ?1 = '' OR"
	    " office = ?1 ORDER BY 1, 2, 3", err);

	if (s)
		return s;
	db_bind_text(st, 1, a->office ? a->office : "");
	for (;;) {
		struct book b = { .a = a, .db = db };

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		snprintf(b.series.office, sizeof b.series.office, "%s",
		    db_text(st, 0, NULL));
		snprintf(b.series.cls, sizeof b.series.cls, "%s",
		    db_text(st, 1, NULL));
		b.series.year = (int)db_int(st, 2);
		s = print_series(&b, err);
		if (s)
			break;
	}
	db_finish(st);
	return s;
}

enum status
command_numbers(const struct command_args *a, struct err *err)
{
	struct command_desk d = { .args = a };
	enum status s = command_desk_look(&d, err);

	if (!s)
		s = print_book(a, d.db, err);
	return command_desk_close(&d, s, err);
}

/* Whose office a device in use is of. */
static enum status
find_office(char out[RECORD_OFFICE_MAX], struct db *db,
    const struct uuid *device, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT office FROM device"
	    " WHERE id = ? AND revoked_at = 0", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, device);
	s = db_step(st, &row, err);
	if (!s && row)
		snprintf(out, RECORD_OFFICE_MAX, "%s", db_text(st, 0, NULL));
	else if (!s)
		s = err_set(err, E_NOTFOUND,
		    tr("There is no such device in use."));
	db_finish(st);
	return s;
}

enum status
command_numbers_machine(const struct command_args *a, struct err *err)
{
	struct command_desk d = { .args = a };
	struct series series = {0};
	struct uuid device;
	int month, day;
	enum status s;

	if (!uuid_parse(&device, a->plain[0]))
		return err_set(err, E_INVALID,
		    tr("A device is named by its id, as device list prints it."));
	if (strlen(a->plain[1]) >= sizeof series.cls)
		return err_set(err, E_INVALID, tr("There is no such class."));
	memcpy(series.cls, a->plain[1], strlen(a->plain[1]) + 1);
	date_to_ymd(clock_today(), &series.year, &month, &day);
	s = command_desk_change(&d, err);
	if (!s)
		s = find_office(series.office, d.db, &device, err);
	if (!s)
		s = lease_hand_over(d.db, &device, &series, err);
	return command_desk_close(&d, s, err);
}
