/*
 * A list of deadlines.  The row says whose and by when, the message line which
 * article says so.  Rows of one rule can be marked, to be done or put aside
 * together.
 */
#include "client/screen_due.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/aside_menu.h"
#include "client/due_words.h"
#include "client/list_batch.h"
#include "client/marks.h"
#include "client/month_words.h"
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
	const struct deadline_rule *marked;	/* the rule of the marks */
	struct marks marks;		/* records that are due under it */
	size_t *shown;			/* row to item of list, owned */
	struct rows rows;
	struct listing listing;
	struct listing_column columns[ROWS_CELLS];
};

enum { DUE_OPEN = 100, DUE_DRAFT, DUE_ASIDE, DUE_AGAIN, DUE_ADD, DUE_MARK,
	DUE_MARK_ALL, DUE_BACK };

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
	{ 'a', PRESS_INSERT, DUE_ADD, TR_MARK("complete"),
	    TR_MARK("Enter the task as done for the row, or with a single "
	    "form for all marked rows."), KEYMAP_HINT },
	{ ' ', PRESS_NONE, DUE_MARK, TR_MARK("mark"),
	    TR_MARK("Mark or unmark the row, to complete or put aside all "
	    "marked rows at once."), KEYMAP_HINT },
	{ '*', PRESS_NONE, DUE_MARK_ALL, TR_MARK("mark all"),
	    TR_MARK("Mark all rows of the same task; when all are marked, "
	    "unmark them."), KEYMAP_QUIET },
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

	row->marked = item->rule == w->marked &&
		marks_has(&w->marks, &item->id);
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

/* What is no longer due is no longer marked. */
static void
drop_marks(struct screen_due *w)
{
	struct marks now = {0};

	for (size_t i = 0; i < w->list.count && w->marks.count; i++) {
		const struct due_item *item = &w->list.items[i];

		if (item->rule == w->marked && marks_has(&w->marks, &item->id))
			marks_set(&now, &item->id, true);
	}
	marks_release(&w->marks);
	w->marks = now;
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
	drop_marks(w);
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

/* ---- marked rows ---- */

/* Rows of one rule at a time: one form is for one task. */
static bool
may_mark(struct screen_due *w, const struct due_item *item)
{
	if (!w->marks.count)
		w->marked = item->rule;
	if (w->marked == item->rule)
		return true;
	view_say(&w->app->stack, ROLE_WARN, "%s",
		tr("Rows of one task are marked at a time."));
	return false;
}

static void
mark(struct screen_due *w, const struct due_item *item)
{
	struct press down = { .code = PRESS_DOWN };

	if (!may_mark(w, item))
		return;
	marks_set(&w->marks, &item->id, !marks_has(&w->marks, &item->id));
	due_refresh(&w->view, &w->app->stack);
	(void)listing_press(&w->listing, &down);
}

static void
mark_all(struct screen_due *w, const struct due_item *item)
{
	struct uuid *ids = mem_alloc(w->rows.count, sizeof *ids);
	size_t count = 0;

	for (size_t i = 0; i < w->rows.count && may_mark(w, item); i++) {
		const struct due_item *row = &w->list.items[w->shown[i]];

		if (row->rule == item->rule)
			ids[count++] = row->id;
	}
	marks_toggle_all(&w->marks, ids, count);
	free(ids);
	due_refresh(&w->view, &w->app->stack);
}

static void
complete(struct screen_due *w, const struct due_item *item)
{
	const struct deadline_rule *rule = w->marks.count ? w->marked
		: item->rule;
	const struct schema_register *child;
	struct values preset = {0};

	child = month_words_child(w->app, rule, &preset);
	if (child)
		list_batch_add_child(w->app, rule->reg, &w->marks, &item->id,
			child, &preset);
	else
		view_say(&w->app->stack, ROLE_WARN, "%s", tr("This task is "
			"done by changing the record itself."));
	values_release(&preset);
}

/* The marked rows, or this one; owned by the caller. */
static struct due_item *
items_of(size_t *count, const struct screen_due *w,
	const struct due_item *item)
{
	struct due_item *items = mem_alloc(w->rows.count, sizeof *items);

	*count = 0;
	for (size_t i = 0; i < w->rows.count; i++)
		if (w->rows.items[i].marked)
			items[(*count)++] = w->list.items[w->shown[i]];
	if (!*count)
		items[(*count)++] = *item;
	return items;
}

static void
put_aside(struct screen_due *w, const struct due_item *item)
{
	size_t count = 0;
	struct due_item *items = items_of(&count, w, item);

	aside_menu_push(w->app, items, count);
	free(items);
}

static void
bring_back(struct screen_due *w, const struct due_item *item)
{
	size_t count = 0, aside = 0;
	struct due_item *items = items_of(&count, w, item);

	for (size_t i = 0; i < count; i++)
		aside += aside_of(&w->aside, &items[i], w->app->today) != NULL;
	if (aside)
		aside_menu_drop(w->app, items, count);
	else
		view_say(&w->app->stack, ROLE_WARN, "%s",
			tr("It is not put aside."));
	free(items);
}

/* Keys that need a row. */
static void
with_row(struct screen_due *w, const struct due_item *item, int action)
{
	switch (action) {
	case DUE_OPEN:
		screen_record_push(w->app, &item->id);
		break;
	case DUE_DRAFT:
		if (!proposal_push(w->app, item))
			view_say(&w->app->stack, ROLE_WARN, "%s",
				tr("Nothing is proposed here."));
		break;
	case DUE_ASIDE:
		put_aside(w, item);
		break;
	case DUE_AGAIN:
		bring_back(w, item);
		break;
	case DUE_ADD:
		complete(w, item);
		break;
	case DUE_MARK:
		mark(w, item);
		break;
	default:
		mark_all(w, item);
		break;
	}
}

static enum view_answer
due_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_due *w = of(v);
	const struct due_item *item = selected(w);
	int action = keymap_find(&keymap, p->code);

	(void)s;
	if (action == DUE_BACK)
		return VIEW_CLOSE;
	if (action >= DUE_OPEN && action < DUE_BACK) {
		if (item)
			with_row(w, item, action);
		return VIEW_HANDLED;
	}
	return listing_press(&w->listing, p) ? VIEW_HANDLED : VIEW_IGNORED;
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
	marks_release(&of(v)->marks);
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
