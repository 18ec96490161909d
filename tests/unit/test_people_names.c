/*
 * What people are called comes to the caches that show it, and to no others;
 * it stays when they leave, and is told apart where two have one name.
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
#include "kit/township_say.h"
#include "server/account.h"
#include "server/ledger_names.h"
#include "store/conflict.h"
#include "store/inside.h"
#include "store/people_ask.h"
#include "store/people_names.h"
#include "store/save.h"

static void
is_called(const struct site *site, const char *login, const char *name)
{
	assert_string_equal(people_names_of(site->s, login), name);
}

static void
rename_one(struct township *t, const char *login, const char *name)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;

	if (ledger_begin(&db, t->ledger, &err) || ledger_end(t->ledger,
	    account_set(db, login, name, NULL, NULL, &err), &err))
		fail_msg("%s", err.msg);
}

static void
those_of_the_office_are_told(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_sync(p.a);
	is_called(p.a, "u1b", "某u1b");
	is_called(p.a, "u1x", "某u1x");
	is_called(p.a, "u2", "u2");
	is_called(p.a, "uc", "uc");
	is_called(p.a, "nobody", "nobody");
	is_called(p.a, "", "");
}

static void
the_county_is_told_all(void **state)
{
	struct township *t = *state;
	struct site *county = township_site(t, OFFICE_COUNTY, "uc", NULL);

	say_sync(county);
	is_called(county, "u1", "某u1");
	is_called(county, "u2b", "某u2b");
}

/* Who is of elsewhere is told where they wrote, and not to others. */
static void
whoever_wrote_on_a_record_is_told(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *county = township_site(t, OFFICE_COUNTY, "uc", NULL);
	struct site *other = township_site(t, OFFICE_TWO, "u2", NULL);

	say_sync(p.a);
	say_sync(county);
	say_sync(other);
	is_called(p.a, "uc", "uc");
	say_set(county, &p.id, "place=seen by the county");
	say_sync(county);
	say_sync(p.a);
	say_sync(other);
	is_called(p.a, "uc", "某uc");
	is_called(other, "uc", "uc");
	is_called(other, "u1", "u1");
	rename_one(t, "uc", "郡守");
	say_sync(p.a);
	say_sync(other);
	is_called(p.a, "uc", "郡守");
	is_called(other, "uc", "uc");
	say_well(t);
}

static void
another_name_is_told_once(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	size_t before;

	say_well(t);
	before = p.a->net.requests;
	say_sync(p.a);
	assert_int_equal(p.a->net.requests, before + 1);
	rename_one(t, "u1b", "欧阳");
	say_sync(p.a);
	is_called(p.a, "u1b", "欧阳");
	before = p.a->net.requests;
	say_sync(p.a);
	assert_int_equal(p.a->net.requests, before + 1);
}

/* An answer that is lost is asked for again, though the server believes that it
 * was heard. */
static void
an_answer_that_is_lost_comes_again(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct people_asked asked;
	struct err err = ERR_INIT;
	struct buf body;
	bool needed = false;

	say_well(t);
	rename_one(t, "u1b", "欧阳");
	say_sync(p.b);
	buf_init(&body, BUF_LINE_MAX);
	assert_int_equal(people_ask(&body, &asked, &needed, p.b->s,
		&err), E_OK);
	assert_false(needed);
	assert_int_equal(store_meta_set_int(p.a->s, PEOPLE_ASK_DUE, 1, &err),
		E_OK);
	assert_int_equal(people_ask(&body, &asked, &needed, p.a->s,
		&err), E_OK);
	assert_true(needed);
	/* and nothing more is heard of that one */
	site_crash(p.a);
	say_sync(p.a);
	is_called(p.a, "u1b", "欧阳");
	buf_release(&body);
}

static void
who_has_left_is_still_called_so(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *late;
	struct db *db = NULL;
	struct err err = ERR_INIT;

	say_sync(p.a);
	if (ledger_begin(&db, t->ledger, &err) || ledger_end(t->ledger,
	    account_disable(db, "u1b", &err), &err))
		fail_msg("%s", err.msg);
	late = township_site(t, OFFICE_ONE, "u1n", NULL);
	say_sync(p.a);
	say_sync(late);
	is_called(p.a, "u1b", "某u1b");
	is_called(late, "u1b", "某u1b");
}

