/*
 * A server that was restored from a backup, once or twice: what it had lost comes
 * back from the computers, and nothing of it silently takes the place of what
 * was entered meanwhile.  Real caches and a real server (kit/township.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/mem.h"
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "server/ledger_erase_run.h"
#include "store/save.h"
#include "store/transfer.h"

/* What is handed back adds nothing to the ledger, which stands at as high a
 * revision by now, but of another line: who went on working on the lost one has
 * not seen what the other line changed. */
static void
work_on_a_lost_revision_meets_what_came_instead(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_sync(p.a);
	say_sync(p.b);
	township_backup(t);
	say_set(p.a, &p.id, "place=here");
	say_sync(p.a);
	township_restore(t);
	say_set(p.b, &p.id, "place=here;from_on=2026-01-01");
	say_sync(p.b);
	say_set(p.a, &p.id, "to_on=2020-01-01");
	say_sync(p.a);
	say_well(t);
	say_all(t, &p.id, "from_on", "2026-01-01");
	say_all(t, &p.id, "to_on", "");
	assert_true(say_remembers(t, "2020-01-01"));
	assert_true(say_counts(p.a).conflicts > 0);
}

/* The ledger never heard of the computer: it goes on by itself until somebody
 * registers it again, and then all is there, once. */
static void
a_computer_that_the_backup_does_not_know_comes_back(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *late;
	struct err err = ERR_INIT;

	township_settle(t);
	township_backup(t);
	late = township_site(t, OFFICE_ONE, "u1c", NULL);
	say_sync(late);
	(void)say_add(late, "title=before");
	say_set(late, &p.id, "place=here");
	say_sync(late);
	township_restore(t);
	(void)say_add(late, "title=after");
	assert_int_equal(site_sync(late, NULL, &err), E_OFFLINE);
	assert_non_null(strstr(err.msg, "重新登记"));
	assert_true(site_enroll_again(late));
	assert_true(site_enroll_again(late));	/* as if it had not heard */
	site_sign_in(late, late->login);
	say_sync(late);
	assert_false(site_enroll_again(late));
	say_well(t);
	say_all(t, &p.id, "place", "here");
	assert_true(say_remembers(t, "before"));
	assert_true(say_remembers(t, "after"));
	assert_int_equal(say_refused(late), 0);
	assert_int_equal(township_number(t, "SELECT count(*) FROM record"
		" WHERE instr(body, 'before') OR"
		" instr(body, 'after')"), 2);
}

/* The reply was lost, and with it two ledgers, one after the other; so the same
 * entries are revisions 1 to 3 of two lines, and c has the third one of the first
 * line with a value that nobody else who comes holds. */
static void
a_revision_of_another_line_is_not_the_same(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *c = township_site(t, OFFICE_ONE, "u1c", NULL);
	struct err err = ERR_INIT;
	struct uuid id;

	say_well(t);
	township_backup(t);
	id = say_add(p.a, "title=new");
	say_set(p.a, &id, "phone=1");
	site_fault(p.a, NET_SWALLOW, 100);
	assert_int_not_equal(site_sync(p.a, NULL, &err), E_OK);
	site_fault(p.a, NET_FINE, 0);
	say_sync(p.b);
	say_set(p.b, &id, "place=here");
	say_sync(p.b);
	say_sync(c);
	township_restore(t);
	say_set(p.a, &id, "phone=2");
	say_set(p.a, &id, "phone=3");
	say_sync(p.a);
	township_restore(t);
	say_sync(p.a);
	say_sync(c);
	assert_string_equal(cache_value(c->s, &id, "place"), "here");
	assert_string_equal(cache_value(c->s, &id, "phone"), "3");
	say_well(t);
	say_all(t, &id, "place", "here");
}

static struct uuid
offer(const struct uuid *id, struct site *from, const struct site *to)
{
	struct err err = ERR_INIT;
	struct uuid transfer;

	township_tick(1000);
	if (transfer_offer(&transfer, from->s, id, to->office, "moved house",
	    &err))
		fail_msg("%s", err.msg);
	say_sync(from);
	return transfer;
}

static void
accept(const struct uuid *transfer, struct site *to)
{
	struct record r = {0}, seen = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct err err = ERR_INIT;

	township_tick(1000);
	say_sync(to);
	if (store_get(&seen, to->s, transfer, &err))
		fail_msg("%s", err.msg);
	record_copy(&r, &seen);
	if (save_move(to->s, &save, "accepted", &err))
		fail_msg("%s", err.msg);
	faults_release(&save.faults);
	record_release(&r);
	record_release(&seen);
	say_sync(to);
}

