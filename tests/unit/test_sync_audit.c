/*
 * The trace of a cache on its way to the county: told once, and told again to a
 * ledger that was put back, though nothing new is to be told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/tr.h"
#include "kit/township_say.h"
#include "kit/township_trace.h"
#include "store/audit.h"

static void
looks_at(struct site *site, const struct uuid *id)
{
	struct err err = ERR_INIT;

	if (audit_put(site->s, &(struct audit_note){ .what = AUDIT_VIEW,
	    .reg = "matter", .ids = id, .id_count = 1 }, &err))
		fail_msg("%s", err.msg);
}

static void
all_has_arrived(struct township *t)
{
	struct buf faults;

	buf_init(&faults, BUF_LINE_MAX);
	township_trace_faults(&faults, t);
	if (faults.len > 0)
		fail_msg("%s", faults.data);
	buf_release(&faults);
}

static void
what_was_looked_at_is_told(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	looks_at(p.a, &p.id);
	looks_at(p.a, &p.id);
	say_sync(p.a);
	all_has_arrived(t);
	assert_int_equal(township_number(t, "SELECT count(*) FROM audit_about"),
		2);
}

static void
a_ledger_put_back_is_told_again(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_sync(p.b);
	township_backup(t);
	looks_at(p.a, &p.id);
	say_sync(p.a);
	township_restore(t);
	say_sync(p.a);
	all_has_arrived(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(what_was_looked_at_is_told),
		SAID(a_ledger_put_back_is_told_again),
	};

	tr_set(TR_EN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