static void
two_of_one_name_are_told_apart(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	rename_one(t, "u1x", "某u1c");
	say_sync(p.a);
	is_called(p.a, "u1c", "某u1c(u1c)");
	is_called(p.a, "u1x", "某u1c(u1x)");
	is_called(p.a, "u1b", "某u1b");
	rename_one(t, "u1x", "又一人");
	say_sync(p.a);
	is_called(p.a, "u1c", "某u1c");
}

static void
a_locked_cache_says_none(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_sync(p.a);
	is_called(p.a, "u1b", "某u1b");
	store_lock(p.a->s);
	is_called(p.a, "u1b", "u1b");
	assert_int_equal(p.a->s->people.count, 0);
	site_reopen(p.a);
	is_called(p.a, "u1b", "某u1b");
}

static bool
file_has(const struct site *site, const char *name, const char *text)
{
	char *path = mem_printf("%s/%s", site->home, name), *bytes;
	FILE *f = fopen(path, "rb");
	size_t len, i, want = strlen(text);
	bool found = false;

	free(path);
	if (!f)
		return false;
	bytes = mem_alloc(1, 16 * 1024 * 1024);
	len = fread(bytes, 1, 16 * 1024 * 1024, f);
	fclose(f);
	for (i = 0; i + want <= len && !found; i++)
		found = memcmp(bytes + i, text, want) == 0;
	free(bytes);
	return found;
}

static void
no_name_lies_in_clear(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_sync(p.a);
	is_called(p.a, "u1b", "某u1b");
	assert_true(file_has(p.a, "cache.db", "u1b") ||
		file_has(p.a, "cache.db-wal", "u1b"));
	assert_false(file_has(p.a, "cache.db", "某u1"));
	assert_false(file_has(p.a, "cache.db-wal", "某u1"));
}

/* The server would not tell by it, and there may be another one. */
static void
nobody_is_asked_for_by_a_record_that_left(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct people_asked asked;
	struct err err = ERR_INIT;
	struct uuid gone = uuid_new();
	struct buf body;
	bool needed = false;

	buf_init(&body, BUF_LINE_MAX);
	assert_int_equal(people_names_seen(p.a->s, "u9", &gone, &err), E_OK);
	assert_int_equal(people_ask(&body, &asked, &needed, p.a->s, &err),
		E_OK);
	assert_int_equal(asked.count, 0);
	assert_int_equal(people_ask_unheard(p.a->s, &err), E_OK);
	assert_int_equal(people_ask(&body, &asked, &needed, p.a->s, &err),
		E_OK);
	assert_false(needed);
	buf_release(&body);
}

/* A server that does not know the question is left in peace for the day. */
static void
an_older_server_is_asked_once_a_day(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct people_asked asked;
	struct err err = ERR_INIT;
	struct buf body;
	bool needed = false;

	buf_init(&body, BUF_LINE_MAX);
	assert_int_equal(people_names_seen(p.a->s, "u9", &p.id, &err), E_OK);
	assert_int_equal(people_ask(&body, &asked, &needed, p.a->s,
		&err), E_OK);
	assert_true(needed);
	assert_int_equal(asked.count, 1);
	assert_int_equal(people_ask_unheard(p.a->s, &err), E_OK);
	assert_int_equal(people_ask(&body, &asked, &needed, p.a->s,
		&err), E_OK);
	assert_false(needed);
	township_tick(24 * 3600 * 1000);
	assert_int_equal(people_ask(&body, &asked, &needed, p.a->s,
		&err), E_OK);
	assert_true(needed);
	assert_int_equal(asked.count, 1);
	buf_release(&body);
}

static void
an_answer_that_makes_no_sense_changes_nothing(void **state)
{
	static const char *const answers[] = { "", "{}", "{\"mark\":\"1.a\"}",
		"{\"mark\":\"1.a\",\"people\":[{\"user\":\"u1b\"}]}",
		"{\"mark\":\"1.a\",\"people\":[{\"user\":\"u1b\","
		"\"name\":\"\",\"office\":\"1\"}]}",
		"{\"mark\":\"1.a\",\"people\":[{\"user\":\"u1b\","
		"\"name\":\"x\",\"office\":\"1 2\"}]}",
		"{\"mark\":\"1.a\",\"people\":[{\"user\":\"u1b\",\"name\":"
		"\"x\",\"office\":\"1\"},{\"user\":\"\",\"name\":\"x\","
		"\"office\":\"1\"}]}" };
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	const struct people_asked asked = {0};
	bool more = false;

	say_sync(p.a);
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct err err = ERR_INIT;

		assert_int_equal(people_ask_take(&more, p.a->s, &asked,
			answers[i], strlen(answers[i]), &err), E_INVALID);
		is_called(p.a, "u1b", "某u1b");
	}
}

