/*
 * A register's list as its user makes it: groups, conditions, filters of one's
 * own, columns, marks; in both languages, and remembered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/io.h"
#include "client/app.h"
#include "kit/playapp.h"
#include "kit/playoffice.h"
#include "kit/screen.h"
#include "store/audit.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000

static void
add_subjects(struct playapp *p)
{
	static const char *const people[][2] = { { "name=赵一鸣", "东村" },
		{ "name=钱二虎", "白塔社区" }, { "name=孙三宝", "东村" },
		{ "name=周四方", NULL } };

	for (size_t i = 0; i < 4; i++) {
		char ref[10 + UUID_TEXT_MAX] = "person_id=", village[60];
		struct uuid id = playoffice_add(&p->cli, "person",
			(const char *const []){ people[i][0], NULL });
		const char *values[] = { ref, "category=02",
			"term_to=2027-02-22", "@state=active", NULL, NULL };

		uuid_print(ref + 10, &id);
		if (people[i][1]) {
			snprintf(village, sizeof village, "village=%s",
				people[i][1]);
			values[4] = village;
		}
		(void)playoffice_add(&p->cli, "correction_subject", values);
	}
	app_look(&p->app);
}

static void
own_look(enum tr_lang lang)
{
	struct playapp p;

	playapp_start(&p, lang, NOW_AT, "list");
	add_subjects(&p);
	/* the field is found by its beginning, typed */
	playapp_keys(&p, lang == TR_ZH ? "c y =szcj Enter" :
		"c y =Village Enter");
	playapp_expect(&p, "groups");
	/* a group's line marks its rows, Enter folds it */
	playapp_keys(&p, "j j Space k Enter");
	playapp_expect(&p, "group_marked");
	playapp_keys(&p, "-");
	playapp_expect(&p, "folded");
	playapp_keys(&p, "- * * y Enter");
	playapp_keys(&p, lang == TR_ZH ? "w =zzzr Enter" :
		"w =Term Enter");
	playapp_expect(&p, "compare");
	playapp_keys(&p, "> =2026-06-01 Enter");
	playapp_expect(&p, "condition");
	playapp_keys(&p, "w");
	playapp_expect(&p, "conditions");
	playapp_keys(&p, lang == TR_ZH ? "s =下半年以后 Enter v" :
		"s =later Enter v");
	playapp_expect(&p, "own_filter");
	playapp_keys(&p, "*");
	playapp_keys(&p, "c");
	playapp_expect(&p, "columns");
	/* the second is left out, the last that is shown goes left */
	playapp_keys(&p, "j Space G Space k Enter");
	playapp_expect(&p, "own_columns");
	playapp_stop(&p);
}

static void
test_own_look_zh(void **state)
{
	(void)state;
	own_look(TR_ZH);
}

static void
test_own_look_en(void **state)
{
	(void)state;
	own_look(TR_EN);
}

/* Typed conditions, in the words of the forms; what is not understood is said
 * and changes nothing. */
static void
test_conditions_are_typed(void **state)
{
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "list");
	add_subjects(&p);
	playapp_keys(&p, "c w Up Enter");
	playapp_keys(&p, "=所在村居=东村|白塔社区 Enter");
	assert_true(screen_has(&p.canvas, "社区矫正对象  3/7"));
	assert_true(screen_has(&p.canvas, "条件：所在村居=东村|白塔社区"));
	playapp_keys(&p, "w t ^U =状态=在矫 Enter");
	assert_true(screen_has(&p.canvas, "条件：状态=在矫"));
	playapp_keys(&p, "w t ^U =没有的=1 Enter");
	assert_true(screen_has(&p.canvas, "没有“没有的”这个字段"));
	assert_true(screen_has(&p.canvas, "条件：状态=在矫"));
	playapp_keys(&p, "w t ^U =所在村居= Enter");
	assert_true(screen_has(&p.canvas, "社区矫正对象  1/7"));
	assert_true(screen_has(&p.canvas, "周四方"));
	/* the only condition goes */
	playapp_keys(&p, "w 1");
	assert_true(screen_has(&p.canvas, "社区矫正对象  7 "));
	playapp_stop(&p);
}

