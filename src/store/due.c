/*
 * One walk over memory.  A rule that counts from the last visit looks only at
 * the children of its record, along the index that overviews have anyway.
 */
#include "store/due.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "store/inside.h"

struct walk {
	struct due_list *out;
	struct store *s;
	const struct overview *o;	/* the record looked at */
	int today, days;
};

static const char *
walk_get(void *self, const char *field)
{
	return overview_get(((struct walk *)self)->o, field);
}

static bool
walk_holds(void *self, const struct conds *when)
{
	const struct walk *w = self;

	return overview_matches(w->s, w->o, when, w->today,
		store_user(w->s)->login);
}

static int
walk_last(void *self, const struct deadline_rule *rule)
{
	const struct walk *w = self;
	int last_on = DATE_NONE;

	for (uint32_t at = overview_child(w->s, &w->o->id); at != IDMAP_NONE;
	    at = overview_sibling(w->s, at)) {
		const struct overview *child = overview_at(w->s, at);
		int on;

		if (!child || child->deleted ||
		    strcmp(child->reg_name, rule->last_reg) != 0 ||
		    !overview_matches(w->s, child, &rule->last_when,
		    w->today, ""))
			continue;
		on = deadline_day(overview_get(child, rule->last_field));
		if (on > last_on)
			last_on = on;
	}
	return last_on;
}

static void
apply(struct walk *w, const struct deadline_rule *rule,
	const struct deadline_world *world)
{
	const struct calendar *c = &store_schema(w->s)->deadlines->calendar;
	struct deadline d = deadline_of(rule, c, world, w->today);
	struct due_list *l = w->out;

	if (w->days >= 0 && d.on > w->today)
		d.state = d.on - w->today <= w->days ? DEADLINE_SOON
			: DEADLINE_LATER;
	if (d.state == DEADLINE_NONE || d.state == DEADLINE_LATER)
		return;
	l->items = mem_grow(l->items, l->count, sizeof *l->items);
	l->items[l->count++] = (struct due_item){ rule, w->o->id, d };
}

/* What is late by its consequence, then by its day; of the rest the day
 * decides. */
static int
compare(const void *left, const void *right)
{
	const struct due_item *a = left, *b = right;
	bool late = a->when.state == DEADLINE_LATE;

	if (a->when.state != b->when.state)
		return a->when.state > b->when.state ? -1 : 1;
	if (late && a->rule->rank != b->rule->rank)
		return a->rule->rank - b->rule->rank;
	if (a->when.on != b->when.on)
		return a->when.on < b->when.on ? -1 : 1;
	if (a->rule->rank != b->rule->rank)
		return a->rule->rank - b->rule->rank;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return uuid_compare(&a->id, &b->id);
}

void
due_gather(struct due_list *out, struct store *s, int today, int days)
{
	const struct deadline_set *set = store_schema(s)->deadlines;
	struct walk w = { .out = out, .s = s, .today = today, .days = days };
	const struct deadline_world world = { &w, walk_get, walk_holds,
		walk_last };
	const char *role = store_user(s)->role;

	if (out->store == s && out->moves == s->memory.moves &&
	    out->today == today && out->days == days)
		return;
	due_release(out);
	out->store = s;
	out->moves = s->memory.moves;
	out->today = today;
	out->days = days;
	for (size_t i = 0; i < overview_count(s); i++) {
		w.o = overview_at(s, i);
		if (!w.o || w.o->deleted || !w.o->reg ||
		    !schema_may_read(w.o->reg, role))
			continue;
		for (size_t k = 0; k < set->count; k++)
			if (set->rules[k].reg == w.o->reg &&
			    set->rules[k].month != DEADLINE_MONTH_ONLY)
				apply(&w, &set->rules[k], &world);
	}
	if (out->count > 1)
		qsort(out->items, out->count, sizeof *out->items, compare);
}

void
due_release(struct due_list *l)
{
	free(l->items);
	*l = (struct due_list){0};
}
