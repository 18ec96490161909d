/*
 * What the server refused, or another office or the county took over.  Nothing
 * is lost: the entry stays in the trace, and here until a person mends it or
 * gives it up, or has read where it went.
 */
#include "client/screen_refused.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/record_trail.h"
#include "client/rows.h"
#include "client/screen_form.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "store/overview.h"
#include "store/transfer.h"
#include "ui/helpview.h"
#include "ui/listing.h"
#include "ui/prompt.h"

struct screen_refused {
	struct view view;		/* first */
	struct app *app;
	enum outbox_which which;	/* OUTBOX_REFUSED or OUTBOX_RECEIPTS */
	struct outbox_list list;
	struct rows rows;
	struct listing listing;
	struct listing_column columns[4];
};

enum { REFUSED_OPEN = 100, REFUSED_MEND, REFUSED_WITHDRAW, REFUSED_RECORD,
	REFUSED_BACK };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, REFUSED_OPEN, TR_MARK("reason"),
	    TR_MARK("The whole reason, and what was entered."),
	    KEYMAP_ALWAYS },
	{ 'e', PRESS_NONE, REFUSED_MEND, TR_MARK("mend"),
	    TR_MARK("Open the form with what was refused; saving it replaces "
	    "the refused entry."), KEYMAP_ALWAYS },
	{ 'D', PRESS_NONE, REFUSED_WITHDRAW, TR_MARK("give up"),
	    TR_MARK("Give the entry up; it stays in the trail."),
	    KEYMAP_ALWAYS },
	{ 'o', PRESS_NONE, REFUSED_RECORD, TR_MARK("record"),
	    TR_MARK("The record as it is now."), KEYMAP_HINT },
	{ 'q', PRESS_CTRL + 'X', REFUSED_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, REFUSED_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static const struct keymap_entry receipt_entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, REFUSED_OPEN, TR_MARK("what"),
	    TR_MARK("Where it went, and what was entered."), KEYMAP_ALWAYS },
	{ 'D', ' ', REFUSED_WITHDRAW, TR_MARK("noted"),
	    TR_MARK("It was read: take the line off; the entry stays in the "
	    "trail."), KEYMAP_ALWAYS },
	{ 'o', PRESS_NONE, REFUSED_RECORD, TR_MARK("record"),
	    TR_MARK("The record, or the transfer by which it went."), KEYMAP_HINT },
	{ 'q', PRESS_CTRL + 'X', REFUSED_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, REFUSED_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
};

static const struct keymap receipt_keymap = {
	receipt_entries, sizeof receipt_entries / sizeof *receipt_entries,
	&app_keymap,
};

static struct screen_refused *
of(const struct view *v)
{
	return (struct screen_refused *)(uintptr_t)v;
}

static bool
is_receipts(const struct screen_refused *w)
{
	return w->which == OUTBOX_RECEIPTS;
}

/* Several refusals may belong to one record: the row's id is made of the
 * operation's key. */
static struct uuid
row_id(const struct op *op)
{
	char name[64];

	(void)snprintf(name, sizeof name, "%lld/%lld", (long long)op->epoch,
		(long long)op->n);
	return uuid_named("refused", name);
}

/* The record as it is called here, or what stayed of it. */
static void
record_words(struct buf *out, const struct app *app, const struct op *op)
{
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, op->reg);
	const struct overview *trace = transfer_trace(app->cli->store,
		&op->record);

	if (overview_find(app->cli->store, &op->record))
		show_called(out, app, &op->record);
	else if (trace)
		overview_called(out, app->cli->store, trace);
	else
		buf_text(out, reg ? label_text(&reg->one) : op->reg);
}

static void
add_row(struct screen_refused *w, const struct outbox_entry *e)
{
	struct uuid id = row_id(&e->op);
	struct rows_row *row = rows_add(&w->rows, &id);
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	show_time(&text, e->op.at);
	rows_cell(row, 0, text.data);
	buf_clear(&text);
	record_words(&text, w->app, &e->op);
	rows_cell(row, 1, text.data);
	rows_cell(row, 2, e->why);
	buf_release(&text);
}

