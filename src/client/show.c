/*
 * Facts in words.
 */
#include "client/show.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "client/offices.h"
#include "core/number.h"
#include "core/overlay.h"
#include "store/people_names.h"

enum { WHOSE_CELLS = 12 };	/* of a parent, before the name of its own */

const char *
show_who(const struct app *app, const char *login)
{
	return people_names_of(app->cli->store, login);
}

const char *
show_who_said(const struct app *app, const char *login, const char *name)
{
	const char *called = show_who(app, login);

	return called == login && *name ? name : called;
}

const char *
show_mark(uint8_t sync)
{
	switch (sync) {
	case SYNC_WAITING:
		return tr("w");
	case SYNC_CONFLICT:
		return tr("c");
	case SYNC_REFUSED:
		return tr("r");
	default:
		return "";
	}
}

const char *
show_truth(uint8_t sync)
{
	switch (sync) {
	case SYNC_WAITING:
		return tr("saved here");
	case SYNC_CONFLICT:
	case SYNC_REFUSED:
		return tr("for a person to settle");
	default:
		return tr("delivered");
	}
}

void
show_called(struct buf *out, const struct app *app, const struct uuid *id)
{
	const struct overview *o = overview_find(app->cli->store, id);
	size_t start = out->len;

	if (!o) {
		buf_text(out, tr("(not in this cache)"));
		return;
	}
	overview_called(out, app->cli->store, o);
	if (out->len == start && o->reg)
		buf_text(out, label_text(&o->reg->one));
}

void
show_called_whose(struct buf *out, const struct app *app,
	const struct uuid *id)
{
	const struct overview *o = overview_find(app->cli->store, id);
	struct buf whose;
	size_t len;

	if (o && o->reg && o->reg->parent &&
	    overview_find(app->cli->store, &o->parent)) {
		buf_init(&whose, BUF_RECORD_MAX);
		show_called(&whose, app, &o->parent);
		len = utf8_cells(whose.data) <= WHOSE_CELLS ? whose.len :
			utf8_clip(whose.data, WHOSE_CELLS - 2, NULL);
		buf_add(out, whose.data, len);
		buf_printf(out, "%s%s", len < whose.len ? ".." : "", tr(": "));
		buf_release(&whose);
	}
	show_called(out, app, id);
}

void
show_field(struct buf *out, const struct app *app,
	const struct schema_field *f, const char *text, const char *other)
{
	struct uuid id;

	if (f->type == VT_REF && uuid_parse(&id, text))
		show_called(out, app, &id);
	else if (f->office)
		offices_name(out, app->cli->store, text);
	else if (app->cli->unmask)
		value_show(out, f, text, false);
	else
		value_show_beside(out, f, text, other);
	if (f->type == VT_NUMBER && number_is_provisional(text, NULL))
		buf_text(out, tr(" (provisional)"));
}

void
show_named(struct buf *out, const struct app *app,
	const struct schema_register *reg, const char *name, const char *text,
	const char *other)
{
	const struct schema_field *f = reg ? schema_field_known(reg, name)
		: NULL;

	if (f)
		show_field(out, app, f, text, other);
	else if (reg && strcmp(name, "@state") == 0)
		show_state(out, reg, text);
	else if (reg && strcmp(name, "@overlays") == 0)
		overlay_labels(out, reg, text);
	else
		buf_text(out, text);
}

const char *
show_label(const struct schema_register *reg, const char *name)
{
	const struct schema_field *f = reg ? schema_field_known(reg, name)
		: NULL;

	if (f)
		return label_text(&f->label);
	if (strcmp(name, "@state") == 0)
		return tr("State");
	if (strcmp(name, "@overlays") == 0)
		return tr("At present");
	if (strcmp(name, "@deleted") == 0)
		return tr("Withdrawn");
	if (strcmp(name, "@office") == 0)
		return tr("Office");
	return name;
}

void
show_state(struct buf *out, const struct schema_register *reg,
	const char *state)
{
	const struct schema_state *s = reg ? schema_state_find(reg, state)
		: NULL;

	buf_text(out, s ? label_text(&s->label) : state);
}

bool
show_is_due(const struct schema_field *f)
{
	return f->type == VT_DATE && f->overview && !f->past &&
		f->derive == DERIVE_NO;
}

void
show_days(struct buf *out, const char *date, int today)
{
	int on = date_parse(date);

	if (on == DATE_NONE)
		return;
	if (on == today)
		buf_text(out, tr("today"));
	else if (on == today + 1)
		buf_text(out, tr("1 day left"));
	else if (on == today - 1)
		buf_text(out, tr("1 day over"));
	else if (on > today)
		buf_printf(out, tr("%d days left"), on - today);
	else
		buf_printf(out, tr("%d days over"), today - on);
}

void
show_person(struct buf *out, const struct app *app, const struct uuid *id,
	bool whole)
{
	static const char *const paths[] = { "sex", "birth", "id_no",
		"mobile" };
	const struct overview *o = overview_find(app->cli->store, id);

	show_called(out, app, id);
	for (size_t i = 0; o && i < sizeof paths / sizeof *paths; i++) {
		if (!*overview_get(o, paths[i]))
			continue;
		buf_text(out, "  ");
		if (whole && strcmp(paths[i], "id_no") == 0)
			buf_text(out, overview_get(o, paths[i]));
		else
			overview_show(out, app->cli->store, o, paths[i]);
	}
}

void
show_time(struct buf *out, int64_t at)
{
	char text[12];

	clock_print_short(text, at);
	buf_text(out, text);
}

void
show_padded(struct buf *out, const char *text, int cells)
{
	bool cut = utf8_cells(text) > cells && cells > 4;
	int used = 0;
	size_t len = utf8_clip(text, cut ? cells - 2 : cells, &used);

	buf_add(out, text, len);
	if (cut) {
		buf_text(out, "..");
		used += 2;
	}
	for (; used < cells; used++)
		buf_char(out, ' ');
}

bool
show_may_read(const struct app *app, const struct schema_register *reg)
{
	return schema_may_read(reg, app_role(app));
}

bool
show_may_see(const struct app *app, const struct schema_register *reg)
{
	return schema_may_write(reg, app_role(app)) ||
		schema_may_move(reg, app_role(app));
}

bool
show_may_write(const struct app *app, const struct schema_register *reg)
{
	return reg->name[0] != '@' && schema_may_write(reg, app_role(app));
}

const char *
show_not_to_write(const struct schema_register *reg)
{
	return reg && reg->name[0] == '@' ? tr("A transfer is answered or "
		"taken back by its steps (m); nothing else of it changes.") :
		tr("Your role may read this register, not change it.");
}
