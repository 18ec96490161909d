/* base/log: one clean line an event, and only what the level lets through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"

/* What one event writes on standard error. */
static void
capture(char *out, size_t size, enum log_level set, enum log_level level,
	const char *text)
{
	int fds[2], saved = dup(STDERR_FILENO);

	assert_int_equal(pipe(fds), 0);
	assert_true(dup2(fds[1], STDERR_FILENO) >= 0);
	log_start("fengqiaod", set);
	log_write(level, "%s", text);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(fds[1]);
	ssize_t n = read(fds[0], out, size - 1);
	close(fds[0]);
	assert_true(n >= 0);
	out[n] = '\0';
}

static void
test_lines(void **state)
{
	static const struct {
		enum log_level set;
		enum log_level level;
		const char *text;
		const char *line;
	} cases[] = {
		{ LOG_NOTE, LOG_WARN, "ops 3",
		  "2026-03-02T09:11:05+08:00 fengqiaod warning: ops 3\n" },
		{ LOG_NOTE, LOG_NOTE, "a\nb\x1b[m",
		  "2026-03-02T09:11:05+08:00 fengqiaod note: a b?[m\n" },
		{ LOG_NOTE, LOG_TRACE, "x", "" },
		{ LOG_TRACE, LOG_TRACE, "x",
		  "2026-03-02T09:11:05+08:00 fengqiaod trace: x\n" },
		{ LOG_QUIET, LOG_WARN, "x", "" },
	};

	(void)state;
	clock_fix(1772413865000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char line[200];
		capture(line, sizeof line, cases[i].set, cases[i].level,
			cases[i].text);
		assert_string_equal(line, cases[i].line);
	}
	clock_fix(0);
}

/* Cut in the middle of a character: still one line, no broken byte. */
static void
test_long_event(void **state)
{
	char text[3 * 1000 + 1] = "", line[4000];

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		memcpy(text + 3 * i, "枫", 3);
	text[sizeof text - 1] = '\0';
	capture(line, sizeof line, LOG_NOTE, LOG_NOTE, text);
	size_t len = strlen(line);
	assert_true(len > 900 && len < 1100);
	assert_true(strchr(line, '\n') == line + len - 1);
	assert_null(strstr(line, "\xE6\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_long_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
