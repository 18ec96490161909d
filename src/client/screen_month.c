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
#include "base/utf8.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/list_batch.h"
#include "client/listpage.h"
#include "client/marks.h"
#include "client/month_words.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "client/traced.h"
#include "core/pinyin.h"

enum {
	MONTH_NAME_CELLS = 12,
	MONTH_TASK_CELLS = 8,		/* at least */
	MONTH_ROOM = 66,		/* beside the name, 80 cells wide */
	MONTH_TASKS_MAX = 7,		/* columns that fit */
};

struct screen_month {
	struct listpage page;		/* first */
	const struct schema_register *reg;
	struct month_table table;
	size_t *shown;			/* row to row of the table, owned */
	size_t count;
	uint64_t generation;
	int month_on, task;		/* task -1: all */
	struct marks marks;
	bool traced;
};

enum { MONTH_OPEN_ROW = 1, MONTH_ADD, MONTH_MARK_ROW, MONTH_MARK_ALL,
	MONTH_TASK, MONTH_TASK_NEXT, MONTH_TASK_BACK, MONTH_BEFORE,
	MONTH_AFTER };

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
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

static struct screen_month *
of(const struct listpage *p)
{
	return (struct screen_month *)(uintptr_t)p;
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
row_text(void *self, size_t row, size_t column, struct buf *out)
{
	const struct screen_month *w = self;
	const struct uuid *id = &w->table.ids[w->shown[row]];

	if (column == 0)
		show_called(out, w->page.app, id);
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

/* The name says how the worst stands; of the tasks only what is open is loud. */
static enum canvas_role
task_role(void *self, size_t row, size_t column)
{
	const struct screen_month *w = self;
	enum month_mark mark;

	if (column == 0)
		return rows_role(self, row);
	mark = month_cell_at(&w->table, w->shown[row], task_of(w, column))->mark;
	return mark == MONTH_DONE ? ROLE_TEXT : month_words_role(mark);
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

/* A title is not cut while the tasks leave room for it. */
static int
task_cells(const char *title, size_t tasks)
{
	int cells = utf8_cells(title), most = MONTH_ROOM / (int)tasks - 1;

	if (cells > most)
		cells = most;
	return cells > MONTH_TASK_CELLS ? cells : MONTH_TASK_CELLS;
}

static void
name_columns(struct screen_month *w)
{
	struct listing_column *columns = w->page.columns;
	size_t tasks = w->table.rule_count;

	w->page.column_count = 1 + (tasks < MONTH_TASKS_MAX ? tasks
		: MONTH_TASKS_MAX);
	columns[0] = (struct listing_column){ tr("Record"), MONTH_NAME_CELLS,
		false };
	for (size_t i = 1; i < w->page.column_count; i++) {
		const char *title = month_words_title(
			w->table.rules[task_of(w, i)]);

		columns[i] = (struct listing_column){ title,
			task_cells(title, w->page.column_count - 1), false };
	}
	w->page.empty = w->task < 0 ? tr("No tasks this month.")
		: tr("All have done it.");
}

/* What is typed is looked for in what the row's record is called. */
static bool
is_found(const struct screen_month *w, size_t row, const char *typed)
{
	struct buf called;
	bool found;

	buf_init(&called, BUF_LINE_MAX);
	show_called(&called, w->page.app, &w->table.ids[row]);
	found = pinyin_match(called.len ? called.data : "", typed) != 0;
	buf_release(&called);
	return found;
}

static void
choose_rows(struct screen_month *w, const char *typed)
{
	w->shown = mem_resize(w->shown, w->table.count + 1, sizeof *w->shown);
	w->count = 0;
	for (size_t i = 0; i < w->table.count; i++)
		if (is_open(w, i) && (!*typed || is_found(w, i, typed)))
			w->shown[w->count++] = i;
	w->generation++;
	name_columns(w);
}

static void
month_find(struct listpage *p, const char *typed)
{
	choose_rows(of(p), typed);
}

static void
month_fill(struct listpage *p)
{
	struct screen_month *w = of(p);

	month_gather(&w->table, p->app->cli->store, w->reg, NULL, w->month_on,
		p->app->today);
	if (!w->traced)
		w->traced = traced_rows(p->app, AUDIT_LIST, w->reg,
			w->table.ids, w->table.count, "month");
	if (!w->traced)
		w->table.count = 0;
	listpage_find(p);
}

/* ---- painting ---- */

static void
month_title(const struct listpage *p, struct buf *out)
{
	const struct screen_month *w = of(p);

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

/* What the hint line offers. */
static bool
month_may(const struct listpage *p, int action)
{
	return action != MONTH_ADD ||
		list_batch_may_add(p->app, of(p)->reg);
}

static enum canvas_role
month_message(const struct listpage *p, struct buf *out)
{
	(void)p;
	buf_text(out, tr("ok=done on   by=not yet, due on   -=not asked for this"
		" month"));
	return ROLE_DIM;
}

static void
month_help(const struct listpage *p, struct buf *out)
{
	const struct screen_month *w = of(p);

	for (size_t i = 0; i < w->table.rule_count; i++)
		buf_printf(out, "%s%s%s\n", label_text(
			&w->table.rules[i]->title), tr(": "), label_text(
			&w->table.rules[i]->article));
}

/* ---- tasks ---- */

static void
set_task(struct screen_month *w, int task)
{
	w->task = task;
	listpage_refresh(&w->page);
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
	(void)choice_push(&w->page.app->stack, c, done, w);
}

/* ---- doing it ---- */

static void
complete(struct screen_month *w, size_t task)
{
	const struct schema_register *child;
	struct values preset = {0};
	struct uuid id = {{0}};

	if (!w->marks.count && !listing_selected(&w->page.listing, &id))
		return;
	child = month_words_child(w->page.app, w->table.rules[task], &preset);
	if (child)
		list_batch_add_child(w->page.app, w->reg, &w->marks, &id, child,
			&preset);
	else
		view_say(&w->page.app->stack, ROLE_WARN, "%s", tr("This task is "
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
	struct uuid id;

	if (!listing_selected(&w->page.listing, &id))
		return;
	marks_set(&w->marks, &id, !marks_has(&w->marks, &id));
	listpage_down(&w->page);
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
	w->month_on = month_words_step(w->month_on, by, w->page.app->today);
	listpage_refresh(&w->page);
}

static void
open_row(struct screen_month *w)
{
	struct uuid id;

	if (listing_selected(&w->page.listing, &id))
		screen_record_push(w->page.app, &id);
}

static enum view_answer
month_act(struct listpage *p, int action, size_t item)
{
	struct screen_month *w = of(p);

	(void)item;
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
	default:
		return VIEW_IGNORED;
	}
	return VIEW_HANDLED;
}

static struct listing_source
month_source(struct listpage *p)
{
	return (struct listing_source){ .self = p, .count = rows_count,
		.generation = rows_generation, .id = rows_id,
		.cell = row_text, .cell_role = task_role,
		.marked = rows_marked };
}

static void
month_free(struct listpage *p)
{
	struct screen_month *w = of(p);

	month_release(&w->table);
	marks_release(&w->marks);
	free(w->shown);
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.title_of = month_title,
	.fill = month_fill,
	.may = month_may,
	.of_item = { MONTH_ADD, MONTH_MARK_ROW, MONTH_MARK_ALL },
	.act = month_act,
	.message = month_message,
	.help = month_help,
	.release = month_free,
	.source = month_source,
	.find = month_find,
};

void
screen_month_push(struct app *app, const struct schema_register *reg)
{
	struct screen_month *w;

	if (!month_has(app->cli->schema, reg)) {
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("This register has no tasks of the month."));
		return;
	}
	w = mem_alloc(1, sizeof *w);
	w->reg = reg;
	w->task = -1;
	w->month_on = month_words_step(app->today, 0, app->today);
	listpage_push(app, &w->page, &kind);
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

static bool
is_shown(const struct app *app, const struct schema_register *reg)
{
	return month_has(app->cli->schema, reg) && show_may_read(app, reg);
}

bool
screen_month_any(const struct app *app)
{
	const struct schema *schema = app->cli->schema;

	for (size_t i = 0; i < schema->register_count; i++)
		if (is_shown(app, &schema->registers[i]))
			return true;
	return false;
}

void
screen_month_choose(struct app *app)
{
	const struct schema *schema = app->cli->schema;
	struct choice *c = choice_new(tr("Tasks of the month"));

	for (size_t i = 0; i < schema->register_count; i++)
		if (is_shown(app, &schema->registers[i]))
			choice_add(c, 0, label_text(
				&schema->registers[i].title), (int)i);
	if (!choice_push(&app->stack, c, register_chosen, app))
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("No register has tasks of the month."));
}
