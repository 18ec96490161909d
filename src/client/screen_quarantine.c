/*
 * The county's look at what was put aside.
 */
#include "client/screen_quarantine.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/app_ask.h"
#include "client/listpage.h"
#include "client/show.h"
#include "ui/helpview.h"
#include "ui/prompt.h"

struct screen_quarantine {
	struct listpage page;		/* first */
	struct json *answer;		/* owned; NULL none */
	char said[ERR_MSG_MAX];		/* why there is none */
	char entry[64];			/* the one that is being settled */
	const char *note;		/* what was done, msgid; NULL nothing */
};

enum { QUARANTINE_OPEN = 1, QUARANTINE_TAKE, QUARANTINE_DISMISS,
	QUARANTINE_AGAIN };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, QUARANTINE_OPEN, TR_MARK("read"),
	    TR_MARK("What was entered, and what stands there today."),
	    KEYMAP_ALWAYS },
	{ 't', PRESS_NONE, QUARANTINE_TAKE, TR_MARK("take in"),
	    TR_MARK("Take the entry in as its author's, judged on the record "
	    "of today."), KEYMAP_ALWAYS },
	{ 'D', PRESS_NONE, QUARANTINE_DISMISS, TR_MARK("dismiss"),
	    TR_MARK("It stays refused; its author reads the reason."),
	    KEYMAP_ALWAYS },
	{ 'r', PRESS_F5, QUARANTINE_AGAIN, TR_MARK("ask again"),
	    TR_MARK("Ask the server for the list again."), KEYMAP_HINT },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

static struct screen_quarantine *
of(const struct listpage *p)
{
	return (struct screen_quarantine *)(uintptr_t)p;
}

static const char *
text_of(const struct json *j, const char *name)
{
	const char *text = json_get_text(j, name);

	return text ? text : "";
}

/* The name if the server knows one, else the code. */
static const char *
named(const struct json *j, const char *name, const char *code)
{
	const char *text = text_of(j, name);

	return *text ? text : text_of(j, code);
}

static const struct schema_register *
register_of(const struct screen_quarantine *w, const struct json *j)
{
	return schema_register_find(w->page.app->cli->schema,
		text_of(j, "register"));
}

/* ---- the list ---- */

static const struct json *
selected(const struct screen_quarantine *w)
{
	size_t item = listpage_item(&w->page);
	const struct json *j = json_first(json_get(w->answer, "aside"));

	for (; j && item != LISTPAGE_NONE && item > 0; item--)
		j = json_next(j);
	return item == LISTPAGE_NONE ? NULL : j;
}

static void
add_row(struct screen_quarantine *w, const struct json *j)
{
	const struct schema_register *reg = register_of(w, j);
	struct uuid id = uuid_named("quarantine", text_of(j, "entry"));
	struct rows_row *row = rows_add(&w->page.rows, &id);
	struct buf text;
	int64_t at = 0;

	buf_init(&text, BUF_LINE_MAX);
	if (!json_get_int(j, "entered_at", &at))
		(void)json_get_int(j, "at", &at);
	show_time(&text, at);
	rows_cell(row, 0, text.data);
	buf_clear(&text);
	buf_printf(&text, "%s %s", named(j, "office_name", "office"),
		named(j, "by_name", "by"));
	rows_cell(row, 1, text.data);
	rows_cell(row, 2, reg ? label_text(&reg->title) :
		text_of(j, "register"));
	rows_cell(row, 3, text_of(j, "why"));
	buf_release(&text);
}

static void
quarantine_fill(struct listpage *p)
{
	struct screen_quarantine *w = of(p);

	for (const struct json *j = json_first(json_get(w->answer, "aside"));
	    j; j = json_next(j))
		add_row(w, j);
	p->empty = w->answer ? NULL : "";
}

static void
quarantine_title(const struct listpage *p, struct buf *out)
{
	buf_text(out, tr("Put aside by the server"));
	if (of(p)->answer)
		listpage_count(p, out);
}

