/*
 * A page that is a list.
 */
#include "client/listpage.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "core/pinyin.h"

enum { FIND_CHARS = 40, FIND_LABEL_CELLS = 20 };

enum { FIND_OPEN = LISTPAGE_BACK + 1, FIND_DOWN, FIND_UP, FIND_END };

static const struct keymap_entry entries[] = {
	{ 'f', PRESS_F7, LISTPAGE_FIND, TR_MARK("find here"),
	    TR_MARK("Type a part of what the columns show; the list follows "
	    "every key."), KEYMAP_HINT },
	{ 'q', PRESS_CTRL + 'X', LISTPAGE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, LISTPAGE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
};

const struct keymap listpage_keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static const struct keymap_entry find_entries[] = {
	{ PRESS_ENTER, PRESS_NONE, FIND_OPEN, TR_MARK("open"),
	    TR_MARK("What Enter does in this list."), KEYMAP_ALWAYS },
	{ PRESS_CTRL + 'X', PRESS_ESC, FIND_END, TR_MARK("all rows"),
	    TR_MARK("Forget what was typed and show all rows."),
	    KEYMAP_ALWAYS },
};

static const struct keymap_entry typing_entries[] = {
	{ PRESS_DOWN, PRESS_CTRL + 'N', FIND_DOWN, TR_MARK("down"),
	    TR_MARK("Next row."), KEYMAP_QUIET },
	{ PRESS_UP, PRESS_CTRL + 'P', FIND_UP, TR_MARK("up"),
	    TR_MARK("Row before."), KEYMAP_QUIET },
};

const struct keymap listpage_typing_keymap = {
	typing_entries, sizeof typing_entries / sizeof *typing_entries, NULL,
};

static const struct keymap find_keymap = {
	find_entries, sizeof find_entries / sizeof *find_entries,
	&listpage_typing_keymap,
};

static struct listpage *
of(const struct view *v)
{
	return (struct listpage *)(uintptr_t)v;
}

void
listpage_typed(const struct listpage *p, struct buf *out)
{
	if (p->finding)
		lineedit_get(out, &p->find);
}

/* ---- rows of texts ---- */

static const struct rows_row *
row_at(const struct listpage *p, size_t row)
{
	return &p->rows.items[p->shown[row]];
}

static size_t
source_count(void *self)
{
	return ((struct listpage *)self)->shown_count;
}

static uint64_t
source_generation(void *self)
{
	return ((struct listpage *)self)->generation;
}

static struct uuid
source_id(void *self, size_t row)
{
	return row_at(self, row)->id;
}

static void
source_cell(void *self, size_t row, size_t column, struct buf *out)
{
	const struct rows_row *r = row_at(self, row);

	if (column < ROWS_CELLS && r->cells[column])
		buf_text(out, r->cells[column]);
}

static enum canvas_role
source_role(void *self, size_t row)
{
	return row_at(self, row)->role;
}

static bool
source_marked(void *self, size_t row)
{
	return row_at(self, row)->marked;
}

static struct listing_source
source_of(struct listpage *p)
{
	if (p->kind->source)
		return p->kind->source(p);
	return (struct listing_source){ .self = p, .count = source_count,
		.generation = source_generation, .id = source_id,
		.cell = source_cell, .role = source_role,
		.marked = source_marked };
}

static bool
fits(const struct rows_row *r, const char *typed)
{
	for (size_t i = 0; *typed && i < ROWS_CELLS; i++)
		if (r->cells[i] && pinyin_match(r->cells[i], typed))
			return true;
	return !*typed;
}

/* The rows that have what is typed in one of their cells. */
static void
show_rows(struct listpage *p, const char *typed)
{
	p->shown = mem_resize(p->shown, p->rows.count + 1, sizeof *p->shown);
	p->shown_count = 0;
	for (size_t i = 0; i < p->rows.count; i++)
		if (fits(&p->rows.items[i], typed))
			p->shown[p->shown_count++] = i;
	p->generation++;
}

void
listpage_find(struct listpage *p)
{
	struct buf typed;

	buf_init(&typed, BUF_LINE_MAX);
	listpage_typed(p, &typed);
	if (p->kind->find)
		p->kind->find(p, typed.len ? typed.data : "");
	else
		show_rows(p, typed.len ? typed.data : "");
	buf_release(&typed);
}

/* ---- the page ---- */

static void
name_columns(struct listpage *p)
{
	const struct listing_column *own = p->kind->columns;
	size_t n = 0;

	for (; own[n].title; n++) {
		p->columns[n] = own[n];
		p->columns[n].title = tr(own[n].title);
	}
	if (n)
		p->column_count = n;
	if (p->listing.column_count != p->column_count)
		listing_set_columns(&p->listing, p->columns, p->column_count);
	p->listing.empty = p->empty ? p->empty :
		p->finding && !p->kind->typing ? tr("No row fits.") :
		p->kind->empty ? tr(p->kind->empty) : NULL;
}

void
listpage_refresh(struct listpage *p)
{
	rows_clear(&p->rows);
	p->kind->fill(p);
	if (!p->kind->source)
		listpage_find(p);
	name_columns(p);
	listing_refresh(&p->listing);
}

static void
page_refresh(struct view *v, struct view_stack *s)
{
	(void)s;
	listpage_refresh(of(v));
}

size_t
listpage_item(const struct listpage *p)
{
	size_t row = listing_row(&p->listing);

	if (p->kind->source)
		return row < p->listing.count ? row : LISTPAGE_NONE;
	return row < p->shown_count ? row_at(p, row)->item : LISTPAGE_NONE;
}

void
listpage_down(struct listpage *p)
{
	struct press down = { .code = PRESS_DOWN };

	(void)listing_press(&p->listing, &down);
}

void
listpage_count(const struct listpage *p, struct buf *out)
{
	size_t before, start;

	if (p->shown_count != p->rows.count)
		buf_printf(out, "  %zu/%zu", p->shown_count, p->rows.count);
	else
		buf_printf(out, "  %zu", p->rows.count);
	before = out->len;
	buf_text(out, "  ");
	start = out->len;
	listing_page(&p->listing, out);
	if (out->len == start)
		buf_cut(out, before);
}

static void
page_title(const struct view *v, struct buf *out)
{
	const struct listpage *p = of(v);

	if (p->kind->title_of) {
		p->kind->title_of(p, out);
		return;
	}
	buf_text(out, tr(p->kind->title));
	listpage_count(p, out);
}

static void
paint_find(struct listpage *p, struct canvas *c,
	const struct canvas_area *body)
{
	const char *label = p->kind->label ? p->kind->label :
		TR_MARK("Find here:");
	int col = body->col + 2;

	col += canvas_text(c, body->row, col, FIND_LABEL_CELLS, ROLE_LABEL,
		tr(label)) + 1;
	lineedit_resize(&p->find, 1, FIND_CHARS);
	lineedit_paint(&p->find, c, body->row, col, ROLE_INPUT_NOW, true);
}

static void
page_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	struct listpage *p = of(v);
	struct canvas_area rest = *body, line = *body;

	if (p->finding) {
		rest.row++;
		rest.rows--;
	} else if (p->kind->around) {
		p->kind->around(p, c, &rest);
	}
	listing_paint(&p->listing, c, &rest);
	if (p->kind->over)
		p->kind->over(p, c, body);
	/* last: the cursor stands in it */
	if (p->finding)
		paint_find(p, c, &line);
}

