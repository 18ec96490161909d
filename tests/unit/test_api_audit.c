/*
 * Who saw a record, asked over the line; and what is noted of those who are
 * refused, which a busy one cannot fill the disk with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"
#include "kit/callers.h"
#include "kit/check.h"
#include "kit/county.h"
#include "server/api.h"
#include "server/ledger_audit.h"

enum { REFUSALS_A_MINUTE = 30 };

enum { CLERK, CHIEF, OTHER_CHIEF, LEADER, ADMIN, SEATS };

static const struct {
	const char *office, *role;
} seated[SEATS] = {
	{ "9900000001", "clerk" }, { "9900000001", "chief" },
	{ "9900000002", "chief" }, { "990000", "county_leader" },
	{ "990000", "admin" },
};

struct day {
	struct county c;
	struct api *api;
	struct county_seat seats[SEATS];
	struct uuid matter;
};

static int
setup(void **state)
{
	struct day *d = mem_alloc(1, sizeof *d);
	struct err err = ERR_INIT;
	struct op op;

	tr_set(TR_EN);
	clock_fix(clock_parse("2026-11-22T10:00:00+08:00"));
	clock_fix_mono(1);
	county_open(&d->c);
	kit_check(api_new(&d->api, d->c.ledger, d->c.schema, &err), &err);
	for (size_t i = 0; i < SEATS; i++)
		county_seat(&d->seats[i], &d->c, seated[i].office,
		    seated[i].role);
	d->matter = uuid_new();
	county_op(&op, &d->c, AT_ONE, OP_NEW, "matter", &d->matter, "u1", 0,
	    "title=一", NULL);
	assert_int_equal(county_do(&d->c, AT_ONE, &op), VERDICT_OK);
	op_release(&op);
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	struct day *d = *state;

	api_free(d->api);
	county_close(&d->c);
	free(d);
	clock_fix(0);
	clock_fix_mono(0);
	tr_set(TR_ZH);
	return 0;
}

/* Somebody looked at the matter, as their computer noted it. */
static void
looked(struct day *d, const struct county_seat *seat)
{
	static const uint8_t before[AUDIT_HASH];
	struct audit_entry e = { .n = 1, .at = clock_now_at(),
		.ids = &d->matter, .id_count = 1, .count = 1 };
	struct err err = ERR_INIT;
	struct db *db = NULL;
	struct buf text;
	int64_t acked = 0;

	snprintf(e.what, sizeof e.what, "%s", audit_word(AUDIT_VIEW));
	snprintf(e.by, sizeof e.by, "%s", seat->login);
	snprintf(e.reg, sizeof e.reg, "matter");
	buf_init(&text, AUDIT_LINE_MAX);
	audit_print(&text, &e);
	kit_check(ledger_begin(&db, d->c.ledger, &err), &err);
	kit_check(ledger_end(d->c.ledger, ledger_audit_take(&acked, db,
	    &seat->device.id, before, true, text.data, text.len, &err), &err),
	    &err);
	assert_int_equal(acked, 1);
	buf_release(&text);
}

/* Who saw it: how often each of the seats stands in the answer to one. */
static void
who(int seen[SEATS], struct day *d, int asks, int status)
{
	char id[UUID_TEXT_MAX], path[80];
	struct call_answer a;

	uuid_print(id, &d->matter);
	snprintf(path, sizeof path, "/v1/audit?record=%s", id);
	call_api(&a, d->api, &d->seats[asks], "GET", path, "");
	assert_int_equal(a.status, status);
	for (int i = 0; seen && i < SEATS; i++) {
		char by[RECORD_NAME_MAX + 12];

		snprintf(by, sizeof by, "\"by\":\"%s\"", d->seats[i].login);
		seen[i] = 0;
		for (const char *at = strstr(a.body.data, by); at;
		    at = strstr(at + 1, by))
			seen[i]++;
	}
	buf_release(&a.body);
}

/* A chief hears of what was done in the own office, the county of all, and
 * asking is an entry itself; others hear nothing. */
static void
who_saw_it_is_for_those_who_answer_for_it(void **state)
{
	struct day *d = *state;
	int seen[SEATS];

	looked(d, &d->seats[CLERK]);
	looked(d, &d->seats[LEADER]);
	who(NULL, d, CLERK, 403);
	who(NULL, d, ADMIN, 403);
	who(NULL, d, OTHER_CHIEF, 404);
	who(seen, d, CHIEF, 200);
	assert_int_equal(seen[CLERK], 1);
	assert_int_equal(seen[LEADER], 0);
	assert_int_equal(seen[CHIEF], 1);
	who(seen, d, LEADER, 200);
	assert_int_equal(seen[CLERK], 1);
	assert_int_equal(seen[LEADER], 2);
	assert_int_equal(seen[CHIEF], 1);
	assert_int_equal(seen[OTHER_CHIEF], 0);
}

/* ---- refusals ---- */

static int64_t
refusals(struct day *d, const struct county_seat *seat)
{
	struct err err = ERR_INIT;
	struct db *db = NULL;
	int64_t n = -1;
	char *sql = mem_printf("SELECT count(*) FROM audit WHERE login = '%s'"
	    " AND instr(entry, '\"what\":\"%s\"') > 0", seat->login,
	    audit_word(AUDIT_REFUSED));

	kit_check(ledger_begin_read(&db, d->c.ledger, &err), &err);
	kit_check(db_number(&n, db, sql, &err), &err);
	ledger_end_read(d->c.ledger);
	free(sql);
	return n;
}

static void
knock(struct day *d, int asks, int times)
{
	for (int i = 0; i < times; i++) {
		const struct uuid nobody = uuid_new();
		char id[UUID_TEXT_MAX];
		struct call_answer a;
		char *body;

		uuid_print(id, &nobody);
		body = mem_printf("{\"id\":\"%s\"}", id);
		call_api(&a, d->api, &d->seats[asks], "POST", "/v1/history",
		    body);
		assert_int_equal(a.status, 404);
		free(body);
		buf_release(&a.body);
	}
}

/* Each is noted, up to so many a minute of one computer; another one's are
 * counted apart, and the answer is the same whether it is noted or not. */
static void
who_is_refused_is_noted_so_many_times(void **state)
{
	struct day *d = *state;

	knock(d, CLERK, 3);
	assert_int_equal(refusals(d, &d->seats[CLERK]), 3);
	knock(d, CLERK, 2 * REFUSALS_A_MINUTE);
	assert_int_equal(refusals(d, &d->seats[CLERK]), REFUSALS_A_MINUTE);
	clock_fix_mono(61 * 1000);
	knock(d, CLERK, 2);
	assert_int_equal(refusals(d, &d->seats[CLERK]),
	    REFUSALS_A_MINUTE + 2);
	assert_int_equal(refusals(d, &d->seats[LEADER]), 0);
	knock(d, LEADER, 1);
	assert_int_equal(refusals(d, &d->seats[LEADER]), 1);
	who(NULL, d, ADMIN, 403);
	assert_int_equal(refusals(d, &d->seats[ADMIN]), 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(who_saw_it_is_for_those_who_answer_for_it),
		TEST(who_is_refused_is_noted_so_many_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
