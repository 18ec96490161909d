/*
 * What a new password must be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/password.h"

static void
test_rule(void **state)
{
	static const struct {
		const char *password;
		enum status status;
	} cases[] = {
		{ "", E_INVALID },
		{ "Ab1!", E_INVALID },
		{ "Tr33-hous", E_INVALID },		/* nine */
		{ "Tr33-house", E_OK },
		{ "Treehouse1", E_OK },
		{ "treehouse1", E_INVALID },		/* two kinds */
		{ "correct horse", E_OK },		/* a phrase */
		{ "correcthorsebattery", E_INVALID },	/* one kind */
		{ "七里香-1号楼门口的树", E_INVALID },	/* two, eleven */
		{ "七里香-1号楼门口的老树", E_OK },
		{ "aaaaaaaaaaA1", E_INVALID },
		{ "123456789aB", E_INVALID },
		{ "abcdefgh-1A", E_INVALID },
		{ "Zhangsan-2026", E_INVALID },		/* holds zhang */
		{ "Pw-gnahz-2026", E_INVALID },		/* and backwards */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct err err = ERR_INIT;

		if (password_check(cases[i].password, "zhang", &err) !=
		    cases[i].status)
			fail_msg("%s", cases[i].password);
		assert_int_equal(err.code, cases[i].status);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rule),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
