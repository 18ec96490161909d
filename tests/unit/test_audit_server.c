/*
 * The server's trace, and those that devices send.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"
#include "kit/county.h"
#include "server/ledger_audit.h"

#define START_AT 1795300000000LL
#define DAY_MS (24 * 3600 * 1000LL)

static int
setup(void **state)
{
	clock_fix(START_AT);
	return county_set_up(state);
}

static int
teardown(void **state)
{
	clock_fix(0);
	return county_tear_down(state);
}

static void
put(struct county *c, enum audit_what what, const char *by)
{
	struct err err = ERR_INIT;

	assert_int_equal(ledger_audit_alone(c->ledger,
	    &(struct ledger_audit_note){ .what = what, .by = by }, &err),
	    E_OK);
}

static void
sql(struct county *c, const char *text)
{
	struct err err = ERR_INIT;

	if (db_exec(county_begin(c), text, &err))
		fail_msg("%s", err.msg);
	county_commit(c);
}

static bool
holds(struct county *c, const struct ledger_audit_seen *seen,
    char why[ERR_MSG_MAX])
{
	struct err err = ERR_INIT;
	struct db *db = NULL;
	bool good = false;

	why[0] = '\0';
	assert_int_equal(ledger_begin_read(&db, c->ledger, &err), E_OK);
	assert_int_equal(ledger_audit_verify(&good, why, db, seen, &err),
	    E_OK);
	ledger_end_read(c->ledger);
	return good;
}

static int64_t
number(struct county *c, const char *text)
{
	struct err err = ERR_INIT;
	int64_t n = -1;

	assert_int_equal(db_number(&n, county_begin(c), text, &err), E_OK);
	county_commit(c);
	return n;
}

/* ---- a device's side ---- */

struct chain {
	uint8_t hash[64][AUDIT_HASH];	/* [n]: of entry n */
	char text[64][400];
	int64_t n;
};

static void
grow(struct chain *k, const char *what, const struct uuid *id)
{
	struct audit_entry e = { .n = k->n + 1, .at = START_AT + k->n,
		.by = "u1", .ids = (struct uuid *)(uintptr_t)id,
		.id_count = id ? 1 : 0 };
	struct buf text;

	snprintf(e.what, sizeof e.what, "%s", what);
	buf_init(&text, AUDIT_LINE_MAX);
	audit_print(&text, &e);
	k->n++;
	memcpy(k->hash[k->n], k->hash[k->n - 1], AUDIT_HASH);
	audit_chain(k->hash[k->n], text.data, text.len);
	assert_true(text.len < sizeof k->text[0]);
	memcpy(k->text[k->n], text.data, text.len + 1);
	buf_release(&text);
}

static int64_t
send(struct county *c, const struct chain *k, int64_t from, bool oldest)
{
	struct err err = ERR_INIT;
	struct buf lines;
	int64_t acked = 0;

	buf_init(&lines, BUF_BATCH_MAX);
	for (int64_t n = from; n <= k->n; n++)
		buf_printf(&lines, "%s\n", k->text[n]);
	if (ledger_audit_take(&acked, county_begin(c), &c->at[AT_ONE].device.id,
	    k->hash[from - 1], oldest, lines.data, lines.len, &err))
		fail_msg("%s", err.msg);
	county_commit(c);
	buf_release(&lines);
	return acked;
}

static const struct chain *
five(void)
{
	static struct chain k;

	k = (struct chain){0};
	for (int i = 0; i < 5; i++)
		grow(&k, "view", NULL);
	return &k;
}

#define FORKS "SELECT count(*) FROM audit WHERE instr(entry, '\"fork\"') > 0"
#define GAPS "SELECT count(*) FROM audit WHERE instr(entry, '\"gap\"') > 0"

static void
test_sent_again(void **state)
{
	struct county *c = *state;
	struct chain k = *five();
	char why[ERR_MSG_MAX];

	assert_int_equal(send(c, &k, 1, true), 5);
	assert_int_equal(send(c, &k, 1, true), 5);
	assert_int_equal(send(c, &k, 3, false), 5);
	grow(&k, "export", NULL);
	assert_int_equal(send(c, &k, 6, false), 6);
	assert_int_equal(number(c, "SELECT count(*) FROM audit WHERE"
	    " branch = 1"), 6);
	assert_int_equal(number(c, FORKS), 0);
	assert_true(holds(c, NULL, why));
}

