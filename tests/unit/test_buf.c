/* base/buf: what goes in comes out, whole or not at all, NUL behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void
test_additions(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, BUF_LINE_MAX);
	assert_string_equal(b.data, "");
	buf_text(&b, "ab");
	buf_char(&b, 'c');
	buf_add(&b, "d\0e", 3);
	buf_printf(&b, "%d", 12);
	assert_int_equal(b.len, 8);
	assert_memory_equal(b.data, "abcd\0e12", 9);
	buf_drop(&b, 5);
	assert_string_equal(b.data, "e12");
	buf_drop(&b, 3);
	assert_string_equal(b.data, "");
	buf_release(&b);
	assert_null(b.data);
	buf_release(&b);
}

/* At every ceiling exactly that many bytes fit, one more does not, and nothing
 * goes in after it. */
static void
test_ceiling(void **state)
{
	(void)state;
	for (size_t max = 0; max < 200; max++) {
		struct buf b;
		buf_init(&b, max);
		for (size_t i = 0; i < max; i++)
			buf_char(&b, 'x');
		assert_false(b.full);
		assert_int_equal(b.len, max);
		buf_char(&b, 'y');
		assert_true(b.full);
		assert_int_equal(b.len, max);
		assert_int_equal(b.data[max], '\0');
		buf_clear(&b);
		assert_false(b.full);
		buf_printf(&b, "%*s", (int)max + 1, "");
		assert_true(b.full);
		assert_string_equal(b.data, "");
		buf_printf(&b, "a");
		assert_int_equal(b.len, 0);
		buf_clear(&b);
		buf_printf(&b, "%*s", (int)max, "");
		assert_false(b.full);
		assert_int_equal(b.len, max);
		buf_release(&b);
	}
}

static void
test_room(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	buf_text(&b, "abc");
	char *room = buf_room(&b, 97);
	assert_non_null(room);
	memset(room, 'x', 97);
	buf_added(&b, 2);
	assert_string_equal(b.data, "abcxx");
	assert_null(buf_room(&b, 96));
	assert_true(b.full);
	buf_cut(&b, 1);
	assert_string_equal(b.data, "a");
	assert_false(b.full);
	buf_release(&b);
}

static void
test_take(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	buf_text(&b, "mine");
	char *text = buf_take(&b);
	assert_string_equal(text, "mine");
	/* nothing is left to be released */
	assert_null(b.data);
	buf_release(&b);
	buf_init(&b, 10);
	buf_text(&b, "0123456789");
	assert_string_equal(b.data, "0123456789");
	free(text);
	buf_release(&b);
}

static void
test_long_printf(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100000);
	buf_text(&b, "<");
	buf_printf(&b, "%05000d", 7);
	buf_text(&b, ">");
	assert_int_equal(b.len, 5002);
	assert_string_equal(b.data + 5000, "7>");
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_additions),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_long_printf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
