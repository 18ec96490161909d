/* The tasks of a month: done, not yet, late, not asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "kit/files.h"
#include "kit/playoffice.h"
#include "store/month.h"
#include "store/overview.h"
#include "store/save.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000

struct office {
	struct cli cli;
	char home[64];
	const struct schema_register *reg;
	struct uuid subject;		/* strict: a report each 7 days */
};

static int
set_up(void **state)
{
	struct office *o = mem_alloc(1, sizeof *o);
	const char *person[] = { "name=周八", NULL };
	char id[UUID_TEXT_MAX], of[64];
	struct uuid who;

	crypto_init();
	tr_set(TR_EN);
	clock_fix(NOW_AT);
	(void)snprintf(o->home, sizeof o->home, "/tmp/fengqiao-month-XXXXXX");
	if (!mkdtemp(o->home))
		return -1;
	playoffice_make(&o->cli, o->home);
	who = playoffice_add(&o->cli, "person", person);
	uuid_print(id, &who);
	(void)snprintf(of, sizeof of, "person_id=%s", id);
	const char *subject[] = { of, "category=02", "level=strict",
		"received_on=2026-01-10", "term_to=2027-01-09",
		"@state=active", NULL };

	o->subject = playoffice_add(&o->cli, "correction_subject", subject);
	o->reg = schema_register_find(o->cli.schema, "correction_subject");
	*state = o;
	return 0;
}

static int
tear_down(void **state)
{
	struct office *o = *state;

	cli_release(&o->cli);
	clock_fix(0);
	files_remove(o->home);
	free(o);
	return 0;
}

static struct uuid
add_event(struct office *o, const char *kind, const char *at)
{
	char id[UUID_TEXT_MAX], subject[64], what[40], when[40];

	uuid_print(id, &o->subject);
	(void)snprintf(subject, sizeof subject, "subject_id=%s", id);
	(void)snprintf(what, sizeof what, "event_kind=%s", kind);
	(void)snprintf(when, sizeof when, "held_at=%s", at);
	const char *values[] = { subject, what, when, "visited=x",
		"report_way=01", "recorder=x", "content=x", "talk_reason=2",
		NULL };

	return playoffice_add(&o->cli, "correction_event", values);
}

/* The cell of a task, as "done 2026-02-03 x2". */
static const char *
cell(struct office *o, const char *task, const char *month, const char *today)
{
	static const char *const words[] = { "none", "done", "open", "late" };
	static char text[64];
	struct month_table t = {0};

	month_gather(&t, o->cli.store, o->reg, &o->subject, date_parse(month),
	    date_parse(today));
	assert_int_equal(t.count, 1);
	(void)snprintf(text, sizeof text, "no such task");
	for (size_t i = 0; i < t.rule_count; i++) {
		const struct month_cell *c = month_cell_at(&t, 0, i);
		char on[DATE_TEXT_MAX];

		if (strcmp(t.rules[i]->name, task) != 0)
			continue;
		date_print(on, c->on);
		(void)snprintf(text, sizeof text, "%s %s x%zu",
		    words[c->mark], on, c->times);
	}
	month_release(&t);
	return text;
}

static void
done_and_not_yet(void **state)
{
	struct office *o = *state;

	/* received on 01-10, so the first talk and thoughts are February's */
	assert_string_equal(cell(o, "talk", "2026-01-01", "2026-01-20"),
	    "none  x0");
	assert_string_equal(cell(o, "talk", "2026-02-01", "2026-02-20"),
	    "open 2026-02-28 x0");
	assert_string_equal(cell(o, "visit", "2026-02-01", "2026-02-20"),
	    "late 2026-02-10 x0");
	(void)add_event(o, "talk", "2026-02-03T10:00");
	(void)add_event(o, "talk", "2026-02-01T10:00");
	assert_string_equal(cell(o, "talk", "2026-02-01", "2026-02-20"),
	    "done 2026-02-03 x2");
	assert_string_equal(cell(o, "talk", "2026-03-01", "2026-03-02"),
	    "open 2026-03-31 x0");
	/* of a month that is over, what was not done was missed */
	assert_string_equal(cell(o, "thought_report", "2026-02-01",
	    "2026-03-02"), "late 2026-02-28 x0");
	assert_string_equal(cell(o, "talk", "2026-02-01", "2026-03-02"),
	    "done 2026-02-03 x2");
}

/* A weekly report is done in the month and late in it again. */
static void
more_than_once_a_month(void **state)
{
	struct office *o = *state;

	(void)add_event(o, "report", "2026-02-05T10:00");
	assert_string_equal(cell(o, "report", "2026-02-01", "2026-02-06"),
	    "done 2026-02-05 x1");
	assert_string_equal(cell(o, "report", "2026-02-01", "2026-02-12"),
	    "done 2026-02-05 x1");
	assert_string_equal(cell(o, "report", "2026-02-01", "2026-02-13"),
	    "late 2026-02-12 x1");
	(void)add_event(o, "report", "2026-02-13T10:00");
	assert_string_equal(cell(o, "report", "2026-02-01", "2026-02-13"),
	    "done 2026-02-13 x2");
}

static void
only_who_is_asked(void **state)
{
	struct office *o = *state;
	struct month_table t = {0};
	struct uuid id = add_event(o, "talk", "2026-02-03T10:00");
	struct err err = ERR_INIT;

	/* health is for those who serve outside prison; a report is no state
	 * of health of anybody else */
	(void)add_event(o, "report", "2026-03-01T10:00");
	assert_string_equal(cell(o, "health", "2026-03-01", "2026-03-02"),
	    "none  x0");
	assert_string_equal(cell(o, "device", "2026-03-01", "2026-03-02"),
	    "no such task");
	/* a withdrawn talk is none */
	assert_int_equal(save_remove(o->cli.store, &id, "twice", &err), E_OK);
	assert_string_equal(cell(o, "talk", "2026-02-01", "2026-02-20"),
	    "open 2026-02-28 x0");
	/* all who are on the roll */
	month_gather(&t, o->cli.store, o->reg, NULL, date_parse("2026-03-01"),
	    date_parse("2026-03-02"));
	assert_true(t.count >= 3);
	for (size_t i = 0; i < t.count; i++)
		assert_string_equal(overview_find(o->cli.store,
		    &t.ids[i])->state, "active");
	month_release(&t);
	assert_true(month_has(o->cli.schema, o->reg));
	assert_false(month_has(o->cli.schema,
	    schema_register_find(o->cli.schema, "person")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(done_and_not_yet, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(more_than_once_a_month, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(only_who_is_asked, set_up,
		    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
