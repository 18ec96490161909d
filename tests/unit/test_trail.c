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
		SAID(an_answer_that_is_cut_keeps_what_there_was),
		SAID(another_office_is_told_nothing),
		cmocka_unit_test(what_is_no_trail_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
