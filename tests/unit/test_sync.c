/*
 * What people meet between an office and the county, one test for each: real
 * caches, a real server, a bad line (kit/township.h).  After every test all
 * replicas must be equal and every operation judged once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township.h"
#include "store/conflict.h"
#include "store/outbox.h"
#include "store/save.h"

static int
set_up(void **state)
{
	struct township *t = mem_alloc(1, sizeof *t);

	township_open(t);
	*state = t;
	return 0;
}

static int
tear_down(void **state)
{
	struct township *t = *state;

	township_close(t);
	free(t);
	return 0;
}

/* ---- what the tests say ---- */

static void
sync_well(struct site *site)
{
	struct err err = ERR_INIT;

	if (site_sync(site, NULL, &err))
		fail_msg("%s", err.msg);
}

static void
set(struct site *site, const struct uuid *id, const char *values)
{
	struct err err = ERR_INIT;

	township_tick(1000);
	if (cache_change(site->s, id, values, &err))
		fail_msg("%s", err.msg);
}

static struct uuid
add(struct site *site, const char *values)
{
	township_tick(1000);
	return cache_add(site->s, "matter", values);
}

static void
withdraw(struct site *site, const struct uuid *id, const char *why)
{
	struct err err = ERR_INIT;

	township_tick(1000);
	if (save_remove(site->s, id, why, &err))
		fail_msg("%s", err.msg);
}

/* The same everywhere, and in the ledger. */
static void
all_say(struct township *t, const struct uuid *id, const char *field,
	const char *text)
{
	for (size_t i = 0; i < t->count; i++)
		assert_string_equal(cache_value(t->sites[i]->s, id, field),
			text);
}

static void
all_is_well(struct township *t)
{
	struct buf faults;

	township_settle(t);
	buf_init(&faults, BUF_BATCH_MAX);
	township_faults(&faults, t);
	if (faults.len > 0)
		fail_msg("%s", faults.data);
	buf_release(&faults);
}

static struct outbox_counts
counts_of(struct site *site)
{
	struct outbox_counts c = {0};
	struct err err = ERR_INIT;

	if (outbox_count(&c, site->s, &err))
		fail_msg("%s", err.msg);
	return c;
}

static void
all_ask(struct township *t, size_t count)
{
	for (size_t i = 0; i < t->count; i++)
		assert_int_equal(counts_of(t->sites[i]).conflicts, count);
}

