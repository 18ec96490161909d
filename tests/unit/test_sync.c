/*
 * What people do between an office and the county, one test for each: merging,
 * questions, refusals.  Real caches and a real server (kit/township.h); after
 * every test all replicas are equal and every operation was judged once.
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
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "store/conflict.h"
#include "store/outbox.h"
#include "store/overview.h"
#include "store/removed.h"

/* ---- merging ---- */

static void
different_fields_merge(struct township *t, bool a_first)
{
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "place=here");
	say_set(p.b, &p.id, "phone=13800138000");
	say_sync(a_first ? p.a : p.b);
	say_sync(a_first ? p.b : p.a);
	say_well(t);
	say_all(t, &p.id, "place", "here");
	say_all(t, &p.id, "phone", "13800138000");
	say_ask(t, 0);
}

static void
different_fields_merge_one_first(void **state)
{
	different_fields_merge(*state, true);
}

static void
different_fields_merge_other_first(void **state)
{
	different_fields_merge(*state, false);
}

static void
the_same_field_asks_both_and_is_answered_once(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "place=here");
	say_set(p.b, &p.id, "place=there");
	say_sync(p.a);
	say_sync(p.b);
	say_sync(p.a);
	say_ask(t, 1);
	say_all(t, &p.id, "place", "here");
	say_resolve(p.a, "there");
	say_well(t);
	say_ask(t, 0);
	say_all(t, &p.id, "place", "there");
	assert_int_equal(say_refused(p.a) + say_refused(p.b), 0);
}

static void
of_two_answers_the_second_is_refused_and_kept(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "place=here");
	say_set(p.b, &p.id, "place=there");
	say_sync(p.a);
	say_sync(p.b);
	say_sync(p.a);
	say_resolve(p.a, "here indeed");
	say_resolve(p.b, "elsewhere");
	say_well(t);
	say_ask(t, 0);
	say_all(t, &p.id, "place", "here indeed");
	assert_int_equal(say_refused(p.a), 0);
	assert_int_equal(say_refused(p.b), 1);
	assert_true(say_remembers(t, "elsewhere"));
}

static void
a_group_is_decided_as_one(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct conflict_list l = {0};
	struct err err = ERR_INIT;

	say_set(p.a, &p.id, "from_on=2026-01-01");
	say_set(p.b, &p.id, "to_on=2026-06-30");
	say_sync(p.a);
	say_sync(p.b);
	say_well(t);
	say_ask(t, 1);
	say_all(t, &p.id, "from_on", "2026-01-01");
	say_all(t, &p.id, "to_on", "");
	assert_int_equal(conflict_list(&l, p.a->s, &p.id, &err), E_OK);
	assert_string_equal(l.items[0].group, "term");
	assert_string_equal(l.items[0].fields[0].mine, "2026-06-30");
	conflict_list_release(&l);
}

static void
a_withdrawal_against_an_edit(struct township *t, bool withdrawal_first)
{
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "place=here");
	say_withdraw(p.b, &p.id, "entered twice");
	say_sync(withdrawal_first ? p.b : p.a);
	say_sync(withdrawal_first ? p.a : p.b);
	say_well(t);
	say_ask(t, 1);
	say_all(t, &p.id, "place", "here");
	say_all(t, &p.id, "@deleted", "");
	assert_true(say_remembers(t, "entered twice"));
}

static void
a_withdrawal_before_an_edit(void **state)
{
	a_withdrawal_against_an_edit(*state, true);
}

static void
a_withdrawal_after_an_edit(void **state)
{
	a_withdrawal_against_an_edit(*state, false);
}

static struct uuid
add_visit(struct site *site, const struct uuid *matter, const char *text)
{
	char id[UUID_TEXT_MAX], values[128];

	township_tick(1000);
	uuid_print(id, matter);
	snprintf(values, sizeof values, "matter_id=%s;text=%s", id, text);
	return cache_add(site->s, "visit", values);
}

