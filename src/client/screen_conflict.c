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
#include "client/listpage.h"
#include "client/screen_settle.h"
#include "client/show.h"
#include "client/traced.h"
#include "core/question.h"
#include "store/conflict.h"

struct screen_conflict {
	struct listpage page;		/* first */
	bool of_one;
	struct uuid record;		/* when of_one */
	struct conflict_list list;
	bool traced;
};

enum { CONFLICT_OPEN = 1 };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, CONFLICT_OPEN, TR_MARK("settle"),
	    TR_MARK("See both values and choose."), KEYMAP_ALWAYS },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

static struct screen_conflict *
of(const struct listpage *p)
{
	return (struct screen_conflict *)(uintptr_t)p;
}

static void
add_row(struct screen_conflict *w, const struct conflict *c)
{
	const struct overview *o = overview_find(w->page.app->cli->store,
		&c->record);
	struct rows_row *row = rows_add(&w->page.rows, &c->id);
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	show_time(&text, c->at);
	rows_cell(row, 0, text.data);
	rows_cell(row, 1, show_who(w->page.app, c->by));
	buf_clear(&text);
	show_called_whose(&text, w->page.app, &c->record);
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

/* Whose records they are is one entry each time the page is opened. */
static bool
is_traced(struct screen_conflict *w)
{
	struct uuid *ids = mem_alloc(w->list.count + 1, sizeof *ids);

	for (size_t i = 0; i < w->list.count; i++)
		ids[i] = w->list.items[i].record;
	w->traced = w->traced || traced_rows(w->page.app, AUDIT_LIST, NULL,
		ids, w->list.count, "conflicts");
	free(ids);
	return w->traced;
}

static void
conflict_fill(struct listpage *p)
{
	struct screen_conflict *w = of(p);
	struct err err = ERR_INIT;

	conflict_list_release(&w->list);
	if (conflict_list(&w->list, p->app->cli->store,
	    w->of_one ? &w->record : NULL, &err))
		view_complain(&p->app->stack, &err);
	if (w->list.count && !is_traced(w))
		return;
	for (size_t i = 0; i < w->list.count; i++)
		add_row(w, &w->list.items[i]);
}

static enum view_answer
conflict_act(struct listpage *p, int action, size_t item)
{
	const struct conflict_list *list = &of(p)->list;

	(void)action;
	if (item >= list->count)
		return VIEW_HANDLED;
	if (list->items[item].waiting)
		view_say(&p->app->stack, ROLE_TEXT, "%s", tr("Settled here "
			"already; it waits to be sent."));
	else
		screen_settle_push(p->app, &list->items[item]);
	return VIEW_HANDLED;
}

static void
conflict_release_page(struct listpage *p)
{
	conflict_list_release(&of(p)->list);
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.title = TR_MARK("Entered differently by two people"),
	.empty = TR_MARK("Nothing to settle."),
	.columns = { { TR_MARK("Entered"), 12, false },
		{ TR_MARK("By"), 10, false }, { TR_MARK("Record"), 22, false },
		{ TR_MARK("Fields"), 0, false } },
	.fit = true,
	.fill = conflict_fill,
	.act = conflict_act,
	.release = conflict_release_page,
};

void
screen_conflict_push(struct app *app, const struct uuid *record)
{
	struct screen_conflict *w = mem_alloc(1, sizeof *w);

	w->of_one = record != NULL;
	if (record)
		w->record = *record;
	listpage_push(app, &w->page, &kind);
}
