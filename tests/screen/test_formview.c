/* ui/formview: a made-up register, played by presses. */
#include "ui/formview.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/tr.h"
#include "core/pinyin.h"
#include "kit/screen.h"
#include "ui/frame.h"

#define L(zh, en) "{\"zh\":\"" zh "\",\"en\":\"" en "\"}"

static const char sex_text[] =
    "{\"codes\":\"sex\",\"title\":" L("性别", "Sex") ",\"source\":\"GB\","
    "\"items\":[{\"code\":\"1\",\"zh\":\"男\",\"en\":\"male\"},"
    "{\"code\":\"2\",\"zh\":\"女\",\"en\":\"female\"},"
    "{\"code\":\"9\",\"zh\":\"旧的\",\"en\":\"old\","
    "\"until\":\"2012-12-31\"}]}";

static const char trait_text[] =
    "{\"codes\":\"trait\",\"title\":" L("情形", "Traits") ",\"source\":\"-\","
    "\"items\":[{\"code\":\"01\",\"zh\":\"未成年\",\"en\":\"minor\"},"
    "{\"code\":\"02\",\"zh\":\"残疾\",\"en\":\"disabled\"},"
    "{\"code\":\"03\",\"zh\":\"涉毒\",\"en\":\"drugs\"},"
    "{\"code\":\"11\",\"zh\":\"无固定住所\",\"en\":\"homeless\"}]}";

static const char person_text[] =
    "{\"register\":\"person\",\"version\":1,\"order\":1,"
    "\"title\":" L("人员", "Persons") ",\"one\":" L("人", "person") ","
    "\"called\":[\"name\"],\"fields\":[{\"name\":\"name\",\"label\":"
    L("姓名", "Name") ",\"type\":\"text\",\"overview\":true}],"
    "\"list\":{\"columns\":[{\"path\":\"name\",\"cells\":0}]},"
    "\"form\":[{\"page\":" L("人", "Person") ",\"rows\":[[\"name\"]]}]}";

static const char trial_text[] =
    "{\"register\":\"trial\",\"version\":1,\"order\":2,"
    "\"title\":" L("试验", "Trials") ",\"one\":" L("试验", "trial") ","
    "\"called\":[\"name\"],\"fields\":["
    "{\"name\":\"name\",\"label\":" L("名称", "Name") ",\"type\":\"text\","
    "\"need\":\"save\",\"max_chars\":10,\"recall\":false,"
    "\"overview\":true},"
    "{\"name\":\"sex\",\"label\":" L("性别", "Sex") ",\"type\":\"code\","
    "\"codes\":\"sex\",\"need\":\"submit\",\"repeat\":true},"
    "{\"name\":\"birth\",\"label\":" L("出生日期", "Born") ","
    "\"type\":\"date\",\"past\":true},"
    "{\"name\":\"minor\",\"label\":" L("未成年人", "Minor") ","
    "\"type\":\"bool\",\"repeat\":true},"
    "{\"name\":\"paid\",\"label\":" L("金额", "Amount") ","
    "\"type\":\"money\"},"
    "{\"name\":\"traits\",\"label\":" L("特殊情形", "Traits") ","
    "\"type\":\"code\",\"codes\":\"trait\",\"multi\":true},"
    "{\"name\":\"who\",\"label\":" L("当事人", "Person") ","
    "\"type\":\"ref\",\"to\":\"person\",\"help\":"
    L("当事人须先在人员台账登记", "Register the person first") "},"
    "{\"name\":\"guardian\",\"label\":" L("监护人", "Guardian") ","
    "\"type\":\"text\",\"max_chars\":20,\"need\":\"save\","
    "\"repeat\":true,\"need_when\":[{\"field\":\"minor\",\"op\":\"eq\",\"value\":\"1\"}],"
    "\"show_when\":[{\"field\":\"minor\",\"op\":\"eq\",\"value\":\"1\"}]},"
    "{\"name\":\"serial\",\"label\":" L("编号", "Number") ","
    "\"type\":\"text\",\"readonly\":true},"
    "{\"name\":\"note\",\"label\":" L("备注", "Note") ",\"type\":\"note\","
    "\"rows\":4}],"
    "\"checks\":[{\"check\":\"forbid\",\"at\":\"name\",\"when\":"
    "[{\"field\":\"name\",\"op\":\"eq\",\"value\":\"坏\"}],\"text\":"
    L("不是名称", "no name") "},"
    "{\"check\":\"forbid\",\"at\":\"minor\",\"stop\":false,\"when\":"
    "[{\"field\":\"minor\",\"op\":\"eq\",\"value\":\"0\"}],\"text\":"
    L("请核对", "compare") "}],"
    "\"list\":{\"columns\":[{\"path\":\"name\",\"cells\":0}]},"
    "\"form\":[{\"page\":" L("基本情况", "Basics") ",\"rows\":["
    "[\"name\",\"serial\"],[\"sex\",\"birth\"],[\"minor\",\"paid\"],"
    "[\"guardian\"],[\"traits\"],[\"who\"]]},"
    "{\"page\":" L("备注", "Notes") ",\"rows\":[[\"note\"]]}]}";

