/* ui/listing, ui/frame, ui/view, ui/helpview, ui/prompt on one screen. */
#include "ui/listing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/tr.h"
#include "kit/screen.h"
#include "ui/frame.h"
#include "ui/picker.h"
#include "ui/prompt.h"

/* ---- rows that count who asks ---- */

struct rows {
	size_t count, asked;
	unsigned shift;		/* of the ids: rows that went away above */
	uint64_t generation;
};

static size_t
rows_count(void *self)
{
	return ((struct rows *)self)->count;
}

static uint64_t
rows_generation(void *self)
{
	return ((struct rows *)self)->generation;
}

static struct uuid
rows_id(void *self, size_t row)
{
	unsigned n = (unsigned)row + ((struct rows *)self)->shift;
	struct uuid id = {0};

	((struct rows *)self)->asked++;
	memcpy(id.b, &n, sizeof n);
	return id;
}

static void
rows_cell(void *self, size_t row, size_t column, struct buf *out)
{
	static const char *const names[] = { "张三", "欧阳某某", "李\033[2J",
		"Wang Wu" };
	struct rows *r = self;
	size_t n = row + r->shift;

	r->asked++;
	if (column == 0)
		buf_text(out, names[n % 4]);
	else if (column == 1)
		buf_printf(out, "%06zu", n);
	else if (column == 2)
		buf_text(out, n % 2 ? "浙江省诸暨市枫桥镇某某村一百二十三号后面"
		    "还有很长的一段地址写不下" : "");
	else
		buf_printf(out, "%zu", n * n);
}

static enum canvas_role
rows_role(void *self, size_t row)
{
	return (row + ((struct rows *)self)->shift) % 10 == 3 ? ROLE_ALERT
	    : ROLE_TEXT;
}

static const struct listing_column columns[] = {
	{ "姓名", 10, false }, { "编号", 8, false }, { "住址", 0, false },
	{ "天数", 10, true },
};

/* ---- a view around them ---- */

struct list_view {
	struct view view;
	struct rows rows;
	struct listing list;
	char answer[100];
};

static void
list_title(const struct view *v, struct buf *out)
{
	const struct list_view *lv = (const struct list_view *)v;

	buf_text(out, "社区矫正对象 ");
	listing_position(&lv->list, out);
}

static void
list_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	listing_paint(&((struct list_view *)v)->list, c, body);
}

enum { ASK_WHY = 1, ASK_SURE, PICK };

static const struct keymap_entry entries[] = {
	{ 'w', PRESS_NONE, ASK_WHY, "why", "Ask why.", KEYMAP_HINT },
	{ 'd', PRESS_NONE, ASK_SURE, "delete", "Ask first.", KEYMAP_HINT },
	{ 'p', PRESS_NONE, PICK, "pick", "Pick one.", KEYMAP_HINT },
	{ '?', PRESS_F1, 99, "help", "This page.", KEYMAP_ALWAYS },
};

static const struct keymap keymap = { entries, 4, &listing_keymap };

static const struct keymap *
list_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
answered(void *self, struct view_stack *s, const char *text)
{
	struct list_view *lv = self;

	(void)snprintf(lv->answer, sizeof lv->answer, "%s",
	    text ? text : "(none)");
	view_say(s, ROLE_GOOD, "answer: %s", lv->answer);
}

static enum view_answer
list_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct list_view *lv = (struct list_view *)v;
	struct picker picker;

	switch (keymap_find(&keymap, p->code)) {
	case ASK_WHY:
		prompt_push(s, PROMPT_TEXT, "作废原因：", "重复", answered, lv);
		return VIEW_HANDLED;
	case ASK_SURE:
		prompt_push(s, PROMPT_YES, "确定作废吗？", NULL, answered, lv);
		return VIEW_HANDLED;
	case PICK:
		picker_init(&picker, "去向", true, NULL, NULL);
		picker_add(&picker, "01", "01", "解除矫正");
		picker_add(&picker, "02", "02", "收监执行");
		picker_add(&picker, "11", "11", "死亡");
		picker_push(s, &picker, answered, lv);
		return VIEW_HANDLED;
	default:
		return listing_press(&lv->list, p) ? VIEW_HANDLED
		    : VIEW_IGNORED;
	}
}

