/* base/utf8 and its widths: strict decoding, safe output, tidy input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "base/utf8.h"

static void
test_round_trip(void **state)
{
	(void)state;
	for (uint32_t c = 1; c <= 0x10FFFF; c++) {
		char text[4];
		size_t at = 0, n = utf8_put(text, c);
		uint32_t back = utf8_next(text, n, &at);
		bool surrogate = c >= 0xD800 && c <= 0xDFFF;
		if (at != n || back != (surrogate ? UTF8_BAD : c))
			fail_msg("U+%04X comes back as U+%04X", c, back);
	}
}

static void
test_bad_bytes(void **state)
{
	static const struct {
		const char *text;
		size_t valid;	/* where the first bad byte is */
		size_t chars;
	} cases[] = {
		{ "", 0, 0 }, { "a枫é😀", 10, 4 },
		{ "\x80", 0, 1 }, { "a\xFF" "b", 1, 3 },
		{ "\xC0\x80", 0, 2 }, { "\xC1\xBF", 0, 2 },
		{ "\xE0\x9F\xBF", 0, 3 }, { "\xED\xA0\x80", 0, 3 },
		{ "\xF0\x8F\xBF\xBF", 0, 4 }, { "\xF4\x90\x80\x80", 0, 4 },
		{ "\xF5\x80\x80\x80", 0, 4 }, { "x\xE6\x9E", 1, 3 },
		{ "\xE6" "a", 0, 2 }, { "\xEF\xBF\xBD", 3, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = strlen(cases[i].text);
		assert_int_equal(utf8_valid_len(cases[i].text, len),
			cases[i].valid);
		assert_int_equal(utf8_is_valid(cases[i].text, len),
			cases[i].valid == len);
		assert_int_equal(utf8_chars(cases[i].text, len), cases[i].chars);
	}
}

static bool
is_any(uint32_t c)
{
	(void)c;
	return false;
}

static bool
is_escaped(uint32_t c)
{
	return c < 0x20 || c == '"' || c == '\\' || c == 0x7F;
}

/* A character after the other, as utf8_next() tells them apart, until one is
 * bad or ends the run. */
static size_t
run_of(const char *text, size_t len, bool (*ends)(uint32_t c), int *chars)
{
	*chars = 0;
	for (size_t at = 0, start = 0; at < len; start = at, ++*chars) {
		uint32_t c = utf8_next(text, len, &at);

		if ((c == UTF8_BAD && at == start + 1) || ends(c))
			return start;
	}
	return len;
}

/* They look at eight bytes, or at two hanzi, at once: what ends a run stands at
 * each place of such a group, behind and before each kind of text. */
static void
test_runs(void **state)
{
	static const char *const pieces[] = { "", "a", "2026-11-", "枫", "桥镇",
		"。", "，", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xED\xA0\x80",
		"\xE0\x9F\xBF", "é", "😀", "\"", "\\", "\x1F", "\x7F", "\x80",
		"\xFF", "\xE6\x9E", "\xE6" "ab", "枫\xE6\x9E" "a", "\n" };
	enum { COUNT = sizeof pieces / sizeof *pieces, LEAD_MAX = 17 };
	char text[64];

	(void)state;
	for (size_t i = 0; i < (size_t)COUNT * COUNT * COUNT * LEAD_MAX; i++) {
		size_t lead = i % LEAD_MAX, which = i / LEAD_MAX, len;
		int chars = 0, safe = 0;

		len = (size_t)snprintf(text, sizeof text, "%.*s%s%s%s",
			(int)lead, "abcdefghijklmnopq", pieces[which % COUNT],
			pieces[which / COUNT % COUNT],
			pieces[which / COUNT / COUNT]);
		if (utf8_valid_len(text, len) !=
		    run_of(text, len, is_any, &chars) ||
		    utf8_literal_len(text, len) !=
		    run_of(text, len, is_escaped, &chars) ||
		    utf8_safe_len(text, len, &safe) !=
		    run_of(text, len, utf8_is_unsafe, &chars) || safe != chars)
			fail_msg("\"%s\": %zu, %zu, %d of %d", text,
				utf8_valid_len(text, len),
				utf8_literal_len(text, len), safe, chars);
	}
}

