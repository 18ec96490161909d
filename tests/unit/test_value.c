/* Values as people and spreadsheets write them, and as they are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/tr.h"
#include "core/value.h"

enum { TODAY = 20779 };		/* 2026-11-22 */

static char *aliases[] = { (char *)"公社,大队" };

static struct schema_code items[] = {
	{ .code = (char *)"01", .label = { (char *)"婚姻家庭纠纷",
	    (char *)"Family" }, .from_on = DATE_NONE, .until_on = DATE_NONE },
	{ .code = (char *)"02", .label = { (char *)"合同纠纷",
	    (char *)"Contract" }, .from_on = DATE_NONE,
	    .until_on = DATE_NONE },
	{ .code = (char *)"03", .label = { (char *)"合伙纠纷",
	    (char *)"Partners" }, .aliases = aliases, .alias_count = 1,
	    .from_on = DATE_NONE, .until_on = DATE_NONE },
};

static const struct schema_codes table = { .name = (char *)"dispute",
	.title = { (char *)"纠纷类别", (char *)"Dispute" }, .items = items,
	.count = 3 };

/* One field of each kind that behaves differently. */
enum { TEXT, SHORT, NOTE, DAY, PAST, TIME, INT, MONEY, BOOL, CODE, MULTI, REF,
	ID, PHONE, USCC, PAPER, FIELDS };
static const struct schema_field fields[FIELDS] = {
	[TEXT] = { .type = VT_TEXT },
	[SHORT] = { .type = VT_TEXT, .max_chars = 4, .min_chars = 2 },
	[NOTE] = { .type = VT_NOTE },
	[DAY] = { .type = VT_DATE },
	[PAST] = { .type = VT_DATE, .past = true },
	[TIME] = { .type = VT_DATETIME },
	[INT] = { .type = VT_INT },
	[MONEY] = { .type = VT_MONEY },
	[BOOL] = { .type = VT_BOOL },
	[CODE] = { .type = VT_CODE, .codes = &table },
	[MULTI] = { .type = VT_CODE, .codes = &table, .multi = true },
	[REF] = { .type = VT_REF },
	[ID] = { .type = VT_IDNO, .masked = true },
	[PHONE] = { .type = VT_PHONE, .masked = true },
	[USCC] = { .type = VT_USCC },
	[PAPER] = { .type = VT_NUMBER },
};