static void
events_are_only_added(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid one = add_visit(p.a, &p.id, "by a");
	struct uuid two = add_visit(p.b, &p.id, "by b");
	struct err err = ERR_INIT;

	assert_int_equal(cache_change(p.a->s, &one, "text=else", &err),
		E_INVALID);
	say_sync(p.a);
	say_sync(p.b);
	say_sync(p.a);
	say_withdraw(p.a, &two, "not so");
	say_well(t);
	say_all(t, &one, "text", "by a");
	say_all(t, &two, "@deleted", "not so");
	say_ask(t, 0);
}

static void
unknown_fields_survive(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", t->older);
	struct uuid id = say_add(a, "title=first;phone=13800138000");

	township_settle(t);
	say_set(b, &id, "title=second");
	say_set(a, &id, "place=here");
	say_well(t);
	say_all(t, &id, "title", "second");
	say_all(t, &id, "phone", "13800138000");
	say_all(t, &id, "place", "here");
	say_ask(t, 0);
}

/* ---- operations ---- */

static void
a_chain_never_conflicts_with_itself(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;

	for (int lost = 0; lost < 2; lost++) {
		say_set(p.a, &p.id, "place=one;level=1");
		say_set(p.a, &p.id, "place=two;from_on=2026-01-01");
		site_fault(p.a, NET_SWALLOW, lost);
		assert_int_equal(site_sync(p.a, NULL, &err),
			lost ? E_OFFLINE : E_OK);
		err = (struct err)ERR_INIT;
		say_set(p.a, &p.id, "place=three;to_on=2026-06-30;note=more");
		say_set(p.b, &p.id, lost ? "phone=2" : "phone=1");
		say_sync(p.b);
		say_sync(p.a);
	}
	say_well(t);
	say_ask(t, 0);
	say_all(t, &p.id, "place", "three");
	say_all(t, &p.id, "to_on", "2026-06-30");
	say_all(t, &p.id, "phone", "2");
	assert_int_equal(say_refused(p.a), 0);
}

static void
one_refused_does_not_hold_up_the_others(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	char values[40];

	say_set(p.b, &p.id, "last_on=2026-01-05");
	say_sync(p.b);
	for (int i = 0; i < 100; i++) {
		snprintf(values, sizeof values, "title=matter %d", i);
		if (i == 50)
			say_set(p.a, &p.id, "first_on=2026-02-01");
		else
			(void)say_add(p.a, values);
	}
	assert_int_equal(site_sync(p.a, &counts, &err), E_OK);
	assert_int_equal(counts.pushed, 100);
	assert_int_equal(counts.apply.ok, 99);
	assert_int_equal(counts.apply.refused, 1);
	assert_int_equal(say_refused(p.a), 1);
	say_well(t);
	say_all(t, &p.id, "first_on", "");
	assert_true(say_remembers(t, "2026-02-01"));
	assert_int_equal(say_counts(p.b).records, 100);
}

static void
a_refused_new_record_is_mended_and_sent(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id = say_add(p.a, "title=second");

	say_set(p.a, &id, "place=here");
	township_role(t, "u1", "auditor");
	say_sync(p.a);
	assert_int_equal(say_refused(p.a), 2);
	assert_string_equal(cache_value(p.a->s, &id, "place"), "here");
	township_role(t, "u1", "clerk");
	say_sync(p.a);	/* it hears of that */
	say_set(p.a, &id, "title=third");
	say_well(t);
	assert_int_equal(say_refused(p.a), 0);
	say_all(t, &id, "title", "third");
	say_all(t, &id, "place", "here");
}

static void
a_role_without_rights_changes_nothing(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *c = township_site(t, OFFICE_ONE, "u1x", NULL);
	struct err err = ERR_INIT;

	township_settle(t);
	assert_int_equal(cache_change(c->s, &p.id, "place=here", &err),
		E_AUTH);
	/* the cache does not know yet, the server does */
	township_role(t, "u1", "auditor");
	say_set(p.a, &p.id, "place=here");
	say_sync(p.a);
	assert_int_equal(say_refused(p.a), 1);
	say_well(t);
	say_all(t, &p.id, "place", "");
	assert_true(say_remembers(t, "here"));
}

/* Ours was refused, but somebody else has entered the same: the record is what
 * we expected, and not what lies here. */
