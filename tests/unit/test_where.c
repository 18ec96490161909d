/* Conditions as people type them, and what a list remembers of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/list_look.h"
#include "client/where.h"
#include "kit/cache.h"
#include "store/keep.h"

static const struct schema_register *
subjects(const struct cache *c)
{
	return schema_register_find(c->schema, "correction_subject");
}

/* What it is understood as, by names or words; "" and the sentence in err. */
static const char *
read_as(const struct cache *c, const char *text, bool words, struct err *err)
{
	static char out[300];
	struct conds conds = {0};
	struct buf b;

	buf_init(&b, sizeof out);
	if (where_parse(&conds, subjects(c), text, err) == E_OK)
		where_print(&b, subjects(c), &conds, words);
	memcpy(out, b.data ? b.data : "", b.len);
	out[b.len] = '\0';
	buf_release(&b);
	schema_release_conds(&conds);
	return out;
}

static void
conditions_are_understood(void **state)
{
	static const struct {
		const char *typed, *names, *words;
	} cases[] = {
		{ "", "", "" },
		{ "矫正终止日<2027-1-5", "term_to<2027-01-05",
		  "矫正终止日<2027-01-05" },
		{ "term_to>=20270105 level=严管",
		  "term_to>=2027-01-05 level=strict",
		  "矫正终止日>=2027-01-05 管理类别=严管" },
		{ "状态=在矫|登记", "@state=active|draft", "状态=在矫|登记" },
		{ "@state!=released", "@state!=released", "状态!=解除" },
		{ "所在村居=", "village=", "所在村居=" },
		{ "  所在村居!= ", "village!=", "所在村居!=" },
		{ "\"所在村居=East Side\"", "village=\"East Side\"",
		  "所在村居=\"East Side\"" },
		{ "term_to<=@today", "term_to<=@today",
		  "矫正终止日<=@today" },
		{ "case_officer=@me", "case_officer=@me", "责任干部=@me" },
	};
	struct cache *c = *state;
	struct err err = ERR_INIT;

	tr_set(TR_ZH);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char names[300];

		assert_string_equal(read_as(c, cases[i].typed, true, &err),
			cases[i].words);
		assert_string_equal(read_as(c, cases[i].typed, false, &err),
			cases[i].names);
		/* what was printed means the same again */
		snprintf(names, sizeof names, "%s", read_as(c, cases[i].words, false, &err));
		assert_string_equal(names, cases[i].names);
		assert_string_equal(read_as(c, names, false, &err), names);
	}
}

static void
nonsense_is_said(void **state)
{
	static const char *const wrong[] = { "红旗村", "=1", "没有=1",
		"offence=x", "term_to<昨天前天", "level=很严", "状态=没有的",
		"term_to<2027-01-05 x" };
	struct cache *c = *state;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct err err = ERR_INIT;

		assert_string_equal(read_as(c, wrong[i], true, &err), "");
		assert_true(err.msg[0] != 0);
	}
}

static void
a_look_stays(void **state)
{
	struct cache *c = *state;
	struct list_look look = {0}, again = {0};
	struct conds where = {0};
	struct err err = ERR_INIT;

	assert_int_equal(where_parse(&where, subjects(c), "村（社区）=东村",
		&err), E_OK);
	assert_int_equal(list_look_put_filter(&look, "东村的", &where, &err),
		E_OK);
	assert_int_equal(where.count, 0);
	look.columns[look.column_count++] = mem_strdup("term_to");
	look.columns[look.column_count++] = mem_strdup("person_id.name");
	snprintf(look.sort, sizeof look.sort, "%s", "-term_to");
	snprintf(look.group, sizeof look.group, "%s", "village");
	assert_int_equal(list_look_save(&look, c->s, subjects(c), &err), E_OK);
	assert_int_equal(list_look_load(&again, c->s, subjects(c), &err),
		E_OK);
	assert_int_equal(again.column_count, 2);
	assert_string_equal(again.columns[1], "person_id.name");
	assert_string_equal(again.sort, "-term_to");
	assert_string_equal(again.group, "village");
	assert_int_equal(again.filter_count, 1);
	assert_string_equal(again.filters[0].name, "东村的");
	assert_string_equal(again.filters[0].where.items[0].field, "village");
	list_look_drop_filter(&again, 0);
	assert_int_equal(again.filter_count, 0);
	list_look_release(&look);
	list_look_release(&again);
}

/* Of another county's definitions, or of older ones. */
static void
what_is_unknown_is_left_out(void **state)
{
	struct cache *c = *state;
	struct list_look look = {0};
	struct err err = ERR_INIT;

	assert_int_equal(keep_put(c->s, "list correction_subject",
		"column nosuch\ncolumn term_to\ncolumn offence\n"
		"column person_id.nosuch\nsort -nosuch\ngroup nosuch\n"
		"filter gone\tnosuch=1\nfilter stays\tvillage=\nodd\nfilter",
		&err), E_OK);
	assert_int_equal(list_look_load(&look, c->s, subjects(c), &err), E_OK);
	assert_int_equal(look.column_count, 1);
	assert_string_equal(look.sort, "");
	assert_string_equal(look.group, "");
	assert_int_equal(look.filter_count, 1);
	assert_string_equal(look.filters[0].name, "stays");
	list_look_release(&look);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up_builtin, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(conditions_are_understood),
		WITH(nonsense_is_said),
		WITH(a_look_stays),
		WITH(what_is_unknown_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