static const struct {
	int field;
	const char *typed, *stored;
} good[] = {
	/* prose keeps its punctuation */
	{ TEXT, " 红旗村　３组，东头（旧） ", "红旗村 3组，东头（旧）" },
	{ TEXT, "Ａ栋\t２号\x01", "A栋 2号" },
	{ TEXT, "\n　\n", "" },
	{ TEXT, "李　月", "李月" },
	{ TEXT, "邬 建", "邬建" },
	{ TEXT, "盗窃罪 诈骗罪", "盗窃罪 诈骗罪" },
	{ TEXT, "红旗 东村", "红旗 东村" },
	{ TEXT, "买买提•艾力", "买买提·艾力" },
	{ TEXT, "买买提.艾力", "买买提·艾力" },
	{ TEXT, "买买提・艾力", "买买提·艾力" },
	{ TEXT, "a.b", "a.b" },
	{ NOTE, "甲方：\r\n  欠款。\n", "甲方：\n  欠款。" },
	{ SHORT, "四个字呢", "四个字呢" },
	/* dates */
	{ DAY, "20260305", "2026-03-05" },
	{ DAY, "2026年3月5日", "2026-03-05" },
	{ DAY, "2026.3.5", "2026-03-05" },
	{ DAY, "3-5", "2026-03-05" },
	{ DAY, ".", "2026-11-22" },
	{ DAY, "-1", "2026-11-21" },
	{ DAY, "2099-01-01", "2099-01-01" },
	{ PAST, "今天", "2026-11-22" },
	{ TIME, "2026-3-5 9:30", "2026-03-05T09:30" },
	{ TIME, "20260305 0930", "2026-03-05T09:30" },
	{ TIME, "2026-03-05T09:30:59", "2026-03-05T09:30" },
	{ TIME, "3-5", "2026-03-05" },
	{ TIME, "9:30", "2026-11-22T09:30" },
	{ TIME, "0930", "2026-11-22T09:30" },
	{ TIME, "９：３０", "2026-11-22T09:30" },
	{ TIME, "9点30分", "2026-11-22T09:30" },
	{ TIME, "下午3点", "2026-11-22T15:00" },
	{ TIME, "上午9点半", "2026-11-22T09:30" },
	{ TIME, "3-5 下午3点半", "2026-03-05T15:30" },
	{ TIME, "凌晨2点30分", "2026-11-22T02:30" },
	{ TIME, "上午9点整", "2026-11-22T09:00" },
	{ TIME, "0305 0930", "2026-03-05T09:30" },
	{ TIME, "周一 14:00", "2026-11-16T14:00" },
	{ TIME, "明天 9:00", "2026-11-23T09:00" },
	{ TIME, "今天 8:05", "2026-11-22T08:05" },
	{ TIME, "today", "2026-11-22" },
	/* numbers */
	{ INT, "12", "12" },
	{ INT, "１,２００", "1200" },
	{ INT, "12.0", "12" },
	{ INT, "3人", "3" },
	{ INT, "007", "7" },
	{ MONEY, "2641.50", "264150" },
	{ MONEY, "2641.5", "264150" },
	{ MONEY, "23,852", "2385200" },
	{ MONEY, "￥2641.50", "264150" },
	{ MONEY, "¥ 2,641.50元", "264150" },
	{ MONEY, "8万元", "8000000" },
	{ MONEY, "1.5万", "1500000" },
	{ MONEY, "０．０１", "1" },
	{ MONEY, "0", "0" },
	{ MONEY, "人民币三", NULL },
	{ MONEY, "1.23456万元", "1234560" },
	{ MONEY, "9,999,999,999.99", "999999999999" },
	{ MONEY, "1亿元整", "10000000000" },
	/* choices */
	{ BOOL, "是", "1" }, { BOOL, "有", "1" }, { BOOL, "y", "1" },
	{ BOOL, "1", "1" }, { BOOL, "TRUE", "1" }, { BOOL, "√", "1" },
	{ BOOL, "否", "0" }, { BOOL, "无", "0" }, { BOOL, "Ｎ", "0" },
	{ BOOL, "0", "0" },
	{ CODE, "01", "01" },
	{ CODE, "合同纠纷", "02" },
	{ CODE, "合同", "02" },
	{ CODE, "contract", "02" },
	{ CODE, "婚", "01" },
	{ CODE, " 合 同 纠 纷 ", "02" },
	{ CODE, "公社,大队", "03" },
	{ MULTI, "01;合同", "01;02" },
	{ MULTI, "合同、婚姻家庭，合同", "02;01" },
	{ MULTI, "公社,大队", "03" },
	{ REF, "019ABCDE-0000-7000-8000-000000000001",
	    "019abcde-0000-7000-8000-000000000001" },
	/* numbers of persons and papers */
	{ ID, "'９９０１０１１８８８０１０１００３ｘ", "99010118880101003X" },
	{ ID, "990101880101001", "990101198801010012" },
	{ ID, "990101188801010012", "990101188801010012" },
	{ ID, "e 1234 5678", "E12345678" },
	{ PHONE, "+86 138 0013 8000", "13800138000" },
	{ USCC, "12990101mb00000016", "12990101MB00000016" },
	{ PAPER, "(2026) 青石人调字第 2 号", "（2026）青石人调字第2号" },
	{ PAPER, "（2026）青石人调字第2号", "（2026）青石人调字第2号" },
	{ PAPER, "ＡＢ-１２(3)", "AB-12(3)" },
};

static int
set_up(void **state)
{
	(void)state;
	tr_set(TR_EN);
	return 0;
}

static enum status
parse(struct buf *out, int field, const char *typed, bool sheet,
    struct err *err)
{
	buf_clear(out);
	return value_parse(out, &fields[field], typed, TODAY, sheet, err);
}

static void
typed_values_are_stored(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct err err = ERR_INIT;
		enum status s = parse(&out, good[i].field, good[i].typed,
		    false, &err);

		if (!good[i].stored) {
			assert_int_equal(s, E_INVALID);
			continue;
		}
		if (s || strcmp(out.data, good[i].stored) != 0)
			fail_msg("'%s' became '%s' (%s)", good[i].typed,
			    out.data, s ? err.msg : "");
	}
	buf_release(&out);
}

/* What was stored is typed again when a form is saved unchanged. */
static void
stored_values_survive_the_editor(void **state)
{
	struct buf edit;
	struct buf out;

	(void)state;
	buf_init(&edit, BUF_LINE_MAX);
	buf_init(&out, BUF_LINE_MAX);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct err err = ERR_INIT;

		if (!good[i].stored)
			continue;
		buf_clear(&edit);
		value_edit_text(&edit, &fields[good[i].field], good[i].stored);
		if (parse(&out, good[i].field, edit.data, false, &err) ||
		    strcmp(out.data, good[i].stored) != 0)
			fail_msg("'%s' became '%s' (%s)", edit.data, out.data,
			    err.msg);
	}
	buf_release(&edit);
	buf_release(&out);
}

