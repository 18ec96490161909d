/*
 * A list's conditions: composed of field, comparison and value, or typed; saved
 * under a name; removed.
 */
#include "client/screen_list_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/show.h"
#include "client/where.h"
#include "ui/picker.h"
#include "ui/prompt.h"

/* What the popup answers; conditions are numbered from here. */
enum { WHERE_MORE, WHERE_TYPE, WHERE_SAVE, WHERE_CLEAR, WHERE_FORGET,
	WHERE_FIRST };

static void push_field(struct screen_list *w);

static void
changed(struct screen_list *w)
{
	screen_list_query(w);
	screen_list_name_columns(w);
	screen_list_to_top(w);
}

static void
add_text(struct screen_list *w, const char *text)
{
	struct conds more = {0};
	struct err err = ERR_INIT;

	if (where_add(&more, w->reg, text, &err)) {
		view_complain(&w->page.app->stack, &err);
		schema_release_conds(&more);
		return;
	}
	w->where.items = mem_grow(w->where.items, w->where.count,
		sizeof *w->where.items);
	w->where.items[w->where.count++] = more.items[0];
	free(more.items);
	changed(w);
}

/* ---- a value ---- */

static const char *
sign_now(const struct screen_list *w)
{
	static const char *const signs[] = { [COND_EQ] = "=",
		[COND_NE] = "!=", [COND_EMPTY] = "=", [COND_FILLED] = "!=",
		[COND_LT] = "<", [COND_LE] = "<=", [COND_GT] = ">",
		[COND_GE] = ">=" };

	return signs[w->asking.op];
}

static void
add_value(struct screen_list *w, const char *value)
{
	char *text = mem_printf("%s%s%s", w->asking.field, sign_now(w), value);

	add_text(w, text);
	free(text);
}

static void
value_typed(void *self, struct view_stack *s, const char *text)
{
	(void)s;
	if (text && *text)
		add_value(self, text);
}

static void
type_value(struct screen_list *w)
{
	char *question = mem_printf("%s %s", list_look_title(w->reg,
		w->asking.field), sign_now(w));

	prompt_push(&w->page.app->stack, PROMPT_TEXT, question, NULL, value_typed,
		w);
	free(question);
}

static void
value_picked(void *self, struct view_stack *s, const char *value)
{
	struct screen_list *w = self;
	char *values;

	(void)s;
	if (!value)
		return;
	if (strcmp(value, "@type") == 0) {
		type_value(w);
		return;
	}
	values = mem_strdup(value);
	for (char *c = values; *c; c++)
		*c = *c == ';' ? '|' : *c;
	add_value(w, values);
	free(values);
}

static void
push_value(struct screen_list *w)
{
	const struct schema_field *f = schema_field_find(w->reg,
		w->asking.field);
	bool text = f && !f->masked &&
		(f->type == VT_TEXT || f->type == VT_NUMBER);
	struct picker p;

	if (f && !text && f->type != VT_CODE && f->type != VT_BOOL &&
	    f->type != VT_REF) {
		type_value(w);
		return;
	}
	picker_init(&p, list_look_title(w->reg, w->asking.field), true, NULL,
		NULL);
	screen_list_offer_values(w, &p, w->asking.field);
	if (text)
		picker_add_last(&p, "@type", tr("another value ..."));
	picker_push(&w->page.app->stack, &p, value_picked, w);
}

/* ---- a comparison ---- */

static void
op_chosen(void *self, struct view_stack *s, int value)
{
	struct screen_list *w = self;

	(void)s;
	if (value < 0)
		return;
	w->asking.op = (enum cond_op)value;
	if (w->asking.op == COND_EMPTY || w->asking.op == COND_FILLED)
		add_value(w, "");
	else
		push_value(w);
}

static void
push_op(struct screen_list *w)
{
	const struct schema_field *f = schema_field_find(w->reg,
		w->asking.field);
	struct choice *c = choice_new(list_look_title(w->reg,
		w->asking.field));

	choice_add(c, '=', tr("is"), COND_EQ);
	choice_add(c, '!', tr("is not"), COND_NE);
	if (f && (f->type == VT_DATE || f->type == VT_DATETIME ||
	    f->type == VT_INT || f->type == VT_MONEY)) {
		bool day = f->type == VT_DATE || f->type == VT_DATETIME;

		choice_add(c, '<', day ? tr("before") : tr("less than"),
			COND_LT);
		choice_add(c, '[', day ? tr("until") : tr("at most"), COND_LE);
		choice_add(c, '>', day ? tr("after") : tr("more than"),
			COND_GT);
		choice_add(c, ']', day ? tr("from") : tr("at least"), COND_GE);
	}
	choice_add(c, '0', tr("is empty"), COND_EMPTY);
	choice_add(c, '+', tr("is filled"), COND_FILLED);
	(void)choice_push(&w->page.app->stack, c, op_chosen, w);
}

/* ---- a field ---- */

static void
all_typed(void *self, struct view_stack *s, const char *text)
{
	struct screen_list *w = self;
	struct conds where = {0};
	struct err err = ERR_INIT;

	if (!text)
		return;
	if (where_parse(&where, w->reg, text, &err)) {
		view_complain(s, &err);
		schema_release_conds(&where);
		return;
	}
	schema_release_conds(&w->where);
	w->where = where;
	changed(w);
}

