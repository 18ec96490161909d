/*
 * The trace of a record as a page of text around a helpview.
 */
#include "client/screen_trail.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/record_trail.h"
#include "client/show.h"
#include "store/audit.h"
#include "ui/helpview.h"

struct screen_trail {
	struct view view;		/* first */
	struct app *app;
	struct uuid id;
	struct view *page;		/* owned */
	bool from_server;		/* it shows the server's trail */
	bool who;			/* it shows who saw it instead */
};

static struct screen_trail *
of(const struct view *v)
{
	return (struct screen_trail *)(uintptr_t)v;
}

static void
who_refresh(struct screen_trail *w)
{
	const struct app_history *h = &w->app->history;

	if (app_history_state(w->app, &w->id) == APP_HISTORY_GOOD)
		helpview_replace(w->page, h->lines.len > 0 ? h->lines.data :
			tr("Nobody but you has looked at it yet."));
}

static void
trail_refresh(struct view *v, struct view_stack *s)
{
	struct screen_trail *w = of(v);
	struct err err = ERR_INIT;
	struct buf text;

	if (w->who) {
		who_refresh(w);
		return;
	}
	buf_init(&text, BUF_BATCH_MAX);
	if (record_trail_print(&text, &w->from_server, w->app, &w->id, &err))
		view_complain(s, &err);
	else
		helpview_replace(w->page, text.data);
	buf_release(&text);
}

static void
trail_title(const struct view *v, struct buf *out)
{
	of(v)->page->ops->title(of(v)->page, out);
}

static void
trail_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	of(v)->page->ops->paint(of(v)->page, c, body);
}

static enum view_answer
trail_press(struct view *v, struct view_stack *s, const struct press *p)
{
	return of(v)->page->ops->press(of(v)->page, s, p);
}

static const struct keymap *
trail_keymap(const struct view *v)
{
	return of(v)->page->ops->keymap(of(v)->page);
}

static enum canvas_role
trail_message(const struct view *v, struct buf *out)
{
	const struct screen_trail *w = of(v);

	switch (app_history_state(w->app, &w->id)) {
	case APP_HISTORY_ASKING:
		buf_text(out, w->who ? tr("Asking the county's server who saw "
			"it.") : tr("Asking the county's server for what "
			"others entered."));
		return ROLE_DIM;
	case APP_HISTORY_OFFLINE:
		buf_text(out, w->who ? tr("No line to the county, which knows "
			"who saw it.") : w->from_server ? tr("No line to the county: this "
			"is what was fetched before.") : tr("No line to the "
			"county: what others entered is not shown."));
		return ROLE_WARN;
	case APP_HISTORY_FAILED:
		buf_text(out, w->app->history.said);
		return ROLE_WARN;
	default:
		return ROLE_DIM;
	}
}

static void
trail_free(struct view *v)
{
	struct screen_trail *w = of(v);

	w->page->ops->free(w->page);
	free(w);
}

static const struct view_ops ops = {
	.title = trail_title,
	.paint = trail_paint,
	.press = trail_press,
	.keymap = trail_keymap,
	.message = trail_message,
	.refresh = trail_refresh,
	.free = trail_free,
};

static struct screen_trail *
new_page(struct app *app, const struct schema_register *reg,
	const struct uuid *id, bool who)
{
	struct screen_trail *w = mem_alloc(1, sizeof *w);
	struct buf title;

	buf_init(&title, BUF_LINE_MAX);
	buf_printf(&title, who ? tr("Who saw it: %s ") : tr("Trail: %s "),
		label_text(&reg->title));
	show_called(&title, app, id);
	w->view.ops = &ops;
	w->app = app;
	w->id = *id;
	w->who = who;
	w->page = helpview_new(title.data, "");
	buf_release(&title);
	return w;
}

void
screen_trail_push(struct app *app, const struct schema_register *reg,
	const struct uuid *id)
{
	struct screen_trail *w;
	struct err err = ERR_INIT;

	if (audit_view_as(app->cli->store, id, "trail", false, &err)) {
		view_complain(&app->stack, &err);
		return;
	}
	w = new_page(app, reg, id, false);
	/* a cache that never synced has nobody to ask */
	if (app->sync.automatic && app_history_ask(app, id, &err))
		view_complain(&app->stack, &err);
	trail_refresh(&w->view, &app->stack);
	view_push(&app->stack, &w->view);
}

/* Whose business is who looked at what?  The server decides; nobody else is
 * led to a page that stays empty. */
static bool
may_ask_who(const char *role)
{
	return strcmp(role, "chief") == 0 || strcmp(role, "auditor") == 0 ||
		strncmp(role, "county_", 7) == 0;
}

void
screen_trail_push_who(struct app *app, const struct schema_register *reg,
	const struct uuid *id)
{
	struct screen_trail *w;
	struct err err = ERR_INIT;

	if (!may_ask_who(app_role(app))) {
		view_say(&app->stack, ROLE_WARN, "%s", tr("Who saw it is for "
			"the head of the office and the county to know."));
		return;
	}
	w = new_page(app, reg, id, true);
	if (app_history_ask_who(app, id, &err))
		view_complain(&app->stack, &err);
	view_push(&app->stack, &w->view);
}
