/*
 * A list of deadlines.  The row says whose and by when, the message line which
 * article says so.
 */
#include "client/screen_due.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/aside_menu.h"
#include "client/due_words.h"
#include "client/proposal.h"
#include "client/rows.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "store/due.h"
#include "ui/listing.h"

struct screen_due {
	struct view view;		/* first */
	struct app *app;
	const struct deadline_rule *rule;	/* NULL: all */
	enum deadline_state state;
	struct due_list list;		/* as gathered */
	struct aside_list aside;
	size_t *shown;			/* row to item of list, owned */
	struct rows rows;
	struct listing listing;
	struct listing_column columns[ROWS_CELLS];
};

enum { DUE_OPEN = 100, DUE_DRAFT, DUE_ASIDE, DUE_AGAIN, DUE_BACK };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, DUE_OPEN, TR_MARK("open"),
	    TR_MARK("Open the record."), KEYMAP_ALWAYS },
	{ 't', PRESS_NONE, DUE_DRAFT, TR_MARK("draft"),
	    TR_MARK("Draft the measure that is proposed; whether it is taken "
	    "is decided as always."), KEYMAP_QUIET },
	{ '-', PRESS_NONE, DUE_ASIDE, TR_MARK("put aside"),
	    TR_MARK("Put the reminder aside: until tomorrow, for a week or "
	    "until it is late. It stays here, dimmed."), KEYMAP_HINT },
	{ '+', PRESS_NONE, DUE_AGAIN, TR_MARK("bring back"),
	    TR_MARK("Bring back a reminder that was put aside."),
	    KEYMAP_HINT },
	{ 'q', PRESS_CTRL + 'X', DUE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, DUE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static struct screen_due *
of(const struct view *v)
{
	return (struct screen_due *)(uintptr_t)v;
}

/* A record may be due under several rules: the row's id is made of both. */
static struct uuid
row_id(const struct due_item *item)
{
	char id[UUID_TEXT_MAX];
	char *name;
	struct uuid out;

	uuid_print(id, &item->id);
	name = mem_printf("%s/%s", item->rule->name, id);
	out = uuid_named("due", name);
	free(name);
	return out;
}

static void
add_row(struct screen_due *w, const struct due_item *item)
{
	struct uuid id = row_id(item);
	struct rows_row *row = rows_add(&w->rows, &id);
	bool aside = aside_of(&w->aside, item, w->app->today) != NULL;
	struct buf text;

	row->role = aside ? ROLE_DIM : due_words_role(item->when.state);
	buf_init(&text, BUF_LINE_MAX);
	due_words_day(&text, item);
	rows_cell(row, 0, text.data);
	buf_clear(&text);
	due_words_left(&text, item, w->app->today);
	rows_cell(row, 1, text.data);
	buf_clear(&text);
	due_words_whose(&text, w->app->cli->store, item);
	rows_cell(row, 2, text.data);
	buf_clear(&text);
	buf_printf(&text, "%s%s", due_words_title(item),
		aside ? tr(" (put aside)") : "");
	rows_cell(row, 3, text.data);
	buf_release(&text);
}

static void
due_refresh(struct view *v, struct view_stack *s)
{
	struct screen_due *w = of(v);
	struct err err = ERR_INIT;

	if (aside_load(&w->aside, w->app->cli->store, &err)) {
		aside_release(&w->aside);
		view_complain(s, &err);
	}
	due_gather(&w->list, w->app->cli->store, w->app->today, DUE_AS_RULED);
	rows_clear(&w->rows);
	w->shown = mem_resize(w->shown, w->list.count + 1, sizeof *w->shown);
	for (size_t i = 0; i < w->list.count; i++) {
		const struct due_item *item = &w->list.items[i];

		if (w->rule && (item->rule != w->rule ||
		    item->when.state != w->state))
			continue;
		w->shown[w->rows.count] = i;
		add_row(w, item);
	}
	w->columns[0] = (struct listing_column){ tr("Due on"), 12, false };
	w->columns[1] = (struct listing_column){ tr("Days left"), 13, false };
	w->columns[2] = (struct listing_column){ tr("Record"), 22, false };
	w->columns[3] = (struct listing_column){ tr("What is due"), 0, false };
	w->listing.empty = tr("Nothing is due.");
}

static void
due_title(const struct view *v, struct buf *out)
{
	const struct screen_due *w = of(v);

	if (w->rule)
		buf_printf(out, "%s: %s  %zu", due_words_state(w->state),
			label_text(&w->rule->title), w->rows.count);
	else
		buf_printf(out, "%s  %zu", tr("All that is due"),
			w->rows.count);
}

static void
due_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	listing_paint(&of(v)->listing, c, body);
}

static const struct due_item *
selected(const struct screen_due *w)
{
	size_t row = listing_row(&w->listing);

	return row < w->rows.count ? &w->list.items[w->shown[row]] : NULL;
}

static enum canvas_role
due_message(const struct view *v, struct buf *out)
{
	const struct screen_due *w = of(v);
	const struct due_item *item = selected(w);
	const struct aside *a = item ? aside_of(&w->aside, item,
		w->app->today) : NULL;

	if (a)
		aside_menu_words(out, a);
	else if (item)
		due_words_why(out, item);
	if (item && item->when.offer)
		buf_text(out, tr("  t drafts it."));
	return ROLE_DIM;
}

static enum view_answer
due_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_due *w = of(v);
	const struct due_item *item = selected(w);

	switch (keymap_find(&keymap, p->code)) {
	case DUE_OPEN:
		if (item)
			screen_record_push(w->app, &item->id);
		return VIEW_HANDLED;
	case DUE_DRAFT:
		if (item && !proposal_push(w->app, item))
			view_say(s, ROLE_WARN, "%s",
				tr("Nothing is proposed here."));
		return VIEW_HANDLED;
	case DUE_ASIDE:
		aside_menu_push(w->app, item, item ? 1 : 0);
		return VIEW_HANDLED;
	case DUE_AGAIN:
		if (item && aside_of(&w->aside, item, w->app->today))
			aside_menu_drop(w->app, item, 1);
		else
			view_say(s, ROLE_WARN, "%s",
				tr("It is not put aside."));
		return VIEW_HANDLED;
	case DUE_BACK:
		return VIEW_CLOSE;
	default:
		return listing_press(&w->listing, p) ? VIEW_HANDLED
			: VIEW_IGNORED;
	}
}

static const struct keymap *
due_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
due_free(struct view *v)
{
	due_release(&of(v)->list);
	aside_release(&of(v)->aside);
	free(of(v)->shown);
	rows_release(&of(v)->rows);
	free(of(v));
}

static const struct view_ops ops = {
	.title = due_title,
	.paint = due_paint,
	.press = due_press,
	.keymap = due_keymap,
	.message = due_message,
	.refresh = due_refresh,
	.free = due_free,
};

void
screen_due_push(struct app *app, const struct deadline_rule *rule,
	enum deadline_state state)
{
	struct screen_due *w = mem_alloc(1, sizeof *w);
	struct listing_source source = rows_source(&w->rows);

	w->view.ops = &ops;
	w->app = app;
	w->rule = rule;
	w->state = state;
	due_refresh(&w->view, &app->stack);
	listing_init(&w->listing, &source, w->columns, ROWS_CELLS);
	due_refresh(&w->view, &app->stack);
	view_push(&app->stack, &w->view);
}