static const struct {
	int field;
	const char *typed, *words;
} bad[] = {
	{ TEXT, "\xff\xfe", "UTF-8" },
	{ SHORT, "一", "at least 2" },
	{ SHORT, "一二三四五", "at most 4" },
	{ DAY, "2025-02-30", "no such day" },
	{ DAY, "20250230", "no such day" },
	{ DAY, "2025年2月30日", "no such day" },
	{ DAY, "2-30", "no such day" },
	{ DAY, "明年", "Not a date" },
	{ DAY, "46202", "Not a date" },		/* only from a spreadsheet */
	{ DAY, "1879-12-31", "1880" },
	{ PAST, "20261123", "after today" },
	{ PAST, "+1", "after today" },
	{ TIME, "3-5 25:00", "time of day" },
	{ TIME, "2-30 9:00", "no such day" },
	{ TIME, "yesterday noon", "Not a day and time" },
	{ TIME, "家中走访23:50", "Not a time of day" },
	{ TIME, "家中 23:50", "Not a day and time" },
	{ INT, "-1", "whole number" },
	{ INT, "1.5", "whole number" },
	{ INT, "三", "whole number" },
	{ INT, "9999999999", "whole number" },
	{ MONEY, "面议", "Not an amount" },
	{ MONEY, "-5", "Not an amount" },
	{ MONEY, "2,64", "Not an amount" },
	{ MONEY, "1.2.3", "Not an amount" },
	{ MONEY, "12美元", "Not an amount" },
	{ MONEY, "0.001", "two decimals" },
	{ MONEY, "10000000000", "ten billion" },
	{ MONEY, "99999999999999999999", "Not an amount" },
	{ BOOL, "也许", "yes or no" },
	{ CODE, "外星纠纷", "no such entry" },
	{ CODE, "合", "Several entries" },
	{ CODE, "0", "no such entry" },
	{ CODE, "01;02", "no such entry" },
	{ MULTI, "01;外星", "no such entry" },
	{ REF, "张三", "from the list" },
	{ ID, "123456789012345678901", "at most 20" },
	{ PHONE, "12", "telephone" },
	{ USCC, "12990101MB00000017", "check character" },
};

static void
wrong_values_say_why(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err err = ERR_INIT;

		buf_clear(&out);
		buf_text(&out, "kept");
		if (value_parse(&out, &fields[bad[i].field], bad[i].typed,
		    TODAY, false, &err) != E_INVALID)
			fail_msg("'%s' was taken", bad[i].typed);
		if (!strstr(err.msg, bad[i].words))
			fail_msg("'%s': %s", bad[i].typed, err.msg);
		assert_string_equal(out.data, "kept");
	}
	buf_release(&out);
}

static void
a_date_says_it_in_chinese(void **state)
{
	struct err err = ERR_INIT;
	struct buf out;

	(void)state;
	tr_set(TR_ZH);
	buf_init(&out, BUF_LINE_MAX);
	assert_int_equal(parse(&out, DAY, "2025-02-30", false, &err),
	    E_INVALID);
	assert_string_equal(err.msg, "没有这一天。");
	buf_release(&out);
	tr_set(TR_EN);
}

static void
spreadsheets_have_serials(void **state)
{
	struct err err = ERR_INIT;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	assert_int_equal(parse(&out, DAY, "46202", true, &err), E_OK);
	assert_string_equal(out.data, "2026-06-29");
	assert_int_equal(parse(&out, TIME, "2026-3-5 0:00:00", true, &err),
	    E_OK);
	assert_string_equal(out.data, "2026-03-05");
	assert_int_equal(parse(&out, TIME, "2026-3-5 0:00", false, &err),
	    E_OK);
	assert_string_equal(out.data, "2026-03-05T00:00");
	buf_release(&out);
}

static void
lengths_have_a_ceiling(void **state)
{
	struct err err = ERR_INIT;
	struct buf text;
	struct buf out;

	(void)state;
	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&out, BUF_RECORD_MAX);
	for (int i = 0; i < 100000; i++)
		buf_text(&text, "长");
	for (int f = 0; f < FIELDS; f++) {
		assert_int_equal(parse(&out, f, text.data, false, &err),
		    E_INVALID);
		assert_int_equal(out.len, 0);
	}
	buf_release(&text);
	buf_release(&out);
}

