/*
 * The county's look at what was put aside: the list, one entry as its form
 * reads, taking in, dismissing, and that nothing is shown without a line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "client/app_ask.h"
#include "kit/playapp.h"
#include "kit/screen.h"

#define NOW "2026-03-02T09:11:05+08:00"

#define FIRST "{\"entry\":\"D07-1-50\",\"at\":1772413865000," \
	"\"verdict\":\"review\",\"why\":\"服务器无法办理本条，已原样留存，由县局核查。\"," \
	"\"readable\":true,\"register\":\"mediation_case\"," \
	"\"record\":\"01a20475-23ff-702c-9c9a-0273f883b073\",\"kind\":\"set\"," \
	"\"entered_at\":1772413205000,\"by\":\"zhang\",\"by_name\":\"张三丰\"," \
	"\"office\":\"990101001\",\"office_name\":\"枫桥司法所\""
#define SECOND "{\"entry\":\"D09-2-3\",\"at\":1772413865000," \
	"\"verdict\":\"invalid\",\"why\":\"本条（130 kB）超出线路容许的大小。\"," \
	"\"readable\":false}"

static const char both[] = "{\"aside\":[" FIRST "}," SECOND "]}";
static const char rest[] = "{\"aside\":[" SECOND "]}";
static const char none[] = "{\"aside\":[]}";
static const char one[] = FIRST ",\"there\":true,\"changes\":["
	"{\"field\":\"summary\",\"before\":\"邻里纠纷\","
	"\"after\":\"邻里因排水发生纠纷\",\"today\":\"邻里因围墙发生纠纷\"},"
	"{\"field\":\"difficulty\",\"before\":\"\",\"after\":\"1\","
	"\"today\":\"\"}]}";

static void
answer(struct playapp *p, const char *line)
{
	assert_true(p->app.ask.asking);
	app_ask_take(&p->app, CLI_OK, line);
	playapp_keys(p, "g");
}

static void
play(enum tr_lang lang)
{
	struct err err = ERR_INIT;
	struct playapp p;

	playapp_start(&p, lang, clock_parse(NOW), "quarantine");
	/* it is the county's */
	playapp_keys(&p, "s a");
	assert_false(p.app.ask.asking);
	assert_int_equal(store_user_become(p.cli.store, "county_correction",
	    "", &err), E_OK);
	playapp_keys(&p, "a");
	playapp_expect(&p, "asking");
	answer(&p, both);
	playapp_expect(&p, "list");
	playapp_keys(&p, "Enter");
	answer(&p, one);
	playapp_expect(&p, "one");
	playapp_keys(&p, "q t");
	playapp_expect(&p, "take");
	playapp_keys(&p, "n Enter");
	assert_false(p.app.ask.asking);
	playapp_keys(&p, "t y Enter");
	answer(&p, "{\"verdict\":\"conflict\",\"rev\":9}");
	playapp_expect(&p, "taken");
	answer(&p, rest);
	playapp_keys(&p, "Enter");
	answer(&p, SECOND "");
	playapp_expect(&p, "unreadable");
	/* not without a reason */
	playapp_keys(&p, "q D Enter");
	assert_false(p.app.ask.asking);
	playapp_keys(&p, "D =请分两次录入");
	playapp_expect(&p, "dismiss");
	playapp_keys(&p, "Enter");
	answer(&p, "{\"entry\":\"D09-2-3\"}");
	answer(&p, none);
	playapp_expect(&p, "none");
	playapp_keys(&p, "r");
	app_ask_take(&p.app, CLI_OFFLINE, "fengqiao: no line");
	playapp_keys(&p, "g");
	playapp_expect(&p, "offline");
	playapp_stop(&p);
}

static void
test_put_aside(void **state)
{
	(void)state;
	play(TR_ZH);
	play(TR_EN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
