/*
 * A child of our own program: what it says comes back as lines, what it is
 * given arrives, its end is noticed, stopping it leaves nothing.  The child is
 * this program again, with arguments.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/job.h"

/* What the child does. */
static int
act(const char *what)
{
	char line[64];

	if (strcmp(what, "echo") == 0) {
		if (!fgets(line, sizeof line, stdin))
			return 9;
		printf("%s\n", line);
		fprintf(stderr, "fengqiao: a sentence\n");
		return 3;
	}
	if (strcmp(what, "count") == 0) {
		size_t n = fread(line, 1, sizeof line, stdin);

		printf("%zu %d\n", n, line[1]);
		return 0;
	}
	if (strcmp(what, "half") == 0) {
		printf("no end");
		return 0;
	}
	pause();
	return 0;
}

/* Wait for the end; all lines, each with a '|'. */
static void
collect(struct job *j, struct buf *out)
{
	for (int i = 0; i < 1000; i++) {
		struct pollfd fd = { .fd = j->fd, .events = POLLIN };

		job_read(j);
		while (job_line(j, out))
			buf_char(out, '|');
		if (job_end(j))
			return;
		(void)poll(&fd, 1, 100);
	}
	fail_msg("the child did not end");
}

static void
run(const char *what, const char *input, const char *want, int status)
{
	const char *args[] = { what, NULL };
	struct job j = {0};
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, BUF_LINE_MAX);
	assert_int_equal(job_start(&j, args, input,
		input ? strlen(input) : 0, &err), E_OK);
	assert_true(job_is_running(&j));
	collect(&j, &out);
	assert_string_equal(out.data, want);
	assert_int_equal(j.status, status);
	assert_false(job_is_running(&j));
	buf_release(&out);
}

static void
lines_come_back(void **state)
{
	(void)state;
	run("echo", "secret", "fengqiao: a sentence|secret|", 3);
	assert_string_equal(job_sentence("fengqiao: a sentence"),
		"a sentence");
	assert_string_equal(job_sentence("another"), "another");
}

/* A key has zero bytes in it. */
static void
input_is_bytes(void **state)
{
	const char *args[] = { "count", NULL };
	struct job j = {0};
	struct err err = ERR_INIT;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	assert_int_equal(job_start(&j, args, "a\0b\n\0", 5, &err), E_OK);
	collect(&j, &out);
	assert_string_equal(out.data, "5 0|");
	buf_release(&out);
}

static void
a_last_line_needs_no_end(void **state)
{
	(void)state;
	run("half", NULL, "no end|", 0);
}

static void
stopping_forgets_it(void **state)
{
	const char *args[] = { "wait", NULL };
	struct job j = {0};
	struct err err = ERR_INIT;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	assert_int_equal(job_start(&j, args, NULL, 0, &err), E_OK);
	job_read(&j);
	assert_false(job_line(&j, &out));
	assert_false(job_end(&j));
	job_stop(&j);
	assert_false(job_is_running(&j));
	job_stop(&j);
	buf_release(&out);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_back),
		cmocka_unit_test(input_is_bytes),
		cmocka_unit_test(a_last_line_needs_no_end),
		cmocka_unit_test(stopping_forgets_it),
	};

	if (argc > 1)
		return act(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
