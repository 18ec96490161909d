/*
 * Shortening of the attributes: the strings are those of Debian's terminfo.
 */
#include "ui/tty_sgr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *what, *before, *after;
} rows[] = {
	{ "xterm-256color sgr",
	  "%?%p9%t\033(0%e\033(B%;\033[0%?%p6%t;1%;%?%p1%p3%|%t;7%;m",
	  "\033[%?%p6%t;1%;%?%p1%p3%|%t;7%;m" },
	{ "xterm-256color sgr0", "\033(B\033[m", "\033[m" },
	{ "linux sgr", "\033[0;10%?%p1%t;7%;m%?%p9%t\016%e\017%;",
	  "\033[%?%p1%t;7%;m" },
	{ "a font, and no line drawing", "\033[0;10%?%p1%t;7%;m",
	  "\033[0;10%?%p1%t;7%;m" },
	{ "linux and screen sgr0", "\033[m\017", "\033[m" },
	{ "vt100 sgr", "\033[0%?%p1%p3%|%t;7%;m%?%p9%t\016%e\017%;$<2>",
	  "\033[%?%p1%p3%|%t;7%;m$<2>" },
	{ "vt100 sgr0", "\033[m\017$<2>", "\033[m$<2>" },
	{ "xterm-color sgr0 has none", "\033[m", "\033[m" },
	{ "no line drawing in sgr", "\033[0%?%p1%t;7%;m", "\033[%?%p1%t;7%;m" },
	{ "a choice inside", "\033[0%?%p9%t%?%p1%t;7%;%;m",
	  "\033[%?%p9%t%?%p1%t;7%;%;m" },
	{ "not closed", "\033[0m%?%p9%t\016", "\033[0m%?%p9%t\016" },
	{ "nothing else", "\017", "\017" },
	{ "empty", "", "" },
};

static void
test_trim(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char s[128];

		snprintf(s, sizeof s, "%s", rows[i].before);
		tty_sgr_trim(s);
		if (strcmp(s, rows[i].after) != 0)
			fail_msg("%s", rows[i].what);
	}
	tty_sgr_trim(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
