/*
 * What the screens do against the threats of src/server/README.md: names that
 * lead elsewhere (T5), clocks that lie (T13), papers that leave (T28).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "client/app.h"
#include "client/cli_open.h"
#include "client/scan_menu.h"
#include "core/audit.h"
#include "core/scan.h"
#include "db/db_fail.h"
#include "kit/playapp.h"
#include "kit/playoffice.h"
#include "kit/screen.h"
#include "store/audit.h"
#include "store/overview.h"
#include "store/scan.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000
#define HOUR_MS (3600 * 1000LL)

/* Entries of one kind in the trace. */
struct noted {
	const char *what;
	size_t count;
	char note[AUDIT_NOTE_MAX];	/* of the newest */
};

static bool
take(void *self, const struct audit_entry *e)
{
	struct noted *n = self;

	if (strcmp(e->what, n->what) == 0 && n->count++ == 0)
		snprintf(n->note, sizeof n->note, "%s", e->note);
	return true;
}

static struct noted
noted(struct playapp *p, enum audit_what what)
{
	struct noted n = { .what = audit_word(what) };
	struct err err = ERR_INIT;

	if (audit_each(p->cli.store, take, &n, &err))
		fail_msg("%s", err.msg);
	return n;
}

/* ---- T5 ---- */

/* An attachment of this name, as another office may have sent it. */
static struct uuid
attached(struct playapp *p, const char *name)
{
	static const char *const person[] = { "name=周八", NULL };
	struct uuid above = playoffice_add(&p->cli, "person", person);
	char record[64] = "record=", named[400];

	uuid_print(record + 7, &above);
	snprintf(named, sizeof named, "name=%s", name);
	const char *values[] = { record, named, "type=pdf", "size=10",
		"hash=0123456789abcdef0123456789abcdef"
		"0123456789abcdef0123456789abcdef", "added_on=2026-03-02",
		NULL };

	return playoffice_add(&p->cli, SCAN_REGISTER, values);
}

static void
a_name_proposes_no_other_place(void **state)
{
	static const struct { const char *name, *path; } cases[] = {
		{ "../../.bashrc", "~/bashrc" },
		{ "/etc/profile.d/x.sh", "~/x.sh" },
		{ ".config", "~/config" },
		{ "-rf", "~/rf" },
		{ "..", "~/scan" },
		{ "协议书.pdf", "~/协议书.pdf" },
	};
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "threats");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct uuid scan = attached(&p, cases[i].name);

		scan_menu_open(&p.app, &scan);
		playapp_keys(&p, "s");
		if (!screen_has(&p.canvas, cases[i].path) ||
		    screen_has(&p.canvas, "~/."))
			fail_msg("%s", cases[i].name);
		playapp_keys(&p, "Esc");
	}
	playapp_stop(&p);
}

/* ---- T28 ---- */

static struct uuid
any_subject(struct playapp *p)
{
	struct store *s = p->cli.store;

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		if (o && strcmp(o->reg_name, "correction_subject") == 0)
			return o->id;
	}
	fail_msg("no subject");
	return (struct uuid){{0}};
}

/* Write the attachment to a file of this name. */
static char *
write_out(struct playapp *p, const struct uuid *scan, const char *name)
{
	char *path = io_join(p->home, name), *keys;

	scan_menu_open(&p->app, scan);
	keys = mem_printf("s ^U =%s Enter", path);
	playapp_keys(p, keys);
	free(keys);
	return path;
}

/* A paper leaves the cache with a note of it, or not at all. */
static void
an_attachment_leaves_with_a_note(void **state)
{
	static const char bytes[] = "%PDF-1.4 a paper of a criminal file";
	struct uuid above, scan;
	struct err err = ERR_INIT;
	bool failed = true, there;
	struct playapp p;
	char *path;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "threats");
	above = any_subject(&p);
	if (scan_attach(&scan, NULL, p.cli.store, &above, "a.pdf", bytes,
	    sizeof bytes - 1, &err))
		fail_msg("%s", err.msg);
	/* whatever breaks on the way */
	for (long n = 1; failed; n++) {
		size_t before = noted(&p, AUDIT_EXPORT).count;

		db_fail_after(n);
		path = write_out(&p, &scan, "out.pdf");
		failed = db_has_failed();
		db_fail_after(0);
		there = io_exists(path);
		assert_true(there || failed);
		if (there != (noted(&p, AUDIT_EXPORT).count > before))
			fail_msg("%ld", n);
		(void)unlink(path);
		free(path);
		playapp_keys(&p, "Esc");
	}
	playapp_stop(&p);
}

/* ---- T13 ---- */

/* Whoever sets the clock while somebody works finds it in the trace, with how
 * far; that the day goes on is no jump. */
static void
a_jump_is_traced(void **state)
{
	struct playapp p;
	int64_t ms = 1000000;

	(void)state;
	clock_fix_mono(ms);
	playapp_start(&p, TR_ZH, NOW_AT, "threats");
	playapp_tick(&p);
	assert_int_equal(noted(&p, AUDIT_CLOCK).count, 0);
	clock_fix_mono(ms + 60000);
	clock_fix(NOW_AT + 60000);
	playapp_tick(&p);
	assert_int_equal(noted(&p, AUDIT_CLOCK).count, 0);
	clock_fix(NOW_AT + 60000 + 3 * HOUR_MS);
	playapp_tick(&p);
	assert_int_equal(noted(&p, AUDIT_CLOCK).count, 1);
	assert_string_equal(noted(&p, AUDIT_CLOCK).note, "+10800 s");
	clock_fix(NOW_AT + 60000 - 21 * HOUR_MS);
	playapp_tick(&p);
	assert_int_equal(noted(&p, AUDIT_CLOCK).count, 2);
	assert_string_equal(noted(&p, AUDIT_CLOCK).note, "-86400 s");
	clock_fix_mono(0);
	playapp_stop(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_proposes_no_other_place),
		cmocka_unit_test(an_attachment_leaves_with_a_note),
		cmocka_unit_test(a_jump_is_traced),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
