/*
 * T21: what a program shuts before it holds anything.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/shutters.h"

static void
nobody_looks_in(void **state)
{
	struct rlimit core = { 1, 1 };

	(void)state;
	assert_int_equal(setenv("SSLKEYLOGFILE", "/nowhere/keys", 1), 0);
	shutters_close();
	assert_int_equal(getrlimit(RLIMIT_CORE, &core), 0);
	assert_int_equal(core.rlim_cur, 0);
	assert_int_equal(core.rlim_max, 0);
	assert_null(getenv("SSLKEYLOGFILE"));
#if !defined(__SANITIZE_ADDRESS__)
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_looks_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
