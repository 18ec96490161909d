/*
 * The commands that look after a ledger: backup, restore, check, status.
 */
#include "server/command.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "server/account_password.h"
#include "server/command_desk.h"
#include "server/command_print.h"
#include "server/command_trace.h"
#include "server/ledger_audit.h"
#include "server/ledger_check.h"
#include "server/ledger_restore.h"
#include "server/ledger_scan.h"

/* ---- the bytes of attachments ---- */

static void
print_files(const char *what, size_t count, int64_t bytes)
{
	printf(tr("%s: %zu files, %lld.%lld MB.\n"), what, count,
	    (long long)bytes / 1000000,
	    (long long)bytes % 1000000 / 100000);
}

enum status
command_blobs_gc(const struct command_args *a, struct err *err)
{
	struct command_desk d = { .args = a };
	struct scan_sweep w = {0};
	enum status s = command_desk_open(&d, err);

	if (!s)
		s = scan_sweep(&w, d.ledger, err);
	s = command_desk_close(&d, s, err);
	if (s)
		return s;
	if (a->json) {
		struct json *j = json_object();

		json_put_int(j, "kept", (int64_t)w.kept);
		json_put_int(j, "kept_bytes", w.kept_bytes);
		json_put_int(j, "dropped", (int64_t)w.dropped);
		json_put_int(j, "dropped_bytes", w.dropped_bytes);
		json_put_int(j, "missing", (int64_t)w.missing);
		command_print_json(j);
		return E_OK;
	}
	print_files(tr("Attachments kept"), w.kept, w.kept_bytes);
	print_files(tr("Attachments dropped"), w.dropped, w.dropped_bytes);
	if (w.missing)
		printf(tr("Missing: %zu; the devices that have them send them "
		    "again.\n"), w.missing);
	return E_OK;
}

/* ---- backup ---- */

enum status
command_backup(const struct command_args *a, struct err *err)
{
	struct command_desk d = { .args = a };
	enum status s = command_desk_open(&d, err);

	if (!s)
		s = command_trace_alone(d.ledger, a, err);
	if (!s)
		s = ledger_backup(d.ledger, a->plain[0], err);
	s = command_desk_close(&d, s, err);
	if (!s && a->json) {
		struct json *j = json_object();

		json_put_text(j, "backup", a->plain[0]);
		command_print_json(j);
	} else if (!s) {
		printf(tr("Copied. The attachments are files of their own: copy "
		    "%s/blobs too, at any time after this.\n"), a->data);
	}
	return s;
}

enum status
command_restore(const struct command_args *a, struct err *err)
{
	char by[RECORD_NAME_MAX];
	enum status s;

	command_trace_who(by);
	s = ledger_restore(a->data, a->plain[0], by, err);
	if (!s && !a->json)
		puts(tr("Restored. Start the server; every device hands back "
		    "what the backup lacks at its next sync."));
	return s;
}

enum status
command_check(const struct command_args *a, struct err *err)
{
	struct command_desk d = { .args = a };
	struct ledger_counts c = {0};
	enum status s = command_desk_open(&d, err);

	if (!s)
		s = ledger_check(d.ledger, err);
	if (!s)
		s = ledger_count(&c, d.ledger, err);
	s = command_desk_close(&d, s, err);
	if (s)
		return s;
	if (a->json) {
		struct json *j = json_object();

		json_put_bool(j, "ok", true);
		json_put_int(j, "records", c.records);
		json_put_int(j, "operations", c.operations);
		command_print_json(j);
	} else {
		printf(tr("The ledger is in order: %lld records, %lld operations.\n"),
		    (long long)c.records, (long long)c.operations);
	}
	return E_OK;
}

static void
print_count(const char *label, int64_t n)
{
	int cells = utf8_cells(label);

	printf("%s%*s%lld\n", label, cells < 24 ? 24 - cells : 1, "",
	    (long long)n);
}

static enum status
get_head(char out[AUDIT_HASH_TEXT + 24], struct db *db, struct err *err)
{
	struct ledger_audit_place p = {0};
	char hash[AUDIT_HASH_TEXT];
	int64_t at = 0;
	enum status s = ledger_audit_head(&p, &at, db, err);

	crypto_hex(hash, p.hash, sizeof p.hash);
	snprintf(out, AUDIT_HASH_TEXT + 24, "%lld:%s", (long long)p.n, hash);
	return s;
}

static void
print_when(const char *label, int64_t when)
{
	char at[CLOCK_TEXT_MAX] = "-";

	if (when)
		clock_print(at, when);
	printf("%s  %s\n", label, at);
}

static void
print_status(const struct ledger *l, const struct ledger_counts *c,
    int password_days, const char *head)
{
	if (ledger_county(l)->name[0])
		printf("%s (%s)\n", ledger_county(l)->name,
		    ledger_county(l)->code);
	print_count(tr("Offices"), c->offices);
	print_count(tr("Users"), c->users);
	print_count(tr("Devices in use"), c->devices);
	print_count(tr("Days of a password"), password_days);
	print_count(tr("Records"), c->records);
	print_count(tr("Operations decided"), c->operations);
	print_count(tr("Conflicts open"), c->conflicts_open);
	print_count(tr("Refused, to be looked at"), c->quarantined);
	print_count(tr("Operations in no backup"), c->not_in_it);
	print_when(tr("Last backup"), c->backup_at);
	print_when(tr("Last operation"), c->last_at);
	printf("%s  %s\n", tr("End of the trace"), head);
	if (c->behind_at)
		puts(tr("A device knows more than this ledger: an older one "
		    "was put back. Stop the server and run \"fengqiaod "
		    "restore\"."));
}

static void
print_status_json(const struct ledger *l, const struct ledger_counts *c,
    int password_days, const char *head)
{
	struct json *j = json_object();

	json_put_text(j, "county", ledger_county(l)->code);
	json_put_text(j, "county_name", ledger_county(l)->name);
	json_put_text(j, "server_epoch", ledger_epoch(l));
	json_put_int(j, "offices", c->offices);
	json_put_int(j, "users", c->users);
	json_put_int(j, "devices", c->devices);
	json_put_int(j, "password_days", password_days);
	json_put_int(j, "records", c->records);
	json_put_int(j, "operations", c->operations);
	json_put_int(j, "conflicts_open", c->conflicts_open);
	json_put_int(j, "quarantined", c->quarantined);
	json_put_int(j, "last_at", c->last_at);
	json_put_int(j, "backup_at", c->backup_at);
	json_put_int(j, "not_in_backup", c->not_in_it);
	json_put_int(j, "behind_at", c->behind_at);
	json_put_text(j, "audit_head", head);
	command_print_json(j);
}

enum status
command_status(const struct command_args *a, struct err *err)
{
	struct command_desk d = { .args = a };
	struct ledger_counts c = {0};
	char head[AUDIT_HASH_TEXT + 24];
	int password_days = 0;
	enum status s = command_desk_open(&d, err);

	if (!s)
		s = ledger_count(&c, d.ledger, err);
	if (!s)
		s = command_desk_read(&d, err);
	if (!s)
		s = account_password_days(&password_days, d.db, err);
	if (!s)
		s = get_head(head, d.db, err);
	if (!s && a->json)
		print_status_json(d.ledger, &c, password_days, head);
	else if (!s)
		print_status(d.ledger, &c, password_days, head);
	return command_desk_close(&d, s, err);
}
