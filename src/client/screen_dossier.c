/*
 * A file's papers as a list.  It holds a copy of the record and looks again
 * whenever something was saved, so a paper that was just entered is there on
 * the way back.
 */
#include "client/screen_dossier.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/listpage.h"
#include "client/papers.h"
#include "client/screen_form.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "core/dossier.h"
#include "store/overview.h"

struct screen_dossier {
	struct listpage page;		/* first */
	struct uuid id;
	const struct schema_register *reg;	/* NULL: the record went away */
	struct record record;
	struct dossier dossier;
};

enum { DOSSIER_OPEN = 1 };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, DOSSIER_OPEN, TR_MARK("open"),
	    TR_MARK("Open the paper, or the form that enters it."),
	    KEYMAP_ALWAYS },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

static struct screen_dossier *
of(const struct listpage *p)
{
	return (struct screen_dossier *)(uintptr_t)p;
}

/* ---- reading ---- */

static const char *
proof_words(const struct screen_dossier *w, const struct schema_proof *p)
{
	const struct schema_register *reg = p->reg
		? schema_register_find(w->page.app->cli->schema, p->reg) : NULL;

	return reg ? label_text(&reg->title) : p->field
		? show_label(w->reg, p->field) : "";
}

/* Was it said by a proof before, of another kind or state? */
static bool
is_said(const struct screen_dossier *w, const struct schema_paper *paper,
	size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(proof_words(w, &paper->proofs[k]),
		    proof_words(w, &paper->proofs[i])) == 0)
			return true;
	return false;
}

/* All that shows the paper, "Papers in file, Party". */
static void
add_proofs(const struct screen_dossier *w, struct rows_row *row,
	const struct schema_paper *paper)
{
	struct buf words;

	buf_init(&words, BUF_LINE_MAX);
	for (size_t i = 0; i < paper->proof_count; i++) {
		if (is_said(w, paper, i))
			continue;
		buf_text(&words, i ? tr(", ") : "");
		buf_text(&words, proof_words(w, &paper->proofs[i]));
	}
	rows_cell(row, 2, words.data);
	buf_release(&words);
}

static void
add_row(struct screen_dossier *w, size_t i)
{
	static const enum canvas_role roles[] = { [DOSSIER_THERE] = ROLE_TEXT,
		[DOSSIER_MISSING] = ROLE_WARN, [DOSSIER_OPTIONAL] = ROLE_DIM,
		[DOSSIER_UNKNOWN] = ROLE_DIM };
	const struct dossier_item *item = &w->dossier.items[i];
	const struct schema_paper *paper = item->paper;
	struct rows_row *row;
	struct uuid id;
	char place[24];

	/* a line is known again by its paper's place in the definition */
	(void)snprintf(place, sizeof place, "%td", paper - w->reg->papers);
	id = uuid_named("paper", place);
	row = rows_add(&w->page.rows, &id);
	row->role = roles[item->state];
	rows_cell(row, 0, papers_state(item->state));
	rows_cell(row, 1, label_text(&paper->item));
	add_proofs(w, row, paper);
	while (paper > w->reg->papers && !paper->part.zh)
		paper--;
	rows_cell(row, 3, label_text(&paper->part));
}

static enum status
load(struct screen_dossier *w, struct err *err)
{
	struct record r = {0};
	enum status s = store_get(&r, w->page.app->cli->store, &w->id, err);

	if (s)
		return s;
	record_release(&w->record);
	dossier_release(&w->dossier);
	w->record = r;
	w->reg = schema_register_find(w->page.app->cli->schema, r.reg);
	if (!w->reg)
		return E_OK;
	dossier_of(&w->dossier, w->page.app->cli->schema, w->reg, &w->record,
		w->page.app->today, store_world(w->page.app->cli->store));
	for (size_t i = 0; i < w->dossier.count; i++)
		add_row(w, i);
	return E_OK;
}

static void
dossier_fill(struct listpage *p)
{
	struct err err = ERR_INIT;

	if (load(of(p), &err))
		view_say(&p->app->stack, ROLE_WARN, "%s", err.msg);
}

static void
dossier_title(const struct listpage *p, struct buf *out)
{
	buf_printf(out, "%s%s", tr("File"), tr(": "));
	show_called(out, p->app, &of(p)->id);
	buf_text(out, "  ");
	papers_sum(out, &of(p)->dossier);
}

/* ---- opening ---- */

static const struct dossier_item *
selected(const struct screen_dossier *w)
{
	size_t item = listpage_item(&w->page);

	return item < w->dossier.count ? &w->dossier.items[item] : NULL;
}

