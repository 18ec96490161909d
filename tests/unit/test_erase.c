/*
 * Erasing for good: two people, what goes and what stays, and that nothing
 * comes back, whoever sends it and whatever is restored.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "kit/check.h"
#include "kit/county.h"
#include "server/ledger_audit.h"
#include "server/ledger_check.h"
#include "server/ledger_due.h"
#include "server/ledger_erase.h"
#include "server/ledger_restore.h"

static int
setup(void **state)
{
	static const struct account people[] = {
		{ .login = "leader", .name = "局长", .office = "990000",
		  .role = "county_leader" },
		{ .login = "second", .name = "副局长", .office = "990000",
		  .role = "county_leader" },
		{ .login = "guard", .name = "安全", .office = "990000",
		  .role = "security_admin" },
		{ .login = "guard2", .name = "安全二", .office = "990000",
		  .role = "security_admin" },
		{ .login = "keeper", .name = "系统", .office = "990000",
		  .role = "admin" },
		{ .login = "local", .name = "所里", .office = "9900000001",
		  .role = "county_leader" },
	};
	struct county *c = calloc(1, sizeof *c);
	struct err err = ERR_INIT;
	struct db *db = NULL;

	*state = c;
	county_open(c);
	kit_check(ledger_begin(&db, c->ledger, &err), &err);
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
		kit_check(account_add(db, &people[i], &err), &err);
	kit_check(ledger_end(c->ledger, E_OK, &err), &err);
	return 0;
}

static enum verdict
send(struct county *c, enum county_device at, enum op_kind kind,
    const char *reg, const struct uuid *id, const char *by, const char *a,
    const char *b)
{
	enum verdict v;
	struct op op;

	county_op(&op, c, at, kind, reg, id, by, kind == OP_NEW ? 0 : 1000, a,
	    b, NULL);
	v = county_do(c, at, &op);
	op_release(&op);
	return v;
}

/* A matter with a visit. */
static struct uuid
make_matter(struct county *c, const char *title, struct uuid *visit)
{
	struct uuid id = uuid_new();
	char parent[64] = "matter_id=", words[64], text[64];

	snprintf(text, sizeof text, "text=%s在家", title);
	snprintf(words, sizeof words, "title=%s", title);
	*visit = uuid_new();
	uuid_print(parent + 10, &id);
	assert_int_equal(send(c, AT_ONE, OP_NEW, "matter", &id, "u1", words,
	    "@state=open"), VERDICT_OK);
	assert_int_equal(send(c, AT_ONE, OP_NEW, "visit", visit, "u1", parent,
	    text), VERDICT_OK);
	return id;
}

static enum status
ask(struct county *c, const struct uuid *id, const char *by, const char *why,
    int64_t *number)
{
	struct erasure e = { .record = *id };
	struct err err = ERR_INIT;
	struct db *db = NULL;
	enum status s;

	snprintf(e.asked_by, sizeof e.asked_by, "%s", by);
	snprintf(e.why, sizeof e.why, "%s", why);
	snprintf(e.basis, sizeof e.basis, "个人信息保护法第四十七条");
	kit_check(ledger_begin(&db, c->ledger, &err), &err);
	s = erase_ask(&e, db, c->schema, false, clock_today(), &err);
	s = ledger_end(c->ledger, s, &err);
	if (!s && number)
		*number = e.id;
	return s;
}

static enum status
decide(struct county *c, int64_t number, const char *by, bool agree)
{
	struct erasure e = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;
	enum status s;

	kit_check(ledger_begin(&db, c->ledger, &err), &err);
	s = erase_decide(&e, db, c->dir, number, by, agree, &err);
	s = ledger_end(c->ledger, s, &err);
	if (!s && agree)
		kit_check(erase_after(c->ledger, &err), &err);
	return s;
}

static int64_t
number(struct county *c, const char *sql)
{
	struct err err = ERR_INIT;
	struct db *db = NULL;
	int64_t n = 0;

	kit_check(ledger_begin_read(&db, c->ledger, &err), &err);
	kit_check(db_number(&n, db, sql, &err), &err);
	ledger_end_read(c->ledger);
	return n;
}

/* Does a file of the folder hold the text? */
static bool
has_text(struct county *c, const char *name, const char *text)
{
	char *path = io_join(c->dir, name);
	struct err none = ERR_INIT;
	bool has = false;
	struct buf b;

	buf_init(&b, 64 * 1024 * 1024);
	if (io_exists(path) && !io_read(&b, path, &none)) {
		for (size_t i = 0; i + strlen(text) <= b.len && !has; i++)
			has = memcmp(b.data + i, text, strlen(text)) == 0;
	}
	buf_release(&b);
	free(path);
	return has;
}

