/*
 * A record that the county had erased for good, and the caches that do not hold
 * it, or not any more: what was entered there goes too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kit/cache.h"
#include "kit/erasures.h"
#include "kit/township_say.h"
#include "store/outbox.h"

static int
set_up(void **state)
{
	int s = say_set_up(state);

	if (!s)
		erasures_people(*state);
	return s;
}

static void
erase(struct township *t, const struct uuid *id)
{
	struct err err = ERR_INIT;

	if (erasures_decide(t, id, &err))
		fail_msg("%s", err.msg);
}

static struct uuid
add_visit(struct site *site, const struct uuid *matter, const char *text)
{
	char id[UUID_TEXT_MAX], values[200];

	uuid_print(id, matter);
	snprintf(values, sizeof values, "matter_id=%s;text=%s", id, text);
	township_tick(1000);
	return cache_add(site->s, "visit", values);
}

/* The operations on a record that still say something. */
static size_t
kept(struct site *site, const struct uuid *id)
{
	struct outbox_list l = {0};
	struct err err = ERR_INIT;
	size_t n = 0;

	assert_int_equal(outbox_list(&l, site->s, OUTBOX_OF_RECORD, id, &err),
		E_OK);
	for (size_t i = 0; i < l.count; i++)
		n += !op_is_empty(&l.items[i].op);
	outbox_list_release(&l);
	return n;
}

static int64_t
kept_aside(struct township *t)
{
	return township_number(t, "SELECT (SELECT count(*) FROM quarantine)"
		" + (SELECT count(*) FROM returned)");
}

/* What somebody entered while they might, and may not see any more. */
static void
who_may_not_see_it_any_more_is_told(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid sealed;

	say_well(t);
	sealed = say_add(p.a, "title=private;tags=4");
	say_well(t);
	township_role(t, "u1", "auditor");
	township_role(t, "u1b", "auditor");
	say_well(t);
	assert_int_equal(kept(p.a, &sealed), 1);
	erase(t, &sealed);
	say_well(t);
	assert_int_equal(kept(p.a, &sealed), 0);
}

/* The line of the stream is passed when a cache is compared with a restored
 * ledger, and it holds nothing of the record that could be compared. */
static void
who_lost_it_is_told_after_a_restore(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "place=here");
	say_well(t);
	assert_true(site_lose(p.a, &p.id));
	township_backup(t);
	erase(t, &p.id);
	township_restore(t);
	say_well(t);
	assert_int_equal(kept(p.a, &p.id), 0);
	assert_int_equal(kept(p.b, &p.id), 0);
}

/* An entry below it is erased with it, once it comes. */
static void
what_comes_too_late_goes_here_too(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid visit;

	say_well(t);
	visit = add_visit(p.a, &p.id, "too late");
	erase(t, &p.id);
	say_sync(p.b);
	township_role(t, "u1", "auditor");
	say_well(t);
	assert_int_equal(kept(p.a, &visit), 0);
	assert_int_equal(kept(p.a, &p.id), 0);
	assert_false(say_remembers(t, "too late"));
}

/* That it was erased too is not forgotten by a backup: whoever had such an entry
 * before hands back an empty one, and others change it still. */
static void
what_came_too_late_stays_erased_after_a_restore(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid visit;

	say_well(t);
	township_backup(t);
	visit = add_visit(p.a, &p.id, "too late");
	erase(t, &p.id);
	say_well(t);
	assert_int_equal(township_number(t, "SELECT count(*) FROM erased"), 2);
	township_restore(t);
	assert_int_equal(township_number(t, "SELECT count(*) FROM erased"), 2);
	say_well(t);
	assert_int_equal(kept(p.a, &visit), 0);
	assert_int_equal(kept_aside(t), 0);
	assert_false(say_remembers(t, "too late"));
}

int
main(void)
{
#define ERASING(test) \
	cmocka_unit_test_setup_teardown(test, set_up, say_tear_down)
	const struct CMUnitTest tests[] = {
		ERASING(who_may_not_see_it_any_more_is_told),
		ERASING(who_lost_it_is_told_after_a_restore),
		ERASING(what_comes_too_late_goes_here_too),
		ERASING(what_came_too_late_stays_erased_after_a_restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
