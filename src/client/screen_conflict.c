/*
 * The open questions: which record, which field, who asks.
 */
#include "client/screen_conflict.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/rows.h"
#include "client/screen_settle.h"
#include "client/show.h"
#include "core/question.h"
#include "store/conflict.h"
#include "ui/listing.h"

struct screen_conflict {
	struct view view;		/* first */
	struct app *app;
	bool of_one;
	struct uuid record;		/* when of_one */
	struct conflict_list list;
	struct rows rows;
	struct listing listing;
	struct listing_column columns[4];
};

enum { CONFLICT_OPEN = 100, CONFLICT_BACK };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, CONFLICT_OPEN, TR_MARK("settle"),
	    TR_MARK("See both values and choose."), KEYMAP_ALWAYS },
	{ 'q', PRESS_CTRL + 'X', CONFLICT_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, CONFLICT_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static struct screen_conflict *
of(const struct view *v)
{
	return (struct screen_conflict *)(uintptr_t)v;
}

static void
add_row(struct screen_conflict *w, const struct conflict *c)
{
	const struct overview *o = overview_find(w->app->cli->store,
		&c->record);
	struct rows_row *row = rows_add(&w->rows, &c->id);
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	show_time(&text, c->at);
	rows_cell(row, 0, text.data);
	rows_cell(row, 1, show_who(w->app, c->by));
	buf_clear(&text);
	show_called(&text, w->app, &c->record);
	rows_cell(row, 2, text.data);
	buf_clear(&text);
	for (size_t i = 0; i < c->count; i++)
		buf_printf(&text, "%s%s", i ? ", " : "",
			show_label(o ? o->reg : NULL, c->fields[i].field));
	if (c->from[0])
		buf_printf(&text, "  (%s)", tr("late entry"));
	if (strcmp(c->kind, QUESTION_NUMBER) == 0)
		buf_printf(&text, "  (%s)", tr("also on another record"));
	if (c->waiting)
		buf_printf(&text, "  (%s)", tr("settled, to be sent"));
	rows_cell(row, 3, text.data);
	row->role = c->waiting ? ROLE_DIM : ROLE_TEXT;
	buf_release(&text);
}

static void
conflict_refresh(struct view *v, struct view_stack *s)
{
	struct screen_conflict *w = of(v);
	struct err err = ERR_INIT;

	conflict_list_release(&w->list);
	rows_clear(&w->rows);
	if (conflict_list(&w->list, w->app->cli->store,
	    w->of_one ? &w->record : NULL, &err))
		view_complain(s, &err);
	for (size_t i = 0; i < w->list.count; i++)
		add_row(w, &w->list.items[i]);
	w->columns[0] = (struct listing_column){ tr("Entered"), 12, false };
	w->columns[1] = (struct listing_column){ tr("By"), 10, false };
	w->columns[2] = (struct listing_column){ tr("Record"), 22, false };
	w->columns[3] = (struct listing_column){ tr("Fields"), 0, false };
	w->listing.empty = tr("Nothing to settle.");
}

static void
conflict_title(const struct view *v, struct buf *out)
{
	buf_printf(out, "%s  %zu", tr("Entered differently by two people"),
		of(v)->rows.count);
}

static void
conflict_paint(struct view *v, struct canvas *c,
	const struct canvas_area *body)
{
	listing_paint(&of(v)->listing, c, body);
}

static enum view_answer
conflict_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_conflict *w = of(v);
	size_t row = listing_row(&w->listing);

	switch (keymap_find(&keymap, p->code)) {
	case CONFLICT_OPEN:
		if (row >= w->list.count)
			return VIEW_HANDLED;
		if (w->list.items[row].waiting)
			view_say(s, ROLE_TEXT, "%s",
				tr("Settled here already; it waits to be "
				"sent."));
		else
			screen_settle_push(w->app, &w->list.items[row]);
		return VIEW_HANDLED;
	case CONFLICT_BACK:
		return VIEW_CLOSE;
	default:
		return listing_press(&w->listing, p) ? VIEW_HANDLED
			: VIEW_IGNORED;
	}
}

static const struct keymap *
conflict_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
conflict_free(struct view *v)
{
	conflict_list_release(&of(v)->list);
	rows_release(&of(v)->rows);
	free(of(v));
}

static const struct view_ops ops = {
	.title = conflict_title,
	.paint = conflict_paint,
	.press = conflict_press,
	.keymap = conflict_keymap,
	.refresh = conflict_refresh,
	.free = conflict_free,
};

void
screen_conflict_push(struct app *app, const struct uuid *record)
{
	struct screen_conflict *w = mem_alloc(1, sizeof *w);
	struct listing_source source = rows_source(&w->rows);

	w->view.ops = &ops;
	w->app = app;
	w->of_one = record != NULL;
	if (record)
		w->record = *record;
	conflict_refresh(&w->view, &app->stack);
	listing_init(&w->listing, &source, w->columns, 4);
	conflict_refresh(&w->view, &app->stack);
	view_push(&app->stack, &w->view);
}
