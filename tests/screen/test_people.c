/*
 * People and computers: what the server answers as lists, forms and codes; and
 * that nothing is shown when it cannot be asked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "client/app_ask.h"
#include "client/screen_people.h"
#include "kit/playapp.h"
#include "kit/screen.h"

#define NOW "2026-03-02T09:11:05+08:00"

static const char people[] =
    "{\"people\":["
    "{\"user\":\"zhang\",\"name\":\"张三丰\",\"office\":\"990101001\","
    "\"office_name\":\"枫桥司法所\",\"role\":\"clerk\",\"disabled\":false,"
    "\"seen_at\":1772413865000,\"may\":true},"
    "{\"user\":\"li\",\"name\":\"李所长\",\"office\":\"990101001\","
    "\"office_name\":\"枫桥司法所\",\"role\":\"chief\",\"disabled\":false,"
    "\"seen_at\":1772413865000,\"may\":false},"
    "{\"user\":\"wang\",\"name\":\"王老\",\"office\":\"990101001\","
    "\"office_name\":\"枫桥司法所\",\"role\":\"mediator\",\"disabled\":true,"
    "\"seen_at\":0,\"may\":true},"
    "{\"user\":\"qian\",\"name\":\"钱新\",\"office\":\"990101001\","
    "\"office_name\":\"枫桥司法所\",\"role\":\"clerk\",\"disabled\":false,"
    "\"initial\":true,\"seen_at\":0,\"may\":true}],"
    "\"roles\":[\"clerk\",\"chief\",\"mediator\"],"
    "\"offices\":[{\"code\":\"990101001\",\"name\":\"枫桥司法所\","
    "\"county\":false}]}";

static const char waiting[] =
    "{\"people\":["
    "{\"user\":\"zhang\",\"name\":\"张三丰\",\"office\":\"990101001\","
    "\"office_name\":\"枫桥司法所\",\"role\":\"clerk\",\"disabled\":false,"
    "\"seen_at\":1772413865000,\"may\":true,\"waits\":7,"
    "\"waits_role\":\"chief\",\"waits_office\":\"\","
    "\"waits_opens\":false,\"asked_by\":\"li\",\"may_agree\":true},"
    "{\"user\":\"wang\",\"name\":\"王老\",\"office\":\"990101001\","
    "\"office_name\":\"枫桥司法所\",\"role\":\"mediator\",\"disabled\":true,"
    "\"seen_at\":0,\"may\":true}],"
    "\"roles\":[\"clerk\",\"chief\",\"mediator\"],"
    "\"offices\":[{\"code\":\"990101001\",\"name\":\"枫桥司法所\","
    "\"county\":false}]}";

static const char devices[] =
    "{\"devices\":["
    "{\"device\":\"01a20475-23ff-702c-9c9a-0273f883b073\",\"number\":7,"
    "\"office\":\"990101001\",\"office_name\":\"枫桥司法所\","
    "\"label\":\"FQ-PC-02\",\"standing\":\"in use\",\"epoch\":1,"
    "\"enrolled_at\":1740000000000,\"seen_at\":1772413200000,"
    "\"user\":\"zhang\",\"user_name\":\"张三丰\",\"aside\":0},"
    "{\"device\":\"01a20475-23ff-702c-9c9a-0273f883b074\",\"number\":8,"
    "\"office\":\"990101001\",\"office_name\":\"枫桥司法所\","
    "\"label\":\"FQ-PC-01\",\"standing\":\"to erase\",\"epoch\":2,"
    "\"enrolled_at\":1740000000000,\"seen_at\":0,"
    "\"user\":\"\",\"user_name\":\"\",\"aside\":3}],"
    "\"offices\":[{\"code\":\"990101001\",\"name\":\"枫桥司法所\","
    "\"county\":false}]}";

static const char county_devices[] =
    "{\"devices\":["
    "{\"device\":\"01a20475-23ff-702c-9c9a-0273f883b073\",\"number\":7,"
    "\"office\":\"990101001\",\"office_name\":\"枫桥司法所\","
    "\"label\":\"FQ-PC-02\",\"standing\":\"in use\",\"epoch\":1,"
    "\"enrolled_at\":1740000000000,\"seen_at\":1772413200000,"
    "\"user\":\"zhang\",\"user_name\":\"张三丰\",\"aside\":0}],"
    "\"offices\":[{\"code\":\"990101001\",\"name\":\"枫桥司法所\","
    "\"county\":false},{\"code\":\"990101002\",\"name\":\"青石司法所\","
    "\"county\":false}]}";

static void
answer(struct playapp *p, const char *line)
{
	assert_true(p->app.ask.asking);
	app_ask_take(&p->app, CLI_OK, line);
	playapp_keys(p, "g");
}

/* The words that a refusal of the server comes with. */
static void
refuse(struct playapp *p, const char *line)
{
	app_ask_take(&p->app, CLI_NO, line);
}

