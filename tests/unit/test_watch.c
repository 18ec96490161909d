/*
 * Keeping in step: how long is paused, what ends it, what is kept of each
 * exchange.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "store/runs.h"
#include "sync/watch.h"

/* ---- pauses ---- */

static void
pauses_grow_at_random(void **state)
{
	static const int64_t most[] = { 4000, 8000, 16000, 32000, 64000,
		128000, 256000, 512000, 600000, 600000 };

	(void)state;
	for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
		int64_t least = INT64_MAX, longest = 0;

		for (int k = 0; k < 400; k++) {
			int64_t ms = watch_pause_ms(i + 1, 0);

			least = ms < least ? ms : least;
			longest = ms > longest ? ms : longest;
		}
		assert_in_range(least, 2000, 2000 + most[i] / 4);
		assert_in_range(longest, most[i] * 3 / 4, most[i]);
	}
	assert_in_range(watch_pause_ms(1000000, 0), 2000, 600000);
}

static void
what_the_server_asks_for_is_kept_to(void **state)
{
	(void)state;
	for (int k = 0; k < 100; k++) {
		assert_in_range(watch_pause_ms(1, 60), 60000, 62000);
		assert_in_range(watch_pause_ms(9, 5), 5000, 7000);
		assert_in_range(watch_pause_ms(1, 86400), 600000, 602000);
	}
}

/* ---- running ---- */

struct heard {
	size_t begun, good, failed;
	size_t enough;			/* events, then it shall end */
	int64_t pause_ms;
	enum status code;
};

static void
hear(void *self, const struct watch_event *e)
{
	struct heard *h = self;

	h->begun += e->state == WATCH_BEGUN;
	h->good += e->state == WATCH_GOOD;
	if (e->state == WATCH_FAILED) {
		h->failed++;
		h->pause_ms = e->pause_ms;
		h->code = e->err->code;
	}
}

static bool
heard_enough(void *self)
{
	struct heard *h = self;

	return h->good + h->failed >= h->enough;
}

static bool
always(void *self)
{
	(void)self;
	return true;
}

static enum status
run(struct heard *h, struct site *site, size_t enough, bool hurried,
	struct err *err)
{
	struct transport net = site_transport(site);
	struct watch w = { .store = site->s, .net = &net, .self = h,
		.say = hear, .stop = heard_enough,
		.asked = hurried ? always : NULL };

	*h = (struct heard){ .enough = enough };
	return watch_run(&w, err);
}

static void
a_failure_is_paused_and_tried_again(void **state)
{
	struct say_pair p = say_pair(*state);
	struct err err = ERR_INIT;
	struct heard h;

	say_set(p.a, &p.id, "place=here");
	site_fault(p.a, NET_CUT_BEFORE, 2);
	assert_int_equal(run(&h, p.a, 3, true, &err), E_OK);
	assert_int_equal(h.failed, 2);
	assert_int_equal(h.good, 1);
	assert_int_equal(h.code, E_OFFLINE);
	assert_in_range(h.pause_ms, 2000, 8000);
	say_well(*state);
	say_all(*state, &p.id, "place", "here");
}

static void
html_is_a_failure_like_others(void **state)
{
	struct say_pair p = say_pair(*state);
	struct err err = ERR_INIT;
	struct heard h;

	site_fault(p.a, NET_HTML, 1);
	assert_int_equal(run(&h, p.a, 2, true, &err), E_OK);
	assert_int_equal(h.failed, 1);
	assert_int_equal(h.good, 1);
}

static void
who_may_not_any_more_is_told(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;
	struct heard h;
	struct store_user user = *store_user(p.a->s);

	assert_int_equal(store_user_renew(p.a->s, "nobody's",
		user.offline_until, &err), E_OK);
	assert_int_equal(run(&h, p.a, 9, true, &err), E_AUTH);
	assert_int_equal(h.begun, 1);
}

