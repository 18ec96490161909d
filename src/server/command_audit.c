/*
 * The trace's commands: its head for the paper, whether it holds, what may go,
 * and the two reports.  Whoever administers the server sees no business data:
 * records are ids, registers and paper numbers here, never names.
 */
#include "server/command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/date.h"
#include "base/json.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/account.h"
#include "server/command_desk.h"
#include "server/command_print.h"
#include "server/command_trace.h"
#include "server/ledger_audit.h"
#include "server/ledger_names.h"

enum { KEEP_MONTHS = 36 };
#define DAY_MS (24 * 3600 * 1000LL)

static int64_t
begin_of(int day)
{
	return (int64_t)day * DAY_MS - 8 * 3600 * 1000LL;
}

static enum status
take_day(int64_t *out, const char *text, int plus, struct err *err)
{
	int day = date_parse(text);

	if (day == DATE_NONE)
		return err_set(err, E_INVALID,
		    tr("A date is written 2026-03-05."));
	*out = begin_of(day + plus);
	return E_OK;
}

/* ---- head ---- */

enum status
command_audit_head(const struct command_args *a, struct err *err)
{
	struct ledger_audit_place p = {0};
	char hash[AUDIT_HASH_TEXT], at[CLOCK_TEXT_MAX];
	struct command_desk d = { .args = a };
	int64_t when = 0;
	enum status s = command_desk_read(&d, err);

	if (!s)
		s = ledger_audit_head(&p, &when, d.db, err);
	s = command_desk_close(&d, s, err);
	if (s)
		return s;
	crypto_hex(hash, p.hash, sizeof p.hash);
	if (a->json) {
		struct json *j = json_object();

		json_put_int(j, "n", p.n);
		json_put_text(j, "hash", hash);
		json_put_int(j, "at", when);
		command_print_json(j);
		return E_OK;
	}
	clock_print(at, when);
	printf(tr("The trace ends with entry %lld of %.10s %.5s:\n"),
	    (long long)p.n, at, at + 11);
	printf("%lld:%s\n", (long long)p.n, hash);
	return E_OK;
}

/* ---- verify ---- */

static enum status
parse_seen(struct ledger_audit_seen *out, const char *text, struct err *err)
{
	char *end = NULL;

	out->n = strtoll(text, &end, 10);
	if (out->n > 0 && *end == ':' &&
	    crypto_unhex(out->hash, sizeof out->hash, end + 1))
		return E_OK;
	return err_set(err, E_INVALID,
	    tr("A head is written as audit head prints it, NUMBER:HASH."));
}

enum status
command_audit_verify(const struct command_args *a, struct err *err)
{
	struct ledger_audit_seen seen = {0};
	char why[ERR_MSG_MAX];
	struct command_desk d = { .args = a };
	bool good = false;
	enum status s = a->head ? parse_seen(&seen, a->head, err) : E_OK;

	if (!s)
		s = command_desk_read(&d, err);
	if (!s)
		s = ledger_audit_verify(&good, why, d.db,
		    a->head ? &seen : NULL, err);
	s = command_desk_close(&d, s, err);
	if (s)
		return s;
	if (a->json) {
		struct json *j = json_object();

		json_put_bool(j, "ok", good);
		if (!good)
			json_put_text(j, "why", why);
		command_print_json(j);
	} else if (good) {
		puts(tr("The trace holds: the server's and those of the computers."));
	}
	return good ? E_OK : err_set(err, E_INVALID, "%s", why);
}

/* ---- purge ---- */

enum status
command_audit_purge(const struct command_args *a, struct err *err)
{
	int64_t count = 0, before_at = begin_of(date_add_months(clock_today(),
	    -KEEP_MONTHS));
	char by[RECORD_NAME_MAX];
	struct command_desk d = { .args = a };
	enum status s = a->before ? take_day(&before_at, a->before, 0, err) :
	    E_OK;

	command_trace_who(by);
	if (!s)
		s = command_desk_change(&d, err);
	if (!s)
		s = ledger_audit_purge(&count, d.db, before_at, by, err);
	s = command_desk_close(&d, s, err);
	if (s)
		return s;
	if (a->json) {
		struct json *j = json_object();

		json_put_int(j, "removed", count);
		command_print_json(j);
	} else {
		printf(tr("Removed: %lld entries.\n"), (long long)count);
	}
	return E_OK;
}

/* ---- reports ---- */

struct report {
	struct command_desk desk;
	size_t count;		/* of what was printed */
};

/* Its paper number, "" if it has none. */
static enum status
find_number(char out[64], struct db *db, const struct uuid *id,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT text FROM number WHERE record = ?", err);

	out[0] = '\0';
	if (s)
		return s;
	db_bind_uuid(st, 1, id);
	s = db_step(st, &row, err);
	if (!s && row)
		snprintf(out, 64, "%s", db_text(st, 0, NULL));
	db_finish(st);
	return s;
}

