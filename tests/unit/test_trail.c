/*
 * Who entered what: asked of the server, kept here, read without a line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kit/township_say.h"
#include "store/history.h"
#include "sync/history.h"

static enum status
fetch(struct site *site, const struct uuid *id, struct err *err)
{
	struct transport net = site_transport(site);

	return history_fetch(site->s, &net, id, err);
}

/* "kind by field=before>after" of entry i. */
static void
expect(const struct trail *t, size_t i, const char *expected)
{
	const struct trail_entry *e = &t->items[i];
	struct buf text;

	assert_true(i < t->count);
	buf_init(&text, BUF_LINE_MAX);
	buf_printf(&text, "%s %s", op_kind_name(e->op.kind), e->op.by);
	for (size_t k = 0; k < e->op.change_count; k++)
		if (e->op.changes[k].field[0] != '@')
			buf_printf(&text, " %s=%s>%s", e->op.changes[k].field,
			    e->op.changes[k].before, e->op.changes[k].after);
	assert_string_equal(text.data, expected);
	assert_true(e->op.at > 0);
	assert_int_equal(e->rev, i + 1);
	assert_string_not_equal(e->name, "");
	buf_release(&text);
}

static void
everybodys_entries_come(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct trail trail = {0};
	struct err err = ERR_INIT;
	int64_t at = 0;

	assert_int_equal(history_get(&trail, &at, p.a->s, &p.id, &err),
	    E_NOTFOUND);
	say_set(p.a, &p.id, "place=here");
	say_well(t);
	say_set(p.b, &p.id, "place=there");
	say_well(t);
	assert_int_equal(fetch(p.a, &p.id, &err), E_OK);
	assert_int_equal(history_get(&trail, &at, p.a->s, &p.id, &err), E_OK);
	assert_int_equal(trail.count, 3);
	assert_false(trail.more);
	expect(&trail, 1, "set u1 place=>here");
	expect(&trail, 2, "set u1b place=here>there");
	trail_release(&trail);
	/* without a line there is what came before, also after a restart */
	say_set(p.b, &p.id, "place=nowhere");
	say_sync(p.b);
	site_fault(p.a, NET_CUT_BEFORE, 1);
	assert_int_equal(fetch(p.a, &p.id, &err), E_OFFLINE);
	assert_int_equal(history_get(&trail, &at, p.a->s, &p.id, &err), E_OK);
	assert_int_equal(trail.count, 3);
	trail_release(&trail);
	assert_int_equal(fetch(p.a, &p.id, &err), E_OK);
	assert_int_equal(history_get(&trail, &at, p.a->s, &p.id, &err), E_OK);
	expect(&trail, 3, "set u1b place=there>nowhere");
	trail_release(&trail);
	site_well(p.a);
}

/* What was not taken stands on the trail, also when nothing was changed. */
static void
what_two_entered_is_told(void **state)
{
	static const struct {
		const char *chosen, *taken;
	} rows[] = { { "here", "here" }, { "there", "there" },
		{ "elsewhere", "elsewhere" } };
	struct township *t = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct say_pair p = say_pair(t);
		struct trail trail = {0};
		struct err err = ERR_INIT;
		int64_t at = 0;

		say_set(p.a, &p.id, "place=here");
		say_set(p.b, &p.id, "place=there");
		say_sync(p.a);
		say_sync(p.b);
		say_sync(p.a);
		assert_int_equal(fetch(p.a, &p.id, &err), E_OK);
		assert_int_equal(history_get(&trail, &at, p.a->s, &p.id,
		    &err), E_OK);
		assert_int_equal(trail.asked_count, 1);
		assert_int_equal(trail.asked[0].settled_at, 0);
		trail_release(&trail);
		say_resolve(p.a, rows[i].chosen);
		say_well(t);
		say_all(t, &p.id, "place", rows[i].taken);
		assert_int_equal(fetch(p.b, &p.id, &err), E_OK);
		assert_int_equal(history_get(&trail, &at, p.b->s, &p.id,
		    &err), E_OK);
		assert_int_equal(trail.asked_count, 1);
		assert_string_equal(trail.asked[0].op.by, "u1b");
		assert_string_equal(trail.asked[0].settled_by, "u1");
		assert_true(trail.asked[0].settled_name[0] != '\0');
		assert_true(trail.asked[0].settled_at > 0);
		assert_string_equal(trail.asked[0].op.changes[0].field,
		    "place");
		assert_string_equal(trail.asked[0].op.changes[0].before,
		    "here");
		assert_string_equal(trail.asked[0].op.changes[0].after,
		    "there");
		trail_release(&trail);
	}
}

