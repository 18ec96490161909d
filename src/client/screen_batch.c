/*
 * The report of one entry for many: each record and why it was refused.
 */
#include "client/screen_batch.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/batch.h"
#include "client/rows.h"
#include "client/screen_form_parts.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "ui/listing.h"

struct screen_batch {
	struct view view;		/* first */
	struct app *app;
	struct batch *batch;		/* owned */
	struct record typed;
	struct batch_report report;
	struct screen_form *form;	/* beneath; NULL */
	struct rows rows;
	struct listing listing;
	struct listing_column columns[ROWS_CELLS];
};

enum { BATCH_OPEN = 100, BATCH_SAVE, BATCH_BACK };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, BATCH_OPEN, TR_MARK("open"),
	    TR_MARK("Open the record."), KEYMAP_ALWAYS },
	{ 'y', PRESS_NONE, BATCH_SAVE, TR_MARK("save the others"),
	    TR_MARK("Save all that are not refused; those stay marked."),
	    KEYMAP_ALWAYS },
	{ 'q', PRESS_CTRL + 'X', BATCH_BACK, TR_MARK("back"),
	    TR_MARK("Back; nothing is saved."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, BATCH_BACK, TR_MARK("back"),
	    TR_MARK("Back; nothing is saved."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static struct screen_batch *
of(const struct view *v)
{
	return (struct screen_batch *)(uintptr_t)v;
}

static void
add_row(struct screen_batch *w, const struct batch_line *line)
{
	struct rows_row *row = rows_add(&w->rows, &line->id);
	struct buf text;

	row->role = line->refused ? ROLE_ALERT
		: line->words[0] ? ROLE_WARN : ROLE_TEXT;
	buf_init(&text, BUF_LINE_MAX);
	show_called(&text, w->app, &line->id);
	rows_cell(row, 0, text.data);
	rows_cell(row, 1, line->refused ? tr("not accepted") : tr("can be saved"));
	rows_cell(row, 2, line->words);
	buf_release(&text);
}

/* What was refused first. */
static void
batch_refresh(struct view *v, struct view_stack *s)
{
	struct screen_batch *w = of(v);

	(void)s;
	rows_clear(&w->rows);
	for (int pass = 1; pass >= 0; pass--)
		for (size_t i = 0; i < w->report.count; i++)
			if (w->report.lines[i].refused == (pass == 1))
				add_row(w, &w->report.lines[i]);
	w->columns[0] = (struct listing_column){ tr("Record"), 22, false };
	w->columns[1] = (struct listing_column){ tr("Result"), 12, false };
	w->columns[2] = (struct listing_column){ tr("Why"), 0, false };
}

static void
batch_title(const struct view *v, struct buf *out)
{
	const struct screen_batch *w = of(v);

	buf_printf(out, tr("Nothing is saved: %zu of %zu were refused."),
		w->report.refused, w->report.count);
}

static void
batch_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	listing_paint(&of(v)->listing, c, body);
}

/* The whole sentence of the marked row. */
static enum canvas_role
batch_message(const struct view *v, struct buf *out)
{
	const struct screen_batch *w = of(v);
	size_t row = listing_row(&w->listing);

	if (row < w->rows.count && w->rows.items[row].cells[2])
		buf_text(out, w->rows.items[row].cells[2]);
	return row < w->rows.count ? w->rows.items[row].role : ROLE_DIM;
}

/* The form lies beneath; it goes when what it held is saved. */
static enum view_answer
saved(struct screen_batch *w, size_t refused)
{
	struct app *app = w->app;

	view_say(&app->stack, refused ? ROLE_WARN : ROLE_GOOD,
		tr("Saved here: %zu. Not saved, still marked: %zu."),
		w->batch->count, refused);
	if (w->form)
		view_drop(&app->stack, &w->form->view);
	app_sync_soon(app);
	return VIEW_CLOSE;
}

static enum view_answer
save_others(struct screen_batch *w)
{
	const char *draft = w->form && w->form->drafted ? w->form->draft
		: NULL;
	size_t refused = w->report.refused;
	struct err err = ERR_INIT;
	enum status st;

	if (refused == w->report.count) {
		view_say(&w->app->stack, ROLE_WARN, "%s",
			tr("All of them were refused."));
		return VIEW_HANDLED;
	}
	(void)batch_drop_refused(w->batch, &w->report);
	st = batch_save(&w->report, w->app->cli->store, w->batch, &w->typed,
		draft, &err);
	if (!st)
		return saved(w, refused);
	view_complain(&w->app->stack, &err);
	batch_refresh(&w->view, &w->app->stack);
	return VIEW_HANDLED;
}

static enum view_answer
batch_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_batch *w = of(v);
	struct uuid id;

	(void)s;
	switch (keymap_find(&keymap, p->code)) {
	case BATCH_OPEN:
		if (listing_selected(&w->listing, &id))
			screen_record_push(w->app, &id);
		return VIEW_HANDLED;
	case BATCH_SAVE:
		return save_others(w);
	case BATCH_BACK:
		return VIEW_CLOSE;
	default:
		return listing_press(&w->listing, p) ? VIEW_HANDLED
			: VIEW_IGNORED;
	}
}

static const struct keymap *
batch_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
batch_view_free(struct view *v)
{
	struct screen_batch *w = of(v);

	batch_free(w->batch);
	batch_report_release(&w->report);
	record_release(&w->typed);
	rows_release(&w->rows);
	free(w);
}

static const struct view_ops ops = {
	.title = batch_title,
	.paint = batch_paint,
	.press = batch_press,
	.keymap = batch_keymap,
	.message = batch_message,
	.refresh = batch_refresh,
	.free = batch_view_free,
};

void
screen_batch_push(struct app *app, const struct batch *b,
	const struct record *typed, struct batch_report *report,
	struct screen_form *form)
{
	struct screen_batch *w = mem_alloc(1, sizeof *w);
	struct listing_source source = rows_source(&w->rows);

	w->view.ops = &ops;
	w->app = app;
	w->batch = batch_copy(b);
	record_copy(&w->typed, typed);
	w->report = *report;
	*report = (struct batch_report){0};
	w->form = form;
	batch_refresh(&w->view, &app->stack);
	listing_init(&w->listing, &source, w->columns, 3);
	view_push(&app->stack, &w->view);
}