/* Whoever comes second is told by name who was first. */
static void
the_second_answer_names_the_first(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct conflict_list list = {0};
	struct values chosen = {0};
	struct err err = ERR_INIT;

	say_well(t);
	say_set(p.a, &p.id, "place=of a");
	say_set(b, &p.id, "place=of b");
	say_sync(p.a);
	say_sync(b);
	say_sync(p.a);
	assert_int_equal(conflict_list(&list, p.a->s, &p.id, &err), E_OK);
	assert_int_equal(list.count, 1);
	is_called(p.a, list.items[0].by, "某u1b");
	say_resolve(b, "of b");
	say_sync(b);
	say_sync(p.a);
	assert_int_equal(save_resolve(p.a->s, &list.items[0].id, &chosen,
		&err), E_CONFLICT);
	if (!strstr(err.msg, "某u1b"))
		fail_msg("%s", err.msg);
	conflict_list_release(&list);
}

/* Of a cache from before: its records are looked through once. */
static void
records_from_before_are_read(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *county = township_site(t, OFFICE_COUNTY, "uc", NULL);
	struct err err = ERR_INIT;

	say_sync(county);
	say_set(county, &p.id, "place=seen by the county");
	say_sync(county);
	say_sync(p.a);
	assert_int_equal(db_exec(p.a->s->db, "DELETE FROM people;"
		"DELETE FROM meta WHERE name LIKE 'people_%';"
		"INSERT INTO meta VALUES('people_unread', '1')", &err), E_OK);
	site_reopen(p.a);
	is_called(p.a, "uc", "uc");
	say_sync(p.a);
	is_called(p.a, "uc", "某uc");
	is_called(p.a, "u1b", "某u1b");
}

static size_t
told(struct township *t, const char *office, const char *login,
	const struct uuid *record)
{
	struct ledger_peer peer = {0};
	struct json *people = json_array();
	struct db *db = NULL;
	struct err err = ERR_INIT;
	size_t count = 0;

	snprintf(peer.office, sizeof peer.office, "%s", office);
	if (ledger_begin(&db, t->ledger, &err) || ledger_end(t->ledger,
	    names_tell_author(people, db, &peer, login, record, &err), &err))
		fail_msg("%s", err.msg);
	for (const struct json *p = json_first(people); p; p = json_next(p))
		count++;
	json_free(people);
	return count;
}

/* The server tells who wrote on a record to whoever holds it, and nothing to a
 * guess. */
static void
a_guess_is_not_answered(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid none = uuid_new();

	say_well(t);
	assert_int_equal(told(t, OFFICE_ONE, "u1", &p.id), 1);
	assert_int_equal(told(t, OFFICE_ONE, "uc", &p.id), 0);
	assert_int_equal(told(t, OFFICE_ONE, "u2", &p.id), 0);
	assert_int_equal(told(t, OFFICE_ONE, "nobody", &p.id), 0);
	assert_int_equal(told(t, OFFICE_ONE, "u1", &none), 0);
	assert_int_equal(told(t, OFFICE_TWO, "u1", &p.id), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(those_of_the_office_are_told),
		SAID(the_county_is_told_all),
		SAID(whoever_wrote_on_a_record_is_told),
		SAID(another_name_is_told_once),
		SAID(an_answer_that_is_lost_comes_again),
		SAID(who_has_left_is_still_called_so),
		SAID(two_of_one_name_are_told_apart),
		SAID(a_locked_cache_says_none),
		SAID(no_name_lies_in_clear),
		SAID(nobody_is_asked_for_by_a_record_that_left),
		SAID(an_older_server_is_asked_once_a_day),
		SAID(an_answer_that_makes_no_sense_changes_nothing),
		SAID(the_second_answer_names_the_first),
		SAID(records_from_before_are_read),
		SAID(a_guess_is_not_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
