/*
 * A record changes its office: offered, accepted, rejected, taken back; with
 * what belongs to it and whom it is about; and what was entered too late.  Real
 * caches and a real server (kit/township.h); after each test every cache holds
 * what it may hold and nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "db/db.h"
#include "db/db_fail.h"
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "store/conflict.h"
#include "store/inside.h"
#include "store/lookup.h"
#include "store/transfer.h"

/* Two sites of office one with a matter, and the chief of office two. */
struct scene {
	struct township *t;
	struct site *clerk, *chief, *other;
	struct uuid id, transfer;
};

static struct scene
open_scene(struct township *t)
{
	struct say_pair p = say_pair(t);

	return (struct scene){ .t = t, .clerk = p.a, .chief = p.b, .id = p.id,
		.other = township_site(t, OFFICE_TWO, "u2b", NULL) };
}

static bool
has(struct site *site, const struct uuid *id)
{
	struct record r = {0};
	struct err err = ERR_INIT;
	bool found = store_get(&r, site->s, id, &err) == E_OK;

	record_release(&r);
	return found;
}

static enum status
try_offer(struct site *site, const struct uuid *id, const char *to,
	struct uuid *out)
{
	struct err err = ERR_INIT;

	township_tick(1000);
	return transfer_offer(out, site->s, id, to, "moved house", &err);
}

static void
offer(struct scene *s)
{
	assert_int_equal(try_offer(s->chief, &s->id, OFFICE_TWO, &s->transfer),
		E_OK);
	say_sync(s->chief);
}

static enum status
decide(struct site *site, const struct uuid *transfer, const char *to,
	const char *why)
{
	struct record r = {0}, seen = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct err err = ERR_INIT;
	enum status st;

	township_tick(1000);
	if (store_get(&seen, site->s, transfer, &err))
		fail_msg("%s", err.msg);
	record_copy(&r, &seen);
	assert_true(record_set(&r, "answer", why));
	st = save_move(site->s, &save, to, &err);
	faults_release(&save.faults);
	record_release(&r);
	record_release(&seen);
	return st;
}

static void
accept(struct scene *s)
{
	say_sync(s->other);
	assert_int_equal(decide(s->other, &s->transfer, "accepted", ""), E_OK);
	say_sync(s->other);
}

static enum status
try_set(struct site *site, const struct uuid *id, const char *values)
{
	struct err err = ERR_INIT;

	township_tick(1000);
	return cache_change(site->s, id, values, &err);
}

static struct uuid
add_below(struct site *site, const struct uuid *matter, const char *text)
{
	char id[UUID_TEXT_MAX], values[200];

	uuid_print(id, matter);
	snprintf(values, sizeof values, "matter_id=%s;text=%s", id, text);
	township_tick(1000);
	return cache_add(site->s, "visit", values);
}

static struct uuid
add_about(struct site *site, const struct uuid *person, const char *title)
{
	char id[UUID_TEXT_MAX], values[200];

	uuid_print(id, person);
	snprintf(values, sizeof values, "title=%s;person_id=%s", title, id);
	return say_add(site, values);
}

static struct uuid
add_person(struct site *site, const char *name)
{
	char values[80];

	snprintf(values, sizeof values, "name=%s", name);
	township_tick(1000);
	return cache_add(site->s, "person", values);
}

static void
is_at(struct scene *s, const struct uuid *id, const char *office)
{
	struct record r = {0};
	struct err err = ERR_INIT;
	bool two = strcmp(office, OFFICE_TWO) == 0;
	struct site *there = two ? s->other : s->chief;

	if (store_get(&r, there->s, id, &err))
		fail_msg("%s", err.msg);
	assert_string_equal(r.office, office);
	record_release(&r);
}

/* ---- offer, accept, reject, take back ---- */

