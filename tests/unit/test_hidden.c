/*
 * Several people at one cache: what each role may not read is not in memory,
 * by the definitions that we ship.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "kit/cache.h"
#include "store/hidden.h"
#include "store/overview.h"

enum { PERSON, DISPUTE, SUBJECT, RECORDS };

static const struct {
	const char *role;
	bool sees[RECORDS];
} rows[] = {
	{ "mediator", { true, true, false } },
	{ "county_base", { true, true, false } },
	{ "county_command", { false, true, false } },
	{ "county_correction", { true, false, true } },
	{ "county_legal_aid", { true, false, false } },
	{ "admin", { false, false, false } },
	{ "auditor", { true, true, true } },
	{ "chief", { true, true, true } },
};

static void
each_role_has_its_registers(void **state)
{
	struct cache *c = *state;
	struct uuid id[RECORDS];
	char person[UUID_TEXT_MAX], text[100];

	id[PERSON] = cache_add(c->s, "person", "kind=01;name=测试甲;id_type=111");
	uuid_print(person, &id[PERSON]);
	id[DISPUTE] = cache_add(c->s, "mediation_case",
	    "accept_date=2026-01-05;dispute_type=ll;form=1;source=1");
	snprintf(text, sizeof text, "person_id=%s;category=02", person);
	id[SUBJECT] = cache_add(c->s, "correction_subject", text);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = ERR_INIT;

		assert_int_equal(store_user_become(c->s, rows[i].role,
		    "3412000001", &err), E_OK);
		assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
		for (int k = 0; k < RECORDS; k++) {
			struct record r = {0};
			struct err no = ERR_INIT;
			bool sees = rows[i].sees[k];

			print_message("# %s %d\n", rows[i].role, k);
			assert_int_equal(overview_find(c->s, &id[k]) != NULL,
			    sees);
			assert_int_equal(hidden_is(c->s, &id[k]), !sees);
			assert_int_equal(store_get(&r, c->s, &id[k], &no),
			    sees ? E_OK : E_AUTH);
			record_release(&r);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_role_has_its_registers,
		    cache_set_up_builtin, cache_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
