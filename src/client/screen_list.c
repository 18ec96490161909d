/*
 * A register as a list.  The rows are ids that a query over the overviews
 * found; the query runs again when the data, the filter, the order or what is
 * being found changes, and the selection stays on its record.
 */
#include "client/screen_list.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "client/app.h"
#include "client/list_batch.h"
#include "client/screen_form.h"
#include "client/screen_list_parts.h"
#include "client/screen_month.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "store/transfer.h"

enum {
	LIST_MARK_CELLS = 2,
	LIST_FIND_CHARS = 40,
	LIST_RANGE_CELLS = 17,		/* "49981-50000/50000" */
};

enum { LIST_OPEN = 100, LIST_NEW, LIST_EDIT, LIST_FIND, LIST_FILTER,
	LIST_FILTER_NEXT, LIST_FILTER_BACK, LIST_SORT, LIST_WITHDRAWN,
	LIST_BACK, LIST_MARK, LIST_MARK_ALL, LIST_ADD, LIST_MOVE,
	LIST_MONTH };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, LIST_OPEN, TR_MARK("open"),
	    TR_MARK("Open the record."), KEYMAP_ALWAYS },
	{ 'n', PRESS_INSERT, LIST_NEW, TR_MARK("new"),
	    TR_MARK("Enter a new one."), KEYMAP_ALWAYS },
	{ 'e', PRESS_NONE, LIST_EDIT, TR_MARK("edit"),
	    TR_MARK("Change the record."), KEYMAP_HINT },
	{ 'f', PRESS_F7, LIST_FIND, TR_MARK("find here"),
	    TR_MARK("Type a part of what the columns show; the list follows "
	    "every key."), KEYMAP_HINT },
	{ 'v', PRESS_NONE, LIST_FILTER, TR_MARK("filter"),
	    TR_MARK("Choose a filter, with the number of its rows."),
	    KEYMAP_HINT },
	{ PRESS_TAB, PRESS_NONE, LIST_FILTER_NEXT, TR_MARK("next filter"),
	    TR_MARK("The next filter."), KEYMAP_QUIET },
	{ PRESS_BACKTAB, PRESS_NONE, LIST_FILTER_BACK, TR_MARK("filter back"),
	    TR_MARK("The filter before."), KEYMAP_QUIET },
	{ 'o', PRESS_NONE, LIST_SORT, TR_MARK("order"),
	    TR_MARK("Sort by another column; the same again turns it round."),
	    KEYMAP_HINT },
	{ 'x', PRESS_NONE, LIST_WITHDRAWN, TR_MARK("withdrawn"),
	    TR_MARK("Show or hide withdrawn records."), KEYMAP_QUIET },
	{ 'T', PRESS_NONE, LIST_MONTH, TR_MARK("tasks"),
	    TR_MARK("The tasks of the month: who has done them, who not "
	    "yet."), KEYMAP_QUIET },
	{ ' ', PRESS_NONE, LIST_MARK, TR_MARK("mark"),
	    TR_MARK("Mark or unmark the row; what is then added or moved on "
	    "is so for all marked rows."), KEYMAP_HINT },
	{ '*', PRESS_NONE, LIST_MARK_ALL, TR_MARK("mark all"),
	    TR_MARK("Mark all rows shown; when all are marked, unmark them."),
	    KEYMAP_QUIET },
	{ 'a', PRESS_NONE, LIST_ADD, TR_MARK("add"),
	    TR_MARK("Add a record below the row, or one below each marked "
	    "row with a single form."), KEYMAP_HINT },
	{ 'm', PRESS_NONE, LIST_MOVE, TR_MARK("move on"),
	    TR_MARK("Move the row, or all marked rows, to another state."),
	    KEYMAP_QUIET },
	{ 'q', PRESS_CTRL + 'X', LIST_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, LIST_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

/* With rows marked, what is done with them comes first on the hint line. */
static const struct keymap_entry marked_entries[] = {
	{ 'a', PRESS_NONE, LIST_ADD, TR_MARK("add for all"),
	    TR_MARK("Add a record below the row, or one below each marked "
	    "row with a single form."), KEYMAP_ALWAYS },
	{ 'm', PRESS_NONE, LIST_MOVE, TR_MARK("move on all"),
	    TR_MARK("Move the row, or all marked rows, to another state."),
	    KEYMAP_ALWAYS },
	{ '*', PRESS_NONE, LIST_MARK_ALL, TR_MARK("mark all"),
	    TR_MARK("Mark all rows shown; when all are marked, unmark them."),
	    KEYMAP_ALWAYS },
};

static const struct keymap marked_keymap = {
	marked_entries, sizeof marked_entries / sizeof *marked_entries,
	&keymap,
};

enum { FIND_OPEN = 200, FIND_END, FIND_DOWN, FIND_UP };

static const struct keymap_entry find_entries[] = {
	{ PRESS_ENTER, PRESS_NONE, FIND_OPEN, TR_MARK("open"),
	    TR_MARK("Open the record."), KEYMAP_ALWAYS },
	{ PRESS_DOWN, PRESS_CTRL + 'N', FIND_DOWN, TR_MARK("down"),
	    TR_MARK("Next row."), KEYMAP_QUIET },
	{ PRESS_UP, PRESS_CTRL + 'P', FIND_UP, TR_MARK("up"),
	    TR_MARK("Row before."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'X', PRESS_ESC, FIND_END, TR_MARK("all rows"),
	    TR_MARK("Forget what was typed and show all rows."),
	    KEYMAP_ALWAYS },
};

static const struct keymap find_keymap = {
	find_entries, sizeof find_entries / sizeof *find_entries, NULL,
};

static struct screen_list *
of(const struct view *v)
{
	return (struct screen_list *)(uintptr_t)v;
}

static const struct overview *
row_at(const struct screen_list *w, size_t row)
{
	return row < w->count ? overview_find(w->app->cli->store, &w->ids[row])
		: NULL;
}

/* ---- rows ---- */

static size_t
rows_count(void *self)
{
	return ((struct screen_list *)self)->count;
}

static uint64_t
rows_generation(void *self)
{
	return ((struct screen_list *)self)->generation;
}

static struct uuid
rows_id(void *self, size_t row)
{
	return ((struct screen_list *)self)->ids[row];
}

static void
rows_cell(void *self, size_t row, size_t column, struct buf *out)
{
	struct screen_list *w = self;
	const struct overview *o = row_at(w, row);

	if (!o)
		return;
	if (column + 1 == w->column_count)
		buf_text(out, !o->sync && transfer_of(w->app->cli->store,
			&o->id) ? tr("t") : show_mark(o->sync));
	else
		overview_show(out, w->app->cli->store, o,
			w->reg->columns[column].path);
}

static bool
rows_marked(void *self, size_t row)
{
	const struct screen_list *w = self;

	return row < w->count && marks_has(&w->marks, &w->ids[row]);
}

static bool
stands_out(const struct screen_list *w, const struct overview *o,
	const struct conds *when)
{
	return when->count && overview_matches(w->app->cli->store, o, when,
		w->app->today, app_name(w->app));
}

static enum canvas_role
rows_role(void *self, size_t row)
{
	const struct screen_list *w = self;
	const struct overview *o = row_at(self, row);

	if (!o)
		return ROLE_TEXT;
	if (o->deleted)
		return ROLE_DIM;
	if (o->sync == SYNC_CONFLICT || o->sync == SYNC_REFUSED ||
	    stands_out(w, o, &w->reg->alert))
		return ROLE_ALERT;
	return stands_out(w, o, &w->reg->warn) ? ROLE_WARN : ROLE_TEXT;
}

void
screen_list_query(struct screen_list *w)
{
	struct buf typed;
	struct overview_query q = {
		.reg = w->reg,
		.where = w->filter < 0 ? NULL
			: &w->reg->filters[w->filter].where,
		.sort = w->sort[0] ? w->sort : NULL,
		.deleted = w->withdrawn,
		.today = w->app->today,
		.user = app_name(w->app),
	};

	buf_init(&typed, BUF_LINE_MAX);
	lineedit_get(&typed, &w->find);
	q.typed = w->finding && typed.len ? typed.data : NULL;
	free(w->ids);
	w->ids = NULL;
	w->count = 0;
	overview_query(&w->ids, &w->count, w->app->cli->store, &q);
	w->generation++;
	buf_release(&typed);
}

const char *
screen_list_column_title(const struct schema_register *reg,
	const struct schema_column *col)
{
	return col->label.zh ? label_text(&col->label)
		: show_label(reg, col->path);
}

/* In the language of now; a column without a label of its own is named as its
 * field. */
void
screen_list_name_columns(struct screen_list *w)
{
	size_t n = w->reg->column_count;

	if (n > LIST_COLUMNS_MAX - 1)
		n = LIST_COLUMNS_MAX - 1;
	for (size_t i = 0; i < n; i++)
		w->columns[i] = (struct listing_column){
			.title = screen_list_column_title(w->reg, &w->reg->columns[i]),
			.cells = w->reg->columns[i].cells };
	w->columns[n] = (struct listing_column){ .title = "",
		.cells = LIST_MARK_CELLS };
	w->column_count = n + 1;
	w->listing.empty = w->finding || w->filter >= 0 ? tr("No row fits.")
		: show_may_write(w->app, w->reg)
		? tr("No record yet; n enters one.") : tr("No record yet.");
}

/* What was entered from here is what the clerk looks at next. */
static void
select_entered(struct screen_list *w)
{
	struct uuid *id = &w->app->entered;
	const struct overview *o = uuid_is_zero(id) ? NULL
		: overview_find(w->app->cli->store, id);

	if (!o || o->reg != w->reg)
		return;
	(void)listing_select(&w->listing, id);
	*id = (struct uuid){{0}};
}

static void
list_refresh(struct view *v, struct view_stack *s)
{
	(void)s;
	screen_list_query(of(v));
	screen_list_name_columns(of(v));
	select_entered(of(v));
}

/* ---- painting ---- */

static void
list_title(const struct view *v, struct buf *out)
{
	const struct screen_list *w = of(v);

	buf_text(out, label_text(&w->reg->title));
	if (w->filter >= 0)
		buf_printf(out, " [%s]",
			label_text(&w->reg->filters[w->filter].label));
	buf_printf(out, "  %zu", w->count);
	if (w->marks.count)
		buf_printf(out, tr("  marked %zu"), w->marks.count);
	if (w->withdrawn)
		buf_printf(out, "  %s", tr("with withdrawn ones"));
}

/* The filters on one line, the chosen one marked; what does not fit is on the
 * popup. */
static void
paint_filters(const struct screen_list *w, struct canvas *c,
	const struct canvas_area *body)
{
	int col = body->col + 2;

	for (int i = -1; i < (int)w->reg->filter_count; i++) {
		const char *words = i < 0 ? tr("All")
			: label_text(&w->reg->filters[i].label);
		int cells = utf8_cells(words);

		if (col + cells > body->cols - LIST_RANGE_CELLS - 3) {
			(void)canvas_text(c, body->row, col, 2, ROLE_DIM,
			    "..");
			break;
		}
		col += canvas_text(c, body->row, col, cells,
		    i == w->filter ? ROLE_MARK : ROLE_DIM, words) + 2;
	}
}

static void
paint_find(struct screen_list *w, struct canvas *c,
	const struct canvas_area *body)
{
	int col = body->col + 2;

	col += canvas_text(c, body->row, col, 20, ROLE_LABEL,
	    tr("Find here:")) + 1;
	lineedit_resize(&w->find, 1, LIST_FIND_CHARS);
	lineedit_paint(&w->find, c, body->row, col, ROLE_INPUT_NOW, true);
}

static void
paint_range(const struct screen_list *w, struct canvas *c,
	const struct canvas_area *body)
{
	struct buf text;
	int cells;

	buf_init(&text, BUF_LINE_MAX);
	listing_range(&w->listing, &text);
	cells = (int)text.len;
	(void)canvas_text(c, body->row, body->cols - 1 - cells, cells,
		ROLE_TEXT, text.data);
	buf_release(&text);
}

static void
list_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	struct screen_list *w = of(v);
	struct canvas_area rest = *body;

	if (w->finding)
		paint_find(w, c, body);
	else
		paint_filters(w, c, body);
	rest.row++;
	rest.rows--;
	{
		int row = c->cursor_row, col = c->cursor_col;

		listing_paint(&w->listing, c, &rest);
		paint_range(w, c, body);
		if (w->finding)
			canvas_cursor(c, row, col);
	}
}

static enum canvas_role
list_message(const struct view *v, struct buf *out)
{
	const struct screen_list *w = of(v);
	const char *path = w->sort[0] == '-' ? w->sort + 1 : w->sort;

	for (size_t i = 0; *path && i < w->reg->column_count; i++)
		if (strcmp(w->reg->columns[i].path, path) == 0)
			buf_printf(out, tr("Sorted by %s, %s"),
				screen_list_column_title(w->reg, &w->reg->columns[i]),
				w->sort[0] == '-' ? tr("downwards")
				: tr("upwards"));
	return ROLE_DIM;
}

/* ---- presses ---- */

static void
open_row(struct screen_list *w)
{
	struct uuid id;

	if (listing_selected(&w->listing, &id))
		screen_record_push(w->app, &id);
}

static void
edit_row(struct screen_list *w)
{
	struct uuid id;

	if (listing_selected(&w->listing, &id))
		screen_form_push_edit(w->app, &id, NULL);
}

static void
mark_row(struct screen_list *w)
{
	struct press down = { .code = PRESS_DOWN };
	struct uuid id;

	if (!listing_selected(&w->listing, &id))
		return;
	marks_set(&w->marks, &id, !marks_has(&w->marks, &id));
	(void)listing_press(&w->listing, &down);
}

/* Something for the marked rows, or for the one that is selected. */
static void
with_rows(struct screen_list *w, void (*fn)(struct app *app,
	const struct schema_register *reg, struct marks *marks,
	const struct uuid *selected))
{
	struct uuid id;

	if (w->marks.count || listing_selected(&w->listing, &id))
		fn(w->app, w->reg, &w->marks, &id);
}

static void
end_find(struct screen_list *w)
{
	w->finding = false;
	(void)lineedit_set(&w->find, "");
	screen_list_query(w);
	screen_list_name_columns(w);
}

static enum view_answer
find_press(struct screen_list *w, const struct press *p)
{
	struct press down = { .code = PRESS_DOWN }, up = { .code = PRESS_UP };

	switch (keymap_find(&find_keymap, p->code)) {
	case FIND_OPEN:
		open_row(w);
		return VIEW_HANDLED;
	case FIND_END:
		end_find(w);
		return VIEW_HANDLED;
	case FIND_DOWN:
		(void)listing_press(&w->listing, &down);
		return VIEW_HANDLED;
	case FIND_UP:
		(void)listing_press(&w->listing, &up);
		return VIEW_HANDLED;
	default:
		break;
	}
	if (p->code == PRESS_PGDN || p->code == PRESS_PGUP) {
		(void)listing_press(&w->listing, p);
		return VIEW_HANDLED;
	}
	if (p->code == '?' || p->code == PRESS_CTRL + 'G')
		return VIEW_IGNORED;
	switch (lineedit_press(&w->find, p)) {
	case LINEEDIT_CHANGED:
		screen_list_query(w);
		listing_refresh(&w->listing);
		listing_select_row(&w->listing, 0);
		return VIEW_HANDLED;
	case LINEEDIT_IGNORED:
		return VIEW_IGNORED;
	default:
		return VIEW_HANDLED;
	}
}

static enum view_answer
act(struct screen_list *w, int action)
{
	switch (action) {
	case LIST_OPEN:
		open_row(w);
		break;
	case LIST_NEW:
		screen_form_push_new(w->app, w->reg, NULL);
		break;
	case LIST_EDIT:
		edit_row(w);
		break;
	case LIST_FIND:
		w->finding = true;
		screen_list_name_columns(w);
		break;
	case LIST_FILTER:
		screen_list_choose_filter(w);
		break;
	case LIST_FILTER_NEXT:
		screen_list_step_filter(w, 1);
		break;
	case LIST_FILTER_BACK:
		screen_list_step_filter(w, -1);
		break;
	case LIST_SORT:
		screen_list_choose_order(w);
		break;
	case LIST_WITHDRAWN:
		w->withdrawn = !w->withdrawn;
		screen_list_query(w);
		break;
	case LIST_MONTH:
		screen_month_push(w->app, w->reg);
		break;
	case LIST_MARK:
		mark_row(w);
		break;
	case LIST_MARK_ALL:
		marks_toggle_all(&w->marks, w->ids, w->count);
		break;
	case LIST_ADD:
		with_rows(w, list_batch_add);
		break;
	case LIST_MOVE:
		with_rows(w, list_batch_move);
		break;
	case LIST_BACK:
		return VIEW_CLOSE;
	default:
		return VIEW_IGNORED;
	}
	return VIEW_HANDLED;
}

static enum view_answer
list_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_list *w = of(v);
	int action = keymap_find(&keymap, p->code);

	(void)s;
	if (w->finding)
		return find_press(w, p);
	/* the application's keys end with the list's own */
	if ((action < LIST_OPEN || action >= KEYMAP_LISTING) &&
	    listing_press(&w->listing, p))
		return VIEW_HANDLED;
	return act(w, action);
}

