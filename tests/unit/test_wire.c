/* core/wire: every line printed, parsed and printed again; what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "core/wire.h"

#define ID "01941f29-7c00-7000-8000-000000000001"

/* Lines as they stand on the wire; printed again they are the same bytes. */
static const char *const lines[] = {
	"{\"t\":\"v\",\"n\":412,\"r\":\"merged\",\"rev\":19}",
	"{\"t\":\"v\",\"n\":413,\"r\":\"denied\",\"why\":\"不允许\"}",
	"{\"t\":\"a\",\"s\":\"3412000001/gen\",\"q\":15840,\"id\":\"" ID "\","
	"\"rev\":1,\"x\":\"4be1000000000000\"}",
	"{\"t\":\"r\",\"n\":414,\"to\":913,\"s\":\"3412000001/gen\",\"q\":16340}",
	"{\"t\":\"p\",\"s\":\"3412000001/gen\",\"q\":15841,\"m\":\"a1b2c3d4\","
	"\"id\":\"" ID "\",\"rev\":6,\"k\":\"person\",\"o\":\"3412000001\","
	"\"st\":\"open\",\"d\":\"错录\",\"cb\":\"u010\",\"ca\":1772413000000,"
	"\"ub\":\"u011\",\"ua\":1772413000001,"
	"\"b\":{\"name\":\"测试甲\",\"note\":\"一\\n\\\"二\\\"\"}}",
	"{\"t\":\"p\",\"s\":\"3412000001/gen\",\"q\":1,\"id\":\"" ID "\","
	"\"rev\":1,\"k\":\"@conflict\",\"o\":\"\",\"cb\":\"\",\"ca\":0,"
	"\"ub\":\"\",\"ua\":0,\"b\":{}}",
	"{\"t\":\"g\",\"s\":\"3412000001/gen\",\"q\":15842,\"id\":\"" ID "\","
	"\"why\":\"transfer\"}",
	"{\"t\":\"end\",\"cur\":{\"3412000001/gen\":\"15842.5e6f7a8b\","
	"\"ins/3412\":\"0.00000000\"},\"more\":true,\"acked\":413,"
	"\"need\":414,\"nums\":true,\"names\":true,\"sv\":\"9f3c000000000000\",\"se\":\"" ID "\","
	"\"at\":1772413000000}",
	"{\"t\":\"end\",\"cur\":{\"3412000001/gen\":\"15900.5e6f7a8b\"},"
	"\"was\":{\"3412000001/gen\":\"15842.5e6f7a8b\"},\"more\":true,"
	"\"acked\":913,\"early\":true,\"sv\":\"9f3c000000000000\","
	"\"se\":\"" ID "\",\"at\":1772413000000}",
	"{\"t\":\"end\",\"cur\":{},\"aside\":[{\"i\":3,\"ep\":1,\"n\":9,"
	"\"how\":\"dismissed\",\"why\":\"否\"}],\"erased\":{\"to\":7,\"ids\":["
	"\"" ID "\"]},\"more\":false,\"acked\":9,\"sv\":\"\",\"se\":\"\","
	"\"at\":0}",
	"{\"t\":\"end\",\"cur\":{},\"erased\":{\"to\":8,\"ids\":[]},"
	"\"more\":false,\"acked\":0,\"sv\":\"\",\"se\":\"\",\"at\":0}",
	"{\"t\":\"end\",\"cur\":{},\"more\":false,\"acked\":0,\"sv\":\"\","
	"\"se\":\"\",\"at\":0}",
};

static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct err err = ERR_INIT;
		struct wire_line line = {0};
		struct buf b;

		buf_init(&b, BUF_LINE_MAX);
		assert_int_equal(wire_parse_line(&line, lines[i],
			strlen(lines[i]), &err), E_OK);
		wire_print_line(&b, &line);
		assert_int_equal(b.data[b.len - 1], '\n');
		b.data[b.len - 1] = '\0';
		assert_string_equal(b.data, lines[i]);
		wire_line_release(&line);
		buf_release(&b);
	}
}

