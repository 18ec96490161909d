/*
 * The trace: of a cache here, of the server in test_audit_server.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/io.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "db/db_number.h"
#include "kit/cache.h"
#include "store/audit.h"

#define DAY_MS (24 * 3600 * 1000LL)
#define START_AT 1795300000000LL

static void
put(struct store *s, enum audit_what what)
{
	struct err err = ERR_INIT;

	assert_int_equal(audit_put(s, &(struct audit_note){ .what = what },
	    &err), E_OK);
}

static int64_t
verify(struct store *s, char why[ERR_MSG_MAX])
{
	struct err err = ERR_INIT;
	int64_t first = -1;

	why[0] = '\0';
	assert_int_equal(audit_verify(&first, why, s, &err), E_OK);
	return first;
}

/* As somebody with the file and no key would. */
static void
meddle(const struct cache *c, const char *sql)
{
	char *path = io_join(c->home, "cache.db");
	struct err err = ERR_INIT;
	struct db *db = NULL;

	assert_int_equal(db_open(&db, path, DB_WRITE, &err), E_OK);
	assert_int_equal(db_exec(db, sql, &err), E_OK);
	db_close(db);
	free(path);
}

struct kept {
	char what[64][RECORD_NAME_MAX], by[64][RECORD_NAME_MAX];
	char note[64][AUDIT_NOTE_MAX];
	bool whole[64];
	size_t ids[64], count;
};

static bool
keep(void *self, const struct audit_entry *e)
{
	struct kept *k = self;

	assert_true(k->count < 64);
	snprintf(k->what[k->count], RECORD_NAME_MAX, "%s", e->what);
	snprintf(k->by[k->count], RECORD_NAME_MAX, "%s", e->by);
	snprintf(k->note[k->count], AUDIT_NOTE_MAX, "%s", e->note);
	k->whole[k->count] = e->whole;
	k->ids[k->count] = e->id_count;
	k->count++;
	return true;
}

static struct kept
all(struct store *s)
{
	struct kept k = {0};
	struct err err = ERR_INIT;

	assert_int_equal(audit_each(s, keep, &k, &err), E_OK);
	return k;
}

/* ---- what is noted ---- */

static void
test_who_comes_in(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;
	struct kept k;

	store_lock(c->s);
	assert_int_equal(store_unlock(c->s, "zhang", "not it, is it", &err),
	    E_AUTH);
	assert_int_equal(store_unlock(c->s, "nobody", "whatever it is", &err),
	    E_NOTFOUND);
	clock_fix(START_AT + DAY_MS);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
	    E_OK);
	k = all(c->s);
	/* the newest first; the set-up signed in through the server */
	assert_int_equal(k.count, 3);
	assert_string_equal(k.what[0], "signin");
	assert_string_equal(k.by[0], "zhang");
	assert_string_equal(k.what[1], "signin_bad");
	assert_string_equal(k.what[2], "signin");
	assert_string_equal(k.note[2], "server");
}