static const char letter_text[] =
    "{\"register\":\"letter\",\"version\":1,\"order\":3,"
    "\"title\":" L("函件", "Letters") ",\"one\":" L("函", "letter") ","
    "\"called\":[\"to\"],\"fields\":["
    "{\"name\":\"to\",\"label\":" L("收件人", "To") ",\"type\":\"text\","
    "\"max_chars\":6,\"overview\":true,\"suggest\":\"person.name\"},"
    "{\"name\":\"no\",\"label\":" L("文号", "No.") ",\"type\":\"text\"},"
    "{\"name\":\"at\",\"label\":" L("时间", "At") ",\"type\":\"datetime\"}],"
    "\"list\":{\"columns\":[{\"path\":\"to\",\"cells\":0}]},"
    "\"form\":[{\"page\":" L("函", "Letter") ",\"rows\":[[\"to\"],"
    "[\"no\"],[\"at\"]]}]}";

static struct schema *schema;

static int
load(void **state)
{
	const struct def_file files[] = {
		{ "codes/sex.json", sex_text, sizeof sex_text - 1 },
		{ "codes/trait.json", trait_text, sizeof trait_text - 1 },
		{ "registers/person.json", person_text,
		    sizeof person_text - 1 },
		{ "registers/trial.json", trial_text, sizeof trial_text - 1 },
		{ "registers/letter.json", letter_text,
		    sizeof letter_text - 1 },
	};
	struct complaints complaints = {0};
	struct err err = ERR_INIT;

	(void)state;
	tr_set(TR_ZH);
	if (schema_load(&schema, files, 5, &complaints, &err)) {
		for (size_t i = 0; i < complaints.count; i++)
			print_error("%s %s: %s\n", complaints.items[i].file,
			    complaints.items[i].path,
			    complaints.items[i].text);
		return 1;
	}
	complaints_release(&complaints);
	return 0;
}

static int
unload(void **state)
{
	(void)state;
	schema_free(schema);
	return 0;
}

/* ---- a view around the form ---- */

static const char *const person_names[] = { "王小明", "王晓敏", "李四" };
static const char *const person_ids[] = {
	"01900000-0000-7000-8000-000000000001",
	"01900000-0000-7000-8000-000000000002",
	"01900000-0000-7000-8000-000000000003",
};

static void
ref_text(void *self, const char *reg, const struct uuid *id, struct buf *out)
{
	char text[UUID_TEXT_MAX];

	(void)self;
	(void)reg;
	uuid_print(text, id);
	for (size_t i = 0; i < 3; i++)
		if (strcmp(text, person_ids[i]) == 0)
			buf_text(out, person_names[i]);
}

static void
ref_search(void *self, const char *reg, const char *typed, struct picker *p)
{
	(void)self;
	(void)reg;
	for (size_t i = 0; i < 3; i++)
		if (strstr(person_names[i], typed)
		    || strcmp(typed, "w") == 0)
			picker_add(p, person_ids[i], "", person_names[i]);
}

static bool
ref_may_add(void *self, const char *reg)
{
	(void)self;
	return strcmp(reg, "person") == 0;
}

static void
suggest(void *self, const char *reg, const struct schema_field *field,
    const char *typed, struct picker *p)
{
	(void)self;
	assert_string_equal(reg, "letter");
	assert_string_equal(field->name, "to");
	for (size_t i = 0; i < 3; i++)
		if (pinyin_match(person_names[i], typed))
			picker_add(p, person_names[i], "", person_names[i]);
}

static void
recall(void *self, const char *reg, const struct schema_field *field,
    const char *typed, struct picker *p)
{
	static const char *const texts[] = { "青石", "村委会", "司法所" };

	(void)self;
	(void)reg;
	assert_string_equal(field->name, "guardian");
	for (size_t i = 0; i < 3; i++)
		if (pinyin_match(texts[i], typed))
			picker_add(p, texts[i], "", texts[i]);
}

/* The trial entered last. */
static bool
last_value(void *self, const char *reg, const struct uuid *own,
    const struct schema_field *field, struct buf *out)
{
	static const struct {
		const char *field, *text;
	} last[] = { { "name", "上一条" }, { "sex", "2" },
		{ "birth", "2020-02-29" }, { "minor", "1" },
		{ "paid", "1050" }, { "guardian", "村委会" },
		{ "note", "一\n二" }, { "serial", "T-6" } };

	(void)self;
	(void)own;
	if (strcmp(reg, "trial") != 0)
		return false;
	for (size_t i = 0; i < sizeof last / sizeof *last; i++)
		if (strcmp(last[i].field, field->name) == 0) {
			buf_text(out, last[i].text);
			return true;
		}
	return false;
}

