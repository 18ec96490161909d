/*
 * What the rules may ask about other records: this cache.  The list of a
 * record's children is gathered when the first is asked for, in the order in
 * which they were made; withdrawn ones do not count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/inside.h"

static const struct record *
world_get(void *self, const struct uuid *id)
{
	struct store *s = self;
	struct record r = {0};
	struct err err = ERR_INIT;

	/* Not here, or not to be read: to a rule both are "unknown". */
	if (store_get(&r, s, id, &err))
		return NULL;
	record_release(&s->world.got);
	s->world.got = r;
	return &s->world.got;
}

static void
gather_children(struct store *s, const struct uuid *parent, const char *reg)
{
	struct store_world *w = &s->world;
	const struct overview **list = overview_children(&w->count, s, parent,
		reg);

	free(w->children);
	w->children = w->count ? mem_alloc(w->count, sizeof *w->children) :
		NULL;
	for (size_t i = 0; i < w->count; i++)
		w->children[i] = list[i]->id;
	w->parent = *parent;
	memcpy(w->reg, reg, strlen(reg) + 1);
	free(list);
}

static const struct record *
world_child(void *self, const struct uuid *parent, const char *reg, size_t i)
{
	struct store *s = self;
	struct store_world *w = &s->world;
	struct record r = {0};
	struct err err = ERR_INIT;

	if (strlen(reg) >= sizeof w->reg)
		return NULL;
	if (i == 0 || uuid_compare(&w->parent, parent) != 0 ||
	    strcmp(w->reg, reg) != 0)
		gather_children(s, parent, reg);
	if (i >= w->count || store_get(&r, s, &w->children[i], &err))
		return NULL;
	record_release(&w->child);
	w->child = r;
	return &w->child;
}

static const struct valuemap *
map_of(struct store *s, const struct rule_find *what)
{
	const struct schema_register *reg = schema_register_find(s->schema,
		what->reg);
	struct store_world *w = &s->world;
	struct valuemap *m = NULL;

	if (!reg || strlen(what->field) >= sizeof m->field)
		return NULL;
	for (size_t i = 0; i < STORE_VALUEMAPS && !m; i++)
		if (w->maps[i].reg == reg &&
		    strcmp(w->maps[i].field, what->field) == 0)
			m = &w->maps[i];
	if (!m)
		m = &w->maps[w->map_turn++ % STORE_VALUEMAPS];
	valuemap_settle(m, s, reg, what->field);
	return m;
}

static bool
is_meant(const struct overview *o, const struct rule_find *what)
{
	return !o->deleted &&
		strcmp(overview_get(o, what->field), what->value) == 0 &&
		uuid_compare(&o->id, what->but) != 0;
}

static const struct record *
world_find(void *self, const struct rule_find *what, size_t i)
{
	struct store *s = self;
	const struct valuemap *m = s->blind ? NULL : map_of(s, what);
	struct record r = {0};
	struct err err = ERR_INIT;

	for (uint32_t at = m ? valuemap_first(m, what->value) : IDMAP_NONE;
	    at != IDMAP_NONE; at = valuemap_next(m, at)) {
		const struct overview *o = overview_at(s, at);

		if (!is_meant(o, what) || i-- > 0)
			continue;
		if (store_get(&r, s, &o->id, &err))
			return NULL;
		record_release(&s->world.found);
		s->world.found = r;
		return &s->world.found;
	}
	return NULL;
}

static const char *
world_now(void *self)
{
	struct store *s = self;
	char text[CLOCK_TEXT_MAX];

	clock_print(text, clock_believed_at());
	(void)snprintf(s->world.now, sizeof s->world.now, "%.10sT%.5s", text,
		text + 11);
	return s->world.now;
}

const struct rule_world *
store_world(struct store *s)
{
	s->world.face = (struct rule_world){
		.self = s, .get = world_get, .child = world_child,
		.find = world_find, .now = world_now, .warns = true,
	};
	return &s->world.face;
}

void
world_release(struct store *s)
{
	record_release(&s->world.got);
	record_release(&s->world.child);
	record_release(&s->world.found);
	for (size_t i = 0; i < STORE_VALUEMAPS; i++)
		valuemap_release(&s->world.maps[i]);
	free(s->world.children);
	s->world = (struct store_world){0};
}