static void
list_free(struct view *v)
{
	(void)v;	/* lives in the test */
}

static const struct view_ops ops = {
	.title = list_title, .paint = list_paint, .press = list_press,
	.keymap = list_keymap, .free = list_free,
};

struct scene {
	struct list_view lv;
	struct view_stack stack;
	struct canvas canvas;
};

static void
scene_start(struct scene *s, size_t count)
{
	struct listing_source source = { .self = &s->lv.rows,
		.count = rows_count, .generation = rows_generation,
		.id = rows_id, .cell = rows_cell, .role = rows_role };

	*s = (struct scene){ .lv.view.ops = &ops, .lv.rows.count = count };
	listing_init(&s->lv.list, &source, columns, 4);
	view_push(&s->stack, &s->lv.view);
	canvas_init(&s->canvas, 80, 24);
	tr_set(TR_ZH);
}

static void
scene_paint(struct scene *s)
{
	frame_paint(&s->canvas, &s->stack, "3 条待上报", ROLE_STATUS);
}

static void
scene_end(struct scene *s)
{
	view_stack_release(&s->stack);
	canvas_release(&s->canvas);
}

static void
expect(struct scene *s, const char *keys, const char *name)
{
	screen_play(&s->stack, keys);
	scene_paint(s);
	screen_expect(&s->canvas, name);
}

static void
test_pictures(void **state)
{
	struct scene s;

	(void)state;
	scene_start(&s, 100);
	expect(&s, "", "list_first");
	expect(&s, "j j Down", "list_third");
	expect(&s, "PgDn", "list_page");
	expect(&s, "G", "list_last");
	expect(&s, "g ?", "list_help");
	expect(&s, "q w =登记", "list_prompt");
	expect(&s, "Enter", "list_prompted");
	assert_string_equal(s.lv.answer, "重复登记");
	expect(&s, "p", "list_picker");
	expect(&s, "Space Down Space =0", "list_picker_typed");
	scene_end(&s);
}

