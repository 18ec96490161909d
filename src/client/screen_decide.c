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
#include "client/listpage.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "store/overview.h"

enum { DECIDE_OPEN = 1 };
enum { DECIDE_DAY = 2 };		/* the column */

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, DECIDE_OPEN, TR_MARK("open"),
	    TR_MARK("Open the record; m decides on it there."),
	    KEYMAP_ALWAYS },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

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

/* What it says of itself, behind whose it is unless it says that too. */
static void
about(struct buf *out, const struct store *s, const struct overview *o)
{
	const struct overview *up = overview_find(s, &o->parent);
	struct buf whose;

	buf_init(&whose, BUF_LINE_MAX);
	overview_called(out, s, o);
	if (up)
		overview_called(&whose, s, up);
	if (whose.len && !(out->len && strstr(out->data, whose.data))) {
		buf_char(&whose, ' ');
		buf_text(&whose, out->len ? out->data : "");
		buf_clear(out);
		buf_text(out, whose.data);
	}
	buf_release(&whose);
}

static void
add_row(struct listpage *p, const struct overview *o)
{
	struct rows_row *row = rows_add(&p->rows, &o->id);
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	about(&text, p->app->cli->store, o);
	rows_cell(row, 0, label_text(&o->reg->title));
	rows_cell(row, 1, text.data);
	rows_cell(row, DECIDE_DAY, overview_get(o, "submitted_on"));
	buf_release(&text);
}

static int
by_day(const void *a, const void *b)
{
	const struct rows_row *x = a, *y = b;
	const char *one = x->cells[DECIDE_DAY], *two = y->cells[DECIDE_DAY];
	int order = strcmp(one ? one : "", two ? two : "");

	return order ? order : uuid_compare(&x->id, &y->id);
}

static void
decide_fill(struct listpage *p)
{
	const struct store *s = p->app->cli->store;

	for (size_t i = 0; i < overview_count(s); i++)
		if (waits_for(p->app, overview_at(s, i)))
			add_row(p, overview_at(s, i));
	if (p->rows.count)
		qsort(p->rows.items, p->rows.count, sizeof *p->rows.items,
			by_day);
}

static enum view_answer
decide_act(struct listpage *p, int action, size_t item)
{
	struct uuid id;

	(void)action;
	(void)item;
	if (listing_selected(&p->listing, &id))
		screen_record_push(p->app, &id);
	return VIEW_HANDLED;
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.title = TR_MARK("Waiting for your decision"),
	.empty = TR_MARK("Nothing waits for your decision."),
	.columns = { { TR_MARK("Register"), 20, false },
		{ TR_MARK("About"), 0, false },
		{ TR_MARK("Handed in"), 10, false } },
	.fit = true,
	.fill = decide_fill,
	.act = decide_act,
};

void
screen_decide_push(struct app *app)
{
	listpage_push(app, mem_alloc(1, sizeof(struct listpage)), &kind);
}
