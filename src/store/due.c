/*
 * One walk over memory.  A rule that counts from the last visit looks only at
 * the children of its record, along the index that overviews have anyway.
 */
#include "store/due.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "store/inside.h"

enum {
	MINUTE_MS = 60 * 1000,
	ZONE_MINUTES = 8 * 60,		/* all of China */
	DAY_MINUTES = 24 * 60,
};

struct walk {
	struct due_list *out;
	struct store *s;
	const struct overview *o;	/* the record looked at */
	uint32_t at;			/* of the child lent last */
	int today, days;
	char id[UUID_TEXT_MAX];
	struct walk *below;		/* lent for children; NULL in one */
	struct deadline_world world;
};

static const char *
walk_get(void *self, const char *field)
{
	struct walk *w = self;

	if (strcmp(field, "@id") != 0)
		return overview_get(w->o, field);
	uuid_print(w->id, &w->o->id);
	return w->id;
}

static bool
walk_holds(void *self, const struct conds *when)
{
	const struct walk *w = self;

	return overview_matches(w->s, w->o, when, w->today,
		store_user(w->s)->name);
}

static const struct deadline_world *
walk_child(void *self, const char *reg, bool first)
{
	struct walk *w = self;

	if (!w->below)
		return NULL;
	w->at = first ? overview_child(w->s, &w->o->id) :
		overview_sibling(w->s, w->at);
	for (; w->at != IDMAP_NONE; w->at = overview_sibling(w->s, w->at)) {
		const struct overview *child = overview_at(w->s, w->at);

		if (!child || child->deleted ||
		    strcmp(child->reg_name, reg) != 0)
			continue;
		w->below->o = child;
		return &w->below->world;
	}
	return NULL;
}

static void
walk_init(struct walk *w, struct store *s, int today, int minute)
{
	*w = (struct walk){ .s = s, .today = today, .at = IDMAP_NONE };
	w->world = (struct deadline_world){ .self = w, .get = walk_get,
		.holds = walk_holds, .child = walk_child, .minute = minute };
}

static void
apply(struct walk *w, const struct deadline_rule *rule)
{
	const struct calendar *c = &store_schema(w->s)->deadlines->calendar;
	struct deadline d = deadline_of(rule, c, &w->world, w->today);
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
	if (a->when.minute != b->when.minute)
		return a->when.minute < b->when.minute ? -1 : 1;
	if (a->rule->rank != b->rule->rank)
		return a->rule->rank - b->rule->rank;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return uuid_compare(&a->id, &b->id);
}

/* Every minute matters only where a term is counted in hours. */
static bool
counts_hours(const struct deadline_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->rules[i].term.unit == CALENDAR_HOURS)
			return true;
	return false;
}

/* 0 on a day that is not the clock's: a list for another day. */
static int
minute_now(const struct deadline_set *set, int today)
{
	int64_t now_at = clock_believed_at();

	if (!counts_hours(set) || clock_day_of(now_at) != today)
		return 0;
	return (int)((now_at / MINUTE_MS + ZONE_MINUTES) % DAY_MINUTES);
}

/* The rules of one register stand together. */
static size_t
first_rule(const struct deadline_set *set, const struct schema_register *reg)
{
	size_t i = 0;

	while (i < set->count && set->rules[i].reg != reg)
		i++;
	return i;
}

static void
apply_all(struct walk *w, const struct deadline_set *set, size_t first)
{
	for (size_t k = first; k < set->count &&
	    set->rules[k].reg == w->o->reg; k++)
		if (set->rules[k].month != DEADLINE_MONTH_ONLY)
			apply(w, &set->rules[k]);
}

static void
walk_all(struct walk *w, const struct deadline_set *set)
{
	const struct schema *schema = store_schema(w->s);
	const char *role = store_user(w->s)->role;
	size_t *first = mem_alloc(schema->register_count +
		schema->own_count + 1, sizeof *first);

	for (size_t i = 0; i < schema->own_count; i++)
		first[schema->register_count + i] = set->count;
	for (size_t i = 0; i < schema->register_count; i++)
		first[i] = schema_may_read(&schema->registers[i], role) ?
			first_rule(set, &schema->registers[i]) : set->count;
	for (size_t i = 0; i < overview_count(w->s); i++) {
		w->o = overview_at(w->s, i);
		if (w->o && !w->o->deleted && w->o->reg)
			apply_all(w, set,
				first[w->o->reg - schema->registers]);
	}
	free(first);
}

static void
gather(struct due_list *out, struct store *s, const struct overview *only,
	int minute)
{
	const struct deadline_set *set = store_schema(s)->deadlines;
	struct walk w, below;

	walk_init(&w, s, out->today, minute);
	walk_init(&below, s, out->today, minute);
	w.out = out;
	w.days = out->days;
	w.below = &below;
	w.o = only;
	if (only)
		apply_all(&w, set, first_rule(set, only->reg));
	else
		walk_all(&w, set);
	if (out->count > 1)
		qsort(out->items, out->count, sizeof *out->items, compare);
}

void
due_gather(struct due_list *out, struct store *s, int today, int days)
{
	int minute = minute_now(store_schema(s)->deadlines, today);

	if (out->store == s && out->moves == s->memory.moves &&
	    out->today == today && out->days == days && out->minute == minute)
		return;
	due_release(out);
	out->store = s;
	out->moves = s->memory.moves;
	out->today = today;
	out->days = days;
	out->minute = minute;
	gather(out, s, NULL, minute);
}

void
due_of_record(struct due_list *out, struct store *s, const struct uuid *id,
	int today)
{
	const struct overview *o = overview_find(s, id);

	due_release(out);
	out->today = today;
	out->days = DUE_AS_RULED;
	if (o && !o->deleted && o->reg &&
	    schema_may_read(o->reg, store_user(s)->role))
		gather(out, s, o, minute_now(store_schema(s)->deadlines,
			today));
}

void
due_release(struct due_list *l)
{
	free(l->items);
	*l = (struct due_list){0};
}
