/*
 * Home.  The counts are home_lines', their words and columns home_paint's; here
 * they are opened.
 */
#include "client/screen_home.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/aside_menu.h"
#include "client/due_words.h"
#include "client/home_lines.h"
#include "client/home_menu.h"
#include "client/home_paint.h"
#include "client/screen_conflict.h"
#include "client/screen_decide.h"
#include "client/screen_drafts.h"
#include "client/screen_due.h"
#include "client/screen_list.h"
#include "client/screen_month.h"
#include "client/screen_password.h"
#include "client/screen_people.h"
#include "client/screen_record.h"
#include "client/screen_refused.h"
#include "client/screen_sync.h"
#include "client/show.h"
#include "core/role.h"
#include "core/transfer.h"
#include "ui/prompt.h"

struct screen_home {
	struct view view;		/* first */
	struct app *app;
	struct home_lines lines;
	size_t row, top;
};

enum { HOME_OPEN = 1, HOME_DOWN, HOME_UP, HOME_LANG, HOME_LEAVE, HOME_START,
	HOME_END, HOME_ASIDE, HOME_MONTH, HOME_ALL, HOME_CHANGE };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, HOME_OPEN, TR_MARK("open"),
	    TR_MARK("Open the line; a key at its side opens it at once."),
	    KEYMAP_ALWAYS },
	{ 'j', PRESS_DOWN, HOME_DOWN, TR_MARK("down"), TR_MARK("Next line."),
	    KEYMAP_QUIET },
	{ 'k', PRESS_UP, HOME_UP, TR_MARK("up"), TR_MARK("Line before."),
	    KEYMAP_QUIET },
	{ 'g', PRESS_HOME, HOME_START, TR_MARK("start"),
	    TR_MARK("First line."), KEYMAP_QUIET },
	{ 'G', PRESS_END, HOME_END, TR_MARK("end"), TR_MARK("Last line."),
	    KEYMAP_QUIET },
	{ '-', PRESS_NONE, HOME_ASIDE, TR_MARK("put aside"),
	    TR_MARK("Put a reminder aside: until tomorrow, for a week or "
	    "until it is late. It stays in the list of all that is due."),
	    KEYMAP_HINT },
	{ 'T', PRESS_NONE, HOME_MONTH, TR_MARK("tasks"),
	    TR_MARK("The tasks of the month: who has done them, who not "
	    "yet."), KEYMAP_HINT },
	{ 'd', PRESS_NONE, HOME_ALL, TR_MARK("due"),
	    TR_MARK("All that is late or due."), KEYMAP_QUIET },
	{ 'K', PRESS_NONE, HOME_CHANGE, TR_MARK("own password"),
	    TR_MARK("Change your password."), KEYMAP_QUIET },
	{ 'L', PRESS_NONE, HOME_LANG, TR_MARK("language"),
	    TR_MARK("Switch between Chinese and English."), KEYMAP_HINT },
	{ 'q', PRESS_CTRL + 'X', HOME_LEAVE, TR_MARK("quit"),
	    TR_MARK("Leave the program; asks first."), KEYMAP_ALWAYS },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static struct screen_home *
of(const struct view *v)
{
	return (struct screen_home *)(uintptr_t)v;
}

static void
step(struct screen_home *w, int by)
{
	size_t row = w->row;

	while (by > 0 ? row + 1 < w->lines.count : row > 0) {
		row = by > 0 ? row + 1 : row - 1;
		if (home_line_stands(&w->lines.items[row])) {
			w->row = row;
			return;
		}
	}
}

static bool
is_same(const struct home_line *a, const struct home_line *b)
{
	return a->kind == b->kind && a->reg == b->reg && a->menu == b->menu &&
		a->due.rule == b->due.rule &&
		a->due.when.state == b->due.when.state;
}

static void
home_refresh(struct view *v, struct view_stack *s)
{
	struct screen_home *w = of(v);
	struct home_line now = w->lines.count ? w->lines.items[w->row]
		: (struct home_line){ .kind = HOME_BLANK };

	(void)s;
	home_lines_build(&w->lines, w->app);
	/* what is gone (put aside, done) leaves the marker in its place */
	if (w->row >= w->lines.count)
		w->row = w->lines.count - 1;
	if (!home_line_stands(&w->lines.items[w->row]))
		step(w, w->row ? -1 : 1);
	if (!home_line_stands(&w->lines.items[w->row]))
		step(w, 1);
	for (size_t i = 0; i < w->lines.count; i++)
		if (home_line_stands(&w->lines.items[i]) && is_same(&w->lines.items[i], &now))
			w->row = i;
}