static void
test_put_is_a_record(void **state)
{
	struct err err = ERR_INIT;
	struct wire_line line = {0};

	(void)state;
	assert_int_equal(wire_parse_line(&line, lines[4], strlen(lines[4]),
		&err), E_OK);
	assert_int_equal(line.kind, WIRE_PUT);
	assert_int_equal(line.put.rev, 6);
	assert_int_equal(uuid_compare(&line.put.id, &line.record), 0);
	assert_string_equal(record_get(&line.put, "name"), "测试甲");
	assert_string_equal(record_get(&line.put, "@deleted"), "错录");
	wire_line_release(&line);
}

/* Cut anywhere, a line is refused and nothing is left behind. */
static void
test_lines_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		for (size_t len = 0; len < strlen(lines[i]); len++) {
			struct err err = ERR_INIT;
			struct wire_line line = { .n = 7 };

			assert_int_equal(wire_parse_line(&line, lines[i], len,
				&err), E_INVALID);
			assert_int_equal(line.n, 7);
		}
	}
}

static void
test_lines_refused(void **state)
{
	static const char *const bad[] = {
		"[]", "{}", "{\"t\":7}", "{\"t\":\"z\"}", "{\"t\":\"hello\"}",
		"{\"t\":\"v\",\"r\":\"ok\"}",
		"{\"t\":\"v\",\"n\":1,\"r\":\"fine\"}",
		"{\"t\":\"v\",\"n\":-1,\"r\":\"ok\"}",
		"{\"t\":\"a\",\"s\":\"x\",\"q\":1,\"id\":\"" ID "\",\"rev\":1}",
		"{\"t\":\"r\",\"n\":2,\"s\":\"x\",\"q\":1}",
		"{\"t\":\"r\",\"n\":2,\"to\":1,\"s\":\"x\",\"q\":1}",
		"{\"t\":\"r\",\"n\":0,\"to\":1,\"s\":\"x\",\"q\":1}",
		"{\"t\":\"r\",\"n\":1,\"to\":1,\"q\":1}",
		"{\"t\":\"g\",\"s\":\"x\",\"q\":1,\"id\":\"nobody\"}",
		"{\"t\":\"g\",\"s\":\"x\",\"q\":1,\"m\":\"A1B2C3D4\","
		"\"id\":\"" ID "\"}",
		"{\"t\":\"g\",\"q\":1,\"id\":\"" ID "\","
		"\"s\":\"1234567890123456789012345678901234567890\"}",
		"{\"t\":\"p\",\"s\":\"x\",\"q\":1,\"id\":\"" ID "\",\"rev\":1,"
		"\"k\":\"person\",\"o\":\"1\",\"b\":{\"name\":5}}",
		"{\"t\":\"p\",\"s\":\"x\",\"q\":1,\"id\":\"" ID "\",\"rev\":1,"
		"\"k\":\"a b\",\"o\":\"1\",\"b\":{}}",
		"{\"t\":\"end\",\"cur\":{},\"more\":1,\"acked\":0}",
		"{\"t\":\"end\",\"cur\":[],\"more\":true,\"acked\":0}",
		"{\"t\":\"end\",\"cur\":{},\"was\":[],\"more\":true,"
		"\"acked\":0}",
		"{\"t\":\"end\",\"cur\":{},\"was\":{\"x\":\"5\"},"
		"\"more\":true,\"acked\":0}",
		"{\"t\":\"end\",\"cur\":{},\"erased\":[],\"more\":false,"
		"\"acked\":0}",
		"{\"t\":\"end\",\"cur\":{},\"erased\":{\"to\":0,\"ids\":[]},"
		"\"more\":false,\"acked\":0}",
		"{\"t\":\"end\",\"cur\":{},\"erased\":{\"to\":1,"
		"\"ids\":[\"nobody\"]},\"more\":false,\"acked\":0}",
		"{\"t\":\"end\",\"cur\":{\"x\":5},\"more\":true,\"acked\":0}",
		"{\"t\":\"end\",\"cur\":{\"x\":\"5\"},\"more\":true,"
		"\"acked\":0}",
		"{\"t\":\"end\",\"cur\":{\"x\":\".00000000\"},\"more\":true,"
		"\"acked\":0}",
		"{\"t\":\"end\",\"cur\":{\"x\":\"9999999999999999.00000000\"},"
		"\"more\":true,\"acked\":0}",
		"{\"t\":\"end\",\"cur\":{\"x\":\"5.0000000\"},\"more\":true,"
		"\"acked\":0}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct err err = ERR_INIT;
		struct wire_line line = { .n = 7 };

		assert_int_equal(wire_parse_line(&line, bad[i],
			strlen(bad[i]), &err), E_INVALID);
		assert_int_equal(err.code, E_INVALID);
		assert_int_equal(line.n, 7);
	}
}

