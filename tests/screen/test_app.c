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
#include "client/screen_signin.h"
#include "core/question.h"
#include "kit/cache.h"
#include "kit/playapp.h"
#include "kit/playoffice.h"
#include "kit/screen.h"
#include "store/audit.h"
#include "store/draft.h"
#include "store/outbox.h"
#include "store/overview.h"
#include "store/runs.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000

static void
test_an_old_id_number_is_told(void **state)
{
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	playapp_keys(&p, "p n =赵老 Tab Tab Tab =990101880101001 Tab");
	assert_true(screen_has(&p.canvas, "990101198801010012"));
	assert_true(screen_has(&p.canvas, "已换算为十八位"));
	playapp_stop(&p);
}

/* First and last line of home, whatever stands there. */
static void
test_home_from_end_to_end(void **state)
{
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	playapp_keys(&p, "G Enter");
	assert_true(screen_has(&p.canvas, "登录名"));
	playapp_keys(&p, "q g Enter");
	assert_true(screen_has(&p.canvas, "社区矫正对象："));
	playapp_keys(&p, "q End Enter");
	assert_true(screen_has(&p.canvas, "登录名"));
	playapp_keys(&p, "q Home Enter");
	assert_true(screen_has(&p.canvas, "社区矫正对象："));
	playapp_stop(&p);
}

/* '?' is help until something is typed; behind that it is a character. */
static void
test_help_in_a_list_of_choices(void **state)
{
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	playapp_keys(&p, "m n Tab Tab ^T");
	assert_false(screen_has(&p.canvas, "帮助"));
	playapp_keys(&p, "?");
	assert_true(screen_has(&p.canvas, "帮助"));
	assert_true(screen_has(&p.canvas, "选定"));
	playapp_keys(&p, "q =zs?");
	assert_false(screen_has(&p.canvas, "帮助"));
	assert_true(screen_has(&p.canvas, "zs?"));
	playapp_stop(&p);
}

static void
day(enum tr_lang lang)
{
	struct playapp p;

	playapp_open(&p, lang, NOW_AT, "app");
	playapp_expect(&p, "signin");
	playapp_keys(&p, "^U =li Enter =falsch Enter");
	playapp_expect(&p, "signin_wrong");
	playapp_sign_in(&p);
	/* after wrong ones a good one may have to wait */
	if (!*app_login(&p.app)) {
		clock_fix(NOW_AT + 600000);
		playapp_keys(&p, "=" PLAYOFFICE_PASSWORD " Enter");
		clock_fix(NOW_AT);
		playapp_keys(&p, "^L");
	}
	playapp_expect(&p, "home");
	playapp_keys(&p, "?");
	playapp_expect(&p, "home_help");
	playapp_keys(&p, "q 2");
	playapp_expect(&p, "home_menu");
	playapp_keys(&p, "c");
	playapp_expect(&p, "list");
	playapp_keys(&p, "v");
	playapp_expect(&p, "list_filter");
	playapp_keys(&p, "^X f =zs");
	playapp_expect(&p, "list_find");
	playapp_keys(&p, "Esc Enter");
	playapp_expect(&p, "record");
	playapp_keys(&p, "h");
	playapp_expect(&p, "record_trail");
	playapp_keys(&p, "q a");
	playapp_expect(&p, "record_add");
	playapp_keys(&p, "?");
	playapp_expect(&p, "record_add_help");
	playapp_keys(&p, "q e");
	playapp_expect(&p, "event_new");
	playapp_keys(&p, "^X a w");
	playapp_expect(&p, "level_new");
	playapp_keys(&p, "^X q q m Enter");
	playapp_expect(&p, "case");
	playapp_keys(&p, "d");
	playapp_expect(&p, "case_file");
	playapp_keys(&p, "j Enter");
	playapp_expect(&p, "case_file_ways");
	playapp_keys(&p, "1");
	playapp_expect(&p, "case_file_ticks");
	playapp_keys(&p, "^X j j j j j Enter 2");
	playapp_expect(&p, "case_file_session");
	playapp_keys(&p, "^X q");
	playapp_expect(&p, "case");
	playapp_keys(&p, "m");
	playapp_expect(&p, "case_moves");
	playapp_keys(&p, "1");
	playapp_expect(&p, "case_move_form");
	playapp_keys(&p, "^X q n");
	playapp_expect(&p, "case_new");
	playapp_keys(&p, "^S");
	playapp_expect(&p, "case_complaint");
	playapp_keys(&p, "=3-1 Tab Tab ^T");
	playapp_expect(&p, "case_picker");
	playapp_keys(&p, "Esc ^X y Enter q /");
	playapp_expect(&p, "lookup_empty");
	playapp_keys(&p, "=zs");
	playapp_expect(&p, "lookup");
	playapp_keys(&p, "Tab");
	playapp_expect(&p, "lookup_where");
	playapp_keys(&p, "^X ^X s");
	playapp_expect(&p, "sync");
	playapp_stop(&p);
}

