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
#include "client/listpage.h"
#include "client/marks.h"
#include "client/month_words.h"
#include "client/proposal.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "client/traced.h"
#include "store/due.h"

struct screen_due {
	struct listpage page;		/* first */
	const struct deadline_rule *rule;	/* NULL: all */
	enum deadline_state state;
	struct due_list list;		/* as gathered */
	struct aside_list aside;
	const struct deadline_rule *marked;	/* the rule of the marks */
	struct marks marks;		/* records that are due under it */
	bool traced;
};

enum { DUE_OPEN = 1, DUE_DRAFT, DUE_ASIDE, DUE_AGAIN, DUE_ADD, DUE_MARK,
	DUE_MARK_ALL };

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
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

static struct screen_due *
of(const struct listpage *p)
{
	return (struct screen_due *)(uintptr_t)p;
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
add_row(struct screen_due *w, const struct due_item *item, size_t at)
{
	struct uuid id = row_id(item);
	struct rows_row *row = rows_add(&w->page.rows, &id);
	bool aside = aside_of(&w->aside, item, w->page.app->today) != NULL;
	struct buf text;

	row->item = at;
	row->marked = item->rule == w->marked &&
		marks_has(&w->marks, &item->id);
	row->role = aside ? ROLE_DIM : due_words_role(item->when.state);
	buf_init(&text, BUF_LINE_MAX);
	due_words_day(&text, item);
	rows_cell(row, 0, text.data);
	buf_clear(&text);
	due_words_left(&text, item, w->page.app->today);
	rows_cell(row, 1, text.data);
	buf_clear(&text);
	due_words_whose(&text, w->page.app->cli->store, item);
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

static bool
is_shown(const struct screen_due *w, const struct due_item *item)
{
	return !w->rule || (item->rule == w->rule &&
		item->when.state == w->state);
}

/* Once for the page, not for each time that it is made anew. */
static bool
is_traced(struct screen_due *w)
{
	struct uuid *ids = mem_alloc(w->list.count + 1, sizeof *ids);
	size_t count = 0;

	for (size_t i = 0; i < w->list.count && !w->traced; i++)
		if (is_shown(w, &w->list.items[i]))
			ids[count++] = w->list.items[i].id;
	w->traced = w->traced || traced_rows(w->page.app, AUDIT_LIST, NULL,
		ids, count, "due");
	free(ids);
	return w->traced;
}

static void
due_fill(struct listpage *p)
{
	struct screen_due *w = of(p);
	struct err err = ERR_INIT;

	if (aside_load(&w->aside, p->app->cli->store, &err)) {
		aside_release(&w->aside);
		view_complain(&p->app->stack, &err);
	}
	due_gather(&w->list, p->app->cli->store, p->app->today, DUE_AS_RULED);
	drop_marks(w);
	if (!is_traced(w))
		return;
	for (size_t i = 0; i < w->list.count; i++)
		if (is_shown(w, &w->list.items[i]))
			add_row(w, &w->list.items[i], i);
}

static void
due_title(const struct listpage *p, struct buf *out)
{
	const struct screen_due *w = of(p);

	if (w->rule)
		buf_printf(out, "%s%s%s", due_words_state(w->state), tr(": "),
			label_text(&w->rule->title));
	else
		buf_text(out, tr("All that is due"));
	listpage_count(p, out);
}

static const struct due_item *
item_at(const struct screen_due *w, size_t item)
{
	return item < w->list.count ? &w->list.items[item] : NULL;
}

static enum canvas_role
due_message(const struct listpage *p, struct buf *out)
{
	const struct screen_due *w = of(p);
	const struct due_item *item = item_at(w, listpage_item(p));
	const struct aside *a = item ? aside_of(&w->aside, item,
		w->page.app->today) : NULL;

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
	view_say(&w->page.app->stack, ROLE_WARN, "%s",
		tr("Rows of one task are marked at a time."));
	return false;
}

static void
mark(struct screen_due *w, const struct due_item *item)
{
	if (!may_mark(w, item))
		return;
	marks_set(&w->marks, &item->id, !marks_has(&w->marks, &item->id));
	listpage_refresh(&w->page);
	listpage_down(&w->page);
}

static void
mark_all(struct screen_due *w, const struct due_item *item)
{
	struct uuid *ids = mem_alloc(w->page.rows.count, sizeof *ids);
	size_t count = 0;

	for (size_t i = 0; i < w->page.rows.count && may_mark(w, item); i++) {
		const struct due_item *row = item_at(w,
			w->page.rows.items[i].item);

		if (row->rule == item->rule)
			ids[count++] = row->id;
	}
	marks_toggle_all(&w->marks, ids, count);
	free(ids);
	listpage_refresh(&w->page);
}

static void
complete(struct screen_due *w, const struct due_item *item)
{
	const struct deadline_rule *rule = w->marks.count ? w->marked
		: item->rule;
	const struct schema_register *child;
	struct values preset = {0};

	child = month_words_child(w->page.app, rule, &preset);
	if (child)
		list_batch_add_child(w->page.app, rule->reg, &w->marks, &item->id,
			child, &preset);
	else
		view_say(&w->page.app->stack, ROLE_WARN, "%s", tr("This task is "
			"done by changing the record itself."));
	values_release(&preset);
}

/* The marked rows, or this one; owned by the caller. */
static struct due_item *
items_of(size_t *count, const struct screen_due *w,
	const struct due_item *item)
{
	struct due_item *items = mem_alloc(w->page.rows.count, sizeof *items);

	*count = 0;
	for (size_t i = 0; i < w->page.rows.count; i++)
		if (w->page.rows.items[i].marked)
			items[(*count)++] = *item_at(w,
				w->page.rows.items[i].item);
	if (!*count)
		items[(*count)++] = *item;
	return items;
}

static void
put_aside(struct screen_due *w, const struct due_item *item)
{
	size_t count = 0;
	struct due_item *items = items_of(&count, w, item);

	aside_menu_push(w->page.app, items, count);
	free(items);
}

static void
bring_back(struct screen_due *w, const struct due_item *item)
{
	size_t count = 0, aside = 0;
	struct due_item *items = items_of(&count, w, item);

	for (size_t i = 0; i < count; i++)
		aside += aside_of(&w->aside, &items[i], w->page.app->today) != NULL;
	if (aside)
		aside_menu_drop(w->page.app, items, count);
	else
		view_say(&w->page.app->stack, ROLE_WARN, "%s",
			tr("It is not put aside."));
	free(items);
}

/* Keys that need a row. */
static void
with_row(struct screen_due *w, const struct due_item *item, int action)
{
	switch (action) {
	case DUE_OPEN:
		screen_record_push(w->page.app, &item->id);
		break;
	case DUE_DRAFT:
		if (!proposal_push(w->page.app, item))
			view_say(&w->page.app->stack, ROLE_WARN, "%s",
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
due_act(struct listpage *p, int action, size_t item)
{
	if (item_at(of(p), item))
		with_row(of(p), item_at(of(p), item), action);
	return VIEW_HANDLED;
}

static void
due_release_page(struct listpage *p)
{
	struct screen_due *w = of(p);

	due_release(&w->list);
	aside_release(&w->aside);
	marks_release(&w->marks);
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.title_of = due_title,
	.empty = TR_MARK("Nothing is due."),
	.columns = { { TR_MARK("Due on"), 12, false },
		{ TR_MARK("Days left"), 13, false },
		{ TR_MARK("Record"), 22, false },
		{ TR_MARK("What is due"), 0, false } },
	.fit = true,
	.fill = due_fill,
	.of_item = { DUE_ASIDE, DUE_AGAIN, DUE_ADD, DUE_MARK },
	.act = due_act,
	.message = due_message,
	.release = due_release_page,
};

void
screen_due_push(struct app *app, const struct deadline_rule *rule,
	enum deadline_state state)
{
	struct screen_due *w = mem_alloc(1, sizeof *w);

	w->rule = rule;
	w->state = state;
	listpage_push(app, &w->page, &kind);
}
