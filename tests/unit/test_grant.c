/*
 * A right that is added by two: who may not, what holds meanwhile, what is less
 * and waits for nobody, a restart in between, and what a refusal leaves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/tr.h"
#include "kit/check.h"
#include "kit/county.h"
#include "server/grant.h"

#define CITY "9900"		/* the root of a ledger with two counties */

struct lab {
	struct county c;
	struct db *db;
};

static void
enter(struct lab *b)
{
	struct err err = ERR_INIT;

	kit_check(ledger_begin(&b->db, b->c.ledger, &err), &err);
}

static void
leave(struct lab *b, enum status s)
{
	struct err err = ERR_INIT;

	assert_int_equal(ledger_end(b->c.ledger, s, &err), s);
	b->db = NULL;
}

static const struct account people[] = {
	{ .login = "leader", .name = "局长", .office = "990000",
	  .role = "county_leader" },
	{ .login = "second", .name = "副局长", .office = "990000",
	  .role = "county_leader" },
	{ .login = "guard", .name = "安全", .office = "990000",
	  .role = "security_admin" },
	{ .login = "keeper", .name = "系统", .office = "990000",
	  .role = "admin" },
	{ .login = "chief", .name = "所长", .office = "9900000001",
	  .role = "chief" },
	{ .login = "gain", .name = "甲", .office = "9900000001",
	  .role = "clerk" },
};

static void
fill(struct lab *b)
{
	struct err err = ERR_INIT;
	int64_t waits = -1;

	tr_set(TR_EN);
	enter(b);
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
		kit_check(grant_add(&waits, b->db, &people[i], "", &err), &err);
		assert_int_equal(waits, 0);
	}
	leave(b, E_OK);
}

static int
setup(void **state)
{
	struct lab *b = calloc(1, sizeof *b);
	struct err err = ERR_INIT;
	int64_t waits = -1;

	*state = b;
	county_open(&b->c);
	fill(b);
	enter(b);
	kit_check(grant_set_two(&waits, b->db, true, "", &err), &err);
	assert_int_equal(waits, 0);
	leave(b, E_OK);
	return 0;
}

static int
teardown(void **state)
{
	struct lab *b = *state;

	county_close(&b->c);
	free(b);
	tr_set(TR_ZH);
	return 0;
}

/* The request's number; fails when it does not come to one. */
static int64_t
ask(struct lab *b, const char *login, const char *role, const char *office,
    const char *by)
{
	struct err err = ERR_INIT;
	int64_t waits = 0;

	enter(b);
	kit_check(grant_change(&waits, b->db, login, NULL, role, office, by,
	    &err), &err);
	leave(b, E_OK);
	assert_true(waits > 0);
	return waits;
}

static enum status
try_ask(struct lab *b, const char *login, const char *role,
    const char *office, const char *by)
{
	struct err err = ERR_INIT;
	int64_t waits = 0;
	enum status s;

	enter(b);
	s = grant_change(&waits, b->db, login, NULL, role, office, by, &err);
	leave(b, s);
	return s;
}

static enum status
decide(struct lab *b, int64_t id, const char *by, bool agree)
{
	struct grant g = {0};
	struct err err = ERR_INIT;
	enum status s;

	enter(b);
	s = grant_decide(&g, b->db, id, by, agree, &err);
	leave(b, s);
	return s;
}

static bool
is_so(struct lab *b, const char *login, const char *role, const char *office,
    bool disabled)
{
	struct account a = {0};
	struct err err = ERR_INIT;
	enum status s;

	enter(b);
	s = account_get(&a, b->db, login, &err);
	leave(b, E_OK);
	return !s && strcmp(a.role, role) == 0 &&
	    strcmp(a.office, office) == 0 && a.disabled == disabled;
}

static void
disable(struct lab *b, const char *login)
{
	struct err err = ERR_INIT;

	enter(b);
	kit_check(account_disable(b->db, login, &err), &err);
	leave(b, E_OK);
}

/* ---- tests ---- */

static void
a_role_waits_for_another_one(void **state)
{
	struct lab *b = *state;
	int64_t id = ask(b, "gain", "chief", NULL, "leader");

	assert_true(is_so(b, "gain", "clerk", "9900000001", false));
	assert_int_equal(try_ask(b, "gain", "mediator", NULL, "guard"),
	    E_CONFLICT);
	county_restart(&b->c);
	assert_true(is_so(b, "gain", "clerk", "9900000001", false));
	assert_int_equal(decide(b, id, "guard", true), E_OK);
	assert_true(is_so(b, "gain", "chief", "9900000001", false));
	assert_int_equal(decide(b, id, "second", true), E_NOTFOUND);
}

