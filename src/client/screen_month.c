/*
 * The month as a matrix: a row a record, a column a task.  A task chosen shows
 * only those who have not done it; marked rows do it together.
 */
#include "client/screen_month.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/list_batch.h"
#include "client/marks.h"
#include "client/month_words.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "ui/listing.h"

enum {
	MONTH_NAME_CELLS = 12,
	MONTH_TASK_CELLS = 8,
	MONTH_TASKS_MAX = 7,		/* columns that fit */
};

struct screen_month {
	struct view view;		/* first */
	struct app *app;
	const struct schema_register *reg;
	struct month_table table;
	size_t *shown;			/* row to row of the table, owned */
	size_t count;
	uint64_t generation;
	int month_on, task;		/* task -1: all */
	struct marks marks;
	struct listing listing;
	struct listing_column columns[MONTH_TASKS_MAX + 1];
	size_t column_count;
};

enum { MONTH_OPEN_ROW = 100, MONTH_ADD, MONTH_MARK_ROW, MONTH_MARK_ALL,
	MONTH_TASK, MONTH_TASK_NEXT, MONTH_TASK_BACK, MONTH_BEFORE,
	MONTH_AFTER, MONTH_BACK };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, MONTH_OPEN_ROW, TR_MARK("open"),
	    TR_MARK("Open the record."), KEYMAP_ALWAYS },
	{ 'a', PRESS_INSERT, MONTH_ADD, TR_MARK("complete"),
	    TR_MARK("Enter the task as done for the row, or with a single "
	    "form for all marked rows."), KEYMAP_ALWAYS },
	{ ' ', PRESS_NONE, MONTH_MARK_ROW, TR_MARK("mark"),
	    TR_MARK("Mark or unmark the row; what is then added or moved on "
	    "is so for all marked rows."), KEYMAP_HINT },
	{ '*', PRESS_NONE, MONTH_MARK_ALL, TR_MARK("mark all"),
	    TR_MARK("Mark all rows shown; when all are marked, unmark them."),
	    KEYMAP_HINT },
	{ 'v', PRESS_NONE, MONTH_TASK, TR_MARK("not yet"),
	    TR_MARK("Choose a task and show only who has not done it this "
	    "month."), KEYMAP_HINT },
	{ PRESS_TAB, PRESS_NONE, MONTH_TASK_NEXT, TR_MARK("next task"),
	    TR_MARK("The next task."), KEYMAP_QUIET },
	{ PRESS_BACKTAB, PRESS_NONE, MONTH_TASK_BACK, TR_MARK("task back"),
	    TR_MARK("The task before."), KEYMAP_QUIET },
	{ '<', PRESS_NONE, MONTH_BEFORE, TR_MARK("month before"),
	    TR_MARK("The month before."), KEYMAP_HINT },
	{ '>', PRESS_NONE, MONTH_AFTER, TR_MARK("month after"),
	    TR_MARK("The month after, up to this one."), KEYMAP_QUIET },
	{ 'q', PRESS_CTRL + 'X', MONTH_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, MONTH_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static struct screen_month *
of(const struct view *v)
{
	return (struct screen_month *)(uintptr_t)v;
}

/* ---- rows ---- */

static size_t
rows_count(void *self)
{
	return ((struct screen_month *)self)->count;
}

static uint64_t
rows_generation(void *self)
{
	return ((struct screen_month *)self)->generation;
}

static struct uuid
rows_id(void *self, size_t row)
{
	const struct screen_month *w = self;

	return w->table.ids[w->shown[row]];
}

/* The chosen task stands first, so that it always has a column. */
static size_t
task_of(const struct screen_month *w, size_t column)
{
	if (w->task < 0)
		return column - 1;
	if (column == 1)
		return (size_t)w->task;
	return column - 2 < (size_t)w->task ? column - 2 : column - 1;
}

static void
rows_cell(void *self, size_t row, size_t column, struct buf *out)
{
	const struct screen_month *w = self;
	const struct uuid *id = &w->table.ids[w->shown[row]];

	if (column == 0)
		show_called(out, w->app, id);
	else
		month_words_cell(out, month_cell_at(&w->table, w->shown[row],
			task_of(w, column)));
}

static enum month_mark
worst_of(const struct screen_month *w, size_t row)
{
	enum month_mark worst = MONTH_NONE;

	for (size_t i = 0; i < w->table.rule_count; i++) {
		enum month_mark mark = month_cell_at(&w->table, row, i)->mark;

		if (mark > worst)
			worst = mark;
	}
	return worst;
}

static enum canvas_role
rows_role(void *self, size_t row)
{
	const struct screen_month *w = self;

	return month_words_role(worst_of(w, w->shown[row]));
}

static bool
rows_marked(void *self, size_t row)
{
	struct screen_month *w = self;

	return marks_has(&w->marks, &w->table.ids[w->shown[row]]);
}

static bool
is_open(const struct screen_month *w, size_t row)
{
	return w->task < 0 || month_cell_at(&w->table, row,
		(size_t)w->task)->mark >= MONTH_OPEN;
}

static void
choose_rows(struct screen_month *w)
{
	w->shown = mem_resize(w->shown, w->table.count + 1, sizeof *w->shown);
	w->count = 0;
	for (size_t i = 0; i < w->table.count; i++)
		if (is_open(w, i))
			w->shown[w->count++] = i;
	w->generation++;
	w->column_count = 1 + (w->table.rule_count < MONTH_TASKS_MAX
		? w->table.rule_count : MONTH_TASKS_MAX);
	w->columns[0] = (struct listing_column){ tr("Record"),
		MONTH_NAME_CELLS, false };
	for (size_t i = 1; i < w->column_count; i++)
		w->columns[i] = (struct listing_column){ month_words_title(
			w->table.rules[task_of(w, i)]), MONTH_TASK_CELLS,
			false };
	w->listing.empty = w->task < 0 ? tr("No tasks this month.")
		: tr("All have done it.");
}

static void
month_refresh(struct view *v, struct view_stack *s)
{
	struct screen_month *w = of(v);

	(void)s;
	month_gather(&w->table, w->app->cli->store, w->reg, NULL, w->month_on,
		w->app->today);
	choose_rows(w);
}

/* ---- painting ---- */

static void
month_title(const struct view *v, struct buf *out)
{
	const struct screen_month *w = of(v);

	buf_printf(out, tr("Month: %s "),
		label_text(&w->reg->title));
	month_words_month(out, w->month_on);
	if (w->task >= 0)
		buf_printf(out, tr(" [%s not yet]"), month_words_title(
			w->table.rules[w->task]));
	buf_printf(out, "  %zu", w->count);
	if (w->marks.count)
		buf_printf(out, tr("  marked %zu"), w->marks.count);
}

static void
month_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	listing_paint(&of(v)->listing, c, body);
}