/* More than home has room for: late, today and soon all have their place. */
static void
add_due_work(struct playapp *p)
{
	static const char *const subjects[][8] = {
		{ "category=02", "level=strict", "received_on=2026-02-16",
		  "term_to=2026-03-08", "@state=active" },
		{ "category=04", "level=loose", "received_on=2026-02-23",
		  "gps_to=2026-03-02", "term_to=2027-02-22", "@state=active" },
		{ "category=02", "report_by=2026-03-04", "@state=expected",
		  "effective_date=2026-02-22" },
	};
	static const char *const matters[][8] = {
		{ "accept_date=2026-01-10", "dispute_type=ll", "result=1",
		  "agr_date=2026-02-02", "perform_due=2026-03-02",
		  "@state=agreed" },
		{ "accept_date=2026-02-01", "dispute_type=ht",
		  "due_date=2026-03-05", "@state=open" },
	};
	const char *person[] = { "name=周八", NULL };
	struct uuid id = playoffice_add(&p->cli, "person", person);
	char text[UUID_TEXT_MAX], of[64];

	uuid_print(text, &id);
	(void)snprintf(of, sizeof of, "person_id=%s", text);
	for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
		const char *values[10] = { of };

		memcpy(values + 1, subjects[i], sizeof subjects[i]);
		(void)playoffice_add(&p->cli, "correction_subject", values);
	}
	for (size_t i = 0; i < sizeof matters / sizeof *matters; i++)
		(void)playoffice_add(&p->cli, "mediation_case", matters[i]);
}

static void
due(enum tr_lang lang)
{
	struct playapp p;

	playapp_open(&p, lang, NOW_AT, "app");
	playapp_sign_in(&p);
	add_due_work(&p);
	playapp_keys(&p, "^L j");
	playapp_expect(&p, "home_due");
	playapp_keys(&p, "Enter");
	playapp_expect(&p, "due");
	playapp_keys(&p, "j Enter");
	playapp_expect(&p, "due_record");
	playapp_keys(&p, "q q j j j Enter");
	playapp_expect(&p, "due_all");
	playapp_keys(&p, "f z b");
	playapp_expect(&p, "due_found");
	playapp_keys(&p, "Down Enter q ^X");
	playapp_expect(&p, "due_found_all");
	playapp_stop(&p);
}

