/* core/stick: pieces, their places, and what does not open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/stick.h"

static struct stick_head head = {
	.device = "01941f29-7c00-7000-8000-000000000001",
	.epoch = "01941f29-7c00-7000-8000-000000000002",
	.streams = { { .stream = "9900000001/gen", .bytes = 2 * STICK_PIECE },
		{ .stream = "9900000001/sealed", .bytes = 10 } },
	.count = 2,
};

static void
every_byte_has_one_place(void **state)
{
	int64_t sum = 0;

	(void)state;
	assert_int_equal(stick_pieces(&head), 3);
	for (size_t i = 1; i <= 3; i++) {
		struct stick_place p = stick_place(&head, i);

		assert_non_null(p.stream);
		sum += (int64_t)p.len;
	}
	assert_int_equal(sum, 2 * STICK_PIECE + 10);
	assert_int_equal(stick_place(&head, 2).at, STICK_PIECE);
	assert_string_equal(stick_place(&head, 3).stream->stream,
		"9900000001/sealed");
	assert_null(stick_place(&head, 0).stream);
	assert_null(stick_place(&head, 4).stream);
}

static enum status
opens(const char *code, size_t piece, const struct buf *sealed)
{
	struct crypto_key key;
	struct err err = ERR_INIT;
	struct buf out;
	enum status s;

	stick_key(&key, code);
	buf_init(&out, STICK_PIECE);
	s = stick_open(&out, &key, piece, sealed, &err);
	assert_int_equal(s != E_OK, err.msg[0] != '\0');
	if (!s)
		assert_string_equal(out.data, "content");
	buf_release(&out);
	return s;
}

static void
a_piece_opens_in_its_place_alone(void **state)
{
	struct crypto_key key;
	struct buf sealed;

	(void)state;
	crypto_init();
	stick_key(&key, "ABCDE23456FGHJK789MN");
	buf_init(&sealed, STICK_SEALED_MAX);
	stick_seal(&sealed, &key, 3, "content", 7);
	assert_int_equal(opens("ABCDE23456FGHJK789MN", 3, &sealed), E_OK);
	assert_int_equal(opens("abcde-23456 fghjk-789mn", 3, &sealed), E_OK);
	assert_int_equal(opens("ABCDE23456FGHJK789MP", 3, &sealed), E_INVALID);
	assert_int_equal(opens("", 3, &sealed), E_INVALID);
	assert_int_equal(opens("ABCDE23456FGHJK789MN", 2, &sealed), E_INVALID);
	assert_int_equal(opens("ABCDE23456FGHJK789MN", 0, &sealed), E_INVALID);
	sealed.data[sealed.len - 1] ^= 1;
	assert_int_equal(opens("ABCDE23456FGHJK789MN", 3, &sealed), E_INVALID);
	sealed.len = 5;
	assert_int_equal(opens("ABCDE23456FGHJK789MN", 3, &sealed), E_INVALID);
	buf_release(&sealed);
}

static void
the_head_is_read_as_it_was_written(void **state)
{
	static const char *const bad[] = { "", "{}", "[]",
		"{\"device\":\"d\",\"epoch\":\"e\"}",
		"{\"device\":\"d\",\"epoch\":\"e\",\"streams\":[{}]}",
		"{\"device\":\"d\",\"epoch\":\"e\",\"streams\":[{\"stream\":"
		"\"s\",\"bytes\":0,\"sha256\":\"\"}]}" };
	static struct stick_head got;
	struct err err = ERR_INIT;
	struct buf text;

	(void)state;
	memset(head.streams[0].sha256, 'a', 64);
	memset(head.streams[1].sha256, 'b', 64);
	buf_init(&text, STICK_PIECE);
	stick_print_head(&text, &head);
	assert_int_equal(stick_parse_head(&got, text.data, text.len, &err),
		E_OK);
	assert_int_equal(got.count, 2);
	assert_string_equal(got.device, head.device);
	assert_string_equal(got.epoch, head.epoch);
	assert_int_equal(got.streams[0].bytes, head.streams[0].bytes);
	assert_string_equal(got.streams[1].sha256, head.streams[1].sha256);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err = (struct err)ERR_INIT;
		assert_int_equal(stick_parse_head(&got, bad[i], strlen(bad[i]),
			&err), E_INVALID);
	}
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_has_one_place),
		cmocka_unit_test(a_piece_opens_in_its_place_alone),
		cmocka_unit_test(the_head_is_read_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
