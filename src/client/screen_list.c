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
#include "client/where.h"
#include "store/overview.h"

enum {
	LIST_FIND_CHARS = 40,
	LIST_RANGE_CELLS = 17,		/* "49981-50000/50000" */
};

enum { LIST_OPEN = 100, LIST_NEW, LIST_EDIT, LIST_FIND, LIST_FILTER,
	LIST_FILTER_NEXT, LIST_FILTER_BACK, LIST_SORT, LIST_WITHDRAWN,
	LIST_BACK, LIST_MARK, LIST_MARK_TO, LIST_MARK_ALL, LIST_ADD,
	LIST_MOVE, LIST_MONTH, LIST_COLUMNS, LIST_WHERE, LIST_GROUP,
	LIST_FOLD };

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
	{ 'w', PRESS_NONE, LIST_WHERE, TR_MARK("conditions"),
	    TR_MARK("Compose conditions of field, comparison and value; save "
	    "them as a filter of your own."), KEYMAP_QUIET },
	{ 'y', PRESS_NONE, LIST_GROUP, TR_MARK("groups"),
	    TR_MARK("Put rows with the same village, state or other value "
	    "together, with their number."), KEYMAP_QUIET },
	{ '-', PRESS_NONE, LIST_FOLD, TR_MARK("fold"),
	    TR_MARK("Show only the lines of the groups, or all rows again; "
	    "Enter folds one."), KEYMAP_QUIET },
	{ 'c', PRESS_NONE, LIST_COLUMNS, TR_MARK("columns"),
	    TR_MARK("Choose the columns and their order."), KEYMAP_QUIET },
	{ 'x', PRESS_NONE, LIST_WITHDRAWN, TR_MARK("withdrawn"),
	    TR_MARK("Show or hide withdrawn records."), KEYMAP_QUIET },
	{ 'T', PRESS_NONE, LIST_MONTH, TR_MARK("tasks"),
	    TR_MARK("The tasks of the month: who has done them, who not "
	    "yet."), KEYMAP_QUIET },
	{ ' ', PRESS_NONE, LIST_MARK, TR_MARK("mark"),
	    TR_MARK("Mark or unmark the row; what is then added or moved on "
	    "is so for all marked rows."), KEYMAP_HINT },
	{ 'r', PRESS_NONE, LIST_MARK_TO, TR_MARK("mark to here"),
	    TR_MARK("Mark all rows from the one marked last to this one."),
	    KEYMAP_QUIET },
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
	{ 'r', PRESS_NONE, LIST_MARK_TO, TR_MARK("mark to here"),
	    TR_MARK("Mark all rows from the one marked last to this one."),
	    KEYMAP_HINT },
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
	screen_list_name_columns(of(v));
	screen_list_count(of(v));
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
			screen_list_filter_name(w, w->filter));
	if (w->count != w->total)
		buf_printf(out, "  %zu/%zu", w->count, w->total);
	else
		buf_printf(out, "  %zu", w->count);
	if (w->marks.count)
		buf_printf(out, tr("  marked %zu"), w->marks.count);
	if (w->withdrawn)
		buf_printf(out, "  %s", tr("with withdrawn ones"));
}

/* The filters on one line, the chosen one marked and in sight; what does not
 * fit is on the popup. */
static void
paint_filters(const struct screen_list *w, struct canvas *c,
	const struct canvas_area *body)
{
	int col = body->col + 2, room = body->cols - LIST_RANGE_CELLS - 5;
	int first = -1, used = 0;

	for (int i = w->filter; i >= -1; i--) {
		used += utf8_cells(screen_list_filter_name(w, i)) + 2;
		if (used > room - col)
			break;
		first = i;
	}
	for (int i = first; i < screen_list_filters(w); i++) {
		const char *words = screen_list_filter_name(w, i);
		int cells = utf8_cells(words);

		if (col + cells > room) {
			(void)canvas_text(c, body->row, col, 2, ROLE_DIM,
			    "..");
			break;
		}
		col += canvas_text(c, body->row, col, cells,
		    i == w->filter ? ROLE_MARK : ROLE_DIM, words) + 2;
	}
}