static void
play_people(struct playapp *p)
{
	playapp_keys(p, "P");
	playapp_expect(p, "asking");
	answer(p, people);
	playapp_expect(p, "list");
	/* nobody changes their own account, and nothing is asked for it */
	playapp_keys(p, "j D");
	playapp_expect(p, "own");
	assert_false(p->app.ask.asking);
	/* a no is a no; a yes names whom */
	playapp_keys(p, "k D");
	playapp_expect(p, "disable");
	playapp_keys(p, "n Enter");
	assert_false(p->app.ask.asking);
	playapp_keys(p, "D y Enter");
	answer(p, "{\"user\":\"zhang\"}");
	assert_true(p->app.ask.asking);	/* the list anew */
	answer(p, people);
	/* a form in which nothing was changed orders nothing */
	playapp_keys(p, "e ^S");
	assert_false(p->app.ask.asking);
	playapp_keys(p, "e ^U =张三峰 ^S");
	answer(p, "{\"user\":\"zhang\"}");
	answer(p, people);
	playapp_keys(p, "f =wang");
	playapp_expect(p, "found");
	playapp_keys(p, "Esc");
}

static void
play_new_account(struct playapp *p)
{
	playapp_keys(p, "n =赵新 Enter =zhao");
	playapp_expect(p, "form");
	playapp_keys(p, "^S");
	assert_true(p->app.ask.asking);
	refuse(p, "fengqiao: 已有用户 zhao。");
	playapp_tick(p);
	playapp_expect(p, "taken");
	playapp_keys(p, "^S");
	answer(p, "{\"user\":\"zhao\",\"password\":\"K7QM-2XWD-9RTB\"}");
	playapp_expect(p, "password");
	playapp_keys(p, "q");
	answer(p, people);
}

/* What waits for a second one: keys that are there only then, a question that
 * says what and who asked, and what an addition answers. */
static void
play_second(struct playapp *p)
{
	playapp_keys(p, "e ^U =张三峰 ^S");
	answer(p, "{\"user\":\"zhang\",\"waits\":7}");
	playapp_tick(p);
	answer(p, waiting);
	playapp_expect(p, "waiting");
	playapp_keys(p, "j a");
	assert_false(p->app.ask.asking);
	playapp_keys(p, "k a");
	playapp_expect(p, "agree");
	playapp_keys(p, "y Enter");
	assert_true(p->app.ask.asking);
	answer(p, "{\"user\":\"zhang\"}");
	answer(p, waiting);
	playapp_keys(p, "R y Enter");
	assert_true(p->app.ask.asking);
	answer(p, "{\"user\":\"zhang\"}");
	answer(p, people);
}