/* Answer the only open question with these words for all its fields. */
static void
resolve(struct site *site, const char *text)
{
	struct conflict_list l = {0};
	struct values chosen = {0};
	struct err err = ERR_INIT;

	township_tick(1000);
	if (conflict_list(&l, site->s, NULL, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(l.count, 1);
	for (size_t i = 0; i < l.items[0].count; i++)
		values_set(&chosen, l.items[0].fields[i].field, text);
	if (save_resolve(site->s, &l.items[0].id, &chosen, &err))
		fail_msg("%s", err.msg);
	values_release(&chosen);
	conflict_list_release(&l);
}

/* The refused operations here; each must say why. */
static size_t
count_refused(struct site *site)
{
	struct outbox_list l = {0};
	struct err err = ERR_INIT;
	size_t count;

	if (outbox_list(&l, site->s, OUTBOX_REFUSED, NULL, &err))
		fail_msg("%s", err.msg);
	count = l.count;
	for (size_t i = 0; i < l.count; i++)
		assert_true(l.items[i].why[0] != '\0');
	outbox_list_release(&l);
	return count;
}

static bool
is_remembered(struct township *t, const char *text)
{
	struct buf all;
	bool found;

	buf_init(&all, BUF_BATCH_MAX);
	township_memory(&all, t);
	found = strstr(all.data, text) != NULL;
	buf_release(&all);
	return found;
}

/* Two sites of one office that hold one matter. */
struct pair {
	struct site *a, *b;
	struct uuid id;
};

static struct pair
make_pair(struct township *t)
{
	struct pair p = { township_site(t, OFFICE_ONE, "u1", NULL),
		township_site(t, OFFICE_ONE, "u1b", NULL), {{0}} };

	p.id = add(p.a, "title=first;note=begin");
	sync_well(p.a);
	sync_well(p.b);
	return p;
}

/* ---- merging ---- */

static void
different_fields_merge(struct township *t, bool a_first)
{
	struct pair p = make_pair(t);

	set(p.a, &p.id, "place=here");
	set(p.b, &p.id, "phone=13800138000");
	sync_well(a_first ? p.a : p.b);
	sync_well(a_first ? p.b : p.a);
	all_is_well(t);
	all_say(t, &p.id, "place", "here");
	all_say(t, &p.id, "phone", "13800138000");
	all_ask(t, 0);
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
	struct pair p = make_pair(t);

	set(p.a, &p.id, "place=here");
	set(p.b, &p.id, "place=there");
	sync_well(p.a);
	sync_well(p.b);
	sync_well(p.a);
	all_ask(t, 1);
	all_say(t, &p.id, "place", "here");
	resolve(p.a, "there");
	all_is_well(t);
	all_ask(t, 0);
	all_say(t, &p.id, "place", "there");
	assert_int_equal(count_refused(p.a) + count_refused(p.b), 0);
}

static void
of_two_answers_the_second_is_refused_and_kept(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);

	set(p.a, &p.id, "place=here");
	set(p.b, &p.id, "place=there");
	sync_well(p.a);
	sync_well(p.b);
	sync_well(p.a);
	resolve(p.a, "here indeed");
	resolve(p.b, "elsewhere");
	all_is_well(t);
	all_ask(t, 0);
	all_say(t, &p.id, "place", "here indeed");
	assert_int_equal(count_refused(p.a), 0);
	assert_int_equal(count_refused(p.b), 1);
	assert_true(is_remembered(t, "elsewhere"));
}

static void
a_group_is_decided_as_one(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct conflict_list l = {0};
	struct err err = ERR_INIT;

	set(p.a, &p.id, "from_on=2026-01-01");
	set(p.b, &p.id, "to_on=2026-06-30");
	sync_well(p.a);
	sync_well(p.b);
	all_is_well(t);
	all_ask(t, 1);
	all_say(t, &p.id, "from_on", "2026-01-01");
	all_say(t, &p.id, "to_on", "");
	assert_int_equal(conflict_list(&l, p.a->s, &p.id, &err), E_OK);
	assert_string_equal(l.items[0].group, "term");
	assert_string_equal(l.items[0].fields[0].mine, "2026-06-30");
	conflict_list_release(&l);
}

static void
a_withdrawal_against_an_edit(struct township *t, bool withdrawal_first)
{
	struct pair p = make_pair(t);

	set(p.a, &p.id, "place=here");
	withdraw(p.b, &p.id, "entered twice");
	sync_well(withdrawal_first ? p.b : p.a);
	sync_well(withdrawal_first ? p.a : p.b);
	all_is_well(t);
	all_ask(t, 1);
	all_say(t, &p.id, "place", "here");
	all_say(t, &p.id, "@deleted", "");
	assert_true(is_remembered(t, "entered twice"));
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
	struct pair p = make_pair(t);
	struct uuid one = add_visit(p.a, &p.id, "by a");
	struct uuid two = add_visit(p.b, &p.id, "by b");
	struct err err = ERR_INIT;

	assert_int_equal(cache_change(p.a->s, &one, "text=else", &err),
		E_INVALID);
	sync_well(p.a);
	sync_well(p.b);
	sync_well(p.a);
	withdraw(p.a, &two, "not so");
	all_is_well(t);
	all_say(t, &one, "text", "by a");
	all_say(t, &two, "@deleted", "not so");
	all_ask(t, 0);
}

static void
unknown_fields_survive(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", t->older);
	struct uuid id = add(a, "title=first;phone=13800138000");

	township_settle(t);
	set(b, &id, "title=second");
	set(a, &id, "place=here");
	all_is_well(t);
	all_say(t, &id, "title", "second");
	all_say(t, &id, "phone", "13800138000");
	all_say(t, &id, "place", "here");
	all_ask(t, 0);
}

/* ---- operations ---- */

static void
a_chain_never_conflicts_with_itself(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct err err = ERR_INIT;

	for (int lost = 0; lost < 2; lost++) {
		set(p.a, &p.id, "place=one;level=1");
		set(p.a, &p.id, "place=two;from_on=2026-01-01");
		site_fault(p.a, NET_SWALLOW, lost);
		assert_int_equal(site_sync(p.a, NULL, &err),
			lost ? E_OFFLINE : E_OK);
		err = (struct err)ERR_INIT;
		set(p.a, &p.id, "place=three;to_on=2026-06-30;note=more");
		set(p.b, &p.id, lost ? "phone=2" : "phone=1");
		sync_well(p.b);
		sync_well(p.a);
	}
	all_is_well(t);
	all_ask(t, 0);
	all_say(t, &p.id, "place", "three");
	all_say(t, &p.id, "to_on", "2026-06-30");
	all_say(t, &p.id, "phone", "2");
	assert_int_equal(count_refused(p.a), 0);
}

static void
one_refused_does_not_hold_up_the_others(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	char values[40];

	set(p.b, &p.id, "last_on=2026-01-05");
	sync_well(p.b);
	for (int i = 0; i < 100; i++) {
		snprintf(values, sizeof values, "title=matter %d", i);
		if (i == 50)
			set(p.a, &p.id, "first_on=2026-02-01");
		else
			(void)add(p.a, values);
	}
	assert_int_equal(site_sync(p.a, &counts, &err), E_OK);
	assert_int_equal(counts.pushed, 100);
	assert_int_equal(counts.apply.ok, 99);
	assert_int_equal(counts.apply.refused, 1);
	assert_int_equal(count_refused(p.a), 1);
	all_is_well(t);
	all_say(t, &p.id, "first_on", "");
	assert_true(is_remembered(t, "2026-02-01"));
	assert_int_equal(counts_of(p.b).records, 100);
}

static void
a_refused_new_record_is_mended_and_sent(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct uuid id = add(p.a, "title=second");

	set(p.a, &id, "place=here");
	township_role(t, "u1", "auditor");
	sync_well(p.a);
	assert_int_equal(count_refused(p.a), 2);
	assert_string_equal(cache_value(p.a->s, &id, "place"), "here");
	township_role(t, "u1", "clerk");
	set(p.a, &id, "title=third");
	all_is_well(t);
	assert_int_equal(count_refused(p.a), 0);
	all_say(t, &id, "title", "third");
	all_say(t, &id, "place", "here");
}

static void
a_role_without_rights_changes_nothing(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct site *c = township_site(t, OFFICE_ONE, "u1x", NULL);
	struct err err = ERR_INIT;

	township_settle(t);
	assert_int_equal(cache_change(c->s, &p.id, "place=here", &err),
		E_AUTH);
	/* the cache does not know yet, the server does */
	township_role(t, "u1", "auditor");
	set(p.a, &p.id, "place=here");
	sync_well(p.a);
	assert_int_equal(count_refused(p.a), 1);
	all_is_well(t);
	all_say(t, &p.id, "place", "");
	assert_true(is_remembered(t, "here"));
}

/* Ours was refused, but somebody else has entered the same: the record is what
 * we expected, and not what lies here. */
static void
the_same_by_another_after_a_refusal_is_taken(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);

	set(p.a, &p.id, "place=here");
	set(p.b, &p.id, "place=here");
	sync_well(p.b);
	township_role(t, "u1", "auditor");
	sync_well(p.a);
	assert_int_equal(count_refused(p.a), 1);
	all_is_well(t);
	all_say(t, &p.id, "place", "here");
}

