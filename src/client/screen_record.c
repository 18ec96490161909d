/*
 * A record's page.  It holds a copy of the record; when the store's generation
 * moves the copy is read again and the marker stays on its line.
 */
#include "client/screen_record.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/record_lines.h"
#include "client/record_trail.h"
#include "client/screen_conflict.h"
#include "client/screen_form.h"
#include "client/show.h"
#include "store/save.h"
#include "ui/prompt.h"

struct screen_record {
	struct view view;		/* first */
	struct app *app;
	struct uuid id;
	const struct schema_register *reg;
	struct record record;
	struct record_lines lines;
	size_t row, top, height;
	char *why;			/* reason of a withdrawal being asked */
};

enum { RECORD_OPEN = 100, RECORD_EDIT, RECORD_MOVE, RECORD_ADD,
	RECORD_CONFLICT, RECORD_TRAIL, RECORD_REMOVE, RECORD_BACK,
	RECORD_DOWN, RECORD_UP, RECORD_PAGE_DOWN, RECORD_PAGE_UP,
	RECORD_START, RECORD_END };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, RECORD_OPEN, TR_MARK("open"),
	    TR_MARK("Open what the line names, or change its field."),
	    KEYMAP_HINT },
	{ 'e', PRESS_NONE, RECORD_EDIT, TR_MARK("edit"),
	    TR_MARK("Change the record."), KEYMAP_ALWAYS },
	{ 'm', PRESS_NONE, RECORD_MOVE, TR_MARK("move on"),
	    TR_MARK("Move it to another state; what is needed is asked."),
	    KEYMAP_ALWAYS },
	{ 'a', PRESS_INSERT, RECORD_ADD, TR_MARK("add"),
	    TR_MARK("Add an event or another record below this one."),
	    KEYMAP_ALWAYS },
	{ 'c', PRESS_NONE, RECORD_CONFLICT, TR_MARK("settle"),
	    TR_MARK("Settle what two people entered differently."),
	    KEYMAP_QUIET },
	{ 'h', PRESS_NONE, RECORD_TRAIL, TR_MARK("trail"),
	    TR_MARK("What was entered here, by whom and when."),
	    KEYMAP_HINT },
	{ 'D', PRESS_NONE, RECORD_REMOVE, TR_MARK("withdraw"),
	    TR_MARK("Withdraw the record, with a reason; it stays readable."),
	    KEYMAP_HINT },
	{ 'q', PRESS_CTRL + 'X', RECORD_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, RECORD_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
	{ 'j', PRESS_DOWN, RECORD_DOWN, TR_MARK("down"), TR_MARK("Next line."),
	    KEYMAP_QUIET },
	{ 'k', PRESS_UP, RECORD_UP, TR_MARK("up"), TR_MARK("Line before."),
	    KEYMAP_QUIET },
	{ ' ', PRESS_PGDN, RECORD_PAGE_DOWN, TR_MARK("page down"),
	    TR_MARK("Next page."), KEYMAP_QUIET },
	{ 'b', PRESS_PGUP, RECORD_PAGE_UP, TR_MARK("page up"),
	    TR_MARK("Page before."), KEYMAP_QUIET },
	{ 'g', PRESS_HOME, RECORD_START, TR_MARK("start"),
	    TR_MARK("First line."), KEYMAP_QUIET },
	{ 'G', PRESS_END, RECORD_END, TR_MARK("end"), TR_MARK("Last line."),
	    KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static struct screen_record *
of(const struct view *v)
{
	return (struct screen_record *)(uintptr_t)v;
}

/* ---- reading ---- */

static void settle(struct screen_record *w, int by);

/* Where the marker was before the lines were built anew: the same field or
 * the same record. */
static void
find_line(struct screen_record *w, const char *field,
	const struct uuid *target)
{
	for (size_t i = 0; i < w->lines.count; i++) {
		const struct record_line *line = &w->lines.items[i];

		if (field ? line->field == field : !line->field &&
		    !uuid_is_zero(target) &&
		    uuid_compare(&line->target, target) == 0) {
			w->row = i;
			return;
		}
	}
	if (w->row >= w->lines.count)
		w->row = w->lines.count ? w->lines.count - 1 : 0;
	settle(w, 1);
	settle(w, -1);
}

static enum status
load(struct screen_record *w, struct err *err)
{
	struct record r = {0};
	enum status s = store_get(&r, w->app->cli->store, &w->id, err);
	const struct record_line *now = w->row < w->lines.count
		? &w->lines.items[w->row] : NULL;
	const char *field = now ? now->field : NULL;
	struct uuid target = now ? now->target : (struct uuid){{0}};

	if (s)
		return s;
	record_release(&w->record);
	w->record = r;
	w->reg = schema_register_find(w->app->cli->schema, r.reg);
	if (w->reg)
		record_lines_build(&w->lines, w->app, w->reg, &w->record);
	find_line(w, field, &target);
	return E_OK;
}

static void
record_refresh(struct view *v, struct view_stack *s)
{
	struct err err = ERR_INIT;

	/* What is shown stays: it left the cache while it was looked at. */
	if (load(of(v), &err))
		view_say(s, ROLE_WARN, "%s", err.msg);
}

/* ---- painting ---- */

static void
record_title(const struct view *v, struct buf *out)
{
	const struct screen_record *w = of(v);

	buf_printf(out, "%s: ", label_text(&w->reg->title));
	show_called(out, w->app, &w->id);
	if (w->record.state[0]) {
		buf_text(out, " [");
		show_state(out, w->reg, w->record.state);
		buf_char(out, ']');
	}
}

static void
record_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	struct screen_record *w = of(v);
	size_t rows = body->rows > 0 ? (size_t)body->rows : 1;

	w->height = rows;
	if (w->row < w->top)
		w->top = w->row;
	if (w->row >= w->top + rows)
		w->top = w->row - rows + 1;
	if (w->top + rows > w->lines.count)
		w->top = w->lines.count > rows ? w->lines.count - rows : 0;
	for (size_t i = w->top; i < w->lines.count && i < w->top + rows; i++)
		record_lines_paint(c, body->row + (int)(i - w->top),
			body->cols, &w->lines.items[i], i == w->row);
}

static enum canvas_role
record_message(const struct view *v, struct buf *out)
{
	const struct screen_record *w = of(v);

	buf_text(out, "  ");
	if (w->record.updated_by[0]) {
		buf_printf(out, tr("Last changed by %s, "),
			w->record.updated_by);
		show_time(out, w->record.updated_at);
	}
	if (w->lines.count > w->height)
		buf_printf(out, "   %zu/%zu", w->row + 1, w->lines.count);
	return ROLE_DIM;
}

/* ---- moving the marker ---- */

static void
settle(struct screen_record *w, int by)
{
	size_t row = w->row;

	while (row < w->lines.count &&
	    !record_lines_can_stand(&w->lines.items[row])) {
		if (by < 0 && row == 0)
			return;
		row = by > 0 ? row + 1 : row - 1;
	}
	if (row < w->lines.count)
		w->row = row;
}

static void
step(struct screen_record *w, int by)
{
	size_t before = w->row, to;

	if (by < 0)
		to = w->row > (size_t)-by ? w->row - (size_t)-by : 0;
	else
		to = w->row + (size_t)by;
	if (to >= w->lines.count)
		to = w->lines.count ? w->lines.count - 1 : 0;
	w->row = to;
	settle(w, by);
	if (w->row < w->lines.count &&
	    !record_lines_can_stand(&w->lines.items[w->row]))
		w->row = before;
	/* headings above the first line come into sight with it */
	if (by < 0 && w->row <= before && w->row < 4)
		w->top = 0;
}

/* ---- what can be done ---- */

static bool
may_write(struct screen_record *w)
{
	if (show_may_write(w->app, w->reg))
		return true;
	view_say(&w->app->stack, ROLE_WARN, "%s",
		tr("Your role may read this register, not change it."));
	return false;
}

static bool
may_edit(struct screen_record *w)
{
	const char *why = NULL;

	if (!may_write(w))
		return false;
	if (w->record.deleted)
		why = tr("It is withdrawn already.");
	else if (w->reg->event && w->record.rev)
		why = tr("An event that was sent is not changed: withdraw it "
			"and enter it anew.");
	if (why)
		view_say(&w->app->stack, ROLE_WARN, "%s", why);
	return !why;
}

static void
open_line(struct screen_record *w)
{
	const struct record_line *line;

	if (w->row >= w->lines.count)
		return;
	line = &w->lines.items[w->row];
	if (!uuid_is_zero(&line->target))
		screen_record_push(w->app, &line->target);
	else if (line->field && may_edit(w))
		screen_form_push_edit(w->app, &w->id, line->field);
}

static void
move_chosen(void *self, struct view_stack *s, int value)
{
	struct screen_record *w = self;

	(void)s;
	if (value >= 0)
		screen_form_push_move(w->app, &w->id, &w->reg->moves[value]);
}

static bool
may_move(const struct screen_record *w, const struct schema_move *m)
{
	bool from = false;

	for (size_t i = 0; i < m->from_count; i++)
		from = from || strcmp(m->from[i], w->record.state) == 0;
	return from && (m->role_count == 0 || schema_role_in(m->roles,
		m->role_count, app_role(w->app)));
}

static void
choose_move(struct screen_record *w)
{
	struct choice *c = choice_new(tr("Move on"));

	for (size_t i = 0; i < w->reg->move_count; i++) {
		const struct schema_move *m = &w->reg->moves[i];
		struct buf words;

		if (!may_move(w, m))
			continue;
		buf_init(&words, BUF_LINE_MAX);
		buf_printf(&words, "%s -> ", label_text(&m->label));
		show_state(&words, w->reg, m->to);
		choice_add(c, 0, words.data, (int)i);
		buf_release(&words);
	}
	if (!choice_push(&w->app->stack, c, move_chosen, w))
		view_say(&w->app->stack, ROLE_WARN, "%s",
			tr("From this state your role has no further step."));
}

static const struct schema_register *
child_at(const struct screen_record *w, int n)
{
	const struct schema_register *kid = NULL;

	for (int i = 0; ; i++) {
		kid = schema_child_next(w->app->cli->schema, w->reg, kid);
		if (!kid || i == n)
			return kid;
	}
}

static void
add_chosen(void *self, struct view_stack *s, int value)
{
	struct screen_record *w = self;
	const struct schema_register *kid = value < 0 ? NULL
		: child_at(w, value);
	struct values preset = {0};
	char id[UUID_TEXT_MAX];

	(void)s;
	if (!kid)
		return;
	uuid_print(id, &w->id);
	values_set(&preset, kid->parent_field, id);
	screen_form_push_new(w->app, kid, &preset);
	values_release(&preset);
}

/* Also on the person's page: a new record about this person. */
static void
new_about_chosen(void *self, struct view_stack *s, int value)
{
	struct screen_record *w = self;
	struct values preset = {0};
	char id[UUID_TEXT_MAX];
	const struct schema_register *reg;

	(void)s;
	if (value < 0)
		return;
	reg = &w->app->cli->schema->registers[value];
	uuid_print(id, &w->id);
	values_set(&preset, reg->person_field, id);
	screen_form_push_new(w->app, reg, &preset);
	values_release(&preset);
}

static size_t
add_registers_about(const struct screen_record *w, struct choice *c)
{
	const struct schema *schema = w->app->cli->schema;
	size_t count = 0;

	if (strcmp(w->reg->name, "person") != 0)
		return 0;
	for (size_t i = 0; i < schema->register_count; i++) {
		const struct schema_register *reg = &schema->registers[i];

		if (!reg->person_field || reg->parent ||
		    !show_may_write(w->app, reg))
			continue;
		choice_add(c, reg->key, label_text(&reg->title), (int)i);
		count++;
	}
	return count;
}

static void
choose_add(struct screen_record *w)
{
	struct choice *c = choice_new(tr("Add"));
	size_t about = add_registers_about(w, c);

	for (int i = 0; about == 0; i++) {
		const struct schema_register *kid = child_at(w, i);

		if (!kid)
			break;
		if (!show_may_write(w->app, kid))
			continue;
		choice_add(c, 0, label_text(&kid->title), i);
	}
	if (!choice_push(&w->app->stack, c,
	    about ? new_about_chosen : add_chosen, w))
		view_say(&w->app->stack, ROLE_WARN, "%s",
			tr("Nothing can be added here."));
}

static void
removal_confirmed(void *self, struct view_stack *s, const char *text)
{
	struct screen_record *w = self;
	struct err err = ERR_INIT;

	if (text && save_remove(w->app->cli->store, &w->id, w->why, &err)) {
		view_complain(s, &err);
	} else if (text) {
		view_say(s, ROLE_GOOD, "%s", tr("Withdrawn, saved here."));
		app_sync_soon(w->app);
	}
	free(w->why);
	w->why = NULL;
}

static void
removal_reason(void *self, struct view_stack *s, const char *text)
{
	struct screen_record *w = self;

	if (!text || !*text)
		return;
	free(w->why);
	w->why = mem_strdup(text);
	prompt_push(s, PROMPT_YES, tr("Withdraw this record? (y and Enter)"),
		NULL, removal_confirmed, w);
}

static void
ask_removal(struct screen_record *w)
{
	if (!may_write(w))
		return;
	if (w->record.deleted)
		view_say(&w->app->stack, ROLE_WARN, "%s",
			tr("It is withdrawn already."));
	else
		prompt_push(&w->app->stack, PROMPT_TEXT,
			tr("Withdraw because:"), NULL, removal_reason, w);
}

static enum view_answer
move_marker(struct screen_record *w, int action)
{
	int page = w->height > 2 ? (int)w->height - 1 : 1;

	switch (action) {
	case RECORD_DOWN:
		step(w, 1);
		break;
	case RECORD_UP:
		step(w, -1);
		break;
	case RECORD_PAGE_DOWN:
		w->top += (size_t)page;
		step(w, page);
		break;
	case RECORD_PAGE_UP:
		w->top -= (size_t)page < w->top ? (size_t)page : w->top;
		step(w, -page);
		break;
	case RECORD_START:
		w->row = w->top = 0;
		settle(w, 1);
		break;
	case RECORD_END:
		w->row = w->lines.count ? w->lines.count - 1 : 0;
		settle(w, -1);
		break;
	default:
		return VIEW_IGNORED;
	}
	return VIEW_HANDLED;
}

static enum view_answer
record_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_record *w = of(v);
	int action = keymap_find(&keymap, p->code);

	(void)s;
	switch (action) {
	case RECORD_OPEN:
		open_line(w);
		return VIEW_HANDLED;
	case RECORD_EDIT:
		if (may_edit(w))
			screen_form_push_edit(w->app, &w->id, NULL);
		return VIEW_HANDLED;
	case RECORD_MOVE:
		choose_move(w);
		return VIEW_HANDLED;
	case RECORD_ADD:
		choose_add(w);
		return VIEW_HANDLED;
	case RECORD_CONFLICT:
		screen_conflict_push(w->app, &w->id);
		return VIEW_HANDLED;
	case RECORD_TRAIL:
		record_trail_push(w->app, w->reg, &w->id);
		return VIEW_HANDLED;
	case RECORD_REMOVE:
		ask_removal(w);
		return VIEW_HANDLED;
	case RECORD_BACK:
		return VIEW_CLOSE;
	default:
		return move_marker(w, action);
	}
}