static void
who_may_not_agree(void **state)
{
	static const char *const nobody[] = { "leader", "gain", "keeper",
		"chief", "u2", "nobody" };
	struct lab *b = *state;
	int64_t id = ask(b, "gain", "county_leader", "990000", "leader");

	for (size_t i = 0; i < sizeof nobody / sizeof nobody[0]; i++) {
		if (decide(b, id, nobody[i], true) != E_AUTH)
			fail_msg("%s", nobody[i]);
		if (i > 0 && decide(b, id, nobody[i], false) != E_AUTH)
			fail_msg("%s refuses", nobody[i]);
	}
	disable(b, "second");
	assert_int_equal(decide(b, id, "second", true), E_AUTH);
	/* and who asked must still be somebody who may */
	disable(b, "leader");
	assert_int_equal(decide(b, id, "guard", true), E_AUTH);
	assert_true(is_so(b, "gain", "clerk", "9900000001", false));
	assert_int_equal(decide(b, id, "guard", false), E_OK);
}

static void
who_gains_does_not_agree(void **state)
{
	struct lab *b = *state;
	int64_t id = ask(b, "second", "city", NULL, "leader");

	assert_int_equal(decide(b, id, "second", true), E_AUTH);
	assert_int_equal(decide(b, id, "second", false), E_AUTH);
	assert_int_equal(decide(b, id, "guard", true), E_OK);
}

static void
who_may_not_ask(void **state)
{
	struct lab *b = *state;

	assert_int_equal(try_ask(b, "gain", "chief", NULL, ""), E_AUTH);
	assert_int_equal(try_ask(b, "gain", "chief", NULL, "keeper"), E_AUTH);
	assert_int_equal(try_ask(b, "gain", "admin", NULL, "leader"), E_AUTH);
	assert_int_equal(try_ask(b, "gain", "chief", NULL, "gain"), E_AUTH);
	assert_int_equal(try_ask(b, "u2", "chief", NULL, "chief"), E_AUTH);
	assert_int_equal(try_ask(b, "gain", "king", NULL, "guard"), E_INVALID);
	disable(b, "guard");
	assert_int_equal(try_ask(b, "gain", "chief", NULL, "guard"), E_AUTH);
}

/* What is taken away, and a name, ask nobody. */
static void
less_is_at_once(void **state)
{
	struct lab *b = *state;
	struct err err = ERR_INIT;
	int64_t waits = -1;

	enter(b);
	kit_check(grant_change(&waits, b->db, "gain", "甲甲", "newcomer", NULL,
	    "", &err), &err);
	assert_int_equal(waits, 0);
	kit_check(grant_change(&waits, b->db, "keeper", NULL, NULL, "9900000002",
	    "", &err), &err);
	assert_int_equal(waits, 0);
	leave(b, E_OK);
	assert_true(is_so(b, "gain", "newcomer", "9900000001", false));
	assert_true(is_so(b, "keeper", "admin", "9900000002", false));
}

static void
another_office_waits_and_what_changed_is_asked_again(void **state)
{
	struct lab *b = *state;
	int64_t id = ask(b, "gain", NULL, "9900000002", "keeper");

	assert_true(is_so(b, "gain", "clerk", "9900000001", false));
	assert_int_equal(try_ask(b, "gain", "newcomer", NULL, "leader"), E_OK);
	assert_int_equal(decide(b, id, "guard", true), E_CONFLICT);
	assert_true(is_so(b, "gain", "newcomer", "9900000001", false));
	assert_int_equal(decide(b, id, "keeper", false), E_OK);
}

static int64_t
add(struct lab *b, const char *role, const char *by)
{
	struct account a = { .login = "new", .name = "新", .office =
		"9900000001" };
	struct err err = ERR_INIT;
	int64_t waits = -1;

	snprintf(a.role, sizeof a.role, "%s", role);
	enter(b);
	kit_check(grant_add(&waits, b->db, &a, by, &err), &err);
	leave(b, E_OK);
	return waits;
}

static void
a_new_account_is_closed_until_then(void **state)
{
	struct lab *b = *state;
	struct account a = {0};
	struct err err = ERR_INIT;
	int64_t waits = 0, id = add(b, "clerk", "chief");

	assert_true(id > 0);
	assert_true(is_so(b, "new", "newcomer", "9900000001", true));
	enter(b);
	assert_int_equal(grant_open(&waits, b->db, "new", "leader", &err),
	    E_CONFLICT);
	leave(b, E_INVALID);
	/* refused leaves nothing */
	assert_int_equal(decide(b, id, "guard", false), E_OK);
	enter(b);
	assert_int_equal(account_get(&a, b->db, "new", &err), E_NOTFOUND);
	leave(b, E_OK);
	id = add(b, "clerk", "chief");
	assert_int_equal(decide(b, id, "leader", true), E_OK);
	assert_true(is_so(b, "new", "clerk", "9900000001", false));
}

static void
a_newcomer_has_no_right_and_waits_for_nobody(void **state)
{
	struct lab *b = *state;

	assert_int_equal(add(b, "newcomer", "keeper"), 0);
	assert_true(is_so(b, "new", "newcomer", "9900000001", false));
}