static void
test_cells(void **state)
{
	static const struct {
		uint32_t c;
		int cells;
	} cases[] = {
		{ 'a', 1 }, { 0x4E00, 2 }, { 0x9FFF, 2 }, { 0x3400, 2 },
		{ 0x20000, 2 }, { 0x3007, 2 }, { 0x3002, 2 }, { 0xFF21, 2 },
		{ 0x3000, 2 }, { 0x1F600, 2 }, { 0xAC00, 2 }, { 0x301, 0 },
		{ 0x20DD, 0 }, { 0x1160, 0 }, { 0xFE0F, 0 }, { 0x2500, 1 },
		{ 0x201C, 1 }, { 0xB7, 1 }, { 0xE000, 1 }, { 0x200B, 1 },
		{ 0x202E, 1 }, { 7, 1 }, { UTF8_BAD, 1 }, { 0x110000, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (utf8_char_cells(cases[i].c) != cases[i].cells)
			fail_msg("U+%04X takes %d cells", cases[i].c,
				utf8_char_cells(cases[i].c));
	assert_int_equal(utf8_cells("张三 a\xCC\x81\xFF"), 7);
}

static void
test_ambiguous(void **state)
{
	(void)state;
	utf8_set_ambiguous(2);
	assert_int_equal(utf8_char_cells(0x201C), 2);
	assert_int_equal(utf8_char_cells(0x2500), 2);
	assert_int_equal(utf8_char_cells(0x4E00), 2);
	assert_int_equal(utf8_char_cells('a'), 1);
	assert_int_equal(utf8_char_cells(0x301), 0);
	utf8_set_ambiguous(1);
	assert_int_equal(utf8_char_cells(0x201C), 1);
}

/* The C library's name is ours in this program, whatever the locale. */
static void
test_wcwidth_is_ours(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C");
	assert_int_equal(wcwidth(0x5F20), 2);
	assert_int_equal(wcwidth(0), 0);
	assert_int_equal(wcwidth(0x1B), -1);
	assert_int_equal(wcwidth(0x9B), -1);
	utf8_set_ambiguous(2);
	assert_int_equal(wcwidth(0x2026), 2);
	utf8_set_ambiguous(1);
	assert_int_equal(wcwidth(0x2026), 1);
}

static void
test_unsafe(void **state)
{
	static const uint32_t unsafe[] = { 0, 7, 0x1B, 0x7F, 0x80, 0x9B, 0xAD,
		0x61C, 0x200B, 0x200F, 0x2028, 0x202E, 0x2066, 0xFEFF, 0xD800,
		0xFDD0, 0xFFFE, 0xFFFD, 0xE0041, 0x1FFFF, 0x110000 };
	static const uint32_t safe[] = { ' ', '~', 0xA0, 0x301, 0x4E00, 0xE000,
		0x20000, 0x1F600, 0x2014, 0x3000 };

	(void)state;
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
		assert_true(utf8_is_unsafe(unsafe[i]));
	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
		assert_false(utf8_is_unsafe(safe[i]));
}

static void
test_clip(void **state)
{
	static const struct {
		const char *text;
		int cells;
		size_t len;
		int used;
	} cases[] = {
		{ "张三李", 4, 6, 4 }, { "张三李", 5, 6, 4 },
		{ "张三", 9, 6, 4 }, { "张", 1, 0, 0 }, { "", 3, 0, 0 },
		{ "e\xCC\x81x", 1, 3, 1 }, { "abc", 0, 0, 0 },
		{ "a\xFF\xFF", 2, 2, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int used = -1;
		assert_int_equal(utf8_clip(cases[i].text, cases[i].cells, &used),
			cases[i].len);
		assert_int_equal(used, cases[i].used);
	}
}

static void
test_safe(void **state)
{
	static const struct {
		const char *text;
		const char *safe;
	} cases[] = {
		{ "张三", "张三" }, { "", "" }, { "a\tb\nc", "a b c" },
		{ "\x1b[2Jx", "?[2Jx" }, { "a\xFF" "b", "a?b" },
		{ "\xC2\x9B" "1m", "?1m" }, { "a\xE2\x80\xAE" "b", "a?b" },
		{ "\xE6\x9E", "??" }, { "a\r", "a?" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out;
		buf_init(&out, BUF_LINE_MAX);
		utf8_safe(&out, cases[i].text);
		assert_string_equal(out.data, cases[i].safe);
		buf_release(&out);
	}
}

static void
test_safe_len(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		int chars;
	} cases[] = {
		{ "", 0, 0 }, { "ab，\xF0\xAA\x9A\xA5張", 12, 5 },
		{ "a\tb", 1, 1 }, { "好\n", 3, 1 }, { "\xEE\x80\x80x", 4, 2 },
		{ "好\xE6\x9E", 3, 1 }, { "a\xED\xA0\x80", 1, 1 },
		{ "a\xE2\x80\xAE" "b", 1, 1 }, { "\xE0\x80\x80", 0, 0 },
		{ "a\xEF\xBF\xBE", 1, 1 }, { "\xEF\xBB\xBF", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int chars = 3;

		assert_int_equal(utf8_safe_len(cases[i].text,
			strlen(cases[i].text), &chars), cases[i].len);
		assert_int_equal(chars, cases[i].chars + 3);
	}
}

static void
test_fold(void **state)
{
	static const struct {
		uint32_t c;
		uint32_t folded;
	} cases[] = {
		{ 'A', 'a' }, { 'z', 'z' }, { 0xFF21, 'a' }, { 0xFF11, '1' },
		{ 0xFF08, '(' }, { 0x3000, ' ' }, { 0x4E00, 0x4E00 },
		{ 0xC9, 0xC9 }, { 0xFF5F, 0xFF5F }, { '@', '@' }, { '[', '[' },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(utf8_fold(cases[i].c), cases[i].folded);
}

static void
test_tidy(void **state)
{
	static const struct {
		const char *text;
		bool multiline;
		const char *tidy;
	} cases[] = {
		{ "  张三　", false, "张三" }, { "", false, "" },
		{ "　 \t", false, "" }, { "１３８００１３８０００", false, "13800138000" },
		{ "９９０１０１Ｘ", false, "990101X" },
		{ "（2024）浙，好：？", false, "（2024）浙，好：？" },
		{ "a\xC2\xA0" "b", false, "a b" }, { "a\r\nb", false, "a b" },
		{ "a\r\nb\rc", true, "a\nb\nc" }, { "\na\n\n", true, "a" },
		{ "a\x01\x7f\xE2\x80\x8B" "b", false, "ab" },
		{ "\xEF\xBB\xBF" "x", false, "x" },
		{ "a\xFF", false, "a\xEF\xBF\xBD" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out;
		buf_init(&out, BUF_LINE_MAX);
		buf_text(&out, " =");
		utf8_tidy(&out, cases[i].text, cases[i].multiline);
		assert_string_equal(out.data + 2, cases[i].tidy);
		assert_memory_equal(out.data, " =", 2);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_bad_bytes),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_wcwidth_is_ours),
		cmocka_unit_test(test_unsafe),
		cmocka_unit_test(test_clip),
		cmocka_unit_test(test_safe),
		cmocka_unit_test(test_safe_len),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_tidy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