/* ---- the page ---- */

static void
home_title(const struct view *v, struct buf *out)
{
	const struct store_user *u = store_user(of(v)->app->cli->store);
	struct store_device d = {0};
	struct err err = ERR_INIT;
	char today[DATE_TEXT_MAX];

	date_print(today, of(v)->app->today);
	if (!store_device_get(&d, of(v)->app->cli->store, &err))
		buf_printf(out, "%s  ", d.office_name);
	buf_printf(out, tr("Today %s"), today);
	if (u)
		buf_printf(out, tr("  %s (%s)"), u->name, role_words(u->role));
	memset(&d, 0, sizeof d);
}

static void
home_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	struct screen_home *w = of(v);
	size_t rows = body->rows > 1 ? (size_t)body->rows - 1 : 1;

	if (w->row < w->top)
		w->top = w->row;
	if (w->row >= w->top + rows)
		w->top = w->row - rows + 1;
	if (w->lines.count <= rows)
		w->top = 0;
	home_paint_lines(c, body->row + 1, (int)rows, w->app, &w->lines, w->top,
		w->row);
}

static enum canvas_role
home_message(const struct view *v, struct buf *out)
{
	const struct screen_home *w = of(v);

	if (w->row < w->lines.count &&
	    w->lines.items[w->row].kind == HOME_DUE)
		due_words_why(out, &w->lines.items[w->row].due);
	return ROLE_DIM;
}

/* ---- presses ---- */

static void
open_line(struct screen_home *w)
{
	const struct home_line *line = &w->lines.items[w->row];

	switch (line->kind) {
	case HOME_MENU:
		home_menu_push(w->app, &w->lines, line->menu);
		break;
	case HOME_REGISTER:
		screen_list_push(w->app, line->reg, -1);
		break;
	case HOME_DUE:
		if (line->count == 1)
			screen_record_push(w->app, &line->due.id);
		else
			screen_due_push(w->app, line->due.rule,
				line->due.when.state);
		break;
	case HOME_DUE_ALL:
		screen_due_push(w->app, NULL, DEADLINE_NONE);
		break;
	case HOME_DECIDE:
		screen_decide_push(w->app);
		break;
	case HOME_TRANSFERS:
		screen_list_push(w->app, schema_register_find(
			w->app->cli->schema, TRANSFER_REGISTER), 0);
		break;
	case HOME_PASSWORD:
		screen_password_push(w->app);
		break;
	case HOME_WAITING:
		screen_sync_push(w->app);
		break;
	case HOME_REFUSED:
		screen_refused_push(w->app);
		break;
	case HOME_RECEIPTS:
		screen_receipts_push(w->app);
		break;
	case HOME_CONFLICTS:
		screen_conflict_push(w->app, NULL);
		break;
	case HOME_DRAFTS:
		screen_drafts_push(w->app);
		break;
	case HOME_PEOPLE:
		screen_people_push(w->app);
		break;
	default:
		break;
	}
}

static void
put_aside(struct screen_home *w)
{
	const struct home_line *line = &w->lines.items[w->row];
	size_t count = 0;
	struct due_item *items = home_lines_items(&count, &w->lines, line,
		w->app->today);

	if (count)
		aside_menu_push(w->app, items, count);
	else
		view_say(&w->app->stack, ROLE_WARN, "%s",
			tr("Only what is due can be put aside."));
	free(items);
}

static void
leave_answered(void *self, struct view_stack *s, const char *text)
{
	struct app *app = self;

	(void)s;
	if (text)
		app->leave = true;
}

static void
ask_leave(struct screen_home *w)
{
	struct buf question;

	buf_init(&question, BUF_LINE_MAX);
	if (w->app->counts.waiting)
		buf_printf(&question, tr("%zu entries are saved here and not "
			"sent yet. "), w->app->counts.waiting);
	buf_text(&question, tr("Quit and lock? (y and Enter)"));
	prompt_push(&w->app->stack, PROMPT_YES, question.data, NULL,
		leave_answered, w->app);
	buf_release(&question);
}