static void
another_office_sees_nothing(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct site *other = township_site(t, OFFICE_TWO, "u2", NULL);
	struct site *county = township_site(t, OFFICE_COUNTY, "uc", NULL);
	struct uuid id = add(other, "title=of two");

	all_is_well(t);
	assert_string_equal(cache_value(other->s, &p.id, "title"),
		"(not_found)");
	assert_string_equal(cache_value(p.a->s, &id, "title"),
		"(not_found)");
	assert_string_equal(cache_value(county->s, &p.id, "title"), "first");
	assert_string_equal(cache_value(county->s, &id, "title"), "of two");
}

/* ---- the line ---- */

static void
a_reply_lost_five_times_doubles_nothing(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct err err = ERR_INIT;
	char values[40];

	for (int i = 0; i < 50; i++) {
		snprintf(values, sizeof values, "title=matter %d", i);
		(void)add(p.a, values);
	}
	site_fault(p.a, NET_SWALLOW, 5);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(site_sync(p.a, NULL, &err), E_OFFLINE);
		err = (struct err)ERR_INIT;
		assert_int_equal(counts_of(p.a).waiting, 50);
		if (i == 2)
			site_crash(p.a);
		if (i == 3)
			township_restart(t);
	}
	all_is_well(t);
	assert_int_equal(counts_of(p.b).records, 51);
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
		set(e->site, &e->id, e->times ? "place=second;note=n2" :
			"place=third");
}