static void
say_now(void *self, struct buf *out)
{
	(void)self;
	buf_text(out, "2026-03-20 14:05");
}

struct scene {
	struct view view;
	struct formview *form;
	struct view_stack stack;
	struct canvas canvas;
	enum formview_answer last;
};

static void
form_title(const struct view *v, struct buf *out)
{
	const struct scene *s = (const struct scene *)v;

	buf_text(out, formview_is_changed(s->form) ? "试验 (已改)" : "试验");
}

static void
form_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	formview_paint(((struct scene *)v)->form, c, body);
}

static const struct keymap *
form_keymap(const struct view *v)
{
	return formview_keymap(((const struct scene *)v)->form);
}

static enum canvas_role
form_message(const struct view *v, struct buf *out)
{
	return formview_message(((const struct scene *)v)->form, out);
}

static enum view_answer
form_press(struct view *v, struct view_stack *stack, const struct press *p)
{
	struct scene *s = (struct scene *)v;

	(void)stack;
	s->last = formview_press(s->form, p);
	return s->last == FORMVIEW_IGNORED ? VIEW_IGNORED : VIEW_HANDLED;
}

static void
form_free(struct view *v)
{
	(void)v;
}

static const struct view_ops ops = {
	.title = form_title, .paint = form_paint, .press = form_press,
	.keymap = form_keymap, .message = form_message, .free = form_free,
};

static void
scene_start_of(struct scene *s, const char *reg, bool readonly)
{
	struct formview_options o = {
		.schema = schema,
		.reg = schema_register_find(schema, reg),
		.today = date_parse("2026-03-20"),
		.user = "clerk",
		.mode = RULE_SAVE,
		.hooks = { NULL, ref_text, ref_search, ref_may_add, suggest,
		    recall, last_value, say_now },
		.readonly = readonly,
	};
	struct record r = {0};

	(void)snprintf(r.reg, sizeof r.reg, "%s", reg);
	values_set(&r.values, "serial", "T-7");
	if (readonly) {
		values_set(&r.values, "paid", "1025050");
		values_set(&r.values, "traits", "02;11");
		values_set(&r.values, "note", "第一行\n第二行");
	}
	*s = (struct scene){ .view.ops = &ops };
	s->form = formview_new(&o, &r);
	record_release(&r);
	view_push(&s->stack, &s->view);
	canvas_init(&s->canvas, 80, 24);
}

static void
scene_start(struct scene *s, bool readonly)
{
	scene_start_of(s, "trial", readonly);
}

static void
scene_end(struct scene *s)
{
	formview_free(s->form);
	view_stack_release(&s->stack);
	canvas_release(&s->canvas);
}

static void
expect(struct scene *s, const char *keys, const char *name)
{
	screen_play(&s->stack, keys);
	frame_paint(&s->canvas, &s->stack, "", ROLE_STATUS);
	screen_expect(&s->canvas, name);
}

static void
expect_stored(struct scene *s, const char *field, const char *want)
{
	struct record r = {0};

	formview_record(s->form, &r);
	assert_string_equal(values_get(&r.values, field), want);
	record_release(&r);
}

static void
test_pictures(void **state)
{
	struct scene s;

	(void)state;
	scene_start(&s, false);
	expect(&s, "", "form_new");
	expect(&s, "=枫桥一号 Enter", "form_code");
	expect(&s, "?", "form_choices");
	expect(&s, "2 Enter", "form_chosen");
	expect(&s, "=3-15 Tab y", "form_minor");
	expect(&s, "Tab =2,641.5 Tab =王大 Tab Space Down Space",
	    "form_several");
	expect(&s, "Enter w", "form_ref");
	expect(&s, "Enter =第一行 Enter =第二行，很长", "form_note");
	expect(&s, "^R ^X", "form_leave");
	scene_end(&s);
	scene_start(&s, true);
	expect(&s, "Tab Tab", "form_readonly");
	tr_set(TR_EN);
	expect(&s, "", "form_english");
	tr_set(TR_ZH);
	scene_end(&s);
}