/* The first record that shows the paper; false: none. */
static bool
find_record(struct uuid *out, struct screen_dossier *w,
	const struct schema_proof *p, const struct schema_register *reg)
{
	const struct rule_world *world = store_world(w->page.app->cli->store);
	bool child = reg->parent && strcmp(reg->parent, w->reg->name) == 0;
	struct rule_find what = { .reg = p->reg, .field = reg->person_field,
		.but = &w->id };

	if (!child)
		what.value = values_get(&w->record.values,
			w->reg->person_field);
	for (size_t i = 0;; i++) {
		const struct record *r = child ? world->child(world->self,
			&w->id, p->reg, i) : world->find(world->self, &what, i);

		if (!r)
			return false;
		if (!r->deleted && conds_hold(&p->when, r, w->page.app->today, "")) {
			*out = r->id;
			return true;
		}
	}
}

/* A new record that would show the paper: what the proof asks of it is filled
 * in where it says so plainly. */
static void
enter_record(struct screen_dossier *w, const struct schema_proof *p,
	const struct schema_register *reg)
{
	bool child = reg->parent && strcmp(reg->parent, w->reg->name) == 0;
	struct values preset = {0};
	char id[UUID_TEXT_MAX];

	if (!show_may_write(w->page.app, reg)) {
		view_say(&w->page.app->stack, ROLE_WARN, "%s", tr("Your role may "
			"read this register, not change it."));
		return;
	}
	uuid_print(id, &w->id);
	for (size_t i = 0; i < p->when.count; i++) {
		const struct cond *c = &p->when.items[i];

		if ((c->op == COND_EQ || c->op == COND_IN) &&
		    c->field[0] != '@' && c->values[0][0] != '@')
			values_set(&preset, c->field, c->values[0]);
	}
	if (child)
		values_set(&preset, reg->parent_field, id);
	else
		values_set(&preset, reg->person_field, values_get(
			&w->record.values, w->reg->person_field));
	screen_form_push_new(w->page.app, reg, &preset);
	values_release(&preset);
}

static void
open_proof(struct screen_dossier *w, const struct schema_proof *p)
{
	const struct schema_register *reg = p->reg
		? schema_register_find(w->page.app->cli->schema, p->reg) : NULL;
	struct uuid id;

	if (w->record.deleted)
		view_say(&w->page.app->stack, ROLE_WARN, "%s",
			tr("It is withdrawn already."));
	else if (reg && find_record(&id, w, p, reg))
		screen_record_push(w->page.app, &id);
	else if (reg)
		enter_record(w, p, reg);
	else if (show_may_write(w->page.app, w->reg))
		screen_form_push_edit(w->page.app, &w->id, p->field);
	else
		view_say(&w->page.app->stack, ROLE_WARN, "%s", tr("Your role may "
			"read this register, not change it."));
}

/* The choice lies above this view, which therefore outlives it. */
static void
proof_chosen(void *self, struct view_stack *s, int value)
{
	struct screen_dossier *w = self;
	const struct dossier_item *item = selected(w);

	(void)s;
	if (value >= 0 && item && (size_t)value < item->paper->proof_count)
		open_proof(w, &item->paper->proofs[value]);
}

static void
open_paper(struct screen_dossier *w)
{
	const struct dossier_item *item = selected(w);
	const struct schema_paper *paper = item ? item->paper : NULL;
	struct choice *c;

	if (!paper)
		return;
	if (paper->proof_count == 1) {
		open_proof(w, &paper->proofs[0]);
		return;
	}
	c = choice_new(label_text(&paper->item));
	for (size_t i = 0; i < paper->proof_count; i++)
		choice_add(c, 0, proof_words(w, &paper->proofs[i]), (int)i);
	(void)choice_push(&w->page.app->stack, c, proof_chosen, w);
}

static enum view_answer
dossier_act(struct listpage *p, int action, size_t item)
{
	(void)action;
	(void)item;
	open_paper(of(p));
	return VIEW_HANDLED;
}

static void
dossier_release_page(struct listpage *p)
{
	record_release(&of(p)->record);
	dossier_release(&of(p)->dossier);
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.title_of = dossier_title,
	.empty = TR_MARK("No papers belong to this file."),
	.columns = { { TR_MARK("In file"), 9, false },
		{ TR_MARK("Paper"), 0, false },
		{ TR_MARK("Shown by"), 26, false },
		{ TR_MARK("Part"), 16, false } },
	.fill = dossier_fill,
	.act = dossier_act,
	.release = dossier_release_page,
};

void
screen_dossier_push(struct app *app, const struct uuid *id)
{
	struct screen_dossier *w = mem_alloc(1, sizeof *w);
	struct err err = ERR_INIT;

	w->page.app = app;
	w->id = *id;
	if (load(w, &err) || !w->reg) {
		view_complain(&app->stack, &err);
		dossier_release_page(&w->page);
		rows_release(&w->page.rows);
		free(w);
		return;
	}
	listpage_push(app, &w->page, &kind);
}
