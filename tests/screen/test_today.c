/*
 * The day's work, as screens: reminders put aside and brought back, a clock
 * that stands before the server's time, the month list, one entry for many.
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
#include "base/tr.h"
#include "client/app.h"
#include "client/cli_open.h"
#include "client/screen_due.h"
#include "kit/playapp.h"
#include "kit/playoffice.h"
#include "kit/screen.h"
#include "store/overview.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000
#define DAY_MS (24 * 3600 * (int64_t)1000)

static struct uuid
add_subject(struct playapp *p, const char *name, const char *received)
{
	const char *person[] = { NULL, NULL };
	char id[UUID_TEXT_MAX], of[64], called[64], since[40];
	struct uuid who;

	(void)snprintf(called, sizeof called, "name=%s", name);
	person[0] = called;
	who = playoffice_add(&p->cli, "person", person);
	uuid_print(id, &who);
	(void)snprintf(of, sizeof of, "person_id=%s", id);
	(void)snprintf(since, sizeof since, "received_on=%s", received);
	const char *values[] = { of, "category=02", "level=strict", since,
		"group_on=2026-02-28", "announced_on=2026-02-28",
		"plan_on=2026-02-28", "term_to=2027-02-19", "@state=active",
		NULL };

	return playoffice_add(&p->cli, "correction_subject", values);
}

/* A subject as an import leaves it: in the state, with the level or not. */
static struct uuid
add_imported(struct playapp *p, const char *name, const char *state,
	const char *level)
{
	const char *person[] = { NULL, NULL };
	char id[UUID_TEXT_MAX], of[64], called[64], in[40];
	struct uuid who;

	(void)snprintf(called, sizeof called, "name=%s", name);
	person[0] = called;
	who = playoffice_add(&p->cli, "person", person);
	uuid_print(id, &who);
	(void)snprintf(of, sizeof of, "person_id=%s", id);
	(void)snprintf(in, sizeof in, "@state=%s", state);
	const char *values[] = { of, "category=02", level,
		"term_to=2026-01-31", in, NULL };

	return playoffice_add(&p->cli, "correction_subject", values);
}

static size_t
count_events(struct playapp *p)
{
	size_t count = 0;

	for (size_t i = 0; i < overview_count(p->cli.store); i++) {
		const struct overview *o = overview_at(p->cli.store, i);

		count += o && strcmp(o->reg_name, "correction_event") == 0;
	}
	return count;
}

