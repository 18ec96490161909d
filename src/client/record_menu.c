/*
 * Popups of a record's page.  What is being asked about is kept in the app,
 * because the page may be read anew or closed meanwhile.
 */
#include "client/record_menu.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/batch.h"
#include "client/carry.h"
#include "client/choice.h"
#include "client/handover.h"
#include "client/made.h"
#include "client/move_words.h"
#include "client/proposal.h"
#include "client/scan_menu.h"
#include "client/screen_form.h"
#include "client/show.h"
#include "store/save.h"
#include "store/transfer.h"
#include "ui/prompt.h"

enum {
	MENU_PROPOSALS = 1000,	/* values of "turn into" from here on */
	MENU_HAND_OVER = 2000,	/* to another office: no state of its own */
	MENU_ATTACH = 3000,	/* of "add": no record of its own */
	MENU_CORRECT = 4000,	/* of the steps: the ways back */
};

static void
ask_about(struct app *app, const struct schema_register *reg,
	const struct record *r)
{
	free(app->asked.why);
	free(app->asked.due);
	batch_free(app->asked.batch);
	app->asked = (struct app_question){ .reg = reg, .id = r->id };
}

/* ---- moves ---- */

/* Nobody decides on their own: worth saying when it leaves no step. */
static bool
is_for_another(const struct schema_move *m, const struct record *r,
	const char *role, const struct err *err)
{
	return err->code == E_AUTH &&
		schema_role_in(m->from, m->from_count, r->state) &&
		schema_role_in(m->roles, m->role_count, role);
}

/* What is offered is answered or taken back; nothing else. */
static bool
move_offer(struct app *app, const struct record *r)
{
	const struct overview *o = transfer_of(app->cli->store, &r->id);
	struct record offer = {0};
	struct err err = ERR_INIT;

	if (!o)
		return false;
	if (!schema_may_move(o->reg, app_role(app)))
		(void)handover_lets(app, r);
	else if (store_get(&offer, app->cli->store, &o->id, &err))
		view_complain(&app->stack, &err);
	else
		record_menu_move(app, o->reg, &offer);
	record_release(&offer);
	return true;
}

/* The steps, or the corrections of mistaken ones.  why: set when another person
 * has to make the step. */
static void
offer_moves(struct choice *c, const struct app *app,
	const struct schema_register *reg, const struct record *r, bool back,
	struct err *why)
{
	const struct rule_world *world = store_world(app->cli->store);
	const struct rule_who who = { app_role(app), app_name(app) };

	for (size_t i = 0; i < reg->move_count && !r->deleted; i++) {
		const struct schema_move *m = &reg->moves[i];
		struct err err = ERR_INIT;
		struct buf words;

		if (m == schema_receipt_move(reg) || m->back != back ||
		    transfer_need_side(app->cli->store, r, m->to, &err))
			continue;
		if (rule_may_move(reg, m, r, &who, app->today, world, &err)) {
			if (is_for_another(m, r, who.role, &err))
				*why = err;
			continue;
		}
		buf_init(&words, BUF_LINE_MAX);
		buf_printf(&words, "%s -> ", label_text(&m->label));
		show_state(&words, reg, m->to);
		choice_add(c, 0, words.data, (int)i);
		buf_release(&words);
	}
}

/* As rules see it: with what derives. */
static void
derived(struct record *out, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	record_copy(out, r);
	rule_derive(reg, out, app->today, store_world(app->cli->store));
}

static struct choice *
corrections_of(const struct app *app, const struct schema_register *reg,
	const struct record *r)
{
	struct choice *c = choice_new(tr("Correct the state"));
	struct err ignored = ERR_INIT;
	struct record now = {0};

	derived(&now, app, reg, r);
	offer_moves(c, app, reg, &now, true, &ignored);
	record_release(&now);
	return c;
}

static bool
any_of(struct choice *c)
{
	bool any = choice_has_rows(c);

	choice_drop(c);
	return any;
}