static void
accepted_it_goes_with_what_belongs_to_it(void **state)
{
	struct scene s = open_scene(*state);
	struct uuid visit = add_below(s.clerk, &s.id, "seen");

	say_set(s.clerk, &s.id, "place=here");
	say_well(s.t);
	offer(&s);
	say_well(s.t);
	assert_true(has(s.other, &s.id) && has(s.other, &visit));
	assert_true(has(s.clerk, &s.id) && has(s.clerk, &visit));
	is_at(&s, &s.id, OFFICE_ONE);
	assert_int_equal(transfer_waiting(s.other->s), 1);
	assert_int_equal(transfer_waiting(s.clerk->s), 0);
	accept(&s);
	say_well(s.t);
	is_at(&s, &s.id, OFFICE_TWO);
	is_at(&s, &visit, OFFICE_TWO);
	assert_false(has(s.clerk, &s.id) || has(s.clerk, &visit));
	assert_false(has(s.chief, &s.id) || has(s.chief, &visit));
	assert_int_equal(transfer_waiting(s.other->s), 0);
	say_set(s.other, &s.id, "place=there");
	say_well(s.t);
}

/* What stays is the transfer: number, masked name, to whom, when. */
static void
a_trace_stays(void **state)
{
	struct scene s = open_scene(*state);
	struct uuid person = add_person(s.clerk, "\xe5\xbc\xa0\xe5\xb0\x8f\xe6\x98\x8e");
	const struct overview *trace;
	struct lookup_hit hits[4];
	size_t total = 0;

	s.id = add_about(s.clerk, &person, "about");
	say_well(s.t);
	offer(&s);
	accept(&s);
	say_well(s.t);
	assert_false(has(s.clerk, &person));
	trace = transfer_trace(s.clerk->s, &s.id);
	assert_non_null(trace);
	assert_string_equal(overview_get(trace, "to"), OFFICE_TWO);
	assert_string_equal(overview_get(trace, "name"),
		"\xe5\xbc\xa0\xe6\x9f\x90\xe6\x9f\x90");
	assert_string_equal(overview_get(trace, "offered_on"), "2026-03-02");
	assert_int_equal(overview_lookup(hits, 4, &total, s.clerk->s,
		"\xe5\xbc\xa0\xe5\xb0\x8f\xe6\x98\x8e", 0), 1);
	assert_int_equal(uuid_compare(&hits[0].id, &s.transfer), 0);
}

static void
rejected_it_stays(void **state)
{
	struct scene s = open_scene(*state);

	offer(&s);
	say_sync(s.other);
	assert_int_equal(decide(s.other, &s.transfer, "rejected", ""),
		E_INVALID);
	assert_int_equal(decide(s.other, &s.transfer, "rejected", "not ours"),
		E_OK);
	say_well(s.t);
	assert_false(has(s.other, &s.id));
	assert_true(has(s.other, &s.transfer));
	assert_string_equal(cache_value(s.clerk->s, &s.transfer, "answer"),
		"not ours");
	say_set(s.clerk, &s.id, "place=still here");
	say_well(s.t);
	is_at(&s, &s.id, OFFICE_ONE);
}

static void
the_giver_takes_it_back(void **state)
{
	struct scene s = open_scene(*state);

	offer(&s);
	say_well(s.t);
	assert_int_equal(decide(s.other, &s.transfer, "withdrawn", "no"),
		E_AUTH);
	assert_int_equal(decide(s.chief, &s.transfer, "accepted", ""), E_AUTH);
	assert_int_equal(decide(s.chief, &s.transfer, "withdrawn", "wrong one"),
		E_OK);
	say_well(s.t);
	assert_false(has(s.other, &s.id));
	say_set(s.clerk, &s.id, "place=again");
	offer(&s);
	accept(&s);
	say_well(s.t);
	is_at(&s, &s.id, OFFICE_TWO);
}

static void
offered_it_is_only_looked_at(void **state)
{
	struct scene s = open_scene(*state);
	struct uuid visit = add_below(s.clerk, &s.id, "seen");
	struct site *both[2];
	struct err err = ERR_INIT;
	char values[80] = "text=new;matter_id=";

	offer(&s);
	say_well(s.t);
	both[0] = s.clerk;
	both[1] = s.other;
	uuid_print(values + strlen(values), &s.id);
	for (int i = 0; i < 2; i++) {
		struct record r = {0};
		struct save save = { .record = &r };

		assert_int_equal(try_set(both[i], &s.id, "place=x"), E_AUTH);
		assert_int_equal(save_remove(both[i]->s, &visit, "no", &err),
			E_AUTH);
		cache_record(&r, "visit", values);
		assert_int_equal(save_record(both[i]->s, &save, &err), E_AUTH);
		faults_release(&save.faults);
		record_release(&r);
	}
	assert_non_null(transfer_of(s.clerk->s, &visit));
	assert_int_equal(try_offer(s.chief, &s.id, OFFICE_TWO, &visit), E_OK);
	say_well(s.t);		/* refused: it is offered already */
	assert_int_equal(say_refused(s.chief), 1);
}