/* Twelve subjects; the last was received after the talk was held. */
static void
add_twelve(struct playapp *p)
{
	static const char *const names[] = { "学一", "学二", "学三", "学四",
		"学五", "学六", "学七", "学八", "学九", "学十", "学百",
		"学千" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		(void)add_subject(p, names[i], i == 11 ? "2026-02-27"
		    : "2026-02-10");
}

/* A subject whose group is there, so that only the reports are due. */
static void
add_with_group(struct playapp *p, const char *name, const char *received)
{
	struct uuid subject = add_subject(p, name, received);
	char id[UUID_TEXT_MAX], of[64];

	uuid_print(id, &subject);
	(void)snprintf(of, sizeof of, "subject_id=%s", id);
	for (int i = 0; i < 3; i++) {
		const char *values[] = { of, "name=李所长", "kind=01",
			"sex=1", NULL };

		(void)playoffice_add(&p->cli, "correction_group_member",
		    values);
	}
}

/* ---- reminders ---- */

static void
put_aside(enum tr_lang lang)
{
	struct playapp p;

	playapp_start(&p, lang, NOW_AT, "today");
	add_with_group(&p, "周八", "2026-02-10");
	add_with_group(&p, "吴九", "2026-02-11");
	add_with_group(&p, "郑十", "2026-02-25");
	playapp_tick(&p);
	playapp_keys(&p, "j");
	playapp_keys(&p, "-");
	playapp_expect(&p, "aside");
	playapp_keys(&p, "2");
	playapp_expect(&p, "home_aside");
	/* all that is due shows them, dimmed, and how to bring one back */
	playapp_keys(&p, "j j j Enter j j");
	playapp_expect(&p, "due_aside");
	playapp_keys(&p, "+");
	playapp_expect(&p, "due_back");
	playapp_stop(&p);
}

/* Rows of one task, done or put aside together. */
static void
test_due_marks(void **state)
{
	struct playapp p;
	size_t base;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "today");
	add_twelve(&p);
	base = count_events(&p);
	playapp_tick(&p);
	playapp_keys(&p, "j Enter");
	assert_true(screen_has(&p.canvas, "已逾期：日常报告  11"));
	/* one of them by itself */
	playapp_keys(&p, "Space - 1");
	assert_true(screen_has(&p.canvas, "已暂缓 1 项"));
	playapp_keys(&p, "Space + *");
	playapp_keys(&p, "a Tab =01 Enter =到所报告。 ^S");
	assert_int_equal(count_events(&p), base + 11);
	assert_true(screen_has(&p.canvas, "日常报告  0"));
	/* of all that is due the title says how far down one is, at once */
	add_twelve(&p);
	playapp_tick(&p);
	screen_due_push(&p.app, NULL, DEADLINE_NONE);
	app_paint(&p.app, &p.canvas);
	assert_true(screen_has(&p.canvas, "第 1/2 页"));
	playapp_keys(&p, "G");
	assert_true(screen_has(&p.canvas, "第 2/2 页"));
	/* only one task is marked at a time */
	playapp_keys(&p, "g Space Space");
	assert_true(screen_has(&p.canvas, "一次只标记同一项任务"));
	playapp_stop(&p);
}

static void
test_put_aside(void **state)
{
	(void)state;
	put_aside(TR_ZH);
	put_aside(TR_EN);
}

/* ---- the clock ---- */

static void
says(struct playapp *p, const char *words, bool said)
{
	app_paint(&p->app, &p->canvas);
	if (!!screen_has(&p->canvas, words) != said)
		fail_msg("%s is %ssaid", words, said ? "not " : "");
}

/* Midnight, a clock set forward and set back: what is due follows. */
static void
test_days_go_by(void **state)
{
	struct playapp p;
	struct err err = ERR_INIT;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "today");
	(void)add_subject(&p, "周八", "2026-02-24");
	assert_int_equal(store_user_renew(p.cli.store, "user-token",
	    NOW_AT + 60 * DAY_MS, &err), E_OK);
	playapp_tick(&p);
	says(&p, "将到期    日常报告", true);
	clock_fix(NOW_AT + DAY_MS);
	playapp_tick(&p);
	says(&p, "今日到期  日常报告", true);
	says(&p, "今日 2026-03-03", true);
	clock_fix(NOW_AT + 40 * DAY_MS);
	playapp_tick(&p);
	says(&p, "已逾期    日常报告", true);
	says(&p, "已过 39 天", true);
	says(&p, "本机时钟被调整过", true);
	/* set back again: no server was heard, so it is believed */
	clock_fix(NOW_AT);
	playapp_tick(&p);
	says(&p, "将到期    日常报告", true);
	says(&p, "今日 2026-03-02", true);
	playapp_stop(&p);
}

/* Without the county: for a month one works, for a week one reads. */
static void
test_away_for_long(void **state)
{
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "today");
	(void)add_subject(&p, "周八", "2026-02-24");
	clock_fix(NOW_AT + 31 * DAY_MS);
	playapp_tick(&p);
	says(&p, "只读：请连接县局", true);
	playapp_keys(&p, "/ =周八 Enter e");
	says(&p, "记录只可查阅，不可修改", true);
	clock_fix(NOW_AT + 38 * DAY_MS);
	playapp_tick(&p);
	says(&p, "本机离线时间已超过规定期限", true);
	assert_null(store_user(p.cli.store));
	playapp_stop(&p);
}

