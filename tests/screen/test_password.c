/*
 * The screens about a person's own password: what is said at the sign-in, the
 * change, and what cannot be passed by.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "client/screen_signin.h"
#include "kit/playapp.h"
#include "kit/playoffice.h"
#include "kit/screen.h"

#define NOW_AT 1772413031000LL	/* 2026-03-02 08:57:11 +08:00 */
#define NEW_KEYS "=Qingshi-2027"

/* The office with a password that is good until this day; the sign-in. */
static void
open_with(struct playapp *p, enum tr_lang lang, int64_t password_on)
{
	struct err err = ERR_INIT;

	playapp_start(p, lang, NOW_AT, "password");
	if (store_password_told(p->cli.store, password_on, &err))
		fail_msg("%s", err.msg);
	app_lock(&p->app);
	playapp_keys(p, "^L");
}

static void
sign_in(struct playapp *p)
{
	playapp_keys(p, "=" PLAYOFFICE_PASSWORD " Enter");
	while (app_run_later(&p->app))
		continue;
	playapp_keys(p, "^L");
}

/* The server's answer; a child that the program started is this one (main). */
static void
answer(struct playapp *p, int status, const char *said)
{
	screen_signin_take(&p->app, status, said);
	playapp_keys(p, "^L");
}

static void
child_answers(struct playapp *p, const char *status)
{
	(void)setenv("PLAY_STATUS", status, 1);
	sign_in(p);
	for (int i = 0; i < 500 && screen_signin_fd(&p->app) >= 0; i++) {
		screen_signin_read(&p->app);
		(void)usleep(10000);
	}
	app_paint(&p->app, &p->canvas);
}

/* A week before, it is said, and stands among what is to be done. */
static void
in_time(enum tr_lang lang)
{
	struct playapp p;
	struct err err = ERR_INIT;

	open_with(&p, lang, clock_day_of(NOW_AT) + 5);
	playapp_keys(&p, "=" PLAYOFFICE_PASSWORD " Enter");
	while (app_run_later(&p.app))
		continue;
	app_paint(&p.app, &p.canvas);
	playapp_expect(&p, "soon");
	playapp_keys(&p, "K");
	playapp_expect(&p, "change");
	playapp_keys(&p, "=" PLAYOFFICE_PASSWORD " Tab " NEW_KEYS
	    " Tab =Qingshi-2028 Enter");
	playapp_expect(&p, "differ");
	playapp_keys(&p, "^U " NEW_KEYS " Enter");
	playapp_expect(&p, "asked");
	answer(&p, CLI_OFFLINE, tr("The server did not answer, so the password "
	    "stays: only there it is changed. Should it be refused from now on, "
	    "the new one has arrived."));
	app_paint(&p.app, &p.canvas);
	playapp_keys(&p, NEW_KEYS " Enter " NEW_KEYS " Enter");
	/* what the child has written by then */
	if (store_password_told(p.cli.store, 0, &err))
		fail_msg("%s", err.msg);
	screen_signin_take(&p.app, CLI_OK, "");
	app_paint(&p.app, &p.canvas);
	playapp_expect(&p, "changed");
	playapp_stop(&p);
}

/* One that must be changed: nothing else before it is, where there is a line. */
static void
first_of_all(enum tr_lang lang)
{
	struct playapp p;

	open_with(&p, lang, 1);
	p.app.sync.automatic = true;
	child_answers(&p, "0");
	playapp_expect(&p, "first");
	playapp_keys(&p, "^] s / Z ^X");
	assert_int_equal(p.app.stack.count, 1);
	assert_null(store_user(p.cli.store));
	child_answers(&p, "4");
	assert_non_null(store_user(p.cli.store));
	playapp_expect(&p, "let_in");
	p.app.sync.automatic = false;
	playapp_stop(&p);
}

/* Known to be another by now: the server is asked before the old one opens. */
static void
changed_elsewhere(enum tr_lang lang)
{
	struct playapp p;
	struct err err = ERR_INIT;
	bool renewed = false;

	playapp_start(&p, lang, NOW_AT, "password");
	assert_int_equal(store_password_ended(&renewed, p.cli.store, &err),
	    E_OK);
	app_lock(&p.app);
	playapp_keys(&p, "^L");
	playapp_expect(&p, "old");
	p.app.sync.automatic = true;
	child_answers(&p, "3");
	assert_null(store_user(p.cli.store));
	child_answers(&p, "4");
	assert_non_null(store_user(p.cli.store));
	playapp_expect(&p, "old_offline");
	p.app.sync.automatic = false;
	playapp_stop(&p);
}

/* A password that this cache does not know may be the county's newest. */
static void
unknown_here(enum tr_lang lang)
{
	struct playapp p;

	open_with(&p, lang, 0);
	p.app.sync.automatic = true;
	(void)setenv("PLAY_STATUS", "4", 1);
	playapp_keys(&p, NEW_KEYS " Enter");
	while (app_run_later(&p.app))
		continue;
	assert_true(screen_signin_asks(&p.app));
	for (int i = 0; i < 500 && screen_signin_fd(&p.app) >= 0; i++) {
		screen_signin_read(&p.app);
		(void)usleep(10000);
	}
	app_paint(&p.app, &p.canvas);
	assert_null(store_user(p.cli.store));
	assert_true(screen_has(&p.canvas, lang == TR_ZH ? "密码错误。" :
	    "The password is wrong."));
	p.app.sync.automatic = false;
	playapp_stop(&p);
}

#define BOTH(name) \
	static void test_##name(void **state) \
	{ \
		(void)state; \
		name(TR_ZH); \
		name(TR_EN); \
	}

BOTH(in_time)
BOTH(first_of_all)
BOTH(changed_elsewhere)
BOTH(unknown_here)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_time),
		cmocka_unit_test(test_first_of_all),
		cmocka_unit_test(test_changed_elsewhere),
		cmocka_unit_test(test_unknown_here),
	};

	/* the program's own child */
	if (argc > 1 && strcmp(argv[1], "login") == 0) {
		const char *status = getenv("PLAY_STATUS");

		fputs("fengqiao: no\n", stderr);
		return status ? atoi(status) : 1;
	}
	return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