static void
who_may_offer_what(void **state)
{
	struct scene s = open_scene(*state);
	struct uuid visit = add_below(s.clerk, &s.id, "seen");
	struct uuid person = add_person(s.clerk, "one"), out;
	struct uuid young = say_add(s.chief, "title=not sent");

	say_sync(s.clerk);
	say_sync(s.chief);
	young = say_add(s.chief, "title=not sent");
	assert_int_equal(try_offer(s.clerk, &s.id, OFFICE_TWO, &out), E_AUTH);
	assert_int_equal(try_offer(s.chief, &s.id, OFFICE_ONE, &out),
		E_INVALID);
	assert_int_equal(try_offer(s.chief, &visit, OFFICE_TWO, &out),
		E_INVALID);
	assert_int_equal(try_offer(s.chief, &person, OFFICE_TWO, &out),
		E_INVALID);
	assert_int_equal(try_offer(s.chief, &young, OFFICE_TWO, &out),
		E_INVALID);
	say_well(s.t);
}

/* ---- too late ---- */

static void
late_edits_are_asked_of_the_new_office(void **state)
{
	struct scene s = open_scene(*state);
	struct conflict_list l = {0};
	struct outbox_list receipts = {0};
	struct err err = ERR_INIT;

	say_well(s.t);
	offer(&s);
	accept(&s);
	say_set(s.other, &s.id, "phone=222");
	say_sync(s.other);
	/* the clerk has heard of nothing */
	say_set(s.clerk, &s.id, "place=late place");
	say_set(s.clerk, &s.id, "phone=111");
	say_set(s.clerk, &s.id, "from_on=2026-01-01;to_on=2026-02-02");
	say_sync(s.clerk);
	say_sync(s.other);
	assert_int_equal(say_counts(s.other).conflicts, 3);
	assert_int_equal(say_counts(s.clerk).conflicts, 0);
	assert_int_equal(conflict_list(&l, s.other->s, NULL, &err), E_OK);
	for (size_t i = 0; i < l.count; i++) {
		assert_string_equal(l.items[i].from, OFFICE_ONE);
		assert_string_equal(l.items[i].by, "u1");
	}
	conflict_list_release(&l);
	assert_string_equal(cache_value(s.other->s, &s.id, "phone"), "222");
	assert_false(has(s.clerk, &s.id));
	assert_int_equal(say_counts(s.clerk).receipts, 3);
	assert_int_equal(say_refused(s.clerk), 0);
	assert_int_equal(outbox_list(&receipts, s.clerk->s, OUTBOX_RECEIPTS,
		NULL, &err), E_OK);
	assert_int_equal(receipts.count, 3);
	assert_non_null(strstr(receipts.items[0].why, "\xe4\xba\x8c\xe6\x89\x80"));
	outbox_list_release(&receipts);
	assert_true(say_remembers(s.t, "late place"));
	say_well(s.t);
}

static void
a_late_value_is_taken(void **state)
{
	struct scene s = open_scene(*state);

	say_well(s.t);
	offer(&s);
	accept(&s);
	say_set(s.clerk, &s.id, "place=late");
	say_sync(s.clerk);
	say_sync(s.other);
	say_resolve(s.other, "late");
	say_well(s.t);
	assert_string_equal(cache_value(s.other->s, &s.id, "place"), "late");
	assert_int_equal(say_counts(s.other).conflicts, 0);
}

