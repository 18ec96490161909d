/* "overlays": reading and linking (core/overlay.h). */
#include <stdlib.h>
#include <string.h>

#include "core/overlay.h"
#include "core/schema_parts.h"

enum {
	OVERLAYS_MAX = 12,
	OVERLAY_STATES_MAX = 12,
};

static void
read_overlay(struct schema_reader *r, const struct json *j, void *out,
    void *ctx)
{
	static const char *const keys[] = { "name", "label", "grave",
		"register", "states", "when", NULL };
	struct schema_overlay *v = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	v->name = schema_read_name(r, j, "name");
	schema_read_label(&v->label, r, j, "label", true,
	    SCHEMA_LABEL_BYTES_MAX);
	v->grave = schema_read_bool(r, j, "grave", false);
	v->reg = schema_read_name(r, j, "register");
	v->states = schema_read_texts(&v->state_count, r, j, "states",
	    OVERLAY_STATES_MAX);
	if (v->state_count == 0)
		schema_complain(r, "states",
		    tr("Here must be a list of states."));
	schema_read_conds(&v->when, r, j, "when");
}

void
schema_read_overlays(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	out->overlays = schema_read_items(&out->overlay_count, r, j,
	    "overlays", OVERLAYS_MAX, sizeof *out->overlays, read_overlay,
	    NULL);
}

/* Memory keeps what is true until a child moves: nothing may change it with
 * the day or with who looks. */
static void
link_when(struct schema_linker *l, const struct schema_register *child,
    const struct conds *c)
{
	schema_link_conds(l, child, c, "when");
	for (size_t i = 0; i < c->count; i++) {
		const struct cond *row = &c->items[i];
		const struct schema_field *f = schema_field_find(child,
		    row->field);

		if (f)
			schema_link_overview(l, child, f, "when");
		else if (overlay_is_asked(c))
			schema_complain(&l->r, "when", tr("An overlay asks "
			    "its own register only."));
		for (size_t k = 0; k < row->value_count; k++)
			if (row->values[k][0] == '@')
				schema_complain(&l->r, "when", tr("An overlay "
				    "depends on no day and no person."));
	}
}

static void
link_overlay(struct schema_linker *l, const struct schema_overlay *v)
{
	const struct schema_register *child = schema_link_register(l, v->reg,
	    "register");

	if (schema_overlay_find(l->reg, v->name) != v)
		schema_link_twice(l, "name", v->name);
	if (!child)
		return;
	if (!child->parent || strcmp(child->parent, l->reg->name) != 0)
		schema_complain(&l->r, "register",
		    tr("'%s' is no child of this register."), child->name);
	for (size_t i = 0; i < v->state_count; i++)
		(void)schema_link_state(l, child, v->states[i], "states");
	link_when(l, child, &v->when);
}

void
schema_link_overlays(struct schema_linker *l)
{
	for (size_t i = 0; i < l->reg->overlay_count; i++) {
		size_t mark = schema_read_enter(&l->r, "overlays", (int)i);

		link_overlay(l, &l->reg->overlays[i]);
		schema_read_leave(&l->r, mark);
	}
}

void
schema_mark_overlays(struct schema *s)
{
	for (size_t i = 0; i < s->register_count; i++) {
		struct schema_register *reg = &s->registers[i];
		const struct schema_register *up = reg->parent ?
		    schema_register_find(s, reg->parent) : NULL;

		for (size_t k = 0; up && k < up->overlay_count; k++)
			if (strcmp(up->overlays[k].reg, reg->name) == 0)
				reg->overlays_parent = true;
	}
}

void
schema_release_overlays(struct schema_register *r)
{
	for (size_t i = 0; i < r->overlay_count; i++) {
		struct schema_overlay *v = &r->overlays[i];

		free(v->name);
		free(v->label.zh);
		free(v->label.en);
		free(v->reg);
		for (size_t k = 0; k < v->state_count; k++)
			free(v->states[k]);
		free(v->states);
		schema_release_conds(&v->when);
	}
	free(r->overlays);
}