static const struct keymap *
list_keymap(const struct view *v)
{
	const struct screen_list *w = of(v);

	if (w->finding)
		return &find_keymap;
	return w->marks.count ? &marked_keymap : &keymap;
}

static void
list_help(const struct view *v, struct buf *out)
{
	const struct schema_register *reg = of(v)->reg;

	if (reg->law)
		buf_printf(out, tr("Law: %s\n"), reg->law);
	buf_printf(out, "%s\n", tr("Marks at the end of a row: w waits to be "
		"sent, c entered differently by two people, r refused."));
	for (size_t i = 0; i < reg->state_count; i++)
		buf_printf(out, "%s%s", i ? ", " : tr("States: "),
			label_text(&reg->states[i].label));
	if (reg->state_count)
		buf_char(out, '\n');
}

static void
list_free(struct view *v)
{
	struct screen_list *w = of(v);

	lineedit_release(&w->find);
	marks_release(&w->marks);
	free(w->ids);
	free(w);
}

static const struct view_ops ops = {
	.title = list_title,
	.paint = list_paint,
	.press = list_press,
	.keymap = list_keymap,
	.message = list_message,
	.refresh = list_refresh,
	.help = list_help,
	.free = list_free,
};

void
screen_list_push(struct app *app, const struct schema_register *reg,
	int filter)
{
	struct screen_list *w = mem_alloc(1, sizeof *w);
	struct listing_source source = { .self = w, .count = rows_count,
		.generation = rows_generation, .id = rows_id,
		.cell = rows_cell, .role = rows_role, .marked = rows_marked };

	w->view.ops = &ops;
	w->app = app;
	w->reg = reg;
	w->filter = filter;
	app->entered = (struct uuid){{0}};
	lineedit_init(&w->find, 1, LIST_FIND_CHARS, LIST_FIND_CHARS);
	screen_list_query(w);
	screen_list_name_columns(w);
	listing_init(&w->listing, &source, w->columns, w->column_count);
	screen_list_name_columns(w);
	view_push(&app->stack, &w->view);
}