static enum canvas_role
quarantine_message(const struct listpage *p, struct buf *out)
{
	const struct screen_quarantine *w = of(p);

	if (w->note) {
		buf_text(out, tr(w->note));
		return ROLE_GOOD;
	}
	if (app_ask_waits(p->app, w)) {
		buf_text(out, tr("The county's server is being asked."));
		return ROLE_DIM;
	}
	buf_text(out, w->said);
	return ROLE_WARN;
}

static const char *
why_not(enum app_ask_end end, const char *said)
{
	return end == APP_ASK_OFFLINE ? tr("Only the county's server "
		"knows this, and there is no line to it now.") : said;
}

static void
listed(void *self, enum app_ask_end end, const struct json *answer,
	const char *said)
{
	struct screen_quarantine *w = self;

	json_free(w->answer);
	w->answer = end == APP_ASK_GOOD ? json_copy(answer) : NULL;
	(void)snprintf(w->said, sizeof w->said, "%s", end == APP_ASK_GOOD ?
		"" : why_not(end, said));
	listpage_refresh(&w->page);
}

static void
ask_list(struct screen_quarantine *w)
{
	struct err err = ERR_INIT;

	if (app_ask_start(w->page.app, "/v1/quarantine", NULL, listed, w, &err))
		listed(w, APP_ASK_REFUSED, NULL, err.msg);
}

/* ---- one of them ---- */

/* Before, after, and what stands there today if that is a third thing. */
static void
print_change(struct buf *out, const struct screen_quarantine *w,
	const struct schema_register *reg, const struct json *c)
{
	const struct app *app = w->page.app;
	const char *field = text_of(c, "field");
	const char *before = text_of(c, "before"), *after = text_of(c, "after");
	const char *today = json_get_text(c, "today");

	buf_printf(out, "    %s%s", show_label(reg, field), tr(": "));
	if (*before) {
		show_named(out, app, reg, field, before, after);
		buf_text(out, " -> ");
	}
	if (*after)
		show_named(out, app, reg, field, after, before);
	else
		buf_text(out, tr("(emptied)"));
	if (today && strcmp(today, before) != 0) {
		buf_printf(out, "  (%s ", tr("today:"));
		if (*today)
			show_named(out, app, reg, field, today, after);
		else
			buf_text(out, tr("(empty)"));
		buf_char(out, ')');
	}
	buf_char(out, '\n');
}

static void
print_item(struct buf *out, const struct screen_quarantine *w,
	const struct json *j)
{
	const struct schema_register *reg = register_of(w, j);
	int64_t at = 0;

	buf_printf(out, "%s  %s\n\n", text_of(j, "entry"), text_of(j, "why"));
	if (!json_is_true(json_get(j, "readable"))) {
		buf_printf(out, "%s\n", tr("What was entered is not here, or "
			"cannot be read; it can only be dismissed."));
		return;
	}
	(void)json_get_int(j, "entered_at", &at);
	show_time(out, at);
	buf_printf(out, "  %s  %s  %s\n", named(j, "office_name", "office"),
		named(j, "by_name", "by"), reg ? label_text(&reg->title) :
		text_of(j, "register"));
	if (!json_is_true(json_get(j, "there")))
		buf_printf(out, "%s\n",
			tr("The server has no such record yet."));
	for (const struct json *c = json_first(json_get(j, "changes")); c;
	    c = json_next(c))
		print_change(out, w, reg, c);
}

static void
shown(void *self, enum app_ask_end end, const struct json *answer,
	const char *said)
{
	struct screen_quarantine *w = self;
	struct view_stack *s = &w->page.app->stack;
	struct buf text;

	if (end != APP_ASK_GOOD) {
		view_say(s, ROLE_WARN, "%s", why_not(end, said));
		return;
	}
	buf_init(&text, BUF_BATCH_MAX);
	print_item(&text, w, answer);
	view_push(s, helpview_new(tr("Put aside by the server"), text.data));
	buf_release(&text);
}