static void
what_is_new_below_it_goes_there_at_once(void **state)
{
	struct scene s = open_scene(*state);
	struct uuid visit;

	say_well(s.t);
	offer(&s);
	accept(&s);
	visit = add_below(s.clerk, &s.id, "too late");
	say_sync(s.clerk);
	say_well(s.t);
	assert_true(has(s.other, &visit));
	is_at(&s, &visit, OFFICE_TWO);
	assert_false(has(s.clerk, &visit));
	assert_int_equal(say_counts(s.clerk).receipts, 1);
}

static void
a_late_withdrawal_is_asked(void **state)
{
	struct scene s = open_scene(*state);

	say_well(s.t);
	offer(&s);
	accept(&s);
	say_withdraw(s.clerk, &s.id, "entered twice");
	say_sync(s.clerk);
	say_well(s.t);
	assert_false(has(s.clerk, &s.id));
	assert_int_equal(say_counts(s.other).conflicts, 1);
	assert_string_equal(cache_value(s.other->s, &s.id, "@deleted"), "");
	say_resolve(s.other, "entered twice");
	say_well(s.t);
	assert_string_equal(cache_value(s.other->s, &s.id, "@deleted"),
		"entered twice");
}

/* An edit that came before the answer is in the record that goes. */
static void
an_edit_before_the_answer_goes_along(void **state)
{
	struct scene s = open_scene(*state);

	say_well(s.t);
	offer(&s);
	say_set(s.clerk, &s.id, "place=in time");
	say_sync(s.clerk);
	accept(&s);
	say_well(s.t);
	assert_string_equal(cache_value(s.other->s, &s.id, "place"), "in time");
	assert_int_equal(say_counts(s.other).conflicts, 0);
	assert_int_equal(say_counts(s.clerk).receipts, 0);
}

static void
a_withdrawn_record_is_not_taken_over(void **state)
{
	struct scene s = open_scene(*state);

	say_well(s.t);
	offer(&s);
	say_sync(s.other);
	say_withdraw(s.clerk, &s.id, "no such case");
	say_sync(s.clerk);
	assert_int_equal(decide(s.other, &s.transfer, "accepted", ""), E_OK);
	say_well(s.t);
	assert_int_equal(say_refused(s.other), 1);
	is_at(&s, &s.id, OFFICE_ONE);
}

/* An open question goes where its record goes, and is answered there. */
static void
an_open_question_goes_along(void **state)
{
	struct scene s = open_scene(*state);

	say_well(s.t);
	say_set(s.clerk, &s.id, "place=here");
	say_set(s.chief, &s.id, "place=there");
	say_sync(s.clerk);
	say_sync(s.chief);
	say_well(s.t);
	assert_int_equal(say_counts(s.clerk).conflicts, 1);
	offer(&s);
	accept(&s);
	say_well(s.t);
	assert_int_equal(say_counts(s.clerk).conflicts, 0);
	assert_int_equal(say_counts(s.other).conflicts, 1);
	say_resolve(s.other, "elsewhere");
	say_well(s.t);
}

/* ---- persons ---- */

static void
a_person_follows(void **state)
{
	struct scene s = open_scene(*state);
	struct uuid person = add_person(s.clerk, "one");

	s.id = add_about(s.clerk, &person, "theirs");
	say_well(s.t);
	offer(&s);
	say_well(s.t);
	assert_true(has(s.other, &person));
	assert_int_equal(try_set(s.other, &person, "home=x"), E_AUTH);
	/* who gives works with them until then */
	say_set(s.clerk, &person, "home=old street");
	say_well(s.t);
	accept(&s);
	say_well(s.t);
	is_at(&s, &person, OFFICE_TWO);
	assert_false(has(s.clerk, &person));
	say_set(s.other, &person, "home=new street");
	say_well(s.t);
}

static void
a_question_about_the_person_goes_along(void **state)
{
	struct scene s = open_scene(*state);
	struct uuid person = add_person(s.clerk, "one");

	s.id = add_about(s.clerk, &person, "theirs");
	say_well(s.t);
	say_set(s.clerk, &person, "home=here");
	say_set(s.chief, &person, "home=there");
	say_well(s.t);
	assert_int_equal(say_counts(s.clerk).conflicts, 1);
	offer(&s);
	accept(&s);
	say_well(s.t);
	assert_int_equal(say_counts(s.clerk).conflicts, 0);
	assert_int_equal(say_counts(s.other).conflicts, 1);
	say_resolve(s.other, "there");
	say_well(s.t);
}

