/*
 * The histories of records in the server's trace: whoever meddles with what was
 * entered is told of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"
#include "kit/county.h"
#include "server/ledger_audit.h"

/* Past the ledger, as somebody with the file would. */
static void
meddle(struct county *c, const char *sql)
{
	char *path = io_join(c->dir, "ledger.db");
	struct err err = ERR_INIT;
	struct db *db = NULL;

	assert_int_equal(db_open(&db, path, DB_WRITE, &err), E_OK);
	if (db_begin(db, &err) || db_exec(db, sql, &err) ||
	    db_commit(db, &err))
		fail_msg("%s: %s", sql, err.msg);
	db_close(db);
	free(path);
}

static bool
holds(struct county *c, char why[ERR_MSG_MAX])
{
	struct err err = ERR_INIT;
	struct db *db = NULL;
	bool good = false;

	why[0] = '\0';
	assert_int_equal(ledger_begin_read(&db, c->ledger, &err), E_OK);
	if (ledger_audit_verify(&good, why, db, NULL, &err))
		fail_msg("%s", err.msg);
	ledger_end_read(c->ledger);
	return good;
}

/* A matter with three revisions, and another one. */
static void
enter(struct county *c)
{
	static const char *const changes[] = { "place=桥头>河边",
		"place=河边>村口" };
	struct uuid id = uuid_new(), other = uuid_new();
	struct op op;

	county_op(&op, c, AT_ONE, OP_NEW, "matter", &id, "u1", 0,
	    "title=排水", "@state=open", "place=桥头", NULL);
	assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_OK);
	op_release(&op);
	for (int i = 0; i < 2; i++) {
		county_op(&op, c, AT_ONE, OP_SET, "matter", &id, "u1", i + 1,
		    changes[i], NULL);
		assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_OK);
		op_release(&op);
	}
	county_op(&op, c, AT_ONE, OP_NEW, "matter", &other, "u1", 0,
	    "title=围墙", "@state=open", "place=山上", NULL);
	assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_OK);
	op_release(&op);
}

#define LAST "(SELECT max(rowid) FROM history)"
#define COLUMNS "record, device, epoch, n, kind, login, at, device_at," \
	" fields, changes, hash, returned, taken_by"

static void
test_meddling_is_named(void **state)
{
	static const struct {
		const char *sql, *why;
	} cases[] = {
		{ "UPDATE history SET login = 'u2' WHERE rowid = 2",
		    "Revision 2" },
		{ "UPDATE history SET changes = replace(changes, '河边',"
		    " '河里') WHERE rev = 2", "was changed" },
		{ "UPDATE history SET at = at + 1 WHERE rev = 3",
		    "Revision 3" },
		{ "UPDATE history SET taken_by = 'u2' WHERE rev = 3",
		    "was changed" },
		{ "UPDATE history SET login = '' WHERE rowid = " LAST,
		    "was changed" },
		/* two put in each other's place */
		{ "UPDATE history SET changes = (SELECT g.changes FROM history"
		    " g WHERE g.record = history.record AND g.rev = 5 -"
		    " history.rev) WHERE rev IN (2, 3)", "was changed" },
		{ "DELETE FROM history WHERE rev = 2", "is missing" },
		{ "DELETE FROM history WHERE rowid = " LAST, "is missing" },
		{ "INSERT INTO history(rev, " COLUMNS ") SELECT 9, " COLUMNS
		    " FROM history WHERE rev = 2", "Revision 9" },
		{ "UPDATE entered SET sum = zeroblob(16) WHERE id = 2",
		    "are not what entry" },
		{ "DELETE FROM history WHERE rowid = " LAST ";"
		    "DELETE FROM entered WHERE id = (SELECT max(id) FROM"
		    " entered)", "are not what entry" },
		{ "INSERT INTO history(rev, " COLUMNS ") SELECT 9, " COLUMNS
		    " FROM history WHERE rev = 2;"
		    "INSERT INTO entered(record, rev, sum) SELECT record, 9,"
		    " zeroblob(16) FROM history WHERE rev = 9",
		    "nothing of what was entered last" },
	};

	(void)state;
	tr_set(TR_EN);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct county c;
		char why[ERR_MSG_MAX];

		county_open(&c);
		enter(&c);
		if (!holds(&c, why))
			fail_msg("before anything: %s", why);
		meddle(&c, cases[i].sql);
		if (holds(&c, why))
			fail_msg("%s: not noticed", cases[i].sql);
		if (!strstr(why, cases[i].why))
			fail_msg("%s: %s", cases[i].sql, why);
		county_close(&c);
	}
}

/* One entry for all that comes together, none where nothing does. */
static void
test_one_entry_a_push(void **state)
{
	struct county c;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	int64_t entries = 0, rows = 0;
	char why[ERR_MSG_MAX];

	(void)state;
	county_open(&c);
	enter(&c);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ledger_begin(&db, c.ledger, &err), E_OK);
		assert_int_equal(db_number(&entries, db, "SELECT count(*) FROM"
		    " audit WHERE instr(entry, '\"entered\"') > 0", &err),
		    E_OK);
		assert_int_equal(db_number(&rows, db, "SELECT count(*) FROM"
		    " entered", &err), E_OK);
		assert_int_equal(ledger_end(c.ledger, E_OK, &err), E_OK);
		assert_int_equal(entries, 4);
		assert_int_equal(rows, 4);
	}
	assert_true(holds(&c, why));
	county_close(&c);
}

/* A ledger of an older program has no sums: they are made when it is opened. */
static void
test_an_older_ledger(void **state)
{
	struct county c;
	char why[ERR_MSG_MAX];

	(void)state;
	county_open(&c);
	meddle(&c, "INSERT INTO history(rev, " COLUMNS ") VALUES(1,"
	    " randomblob(16), randomblob(16), 1, 1, 'new', 'u1', 5, 5, ';',"
	    " '{}', '', 0, '')");
	assert_false(holds(&c, why));
	county_restart(&c);
	assert_true(holds(&c, why));
	enter(&c);
	assert_true(holds(&c, why));
	meddle(&c, "UPDATE history SET login = 'u2' WHERE rowid = 1");
	assert_false(holds(&c, why));
	county_close(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meddling_is_named),
		cmocka_unit_test(test_one_entry_a_push),
		cmocka_unit_test(test_an_older_ledger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