/* The ledger was put back: what it has not got is asked for. */
static void
test_needed_first(void **state)
{
	struct county *c = *state;
	struct chain k = *five();
	char why[ERR_MSG_MAX];

	assert_int_equal(send(c, &k, 4, false), -1);
	assert_int_equal(number(c, "SELECT count(*) FROM audit"), 0);
	assert_int_equal(send(c, &k, 1, true), 5);
	assert_int_equal(number(c, GAPS), 0);
	assert_true(holds(c, NULL, why));
}

/* It has not got them any more either. */
static void
test_gap_is_said(void **state)
{
	struct county *c = *state;
	struct chain k = *five();
	char why[ERR_MSG_MAX];

	assert_int_equal(send(c, &k, 3, true), 5);
	assert_int_equal(number(c, GAPS), 1);
	assert_true(holds(c, NULL, why));
}

/* A copy of the cache, or one that was put back, goes on from the middle. */
static void
test_fork_is_said(void **state)
{
	struct county *c = *state;
	struct chain k = *five(), copy = k;
	char why[ERR_MSG_MAX];

	assert_int_equal(send(c, &k, 1, true), 5);
	copy.n = 3;
	grow(&copy, "export", NULL);
	grow(&copy, "view", NULL);
	assert_int_equal(send(c, &copy, 4, false), 5);
	assert_int_equal(number(c, FORKS), 1);
	/* both go on, each in its branch */
	grow(&k, "view", NULL);
	assert_int_equal(send(c, &k, 6, false), 6);
	grow(&copy, "view", NULL);
	assert_int_equal(send(c, &copy, 6, false), 6);
	assert_int_equal(number(c, FORKS), 1);
	assert_int_equal(number(c, "SELECT count(*) FROM audit WHERE"
	    " branch = 1"), 6);
	assert_int_equal(number(c, "SELECT count(*) FROM audit WHERE"
	    " branch = 2"), 3);
	assert_true(holds(c, NULL, why));
	/* it goes back to the very beginning */
	copy = (struct chain){0};
	grow(&copy, "signin", NULL);
	assert_int_equal(send(c, &copy, 1, true), 1);
	assert_int_equal(number(c, FORKS), 2);
	assert_true(holds(c, NULL, why));
}

static void
test_nonsense(void **state)
{
	struct county *c = *state;
	static const char *const texts[] = {
		"", "\n", "[]\n", "{\"n\":1}\n", "{\"n\":0,\"at\":1,"
		"\"what\":\"view\"}\n", "{\"n\":1,\"at\":1,\"what\":\"view\"}\n"
		"{\"n\":3,\"at\":1,\"what\":\"view\"}\n",
		"{\"n\":1,\"at\":1,\"what\":\"view\",\"ids\":[\"x\"]}\n",
	};
	const uint8_t zeros[AUDIT_HASH] = {0};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct err err = ERR_INIT;
		int64_t acked = 0;
		struct db *db = county_begin(c);
		enum status s = ledger_audit_take(&acked, db,
		    &c->at[AT_ONE].device.id, zeros, true, texts[i],
		    strlen(texts[i]), &err);

		assert_int_equal(s, E_INVALID);
		assert_int_equal(ledger_end(c->ledger, s, &err), E_INVALID);
	}
	assert_int_equal(number(c, "SELECT count(*) FROM audit"), 0);
}

/* ---- meddling ---- */