static void
test_yes_needs_letter_and_enter(void **state)
{
	static const struct {
		const char *keys, *want;
	} rows[] = {
		{ "d Enter", "(none)" },
		{ "d n Enter", "(none)" },
		{ "d y Enter", "y" },
		{ "d n y Enter", "y" },
		{ "d +y Enter", "(none)" },
		{ "d y Esc", "(none)" },
		{ "d y Backspace Enter", "(none)" },
		{ "p Esc", "(none)" },
		{ "p Enter", "01" },
		{ "p =sj Enter", "02" },
		{ "p =sw Enter", "11" },
		{ "p 1 Enter", "11" },
		{ "p =收监 Enter", "02" },
		{ "p Space Down Down Space Enter", "01;11" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene s;

		scene_start(&s, 3);
		screen_play(&s.stack, rows[i].keys);
		assert_string_equal(s.lv.answer, rows[i].want);
		assert_int_equal(s.stack.count, 1);
		scene_end(&s);
	}
}

/* A text that ends its own brackets cannot say yes. */
static void
test_paste_says_no_yes(void **state)
{
	struct press y = { .code = 'y', .after_paste = true };
	struct press enter = { .code = PRESS_ENTER, .after_paste = true };
	struct scene s;

	(void)state;
	scene_start(&s, 3);
	screen_play(&s.stack, "d");
	(void)view_press(&s.stack, &y);
	(void)view_press(&s.stack, &enter);
	assert_string_equal(s.lv.answer, "");
	assert_int_equal(s.stack.count, 2);
	screen_play(&s.stack, "y Enter");
	assert_string_equal(s.lv.answer, "y");
	scene_end(&s);
}

/* A list of 100,000 touches what is in sight, not the rest. */
/* The page says where the selected row stands; not when all are in sight. */
static void
test_pages_are_counted(void **state)
{
	static const struct {
		size_t count;
		const char *keys, *want;
	} rows[] = {
		{ 0, "", "" }, { 20, "G", "" },	/* 20 rows have room */
		{ 21, "", "第 1/2 页" }, { 21, "G", "第 2/2 页" },
		{ 100, "PgDn", "第 2/5 页" }, { 100, "PgDn k", "第 1/5 页" },
		{ 100, "G", "第 5/5 页" }, { 101, "G", "第 6/6 页" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene s;
		struct buf page;

		scene_start(&s, rows[i].count);
		buf_init(&page, BUF_LINE_MAX);
		scene_paint(&s);
		screen_play(&s.stack, rows[i].keys);
		scene_paint(&s);
		listing_page(&s.lv.list, &page);
		assert_string_equal(page.len ? page.data : "", rows[i].want);
		buf_release(&page);
		scene_end(&s);
	}
}

static void
test_touches_visible_rows_only(void **state)
{
	struct scene s;

	(void)state;
	scene_start(&s, 100000);
	screen_play(&s.stack, "G k PgUp j j");
	scene_paint(&s);
	assert_in_range(s.lv.rows.asked, 1, 200);
	scene_end(&s);
}

static void
test_stays_on_its_record(void **state)
{
	struct uuid before, after;
	struct scene s;

	(void)state;
	scene_start(&s, 50);
	screen_play(&s.stack, "j j j j j");
	scene_paint(&s);
	assert_true(listing_selected(&s.lv.list, &before));
	s.lv.rows.shift = 2;	/* two rows above went away */
	s.lv.rows.count = 48;
	s.lv.rows.generation++;
	scene_paint(&s);
	assert_true(listing_selected(&s.lv.list, &after));
	assert_int_equal(uuid_compare(&before, &after), 0);
	assert_int_equal(listing_row(&s.lv.list), 3);
	s.lv.rows.shift = 40;	/* now it is gone itself */
	s.lv.rows.count = 2;
	s.lv.rows.generation++;
	scene_paint(&s);
	assert_int_equal(listing_row(&s.lv.list), 1);
	s.lv.rows.count = 0;
	s.lv.rows.generation++;
	expect(&s, "j k G", "list_empty");
	assert_false(listing_selected(&s.lv.list, &after));
	scene_end(&s);
}

static void
test_any_size(void **state)
{
	struct scene s;

	(void)state;
	scene_start(&s, 30);
	screen_play(&s.stack, "p");
	for (int cols = 1; cols <= 200; cols += cols < 90 ? 13 : 40) {
		for (int rows = 1; rows <= 60; rows += rows < 30 ? 5 : 12) {
			canvas_resize(&s.canvas, cols, rows);
			scene_paint(&s);
		}
	}
	canvas_resize(&s.canvas, 60, 20);
	scene_paint(&s);
	screen_expect(&s.canvas, "too_small");
	/* What nobody sees is not typed. */
	screen_play(&s.stack, "Enter");
	assert_int_equal(s.stack.count, 2);
	scene_end(&s);
}

static void
test_keymaps_are_sound(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	keymap_lint(&out, &keymap);
	keymap_lint(&out, &listing_keymap);
	keymap_lint(&out, &prompt_keymap);
	assert_string_equal(out.data, "");
	const struct keymap_entry bad[] = {
		{ PRESS_F2, PRESS_ESC, 1, "x", "X.", KEYMAP_HINT },
		{ 'a', PRESS_NONE, 2, "y", "", KEYMAP_HINT },
		{ 'a', PRESS_NONE, 2, "y", "Y.", KEYMAP_HINT },
	};
	const struct keymap worse = { bad, 3, NULL };
	assert_int_equal(keymap_lint(&out, &worse), 3);
	buf_release(&out);
}

static void
test_hints_fit(void **state)
{
	static const struct {
		int cells;
		const char *want;
	} rows[] = {
		{ 60, "w=why d=delete p=pick ?=help" },
		{ 28, "w=why d=delete p=pick ?=help" },
		{ 27, "w=why d=delete ?=help" },
		{ 19, "w=why p=pick ?=help" },
		{ 6, "?=help" },
		{ 3, "" },
	};

	const struct keymap_now now = {0};

	(void)state;
	tr_set(TR_EN);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf out;

		buf_init(&out, BUF_LINE_MAX);
		keymap_hints(&out, &keymap, &now, rows[i].cells);
		assert_string_equal(out.data, rows[i].want);
		buf_release(&out);
	}
	tr_set(TR_ZH);
}

static bool
may_not_delete(const void *self, int action)
{
	assert_ptr_equal(self, &keymap);
	return action != keymap_find(&keymap, 'd');
}

/* What cannot be done here is not hinted, and leaves its room to others. */
static void
test_hints_of_what_can_be_done(void **state)
{
	const struct keymap_now now = { may_not_delete, &keymap };
	struct buf out;

	(void)state;
	tr_set(TR_EN);
	buf_init(&out, BUF_LINE_MAX);
	keymap_hints(&out, &keymap, &now, 60);
	assert_string_equal(out.data, "w=why p=pick ?=help");
	buf_release(&out);
	tr_set(TR_ZH);
}

/* The choice that makes a new one is seen however many others there are, and
 * the marker walks all of them. */
static void
test_last_choice_is_seen(void **state)
{
	static const struct canvas_area bounds = { 1, 0, 20, 80 };
	static const struct {
		const char *key;
		int times;
		const char *seen, *unseen;
	} rows[] = {
		{ "Down", 0, "|>  第1人", "第10人" },
		{ "Down", 8, "|>  第9人", "第10人" },
		{ "Down", 1, "|>  第10人", "第1人 " },
		{ "Down", 5, "|>  第15人", "第6人" },
		{ "Down", 1, "|>  + 新建", "第6人" },
		{ "Up", 1, "|>  第15人", "第6人" },
		{ "Up", 14, "|>  第1人", "第10人" },
		{ "Up", 1, "|>  + 新建", "第10人" },
		{ "Up", 1, "|>  第15人", "第6人" },
	};
	struct picker p;
	struct canvas c;

	(void)state;
	canvas_init(&c, 80, 24);
	picker_init(&p, "当事人", false, NULL, NULL);
	for (int i = 1; i <= 15; i++) {
		char *text = mem_printf("第%d人", i);

		picker_add(&p, text, "", text);
		free(text);
	}
	picker_add_last(&p, "+", "+ 新建");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct press press = { .code = press_parse(rows[i].key) };

		for (int n = 0; n < rows[i].times; n++)
			(void)picker_press(&p, &press);
		canvas_clear(&c);
		picker_paint(&p, &c, &bounds, 1, 5);
		assert_true(screen_has(&c, rows[i].seen));
		assert_true(screen_has(&c, "+ 新建"));
		assert_false(screen_has(&c, rows[i].unseen));
	}
	picker_release(&p);
	canvas_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_choice_is_seen),
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_yes_needs_letter_and_enter),
		cmocka_unit_test(test_paste_says_no_yes),
		cmocka_unit_test(test_pages_are_counted),
		cmocka_unit_test(test_touches_visible_rows_only),
		cmocka_unit_test(test_stays_on_its_record),
		cmocka_unit_test(test_any_size),
		cmocka_unit_test(test_keymaps_are_sound),
		cmocka_unit_test(test_hints_fit),
		cmocka_unit_test(test_hints_of_what_can_be_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
