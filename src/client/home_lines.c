/*
 * The counts of the home screen: first what is to be done, then where the rest
 * is.  Reminders are few: one line a rule and
 * urgency, late before today before soon, the gravest late first; a line more
 * leads to all of them.
 */
#include "client/home_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/screen_decide.h"
#include "client/show.h"
#include "core/role.h"
#include "store/transfer.h"

/* 移, where no letter is given away; 人员 */
enum { HOME_TRANSFERS_KEY = 'Y', HOME_PEOPLE_KEY = 'P',
	HOME_PASSWORD_KEY = 'K' };	/* 口令 */

static struct home_line *
add(struct home_lines *l, enum home_kind kind)
{
	/* mem_grow doubles at powers of two, also from the start again */
	l->items = mem_resize(l->items, l->count + 1, sizeof *l->items);
	l->items[l->count] = (struct home_line){ .kind = kind };
	return &l->items[l->count++];
}

static void
add_words(struct home_lines *l, enum home_kind kind, const char *words)
{
	add(l, kind)->words = words;
}

static bool
is_active(const struct overview *o)
{
	const struct schema_state *st = schema_state_find(o->reg, o->state);

	return !st || st->active;
}

static void
count_records(struct home_lines *l, const struct app *app)
{
	const struct schema *schema = app->cli->schema;
	const struct store *s = app->cli->store;

	free(l->counts);
	l->counts = mem_alloc(schema->register_count + schema->own_count,
		sizeof *l->counts);
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		struct home_count *n;

		if (!o || o->deleted || !o->reg)
			continue;
		n = &l->counts[o->reg - schema->registers];
		n->all++;
		n->active += is_active(o);
	}
}

bool
home_lines_has(const struct app *app, const struct schema_menu *menu,
	const struct schema_register *reg)
{
	return reg->menu && strcmp(reg->menu, menu->name) == 0 &&
		show_may_read(app, reg);
}

static void
add_menu(struct home_lines *l, const struct app *app,
	const struct schema_menu *menu)
{
	const struct schema *schema = app->cli->schema;
	struct home_line *line;

	for (size_t i = 0; i < schema->register_count; i++) {
		if (!home_lines_has(app, menu, &schema->registers[i]))
			continue;
		line = add(l, HOME_MENU);
		line->menu = menu;
		line->key = menu->key;
		return;
	}
}

/* Registers of no duty: persons, who belong to all of them. */
static void
add_register(struct home_lines *l, const struct app *app,
	const struct schema_register *reg)
{
	const struct schema *schema = app->cli->schema;
	char key = schema_direct_key(schema, reg);
	struct home_line *line;

	if (!key && !schema->menu_count)
		key = reg->key;
	/* only where there was one ever */
	if (strcmp(reg->name, TRANSFER_REGISTER) == 0 &&
	    l->counts[reg - schema->registers].all)
		key = HOME_TRANSFERS_KEY;
	if (reg->menu || reg->parent || !key || !show_may_read(app, reg))
		return;
	line = add(l, HOME_REGISTER);
	line->reg = reg;
	line->key = key;
	line->active = l->counts[reg - schema->registers].active;
	line->count = l->counts[reg - schema->registers].all;
}

static void
add_registers(struct home_lines *l, const struct app *app)
{
	const struct schema *schema = app->cli->schema;

	add(l, HOME_BLANK);
	add_words(l, HOME_HEAD, TR_MARK("Registers by duty, and how many are in hand"));
	for (size_t i = 0; i < schema->menu_count; i++)
		add_menu(l, app, &schema->menus[i]);
	for (size_t i = 0; i < schema->register_count + schema->own_count; i++)
		add_register(l, app, &schema->registers[i]);
	if (role_reach(app_role(app)) != ROLE_REACH_NONE)
		add(l, HOME_PEOPLE)->key = HOME_PEOPLE_KEY;
}

/* The line of the item's rule and urgency; NULL: none yet. */
static struct home_line *
due_line(struct home_line *lines, size_t count, const struct due_item *item)
{
	for (size_t i = 0; i < count; i++)
		if (lines[i].due.rule == item->rule &&
		    lines[i].due.when.state == item->when.state)
			return &lines[i];
	return NULL;
}

/* Which of the groups have a place: first some of each urgency, so that much
 * that is late hides nothing of today; then what is left, in order. */
static void
choose(bool *chosen, const struct home_line *lines, size_t count, size_t room)
{
	size_t places[] = { [DEADLINE_LATE] = 3, [DEADLINE_TODAY] = 2,
		[DEADLINE_SOON] = 1 };

	for (size_t i = 0; i < count && room > 0; i++) {
		size_t *left = &places[lines[i].due.when.state];

		if (*left == 0)
			continue;
		chosen[i] = true;
		--*left;
		room--;
	}
	for (size_t i = 0; i < count && room > 0; i++) {
		room -= !chosen[i];
		chosen[i] = true;
	}
}

