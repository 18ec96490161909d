/*
 * Paper numbers between real caches and a real server (kit/township.h): who
 * has which, and that nobody ever has one twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "db/db.h"
#include "db/db_number.h"
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "server/ledger_lease.h"
#include "store/conflict.h"
#include "store/inside.h"
#include "store/number.h"
#include "store/removed.h"
#include "sync/numbers.h"

#define DAY_MS (24 * 3600 * 1000LL)

static struct uuid
write_paper(struct site *site, const char *reg, const char *no)
{
	char values[200];

	snprintf(values, sizeof values, "text=words;no=%s", no);
	township_tick(1000);
	return cache_add(site->s, reg, values);
}

static void
has(struct site *site, const struct uuid *id, const char *no)
{
	assert_string_equal(cache_value(site->s, id, "no"), no);
}

/* A new one, which then has this number. */
static struct uuid
gives(struct site *site, const char *reg, const char *no)
{
	struct uuid id = write_paper(site, reg, "");

	has(site, &id, no);
	return id;
}

static int64_t
left(struct site *site, const char *reg, int year)
{
	struct number_stock *list = NULL;
	struct err err = ERR_INIT;
	size_t count = 0;
	int64_t n = 0;

	if (number_stock(&list, &count, site->s, &err))
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].reg->name, reg) == 0 &&
		    list[i].year == year)
			n = list[i].left;
	}
	free(list);
	return n;
}

