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
#include "client/listpage.h"
#include "client/screen_form_parts.h"
#include "client/screen_record.h"
#include "client/show.h"

struct screen_batch {
	struct listpage page;		/* first */
	struct batch *batch;		/* owned */
	struct record typed;
	struct batch_report report;
	struct screen_form *form;	/* beneath; NULL */
};

enum { BATCH_OPEN = 1, BATCH_SAVE };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, BATCH_OPEN, TR_MARK("open"),
	    TR_MARK("Open the record."), KEYMAP_ALWAYS },
	{ 'y', PRESS_NONE, BATCH_SAVE, TR_MARK("save the others"),
	    TR_MARK("Save all that are not refused; those stay marked."),
	    KEYMAP_ALWAYS },
	{ 'q', PRESS_CTRL + 'X', LISTPAGE_BACK, TR_MARK("back"),
	    TR_MARK("Back; nothing is saved."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, LISTPAGE_BACK, TR_MARK("back"),
	    TR_MARK("Back; nothing is saved."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

static struct screen_batch *
of(const struct listpage *p)
{
	return (struct screen_batch *)(uintptr_t)p;
}

static enum canvas_role
role_of(const struct batch_line *line)
{
	return line->refused ? ROLE_ALERT : line->words[0] ? ROLE_WARN
		: ROLE_TEXT;
}

static void
add_row(struct screen_batch *w, const struct batch_line *line, size_t item)
{
	struct rows_row *row = rows_add(&w->page.rows, &line->id);
	struct buf text;

	row->item = item;
	row->role = role_of(line);
	buf_init(&text, BUF_LINE_MAX);
	show_called(&text, w->page.app, &line->id);
	rows_cell(row, 0, text.data);
	rows_cell(row, 1, line->refused ? tr("not accepted") : tr("can be saved"));
	rows_cell(row, 2, line->words);
	buf_release(&text);
}

/* What was refused first. */
static void
batch_fill(struct listpage *p)
{
	const struct batch_report *r = &of(p)->report;

	for (int pass = 1; pass >= 0; pass--)
		for (size_t i = 0; i < r->count; i++)
			if (r->lines[i].refused == (pass == 1))
				add_row(of(p), &r->lines[i], i);
}

static void
batch_title(const struct listpage *p, struct buf *out)
{
	const struct batch_report *r = &of(p)->report;

	buf_printf(out, tr("Nothing is saved: %zu of %zu were refused."),
		r->refused, r->count);
}

/* The whole sentence of the marked row. */
static enum canvas_role
batch_message(const struct listpage *p, struct buf *out)
{
	const struct batch_report *r = &of(p)->report;
	size_t item = listpage_item(p);

	if (item >= r->count)
		return ROLE_DIM;
	buf_text(out, r->lines[item].words);
	return role_of(&r->lines[item]);
}

/* The form lies beneath; it goes when what it held is saved. */
static enum view_answer
saved(struct screen_batch *w, size_t refused)
{
	struct app *app = w->page.app;

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
		view_say(&w->page.app->stack, ROLE_WARN, "%s",
			tr("All of them were refused."));
		return VIEW_HANDLED;
	}
	(void)batch_drop_refused(w->batch, &w->report);
	st = batch_save(&w->report, w->page.app->cli->store, w->batch, &w->typed,
		draft, &err);
	if (!st)
		return saved(w, refused);
	view_complain(&w->page.app->stack, &err);
	listpage_refresh(&w->page);
	return VIEW_HANDLED;
}

static enum view_answer
batch_act(struct listpage *p, int action, size_t item)
{
	struct screen_batch *w = of(p);

	if (action == BATCH_SAVE)
		return save_others(w);
	if (item < w->report.count)
		screen_record_push(p->app, &w->report.lines[item].id);
	return VIEW_HANDLED;
}

static void
batch_release(struct listpage *p)
{
	struct screen_batch *w = of(p);

	batch_free(w->batch);
	batch_report_release(&w->report);
	record_release(&w->typed);
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.title_of = batch_title,
	.columns = { { TR_MARK("Record"), 22, false },
		{ TR_MARK("Result"), 12, false },
		{ TR_MARK("Why"), 0, false } },
	.fill = batch_fill,
	.act = batch_act,
	.message = batch_message,
	.release = batch_release,
};

void
screen_batch_push(struct app *app, const struct batch *b,
	const struct record *typed, struct batch_report *report,
	struct screen_form *form)
{
	struct screen_batch *w = mem_alloc(1, sizeof *w);

	w->batch = batch_copy(b);
	record_copy(&w->typed, typed);
	w->report = *report;
	*report = (struct batch_report){0};
	w->form = form;
	listpage_push(app, &w->page, &kind);
}
