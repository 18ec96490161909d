/* base/mem: zeroed, growing in powers of two, ending with 70 through the hook. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

static void
test_alloc_is_zeroed(void **state)
{
	unsigned char *p = mem_alloc(100, 3);

	(void)state;
	for (size_t i = 0; i < 300; i++)
		assert_int_equal(p[i], 0);
	free(p);
	p = mem_alloc(0, 0);
	assert_non_null(p);
	free(p);
}

static void
test_grow_keeps_items(void **state)
{
	size_t *items = NULL;

	(void)state;
	for (size_t n = 0; n < 1000; n++) {
		items = mem_grow(items, n, sizeof *items);
		items[n] = n;
	}
	for (size_t n = 0; n < 1000; n++)
		assert_int_equal(items[n], n);
	free(items);
}

static void
test_copies(void **state)
{
	char *a = mem_strdup("枫桥");
	char *b = mem_strndup("abcdef", 3);
	char *c = mem_strndup("ab", 9);
	char *d = mem_printf("%s-%05d", "x", 42);

	(void)state;
	assert_string_equal(a, "枫桥");
	assert_string_equal(b, "abc");
	assert_string_equal(c, "ab");
	assert_string_equal(d, "x-00042");
	assert_null(mem_strdup(NULL));
	assert_null(mem_strndup(NULL, 3));
	free(a);
	free(b);
	free(c);
	free(d);
}

static int hook_fd;

static void
say_hook(void)
{
	ssize_t n = write(hook_fd, "hook", 4);
	(void)n;
}

/* In a child: the size overflows, so the hook speaks and the status is 70. */
static void
test_exhausted(void **state)
{
	int fds[2], status = 0;
	char said[8] = "";

	(void)state;
	assert_int_equal(pipe(fds), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		hook_fd = fds[1];
		dup2(fds[1], STDERR_FILENO);
		mem_on_exhausted(say_hook);
		void *volatile p = mem_resize(NULL, SIZE_MAX / 2, 4);
		(void)p;
		_exit(0);
	}
	close(fds[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 70);
	assert_true(read(fds[0], said, 4) == 4);
	assert_string_equal(said, "hook");
	close(fds[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc_is_zeroed),
		cmocka_unit_test(test_grow_keeps_items),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_exhausted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
