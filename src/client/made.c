/*
 * One record made of another.
 */
#include "client/made.h"

#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/newrec.h"
#include "client/screen_form.h"
#include "client/show.h"
#include "core/schema_make.h"

/* ---- offering ---- */

static bool
is_offered(const struct app *app, const struct schema_make *m,
	const struct record *r)
{
	const struct schema_register *to = schema_register_find(
		app->cli->schema, m->reg);

	return to && !r->deleted && show_may_write(app, to) &&
		!(m->link && values_has(&r->values, m->link)) &&
		conds_hold(&m->when, r, app->today, app_name(app));
}

bool
made_is_offered(const struct app *app, const struct schema_register *reg,
	const struct record *r)
{
	for (size_t i = 0; i < reg->make_count; i++)
		if (is_offered(app, &reg->makes[i], r))
			return true;
	return false;
}

int
made_only(const struct app *app, const struct schema_register *reg,
	const struct record *r)
{
	int only = -1;

	for (size_t i = 0; i < reg->make_count; i++) {
		if (!is_offered(app, &reg->makes[i], r))
			continue;
		if (only >= 0)
			return -1;
		only = (int)i;
	}
	return only;
}

void
made_offer(struct choice *c, const struct app *app,
	const struct schema_register *reg, const struct record *r, int first)
{
	for (size_t i = 0; i < reg->make_count; i++)
		if (is_offered(app, &reg->makes[i], r))
			choice_add(c, reg->makes[i].key,
				label_text(&reg->makes[i].label),
				first + (int)i);
}

/* @today and @me, as in "initial". */
static void
fill_in(struct values *v, const struct store *s)
{
	char today[DATE_TEXT_MAX];

	date_print(today, clock_today());
	for (size_t i = 0; i < v->count; i++) {
		if (strcmp(v->items[i].text, "@today") == 0)
			values_set(v, v->items[i].name, today);
		else if (strcmp(v->items[i].text, "@me") == 0)
			values_set(v, v->items[i].name, store_user(s)->name);
	}
}

void
made_push(struct app *app, const struct uuid *id, size_t i)
{
	const struct schema *schema = app->cli->schema;
	const struct schema_register *reg;
	struct record from = {0};
	struct values preset = {0};
	struct err err = ERR_INIT;
	char text[UUID_TEXT_MAX];

	if (store_get(&from, app->cli->store, id, &err)) {
		view_complain(&app->stack, &err);
		return;
	}
	reg = schema_register_find(schema, from.reg);
	if (reg && i < reg->make_count) {
		const struct schema_make *m = &reg->makes[i];

		schema_make_values(&preset, schema, m->reg, &m->set, &from);
		fill_in(&preset, app->cli->store);
		uuid_print(text, id);
		values_set(&preset, m->back, text);
		screen_form_push_new(app, schema_register_find(schema, m->reg),
			&preset);
	}
	values_release(&preset);
	record_release(&from);
}

/* ---- saving ---- */

static void
warn(struct save *save, const struct err *why)
{
	faults_add(&save->faults, "", false, "%s", why->msg);
}

/* Where a new record comes from; NULL: from nowhere. */
static const struct schema_make *
maker_of(struct uuid *origin, const struct schema_register **from,
	const struct store *s, const struct save *save)
{
	const struct schema_make *m = NULL;

	if (save->seen)
		return NULL;
	do {
		m = schema_make_next(from, store_schema(s), save->record->reg,
			m);
	} while (m && !uuid_parse(origin, values_get(&save->record->values,
	    m->back)));
	return m;
}

static void
make_child(struct store *s, const struct schema_make_child *c,
	const struct record *from, struct save *made)
{
	const struct schema_register *reg = schema_register_find(
		store_schema(s), c->reg);
	struct values values = {0};
	struct record r = {0};
	struct save save = { .record = &r };
	struct err err = ERR_INIT;
	char parent[UUID_TEXT_MAX];

	if (reg && schema_make_child_values(&values, store_schema(s), c,
	    from)) {
		newrec_init(&r, s, reg);
		fill_in(&values, s);
		for (size_t i = 0; i < values.count; i++)
			values_set(&r.values, values.items[i].name,
				values.items[i].text);
		uuid_print(parent, &made->record->id);
		values_set(&r.values, reg->parent_field, parent);
		if (save_record(s, &save, &err))
			warn(made, &err);
	}
	faults_release(&save.faults);
	values_release(&values);
	record_release(&r);
}

/* The step if it can be made now, else only the link. */
static enum status
go_on(struct store *s, const struct schema_register *reg,
	const struct schema_make *m, struct save *save, struct err *err)
{
	struct err ignored = ERR_INIT;

	for (size_t i = 0; m->move && i < reg->move_count; i++) {
		const struct schema_move *step = &reg->moves[i];

		if (strcmp(step->name, m->move) == 0 &&
		    !rule_move(store_schema(s), reg, save->record, step->to,
		    store_user(s)->role, clock_today(), store_world(s),
		    &ignored))
			return save_move(s, save, step->to, err);
	}
	return save_record(s, save, err);
}

static void
link_back(struct store *s, const struct schema_register *reg,
	const struct schema_make *m, const struct record *from,
	struct save *made)
{
	struct record r = {0};
	struct save save = { .record = &r, .seen = from };
	struct err err = ERR_INIT;
	char id[UUID_TEXT_MAX];

	if (!schema_may_write(reg, store_user(s)->role) ||
	    (m->link && values_has(&from->values, m->link)))
		return;
	record_copy(&r, from);
	uuid_print(id, &made->record->id);
	if (m->link)
		values_set(&r.values, m->link, id);
	if ((m->link || m->move) && go_on(s, reg, m, &save, &err))
		warn(made, &err);
	faults_release(&save.faults);
	record_release(&r);
}

enum status
made_save(struct store *s, struct save *save, struct err *err)
{
	const struct schema_register *reg = NULL;
	struct uuid origin = {{0}};
	const struct schema_make *m = maker_of(&origin, &reg, s, save);
	struct record from = {0};
	struct err missing = ERR_INIT;
	enum status st;

	if (!m || store_get(&from, s, &origin, &missing))
		return save_record(s, save, err);
	st = save_batch_begin(s, err);
	if (!st) {
		st = save_record(s, save, err);
		for (size_t i = 0; i < m->child_count && !st; i++)
			make_child(s, &m->children[i], &from, save);
		if (!st)
			link_back(s, reg, m, &from, save);
		if (st)
			save_batch_rollback(s);
		else
			st = save_batch_commit(s, err);
	}
	record_release(&from);
	return st;
}