/* The office has other work with this person: they stay and are lent. */
static void
a_person_of_two_cases_is_lent(void **state)
{
	struct scene s = open_scene(*state);
	struct uuid person = add_person(s.clerk, "one");
	struct uuid rest = add_about(s.clerk, &person, "the rest");

	s.id = add_about(s.clerk, &person, "goes");
	say_well(s.t);
	offer(&s);
	accept(&s);
	say_well(s.t);
	is_at(&s, &person, OFFICE_ONE);
	is_at(&s, &rest, OFFICE_ONE);
	assert_true(has(s.other, &person) && has(s.clerk, &person));
	assert_false(has(s.other, &rest));
	/* both work with them, and what differs is asked */
	say_set(s.other, &person, "home=lent");
	say_well(s.t);
	assert_string_equal(cache_value(s.clerk->s, &person, "home"), "lent");
	say_set(s.clerk, &person, "home=back");
	say_well(s.t);
	assert_string_equal(cache_value(s.other->s, &person, "home"), "back");
	/* with the last case the person goes */
	s.id = rest;
	offer(&s);
	accept(&s);
	say_well(s.t);
	is_at(&s, &person, OFFICE_TWO);
	assert_false(has(s.clerk, &person));
}

/* Each office has a case of the same person; one of them moves. */
static void
a_person_of_two_offices(void **state)
{
	struct scene s = open_scene(*state);
	struct uuid person = add_person(s.clerk, "one"), second;
	struct uuid first = add_about(s.clerk, &person, "first");

	s.id = add_about(s.clerk, &person, "second");
	second = s.id;
	say_well(s.t);
	offer(&s);
	accept(&s);
	say_well(s.t);
	is_at(&s, &first, OFFICE_ONE);
	is_at(&s, &second, OFFICE_TWO);
	/* back again: the person was lent only, and still is at home */
	assert_int_equal(try_offer(s.other, &second, OFFICE_ONE, &s.transfer),
		E_OK);
	say_sync(s.other);
	say_sync(s.chief);
	assert_int_equal(decide(s.chief, &s.transfer, "accepted", ""), E_OK);
	say_well(s.t);
	is_at(&s, &second, OFFICE_ONE);
	is_at(&s, &person, OFFICE_ONE);
	assert_false(has(s.other, &second));
}

/* ---- and the rest of the world ---- */

static void
there_and_back(void **state)
{
	struct scene s = open_scene(*state);

	say_well(s.t);
	offer(&s);
	accept(&s);
	say_well(s.t);
	assert_int_equal(try_offer(s.other, &s.id, OFFICE_ONE, &s.transfer),
		E_OK);
	say_sync(s.other);
	say_sync(s.chief);
	assert_int_equal(decide(s.chief, &s.transfer, "accepted", ""), E_OK);
	say_well(s.t);
	is_at(&s, &s.id, OFFICE_ONE);
	assert_false(has(s.other, &s.id));
	say_set(s.clerk, &s.id, "place=home again");
	say_well(s.t);
	assert_string_equal(cache_value(s.chief->s, &s.id, "place"),
		"home again");
}

static void
two_answer_at_once(void **state)
{
	struct scene s = open_scene(*state);
	struct site *second = township_site(s.t, OFFICE_TWO, "u2b", NULL);

	offer(&s);
	say_sync(s.other);
	say_sync(second);
	assert_int_equal(decide(s.other, &s.transfer, "accepted", ""), E_OK);
	assert_int_equal(decide(second, &s.transfer, "rejected", "no"), E_OK);
	say_sync(s.other);
	say_sync(second);
	say_well(s.t);
	assert_int_equal(say_refused(second), 1);
	is_at(&s, &s.id, OFFICE_TWO);
}

static void
what_is_sealed_stays_sealed(void **state)
{
	struct scene s = open_scene(*state);
	struct site *auditor = township_site(s.t, OFFICE_ONE, "u1x", NULL);

	say_set(s.clerk, &s.id, "tags=4");
	say_well(s.t);
	offer(&s);
	say_well(s.t);
	accept(&s);
	say_well(s.t);
	assert_false(has(auditor, &s.id));
	is_at(&s, &s.id, OFFICE_TWO);
}

