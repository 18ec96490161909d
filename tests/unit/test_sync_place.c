/*
 * Which cache holds what: sealed records, and people whose role or office
 * changes.  Real caches and a real server (kit/township.h); after every test
 * each cache holds what it may hold and nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "db/db.h"
#include "db/db_number.h"
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "server/account.h"
#include "store/inside.h"
#include "sync/history.h"

enum { MANY = 30 };

#define SEAL "tags=4"
#define UNSEAL "tags="

static bool
has(struct site *site, const struct uuid *id)
{
	struct record r = {0};
	struct err err = ERR_INIT;
	bool found = store_get(&r, site->s, id, &err) == E_OK;

	record_release(&r);
	return found;
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

/* Rows of a table of the cache, in the file. */
static int64_t
rows(struct site *site, const char *sql)
{
	struct err err = ERR_INIT;
	int64_t n = 0;

	if (db_number(&n, site->s->db, sql, &err))
		fail_msg("%s", err.msg);
	return n;
}

static void
only_who_may_holds_a_sealed_record(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *auditor = township_site(t, OFFICE_ONE, "u1x", NULL);
	struct uuid visit = add_visit(p.a, &p.id, "seen");

	say_well(t);
	assert_true(has(auditor, &p.id) && has(auditor, &visit));
	say_set(p.a, &p.id, SEAL);
	say_well(t);
	assert_false(has(auditor, &p.id) || has(auditor, &visit));
	assert_true(has(p.b, &p.id) && has(p.b, &visit));
	assert_int_equal(rows(auditor, "SELECT count(*) FROM body"), 0);
	assert_int_equal(rows(auditor, "SELECT count(*) FROM removed"), 0);
	/* what is added below it goes there too */
	visit = add_visit(p.b, &p.id, "seen again");
	say_well(t);
	assert_false(has(auditor, &visit));
	assert_true(has(p.a, &visit));
	say_set(p.b, &p.id, UNSEAL);
	say_well(t);
	assert_true(has(auditor, &p.id) && has(auditor, &visit));
}

static void
a_question_about_a_sealed_record_is_sealed(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *auditor = township_site(t, OFFICE_ONE, "u1x", NULL);

	say_set(p.a, &p.id, SEAL);
	say_well(t);
	say_set(p.a, &p.id, "place=here");
	say_set(p.b, &p.id, "place=there");
	say_well(t);
	assert_int_equal(say_counts(p.a).conflicts, 1);
	assert_int_equal(say_counts(auditor).conflicts, 0);
	say_resolve(p.a, "there");
	say_well(t);
	assert_int_equal(say_counts(p.b).conflicts, 0);
}

static void
a_role_that_may_not_any_more_ends_the_stream(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, SEAL);
	say_well(t);
	say_set(p.a, &p.id, "place=late");
	township_role(t, "u1", "auditor");
	say_sync(p.a);
	assert_false(has(p.a, &p.id));
	assert_int_equal(rows(p.a, "SELECT count(*) FROM cursor"
		" WHERE stream LIKE '%/sealed'"), 0);
	/* what it waited with was judged before: refused, and not lost */
	assert_int_equal(say_refused(p.a), 1);
	assert_true(say_remembers(t, "late"));
	say_well(t);
	township_role(t, "u1", "clerk");
	say_well(t);
	assert_true(has(p.a, &p.id));
}

/* The cache holds what any of its people may see, and shows each the own. */
static void
another_person_at_the_same_computer_sees_less(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid visit = add_visit(p.a, &p.id, "seen");
	struct transport net;
	struct err err = ERR_INIT;

	say_set(p.a, &p.id, SEAL);
	say_well(t);
	site_sign_in(p.a, "u1x");
	say_well(t);
	assert_false(has(p.a, &p.id) || has(p.a, &visit));
	assert_int_equal(rows(p.a, "SELECT count(*) FROM record"), 2);
	/* nor does the server tell */
	net = site_transport(p.a);
	assert_int_equal(history_fetch(p.a->s, &net, &p.id, &err), E_INVALID);
	/* a change that comes meanwhile is not shown either */
	say_set(p.b, &p.id, "place=elsewhere");
	say_well(t);
	assert_false(has(p.a, &p.id));
	assert_int_equal(rows(p.a, "SELECT count(*) FROM cursor WHERE stream"
		" LIKE '%/sealed'"), 1);
	/* unsealed, all of it is there at once */
	say_set(p.b, &p.id, UNSEAL);
	say_well(t);
	assert_true(has(p.a, &p.id) && has(p.a, &visit));
	say_set(p.b, &p.id, SEAL);
	say_well(t);
	assert_false(has(p.a, &p.id) || has(p.a, &visit));
	site_sign_in(p.a, "u1");
	assert_true(has(p.a, &p.id) && has(p.a, &visit));
	say_well(t);
}