static void
test_meddling_is_named(void **state)
{
	struct county *c = *state;
	const struct uuid seen = uuid_new();
	struct chain k = {0};
	static const struct {
		const char *sql, *word;
		bool own;
		int64_t n;
	} cases[] = {
#define OWN " WHERE chain = zeroblob(16) AND n = "
#define DEV " WHERE chain <> zeroblob(16) AND n = "
		{ "UPDATE audit SET entry = replace(CAST(entry AS text),"
		  " '\"u2\"', '\"u3\"')" OWN "3", "changed", true, 3 },
		{ "UPDATE audit SET login = 'u3'" OWN "3", "changed", true, 3 },
		{ "UPDATE audit SET hash = zeroblob(32)" OWN "3", "changed",
		  true, 3 },
		{ "DELETE FROM audit" OWN "3", "missing", true, 3 },
		{ "DELETE FROM audit" OWN "1", "missing", true, 1 },
		{ "DELETE FROM audit" OWN "5", "missing", true, 5 },
		{ "UPDATE audit SET n = 99" OWN "2; UPDATE audit SET n = 2" OWN
		  "3; UPDATE audit SET n = 3" OWN "99", "changed", true, 2 },
		{ "DELETE FROM audit" OWN "5; DELETE FROM meta WHERE"
		  " name = 'audit_head'", "changed", true, 4 },
		{ "INSERT INTO audit_base SELECT chain, branch, n, hash FROM"
		  " audit" OWN "2; DELETE FROM audit WHERE chain ="
		  " zeroblob(16) AND n <= 2", "missing", true, 2 },
		{ "UPDATE audit SET entry = replace(CAST(entry AS text),"
		  " '\"u1\"', '\"u3\"')" DEV "3", "changed", false, 3 },
		{ "DELETE FROM audit" DEV "3", "missing", false, 3 },
		{ "DELETE FROM audit" DEV "5", "missing", false, 5 },
		{ "DELETE FROM audit" DEV "1", "missing", false, 1 },
		{ "UPDATE audit SET n = 99" DEV "2; UPDATE audit SET n = 2" DEV
		  "4; UPDATE audit SET n = 4" DEV "99", "changed", false, 2 },
		{ "INSERT INTO audit SELECT chain, 7, n, got_at, login, hash,"
		  " entry, cut FROM audit" DEV "1", "changed", false, 1 },
		/* no hash is over these: they hide an entry from whoever asks */
		{ "UPDATE audit SET got_at = 1" OWN "3", "changed", true, 3 },
		{ "UPDATE audit SET got_at = 1" DEV "3", "changed", false, 3 },
		{ "UPDATE audit SET got_at = got_at + 86400000" DEV "5",
		  "changed", false, 5 },
		{ "UPDATE audit SET cut = 1" DEV "2", "changed", false, 2 },
		{ "DELETE FROM audit_about" DEV "4", "changed", false, 4 },
		{ "UPDATE audit_about SET record = zeroblob(16)" DEV "4",
		  "changed", false, 4 },
		{ "UPDATE audit_about SET n = 3" DEV "4", "changed", false, 4 },
		/* and this says of somebody what they have not done */
		{ "INSERT INTO audit_about SELECT zeroblob(16), chain, branch,"
		  " n FROM audit" DEV "2", "changed", false, 2 },
		{ "INSERT INTO audit_about SELECT record, chain, branch, 99"
		  " FROM audit_about", "changed", false, 99 },
	};
	char why[ERR_MSG_MAX], n[48];

	for (int i = 1; i <= 5; i++)
		grow(&k, "view", i == 4 ? &seen : NULL);
	put(c, AUDIT_SIGNIN, "u1");
	put(c, AUDIT_SIGNIN, "u2");
	put(c, AUDIT_SIGNIN_BAD, "u2");
	put(c, AUDIT_RESTORED, "");
	assert_int_equal(send(c, &k, 1, true), 5);
	assert_true(holds(c, NULL, why));
	sql(c, "CREATE TABLE x AS SELECT * FROM audit; CREATE TABLE y AS"
	    " SELECT * FROM meta; CREATE TABLE z AS SELECT * FROM"
	    " audit_base; CREATE TABLE w AS SELECT * FROM audit_about");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		sql(c, cases[i].sql);
		assert_false(holds(c, NULL, why));
		snprintf(n, sizeof n, "Entry %d ", (int)cases[i].n);
		if (!strstr(why, cases[i].word) || !strstr(why, n) ||
		    cases[i].own != !strstr(why, "computer"))
			fail_msg("%zu: %s", i, why);
		sql(c, "DELETE FROM audit; INSERT INTO audit SELECT * FROM x;"
		    " DELETE FROM meta; INSERT INTO meta SELECT * FROM y;"
		    " DELETE FROM audit_base; INSERT INTO audit_base SELECT *"
		    " FROM z; DELETE FROM audit_about; INSERT INTO audit_about"
		    " SELECT * FROM w");
		assert_true(holds(c, NULL, why));
	}
}

/* Who has the file can write the whole chain anew, but not what was written
 * down on paper. */