static void
an_edit_during_a_sync_waits_for_the_next(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct editor e = { p.a, p.id, 2 };

	set(p.a, &p.id, "place=first");
	p.a->net.during = edit_meanwhile;
	p.a->net.self = &e;
	sync_well(p.a);
	assert_int_equal(counts_of(p.a).waiting, 1);
	assert_string_equal(cache_value(p.a->s, &p.id, "place"), "second");
	sync_well(p.a);
	assert_int_equal(counts_of(p.a).waiting, 1);
	assert_string_equal(cache_value(p.a->s, &p.id, "place"), "third");
	p.a->net.during = NULL;
	all_is_well(t);
	all_say(t, &p.id, "place", "third");
	all_say(t, &p.id, "note", "n2");
	all_ask(t, 0);
}

static void
small_pages_go_on_after_a_kill(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct transport net = site_transport(p.b);
	struct err err = ERR_INIT;
	bool more = true;
	size_t pages = 0, before = 0;
	char *story = mem_alloc(3001, 1);
	char *values;

	memset(story, 'x', 3000);
	values = mem_printf("title=long;story=%s", story);
	for (int i = 0; i < 40; i++)
		(void)add(p.a, values);
	sync_well(p.a);
	for (; more; pages++) {
		struct sync_counts counts = {0};
		size_t ask = WIRE_MAX_BYTES_MIN;

		if (sync_step(&counts, &more, &ask, p.b->s, &net, &err))
			fail_msg("%s", err.msg);
		assert_true(counts_of(p.b).records > before);
		before = counts_of(p.b).records;
		if (pages % 2)
			site_crash(p.b);
		else
			site_reopen(p.b);
	}
	assert_true(pages >= 8);
	assert_int_equal(before, 41);
	all_is_well(t);
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
	struct pair p = make_pair(t);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = ERR_INIT;
		enum status s;

		set(p.a, &p.id, i % 2 ? "place=one" : "place=two");
		set(p.b, &p.id, i % 2 ? "phone=1" : "phone=2");
		sync_well(p.b);
		p.a->net.cut = 150 + (unsigned)i;
		site_fault(p.a, rows[i].fault, 1);
		s = site_sync(p.a, NULL, &err);
		assert_int_not_equal(s, E_OK);
		if (rows[i].expected)
			assert_int_equal(s, rows[i].expected);
		assert_true(err.msg[0] != '\0');
		assert_int_equal(counts_of(p.a).waiting, 1);
		assert_int_equal(cache_damage(p.a->s), 0);
		sync_well(p.a);
		assert_int_equal(counts_of(p.a).waiting, 0);
	}
	all_is_well(t);
	all_ask(t, 0);
}

