/* The screens without a terminal; see playapp.h. */
#include "kit/playapp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "kit/files.h"
#include "kit/playoffice.h"
#include "kit/screen.h"
#include "store/people_ask.h"

void
playapp_prepare(struct playapp *p, enum tr_lang lang, int64_t now_at,
	const char *series)
{
	*p = (struct playapp){ .series = series };
	clock_fix(now_at);
	tr_set(lang);
	(void)snprintf(p->home, sizeof p->home, "/tmp/fengqiao-play-XXXXXX");
	assert_non_null(mkdtemp(p->home));
	canvas_init(&p->canvas, 80, 24);
}

void
playapp_open(struct playapp *p, enum tr_lang lang, int64_t now_at,
	const char *series)
{
	playapp_prepare(p, lang, now_at, series);
	playoffice_make(&p->cli, p->home);
	store_lock(p->cli.store);
	app_init(&p->app, &p->cli);
	app_paint(&p->app, &p->canvas);
}

/* Of others who write here; whoever else does nobody told. */
static void
tell_names(struct store *s)
{
	static const char told[] = "{\"mark\":\"2.play\",\"people\":["
		"{\"user\":\"zhao\",\"name\":\"赵科长\","
		"\"office\":\"990101001\"},{\"user\":\"chen\","
		"\"name\":\"陈所长\",\"office\":\"990102001\"}]}";
	const struct people_asked asked = {0};
	struct err err = ERR_INIT;
	bool more = false;

	if (people_ask_take(&more, s, &asked, told, sizeof told - 1, &err))
		fail_msg("%s", err.msg);
}

void
playapp_start(struct playapp *p, enum tr_lang lang, int64_t now_at,
	const char *series)
{
	playapp_open(p, lang, now_at, series);
	playapp_sign_in(p);
	if (p->cli.store && store_user(p->cli.store))
		tell_names(p->cli.store);
}

void
playapp_sign_in(struct playapp *p)
{
	playapp_keys(p, "^U =" PLAYOFFICE_USER " Enter =" PLAYOFFICE_PASSWORD
		" Enter");
}

void
playapp_stop(struct playapp *p)
{
	app_release(&p->app);
	canvas_release(&p->canvas);
	cli_release(&p->cli);
	clock_fix(0);
	files_remove(p->home);
}

void
playapp_press(void *self, const struct press *press)
{
	struct playapp *p = self;

	app_press(&p->app, press);
	(void)app_run_later(&p->app);
}

void
playapp_keys(struct playapp *p, const char *keys)
{
	screen_keys(keys, playapp_press, p);
	app_paint(&p->app, &p->canvas);
}

void
playapp_tick(struct playapp *p)
{
	(void)app_tick(&p->app);
	app_paint(&p->app, &p->canvas);
}

void
playapp_expect(struct playapp *p, const char *name)
{
	char *file = mem_printf("%s_%s_%s", p->series, name,
		tr_lang() == TR_EN ? "en" : "zh");

	screen_expect(&p->canvas, file);
	free(file);
}
