/* Finding things in a schema and asking its conditions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "core/builtin.h"
#include "core/schema.h"

enum { TODAY = 20779 };		/* 2026-11-22 */

static struct schema *schema;

static int
load(void **state)
{
	struct complaints complaints = {0};
	struct err err = ERR_INIT;

	(void)state;
	tr_set(TR_EN);
	return schema_load(&schema, builtin_files, builtin_count, &complaints,
	    &err) ? 1 : 0;
}

static int
unload(void **state)
{
	(void)state;
	schema_free(schema);
	schema_free(NULL);
	return 0;
}

static void
names_are_found(void **state)
{
	const struct schema_register *reg = schema_register_find(schema,
	    "correction_subject");
	const struct schema_codes *codes = schema_codes_find(schema, "sex");

	(void)state;
	assert_non_null(reg);
	assert_null(schema_register_find(schema, "nobody"));
	assert_string_equal(schema_field_find(reg, "category")->name,
	    "category");
	assert_null(schema_field_find(reg, ""));
	assert_ptr_equal(schema_state_find(reg, reg->states[0].name),
	    &reg->states[0]);
	assert_null(schema_state_find(reg, "nowhere"));
	assert_ptr_equal(schema_move_find(reg, reg->moves[0].from[0],
	    reg->moves[0].to), &reg->moves[0]);
	assert_null(schema_move_find(reg, "nowhere", reg->moves[0].to));
	assert_null(schema_codes_find(schema, "x"));
	assert_string_equal(schema_code_find(codes, "1")->label.zh, "男");
	assert_null(schema_code_find(codes, "01"));
}

static void
children_follow_their_parent(void **state)
{
	const struct schema_register *parent = schema_register_find(schema,
	    "mediation_case");
	const struct schema_register *child = NULL;
	size_t count = 0;

	(void)state;
	for (;;) {
		child = schema_child_next(schema, parent, child);
		if (!child)
			break;
		assert_string_equal(child->parent, "mediation_case");
		count++;
	}
	assert_true(count >= 2);
	assert_null(schema_child_next(schema, schema_register_find(schema,
	    "mediation_party"), NULL));
}

static void
labels_follow_the_language(void **state)
{
	struct label empty = {0};
	const struct label *l = &schema_codes_find(schema, "sex")->title;

	(void)state;
	assert_string_equal(label_text(l), "Sex");
	tr_set(TR_ZH);
	assert_string_equal(label_text(l), "性别");
	tr_set(TR_EN);
	assert_string_equal(label_text(&empty), "");
}