static void
test_due(void **state)
{
	(void)state;
	due(TR_ZH);
	due(TR_EN);
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

/* The record of a register that is called so. */
static struct uuid
id_of(struct playapp *p, const char *reg, const char *called)
{
	struct uuid none = {{0}};

	for (size_t i = 0; i < overview_count(p->cli.store); i++) {
		const struct overview *o = overview_at(p->cli.store, i);
		struct buf words;
		bool same;

		if (!o || strcmp(o->reg_name, reg) != 0)
			continue;
		buf_init(&words, BUF_LINE_MAX);
		overview_called(&words, p->cli.store, o);
		same = strcmp(words.data, called) == 0;
		buf_release(&words);
		if (same)
			return o->id;
	}
	fail_msg("no %s", called);
	return none;
}

static void
lint_top(struct playapp *p, const char *keys)
{
	const struct view *v;
	struct buf out;

	playapp_keys(p, keys);
	v = view_top(&p->app.stack);
	buf_init(&out, BUF_LINE_MAX);
	if (keymap_lint(&out, v->ops->keymap(v)))
		fail_msg("after %s: %s", keys, out.data);
	buf_release(&out);
}

/* How often the help page of what is on top names a key. */
static size_t
told(struct playapp *p, const char *keys, const char *key)
{
	const struct view *v;
	const char *at;
	size_t times = 0;
	struct buf out;

	buf_init(&out, BUF_RECORD_MAX);
	playapp_keys(p, keys);
	v = view_top(&p->app.stack);
	keymap_help(&out, v->ops->keymap(v));
	for (at = out.data; (at = strstr(at, key)) != NULL; at++)
		times++;
	buf_release(&out);
	return times;
}

static void
says(struct playapp *p, const char *zh, const char *en)
{
	const char *want = tr_lang() == TR_EN ? en : zh;

	if (!screen_has(&p->canvas, want))
		fail_msg("not said: %s", want);
}

static bool
take_last(void *self, const struct audit_entry *e)
{
	struct buf *out = self;

	buf_printf(out, "%s %s", e->what, e->note);
	return false;
}

/* The newest entry of the trace. */
static void
traced(struct playapp *p, const char *what, const char *note)
{
	struct buf last, want;
	struct err err = ERR_INIT;

	buf_init(&last, BUF_LINE_MAX);
	buf_init(&want, BUF_LINE_MAX);
	buf_printf(&want, "%s %s", what, note);
	assert_int_equal(audit_each(p->cli.store, take_last, &last, &err), E_OK);
	assert_string_equal(last.data, want.data);
	buf_release(&last);
	buf_release(&want);
}

static void
settle(enum tr_lang lang)
{
	struct page page = {0};
	struct question q = { .id = uuid_new(), .reg = "correction_subject",
		.office = "990101001", .group = "case_officer", .by = "zhao",
		.at = NOW_AT - 3600000, .open = true };
	struct record r = {0};
	struct err err = ERR_INIT;
	struct playapp p;

	playapp_open(&p, lang, NOW_AT, "app");
	playapp_sign_in(&p);
	q.record = id_of(&p, "correction_subject", "张三");
	question_add(&q, "case_officer", "", "王干部", "周干部");
	question_to_record(&r, &q);
	page_put(&page, &r, 1);
	assert_int_equal(page_apply(&page, p.cli.store, NULL, &err), E_OK);
	app_tick(&p.app);
	app_paint(&p.app, &p.canvas);
	says(&p, "1 条待处理", "1 for you to settle");
	playapp_keys(&p, "c f =zs Esc Enter");
	says(&p, "c=处理", "c=settle");
	lint_top(&p, "^L");
	playapp_keys(&p, "q q s c");
	playapp_expect(&p, "conflicts");
	traced(&p, "list", "conflicts");
	playapp_keys(&p, "Enter ^S");
	traced(&p, "view", "settle");
	says(&p, "请先为这一项选定一个值。", "Choose a value");
	playapp_keys(&p, "m");
	playapp_expect(&p, "settle");
	playapp_keys(&p, "^S");
	playapp_expect(&p, "settled");
	/* and on the record's page it holds */
	playapp_keys(&p, "q q c f =zs Enter");
	assert_true(screen_has(&p.canvas, "周干部"));
	assert_false(screen_has(&p.canvas, lang == TR_EN ? "c=settle" :
	    "c=处理"));
	playapp_keys(&p, "h");
	assert_true(screen_has(&p.canvas, "王干部 -> 周干部"));
	record_release(&r);
	question_release(&q);
	playapp_stop(&p);
}

/* Two id numbers that differ in what the mask hides are told apart. */
static void
settle_numbers(void)
{
	struct page page = {0};
	struct question q = { .id = uuid_new(), .reg = "person",
		.office = "990101001", .group = "id", .by = "zhao",
		.at = NOW_AT - 3600000, .open = true };
	struct record r = {0};
	struct err err = ERR_INIT;
	struct playapp p;

	playapp_start(&p, TR_EN, NOW_AT, "app");
	q.record = id_of(&p, "person", "张三");
	question_add(&q, "id_no", "", "99010119850302001X",
	    "99010119850402001X");
	question_to_record(&r, &q);
	page_put(&page, &r, 1);
	assert_int_equal(page_apply(&page, p.cli.store, NULL, &err), E_OK);
	app_tick(&p.app);
	playapp_keys(&p, "s c Enter");
	assert_true(screen_has(&p.canvas, "990101*****3**001X"));
	assert_true(screen_has(&p.canvas, "990101*****4**001X"));
	record_release(&r);
	question_release(&q);
	playapp_stop(&p);
}

/* Who entered the other value changed something else on the record along with
 * it: the value that stands is not theirs. */
static void
settle_named_once(void)
{
	struct page page = {0};
	struct question q = { .id = uuid_new(), .reg = "correction_subject",
		.office = "990101001", .group = "case_officer",
		.at = NOW_AT - 3600000, .open = true };
	struct record r = {0}, subject = {0};
	struct err err = ERR_INIT;
	struct playapp p;

	playapp_start(&p, TR_EN, NOW_AT, "app");
	q.record = id_of(&p, "correction_subject", "张三");
	assert_int_equal(store_get(&subject, p.cli.store, &q.record, &err),
		E_OK);
	memcpy(q.by, subject.updated_by, sizeof q.by);
	question_add(&q, "case_officer", "", "王干部", "周干部");
	question_to_record(&r, &q);
	page_put(&page, &r, 1);
	assert_int_equal(page_apply(&page, p.cli.store, NULL, &err), E_OK);
	app_tick(&p.app);
	playapp_keys(&p, "s c Enter");
	assert_true(screen_has(&p.canvas, "李所长 entered another value, "
	    "03-02 08:11"));
	assert_true(screen_has(&p.canvas, "王干部"));
	assert_false(screen_has(&p.canvas, "03-02 09:11"));
	record_release(&subject);
	record_release(&r);
	question_release(&q);
	playapp_stop(&p);
}

/* One key does one thing, and says so once. */
static void
test_help_is_true(void **state)
{
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_EN, NOW_AT, "app");
	assert_int_equal(told(&p, "c Enter", " ^F"), 1);
	assert_int_equal(told(&p, "/", "^N"), 1);
	assert_int_equal(told(&p, "^X a", " j"), 1);
	assert_int_equal(told(&p, "j", " ^R"), 1);
	playapp_stop(&p);
}

/* A queue at the window: one is looked up from the page of another, for hours;
 * from each the way back is as short, and a cancelled search changes nothing. */
static void
test_one_after_another(void **state)
{
	struct playapp p;
	size_t deep;

	(void)state;
	playapp_start(&p, TR_EN, NOW_AT, "app");
	playapp_keys(&p, "/ =zs Enter");
	deep = p.app.stack.count;
	for (int i = 0; i < 40; i++)
		playapp_keys(&p, "/ =zs Enter");
	assert_int_equal(p.app.stack.count, deep);
	playapp_keys(&p, "/ =zs ^X");
	assert_int_equal(p.app.stack.count, deep);
	assert_true(screen_has(&p.canvas, "Persons: 张三"));
	playapp_keys(&p, "q ^X");
	assert_int_equal(p.app.stack.count, deep - 2);
	/* a form between keeps its place */
	playapp_keys(&p, "/ =zs Enter e ^] =zs Enter");
	assert_int_equal(p.app.stack.count, deep + 3);
	playapp_stop(&p);
}

static void
test_settle(void **state)
{
	(void)state;
	settle(TR_ZH);
	settle(TR_EN);
	settle_numbers();
	settle_named_once();
}

