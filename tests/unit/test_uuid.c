/* base/uuid: form, order in time, stable names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/uuid.h"

static void
test_new(void **state)
{
	char text[UUID_TEXT_MAX];
	struct uuid back = {0};

	(void)state;
	clock_fix(0x0123456789AB);
	struct uuid a = uuid_new(), b = uuid_new();
	clock_fix(0x0123456789AC);
	struct uuid later = uuid_new();
	clock_fix(0);
	uuid_print(text, &a);
	assert_memory_equal(text, "01234567-89ab-7", 15);
	assert_non_null(strchr("89ab", text[19]));
	assert_int_equal(strlen(text), 36);
	assert_true(uuid_parse(&back, text));
	assert_int_equal(uuid_compare(&a, &back), 0);
	assert_int_not_equal(uuid_compare(&a, &b), 0);
	assert_true(uuid_compare(&later, &a) > 0 && uuid_compare(&a, &later) < 0);
	assert_false(uuid_is_zero(&a));
}

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{ "01234567-89ab-7def-8123-456789abcdef", true },
		{ "01234567-89AB-7DEF-8123-456789ABCDEF", true },
		{ "00000000-0000-0000-0000-000000000000", true },
		{ "", false }, { NULL, false },
		{ "0123456789ab7def8123456789abcdef", false },
		{ "01234567-89ab-7def-8123-456789abcde", false },
		{ "01234567-89ab-7def-8123-456789abcdef0", false },
		{ "01234567-89ab-7def-8123-456789abcdeg", false },
		{ "0123456-789ab-7def-8123-456789abcdef", false },
		{ "01234567-89ab-7def-8123-456789abcd-f", false },
		{ "{1234567-89ab-7def-8123-456789abcde}", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct uuid id = { { 1, 2, 3 } };
		assert_int_equal(uuid_parse(&id, cases[i].text), cases[i].good);
		if (!cases[i].good)
			assert_int_equal(id.b[0], 1);
	}
}

static void
test_named(void **state)
{
	char text[UUID_TEXT_MAX];
	struct uuid a = uuid_named("person", "990101199001010017");
	struct uuid same = uuid_named("person", "990101199001010017");
	struct uuid moved = uuid_named("person9", "90101199001010017");
	struct uuid zero = {0};

	(void)state;
	assert_int_equal(uuid_compare(&a, &same), 0);
	assert_int_not_equal(uuid_compare(&a, &moved), 0);
	uuid_print(text, &a);
	assert_int_equal(text[14], '8');
	assert_non_null(strchr("89ab", text[19]));
	assert_true(uuid_is_zero(&zero));
}

/* The same on every machine and in every release. */
static void
test_named_is_pinned(void **state)
{
	char text[UUID_TEXT_MAX];
	struct uuid id = uuid_named("a", "b");

	(void)state;
	uuid_print(text, &id);
	assert_string_equal(text, "59b271ae-1bbc-81d3-9d41-929817f4b16f");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_named_is_pinned),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