static enum canvas_role
page_message(const struct view *v, struct buf *out)
{
	const struct listpage *p = of(v);

	return p->kind->message ? p->kind->message(p, out) : ROLE_DIM;
}

static const struct keymap *
own_keys(const struct listpage *p)
{
	return p->kind->keys_of ? p->kind->keys_of(p) : p->kind->keys;
}

static const struct keymap *
page_keymap(const struct view *v)
{
	const struct listpage *p = of(v);

	if (p->finding)
		return p->kind->typing ? p->kind->typing : &find_keymap;
	return own_keys(p);
}

static bool
is_of_item(const struct listpage *p, int action)
{
	if (action == LISTPAGE_FIND ||
	    action == keymap_find(own_keys(p), PRESS_ENTER))
		return true;
	for (size_t i = 0; i < LISTPAGE_OF_ITEM; i++)
		if (action == p->kind->of_item[i])
			return true;
	return false;
}

static bool
page_may(const struct view *v, int action)
{
	const struct listpage *p = of(v);
	const struct listing_source *rows = &p->listing.source;

	if (p->finding)
		return true;
	if (is_of_item(p, action) && rows->count(rows->self) == 0)
		return false;
	return action >= LISTPAGE_FIND || !p->kind->may ||
		p->kind->may(p, action);
}

