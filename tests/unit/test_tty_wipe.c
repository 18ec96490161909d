/*
 * T23: what makes a screen blank without pushing it into a terminal's history,
 * as clearing it does.
 */
#include "ui/tty_wipe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ui/canvas.h"

/* Each row is made blank where it stands. */
static void
rows_are_made_blank(void **state)
{
	static const int sizes[] = { 1, 24, 60, CANVAS_ROWS_MAX };
	char bytes[TTY_WIPE_BYTES], row[32];

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t len = tty_wipe_print(bytes, sizes[i]);
		const char *at = bytes;

		assert_int_equal(strlen(bytes), len);
		for (int k = 1; k <= sizes[i]; k++) {
			(void)snprintf(row, sizeof row, "\033[%d;1H\033[K", k);
			at = strstr(at, row);
			assert_non_null(at);
		}
	}
}

/* Nothing that clears, scrolls or breaks a line: that is what is pushed. */
static void
nothing_is_cleared_as_a_whole(void **state)
{
	char bytes[TTY_WIPE_BYTES];

	(void)state;
	(void)tty_wipe_print(bytes, 24);
	assert_null(strchr(bytes, 'J'));
	assert_null(strchr(bytes, 'S'));
	assert_null(strchr(bytes, 'L'));
	assert_null(strchr(bytes, 'M'));
	assert_null(strchr(bytes, '\n'));
	assert_null(strstr(bytes, "\033c"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_made_blank),
		cmocka_unit_test(nothing_is_cleared_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
