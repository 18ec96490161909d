/* base/date: the calendar, its text, and what people type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"

#define COUNT(table) (sizeof table / sizeof *table)

/* Every day of eleven centuries follows the one before. */
static void
test_every_day(void **state)
{
	int on = date_from_ymd(1600, 1, 1), weekday = 6;

	(void)state;
	for (int y = 1600; y < 2700; y++) {
		for (int m = 1; m <= 12; m++) {
			for (int d = 1; d <= date_days_in_month(y, m); d++, on++) {
				int yy = 0, mm = 0, dd = 0;
				assert_int_equal(date_from_ymd(y, m, d), on);
				date_to_ymd(on, &yy, &mm, &dd);
				assert_true(yy == y && mm == m && dd == d);
				assert_int_equal(date_weekday(on), weekday);
				weekday = weekday % 7 + 1;
			}
		}
	}
}

static void
test_known_days(void **state)
{
	static const struct {
		int y, m, d, on;
	} cases[] = {
		{ 1970, 1, 1, 0 }, { 1969, 12, 31, -1 }, { 2000, 2, 29, 11016 },
		{ 2026, 11, 22, 20779 }, { 1, 1, 1, -719162 },
		{ 9999, 12, 31, 2932896 }, { 2023, 2, 29, DATE_NONE },
		{ 1900, 2, 29, DATE_NONE }, { 2024, 13, 1, DATE_NONE },
		{ 2024, 0, 1, DATE_NONE }, { 2024, 4, 31, DATE_NONE },
		{ 2024, 4, 0, DATE_NONE }, { 0, 1, 1, DATE_NONE },
		{ 10000, 1, 1, DATE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(date_from_ymd(cases[i].y, cases[i].m,
			cases[i].d), cases[i].on);
}

static void
test_text(void **state)
{
	static const char *const bad[] = { "", "2024-3-15", "2024/03/15",
		"2024-02-30", "2024-03-15 ", "x024-03-15", "20240315",
		"2024-03-1x", "0000-01-01", "２０２４-03-15" };
	char out[DATE_TEXT_MAX];

	(void)state;
	date_print(out, date_parse("2024-03-05"));
	assert_string_equal(out, "2024-03-05");
	date_print(out, date_parse("0001-01-01"));
	assert_string_equal(out, "0001-01-01");
	date_print(out, DATE_NONE);
	assert_string_equal(out, "");
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(date_parse(bad[i]), DATE_NONE);
	assert_int_equal(date_parse(NULL), DATE_NONE);
}

static void
test_add_months(void **state)
{
	static const struct {
		const char *from;
		int months;
		const char *to;
	} cases[] = {
		{ "2024-01-31", 1, "2024-02-29" }, { "2023-01-31", 1, "2023-02-28" },
		{ "2024-03-15", 0, "2024-03-15" }, { "2024-11-30", 3, "2025-02-28" },
		{ "2024-03-31", -1, "2024-02-29" }, { "2024-01-01", -1, "2023-12-01" },
		{ "2024-12-31", 12, "2025-12-31" }, { "2024-02-29", 12, "2025-02-28" },
		{ "9999-12-01", 1, "" }, { "0001-01-01", -1, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char out[DATE_TEXT_MAX];
		date_print(out, date_add_months(date_parse(cases[i].from),
			cases[i].months));
		assert_string_equal(out, cases[i].to);
	}
	assert_int_equal(date_add_months(DATE_NONE, 1), DATE_NONE);
}

static void
test_typed(void **state)
{
	static const struct {
		const char *text;
		const char *date;	/* "" for none */
	} cases[] = {
		{ "20240315", "2024-03-15" }, { "240315", "2024-03-15" },
		{ "2024-3-15", "2024-03-15" }, { "2024.3.15", "2024-03-15" },
		{ "2024/3/15", "2024-03-15" }, { "2024-03-05", "2024-03-05" },
		{ "2024年3月15日", "2024-03-15" }, { "2024年3月15号", "2024-03-15" },
		{ "2024年3月15", "2024-03-15" }, { "24-3-15", "2024-03-15" },
		{ "24年3月15日", "2024-03-15" }, { " 2024 年 3 月 15 日 ", "2024-03-15" },
		{ "２０２４．３．１５", "2024-03-15" }, { "２０２４／３／１５", "2024-03-15" },
		{ "２０２４－０３－１５", "2024-03-15" }, { "2024—3—15", "2024-03-15" },
		{ "2024。3。15", "2024-03-15" }, { "２４０３１５", "2024-03-15" },
		{ "2024/3/15 0:00:00", "2024-03-15" },
		{ "2024-3-15 0:00:00", "2024-03-15" },
		{ "2024-03-15T09:11:05+08:00", "2024-03-15" },
		{ "2024-03-15T01:11:05.000Z", "2024-03-15" },
		{ "2024年3月15日 9:30", "2024-03-15" },
		{ "20240315 9：30", "2024-03-15" }, { "2024/3/15\r", "2024-03-15" },
		{ "3-15", "2026-03-15" }, { "3.15", "2026-03-15" },
		{ "3/15", "2026-03-15" }, { "3月15日", "2026-03-15" },
		{ "3月15", "2026-03-15" }, { "15", "2026-11-15" },
		{ "15日", "2026-11-15" }, { "15号", "2026-11-15" },
		{ "5", "2026-11-05" }, { "05", "2026-11-05" },
		{ ".", "2026-11-22" }, { "。", "2026-11-22" },
		{ "今天", "2026-11-22" }, { " 今天 ", "2026-11-22" },
		{ "昨天", "2026-11-21" }, { "前天", "2026-11-20" },
		{ "明天", "2026-11-23" }, { "后天", "2026-11-24" },
		{ "+7", "2026-11-29" }, { "-1", "2026-11-21" },
		{ "－１", "2026-11-21" }, { "＋３０", "2026-12-22" },
		{ "990101", "2099-01-01" },
		{ "0315", "2026-03-15" }, { "1231", "2026-12-31" },
		{ "０３０５", "2026-03-05" }, { "Today", "2026-11-22" },
		{ "+2w", "2026-12-06" }, { "-1周", "2026-11-15" },
		{ "+3m", "2027-02-22" }, { "+3月", "2027-02-22" },
		{ "-9m", "2026-02-22" }, { "+1y", "2027-11-22" },
		{ "+1年", "2027-11-22" }, { "+7天", "2026-11-29" },
		{ "＋１０天", "2026-12-02" },
		/* 22 November 2026 is a Sunday, the last day of its week */
		{ "mon", "2026-11-16" }, { "Sunday", "2026-11-22" },
		{ "周一", "2026-11-16" }, { "星期日", "2026-11-22" },
		{ "周天", "2026-11-22" }, { "礼拜三", "2026-11-18" },
		{ "上周五", "2026-11-13" }, { "last fri", "2026-11-13" },
		{ "下周一", "2026-11-23" }, { "next mon", "2026-11-23" },
		{ "本周三", "2026-11-18" }, { "下个星期二", "2026-11-24" },

		{ "", "" }, { " ", "" }, { "abc", "" }, { "大概三月", "" },
		{ "1301", "" }, { "0230", "" }, { "0000", "" }, { "15天", "" },
		{ "+3x", "" }, { "+m", "" }, { "一", "" }, { "上周", "" },
		{ "周八", "" }, { "mond", "" }, { "last", "" }, { "+99999y", "" },
		{ "31", "" }, { "0", "" }, { "2024", "" }, { "2024-3", "" },
		{ "2024年3月", "" }, { "2-30", "" }, { "20240230", "" },
		{ "2024-3/15", "" }, { "2024年3-15", "" }, { "3月15年", "" },
		{ "2024-3-15x", "" }, { "2024-3-15-1", "" }, { "2024-3-15 x", "" },
		{ "2024-3-15 99:00", "" }, { "1 5", "" }, { "2024 3 15", "" },
		{ "+", "" }, { "-", "" }, { "+7x", "" }, { "+100000", "" },
		{ "+999999999999999999999", "" }, { "123", "" }, { "12345", "" },
		{ "1234567", "" }, { "202403150900", "" }, { "9:00", "" },
		{ "2024-13-1", "" }, { "..", "" }, { "2024-3-", "" }, { "-3-15", "" },
		{ "1990-01-01abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst", "" },
		{ "\xFF", "" }, { "45366", "" }, { "3月", "" }, { "月日", "" },
	};
	int today = date_parse("2026-11-22");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char out[DATE_TEXT_MAX];
		date_print(out, date_parse_typed(cases[i].text, today));
		if (strcmp(out, cases[i].date) != 0)
			fail_msg("\"%s\" is read as \"%s\"", cases[i].text, out);
	}
	assert_int_equal(date_parse_typed(NULL, today), DATE_NONE);
}

static void
test_serial(void **state)
{
	static const struct {
		const char *text;
		const char *date;
	} cases[] = {
		{ "25569", "1970-01-01" }, { "45366", "2024-03-15" },
		{ "20000", "1954-10-03" }, { "80000", "2119-01-11" },
		{ "19999", "" }, { "80001", "" }, { "4536", "" },
		{ "045366", "" }, { "4536x", "" }, { "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char out[DATE_TEXT_MAX];
		date_print(out, date_parse_serial(cases[i].text));
		assert_string_equal(out, cases[i].date);
	}
	assert_int_equal(date_parse_serial(NULL), DATE_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_known_days),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_add_months),
		cmocka_unit_test(test_typed),
		cmocka_unit_test(test_serial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