static void
the_same_by_another_after_a_refusal_is_taken(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "place=here");
	say_set(p.b, &p.id, "place=here");
	say_sync(p.b);
	township_role(t, "u1", "auditor");
	say_sync(p.a);
	assert_int_equal(say_refused(p.a), 1);
	say_well(t);
	say_all(t, &p.id, "place", "here");
}

static void
another_office_sees_nothing(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *other = township_site(t, OFFICE_TWO, "u2", NULL);
	struct site *county = township_site(t, OFFICE_COUNTY, "uc", NULL);
	struct uuid id = say_add(other, "title=of two");

	say_well(t);
	assert_string_equal(cache_value(other->s, &p.id, "title"),
		"(not_found)");
	assert_string_equal(cache_value(p.a->s, &id, "title"),
		"(not_found)");
	assert_string_equal(cache_value(county->s, &p.id, "title"), "first");
	assert_string_equal(cache_value(county->s, &id, "title"), "of two");
}

/* ---- an operation that the server cannot work ---- */

static void
ledger_does(struct township *t, const char *sql)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(ledger_begin(&db, t->ledger, &err), E_OK);
	assert_int_equal(db_exec(db, sql, &err), E_OK);
	assert_int_equal(ledger_end(t->ledger, E_OK, &err), E_OK);
}

#define POISON "CREATE TRIGGER poison BEFORE INSERT ON record" \
	" WHEN instr(NEW.body, 'poison') > 0" \
	" BEGIN SELECT RAISE(ABORT, 'poison'); END"

static void
one_that_cannot_be_worked_is_put_aside(struct township *t, int at)
{
	struct say_pair p = say_pair(t);
	struct outbox_list l = {0};
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	struct transport net;

	ledger_does(t, POISON);
	for (int i = 1; i <= 100; i++)
		(void)say_add(p.a, i == at ? "title=poison" : "title=good");
	net = site_transport(p.a);
	assert_int_equal(sync_run(&counts, p.a->s, &net, NULL, NULL, &err),
		E_OK);
	assert_int_equal(counts.pushed, 100);
	assert_int_equal(counts.parked, 1);
	assert_in_range(p.a->net.requests, 3, 30);
	assert_int_equal(say_refused(p.a), 1);
	assert_int_equal(outbox_list(&l, p.a->s, OUTBOX_REFUSED, NULL, &err),
		E_OK);
	assert_int_equal(l.items[0].verdict, VERDICT_REVIEW);
	outbox_list_release(&l);
	assert_true(say_remembers(t, "poison"));
	assert_int_equal(township_number(t, "SELECT count(*) FROM record"
		" WHERE instr(body, 'good') > 0"), 99);
	ledger_does(t, "DROP TRIGGER poison");
	say_well(t);
}

static void
the_first_that_cannot_be_worked_is_put_aside(void **state)
{
	one_that_cannot_be_worked_is_put_aside(*state, 1);
}

static void
one_in_the_middle_is_put_aside(void **state)
{
	one_that_cannot_be_worked_is_put_aside(*state, 50);
}

static void
the_last_that_cannot_be_worked_is_put_aside(void **state)
{
	one_that_cannot_be_worked_is_put_aside(*state, 100);
}

static void
several_that_cannot_be_worked_are_put_aside(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	struct transport net = site_transport(p.a);

	ledger_does(t, POISON);
	for (int i = 1; i <= 30; i++)
		(void)say_add(p.a, i % 10 == 5 ? "title=poison" :
			"title=good");
	assert_int_equal(sync_run(&counts, p.a->s, &net, NULL, NULL, &err),
		E_OK);
	assert_int_equal(counts.parked, 3);
	assert_int_equal(say_refused(p.a), 3);
	ledger_does(t, "DROP TRIGGER poison");
	say_well(t);
}