/* Order, groups, columns and filters are there again; the condition is not. */
static void
test_the_look_is_remembered(void **state)
{
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "list");
	add_subjects(&p);
	playapp_keys(&p, "c o 4 o 4");
	assert_true(screen_has(&p.canvas, "按终止日降序"));
	playapp_keys(&p, "y =zt Enter w =szcj Enter = Enter w s =我村 Enter");
	assert_true(screen_has(&p.canvas, "[我村]"));
	playapp_keys(&p, "q c");
	assert_true(screen_has(&p.canvas, "按终止日降序"));
	assert_true(screen_has(&p.canvas, "组，按状态"));
	assert_false(screen_has(&p.canvas, "[我村]"));
	playapp_keys(&p, "Shift-Tab");
	assert_true(screen_has(&p.canvas, "[我村]"));
	/* removed, it stays away */
	playapp_keys(&p, "w d 1");
	assert_false(screen_has(&p.canvas, "我村"));
	playapp_keys(&p, "q c Shift-Tab");
	assert_false(screen_has(&p.canvas, "我村"));
	playapp_stop(&p);
}

static void
test_a_range_is_marked(void **state)
{
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "list");
	add_subjects(&p);
	playapp_keys(&p, "c r");
	assert_true(screen_has(&p.canvas, "请先用空格标记一行"));
	playapp_keys(&p, "j Space j j r");
	assert_true(screen_has(&p.canvas, "已选 4"));
	/* upwards from there */
	playapp_keys(&p, "g r");
	assert_true(screen_has(&p.canvas, "已选 5"));
	playapp_keys(&p, "* *");
	assert_false(screen_has(&p.canvas, "已选"));
	playapp_stop(&p);
}

/* Width goes to what is cut, then between the columns, not all to one. */
static void
test_a_wide_window(void **state)
{
	static const enum tr_lang langs[] = { TR_ZH, TR_EN };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct playapp p;

		playapp_start(&p, langs[i], NOW_AT, "list");
		add_subjects(&p);
		canvas_resize(&p.canvas, 120, 24);
		playapp_keys(&p, "c");
		playapp_expect(&p, "wide");
		playapp_stop(&p);
	}
}

/* The find knows persons as the lookup does, and goes on within what it has. */
static void
test_find_in_a_list(void **state)
{
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "list");
	add_subjects(&p);
	playapp_keys(&p, "c f =z");
	assert_true(screen_has(&p.canvas, "社区矫正对象  3/7"));
	playapp_keys(&p, "=ym");
	assert_true(screen_has(&p.canvas, "社区矫正对象  1/7"));
	playapp_keys(&p, "^U =dong");
	assert_true(screen_has(&p.canvas, "社区矫正对象  2/7"));
	playapp_keys(&p, "Down");
	playapp_keys(&p, "Space =sun");
	assert_true(screen_has(&p.canvas, "社区矫正对象  1/7"));
	playapp_keys(&p, "Esc");
	assert_true(screen_has(&p.canvas, "社区矫正对象  7 "));
	playapp_stop(&p);
}

static void
add_cases(struct playapp *p)
{
	static const char *const cases[][2] = {
		{ "village=东村", "amount_claimed=1025050" },
		{ "village=白塔社区", "amount_claimed=200000" },
		{ "village=东村", "amount_claimed=99" },
		{ "village=东村", NULL } };

	for (size_t i = 0; i < 4; i++) {
		const char *values[] = { "accept_date=2026-02-01",
			"dispute_type=ht", "@state=open", cases[i][0],
			cases[i][1], NULL };

		(void)playoffice_add(&p->cli, "mediation_case", values);
	}
	app_look(&p->app);
}

/* The title adds up what is shown, each group's line its rows, and the line
 * above the keys what is marked. */
static void
sums(enum tr_lang lang)
{
	struct playapp p;

	playapp_start(&p, lang, NOW_AT, "list");
	add_cases(&p);
	playapp_keys(&p, lang == TR_ZH ? "m w =szcj Enter = =东村 Enter" :
		"m w =Village Enter = =东村 Enter");
	playapp_expect(&p, "sums");
	playapp_keys(&p, "w 1 y");
	playapp_keys(&p, lang == TR_ZH ? "=szcj Enter" : "=Village Enter");
	playapp_keys(&p, "g j j Space");
	playapp_expect(&p, "sums_marked");
	playapp_stop(&p);
}

