/*
 * Lists in the trace: one entry for what was opened, not one for each row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "client/app.h"
#include "client/cli_open.h"
#include "client/screen_due.h"
#include "client/screen_list.h"
#include "client/screen_month.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "kit/playapp.h"
#include "kit/screen.h"
#include "store/audit.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000

struct last {
	int64_t n, count;
	size_t ids;
	char what[RECORD_NAME_MAX], reg[RECORD_NAME_MAX];
	char note[AUDIT_NOTE_MAX];
};

static bool
take(void *self, const struct audit_entry *e)
{
	struct last *l = self;

	l->n = e->n;
	l->count = e->count;
	l->ids = e->id_count;
	snprintf(l->what, sizeof l->what, "%s", e->what);
	snprintf(l->reg, sizeof l->reg, "%s", e->reg);
	snprintf(l->note, sizeof l->note, "%s", e->note);
	return false;
}

/* The newest entry. */
static struct last
last(struct playapp *p)
{
	struct last l = {0};
	struct err err = ERR_INIT;

	if (audit_each(p->cli.store, take, &l, &err))
		fail_msg("%s", err.msg);
	return l;
}

static const struct schema_register *
named(struct playapp *p, const char *name)
{
	const struct schema_register *reg = schema_register_find(p->cli.schema,
	    name);

	assert_non_null(reg);
	return reg;
}

static void
expect(struct playapp *p, int64_t n, const char *what, const char *reg,
    const char *note)
{
	struct last l = last(p);

	assert_int_equal(l.n, n);
	assert_string_equal(l.what, what);
	assert_string_equal(l.reg, reg);
	assert_string_equal(l.note, note);
	assert_true(l.count > 0);
	assert_int_equal(l.ids, 0);
}

/* A list is one entry, other conditions are another one; finding in it and
 * coming back to it are none, nor is a register that everybody reads. */
static void
a_list_is_one_entry(void **state)
{
	struct playapp p;
	int64_t n;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "app");
	n = last(&p).n;
	screen_list_push(&p.app, named(&p, "village"), -1);
	playapp_keys(&p, "j");
	assert_int_equal(last(&p).n, n);
	playapp_keys(&p, "q");

	screen_list_push(&p.app, named(&p, "person"), -1);
	playapp_keys(&p, "j");
	expect(&p, n + 1, "list", "person", "");
	playapp_keys(&p, "f");
	playapp_keys(&p, "w");
	playapp_keys(&p, "a");
	playapp_keys(&p, "Esc");
	assert_int_equal(last(&p).n, n + 1);
	playapp_keys(&p, "x");
	expect(&p, n + 2, "list", "person", "@deleted");
	playapp_keys(&p, "q");

	screen_list_push(&p.app, named(&p, "correction_subject"), 0);
	playapp_keys(&p, "j");
	assert_int_equal(last(&p).n, n + 3);
	assert_non_null(strstr(last(&p).note, "@"));
	playapp_stop(&p);
}

static void
deadlines_and_tasks_are_lists(void **state)
{
	struct playapp p;
	int64_t n;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "app");
	n = last(&p).n;
	screen_due_push(&p.app, NULL, DEADLINE_TODAY);
	expect(&p, n + 1, "list", "", "due");
	playapp_keys(&p, "q");
	screen_month_push(&p.app, named(&p, "correction_subject"));
	expect(&p, n + 2, "list", "correction_subject", "month");
	playapp_stop(&p);
}

/* However many letters are typed, a search is one entry. */
static void
a_search_is_one_entry(void **state)
{
	struct playapp p;
	int64_t n;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "app");
	n = last(&p).n;
	playapp_keys(&p, "/");
	assert_int_equal(last(&p).n, n);
	playapp_keys(&p, "z");
	playapp_keys(&p, "h");
	expect(&p, n + 1, "find", "", "");
	playapp_keys(&p, "Backspace");
	playapp_keys(&p, "Backspace");
	playapp_keys(&p, "w");
	assert_int_equal(last(&p).n, n + 2);
	playapp_stop(&p);
}

static void
expect_one(struct playapp *p, int64_t n, const char *what, const char *note)
{
	struct last l = last(p);

	assert_int_equal(l.n, n);
	assert_string_equal(l.what, what);
	assert_string_equal(l.reg, "person");
	assert_string_equal(l.note, note);
	assert_int_equal(l.ids, 1);
}

/* Its page, its trail, its form, its id number whole: each is one. */
static void
a_record_is_an_entry_each_way(void **state)
{
	struct playapp p;
	int64_t n;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "app");
	playapp_keys(&p, "p");
	n = last(&p).n;
	playapp_keys(&p, "Enter");
	expect_one(&p, n + 1, "view", "");
	playapp_keys(&p, "u");
	expect_one(&p, n + 2, "unmask", "");
	playapp_keys(&p, "h");
	expect_one(&p, n + 3, "view", "trail");
	playapp_keys(&p, "q e");
	expect_one(&p, n + 4, "view", "form");
	playapp_stop(&p);
}

/* What cannot be noted is not shown, and is when it can be. */
static void
no_note_no_rows(void **state)
{
	struct playapp p;
	int64_t n;

	(void)state;
	playapp_start(&p, TR_EN, NOW_AT, "app");
	screen_list_push(&p.app, named(&p, "person"), -1);
	playapp_keys(&p, "j");
	assert_true(screen_has(&p.canvas, "1-"));
	n = last(&p).n;
	db_fail_after(1);
	playapp_keys(&p, "x");
	db_fail_after(0);
	assert_int_equal(last(&p).n, n);
	assert_false(screen_has(&p.canvas, "1-"));
	playapp_keys(&p, "x");
	assert_int_equal(last(&p).n, n + 1);
	assert_true(screen_has(&p.canvas, "1-"));
	playapp_stop(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_one_entry),
		cmocka_unit_test(deadlines_and_tasks_are_lists),
		cmocka_unit_test(a_search_is_one_entry),
		cmocka_unit_test(a_record_is_an_entry_each_way),
		cmocka_unit_test(no_note_no_rows),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
