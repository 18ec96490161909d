/*
 * Forms in progress.
 */
#include "client/screen_drafts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/batch.h"
#include "client/listpage.h"
#include "client/screen_form.h"
#include "client/screen_form_parts.h"
#include "client/show.h"
#include "store/draft.h"
#include "ui/prompt.h"

struct screen_drafts {
	struct listpage page;		/* first */
	struct draft_list drafts;
};

enum { DRAFTS_OPEN = 1, DRAFTS_DROP };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, DRAFTS_OPEN, TR_MARK("go on"),
	    TR_MARK("Go on with the form where it was left."), KEYMAP_ALWAYS },
	{ 'D', PRESS_NONE, DRAFTS_DROP, TR_MARK("drop"),
	    TR_MARK("Drop what was typed; asks first."), KEYMAP_ALWAYS },
	{ 'q', PRESS_CTRL + 'X', LISTPAGE_BACK, TR_MARK("later"),
	    TR_MARK("Leave them for later."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, LISTPAGE_BACK, TR_MARK("later"),
	    TR_MARK("Leave them for later."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

static struct screen_drafts *
of(const struct listpage *p)
{
	return (struct screen_drafts *)(uintptr_t)p;
}

/* What the form is about: the record's name, or what was typed as one. */
static void
draft_words(struct buf *out, const struct app *app, const struct draft *d,
	const struct schema_register *reg)
{
	if (d->seen.reg[0]) {
		const char *move = values_get(&d->record.values,
			SCREEN_FORM_MOVE);

		for (size_t i = 0; reg && i < reg->move_count; i++)
			if (strcmp(reg->moves[i].name, move) == 0)
				buf_printf(out, "%s%s",
					label_text(&reg->moves[i].label),
					tr(": "));
		show_called_whose(out, app, &d->seen.id);
		return;
	}
	if (batch_drafted(&d->record.values)) {
		buf_printf(out, tr("for %zu records"),
			batch_drafted(&d->record.values));
		return;
	}
	buf_text(out, tr("(new) "));
	for (size_t i = 0; reg && i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];
		const char *text = values_get(&d->record.values, f->name);

		if (!*text || f->initial || f->restricted ||
		    f->type == VT_CODE)
			continue;
		show_field(out, app, f, text, "");
		return;
	}
}

static void
add_row(struct screen_drafts *w, const struct draft *d)
{
	const struct schema_register *reg = schema_register_find(
		w->page.app->cli->schema, d->record.reg);
	struct uuid id = {{0}};
	struct rows_row *row;
	struct buf text;

	(void)uuid_parse(&id, d->key);
	row = rows_add(&w->page.rows, &id);
	buf_init(&text, BUF_LINE_MAX);
	show_time(&text, d->saved_at);
	rows_cell(row, 0, text.data);
	rows_cell(row, 1, reg ? label_text(&reg->title) : d->record.reg);
	buf_clear(&text);
	draft_words(&text, w->page.app, d, reg);
	rows_cell(row, 2, text.data);
	buf_release(&text);
}

static void
drafts_fill(struct listpage *p)
{
	struct screen_drafts *w = of(p);
	struct err err = ERR_INIT;

	draft_list_release(&w->drafts);
	if (draft_list(&w->drafts, p->app->cli->store, &err))
		view_complain(&p->app->stack, &err);
	for (size_t i = 0; i < w->drafts.count; i++)
		add_row(w, &w->drafts.items[i]);
}

static void
drafts_around(struct listpage *p, struct canvas *c, struct canvas_area *body)
{
	(void)p;
	(void)canvas_text_cut(c, body->row, 2, body->cols - 4, ROLE_TEXT,
		tr("What was typed is kept; nobody else sees it until it is "
		"saved."));
	body->row += 2;
	body->rows -= 2;
}

static void
drop_answered(void *self, struct view_stack *s, const char *text)
{
	struct screen_drafts *w = self;
	struct err err = ERR_INIT;
	size_t item = listpage_item(&w->page);

	if (!text || item >= w->drafts.count)
		return;
	if (draft_drop(w->page.app->cli->store, w->drafts.items[item].key,
	    &err))
		view_complain(s, &err);
	listpage_refresh(&w->page);
}

static enum view_answer
drafts_act(struct listpage *p, int action, size_t item)
{
	struct screen_drafts *w = of(p);
	struct view_stack *s = &p->app->stack;

	if (action == DRAFTS_DROP) {
		if (item < w->drafts.count)
			prompt_push(s, PROMPT_YES,
				tr("Drop this form for good? (y and Enter)"),
				NULL, drop_answered, w);
		return VIEW_HANDLED;
	}
	if (item < w->drafts.count)
		screen_form_push_draft(p->app, &w->drafts.items[item]);
	/* Behind the last one this page would be empty. */
	return w->drafts.count == 1 && view_top(s) != &p->view ? VIEW_CLOSE
		: VIEW_HANDLED;
}

static void
drafts_release(struct listpage *p)
{
	draft_list_release(&of(p)->drafts);
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.title = TR_MARK("Forms not finished"),
	.empty = TR_MARK("No form was left unfinished."),
	.columns = { { TR_MARK("Kept"), 12, false },
		{ TR_MARK("Register"), 20, false },
		{ TR_MARK("About"), 0, false } },
	.fit = true,
	.fill = drafts_fill,
	.of_item = { DRAFTS_DROP },
	.act = drafts_act,
	.around = drafts_around,
	.release = drafts_release,
};

void
screen_drafts_push(struct app *app)
{
	struct screen_drafts *w = mem_alloc(1, sizeof *w);

	listpage_push(app, &w->page, &kind);
}