static void
switch_language(struct screen_home *w)
{
	tr_set(tr_lang() == TR_EN ? TR_ZH : TR_EN);
	view_refresh(&w->app->stack);
}

/* A letter of the home screen: a duty, or a register with a key of its own. */
static bool
open_by_key(struct screen_home *w, int code)
{
	const struct schema *schema = w->app->cli->schema;

	for (size_t i = 0; i < w->lines.count; i++)
		if (w->lines.items[i].key && w->lines.items[i].key == code) {
			w->row = i;
			open_line(w);
			return true;
		}
	for (size_t i = 0; i < schema->register_count; i++) {
		const struct schema_register *reg = &schema->registers[i];

		if (code && schema_direct_key(schema, reg) == code &&
		    show_may_read(w->app, reg)) {
			screen_list_push(w->app, reg, -1);
			return true;
		}
	}
	return false;
}

static enum view_answer
home_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_home *w = of(v);

	(void)s;
	if (open_by_key(w, p->code))
		return VIEW_HANDLED;
	switch (keymap_find(&keymap, p->code)) {
	case HOME_OPEN:
		open_line(w);
		return VIEW_HANDLED;
	case HOME_DOWN:
		step(w, 1);
		return VIEW_HANDLED;
	case HOME_UP:
		step(w, -1);
		return VIEW_HANDLED;
	case HOME_START:
		w->row = 0;
		step(w, 1);
		return VIEW_HANDLED;
	case HOME_END:
		w->row = w->lines.count;
		step(w, -1);
		return VIEW_HANDLED;
	case HOME_ASIDE:
		put_aside(w);
		return VIEW_HANDLED;
	case HOME_ALL:
		screen_due_push(w->app, NULL, DEADLINE_NONE);
		return VIEW_HANDLED;
	case HOME_MONTH:
		screen_month_choose(w->app);
		return VIEW_HANDLED;
	case HOME_CHANGE:
		screen_password_push(w->app);
		return VIEW_HANDLED;
	case HOME_LANG:
		switch_language(w);
		return VIEW_HANDLED;
	case HOME_LEAVE:
		ask_leave(w);
		return VIEW_HANDLED;
	default:
		return VIEW_IGNORED;
	}
}

static const struct keymap *
home_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

/* What the hint line offers, wherever the marker stands. */
static bool
home_may(const struct view *v, int action)
{
	const struct screen_home *w = of(v);

	if (action == HOME_MONTH)
		return screen_month_any(w->app);
	if (action != HOME_ASIDE)
		return true;
	for (size_t i = 0; i < w->lines.count; i++)
		if (w->lines.items[i].kind == HOME_DUE)
			return true;
	return false;
}

/* All keys by which a register is reached: "m", "1 m". */
static void
home_help(const struct view *v, struct buf *out)
{
	const struct screen_home *w = of(v);
	const struct schema *schema = w->app->cli->schema;

	for (size_t i = 0; i < schema->register_count; i++) {
		const struct schema_register *reg = &schema->registers[i];
		const struct schema_menu *menu = reg->menu
			? schema_menu_find(schema, reg->menu) : NULL;
		char key = schema_direct_key(schema, reg);

		if ((!menu && !key) || !show_may_read(w->app, reg))
			continue;
		if (menu)
			buf_printf(out, "%c %c  ", menu->key, reg->key);
		buf_text(out, label_text(&reg->title));
		if (key)
			buf_printf(out, menu ? "  (%c)" : "  (%c)", key);
		buf_char(out, '\n');
	}
}

static void
home_free(struct view *v)
{
	home_lines_release(&of(v)->lines);
	free(of(v));
}

static const struct view_ops ops = {
	.title = home_title,
	.paint = home_paint,
	.press = home_press,
	.keymap = home_keymap,
	.may = home_may,
	.message = home_message,
	.refresh = home_refresh,
	.help = home_help,
	.free = home_free,
};

struct view *
screen_home_new(struct app *app)
{
	struct screen_home *w = mem_alloc(1, sizeof *w);

	w->view.ops = &ops;
	w->app = app;
	return &w->view;
}