static const struct keymap *
record_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
record_help(const struct view *v, struct buf *out)
{
	const struct schema_register *reg = of(v)->reg;

	if (reg->law)
		buf_printf(out, tr("Law: %s\n"), reg->law);
	for (size_t i = 0; i < reg->move_count; i++) {
		const struct schema_move *m = &reg->moves[i];

		for (size_t k = 0; k < m->from_count; k++) {
			buf_text(out, k ? ", " : "");
			show_state(out, reg, m->from[k]);
		}
		buf_printf(out, " -> ");
		show_state(out, reg, m->to);
		buf_printf(out, ": %s", label_text(&m->label));
		for (size_t k = 0; k < m->role_count; k++)
			buf_printf(out, "%s%s", k ? ", " : "  (",
				show_role(m->roles[k]));
		buf_text(out, m->role_count ? ")\n" : "\n");
	}
}

static void
record_free(struct view *v)
{
	struct screen_record *w = of(v);

	record_release(&w->record);
	record_lines_release(&w->lines);
	free(w->why);
	free(w);
}

static const struct view_ops ops = {
	.title = record_title,
	.paint = record_paint,
	.press = record_press,
	.keymap = record_keymap,
	.message = record_message,
	.refresh = record_refresh,
	.help = record_help,
	.free = record_free,
};

