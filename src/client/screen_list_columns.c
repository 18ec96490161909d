/*
 * Which columns a list has, in which order: a page over the list, taken with
 * Enter.
 */
#include "client/screen_list_parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/show.h"

enum { COLUMN_CELLS = 30 };

struct screen_columns {
	struct listpage page;		/* first */
	struct screen_list *list;	/* beneath */
	char **paths;			/* owned; those shown come first */
	size_t count, shown;
};

enum { COLUMNS_TAKE = 1, COLUMNS_MARK, COLUMNS_UP, COLUMNS_DOWN,
	COLUMNS_OWN };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_NONE, COLUMNS_TAKE, TR_MARK("take"),
	    TR_MARK("Show these columns, here and the next time."),
	    KEYMAP_ALWAYS },
	{ ' ', PRESS_NONE, COLUMNS_MARK, TR_MARK("show or not"),
	    TR_MARK("Show the column, or leave it out."), KEYMAP_ALWAYS },
	{ '-', 'K', COLUMNS_UP, TR_MARK("to the left"),
	    TR_MARK("Move the column one place to the left."),
	    KEYMAP_ALWAYS },
	{ '+', 'J', COLUMNS_DOWN, TR_MARK("to the right"),
	    TR_MARK("Move the column one place to the right."),
	    KEYMAP_ALWAYS },
	{ 'd', PRESS_NONE, COLUMNS_OWN, TR_MARK("as defined"),
	    TR_MARK("The columns of the definition, in its order."),
	    KEYMAP_HINT },
	{ PRESS_CTRL + 'X', PRESS_ESC, LISTPAGE_BACK, TR_MARK("cancel"),
	    TR_MARK("Leave the columns as they were."), KEYMAP_ALWAYS },
	{ 'q', PRESS_LEFT, LISTPAGE_BACK, TR_MARK("cancel"),
	    TR_MARK("Leave the columns as they were."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

static struct screen_columns *
of(const struct listpage *p)
{
	return (struct screen_columns *)(uintptr_t)p;
}

/* ---- the paths ---- */

static void
add_path(struct screen_columns *w, const char *path)
{
	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->paths[i], path) == 0)
			return;
	w->paths = mem_grow(w->paths, w->count, sizeof *w->paths);
	w->paths[w->count++] = mem_strdup(path);
}

static void
forget_paths(struct screen_columns *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->paths[i]);
	free(w->paths);
	w->paths = NULL;
	w->count = w->shown = 0;
}

/* What can be shown beside what is. */
static void
add_others(struct screen_columns *w)
{
	const struct schema_register *reg = w->list->reg;

	for (size_t i = 0; i < reg->column_count; i++)
		add_path(w, reg->columns[i].path);
	if (reg->state_count)
		add_path(w, "@state");
	if (reg->overlay_count)
		add_path(w, "@overlays");
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];

		if (screen_list_may_ask(w->list, f) &&
		    (!reg->person_field ||
		    strcmp(f->name, reg->person_field) != 0))
			add_path(w, f->name);
	}
	add_path(w, "@updated");
}

static void
begin(struct screen_columns *w)
{
	const struct screen_list *list = w->list;

	for (size_t i = 0; i + 1 < list->page.column_count; i++)
		add_path(w, list->paths[i]);
	w->shown = w->count;
	add_others(w);
}

static void
as_defined(struct screen_columns *w)
{
	const struct schema_register *reg = w->list->reg;

	forget_paths(w);
	for (size_t i = 0; i < reg->column_count; i++)
		add_path(w, reg->columns[i].path);
	w->shown = w->count;
	add_others(w);
}

static void
move_path(struct screen_columns *w, size_t from, size_t to)
{
	char *path = w->paths[from];

	if (from < to)
		memmove(&w->paths[from], &w->paths[from + 1],
			(to - from) * sizeof *w->paths);
	else
		memmove(&w->paths[to + 1], &w->paths[to],
			(from - to) * sizeof *w->paths);
	w->paths[to] = path;
}

/* One that is shown now stands behind those shown before, where it is moved
 * from; one that is left out stands before the others. */
static void
mark(struct screen_columns *w, size_t row)
{
	if (row >= w->shown) {
		if (w->shown == LOOK_COLUMNS_MAX)
			return;
		move_path(w, row, w->shown++);
	} else if (w->shown > 1) {
		move_path(w, row, --w->shown);
	}
}

static void
move(struct screen_columns *w, size_t row, bool up)
{
	if (row >= w->shown || (up ? row == 0 : row + 1 >= w->shown))
		return;
	move_path(w, row, up ? row - 1 : row + 1);
}

static bool
is_as_defined(const struct screen_columns *w)
{
	const struct schema_register *reg = w->list->reg;

	for (size_t i = 0; i < w->shown && w->shown == reg->column_count; i++)
		if (strcmp(w->paths[i], reg->columns[i].path) != 0)
			return false;
	return w->shown == reg->column_count;
}

static void
take(struct screen_columns *w)
{
	struct screen_list *list = w->list;
	struct list_look *look = &list->look;

	for (size_t i = 0; i < look->column_count; i++)
		free(look->columns[i]);
	look->column_count = 0;
	for (size_t i = 0; i < w->shown && !is_as_defined(w); i++)
		look->columns[look->column_count++] = mem_strdup(w->paths[i]);
	screen_list_name_columns(list);
	listing_set_columns(&list->page.listing, list->page.columns,
		list->page.column_count);
	screen_list_query(list);
	screen_list_keep(list);
}

/* ---- the page ---- */

static void
columns_fill(struct listpage *p)
{
	const struct screen_columns *w = of(p);

	for (size_t i = 0; i < w->count; i++) {
		struct uuid id = uuid_named("column", w->paths[i]);
		struct rows_row *row = rows_add(&p->rows, &id);

		row->marked = i < w->shown;
		row->role = row->marked ? ROLE_TEXT : ROLE_DIM;
		rows_cell(row, 0, list_look_title(w->list->reg,
			w->paths[i]));
	}
}

static void
columns_title(const struct listpage *p, struct buf *out)
{
	buf_printf(out, tr("%s: columns"), label_text(&of(p)->list->reg
		->title));
}

static enum canvas_role
columns_message(const struct listpage *p, struct buf *out)
{
	(void)p;
	buf_text(out, tr("Columns with * are shown, from the top to the right."));
	return ROLE_DIM;
}

static enum view_answer
columns_act(struct listpage *p, int action, size_t item)
{
	struct screen_columns *w = of(p);

	switch (action) {
	case COLUMNS_TAKE:
		take(w);
		return VIEW_CLOSE;
	case COLUMNS_MARK:
		mark(w, item);
		break;
	case COLUMNS_UP:
		move(w, item, true);
		break;
	case COLUMNS_DOWN:
		move(w, item, false);
		break;
	default:
		as_defined(w);
		break;
	}
	listpage_refresh(p);
	return VIEW_HANDLED;
}

static void
columns_release(struct listpage *p)
{
	forget_paths(of(p));
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.title_of = columns_title,
	.columns = { { TR_MARK("Column"), COLUMN_CELLS, false } },
	.fill = columns_fill,
	.act = columns_act,
	.message = columns_message,
	.release = columns_release,
};

void
screen_list_choose_columns(struct screen_list *list)
{
	struct screen_columns *w = mem_alloc(1, sizeof *w);

	w->list = list;
	begin(w);
	listpage_push(list->page.app, &w->page, &kind);
}
