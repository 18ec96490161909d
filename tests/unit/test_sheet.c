/* Spreadsheets as text: charsets, separators, quotes, limits, formulas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/sheet.h"

static void
parse(struct sheet *s, const char *text)
{
	struct err err = ERR_INIT;

	assert_int_equal(sheet_parse(s, text, strlen(text), &err), E_OK);
}

static void
separators(void **state)
{
	static const struct {
		const char *text;
		char separator;
	} cases[] = {
		{ "姓名,性别\n张三,男\n", ',' },
		{ "姓名;性别\n张三;男\n", ';' },
		{ "姓名\t性别\n张三\t男\n", '\t' },
		{ "姓名|性别\n张三|男\n", '|' },
		/* a separator inside quotes does not count */
		{ "\"a,b,c\";性别\n\"d,e,f\";男\n", ';' },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sheet s = {0};

		parse(&s, cases[i].text);
		assert_int_equal(s.separator, cases[i].separator);
		assert_int_equal(s.count, 2);
		assert_int_equal(s.rows[1].count, 2);
		assert_string_equal(s.rows[1].cells[1], "男");
		sheet_release(&s);
	}
}

static void
quotes_and_lines(void **state)
{
	struct sheet s = {0};

	(void)state;
	parse(&s, "a,b\r\n\"外出务工\r\n春节返乡\",\"自称\"\"已搬家\"\"\"\r\n"
		"x, y \r\n\r\n'349818199812270677,'\r\nlast,row");
	assert_int_equal(s.count, 6);
	assert_string_equal(s.rows[1].cells[0], "外出务工\n春节返乡");
	assert_string_equal(s.rows[1].cells[1], "自称\"已搬家\"");
	assert_int_equal(s.rows[1].line, 2);
	assert_int_equal(s.rows[2].line, 3);	/* as WPS shows it */
	assert_string_equal(s.rows[2].cells[1], "y");
	assert_true(sheet_row_is_blank(&s.rows[3]));
	assert_string_equal(s.rows[4].cells[0], "349818199812270677");
	assert_string_equal(s.rows[4].cells[1], "'");
	assert_string_equal(sheet_cell(&s.rows[5], 1), "row");
	assert_string_equal(sheet_cell(&s.rows[5], 9), "");
	sheet_release(&s);
}

static void
charsets(void **state)
{
	/* 姓名,性别 in GB18030, and in UTF-8 behind a byte order mark */
	static const char gb[] = "\xD0\xD5\xC3\xFB,\xD0\xD4\xB1\xF0\n";
	static const char bom[] = "\xEF\xBB\xBF姓名,性别\n";
	struct sheet s = {0};

	(void)state;
	parse(&s, gb);
	assert_int_equal(s.codeset, CODESET_GB18030);
	assert_string_equal(s.rows[0].cells[1], "性别");
	sheet_release(&s);
	parse(&s, bom);
	assert_int_equal(s.codeset, CODESET_UTF8_BOM);
	assert_string_equal(s.rows[0].cells[0], "姓名");
	sheet_release(&s);
}

static void
totals(void **state)
{
	static const struct {
		const char *row;
		bool total;
	} cases[] = {
		{ "合计,480,,", true }, { ",合计,480", true },
		{ "总计：12,,", true }, { "小计,3,", true },
		{ "Total,3,", true }, { "合肥市,3,", false },
		{ "张三,合计,3", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sheet s = {0};

		parse(&s, cases[i].row);
		assert_int_equal(sheet_row_is_total(&s.rows[0]),
			cases[i].total);
		sheet_release(&s);
	}
}

static void
refused(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *says;
	} cases[] = {
		{ "a,b\nc,\"d\n", 9, "2" },		/* the line is named */
		{ "a,b\n\0c,d\n", 9, NULL },
		{ "\xFF\xFF\xFF\xFF", 4, NULL },
	};
	char *wide = malloc(SHEET_COLUMNS_MAX + 10);
	struct sheet s = {0};
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(sheet_parse(&s, cases[i].text, cases[i].len,
			&err), E_INVALID);
		assert_null(s.rows);
		if (cases[i].says)
			assert_non_null(strstr(err.msg, cases[i].says));
	}
	memset(wide, ',', SHEET_COLUMNS_MAX + 9);
	assert_int_equal(sheet_parse(&s, wide, SHEET_COLUMNS_MAX + 9, &err),
		E_INVALID);
	assert_null(s.rows);
	free(wide);
}

static void
formulas_are_text(void **state)
{
	const char *const cells[] = { "=1+1", "＝SUM(A1)", "-3", "@x", "张\"三",
		"a,b", "" };
	struct sheet s = {0};
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	sheet_print_row(&out, cells, 7);
	assert_string_equal(out.data, "\"'=1+1\",\"'＝SUM(A1)\",\"'-3\","
		"\"'@x\",\"张\"\"三\",\"a,b\",\"\"\r\n");
	/* and comes back as it was */
	parse(&s, out.data);
	for (size_t i = 0; i < 7; i++)
		assert_string_equal(s.rows[0].cells[i], cells[i]);
	sheet_release(&s);
	buf_release(&out);
}

/* T4: as CWE-1236 and its readers' makers name them. */
static void
no_cell_begins_a_formula(void **state)
{
	static const char *const starts[] = { "=", "+", "-", "@", "\t", "\r",
		"\n", "＝", "＋", "－", "＠" };

	(void)state;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		char cell[16];
		const char *const cells[] = { cell };
		struct buf out;

		snprintf(cell, sizeof cell, "%s1+1", starts[i]);
		buf_init(&out, BUF_LINE_MAX);
		sheet_print_row(&out, cells, 1);
		if (strncmp(out.data, "\"'", 2) != 0)
			fail_msg("start %zu: %s", i, out.data);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(separators),
		cmocka_unit_test(quotes_and_lines),
		cmocka_unit_test(charsets),
		cmocka_unit_test(totals),
		cmocka_unit_test(refused),
		cmocka_unit_test(formulas_are_text),
		cmocka_unit_test(no_cell_begins_a_formula),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
