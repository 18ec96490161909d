/*
 * The township; see township.h.  Enrolment, sign-in and sync go through the
 * same calls as on a real line.
 */
#include "db/db_number.h"
#include "kit/check.h"
#include "kit/township.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "kit/files.h"
#include "kit/mold.h"
#include "kit/passwords.h"
#include "kit/township_defs.h"
#include "server/account.h"
#include "server/device.h"
#include "server/device_end.h"
#include "server/ledger_check.h"
#include "server/ledger_restore.h"
#include "server/snapshot_make.h"
#include "store/erasure.h"
#include "store/inside.h"
#include "sync/session.h"

/* ---- the county ---- */

static const struct account people[TOWNSHIP_PEOPLE] = {
	{ .login = "u1", .office = OFFICE_ONE, .role = "clerk" },
	{ .login = "u1b", .office = OFFICE_ONE, .role = "chief" },
	{ .login = "u1c", .office = OFFICE_ONE, .role = "clerk" },
	{ .login = "u1x", .office = OFFICE_ONE, .role = "auditor" },
	{ .login = "u1n", .office = OFFICE_ONE, .role = "clerk" },
	{ .login = "u2", .office = OFFICE_TWO, .role = "clerk" },
	{ .login = "u2b", .office = OFFICE_TWO, .role = "chief" },
	{ .login = "uc", .office = OFFICE_COUNTY, .role = "chief" },
};

unsigned
township_person(const char *login)
{
	unsigned i = 0;

	while (strcmp(people[i].login, login) != 0)
		assert_true(++i < TOWNSHIP_PEOPLE);
	return i;
}

static void
add_people(struct ledger *ledger)
{
	static const struct office one = { OFFICE_ONE, "一所", false };
	static const struct office two = { OFFICE_TWO, "二所", false };
	struct db *db = NULL;
	struct err err = ERR_INIT;
	char verifier[128] = "";

	kit_check(account_make_verifier(verifier, TOWNSHIP_PASSWORD, &err), &err);
	kit_check(ledger_begin(&db, ledger, &err), &err);
	kit_check(office_add(db, &one, &err), &err);
	kit_check(office_add(db, &two, &err), &err);
	for (size_t i = 0; i < TOWNSHIP_PEOPLE; i++) {
		struct account a = people[i];

		snprintf(a.name, sizeof a.name, "某%s", a.login);
		memcpy(a.verifier, verifier, sizeof verifier);
		kit_check(account_add(db, &a, &err), &err);
	}
	kit_check(ledger_end(ledger, E_OK, &err), &err);
}

/* In memory where there is such a folder: nothing here outlives the program,
 * and a disk's syncs would be most of its time. */
