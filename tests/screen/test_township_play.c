/*
 * The township of "make demo", played in one cache without a server, on days
 * when the calendar is not as usual.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/date.h"
#include "kit/people.h"
#include "kit/play.h"
#include "store/overview.h"

static enum status
sit(void *self, struct store **out, const char *role, struct err *err)
{
	struct people *p = self;

	(void)err;
	people_sit(p, role);
	*out = p->cli.store;
	return E_OK;
}

static void
say(void *self, const char *words)
{
	(void)self;
	print_error("tests/demo/township.play:%s\n", words);
}

static void
every_register_is_used(struct people *p)
{
	const struct schema *schema = p->cli.schema;
	size_t unused = 0;

	for (size_t i = 0; i < schema->register_count; i++) {
		bool used = false;

		for (size_t k = 0; k < overview_count(p->cli.store); k++) {
			const struct overview *o = overview_at(p->cli.store, k);

			used = used || (o && !o->deleted &&
			    o->reg == &schema->registers[i]);
		}
		if (!used)
			print_error("no %s\n", schema->registers[i].name);
		unused += !used;
	}
	assert_int_equal(unused, 0);
}

static void
play_on(const char *today)
{
	struct people p;
	struct play_host host = { &p, sit, say };
	struct play_result result;
	struct err err = ERR_INIT;

	people_open_on(&p, date_parse(today));
	assert_int_equal(play_run(&result, &host, "tests/demo/township.play",
	    &err), E_OK);
	assert_int_equal(result.faults, 0);
	assert_true(result.entered > 300);
	every_register_is_used(&p);
	people_close(&p);
}

static void
test_a_sunday(void **state)
{
	(void)state;
	play_on("2026-11-22");
}

static void
test_leap_day(void **state)
{
	(void)state;
	play_on("2028-02-29");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_sunday),
		cmocka_unit_test(test_leap_day),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