/* A record that was entered and handed over after the backup: the office that
 * gave it away is heard first, and puts it where it went, and nobody there is
 * asked about what they took over. */
static void
what_was_handed_over_comes_back_where_it_went(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *other = township_site(t, OFFICE_TWO, "u2b", NULL);
	struct record r = {0};
	struct err err = ERR_INIT;
	struct uuid id, transfer;

	say_well(t);
	township_backup(t);
	id = say_add(p.b, "title=new");
	say_sync(p.b);
	say_set(p.b, &id, "place=here");
	transfer = offer(&id, p.b, other);
	accept(&transfer, other);
	say_sync(p.b);
	township_restore(t);
	say_sync(p.b);
	assert_int_equal(store_get(&r, p.b->s, &id, &err), E_NOTFOUND);
	assert_int_equal(township_number(t, "SELECT count(*) FROM record WHERE"
		" register = 'matter' AND office = '" OFFICE_TWO "' AND"
		" instr(body, 'here')"), 1);
	assert_int_equal(township_number(t,
		"SELECT count(*) FROM quarantine"), 0);
	say_well(t);
	say_ask(t, 0);
	assert_string_equal(cache_value(other->s, &id, "place"), "here");
}

/* a entered something too late: who had the record then was asked.  That is lost,
 * and meanwhile the record has come back to a's office: they are asked now, and it
 * is not taken besides. */
static void
what_came_too_late_is_asked_again(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *other = township_site(t, OFFICE_TWO, "u2b", NULL);
	struct uuid transfer;

	say_set(p.a, &p.id, "place=late");
	transfer = offer(&p.id, p.b, other);
	accept(&transfer, other);
	transfer = offer(&p.id, other, p.a);
	township_backup(t);
	say_sync(p.a);
	assert_int_equal(say_counts(p.a).receipts, 1);
	township_restore(t);
	accept(&transfer, p.b);
	say_well(t);
	assert_string_equal(cache_value(p.a->s, &p.id, "place"), "");
	assert_string_equal(cache_value(p.b->s, &p.id, "place"), "");
	assert_int_equal(say_counts(p.a).conflicts, 1);
	assert_int_equal(say_counts(p.b).conflicts, 1);
	assert_int_equal(say_counts(other).conflicts, 0);
	assert_int_equal(township_number(t, "SELECT count(*) FROM quarantine"
		" WHERE verdict = 'moved'"), 1);
}

/* Months after the restore nothing is taken back by itself, but nothing is lost
 * and nobody is stuck. */