static struct json *
row_json(const struct ledger_audit_row *r, const char *name)
{
	struct json *j = NULL;
	struct err none = ERR_INIT;
	char chain[UUID_TEXT_MAX];
	struct buf text;

	buf_init(&text, AUDIT_LINE_MAX);
	audit_print(&text, &r->entry);
	if (json_parse(&j, text.data, text.len, AUDIT_LINE_MAX, &none))
		j = json_object();
	buf_release(&text);
	json_put_text(j, "name", name);
	json_put_int(j, "got_at", r->got_at);
	uuid_print(chain, &r->place.chain);
	if (!uuid_is_zero(&r->place.chain)) {
		json_put_text(j, "computer", chain);
		json_put_int(j, "branch", r->place.branch);
	}
	return j;
}

static enum status
print_row(void *self, const struct ledger_audit_row *r, struct err *err)
{
	struct report *w = self;
	const struct audit_entry *e = &r->entry;
	char at[CLOCK_TEXT_MAX], id[UUID_TEXT_MAX], nr[64] = "";
	char name[LEDGER_NAME_MAX] = "", by[LEDGER_NAME_MAX + RECORD_NAME_MAX];
	enum status s = names_of(name, w->desk.db, e->by, err);

	w->count++;
	if (!s && w->desk.args->json)
		command_print_json(row_json(r, name));
	if (s || w->desk.args->json)
		return s;
	snprintf(by, sizeof by, name[0] ? "%s(%s)" : "%s%s", name,
	    e->by[0] ? e->by : "?");
	if (e->id_count > 0)
		s = find_number(nr, w->desk.db, &e->ids[0], err);
	if (s)
		return s;
	clock_print(at, e->at);
	printf("%.10s %.8s  ", at, at + 11);
	command_print_cell(by, 20);
	command_print_cell(audit_label(e->what), 20);
	command_print_cell(e->reg, e->reg[0] ? 24 : 0);
	if (e->id_count > 0) {
		uuid_print(id, &e->ids[0]);
		printf("%s ", id);
	}
	if (nr[0])
		command_print_cell(nr, 0);
	if (e->count > 1)
		printf(tr("(%lld records) "), (long long)e->count);
	if (e->whole)
		printf("%s ", tr("id number whole"));
	command_print_cell(audit_how(e->note), 0);
	putchar('\n');
	return E_OK;
}

/* An id, or the name of a person whom there is once. */
static enum status
find_record(struct uuid *out, struct db *db, const char *text,
    struct err *err)
{
	struct db_stmt *st = NULL;
	struct buf needle;
	size_t found = 0;
	bool row = false;
	enum status s;

	if (uuid_parse(out, text))
		return E_OK;
	s = db_prepare(&st, db, "SELECT id FROM record WHERE register ="
	    " 'person' AND instr(body, ?) > 0 LIMIT 2", err);
	if (s)
		return s;
	buf_init(&needle, BUF_LINE_MAX);
	buf_text(&needle, "\"name\":");
	json_print_string(&needle, text);
	db_bind_text(st, 1, needle.data);
	while (!s) {

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		(void)db_uuid(out, st, 0);
		found++;
	}
	db_finish(st);
	buf_release(&needle);
	if (!s && found == 0)
		s = err_set(err, E_NOTFOUND, tr("Nobody is called that."));
	else if (!s && found > 1)
		s = err_set(err, E_INVALID, tr("Several are called that; give "
		    "the record's id, which fengqiao find prints."));
	return s;
}

static enum status
report(const struct command_args *a, enum status (*run)(struct report *w,
    struct err *err), struct err *err)
{
	struct report w = { .desk.args = a };
	enum status s = command_desk_look(&w.desk, err);

	if (!s)
		s = run(&w, err);
	return command_desk_close(&w.desk, s, err);
}

static enum status
who(struct report *w, struct err *err)
{
	struct uuid id;
	enum status s = find_record(&id, w->desk.db, w->desk.args->plain[0], err);

	return s ? s : ledger_audit_who(w->desk.db, &id, print_row, w, err);
}

static enum status
user(struct report *w, struct err *err)
{
	int64_t from_at = 0, to_at = INT64_MAX;
	struct account account = {0};
	enum status s = E_OK;

	if (w->desk.args->from)
		s = take_day(&from_at, w->desk.args->from, 0, err);
	if (!s && w->desk.args->to)
		s = take_day(&to_at, w->desk.args->to, 1, err);
	if (!s)
		s = ledger_audit_user(w->desk.db, w->desk.args->plain[0], from_at, to_at,
		    print_row, w, err);
	/* somebody who has done nothing, or nobody? */
	if (!s && w->count == 0)
		s = account_get(&account, w->desk.db, w->desk.args->plain[0], err);
	crypto_wipe(&account, sizeof account);
	return s;
}

enum status
command_audit_who(const struct command_args *a, struct err *err)
{
	return report(a, who, err);
}

enum status
command_audit_user(const struct command_args *a, struct err *err)
{
	return report(a, user, err);
}