/* The new office seals it: whoever may not see that is not shown the trace
 * either, though nothing else of the record is left to tell. */
static void
sealed_where_it_went_the_trace_is_hidden(void **state)
{
	struct scene s = open_scene(*state);

	offer(&s);
	accept(&s);
	say_well(s.t);
	site_sign_in(s.clerk, "u1x");
	say_well(s.t);
	assert_true(has(s.clerk, &s.transfer));
	say_set(s.other, &s.id, "tags=4");
	say_well(s.t);
	assert_false(has(s.clerk, &s.transfer));
	site_sign_in(s.clerk, "u1");
	assert_true(has(s.clerk, &s.transfer));
	say_well(s.t);
}

/* The new office unseals it: the trace is shown to all, though the record that
 * hid it is no longer there to say so. */
static void
unsealed_where_it_went_the_trace_is_shown(void **state)
{
	struct scene s = open_scene(*state);

	say_set(s.chief, &s.id, "tags=4");
	site_sign_in(s.clerk, "u1x");
	offer(&s);
	say_well(s.t);
	accept(&s);
	say_well(s.t);
	assert_false(has(s.clerk, &s.transfer));
	say_set(s.other, &s.id, "tags=");
	say_well(s.t);
	assert_true(has(s.clerk, &s.transfer));
}

/* A disk that fails while somebody looks hides nothing from then on. */
static void
a_failing_disk_hides_no_trace(void **state)
{
	struct scene s = open_scene(*state);
	struct err err = ERR_INIT;
	bool failed = true;

	offer(&s);
	accept(&s);
	site_sign_in(s.clerk, "u1x");
	say_well(s.t);
	for (long n = 1; failed; n++) {
		overview_forget(s.clerk->s);
		s.clerk->s->stale = true;
		db_fail_after(n);
		failed = overview_refresh(s.clerk->s, NULL, &err) != E_OK;
		db_fail_after(0);
		assert_int_equal(overview_refresh(s.clerk->s, NULL, &err),
			E_OK);
		assert_true(has(s.clerk, &s.transfer));
		err = (struct err)ERR_INIT;
	}
}

static void
a_restored_ledger_hears_of_it(void **state)
{
	struct scene s = open_scene(*state);
	struct uuid visit = add_below(s.clerk, &s.id, "seen");

	say_well(s.t);
	township_backup(s.t);
	offer(&s);
	accept(&s);
	say_set(s.other, &s.id, "place=two");
	say_well(s.t);
	township_restore(s.t);
	say_well(s.t);
	is_at(&s, &s.id, OFFICE_TWO);
	is_at(&s, &visit, OFFICE_TWO);
	assert_string_equal(cache_value(s.other->s, &s.id, "place"), "two");
	assert_false(has(s.clerk, &s.id));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(accepted_it_goes_with_what_belongs_to_it),
		SAID(a_trace_stays),
		SAID(rejected_it_stays),
		SAID(the_giver_takes_it_back),
		SAID(offered_it_is_only_looked_at),
		SAID(who_may_offer_what),
		SAID(late_edits_are_asked_of_the_new_office),
		SAID(a_late_value_is_taken),
		SAID(what_is_new_below_it_goes_there_at_once),
		SAID(a_late_withdrawal_is_asked),
		SAID(an_edit_before_the_answer_goes_along),
		SAID(a_withdrawn_record_is_not_taken_over),
		SAID(an_open_question_goes_along),
		SAID(a_person_follows),
		SAID(a_question_about_the_person_goes_along),
		SAID(a_person_of_two_cases_is_lent),
		SAID(a_person_of_two_offices),
		SAID(there_and_back),
		SAID(two_answer_at_once),
		SAID(what_is_sealed_stays_sealed),
		SAID(sealed_where_it_went_the_trace_is_hidden),
		SAID(unsealed_where_it_went_the_trace_is_shown),
		SAID(a_failing_disk_hides_no_trace),
		SAID(a_restored_ledger_hears_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