static void
type_all(struct screen_list *w)
{
	struct buf text;

	buf_init(&text, WHERE_TEXT_MAX);
	where_print(&text, w->reg, &w->where, true);
	prompt_push(&w->page.app->stack, PROMPT_TEXT, tr("Conditions (FIELD=VALUE, "
		"blanks between):"), text.len ? text.data : NULL, all_typed,
		w);
	buf_release(&text);
}

static void
field_picked(void *self, struct view_stack *s, const char *value)
{
	struct screen_list *w = self;

	(void)s;
	if (!value)
		return;
	if (strcmp(value, "@type") == 0) {
		type_all(w);
		return;
	}
	free(w->asking.field);
	w->asking.field = mem_strdup(value);
	push_op(w);
}

static void
push_field(struct screen_list *w)
{
	struct picker p;

	picker_init(&p, tr("Condition"), false, NULL, NULL);
	if (w->reg->state_count)
		picker_add(&p, "@state", "", show_label(NULL, "@state"));
	if (w->reg->overlay_count)
		picker_add(&p, "@overlays", "", show_label(NULL,
			"@overlays"));
	for (size_t i = 0; i < w->reg->field_count; i++) {
		const struct schema_field *f = &w->reg->fields[i];

		if (screen_list_may_ask(w, f))
			picker_add(&p, f->name, "", label_text(&f->label));
	}
	picker_add_last(&p, "@type", tr("type the conditions ..."));
	picker_push(&w->page.app->stack, &p, field_picked, w);
}

/* ---- saving ---- */

static void
named(void *self, struct view_stack *s, const char *text)
{
	struct screen_list *w = self;
	struct err err = ERR_INIT;

	if (!text || !*text)
		return;
	if (list_look_put_filter(&w->look, text, &w->where, &err)) {
		view_complain(s, &err);
		return;
	}
	for (int i = 0; i < screen_list_filters(w); i++)
		if (strcmp(screen_list_filter_name(w, i), text) == 0)
			w->filter = i;
	changed(w);
	screen_list_keep(w);
}

static void
forgotten(void *self, struct view_stack *s, int value)
{
	struct screen_list *w = self;

	(void)s;
	if (value < 0)
		return;
	list_look_drop_filter(&w->look, (size_t)value);
	w->filter = -1;
	changed(w);
	screen_list_keep(w);
}

static void
choose_forgotten(struct screen_list *w)
{
	struct choice *c = choice_new(tr("Remove a filter of yours"));

	for (size_t i = 0; i < w->look.filter_count; i++)
		choice_add(c, 0, w->look.filters[i].name, (int)i);
	(void)choice_push(&w->page.app->stack, c, forgotten, w);
}

/* ---- the popup ---- */

static void
drop_condition(struct screen_list *w, size_t i)
{
	struct conds gone = { .items = mem_alloc(1, sizeof *gone.items),
		.count = 1 };

	gone.items[0] = w->where.items[i];
	schema_release_conds(&gone);
	w->where.count--;
	memmove(&w->where.items[i], &w->where.items[i + 1],
		(w->where.count - i) * sizeof *w->where.items);
	changed(w);
}

static void
where_chosen(void *self, struct view_stack *s, int value)
{
	struct screen_list *w = self;

	switch (value) {
	case -1:
		break;
	case WHERE_MORE:
		push_field(w);
		break;
	case WHERE_TYPE:
		type_all(w);
		break;
	case WHERE_SAVE:
		prompt_push(s, PROMPT_TEXT, tr("Name of the filter:"), NULL,
			named, w);
		break;
	case WHERE_CLEAR:
		schema_release_conds(&w->where);
		w->where = (struct conds){0};
		changed(w);
		break;
	case WHERE_FORGET:
		choose_forgotten(w);
		break;
	default:
		drop_condition(w, (size_t)(value - WHERE_FIRST));
		break;
	}
}

void
screen_list_choose_where(struct screen_list *w)
{
	struct choice *c;

	if (w->where.count == 0 && w->look.filter_count == 0) {
		push_field(w);
		return;
	}
	c = choice_new(tr("Conditions"));
	choice_add(c, 'a', tr("one more condition"), WHERE_MORE);
	choice_add(c, 't', tr("type the conditions ..."), WHERE_TYPE);
	if (w->where.count) {
		choice_add(c, 's', tr("save as a filter"), WHERE_SAVE);
		choice_add(c, 'c', tr("clear all conditions"), WHERE_CLEAR);
	}
	if (w->look.filter_count)
		choice_add(c, 'd', tr("remove a filter of yours"),
			WHERE_FORGET);
	for (size_t i = 0; i < w->where.count; i++) {
		struct conds one = { .items = &w->where.items[i], .count = 1 };
		struct buf words;

		buf_init(&words, BUF_LINE_MAX);
		buf_text(&words, tr("without: "));
		where_print(&words, w->reg, &one, true);
		choice_add(c, 0, words.data, WHERE_FIRST + (int)i);
		buf_release(&words);
	}
	(void)choice_push(&w->page.app->stack, c, where_chosen, w);
}