static bool
anywhere(struct county *c, const char *text)
{
	return has_text(c, "ledger.db", text) ||
	    has_text(c, "ledger.db-wal", text);
}

static void
two_people_decide(void **state)
{
	static const struct {
		const char *first, *second;
		enum status asks, agrees;
	} cases[] = {
		{ "u1", "leader", E_AUTH, E_OK },
		{ "keeper", "leader", E_AUTH, E_OK },
		{ "nobody", "leader", E_AUTH, E_OK },
		{ "local", "leader", E_AUTH, E_OK },
		{ "leader", "leader", E_OK, E_AUTH },
		{ "leader", "u1b", E_OK, E_AUTH },
		{ "guard", "guard2", E_OK, E_AUTH },
		{ "guard", "leader", E_OK, E_OK },
		{ "leader", "guard", E_OK, E_OK },
		{ "leader", "second", E_OK, E_OK },
	};
	struct county *c = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct uuid visit, id = make_matter(c, "事项", &visit);
		int64_t n = 0;

		assert_int_equal(ask(c, &id, cases[i].first, "本人申请", &n),
		    cases[i].asks);
		if (cases[i].asks)
			continue;
		assert_int_equal(ask(c, &id, "leader", "再申请", NULL),
		    E_CONFLICT);
		assert_int_equal(decide(c, n, cases[i].second, true),
		    cases[i].agrees);
		if (cases[i].agrees)
			assert_int_equal(decide(c, n, cases[i].first, false),
			    E_OK);
		assert_int_equal(decide(c, n, "second", true), E_NOTFOUND);
	}
	assert_int_equal(number(c, "SELECT count(*) FROM erased"), 6);
}

static void
what_goes_and_what_stays(void **state)
{
	struct county *c = *state;
	struct uuid visit, other_visit;
	struct uuid id = make_matter(c, "张三纠纷案", &visit);
	struct uuid other = make_matter(c, "李四事项", &other_visit);
	struct err err = ERR_INIT;
	struct db *db = NULL;
	bool good = false;
	char why[ERR_MSG_MAX];
	int64_t n = 0, ops = number(c, "SELECT count(*) FROM opdone");

	/* a refused one goes too */
	assert_int_equal(send(c, AT_ONE, OP_SET, "matter", &id, "u1c",
	    "place=张三家中", NULL), VERDICT_DENIED);
	assert_int_equal(number(c, "SELECT count(*) FROM quarantine"), 1);
	assert_int_equal(ask(c, &id, "guard", "本人申请", &n), E_OK);
	assert_true(anywhere(c, "张三"));
	assert_int_equal(decide(c, n, "leader", true), E_OK);
	assert_false(anywhere(c, "张三"));
	assert_true(anywhere(c, "李四"));
	assert_int_equal(number(c, "SELECT count(*) FROM record"), 2);
	assert_int_equal(number(c, "SELECT count(*) FROM quarantine"), 0);
	/* the verdicts stay, so no operation is judged twice */
	assert_int_equal(number(c, "SELECT count(*) FROM opdone"), ops + 1);
	assert_int_equal(number(c, "SELECT count(*) FROM feed WHERE"
	    " what = 'gone' AND why = 'erased'"), 2);
	kit_check(ledger_begin_read(&db, c->ledger, &err), &err);
	kit_check(ledger_audit_verify(&good, why, db, NULL, &err), &err);
	ledger_end_read(c->ledger);
	assert_true(good);
	assert_int_equal(number(c, "SELECT count(*) FROM audit WHERE"
	    " instr(entry, '\"removed\"') > 0"), 2);
	(void)other;
}

static void
a_person_is_not_named_in_the_reason(void **state)
{
	struct county *c = *state;
	struct uuid visit, id = make_matter(c, "事项", &visit);

	assert_int_equal(ask(c, &id, "leader", "", NULL), E_INVALID);
}

/* Whoever had it is told; whoever never had hears what is heard of nothing;
 * nothing is kept of either. */
