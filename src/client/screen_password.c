/*
 * The password now, the new one, the new one again.
 */
#include "client/screen_password.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/screen_signin.h"
#include "client/signin_words.h"
#include "core/password.h"
#include "ui/lineedit.h"

enum {
	PASSWORD_FIELDS = 3,
	PASSWORD_CHARS = 120,
	PASSWORD_COL = 24,		/* where the inputs stand */
	PASSWORD_CELLS = 32,
};

struct screen_password {
	struct view view;		/* first */
	struct app *app;
	struct lineedit edits[PASSWORD_FIELDS];
	size_t now;
	bool first;			/* nothing else before it is changed */
};

enum { PASSWORD_ENTER = 1, PASSWORD_NEXT, PASSWORD_BEFORE, PASSWORD_LEAVE };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_NONE, PASSWORD_ENTER, TR_MARK("change it"),
	    TR_MARK("Next field; in the last: change the password."),
	    KEYMAP_ALWAYS },
	{ PRESS_TAB, PRESS_DOWN, PASSWORD_NEXT, TR_MARK("next"),
	    TR_MARK("The next field."), KEYMAP_HINT },
	{ PRESS_BACKTAB, PRESS_UP, PASSWORD_BEFORE, TR_MARK("next"),
	    TR_MARK("The field before."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'X', PRESS_ESC, PASSWORD_LEAVE, TR_MARK("back"),
	    TR_MARK("Leave without changing it."), KEYMAP_ALWAYS },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

static struct screen_password *
of(const struct view *v)
{
	return (struct screen_password *)(uintptr_t)v;
}

static void
password_title(const struct view *v, struct buf *out)
{
	(void)v;
	buf_printf(out, "%s  %s", tr("Change the password"),
		app_name(of(v)->app));
}

/* Why it is on the screen: the first one only. */
static const char *
reason(const struct screen_password *w)
{
	if (!w->first)
		return "";
	return store_password(w->app->cli->store, w->app->today) ==
		STORE_PASSWORD_INITIAL ? tr("Somebody else set this password: "
		"take one that only you know.") : tr("This password is too "
		"old: take another one.");
}

static void
password_paint(struct view *v, struct canvas *c,
	const struct canvas_area *body)
{
	static const char *const labels[PASSWORD_FIELDS] = {
		TR_MARK("Password now"), TR_MARK("New password"),
		TR_MARK("New one again") };
	static const char *const rules[] = {
		TR_MARK("Ten characters with three of: capitals, small "
			"letters, digits, others;"),
		TR_MARK("or twelve with two of them. Not the user name, none "
			"of the last five."),
		TR_MARK("It holds at once at the county and on this computer."),
	};
	struct screen_password *w = of(v);
	bool busy = screen_signin_asks(w->app);
	int row = body->row + 5;

	(void)canvas_text_cut(c, body->row + 2, 6, body->cols - 8, ROLE_WARN,
		reason(w));
	for (size_t i = 0; i < PASSWORD_FIELDS; i++, row += 2) {
		bool now = i == w->now && !busy;

		(void)canvas_text(c, row, 6, PASSWORD_COL - 7, ROLE_LABEL,
			tr(labels[i]));
		lineedit_paint(&w->edits[i], c, row, PASSWORD_COL,
			now ? ROLE_INPUT_NOW : ROLE_INPUT, now);
	}
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		(void)canvas_text_cut(c, row + 1 + (int)i, 6, body->cols - 8,
			ROLE_DIM, tr(rules[i]));
}

static enum canvas_role
password_message(const struct view *v, struct buf *out)
{
	const struct screen_password *w = of(v);

	buf_text(out, screen_signin_asks(w->app) ? tr("The county's server "
		"changes the password.") : tr("The county's server changes "
		"it; without a line the password stays as it is."));
	return ROLE_TEXT;
}

/* ---- changing ---- */

static void
take(struct buf *out, const struct lineedit *e)
{
	buf_init(out, BUF_LINE_MAX);
	lineedit_get(out, e);
}

static void
wipe(struct buf *secret)
{
	if (secret->data)
		crypto_wipe(secret->data, secret->len);
	buf_release(secret);
}

static const char *
text(const struct buf *b)
{
	return b->data ? b->data : "";
}

/* What can be said without the server: a field to go to, or
 * PASSWORD_FIELDS. */
static size_t
find_fault(const struct screen_password *w, const struct buf *fields)
{
	struct err err = ERR_INIT;

	for (size_t i = 0; i < PASSWORD_FIELDS; i++)
		if (fields[i].len == 0)
			return i;
	if (strcmp(text(&fields[1]), text(&fields[2])) != 0) {
		view_say(&w->app->stack, ROLE_ALERT, "%s",
			tr("The two new passwords are not the same."));
		return 2;
	}
	if (password_check(text(&fields[1]), app_login(w->app), &err)) {
		view_complain(&w->app->stack, &err);
		return 1;
	}
	return PASSWORD_FIELDS;
}

static void
change(struct screen_password *w)
{
	struct buf fields[PASSWORD_FIELDS];
	size_t fault;

	for (size_t i = 0; i < PASSWORD_FIELDS; i++)
		take(&fields[i], &w->edits[i]);
	fault = find_fault(w, fields);
	if (fault < PASSWORD_FIELDS)
		w->now = fault;
	else
		screen_signin_change(w->app, text(&fields[0]),
			text(&fields[1]));
	for (size_t i = 0; i < PASSWORD_FIELDS; i++)
		wipe(&fields[i]);
}

static void
clear(struct screen_password *w, size_t from)
{
	for (size_t i = from; i < PASSWORD_FIELDS; i++)
		(void)lineedit_set(&w->edits[i], "");
	w->now = from;
}

/* ---- presses ---- */

/* Before it was changed there is nowhere to go but out. */
static enum view_answer
leave(struct screen_password *w)
{
	if (!w->first)
		return VIEW_CLOSE;
	app_lock(w->app);
	return VIEW_HANDLED;
}

static enum view_answer
password_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_password *w = of(v);

	(void)s;
	if (screen_signin_asks(w->app))
		return VIEW_HANDLED;
	switch (keymap_find(&keymap, p->code)) {
	case PASSWORD_ENTER:
		if (w->now + 1 < PASSWORD_FIELDS)
			w->now++;
		else
			change(w);
		return VIEW_HANDLED;
	case PASSWORD_NEXT:
		w->now = (w->now + 1) % PASSWORD_FIELDS;
		return VIEW_HANDLED;
	case PASSWORD_BEFORE:
		w->now = (w->now + PASSWORD_FIELDS - 1) % PASSWORD_FIELDS;
		return VIEW_HANDLED;
	case PASSWORD_LEAVE:
		return leave(w);
	default:
		break;
	}
	if (lineedit_press(&w->edits[w->now], p) == LINEEDIT_IGNORED)
		return w->first && p->code != PRESS_F1 ? VIEW_HANDLED :
			VIEW_IGNORED;
	return VIEW_HANDLED;
}

