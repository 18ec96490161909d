/*
 * How a form begins: new, for a change, for a move, from a draft, from what was
 * refused.
 */
#include "client/screen_form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/batch.h"
#include "client/carry.h"
#include "client/handover.h"
#include "client/newrec.h"
#include "client/offices.h"
#include "client/refs.h"
#include "client/screen_form_parts.h"
#include "client/show.h"
#include "store/audit.h"
#include "store/draft.h"
#include "store/overview.h"
#include "store/save.h"
#include "ui/prompt.h"

/* r: what the form shows first; seen is taken (reg "" for a new record), and
 * so is the batch (NULL none). */
static struct screen_form *
push_for(struct app *app, const struct schema_register *reg,
	const struct schema_move *move, const struct record *r,
	struct record *seen, struct batch *batch)
{
	struct screen_form *w = mem_alloc(1, sizeof *w);
	const struct rule_world *world = batch ? NULL
		: store_world(app->cli->store);
	struct formview_options o = { .schema = app->cli->schema, .reg = reg,
		.today = app->today, .user = app_name(app),
		.mode = RULE_SAVE, .world = world, .hooks = refs_hooks(app),
		.each = batch != NULL, .shelves = true,
		.role = app_role(app),
		.hide_restricted = !show_may_see(app, reg) };
	struct uuid key = uuid_new();

	w->view.ops = &screen_form_ops;
	w->app = app;
	w->reg = reg;
	w->move = move;
	w->batch = batch;
	w->seen = *seen;
	*seen = (struct record){0};
	uuid_print(w->draft, &key);
	if (move) {
		if (batch)
			batch_moveform(&w->moveform, app->cli->schema, batch);
		else
			moveform_init(&w->moveform, app->cli->schema, reg,
				move, r, app->today, world);
		if (w->moveform.field_count)
			o.reg = &w->moveform.reg;
		else
			o.readonly = true;
	}
	w->form = formview_new(&o, r);
	w->outer = app->forms;
	app->forms = w;
	view_push(&app->stack, &w->view);
	return w;
}

static struct screen_form *
push(struct app *app, const struct schema_register *reg,
	const struct schema_move *move, const struct record *r,
	struct record *seen)
{
	return push_for(app, reg, move, r, seen, NULL);
}

/* Not when the server has not been reached for too long. */
static bool
may_work(struct app *app)
{
	struct err err = ERR_INIT;

	if (!store_need_work(app->cli->store, &err))
		return true;
	view_complain(&app->stack, &err);
	return false;
}

static bool
may_write(struct app *app, const struct schema_register *reg)
{
	if (!may_work(app))
		return false;
	if (reg && show_may_write(app, reg))
		return true;
	view_say(&app->stack, ROLE_WARN, "%s", show_not_to_write(reg));
	return false;
}

struct screen_form *
screen_form_begin_new(struct app *app, const struct schema_register *reg,
	const struct values *preset, const char *office)
{
	struct record r = {0}, none = {0};
	struct screen_form *w;

	if (!may_write(app, reg))
		return NULL;
	newrec_init_for(&r, app->cli->store, reg, office);
	if (preset)
		newrec_preset(&r.values, app->cli->store, preset);
	newrec_from_parent(&r, app->cli->store, reg);
	w = push(app, reg, NULL, &r, &none);
	record_release(&r);
	return w;
}

void
screen_form_push_new_for(struct app *app, const struct schema_register *reg,
	const struct values *preset, const char *office)
{
	(void)screen_form_begin_new(app, reg, preset, office);
}

/* What a county enters about a record is its office's; about none, it says
 * whose. */
void
screen_form_push_new(struct app *app, const struct schema_register *reg,
	const struct values *preset)
{
	const struct store *s = app->cli->store;
	char office[RECORD_OFFICE_MAX];

	memcpy(office, store_user(s)->office, sizeof office);
	if (offices_are_many(s) && !offices_of_values(office, s, preset) &&
	    may_write(app, reg))
		offices_ask_new(app, reg);
	else
		screen_form_push_new_for(app, reg, preset, office);
}

/* A form shows all of a record, id numbers whole. */
static bool
is_noted(struct app *app, const struct uuid *id)
{
	struct err err = ERR_INIT;

	if (!audit_view_as(app->cli->store, id, "form", true, &err))
		return true;
	view_complain(&app->stack, &err);
	return false;
}

/* The stored record and its register; false: said why not.  Who only decides
 * on it moves it without writing it. */
static bool
fetch(struct record *out, const struct schema_register **reg,
	struct app *app, const struct uuid *id, bool moves)
{
	struct err err = ERR_INIT;

