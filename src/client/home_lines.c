/*
 * The counts of the home screen.  What is due is not known here: it is every
 * filter of every register whose conditions speak of @today, as the
 * definitions have them.
 */
#include "client/home_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/show.h"

static struct home_line *
add(struct home_lines *l, enum home_kind kind)
{
	l->items = mem_grow(l->items, l->count, sizeof *l->items);
	l->items[l->count] = (struct home_line){ .kind = kind };
	return &l->items[l->count++];
}

static void
add_words(struct home_lines *l, enum home_kind kind, const char *words)
{
	add(l, kind)->words = words;
}

static bool
is_by_date(const struct schema_filter *f)
{
	for (size_t i = 0; i < f->where.count; i++)
		for (size_t k = 0; k < f->where.items[i].value_count; k++)
			if (strcmp(f->where.items[i].values[k], "@today") == 0)
				return true;
	return false;
}

static bool
is_active(const struct overview *o)
{
	const struct schema_state *st = schema_state_find(o->reg, o->state);

	return !st || st->active;
}

static void
count_register(const struct app *app, struct home_line *line)
{
	const struct store *s = app->cli->store;

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		if (!o || o->deleted || o->reg != line->reg)
			continue;
		line->count++;
		line->active += is_active(o);
	}
}

static size_t
count_matches(const struct app *app, const struct schema_register *reg,
	const struct conds *where)
{
	const struct store *s = app->cli->store;
	size_t n = 0;

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		if (o && !o->deleted && o->reg == reg &&
		    overview_matches(o, where, app->today,
		    app_login(app)))
			n++;
	}
	return n;
}

static void
add_registers(struct home_lines *l, const struct app *app)
{
	const struct schema *schema = app->cli->schema;

	add_words(l, HOME_HEAD, TR_MARK("Registers"));
	for (size_t i = 0; i < schema->register_count; i++) {
		const struct schema_register *reg = &schema->registers[i];
		struct home_line *line;

		if (!reg->key || !show_may_read(app, reg))
			continue;
		line = add(l, HOME_REGISTER);
		line->reg = reg;
		count_register(app, line);
	}
}

static void
add_due(struct home_lines *l, const struct app *app)
{
	const struct schema *schema = app->cli->schema;
	size_t before;

	add(l, HOME_BLANK);
	add_words(l, HOME_HEAD, TR_MARK("Due"));
	before = l->count;
	for (size_t i = 0; i < schema->register_count; i++) {
		const struct schema_register *reg = &schema->registers[i];

		for (size_t f = 0; f < reg->filter_count; f++) {
			size_t n;
			struct home_line *line;

			if (!show_may_read(app, reg) ||
			    !is_by_date(&reg->filters[f]))
				continue;
			n = count_matches(app, reg, &reg->filters[f].where);
			if (n == 0)
				continue;
			line = add(l, HOME_DUE);
			line->reg = reg;
			line->filter = f;
			line->count = n;
		}
	}
	if (l->count == before)
		add_words(l, HOME_WORDS, TR_MARK("Nothing is due."));
}

static void
add_waiting(struct home_lines *l, const struct app *app)
{
	const struct outbox_counts *n = &app->counts;
	const struct {
		enum home_kind kind;
		size_t count;
	} kinds[] = {
		{ HOME_CONFLICTS, n->conflicts }, { HOME_REFUSED, n->refused },
		{ HOME_DRAFTS, n->drafts }, { HOME_WAITING, n->waiting },
	};
	size_t before;

	add(l, HOME_BLANK);
	add_words(l, HOME_HEAD, TR_MARK("Waiting"));
	before = l->count;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].count)
			add(l, kinds[i].kind)->count = kinds[i].count;
	if (l->count == before)
		add_words(l, HOME_WORDS, TR_MARK("Nothing waits."));
}

void
home_lines_release(struct home_lines *l)
{
	free(l->items);
	*l = (struct home_lines){0};
}

void
home_lines_build(struct home_lines *l, const struct app *app)
{
	home_lines_release(l);
	add_registers(l, app);
	add_due(l, app);
	add_waiting(l, app);
}