/* back: corrections too, behind a line of their own. */
static struct choice *
moves_of(const struct app *app, const struct schema_register *reg,
	const struct record *r, bool back, struct err *why)
{
	struct choice *c = choice_new(tr("Move on"));
	struct record now = {0};

	derived(&now, app, reg, r);
	offer_moves(c, app, reg, &now, false, why);
	record_release(&now);
	if (handover_may(app, reg, r))
		choice_add(c, 0, tr("Hand over to another office"),
			MENU_HAND_OVER);
	if (back && any_of(corrections_of(app, reg, r)))
		choice_add(c, 0, tr("Correct the state (a mistaken step)"),
			MENU_CORRECT);
	return c;
}

static void
move_chosen(void *self, struct view_stack *s, int value)
{
	struct app *app = self;
	struct app_question *a = &app->asked;
	struct record r = {0};
	struct err err = ERR_INIT;

	if (value == MENU_HAND_OVER) {
		handover_ask(app, &a->id);
	} else if (value == MENU_CORRECT) {
		if (store_get(&r, app->cli->store, &a->id, &err))
			view_complain(s, &err);
		else
			(void)choice_push(s, corrections_of(app, a->reg, &r),
				move_chosen, app);
		record_release(&r);
	} else if (value >= 0) {
		screen_form_push_move(app, &a->id, &a->reg->moves[value]);
	}
}

bool
record_menu_may_move(const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	const struct overview *o = transfer_of(app->cli->store, &r->id);
	const struct schema_state *state = schema_state_find(reg, r->state);
	struct err why = ERR_INIT;

	if (o)
		return schema_may_move(o->reg, app_role(app));
	/* where work goes on a correction is not worth its place */
	return any_of(moves_of(app, reg, r, state && !state->active, &why));
}

void
record_menu_move(struct app *app, const struct schema_register *reg,
	const struct record *r)
{
	struct err why = ERR_INIT;
	struct buf words;

	if (move_offer(app, r))
		return;
	ask_about(app, reg, r);
	if (choice_push(&app->stack, moves_of(app, reg, r, true, &why),
	    move_chosen, app))
		return;
	buf_init(&words, BUF_LINE_MAX);
	if (why.code)
		buf_text(&words, why.msg);
	else if (r->deleted)
		buf_text(&words, tr("It is withdrawn already."));
	else
		move_words_next(&words, reg, r->state);
	view_say(&app->stack, ROLE_WARN, "%s", words.data);
	buf_release(&words);
}

/* ---- adding ---- */

/* value: the register's place in the schema. */
static void
add_chosen(void *self, struct view_stack *s, int value)
{
	struct app *app = self;
	struct app_question *a = &app->asked;
	struct values preset = {0};
	char id[UUID_TEXT_MAX];

	(void)s;
	if (value == MENU_ATTACH) {
		scan_menu_add(app, &a->id);
	} else if (value >= (int)app->cli->schema->register_count) {
		made_push(app, &a->id, (size_t)value -
			app->cli->schema->register_count, NULL);
	} else if (value >= 0) {
		const struct schema_register *reg =
			&app->cli->schema->registers[value];
		bool child = reg->parent &&
			strcmp(reg->parent, a->reg->name) == 0;

		uuid_print(id, &a->id);
		values_set(&preset, child ? reg->parent_field
			: reg->person_field, id);
		screen_form_push_new(app, reg, &preset);
		values_release(&preset);
	}
}

/* A child of the register; of a person also what is about them. */
static bool
belongs(const struct schema_register *reg, const struct schema_register *below)
{
	if (below->parent)
		return strcmp(below->parent, reg->name) == 0;
	return strcmp(reg->name, "person") == 0 && below->person_field;
}

