/* ui/tty_probe: what a terminal's reports mean, and what was typed meanwhile. */
#include "ui/tty_probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
test_reports(void **state)
{
	static const struct {
		const char *bytes;
		bool answered, utf8;
		int ambiguous;
		const char *left;
	} rows[] = {
		{ "\033[1;5R\033[1;3R", true, true, 1, "" },
		{ "\033[24;5R\033[24;5R", true, true, 2, "" },
		{ "\033[1;7R\033[1;4R", true, false, 2, "" },
		{ "ab\033[1;5Rc\033[1;3Rd", true, true, 1, "abcd" },
		{ "\033[A\033[1;5R\033[1;3R", true, true, 1, "\033[A" },
		{ "\033[1;5R", false, false, 0, "\033[1;5R" },
		{ "\033[1;5R\033[1;", false, false, 0, "\033[1;5R\033[1;" },
		{ "\033[;R\033[1R", false, false, 0, "\033[;R\033[1R" },
		{ "\033[1;5R\033[123456789;3R", false, false, 0,
		    "\033[1;5R\033[123456789;3R" },
		{ "", false, false, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tty_probe p = {0};
		char bytes[64];
		size_t len = strlen(rows[i].bytes);

		memcpy(bytes, rows[i].bytes, len);
		assert_int_equal(tty_probe_parse(&p, bytes, &len),
		    rows[i].answered);
		assert_int_equal(p.answered, rows[i].answered);
		assert_int_equal(p.utf8, rows[i].utf8);
		assert_int_equal(p.ambiguous, rows[i].ambiguous);
		assert_int_equal(len, strlen(rows[i].left));
		assert_memory_equal(bytes, rows[i].left, len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