static void
settled(void *self, enum app_ask_end end, const struct json *answer,
	const char *said)
{
	struct screen_quarantine *w = self;
	struct view_stack *s = &w->page.app->stack;
	const char *verdict = json_get_text(answer, "verdict");

	if (end != APP_ASK_GOOD) {
		view_say(s, ROLE_WARN, "%s", end == APP_ASK_OFFLINE ?
			tr("There is no line to the county's server; look at "
			"the list again when there is one.") : said);
		return;
	}
	w->note = !verdict ? TR_MARK("Dismissed; its author reads the reason.") :
		strcmp(verdict, "conflict") == 0 ? TR_MARK("Taken in; where "
		"others have entered something else since, the office "
		"is asked.") : TR_MARK("Taken in.");
	ask_list(w);
}

/* ---- what is done ---- */

/* why: NULL none. */
static void
ask_about(struct screen_quarantine *w, const char *path, const char *entry,
	const char *why, app_ask_done *done)
{
	struct json *ask = json_object();
	struct err err = ERR_INIT;
	struct buf body;

	json_put_text(ask, "entry", entry);
	if (why)
		json_put_text(ask, "why", why);
	buf_init(&body, BUF_LINE_MAX);
	json_print(&body, ask);
	if (app_ask_start(w->page.app, path, body.data, done, w, &err))
		view_complain(&w->page.app->stack, &err);
	buf_release(&body);
	json_free(ask);
}

static void
take_said(void *self, struct view_stack *s, const char *text)
{
	struct screen_quarantine *w = self;

	(void)s;
	if (text)
		ask_about(w, "/v1/quarantine/take", w->entry, NULL, settled);
}

static void
dismiss_said(void *self, struct view_stack *s, const char *text)
{
	struct screen_quarantine *w = self;

	(void)s;
	if (text && *text)
		ask_about(w, "/v1/quarantine/dismiss", w->entry, text,
			settled);
}

static enum view_answer
quarantine_act(struct listpage *p, int action, size_t item)
{
	struct screen_quarantine *w = of(p);
	struct view_stack *s = &p->app->stack;
	const struct json *j = selected(w);

	(void)item;
	w->note = NULL;
	if (action == QUARANTINE_AGAIN) {
		ask_list(w);
		return VIEW_HANDLED;
	}
	if (!j)
		return VIEW_HANDLED;
	(void)snprintf(w->entry, sizeof w->entry, "%s", text_of(j, "entry"));
	switch (action) {
	case QUARANTINE_OPEN:
		ask_about(w, "/v1/quarantine/show", w->entry, NULL, shown);
		break;
	case QUARANTINE_TAKE:
		prompt_push(s, PROMPT_YES, tr("Take this entry in as its "
			"author's? (y and Enter)"), NULL, take_said, w);
		break;
	default:
		prompt_push(s, PROMPT_TEXT, tr("Why it is not taken: "), NULL,
			dismiss_said, w);
		break;
	}
	return VIEW_HANDLED;
}

static void
quarantine_release(struct listpage *p)
{
	struct screen_quarantine *w = of(p);

	app_ask_forget(p->app, w);
	json_free(w->answer);
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.title_of = quarantine_title,
	.empty = TR_MARK("Nothing was put aside."),
	.columns = { { TR_MARK("Entered"), 12, false },
		{ TR_MARK("Office and who"), 22, false },
		{ TR_MARK("Register"), 15, false },
		{ TR_MARK("Refused because"), 0, false } },
	.fit = true,
	.fill = quarantine_fill,
	.of_item = { QUARANTINE_TAKE, QUARANTINE_DISMISS },
	.act = quarantine_act,
	.message = quarantine_message,
	.release = quarantine_release,
};

bool
screen_quarantine_may(const struct app *app)
{
	const struct store_user *user = store_user(app->cli->store);

	return user && strncmp(user->role, "county", 6) == 0 &&
		schema_may_hold_sealed(app->cli->schema, user->role);
}

void
screen_quarantine_push(struct app *app)
{
	struct screen_quarantine *w = mem_alloc(1, sizeof *w);

	listpage_push(app, &w->page, &kind);
	ask_list(w);
}