static void
test_what_is_restricted(void **state)
{
	struct cache *c = *state;
	static const struct {
		const char *reg;
		bool traced;
	} cases[] = {
		{ "person", true }, { "correction_subject", true },
		{ "correction_event", true }, { "resettlement_subject", true },
		{ "mediation_case", false }, { "village", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct schema_register *reg = schema_register_find(
		    c->schema, cases[i].reg);

		assert_non_null(reg);
		assert_int_equal(audit_is_restricted(reg), cases[i].traced);
	}
}

static void
test_views(void **state)
{
	struct cache *c = *state;
	struct uuid person, village;
	struct err err = ERR_INIT;
	struct kept k;

	person = cache_add(c->s, "person", "name=甲;kind=01;sex=1;id_type=111;"
	    "id_no=99010119850302001X;birth=1985-03-02");
	village = cache_add(c->s, "village", "name=新桥村;kind=1;code=990101001001");
	assert_int_equal(audit_view(c->s, &person, &err), E_OK);
	assert_int_equal(audit_view(c->s, &village, &err), E_OK);
	assert_int_equal(audit_view_as(c->s, &person, "form", true, &err), E_OK);
	assert_int_equal(audit_rows(c->s, AUDIT_LIST, NULL, &village, 1, false,
	    NULL, &err), E_OK);
	assert_int_equal(audit_rows(c->s, AUDIT_FIND, NULL, &person, 1, true,
	    NULL, &err), E_OK);
	k = all(c->s);
	assert_int_equal(k.count, 4);
	assert_string_equal(k.what[0], "find");
	assert_int_equal(k.ids[0], 1);
	assert_true(k.whole[0]);
	assert_string_equal(k.what[1], "view");
	assert_string_equal(k.note[1], "form");
	assert_true(k.whole[1]);
	assert_string_equal(k.what[2], "view");
	assert_false(k.whole[2]);
}

/* Without a note no act, and no half of one. */
static void
test_no_note_no_act(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=甲");
	char why[ERR_MSG_MAX];
	bool done = false;

	for (long n = 1; !done; n++) {
		struct err err = ERR_INIT;
		size_t before = all(c->s).count;
		enum status st;

		assert_true(n < 60);
		db_fail_after(n);
		st = audit_put(c->s, &(struct audit_note){ .what = AUDIT_VIEW,
		    .ids = &id, .id_count = 1 }, &err);
		done = !db_has_failed();
		db_fail_after(0);
		assert_int_equal(st, done ? E_OK : E_IO);
		assert_int_equal(err.code, st);
		assert_int_equal(all(c->s).count, before + (st == E_OK));
		assert_int_equal(verify(c->s, why), 0);
	}
}

/* ---- the chain ---- */

static void
fill(struct cache *c)
{
	for (int i = 0; i < 5; i++)
		put(c->s, i == 2 ? AUDIT_EXPORT : AUDIT_VIEW);
}

static void
test_meddling_is_named(void **state)
{
	struct cache *c = *state;
	static const struct {
		const char *sql;
		int64_t first;
	} cases[] = {
		{ "UPDATE audit SET entry = zeroblob(length(entry)) WHERE"
		  " n = 3", 3 },
		{ "UPDATE audit SET hash = zeroblob(32) WHERE n = 3", 3 },
		{ "UPDATE audit SET clear = 1 WHERE n = 3", 3 },
		{ "DELETE FROM audit WHERE n = 3", 3 },
		{ "DELETE FROM audit WHERE n = 1", 1 },
		{ "UPDATE audit SET n = 99 WHERE n = 2; UPDATE audit SET n = 2"
		  " WHERE n = 4; UPDATE audit SET n = 4 WHERE n = 99", 2 },
		{ "UPDATE audit SET entry = (SELECT entry FROM audit WHERE"
		  " n = 5) WHERE n = 4", 4 },
		{ "DELETE FROM audit WHERE n = 6", 6 },
		{ "DELETE FROM audit WHERE n > 3", 4 },
		{ "DELETE FROM audit_mark", 1 },
		{ "UPDATE audit_mark SET n = 4 WHERE name = 'head'", 1 },
		{ "INSERT INTO audit(n, at, clear, hash, entry) SELECT 7, at,"
		  " 0, hash, entry FROM audit WHERE n = 6", 7 },
	};
	char why[ERR_MSG_MAX];

	fill(c);
	assert_int_equal(verify(c->s, why), 0);
	meddle(c, "CREATE TABLE a AS SELECT * FROM audit; CREATE TABLE m AS"
	    " SELECT * FROM audit_mark");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char number[24];

		meddle(c, cases[i].sql);
		assert_int_equal(verify(c->s, why), cases[i].first);
		snprintf(number, sizeof number, "%d", (int)cases[i].first);
		assert_non_null(strstr(why, number));
		meddle(c, "DELETE FROM audit; INSERT INTO audit SELECT * FROM"
		    " a; DELETE FROM audit_mark; INSERT INTO audit_mark"
		    " SELECT * FROM m");
		assert_int_equal(verify(c->s, why), 0);
	}
}