	if (!may_work(app))
		return false;
	if (store_get(out, app->cli->store, id, &err)) {
		view_complain(&app->stack, &err);
		return false;
	}
	*reg = schema_register_find(app->cli->schema, out->reg);
	if (((moves && *reg && show_may_see(app, *reg)) ||
	    may_write(app, *reg)) && handover_lets(app, out) &&
	    is_noted(app, id))
		return true;
	record_release(out);
	return false;
}

void
screen_form_push_edit(struct app *app, const struct uuid *id,
	const char *field)
{
	const struct schema_register *reg = NULL;
	struct record seen = {0}, r = {0};
	struct screen_form *w;

	if (!fetch(&seen, &reg, app, id, false))
		return;
	record_copy(&r, &seen);
	w = push(app, reg, NULL, &r, &seen);
	if (field)
		(void)formview_goto(w->form, field);
	record_release(&r);
}

/* Nothing is asked: one question, then the move. */
static void
plain_move_answered(void *self, struct view_stack *s, const char *text)
{
	struct app *app = self;
	struct record seen = {0}, r = {0};
	struct err err = ERR_INIT;
	struct save save = { .record = &r, .seen = &seen };

	if (text && !store_get(&seen, app->cli->store, &app->asked.id, &err)) {
		record_copy(&r, &seen);
		if (!carry_move(app->cli->store, &save, app->asked.move->to, &err)) {
			view_say(s, ROLE_GOOD, "%s",
				tr("Moved on, saved here."));
			app_sync_soon(app);
		}
	}
	if (err.code)
		view_complain(s, &err);
	faults_release(&save.faults);
	record_release(&seen);
	record_release(&r);
}

static void
ask_plain_move(struct app *app, const struct uuid *id,
	const struct schema_move *move)
{
	struct buf question;

	app->asked.id = *id;
	app->asked.move = move;
	buf_init(&question, BUF_LINE_MAX);
	buf_printf(&question, tr("%s? (y and Enter)"),
		label_text(&move->label));
	prompt_push(&app->stack, PROMPT_YES, question.data, NULL,
		plain_move_answered, app);
	buf_release(&question);
}

/* What no form of the step can mend is said before anything is typed. */
static bool
is_ready(struct app *app, const struct schema_register *reg,
	const struct schema_move *move, const struct record *r)
{
	struct err err = ERR_INIT;

	if (!rule_move_ready(app->cli->schema, reg, move, r, app->today,
	    store_world(app->cli->store), &err))
		return true;
	if (err.code == E_NOTFOUND)
		view_say(&app->stack, ROLE_WARN, tr("%s; add it first (a), "
			"then make the step '%s'."), err.msg,
			label_text(&move->label));
	else
		view_say(&app->stack, ROLE_WARN, "%s", err.msg);
	return false;
}

/* The step can be made with one code only: it stands there already.  A yes is
 * somebody's word and is asked for. */
static bool
fill_only_codes(struct record *r, const struct schema_register *reg,
	const struct schema_move *move)
{
	bool any = false;

	for (size_t i = 0; i < move->guard.count; i++) {
		const struct cond *c = &move->guard.items[i];
		const struct schema_field *f = schema_field_find(reg,
			c->field);

		if (!f || f->type != VT_CODE || f->multi ||
		    c->op != COND_EQ || strcmp(values_get(&r->values,
		    f->name), c->values[0]) == 0)
			continue;
		values_set(&r->values, f->name, c->values[0]);
		any = true;
	}
	return any;
}

void
screen_form_push_move(struct app *app, const struct uuid *id,
	const struct schema_move *move)
{
	const struct schema_register *reg = NULL;
	struct record seen = {0}, r = {0};
	struct moveform asked = {0};
	struct screen_form *w = NULL;
	bool filled;

	if (!fetch(&seen, &reg, app, id, true))
		return;
	if (!is_ready(app, reg, move, &seen)) {
		record_release(&seen);
		return;
	}
	record_copy(&r, &seen);
	filled = fill_only_codes(&r, reg, move);
	moveform_init(&asked, app->cli->schema, reg, move, &r, app->today,
		store_world(app->cli->store));
	if (asked.field_count)
		w = push(app, reg, move, &r, &seen);
	else
		ask_plain_move(app, id, move);
	if (w && filled)
		formview_goto_empty(w->form);
	moveform_release(&asked);
	record_release(&seen);
	record_release(&r);
}

/* What a new child of each starts from: that of the first, so that what names
 * its parent is there. */
static void
first_child(struct record *r, struct app *app, const struct batch *b,
	const struct values *preset)
{
	char id[UUID_TEXT_MAX];

	newrec_init(r, app->cli->store, b->child);
	for (size_t i = 0; preset && i < preset->count; i++)
		values_set(&r->values, preset->items[i].name,
			preset->items[i].text);
	uuid_print(id, &b->ids[0]);
	values_set(&r->values, b->child->parent_field, id);
}