static const char *
place(void)
{
	return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

void
township_folder(char out[64])
{
	snprintf(out, 64, "%s/fengqiao-town-%08ld-XXXXXX", place(),
		(long)getpid());
	assert_non_null(mkdtemp(out));
}

void
township_clean(long pid)
{
	char *command = mem_printf("rm -rf %s/fengqiao-town-%08ld-*", place(),
		pid);

	if (system(command) != 0)
		print_error("%s did not work\n", command);
	free(command);
}

static void
fix_clocks(void)
{
	crypto_init();
	clock_fix(1772413000000);	/* 2026-03-02 */
	clock_fix_mono(3600000);	/* an hour after the machine's start */
}

void
township_found(const char *dir)
{
	static const struct ledger_county self = { OFFICE_COUNTY, "测试县" };
	struct ledger *ledger = NULL;
	struct err err = ERR_INIT;

	fix_clocks();
	kit_check(ledger_create(dir, &self, &err), &err);
	kit_check(ledger_open(&ledger, dir, &err), &err);
	add_people(ledger);
	ledger_close(ledger);
}

static const struct schema *
serving(const struct township *t)
{
	return t->renewed ? t->newer : t->schema;
}

void
township_open(struct township *t)
{
	struct err err = ERR_INIT;

	*t = (struct township){ .heard = 14695981039346656037ULL };
	fix_clocks();
	township_folder(t->dir);
	if (!mold_ledger(t->dir))
		township_found(t->dir);
	t->schema = township_schema(TOWNSHIP_PRESENT);
	t->older = township_schema(TOWNSHIP_OLDER);
	t->newer = township_schema(TOWNSHIP_NEWER);
	kit_check(ledger_open(&t->ledger, t->dir, &err), &err);
	kit_check(api_new(&t->api, t->ledger, serving(t), &err), &err);
	kit_check(api_read_ahead(t->api, &err), &err);
}

static void
close_ledger(struct township *t)
{
	api_free(t->api);
	t->api = NULL;
	ledger_close(t->ledger);
	t->ledger = NULL;
}

static void
open_ledger(struct township *t)
{
	struct err err = ERR_INIT;

	kit_check(ledger_open(&t->ledger, t->dir, &err), &err);
	kit_check(api_new(&t->api, t->ledger, serving(t), &err), &err);
	kit_check(api_read_ahead(t->api, &err), &err);
}

void
township_restart(struct township *t)
{
	close_ledger(t);
	open_ledger(t);
}

void
township_backup(struct township *t)
{
	char *path = mem_printf("%s/backup", t->dir);
	struct err err = ERR_INIT;

	(void)remove(path);
	kit_check(ledger_backup(t->ledger, path, &err), &err);
	memcpy(t->saved_passwords, t->passwords, sizeof t->passwords);
	t->saved = true;
	free(path);
}

static void
make_snapshot(struct township *t, const char *stream)
{
	struct snapshot made = {0};
	struct err err = ERR_INIT;

	kit_check(snapshot_make(&made, t->dir, stream, NULL, &err), &err);
	snapshot_release(&made);
}

void
township_snapshot(struct township *t, const char *stream)
{
	struct snapshot_need *needs = NULL;
	struct db *db = NULL;
	size_t count = 0;
	struct err err = ERR_INIT;

	if (stream) {
		make_snapshot(t, stream);
		return;
	}
	kit_check(ledger_begin_read(&db, t->ledger, &err), &err);
	kit_check(snapshot_needs(&needs, &count, t->ledger, db, &err), &err);
	ledger_end_read(t->ledger);
	for (size_t i = 0; i < count; i++) {
		if (needs[i].held > 0 && needs[i].behind > 0)
			make_snapshot(t, needs[i].stream);
	}
	free(needs);
}

void
township_put_back(struct township *t)
{
	char *command = mem_printf("cd '%s' && rm -f ledger.db-wal"
		" ledger.db-shm && cp backup ledger.db", t->dir);

	close_ledger(t);
	assert_int_equal(system(command), 0);
	open_ledger(t);
	t->restored++;
	free(command);
}

void
township_restore(struct township *t)
{
	char *path = mem_printf("%s/backup", t->dir);
	struct err err = ERR_INIT;

	close_ledger(t);
	kit_check(ledger_restore(t->dir, path, "root", &err), &err);
	open_ledger(t);
	memcpy(t->passwords, t->saved_passwords, sizeof t->passwords);
	t->restored++;
	if (t->renewed) {
		int64_t last = township_number(t,
			"SELECT coalesce(max(rowid), 0) FROM history");

		if (last < t->renewed_row)
			t->renewed_row = last;
	}
	free(path);
}

void
township_close(struct township *t)
{
	db_fail_after(0);
	for (size_t i = 0; i < t->count; i++) {
		store_close(t->sites[i]->s);
		buf_release(&t->sites[i]->net.before);
		free(t->sites[i]);
	}
	api_free(t->api);
	ledger_close(t->ledger);
	schema_free(t->schema);
	schema_free(t->older);
	schema_free(t->newer);
	files_remove(t->dir);
	clock_fix(0);
	clock_fix_mono(0);
}

void
township_tick(int64_t ms)
{
	clock_fix(clock_now_at() + ms);
	clock_fix_mono(clock_mono_ms() + ms);
}

void
township_shut(struct township *t, const struct site *site, bool shut)
{
	struct store_device d = {0};
	struct db *db = NULL;
	struct err err = ERR_INIT;
	struct uuid id;
	enum status s;

	kit_check(store_device_get(&d, site->s, &err), &err);
	assert_true(uuid_parse(&id, d.device));
	kit_check(ledger_begin(&db, t->ledger, &err), &err);
	s = shut ? device_revoke(db, &id, &err) : device_allow(db, &id, &err);
	kit_check(ledger_end(t->ledger, s, &err), &err);
}

void
township_role(struct township *t, const char *login, const char *role)
{
	struct db *db = NULL;
	struct db_stmt *st = NULL;
	struct err err = ERR_INIT;
	char name[LEDGER_NAME_MAX];

	kit_check(ledger_begin(&db, t->ledger, &err), &err);
	kit_check(db_prepare(&st, db, "UPDATE account SET role = ? WHERE login = ?",
		&err), &err);
	db_bind_text(st, 1, role);
	db_bind_text(st, 2, login);
	kit_check(db_run(st, &err), &err);
	db_finish(st);
	/* one who writes nothing is called otherwise from now on */
	snprintf(name, sizeof name, "u1x %s", role);
	kit_check(account_set(db, "u1x", name, NULL, NULL, &err), &err);
	kit_check(ledger_end(t->ledger, E_OK, &err), &err);
}

int64_t
township_number(struct township *t, const char *sql)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;
	int64_t n = 0;

	kit_check(ledger_begin_read(&db, t->ledger, &err), &err);
	kit_check(db_number(&n, db, sql, &err), &err);
	ledger_end_read(t->ledger);
	return n;
}

/* ---- quiet ---- */

static bool
has_moved(const struct sync_counts *c)
{
	return c->pushed > 0 || c->apply.pulled > 0 || c->apply.gone > 0 ||
		c->scans.sent > 0;
}

void
township_settle(struct township *t)
{
	bool moved = true;

	for (int round = 0; moved; round++) {
		if (round == 20)
			fail_msg("They never come to rest.");
		moved = false;
		for (size_t i = 0; i < t->count; i++) {
			struct site *site = t->sites[i];
			struct sync_counts counts = {0};
			struct err err = ERR_INIT;

			passwords_follow(site);
			site_fault(site, NET_FINE, 0);
			site->net.during = NULL;
			if (site_sync(site, &counts, &err))
				fail_msg("site %zu: %s", i, err.msg);
			moved = moved || has_moved(&counts);
		}
	}
}