static void
answer(struct site *site, const char *how, enum status wanted)
{
	struct conflict_list l = {0};
	struct values chosen = {0};
	struct err err = ERR_INIT;

	township_tick(1000);
	if (conflict_list(&l, site->s, NULL, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(l.count, 1);
	assert_string_equal(l.items[0].kind, "number");
	values_set(&chosen, "no", how[0] == 'm' ? l.items[0].fields[0].mine :
		l.items[0].fields[0].theirs);
	assert_int_equal(save_resolve(site->s, &l.items[0].id, &chosen, &err),
		wanted);
	values_release(&chosen);
	conflict_list_release(&l);
}

/* ---- leases ---- */

static void
each_device_has_its_own(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct site *c = township_site(t, OFFICE_TWO, "u2", NULL);
	struct uuid one;

	say_sync(a);
	say_sync(b);
	say_sync(c);
	one = gives(a, "paper", "（2026）一所文书第1号");
	(void)gives(b, "paper", "（2026）一所文书第4号");
	(void)gives(a, "paper", "（2026）一所文书第2号");
	(void)gives(c, "paper", "（2026）二所文书第1号");
	(void)gives(a, "paper", "（2026）一所文书第3号");
	assert_int_equal(left(a, "paper", 2026), 0);
	say_sync(a);
	(void)gives(a, "paper", "（2026）一所文书第7号");
	say_set(a, &one, "text=other");		/* an edit gives no other */
	say_withdraw(a, &one, "wrong");
	say_well(t);
	has(b, &one, "（2026）一所文书第1号");
	assert_int_equal(township_number(t, "SELECT count(*) FROM number n"
		" JOIN record r ON r.id = n.record WHERE r.deleted <> ''"), 1);
}

static void
a_repeated_request_gets_the_same(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct transport net = site_transport(a);
	struct err err = ERR_INIT;
	bool more = false;

	for (int i = 0; i < 3; i++) {
		site_fault(a, i < 2 ? NET_SWALLOW : NET_TWICE, 1);
		assert_int_equal(sync_numbers(&more, a->s, &net, &err),
			i < 2 ? E_OFFLINE : E_OK);
	}
	assert_int_equal(left(a, "paper", 2026), 3);
	assert_int_equal(township_number(t,
		"SELECT count(*) FROM lease WHERE class = 'paper'"), 1);
	site_crash(a);
	(void)gives(a, "paper", "（2026）一所文书第1号");
	site_crash(a);
	(void)gives(a, "paper", "（2026）一所文书第2号");
	say_well(t);
}

static void
used_up_it_is_provisional(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct uuid early = gives(b, "paper", "临〔2026〕D02-1"), late;

	say_sync(a);
	for (int i = 0; i < 3; i++)
		(void)write_paper(a, "paper", "");
	late = gives(a, "paper", "临〔2026〕D01-1");
	say_set(a, &late, "text=other");
	say_sync(a);
	has(a, &late, "（2026）一所文书第4号");
	say_well(t);
	has(a, &early, "（2026）一所文书第8号");
	assert_int_equal(township_number(t, "SELECT count(*) FROM number"
		" WHERE given_as = '临〔2026〕D01-1' AND n = 4"), 1);
}

static void
a_copy_has_none_of_them(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *copy;
	struct uuid one, two;

	say_sync(a);
	copy = township_copy(t, a);
	one = gives(a, "paper", "（2026）一所文书第1号");
	two = gives(copy, "paper", "临〔2026〕D01-1");
	say_sync(a);
	say_sync(copy);
	assert_true(left(copy, "paper", 2026) > 0);
	say_well(t);
	has(copy, &one, "（2026）一所文书第1号");
	assert_string_not_equal(cache_value(a->s, &two, "no"),
		"（2026）一所文书第1号");
	assert_int_equal(township_number(t,
		"SELECT count(*) FROM number_clash"), 0);
}

/* The two cannot be told apart until the server sees both. */
static void
a_fork_drops_them(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *copy;
	struct err err = ERR_INIT;
	int64_t n = -1;

	say_sync(a);
	copy = township_copy(t, a);
	assert_int_equal(apply_fork(copy->s, 7, &err), E_OK);
	assert_int_equal(db_number(&n, copy->s->db,
		"SELECT count(*) FROM lease WHERE NOT back", &err), E_OK);
	assert_int_equal(n, 0);
}

/* One that took itself for a copy gives none of them any more, and still tells
 * a ledger that forgot them. */
static void
a_restored_server_hears_what_was_renounced(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct uuid waits;
	struct err err = ERR_INIT;

	township_backup(t);
	say_sync(a);
	(void)gives(a, "paper", "（2026）一所文书第1号");
	township_restore(t);
	assert_int_equal(apply_fork(a->s, 7, &err), E_OK);
	waits = gives(b, "paper", "临〔2026〕D02-1");
	say_sync(b);
	say_sync(a);
	say_sync(b);
	has(b, &waits, "（2026）一所文书第4号");
	assert_int_equal(township_number(t,
		"SELECT count(*) FROM number_clash"), 0);
}

/* ---- the paper book ---- */

static void
a_typed_one_is_registered(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct uuid typed;

	say_sync(a);
	/* of an old book, and one that this device holds itself */
	(void)write_paper(a, "paper", "（2026）一所文书第40号");
	typed = write_paper(a, "paper", "(2026) 一所文书第1号");
	(void)gives(a, "paper", "（2026）一所文书第2号");
	say_sync(a);
	say_sync(b);
	(void)gives(b, "paper", "（2026）一所文书第41号");
	/* a slip of the pen is taken back */
	say_set(a, &typed, "no=（2026）一所文书第39号");
	say_sync(a);
	assert_int_equal(township_number(t, "SELECT count(*) FROM number"
		" WHERE n = 39"), 1);
	say_well(t);
	say_ask(t, 0);
}

static void
clash(struct township *t, struct uuid *first, struct uuid *second)
{
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);

	(void)township_site(t, OFFICE_COUNTY, "uc", NULL);
	say_sync(a);
	say_sync(b);
	*first = write_paper(a, "paper", "（2026）一所文书第4号");
	*second = gives(b, "paper", "（2026）一所文书第4号");
	say_sync(a);
	say_sync(b);
	say_well(t);
	has(a, second, "（2026）一所文书第4号");
	has(b, first, "（2026）一所文书第4号");
	say_ask(t, 1);
}

static void
the_county_gives_another(void **state)
{
	struct township *t = *state;
	struct uuid first, second;

	clash(t, &first, &second);
	answer(t->sites[1], "mine", E_AUTH);
	answer(t->sites[2], "mine", E_OK);
	say_well(t);
	say_ask(t, 0);
	has(t->sites[0], &first, "（2026）一所文书第4号");
	has(t->sites[0], &second, "（2026）一所文书第7号");
}

static void
the_county_lets_both_be(void **state)
{
	struct township *t = *state;
	struct uuid first, second;

	clash(t, &first, &second);
	answer(t->sites[2], "theirs", E_OK);
	say_well(t);
	say_ask(t, 0);
	say_set(t->sites[0], &second, "text=later");
	say_well(t);
	say_ask(t, 0);
	has(t->sites[0], &second, "（2026）一所文书第4号");
}

/* ---- put back ---- */

/* A fault of the county's ledger: it forgets the record in its stream, and with
 * it, or not, who had the number. */
static void
forget(struct township *t, bool number_too)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;
	enum status s = ledger_begin(&db, t->ledger, &err);

	assert_int_equal(s, E_OK);
	s = db_exec(db, "UPDATE stream SET held = held - 1, sum = sum - (SELECT"
		" item FROM feed f JOIN record r ON r.id = f.record WHERE"
		" instr(r.body, 'precious') > 0 AND f.stream = stream.id)"
		" WHERE name = '" OFFICE_ONE "/gen';"
		"DELETE FROM feed WHERE record = (SELECT id FROM record"
		" WHERE instr(body, 'precious') > 0)", &err);
	if (!s && number_too)
		s = db_exec(db, "DELETE FROM number WHERE record = (SELECT id"
			" FROM record WHERE instr(body, 'precious') > 0)",
			&err);
	if (ledger_end(t->ledger, s, &err))
		fail_msg("%s", err.msg);
}