/* Before the server's last time it is said, not believed. */
static void
test_a_clock_behind_the_server(void **state)
{
	struct err err = ERR_INIT;
	char heard[24];
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "today");
	(void)add_subject(&p, "周八", "2026-02-24");
	(void)snprintf(heard, sizeof heard, "%lld",
	    (long long)(NOW_AT + 3 * DAY_MS));
	clock_fix(NOW_AT + 3 * DAY_MS + 1000);
	assert_int_equal(store_meta_set(p.cli.store, "server_at", heard,
	    &err), E_OK);
	(void)add_subject(&p, "吴九", "2026-02-24");
	playapp_tick(&p);
	says(&p, "今日 2026-03-05", true);
	clock_fix(NOW_AT - 200 * DAY_MS);
	playapp_tick(&p);
	says(&p, "今日 2026-03-05", true);
	says(&p, "已过 2 天", true);
	says(&p, "本机时钟显示 2025-08-14", true);
	says(&p, "时钟有误", true);
	/* also what is entered now */
	playapp_keys(&p, "c f =zb Esc Enter a e");
	says(&p, "2026-03-05", true);
	says(&p, "2025-08-14", false);
	clock_fix(NOW_AT + 4 * DAY_MS);
	playapp_keys(&p, "^X q q");
	playapp_tick(&p);
	says(&p, "今日 2026-03-06", true);
	says(&p, "时钟有误", false);
	clock_floor(0);
	playapp_stop(&p);
}

/* ---- one entry for many ---- */

static void
batch(enum tr_lang lang)
{
	struct playapp p;
	size_t base;

	playapp_start(&p, lang, NOW_AT, "today");
	add_twelve(&p);
	base = count_events(&p);
	playapp_tick(&p);
	playapp_keys(&p, "c * ");
	/* not those who are there from before */
	playapp_keys(&p, "g Space Space G Space");
	playapp_expect(&p, "batch_list");
	playapp_keys(&p, "a");
	assert_true(screen_has(&p.canvas, lang == TR_EN
	    ? "Add for 12 records" : "批量新增：12 条"));
	playapp_keys(&p, "Enter =talk Enter =2 Enter =一起谈了话。 Tab");
	playapp_keys(&p, "^U =2026-02-26T10:00 Tab =所里 Tab =法治教育");
	playapp_expect(&p, "batch_form");
	playapp_keys(&p, "^S");
	playapp_expect(&p, "batch_refused");
	assert_int_equal(count_events(&p), base);
	/* back to the form, which still has it all */
	playapp_keys(&p, "q");
	assert_true(screen_has(&p.canvas, "法治教育"));
	playapp_keys(&p, "^S y");
	playapp_expect(&p, "batch_saved");
	assert_int_equal(count_events(&p), base + 11);
	/* the one that was refused is marked still: a day later it goes */
	playapp_keys(&p, "a Enter =talk Enter =2 Enter =单独谈了话。 Tab");
	playapp_keys(&p, "^U =2026-02-28T10:00 ^S");
	assert_int_equal(count_events(&p), base + 12);
	playapp_stop(&p);
}

/* A form for many is kept as a draft of many. */
static void
test_batch_draft(void **state)
{
	struct playapp p;
	size_t base;

	(void)state;
	playapp_start(&p, TR_ZH, NOW_AT, "today");
	add_twelve(&p);
	base = count_events(&p);
	playapp_tick(&p);
	playapp_keys(&p, "c * g Space Space G Space");
	playapp_keys(&p, "a Enter =talk Enter =日常 Enter Tab ^U "
	    "=2026-02-28T10:00 ^P");
	app_keep_drafts(&p.app);
	app_lock(&p.app);
	playapp_keys(&p, "=" PLAYOFFICE_PASSWORD " Enter");
	assert_true(screen_has(&p.canvas, "批量录入 12 条"));
	playapp_keys(&p, "Enter");
	assert_true(screen_has(&p.canvas, "工作记录：共 12 条"));
	playapp_keys(&p, "=都谈了。 ^S");
	assert_int_equal(count_events(&p), base + 12);
	assert_int_equal(p.app.counts.drafts, 0);
	playapp_stop(&p);
}