static void
test_sums_zh(void **state)
{
	(void)state;
	sums(TR_ZH);
}

static void
test_sums_en(void **state)
{
	(void)state;
	sums(TR_EN);
}

/* A code in the table's order, a village by how many have it. */
static void
values(enum tr_lang lang)
{
	struct playapp p;

	playapp_start(&p, lang, NOW_AT, "list");
	add_subjects(&p);
	playapp_keys(&p, lang == TR_ZH ? "c w =szcj Enter =" :
		"c w =Village Enter =");
	playapp_expect(&p, "values");
	playapp_keys(&p, "^X w");
	playapp_keys(&p, lang == TR_ZH ? "=jzlb Enter =" :
		"=Category Enter =");
	playapp_expect(&p, "values_codes");
	playapp_stop(&p);
}

static void
test_values_are_counted(void **state)
{
	(void)state;
	values(TR_ZH);
	values(TR_EN);
}

static int64_t
traced(const struct playapp *p)
{
	uint8_t hash[AUDIT_HASH];
	struct err err = ERR_INIT;
	int64_t n = 0;

	assert_int_equal(audit_last(&n, hash, p->cli.store, &err), E_OK);
	return n;
}

/* What is marked, all its fields, for its owner alone; never over a file that
 * is there. */
static void
test_marked_rows_are_exported(void **state)
{
	struct playapp p;
	struct buf bytes;
	struct stat is;
	struct err err = ERR_INIT;
	char keys[600], *path;
	int64_t before;

	(void)state;
	playapp_start(&p, TR_EN, NOW_AT, "list");
	add_subjects(&p);
	playapp_keys(&p, "c G k Space Space E");
	playapp_expect(&p, "export");
	playapp_stop(&p);
	playapp_start(&p, TR_ZH, NOW_AT, "list");
	add_subjects(&p);
	path = io_join(p.cli.home, "out.csv");
	snprintf(keys, sizeof keys, "E ^U =%s Enter", path);
	playapp_keys(&p, "c G k Space Space E");
	playapp_expect(&p, "export");
	before = traced(&p);
	playapp_keys(&p, "^X");
	playapp_keys(&p, keys);
	assert_true(screen_has(&p.canvas, "已将 2 条导出到"));
	assert_int_equal(traced(&p), before + 1);
	buf_init(&bytes, BUF_RECORD_MAX);
	assert_int_equal(io_read(&bytes, path, &err), E_OK);
	assert_int_equal(stat(path, &is), 0);
	assert_int_equal(is.st_mode & 0777, 0600);
	assert_non_null(strstr(bytes.data, "人员编号"));
	assert_null(strstr(bytes.data, "张三"));
	assert_non_null(strstr(bytes.data, "周四方"));
	playapp_keys(&p, keys);
	assert_true(screen_has(&p.canvas, "已有同名文件"));
	assert_int_equal(traced(&p), before + 1);
	buf_release(&bytes);
	free(path);
	playapp_stop(&p);
}

/* All that is due for the marked rows at once. */
static void
test_reminders_of_marked_rows_are_put_aside(void **state)
{
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "list");
	add_subjects(&p);
	playapp_keys(&p, "c * p");
	assert_true(screen_has(&p.canvas, "暂缓"));
	playapp_keys(&p, "Enter");
	assert_true(screen_has(&p.canvas, "已暂缓"));
	playapp_stop(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_look_zh),
		cmocka_unit_test(test_own_look_en),
		cmocka_unit_test(test_conditions_are_typed),
		cmocka_unit_test(test_the_look_is_remembered),
		cmocka_unit_test(test_a_range_is_marked),
		cmocka_unit_test(test_a_wide_window),
		cmocka_unit_test(test_find_in_a_list),
		cmocka_unit_test(test_sums_zh),
		cmocka_unit_test(test_sums_en),
		cmocka_unit_test(test_values_are_counted),
		cmocka_unit_test(test_marked_rows_are_exported),
		cmocka_unit_test(test_reminders_of_marked_rows_are_put_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