static const struct keymap *
password_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
password_free(struct view *v)
{
	for (size_t i = 0; i < PASSWORD_FIELDS; i++)
		lineedit_release(&of(v)->edits[i]);
	free(of(v));
}

static const struct view_ops ops = {
	.title = password_title,
	.paint = password_paint,
	.press = password_press,
	.keymap = password_keymap,
	.message = password_message,
	.free = password_free,
};

static void
push(struct app *app, const char *before, bool first)
{
	struct screen_password *w = mem_alloc(1, sizeof *w);

	w->view.ops = &ops;
	w->app = app;
	w->first = first;
	for (size_t i = 0; i < PASSWORD_FIELDS; i++) {
		lineedit_init(&w->edits[i], 1, PASSWORD_CELLS, PASSWORD_CHARS);
		w->edits[i].mask = true;
	}
	(void)lineedit_set(&w->edits[0], before);
	w->now = *before ? 1 : 0;
	view_push(&app->stack, &w->view);
}

void
screen_password_push(struct app *app)
{
	push(app, "", false);
}

void
screen_password_push_first(struct app *app, const char *before)
{
	push(app, before, true);
}

/* ---- the end ---- */

static struct screen_password *
find(struct app *app)
{
	for (size_t i = app->stack.count; i > 0; i--)
		if (app->stack.views[i - 1]->ops == &ops)
			return of(app->stack.views[i - 1]);
	return NULL;
}

static void
close_view(struct screen_password *w, bool changed, const char *said)
{
	struct app *app = w->app;
	bool first = w->first;
	struct buf words;

	view_drop(&app->stack, &w->view);
	if (first)
		app_signed_in(app, false);
	buf_init(&words, BUF_LINE_MAX);
	if (!changed)
		signin_words(&words, app->cli->store, true);
	view_say(&app->stack, changed ? ROLE_GOOD : ROLE_WARN, "%s",
		words.len ? words.data : said);
	buf_release(&words);
	view_refresh(&app->stack);
}

void
screen_password_end(struct app *app, int exit_status, const char *said)
{
	struct screen_password *w = find(app);

	if (!w)
		return;
	if (exit_status == CLI_OK) {
		close_view(w, true, tr("The password was changed; your other "
			"computers ask for the new one."));
	} else if (exit_status == CLI_OFFLINE && w->first) {
		close_view(w, false, said);
	} else {
		clear(w, exit_status == CLI_AUTH ? 0 : 1);
		view_say(&app->stack, ROLE_ALERT, "%s", said);
		app->stack.beep = true;
	}
}