static void
one_watches_a_cache(void **state)
{
	struct say_pair p = say_pair(*state);
	struct err err = ERR_INIT;
	struct heard h;
	int lock = -1;

	assert_int_equal(apply_lock_watch(&lock, p.a->s, &err), E_OK);
	assert_int_equal(run(&h, p.a, 1, true, &err), E_CONFLICT);
	assert_int_equal(h.begun, 0);
	apply_unlock(lock);
	err = (struct err)ERR_INIT;
	assert_int_equal(run(&h, p.a, 1, true, &err), E_OK);
}

/* ---- what is kept ---- */

static void
runs_are_kept_and_failures_joined(void **state)
{
	struct say_pair p = say_pair(*state);
	struct err err = ERR_INIT;
	struct run runs[RUNS_KEPT];
	struct heard h;
	size_t count = 0, before = 0;

	assert_int_equal(runs_list(runs, RUNS_KEPT, &before, p.a->s, &err),
		E_OK);
	/* nothing moved: nothing is kept */
	assert_int_equal(run(&h, p.a, 1, true, &err), E_OK);
	assert_int_equal(runs_list(runs, RUNS_KEPT, &count, p.a->s, &err),
		E_OK);
	assert_int_equal(count, before);
	say_set(p.a, &p.id, "place=here");
	site_fault(p.a, NET_CUT_BEFORE, 2);
	assert_int_equal(run(&h, p.a, 3, true, &err), E_OK);
	assert_int_equal(runs_list(runs, RUNS_KEPT, &count, p.a->s, &err),
		E_OK);
	assert_int_equal(count, before + 2);
	assert_int_equal(runs[0].result, E_OK);
	assert_int_equal(runs[0].pushed, 1);
	assert_true(runs[0].bytes > 0);
	assert_int_equal(runs[1].result, E_OFFLINE);
	assert_int_equal(runs[1].times, 2);
	assert_true(strlen(runs[1].said) > 3);
	assert_true(runs[1].last_at >= runs[1].began_at);
}

static void
the_oldest_runs_go(void **state)
{
	struct cache *c = *state;
	struct run runs[RUNS_KEPT + 10], r = { .times = 1, .pushed = 1 };
	struct err err = ERR_INIT;
	size_t count = 0;

	for (int i = 0; i < RUNS_KEPT + 7; i++) {
		r.began_at = i;
		assert_int_equal(runs_keep(c->s, &r, &err), E_OK);
	}
	assert_int_equal(runs_list(runs, RUNS_KEPT + 10, &count, c->s, &err),
		E_OK);
	assert_int_equal(count, RUNS_KEPT);
	assert_int_equal(runs[0].began_at, RUNS_KEPT + 6);
	assert_int_equal(runs[RUNS_KEPT - 1].began_at, 7);
}

static void
the_line_is_measured_by_what_is_large(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;
	int64_t bytes_s = -1;

	assert_int_equal(runs_line(&bytes_s, c->s, &err), E_OK);
	assert_int_equal(bytes_s, 0);
	assert_int_equal(runs_measured(c->s, 900, 1, &err), E_OK);
	assert_int_equal(runs_line(&bytes_s, c->s, &err), E_OK);
	assert_int_equal(bytes_s, 0);
	assert_int_equal(runs_measured(c->s, 70000, 10000, &err), E_OK);
	assert_int_equal(runs_line(&bytes_s, c->s, &err), E_OK);
	assert_int_equal(bytes_s, 7000);
	assert_int_equal(runs_measured(c->s, 110000, 10000, &err), E_OK);
	assert_int_equal(runs_line(&bytes_s, c->s, &err), E_OK);
	assert_int_equal(bytes_s, 8000);
}

/* ---- */

#define CACHE(f) cmocka_unit_test_setup_teardown(f, cache_set_up, \
	cache_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses_grow_at_random),
		cmocka_unit_test(what_the_server_asks_for_is_kept_to),
		SAID(a_failure_is_paused_and_tried_again),
		SAID(html_is_a_failure_like_others),
		SAID(who_may_not_any_more_is_told),
		SAID(one_watches_a_cache),
		SAID(runs_are_kept_and_failures_joined),
		CACHE(the_oldest_runs_go),
		CACHE(the_line_is_measured_by_what_is_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