static struct choice *
additions_to(const struct app *app, const struct schema_register *reg,
	const struct record *r)
{
	const struct schema *schema = app->cli->schema;
	struct choice *c = choice_new(tr("Add"));

	for (size_t i = 0; i < schema->register_count && !r->deleted; i++) {
		const struct schema_register *below = &schema->registers[i];

		if (belongs(reg, below) && show_may_write(app, below))
			choice_add(c, below->key, label_text(&below->title),
				(int)i);
	}
	made_offer(c, app, reg, r, (int)schema->register_count);
	if (!r->deleted && show_may_write(app, reg))
		choice_add(c, 'F', tr("Attachment (a scan)"), MENU_ATTACH);
	return c;
}

/* A person is no office's own. */
static bool
is_person(const struct schema_register *reg)
{
	return strcmp(reg->name, "person") == 0;
}

bool
record_menu_may_add(const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	struct err none = ERR_INIT;

	return (is_person(reg) ||
		!transfer_need_settled(app->cli->store, r, &none)) &&
		any_of(additions_to(app, reg, r));
}

void
record_menu_add(struct app *app, const struct schema_register *reg,
	const struct record *r, bool quiet)
{
	if (!is_person(reg) && !handover_lets(app, r))
		return;
	ask_about(app, reg, r);
	if (choice_push(&app->stack, additions_to(app, reg, r), add_chosen,
	    app))
		return;
	if (!quiet)
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("Nothing can be added here."));
}

/* ---- turning into another ---- */

static void
make_chosen(void *self, struct view_stack *s, int value)
{
	struct app *app = self;

	(void)s;
	if (value >= MENU_PROPOSALS)
		proposal_push_of(app, &app->asked.id, value - MENU_PROPOSALS);
	else if (value >= 0)
		made_push(app, &app->asked.id, (size_t)value, NULL);
}

void
record_menu_make(struct app *app, const struct schema_register *reg,
	const struct record *r)
{
	struct choice *c;
	int only = made_only(app, reg, r);

	ask_about(app, reg, r);
	if (only >= 0 && !proposal_offer(NULL, app, &r->id, 0)) {
		made_push(app, &r->id, (size_t)only, NULL);
		return;
	}
	c = choice_new(tr("Turn into"));
	(void)proposal_offer(c, app, &r->id, MENU_PROPOSALS);
	made_offer(c, app, reg, r, 0);
	if (!choice_push(&app->stack, c, make_chosen, app)) {
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("It turns into nothing else here."));
	}
}

/* ---- withdrawing ---- */

static void
say_withdrawn(struct app *app)
{
	struct record r = {0};
	struct err none = ERR_INIT;
	struct buf left;

	buf_init(&left, BUF_LINE_MAX);
	if (!store_get(&r, app->cli->store, &app->asked.id, &none))
		carry_left(&left, app->cli->store, &r);
	if (left.len)
		view_say(&app->stack, ROLE_WARN, "%s%s",
			tr("Withdrawn, saved here. "), left.data);
	else
		view_say(&app->stack, ROLE_GOOD, "%s",
			tr("Withdrawn, saved here."));
	record_release(&r);
	buf_release(&left);
}

static void
withdrawal_confirmed(void *self, struct view_stack *s, const char *text)
{
	struct app *app = self;
	struct app_question *a = &app->asked;
	struct err err = ERR_INIT;

	if (text && save_remove(app->cli->store, &a->id, a->why, &err)) {
		view_complain(s, &err);
	} else if (text) {
		say_withdrawn(app);
		app_sync_soon(app);
	}
}

static void
withdrawal_reason(void *self, struct view_stack *s, const char *text)
{
	struct app *app = self;
	struct app_question *a = &app->asked;

	if (!text || !*text) {
			return;
	}
	a->why = mem_strdup(text);
	prompt_push(s, PROMPT_YES, tr("Withdraw this record? (y and Enter)"),
		NULL, withdrawal_confirmed, app);
}

void
record_menu_withdraw(struct app *app, const struct record *r)
{
	if (!handover_lets(app, r))
		return;
	ask_about(app, NULL, r);
	if (r->deleted)
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("It is withdrawn already."));
	else
		prompt_push(&app->stack, PROMPT_TEXT,
			tr("Withdraw because:"), NULL, withdrawal_reason,
			app);
}
