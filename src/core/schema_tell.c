/*
 * "tells": reading, linking, and what goes over (schema_tell.h).
 */
#include "core/schema_tell.h"

#include <stdlib.h>
#include <string.h>

#include "base/uuid.h"

enum { TELLS_MAX = 8 };

static void
read_tell(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "to", "when", "set", "fixed",
		"keep", "newest", NULL };
	struct schema_tell *t = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	t->to = schema_read_name(r, j, "to");
	schema_read_conds(&t->when, r, j, "when");
	schema_make_read_set(&t->set, r, j);
	t->keep = schema_read_bool(r, j, "keep", false);
	t->newest = schema_read_name_if(r, j, "newest");
}

void
schema_read_tells(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	out->tells = schema_read_items(&out->tell_count, r, j, "tells",
	    TELLS_MAX, sizeof *out->tells, read_tell, NULL);
}

void
schema_release_tells(struct schema_register *r)
{
	for (size_t i = 0; i < r->tell_count; i++) {
		free(r->tells[i].to);
		schema_make_release_conds(&r->tells[i].when);
		schema_make_release_set(&r->tells[i].set);
		free(r->tells[i].newest);
	}
	free(r->tells);
}

const struct schema_register *
schema_tell_named(const struct schema_field **by, const struct schema *s,
    const struct schema_field *to)
{
	char name[RECORD_NAME_MAX] = "";
	size_t len = to->suggest ? strcspn(to->suggest, ".") : 0;
	const struct schema_register *reg;

	if (len == 0 || len >= sizeof name || to->suggest[len] == '\0')
		return NULL;
	memcpy(name, to->suggest, len);
	reg = schema_register_find(s, name);
	*by = reg ? schema_field_find(reg, to->suggest + len + 1) : NULL;
	return *by ? reg : NULL;
}

/* Its siblings are compared, so whom it tells is its parent. */
static void
link_newest(struct schema_linker *l, const struct schema_tell *t)
{
	const struct schema_field *f = schema_link_name(l, l->reg, t->newest,
	    "newest");
	const char *parent = l->reg->parent_field;

	if (f && f->type != VT_DATE && f->type != VT_DATETIME)
		schema_complain(&l->r, "newest",
		    tr("The field must be a date."));
	else if (!parent || strcmp(parent, t->to) != 0)
		schema_complain(&l->r, "newest",
		    tr("Only what a child tells its parent can be outdone."));
}

void
schema_link_tells(struct schema_linker *l)
{
	for (size_t i = 0; i < l->reg->tell_count; i++) {
		const struct schema_tell *t = &l->reg->tells[i];
		size_t mark = schema_read_enter(&l->r, "tells", (int)i);
		const struct schema_field *f = schema_link_name(l, l->reg,
		    t->to, "to");
		const struct schema_field *by;
		const struct schema_register *other = NULL;

		if (f)
			other = f->to ? schema_register_find(l->s, f->to) :
			    schema_tell_named(&by, l->s, f);
		if (f && !f->to && !other)
			schema_complain(&l->r, "to", tr("'%s' is no ref, so "
			    "nothing lies behind it."), f->name);
		else if (other)
			schema_make_link_set(l, other, &t->set);
		if (t->newest)
			link_newest(l, t);
		schema_link_conds(l, l->reg, &t->when, "when");
		schema_read_leave(&l->r, mark);
	}
}

/* ---- telling ---- */

bool
schema_tell_is_due(const struct schema_tell *t, const struct record *before,
    const struct record *after, int today)
{
	if (!conds_hold(&t->when, after, today, ""))
		return false;
	if (!before || !conds_hold(&t->when, before, today, "") ||
	    strcmp(values_get(&before->values, t->to),
	    values_get(&after->values, t->to)) != 0)
		return true;
	for (size_t i = 0; i < t->set.from.count; i++) {
		const char *name = t->set.from.items[i].text;

		if (strcmp(record_get(before, name),
		    record_get(after, name)) != 0)
			return true;
	}
	return false;
}

bool
schema_tell_is_outdone(const struct schema_tell *t,
    const struct record *other, const struct record *r, int today,
    const struct rule_world *world)
{
	const char *day = t->newest ? values_get(&r->values, t->newest) : "";
	const struct record *o;
	size_t i = 0;

	if (day[0] == '\0' || !world || !world->child)
		return false;
	for (;;) {
		o = world->child(world->self, &other->id, r->reg, i++);
		if (!o)
			return false;
		if (!o->deleted && uuid_compare(&o->id, &r->id) != 0 &&
		    strcmp(values_get(&o->values, t->newest), day) > 0 &&
		    conds_hold(&t->when, o, today, ""))
			return true;
	}
}

/* Numbers as texts compare by length first; dates are of one length. */
static bool
is_less(const char *a, const char *b)
{
	size_t x = strlen(a), y = strlen(b);

	return x != y ? x < y : strcmp(a, b) < 0;
}

void
schema_tell_put(struct record *other, const struct schema *s,
    const struct schema_tell *t, const struct record *r)
{
	const struct schema_register *reg = schema_register_find(s,
	    other->reg);
	struct values told = {0};

	schema_make_values(&told, s, other->reg, &t->set, r);
	for (size_t i = 0; reg && i < told.count; i++) {
		const struct value *v = &told.items[i];
		const struct schema_field *f = schema_field_find(reg, v->name);

		if (t->keep && values_has(&other->values, v->name))
			continue;
		if (f && f->merge == MERGE_MAX &&
		    is_less(v->text, values_get(&other->values, v->name)))
			continue;
		values_set(&other->values, v->name, v->text);
	}
	values_release(&told);
}

static bool
says(const struct record *r, const struct value *v, const char *other_reg,
    const struct schema *s, const struct schema_tell *t, int today)
{
	struct values told = {0};
	bool same = false;

	if (!r->deleted && conds_hold(&t->when, r, today, "")) {
		schema_make_values(&told, s, other_reg, &t->set, r);
		same = strcmp(values_get(&told, v->name), v->text) == 0;
	}
	values_release(&told);
	return same;
}

static bool
another_says(const struct record *r, const struct value *v,
    const struct record *other, const struct schema *s,
    const struct schema_tell *t, int today, const struct rule_world *world)
{
	const struct record *o;

	for (size_t i = 0; world && world->child; i++) {
		o = world->child(world->self, &other->id, r->reg, i);
		if (!o)
			return false;
		if (uuid_compare(&o->id, &r->id) != 0 &&
		    says(o, v, other->reg, s, t, today))
			return true;
	}
	return false;
}

void
schema_tell_left(struct values *out, const struct record *other,
    const struct schema *s, const struct schema_tell *t,
    const struct record *r, int today, const struct rule_world *world)
{
	struct values told = {0};

	if (conds_hold(&t->when, r, today, ""))
		schema_make_values(&told, s, other->reg, &t->set, r);
	for (size_t i = 0; i < told.count; i++) {
		const struct value *v = &told.items[i];

		if (v->text[0] && strcmp(values_get(&other->values, v->name),
		    v->text) == 0 &&
		    !another_says(r, v, other, s, t, today, world))
			values_set(out, v->name, v->text);
	}
	values_release(&told);
}