static void
a_request_delivered_twice_counts_once(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);

	set(p.a, &p.id, "note=begin and more");
	set(p.b, &p.id, "note=begin otherwise");
	sync_well(p.b);
	site_fault(p.a, NET_TWICE, 1);
	sync_well(p.a);
	set(p.a, &p.id, "level=3");
	site_fault(p.a, NET_LATE, 1);
	sync_well(p.a);
	site_fault(p.a, NET_RESTART, 1);
	all_is_well(t);
	all_say(t, &p.id, "note", "begin otherwise\n[u1] and more");
	all_say(t, &p.id, "level", "3");
	all_ask(t, 0);
}

/* ---- copies ---- */

/* Both halves of a copied cache go on; what was in both and not yet judged
 * takes effect once. */
static void
a_copied_cache_loses_and_doubles_nothing(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct site *copy;
	struct uuid shared, own, other;

	set(p.b, &p.id, "note=begin by b");
	sync_well(p.b);
	shared = add(p.a, "title=in both");
	set(p.a, &p.id, "note=begin by a;phone=1");
	copy = township_copy(t, p.a);
	own = add(p.a, "title=in the first");
	other = add(copy, "title=in the copy");
	set(copy, &p.id, "place=copied;phone=2");
	sync_well(p.a);
	set(p.b, &p.id, "level=2");
	sync_well(p.b);
	sync_well(copy);
	set(copy, &shared, "place=copied");
	set(p.a, &own, "place=first");
	all_is_well(t);
	all_say(t, &shared, "place", "copied");
	all_say(t, &own, "place", "first");
	all_say(t, &other, "title", "in the copy");
	all_say(t, &p.id, "place", "copied");
	all_say(t, &p.id, "phone", "2");
	all_say(t, &p.id, "note", "begin by b\n[u1] by a");
	all_ask(t, 0);
	assert_int_equal(township_number(t, "SELECT count(DISTINCT epoch)"
		" FROM opdone WHERE device = (SELECT device FROM opdone"
		" GROUP BY device ORDER BY count(*) DESC LIMIT 1)"), 2);
}

/* The copy of a copy is quicker, though its epoch is the higher one. */
static void
what_a_copy_of_a_copy_sent_first_is_recognised(void **state)
{
	struct township *t = *state;
	struct pair p = make_pair(t);
	struct site *copy = township_copy(t, p.a), *second;
	struct transport net = site_transport(copy);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	size_t line_bytes = 0;
	bool more = false;

	set(p.a, &p.id, "place=first");
	sync_well(p.a);
	set(copy, &p.id, "note=begin and more");
	second = township_copy(t, copy);
	assert_int_equal(sync_step(&counts, &more, &line_bytes, copy->s, &net,
		&err), E_OK);
	assert_true(more);	/* it has a new epoch now, and sent nothing */
	sync_well(second);
	set(p.b, &p.id, "note=begin otherwise");
	sync_well(p.b);
	sync_well(copy);
	all_is_well(t);
	all_say(t, &p.id, "note", "begin and more\n[u1b] otherwise");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(different_fields_merge_one_first),
		WITH(different_fields_merge_other_first),
		WITH(the_same_field_asks_both_and_is_answered_once),
		WITH(of_two_answers_the_second_is_refused_and_kept),
		WITH(a_group_is_decided_as_one),
		WITH(a_withdrawal_before_an_edit),
		WITH(a_withdrawal_after_an_edit),
		WITH(events_are_only_added),
		WITH(unknown_fields_survive),
		WITH(a_chain_never_conflicts_with_itself),
		WITH(one_refused_does_not_hold_up_the_others),
		WITH(a_refused_new_record_is_mended_and_sent),
		WITH(a_role_without_rights_changes_nothing),
		WITH(the_same_by_another_after_a_refusal_is_taken),
		WITH(another_office_sees_nothing),
		WITH(a_reply_lost_five_times_doubles_nothing),
		WITH(an_edit_during_a_sync_waits_for_the_next),
		WITH(small_pages_go_on_after_a_kill),
		WITH(a_strange_answer_changes_nothing),
		WITH(a_request_delivered_twice_counts_once),
		WITH(a_copied_cache_loses_and_doubles_nothing),
		WITH(what_a_copy_of_a_copy_sent_first_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
