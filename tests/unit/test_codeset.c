/* base/codeset: guessed, read and written; the place of a bad byte is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/codeset.h"
#include "base/tr.h"

#define COUNT(table) (sizeof table / sizeof *table)
#define BYTES(text) text, sizeof text - 1

static void
test_guess(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum codeset codeset;
	} cases[] = {
		{ BYTES(""), CODESET_UTF8 }, { BYTES("abc"), CODESET_UTF8 },
		{ BYTES("枫桥"), CODESET_UTF8 },
		{ BYTES("\xEF\xBB\xBF" "a"), CODESET_UTF8_BOM },
		{ BYTES("\xFF\xFE" "a\0"), CODESET_UTF16LE },
		{ BYTES("\xFE\xFF\0a"), CODESET_UTF16BE },
		{ BYTES("\xD5\xC5\xC8\xFD,1"), CODESET_GB18030 },
		{ BYTES("\x81\x39\xEE\x39"), CODESET_GB18030 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		enum codeset got = CODESET_UTF8;
		assert_int_equal(codeset_guess(&got, cases[i].bytes,
			cases[i].len, &err), E_OK);
		assert_int_equal(got, cases[i].codeset);
	}
}

static void
test_guess_none(void **state)
{
	static const struct {
		const char *bytes;
		const char *msg;
	} cases[] = {
		{ "ab\xFFz", "byte 3 " }, { "\xD5\xC5\xFF", "byte 3 " },
		{ "\xD5\xC5\xC8", "byte 3 " }, { "枫桥\xFF!", "byte 7 " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		enum codeset got = CODESET_UTF16BE;
		assert_int_equal(codeset_guess(&got, cases[i].bytes,
			strlen(cases[i].bytes), &err), E_INVALID);
		assert_non_null(strstr(err.msg, cases[i].msg));
		assert_int_equal(got, CODESET_UTF16BE);
	}
}

static void
test_both_ways(void **state)
{
	static const struct {
		enum codeset codeset;
		const char *bytes;
		size_t len;
		const char *text;
	} cases[] = {
		{ CODESET_UTF8, BYTES("枫 a"), "枫 a" },
		{ CODESET_UTF8_BOM, BYTES("\xEF\xBB\xBF枫"), "枫" },
		{ CODESET_GB18030, BYTES("\xD5\xC5\xC8\xFD,1\n"), "张三,1\n" },
		{ CODESET_GB18030, BYTES("\x81\x39\xEE\x39"), "㐀" },
		{ CODESET_GB18030, BYTES("\x94\x39\xFC\x36"), "😀" },
		{ CODESET_UTF16LE, BYTES("\xFF\xFE\x20\x5F" "a\0"), "张a" },
		{ CODESET_UTF16BE, BYTES("\xFE\xFF\x5F\x20\0a"), "张a" },
		{ CODESET_UTF16LE, BYTES("\xFF\xFE\x3D\xD8\x00\xDE"), "😀" },
		{ CODESET_GB18030, BYTES(""), "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		struct buf out;
		buf_init(&out, BUF_LINE_MAX);
		assert_int_equal(codeset_to_utf8(&out, cases[i].codeset,
			cases[i].bytes, cases[i].len, &err), E_OK);
		assert_string_equal(out.data, cases[i].text);
		buf_clear(&out);
		assert_int_equal(codeset_from_utf8(&out, cases[i].codeset,
			cases[i].text, strlen(cases[i].text), &err), E_OK);
		assert_int_equal(out.len, cases[i].len);
		assert_memory_equal(out.data, cases[i].bytes, cases[i].len);
		buf_release(&out);
	}
}

static void
test_bad_bytes(void **state)
{
	static const struct {
		enum codeset codeset;
		const char *bytes;
		size_t len;
		const char *msg;
	} cases[] = {
		{ CODESET_UTF8, BYTES("ab\xFF"), "byte 3 " },
		{ CODESET_UTF8_BOM, BYTES("\xEF\xBB\xBF\xFF"), "byte 4 " },
		{ CODESET_GB18030, BYTES("\xD5\xC5\xFF"), "byte 3 " },
		{ CODESET_GB18030, BYTES("\xD5"), "byte 1 " },
		{ CODESET_UTF16LE, BYTES("a\0b"), "byte 3 " },
		{ CODESET_UTF16LE, BYTES("\x3D\xD8"), "byte 1 " },
		{ CODESET_UTF16LE, BYTES("\xFF\xFE\x3D\xD8"), "byte 3 " },
		{ CODESET_UTF16BE, BYTES("\xDE\x00\0a"), "byte 1 " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		struct buf out;
		buf_init(&out, BUF_LINE_MAX);
		buf_text(&out, "kept");
		if (codeset_to_utf8(&out, cases[i].codeset, cases[i].bytes,
		    cases[i].len, &err) != E_INVALID)
			fail_msg("case %zu is read", i);
		assert_string_equal(out.data, "kept");
		assert_non_null(strstr(err.msg, cases[i].msg));
		buf_release(&out);
	}
}

static void
test_missing_characters(void **state)
{
	static const struct {
		enum codeset codeset;
		const char *text;
		const char *bytes;
		size_t len;
	} cases[] = {
		{ CODESET_UTF8, "a\xFF" "b", BYTES("a?b") },
		{ CODESET_GB18030, "张\xFF三\xFF", BYTES("\xD5\xC5?\xC8\xFD?") },
		{ CODESET_UTF16LE, "\xFF", BYTES("\xFF\xFE?\0") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		struct buf out;
		buf_init(&out, BUF_LINE_MAX);
		assert_int_equal(codeset_from_utf8(&out, cases[i].codeset,
			cases[i].text, strlen(cases[i].text), &err), E_OK);
		assert_int_equal(out.len, cases[i].len);
		assert_memory_equal(out.data, cases[i].bytes, cases[i].len);
		buf_release(&out);
	}
}

/* Longer than one step, with characters across every step's border. */
static void
test_long(void **state)
{
	struct err err = ERR_INIT;
	struct buf text, gb, back;

	(void)state;
	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&gb, BUF_RECORD_MAX);
	buf_init(&back, BUF_RECORD_MAX);
	buf_char(&text, 'x');
	for (int i = 0; i < 20000; i++)
		buf_text(&text, i % 7 ? "枫" : "㐀");
	assert_int_equal(codeset_from_utf8(&gb, CODESET_GB18030, text.data,
		text.len, &err), E_OK);
	assert_int_equal(codeset_to_utf8(&back, CODESET_GB18030, gb.data, gb.len,
		&err), E_OK);
	assert_string_equal(back.data, text.data);
	buf_release(&text);
	buf_release(&gb);
	buf_release(&back);
}

static void
test_too_large(void **state)
{
	static const enum codeset all[] = { CODESET_UTF8, CODESET_UTF8_BOM,
		CODESET_GB18030, CODESET_UTF16LE, CODESET_UTF16BE };

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct err err = ERR_INIT;
		struct buf wide, out;
		buf_init(&wide, 1000);
		buf_init(&out, 5);
		buf_text(&out, "ab");
		assert_int_equal(codeset_from_utf8(&wide, all[i], "张三李", 9,
			&err), E_OK);
		assert_int_equal(codeset_to_utf8(&out, all[i], wide.data,
			wide.len, &err), E_INVALID);
		assert_string_equal(out.data, "ab");
		assert_int_equal(codeset_from_utf8(&out, all[i], "张三李", 9,
			&err), E_INVALID);
		assert_string_equal(out.data, "ab");
		assert_false(out.full);
		buf_release(&wide);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guess),
		cmocka_unit_test(test_guess_none),
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_bad_bytes),
		cmocka_unit_test(test_missing_characters),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_too_large),
	};

	tr_set(TR_EN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
