/*
 * Steps as people make them: what a step needs is said before anything is typed
 * for it, what was typed is kept, and a step that was a mistake is taken back
 * with a reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/tr.h"
#include "client/app.h"
#include "client/move_words.h"
#include "client/screen_drafts.h"
#include "kit/playapp.h"
#include "kit/playoffice.h"
#include "kit/screen.h"
#include "store/overview.h"

/* 2026-03-02 09:11:05 in +08:00, as of test_app */
#define NOW_AT 1772413865000

static bool
says(const struct playapp *p, const char *words)
{
	return screen_has(&p->canvas, words);
}

/* The case of 赵六 and 钱七, on its page. */
static void
open_case(struct playapp *p, enum tr_lang lang)
{
	playapp_start(p, lang, NOW_AT, "steps");
	playapp_keys(p, "m Enter");
	assert_true(says(p, lang == TR_EN ? "[open]" : "[调解中]"));
}

static struct uuid
case_of(const struct playapp *p)
{
	for (size_t i = 0; i < overview_count(p->cli.store); i++) {
		const struct overview *o = overview_at(p->cli.store, i);

		if (o && strcmp(o->reg->name, "mediation_case") == 0)
			return o->id;
	}
	return (struct uuid){{0}};
}

static void
add_session(struct playapp *p)
{
	struct uuid id = case_of(p);
	char text[UUID_TEXT_MAX], of[64];
	const char *const values[] = { of, "held_at=2026-02-20T09:30",
		"mediators=李秀英", "outcome=1",
		NULL };

	uuid_print(text, &id);
	(void)snprintf(of, sizeof of, "case_id=%s", text);
	(void)playoffice_add(&p->cli, "mediation_session", values);
}

static void
what_it_needs_is_said_first(void **state)
{
	struct playapp p;

	(void)state;
	open_case(&p, TR_ZH);
	playapp_keys(&p, "m 2");
	assert_true(says(&p, "还没有调解记录，请先添加（a），再办“达成协议”。"));
	assert_true(says(&p, "h=痕迹"));	/* still the record's page */
	add_session(&p);
	playapp_keys(&p, "m 2");
	assert_true(says(&p, "解决层级"));
	/* the one result that it can have stands there, and is not asked */
	assert_true(says(&p, "调解成功"));
	playapp_keys(&p, "^X");
	assert_true(says(&p, "h=痕迹"));
	playapp_stop(&p);
}

/* A warning is asked about once, and then stands on the record's page. */
static void
warnings_stay_to_be_seen(void **state)
{
	struct playapp p;

	(void)state;
	open_case(&p, TR_ZH);
	assert_false(says(&p, "提示（"));
	playapp_keys(&p, "e");
	for (int i = 0; i < 20 && !says(&p, "有自杀、转刑事"); i++)
		playapp_keys(&p, "Tab");
	playapp_keys(&p, "2 Enter ^S");
	assert_true(says(&p, "再按 ^S 照存"));
	playapp_keys(&p, "^S");
	assert_true(says(&p, "已存本机。"));
	playapp_keys(&p, "k");
	assert_true(says(&p, "提示（案件预测）：有激化可能"));
	playapp_keys(&p, "q Enter");
	assert_true(says(&p, "提示（案件预测）：有激化可能"));
	playapp_stop(&p);
}

static void
what_was_typed_is_kept(void **state)
{
	struct playapp p;

	(void)state;
	open_case(&p, TR_ZH);
	add_session(&p);
	playapp_keys(&p, "m 3");
	assert_true(says(&p, "调解不成"));
	playapp_keys(&p, "=双方对价款分歧太大 ^X");
	assert_true(says(&p, "y 放弃，d 留作草稿"));
	playapp_keys(&p, "d Enter");
	assert_true(says(&p, "已留作草稿"));
	screen_drafts_push(&p.app);
	app_paint(&p.app, &p.canvas);
	assert_true(says(&p, "调解不成：赵六"));
	playapp_keys(&p, "Enter");
	assert_true(says(&p, "双方对价款分歧太大"));
	assert_true(says(&p, "告知途径"));
	playapp_stop(&p);
}

static void
pictured(enum tr_lang lang)
{
	struct playapp p;

	open_case(&p, lang);
	playapp_keys(&p, "m 3 =双方对价款分歧太大 Tab y ^S m");
	playapp_expect(&p, "corrected_menu");
	playapp_stop(&p);
}

static void
a_mistake_is_taken_back(void **state)
{
	struct playapp p;

	(void)state;
	pictured(TR_ZH);
	pictured(TR_EN);
	open_case(&p, TR_ZH);
	playapp_keys(&p, "m 3 =双方对价款分歧太大 Tab y ^S m");
	playapp_keys(&p, "2 1");
	assert_true(says(&p, "更正原因"));
	playapp_keys(&p, "^S");
	assert_true(says(&p, "必须填写"));
	playapp_keys(&p, "=选错了步骤 ^S");
	assert_true(says(&p, "[调解中]"));
	playapp_keys(&p, "h");
	assert_true(says(&p, "选错了步骤"));
	playapp_stop(&p);
}

static void
whose_step_it_is_is_named(void **state)
{
	static const struct {
		const char *state, *words;
	} rows[] = {
		{ "performed", "下一步由他人办理：归档（所长）。误办的，由所长"
		    "更正状态。" },
		{ "archived", "重新调解（所长）" },
		{ "refused", "此状态之后没有别的步骤。误办的，由所长" },
	};
	struct playapp p;

	(void)state;
	open_case(&p, TR_ZH);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf words;

		buf_init(&words, BUF_LINE_MAX);
		move_words_next(&words, schema_register_find(p.cli.schema,
		    "mediation_case"), rows[i].state);
		if (!strstr(words.data, rows[i].words))
			fail_msg("%s: %s", rows[i].state, words.data);
		buf_release(&words);
	}
	playapp_stop(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_needs_is_said_first),
		cmocka_unit_test(warnings_stay_to_be_seen),
		cmocka_unit_test(what_was_typed_is_kept),
		cmocka_unit_test(a_mistake_is_taken_back),
		cmocka_unit_test(whose_step_it_is_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
