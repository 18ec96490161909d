/*
 * One line down: the strings are those of Debian's terminfo.
 */
#include "ui/tty_down.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define ANSI "\033[%i%p1%d;%p2%dr"

static const struct {
	const char *before, *csr, *after;
} rows[] = {
	{ "\n", ANSI, "\v" },			/* xterm, screen, linux */
	{ "\033D", ANSI, "\v" },		/* putty */
	{ "\n", ANSI "$<5>", "\v" },
	{ "\033[B", ANSI, "\033[B" },		/* stops at the margin */
	{ "\n", NULL, "\n" },			/* no terminal of that kind */
	{ "\n", "\033Y%p1%' '%+%c", "\n" },
	{ "\n$<2>", ANSI, "\n$<2>" },
	{ "", ANSI, "" },
};

static void
one_byte_goes_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char s[16];

		(void)snprintf(s, sizeof s, "%s", rows[i].before);
		tty_down_trim(s, rows[i].csr);
		assert_string_equal(s, rows[i].after);
	}
	tty_down_trim(NULL, ANSI);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_byte_goes_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