static void
refused_refresh(struct view *v, struct view_stack *s)
{
	struct screen_refused *w = of(v);
	struct err err = ERR_INIT;

	outbox_list_release(&w->list);
	rows_clear(&w->rows);
	if (outbox_list(&w->list, w->app->cli->store, w->which, NULL, &err))
		view_complain(s, &err);
	for (size_t i = 0; i < w->list.count; i++)
		add_row(w, &w->list.items[i]);
	w->columns[0] = (struct listing_column){ tr("Entered"), 12, false };
	w->columns[1] = (struct listing_column){ tr("Record"), 20, false };
	w->columns[2] = (struct listing_column){ is_receipts(w) ?
		tr("Where it went") : tr("Refused because"), 0, false };
	w->listing.empty = is_receipts(w) ?
		tr("Nothing was taken over by others.") :
		tr("Nothing was refused.");
}

static void
refused_title(const struct view *v, struct buf *out)
{
	buf_printf(out, "%s  %zu", is_receipts(of(v)) ?
		tr("Entries that others took over") :
		tr("Entries the server refused"), of(v)->rows.count);
}

static void
refused_paint(struct view *v, struct canvas *c,
	const struct canvas_area *body)
{
	listing_paint(&of(v)->listing, c, body);
}

static const struct outbox_entry *
selected(struct screen_refused *w)
{
	size_t row = listing_row(&w->listing);

	return row < w->list.count ? &w->list.items[row] : NULL;
}

static void
show_why(struct screen_refused *w, const struct outbox_entry *e)
{
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	buf_printf(&text, "%s\n\n", e->why);
	show_time(&text, e->op.at);
	buf_printf(&text, "  %s\n", show_who(w->app, e->op.by));
	record_trail_changes(&text, w->app, &e->op);
	view_push(&w->app->stack, helpview_new(is_receipts(w) ?
		tr("Where it went") : tr("Refused because"), text.data));
	buf_release(&text);
}

static void
withdraw_answered(void *self, struct view_stack *s, const char *text)
{
	struct screen_refused *w = self;
	const struct outbox_entry *e = selected(w);
	struct err err = ERR_INIT;

	if (!text || !e)
		return;
	if (outbox_withdraw(w->app->cli->store, e->op.epoch, e->op.n, &err))
		view_complain(s, &err);
	refused_refresh(&w->view, s);
}

/* A receipt is only taken off; an entry is given up for good. */
static void
take_off(struct screen_refused *w, struct view_stack *s)
{
	if (is_receipts(w))
		withdraw_answered(w, s, "");
	else
		prompt_push(s, PROMPT_YES,
			tr("Give this entry up? (y and Enter)"), NULL,
			withdraw_answered, w);
}

static void
open_record(struct screen_refused *w, const struct uuid *id)
{
	const struct overview *trace = transfer_trace(w->app->cli->store, id);

	screen_record_push(w->app, is_receipts(w) && trace ? &trace->id : id);
}

static const struct keymap *
refused_keymap(const struct view *v)
{
	return is_receipts(of(v)) ? &receipt_keymap : &keymap;
}

static enum view_answer
refused_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_refused *w = of(v);
	const struct outbox_entry *e = selected(w);
	int action = keymap_find(refused_keymap(v), p->code);

	if (action == REFUSED_BACK)
		return VIEW_CLOSE;
	if (action < REFUSED_OPEN || action >= REFUSED_BACK)
		return listing_press(&w->listing, p) ? VIEW_HANDLED
			: VIEW_IGNORED;
	if (!e)
		return VIEW_HANDLED;
	switch (action) {
	case REFUSED_OPEN:
		show_why(w, e);
		break;
	case REFUSED_MEND:
		screen_form_push_mend(w->app, e);
		break;
	case REFUSED_WITHDRAW:
		take_off(w, s);
		break;
	default:
		open_record(w, &e->op.record);
		break;
	}
	return VIEW_HANDLED;
}

static void
refused_free(struct view *v)
{
	outbox_list_release(&of(v)->list);
	rows_release(&of(v)->rows);
	free(of(v));
}

static const struct view_ops ops = {
	.title = refused_title,
	.paint = refused_paint,
	.press = refused_press,
	.keymap = refused_keymap,
	.refresh = refused_refresh,
	.free = refused_free,
};

static void
push(struct app *app, enum outbox_which which)
{
	struct screen_refused *w = mem_alloc(1, sizeof *w);
	struct listing_source source = rows_source(&w->rows);

	w->view.ops = &ops;
	w->app = app;
	w->which = which;
	refused_refresh(&w->view, &app->stack);
	listing_init(&w->listing, &source, w->columns, 3);
	refused_refresh(&w->view, &app->stack);
	view_push(&app->stack, &w->view);
}

void
screen_refused_push(struct app *app)
{
	push(app, OUTBOX_REFUSED);
}

void
screen_receipts_push(struct app *app)
{
	push(app, OUTBOX_RECEIPTS);
}