static void
opening_waits_and_closing_does_not(void **state)
{
	struct lab *b = *state;
	struct err err = ERR_INIT;
	int64_t id = 0;

	disable(b, "gain");
	enter(b);
	kit_check(grant_open(&id, b->db, "gain", "keeper", &err), &err);
	leave(b, E_OK);
	assert_true(id > 0);
	assert_true(is_so(b, "gain", "clerk", "9900000001", true));
	assert_int_equal(decide(b, id, "keeper", true), E_AUTH);
	assert_int_equal(decide(b, id, "second", true), E_OK);
	assert_true(is_so(b, "gain", "clerk", "9900000001", false));
}

static bool
needs_two(struct lab *b)
{
	struct err err = ERR_INIT;
	bool two = false;

	enter(b);
	kit_check(grant_needs_two(&two, b->db, &err), &err);
	leave(b, E_OK);
	return two;
}

static void
going_back_to_one_is_for_two(void **state)
{
	struct lab *b = *state;
	struct err err = ERR_INIT;
	int64_t id = 0;

	enter(b);
	assert_int_equal(grant_set_two(&id, b->db, false, "", &err), E_AUTH);
	leave(b, E_INVALID);
	enter(b);
	err = (struct err)ERR_INIT;
	assert_int_equal(grant_set_two(&id, b->db, false, "keeper", &err),
	    E_AUTH);
	leave(b, E_INVALID);
	enter(b);
	err = (struct err)ERR_INIT;
	kit_check(grant_set_two(&id, b->db, false, "leader", &err), &err);
	leave(b, E_OK);
	assert_true(needs_two(b));
	assert_int_equal(decide(b, id, "leader", true), E_AUTH);
	assert_int_equal(decide(b, id, "chief", true), E_AUTH);
	county_restart(&b->c);
	assert_int_equal(decide(b, id, "guard", true), E_OK);
	assert_false(needs_two(b));
	assert_int_equal(try_ask(b, "gain", "chief", NULL, ""), E_OK);
	assert_true(is_so(b, "gain", "chief", "9900000001", false));
}

static void
two_need_two_people(void **state)
{
	struct lab *b = *state;
	struct err err = ERR_INIT;
	int64_t waits = -1;

	enter(b);
	kit_check(ledger_put_meta(b->db, "approvals", "one", &err), &err);
	kit_check(account_disable(b->db, "second", &err), &err);
	kit_check(account_disable(b->db, "guard", &err), &err);
	assert_int_equal(grant_set_two(&waits, b->db, true, "", &err),
	    E_CONFLICT);
	leave(b, E_INVALID);
}

/* A county decides nothing about the one beside it. */
static void
another_countys_do_not_agree(void **state)
{
	static const struct account theirs[] = {
		{ .login = "far", .name = "邻县", .office = "990001",
		  .role = "county_leader" },
		{ .login = "top", .name = "市局", .office = CITY,
		  .role = "county_leader" },
		{ .login = "top2", .name = "市局二", .office = CITY,
		  .role = "security_admin" },
	};
	struct lab *b = calloc(1, sizeof *b);
	struct err err = ERR_INIT;
	int64_t id;

	(void)state;
	county_open_below(&b->c, NULL, 0);
	fill(b);
	enter(b);
	for (size_t i = 0; i < sizeof theirs / sizeof theirs[0]; i++)
		kit_check(account_add(b->db, &theirs[i], &err), &err);
	kit_check(grant_set_two(&id, b->db, true, "", &err), &err);
	leave(b, E_OK);
	id = ask(b, "gain", "chief", NULL, "leader");
	assert_int_equal(decide(b, id, "far", true), E_AUTH);
	assert_int_equal(decide(b, id, "far", false), E_AUTH);
	assert_int_equal(try_ask(b, "chief", "clerk", NULL, "far"), E_AUTH);
	assert_int_equal(decide(b, id, "top", true), E_OK);
	county_close(&b->c);
	free(b);
	tr_set(TR_ZH);
}

#define WITH_COUNTY(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_COUNTY(a_role_waits_for_another_one),
		WITH_COUNTY(who_may_not_agree),
		WITH_COUNTY(who_gains_does_not_agree),
		WITH_COUNTY(who_may_not_ask),
		WITH_COUNTY(less_is_at_once),
		WITH_COUNTY(another_office_waits_and_what_changed_is_asked_again),
		WITH_COUNTY(a_new_account_is_closed_until_then),
		WITH_COUNTY(a_newcomer_has_no_right_and_waits_for_nobody),
		WITH_COUNTY(opening_waits_and_closing_does_not),
		WITH_COUNTY(going_back_to_one_is_for_two),
		WITH_COUNTY(two_need_two_people),
		cmocka_unit_test(another_countys_do_not_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