static void
refused_and_mended(enum tr_lang lang)
{
	struct page page = {0};
	struct outbox_list list = {0};
	struct err err = ERR_INIT;
	struct playapp p;

	playapp_open(&p, lang, NOW_AT, "app");
	playapp_sign_in(&p);
	playapp_keys(&p, "p f =zs Enter e Tab Tab Tab");
	playapp_keys(&p, "^X Esc Esc q");
	assert_int_equal(outbox_list(&list, p.cli.store, OUTBOX_WAITING, NULL,
	    &err), E_OK);
	/* the last one is a party of the case */
	page_verdict(&page, list.items[list.count - 1].op.n, VERDICT_DENIED,
	    0, lang == TR_EN ?
	    "Your account may not add parties." :
	    "您的账户不能新增当事人。");
	outbox_list_release(&list);
	assert_int_equal(page_apply(&page, p.cli.store, NULL, &err), E_OK);
	app_tick(&p.app);
	playapp_keys(&p, "s r");
	playapp_expect(&p, "refused");
	playapp_keys(&p, "Enter");
	playapp_expect(&p, "refused_why");
	playapp_keys(&p, "q e");
	says(&p, "被申请人", "respondent");
	playapp_keys(&p, "^S");
	says(&p, "没有被退回的。", "Nothing was refused");
	playapp_stop(&p);
}

static void
test_refused_and_mended(void **state)
{
	(void)state;
	refused_and_mended(TR_ZH);
	refused_and_mended(TR_EN);
}

static void
a_draft_outlives_the_session(enum tr_lang lang)
{
	struct playapp p;

	playapp_open(&p, lang, NOW_AT, "app");
	playapp_sign_in(&p);
	playapp_keys(&p, "p n =吴九 Tab");
	app_keep_drafts(&p.app);
	assert_int_equal(app_timeout_ms(&p.app), 1000);
	app_lock(&p.app);
	app_paint(&p.app, &p.canvas);
	assert_false(screen_has(&p.canvas, "吴九"));
	/* the user is remembered, the cursor is in the password */
	playapp_keys(&p, "=" PLAYOFFICE_PASSWORD " Enter");
	playapp_expect(&p, "drafts");
	playapp_keys(&p, "Enter");
	assert_true(screen_has(&p.canvas, "吴九"));
	/* leaving asks, because it was never saved */
	playapp_keys(&p, "^X");
	assert_true(screen_has(&p.canvas, "y"));
	playapp_keys(&p, "^X ^S");
	says(&p, "已存本机。", "Saved here.");
	/* behind the record is home, not an empty page of drafts */
	playapp_keys(&p, "^X");
	assert_int_equal(p.app.stack.count, 2);
	assert_false(screen_has(&p.canvas, lang == TR_EN ? "Unfinished" :
	    "未完成的草稿"));
	assert_int_equal(p.app.counts.drafts, 0);
	playapp_stop(&p);
}

static void
test_a_draft_outlives_the_session(void **state)
{
	(void)state;
	a_draft_outlives_the_session(TR_ZH);
	a_draft_outlives_the_session(TR_EN);
}

/* How many characters of a new person's name are on disk. */
static size_t
name_kept(struct playapp *p)
{
	struct draft_list drafts = {0};
	struct err err = ERR_INIT;
	size_t len = 0;

	assert_int_equal(draft_list(&drafts, p->cli.store, &err), E_OK);
	if (drafts.count)
		len = strlen(values_get(&drafts.items[0].record.values,
			"name"));
	draft_list_release(&drafts);
	return len;
}

/* Whatever the rhythm: no key is a second old and not on disk.  The loop's
 * sleep ends with the next key or with the time that app_timeout_ms() said. */
static void
type_in_rhythm(struct playapp *p, const int *gaps_ms, size_t keys)
{
	int64_t now = clock_mono_ms(), at[64], next = now + gaps_ms[0];
	size_t typed = 0;

	assert_true(keys <= 64);
	while (typed < keys || name_kept(p) < keys) {
		int64_t wake = now + app_timeout_ms(&p->app);

		assert_true(wake > now);
		now = typed < keys && next < wake ? next : wake;
		clock_fix_mono(now);
		if (typed < keys && now == next) {
			playapp_keys(p, "=x");
			at[typed++] = now;
			next = now + gaps_ms[typed % keys];
		}
		if (name_kept(p) < typed)
			assert_true(now - at[name_kept(p)] < 1000);
		(void)app_tick(&p->app);
	}
}

