/*
 * L11: a ledger that was meddled with is not in order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/tr.h"
#include "db/db.h"
#include "kit/county.h"
#include "server/ledger_check.h"

static void
make_matter(struct county *c)
{
	struct uuid id = uuid_new();
	struct op op;

	county_op(&op, c, AT_ONE, OP_NEW, "matter", &id, "u1", 0, "title=排水",
	    "@state=open", NULL);
	assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_OK);
	op_release(&op);
}

static void
meddle(struct county *c, const char *sql)
{
	struct err err = ERR_INIT;
	struct db *db = NULL;

	assert_int_equal(ledger_begin(&db, c->ledger, &err), E_OK);
	assert_int_equal(db_exec(db, sql, &err), E_OK);
	assert_int_equal(ledger_end(c->ledger, E_OK, &err), E_OK);
}

/* Content, places, revisions: what somebody with the file changes does not fit
 * any more. */
static void
what_does_not_fit_is_named(void **state)
{
	static const char *const cases[][2] = {
		{ "UPDATE record SET body = replace(body, '排水', '排污')",
		  "does not fit its hash" },
		{ "UPDATE record SET state = 'closed'",
		  "does not fit its hash" },
		{ "UPDATE record SET deleted = 'x'", "does not fit its hash" },
		{ "UPDATE record SET office = '9900000002'", "stream" },
		{ "UPDATE record SET rev = 2", "revision" },
		{ "DELETE FROM record", "name no record" },
		{ "DELETE FROM history", "revision" },
		{ "DELETE FROM mark", "marks" },
		{ "UPDATE mark SET hash = zeroblob(32)", "mark" },
		{ "DELETE FROM feed", "stream" },
		{ "UPDATE opdone SET n = 7", "operations" },
	};
	static const char *const tables[] = { "record", "history", "mark",
		"feed", "opdone" };
	struct county *c = *state;
	char sql[200];

	make_matter(c);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		snprintf(sql, sizeof sql, "CREATE TABLE was_%s AS SELECT *"
		    " FROM %s", tables[i], tables[i]);
		meddle(c, sql);
	}
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err = ERR_INIT;

		meddle(c, cases[i][0]);
		if (!ledger_check(c->ledger, &err) ||
		    !strstr(err.msg, cases[i][1]))
			fail_msg("%s: %s", cases[i][0], err.msg);
		for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
			snprintf(sql, sizeof sql, "DELETE FROM %s; INSERT INTO"
			    " %s SELECT * FROM was_%s", tables[k], tables[k],
			    tables[k]);
			meddle(c, sql);
		}
		err = (struct err)ERR_INIT;
		if (ledger_check(c->ledger, &err))
			fail_msg("%s", err.msg);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_does_not_fit_is_named,
		    county_set_up, county_tear_down),
	};

	tr_set(TR_EN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
