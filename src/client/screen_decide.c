/*
 * What waits for a decision, the oldest hand-in first.  An approver would
 * otherwise have to look into every file for it.
 */
#include "client/screen_decide.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/rows.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "store/overview.h"
#include "ui/listing.h"

enum { COLUMNS = 4 };

struct screen_decide {
	struct view view;		/* first */
	struct app *app;
	struct rows rows;
	struct listing listing;
	struct listing_column columns[COLUMNS];
};

enum { DECIDE_OPEN = 100, DECIDE_BACK };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, DECIDE_OPEN, TR_MARK("open"),
	    TR_MARK("Open the record; m decides on it there."),
	    KEYMAP_ALWAYS },
	{ 'q', PRESS_CTRL + 'X', DECIDE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, DECIDE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static struct screen_decide *
of(const struct view *v)
{
	return (struct screen_decide *)(uintptr_t)v;
}

static bool
waits_for(const struct app *app, const struct overview *o)
{
	const struct schema_state *state;
	const struct schema_step *step;

	if (!o || !o->reg || o->deleted || !o->reg->approves)
		return false;
	state = schema_state_find(o->reg, o->state);
	if (!state || state->step < 1 ||
	    (size_t)state->step > o->reg->approval.step_count)
		return false;
	step = &o->reg->approval.steps[state->step - 1];
	return schema_role_in(step->roles, step->role_count, app_role(app)) &&
		strcmp(overview_get(o, "entered_by"), app_name(app)) != 0;
}

size_t
screen_decide_count(const struct app *app)
{
	const struct store *s = app->cli->store;
	size_t n = 0;

	for (size_t i = 0; i < overview_count(s); i++)
		n += waits_for(app, overview_at(s, i));
	return n;
}

/* Whose it is, and what it says of itself. */
static void
add_row(struct screen_decide *w, const struct overview *o)
{
	const struct store *s = w->app->cli->store;
	const struct overview *up = overview_find(s, &o->parent);
	struct rows_row *row = rows_add(&w->rows, &o->id);
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	if (up)
		overview_called(&text, s, up);
	rows_cell(row, 0, text.data);
	rows_cell(row, 1, label_text(&o->reg->title));
	buf_clear(&text);
	overview_called(&text, s, o);
	rows_cell(row, 2, text.data);
	rows_cell(row, 3, overview_get(o, "submitted_on"));
	buf_release(&text);
}

static int
by_day(const void *a, const void *b)
{
	const struct rows_row *x = a, *y = b;
	const char *one = x->cells[3] ? x->cells[3] : "";
	const char *two = y->cells[3] ? y->cells[3] : "";
	int order = strcmp(one, two);

	return order ? order : uuid_compare(&x->id, &y->id);
}

static void
decide_refresh(struct view *v, struct view_stack *stack)
{
	struct screen_decide *w = of(v);
	const struct store *s = w->app->cli->store;

	(void)stack;
	rows_clear(&w->rows);
	for (size_t i = 0; i < overview_count(s); i++)
		if (waits_for(w->app, overview_at(s, i)))
			add_row(w, overview_at(s, i));
	if (w->rows.count)
		qsort(w->rows.items, w->rows.count, sizeof *w->rows.items,
			by_day);
	w->columns[0] = (struct listing_column){ tr("Whose"), 14, false };
	w->columns[1] = (struct listing_column){ tr("Register"), 20, false };
	w->columns[2] = (struct listing_column){ tr("About"), 0, false };
	w->columns[3] = (struct listing_column){ tr("Handed in"), 10, false };
	w->listing.empty = tr("Nothing waits for your decision.");
}

static void
decide_title(const struct view *v, struct buf *out)
{
	buf_printf(out, "%s  %zu", tr("Waiting for your decision"),
		of(v)->rows.count);
}

static void
decide_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	listing_paint(&of(v)->listing, c, body);
}

static enum view_answer
decide_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_decide *w = of(v);
	struct uuid id;

	(void)s;
	switch (keymap_find(&keymap, p->code)) {
	case DECIDE_OPEN:
		if (listing_selected(&w->listing, &id))
			screen_record_push(w->app, &id);
		return VIEW_HANDLED;
	case DECIDE_BACK:
		return VIEW_CLOSE;
	default:
		return listing_press(&w->listing, p) ? VIEW_HANDLED
			: VIEW_IGNORED;
	}
}

static const struct keymap *
decide_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
decide_free(struct view *v)
{
	rows_release(&of(v)->rows);
	free(of(v));
}

static const struct view_ops ops = {
	.title = decide_title,
	.paint = decide_paint,
	.press = decide_press,
	.keymap = decide_keymap,
	.refresh = decide_refresh,
	.free = decide_free,
};

void
screen_decide_push(struct app *app)
{
	struct screen_decide *w = mem_alloc(1, sizeof *w);
	struct listing_source source = rows_source(&w->rows);

	w->view.ops = &ops;
	w->app = app;
	decide_refresh(&w->view, &app->stack);
	listing_init(&w->listing, &source, w->columns, COLUMNS);
	decide_refresh(&w->view, &app->stack);
	view_push(&app->stack, &w->view);
}