/* ---- presses ---- */

static void
retyped(struct listpage *p)
{
	listpage_find(p);
	name_columns(p);
	listing_refresh(&p->listing);
}

static void
end_find(struct listpage *p)
{
	p->finding = false;
	(void)lineedit_set(&p->find, "");
	retyped(p);
}

static enum view_answer
type(struct listpage *p, const struct press *pr)
{
	if (pr->code == PRESS_PGDN || pr->code == PRESS_PGUP) {
		(void)listing_press(&p->listing, pr);
		return VIEW_HANDLED;
	}
	if (pr->code == '?' || pr->code == PRESS_CTRL + 'G')
		return VIEW_IGNORED;
	switch (lineedit_press(&p->find, pr)) {
	case LINEEDIT_CHANGED:
		retyped(p);
		listing_select_row(&p->listing, 0);
		return VIEW_HANDLED;
	case LINEEDIT_IGNORED:
		return VIEW_IGNORED;
	default:
		return VIEW_HANDLED;
	}
}

static enum view_answer
find_press(struct listpage *p, const struct press *pr)
{
	struct press up = { .code = PRESS_UP };
	int action = keymap_find(page_keymap(&p->view), pr->code);

	switch (action) {
	case FIND_OPEN:
		return p->kind->act(p, keymap_find(own_keys(p), PRESS_ENTER),
			listpage_item(p));
	case FIND_END:
		end_find(p);
		return VIEW_HANDLED;
	case FIND_DOWN:
		listpage_down(p);
		return VIEW_HANDLED;
	case FIND_UP:
		(void)listing_press(&p->listing, &up);
		return VIEW_HANDLED;
	case LISTPAGE_BACK:
		return VIEW_CLOSE;
	case 0:
		return type(p, pr);
	default:
		return p->kind->act(p, action, listpage_item(p));
	}
}

static enum view_answer
page_press(struct view *v, struct view_stack *s, const struct press *pr)
{
	struct listpage *p = of(v);
	int action = keymap_find(own_keys(p), pr->code);

	(void)s;
	if (p->finding)
		return find_press(p, pr);
	if (action == LISTPAGE_BACK)
		return VIEW_CLOSE;
	if (action == LISTPAGE_FIND) {
		p->finding = true;
		name_columns(p);
		return VIEW_HANDLED;
	}
	if (action > 0 && action < LISTPAGE_FIND)
		return p->kind->act(p, action, listpage_item(p));
	return listing_press(&p->listing, pr) ? VIEW_HANDLED : VIEW_IGNORED;
}

static void
page_help(const struct view *v, struct buf *out)
{
	const struct listpage *p = of(v);

	if (p->kind->help)
		p->kind->help(p, out);
}

static void
page_free(struct view *v)
{
	struct listpage *p = of(v);

	if (p->kind->release)
		p->kind->release(p);
	lineedit_release(&p->find);
	rows_release(&p->rows);
	free(p->shown);
	free(p);
}

static const struct view_ops ops = {
	.title = page_title,
	.paint = page_paint,
	.press = page_press,
	.keymap = page_keymap,
	.may = page_may,
	.message = page_message,
	.refresh = page_refresh,
	.help = page_help,
	.free = page_free,
};

void
listpage_push(struct app *app, struct listpage *p,
	const struct listpage_kind *kind)
{
	struct listing_source source;

	p->view.ops = &ops;
	p->app = app;
	p->kind = kind;
	p->finding = kind->typing != NULL;
	lineedit_init(&p->find, 1, FIND_CHARS, FIND_CHARS);
	source = source_of(p);
	listing_init(&p->listing, &source, p->columns, 0);
	p->listing.fit = kind->fit;
	listpage_refresh(p);
	view_push(&app->stack, &p->view);
}
