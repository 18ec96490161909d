/*
 * A list that the server answers with.
 */
#include "client/askpage.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "ui/prompt.h"

static const struct keymap_entry entries[] = {
	{ PRESS_F5, 'r', ASKPAGE_AGAIN, TR_MARK("ask anew"),
	    TR_MARK("Ask the county's server again."), KEYMAP_QUIET },
};

const struct keymap askpage_keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

static struct askpage *
of(const struct listpage *p)
{
	return (struct askpage *)(uintptr_t)p;
}

/* ---- the rows ---- */

void
askpage_fill(struct listpage *page)
{
	struct askpage *p = of(page);
	size_t n = 0;

	for (struct json *j = json_first(json_get(p->answer, p->kind->list)); j;
	    j = json_next(j)) {
		struct uuid id = uuid_named(p->kind->path,
			askpage_get(j, p->kind->key));
		struct rows_row *row = rows_add(&page->rows, &id);

		row->item = n++;
		p->kind->row(p, row, j);
	}
	page->empty = p->answer ? NULL : "";
}

static const struct json *
item_at(const struct askpage *p, size_t item)
{
	const struct json *j = json_first(json_get(p->answer, p->kind->list));

	for (; j && item > 0 && item != LISTPAGE_NONE; item--)
		j = json_next(j);
	return item == LISTPAGE_NONE ? NULL : j;
}

const char *
askpage_get(const struct json *item, const char *member)
{
	const char *text = json_get_text(item, member);

	return text ? text : "";
}

void
askpage_text(struct rows_row *row, size_t cell, const struct json *item,
	const char *member)
{
	rows_cell(row, cell, askpage_get(item, member));
}

void
askpage_day(struct rows_row *row, size_t cell, const struct json *item,
	const char *member)
{
	char text[DATE_TEXT_MAX] = "";
	int64_t at = 0;

	if (json_get_int(item, member, &at) && at > 0)
		date_print(text, clock_day_of(at));
	rows_cell(row, cell, text[0] ? text : tr("never"));
}

/* How many there are is not known without an answer. */
void
askpage_title(const struct listpage *page, struct buf *out)
{
	const struct askpage *p = of(page);

	buf_text(out, tr(page->kind->title));
	if (p->answer)
		listpage_count(page, out);
}

enum canvas_role
askpage_message(const struct listpage *page, struct buf *out)
{
	const struct askpage *p = of(page);

	if (app_ask_waits(page->app, p)) {
		buf_text(out, tr("Asking the county's server."));
		return ROLE_DIM;
	}
	buf_text(out, p->said);
	return ROLE_WARN;
}

/* ---- asking ---- */

static void
drop_answer(struct askpage *p)
{
	json_free(p->answer);
	p->answer = NULL;
}

static void
answered(void *self, enum app_ask_end end, const struct json *answer,
	const char *said)
{
	struct askpage *p = self;

	drop_answer(p);
	p->said[0] = '\0';
	if (end == APP_ASK_GOOD)
		p->answer = json_copy(answer);
	else
		(void)snprintf(p->said, sizeof p->said, "%s",
			end == APP_ASK_OFFLINE ? tr("This is known and done at "
			"the county's server, and there is no line to it now.")
			: said);
	listpage_refresh(&p->page);
}

void
askpage_again(struct askpage *p)
{
	struct err err = ERR_INIT;

	if (!app_ask_start(p->page.app, p->kind->path, NULL, answered, p, &err))
		return;
	drop_answer(p);
	(void)snprintf(p->said, sizeof p->said, "%s", err.msg);
	listpage_refresh(&p->page);
}

/* ---- doing ---- */

static void
forget(struct askpage *p)
{
	json_free(p->body);
	p->body = NULL;
}

static void
was_done(void *self, enum app_ask_end end, const struct json *answer,
	const char *said)
{
	struct askpage *p = self;
	struct view_stack *s = &p->page.app->stack;

	if (end != APP_ASK_GOOD) {
		view_say(s, ROLE_WARN, "%s", end == APP_ASK_OFFLINE ?
			tr("There is no line to the county's server; whether "
			"it was done, the list says when there is one.") : said);
		return;
	}
	if (p->good)
		view_say(s, ROLE_GOOD, "%s", tr(p->good));
	askpage_again(p);
	if (p->done)
		p->done(p, answer);
}

static void
begin(struct askpage *p)
{
	struct err err = ERR_INIT;
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	json_print(&text, p->body);
	if (app_ask_start(p->page.app, p->path, text.data, was_done, p, &err))
		view_complain(&p->page.app->stack, &err);
	buf_release(&text);
	forget(p);
}

static void
yes_said(void *self, struct view_stack *s, const char *text)
{
	struct askpage *p = self;

	(void)s;
	if (text)
		begin(p);
	else
		forget(p);
}

void
askpage_do(struct askpage *p, const char *question, const char *path,
	struct json *body, const char *good, askpage_done *done)
{
	forget(p);
	p->path = path;
	p->body = body;
	p->good = good;
	p->done = done;
	if (question)
		prompt_push(&p->page.app->stack, PROMPT_YES, question, NULL,
			yes_said, p);
	else
		begin(p);
}

/* ---- the page ---- */

enum view_answer
askpage_act(struct listpage *page, int action, size_t item)
{
	struct askpage *p = of(page);

	if (action != ASKPAGE_AGAIN)
		return p->kind->act(p, action, item_at(p, item));
	askpage_again(p);
	return VIEW_HANDLED;
}

void
askpage_release(struct listpage *page)
{
	struct askpage *p = of(page);

	app_ask_forget(page->app, p);
	drop_answer(p);
	forget(p);
}

void
askpage_push(struct app *app, struct askpage *p,
	const struct askpage_kind *kind)
{
	p->kind = kind;
	listpage_push(app, &p->page, &kind->page);
	askpage_again(p);
}
