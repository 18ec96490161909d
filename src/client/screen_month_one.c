/*
 * One record's tasks of the month: done or not yet, each with its article.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/due_words.h"
#include "client/list_batch.h"
#include "client/month_words.h"
#include "client/rows.h"
#include "client/screen_month.h"
#include "client/show.h"
#include "ui/listing.h"

struct screen_month_one {
	struct view view;		/* first */
	struct app *app;
	const struct schema_register *reg;
	struct uuid id;
	int month_on;
	struct month_table table;
	struct rows rows;
	struct listing listing;
	struct listing_column columns[ROWS_CELLS];
};

enum { ONE_ADD = 100, ONE_BEFORE, ONE_AFTER, ONE_BACK };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, 'a', ONE_ADD, TR_MARK("complete"),
	    TR_MARK("Enter the task as done."), KEYMAP_ALWAYS },
	{ '<', PRESS_NONE, ONE_BEFORE, TR_MARK("month before"),
	    TR_MARK("The month before."), KEYMAP_HINT },
	{ '>', PRESS_NONE, ONE_AFTER, TR_MARK("month after"),
	    TR_MARK("The month after, up to this one."), KEYMAP_QUIET },
	{ 'q', PRESS_CTRL + 'X', ONE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, ONE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static struct screen_month_one *
of(const struct view *v)
{
	return (struct screen_month_one *)(uintptr_t)v;
}

static const char *
words_of(enum month_mark mark)
{
	switch (mark) {
	case MONTH_DONE:
		return tr("done on");
	case MONTH_OPEN:
		return tr("not yet, due on");
	case MONTH_LATE:
		return tr("late since");
	default:
		return tr("not asked for");
	}
}

static void
add_row(struct screen_month_one *w, size_t task)
{
	const struct month_cell *cell = month_cell_at(&w->table, 0, task);
	const struct deadline_rule *rule = w->table.rules[task];
	struct uuid id = uuid_named("task", rule->name);
	struct rows_row *row = rows_add(&w->rows, &id);
	char on[DATE_TEXT_MAX] = "";
	struct buf text;

	if (cell->mark != MONTH_NONE)
		date_print(on, cell->on);
	row->role = month_words_role(cell->mark);
	rows_cell(row, 0, label_text(&rule->title));
	buf_init(&text, BUF_LINE_MAX);
	buf_text(&text, words_of(cell->mark));
	rows_cell(row, 1, text.data);
	rows_cell(row, 2, on);
	buf_clear(&text);
	if (cell->times)
		buf_printf(&text, "%zu", cell->times);
	rows_cell(row, 3, text.data);
	buf_release(&text);
}

static void
one_refresh(struct view *v, struct view_stack *s)
{
	struct screen_month_one *w = of(v);

	(void)s;
	month_gather(&w->table, w->app->cli->store, w->reg, &w->id,
		w->month_on, w->app->today);
	rows_clear(&w->rows);
	for (size_t i = 0; w->table.count && i < w->table.rule_count; i++)
		add_row(w, i);
	w->columns[0] = (struct listing_column){ tr("Task"), 28, false };
	w->columns[1] = (struct listing_column){ tr("This month"), 16, false };
	w->columns[2] = (struct listing_column){ tr("Day"), 12, false };
	w->columns[3] = (struct listing_column){ tr("Times"), 6, true };
	w->listing.empty = tr("No tasks this month.");
}

static void
one_title(const struct view *v, struct buf *out)
{
	const struct screen_month_one *w = of(v);

	buf_printf(out, "%s ", tr("Tasks of the month"));
	month_words_month(out, w->month_on);
	buf_text(out, ": ");
	show_called(out, w->app, &w->id);
}

static void
one_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	listing_paint(&of(v)->listing, c, body);
}

static const struct deadline_rule *
selected(const struct screen_month_one *w)
{
	size_t row = listing_row(&w->listing);

	return row < w->rows.count ? w->table.rules[row] : NULL;
}

static enum canvas_role
one_message(const struct view *v, struct buf *out)
{
	const struct deadline_rule *rule = selected(of(v));

	if (rule)
		due_words_article(out, rule);
	return ROLE_DIM;
}

static void
complete(struct screen_month_one *w)
{
	const struct deadline_rule *rule = selected(w);
	const struct schema_register *child;
	struct values preset = {0};

	if (!rule)
		return;
	child = month_words_child(w->app, rule, &preset);
	if (child)
		list_batch_add_child(w->app, w->reg, NULL, &w->id, child,
			&preset);
	else
		view_say(&w->app->stack, ROLE_WARN, "%s", tr("This task is "
			"done by changing the record itself."));
	values_release(&preset);
}

static enum view_answer
one_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_month_one *w = of(v);
	int by = 0;

	switch (keymap_find(&keymap, p->code)) {
	case ONE_ADD:
		complete(w);
		return VIEW_HANDLED;
	case ONE_BEFORE:
		by = -1;
		break;
	case ONE_AFTER:
		by = 1;
		break;
	case ONE_BACK:
		return VIEW_CLOSE;
	default:
		return listing_press(&w->listing, p) ? VIEW_HANDLED
			: VIEW_IGNORED;
	}
	w->month_on = month_words_step(w->month_on, by, w->app->today);
	one_refresh(v, s);
	return VIEW_HANDLED;
}

static const struct keymap *
one_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
one_free(struct view *v)
{
	month_release(&of(v)->table);
	rows_release(&of(v)->rows);
	free(of(v));
}

static const struct view_ops ops = {
	.title = one_title,
	.paint = one_paint,
	.press = one_press,
	.keymap = one_keymap,
	.message = one_message,
	.refresh = one_refresh,
	.free = one_free,
};

void
screen_month_one_push(struct app *app, const struct schema_register *reg,
	const struct uuid *id)
{
	struct screen_month_one *w;
	struct listing_source source;

	if (!month_has(app->cli->schema, reg)) {
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("This register has no tasks of the month."));
		return;
	}
	w = mem_alloc(1, sizeof *w);
	w->view.ops = &ops;
	w->app = app;
	w->reg = reg;
	w->id = *id;
	w->month_on = month_words_step(app->today, 0, app->today);
	one_refresh(&w->view, &app->stack);
	source = rows_source(&w->rows);
	listing_init(&w->listing, &source, w->columns, ROWS_CELLS);
	one_refresh(&w->view, &app->stack);
	view_push(&app->stack, &w->view);
}