/* What is asked or was refused about a record that one may not see. */
static void
nothing_is_told_about_what_one_may_not_see(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, SEAL);
	say_well(t);
	say_set(p.a, &p.id, "place=here");
	say_set(p.b, &p.id, "place=there");
	say_well(t);
	assert_int_equal(say_counts(p.a).conflicts, 1);
	site_sign_in(p.a, "u1x");
	say_well(t);
	assert_int_equal(say_counts(p.a).conflicts, 0);
	assert_int_equal(say_counts(p.a).records, 0);
	site_sign_in(p.a, "u1");
	say_well(t);
	assert_int_equal(say_counts(p.a).conflicts, 1);
	say_resolve(p.a, "there");
	say_well(t);
}

/* Everybody who might see it is gone: then it goes. */
static void
nobody_left_who_may_see_it(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, SEAL);
	say_well(t);
	site_sign_in(p.a, "u1x");
	say_well(t);
	assert_int_equal(rows(p.a, "SELECT count(*) FROM record"), 1);
	township_role(t, "u1", "auditor");
	say_well(t);
	assert_int_equal(rows(p.a, "SELECT count(*) FROM record"), 0);
	assert_int_equal(rows(p.a, "SELECT count(*) FROM cursor WHERE stream"
		" LIKE '%/sealed'"), 0);
}

/* The role of the person who is signed in follows the county's books, in this
 * session and in those beside it. */
static void
a_role_is_told_by_the_next_sync(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct store *beside = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(store_open(&beside, p.a->home, false, p.a->schema,
		&err), E_OK);
	assert_int_equal(account_use_key(beside, &p.a->s->keys.data, "u1",
		&err), E_OK);
	township_role(t, "u1", "auditor");
	say_well(t);
	assert_string_equal(store_user(p.a->s)->role, "auditor");
	assert_int_equal(overview_refresh(beside, NULL, &err), E_OK);
	assert_string_equal(store_user(beside)->role, "auditor");
	store_close(beside);
	township_role(t, "u1", "clerk");
	say_well(t);
	assert_string_equal(store_user(p.a->s)->role, "clerk");
}

static void
edit_during(void *self)
{
	struct say_pair *p = self;
	struct err err = ERR_INIT;

	p->a->net.during = NULL;
	assert_int_equal(cache_change(p->a->s, &p->id, "place=in between",
		&err), E_OK);
}

/* What is entered while the reply that ends the stream is under way. */
static void
a_stream_that_ends_leaves_what_was_not_sent(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, SEAL);
	say_well(t);
	township_role(t, "u1", "auditor");
	p.a->net.during = edit_during;
	p.a->net.self = &p;
	say_sync(p.a);
	p.a->net.self = NULL;
	say_well(t);
	assert_int_equal(rows(p.a, "SELECT count(*) FROM outbox"
		" WHERE state = 0"), 0);
	assert_true(say_remembers(t, "in between"));
}

