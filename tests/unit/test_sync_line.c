/*
 * What the line and the disks do between an office and the county: replies
 * lost, cut, doubled, strange; kills; copied caches.  After every test all
 * replicas are equal and every operation was judged once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"

/* ---- the line ---- */

static void
a_reply_lost_five_times_doubles_nothing(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;
	char values[40];

	for (int i = 0; i < 50; i++) {
		snprintf(values, sizeof values, "title=matter %d", i);
		(void)say_add(p.a, values);
	}
	site_fault(p.a, NET_SWALLOW, 5);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(site_sync(p.a, NULL, &err), E_OFFLINE);
		err = (struct err)ERR_INIT;
		assert_int_equal(say_counts(p.a).waiting, 50);
		if (i == 2)
			site_crash(p.a);
		if (i == 3)
			township_restart(t);
	}
	say_well(t);
	assert_int_equal(say_counts(p.b).records, 51);
	assert_int_equal(township_number(t, "SELECT count(*) FROM opdone"), 51);
	assert_int_equal(township_number(t, "SELECT max(rev) FROM record"), 1);
}

struct editor {
	struct site *site;
	struct uuid id;
	int times;
};

static void
edit_meanwhile(void *self)
{
	struct editor *e = self;

	if (e->times-- > 0)
		say_set(e->site, &e->id, e->times ? "place=second;note=n2" :
			"place=third");
}

static void
an_edit_during_a_sync_waits_for_the_next(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct editor e = { p.a, p.id, 2 };

	say_set(p.b, &p.id, "phone=1");
	say_sync(p.b);
	say_set(p.a, &p.id, "place=first");
	p.a->net.during = edit_meanwhile;
	p.a->net.self = &e;
	say_sync(p.a);
	assert_int_equal(say_counts(p.a).waiting, 1);
	assert_string_equal(cache_value(p.a->s, &p.id, "place"), "second");
	say_sync(p.a);
	assert_int_equal(say_counts(p.a).waiting, 1);
	assert_string_equal(cache_value(p.a->s, &p.id, "place"), "third");
	p.a->net.during = NULL;
	say_well(t);
	say_all(t, &p.id, "place", "third");
	say_all(t, &p.id, "note", "n2");
	say_all(t, &p.id, "phone", "1");
	say_ask(t, 0);
}

static void
small_pages_go_on_after_a_kill(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct transport net = site_transport(p.b);
	struct err err = ERR_INIT;
	bool more = true;
	size_t pages = 0, before = 0;
	char *story = mem_alloc(3001, 1);
	char *values;

	memset(story, 'x', 3000);
	values = mem_printf("title=long;story=%s", story);
	for (int i = 0; i < 40; i++)
		(void)say_add(p.a, values);
	say_sync(p.a);
	for (; more; pages++) {
		struct sync_counts counts = {0};
		size_t ask = WIRE_MAX_BYTES_MIN;

		if (sync_step(&counts, &more, &ask, p.b->s, &net, &err))
			fail_msg("%s", err.msg);
		assert_true(say_counts(p.b).records > before);
		before = say_counts(p.b).records;
		if (pages % 2)
			site_crash(p.b);
		else
			site_reopen(p.b);
	}
	assert_true(pages >= 8);
	assert_int_equal(before, 41);
	say_well(t);
	free(values);
	free(story);
}

/* What breaks when the second request has been answered and the first page is
 * not applied yet. */
struct breaker {
	struct site *site;
	enum net_fault fault;	/* of the third request; or else the disk */
	int times;
	int seen;
};

static void
break_second(void *self)
{
	struct breaker *b = self;

	if (++b->seen != 2)
		return;
	if (b->fault == NET_FINE)
		db_fail_after(60);
	else
		site_fault(b->site, b->fault, b->times);
}

