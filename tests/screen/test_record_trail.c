/*
 * The trace of a record as a page: what others entered, as the server told it,
 * below what waits here; and what is said when nobody could be asked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "client/app.h"
#include "client/cli_open.h"
#include "client/screen_trail.h"
#include "kit/playapp.h"
#include "kit/playoffice.h"
#include "kit/screen.h"
#include "store/history.h"
#include "store/overview.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000

static const char told[] =
    "{\"entries\":["
    "{\"rev\":1,\"kind\":\"new\",\"by\":\"wang\",\"name\":\"王干部\","
    "\"at\":1735780000000,\"set\":{\"category\":[\"\",\"02\"],"
    "\"term_from\":[\"\",\"2025-03-20\"]}},"
    "{\"rev\":2,\"kind\":\"move\",\"by\":\"zhao\",\"name\":\"赵科长\","
    "\"at\":1735870000000,\"set\":{\"@state\":[\"received\",\"assigned\"],"
    "\"exec_office\":[\"\",\"枫桥司法所\"]}},"
    "{\"rev\":3,\"kind\":\"set\",\"by\":\"li\",\"name\":\"李所长\","
    "\"at\":1735960000000,\"set\":{\"level\":[\"strict\",\"normal\"],"
    "\"village\":[\"旧桥村\",\"\"]}}],\"more\":true}";

/* The first subject of the office. */
static const struct overview *
subject(struct playapp *p)
{
	for (size_t i = 0; i < overview_count(p->cli.store); i++) {
		const struct overview *o = overview_at(p->cli.store, i);

		if (o && strcmp(o->reg_name, "correction_subject") == 0)
			return o;
	}
	fail_msg("no subject");
	return NULL;
}

static void
pages(enum tr_lang lang)
{
	struct playapp p;
	const struct overview *o;
	struct err err = ERR_INIT;

	playapp_start(&p, lang, NOW_AT, "trail");
	o = subject(&p);
	p.app.history = (struct app_history){ .id = o->id,
		.state = APP_HISTORY_ASKING };
	screen_trail_push(&p.app, o->reg, &o->id);
	playapp_keys(&p, "j");
	playapp_expect(&p, "asking");
	p.app.history.state = APP_HISTORY_OFFLINE;
	playapp_keys(&p, "j");
	playapp_expect(&p, "offline");
	p.app.history.state = APP_HISTORY_GOOD;
	if (history_keep(p.cli.store, &o->id, NOW_AT, told, sizeof told - 1,
	    &err))
		fail_msg("%s", err.msg);
	playapp_keys(&p, "g");
	app_look(&p.app);
	playapp_keys(&p, "G");
	playapp_expect(&p, "told");
	p.app.history.state = APP_HISTORY_OFFLINE;
	playapp_keys(&p, "g");
	playapp_expect(&p, "before");
	playapp_stop(&p);
}

/* A person's: an id number is masked here too, and two of them that differ in
 * what is hidden are told apart. */
static const char numbers[] =
    "{\"entries\":["
    "{\"rev\":1,\"kind\":\"new\",\"by\":\"wang\",\"name\":\"王干部\","
    "\"at\":1735780000000,\"set\":{\"name\":[\"\",\"张三\"],"
    "\"name_py\":[\"\",\"ZS\"],\"is_minor\":[\"\",\"0\"],"
    "\"sex\":[\"\",\"1\"],\"id_no\":[\"\",\"990101199505051236\"]}},"
    "{\"rev\":2,\"kind\":\"set\",\"by\":\"li\",\"name\":\"李所长\","
    "\"at\":1735870000000,\"set\":{\"id_no\":[\"990101199505051236\","
    "\"990101199505061236\"]}}]}";

static void
person(enum tr_lang lang)
{
	struct playapp p;
	const struct overview *o = NULL;
	struct err err = ERR_INIT;

	playapp_start(&p, lang, NOW_AT, "trail");
	o = overview_find(p.cli.store, &subject(&p)->person);
	assert_non_null(o);
	p.app.history = (struct app_history){ .id = o->id,
		.state = APP_HISTORY_GOOD };
	if (history_keep(p.cli.store, &o->id, NOW_AT, numbers,
	    sizeof numbers - 1, &err))
		fail_msg("%s", err.msg);
	screen_trail_push(&p.app, o->reg, &o->id);
	playapp_keys(&p, "G");
	playapp_expect(&p, "person");
	assert_false(screen_has(&p.canvas, "19950505"));
	playapp_stop(&p);
}

static void
test_zh(void **state)
{
	(void)state;
	pages(TR_ZH);
	person(TR_ZH);
}

static void
test_en(void **state)
{
	(void)state;
	pages(TR_EN);
	person(TR_EN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zh),
		cmocka_unit_test(test_en),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