/* So many that both sides compare before anything is removed. */
static void
many_leave_at_once_after_comparing(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	for (int i = 0; i < MANY; i++)
		(void)say_add(p.a, "title=sealed;" SEAL);
	say_well(t);
	assert_int_equal(rows(p.a, "SELECT count(*) FROM record"), MANY + 1);
	township_role(t, "u1", "auditor");
	p.a->removes = true;
	if (site_sync(p.a, &counts, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(counts.reconciled, 1);
	assert_int_equal(rows(p.a, "SELECT count(*) FROM record"), 1);
	say_well(t);
}

/* In a sync that had to compare all the time already. */
static void
many_leave_at_the_end_of_a_long_sync(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = { .reconciled = 3, .doubted = 3 };
	struct err err = ERR_INIT;

	for (int i = 0; i < MANY; i++)
		(void)say_add(p.a, "title=sealed;" SEAL);
	say_well(t);
	township_role(t, "u1", "auditor");
	p.a->removes = true;
	if (site_sync(p.a, &counts, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(counts.reconciled, 4);
	assert_int_equal(rows(p.a, "SELECT count(*) FROM record"), 1);
	/* the page that came is applied in the end, whatever it removes */
	township_role(t, "u1", "clerk");
	say_well(t);
	township_role(t, "u1", "auditor");
	counts = (struct sync_counts){ .doubts = 3 };
	if (site_sync(p.a, &counts, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(counts.reconciled, 0);
	assert_int_equal(counts.doubts, 0);
	assert_int_equal(rows(p.a, "SELECT count(*) FROM record"), 1);
	say_well(t);
}

/* A matter that is sealed takes what is below it along, to another stream of
 * who may see it: nothing is removed there, and nothing has to be compared. */
static void
what_only_goes_to_another_stream_is_not_removed(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	for (int i = 0; i < MANY; i++)
		(void)add_visit(p.a, &p.id, "seen");
	say_well(t);
	for (int i = 0; i < 4; i++) {
		say_set(p.a, &p.id, i % 2 ? UNSEAL : SEAL);
		p.a->removes = p.b->removes = true;
		say_sync(p.a);
		if (site_sync(p.b, &counts, &err))
			fail_msg("%s", err.msg);
		assert_int_equal(counts.reconciled, 0);
		assert_int_equal(rows(p.b, "SELECT count(*) FROM record"),
			MANY + 1);
	}
	say_well(t);
}

/* The county gives u1's computer, and u1, to another office. */
static void
set_office(struct township *t, const char *office)
{
	struct db *db = NULL;
	struct db_stmt *st = NULL;
	struct err err = ERR_INIT;

	if (ledger_begin(&db, t->ledger, &err) ||
	    db_prepare(&st, db, "UPDATE device SET office = ? WHERE id IN"
	    " (SELECT device FROM session WHERE login = 'u1')", &err))
		fail_msg("%s", err.msg);
	db_bind_text(st, 1, office);
	if (db_run(st, &err) ||
	    account_set(db, "u1", NULL, NULL, office, &err))
		fail_msg("%s", err.msg);
	db_finish(st);
	if (ledger_end(t->ledger, E_OK, &err))
		fail_msg("%s", err.msg);
}

static void
a_computer_that_goes_to_another_office_forgets_the_first(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *other = township_site(t, OFFICE_TWO, "u2", NULL);
	struct uuid id = say_add(other, "title=of two");
	struct store_device device = {0};
	struct err err = ERR_INIT;

	say_set(p.a, &p.id, SEAL);
	say_well(t);
	assert_string_equal(store_user(p.a->s)->office, OFFICE_ONE);
	set_office(t, OFFICE_TWO);
	snprintf(p.a->office, sizeof p.a->office, "%s", OFFICE_TWO);
	say_well(t);
	assert_false(has(p.a, &p.id));
	assert_true(has(p.a, &id));
	assert_int_equal(rows(p.a, "SELECT count(*) FROM cursor"
		" WHERE stream LIKE '" OFFICE_ONE "/%'"), 0);
	/* and works there */
	assert_string_equal(store_user(p.a->s)->office, OFFICE_TWO);
	assert_int_equal(store_device_get(&device, p.a->s, &err), E_OK);
	assert_string_equal(device.office, OFFICE_TWO);
	id = say_add(p.a, "title=by one who came");
	say_well(t);
	assert_true(has(other, &id));
}

/* A stream that the restored ledger does not have at all. */
static void
what_was_sealed_after_the_backup_comes_back(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	township_backup(t);
	say_set(p.a, &p.id, SEAL);
	say_sync(p.a);
	say_set(p.a, &p.id, "place=only here");
	say_sync(p.a);
	township_role(t, "u1", "auditor");
	township_restore(t);
	/* the role is of after the backup, and so lost as well */
	township_role(t, "u1", "auditor");
	say_well(t);
	assert_string_equal(cache_value(p.b->s, &p.id, "place"), "only here");
	assert_false(has(p.a, &p.id));
}

/* Nobody holds the version that the restored ledger lost: its author may not
 * any more, and no other cache has heard of it. */
static void
what_its_author_holds_no_more_comes_back(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_well(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=only said;" SEAL);
	say_sync(p.a);
	township_role(t, "u1", "auditor");
	say_sync(p.a);
	assert_false(has(p.a, &p.id));
	township_restore(t);
	say_well(t);
	assert_string_equal(cache_value(p.b->s, &p.id, "place"), "only said");
}

/* Nor is it forgotten where others went on at the restored ledger, and the
 * record is at as high a revision by now. */
static void
what_its_author_holds_no_more_comes_back_beside_new_work(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_well(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=only said;" SEAL);
	say_sync(p.a);
	township_role(t, "u1", "auditor");
	say_sync(p.a);
	assert_false(has(p.a, &p.id));
	township_restore(t);
	for (int i = 0; i < 3; i++) {
		say_set(p.b, &p.id, i % 2 ? "phone=1" : "phone=2");
		say_sync(p.b);
	}
	say_well(t);
	assert_string_equal(cache_value(p.b->s, &p.id, "place"), "only said");
	assert_string_equal(cache_value(p.b->s, &p.id, "phone"), "2");
	say_ask(t, 0);
}

/* Two ledgers were lost, so what was entered has numbers of two epochs: what came
 * first is handed back first, or the rest would be of a record that nobody
 * knows. */
static void
what_its_author_holds_no_more_comes_back_in_order(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id;

	say_well(t);
	township_backup(t);
	id = say_add(p.a, "title=first");
	say_sync(p.a);
	township_restore(t);
	say_set(p.a, &id, "place=then");
	say_sync(p.a);
	say_set(p.a, &id, "phone=1;" SEAL);
	say_sync(p.a);
	assert_int_equal(township_number(t, "SELECT count(DISTINCT epoch)"
		" FROM opdone JOIN record r ON r.id = record WHERE"
		" instr(r.body, 'first')"), 2);
	township_role(t, "u1", "auditor");
	say_sync(p.a);
	assert_false(has(p.a, &id));
	township_restore(t);
	say_sync(p.a);
	assert_int_equal(township_number(t,
		"SELECT count(*) FROM quarantine"), 0);
	say_well(t);
	assert_string_equal(cache_value(p.b->s, &id, "place"), "then");
	assert_string_equal(cache_value(p.b->s, &id, "phone"), "1");
}

/* Nor is it forgotten if its author may not write any more. */
static void
what_its_author_may_not_do_any_more_is_looked_at(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_well(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=only said;" SEAL);
	say_sync(p.a);
	township_role(t, "u1", "auditor");
	say_sync(p.a);
	township_restore(t);
	township_role(t, "u1", "auditor");
	say_well(t);
	assert_int_equal(township_number(t, "SELECT count(*) FROM quarantine"
		" WHERE instr(op, 'only said') > 0"), 1);
}

static struct uuid
only_question(struct township *t)
{
	struct uuid id = {{0}};
	struct db *db = NULL;
	struct db_stmt *st = NULL;
	struct err err = ERR_INIT;
	bool row = false;
	size_t len = 0;

	if (ledger_begin_read(&db, t->ledger, &err) ||
	    db_prepare(&st, db, "SELECT id FROM conflict", &err) ||
	    db_step(st, &row, &err) || !row)
		fail_msg("%s", err.msg);
	memcpy(id.b, db_blob(st, 0, &len), sizeof id.b);
	db_finish(st);
	ledger_end_read(t->ledger);
	return id;
}

/* Its line had not come when the ledger was lost; the verdict had. */
static void
a_question_that_reached_nobody_is_asked_again(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid question;

	say_well(t);
	township_backup(t);
	say_set(p.b, &p.id, "place=there");
	say_sync(p.b);
	say_set(p.a, &p.id, "place=here;phone=1");
	say_sync(p.a);
	question = only_question(t);
	assert_true(site_lose(p.a, &question));
	township_restore(t);
	say_well(t);
	say_all(t, &p.id, "place", "there");
	say_all(t, &p.id, "phone", "1");
	say_ask(t, 1);
	assert_true(say_remembers(t, "here"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(only_who_may_holds_a_sealed_record),
		SAID(a_question_about_a_sealed_record_is_sealed),
		SAID(a_role_that_may_not_any_more_ends_the_stream),
		SAID(another_person_at_the_same_computer_sees_less),
		SAID(nothing_is_told_about_what_one_may_not_see),
		SAID(nobody_left_who_may_see_it),
		SAID(a_role_is_told_by_the_next_sync),
		SAID(a_stream_that_ends_leaves_what_was_not_sent),
		SAID(many_leave_at_once_after_comparing),
		SAID(many_leave_at_the_end_of_a_long_sync),
		SAID(what_only_goes_to_another_stream_is_not_removed),
		SAID(a_computer_that_goes_to_another_office_forgets_the_first),
		SAID(what_was_sealed_after_the_backup_comes_back),
		SAID(what_its_author_holds_no_more_comes_back),
		SAID(what_its_author_holds_no_more_comes_back_in_order),
		SAID(what_its_author_holds_no_more_comes_back_beside_new_work),
		SAID(what_its_author_may_not_do_any_more_is_looked_at),
		SAID(a_question_that_reached_nobody_is_asked_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