/* Two keep it: the one that came back, and whoever got it meanwhile.  Where the
 * register still knows the lost one as its owner, both are asked about. */
static void
put_back(struct township *t, bool number_too)
{
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct uuid lost, other, again;
	struct record r = {0};
	struct err err = ERR_INIT;

	(void)township_site(t, OFFICE_COUNTY, "uc", NULL);
	say_sync(a);
	lost = cache_add(a->s, "paper", "text=precious;"
		"no=（2026）一所文书第40号");
	say_sync(a);
	say_sync(b);
	forget(t, number_too);
	a->removes = b->removes = true;
	say_sync(a);
	say_sync(b);
	other = write_paper(b, "paper", "（2026）一所文书第40号");
	say_sync(b);
	say_sync(a);
	township_tick(1000);
	assert_int_equal(removed_restore(&again, a->s, &lost, &err), E_OK);
	assert_int_equal(store_get(&r, a->s, &again, &err), E_OK);
	assert_true(number_is_twice(a->s, schema_register_find(a->schema,
		"paper"), &r));
	record_release(&r);
	say_sync(a);
	say_sync(b);
	say_sync(t->sites[2]);
	say_sync(a);
	has(a, &other, "（2026）一所文书第40号");
	has(b, &again, "（2026）一所文书第40号");
	say_ask(t, number_too ? 1 : 2);
}

static void
what_is_put_back_asks_about_its_number(void **state)
{
	put_back(*state, true);
}

static void
what_is_put_back_asks_about_its_own_number(void **state)
{
	put_back(*state, false);
}

/* ---- programs ---- */

/* It may give what it has and say so, but gets nothing new. */
static void
a_program_that_is_too_old_gets_no_more(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct uuid late;

	say_sync(a);
	api_min_app(t->api, WIRE_APP + 1);
	for (int i = 0; i < 3; i++)
		(void)write_paper(a, "paper", "");
	late = gives(a, "paper", "临〔2026〕D01-1");
	say_sync(a);
	assert_int_equal(left(a, "paper", 2026), 0);
	assert_int_equal(township_number(t, "SELECT count(*) FROM lease"
		" WHERE class = 'paper'"), 1);
	assert_int_equal(township_number(t, "SELECT next FROM lease"
		" WHERE class = 'paper'"), 4);
	b->net.app = WIRE_APP + 1;
	say_sync(b);
	assert_true(left(b, "paper", 2026) > 0);

	a->net.app = WIRE_APP + 1;
	township_tick(2 * 3600 * 1000);
	say_sync(a);
	assert_true(left(a, "paper", 2026) > 0);
	say_well(t);
	assert_false(number_is_provisional(cache_value(a->s, &late, "no"),
		NULL));
}

/* ---- years ---- */

/* Nobody stays signed in for so long. */
static void
later(struct site *site, int64_t ms)
{
	township_tick(ms);
	site_sign_in(site, "u1");
}

static void
the_next_year_begins_in_december(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);

	say_sync(a);
	later(a, 273 * DAY_MS);		/* 30 November */
	say_sync(a);
	assert_int_equal(left(a, "paper", 2027), 0);
	later(a, DAY_MS);
	say_sync(a);
	assert_int_equal(left(a, "paper", 2027), 3);
	(void)gives(a, "paper", "（2026）一所文书第1号");
	later(a, 31 * DAY_MS);		/* 1 January */
	(void)gives(a, "paper", "（2027）一所文书第1号");
	say_sync(a);
	assert_int_equal(left(a, "paper", 2026), 2);
	later(a, 31 * DAY_MS);		/* 1 February */
	say_sync(a);
	assert_int_equal(township_number(t, "SELECT next FROM lease WHERE"
		" state = 'returned' AND class = 'paper' AND year = 2026"), 2);
	say_well(t);
}

