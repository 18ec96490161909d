/* What is due in a cache: the walk over all records and their children. */
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
#include "store/due.h"
#include "store/overview.h"
#include "store/save.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000

struct office {
	struct cli cli;
	char home[64];
	struct uuid subject, event, matter;
};

static struct uuid
add_event(struct office *o, const char *kind, const char *at)
{
	char id[UUID_TEXT_MAX], subject[64], what[40], when[40];

	uuid_print(id, &o->subject);
	(void)snprintf(subject, sizeof subject, "subject_id=%s", id);
	(void)snprintf(what, sizeof what, "event_kind=%s", kind);
	(void)snprintf(when, sizeof when, "held_at=%s", at);
	const char *values[] = { subject, what, when, "visited=x",
		"report_way=01", "recorder=x", "content=x", NULL };

	return playoffice_add(&o->cli, "correction_event", values);
}

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
	(void)snprintf(o->home, sizeof o->home, "/tmp/fengqiao-due-XXXXXX");
	if (!mkdtemp(o->home))
		return -1;
	playoffice_make(&o->cli, o->home);
	who = playoffice_add(&o->cli, "person", person);
	uuid_print(id, &who);
	(void)snprintf(of, sizeof of, "person_id=%s", id);
	const char *subject[] = { of, "category=02", "level=strict",
		"received_on=2026-02-20", "group_on=2026-02-21",
		"announced_on=2026-02-21", "plan_on=2026-02-21",
		"term_to=2027-02-19", "@state=active", NULL };
	const char *matter[] = { "accept_date=2026-02-01", "dispute_type=ll",
		"@state=agreed", "result=1", "agr_date=2026-02-03",
		"perform_due=2026-03-02", NULL };

	o->subject = playoffice_add(&o->cli, "correction_subject", subject);
	o->matter = playoffice_add(&o->cli, "mediation_case", matter);
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

/* The state under a rule, DEADLINE_NONE when it is not in the list. */
static enum deadline_state
found(const struct due_list *l, const struct uuid *id, const char *rule,
	const char *on)
{
	for (size_t i = 0; i < l->count; i++) {
		char text[DATE_TEXT_MAX];

		if (uuid_compare(&l->items[i].id, id) != 0 ||
		    strcmp(l->items[i].rule->name, rule) != 0)
			continue;
		date_print(text, l->items[i].when.on);
		assert_string_equal(text, on);
		return l->items[i].when.state;
	}
	return DEADLINE_NONE;
}

static void
gather(struct due_list *l, struct office *o, const char *today, int days)
{
	due_gather(l, o->cli.store, date_parse(today), days);
}

static void
the_last_child_counts(void **state)
{
	struct office *o = *state;
	struct due_list l = {0};

	gather(&l, o, "2026-02-26", DUE_AS_RULED);
	assert_int_equal(found(&l, &o->subject, "report", "2026-02-27"),
	    DEADLINE_SOON);
	gather(&l, o, "2026-03-02", DUE_AS_RULED);
	assert_int_equal(found(&l, &o->subject, "report", "2026-02-27"),
	    DEADLINE_LATE);
	(void)add_event(o, "report", "2026-02-24T10:00");
	(void)add_event(o, "report", "2026-02-22T10:00");
	(void)add_event(o, "home_visit", "2026-03-01T10:00");
	gather(&l, o, "2026-03-02", DUE_AS_RULED);
	assert_int_equal(found(&l, &o->subject, "report", "2026-03-03"),
	    DEADLINE_SOON);
	/* a visit is no report, and is not asked for again so soon */
	assert_int_equal(found(&l, &o->subject, "visit", ""), DEADLINE_NONE);
	due_release(&l);
}

