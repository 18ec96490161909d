/*
 * The test terminal itself: what the other tests of this folder lean on.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/vtest.h"

static void
start(struct vtest *t, const struct vtest_options *o, const char *script)
{
	const char *argv[] = { "/bin/sh", "-c", script, NULL };

	assert_true(vtest_start(t, o, argv));
}

static void
test_text(void **state)
{
	struct vtest t;
	VTermScreenCell cell;
	char row[VTEST_LINE_MAX];
	int col = -1;

	(void)state;
	start(&t, &(struct vtest_options){ .rows = 10, .cols = 40 },
		"stty -echo; printf 'a\\033[7m\\345\\274'; "
		"printf '\\240\\033[m\\344\\270\\211 x\\r\\nready'; "
		"read -r line; printf '[%s]' \"$line\"; read -r line");
	assert_true(vtest_wait(&t, "ready"));
	vtest_row(&t, 0, row);
	assert_string_equal(row, "a张三 x");
	assert_int_equal(vtest_find(&t, "三", &col), 0);
	assert_int_equal(col, 3);
	assert_true(vtest_cell(&t, 0, 1, &cell));
	assert_true(cell.attrs.reverse);
	assert_true(vtest_cell(&t, 0, 3, &cell));
	assert_false(cell.attrs.reverse);
	assert_int_equal(t.cursor.row, 1);
	assert_int_equal(t.cursor.col, 5);
	vtest_type(&t, "李四\r");
	assert_true(vtest_wait(&t, "[李四]"));
	assert_true(t.bytes > 20);
	vtest_release(&t);
}

static void
test_environment(void **state)
{
	static const char *const env[] = { "FRUIT=pear", NULL };
	struct vtest t;

	(void)state;
	start(&t, &(struct vtest_options){ .term = "vt100", .env = env,
		.locale = "C" }, "trap 'echo now $(stty size)' WINCH; "
		"echo $TERM $FRUIT $LC_ALL $(stty size); "
		"while :; do sleep 0.01; done");
	assert_true(vtest_wait(&t, "vt100 pear C 24 80"));
	vtest_resize(&t, 10, 40);
	assert_true(vtest_wait(&t, "now 10 40"));
	vtest_signal(&t, SIGTERM);
	assert_int_equal(vtest_exit(&t), 128 + SIGTERM);
	vtest_release(&t);
}

static void
test_ends(void **state)
{
	struct vtest t;

	(void)state;
	start(&t, &(struct vtest_options){0}, "printf last; exit 7");
	assert_true(vtest_wait(&t, "last"));
	assert_int_equal(vtest_exit(&t), 7);
	assert_int_equal(vtest_find(&t, "never", NULL), -1);
	vtest_release(&t);
	start(&t, &(struct vtest_options){0}, "trap 'exit 9' HUP; "
		"printf up; while :; do sleep 0.01; done");
	assert_true(vtest_wait(&t, "up"));
	vtest_hang_up(&t);
	assert_int_equal(vtest_exit(&t), 9);
	vtest_release(&t);
}

static void
test_charset(void **state)
{
	struct vtest t;

	(void)state;
	/* the terminal speaks GB18030, the program only passes bytes */
	start(&t, &(struct vtest_options){ .locale = "zh_CN.GB18030" },
		"stty raw -echo; printf ready; cat");
	assert_true(vtest_wait(&t, "ready"));
	vtest_type(&t, "\xE6\x9E\xAB\xE6\xA1\xA5\xF0\xA0\xAE\xB7");
	assert_true(vtest_wait(&t, "ready\xE6\x9E\xAB\xE6\xA1\xA5"
		"\xF0\xA0\xAE\xB7"));
	vtest_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_charset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
