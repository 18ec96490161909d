/*
 * What the server refused, or another office or the county took over.  Nothing
 * is lost: the entry stays in the trace, and here until a person mends it or
 * gives it up, or has read where it went.
 */
#include "client/screen_refused.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/listpage.h"
#include "client/record_trail.h"
#include "client/screen_form.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "store/overview.h"
#include "store/transfer.h"
#include "ui/helpview.h"
#include "ui/prompt.h"

struct screen_refused {
	struct listpage page;		/* first */
	enum outbox_which which;	/* OUTBOX_REFUSED or OUTBOX_RECEIPTS */
	struct outbox_list list;
};

enum { REFUSED_OPEN = 1, REFUSED_MEND, REFUSED_WITHDRAW, REFUSED_RECORD };

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
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

static const struct keymap_entry receipt_entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, REFUSED_OPEN, TR_MARK("what"),
	    TR_MARK("Where it went, and what was entered."), KEYMAP_ALWAYS },
	{ 'D', ' ', REFUSED_WITHDRAW, TR_MARK("noted"),
	    TR_MARK("It was read: take the line off; the entry stays in the "
	    "trail."), KEYMAP_ALWAYS },
	{ 'o', PRESS_NONE, REFUSED_RECORD, TR_MARK("record"),
	    TR_MARK("The record, or the transfer by which it went."), KEYMAP_HINT },
};

static const struct keymap receipt_keymap = {
	receipt_entries, sizeof receipt_entries / sizeof *receipt_entries,
	&listpage_keymap,
};

static struct screen_refused *
of(const struct listpage *p)
{
	return (struct screen_refused *)(uintptr_t)p;
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
		show_called_whose(out, app, &op->record);
	else if (trace)
		overview_called(out, app->cli->store, trace);
	else
		buf_text(out, reg ? label_text(&reg->one) : op->reg);
}

static void
add_row(struct screen_refused *w, const struct outbox_entry *e)
{
	struct uuid id = row_id(&e->op);
	struct rows_row *row = rows_add(&w->page.rows, &id);
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	show_time(&text, e->op.at);
	rows_cell(row, 0, text.data);
	buf_clear(&text);
	record_words(&text, w->page.app, &e->op);
	rows_cell(row, 1, text.data);
	rows_cell(row, 2, e->why);
	buf_release(&text);
}

static void
refused_fill(struct listpage *p)
{
	struct screen_refused *w = of(p);
	struct err err = ERR_INIT;

	outbox_list_release(&w->list);
	if (outbox_list(&w->list, p->app->cli->store, w->which, NULL, &err))
		view_complain(&p->app->stack, &err);
	for (size_t i = 0; i < w->list.count; i++)
		add_row(w, &w->list.items[i]);
}

/* What the county calls it, to be read out over the telephone. */
static void
entry_words(struct buf *out, const struct app *app, const struct op *op)
{
	struct store_device d = {0};
	struct err none = ERR_INIT;

	if (store_device_get(&d, app->cli->store, &none) || d.number == 0)
		return;
	buf_printf(out, tr("The county knows this entry as D%02d-%d-%d."),
		(int)d.number, (int)op->epoch, (int)op->n);
	buf_text(out, "\n\n");
	crypto_wipe(&d, sizeof d);
}

/* What stands now, beside what was chosen too late. */
static void
now_words(struct buf *out, const struct app *app, const struct op *op)
{
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, op->reg);
	struct record now = {0};
	struct err none = ERR_INIT;

	if (op->kind != OP_RESOLVE || store_get(&now, app->cli->store,
	    &op->record, &none))
		return;
	buf_printf(out, "\n%s\n", tr("What holds now:"));
	for (size_t i = 0; i < op->change_count; i++) {
		const char *field = op->changes[i].field;
		const struct schema_field *f = reg ? schema_field_known(reg,
			field) : NULL;

		buf_printf(out, "    %s%s", show_label(reg, field), tr(": "));
		if (f && f->restricted && !show_may_see(app, reg))
			buf_text(out, "***");
		else
			show_named(out, app, reg, field,
				record_get(&now, field), "");
		buf_char(out, '\n');
	}
	record_release(&now);
}

static void
show_why(struct screen_refused *w, const struct outbox_entry *e)
{
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	buf_printf(&text, "%s\n\n", e->why);
	if (!is_receipts(w))
		entry_words(&text, w->page.app, &e->op);
	show_time(&text, e->op.at);
	buf_printf(&text, "  %s\n", show_who(w->page.app, e->op.by));
	record_trail_changes(&text, w->page.app, &e->op);
	now_words(&text, w->page.app, &e->op);
	view_push(&w->page.app->stack, helpview_new(is_receipts(w) ?
		tr("Where it went") : tr("Refused because"), text.data));
	buf_release(&text);
}

static void
withdraw_answered(void *self, struct view_stack *s, const char *text)
{
	struct screen_refused *w = self;
	size_t item = listpage_item(&w->page);
	const struct outbox_entry *e;
	struct err err = ERR_INIT;

	if (!text || item >= w->list.count)
		return;
	e = &w->list.items[item];
	if (outbox_withdraw(w->page.app->cli->store, e->op.epoch, e->op.n, &err))
		view_complain(s, &err);
	listpage_refresh(&w->page);
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
	const struct overview *trace = transfer_trace(w->page.app->cli->store, id);

	screen_record_push(w->page.app, is_receipts(w) && trace ? &trace->id : id);
}

static enum view_answer
refused_act(struct listpage *p, int action, size_t item)
{
	struct screen_refused *w = of(p);
	const struct outbox_entry *e;

	if (item >= w->list.count)
		return VIEW_HANDLED;
	e = &w->list.items[item];
	switch (action) {
	case REFUSED_OPEN:
		show_why(w, e);
		break;
	case REFUSED_MEND:
		screen_form_push_mend(p->app, e);
		break;
	case REFUSED_WITHDRAW:
		take_off(w, &p->app->stack);
		break;
	default:
		open_record(w, &e->op.record);
		break;
	}
	return VIEW_HANDLED;
}

static void
refused_release(struct listpage *p)
{
	outbox_list_release(&of(p)->list);
}

static const struct listpage_kind refusals = {
	.keys = &keymap,
	.title = TR_MARK("Entries the server refused"),
	.empty = TR_MARK("Nothing was refused."),
	.columns = { { TR_MARK("Entered"), 12, false },
		{ TR_MARK("Record"), 20, false },
		{ TR_MARK("Refused because"), 0, false } },
	.fit = true,
	.fill = refused_fill,
	.of_item = { REFUSED_MEND, REFUSED_WITHDRAW, REFUSED_RECORD },
	.act = refused_act,
	.release = refused_release,
};

static const struct listpage_kind receipts = {
	.keys = &receipt_keymap,
	.title = TR_MARK("Entries that others took over"),
	.empty = TR_MARK("Nothing was taken over by others."),
	.columns = { { TR_MARK("Entered"), 12, false },
		{ TR_MARK("Record"), 20, false },
		{ TR_MARK("Where it went"), 0, false } },
	.fit = true,
	.fill = refused_fill,
	.of_item = { REFUSED_MEND, REFUSED_WITHDRAW, REFUSED_RECORD },
	.act = refused_act,
	.release = refused_release,
};

static void
push(struct app *app, enum outbox_which which)
{
	struct screen_refused *w = mem_alloc(1, sizeof *w);

	w->which = which;
	listpage_push(app, &w->page, which == OUTBOX_RECEIPTS ? &receipts
		: &refusals);
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
