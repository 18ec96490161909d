/* base/json: strict in, exact out, making and walking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/tr.h"

#define COUNT(table) (sizeof table / sizeof *table)

/* Parse and print again. */
static void
check_print(const char *text, const char *printed)
{
	struct err err = ERR_INIT;
	struct json *j = NULL;
	struct buf out;

	buf_init(&out, BUF_BATCH_MAX);
	if (json_parse(&j, text, strlen(text), BUF_RECORD_MAX, &err))
		fail_msg("%s: %s", text, err.msg);
	json_print(&out, j);
	assert_string_equal(out.data, printed);
	json_free(j);
	buf_release(&out);
}

static void
test_good(void **state)
{
	static const struct {
		const char *text;
		const char *printed;
	} cases[] = {
		{ "{}", "{}" }, { " [ ] \r\n", "[]" }, { "null", "null" },
		{ "true", "true" }, { "[true,false]", "[true,false]" },
		{ "0", "0" }, { "-0", "0" }, { "-12", "-12" },
		{ "999999999999999", "999999999999999" },
		{ "-999999999999999", "-999999999999999" },
		{ "123456789012340", "123456789012340" },
		{ "1.5", "1.5" }, { "0.1", "0.1" }, { "1.0", "1" },
		{ "0.0001", "0.0001" }, { "-12345678901.2345",
		"-12345678901.2345" },
		{ "\"\"", "\"\"" }, { "\"枫桥\"", "\"枫桥\"" },
		{ "\"\\u67ab\\u6865\"", "\"枫桥\"" },
		{ "\"\\ud83d\\ude00\"", "\"😀\"" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
		{ "\"\\u0001\\u007f\"", "\"\\u0001\\u007f\"" },
		{ "\"\xEF\xBF\xBD\"", "\"\xEF\xBF\xBD\"" },
		{ "{\"a\":{\"b\":[1,{\"a\":2}]},\"b\":\"\"}",
		  "{\"a\":{\"b\":[1,{\"a\":2}]},\"b\":\"\"}" },
		{ "{\"a\":1,\"A\":2,\"\":3}", "{\"a\":1,\"A\":2,\"\":3}" },
		{ "[{\"a\":1},{\"a\":1}]", "[{\"a\":1},{\"a\":1}]" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_print(cases[i].text, cases[i].printed);
}

static void
test_bad(void **state)
{
	static const struct {
		const char *text;
		const char *msg;
	} cases[] = {
		{ "", "line 1, column 1: the text ends too early" },
		{ " \n", "line 2, column 1: the text ends too early" },
		{ "{", "column 2: a name in quotes" },
		{ "[", "column 2: the text ends too early" },
		{ "[1", "column 3: the text ends too early" },
		{ "\"abc", "column 5: the text ends too early" },
		{ "[1,]", "column 4: a value was expected" },
		{ "{\"a\":1,}", "column 8: a name in quotes" },
		{ "{a:1}", "column 2: a name in quotes" },
		{ "{\"a\" 1}", "column 6: a colon" },
		{ "[1 2]", "column 4: a comma" },
		{ "[1}", "column 3: a comma" },
		{ "tru", "column 1: a value was expected" },
		{ "nul", "column 1: a value was expected" },
		{ "NaN", "column 1: a value was expected" },
		{ "-Infinity", "column 1: not a number" },
		{ "{} x", "column 4: something follows" },
		{ "{}{}", "column 3: something follows" },
		{ "\xEF\xBB\xBF{}", "column 1: a value was expected" },
		{ "\"\xFF\"", "column 2: not valid UTF-8" },
		{ "\"枫\xED\xA0\x80\"", "column 3: not valid UTF-8" },
		{ "\"\xC0\x80\"", "column 2: not valid UTF-8" },
		{ "\"a\tb\"", "column 3: a control character" },
		{ "\"\x1b[m\"", "column 2: a control character" },
		{ "\"\x7f\"", "column 2: a control character" },
		{ "\"a\\u0000b\"", "column 3: a text contains a NUL" },
		{ "\"\\ud83d\"", "column 2: half of a character" },
		{ "\"\\ud83dx\"", "column 2: half of a character" },
		{ "\"\\ud83d\\u0041\"", "column 2: half of a character" },
		{ "\"\\ude00\\ud83d\"", "column 2: half of a character" },
		{ "\"\\u12g4\"", "column 2: an escape is not complete" },
		{ "\"\\u12", "column 2: an escape is not complete" },
		{ "\"\\x\"", "column 2: an unknown escape" },
		{ "\"\\", "column 2: an unknown escape" },
		{ "{\"a\":1,\n \"枫\":2, \"a\":3}", "line 2, column 9: a name stands twice" },
		{ "{\"a\":1,\"\\u0061\":2}", "column 8: a name stands twice" },
		{ "{\"a\":{\"b\":1},\"a\":2}", "column 14: a name stands twice" },
		{ "01", "column 1: not a number" }, { "-", "column 1: not a number" },
		{ "1.", "column 1: not a number" }, { ".5", "column 1: a value" },
		{ "+1", "column 1: a value" }, { "1e5", "column 1: a number with" },
		{ "1E999", "column 1: a number with" },
		{ "1000000000000000", "column 1: a number of more than 15" },
		{ "1.000000000000001", "column 1: a number of more than 15" },
		{ "[0.00001]", "column 2: a number of more than 4 decimals" },
		{ "0x10", "column 2: something follows" },
		{ "'a'", "column 1: a value was expected" },
		{ "[1]/**/", "column 4: something follows" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		struct json *j = NULL;
		enum status s = json_parse(&j, cases[i].text,
			strlen(cases[i].text), BUF_RECORD_MAX, &err);
		if (s != E_INVALID || j || !strstr(err.msg, cases[i].msg))
			fail_msg("case %zu: status %d, \"%s\"", i, s, err.msg);
	}
}

static void
test_nul_byte(void **state)
{
	struct err err = ERR_INIT;
	struct json *j = NULL;

	(void)state;
	assert_int_equal(json_parse(&j, "{}\0", 3, 100, &err), E_INVALID);
	assert_int_equal(json_parse(&j, "\"\0\"", 3, 100, &err), E_INVALID);
	assert_int_equal(json_parse(&j, "{\0}", 3, 100, &err), E_INVALID);
	assert_null(j);
}

/* Any prefix of a document is refused and nothing is read behind it. */
static void
test_every_prefix(void **state)
{
	static const char text[] = "{\"a\":[1.5,\"\\ud83d\\ude00枫\",true,"
		"null,{\"b\":-3}],\"c\":\"x\\n\"}";

	(void)state;
	for (size_t len = 0; len < sizeof text - 1; len++) {
		struct err err = ERR_INIT;
		struct json *j = NULL;
		char *part = malloc(len ? len : 1);
		assert_non_null(part);
		memcpy(part, text, len);
		assert_int_equal(json_parse(&j, part, len, 1000, &err), E_INVALID);
		free(part);
	}
}

/* count times part with sep between, in brackets. */
static void
repeat(struct buf *out, const char *open, const char *fmt, int count,
	const char *close)
{
	buf_clear(out);
	buf_text(out, open);
	for (int i = 0; i < count; i++) {
		for (const char *p = fmt; *p; p++) {
			if (*p == '#')
				buf_printf(out, "%d", i);
			else
				buf_char(out, *p);
		}
		if (i + 1 < count)
			buf_char(out, ',');
	}
	buf_text(out, close);
}

static enum status
try(const struct buf *text, size_t max)
{
	struct err err = ERR_INIT;
	struct json *j = NULL;
	enum status s = json_parse(&j, text->data, text->len, max, &err);

	json_free(j);
	return s;
}

static void
test_limits(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, BUF_BATCH_MAX);
	repeat(&text, "{", "\"k#\":1", JSON_KEYS_MAX, "}");
	assert_int_equal(try(&text, BUF_BATCH_MAX), E_OK);
	assert_int_equal(try(&text, text.len), E_OK);
	assert_int_equal(try(&text, text.len - 1), E_INVALID);
	repeat(&text, "{", "\"k#\":1", JSON_KEYS_MAX + 1, "}");
	assert_int_equal(try(&text, BUF_BATCH_MAX), E_INVALID);
	repeat(&text, "[", "1", JSON_TOKENS_MAX - 1, "]");
	assert_int_equal(try(&text, BUF_BATCH_MAX), E_OK);
	repeat(&text, "[", "1", JSON_TOKENS_MAX, "]");
	assert_int_equal(try(&text, BUF_BATCH_MAX), E_INVALID);
	for (int depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		buf_clear(&text);
		for (int i = 0; i < depth; i++)
			buf_char(&text, '[');
		for (int i = 0; i < depth; i++)
			buf_char(&text, ']');
		assert_int_equal(try(&text, BUF_BATCH_MAX),
			depth > JSON_DEPTH_MAX ? E_INVALID : E_OK);
	}
	for (int len = JSON_NAME_MAX - 2; len <= JSON_NAME_MAX - 1; len++) {
		buf_clear(&text);
		buf_printf(&text, "{\"%0*d\":1}", len, 0);
		assert_int_equal(try(&text, BUF_BATCH_MAX),
			len > JSON_NAME_MAX - 2 ? E_INVALID : E_OK);
	}
	buf_release(&text);
}

static void
test_looking(void **state)
{
	static const char text[] = "{\"t\":\"x\",\"n\":12,\"f\":1.5,\"b\":true,"
		"\"z\":null,\"a\":[1,2,3],\"T\":\"upper\"}";
	struct err err = ERR_INIT;
	struct json *j = NULL;
	int64_t n = -1;

	(void)state;
	assert_int_equal(json_parse(&j, text, strlen(text), 1000, &err), E_OK);
	assert_string_equal(json_get_text(j, "t"), "x");
	assert_string_equal(json_get_text(j, "T"), "upper");
	assert_null(json_get_text(j, "n"));
	assert_null(json_get_text(j, "none"));
	assert_true(json_get_int(j, "n", &n) && n == 12);
	assert_false(json_get_int(j, "f", &n));
	assert_false(json_get_int(j, "t", &n));
	assert_true(n == 12);
	assert_true(json_is_true(json_get(j, "b")));
	assert_true(json_is_bool(json_get(j, "b")));
	assert_false(json_is_bool(json_get(j, "z")));
	assert_true(json_is_array(json_get(j, "a")));
	assert_int_equal(json_count(json_get(j, "a")), 3);
	assert_int_equal(json_count(j), 7);
	assert_string_equal(json_name(json_first(j)), "t");
	assert_null(json_name(json_first(json_get(j, "a"))));
	assert_null(json_get(json_get(j, "a"), "t"));
	json_free(j);
}

static void
test_absent(void **state)
{
	int64_t n = 5;

	(void)state;
	json_free(NULL);
	assert_null(json_get(NULL, "a"));
	assert_null(json_text(NULL));
	assert_null(json_get_text(NULL, "a"));
	assert_false(json_int(NULL, &n));
	assert_false(json_is_true(NULL) || json_is_bool(NULL)
		|| json_is_object(NULL) || json_is_array(NULL));
	assert_int_equal(json_count(NULL), 0);
	assert_null(json_first(NULL));
	assert_null(json_next(NULL));
	assert_null(json_name(NULL));
	assert_true(n == 5);
}

static void
test_making(void **state)
{
	struct json *j = json_object(), *list = json_array();
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	json_put_text(j, "name", "枫桥");
	json_put_text(j, "none", NULL);
	json_put_int(j, "at", 1772413865000);
	json_put_int(j, "at", 999999999999999);
	json_put_bool(j, "good", true);
	json_push(list, json_string("a"));
	json_push(list, json_number(-1));
	json_push(list, json_bool(false));
	json_push(list, json_object());
	json_put(j, "list", list);
	struct json *copy = json_copy(j);
	json_put_text(j, "name", "other");
	json_print(&out, copy);
	assert_string_equal(out.data, "{\"name\":\"枫桥\",\"at\":999999999999999,"
		"\"good\":true,\"list\":[\"a\",-1,false,{}]}");
	buf_clear(&out);
	json_print_pretty(&out, copy);
	assert_string_equal(out.data, "{\n  \"name\": \"枫桥\",\n"
		"  \"at\": 999999999999999,\n  \"good\": true,\n  \"list\": [\n"
		"    \"a\",\n    -1,\n    false,\n    {}\n  ]\n}");
	json_free(copy);
	json_free(j);
	buf_release(&out);
}

/* What is printed can always be parsed, also from bytes that are no UTF-8. */
static void
test_print_string(void **state)
{
	static const struct {
		const char *text;
		const char *printed;
	} cases[] = {
		{ "", "\"\"" }, { "a\"b\\c", "\"a\\\"b\\\\c\"" },
		{ "\n\r\t\b\f\x01\x1f\x7f", "\"\\n\\r\\t\\b\\f\\u0001\\u001f\\u007f\"" },
		{ "枫\xFF桥\xE6", "\"枫\xEF\xBF\xBD桥\xEF\xBF\xBD\"" },
		{ "\xED\xA0\x80\"", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\\\"\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out;
		buf_init(&out, BUF_LINE_MAX);
		json_print_string(&out, cases[i].text);
		assert_string_equal(out.data, cases[i].printed);
		assert_int_equal(try(&out, 1000), E_OK);
		buf_release(&out);
	}
}

/* What needs an escape, or is no UTF-8, at each place of a run that is looked at
 * eight bytes at a time. */
static void
test_each_place(void **state)
{
	static const struct {
		const char *bytes;
		const char *printed;
	} cases[] = {
		{ "\"", "\\\"" }, { "\\", "\\\\" }, { "\n", "\\n" },
		{ "\x1F", "\\u001f" }, { "\x7F", "\\u007f" }, { " ", " " },
		{ "!", "!" }, { "枫", "枫" }, { "\x80", "\xEF\xBF\xBD" },
		{ "\xE6\x9E", "\xEF\xBF\xBD\xEF\xBF\xBD" },
	};
	struct err err = ERR_INIT;
	struct buf text, out;

	(void)state;
	buf_init(&text, BUF_LINE_MAX);
	buf_init(&out, BUF_LINE_MAX);
	for (size_t i = 0; i < COUNT(cases) * 20; i++) {
		size_t at = i % 20, n = i / 20;
		struct json *j = NULL;

		buf_clear(&text);
		buf_clear(&out);
		for (size_t k = 0; k < 20; k++)
			buf_text(&text, k == at ? cases[n].bytes : "a");
		json_print_string(&out, text.data);
		assert_int_equal(out.len, 2 + 19 + strlen(cases[n].printed));
		assert_memory_equal(out.data + 1 + at, cases[n].printed,
			strlen(cases[n].printed));
		assert_int_equal(json_parse(&j, out.data, out.len,
			BUF_LINE_MAX, &err), E_OK);
		if ((unsigned char)cases[n].bytes[0] != 0x80 &&
		    strcmp(cases[n].bytes, "\xE6\x9E") != 0)
			assert_string_equal(json_text(j), text.data);
		json_free(j);
	}
	buf_release(&text);
	buf_release(&out);
}

/* What was read lies in one block, what is put into it does not, and a text of
 * many values does not fit: all of it is given back (SAN=1 looks). */
static void
test_trees_of_both(void **state)
{
	static const char small[] = "{\"a\":{\"b\":[1,\"x\\ny\"]},\"c\":\"d\"}";
	struct json *read = NULL, *other = NULL, *made = json_object();
	struct err err = ERR_INIT;
	struct buf many, out;

	(void)state;
	buf_init(&many, BUF_BATCH_MAX);
	buf_init(&out, BUF_BATCH_MAX);
	buf_char(&many, '[');
	for (int i = 0; i < 5000; i++)
		buf_printf(&many, "%s\"\\u67ab %d\"", i ? "," : "", i);
	buf_char(&many, ']');
	assert_int_equal(json_parse(&read, small, strlen(small), 100, &err),
		E_OK);
	assert_int_equal(json_parse(&other, many.data, many.len, many.len, &err),
		E_OK);
	assert_int_equal(json_count(other), 5000);
	json_put_text(read, "c", "e");
	json_put_int(json_get(read, "a"), "n", 7);
	json_put(read, "copy", json_copy(json_get(read, "a")));
	json_push(other, read);
	json_put(made, "all", other);
	json_print(&out, read);
	assert_string_equal(out.data, "{\"a\":{\"b\":[1,\"x\\ny\"],\"n\":7},"
		"\"c\":\"e\",\"copy\":{\"b\":[1,\"x\\ny\"],\"n\":7}}");
	json_free(made);
	/* cut short: half a tree, and a name that waits for its value */
	for (size_t i = 0; i < strlen(small); i++)
		assert_int_equal(json_parse(&read, small, i, 100, &err),
			E_INVALID);
	many.data[many.len - 1] = '}';
	assert_int_equal(json_parse(&read, many.data, many.len, many.len, &err),
		E_INVALID);
	buf_release(&many);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_nul_byte),
		cmocka_unit_test(test_every_prefix),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_looking),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_making),
		cmocka_unit_test(test_print_string),
		cmocka_unit_test(test_each_place),
		cmocka_unit_test(test_trees_of_both),
	};

	tr_set(TR_EN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