/* A server that can write nothing is ill; nothing is put aside for that. */
static void
a_server_that_is_ill_puts_nothing_aside(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	struct transport net = site_transport(p.a);

	ledger_does(t, "CREATE TRIGGER full BEFORE INSERT ON opdone"
		" BEGIN SELECT RAISE(ABORT, 'full'); END");
	for (int i = 1; i <= 10; i++)
		(void)say_add(p.a, "title=good");
	assert_int_equal(sync_run(&counts, p.a->s, &net, NULL, NULL, &err),
		E_OFFLINE);
	assert_int_equal(counts.parked, 0);
	ledger_does(t, "DROP TRIGGER full");
	say_well(t);
	assert_int_equal(say_refused(p.a), 0);
	assert_int_equal(township_number(t, "SELECT count(*) FROM record"
		" WHERE instr(body, 'good') > 0"), 10);
}

/* ---- a gateway that takes no large requests ---- */

static struct uuid
add_long(struct site *site)
{
	char *values = mem_alloc(1, 30 * 1024);
	struct uuid id;

	memcpy(values, "title=long;story=", 18);
	for (int i = 0; i < 9000; i++)
		memcpy(values + 17 + 3 * i, "\xe9\x95\xbf", 4);
	id = say_add(site, values);
	free(values);
	return id;
}

static int64_t
decided_long(struct township *t, const char *verdict)
{
	char *sql = mem_printf("SELECT count(*) FROM opdone WHERE verdict ="
		" '%s' AND why LIKE '%%27 kB%%'", verdict);
	int64_t n = township_number(t, sql);

	free(sql);
	return n;
}

static void
one_that_is_too_large_for_the_line_stops_nobody(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	struct transport net = site_transport(p.a);
	struct uuid id;

	p.a->net.most = 12 * 1024;
	for (int i = 0; i < 40; i++)
		(void)say_add(p.a, "title=good");
	id = add_long(p.a);
	for (int i = 0; i < 40; i++)
		(void)say_add(p.a, "title=good");
	assert_int_equal(sync_run(&counts, p.a->s, &net, NULL, NULL, &err),
		E_OK);
	assert_int_equal(counts.pushed, 81);
	assert_int_equal(say_counts(p.a).waiting, 0);
	assert_int_equal(say_refused(p.a), 1);
	assert_int_equal(decided_long(t, "invalid"), 1);
	assert_int_equal(township_number(t, "SELECT count(*) FROM record"
		" WHERE instr(body, 'good') > 0"), 80);
	/* it is here whole, and goes when it is shorter */
	assert_string_equal(cache_value(p.a->s, &id, "title"), "long");
	say_set(p.a, &id, "story=short");
	say_well(t);
	assert_int_equal(say_refused(p.a), 0);
	say_all(t, &id, "story", "short");
}

/* The answer is lost, and then the gateway is widened: it is the same one. */
static void
a_large_one_is_known_again_when_it_comes_whole(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	say_sync(p.a);
	(void)add_long(p.a);
	p.a->net.most = 12 * 1024;
	site_fault(p.a, NET_SWALLOW, 1000);
	assert_int_equal(site_sync(p.a, &counts, &err), E_OFFLINE);
	assert_int_equal(decided_long(t, "invalid"), 1);
	site_fault(p.a, NET_FINE, 0);
	p.a->net.most = 0;
	say_sync(p.a);
	assert_int_equal(say_refused(p.a), 1);
	assert_int_equal(decided_long(t, "invalid"), 1);
	assert_int_equal(township_number(t, "SELECT max(epoch) FROM device"),
		1);
}

static void
who_lets_nothing_through_refuses_nothing(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	for (int i = 0; i < 10; i++)
		(void)say_add(p.a, "title=good");
	p.a->net.most = 100;
	assert_int_equal(site_sync(p.a, &counts, &err), E_INVALID);
	assert_int_equal(say_counts(p.a).waiting, 10);
	assert_int_equal(say_refused(p.a), 0);
	p.a->net.most = 0;
	say_well(t);
}

/* What a restored server lost comes back through it, too; but for the trace of
 * what never got through. */
static void
handing_back_becomes_smaller(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id;

	say_sync(p.a);
	township_backup(t);
	for (int i = 0; i < 60; i++)
		(void)say_add(p.a, "title=good");
	p.a->net.most = 12 * 1024;
	id = add_long(p.a);
	say_sync(p.a);
	assert_int_equal(say_refused(p.a), 1);
	township_restore(t);
	say_sync(p.a);
	assert_int_equal(township_number(t, "SELECT count(*) FROM record"
		" WHERE instr(body, 'good') > 0"), 60);
	say_set(p.a, &id, "story=short");
	township_settle(t);
	say_all(t, &id, "story", "short");
}

