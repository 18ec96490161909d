/*
 * Forms in progress.
 */
#include "client/screen_drafts.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/batch.h"
#include "client/rows.h"
#include "client/screen_form.h"
#include "client/show.h"
#include "store/draft.h"
#include "ui/listing.h"
#include "ui/prompt.h"

struct screen_drafts {
	struct view view;		/* first */
	struct app *app;
	struct draft_list drafts;
	struct rows rows;
	struct listing listing;
	struct listing_column columns[3];
};

enum { DRAFTS_OPEN = 100, DRAFTS_DROP, DRAFTS_BACK };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, DRAFTS_OPEN, TR_MARK("go on"),
	    TR_MARK("Go on with the form where it was left."), KEYMAP_ALWAYS },
	{ 'D', PRESS_NONE, DRAFTS_DROP, TR_MARK("drop"),
	    TR_MARK("Drop what was typed; asks first."), KEYMAP_ALWAYS },
	{ 'q', PRESS_CTRL + 'X', DRAFTS_BACK, TR_MARK("later"),
	    TR_MARK("Leave them for later."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, DRAFTS_BACK, TR_MARK("later"),
	    TR_MARK("Leave them for later."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static struct screen_drafts *
of(const struct view *v)
{
	return (struct screen_drafts *)(uintptr_t)v;
}

/* What the form is about: the record's name, or what was typed as one. */
static void
draft_words(struct buf *out, const struct app *app, const struct draft *d,
	const struct schema_register *reg)
{
	if (d->seen.reg[0]) {
		show_called(out, app, &d->seen.id);
		return;
	}
	if (batch_drafted(&d->record.values)) {
		buf_printf(out, tr("for %zu records"),
			batch_drafted(&d->record.values));
		return;
	}
	buf_text(out, tr("(new) "));
	for (size_t i = 0; reg && i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];
		const char *text = values_get(&d->record.values, f->name);

		if (!*text || f->initial || f->restricted ||
		    f->type == VT_CODE)
			continue;
		show_field(out, app, f, text);
		return;
	}
}

static void
add_row(struct screen_drafts *w, const struct draft *d)
{
	const struct schema_register *reg = schema_register_find(
		w->app->cli->schema, d->record.reg);
	struct uuid id = {{0}};
	struct rows_row *row;
	struct buf text;

	(void)uuid_parse(&id, d->key);
	row = rows_add(&w->rows, &id);
	buf_init(&text, BUF_LINE_MAX);
	show_time(&text, d->saved_at);
	rows_cell(row, 0, text.data);
	rows_cell(row, 1, reg ? label_text(&reg->title) : d->record.reg);
	buf_clear(&text);
	draft_words(&text, w->app, d, reg);
	rows_cell(row, 2, text.data);
	buf_release(&text);
}

static void
drafts_refresh(struct view *v, struct view_stack *s)
{
	struct screen_drafts *w = of(v);
	struct err err = ERR_INIT;

	draft_list_release(&w->drafts);
	rows_clear(&w->rows);
	if (draft_list(&w->drafts, w->app->cli->store, &err))
		view_complain(s, &err);
	for (size_t i = 0; i < w->drafts.count; i++)
		add_row(w, &w->drafts.items[i]);
	w->columns[0] = (struct listing_column){ tr("Kept"), 12, false };
	w->columns[1] = (struct listing_column){ tr("Register"), 20, false };
	w->columns[2] = (struct listing_column){ tr("About"), 0, false };
	w->listing.empty = tr("No form was left unfinished.");
}

static void
drafts_title(const struct view *v, struct buf *out)
{
	buf_printf(out, "%s  %zu", tr("Forms not finished"),
		of(v)->rows.count);
}

static void
drafts_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	struct canvas_area rest = *body;

	(void)canvas_text_cut(c, body->row, 2, body->cols - 4, ROLE_TEXT,
		tr("What was typed is kept; nobody else sees it until it is "
		"saved."));
	rest.row += 2;
	rest.rows -= 2;
	listing_paint(&of(v)->listing, c, &rest);
}

static void
drop_answered(void *self, struct view_stack *s, const char *text)
{
	struct screen_drafts *w = self;
	struct err err = ERR_INIT;
	size_t row = listing_row(&w->listing);

	if (!text || row >= w->drafts.count)
		return;
	if (draft_drop(w->app->cli->store, w->drafts.items[row].key, &err))
		view_complain(s, &err);
	drafts_refresh(&w->view, s);
}

static enum view_answer
drafts_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_drafts *w = of(v);
	size_t row = listing_row(&w->listing);

	switch (keymap_find(&keymap, p->code)) {
	case DRAFTS_OPEN:
		if (row < w->drafts.count)
			screen_form_push_draft(w->app, &w->drafts.items[row]);
		/* Behind the last one this page would be empty. */
		return w->drafts.count == 1 && view_top(s) != v ? VIEW_CLOSE
			: VIEW_HANDLED;
	case DRAFTS_DROP:
		if (row < w->drafts.count)
			prompt_push(s, PROMPT_YES,
				tr("Drop this form for good? (y and Enter)"),
				NULL, drop_answered, w);
		return VIEW_HANDLED;
	case DRAFTS_BACK:
		return VIEW_CLOSE;
	default:
		return listing_press(&w->listing, p) ? VIEW_HANDLED
			: VIEW_IGNORED;
	}
}

static const struct keymap *
drafts_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
drafts_free(struct view *v)
{
	draft_list_release(&of(v)->drafts);
	rows_release(&of(v)->rows);
	free(of(v));
}

static const struct view_ops ops = {
	.title = drafts_title,
	.paint = drafts_paint,
	.press = drafts_press,
	.keymap = drafts_keymap,
	.refresh = drafts_refresh,
	.free = drafts_free,
};

void
screen_drafts_push(struct app *app)
{
	struct screen_drafts *w = mem_alloc(1, sizeof *w);
	struct listing_source source = rows_source(&w->rows);

	w->view.ops = &ops;
	w->app = app;
	drafts_refresh(&w->view, &app->stack);
	listing_init(&w->listing, &source, w->columns, 3);
	drafts_refresh(&w->view, &app->stack);
	view_push(&app->stack, &w->view);
}