static void
test_written_on_paper(void **state)
{
	struct county *c = *state;
	struct ledger_audit_place head = {0};
	struct ledger_audit_seen seen = {0};
	struct err err = ERR_INIT;
	char why[ERR_MSG_MAX];
	int64_t at = 0;

	put(c, AUDIT_SIGNIN, "u1");
	put(c, AUDIT_SIGNIN_BAD, "u2");
	assert_int_equal(ledger_audit_head(&head, &at, county_begin(c), &err), E_OK);
	county_commit(c);
	assert_int_equal(at, START_AT);
	seen.n = head.n;
	memcpy(seen.hash, head.hash, sizeof seen.hash);
	put(c, AUDIT_SIGNIN, "u2");
	assert_true(holds(c, &seen, why));
	sql(c, "DELETE FROM audit; DELETE FROM meta WHERE name ="
	    " 'audit_head'");
	put(c, AUDIT_SIGNIN, "u1");
	assert_true(holds(c, NULL, why));
	assert_false(holds(c, &seen, why));
	put(c, AUDIT_SIGNIN, "u2");
	put(c, AUDIT_SIGNIN, "u2");
	assert_false(holds(c, &seen, why));
}

/* ---- what goes ---- */

static void
test_purge(void **state)
{
	struct county *c = *state;
	struct chain k = *five();
	struct err err = ERR_INIT;
	char why[ERR_MSG_MAX];
	int64_t count = 0;
	enum status s;

	put(c, AUDIT_SIGNIN, "u1");
	assert_int_equal(send(c, &k, 1, true), 5);
	clock_fix(START_AT + 100 * DAY_MS);
	grow(&k, "view", NULL);
	assert_int_equal(send(c, &k, 6, false), 6);
	clock_fix(START_AT + 200 * DAY_MS);
	s = ledger_audit_purge(&count, county_begin(c), START_AT + 17 * DAY_MS,
	    "root", &err);
	assert_int_equal(ledger_end(c->ledger, s, &err), E_INVALID);
	err = (struct err)ERR_INIT;
	s = ledger_audit_purge(&count, county_begin(c), START_AT + 15 * DAY_MS,
	    "root", &err);
	assert_int_equal(ledger_end(c->ledger, s, &err), E_OK);
	assert_int_equal(count, 7);	/* two of the server, five of it */
	assert_true(holds(c, NULL, why));
	/* all of the device's goes, and it goes on */
	clock_fix(START_AT + 400 * DAY_MS);
	s = ledger_audit_purge(&count, county_begin(c), START_AT + 201 * DAY_MS,
	    "root", &err);
	assert_int_equal(ledger_end(c->ledger, s, &err), E_OK);
	assert_true(holds(c, NULL, why));
	clock_fix(START_AT + 800 * DAY_MS);
	s = ledger_audit_purge(&count, county_begin(c), START_AT + 600 * DAY_MS,
	    "root", &err);
	assert_int_equal(ledger_end(c->ledger, s, &err), E_OK);
	assert_true(holds(c, NULL, why));
	grow(&k, "view", NULL);
	assert_int_equal(send(c, &k, 7, false), 7);
	assert_true(holds(c, NULL, why));
	sql(c, "DELETE FROM audit" DEV "7");
	assert_false(holds(c, NULL, why));
}

/* ---- reports ---- */

static enum status
count_row(void *self, const struct ledger_audit_row *row, struct err *err)
{
	(void)row;
	(void)err;
	++*(size_t *)self;
	return E_OK;
}

static void
test_reports(void **state)
{
	struct county *c = *state;
	struct uuid seen = uuid_new(), other = uuid_new();
	struct chain k = {0};
	struct err err = ERR_INIT;
	size_t count = 0;

	grow(&k, "view", &seen);
	grow(&k, "export", &other);
	grow(&k, "view", &seen);
	assert_int_equal(send(c, &k, 1, true), 3);
	put(c, AUDIT_SIGNIN, "u1");
	assert_int_equal(ledger_audit_who(county_begin(c), &seen, count_row, &count,
	    &err), E_OK);
	county_commit(c);
	assert_int_equal(count, 2);
	count = 0;
	assert_int_equal(ledger_audit_user(county_begin(c), "u1", START_AT,
	    START_AT + 1, count_row, &count, &err), E_OK);
	county_commit(c);
	assert_int_equal(count, 4);
	count = 0;
	assert_int_equal(ledger_audit_user(county_begin(c), "u1", START_AT + 1,
	    START_AT + DAY_MS, count_row, &count, &err), E_OK);
	county_commit(c);
	assert_int_equal(count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_sent_again),
		TEST(test_needed_first),
		TEST(test_gap_is_said),
		TEST(test_fork_is_said),
		TEST(test_nonsense),
		TEST(test_meddling_is_named),
		TEST(test_written_on_paper),
		TEST(test_purge),
		TEST(test_reports),
	};

	tr_set(TR_EN);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