/* Who comes second hears who settled it, when, and with what. */
static void
the_second_is_told(void **state)
{
	static const struct {
		const char *first, *words;
	} rows[] = { { "here", "保留原有内容" },
		{ "there", "填写的内容" },
		{ "elsewhere", "采用另外的内容" } };
	struct township *t = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct say_pair p = say_pair(t);
		struct outbox_list l = {0};
		struct err err = ERR_INIT;
		const char *why = "";

		say_set(p.a, &p.id, "place=here");
		say_set(p.b, &p.id, "place=there");
		say_sync(p.a);
		say_sync(p.b);
		say_sync(p.a);
		say_resolve(p.a, rows[i].first);
		say_resolve(p.b, "nowhere");
		say_sync(p.a);
		say_sync(p.b);
		assert_int_equal(outbox_list(&l, p.b->s, OUTBOX_OF_RECORD,
		    &p.id, &err), E_OK);
		for (size_t k = 0; k < l.count; k++)
			why = l.items[k].why[0] ? l.items[k].why : why;
		if (!strstr(why, rows[i].words) ||
		    !strstr(why, "处理了这条冲突"))
			fail_msg("%s", why);
		outbox_list_release(&l);
	}
}

static void
an_answer_that_is_cut_keeps_what_there_was(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct trail trail = {0};
	struct err err = ERR_INIT;
	int64_t at = 0;

	assert_int_equal(fetch(p.a, &p.id, &err), E_OK);
	site_fault(p.a, NET_HTML, 1);
	assert_int_not_equal(fetch(p.a, &p.id, &err), E_OK);
	site_fault(p.a, NET_503, 1);
	assert_int_equal(fetch(p.a, &p.id, &err), E_OFFLINE);
	assert_int_equal(history_get(&trail, &at, p.a->s, &p.id, &err), E_OK);
	assert_int_equal(trail.count, 1);
	trail_release(&trail);
}

static void
another_office_is_told_nothing(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct site *other = township_site(t, OFFICE_TWO, "u2", NULL);
	struct site *county = township_site(t, OFFICE_COUNTY, "uc", NULL);
	struct uuid none = {{ 1 }};
	struct trail trail = {0};
	struct err err = ERR_INIT, same = ERR_INIT;
	int64_t at = 0;

	say_well(t);
	assert_int_equal(fetch(other, &p.id, &err), E_INVALID);
	/* as if there were no such record */
	assert_int_equal(fetch(other, &none, &same), E_INVALID);
	assert_string_equal(err.msg, same.msg);
	assert_int_equal(history_get(&trail, &at, other->s, &p.id, &err),
	    E_NOTFOUND);
	assert_int_equal(fetch(county, &p.id, &err), E_OK);
}

static const char *const wrong[] = {
	"", "[]", "{}", "{\"entries\":{}}", "{\"entries\":[1]}",
	"{\"entries\":[{\"rev\":1}]}",
	"{\"entries\":[{\"rev\":1,\"kind\":\"eat\",\"by\":\"u\",\"at\":1,"
	    "\"set\":{}}]}",
	"{\"entries\":[{\"rev\":1,\"kind\":\"set\",\"by\":\"u\",\"at\":1,"
	    "\"set\":{\"a\":[\"1\"]}}]}",
	"{\"entries\":[{\"rev\":1,\"kind\":\"set\",\"by\":\"u\",\"at\":1,"
	    "\"set\":{\"a\":\"1\"}}]}",
	"{\"entries\":[],\"asked\":{}}",
	"{\"entries\":[],\"asked\":[{\"by\":\"u\",\"at\":1}]}",
	"{\"entries\":[],\"asked\":[{\"by\":\"u\",\"at\":1,"
	    "\"settled_at\":0,\"set\":{\"a\":[\"1\"]}}]}",
	"{\"entries\":[{\"rev\":-1,\"kind\":\"set\",\"by\":\"u\",\"at\":1,"
	    "\"set\":{}}]}",
};

static void
what_is_no_trail_is_refused(void **state)
{
	struct trail t = {0};
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		if (trail_parse(&t, wrong[i], strlen(wrong[i]), &err) == E_OK)
			fail_msg("%s", wrong[i]);
		assert_int_equal(t.count, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(everybodys_entries_come),
		SAID(what_two_entered_is_told),
		SAID(the_second_is_told),
		SAID(an_answer_that_is_cut_keeps_what_there_was),
		SAID(another_office_is_told_nothing),
		cmocka_unit_test(what_is_no_trail_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