/* ---- a restored server ---- */

static void
a_restored_server_hears_everybody_first(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct uuid waits;

	township_backup(t);
	say_sync(a);
	say_sync(b);
	(void)gives(a, "paper", "（2026）一所文书第1号");
	(void)gives(b, "paper", "（2026）一所文书第4号");
	say_sync(b);
	township_restore(t);
	(void)gives(b, "paper", "（2026）一所文书第5号");
	(void)gives(b, "paper", "（2026）一所文书第6号");
	waits = gives(b, "paper", "临〔2026〕D02-1");
	say_sync(b);
	has(b, &waits, "临〔2026〕D02-1");
	say_sync(a);
	say_sync(b);
	has(b, &waits, "（2026）一所文书第7号");
	(void)gives(a, "paper", "（2026）一所文书第2号");
	say_well(t);
	assert_int_equal(township_number(t,
		"SELECT count(*) FROM number_clash"), 0);
}

/* ---- one machine for the office ---- */

static void
one_computer_numbers(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct transport net = site_transport(a);
	struct err err = ERR_INIT;
	struct uuid other;
	size_t count = 0;

	say_sync(a);
	say_sync(b);
	(void)gives(a, "slip", "（2026）一所便笺第1号");
	other = gives(b, "slip", "临〔2026〕D02-1");
	say_sync(b);
	say_sync(a);
	has(a, &other, "（2026）一所便笺第2号");
	say_sync(b);
	has(b, &other, "（2026）一所便笺第2号");
	(void)gives(a, "slip", "（2026）一所便笺第3号");
	say_sync(a);
	/* both hand over: the one gives back, the other asks */
	assert_int_equal(sync_numbers_return(&count, a->s, &net, &err), E_OK);
	assert_true(count > 0);
	township_tick(2 * 3600 * 1000);
	say_sync(b);
	(void)gives(b, "slip", "（2026）一所便笺第4号");
	(void)gives(a, "slip", "临〔2026〕D01-1");
	say_well(t);
	assert_int_equal(township_number(t, "SELECT count(*) FROM number"
		" WHERE class = 'slip' AND n = 5"), 1);
}

static void
the_county_takes_it_back(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct series series = { OFFICE_ONE, "slip", 2026 };
	struct store_device d = {0};
	struct db *db = NULL;
	struct uuid device;
	struct err err = ERR_INIT;

	say_sync(a);
	say_sync(b);
	(void)gives(a, "slip", "（2026）一所便笺第1号");
	say_sync(a);
	assert_int_equal(store_device_get(&d, b->s, &err), E_OK);
	assert_true(uuid_parse(&device, d.device));
	assert_int_equal(ledger_begin(&db, t->ledger, &err), E_OK);
	assert_int_equal(ledger_end(t->ledger, lease_hand_over(db, &device,
		&series, &err), &err), E_OK);
	township_tick(2 * 3600 * 1000);
	say_sync(b);
	(void)gives(b, "slip", "（2026）一所便笺第2号");
	say_sync(a);
	say_well(t);
}

int
main(void)
{
#define TOWN(test) cmocka_unit_test_setup_teardown(test, say_set_up, \
	say_tear_down)
	const struct CMUnitTest tests[] = {
		TOWN(each_device_has_its_own),
		TOWN(a_repeated_request_gets_the_same),
		TOWN(used_up_it_is_provisional),
		TOWN(a_copy_has_none_of_them),
		TOWN(a_fork_drops_them),
		TOWN(a_restored_server_hears_what_was_renounced),
		TOWN(a_typed_one_is_registered),
		TOWN(the_county_gives_another),
		TOWN(the_county_lets_both_be),
		TOWN(what_is_put_back_asks_about_its_number),
		TOWN(what_is_put_back_asks_about_its_own_number),
		TOWN(a_program_that_is_too_old_gets_no_more),
		TOWN(the_next_year_begins_in_december),
		TOWN(a_restored_server_hears_everybody_first),
		TOWN(one_computer_numbers),
		TOWN(the_county_takes_it_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