static enum canvas_role
month_message(const struct view *v, struct buf *out)
{
	(void)v;
	buf_text(out, tr("\xe2\x9c\x93 done on   \xe2\x9c\x97 not yet, due on"
		"   \xe2\x80\x94 not asked for this month"));
	return ROLE_DIM;
}

static void
month_help(const struct view *v, struct buf *out)
{
	const struct screen_month *w = of(v);

	for (size_t i = 0; i < w->table.rule_count; i++)
		buf_printf(out, "%s: %s\n", label_text(
			&w->table.rules[i]->title), label_text(
			&w->table.rules[i]->article));
}

/* ---- tasks ---- */

static void
set_task(struct screen_month *w, int task)
{
	w->task = task;
	choose_rows(w);
	listing_refresh(&w->listing);
}

static void
task_chosen(void *self, struct view_stack *s, int value)
{
	(void)s;
	if (value >= 0)
		set_task(self, value - 1);
}

static size_t
count_open(const struct screen_month *w, size_t task)
{
	size_t n = 0;

	for (size_t i = 0; i < w->table.count; i++)
		n += month_cell_at(&w->table, i, task)->mark >= MONTH_OPEN;
	return n;
}

static void
choose_task(struct screen_month *w, const char *title, bool all,
	void (*done)(void *self, struct view_stack *s, int value))
{
	struct choice *c = choice_new(title);

	if (all)
		choice_add(c, '*', tr("All tasks"), 0);
	for (size_t i = 0; i < w->table.rule_count; i++) {
		struct buf words;

		buf_init(&words, BUF_LINE_MAX);
		show_padded(&words, label_text(&w->table.rules[i]->title), 26);
		buf_printf(&words, " %5zu", count_open(w, i));
		choice_add(c, 0, words.data, (int)i + 1);
		buf_release(&words);
	}
	choice_mark(c, w->task + 1);
	(void)choice_push(&w->app->stack, c, done, w);
}

/* ---- doing it ---- */

static void
complete(struct screen_month *w, size_t task)
{
	const struct schema_register *child;
	struct values preset = {0};
	struct uuid id = {{0}};

	if (!w->marks.count && !listing_selected(&w->listing, &id))
		return;
	child = month_words_child(w->app, w->table.rules[task], &preset);
	if (child)
		list_batch_add_child(w->app, w->reg, &w->marks, &id, child,
			&preset);
	else
		view_say(&w->app->stack, ROLE_WARN, "%s", tr("This task is "
			"done by changing the record itself."));
	values_release(&preset);
}

static void
complete_chosen(void *self, struct view_stack *s, int value)
{
	(void)s;
	if (value > 0)
		complete(self, (size_t)value - 1);
}