static void
what_is_under_way_may_be_dropped(void **state)
{
	static const enum net_fault faults[] = { NET_FINE, NET_SWALLOW,
		NET_CUT_LINE };
	const size_t count = sizeof faults / sizeof faults[0];
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	char *story = mem_alloc(9001, 1), *values;

	memset(story, 'x', 9000);
	values = mem_printf("title=long;story=%s", story);
	for (size_t i = 0; i < count; i++) {
		struct breaker b = { p.a, faults[i], 5, 0 };
		struct err err = ERR_INIT;
		size_t waiting;

		for (int k = 0; k < 130; k++)
			(void)say_add(p.a, values);
		p.a->net.during = break_second;
		p.a->net.self = &b;
		assert_int_equal(site_sync(p.a, NULL, &err),
			faults[i] ? E_OFFLINE : E_IO);
		db_fail_after(0);
		p.a->net.during = NULL;
		waiting = say_counts(p.a).waiting;
		if (faults[i])
			assert_in_range(waiting, 1, 129);
		else
			assert_int_equal(waiting, 130);
		assert_true(township_number(t, "SELECT count(*) FROM opdone")
			> (int64_t)(130 * (i + 1) - waiting));
		say_well(t);
	}
	assert_int_equal(say_counts(p.b).records, 1 + 130 * count);
	assert_int_equal(township_number(t, "SELECT count(*) FROM opdone"),
		1 + 130 * (int64_t)count);
	assert_int_equal(township_number(t, "SELECT max(rev) FROM record"), 1);
	free(values);
	free(story);
}

/* A line that breaks once between pages is no reason to stop: what is left is
 * sent over a new connection. */
static void
a_break_after_a_page_is_made_up_for(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct breaker b = { p.a, NET_SWALLOW, 1, 0 };
	char *story = mem_alloc(9001, 1), *values;
	struct err err = ERR_INIT;

	memset(story, 'x', 9000);
	values = mem_printf("title=long;story=%s", story);
	for (int k = 0; k < 130; k++)
		(void)say_add(p.a, values);
	p.a->net.during = break_second;
	p.a->net.self = &b;
	assert_int_equal(site_sync(p.a, NULL, &err), E_OK);
	p.a->net.during = NULL;
	assert_int_equal(say_counts(p.a).waiting, 0);
	say_well(t);
	assert_int_equal(township_number(t, "SELECT count(*) FROM opdone"),
		131);
	free(values);
	free(story);
}

/* Half of a term waits behind long entries while the other half, which lost
 * already, comes anew: the author saw both halves together. */
static void
a_group_is_one_over_several_pages(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct transport net = site_transport(p.a);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	size_t ask = WIRE_MAX_BYTES_MIN;
	bool more = false;
	char *story = mem_alloc(9001, 1), *values;

	memset(story, 'x', 9000);
	values = mem_printf("title=long;story=%s", story);
	say_set(p.b, &p.id, "from_on=2026-01-01");
	say_sync(p.b);
	(void)say_add(p.a, values);
	(void)say_add(p.a, values);
	say_set(p.a, &p.id, "to_on=2026-06-30");
	assert_int_equal(sync_step(&counts, &more, &ask, p.a->s, &net, &err),
		E_OK);
	assert_string_equal(cache_value(p.a->s, &p.id, "from_on"),
		"2026-01-01");
	say_set(p.a, &p.id, "from_on=2026-02-01");
	say_well(t);
	say_all(t, &p.id, "from_on", "2026-01-01");
	say_all(t, &p.id, "to_on", "");
	say_ask(t, 2);
	free(values);
	free(story);
}

static void
a_strange_answer_changes_nothing(void **state)
{
	static const struct {
		enum net_fault fault;
		enum status expected;	/* E_OK: any that is not */
	} rows[] = {
		{ NET_CUT_BEFORE, E_OFFLINE }, { NET_HTML, E_OK },
		{ NET_500, E_OFFLINE }, { NET_503, E_OFFLINE },
		{ NET_500_AFTER, E_OFFLINE }, { NET_CUT_LINE, E_OK },
		{ NET_CUT_BETWEEN, E_OFFLINE },
	};
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = ERR_INIT;
		enum status s;

		say_set(p.a, &p.id, i % 2 ? "place=one" : "place=two");
		say_set(p.b, &p.id, i % 2 ? "phone=1" : "phone=2");
		say_sync(p.b);
		p.a->net.cut = 150 + (unsigned)i;
		site_fault(p.a, rows[i].fault, 1);
		s = site_sync(p.a, NULL, &err);
		assert_int_not_equal(s, E_OK);
		if (rows[i].expected)
			assert_int_equal(s, rows[i].expected);
		assert_true(err.msg[0] != '\0');
		assert_int_equal(say_counts(p.a).waiting, 1);
		assert_int_equal(cache_damage(p.a->s), 0);
		say_sync(p.a);
		assert_int_equal(say_counts(p.a).waiting, 0);
	}
	say_well(t);
	say_ask(t, 0);
}

