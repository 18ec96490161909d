/*
 * What was refused, and what somebody of the county does with it: taken in as
 * its author's, or dismissed; its author hears of it.  Real caches and a real
 * server (kit/township.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/trail.h"
#include "db/db.h"
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "server/ledger_settle.h"
#include "server/ledger_trail.h"

static void
ledger_does(struct township *t, const char *sql)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(ledger_begin(&db, t->ledger, &err), E_OK);
	assert_int_equal(db_exec(db, sql, &err), E_OK);
	assert_int_equal(ledger_end(t->ledger, E_OK, &err), E_OK);
}

/* What says "poison" cannot be worked for a while, and is put aside. */
static void
sync_poisoned(struct township *t, struct site *site)
{
	ledger_does(t, "CREATE TRIGGER poison BEFORE INSERT ON record"
		" WHEN instr(NEW.body, 'poison') > 0"
		" BEGIN SELECT RAISE(ABORT, 'poison'); END");
	say_sync(site);
	ledger_does(t, "DROP TRIGGER poison");
}

/* why NULL: it is taken in. */
static enum status
settle(struct township *t, const char *id, const char *who, const char *why)
{
	struct settle_item item = {0};
	struct judgement j = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;
	enum status s;

	township_tick(1000);
	assert_int_equal(ledger_begin(&db, t->ledger, &err), E_OK);
	s = settle_find(&item, db, id, &err);
	if (!s)
		s = why ? settle_dismiss(db, &item, who, why, &err) :
			settle_take(&j, db, t->schema, &item, who, &err);
	settle_item_release(&item);
	s = ledger_end(t->ledger, s, &err);
	assert_int_equal(s != E_OK, err.msg[0] != '\0');
	return s;
}

/* The reason of the only one of that kind; lent until the next call. */
static const char *
said(struct site *site, enum outbox_which which)
{
	static char why[ERR_MSG_MAX];
	struct outbox_list l = {0};
	struct err err = ERR_INIT;

	assert_int_equal(outbox_list(&l, site->s, which, NULL, &err), E_OK);
	assert_int_equal(l.count, 1);
	memcpy(why, l.items[0].why, sizeof why);
	outbox_list_release(&l);
	return why;
}

static void
has(struct site *site, const struct uuid *id, const char *field,
	const char *text)
{
	assert_string_equal(cache_value(site->s, id, field), text);
}

static void
a_change_is_taken_in(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "place=poison");
	sync_poisoned(t, p.a);
	assert_int_equal(say_refused(p.a), 1);
	say_set(p.b, &p.id, "phone=13800138000");
	say_well(t);
	say_all(t, &p.id, "place", "");

	assert_int_equal(settle(t, "D01-1-2", "u1b", NULL), E_AUTH);
	assert_int_equal(settle(t, "D01-1-2", "nobody", NULL), E_NOTFOUND);
	assert_int_equal(settle(t, "D01-1-9", "uc", NULL), E_NOTFOUND);
	assert_int_equal(settle(t, "D01-1-2", "uc", NULL), E_OK);
	assert_int_equal(settle(t, "D01-1-2", "uc", NULL), E_CONFLICT);
	say_well(t);
	say_all(t, &p.id, "place", "poison");
	say_all(t, &p.id, "phone", "13800138000");

	/* its author hears of it, once; the verdict stays what it was */
	assert_int_equal(say_refused(p.a), 0);
	assert_int_equal(say_counts(p.a).receipts, 1);
	assert_int_equal(say_counts(p.b).receipts, 0);
	(void)said(p.a, OUTBOX_RECEIPTS);
	assert_int_equal(township_number(t, "SELECT count(*) FROM opdone"
		" WHERE verdict = 'review'"), 1);
	assert_int_equal(township_number(t, "SELECT count(*) FROM history"
		" WHERE taken_by = 'uc' AND login = 'u1'"), 1);
	assert_int_equal(township_number(t, "SELECT count(*) FROM quarantine"),
		1);
}

/* As its author's: what others changed since is asked about, not undone. */
static void
it_is_judged_on_the_record_of_today(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "place=poison");
	sync_poisoned(t, p.a);
	say_set(p.b, &p.id, "place=here");
	say_well(t);
	assert_int_equal(settle(t, "D01-1-2", "uc", NULL), E_OK);
	say_well(t);
	say_all(t, &p.id, "place", "here");
	say_ask(t, 1);
	say_resolve(p.b, "poison");
	say_well(t);
	say_all(t, &p.id, "place", "poison");
}

static void
a_new_record_is_taken_in(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id = say_add(p.a, "title=poison");

	sync_poisoned(t, p.a);
	assert_int_equal(settle(t, "D01-1-2", "uc", NULL), E_OK);
	say_well(t);
	has(p.a, &id, "title", "poison");
	has(p.b, &id, "title", "poison");
	assert_int_equal(say_counts(p.a).receipts, 1);
}