/* What is written after rows were taken away does not close the gap. */
static void
test_gap_stays(void **state)
{
	struct cache *c = *state;
	char why[ERR_MSG_MAX];

	fill(c);
	meddle(c, "DELETE FROM audit WHERE n >= 5");
	put(c->s, AUDIT_VIEW);
	assert_int_equal(verify(c->s, why), 5);
}

static void
test_nothing_in_clear(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	char *path = io_join(c->home, "cache.db");
	int64_t clear = -1;

	fill(c);
	assert_int_equal(db_open(&db, path, DB_READ, &err), E_OK);
	assert_int_equal(db_number(&clear, db, "SELECT count(*) FROM audit"
	    " WHERE clear <> 0 OR instr(entry, 'zhang') > 0", &err), E_OK);
	assert_int_equal(clear, 0);
	db_close(db);
	free(path);
}

/* ---- for the server ---- */

static void
check_batch(struct store *s, int64_t from, int64_t first, int64_t last)
{
	struct audit_batch b = {0};
	struct err err = ERR_INIT;
	uint8_t hash[AUDIT_HASH], end[AUDIT_HASH];
	int64_t n = 0;

	assert_int_equal(audit_batch(&b, s, from, BUF_LINE_MAX, &err), E_OK);
	assert_int_equal(b.last, last);
	if (last > 0)
		assert_int_equal(b.first, first);
	memcpy(hash, b.before, sizeof hash);
	for (char *at = b.lines.data; *at;) {
		size_t len = strcspn(at, "\n");

		audit_chain(hash, at, len);
		at += len + 1;
	}
	assert_int_equal(audit_last(&n, end, s, &err), E_OK);
	if (last == n)
		assert_memory_equal(hash, end, sizeof end);
	audit_batch_release(&b);
}

static void
test_batches(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;

	fill(c);
	check_batch(c->s, 0, 1, 6);
	assert_int_equal(audit_acked(c->s, 4, &err), E_OK);
	check_batch(c->s, 0, 5, 6);
	check_batch(c->s, 2, 2, 6);
	assert_int_equal(audit_acked(c->s, 6, &err), E_OK);
	check_batch(c->s, 0, 7, 0);
}

/* Six months, and only what the server has, by the server's clock. */
static void
test_what_may_go(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;
	char why[ERR_MSG_MAX];

	fill(c);
	clock_fix(START_AT + 1000 * DAY_MS);
	assert_int_equal(audit_acked(c->s, 3, &err), E_OK);
	assert_int_equal(all(c->s).count, 6);	/* our clock is not believed */
	assert_int_equal(store_hear(c->s, START_AT + 184 * DAY_MS, &err),
	    E_OK);
	assert_int_equal(audit_acked(c->s, 3, &err), E_OK);
	assert_int_equal(all(c->s).count, 6);
	assert_int_equal(store_hear(c->s, START_AT + 185 * DAY_MS, &err),
	    E_OK);
	assert_int_equal(audit_acked(c->s, 3, &err), E_OK);
	assert_int_equal(all(c->s).count, 3);
	assert_int_equal(verify(c->s, why), 0);
	check_batch(c->s, 1, 4, 6);
	meddle(c, "DELETE FROM audit WHERE n = 4");
	assert_int_equal(verify(c->s, why), 4);
}

static int
set_up(void **state)
{
	clock_fix(START_AT);
	return cache_set_up(state);
}

static int
set_up_builtin(void **state)
{
	clock_fix(START_AT);
	return cache_set_up_builtin(state);
}

static int
tear_down(void **state)
{
	clock_fix(0);
	clock_floor(0);
	return cache_tear_down(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_who_comes_in, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_restricted,
		    set_up_builtin, tear_down),
		cmocka_unit_test_setup_teardown(test_views, set_up_builtin,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_no_note_no_act, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_meddling_is_named, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_gap_stays, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_in_clear, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_batches, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_what_may_go, set_up,
		    tear_down),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