/* ---- a server that has forgotten ---- */

static void
stands(struct site *site, const struct uuid *id, const char *field,
	const char *text)
{
	struct record r = {0};
	struct err err = ERR_INIT;

	assert_int_equal(store_get(&r, site->s, id, &err), E_OK);
	assert_string_equal(record_get(&r, field), text);
	record_release(&r);
}

/* What changed and what left since is found by comparing; what was entered here
 * is sent. */
static void
a_cursor_that_is_too_old_begins_anew(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid left = say_add(p.a, "title=leaves"), mine, theirs;
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	struct transport net = site_transport(p.b);

	say_sync(p.a);
	say_sync(p.b);
	say_set(p.a, &p.id, "place=here");
	say_set(p.a, &left, "tags=4");		/* sealed */
	theirs = say_add(p.a, "title=theirs");
	say_sync(p.a);
	say_set(p.b, &p.id, "phone=13800138000");
	mine = say_add(p.b, "title=mine");
	p.b->net.too_old = 2;
	assert_int_equal(sync_run(&counts, p.b->s, &net, NULL, NULL, &err),
		E_OK);
	assert_int_equal(counts.reconciled, 2);
	assert_int_equal(counts.pushed, 2);
	assert_int_equal(say_counts(p.b).waiting, 0);
	stands(p.b, &theirs, "title", "theirs");
	stands(p.b, &p.id, "place", "here");
	say_well(t);
	say_all(t, &p.id, "phone", "13800138000");
	say_all(t, &mine, "title", "mine");
}

/* One that says so for ever is not asked for ever, and nothing is lost. */
static void
a_server_that_forgets_always_is_left(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;

	say_sync(p.b);
	say_set(p.b, &p.id, "place=here");
	p.b->removes = true;
	p.b->net.too_old = 1000;
	p.b->net.requests = 0;
	assert_int_equal(site_sync(p.b, NULL, &err), E_CONFLICT);
	assert_true(p.b->net.requests < 40);
	assert_int_equal(say_counts(p.b).waiting, 1);
	stands(p.b, &p.id, "place", "here");
	p.b->net.too_old = 0;
	say_well(t);
	say_all(t, &p.id, "place", "here");
}

/* ---- what is taken away ---- */

static size_t
count_removed(struct site *site, struct uuid *first)
{
	struct removed_list l = {0};
	struct err err = ERR_INIT;
	size_t count;

	assert_int_equal(removed_list(&l, site->s, &err), E_OK);
	count = l.count;
	if (count > 0)
		*first = l.items[0].record.id;
	assert_int_equal(say_counts(site).removed, count);
	removed_list_release(&l);
	return count;
}

/* The ledger's stream loses rows that it should have: a fault of the county's,
 * which the sums of the stream tell every device. */
static void
what_leaves_without_a_reason_can_be_put_back(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid lost = say_add(p.a, "title=precious;place=here"), id, again;
	struct err err = ERR_INIT;

	say_sync(p.a);
	say_sync(p.b);
	assert_int_equal(count_removed(p.b, &id), 0);
	ledger_does(t, "UPDATE stream SET held = held - 1, sum = sum - (SELECT"
		" item FROM feed f JOIN record r ON r.id = f.record WHERE"
		" instr(r.body, 'precious') > 0 AND f.stream = stream.id)"
		" WHERE name = '" OFFICE_ONE "/gen';"
		"DELETE FROM feed WHERE record = (SELECT id FROM record"
		" WHERE instr(body, 'precious') > 0)");
	p.b->removes = true;
	say_sync(p.b);
	assert_null(overview_find(p.b->s, &lost));
	assert_int_equal(count_removed(p.b, &id), 1);
	assert_int_equal(uuid_compare(&id, &lost), 0);

	assert_int_equal(removed_restore(&again, p.b->s, &lost, &err), E_OK);
	assert_int_equal(count_removed(p.b, &id), 0);
	assert_int_equal(removed_restore(&id, p.b->s, &lost, &err),
		E_NOTFOUND);
	stands(p.b, &again, "place", "here");
	say_sync(p.b);
	p.a->removes = true;
	say_sync(p.a);
	stands(p.a, &again, "title", "precious");

	/* and after 30 days it is gone for good */
	assert_int_equal(count_removed(p.a, &id), 1);
	township_tick((REMOVED_DAYS + 1) * 24 * 3600 * (int64_t)1000);
	assert_int_equal(removed_restore(&id, p.a->s, &lost, &err),
		E_NOTFOUND);
	site_sign_in(p.a, "u1");
	say_sync(p.a);
	assert_int_equal(count_removed(p.a, &id), 0);
}