static void
codes_are_matched(void **state)
{
	static const struct {
		const char *table, *text, *code;	/* NULL: none */
	} cases[] = {
		{ "sex", "1", "1" }, { "sex", "１", "1" }, { "sex", "男", "1" },
		{ "sex", " 男 性 ", "1" }, { "sex", "MALE", "1" },
		{ "sex", "猫", NULL },
		{ "correction_category", "缓刑", "02" },
		{ "correction_category", "02", "02" },
		{ "correction_category", "2", NULL },
		{ "correction_category", "拘役", NULL },
		{ "mediation_result", "调解不成", "2" },
		{ "mediation_result", "未达成协议", "2" },
		{ "mediation_result", "调解", NULL },
		{ "dispute_type", "外星纠纷", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct schema_codes *t = schema_codes_find(schema,
		    cases[i].table);
		const struct schema_code *c = schema_code_match(t,
		    cases[i].text);

		if ((c == NULL) != (cases[i].code == NULL) ||
		    (c && strcmp(c->code, cases[i].code) != 0))
			fail_msg("%s in %s is %s", cases[i].text,
			    cases[i].table, c ? c->code : "nothing");
	}
}

static void
two_of_a_name_are_none(void **state)
{
	struct schema_code items[2] = {
		{ .code = (char *)"1", .label = { (char *)"合同纠纷",
		    (char *)"a" } },
		{ .code = (char *)"2", .label = { (char *)"合同",
		    (char *)"b" } },
	};
	struct schema_codes t = { .items = items, .count = 2 };
	size_t count = 9;

	(void)state;
	/* the whole word is better than its stem */
	assert_ptr_equal(schema_code_match(&t, "合同"), &items[1]);
	assert_ptr_equal(schema_code_match(&t, "合同纠纷"), &items[0]);
	assert_ptr_equal(schema_code_complete(&t, "合同纠", &count),
	    &items[0]);
	assert_int_equal(count, 1);
	assert_null(schema_code_complete(&t, "合", &count));
	assert_int_equal(count, 2);
	assert_null(schema_code_complete(&t, "天", &count));
	assert_int_equal(count, 0);
	items[1].label.zh = (char *)"合同纠纷";
	assert_null(schema_code_match(&t, "合同纠纷"));
	assert_null(schema_code_match(&t, "合同"));
}

static void
codes_have_their_time(void **state)
{
	struct schema_code c = { .from_on = 100, .until_on = 200 };

	(void)state;
	assert_false(schema_code_is_valid_on(&c, 99));
	assert_true(schema_code_is_valid_on(&c, 100));
	assert_true(schema_code_is_valid_on(&c, 200));
	assert_false(schema_code_is_valid_on(&c, 201));
	c.from_on = DATE_NONE;
	assert_true(schema_code_is_valid_on(&c, -5));
	c.until_on = DATE_NONE;
	assert_true(schema_code_is_valid_on(&c, 99999));
}

static void
some_codes_only_programs_know(void **state)
{
	static const struct {
		const char *code, *zh;
		bool known;
	} cases[] = {
		{ "02", "缓刑", true },
		{ "P7", "缓刑", true },
		{ "hyjt", "婚姻家庭纠纷", true },
		{ "hyjtjf", "婚姻家庭纠纷", true },
		{ "talk", "个别谈话", false },
		{ "home_visit", "走访", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct schema_code c = { .code = (char *)cases[i].code,
			.label = { (char *)cases[i].zh, (char *)"x" } };

		assert_int_equal(schema_code_is_known(&c), cases[i].known);
	}
}

/* One condition on the field "f". */
static bool
holds(enum cond_op op, const char *have, const char *want, const char *user)
{
	char value[32] = "";
	char *values[2] = { value, (char *)"other" };
	struct cond c = { .field = (char *)"f", .op = op, .values = values,
		.value_count = op == COND_IN || op == COND_NOT_IN ? 2 : 1 };
	struct conds conds = { .items = &c, .count = 1 };
	struct record r = {0};
	bool result;

	if (want)
		memcpy(value, want, strlen(want) + 1);
	values_set(&r.values, "f", have);
	result = conds_hold(&conds, &r, TODAY, user);
	record_release(&r);
	return result;
}

static void
conditions_hold(void **state)
{
	(void)state;
	assert_true(holds(COND_EQ, "a", "a", ""));
	assert_false(holds(COND_EQ, "a", "b", ""));
	assert_false(holds(COND_EQ, "", "b", ""));
	assert_true(holds(COND_NE, "", "b", ""));
	assert_false(holds(COND_NE, "b", "b", ""));
	assert_true(holds(COND_IN, "other", "a", ""));
	assert_false(holds(COND_NOT_IN, "other", "a", ""));
	assert_true(holds(COND_NOT_IN, "", "a", ""));
	assert_true(holds(COND_EMPTY, "", NULL, ""));
	assert_true(holds(COND_FILLED, "x", NULL, ""));
	assert_false(holds(COND_FILLED, "", NULL, ""));
	/* several codes in one value */
	assert_true(holds(COND_EQ, "01;02", "02", ""));
	assert_false(holds(COND_EQ, "01;02", "2", ""));
	assert_true(holds(COND_EQ, "01;02;05", "01;05", ""));
	assert_false(holds(COND_EQ, "01;02", "01;05", ""));
	/* order: days as text, numbers as numbers, nothing as neither */
	assert_true(holds(COND_LT, "2026-11-21", "@today", ""));
	assert_false(holds(COND_LT, "2026-11-22", "@today", ""));
	assert_true(holds(COND_LE, "2026-11-22", "@today", ""));
	assert_true(holds(COND_GT, "1000", "900", ""));
	assert_true(holds(COND_GE, "900", "900", ""));
	assert_false(holds(COND_LT, "", "900", ""));
	assert_false(holds(COND_GE, "", "900", ""));
	assert_true(holds(COND_GE, "2026-11-01", "@month", ""));
	assert_false(holds(COND_GE, "2026-10-31", "@month", ""));
	/* who is signed in */
	assert_true(holds(COND_EQ, "u010", "@me", "u010"));
	assert_false(holds(COND_EQ, "u010", "@me", "u011"));
	assert_false(holds(COND_EQ, "", "@me", ""));
}

static void
conditions_hold_together(void **state)
{
	char *open[1] = { (char *)"open" };
	char *one[1] = { (char *)"1" };
	struct cond items[2] = {
		{ .field = (char *)"@state", .op = COND_EQ, .values = open,
		    .value_count = 1 },
		{ .field = (char *)"f", .op = COND_EQ, .values = one,
		    .value_count = 1 },
	};
	struct conds both = { .items = items, .count = 2 };
	struct conds none = {0};
	struct record r = { .state = "open" };

	(void)state;
	assert_true(conds_hold(&none, &r, DATE_NONE, ""));
	assert_false(conds_hold(&both, &r, TODAY, ""));
	values_set(&r.values, "f", "1");
	assert_true(conds_hold(&both, &r, TODAY, ""));
	memcpy(r.state, "shut", 5);
	assert_false(conds_hold(&both, &r, TODAY, ""));
	record_release(&r);
}

static void
roles_may(void **state)
{
	const struct schema_register *reg = schema_register_find(schema,
	    "correction_subject");
	struct schema_register all = {0};

	(void)state;
	assert_true(schema_may_read(reg, "clerk"));
	assert_true(schema_may_read(reg, "auditor"));
	assert_false(schema_may_write(reg, "auditor"));
	assert_false(schema_may_read(reg, "mediator"));
	assert_true(schema_may_read(&all, "anybody"));
	assert_true(schema_may_write(&all, "anybody"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(children_follow_their_parent),
		cmocka_unit_test(labels_follow_the_language),
		cmocka_unit_test(codes_are_matched),
		cmocka_unit_test(two_of_a_name_are_none),
		cmocka_unit_test(codes_have_their_time),
		cmocka_unit_test(some_codes_only_programs_know),
		cmocka_unit_test(conditions_hold),
		cmocka_unit_test(conditions_hold_together),
		cmocka_unit_test(roles_may),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
