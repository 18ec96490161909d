/*
 * A clerk's day, as screens: sign-in, home, a list, a record, a form with a
 * complaint, a code picker, help, lookup, in both languages.
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
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/cli_open.h"
#include "kit/playoffice.h"
#include "kit/screen.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000

struct play {
	struct cli cli;
	struct app app;
	struct canvas canvas;
	char home[64];
};

static void
press_app(void *self, const struct press *p)
{
	struct play *play = self;

	app_press(&play->app, p);
	(void)app_run_later(&play->app);
}

static void
play(struct play *p, const char *keys)
{
	screen_keys(keys, press_app, p);
	app_paint(&p->app, &p->canvas);
}

static void
remove_home(const char *home)
{
	char *command[] = { (char *)"rm", (char *)"-rf", (char *)home, NULL };

	if (fork() == 0)
		(void)execvp("rm", command);
}

static void
start(struct play *p, enum tr_lang lang)
{
	*p = (struct play){0};
	clock_fix(NOW_AT);
	tr_set(lang);
	(void)snprintf(p->home, sizeof p->home, "/tmp/fengqiao-app-XXXXXX");
	assert_non_null(mkdtemp(p->home));
	playoffice_make(&p->cli, p->home);
	store_lock(p->cli.store);
	app_init(&p->app, &p->cli);
	canvas_init(&p->canvas, 80, 24);
	app_paint(&p->app, &p->canvas);
}

static void
stop(struct play *p)
{
	app_release(&p->app);
	canvas_release(&p->canvas);
	cli_release(&p->cli);
	remove_home(p->home);
}

static void
sign_in(struct play *p)
{
	play(p, "^U =" PLAYOFFICE_USER " Enter =" PLAYOFFICE_PASSWORD " Enter");
}

static void
expect(struct play *p, const char *name)
{
	char *file = mem_printf("app_%s_%s", name,
		tr_lang() == TR_EN ? "en" : "zh");

	screen_expect(&p->canvas, file);
	free(file);
}

static void
day(enum tr_lang lang)
{
	struct play p;

	start(&p, lang);
	expect(&p, "signin");
	play(&p, "^U =li Enter =falsch Enter");
	expect(&p, "signin_wrong");
	sign_in(&p);
	/* after wrong ones a good one may have to wait */
	if (!*app_login(&p.app)) {
		clock_fix(NOW_AT + 600000);
		play(&p, "=" PLAYOFFICE_PASSWORD " Enter");
		clock_fix(NOW_AT);
		play(&p, "^L");
	}
	expect(&p, "home");
	play(&p, "?");
	expect(&p, "home_help");
	play(&p, "q c");
	expect(&p, "list");
	play(&p, "v");
	expect(&p, "list_filter");
	play(&p, "^X f =zs");
	expect(&p, "list_find");
	play(&p, "Esc Enter");
	expect(&p, "record");
	play(&p, "h");
	expect(&p, "record_trail");
	play(&p, "q a");
	expect(&p, "record_add");
	play(&p, "1");
	expect(&p, "event_new");
	play(&p, "^X q q m Enter");
	expect(&p, "case");
	play(&p, "m");
	expect(&p, "case_moves");
	play(&p, "1");
	expect(&p, "case_move_form");
	play(&p, "^X q n");
	expect(&p, "case_new");
	play(&p, "^S");
	expect(&p, "case_complaint");
	play(&p, "=3-1 Tab Tab ^T");
	expect(&p, "case_picker");
	play(&p, "Esc ^X y Enter q /");
	expect(&p, "lookup_empty");
	play(&p, "=zs");
	expect(&p, "lookup");
	play(&p, "Tab");
	expect(&p, "lookup_where");
	play(&p, "^X ^X s");
	expect(&p, "sync");
	stop(&p);
}

static void
test_day_zh(void **state)
{
	(void)state;
	day(TR_ZH);
}

static void
test_day_en(void **state)
{
	(void)state;
	day(TR_EN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_day_zh),
		cmocka_unit_test(test_day_en),
	};
	const char *home = getenv("OFFICE_HOME");

	crypto_init();
	/* for playing by hand: make the office there and leave */
	if (home) {
		struct cli cli = {0};

		playoffice_make(&cli, home);
		cli_release(&cli);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