static void
test_what_is_typed_is_kept_within_a_second(void **state)
{
	static const int rhythms[][10] = {
		{ 1, 90, 90, 90, 90, 90, 90, 90, 90, 90 },
		{ 700, 450, 449, 10, 10, 10, 10, 300, 300, 300 },
		{ 1, 499, 399, 2, 1, 1, 1, 1, 1, 1 },
		{ 950, 490, 409, 490, 490, 490, 490, 490, 1200, 30 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rhythms / sizeof *rhythms; i++) {
		struct playapp p;

		playapp_open(&p, TR_ZH, NOW_AT, "app");
		playapp_sign_in(&p);
		clock_fix_mono(clock_mono_ms());
		playapp_keys(&p, "p n");
		type_in_rhythm(&p, rhythms[i], 10);
		clock_fix_mono(0);
		playapp_stop(&p);
	}
}

static void
test_the_list_stands_on_what_was_entered(void **state)
{
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	playapp_keys(&p, "p");
	assert_false(screen_has(&p.canvas, "周九"));
	playapp_keys(&p, "n =周九 ^S ^X");
	assert_true(screen_has(&p.canvas, ">周九"));
	playapp_stop(&p);
}

/* The same draft in two windows: the one that comes second is told so, and
 * what it typed since is a draft of its own. */
static void
test_one_draft_in_two_windows(void **state)
{
	struct draft_list drafts = {0};
	struct err err = ERR_INIT;
	struct playapp p;
	size_t waiting;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	playapp_keys(&p, "p n =吴九 Tab");
	app_keep_drafts(&p.app);
	assert_int_equal(draft_list(&drafts, p.cli.store, &err), E_OK);
	assert_int_equal(drafts.count, 1);
	assert_int_equal(draft_drop(p.cli.store, drafts.items[0].key, &err),
	    E_OK);
	draft_list_release(&drafts);
	waiting = p.app.counts.waiting;
	playapp_keys(&p, "^S");
	assert_true(screen_has(&p.canvas,
	    "这份草稿已在另一窗口保存或丢弃。"));
	assert_int_equal(p.app.counts.waiting, waiting);
	app_keep_drafts(&p.app);
	assert_int_equal(draft_list(&drafts, p.cli.store, &err), E_OK);
	assert_int_equal(drafts.count, 1);
	assert_int_equal(draft_drop(p.cli.store, drafts.items[0].key, &err),
	    E_OK);
	draft_list_release(&drafts);
	/* typed on before saving: as good as unseen */
	playapp_keys(&p, "^P =十 Tab");
	app_keep_drafts(&p.app);
	playapp_keys(&p, "^S");
	assert_true(screen_has(&p.canvas,
	    "这份草稿已在另一窗口保存或丢弃。"));
	assert_int_equal(p.app.counts.waiting, waiting);
	playapp_stop(&p);
}

/* Another session on the same cache enters somebody. */
static void
other_enters(struct cli *other, const struct playapp *p)
{
	static const char *const values[] = { "name=郑十一", NULL };
	struct err err = ERR_INIT;

	other->home = mem_strdup(p->home);
	assert_int_equal(cli_schema(other, &err), E_OK);
	assert_int_equal(cli_store(other, false, &err), E_OK);
	assert_int_equal(store_unlock(other->store, PLAYOFFICE_USER,
	    PLAYOFFICE_PASSWORD, &err), E_OK);
	assert_int_equal(overview_refresh(other->store, NULL, &err), E_OK);
	(void)playoffice_add(other, "person", values);
}

/* It is told that another process writes, and wakes for nothing else before its
 * time. */
static void
test_it_sleeps_until_something_is_due(void **state)
{
	struct pollfd fds[APP_WAKE_FDS];
	struct cli other = {0};
	struct playapp p;
	int64_t start = clock_mono_ms(), now = start;
	size_t n;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	clock_fix_mono(start);
	playapp_keys(&p, "p");
	app_wake_open(&p.app);
	(void)app_tick(&p.app);
	if (!p.app.wake.open) {		/* a system that cannot tell */
		assert_in_range(app_timeout_ms(&p.app), 1, APP_TICK_MS);
		clock_fix_mono(0);
		playapp_stop(&p);
		return;
	}
	assert_in_range(app_timeout_ms(&p.app), 1001, 60000);
	n = app_wake_fds(&p.app, fds);
	assert_int_equal(poll(fds, (nfds_t)n, 0), 0);
	other_enters(&other, &p);
	assert_int_equal(poll(fds, (nfds_t)n, 0), 1);
	app_wake_heard(&p.app);
	assert_int_equal(poll(fds, (nfds_t)n, 0), 0);
	assert_true(app_tick(&p.app));
	/* the rest of what was being written, if there is any */
	assert_in_range(app_timeout_ms(&p.app), 1, 1000);
	for (int i = 0; i < 1000 && store_user(p.cli.store); i++) {
		now += app_timeout_ms(&p.app);
		clock_fix_mono(now);
		(void)app_tick(&p.app);
	}
	assert_null(store_user(p.cli.store));
	assert_int_equal(now - start, APP_IDLE_LOCK_MS);
	assert_int_equal(app_timeout_ms(&p.app), -1);
	cli_release(&other);
	clock_fix_mono(0);
	playapp_stop(&p);
}

static void
test_other_sessions_show_within_a_second(void **state)
{
	struct cli other = {0};
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	playapp_keys(&p, "p");
	assert_false(screen_has(&p.canvas, "郑十一"));
	other_enters(&other, &p);
	assert_true(app_tick(&p.app));
	app_paint(&p.app, &p.canvas);
	assert_true(screen_has(&p.canvas, "郑十一"));
	/* and nothing moves when nothing happens */
	assert_false(app_tick(&p.app));
	cli_release(&other);
	playapp_stop(&p);
}

static void
tick_at(struct playapp *p, int64_t ms)
{
	clock_fix_mono(ms);
	(void)app_tick(&p->app);
	app_paint(&p->app, &p->canvas);
}

/* Nobody is there, or the machine slept and somebody else may be. */
static void
test_it_locks_by_itself(void **state)
{
	struct playapp p;
	int64_t start;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	/* the last time the machine says that it slept */
	for (int sleeps = 0; sleeps < 3; sleeps++) {
		if (sleeps)
			playapp_keys(&p, "=" PLAYOFFICE_PASSWORD " Enter");
		else
			playapp_sign_in(&p);
		start = clock_mono_ms();
		tick_at(&p, start);
		playapp_keys(&p, "p");
		for (int64_t s = 30; s < 600; s += 30) {
			tick_at(&p, start + s * 1000);
			assert_non_null(store_user(p.cli.store));
			if (sleeps && s == 90)
				break;
		}
		clock_fix_slept(sleeps == 2 ? 60 * 1000 : 0);
		tick_at(&p, start + (sleeps == 2 ? 91 : sleeps ? 151 : 601) *
			1000);
		assert_null(store_user(p.cli.store));
		assert_true(screen_has(&p.canvas, sleeps ? "休眠" :
			"10 分钟没有操作"));
		clock_fix_slept(0);
		clock_fix_mono(0);
	}
	playapp_stop(&p);
}

/* Whoever leaves the computer locks it with one key, wherever it is shown that
 * there is one: nothing of the county's stays, neither in memory nor shown. */
static void
test_one_key_locks(void **state)
{
	static const char *const places[] = { "", "p", "p Enter", "d", "t" };
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (i)
			playapp_keys(&p, "=" PLAYOFFICE_PASSWORD " Enter");
		else
			playapp_sign_in(&p);
		playapp_keys(&p, places[i]);
		assert_non_null(store_user(p.cli.store));
		playapp_keys(&p, "Z");
		if (store_user(p.cli.store) || p.app.stack.count != 1 ||
		    overview_count(p.cli.store) != 0 ||
		    !screen_has(&p.canvas, "密码"))
			fail_msg("after \"%s\"", places[i]);
		assert_false(screen_has(&p.canvas, "郑十一") ||
			screen_has(&p.canvas, "李四"));
	}
	playapp_stop(&p);
}

