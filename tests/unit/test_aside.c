/* Reminders put aside: hidden for a while, never lost, each user's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "db/db_number.h"
#include "kit/cache.h"
#include "store/aside.h"
#include "store/inside.h"

enum { TODAY = 20514, DUE = TODAY + 3 };	/* 2026-03-02 */

static const struct schema_register person = { .name = (char *)"person" };
static const struct deadline_rule report = { .reg = &person,
	.name = (char *)"report" };
static const struct deadline_rule visit = { .reg = &person,
	.name = (char *)"visit" };

static struct due_item
item_of(const struct deadline_rule *rule, uint8_t id, int on,
	enum deadline_state state)
{
	struct due_item item = { .rule = rule, .when = { state, on, false } };

	item.id.b[0] = id;
	return item;
}

static bool
is_aside(struct store *s, const struct due_item *item, int today)
{
	struct aside_list l = {0};
	struct err err = ERR_INIT;
	bool is;

	assert_int_equal(aside_load(&l, s, &err), E_OK);
	is = aside_of(&l, item, today) != NULL;
	aside_release(&l);
	return is;
}

static void
put(struct store *s, const struct due_item *item, enum aside_until until)
{
	struct err err = ERR_INIT;

	assert_int_equal(aside_put(s, item, 1, until, TODAY, &err), E_OK);
}

/* What was put aside with the first line of a case, and how the same thing
 * stands when it is asked for. */
static void
it_comes_back_by_itself(void **state)
{
	struct cache *c = *state;
	static const struct {
		enum aside_until until;
		enum deadline_state put_state, state;
		int on_later, days_later;
		bool aside;
	} cases[] = {
		{ ASIDE_TOMORROW, DEADLINE_SOON, DEADLINE_SOON, 0, 0, true },
		{ ASIDE_TOMORROW, DEADLINE_SOON, DEADLINE_SOON, 0, 1, false },
		{ ASIDE_WEEK, DEADLINE_LATE, DEADLINE_LATE, 0, 6, true },
		{ ASIDE_WEEK, DEADLINE_LATE, DEADLINE_LATE, 0, 7, false },
		/* its day moved */
		{ ASIDE_WEEK, DEADLINE_LATE, DEADLINE_LATE, 1, 1, false },
		{ ASIDE_LATE, DEADLINE_SOON, DEADLINE_SOON, -1, 1, false },
		/* its state changed */
		{ ASIDE_WEEK, DEADLINE_SOON, DEADLINE_TODAY, 0, 3, false },
		{ ASIDE_WEEK, DEADLINE_SOON, DEADLINE_LATE, 0, 4, false },
		{ ASIDE_LATE, DEADLINE_SOON, DEADLINE_TODAY, 0, 3, true },
		{ ASIDE_LATE, DEADLINE_SOON, DEADLINE_LATE, 0, 4, false },
		{ ASIDE_LATE, DEADLINE_SOON, DEADLINE_SOON, 0, 30, true },
		/* the clock was put back */
		{ ASIDE_WEEK, DEADLINE_LATE, DEADLINE_LATE, 0, -1, false },
		{ ASIDE_LATE, DEADLINE_SOON, DEADLINE_SOON, 0, -1, false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct due_item item = item_of(&report, (uint8_t)(i + 1), DUE,
			cases[i].put_state);

		put(c->s, &item, cases[i].until);
		item.when.state = cases[i].state;
		item.when.on += cases[i].on_later;
		if (is_aside(c->s, &item, TODAY + cases[i].days_later) !=
		    cases[i].aside)
			fail_msg("case %zu", i);
	}
}

static void
one_rule_of_one_record(void **state)
{
	struct cache *c = *state;
	struct due_item item = item_of(&report, 1, DUE, DEADLINE_SOON);
	struct due_item other = item_of(&visit, 1, DUE, DEADLINE_SOON);
	struct due_item record = item_of(&report, 2, DUE, DEADLINE_SOON);
	struct err err = ERR_INIT;

	put(c->s, &item, ASIDE_WEEK);
	assert_true(is_aside(c->s, &item, TODAY));
	assert_false(is_aside(c->s, &other, TODAY));
	assert_false(is_aside(c->s, &record, TODAY));
	/* again, for longer */
	put(c->s, &item, ASIDE_LATE);
	assert_true(is_aside(c->s, &item, TODAY + 20));
	assert_int_equal(aside_drop(c->s, &item, 1, &err), E_OK);
	assert_false(is_aside(c->s, &item, TODAY));
	assert_int_equal(aside_drop(c->s, &item, 1, &err), E_OK);
}

static void
each_users_own(void **state)
{
	struct cache *c = *state;
	struct store_user li = { .login = "li", .role = "clerk" };
	struct due_item item = item_of(&report, 1, DUE, DEADLINE_SOON);
	struct err err = ERR_INIT;

	put(c->s, &item, ASIDE_WEEK);
	assert_int_equal(store_admit(c->s, &li, "another 9", &c->share, &err),
		E_OK);
	assert_false(is_aside(c->s, &item, TODAY));
	store_lock(c->s);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_true(is_aside(c->s, &item, TODAY));
}

/* Another process sees it; locked, nobody does. */
static void
it_is_on_disk_and_sealed(void **state)
{
	struct cache *c = *state;
	struct due_item item = item_of(&report, 1, DUE, DEADLINE_SOON);
	struct store *other = cache_open(c);
	struct aside_list l = {0};
	struct err err = ERR_INIT;
	int64_t n = 0;

	put(c->s, &item, ASIDE_WEEK);
	assert_true(is_aside(other, &item, TODAY));
	assert_int_equal(db_number(&n, c->s->db, "SELECT count(*) FROM aside"
		" WHERE instr(aside, CAST('report' AS BLOB))", &err), E_OK);
	assert_int_equal(n, 0);
	store_lock(other);
	assert_int_equal(aside_load(&l, other, &err), E_AUTH);
	err = (struct err)ERR_INIT;
	assert_int_equal(aside_put(other, &item, 1, ASIDE_WEEK, TODAY, &err),
		E_AUTH);
	store_close(other);
	/* a row of another place does not open */
	err = (struct err)ERR_INIT;
	assert_int_equal(db_exec(c->s->db, "UPDATE aside SET saved_at = 1",
		&err), E_OK);
	assert_int_equal(aside_load(&l, c->s, &err), E_INVALID);
	aside_release(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_comes_back_by_itself,
		    cache_set_up, cache_tear_down),
		cmocka_unit_test_setup_teardown(one_rule_of_one_record,
		    cache_set_up, cache_tear_down),
		cmocka_unit_test_setup_teardown(each_users_own, cache_set_up,
		    cache_tear_down),
		cmocka_unit_test_setup_teardown(it_is_on_disk_and_sealed,
		    cache_set_up, cache_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