/* What is put aside stands in no group; *aside counts it. */
static size_t
group(struct home_line **lines, size_t *aside, const struct home_lines *l,
	int today)
{
	size_t count = 0;

	for (size_t i = 0; i < l->due.count; i++) {
		const struct due_item *item = &l->due.items[i];
		struct home_line *line = due_line(*lines, count, item);

		if (aside_of(&l->aside, item, today)) {
			++*aside;
			continue;
		}
		if (!line) {
			*lines = mem_grow(*lines, count, sizeof **lines);
			line = &(*lines)[count++];
			*line = (struct home_line){ .kind = HOME_DUE,
				.reg = item->rule->reg, .due = *item };
		}
		line->count++;
	}
	return count;
}

/* A cache whose list does not open hides nothing. */
static void
gather(struct home_lines *l, const struct app *app)
{
	struct err err = ERR_INIT;

	due_gather(&l->due, app->cli->store, app->today, DUE_AS_RULED);
	if (aside_load(&l->aside, app->cli->store, &err))
		aside_release(&l->aside);
}

/* The list's order is that of its groups: late, today, soon. */
static void
add_due(struct home_lines *l, const struct app *app)
{
	struct home_line *lines = NULL, *all;
	size_t count, aside = 0;
	bool *chosen;

	gather(l, app);
	count = group(&lines, &aside, l, app->today);
	chosen = mem_alloc(count + 1, sizeof *chosen);
	choose(chosen, lines, count, count <= HOME_DUE_MAX ? count
		: HOME_DUE_MAX - 1);
	for (size_t i = 0; i < count; i++)
		if (chosen[i])
			*add(l, HOME_DUE) = lines[i];
	if (count > HOME_DUE_MAX || aside) {
		all = add(l, HOME_DUE_ALL);
		all->key = 'd';
		all->count = l->due.count;
		all->aside = aside;
	}
	free(chosen);
	free(lines);
}

static void
add_decisions(struct home_lines *l, const struct app *app)
{
	size_t count = screen_decide_count(app);
	struct home_line *line;

	if (count == 0)
		return;
	line = add(l, HOME_DECIDE);
	line->key = 'a';
	line->count = count;
}

static void
add_waiting(struct home_lines *l, const struct app *app)
{
	const struct outbox_counts *n = &app->counts;
	const struct {
		enum home_kind kind;
		size_t count;
	} kinds[] = {
		{ HOME_TRANSFERS, transfer_waiting(app->cli->store) },
		{ HOME_CONFLICTS, n->conflicts }, { HOME_REFUSED, n->refused },
		{ HOME_RECEIPTS, n->receipts },
		{ HOME_DRAFTS, n->drafts }, { HOME_WAITING, n->waiting },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].count)
			add(l, kinds[i].kind)->count = kinds[i].count;
}

static void
add_password(struct home_lines *l, const struct app *app)
{
	if (store_password(app->cli->store, app->today) !=
	    STORE_PASSWORD_GOOD)
		add(l, HOME_PASSWORD)->key = HOME_PASSWORD_KEY;
}

struct due_item *
home_lines_items(size_t *count, const struct home_lines *l,
	const struct home_line *line, int today)
{
	struct due_item *items = mem_alloc(l->due.count + 1, sizeof *items);

	*count = 0;
	for (size_t i = 0; i < l->due.count; i++) {
		const struct due_item *item = &l->due.items[i];

		if (line->kind == HOME_DUE && item->rule == line->due.rule &&
		    item->when.state == line->due.when.state &&
		    !aside_of(&l->aside, item, today))
			items[(*count)++] = *item;
	}
	return items;
}

void
home_lines_release(struct home_lines *l)
{
	free(l->items);
	free(l->counts);
	due_release(&l->due);
	aside_release(&l->aside);
	*l = (struct home_lines){0};
}

void
home_lines_build(struct home_lines *l, const struct app *app)
{
	l->count = 0;
	count_records(l, app);
	add_words(l, HOME_HEAD, TR_MARK("To do"));
	add_due(l, app);
	add_decisions(l, app);
	add_waiting(l, app);
	add_password(l, app);
	if (l->count == 1)
		add_words(l, HOME_WORDS,
			TR_MARK("Nothing is due and nothing waits."));
	add_registers(l, app);
}

bool
home_line_stands(const struct home_line *line)
{
	return line->kind != HOME_HEAD && line->kind != HOME_BLANK &&
		line->kind != HOME_WORDS;
}
