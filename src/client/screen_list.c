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
#include "client/where.h"
#include "store/overview.h"

enum {
	LIST_PAGE_CELLS = 15,		/* "page 2632/2632" */
};

enum { LIST_OPEN = 1, LIST_NEW, LIST_EDIT, LIST_FILTER,
	LIST_FILTER_NEXT, LIST_FILTER_BACK, LIST_SORT, LIST_WITHDRAWN,
	LIST_MARK, LIST_MARK_TO, LIST_MARK_ALL, LIST_ADD,
	LIST_MOVE, LIST_MONTH, LIST_COLUMNS, LIST_WHERE, LIST_GROUP,
	LIST_FOLD, LIST_EXPORT, LIST_ASIDE };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, LIST_OPEN, TR_MARK("open"),
	    TR_MARK("Open the record."), KEYMAP_ALWAYS },
	{ 'n', PRESS_INSERT, LIST_NEW, TR_MARK("new"),
	    TR_MARK("Enter a new one."), KEYMAP_ALWAYS },
	{ 'e', PRESS_NONE, LIST_EDIT, TR_MARK("edit"),
	    TR_MARK("Change the record."), KEYMAP_HINT },
	{ 'f', PRESS_F7, LISTPAGE_FIND, TR_MARK("find here"),
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
	{ 'E', PRESS_NONE, LIST_EXPORT, TR_MARK("export"),
	    TR_MARK("Write the row, or all marked rows, to a spreadsheet; the "
	    "trace says so."), KEYMAP_QUIET },
	{ 'p', PRESS_NONE, LIST_ASIDE, TR_MARK("put aside"),
	    TR_MARK("Put aside what is due for the row, or for all marked "
	    "rows."), KEYMAP_QUIET },
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
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

/* With rows marked, what is done with them comes first on the hint line. */
static const struct keymap_entry marked_entries[] = {
	{ 'a', PRESS_NONE, LIST_ADD, TR_MARK("add for all"),
	    TR_MARK("Add a record below the row, or one below each marked "
	    "row with a single form."), KEYMAP_ALWAYS },
	{ 'm', PRESS_NONE, LIST_MOVE, TR_MARK("move on all"),
	    TR_MARK("Move the row, or all marked rows, to another state."),
	    KEYMAP_ALWAYS },
	{ 'E', PRESS_NONE, LIST_EXPORT, TR_MARK("export"),
	    TR_MARK("Write the row, or all marked rows, to a spreadsheet; the "
	    "trace says so."), KEYMAP_ALWAYS },
	{ 'r', PRESS_NONE, LIST_MARK_TO, TR_MARK("mark to here"),
	    TR_MARK("Mark all rows from the one marked last to this one."),
	    KEYMAP_HINT },
	{ '*', PRESS_NONE, LIST_MARK_ALL, TR_MARK("mark all"),
	    TR_MARK("Mark all rows shown; when all are marked, unmark them."),
	    KEYMAP_HINT },
};

static const struct keymap marked_keymap = {
	marked_entries, sizeof marked_entries / sizeof *marked_entries,
	&keymap,
};

static struct screen_list *
of(const struct listpage *p)
{
	return (struct screen_list *)(uintptr_t)p;
}

/* What was entered from here is what the clerk looks at next. */
static void
select_entered(struct screen_list *w)
{
	struct uuid *id = &w->page.app->entered;
	const struct overview *o = uuid_is_zero(id) ? NULL
		: overview_find(w->page.app->cli->store, id);

	if (!o || o->reg != w->reg)
		return;
	(void)listing_select(&w->page.listing, id);
	*id = (struct uuid){{0}};
}

static void
list_fill(struct listpage *p)
{
	screen_list_name_columns(of(p));
	screen_list_count(of(p));
	select_entered(of(p));
}

static void
list_find(struct listpage *p, const char *typed)
{
	(void)typed;
	screen_list_query(of(p));
	screen_list_name_columns(of(p));
	if (p->finding)
		screen_list_to_top(of(p));
}

/* ---- painting ---- */

static void
list_title(const struct listpage *p, struct buf *out)
{
	const struct screen_list *w = of(p);

	buf_text(out, label_text(&w->reg->title));
	if (w->filter >= 0)
		buf_printf(out, " [%s]",
			screen_list_filter_name(w, w->filter));
	if (w->count != w->total)
		buf_printf(out, "  %zu/%zu", w->count, w->total);
	else
		buf_printf(out, "  %zu", w->count);
	screen_list_sums_words(out, w, &w->sums);
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
	int col = body->col + 2, room = body->cols - LIST_PAGE_CELLS - 5;
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
	buf_printf(&text, "%s%s", tr("Conditions"), tr(": "));
	where_print(&text, w->reg, &w->where, true);
	(void)canvas_text_cut(c, body->row, body->col + 2,
		body->cols - LIST_PAGE_CELLS - 5, ROLE_MARK, text.data);
	buf_release(&text);
}

static void
list_over(struct listpage *p, struct canvas *c,
	const struct canvas_area *body)
{
	struct buf text;
	int cells;

	buf_init(&text, BUF_LINE_MAX);
	listing_page(&p->listing, &text);
	cells = text.len ? utf8_cells(text.data) : 0;
	if (cells)
		(void)canvas_text(c, body->row, body->cols - 1 - cells, cells,
			ROLE_TEXT, text.data);
	buf_release(&text);
}

static void
list_around(struct listpage *p, struct canvas *c, struct canvas_area *body)
{
	const struct screen_list *w = of(p);

	if (w->where.count)
		paint_where(w, c, body);
	else
		paint_filters(w, c, body);
	body->row++;
	body->rows--;
}

static enum canvas_role
list_message(const struct listpage *p, struct buf *out)
{
	const struct screen_list *w = of(p);
	bool down = w->look.sort[0] == '-';

	if (w->marks.count && w->reg->sum_count) {
		buf_printf(out, tr("Marked %zu:"), w->marks.count);
		screen_list_sums_words(out, w, &w->marked_sums);
		return ROLE_TEXT;
	}
	if (w->look.sort[0])
		buf_printf(out, tr("Sorted by %s, %s"),
			list_look_title(w->reg, w->look.sort + down),
			down ? tr("downwards") : tr("upwards"));
	if (w->group_count)
		buf_printf(out, tr("%s%zu groups by %s"), out->len ? "  " : "",
			w->group_count, list_look_title(w->reg,
			w->look.group));
	return ROLE_DIM;
}

/* ---- presses ---- */

/* The selected record; false: a group's line, or nothing. */
static bool
selected(struct screen_list *w, struct uuid *id)
{
	return !screen_list_at_group(w) && listing_selected(&w->page.listing, id);
}

static void
open_row(struct screen_list *w)
{
	const struct list_group *g = screen_list_at_group(w);
	struct uuid id;

	if (g)
		screen_list_fold(w, g);
	else if (selected(w, &id))
		screen_record_push(w->page.app, &id);
}

static void
edit_row(struct screen_list *w)
{
	struct uuid id;

	if (selected(w, &id))
		screen_form_push_edit(w->page.app, &id, NULL);
}

/* A row, or all of a group. */
static void
mark_row(struct screen_list *w)
{
	const struct list_group *g = screen_list_at_group(w);

	if (g) {
		marks_toggle_all(&w->marks, w->ids + g->first, g->count);
	} else if (selected(w, &w->marked)) {
		w->marked_any = true;
		marks_set(&w->marks, &w->marked, !marks_has(&w->marks,
			&w->marked));
	}
	listpage_down(&w->page);
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
		view_say(&w->page.app->stack, ROLE_TEXT, "%s", tr("Mark a row with "
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

static void
mark(struct screen_list *w, int action)
{
	if (action == LIST_MARK)
		mark_row(w);
	else if (action == LIST_MARK_TO)
		mark_to(w);
	else
		marks_toggle_all(&w->marks, w->ids, w->count);
	screen_list_sum_marks(w);
}

/* Something for the marked rows, or for the one that is selected. */
static void
with_rows(struct screen_list *w, void (*fn)(struct app *app,
	const struct schema_register *reg, struct marks *marks,
	const struct uuid *selected))
{
	struct uuid id;

	if (w->marks.count || selected(w, &id))
		fn(w->page.app, w->reg, &w->marks, &id);
}

static enum view_answer
list_act(struct listpage *p, int action, size_t item)
{
	struct screen_list *w = of(p);

	(void)item;
	switch (action) {
	case LIST_OPEN:
		open_row(w);
		break;
	case LIST_NEW:
		screen_form_push_new(w->page.app, w->reg, NULL);
		break;
	case LIST_EDIT:
		edit_row(w);
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
		screen_month_push(w->page.app, w->reg);
		break;
	case LIST_MARK:
	case LIST_MARK_TO:
	case LIST_MARK_ALL:
		mark(w, action);
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
	case LIST_ADD:
		with_rows(w, list_batch_add);
		break;
	case LIST_MOVE:
		with_rows(w, list_batch_move);
		break;
	case LIST_EXPORT:
		with_rows(w, list_batch_export);
		break;
	case LIST_ASIDE:
		with_rows(w, list_batch_aside);
		break;
	default:
		return VIEW_IGNORED;
	}
	return VIEW_HANDLED;
}

/* What the hint line offers. */
static bool
list_may(const struct listpage *p, int action)
{
	const struct screen_list *w = of(p);
	const struct app *app = p->app;
	struct err none = ERR_INIT;
	bool writes = show_may_write(app, w->reg);

	switch (action) {
	case LIST_NEW:
		return writes && !store_need_work(app->cli->store, &none);
	case LIST_EDIT:
		return writes && !w->reg->event;
	case LIST_ADD:
		return list_batch_may_add(app, w->reg);
	case LIST_MOVE:
		return schema_may_move(w->reg, app_role(app));
	default:
		return true;
	}
}

static const struct keymap *
list_keys(const struct listpage *p)
{
	return of(p)->marks.count ? &marked_keymap : &keymap;
}

static void
list_help(const struct listpage *p, struct buf *out)
{
	const struct schema_register *reg = of(p)->reg;

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
list_release(struct listpage *p)
{
	struct screen_list *w = of(p);

	buf_release(&w->traced);
	marks_release(&w->marks);
	screen_list_release_rows(w);
	schema_release_conds(&w->where);
	free(w->asking.field);
	list_look_release(&w->look);
}

static const struct listpage_kind kind = {
	.keys_of = list_keys,
	.title_of = list_title,
	.fit = true,
	.fill = list_fill,
	.may = list_may,
	.of_item = { LIST_EDIT, LIST_SORT, LIST_MARK, LIST_ADD, LIST_MOVE },
	.act = list_act,
	.message = list_message,
	.around = list_around,
	.over = list_over,
	.help = list_help,
	.release = list_release,
	.source = screen_list_source,
	.find = list_find,
};

void
screen_list_push(struct app *app, const struct schema_register *reg,
	int filter)
{
	struct screen_list *w = mem_alloc(1, sizeof *w);
	struct err err = ERR_INIT;

	w->reg = reg;
	w->filter = filter;
	app->entered = (struct uuid){{0}};
	buf_init(&w->traced, 3 * WHERE_TEXT_MAX);
	if (list_look_load(&w->look, app->cli->store, reg, &err))
		view_complain(&app->stack, &err);
	listpage_push(app, &w->page, &kind);
}