/* In place of the filters: what was composed. */
static void
paint_where(const struct screen_list *w, struct canvas *c,
	const struct canvas_area *body)
{
	struct buf text;

	buf_init(&text, WHERE_TEXT_MAX);
	buf_printf(&text, "%s: ", tr("Conditions"));
	where_print(&text, w->reg, &w->where, true);
	(void)canvas_text_cut(c, body->row, body->col + 2,
		body->cols - LIST_RANGE_CELLS - 5, ROLE_MARK, text.data);
	buf_release(&text);
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
	else if (w->where.count)
		paint_where(w, c, body);
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
	bool down = w->look.sort[0] == '-';

	if (w->look.sort[0])
		buf_printf(out, tr("Sorted by %s, %s"),
			screen_list_title_of(w->reg, w->look.sort + down),
			down ? tr("downwards") : tr("upwards"));
	if (w->group_count)
		buf_printf(out, tr("%s%zu groups by %s"), out->len ? "  " : "",
			w->group_count, screen_list_title_of(w->reg,
			w->look.group));
	return ROLE_DIM;
}

/* ---- presses ---- */

/* The selected record; false: a group's line, or nothing. */
static bool
selected(struct screen_list *w, struct uuid *id)
{
	return !screen_list_at_group(w) && listing_selected(&w->listing, id);
}

static void
open_row(struct screen_list *w)
{
	const struct list_group *g = screen_list_at_group(w);
	struct uuid id;

	if (g)
		screen_list_fold(w, g);
	else if (selected(w, &id))
		screen_record_push(w->app, &id);
}

static void
edit_row(struct screen_list *w)
{
	struct uuid id;

	if (selected(w, &id))
		screen_form_push_edit(w->app, &id, NULL);
}

/* A row, or all of a group. */
static void
mark_row(struct screen_list *w)
{
	struct press down = { .code = PRESS_DOWN };
	const struct list_group *g = screen_list_at_group(w);

	if (g) {
		marks_toggle_all(&w->marks, w->ids + g->first, g->count);
	} else if (selected(w, &w->marked)) {
		w->marked_any = true;
		marks_set(&w->marks, &w->marked, !marks_has(&w->marks,
			&w->marked));
	}
	(void)listing_press(&w->listing, &down);
}

static size_t
place_of(const struct screen_list *w, const struct uuid *id)
{
	size_t i = 0;

	while (i < w->count && uuid_compare(&w->ids[i], id) != 0)
		i++;
	return i;
}

/* From the row marked last to this one. */
static void
mark_to(struct screen_list *w)
{
	struct uuid id;
	size_t from, to;

	if (!selected(w, &id))
		return;
	from = w->marked_any ? place_of(w, &w->marked) : w->count;
	to = place_of(w, &id);
	if (from == w->count) {
		view_say(&w->app->stack, ROLE_TEXT, "%s", tr("Mark a row with "
			"Space first; r then marks all from there to here."));
		return;
	}
	if (from > to) {
		size_t swap = from;

		from = to;
		to = swap;
	}
	marks_add_all(&w->marks, w->ids + from, to - from + 1);
	w->marked = id;
}

/* Something for the marked rows, or for the one that is selected. */
static void
with_rows(struct screen_list *w, void (*fn)(struct app *app,
	const struct schema_register *reg, struct marks *marks,
	const struct uuid *selected))
{
	struct uuid id;

	if (w->marks.count || selected(w, &id))
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
		screen_list_to_top(w);
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
		screen_list_count(w);
		break;
	case LIST_MONTH:
		screen_month_push(w->app, w->reg);
		break;
	case LIST_MARK:
		mark_row(w);
		break;
	case LIST_MARK_TO:
		mark_to(w);
		break;
	case LIST_COLUMNS:
		screen_list_choose_columns(w);
		break;
	case LIST_WHERE:
		screen_list_choose_where(w);
		break;
	case LIST_GROUP:
		screen_list_choose_group(w);
		break;
	case LIST_FOLD:
		screen_list_fold_all(w);
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
	screen_list_release_rows(w);
	schema_release_conds(&w->where);
	free(w->asking.field);
	list_look_release(&w->look);
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
	struct listing_source source = screen_list_source(w);
	struct err err = ERR_INIT;

	w->view.ops = &ops;
	w->app = app;
	w->reg = reg;
	w->filter = filter;
	app->entered = (struct uuid){{0}};
	lineedit_init(&w->find, 1, LIST_FIND_CHARS, LIST_FIND_CHARS);
	if (list_look_load(&w->look, app->cli->store, reg, &err))
		view_complain(&app->stack, &err);
	screen_list_name_columns(w);
	screen_list_count(w);
	listing_init(&w->listing, &source, w->columns, w->column_count);
	w->listing.fit = true;
	screen_list_name_columns(w);
	view_push(&app->stack, &w->view);
}