static void
ask_complete(struct screen_month *w)
{
	if (w->task >= 0)
		complete(w, (size_t)w->task);
	else
		choose_task(w, tr("Which task is done?"), false,
			complete_chosen);
}

/* ---- presses ---- */

static void
mark_row(struct screen_month *w)
{
	struct press down = { .code = PRESS_DOWN };
	struct uuid id;

	if (!listing_selected(&w->listing, &id))
		return;
	marks_set(&w->marks, &id, !marks_has(&w->marks, &id));
	(void)listing_press(&w->listing, &down);
}

static void
mark_all(struct screen_month *w)
{
	struct uuid *ids = mem_alloc(w->count + 1, sizeof *ids);

	for (size_t i = 0; i < w->count; i++)
		ids[i] = w->table.ids[w->shown[i]];
	marks_toggle_all(&w->marks, ids, w->count);
	free(ids);
}

static void
step_task(struct screen_month *w, int by)
{
	int count = (int)w->table.rule_count + 1;

	set_task(w, (w->task + 1 + by + count) % count - 1);
}

static void
step_month(struct screen_month *w, int by)
{
	w->month_on = month_words_step(w->month_on, by, w->app->today);
	month_refresh(&w->view, &w->app->stack);
}

static void
open_row(struct screen_month *w)
{
	struct uuid id;

	if (listing_selected(&w->listing, &id))
		screen_record_push(w->app, &id);
}

static enum view_answer
act(struct screen_month *w, int action)
{
	switch (action) {
	case MONTH_OPEN_ROW:
		open_row(w);
		break;
	case MONTH_ADD:
		ask_complete(w);
		break;
	case MONTH_MARK_ROW:
		mark_row(w);
		break;
	case MONTH_MARK_ALL:
		mark_all(w);
		break;
	case MONTH_TASK:
		choose_task(w, tr("Not yet done"), true, task_chosen);
		break;
	case MONTH_TASK_NEXT:
		step_task(w, 1);
		break;
	case MONTH_TASK_BACK:
		step_task(w, -1);
		break;
	case MONTH_BEFORE:
		step_month(w, -1);
		break;
	case MONTH_AFTER:
		step_month(w, 1);
		break;
	case MONTH_BACK:
		return VIEW_CLOSE;
	default:
		return VIEW_IGNORED;
	}
	return VIEW_HANDLED;
}

static enum view_answer
month_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_month *w = of(v);
	int action = keymap_find(&keymap, p->code);

	(void)s;
	if ((action < MONTH_OPEN_ROW || action >= KEYMAP_LISTING) &&
	    listing_press(&w->listing, p))
		return VIEW_HANDLED;
	return act(w, action);
}

static const struct keymap *
month_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
month_free(struct view *v)
{
	struct screen_month *w = of(v);

	month_release(&w->table);
	marks_release(&w->marks);
	free(w->shown);
	free(w);
}

static const struct view_ops ops = {
	.title = month_title,
	.paint = month_paint,
	.press = month_press,
	.keymap = month_keymap,
	.message = month_message,
	.refresh = month_refresh,
	.help = month_help,
	.free = month_free,
};

void
screen_month_push(struct app *app, const struct schema_register *reg)
{
	struct screen_month *w;
	struct listing_source source = { .count = rows_count,
		.generation = rows_generation, .id = rows_id,
		.cell = rows_cell, .role = rows_role, .marked = rows_marked };

	if (!month_has(app->cli->schema, reg)) {
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("This register has no tasks of the month."));
		return;
	}
	w = mem_alloc(1, sizeof *w);
	w->view.ops = &ops;
	w->app = app;
	w->reg = reg;
	w->task = -1;
	w->month_on = month_words_step(app->today, 0, app->today);
	month_refresh(&w->view, &app->stack);
	source.self = w;
	listing_init(&w->listing, &source, w->columns, w->column_count);
	choose_rows(w);
	view_push(&app->stack, &w->view);
}

/* ---- from home ---- */

static void
register_chosen(void *self, struct view_stack *s, int value)
{
	struct app *app = self;

	(void)s;
	if (value >= 0)
		screen_month_push(app, &app->cli->schema->registers[value]);
}

void
screen_month_choose(struct app *app)
{
	const struct schema *schema = app->cli->schema;
	struct choice *c = choice_new(tr("Tasks of the month"));

	for (size_t i = 0; i < schema->register_count; i++) {
		const struct schema_register *reg = &schema->registers[i];

		if (month_has(schema, reg) && show_may_read(app, reg))
			choice_add(c, 0, label_text(&reg->title), (int)i);
	}
	if (!choice_push(&app->stack, c, register_chosen, app))
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("No register has tasks of the month."));
}