static const char hello_line[] = "{\"t\":\"hello\",\"dev\":\"" ID "\",\"ep\":3,"
	"\"from\":412,\"sv\":\"9f3c000000000000\",\"se\":\"\",\"max\":49152,"
	"\"runs\":true,\"slow\":true,\"aside\":4,\"erased\":5,"
	"\"cur\":{\"3412000001/gen\":\"15832.a1b2c3d4\"}}";

static void
test_hello(void **state)
{
	struct err err = ERR_INIT;
	struct wire_hello hello = {0};
	struct op op = {0};
	struct buf b;
	bool is_op = true;

	(void)state;
	assert_int_equal(wire_parse_request(&is_op, &hello, &op, hello_line,
		strlen(hello_line), &err), E_OK);
	assert_false(is_op);
	assert_int_equal(hello.epoch, 3);
	assert_int_equal(hello.cursor_count, 1);
	assert_int_equal(hello.cursors[0].seq, 15832);
	assert_string_equal(hello.cursors[0].mark, "a1b2c3d4");
	buf_init(&b, BUF_LINE_MAX);
	wire_print_hello(&b, &hello);
	b.data[b.len - 1] = '\0';
	assert_string_equal(b.data, hello_line);
	buf_release(&b);
}

/* A range left, a part missing: refused. */
/* It goes on from where the reply before it ended: it says no place. */
static void
test_hello_early(void **state)
{
	struct err err = ERR_INIT;
	struct wire_hello hello = {0}, again = {0};
	struct op op = {0};
	struct buf b;
	bool is_op = true;

	(void)state;
	assert_int_equal(wire_parse_request(&is_op, &hello, &op, hello_line,
		strlen(hello_line), &err), E_OK);
	hello.early = true;
	hello.cursor_count = 0;
	buf_init(&b, BUF_LINE_MAX);
	wire_print_hello(&b, &hello);
	assert_int_equal(wire_parse_request(&is_op, &again, &op, b.data, b.len,
		&err), E_OK);
	assert_true(again.early);
	assert_int_equal(again.cursor_count, 0);
	assert_int_equal(again.from, hello.from);
	buf_release(&b);
}

static void
test_hello_refused(void **state)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
		{ "49152", "1000" }, { "49152", "2000000" }, { "\"ep\":3", "\"ep\":0" },
		{ "412", "0" }, { "\"dev\"", "\"dew\"" }, { "\"cur\"", "\"cut\"" },
		{ "\"hello\"", "\"hallo\"" }, { "9f3c", "9f3c0" },
		{ "\"cur\"", "\"early\":true,\"cur\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = ERR_INIT;
		struct wire_hello hello = {0};
		struct op op = {0};
		struct buf b;
		const char *at = strstr(hello_line, rows[i].from);
		bool is_op = true;

		assert_non_null(at);
		buf_init(&b, BUF_LINE_MAX);
		buf_add(&b, hello_line, (size_t)(at - hello_line));
		buf_text(&b, rows[i].to);
		buf_text(&b, at + strlen(rows[i].from));
		assert_int_equal(wire_parse_request(&is_op, &hello, &op,
			b.data, b.len, &err), E_INVALID);
		assert_true(is_op);
		assert_int_equal(hello.epoch, 0);
		buf_release(&b);
	}
}