static void
a_withdrawn_child_does_not(void **state)
{
	struct office *o = *state;
	struct uuid id = add_event(o, "report", "2026-03-02T09:00");
	struct due_list l = {0};
	struct err err = ERR_INIT;

	gather(&l, o, "2026-03-02", DUE_AS_RULED);
	assert_int_equal(found(&l, &o->subject, "report", ""), DEADLINE_NONE);
	assert_int_equal(save_remove(o->cli.store, &id, "entered twice", &err),
	    E_OK);
	assert_int_equal(overview_refresh(o->cli.store, NULL, &err), E_OK);
	gather(&l, o, "2026-03-02", DUE_AS_RULED);
	assert_int_equal(found(&l, &o->subject, "report", "2026-02-27"),
	    DEADLINE_LATE);
	due_release(&l);
}

static void
soon_reaches_as_far_as_asked(void **state)
{
	struct office *o = *state;
	struct due_list l = {0};

	gather(&l, o, "2026-02-20", DUE_AS_RULED);
	assert_int_equal(found(&l, &o->subject, "report", ""), DEADLINE_NONE);
	gather(&l, o, "2026-02-20", 7);
	assert_int_equal(found(&l, &o->subject, "report", "2026-02-27"),
	    DEADLINE_SOON);
	gather(&l, o, "2026-02-20", 6);
	assert_int_equal(found(&l, &o->subject, "report", ""), DEADLINE_NONE);
	/* what is late and due today is there all the same */
	gather(&l, o, "2026-03-02", 1);
	assert_int_equal(found(&l, &o->matter, "perform", "2026-03-02"),
	    DEADLINE_TODAY);
	assert_int_equal(found(&l, &o->subject, "report", "2026-02-27"),
	    DEADLINE_LATE);
	due_release(&l);
}

/* Gathered again only when something moved: a save does, a draft does not. */
static void
gathered_when_records_move(void **state)
{
	struct office *o = *state;
	struct due_list l = {0};
	const struct due_item *items;

	gather(&l, o, "2026-03-02", DUE_AS_RULED);
	items = l.items;
	assert_true(l.count > 0);
	l.items[0].when.approximate = true;
	gather(&l, o, "2026-03-02", DUE_AS_RULED);
	assert_ptr_equal(l.items, items);
	assert_true(l.items[0].when.approximate);
	(void)add_event(o, "report", "2026-03-02T09:00");
	gather(&l, o, "2026-03-02", DUE_AS_RULED);
	assert_int_equal(found(&l, &o->subject, "report", ""), DEADLINE_NONE);
	assert_false(l.items[0].when.approximate);
	gather(&l, o, "2026-03-08", DUE_AS_RULED);
	assert_int_equal(found(&l, &o->subject, "report", "2026-03-09"),
	    DEADLINE_SOON);
	due_release(&l);
}

/* Late before today before soon; of the late the gravest, then the longest. */
static void
the_gravest_late_first(void **state)
{
	struct office *o = *state;
	struct due_list l = {0};
	size_t late = 0;

	gather(&l, o, "2026-05-01", 366);
	assert_true(l.count > 5);
	for (size_t i = 1; i < l.count; i++) {
		const struct due_item *a = &l.items[i - 1], *b = &l.items[i];

		assert_true(a->when.state >= b->when.state);
		if (b->when.state == DEADLINE_LATE) {
			late++;
			assert_true(a->rule->rank < b->rule->rank ||
			    (a->rule->rank == b->rule->rank &&
			    a->when.on <= b->when.on));
		} else if (a->when.state == b->when.state) {
			assert_true(a->when.on <= b->when.on);
		}
	}
	assert_true(late > 1);
	/* a term that has ended is graver than a visit */
	assert_string_equal(l.items[0].rule->name, "release");
	/* a right that lapsed two months ago is no work */
	assert_int_equal(found(&l, &o->matter, "confirm", ""), DEADLINE_NONE);
	gather(&l, o, "2026-03-02", 366);
	assert_int_equal(found(&l, &o->matter, "confirm", "2026-03-05"),
	    DEADLINE_SOON);
	due_release(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_last_child_counts, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(a_withdrawn_child_does_not,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(soon_reaches_as_far_as_asked,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(gathered_when_records_move,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_gravest_late_first, set_up,
		    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
