/* ui/canvas: cells, clipping, halves of wide characters, what is printed. */
#include "ui/canvas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
expect(const struct canvas *c, const char *want)
{
	struct buf now;

	buf_init(&now, BUF_LINE_MAX);
	canvas_print(&now, c);
	assert_string_equal(now.data, want);
	buf_release(&now);
}

static void
test_text(void **state)
{
	static const struct {
		int col, cells;
		const char *text, *want;
		int used;
	} rows[] = {
		{ 0, 10, "abc", "abc\n", 3 },
		{ 2, 3, "abcdef", "  abc\n", 3 },
		{ 0, 5, "张三李", "张三\n", 4 },
		{ 7, 9, "张三", "       张\n", 2 },
		{ 9, 9, "张", "\n", 0 },
		{ 0, 9, "a\033[31m\x7f", "a?[31m?\n", 7 },
		{ 0, 9, "a\nb\tc", "a b c\n", 5 },
		{ 0, 9, "\xe2\x80\xae" "ab\xff", "?ab?\n", 4 },
		{ 0, 9, "\xcc\x81" "ae\xcc\x81x", "ae\xcc\x81x\n", 3 },
		{ 0, 9, "", "\n", 0 },
		{ -1, 9, "ab", "\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct canvas c;

		canvas_init(&c, 10, 1);
		assert_int_equal(canvas_text(&c, 0, rows[i].col, rows[i].cells,
		    ROLE_TEXT, rows[i].text), rows[i].used);
		expect(&c, rows[i].want);
		canvas_release(&c);
	}
}

static void
test_halves(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, 6, 1);
	(void)canvas_text(&c, 0, 0, 6, ROLE_TEXT, "张三李");
	(void)canvas_text(&c, 0, 1, 1, ROLE_TEXT, "x");
	expect(&c, " x三李\n");
	(void)canvas_text(&c, 0, 3, 2, ROLE_TEXT, "王");
	expect(&c, " x 王\n");
	canvas_release(&c);
}

static void
test_cut_and_field(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, 12, 2);
	assert_int_equal(canvas_text_cut(&c, 0, 0, 8, ROLE_TEXT,
	    "一二三四五"), 8);
	expect(&c, "一二三..\n\n");
	canvas_field(&c, 1, 2, 7, ROLE_INPUT, "张三");
	canvas_cursor(&c, 1, 40);
	assert_int_equal(c.cursor_col, 11);
	struct buf roles;
	buf_init(&roles, BUF_LINE_MAX);
	canvas_print_roles(&roles, &c);
	assert_string_equal(roles.data, "............\n..iiiiiii...\n");
	buf_release(&roles);
	canvas_release(&c);
}

static void
test_any_size(void **state)
{
	(void)state;
	for (int size = -1; size < 5; size++) {
		struct canvas c;
		struct canvas_area all = { -2, -2, 9, 9 };

		canvas_init(&c, size, 5 - size);
		canvas_fill(&c, &all, ROLE_TEXT, '#');
		for (int col = -2; col < 6; col++)
			(void)canvas_text(&c, col, col, 9, ROLE_TEXT, "张a");
		canvas_field(&c, 0, 0, 9, ROLE_TEXT, "王");
		canvas_release(&c);
	}
}

/* A popup stands apart from what it covers, also from half a character. */
static void
test_frame(void **state)
{
	struct canvas c;
	const struct canvas_area inside = { 0, 3, 3, 4 }, edge = { 0, 8, 3, 4 };

	(void)state;
	canvas_init(&c, 12, 3);
	for (int row = 0; row < 3; row++)
		(void)canvas_text(&c, row, 0, 12, ROLE_TEXT, "张三李四王五");
	canvas_frame(&c, &inside);
	expect(&c, "张 +--+ 王五\n张 |  | 王五\n张 +--+ 王五\n");
	canvas_frame(&c, &edge);
	expect(&c, "张 +--+ +--+\n张 |  | |  |\n张 +--+ +--+\n");
	canvas_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_halves),
		cmocka_unit_test(test_cut_and_field),
		cmocka_unit_test(test_any_size),
		cmocka_unit_test(test_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