/* A test that fails leaves its clock behind, with which the next would wait for
 * ever. */
static int
clocks_go_on(void **state)
{
	(void)state;
	clock_fix_slept(0);
	clock_fix_mono(0);
	return 0;
}

/* This program as its own sync child: takes the key, says and answers what it
 * is told by the environment. */
static int
be_child(bool login)
{
	const char *status = getenv("PLAY_STATUS"), *said = getenv("PLAY_SAID");
	const char *events = getenv("PLAY_EVENTS");
	char key[512];
	size_t n = fread(key, 1, sizeof key, stdin);

	if (login) {
		(void)fprintf(stderr, "fengqiao: 密码错误。\n");
		return CLI_AUTH;
	}
	if (n != 32 + strlen(PLAYOFFICE_USER))
		return CLI_FAULT;
	if (events && *events) {
		(void)printf("%s", events);
		(void)fflush(stdout);
		(void)alarm(60);	/* nobody's child for ever */
		(void)pause();
	}
	if (said)
		(void)fprintf(stderr, "fengqiao: %s\n", said);
	return status ? (int)strtol(status, NULL, 10) : CLI_OK;
}

/* One run; when the next one comes, in seconds. */
static int64_t
sync_as(struct playapp *p, const char *status, const char *said)
{
	struct err err = ERR_INIT;

	assert_int_equal(setenv("PLAY_STATUS", status, 1), 0);
	assert_int_equal(setenv("PLAY_SAID", said, 1), 0);
	assert_int_equal(app_sync_start(&p->app, false, &err), E_OK);
	/* a second one waits for the first */
	assert_int_equal(app_sync_start(&p->app, false, &err), E_OK);
	for (int i = 0; i < 500 && job_is_running(&p->app.sync.job); i++) {
		(void)app_sync_read(&p->app);
		(void)usleep(10000);
	}
	assert_false(job_is_running(&p->app.sync.job));
	app_paint(&p->app, &p->canvas);
	return (p->app.sync.next_ms - clock_mono_ms() + 500) / 1000;
}

/* The child that keeps in step, having said these things; it goes on until it
 * is told to end. */
static void
watch_as(struct playapp *p, const char *events, bool busy)
{
	struct err err = ERR_INIT;

	assert_int_equal(setenv("PLAY_EVENTS", events, 1), 0);
	assert_int_equal(app_sync_start(&p->app, false, &err), E_OK);
	p->app.sync.pages = 99;
	for (int i = 0; i < 500 && (p->app.sync.pages == 99 ||
	    p->app.sync.busy != busy); i++) {
		(void)app_sync_read(&p->app);
		(void)usleep(10000);
	}
	assert_int_equal(p->app.sync.busy, busy);
	assert_true(job_is_running(&p->app.sync.job));
	assert_int_equal(setenv("PLAY_EVENTS", "", 1), 0);
}

static void
child_ends(struct playapp *p)
{
	app_sync_release(&p->app);
	p->app.sync.automatic = true;
}

static void
keep_runs(struct playapp *p)
{
	static const struct run runs[] = {
		{ .began_at = 1772413000000, .last_at = 1772413860000,
		    .took_ms = 30000, .times = 3, .result = E_OFFLINE,
		    .said = "服务器没有应答；录入的内容已保存，稍后送出。" },
		{ .began_at = 1772413900000, .last_at = 1772413902300,
		    .took_ms = 2300, .times = 1, .pushed = 3, .pulled = 12,
		    .bytes = 4200 },
		{ .began_at = 1772413910000, .last_at = 1772413911000,
		    .took_ms = 900, .times = 1, .pushed = 2, .merged = 1,
		    .conflicts = 1, .bytes = 1830 },
	};
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
		assert_int_equal(runs_keep(p->app.cli->store, &runs[i], &err),
			E_OK);
	assert_int_equal(runs_measured(p->app.cli->store, 68000, 10000, &err),
		E_OK);
}

