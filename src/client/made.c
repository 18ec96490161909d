/*
 * What a record can be turned into, and the form for it.
 */
#include "client/made.h"

#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"
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

void
made_push(struct app *app, const struct uuid *id, size_t i,
	const struct values *over)
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
		uuid_print(text, id);
		values_set(&preset, m->back, text);
		for (size_t k = 0; over && k < over->count; k++)
			values_set(&preset, over->items[k].name,
				over->items[k].text);
		screen_form_push_new(app, schema_register_find(schema, m->reg),
			&preset);
	}
	values_release(&preset);
	record_release(&from);
}