/* What was typed, and the value it became. */
static void
test_values(void **state)
{
	static const struct {
		const char *keys, *field, *want;
	} rows[] = {
		{ "=甲 Tab", "name", "甲" },
		{ "=甲", "name", "甲" },
		{ "=一二三四五六七八九十多", "name", "一二三四五六七八九十" },
		{ "Tab 1 Enter", "sex", "1" },
		{ "Tab =nv Enter", "sex", "2" },
		{ "Tab 1 Enter ^P Backspace", "sex", "" },
		{ "Tab 1 Enter ^P Backspace ^Z", "sex", "1" },
		{ "Tab 1 Esc", "sex", "" },
		{ "Tab Tab =20260315 Tab", "birth", "2026-03-15" },
		{ "Tab Tab =3.15 Tab", "birth", "2026-03-15" },
		{ "Tab Tab =3-15", "birth", "2026-03-15" },
		{ "Tab Tab =3-15 Tab ^P ^U Tab", "birth", "" },
		{ "Tab Tab Tab Space", "minor", "1" },
		{ "Tab Tab Tab n", "minor", "0" },
		{ "Tab Tab Tab y Backspace", "minor", "" },
		{ "Tab Tab Tab Tab =8万 Tab", "paid", "8000000" },
		{ "Tab Tab Tab Tab =12.3 Tab ^P End Backspace =4 Tab", "paid", "1234" },
		/* a filled field is marked: typing replaces it, a cursor key
		 * first mends it */
		{ "=甲 Tab ^P =乙", "name", "乙" },
		{ "=甲 Tab ^P =乙丙 ^Z", "name", "甲" },
		{ "=甲 Tab ^P End =乙", "name", "甲乙" },
		{ "=甲 Tab ^P Left =乙", "name", "乙甲" },
		{ "=甲 Tab ^P Backspace", "name", "" },
		{ "=甲 Tab ^P Del", "name", "" },
		{ "=甲 Tab ^P +b/c", "name", "b c" },
		{ "=甲 Tab ^P =乙 Esc", "name", "甲" },
		{ "=甲 Tab ^P =乙 Esc ^Z", "name", "乙" },
		{ "=甲 Tab ^P Esc =乙", "name", "甲乙" },
		{ "=甲乙 Esc", "name", "" },
		{ "Tab 1 Enter ^P Backspace Esc", "sex", "1" },
		{ "Tab Tab Tab y Esc", "minor", "" },
		{ "PgDn =a Enter =b ^R ^F =c", "note", "a\nbc" },
		{ "Tab Tab =0315 Tab", "birth", "2026-03-15" },
		{ "Tab Tab =周一 Tab", "birth", "2026-03-16" },
		{ "Tab Tab =昨天 Tab", "birth", "2026-03-19" },
		{ "Tab Tab Tab Tab Tab Space Down Space Down Down Space "
		    "Enter", "traits", "02;11" },
		{ "Tab Tab Tab Tab Tab =wgd Enter", "traits", "11" },
		{ "Tab Tab Tab Tab Tab Tab =晓 Enter", "who",
		    "01900000-0000-7000-8000-000000000002" },
		{ "PgDn =a Enter =b Tab", "note", "a\nb" },
		{ "PgDn +a/b Tab", "note", "a\nb" },
		{ "+a/b Tab", "name", "a b" },
		{ "=ab ^U ^Z", "name", "ab" },
		/* a field that was left: the cursor goes back to it */
		{ "=甲 Tab ^P =乙 Tab ^Z", "name", "甲" },
		{ "=甲 Tab ^P =乙 Tab ^Z Tab Tab", "name", "甲" },
		{ "=甲 Tab ^P =乙 Tab ^Z ^Z", "name", "" },
		{ "=甲 Tab 1 Enter ^Z", "sex", "" },
		{ "=甲 Tab 1 Enter ^Z", "name", "甲" },
		{ "=甲 Tab 1 Enter ^Z ^Z", "name", "" },
		{ "=甲 Tab 1 Enter =3-15 Tab ^Z ^Z", "birth", "" },
		{ "=甲 Tab 1 Enter =3-15 Tab ^Z ^Z", "sex", "" },
		{ "Tab Tab Tab y Tab ^Z", "minor", "" },
		{ "=甲 Tab ^Z =乙 Tab ^Z", "name", "" },
		{ "=甲 PgDn =a Tab ^Z ^Z", "name", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene s;

		scene_start(&s, false);
		screen_play(&s.stack, rows[i].keys);
		expect_stored(&s, rows[i].field, rows[i].want);
		scene_end(&s);
	}
}

static void
test_bad_text_is_kept_and_marked(void **state)
{
	struct scene s;

	(void)state;
	scene_start(&s, false);
	expect(&s, "=甲 Tab Tab =2-31 Tab", "form_bad_date");
	assert_string_equal(formview_field(s.form)->name, "birth");
	expect_stored(&s, "birth", "2-31");
	/* Leaving again leaves. */
	screen_play(&s.stack, "Tab");
	assert_string_equal(formview_field(s.form)->name, "minor");
	expect(&s, "PgDn ^S", "form_refused");
	assert_int_equal(s.last, FORMVIEW_HANDLED);
	assert_string_equal(formview_field(s.form)->name, "birth");
	screen_play(&s.stack, "^U =2-28 ^S");
	assert_int_equal(s.last, FORMVIEW_SAVE);
	expect_stored(&s, "birth", "2026-02-28");
	scene_end(&s);
}

/* Said at once.  What stops keeps the cursor once, as a text that is no value
 * does, and is no trap: what mends it may stand in another field. */
static void
test_rules_speak_when_a_field_is_left(void **state)
{
	struct scene s;

	(void)state;
	scene_start(&s, false);
	screen_play(&s.stack, "=坏 Tab");
	assert_string_equal(formview_field(s.form)->name, "name");
	frame_paint(&s.canvas, &s.stack, "", ROLE_STATUS);
	assert_true(screen_has(&s.canvas, "不是名称"));
	expect_stored(&s, "name", "坏");
	screen_play(&s.stack, "Tab");
	assert_string_equal(formview_field(s.form)->name, "sex");
	/* a choice may be warned about; other fields are not spoken of */
	screen_play(&s.stack, "Tab Tab n");
	frame_paint(&s.canvas, &s.stack, "", ROLE_STATUS);
	assert_true(screen_has(&s.canvas, "请核对"));
	screen_play(&s.stack, "Tab =3 Tab");
	frame_paint(&s.canvas, &s.stack, "", ROLE_STATUS);
	assert_false(screen_has(&s.canvas, "请核对"));
	assert_false(screen_has(&s.canvas, "不是名称"));
	/* mended, it is forgotten */
	screen_play(&s.stack, "Up Up Up Up Up ^U =好 Tab");
	frame_paint(&s.canvas, &s.stack, "", ROLE_STATUS);
	assert_false(screen_has(&s.canvas, "不是名称"));
	scene_end(&s);
}

static bool
says(struct scene *s, const char *words)
{
	frame_paint(&s->canvas, &s->stack, "", ROLE_STATUS);
	return screen_has(&s->canvas, words);
}

/* A warning is asked about once, and only when it is new. */
static void
test_warnings_are_asked_once(void **state)
{
	struct record r = {0};
	struct scene s;

	(void)state;
	scene_start(&s, false);
	screen_play(&s.stack, "=甲 Tab Tab Tab n PgDn ^S");
	assert_int_equal(s.last, FORMVIEW_HANDLED);
	assert_string_equal(formview_field(s.form)->name, "minor");
	assert_true(says(&s, "请核对"));
	assert_true(says(&s, "再按 ^S"));
	/* ^N goes there too where nothing stops */
	screen_play(&s.stack, "Tab ^N");
	assert_string_equal(formview_field(s.form)->name, "minor");
	assert_true(says(&s, "请核对"));
	screen_play(&s.stack, "^S");
	assert_int_equal(s.last, FORMVIEW_SAVE);
	formview_record(s.form, &r);
	formview_saved(s.form, &r);
	record_release(&r);
	/* it stood before: another change does not ask again */
	screen_play(&s.stack, "Tab =3 ^S");
	assert_int_equal(s.last, FORMVIEW_SAVE);
	scene_end(&s);
}

/* What a new record begins with nobody has seen; what is stored was asked. */
static void
test_new_records_are_asked(void **state)
{
	(void)state;
	for (int stored = 0; stored < 2; stored++) {
		struct record r = {0};
		struct scene s;

		scene_start(&s, false);
		formview_record(s.form, &r);
		values_set(&r.values, "name", "甲");
		values_set(&r.values, "minor", "0");
		r.id.b[0] = (uint8_t)stored;
		formview_saved(s.form, &r);
		screen_play(&s.stack, "Tab Tab =3-15 ^S");
		assert_int_equal(s.last, stored ? FORMVIEW_SAVE
		    : FORMVIEW_HANDLED);
		screen_play(&s.stack, "^S");
		assert_int_equal(s.last, FORMVIEW_SAVE);
		record_release(&r);
		scene_end(&s);
	}
}

/* One key goes through what is missing, what must be filled in first. */
static void
test_next_missing(void **state)
{
	struct scene s;

	(void)state;
	scene_start(&s, false);
	screen_play(&s.stack, "Tab Tab =3-15 ^N");
	assert_string_equal(formview_field(s.form)->name, "name");
	assert_true(says(&s, "2"));
	screen_play(&s.stack, "=甲 ^N");
	assert_string_equal(formview_field(s.form)->name, "sex");
	screen_play(&s.stack, "1 Enter ^N");
	assert_string_equal(formview_field(s.form)->name, "minor");
	screen_play(&s.stack, "y =5 ^N");
	assert_string_equal(formview_field(s.form)->name, "guardian");
	scene_end(&s);
}

static void
test_saving(void **state)
{
	struct record r = {0};
	uint64_t changes;
	struct scene s;

	(void)state;
	scene_start(&s, false);
	assert_false(formview_is_changed(s.form));
	changes = formview_changes(s.form);
	screen_play(&s.stack, "PgDn ^S");
	assert_int_equal(s.last, FORMVIEW_HANDLED);
	assert_string_equal(formview_field(s.form)->name, "name");
	assert_int_equal(formview_changes(s.form), changes);
	screen_play(&s.stack, "^Y");
	frame_paint(&s.canvas, &s.stack, "", ROLE_STATUS);
	assert_true(screen_has(&s.canvas, "需要修改之处"));
	assert_true(screen_has(&s.canvas, "|>  ! 名称"));
	screen_play(&s.stack, "Esc =甲 ^S");
	assert_int_equal(s.last, FORMVIEW_SAVE);
	assert_true(formview_changes(s.form) > changes);
	assert_true(formview_is_changed(s.form));
	formview_record(s.form, &r);
	formview_saved(s.form, &r);
	record_release(&r);
	assert_false(formview_is_changed(s.form));
	screen_play(&s.stack, "^X");
	assert_int_equal(s.last, FORMVIEW_LEAVE);
	scene_end(&s);
}

static void
test_leaving(void **state)
{
	static const struct {
		const char *keys;
		enum formview_answer want;
	} rows[] = {
		{ "^X", FORMVIEW_LEAVE },
		{ "=a ^X", FORMVIEW_HANDLED },
		{ "=a ^X Enter", FORMVIEW_HANDLED },
		{ "=a ^X n Enter", FORMVIEW_HANDLED },
		{ "=a ^X y", FORMVIEW_HANDLED },
		{ "=a ^X y Enter", FORMVIEW_LEAVE },
		{ "=a ^X +y Enter", FORMVIEW_HANDLED },
		{ "=a Backspace Tab ^X", FORMVIEW_LEAVE },
		{ "=a Backspace ^X", FORMVIEW_LEAVE },
		{ "=a Esc ^X", FORMVIEW_LEAVE },
		{ "=甲 Esc Tab ^X", FORMVIEW_LEAVE },
		{ "Tab 1 Enter ^P Esc ^X", FORMVIEW_HANDLED },
		{ "Tab Tab Tab y n Backspace ^X", FORMVIEW_LEAVE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene s;

		scene_start(&s, false);
		screen_play(&s.stack, rows[i].keys);
		assert_int_equal(s.last, rows[i].want);
		scene_end(&s);
	}
}

static void
test_refs_and_outside(void **state)
{
	struct faults faults = {0};
	struct scene s;

	(void)state;
	scene_start(&s, false);
	assert_false(formview_goto(s.form, "guardian"));	/* hidden */
	assert_false(formview_goto(s.form, "serial"));
	assert_true(formview_goto(s.form, "who"));
	screen_play(&s.stack, "=王二 Up Enter");
	assert_int_equal(s.last, FORMVIEW_NEW_REF);
	assert_string_equal(formview_ref_typed(s.form), "王二");
	formview_set(s.form, "who", person_ids[2]);
	screen_play(&s.stack, "^O");
	assert_int_equal(s.last, FORMVIEW_OPEN_REF);
	faults_add(&faults, "note", true, "服务器拒绝");
	formview_set_faults(s.form, &faults);
	faults_release(&faults);
	assert_string_equal(formview_field(s.form)->name, "note");
	expect(&s, "", "form_fault_outside");
	scene_end(&s);
}

/* A text found among suggestions, or as it was typed. */
static void
test_suggestions(void **state)
{
	static const struct {
		const char *keys, *want, *at;
	} rows[] = {
		{ "=w Enter", "王小明", "no" },
		{ "=lisi Enter", "李四", "no" },
		{ "=晓 Enter", "王晓敏", "no" },
		{ "? Down Enter", "王晓敏", "no" },
		{ "^T Enter", "王小明", "no" },
		{ "=王 Enter", "王小明", "no" },
		{ "=王 Up Enter", "王", "no" },
		{ "=赵六 Enter", "赵六", "no" },
		{ "=赵六 Esc", "", "to" },
		{ "=赵 Enter ^P Backspace =周七 Enter", "周七", "no" },
		{ "=赵六甲 Enter ^P Backspace =乙 Enter", "赵六乙", "no" },
		{ "=w Enter ^P ^U", "", "to" },
		{ "=w Enter ^P ^U ^Z", "王小明", "to" },
		{ "+周八 Enter", "周八", "no" },
		/* no longer than the field */
		{ "=一二三四五六七 Enter", "一二三四五六", "no" },
	};
	struct scene s;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		scene_start_of(&s, "letter", false);
		screen_play(&s.stack, rows[i].keys);
		expect_stored(&s, "to", rows[i].want);
		assert_string_equal(formview_field(s.form)->name, rows[i].at);
		scene_end(&s);
	}
	scene_start_of(&s, "letter", false);
	expect(&s, "=王", "form_suggested");
	expect(&s, "Enter ^P", "form_suggestion_taken");
	scene_end(&s);
}

/* Days with a time, and now. */
static void
test_times(void **state)
{
	static const struct {
		const char *keys, *want;
	} rows[] = {
		{ "=现在 Tab", "2026-03-20T14:05" },
		{ "=now Tab", "2026-03-20T14:05" },
		{ "=now", "now" },
		{ "=9:30 Tab", "2026-03-20T09:30" },
		{ "=昨天 Space =下午3点半 Tab", "2026-03-19T15:30" },
		{ "=0305 Space =0930 Tab", "2026-03-05T09:30" },
		{ "=mon Space =14:00 Tab", "2026-03-16T14:00" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene s;

		scene_start_of(&s, "letter", false);
		screen_play(&s.stack, "Tab Tab");
		screen_play(&s.stack, rows[i].keys);
		expect_stored(&s, "at", rows[i].want);
		scene_end(&s);
	}
}

/* What was entered before, by one key; taken, replaced, found, or not there. */
static void
test_recalled(void **state)
{
	static const struct {
		const char *keys, *want, *at;
	} rows[] = {
		{ "^T Enter", "青石", "traits" },
		{ "^T Down Enter", "村委会", "traits" },
		{ "^T =sfs Enter", "司法所", "traits" },
		{ "=sf ^T Enter", "司法所", "traits" },
		{ "=别处 ^T Enter", "别处", "traits" },
		{ "=甲 Tab ^P ^T Enter", "青石", "traits" },
		{ "^T Esc =乙", "乙", "guardian" },
		{ "F4 Enter", "青石", "traits" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene s;

		scene_start(&s, false);
		screen_play(&s.stack, "Tab Tab Tab y Tab Tab");
		assert_string_equal(formview_field(s.form)->name, "guardian");
		screen_play(&s.stack, rows[i].keys);
		expect_stored(&s, "guardian", rows[i].want);
		assert_string_equal(formview_field(s.form)->name, rows[i].at);
		if (i == 2) {
			screen_play(&s.stack, "^P");
			expect(&s, "^T", "form_recalled");
		}
		scene_end(&s);
	}
}

/* As in the record entered last: this field, or all that repeat. */
static void
test_same(void **state)
{
	static const struct {
		const char *keys, *field, *want;
	} rows[] = {
		{ "^D", "name", "上一条" },
		{ "=甲 ^D", "name", "上一条" },
		{ "=甲 ^D ^Z", "name", "甲" },
		{ "^D Esc", "name", "" },
		{ "Tab ^D", "sex", "2" },
		{ "Tab 1 Enter ^P ^D", "sex", "2" },
		{ "Tab 1 Enter ^P ^D ^Z", "sex", "1" },
		{ "Tab Tab ^D Tab", "birth", "2020-02-29" },
		{ "Tab Tab Tab ^D", "minor", "1" },
		{ "Tab Tab Tab Tab ^D Tab", "paid", "1050" },
		{ "PgDn ^D", "note", "一\n二" },
		{ "Tab Tab Tab Tab Tab ^D", "traits", "" },
		/* what repeats and is empty, whatever it makes visible */
		{ "^C", "sex", "2" },
		{ "^C", "minor", "1" },
		{ "^C", "guardian", "村委会" },
		{ "^C", "name", "" },
		{ "^C", "paid", "" },
		{ "^C", "serial", "T-7" },
		{ "Tab 1 Enter ^C", "sex", "1" },
		{ "Tab Tab Tab n ^C", "minor", "0" },
		{ "Tab Tab Tab n ^C", "guardian", "" },
		{ "=甲 ^C", "name", "甲" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene s;

		scene_start(&s, false);
		screen_play(&s.stack, rows[i].keys);
		expect_stored(&s, rows[i].field, rows[i].want);
		if (strcmp(rows[i].want, "") != 0)
			assert_true(formview_is_changed(s.form)
			    || strcmp(rows[i].field, "serial") == 0);
		scene_end(&s);
	}
}

/* Refused, it stands at the first, says which of how many, and a key goes on,
 * round and round, over the pages. */
static void
test_faults_are_walked(void **state)
{
	static const struct {
		const char *keys, *at, *words;
	} rows[] = {
		{ "Tab Tab =2-31 Tab Tab y Tab =x Tab ^S", "name", "1/4" },
		{ "^N", "birth", "2/4" }, { "^N", "paid", "3/4" },
		{ "^N", "guardian", "4/4" }, { "^N", "name", "1/4" },
		/* mended, there is one less */
		{ "=甲 ^N", "birth", "1/3" },
		{ "=2-28 ^N", "paid", "1/2" },
		{ "=3 ^N", "guardian", "" },
		/* then to what must still be filled in */
		{ "=乙 ^N", "sex", "未填的还有 1 项" },
	};
	struct scene s;

	(void)state;
	scene_start(&s, false);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		screen_play(&s.stack, rows[i].keys);
		frame_paint(&s.canvas, &s.stack, "", ROLE_STATUS);
		assert_string_equal(formview_field(s.form)->name, rows[i].at);
		assert_true(screen_has(&s.canvas, rows[i].words));
		if (i == 0)
			expect(&s, "", "form_faults");
	}
	screen_play(&s.stack, "^S");
	assert_int_equal(s.last, FORMVIEW_SAVE);
	scene_end(&s);
}

/* A long text in its rows: what cannot be seen is told, the page keys walk it
 * before they turn the form's pages. */
static void
test_long_note(void **state)
{
	struct scene s;

	(void)state;
	scene_start(&s, false);
	screen_play(&s.stack, "PgDn +一/二/三/四/五/六/七/八/九/十");
	expect(&s, "PgUp", "form_long_note");
	screen_play(&s.stack, "PgUp PgUp");
	assert_string_equal(formview_field(s.form)->name, "note");
	screen_play(&s.stack, "PgUp");
	assert_string_equal(formview_field(s.form)->name, "name");
	scene_end(&s);
}

/* A readonly form takes no key that changes. */
static void
test_readonly(void **state)
{
	struct scene s;

	(void)state;
	scene_start(&s, true);
	screen_play(&s.stack, "x Tab 1 Tab ^U Backspace +a/b ^S ^Z ^D ^C ^T ^N Tab y Tab "
	    "Space PgDn Enter z");
	assert_false(formview_is_changed(s.form));
	assert_int_equal(formview_changes(s.form), 0);
	screen_play(&s.stack, "^X");
	assert_int_equal(s.last, FORMVIEW_LEAVE);
	scene_end(&s);
}

/* Any keys at any size: nothing breaks. */
static void
test_any_keys(void **state)
{
	static const uint32_t chars[] = { 'a', '1', 'w', ' ', '?', 0x738B, '.',
		'y' };
	uint64_t seed = 7;

	(void)state;
	for (int session = 0; session < 60; session++) {
		struct scene s;

		scene_start(&s, session % 5 == 4);
		for (int i = 0; i < 120; i++) {
			struct press p = { .text = "x/1", .len = 3 };
			unsigned n;

			seed = seed * 6364136223846793005u
			    + 1442695040888963407u;
			n = (unsigned)(seed >> 40);
			p.code = n % 3 == 0 ? (int)chars[n / 3 % 8]
			    : n % 3 == 1 ? PRESS_UP + (int)(n / 3 % 29)
			    : PRESS_CTRL + 'A' + (int)(n / 3 % 26);
			(void)view_press(&s.stack, &p);
			if (s.stack.count > 1)	/* help */
				screen_play(&s.stack, "q");
			canvas_resize(&s.canvas, 80 + (int)(n % 121),
			    24 + (int)(n % 37));
			frame_paint(&s.canvas, &s.stack, "", ROLE_STATUS);
		}
		scene_end(&s);
	}
}

static void
test_keymaps_are_sound(void **state)
{
	struct scene s;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	scene_start(&s, false);
	for (const struct keymap *m = formview_keymap(s.form); m; m = m->next)
		(void)keymap_lint(&out, m);
	screen_play(&s.stack, "Tab ?");
	for (const struct keymap *m = formview_keymap(s.form); m; m = m->next)
		(void)keymap_lint(&out, m);
	assert_string_equal(out.data, "");
	scene_end(&s);
	buf_release(&out);
}

/* The definitions we ship: each page paints, each field shows its label. */
static void
test_shipped_forms(void **state)
{
	struct complaints complaints = {0};
	struct err err = ERR_INIT;
	struct schema *own = NULL;

	(void)state;
	assert_int_equal(schema_load(&own, builtin_files, builtin_count,
	    &complaints, &err), E_OK);
	for (size_t i = 0; i < own->register_count; i++) {
		struct formview_options o = {
			.schema = own, .reg = &own->registers[i],
			.today = date_parse("2026-03-20"), .user = "clerk",
		};
		struct record r = {0};
		struct canvas c;
		struct canvas_area body;

		canvas_init(&c, 80, 24);
		body = frame_body(&c);
		struct formview *f = formview_new(&o, &r);
		for (size_t page = 0; page < o.reg->page_count; page++) {
			struct press next = { .code = PRESS_PGDN };

			canvas_clear(&c);
			formview_paint(f, &c, &body);
			assert_true(screen_has(&c,
			    label_text(&formview_field(f)->label)));
			(void)formview_press(f, &next);
		}
		formview_free(f);
		canvas_release(&c);
	}
	schema_free(own);
	complaints_release(&complaints);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_bad_text_is_kept_and_marked),
		cmocka_unit_test(test_rules_speak_when_a_field_is_left),
		cmocka_unit_test(test_warnings_are_asked_once),
		cmocka_unit_test(test_new_records_are_asked),
		cmocka_unit_test(test_next_missing),
		cmocka_unit_test(test_saving),
		cmocka_unit_test(test_leaving),
		cmocka_unit_test(test_refs_and_outside),
		cmocka_unit_test(test_suggestions),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_recalled),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_faults_are_walked),
		cmocka_unit_test(test_long_note),
		cmocka_unit_test(test_readonly),
		cmocka_unit_test(test_any_keys),
		cmocka_unit_test(test_keymaps_are_sound),
		cmocka_unit_test(test_shipped_forms),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