static void
one_that_is_dismissed_stays_refused(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id = say_add(p.a, "title=poison");

	sync_poisoned(t, p.a);
	assert_int_equal(settle(t, "D01-1-2", "uc", " "), E_INVALID);
	assert_int_equal(settle(t, "D01-1-2", "uc", "登记两次"), E_OK);
	assert_int_equal(settle(t, "D01-1-2", "uc", NULL), E_CONFLICT);
	say_well(t);
	assert_non_null(strstr(said(p.a, OUTBOX_REFUSED), "登记两次"));
	has(p.a, &id, "title", "poison");
	assert_int_equal(township_number(t, "SELECT count(*) FROM quarantine"),
		1);
	/* it can be mended as before */
	say_set(p.a, &id, "title=better");
	say_well(t);
	has(p.b, &id, "title", "better");
}

/* What its author has mended meanwhile is asked about when it differs. */
static void
one_that_was_mended_meanwhile(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id = say_add(p.a, "title=poison");

	sync_poisoned(t, p.a);
	say_set(p.a, &id, "title=better");
	say_well(t);
	assert_int_equal(settle(t, "D01-1-2", "uc", NULL), E_OK);
	say_well(t);
	say_all(t, &id, "title", "better");
	say_ask(t, 1);
}

/* Of a person whose account is closed: the county looks at it. */
static void
of_somebody_who_left(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "place=here");
	township_shut(t, p.a, true);
	(void)!site_sync(p.a, NULL, &(struct err)ERR_INIT);
	ledger_does(t, "UPDATE account SET disabled = 1 WHERE login = 'u1'");
	assert_int_equal(settle(t, "D01-1-2", "uc", NULL), E_OK);
	say_sync(p.b);
	has(p.b, &p.id, "place", "here");
}

/* A rule that it breaks still stands: nothing is written. */
static void
what_would_be_refused_again_is(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "place=poison");
	sync_poisoned(t, p.a);
	say_withdraw(p.b, &p.id, "twice");
	say_well(t);
	ledger_does(t, "UPDATE account SET role = 'auditor'"
		" WHERE login = 'u1'");
	assert_int_equal(settle(t, "D01-1-2", "uc", NULL), E_INVALID);
	assert_int_equal(township_number(t, "SELECT count(*) FROM settled"), 0);
}

static void
what_did_not_get_through_cannot_be_taken_in(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	char *values = mem_alloc(1, 10000);

	memset(values, 'a', 9999);
	memcpy(values, "title=long;story=", 17);
	(void)say_add(p.a, values);
	free(values);
	p.a->net.most = 8 * 1024;
	say_sync(p.a);
	assert_int_equal(say_refused(p.a), 1);
	assert_int_equal(settle(t, "D01-1-2", "uc", NULL), E_INVALID);
	assert_int_equal(settle(t, "D01-1-2", "uc", "too long"), E_OK);
	say_sync(p.a);
	assert_non_null(strstr(said(p.a, OUTBOX_REFUSED), "too long"));
}

/* Who took it in stands in the trail that the clients are told. */
static void
the_trail_says_who(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct trail trail = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;
	struct buf text;

	say_set(p.a, &p.id, "place=poison");
	sync_poisoned(t, p.a);
	assert_int_equal(settle(t, "D01-1-2", "uc", NULL), E_OK);
	buf_init(&text, BUF_LINE_MAX);
	assert_int_equal(ledger_begin_read(&db, t->ledger, &err), E_OK);
	assert_int_equal(ledger_trail_print(&text, db, &p.id, &err), E_OK);
	ledger_end_read(t->ledger);
	assert_int_equal(trail_parse(&trail, text.data, text.len, &err), E_OK);
	assert_int_equal(trail.count, 2);
	assert_string_equal(trail.items[0].took, "");
	assert_string_equal(trail.items[1].op.by, "u1");
	assert_true(trail.items[1].took[0] != '\0');
	trail_release(&trail);
	buf_release(&text);
}

/* A restored server counts anew: what it settles then is heard of, too. */
static void
after_a_restore_it_is_heard_of_again(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_sync(p.a);
	say_sync(p.b);
	township_backup(t);
	say_set(p.a, &p.id, "place=poison");
	sync_poisoned(t, p.a);
	assert_int_equal(settle(t, "D01-1-2", "uc", "first"), E_OK);
	say_sync(p.a);
	township_restore(t);
	say_well(t);
	assert_int_equal(settle(t, "D01-1-2", "uc", "second"), E_OK);
	say_well(t);
	assert_non_null(strstr(said(p.a, OUTBOX_REFUSED), "second"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(a_change_is_taken_in),
		SAID(it_is_judged_on_the_record_of_today),
		SAID(a_new_record_is_taken_in),
		SAID(one_that_is_dismissed_stays_refused),
		SAID(one_that_was_mended_meanwhile),
		SAID(of_somebody_who_left),
		SAID(what_would_be_refused_again_is),
		SAID(what_did_not_get_through_cannot_be_taken_in),
		SAID(the_trail_says_who),
		SAID(after_a_restore_it_is_heard_of_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
