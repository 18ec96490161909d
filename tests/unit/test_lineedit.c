/*
 * ui/lineedit against a plain model: a list of clusters (a base and its marks)
 * and a position in it.  Random sessions, seed fixed and printed on failure.
 */
#include "ui/lineedit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "kit/screen.h"

enum { MODEL_MAX = 40 };

struct model {
	char cells[MODEL_MAX + 1][64];	/* one cluster each, UTF-8 */
	size_t count, pos;
	size_t chars;
};

static uint64_t seed;

static unsigned
next_random(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

static void
press_edit(void *self, const struct press *p)
{
	(void)lineedit_press(self, p);
}

/* "!" stands for the form's key that brings the first text back. */
static void
press_or_restore(void *self, const struct press *p)
{
	if (p->code == '!')
		(void)lineedit_restore(self);
	else
		(void)lineedit_press(self, p);
}

static void
press_and_paint(void *self, const struct press *p)
{
	int row, col;

	(void)lineedit_press(self, p);
	lineedit_cursor(self, &row, &col);
}

static void
expect_text(const struct lineedit *e, const char *want)
{
	struct buf now;

	buf_init(&now, BUF_LINE_MAX);
	lineedit_get(&now, e);
	assert_string_equal(now.data, want);
	buf_release(&now);
}

static void
model_insert(struct model *m, uint32_t c)
{
	char bytes[5] = "";

	if (m->chars >= MODEL_MAX)
		return;
	bytes[utf8_put(bytes, c)] = '\0';
	m->chars++;
	if (utf8_char_cells(c) == 0 && m->pos > 0) {
		strncat(m->cells[m->pos - 1], bytes, 10);
		return;
	}
	memmove(m->cells[m->pos + 1], m->cells[m->pos],
	    (m->count - m->pos) * sizeof m->cells[0]);
	memset(m->cells[m->pos], 0, sizeof m->cells[0]);
	memcpy(m->cells[m->pos], bytes, sizeof bytes);
	m->count++;
	m->pos++;
}

static void
model_erase(struct model *m, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		m->chars -= utf8_chars(m->cells[i], strlen(m->cells[i]));
	memmove(m->cells[from], m->cells[to],
	    (m->count - to) * sizeof m->cells[0]);
	m->count -= to - from;
	m->pos = from;
}

static void
model_press(struct model *m, int code)
{
	switch (code) {
	case PRESS_LEFT:
		m->pos -= m->pos > 0;
		break;
	case PRESS_RIGHT:
		m->pos += m->pos < m->count;
		break;
	case PRESS_HOME:
	case PRESS_CTRL + 'A':
		m->pos = 0;
		break;
	case PRESS_END:
	case PRESS_CTRL + 'E':
		m->pos = m->count;
		break;
	case PRESS_BACKSPACE:
		if (m->pos > 0)
			model_erase(m, m->pos - 1, m->pos);
		break;
	case PRESS_DELETE:
	case PRESS_CTRL + 'D':
		if (m->pos < m->count)
			model_erase(m, m->pos, m->pos + 1);
		break;
	case PRESS_CTRL + 'K':
		model_erase(m, m->pos, m->count);
		break;
	case PRESS_CTRL + 'U':
		model_erase(m, 0, m->count);
		break;
	default:
		model_insert(m, (uint32_t)code);
		break;
	}
}

static void
compare(struct lineedit *e, const struct model *m)
{
	char want[sizeof m->cells] = "";
	size_t before = 0;
	int row, col;

	for (size_t i = 0; i < m->count; i++) {
		if (i < m->pos)
			before += utf8_chars(m->cells[i], strlen(m->cells[i]));
		strncat(want, m->cells[i], sizeof want - strlen(want) - 1);
	}
	expect_text(e, want);
	assert_int_equal(e->pos, before);
	lineedit_cursor(e, &row, &col);
	assert_int_equal(row, 0);
	assert_in_range(col, 0, e->cols - 1);
}

static void
test_against_model(void **state)
{
	static const uint32_t chars[] = { 'a', 'B', ' ', 0x5F20, 0x4E09,
		0xFF08, 0x301, 0x20000, 0xE9, '.' };
	static const int keys[] = { PRESS_LEFT, PRESS_RIGHT, PRESS_LEFT,
		PRESS_HOME, PRESS_END, PRESS_BACKSPACE, PRESS_DELETE,
		PRESS_CTRL + 'A', PRESS_CTRL + 'E', PRESS_CTRL + 'D',
		PRESS_LEFT, PRESS_BACKSPACE, PRESS_CTRL + 'K',
		PRESS_CTRL + 'U' };

	(void)state;
	for (unsigned session = 0; session < 3000; session++) {
		struct model m = {0};
		struct lineedit e;

		seed = session + 1;
		lineedit_init(&e, 1, 1 + (int)next_random(20), MODEL_MAX);
		for (int i = 0; i < 60; i++) {
			struct press p = {0};

			p.code = next_random(3)
			    ? (int)chars[next_random(sizeof chars
			    / sizeof *chars)]
			    : keys[next_random(sizeof keys / sizeof *keys)];
			/* A lone mark at the start is another world. */
			if (p.code == 0x301 && m.pos == 0)
				continue;
			(void)lineedit_press(&e, &p);
			model_press(&m, p.code);
			compare(&e, &m);
		}
		lineedit_release(&e);
	}
}

/* Any keys, any size, several rows: the invariants hold, and the cursor is
 * where it is painted. */
static void
test_several_rows(void **state)
{
	static const uint32_t chars[] = { 'a', ' ', '\n', 0x5F20, 0x3002,
		0x301, 0x20000, 0x202E, ',', 0x7 };

	(void)state;
	for (unsigned session = 0; session < 1000; session++) {
		int rows, cols;
		struct lineedit e;
		struct canvas c;

		seed = session + 77;
		rows = 2 + (int)next_random(4);
		cols = 1 + (int)next_random(12);
		lineedit_init(&e, rows, cols, 50);
		canvas_init(&c, cols + 2, rows + 2);
		for (int i = 0; i < 80; i++) {
			uint32_t ch = chars[next_random(10)];
			struct press p = { .code = (int)ch };

			if (next_random(3) == 0)
				p.code = PRESS_UP + (int)next_random(21);
			if (p.code == '\n')
				lineedit_newline(&e);
			else if (p.code != PRESS_PASTE)
				(void)lineedit_press(&e, &p);
			assert_in_range(e.len, 0, 50);
			assert_in_range(e.pos, 0, e.len);
			if (e.pos > 0 && e.pos < e.len)
				assert_int_not_equal(utf8_char_cells(
				    e.text[e.pos]), 0);
			lineedit_paint(&e, &c, 1, 1, ROLE_INPUT, true);
			assert_in_range(c.cursor_row, 1, rows);
			assert_in_range(c.cursor_col, 1, cols);
		}
		canvas_release(&c);
		lineedit_release(&e);
	}
}

static void
test_words_and_undo(void **state)
{
	static const struct {
		const char *keys, *want;
	} rows[] = {
		{ "=abc", "abc" },
		{ "=abc ^Z", "" },
		{ "=abc Home =x ^Z", "abc" },
		{ "=abc Home =x ^Z ^_", "" },
		{ "=ab ^U ^Z", "ab" },
		{ "=张三 Space =ab12 ^W", "张三 " },
		{ "=张三 Space =ab12 ^W ^W", "" },
		{ "=村民委员会 ^W ^Z", "村民委员会" },
		{ "=ab Home Ins =张", "张b" },
		{ "=ab Ctrl-Left =x", "xab" },
		{ "=ab Home Ctrl-Right =x", "abx" },
		{ "=ab Space =cd ^B =x", "ab xcd" },
		{ "=ab Space =cd ^B ^B =x", "xab cd" },
		{ "=ab Space =cd Home ^V =x", "ab xcd" },
		{ "=张三，李四 ^B =x", "张三，x李四" },
		{ "=张三，李四 Home ^V =x", "张三x，李四" },
		{ "=电话138 ^B =x", "电话x138" },
		{ "=一二 Left ^K", "一" },
		{ "+a/b", "a b" },
		{ "=12345678901234567890X", "12345678901234567890" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct lineedit e;

		lineedit_init(&e, 1, 20, 20);
		screen_keys(rows[i].keys, press_edit, &e);
		expect_text(&e, rows[i].want);
		lineedit_release(&e);
	}
}

/* A text that was there: marked as a whole, or mended. */
static void
test_mark_and_restore(void **state)
{
	static const struct {
		const char *keys, *want;
	} rows[] = {
		{ "", "青石" },
		{ "=甲", "甲" },
		{ "=甲乙", "甲乙" },
		{ "=甲乙 ^Z", "青石" },
		{ "=甲乙 ^Z =丙", "青石丙" },
		{ "Space", " " },
		{ "Left =甲", "青甲石" },
		{ "Right =甲", "青石甲" },
		{ "Home =甲", "甲青石" },
		{ "End =甲", "青石甲" },
		{ "^A =甲", "甲青石" },
		{ "^E =甲", "青石甲" },
		{ "^B =甲", "甲青石" },
		{ "Ins =甲", "青石甲" },
		{ "Backspace", "" },
		{ "Del", "" },
		{ "^D", "" },
		{ "Backspace ^Z", "青石" },
		{ "End Backspace", "青" },
		{ "^W", "" },
		{ "^U ^Z", "青石" },
		{ "+甲/乙", "甲 乙" },
		{ "+甲 ^Z", "青石" },
		/* back to what it was, and back from there */
		{ "=甲 !", "青石" },
		{ "=甲 ! ^Z", "甲" },
		{ "! =甲", "青石甲" },
		{ "End =甲 Left Left Del !", "青石" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct lineedit e;

		lineedit_init(&e, 1, 20, 20);
		(void)lineedit_set(&e, "青石");
		lineedit_mark(&e);
		screen_keys(rows[i].keys, press_or_restore, &e);
		expect_text(&e, rows[i].want);
		lineedit_release(&e);
	}
}

/* It is seen: reversed until a key ends it, nothing but the text. */
static void
test_mark_is_seen(void **state)
{
	struct press end = { .code = PRESS_END };
	struct lineedit e;
	struct canvas c;

	(void)state;
	canvas_init(&c, 10, 1);
	lineedit_init(&e, 1, 8, 20);
	(void)lineedit_set(&e, "青石");
	lineedit_mark(&e);
	lineedit_paint(&e, &c, 0, 0, ROLE_INPUT_NOW, true);
	assert_int_equal(c.cells[0].role, ROLE_MARK);
	assert_int_equal(c.cells[2].role, ROLE_MARK);
	assert_int_equal(c.cells[4].role, ROLE_INPUT_NOW);
	assert_int_equal(c.cursor_col, 4);
	(void)lineedit_press(&e, &end);
	lineedit_paint(&e, &c, 0, 0, ROLE_INPUT_NOW, true);
	assert_int_equal(c.cells[0].role, ROLE_INPUT_NOW);
	(void)lineedit_set(&e, "");
	lineedit_mark(&e);
	assert_false(e.marked);
	lineedit_release(&e);
	canvas_release(&c);
}

/* A mark takes no more room than there is, and a lone combining mark does not
 * end a text. */
static void
test_mark_when_full(void **state)
{
	struct press hanzi = { .code = 0x5F20 }, mark = { .code = 0x301 };
	struct lineedit e;

	(void)state;
	lineedit_init(&e, 1, 8, 2);
	(void)lineedit_set(&e, "青石");
	lineedit_mark(&e);
	assert_int_equal(lineedit_press(&e, &hanzi), LINEEDIT_CHANGED);
	expect_text(&e, "张");
	(void)lineedit_set(&e, "青");
	lineedit_mark(&e);
	assert_int_equal(lineedit_press(&e, &mark), LINEEDIT_CHANGED);
	assert_int_equal(e.len, 2);
	lineedit_release(&e);
}

/* Ten lines in three rows: pages keep the column, and stop at the border,
 * where the key is somebody else's. */
static void
test_pages(void **state)
{
	static const struct {
		const char *keys;
		size_t pos;
		bool before, after;
	} rows[] = {
		{ "^A", 0, false, true },
		{ "^A PgDn", 9, true, true },
		{ "^A Right PgDn PgDn", 19, true, true },
		{ "^A PgDn PgDn PgDn", 27, true, false },
		{ "^A PgDn PgDn PgDn PgDn", 27, true, false },
		{ "PgUp", 20, true, true },
		{ "PgUp PgUp PgUp", 2, false, true },
		{ "PgUp PgUp PgUp PgUp", 2, false, true },
		{ "^A Down End", 5, false, true },
		{ "Up Home", 24, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct press down = { .code = PRESS_PGDN };
		struct lineedit e;
		struct canvas c;
		bool before, after;

		canvas_init(&c, 20, 3);
		lineedit_init(&e, 3, 20, 100);
		(void)lineedit_set(&e, "a0\na1\na2\na3\na4\na5\na6\na7\na8\na9");
		lineedit_paint(&e, &c, 0, 0, ROLE_INPUT, true);
		screen_keys(rows[i].keys, press_and_paint, &e);
		assert_int_equal(e.pos, rows[i].pos);
		lineedit_hidden(&e, &before, &after);
		assert_int_equal(before, rows[i].before);
		assert_int_equal(after, rows[i].after);
		(void)lineedit_set(&e, "a\nb");
		assert_int_equal(lineedit_press(&e, &down), LINEEDIT_IGNORED);
		lineedit_release(&e);
		canvas_release(&c);
	}
}

/* One row goes sideways: what is left out on both sides is known. */
static void
test_sideways(void **state)
{
	static const struct {
		const char *keys;
		bool before, after;
	} rows[] = {
		{ "=12345678", false, false },
		{ "=123456789012", true, false },
		{ "=123456789012 ^A", false, true },
		{ "=1234567890123456789012345 ^A Right Right Right Right Right "
		    "Right Right Right Right Right", true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct lineedit e;
		bool before, after;

		lineedit_init(&e, 1, 10, 100);
		screen_keys(rows[i].keys, press_and_paint, &e);
		lineedit_hidden(&e, &before, &after);
		assert_int_equal(before, rows[i].before);
		assert_int_equal(after, rows[i].after);
		lineedit_release(&e);
	}
}

static void
test_refuses(void **state)
{
	struct press bad = { .code = 0x202E };
	struct press paste = { .code = PRESS_PASTE,
		.text = "a\r\n\033[31mb", .len = 9 };
	struct lineedit e;

	(void)state;
	lineedit_init(&e, 3, 20, 100);
	assert_int_equal(lineedit_press(&e, &bad), LINEEDIT_REFUSED);
	assert_int_equal(lineedit_press(&e, &paste), LINEEDIT_REFUSED);
	expect_text(&e, "a\n[31mb");
	assert_int_equal(lineedit_set(&e, "x\x07y"), 1);
	expect_text(&e, "xy");
	lineedit_release(&e);
}

static void
test_mask_and_wrap(void **state)
{
	struct lineedit e;
	struct canvas c;

	(void)state;
	canvas_init(&c, 10, 3);
	lineedit_init(&e, 1, 8, 20);
	e.mask = true;
	(void)lineedit_set(&e, "张a1");
	lineedit_paint(&e, &c, 0, 0, ROLE_INPUT, true);
	assert_true(screen_has(&c, "***\n"));
	assert_int_equal(c.cursor_col, 3);
	lineedit_release(&e);
	canvas_clear(&c);
	lineedit_init(&e, 3, 6, 50);
	(void)lineedit_set(&e, "甲乙丙，丁 ab");
	lineedit_paint(&e, &c, 0, 0, ROLE_INPUT, true);
	/* No line begins with the comma. */
	assert_true(screen_has(&c, "甲乙\n丙，丁\n ab\n"));
	assert_int_equal(lineedit_lines(&e), 3);
	/* nor ends with what opens a quotation */
	(void)lineedit_set(&e, "甲乙“丁”戊（己）");
	e.pos = 0;
	canvas_clear(&c);
	lineedit_paint(&e, &c, 0, 0, ROLE_INPUT, true);
	assert_true(screen_has(&c, "甲乙\n“丁”戊\n（己）\n"));
	lineedit_release(&e);
	canvas_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_model),
		cmocka_unit_test(test_several_rows),
		cmocka_unit_test(test_words_and_undo),
		cmocka_unit_test(test_mark_and_restore),
		cmocka_unit_test(test_mark_is_seen),
		cmocka_unit_test(test_mark_when_full),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_sideways),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_mask_and_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