/* ---- programs ---- */

/* What it does not know it would misread: it stays where it is, and what is
 * entered is delivered and not lost from its own lists. */
static void
a_program_that_is_too_old_sends_and_is_told_nothing(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct outbox_counts here = {0};
	struct err err = ERR_INIT;
	struct uuid mine;

	api_min_app(t->api, WIRE_APP + 1);
	p.b->net.app = WIRE_APP + 1;
	say_set(p.b, &p.id, "place=there");
	say_sync(p.b);
	say_set(p.a, &p.id, "phone=13800138000");
	mine = say_add(p.a, "title=mine");
	for (int i = 0; i < 2; i++)
		assert_int_equal(site_sync(p.a, &counts, &err), E_OK);
	assert_int_equal(counts.pushed, 2);
	assert_int_equal(counts.apply.pulled + counts.apply.gone, 0);
	assert_int_equal(outbox_count(&here, p.a->s, &err), E_OK);
	assert_int_equal(here.waiting, 0);
	assert_int_equal(here.min_app, WIRE_APP + 1);
	assert_int_equal(township_number(t, "SELECT count(*) FROM record"
		" WHERE instr(body, 'mine') + instr(body, '138001') > 0"), 2);
	stands(p.a, &p.id, "place", "");
	stands(p.a, &p.id, "phone", "13800138000");
	stands(p.a, &mine, "title", "mine");
	site_well(p.a);

	p.a->net.app = WIRE_APP + 1;
	say_well(t);
	say_all(t, &p.id, "place", "there");
	assert_int_equal(outbox_count(&here, p.a->s, &err), E_OK);
	assert_int_equal(here.min_app, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(different_fields_merge_one_first),
		SAID(different_fields_merge_other_first),
		SAID(the_same_field_asks_both_and_is_answered_once),
		SAID(of_two_answers_the_second_is_refused_and_kept),
		SAID(a_group_is_decided_as_one),
		SAID(a_withdrawal_before_an_edit),
		SAID(a_withdrawal_after_an_edit),
		SAID(events_are_only_added),
		SAID(unknown_fields_survive),
		SAID(a_chain_never_conflicts_with_itself),
		SAID(one_refused_does_not_hold_up_the_others),
		SAID(a_refused_new_record_is_mended_and_sent),
		SAID(a_role_without_rights_changes_nothing),
		SAID(the_same_by_another_after_a_refusal_is_taken),
		SAID(another_office_sees_nothing),
		SAID(the_first_that_cannot_be_worked_is_put_aside),
		SAID(one_in_the_middle_is_put_aside),
		SAID(the_last_that_cannot_be_worked_is_put_aside),
		SAID(several_that_cannot_be_worked_are_put_aside),
		SAID(a_server_that_is_ill_puts_nothing_aside),
		SAID(one_that_is_too_large_for_the_line_stops_nobody),
		SAID(a_large_one_is_known_again_when_it_comes_whole),
		SAID(who_lets_nothing_through_refuses_nothing),
		SAID(handing_back_becomes_smaller),
		SAID(a_cursor_that_is_too_old_begins_anew),
		SAID(a_server_that_forgets_always_is_left),
		SAID(what_leaves_without_a_reason_can_be_put_back),
		SAID(a_program_that_is_too_old_sends_and_is_told_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