static void
a_request_delivered_twice_counts_once(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "note=begin and more");
	say_set(p.b, &p.id, "note=begin otherwise");
	say_sync(p.b);
	site_fault(p.a, NET_TWICE, 1);
	say_sync(p.a);
	say_set(p.a, &p.id, "level=3");
	site_fault(p.a, NET_LATE, 1);
	say_sync(p.a);
	site_fault(p.a, NET_RESTART, 1);
	say_well(t);
	say_all(t, &p.id, "note", "begin otherwise\n[u1] and more");
	say_all(t, &p.id, "level", "3");
	say_ask(t, 0);
}

/* ---- copies ---- */

/* Both halves of a copied cache go on; what was in both and not yet judged
 * takes effect once. */
static void
a_copied_cache_loses_and_doubles_nothing(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *copy;
	struct uuid shared, own, other;

	say_set(p.b, &p.id, "note=begin by b");
	say_sync(p.b);
	shared = say_add(p.a, "title=in both");
	say_set(p.a, &p.id, "note=begin by a;phone=1");
	copy = township_copy(t, p.a);
	own = say_add(p.a, "title=in the first");
	other = say_add(copy, "title=in the copy");
	say_set(copy, &p.id, "place=copied;phone=2");
	say_sync(p.a);
	say_set(p.b, &p.id, "level=2");
	say_sync(p.b);
	say_sync(copy);
	say_set(copy, &shared, "place=copied");
	say_set(p.a, &own, "place=first");
	say_well(t);
	say_all(t, &shared, "place", "copied");
	say_all(t, &own, "place", "first");
	say_all(t, &other, "title", "in the copy");
	say_all(t, &p.id, "place", "copied");
	say_all(t, &p.id, "phone", "2");
	say_all(t, &p.id, "note", "begin by b\n[u1] by a");
	say_ask(t, 0);
	assert_int_equal(township_number(t, "SELECT count(DISTINCT epoch)"
		" FROM opdone WHERE device = (SELECT device FROM opdone"
		" GROUP BY device ORDER BY count(*) DESC LIMIT 1)"), 2);
}

/* The copy of a copy is quicker, though its epoch is the higher one. */
static void
what_a_copy_of_a_copy_sent_first_is_recognised(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *copy = township_copy(t, p.a), *second;
	struct transport net = site_transport(copy);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	size_t line_bytes = 0;
	bool more = false;

	say_set(p.a, &p.id, "place=first");
	say_sync(p.a);
	say_set(copy, &p.id, "note=begin and more");
	second = township_copy(t, copy);
	assert_int_equal(sync_step(&counts, &more, &line_bytes, copy->s, &net,
		&err), E_OK);
	assert_true(more);	/* it has a new epoch now, and sent nothing */
	say_sync(second);
	say_set(p.b, &p.id, "note=begin otherwise");
	say_sync(p.b);
	say_sync(copy);
	say_well(t);
	say_all(t, &p.id, "note", "begin and more\n[u1b] otherwise");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(a_reply_lost_five_times_doubles_nothing),
		SAID(an_edit_during_a_sync_waits_for_the_next),
		SAID(small_pages_go_on_after_a_kill),
		SAID(what_is_under_way_may_be_dropped),
		SAID(a_break_after_a_page_is_made_up_for),
		SAID(a_group_is_one_over_several_pages),
		SAID(a_strange_answer_changes_nothing),
		SAID(a_request_delivered_twice_counts_once),
		SAID(a_copied_cache_loses_and_doubles_nothing),
		SAID(what_a_copy_of_a_copy_sent_first_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
