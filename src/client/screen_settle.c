/*
 * Answering one conflict.  Every field of the group begins as it stands with
 * the server, so that saving without a choice changes nothing by accident.
 */
#include "client/screen_settle.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "client/app.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "core/question.h"
#include "store/audit.h"
#include "store/conflict.h"
#include "store/save.h"
#include "ui/prompt.h"

enum { SETTLE_FIELD_ROWS = 5, SETTLE_VALUE_COL = 26 };

struct settle_field {
	char *field, *base, *theirs, *mine, *chosen;	/* owned */
	bool answered;
};

struct screen_settle {
	struct view view;		/* first */
	struct app *app;
	struct uuid id, record;
	const struct schema_register *reg;	/* NULL: unknown here */
	char by[RECORD_NAME_MAX], theirs_by[RECORD_NAME_MAX];
	bool late;		/* by the office that had the record before */
	int64_t at, theirs_at;
	struct settle_field *fields;
	size_t count, row;
	bool number;			/* of two records with one number */
	struct uuid other;		/* the one that had it first */
};

enum { SETTLE_MINE = 1, SETTLE_THEIRS, SETTLE_OWN, SETTLE_SAVE, SETTLE_DOWN,
	SETTLE_UP, SETTLE_RECORD, SETTLE_BACK };

