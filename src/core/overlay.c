/*
 * Overlays asked of a world, and the conditions that read them.  Most rows
 * read none, so nothing is gathered before one does.
 */
#include "core/overlay.h"

#include <string.h>

#include "base/date.h"

const struct schema_overlay *
schema_overlay_find(const struct schema_register *r, const char *name)
{
	for (size_t i = 0; i < r->overlay_count; i++)
		if (strcmp(r->overlays[i].name, name) == 0)
			return &r->overlays[i];
	return NULL;
}

bool
schema_overlay_has_state(const struct schema_overlay *v, const char *state)
{
	return schema_role_in(v->states, v->state_count, state);
}

static bool
is_true(const struct schema_overlay *v, const struct record *r,
    const struct rule_world *world)
{
	for (size_t i = 0; ; i++) {
		const struct record *child = world->child(world->self, &r->id,
		    v->reg, i);

		if (!child)
			return false;
		if (!child->deleted &&
		    schema_overlay_has_state(v, child->state) &&
		    conds_hold(&v->when, child, DATE_NONE, ""))
			return true;
	}
}

void
overlay_names(struct buf *out, const struct schema_register *reg,
    const struct record *r, const struct rule_world *world)
{
	size_t start = out->len;

	if (!world || !world->child)
		return;
	for (size_t i = 0; i < reg->overlay_count; i++) {
		if (!is_true(&reg->overlays[i], r, world))
			continue;
		if (out->len > start)
			buf_char(out, ';');
		buf_text(out, reg->overlays[i].name);
	}
}

void
overlay_labels(struct buf *out, const struct schema_register *reg,
    const char *names)
{
	size_t start = out->len;

	for (size_t i = 0; i < reg->overlay_count; i++) {
		if (!values_set_has(names, reg->overlays[i].name))
			continue;
		if (out->len > start)
			buf_text(out, "、");
		buf_text(out, label_text(&reg->overlays[i].label));
	}
}

/* ---- conditions ---- */

static bool
asks(const struct conds *c, const char *field)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->items[i].field, field) == 0)
			return true;
	return false;
}

bool
overlay_is_asked(const struct conds *c)
{
	bool any = false;

	for (size_t i = 0; i < c->count; i++)
		any = any || c->items[i].field[0] == '@';
	return any && (asks(c, "@overlays") || asks(c, "@parent_state") ||
	    asks(c, "@parent_overlays"));
}

static void
ask_parent(struct cond_more *more, struct buf *names, const struct conds *c,
    const struct schema *s, const struct schema_register *reg,
    const struct record *r, const struct rule_world *world)
{
	const struct schema_register *up = reg->parent ?
	    schema_register_find(s, reg->parent) : NULL;
	const struct record *parent;
	struct uuid id;

	if (!up || !world || !world->get ||
	    !uuid_parse(&id, values_get(&r->values, reg->parent_field)))
		return;
	parent = world->get(world->self, &id);
	if (!parent)
		return;
	memcpy(more->parent_state, parent->state, sizeof parent->state);
	if (asks(c, "@parent_overlays"))
		overlay_names(names, up, parent, world);
}

bool
overlay_conds_hold(const struct conds *c, const struct schema *s,
    const struct schema_register *reg, const struct record *r, int today,
    const char *user, const struct rule_world *world)
{
	struct cond_more more = {0};
	struct buf own, parents;
	bool holds;

	if (!overlay_is_asked(c))
		return conds_hold(c, r, today, user);
	buf_init(&own, BUF_LINE_MAX);
	buf_init(&parents, BUF_LINE_MAX);
	if (asks(c, "@overlays"))
		overlay_names(&own, reg, r, world);
	if (asks(c, "@parent_state") || asks(c, "@parent_overlays"))
		ask_parent(&more, &parents, c, s, reg, r, world);
	more.overlays = own.data;
	more.parent_overlays = parents.data;
	holds = conds_hold_more(c, r, &more, today, user);
	buf_release(&own);
	buf_release(&parents);
	return holds;
}