static void
sync_page(enum tr_lang lang)
{
	struct playapp p;

	playapp_open(&p, lang, NOW_AT, "app");
	playapp_sign_in(&p);
	keep_runs(&p);
	p.app.sync.automatic = true;
	playapp_keys(&p, "s");
	child_ends(&p);
	watch_as(&p, "{\"state\":\"begun\"}\n{\"state\":\"page\","
		"\"pushed\":14,\"pulled\":560,\"left_bytes\":1840000,"
		"\"bytes_s\":6800}\n", true);
	(void)app_tick(&p.app);
	app_paint(&p.app, &p.canvas);
	playapp_expect(&p, "sync_runs");
	child_ends(&p);
	playapp_stop(&p);
}

static void
test_sync_page(void **state)
{
	(void)state;
	sync_page(TR_ZH);
	sync_page(TR_EN);
}

/* How much of a large office is here, and how long the rest takes. */
static void
test_a_first_load_is_told(void **state)
{
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	p.app.sync.automatic = true;
	playapp_keys(&p, "s");
	child_ends(&p);
	watch_as(&p, "{\"state\":\"begun\"}\n{\"state\":\"page\","
		"\"left_bytes\":1700000,\"bytes_s\":6800,"
		"\"load_bytes\":2160000,\"load_have\":460000}\n", true);
	(void)app_tick(&p.app);
	app_paint(&p.app, &p.canvas);
	assert_true(screen_has(&p.canvas, "首次下载：460 kB，共 2.1 MB"));
	assert_true(screen_has(&p.canvas, "1.7 MB，约需 4 分钟"));
	child_ends(&p);
	playapp_stop(&p);
}

/* What the corner says follows what the child says. */
static void
test_the_child_that_keeps_in_step(void **state)
{
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	p.app.sync.automatic = true;
	watch_as(&p, "{\"state\":\"begun\"}\n{\"state\":\"failed\","
		"\"error\":\"offline\",\"message\":\"没有网络。\"}\n",
		false);
	app_paint(&p.app, &p.canvas);
	assert_true(screen_has(&p.canvas, "起离线"));
	assert_string_equal(p.app.sync.said, "没有网络。");
	child_ends(&p);
	watch_as(&p, "{\"state\":\"begun\"}\n{\"state\":\"failed\","
		"\"error\":\"invalid\",\"message\":\"不是枫桥服务器。\"}\n",
		false);
	app_paint(&p.app, &p.canvas);
	assert_true(screen_has(&p.canvas, "同步未成"));
	child_ends(&p);
	watch_as(&p, "{\"state\":\"standing_by\"}\n{\"state\":\"begun\"}\n"
		"{\"state\":\"good\",\"pushed\":1}\n", false);
	app_paint(&p.app, &p.canvas);
	assert_true(screen_has(&p.canvas, "已存本机 14 条待送"));
	/* saves are its own business */
	app_sync_soon(&p.app);
	assert_int_equal(p.app.sync.next_ms, 0);
	child_ends(&p);
	p.app.sync.automatic = false;
	playapp_stop(&p);
}

/* Somebody new here is the server's to know; its sentence is for the screen. */
static void
test_sign_in_by_server(void **state)
{
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_keys(&p, "^U =wang Enter =falsch Enter");
	for (int i = 0; i < 500 && screen_signin_fd(&p.app) >= 0; i++) {
		screen_signin_read(&p.app);
		(void)usleep(10000);
	}
	app_paint(&p.app, &p.canvas);
	assert_true(screen_has(&p.canvas, "密码错误。"));
	assert_false(screen_has(&p.canvas, "fengqiao: "));
	playapp_stop(&p);
}

static void
test_sync_in_time(void **state)
{
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	p.app.sync.automatic = true;
	assert_int_equal(sync_as(&p, "0", ""), 60);
	assert_int_equal(sync_as(&p, "4", "没有网络。"), 15);
	assert_true(screen_has(&p.canvas, "起离线"));
	assert_int_equal(sync_as(&p, "4", "没有网络。"), 30);
	assert_int_equal(sync_as(&p, "4", "没有网络。"), 60);
	assert_int_equal(sync_as(&p, "4", "没有网络。"), 60);
	/* a key hurries only after silence */
	playapp_keys(&p, "j");
	assert_true(p.app.sync.next_ms > clock_mono_ms() + 50000);
	p.app.pressed_ms -= 61000;
	playapp_keys(&p, "j");
	assert_true(p.app.sync.next_ms < clock_mono_ms() + 1000);
	assert_int_equal(sync_as(&p, "0", ""), 60);
	assert_int_equal(sync_as(&p, "4", "没有网络。"), 15);
	/* an answer for the command line, said for the screens */
	assert_int_equal(sync_as(&p, "3", "尚未登录或者登录已过期，请先登录。"),
	    240);
	assert_true(screen_has(&p.canvas, "登录已失效，按 Z 重新登录"));
	p.app.sync.automatic = false;
	playapp_keys(&p, "s");
	assert_true(screen_has(&p.canvas,
	    "登录已失效，请按 Z 锁定后重新登录。"));
	playapp_stop(&p);
}

/* Nobody typed who it is where the screens opened by the keyring. */
static void
test_a_lock_knows_who_it_was(void **state)
{
	struct err err = ERR_INIT;
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	assert_int_equal(store_unlock(p.cli.store, PLAYOFFICE_USER,
	    PLAYOFFICE_PASSWORD, &err), E_OK);
	app_signed_in(&p.app, true);
	app_lock(&p.app);
	assert_null(store_user(p.cli.store));
	playapp_keys(&p, "=" PLAYOFFICE_PASSWORD " Enter");
	assert_non_null(store_user(p.cli.store));
	playapp_stop(&p);
}