static void
play_computers(struct playapp *p)
{
	playapp_keys(p, "Tab");
	answer(p, devices);
	playapp_expect(p, "computers");
	playapp_keys(p, "j Enter");
	playapp_expect(p, "computer");
	playapp_keys(p, "q k E");
	playapp_expect(p, "erase_how");
	playapp_keys(p, "Enter");
	playapp_expect(p, "erase");
	/* another number than the computer's orders nothing, nor does none */
	playapp_keys(p, "=D08 Enter");
	playapp_expect(p, "erase_not");
	assert_false(p->app.ask.asking);
	playapp_keys(p, "E Enter Esc");
	assert_false(p->app.ask.asking);
	playapp_keys(p, "E Enter =D07 Enter");
	answer(p, "{\"device\":\"01a20475-23ff-702c-9c9a-0273f883b073\"}");
	answer(p, devices);
	/* who looks after one office moves nothing */
	playapp_keys(p, "o");
	assert_false(p->app.ask.asking);
	playapp_keys(p, "n");
	answer(p, "{\"code\":\"K7QM2XWD9R\",\"office\":\"990101001\","
	    "\"office_name\":\"枫桥司法所\",\"hours\":72,"
	    "\"until\":1772673065000}");
	playapp_expect(p, "code");
	playapp_keys(p, "q");
	/* without a line nothing old is left */
	app_ask_take(&p->app, CLI_OFFLINE, "fengqiao: no line");
	playapp_keys(p, "g");
	playapp_expect(p, "offline");
	playapp_keys(p, "E Enter =D07 Enter");
	assert_false(p->app.ask.asking);
}

static void
play(enum tr_lang lang)
{
	struct playapp p;

	playapp_start(&p, lang, clock_parse(NOW), "people");
	play_people(&p);
	play_new_account(&p);
	play_second(&p);
	play_computers(&p);
	playapp_stop(&p);
}

static void
test_zh(void **state)
{
	(void)state;
	play(TR_ZH);
}

static void
test_en(void **state)
{
	(void)state;
	play(TR_EN);
}

/* What is asked for by a page that is left again reaches nobody; what was
 * ordered keeps others waiting. */
static void
test_one_question_at_a_time(void **state)
{
	struct err err = ERR_INIT;
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_EN, clock_parse(NOW), "people");
	playapp_keys(&p, "P Tab");
	assert_string_equal(view_top(&p.app.stack) ? "there" : "", "there");
	answer(&p, devices);
	playapp_keys(&p, "R y Enter q");
	assert_true(p.app.ask.asking);
	assert_int_equal(app_ask_start(&p.app, "/v1/people", NULL, NULL, NULL,
	    &err), E_CONFLICT);
	refuse(&p, "fengqiao: no");
	assert_false(p.app.ask.asking);
	playapp_stop(&p);
}

/* The county's: codes for any office, offices with names. */
static void
test_offices(void **state)
{
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_EN, clock_parse(NOW), "people");
	screen_offices_push(&p.app);
	answer(&p, "{\"people\":[],\"roles\":[\"clerk\"],\"offices\":["
	    "{\"code\":\"990101\",\"name\":\"枫桥县司法局\",\"county\":true},"
	    "{\"code\":\"990101001\",\"name\":\"枫桥司法所\","
	    "\"county\":false}]}");
	playapp_expect(&p, "offices");
	playapp_keys(&p, "j e ^U =青石司法所 ^S");
	answer(&p, "{\"office\":\"990101001\"}");
	assert_true(p.app.ask.asking);
	playapp_stop(&p);
}

/* The county moves a computer, to an office where it does not stand yet. */
static void
play_move(enum tr_lang lang)
{
	struct err err = ERR_INIT;
	struct playapp p;

	playapp_start(&p, lang, clock_parse(NOW), "people");
	if (store_user_become(p.app.cli->store, "county_leader", "",
	    &err))
		fail_msg("%s", err.msg);
	screen_devices_push(&p.app);
	answer(&p, county_devices);
	playapp_keys(&p, "o");
	playapp_expect(&p, "move_where");
	playapp_keys(&p, "Enter");
	playapp_expect(&p, "move");
	playapp_keys(&p, "n Enter");
	assert_false(p.app.ask.asking);
	playapp_keys(&p, "o Enter y Enter");
	assert_true(p.app.ask.asking);
	answer(&p, "{\"device\":\"01a20475-23ff-702c-9c9a-0273f883b073\"}");
	answer(&p, county_devices);
	playapp_stop(&p);
}

static void
test_move(void **state)
{
	(void)state;
	play_move(TR_ZH);
	play_move(TR_EN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zh),
		cmocka_unit_test(test_en),
		cmocka_unit_test(test_one_question_at_a_time),
		cmocka_unit_test(test_offices),
		cmocka_unit_test(test_move),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