static const struct keymap_entry entries[] = {
	{ 'm', '1', SETTLE_MINE, TR_MARK("the other"),
	    TR_MARK("Take the value that waits to be chosen."),
	    KEYMAP_ALWAYS },
	{ 't', '2', SETTLE_THEIRS, TR_MARK("as it stands"),
	    TR_MARK("Keep the value that stands with the server."),
	    KEYMAP_ALWAYS },
	{ 'v', '3', SETTLE_OWN, TR_MARK("another value"),
	    TR_MARK("Type a value of your own."), KEYMAP_ALWAYS },
	{ PRESS_CTRL + 'S', PRESS_NONE, SETTLE_SAVE, TR_MARK("save"),
	    TR_MARK("Save the answer; it holds for everybody."),
	    KEYMAP_ALWAYS },
	{ 'j', PRESS_DOWN, SETTLE_DOWN, TR_MARK("down"),
	    TR_MARK("Next field."), KEYMAP_QUIET },
	{ 'k', PRESS_UP, SETTLE_UP, TR_MARK("up"),
	    TR_MARK("Field before."), KEYMAP_QUIET },
	{ 'o', PRESS_NONE, SETTLE_RECORD, TR_MARK("record"),
	    TR_MARK("The record as it is now."), KEYMAP_HINT },
	{ 'q', PRESS_CTRL + 'X', SETTLE_BACK, TR_MARK("back"),
	    TR_MARK("Back; nothing is answered."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, SETTLE_BACK, TR_MARK("back"),
	    TR_MARK("Back; nothing is answered."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

static struct screen_settle *
of(const struct view *v)
{
	return (struct screen_settle *)(uintptr_t)v;
}

static void
settle_title(const struct view *v, struct buf *out)
{
	buf_printf(out, "%s%s", tr("Settle"), tr(": "));
	show_called(out, of(v)->app, &of(v)->record);
}

static void
paint_value(const struct screen_settle *w, struct canvas *c, int row,
	const char *label, const struct settle_field *f, const char *text,
	bool chosen)
{
	struct buf words;

	buf_init(&words, BUF_RECORD_MAX);
	if (*text)
		show_named(&words, w->app, w->reg, f->field, text,
			text == f->theirs ? f->mine : f->theirs);
	else
		buf_text(&words, tr("(empty)"));
	(void)canvas_text(c, row, 4, 1, ROLE_MARK, chosen ? "*" : " ");
	(void)canvas_text_cut(c, row, 6, SETTLE_VALUE_COL - 7, ROLE_LABEL,
		label);
	(void)canvas_text_cut(c, row, SETTLE_VALUE_COL,
		c->cols - SETTLE_VALUE_COL - 1, chosen ? ROLE_GOOD : ROLE_TEXT,
		words.data);
	buf_release(&words);
}

/* The last change of the record is the nearest that is known here.  Where it
 * was made by whoever entered the other value, it is what came along with it,
 * and says nothing of who entered this one. */
static void
paint_stands(const struct screen_settle *w, struct canvas *c, int row,
	const struct settle_field *f, bool chosen)
{
	struct buf who;
	int cells;

	paint_value(w, c, row, tr("t  stands now"), f, f->theirs, chosen);
	if (!w->theirs_by[0] || strcmp(w->theirs_by, w->by) == 0)
		return;
	buf_init(&who, BUF_LINE_MAX);
	buf_printf(&who, "  %s ", show_who(w->app, w->theirs_by));
	show_time(&who, w->theirs_at);
	cells = utf8_cells(who.data);
	(void)canvas_text_cut(c, row, c->cols - cells - 1, cells, ROLE_DIM,
		who.data);
	buf_release(&who);
}

/* Which number it stays with, or that it gets a new one. */
static void
paint_number(const struct screen_settle *w, struct canvas *c, int row)
{
	const struct settle_field *f = &w->fields[0];
	bool stays = f->answered && strcmp(f->chosen, f->theirs) == 0;
	bool anew = f->answered && strcmp(f->chosen, f->mine) == 0;

	(void)canvas_text_cut(c, row, 3, c->cols - 4, ROLE_MARK,
		show_label(w->reg, f->field));
	paint_value(w, c, row + 1, tr("t  keeps"), f, f->theirs, stays);
	(void)canvas_text(c, row + 2, 4, 1, ROLE_MARK, anew ? "*" : " ");
	(void)canvas_text_cut(c, row + 2, 6, c->cols - 7,
		anew ? ROLE_GOOD : ROLE_TEXT,
		tr("m  gets the next free number from the server"));
	if (f->answered && !stays && !anew)
		paint_value(w, c, row + 3, tr("v  your own"), f, f->chosen,
			true);
}

static void
paint_one(const struct screen_settle *w, struct canvas *c, int row, size_t i)
{
	const struct settle_field *f = &w->fields[i];
	bool mine = f->answered && strcmp(f->chosen, f->mine) == 0;
	bool theirs = f->answered && strcmp(f->chosen, f->theirs) == 0;
	struct buf label;

	if (i == w->row)
		(void)canvas_text(c, row, 1, 1, ROLE_MARK, ">");
	(void)canvas_text_cut(c, row, 3, c->cols - 4,
		i == w->row ? ROLE_MARK : ROLE_TITLE,
		show_label(w->reg, f->field));
	paint_value(w, c, row + 1, tr("it was"), f, f->base, false);
	paint_stands(w, c, row + 2, f, theirs);
	buf_init(&label, BUF_LINE_MAX);
	buf_printf(&label, tr("m  %s entered"), show_who(w->app, w->by));
	paint_value(w, c, row + 3, label.data, f, f->mine, mine && !theirs);
	buf_release(&label);
	if (f->answered && !mine && !theirs)
		paint_value(w, c, row + 4, tr("v  your own"), f, f->chosen,
			true);
}

static void
settle_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	const struct screen_settle *w = of(v);
	size_t shown = (size_t)(body->rows - 2) / SETTLE_FIELD_ROWS;
	size_t top = shown && w->row >= shown ? w->row - shown + 1 : 0;
	struct buf when;

	if (w->number && w->count > 0) {
		buf_init(&when, BUF_LINE_MAX);
		show_called(&when, w->app, &w->other);
		(void)canvas_text_cut(c, body->row, 2, body->cols - 3,
			ROLE_TEXT, tr("Another record has the same number, and "
			"had it first; both keep it until the county decides:"));
		(void)canvas_text_cut(c, body->row + 1, 2, body->cols - 3,
			ROLE_TEXT, when.data);
		buf_release(&when);
		paint_number(w, c, body->row + 3);
		return;
	}
	buf_init(&when, BUF_LINE_MAX);
	buf_printf(&when, w->late ? tr("Late entry of the former office: %s, ") :
		tr("%s entered another value, "), show_who(w->app, w->by));
	show_time(&when, w->at);
	buf_text(&when, w->late ? tr(". Choose one.") :
		tr(". Both are kept: choose one."));
	(void)canvas_text_cut(c, body->row, 2, body->cols - 3, ROLE_TEXT,
		when.data);
	buf_release(&when);
	for (size_t i = top; i < w->count && i < top + shown; i++)
		paint_one(w, c, body->row + 2 +
			(int)(i - top) * SETTLE_FIELD_ROWS, i);
}

static void
choose(struct screen_settle *w, const char *text)
{
	struct settle_field *f = &w->fields[w->row];
	char *copy = mem_strdup(text);

	free(f->chosen);
	f->chosen = copy;
	f->answered = true;
	if (w->row + 1 < w->count)
		w->row++;
}

static void
own_typed(void *self, struct view_stack *s, const char *text)
{
	struct screen_settle *w = self;
	const struct schema_field *f = w->reg ? schema_field_known(w->reg,
		w->fields[w->row].field) : NULL;
	struct err err = ERR_INIT;
	struct buf value;

	if (!text)
		return;
	buf_init(&value, BUF_RECORD_MAX);
	if (!f)
		choose(w, text);
	else if (value_parse(&value, f, text, w->app->today, false, &err))
		view_complain(s, &err);
	else
		choose(w, value.data);
	buf_release(&value);
}

static void
ask_own(struct screen_settle *w, struct view_stack *s)
{
	const struct settle_field *sf = &w->fields[w->row];
	const struct schema_field *f = w->reg ? schema_field_known(w->reg,
		sf->field) : NULL;
	struct err err = ERR_INIT;
	struct buf now;

	/* typed at whole, as on a form, and noted as one */
	if (f && f->type == VT_IDNO && audit_view_as(w->app->cli->store,
	    &w->record, "form", true, &err)) {
		view_complain(s, &err);
		return;
	}
	buf_init(&now, BUF_RECORD_MAX);
	if (f)
		value_edit_text(&now, f, sf->mine);
	else
		buf_text(&now, sf->mine);
	prompt_push(s, PROMPT_TEXT, show_label(w->reg, sf->field), now.data,
		own_typed, w);
	buf_release(&now);
}

static enum view_answer
save(struct screen_settle *w, struct view_stack *s)
{
	struct values chosen = {0};
	struct err err = ERR_INIT;
	enum status st;

	for (size_t i = 0; i < w->count; i++) {
		if (!w->fields[i].answered) {
			w->row = i;
			view_say(s, ROLE_WARN, "%s",
				tr("Choose a value for this field first."));
			return VIEW_HANDLED;
		}
	}
	for (size_t i = 0; i < w->count; i++)
		values_set(&chosen, w->fields[i].field, w->fields[i].chosen);
	st = save_resolve(w->app->cli->store, &w->id, &chosen, &err);
	values_release(&chosen);
	if (st) {
		view_complain(s, &err);
		return VIEW_HANDLED;
	}
	view_say(s, ROLE_GOOD, "%s", tr("Settled, saved here."));
	app_sync_soon(w->app);
	return VIEW_CLOSE;
}

static enum view_answer
settle_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_settle *w = of(v);
	int action = keymap_find(&keymap, p->code);

	if (action == SETTLE_BACK)
		return VIEW_CLOSE;
	if (w->count == 0)
		return VIEW_IGNORED;
	switch (action) {
	case SETTLE_MINE:
		choose(w, w->fields[w->row].mine);
		return VIEW_HANDLED;
	case SETTLE_THEIRS:
		choose(w, w->fields[w->row].theirs);
		return VIEW_HANDLED;
	case SETTLE_OWN:
		ask_own(w, s);
		return VIEW_HANDLED;
	case SETTLE_SAVE:
		return save(w, s);
	case SETTLE_DOWN:
		w->row += w->row + 1 < w->count;
		return VIEW_HANDLED;
	case SETTLE_UP:
		w->row -= w->row > 0;
		return VIEW_HANDLED;
	case SETTLE_RECORD:
		screen_record_push(w->app, &w->record);
		return VIEW_HANDLED;
	default:
		return VIEW_IGNORED;
	}
}

static const struct keymap *
settle_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
settle_free(struct view *v)
{
	struct screen_settle *w = of(v);

	for (size_t i = 0; i < w->count; i++) {
		free(w->fields[i].field);
		free(w->fields[i].base);
		free(w->fields[i].theirs);
		free(w->fields[i].mine);
		free(w->fields[i].chosen);
	}
	free(w->fields);
	free(w);
}

static const struct view_ops ops = {
	.title = settle_title,
	.paint = settle_paint,
	.press = settle_press,
	.keymap = settle_keymap,
	.free = settle_free,
};

void
screen_settle_push(struct app *app, const struct conflict *c)
{
	const struct overview *o = overview_find(app->cli->store, &c->record);
	struct screen_settle *w;
	struct err err = ERR_INIT;

	if (o && audit_view_as(app->cli->store, &c->record, "settle", false,
	    &err)) {
		view_complain(&app->stack, &err);
		return;
	}
	w = mem_alloc(1, sizeof *w);
	w->view.ops = &ops;
	w->app = app;
	w->id = c->id;
	w->record = c->record;
	w->reg = o ? o->reg : NULL;
	w->number = strcmp(c->kind, QUESTION_NUMBER) == 0;
	w->other = c->other;
	memcpy(w->by, c->by, sizeof w->by);
	w->late = c->from[0] != '\0';
	w->at = c->at;
	memcpy(w->theirs_by, c->theirs_by, sizeof w->theirs_by);
	w->theirs_at = c->theirs_at;
	w->fields = mem_alloc(c->count ? c->count : 1, sizeof *w->fields);
	w->count = c->count;
	for (size_t i = 0; i < c->count; i++)
		w->fields[i] = (struct settle_field){
			.field = mem_strdup(c->fields[i].field),
			.base = mem_strdup(c->fields[i].base),
			.theirs = mem_strdup(c->fields[i].theirs),
			.mine = mem_strdup(c->fields[i].mine),
			.chosen = mem_strdup(""),
		};
	view_push(&app->stack, &w->view);
}
