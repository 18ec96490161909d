/* What is sent after a refusal that concerns one operation, or their size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sync/trouble.h"

static bool
heed(struct trouble *t, int status, const char *body, int64_t from,
	size_t count, size_t bytes)
{
	struct transport_reply r = { .status = status };
	bool again = false, heeded;

	buf_init(&r.body, BUF_LINE_MAX);
	buf_text(&r.body, body);
	heeded = trouble_heed(&again, t, &r, from, count, bytes);
	assert_int_equal(again, heeded);
	transport_reply_release(&r);
	return heeded;
}

static void
three_times_then_aside(void **state)
{
	static const char named[] = "{\"error\":\"internal\",\"n\":50}";
	struct trouble t = {0};

	(void)state;
	assert_true(heed(&t, 500, named, 1, 100, 9000));
	assert_int_equal(trouble_before(&t, 1), 50);
	assert_int_equal(trouble_before(&t, 50), 51);
	assert_int_equal(trouble_before(&t, 51), 0);
	assert_int_equal(t.park, 0);
	assert_true(heed(&t, 500, named, 50, 1, 90));
	assert_int_equal(t.park, 0);
	assert_true(heed(&t, 500, named, 50, 1, 90));
	assert_int_equal(t.park, 50);
	/* not even that can be done */
	assert_false(heed(&t, 500, named, 50, 1, 90));
	assert_false(trouble_ended(&t, 49));
	assert_true(trouble_ended(&t, 50));
	assert_int_equal(t.n, 0);
	assert_false(trouble_ended(&t, 51));
}

static void
one_that_recovers_is_not_put_aside(void **state)
{
	struct trouble t = {0};

	(void)state;
	assert_true(heed(&t, 500, "{\"n\":7}", 7, 3, 300));
	assert_true(heed(&t, 500, "{\"n\":7}", 7, 1, 100));
	assert_false(trouble_ended(&t, 7));
	assert_int_equal(t.n, 0);
	assert_true(heed(&t, 500, "{\"n\":9}", 8, 2, 200));
	assert_int_equal(t.times, 1);
}

static void
what_names_none_is_no_trouble(void **state)
{
	static const char *const bodies[] = { "", "{}", "{\"n\":0}", "<html>",
		"{\"n\":4}", "{\"n\":11}", "{\"n\":\"7\"}" };
	struct trouble t = {0};

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		assert_false(heed(&t, 500, bodies[i], 5, 6, 600));
	assert_false(heed(&t, 503, "{\"n\":7}", 5, 6, 600));
	assert_false(heed(&t, 200, "{\"n\":7}", 5, 6, 600));
	assert_int_equal(t.n, 0);
}

static void
too_large_halves_the_push(void **state)
{
	struct trouble t = {0};

	(void)state;
	assert_true(heed(&t, 413, "{}", 1, 100, 640000));
	assert_int_equal(t.push_max, 320000);
	assert_true(heed(&t, 413, "{}", 1, 50, 320000));
	assert_int_equal(t.push_max, 160000);
	/* several that are small: those who take nothing are not believed */
	assert_true(heed(&t, 413, "{}", 1, 2, 600));
	assert_int_equal(t.push_max, 300);
	assert_false(heed(&t, 413, "{}", 1, 1, 300));
	assert_false(heed(&t, 413, "{}", 1, 0, 0));
	assert_int_equal(t.large, 0);
}

static void
a_large_one_alone_goes_without_its_content(void **state)
{
	struct trouble t = {0};

	(void)state;
	assert_true(heed(&t, 413, "<html>", 4, 1, 90000));
	assert_int_equal(t.large, 4);
	/* not even that */
	assert_false(heed(&t, 413, "<html>", 4, 1, 90000));
	assert_false(trouble_ended(&t, 3));
	assert_true(trouble_ended(&t, 4));
	assert_int_equal(t.large, 0);
	assert_false(trouble_ended(&t, 5));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_times_then_aside),
		cmocka_unit_test(one_that_recovers_is_not_put_aside),
		cmocka_unit_test(what_names_none_is_no_trouble),
		cmocka_unit_test(too_large_halves_the_push),
		cmocka_unit_test(a_large_one_alone_goes_without_its_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