/* Moves: what is needed is asked once, each record is checked. */
static void
batch_moves(enum tr_lang lang)
{
	struct playapp p;
	struct uuid ids[3];
	size_t archived = 0;

	playapp_start(&p, lang, NOW_AT, "today");
	ids[0] = add_subject(&p, "学一", "2026-02-10");
	ids[1] = add_imported(&p, "学二", "released", "level=normal");
	ids[2] = add_imported(&p, "学三", "released", "level=normal");
	playapp_tick(&p);
	playapp_keys(&p, "c * g Space Space G Space m");
	playapp_expect(&p, "batch_moves");
	playapp_keys(&p, "Enter =2026-卷1 Tab =旧档没有这些材料");
	assert_true(screen_has(&p.canvas, lang == TR_EN
	    ? "for 3 records" : "归档：共 3 条"));
	playapp_keys(&p, "^S");
	playapp_expect(&p, "batch_not_moved");
	playapp_keys(&p, "y");
	for (size_t i = 0; i < 3; i++) {
		const struct overview *o = overview_find(p.cli.store, &ids[i]);

		assert_non_null(o);
		archived += strcmp(o->state, "archived") == 0;
	}
	assert_int_equal(archived, 2);
	if (lang == TR_EN) {
		playapp_stop(&p);
		return;
	}
	assert_true(screen_has(&p.canvas, "已选 1"));
	/* what none of them has is asked too, not what only some lack */
	(void)add_imported(&p, "学四", "draft", "level=normal");
	(void)add_imported(&p, "学五", "draft", "category=02");
	playapp_tick(&p);
	playapp_keys(&p, "Space v d * m 1");
	assert_true(screen_has(&p.canvas, "在册录入：共"));
	assert_true(screen_has(&p.canvas, "接收日期"));
	assert_true(screen_has(&p.canvas, "类别起始日"));
	assert_false(screen_has(&p.canvas, "管理类别"));
	playapp_stop(&p);
}

static void
test_batch_moves(void **state)
{
	(void)state;
	batch_moves(TR_ZH);
	batch_moves(TR_EN);
}

static void
test_batch(void **state)
{
	(void)state;
	batch(TR_ZH);
	batch(TR_EN);
}

/* ---- the month ---- */

/* The matrix, who has not done a task, and one form for all of them. */
static void
month(enum tr_lang lang)
{
	struct playapp p;
	size_t base;

	playapp_start(&p, lang, NOW_AT, "today");
	add_twelve(&p);
	base = count_events(&p);
	playapp_tick(&p);
	playapp_keys(&p, "c T");
	playapp_expect(&p, "month");
	/* Tab to the talk */
	playapp_keys(&p, "v 5");
	playapp_expect(&p, "month_not_yet");
	playapp_keys(&p, "* a");
	assert_true(screen_has(&p.canvas, lang == TR_EN
	    ? "for 12 records" : "共 12 条"));
	/* the kind is there */
	playapp_keys(&p, "Tab =2 Enter =逐人谈话。 ^S");
	assert_int_equal(count_events(&p), base + 12);
	playapp_expect(&p, "month_done");
	/* and the same of one subject */
	playapp_keys(&p, "v * Enter T");
	playapp_expect(&p, "month_one");
	playapp_keys(&p, "Enter");
	assert_true(screen_has(&p.canvas, lang == TR_EN ? "*Kind" :
	    "*事项类别"));
	playapp_stop(&p);
}

static void
test_month(void **state)
{
	(void)state;
	month(TR_ZH);
	month(TR_EN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put_aside),
		cmocka_unit_test(test_due_marks),
		cmocka_unit_test(test_batch),
		cmocka_unit_test(test_batch_draft),
		cmocka_unit_test(test_batch_moves),
		cmocka_unit_test(test_month),
		cmocka_unit_test(test_days_go_by),
		cmocka_unit_test(test_away_for_long),
		cmocka_unit_test(test_a_clock_behind_the_server),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
