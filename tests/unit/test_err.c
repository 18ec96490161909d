/* base/err: codes, exit statuses, and a message that is one whole line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/utf8.h"

static void
test_set(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(err_set(&err, E_IO, "page %d of %s", 3, "x"), E_IO);
	assert_int_equal(err.code, E_IO);
	assert_string_equal(err.msg, "page 3 of x");
	err_set(&err, E_INVALID, "again: %s", err.msg);
	assert_string_equal(err.msg, "again: page 3 of x");
}

static void
test_one_line(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	err_set(&err, E_IO, "a\nb\tc\x1b[1m");
	assert_string_equal(err.msg, "a b c [1m");
}

/* Whatever the offset, a cut message holds whole characters only. */
static void
test_cut_between_characters(void **state)
{
	(void)state;
	for (int lead = 0; lead < 4; lead++) {
		struct err err = ERR_INIT;
		char text[3 * 200 + 4 + 1] = "abcd";
		size_t n = (size_t)lead;
		for (int i = 0; i < 200; i++, n += 3)
			memcpy(text + n, "字", 3);
		text[n] = '\0';
		err_set(&err, E_INVALID, "%s", text);
		size_t len = strlen(err.msg);
		assert_true(len > ERR_MSG_MAX - 1 - 3 && len < ERR_MSG_MAX);
		assert_true(utf8_is_valid(err.msg, len));
	}
}

static void
test_fits_exactly(void **state)
{
	struct err err = ERR_INIT;
	char text[ERR_MSG_MAX];

	(void)state;
	memset(text, 'x', sizeof text);
	text[ERR_MSG_MAX - 1] = '\0';
	memcpy(text + ERR_MSG_MAX - 4, "字", 3);
	err_set(&err, E_IO, "%s", text);
	assert_string_equal(err.msg, text);
}

static void
test_codes(void **state)
{
	static const struct {
		enum status code;
		int exit_status;
		const char *name;
	} cases[] = {
		{ E_OK, 0, "ok" }, { E_NOTFOUND, 1, "not_found" },
		{ E_INVALID, 1, "invalid" }, { E_CONFLICT, 5, "conflict" },
		{ E_AUTH, 3, "auth" }, { E_OFFLINE, 4, "offline" },
		{ E_IO, 70, "io" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(err_exit_status(cases[i].code),
			cases[i].exit_status);
		assert_string_equal(err_name(cases[i].code), cases[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_cut_between_characters),
		cmocka_unit_test(test_fits_exactly),
		cmocka_unit_test(test_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