/* The kernel's keyring belongs to the command line. */
static void
test_screens_leave_the_keyring_alone(void **state)
{
	struct err err = ERR_INIT;
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	assert_int_equal(store_keyring_unlock(p.cli.store, &err), E_AUTH);
	err = (struct err)ERR_INIT;
	assert_int_equal(store_unlock(p.cli.store, PLAYOFFICE_USER,
	    PLAYOFFICE_PASSWORD, &err), E_OK);
	if (store_keyring_put(p.cli.store, 60, &err)) {
		playapp_stop(&p);	/* a kernel without */
		return;
	}
	/* opened by a password: the other sign-in is not ours to end */
	app_lock(&p.app);
	assert_int_equal(store_keyring_unlock(p.cli.store, &err), E_OK);
	app_signed_in(&p.app, true);
	app_quit(&p.app);
	assert_int_equal(store_keyring_unlock(p.cli.store, &err), E_AUTH);
	playapp_stop(&p);
}

static void
not_enrolled(enum tr_lang lang)
{
	struct playapp p = { .series = "app" };

	tr_set(lang);
	app_init(&p.app, &p.cli);
	canvas_init(&p.canvas, 80, 24);
	app_paint(&p.app, &p.canvas);
	playapp_expect(&p, "not_enrolled");
	playapp_keys(&p, "a / s Enter");
	assert_false(p.app.leave);
	playapp_keys(&p, "q");
	assert_true(p.app.leave);
	app_release(&p.app);
	canvas_release(&p.canvas);
}

static void
test_not_enrolled(void **state)
{
	(void)state;
	not_enrolled(TR_ZH);
	not_enrolled(TR_EN);
}

static void
test_keymaps_are_sound(void **state)
{
	static const char *const walk[] = { "p", "v", "^X f", "Esc Enter",
		"a", "^X q q /", "^X s", "c", "q r", "q q" };
	struct playapp p;

	(void)state;
	playapp_open(&p, TR_EN, NOW_AT, "app");
	lint_top(&p, "^L");
	playapp_sign_in(&p);
	lint_top(&p, "^L");
	for (size_t i = 0; i < sizeof walk / sizeof *walk; i++)
		lint_top(&p, walk[i]);
	playapp_stop(&p);
}

/* Every key on every screen that it leads to, at odd sizes: nothing crashes,
 * and the stack stays within its bounds. */
static void
test_any_key_any_size(void **state)
{
	static const char keys[] = "jkbgGqnefvoxamchDtLs/?1234 \t";
	static const int sizes[][2] = { { 80, 24 }, { 20, 5 }, { 200, 60 },
		{ 79, 24 }, { 81, 25 } };
	struct playapp p;
	unsigned seed = 2463534242u;

	(void)state;
	playapp_open(&p, TR_ZH, NOW_AT, "app");
	playapp_sign_in(&p);
	for (int i = 0; i < 1500; i++) {
		struct press press = { .code = PRESS_ESC };

		seed ^= seed << 13;
		seed ^= seed >> 17;
		seed ^= seed << 5;
		if (seed % 7 == 0)
			press.code = PRESS_ENTER;
		else if (seed % 11 != 0)
			press.code = keys[seed % (sizeof keys - 1)];
		playapp_press(&p, &press);
		if (i % 50 == 0)
			canvas_resize(&p.canvas, sizes[i / 50 % 5][0],
			    sizes[i / 50 % 5][1]);
		app_paint(&p.app, &p.canvas);
		assert_true(p.app.stack.count >= 1);
	}
	playapp_stop(&p);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_day_zh),
		cmocka_unit_test(test_day_en),
		cmocka_unit_test(test_an_old_id_number_is_told),
		cmocka_unit_test(test_home_from_end_to_end),
		cmocka_unit_test(test_help_in_a_list_of_choices),
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_settle),
		cmocka_unit_test(test_help_is_true),
		cmocka_unit_test(test_one_after_another),
		cmocka_unit_test(test_refused_and_mended),
		cmocka_unit_test(test_a_draft_outlives_the_session),
		cmocka_unit_test(test_what_is_typed_is_kept_within_a_second),
		cmocka_unit_test(test_the_list_stands_on_what_was_entered),
		cmocka_unit_test(test_one_draft_in_two_windows),
		cmocka_unit_test(test_other_sessions_show_within_a_second),
		cmocka_unit_test_teardown(test_it_locks_by_itself,
			clocks_go_on),
		cmocka_unit_test(test_one_key_locks),
		cmocka_unit_test_teardown(test_it_sleeps_until_something_is_due,
			clocks_go_on),
		cmocka_unit_test(test_sign_in_by_server),
		cmocka_unit_test(test_sync_in_time),
		cmocka_unit_test(test_sync_page),
		cmocka_unit_test(test_a_first_load_is_told),
		cmocka_unit_test(test_the_child_that_keeps_in_step),
		cmocka_unit_test(test_a_lock_knows_who_it_was),
		cmocka_unit_test(test_screens_leave_the_keyring_alone),
		cmocka_unit_test(test_not_enrolled),
		cmocka_unit_test(test_keymaps_are_sound),
		cmocka_unit_test(test_any_key_any_size),
	};
	const char *home = getenv("OFFICE_HOME");

	if (argc > 1 && (strcmp(argv[1], "sync") == 0 ||
	    strcmp(argv[1], "login") == 0))
		return be_child(argv[1][0] == 'l');
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