static void
nothing_comes_back(void **state)
{
	struct county *c = *state;
	struct uuid visit, id = make_matter(c, "张三纠纷案", &visit);
	struct uuid late = uuid_new(), later = uuid_new(), none = uuid_new();
	char parent[64] = "matter_id=";
	struct county_reply r = {0};
	int64_t n = 0;
	struct op op;

	uuid_print(parent + 10, &id);
	assert_int_equal(ask(c, &id, "guard", "本人申请", &n), E_OK);
	assert_int_equal(decide(c, n, "leader", true), E_OK);

	county_op(&op, c, AT_ONE_TOO, OP_SET, "matter", &id, "u1", 1,
	    "place=张三家中", NULL);
	county_sync(&r, c, AT_ONE_TOO, &op, 1);
	assert_int_equal(county_verdict(&r, op.n)->verdict, VERDICT_DENIED);
	assert_non_null(strstr(county_verdict(&r, op.n)->why, "erased"));
	assert_string_equal(county_line(&r, WIRE_GONE, &id)->why, "erased");
	county_reply_release(&r);
	op_release(&op);

	county_op(&op, c, AT_ONE_TOO, OP_NEW, "visit", &late, "u1", 0, parent,
	    "text=张三又来", NULL);
	county_sync(&r, c, AT_ONE_TOO, &op, 1);
	assert_int_equal(county_verdict(&r, op.n)->verdict, VERDICT_DENIED);
	assert_string_equal(county_line(&r, WIRE_GONE, &late)->why, "erased");
	county_reply_release(&r);
	op_release(&op);
	/* what follows on it, and the same from the other office */
	assert_int_equal(send(c, AT_ONE_TOO, OP_DEL, "visit", &late, "u1",
	    "@deleted=张三误录", NULL), VERDICT_DENIED);
	assert_int_equal(send(c, AT_TWO, OP_SET, "matter", &id, "u2",
	    "place=张三", NULL), VERDICT_REVIEW);
	assert_int_equal(send(c, AT_TWO, OP_SET, "matter", &none, "u2",
	    "place=某处", NULL), VERDICT_REVIEW);
	assert_int_equal(send(c, AT_TWO, OP_NEW, "visit", &later, "u2", parent,
	    "text=张三"), VERDICT_DENIED);
	assert_false(anywhere(c, "张三"));
	assert_int_equal(number(c, "SELECT count(*) FROM quarantine"), 1);
	assert_int_equal(number(c, "SELECT count(*) FROM record"), 0);
}

static void
a_restored_backup_is_erased_again(void **state)
{
	struct county *c = *state;
	struct uuid visit, id = make_matter(c, "张三纠纷案", &visit);
	char *backup = io_join(c->dir, "old.db");
	struct erased *list = NULL;
	struct err err = ERR_INIT;
	size_t count = 0;
	int64_t n = 0;

	kit_check(ledger_backup(c->ledger, backup, &err), &err);
	assert_int_equal(ask(c, &id, "guard", "本人申请", &n), E_OK);
	assert_int_equal(decide(c, n, "leader", true), E_OK);
	kit_check(erased_read(&list, &count, c->dir, &err), &err);
	assert_int_equal(count, 2);
	free(list);
	assert_false(has_text(c, "erasures", "张三"));
	ledger_close(c->ledger);
	c->ledger = NULL;
	kit_check(ledger_restore(c->dir, backup, "root", &err), &err);
	kit_check(ledger_open(&c->ledger, c->dir, &err), &err);
	assert_false(anywhere(c, "张三"));
	assert_int_equal(number(c, "SELECT count(*) FROM erased"), 2);
	assert_int_equal(number(c, "SELECT count(*) FROM record"), 0);
	free(backup);
}

static void
a_damaged_list_is_said(void **state)
{
	static const char *const lines[] = { "{", "{\"record\":\"x\"}\n",
		"{\"record\":\"0198d2c6-0000-7000-8000-000000000001\","
		"\"register\":\"matter\",\"office\":\"9900000001\"}\n" };
	struct county *c = *state;
	char *path = io_join(c->dir, "erasures");
	struct erased *list = NULL;
	struct err err = ERR_INIT;
	size_t count = 0;

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		kit_check(io_write(path, lines[i], strlen(lines[i]), &err), &err);
		assert_int_equal(erased_read(&list, &count, c->dir, &err),
		    E_INVALID);
		err = (struct err)ERR_INIT;
	}
	kit_check(io_write(path, "", 0, &err), &err);
	kit_check(erased_read(&list, &count, c->dir, &err), &err);
	assert_int_equal(count, 0);
	free(list);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(two_people_decide, setup,
		    county_tear_down_whole),
		cmocka_unit_test_setup_teardown(what_goes_and_what_stays,
		    setup, county_tear_down_whole),
		cmocka_unit_test_setup_teardown(
		    a_person_is_not_named_in_the_reason, setup, county_tear_down_whole),
		cmocka_unit_test_setup_teardown(nothing_comes_back, setup,
		    county_tear_down_whole),
		cmocka_unit_test_setup_teardown(
		    a_restored_backup_is_erased_again, setup, county_tear_down_whole),
		cmocka_unit_test_setup_teardown(a_damaged_list_is_said, setup,
		    county_tear_down_whole),
	};

	tr_set(TR_EN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