static struct screen_form *
push_batch(struct app *app, struct batch *b, const struct values *preset)
{
	const struct schema_register *reg = b->move ? b->reg : b->child;
	struct record r = {0}, none = {0};
	struct err err = ERR_INIT;
	struct screen_form *w = NULL;

	if (!may_write(app, reg)) {
		batch_free(b);
		return NULL;
	}
	if (!b->move)
		first_child(&r, app, b, preset);
	if (b->move && (batch_ask(b, app->cli->store, &err) ||
	    batch_common(&r, app->cli->store, b, &err))) {
		view_complain(&app->stack, &err);
		batch_free(b);
		return NULL;
	}
	w = push_for(app, reg, b->move, &r, &none, b);
	record_release(&r);
	return w;
}

void
screen_form_push_batch(struct app *app, struct batch *b,
	const struct values *preset)
{
	(void)push_batch(app, b, preset);
}

static void
put_over(struct screen_form *w, const struct values *values)
{
	for (size_t i = 0; i < values->count; i++)
		formview_set(w->form, values->items[i].name,
			values->items[i].text);
}

/* What is over its start counts as changed, so that leaving the form asks. */
static void
go_on(struct screen_form *w, const struct draft *d,
	const struct values *values)
{
	struct record first = {0};

	formview_record(w->form, &first);
	for (size_t i = 0; i < first.values.count; i++)
		if (!values_has(values, first.values.items[i].name))
			formview_set(w->form, first.values.items[i].name, "");
	put_over(w, values);
	memcpy(w->draft, d->key, sizeof w->draft);
	w->drafted = true;
	w->from_drafts = true;
	w->kept = formview_changes(w->form);
	(void)formview_goto(w->form, d->field);
	formview_go_on(w->form);
	record_release(&first);
}

/* The step that a draft belongs to, if it can still be made. */
static const struct schema_move *
move_of(struct values *values, const struct schema_register *reg,
	const struct app *app, const struct uuid *id)
{
	char *name = mem_strdup(values_get(values, SCREEN_FORM_MOVE));
	const struct overview *o = overview_find(app->cli->store, id);
	const struct schema_move *found = NULL;

	values_set(values, SCREEN_FORM_MOVE, NULL);
	for (size_t i = 0; reg && o && i < reg->move_count; i++) {
		const struct schema_move *m = &reg->moves[i];

		if (strcmp(m->name, name) == 0 && schema_role_in(m->from,
		    m->from_count, o->state) && schema_role_in(m->roles,
		    m->role_count, app_role(app)))
			found = m;
	}
	free(name);
	return found;
}

void
screen_form_push_draft(struct app *app, const struct draft *d)
{
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, d->record.reg);
	struct record seen = {0}, first = {0};
	struct values values = {0};
	const struct schema_move *move;
	struct screen_form *w;
	struct batch *b;

	values_copy(&values, &d->record.values);
	move = move_of(&values, reg, app, &d->seen.id);
	if (move ? !may_work(app) : !may_write(app, reg)) {
		values_release(&values);
		return;
	}
	b = batch_take(&values, app->cli->schema, d->record.reg);
	if (d->seen.reg[0]) {
		record_copy(&seen, &d->seen);
		record_copy(&first, &d->seen);
	} else if (!b) {
		newrec_init_for(&first, app->cli->store, reg,
			d->record.office[0] ? d->record.office :
			store_user(app->cli->store)->office);
	}
	w = b ? push_batch(app, b, NULL) : push(app, reg, move, &first, &seen);
	if (w)
		go_on(w, d, &values);
	values_release(&values);
	record_release(&first);
	record_release(&seen);
}

void
screen_form_push_mend(struct app *app, const struct outbox_entry *e)
{
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, e->op.reg);
	struct record seen = {0}, r = {0};
	struct err err = ERR_INIT;
	struct screen_form *w;

	if (!may_write(app, reg) || !is_noted(app, &e->op.record))
		return;
	if (store_get(&seen, app->cli->store, &e->op.record, &err)) {
		seen = (struct record){0};
		newrec_init_for(&r, app->cli->store, reg, e->op.office[0] ?
			e->op.office : store_user(app->cli->store)->office);
	} else {
		record_copy(&r, &seen);
	}
	w = push(app, reg, NULL, &r, &seen);
	for (size_t i = 0; i < e->op.change_count; i++)
		if (e->op.changes[i].field[0] != '@')
			formview_set(w->form, e->op.changes[i].field,
				e->op.changes[i].after);
	w->mend_epoch = e->op.epoch;
	w->mend_n = e->op.n;
	view_say(&app->stack, ROLE_WARN, "%s", e->why);
	record_release(&r);
}