static void
test_op(void **state)
{
	struct err err = ERR_INIT;
	struct wire_hello hello = {0};
	struct record r = {0};
	struct op op, back = {0};
	struct buf b, again;
	bool is_op = false;

	(void)state;
	assert_true(uuid_parse(&r.id, ID));
	memcpy(r.reg, "person", 7);
	assert_true(record_set(&r, "name", "测试甲"));
	op_diff(&op, NULL, &r);
	op.n = 5;
	buf_init(&b, BUF_LINE_MAX);
	buf_init(&again, BUF_LINE_MAX);
	wire_print_op(&b, &op);
	assert_int_equal(wire_parse_request(&is_op, &hello, &back, b.data,
		b.len - 1, &err), E_OK);
	assert_true(is_op);
	wire_print_op(&again, &back);
	assert_string_equal(b.data, again.data);
	op_release(&op);
	op_release(&back);
	record_release(&r);
	buf_release(&b);
	buf_release(&again);
}

static void
test_verdicts(void **state)
{
	enum verdict v = VERDICT_OK;

	(void)state;
	for (int i = VERDICT_OK; i <= VERDICT_REVIEW; i++) {
		assert_true(verdict_parse(&v, verdict_name((enum verdict)i)));
		assert_int_equal(v, i);
		assert_int_equal(verdict_is_refusal(v), i >= VERDICT_MOVED);
	}
	assert_false(verdict_parse(&v, ""));
}

/* An operation without its content is known again by its hash. */
static void
test_large(void **state)
{
	static const char *const bad[] = {
		"{\"t\":\"op\",\"n\":7}",
		"{\"t\":\"op\",\"n\":7,\"large\":90000}",
		"{\"t\":\"op\",\"n\":0,\"id\":\"" ID "\",\"k\":\"person\","
		"\"o\":\"1\",\"by\":\"u\",\"at\":1,\"h\":"
		"\"00000000000000000000000000000000\",\"large\":9}",
		"{\"t\":\"op\",\"n\":1,\"id\":\"" ID "\",\"k\":\"person\","
		"\"o\":\"1\",\"by\":\"u\",\"at\":1,\"h\":\"00\",\"large\":9}",
	};
	struct op op = { .n = 7, .reg = "person", .office = "3412000001",
		.by = "u010", .at = 1772413000000 }, got = {0};
	char wanted[OP_HASH_MAX], hash[OP_HASH_MAX] = "";
	struct json *j = NULL;
	struct err err = ERR_INIT;
	int64_t bytes = 0;
	struct buf b;

	(void)state;
	assert_true(uuid_parse(&op.record, ID));
	op_hash(wanted, &op);
	buf_init(&b, BUF_LINE_MAX);
	wire_print_large(&b, &op, 90000);
	assert_int_equal(json_parse(&j, b.data, b.len, BUF_LINE_MAX, &err),
		E_OK);
	assert_true(wire_parse_large(&got, hash, &bytes, j));
	assert_string_equal(hash, wanted);
	assert_int_equal(bytes, 90000);
	assert_int_equal(got.n, 7);
	assert_int_equal(got.at, op.at);
	assert_memory_equal(&got.record, &op.record, sizeof got.record);
	json_free(j);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(json_parse(&j, bad[i], strlen(bad[i]),
			BUF_LINE_MAX, &err), E_OK);
		assert_false(wire_parse_large(&got, hash, &bytes, j));
		json_free(j);
	}
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_put_is_a_record),
		cmocka_unit_test(test_lines_cut),
		cmocka_unit_test(test_lines_refused),
		cmocka_unit_test(test_hello),
		cmocka_unit_test(test_hello_early),
		cmocka_unit_test(test_hello_refused),
		cmocka_unit_test(test_op),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_large),
	};

	crypto_init();
	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
