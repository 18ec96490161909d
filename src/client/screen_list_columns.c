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
	struct view view;		/* first */
	struct screen_list *list;	/* beneath */
	char **paths;			/* owned; those shown come first */
	size_t count, shown;
	uint64_t generation;
	struct listing listing;
	struct listing_column column;
};

enum { COLUMNS_TAKE = 100, COLUMNS_MARK, COLUMNS_UP, COLUMNS_DOWN,
	COLUMNS_OWN, COLUMNS_BACK };

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
	{ PRESS_CTRL + 'X', PRESS_ESC, COLUMNS_BACK, TR_MARK("cancel"),
	    TR_MARK("Leave the columns as they were."), KEYMAP_ALWAYS },
	{ 'q', PRESS_LEFT, COLUMNS_BACK, TR_MARK("cancel"),
	    TR_MARK("Leave the columns as they were."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

static struct screen_columns *
of(const struct view *v)
{
	return (struct screen_columns *)(uintptr_t)v;
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
	w->generation++;
}

static void
begin(struct screen_columns *w)
{
	const struct screen_list *list = w->list;

	for (size_t i = 0; i + 1 < list->column_count; i++)
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
	w->generation++;
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
	listing_set_columns(&list->listing, list->columns,
		list->column_count);
	screen_list_query(list);
	screen_list_keep(list);
}

/* ---- rows ---- */

static size_t
rows_count(void *self)
{
	return ((struct screen_columns *)self)->count;
}

static uint64_t
rows_generation(void *self)
{
	return ((struct screen_columns *)self)->generation;
}

static struct uuid
rows_id(void *self, size_t row)
{
	return uuid_named("column", ((struct screen_columns *)self)
		->paths[row]);
}

static void
rows_cell(void *self, size_t row, size_t column, struct buf *out)
{
	const struct screen_columns *w = self;

	(void)column;
	if (row < w->count)
		buf_text(out, screen_list_title_of(w->list->reg, w->paths[row]));
}

static bool
rows_marked(void *self, size_t row)
{
	return row < ((struct screen_columns *)self)->shown;
}

static enum canvas_role
rows_role(void *self, size_t row)
{
	return rows_marked(self, row) ? ROLE_TEXT : ROLE_DIM;
}

/* ---- the view ---- */

static void
columns_title(const struct view *v, struct buf *out)
{
	buf_printf(out, tr("%s: columns"), label_text(&of(v)->list->reg
		->title));
}

static void
columns_paint(struct view *v, struct canvas *c,
	const struct canvas_area *body)
{
	listing_paint(&of(v)->listing, c, body);
}

static enum canvas_role
columns_message(const struct view *v, struct buf *out)
{
	(void)v;
	buf_text(out, tr("Columns with * are shown, from the top to the right."));
	return ROLE_DIM;
}

static enum view_answer
columns_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_columns *w = of(v);
	size_t row = listing_row(&w->listing);

	(void)s;
	switch (keymap_find(&keymap, p->code)) {
	case COLUMNS_TAKE:
		take(w);
		return VIEW_CLOSE;
	case COLUMNS_BACK:
		return VIEW_CLOSE;
	case COLUMNS_MARK:
		mark(w, row);
		return VIEW_HANDLED;
	case COLUMNS_UP:
		move(w, row, true);
		return VIEW_HANDLED;
	case COLUMNS_DOWN:
		move(w, row, false);
		return VIEW_HANDLED;
	case COLUMNS_OWN:
		as_defined(w);
		return VIEW_HANDLED;
	default:
		return listing_press(&w->listing, p) ? VIEW_HANDLED :
			VIEW_IGNORED;
	}
}

static const struct keymap *
columns_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
columns_free(struct view *v)
{
	forget_paths(of(v));
	free(v);
}

static const struct view_ops ops = {
	.title = columns_title,
	.paint = columns_paint,
	.press = columns_press,
	.keymap = columns_keymap,
	.message = columns_message,
	.free = columns_free,
};

void
screen_list_choose_columns(struct screen_list *list)
{
	struct screen_columns *w = mem_alloc(1, sizeof *w);
	struct listing_source source = { .self = w, .count = rows_count,
		.generation = rows_generation, .id = rows_id,
		.cell = rows_cell, .role = rows_role, .marked = rows_marked };

	w->view.ops = &ops;
	w->list = list;
	w->column = (struct listing_column){ tr("Column"), COLUMN_CELLS,
		false };
	begin(w);
	listing_init(&w->listing, &source, &w->column, 1);
	view_push(&list->app->stack, &w->view);
}