static void
what_comes_back_months_later_is_put_aside(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	township_settle(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=nowhere");
	say_sync(p.a);
	township_restore(t);
	township_tick(100LL * 24 * 3600 * 1000);
	for (size_t i = 0; i < t->count; i++)
		site_sign_in(t->sites[i], t->sites[i]->login);
	say_sync(p.b);
	(void)say_add(p.a, "title=lately");
	say_sync(p.a);
	say_sync(p.a);
	assert_int_equal(say_refused(p.a), 1);
	assert_true(say_remembers(t, "nowhere"));
	assert_true(say_remembers(t, "lately"));
	assert_int_equal(township_number(t, "SELECT count(*) FROM quarantine"
		" WHERE verdict = 'review'"), 1);
	township_settle(t);
	say_all(t, &p.id, "place", "");
}

/* It is sent away before it has met the restored server: what had been delivered
 * and was lost there goes up with what was not. */
static void
a_device_that_is_sent_away_hands_back_what_was_lost(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;

	township_settle(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=nowhere");
	say_sync(p.a);
	township_restore(t);
	say_set(p.a, &p.id, "place=elsewhere");
	township_shut(t, p.a, true);
	assert_int_equal(site_sync(p.a, NULL, &err), E_AUTH);
	assert_true(say_remembers(t, "nowhere"));
	assert_true(say_remembers(t, "elsewhere"));
	assert_int_equal(township_number(t, "SELECT count(*) FROM history"
		" WHERE instr(fields, 'place')"), 0);
	township_shut(t, p.a, false);
	site_sign_in(p.a, p.a->login);
	say_well(t);
}

/* The folder of the server's was put back as it was, and nobody has said so. */
static void
an_older_ledger_is_noticed_and_told(void **state)
{
	static const char behind[] = "SELECT count(*) FROM meta"
		" WHERE name = 'behind_at'";
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;

	township_settle(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=nowhere");
	say_sync(p.a);
	township_put_back(t);
	assert_int_equal(township_number(t, behind), 0);
	assert_int_equal(site_sync(p.a, NULL, &err), E_CONFLICT);
	assert_int_equal(township_number(t, behind), 1);
	assert_int_equal(say_counts(p.a).refused, 0);
	township_backup(t);
	township_restore(t);
	assert_int_equal(township_number(t, behind), 0);
	say_well(t);
	say_all(t, &p.id, "place", "nowhere");
}

/* ---- twice ---- */

/* One went on working before the first restore and slept through what was
 * between it and the second; the other did not.  Each has versions that the
 * other's do not contain, whichever revision is the higher one. */
static void
sleep_through_one(struct township *t, struct say_pair *p)
{
	*p = say_pair(t);
	township_settle(t);
	township_backup(t);
	say_set(p->a, &p->id, "place=before");
	say_sync(p->a);
	township_restore(t);
	for (int i = 0; i < 3; i++) {
		say_set(p->b, &p->id, "phone=13800138000");
		say_set(p->b, &p->id, "phone=");
	}
	say_set(p->b, &p->id, "place=between");
	say_sync(p->b);
}

static void
both_are_there(struct township *t, struct say_pair *p, const char *stands,
	const char *asked)
{
	say_well(t);
	say_all(t, &p->id, "place", stands);
	assert_true(say_remembers(t, asked));
	say_ask(t, 1);
	say_resolve(p->a, asked);
	say_well(t);
	say_all(t, &p->id, "place", asked);
}

static void
of_two_lost_lines_the_longer_does_not_win(void **state)
{
	struct township *t = *state;
	struct say_pair p;

	sleep_through_one(t, &p);
	township_restore(t);
	say_sync(p.b);
	both_are_there(t, &p, "between", "before");
}

static void
nor_does_the_shorter_one(void **state)
{
	struct township *t = *state;
	struct say_pair p;

	sleep_through_one(t, &p);
	township_restore(t);
	say_sync(p.a);
	both_are_there(t, &p, "before", "between");
}

/* The disk of the ledger between is gone, and nobody knows where it began. */
static void
nor_where_the_ledger_between_is_gone(void **state)
{
	struct township *t = *state;
	struct say_pair p;
	char *path = mem_printf("%s/ledger.db", t->dir);

	sleep_through_one(t, &p);
	assert_int_equal(remove(path), 0);
	free(path);
	township_restore(t);
	say_sync(p.b);
	both_are_there(t, &p, "between", "before");
}

/* The second backup is of the ledger between, so its history is longer than
 * what the sleeper holds. */
static void
nor_the_one_that_was_backed_up(void **state)
{
	struct township *t = *state;
	struct say_pair p;

	sleep_through_one(t, &p);
	township_backup(t);
	township_restore(t);
	say_sync(p.a);
	both_are_there(t, &p, "between", "before");
}

static void
erase(struct township *t, const struct uuid *id)
{
	struct stream_touched touched = {0};
	struct erased e = { .record = *id };
	struct db *db = NULL;
	struct err err = ERR_INIT;
	enum status s = ledger_begin(&db, t->ledger, &err);

	if (!s)
		s = erase_record(&touched, db, &e, &err);
	if (!s)
		s = stream_publish(db, &touched, &err);
	stream_touched_release(&touched);
	assert_int_equal(ledger_end(t->ledger, s, &err), E_OK);
}

/* What the history says next takes the place of what was erased, and is not what
 * a lost ledger had there. */
static void
rows_of_what_was_erased_are_nobodys(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid last;

	township_settle(t);
	last = say_add(p.b, "title=last");
	township_settle(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=before");
	say_sync(p.a);
	township_restore(t);
	erase(t, &last);
	say_set(p.b, &p.id, "place=between");
	say_sync(p.b);
	both_are_there(t, &p, "between", "before");
}

/* Who met both ledgers holds versions of one line again, and is asked nothing. */
static void
who_met_both_is_asked_nothing(void **state)
{
	struct township *t = *state;
	struct say_pair p;

	sleep_through_one(t, &p);
	say_sync(p.a);
	say_sync(p.b);
	say_ask(t, 1);
	say_resolve(p.a, "decided");
	township_settle(t);
	township_restore(t);
	say_well(t);
	say_all(t, &p.id, "place", "decided");
	say_ask(t, 0);
}

/* ---- a gateway that takes no large requests ---- */

static size_t
held_bytes(struct site *site, const struct uuid *id, const char *field)
{
	struct record r = {0};
	struct err err = ERR_INIT;
	size_t len;

	assert_int_equal(store_get(&r, site->s, id, &err), E_OK);
	len = strlen(record_get(&r, field));
	record_release(&r);
	return len;
}

/* Its entries get through one by one, and as a whole it does not. */
static struct uuid
grow(struct site *site)
{
	static const struct {
		const char *field;
		int times;
	} grows[] = { { "story", 300 }, { "place", 17 }, { "title", 8 } };
	struct uuid id = say_add(site, "title=grows");

	for (size_t i = 0; i < sizeof grows / sizeof *grows; i++) {
		struct buf values;

		buf_init(&values, BUF_LINE_MAX);
		buf_printf(&values, "%s=", grows[i].field);
		for (int k = 0; k < grows[i].times; k++)
			buf_text(&values, "这是一段写了很多字的话");
		say_set(site, &id, values.data);
		buf_release(&values);
	}
	return id;
}

static void
has_grown(struct site *site, const struct uuid *id)
{
	assert_int_equal(held_bytes(site, id, "story"), 300 * 33);
	assert_int_equal(held_bytes(site, id, "place"), 17 * 33);
	assert_int_equal(held_bytes(site, id, "title"), 8 * 33);
}

/* In parts, over whatever the line bears; whoever entered it, or not. */
static void
comes_back_in_parts(struct township *t, bool own, size_t most)
{
	struct say_pair p = say_pair(t);
	struct site *back = own ? p.a : p.b;
	struct uuid id, other;

	township_settle(t);
	township_backup(t);
	id = grow(p.a);
	other = say_add(p.a, "title=other");
	say_sync(p.a);
	say_sync(p.b);
	township_restore(t);
	back->net.most = most;
	say_sync(back);
	back->net.most = 0;
	assert_int_equal(township_number(t, "SELECT count(*) FROM record"
		" WHERE instr(body, '这是一段') > 0"), 1);
	assert_int_equal(township_number(t,
		"SELECT count(*) FROM coming"), 0);
	say_well(t);
	has_grown(p.a, &id);
	has_grown(p.b, &id);
	say_all(t, &other, "title", "other");
	assert_int_equal(say_refused(p.a) + say_refused(p.b), 0);
	say_ask(t, 0);
}

static void
a_record_that_is_too_large_comes_back_in_parts(void **state)
{
	comes_back_in_parts(*state, true, 10800);
}

static void
also_from_somebody_who_entered_nothing_on_it(void **state)
{
	comes_back_in_parts(*state, false, 10800);
}

static void
also_over_a_line_that_bears_little(void **state)
{
	comes_back_in_parts(*state, false, 6000);
}

/* The line breaks when it has borne so many requests. */
struct breaks {
	struct site *site;
	int after;
};

static void
break_line(void *self)
{
	struct breaks *b = self;

	if (b->after-- == 0)
		site_fault(b->site, NET_SWALLOW, 1);
}

/* Broken in the middle it begins anew. */
static void
parts_that_break_off_are_sent_again(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;
	struct breaks breaks = { .site = p.b };
	struct uuid id;

	township_settle(t);
	township_backup(t);
	id = grow(p.a);
	say_sync(p.a);
	say_sync(p.b);
	township_restore(t);
	p.b->net.most = 6000;
	p.b->net.self = &breaks;
	p.b->net.during = break_line;
	for (int after = 2; after < 12; after++) {
		breaks.after = after;
		(void)site_sync(p.b, NULL, &err);
	}
	p.b->net.during = NULL;
	say_well(t);
	has_grown(p.b, &id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(work_on_a_lost_revision_meets_what_came_instead),
		SAID(a_computer_that_the_backup_does_not_know_comes_back),
		SAID(a_revision_of_another_line_is_not_the_same),
		SAID(what_was_handed_over_comes_back_where_it_went),
		SAID(what_came_too_late_is_asked_again),
		SAID(what_comes_back_months_later_is_put_aside),
		SAID(a_device_that_is_sent_away_hands_back_what_was_lost),
		SAID(an_older_ledger_is_noticed_and_told),
		SAID(of_two_lost_lines_the_longer_does_not_win),
		SAID(nor_does_the_shorter_one),
		SAID(nor_where_the_ledger_between_is_gone),
		SAID(nor_the_one_that_was_backed_up),
		SAID(rows_of_what_was_erased_are_nobodys),
		SAID(who_met_both_is_asked_nothing),
		SAID(a_record_that_is_too_large_comes_back_in_parts),
		SAID(also_from_somebody_who_entered_nothing_on_it),
		SAID(also_over_a_line_that_bears_little),
		SAID(parts_that_break_off_are_sent_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