static const struct {
	int field;
	const char *stored, *shown, *edit;
} shows[] = {
	{ MONEY, "264150", "2,641.50", "2641.50" },
	{ MONEY, "1", "0.01", "0.01" },
	{ MONEY, "10", "0.10", "0.10" },
	{ MONEY, "123456789", "1,234,567.89", "1234567.89" },
	{ MONEY, "?", "?", "?" },
	{ BOOL, "1", "yes", "yes" },
	{ BOOL, "0", "no", "no" },
	{ CODE, "02", "Contract", "Contract" },
	{ CODE, "77", "77", "77" },
	{ MULTI, "01;77;02", "Family, 77, Contract", "Family;77;Contract" },
	{ TIME, "2026-03-05T09:11", "2026-03-05 09:11", "2026-03-05 09:11" },
	{ TIME, "2026-03-05", "2026-03-05", "2026-03-05" },
	{ REF, "019abcde-0000-7000-8000-000000000001", "",
	    "019abcde-0000-7000-8000-000000000001" },
	{ TEXT, "张三", "张三", "张三" },
	{ DAY, "", "", "" },
	{ MONEY, "", "", "" },
	{ BOOL, "", "", "" },
};

static void
values_are_shown(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	for (size_t i = 0; i < sizeof shows / sizeof *shows; i++) {
		const struct schema_field *f = &fields[shows[i].field];

		buf_clear(&out);
		value_show(&out, f, shows[i].stored, false);
		assert_string_equal(out.data, shows[i].shown);
		buf_clear(&out);
		value_edit_text(&out, f, shows[i].stored);
		assert_string_equal(out.data, shows[i].edit);
	}
	buf_clear(&out);
	value_show(&out, &fields[ID], "990101188801010013", true);
	assert_string_equal(out.data, "990101********0013");
	buf_clear(&out);
	value_show_beside(&out, &fields[ID], "990101188801010013",
	    "990101188802010013");
	assert_string_equal(out.data, "990101*****1**0013");
	buf_clear(&out);
	value_show_beside(&out, &fields[PHONE], "13800138000", "");
	assert_string_equal(out.data, "13800138000");
	buf_clear(&out);
	value_show(&out, &fields[PHONE], "13800138000;0551-1234567", true);
	assert_string_equal(out.data, "138****8000;055****4567");
	buf_clear(&out);
	value_show(&out, &fields[TEXT], "张三", true);
	assert_string_equal(out.data, "张三");
	tr_set(TR_ZH);
	buf_clear(&out);
	value_show(&out, &fields[MULTI], "01;02", false);
	assert_string_equal(out.data, "婚姻家庭纠纷、合同纠纷");
	buf_clear(&out);
	value_show(&out, &fields[BOOL], "1", false);
	assert_string_equal(out.data, "是");
	tr_set(TR_EN);
	buf_release(&out);
}

static void
columns_sort(void **state)
{
	(void)state;
	assert_true(value_compare(VT_INT, "9", "10") < 0);
	assert_true(value_compare(VT_MONEY, "100", "99") > 0);
	assert_true(value_compare(VT_TEXT, "9", "10") > 0);
	assert_true(value_compare(VT_DATE, "2026-01-01", "2026-01-02") < 0);
	assert_true(value_compare(VT_INT, "", "0") < 0);
	assert_int_equal(value_compare(VT_INT, "7", "7"), 0);
}

#define DAY "2026-11-22"

static void
new_records_begin(void **state)
{
	static const char *const pairs[][2] = { { "@today", DAY },
		{ "@now", "N" }, { "@me", "U" }, { "@office", "O" },
		{ "@year", "2026" }, { "@office_name", "" },
		{ "01", "01" } };
	struct schema_field f = { .type = VT_TEXT };
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	value_initial(&out, &f, DAY, "N", "U", "O");
	assert_string_equal(out.data, "");
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char initial[16];

		memcpy(initial, pairs[i][0], strlen(pairs[i][0]) + 1);
		f.initial = initial;
		buf_clear(&out);
		value_initial(&out, &f, DAY, "N", "U", "O");
		assert_string_equal(out.data, pairs[i][1]);
	}
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typed_values_are_stored),
		cmocka_unit_test(stored_values_survive_the_editor),
		cmocka_unit_test(wrong_values_say_why),
		cmocka_unit_test(a_date_says_it_in_chinese),
		cmocka_unit_test(spreadsheets_have_serials),
		cmocka_unit_test(lengths_have_a_ceiling),
		cmocka_unit_test(values_are_shown),
		cmocka_unit_test(columns_sort),
		cmocka_unit_test(new_records_begin),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