static struct screen_record *
push(struct app *app, const struct uuid *id)
{
	struct screen_record *w = mem_alloc(1, sizeof *w);
	struct err err = ERR_INIT;
	enum status s;

	w->view.ops = &ops;
	w->app = app;
	w->id = *id;
	w->height = 1;
	s = load(w, &err);
	if (!s && !w->reg)
		s = err_set(&err, E_INVALID, tr("This program does not know "
			"that register; it needs a newer version."));
	if (!s && !show_may_read(app, w->reg))
		s = err_set(&err, E_AUTH,
			tr("Your role may not read this register."));
	if (s) {
		record_free(&w->view);
		view_complain(&app->stack, &err);
		return NULL;
	}
	settle(w, 1);
	overview_opened(app->cli->store, id, clock_now_at());
	if (w->reg->person_field) {
		struct uuid person;

		if (uuid_parse(&person, values_get(&w->record.values,
		    w->reg->person_field)))
			overview_opened(app->cli->store, &person,
				clock_now_at());
	}
	view_push(&app->stack, &w->view);
	return w;
}

void
screen_record_push(struct app *app, const struct uuid *id)
{
	(void)push(app, id);
}

void
screen_record_push_new(struct app *app, const struct uuid *id)
{
	struct screen_record *w = push(app, id);

	if (w && child_at(w, 0))
		choose_add(w);
}
