/*
 * "makes": reading, linking, and the values that go over.  What was entered
 * once is never typed again, so a field goes over only where the other can
 * hold whatever it holds.
 */
#include "core/schema_make.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	MAKES_MAX = 10,
	MADE_CHILDREN_MAX = 4,
	DAY_CHARS = 10,		/* of a datetime: its day */
};

/* ---- reading ---- */

static void
read_pairs(struct values *out, struct schema_reader *r, const struct json *j,
    const char *key)
{
	const struct json *pairs = json_get(j, key);
	size_t mark;

	if (!pairs)
		return;
	mark = schema_read_enter(r, key, -1);
	if (!json_is_object(pairs)) {
		schema_complain(r, "", tr("Here must be fields and their "
		    "values."));
		schema_read_leave(r, mark);
		return;
	}
	for (const struct json *m = json_first(pairs); m; m = json_next(m)) {
		const char *name = json_name(m);
		char *text;

		if (!schema_is_name(name)) {
			schema_complain(r, "", tr("There is no field '%s'."),
			    "...");
			continue;
		}
		text = schema_read_text(r, pairs, name, true,
		    SCHEMA_LABEL_BYTES_MAX);
		values_set(out, name, text);
		free(text);
	}
	schema_read_leave(r, mark);
}

void
schema_make_read_set(struct schema_make_set *out, struct schema_reader *r,
    const struct json *j)
{
	read_pairs(&out->from, r, j, "set");
	read_pairs(&out->fixed, r, j, "fixed");
}

static void
read_child(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "register", "set", "fixed", NULL };
	struct schema_make_child *c = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	c->reg = schema_read_name(r, j, "register");
	schema_make_read_set(&c->set, r, j);
}

static void
read_make(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "label", "key", "register", "when",
		"set", "fixed", "children", "back", "link", "move", NULL };
	struct schema_make *m = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	schema_read_label(&m->label, r, j, "label", true,
	    SCHEMA_LABEL_BYTES_MAX);
	m->key = schema_read_key(r, j, "key");
	m->reg = schema_read_name(r, j, "register");
	schema_read_conds(&m->when, r, j, "when");
	schema_make_read_set(&m->set, r, j);
	m->children = schema_read_items(&m->child_count, r, j, "children",
	    MADE_CHILDREN_MAX, sizeof *m->children, read_child, NULL);
	m->back = schema_read_name(r, j, "back");
	m->link = schema_read_name_if(r, j, "link");
	m->move = schema_read_name_if(r, j, "move");
}

void
schema_read_makes(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	out->makes = schema_read_items(&out->make_count, r, j, "makes",
	    MAKES_MAX, sizeof *out->makes, read_make, NULL);
}

void
schema_make_release_set(struct schema_make_set *set)
{
	values_release(&set->from);
	values_release(&set->fixed);
}

void
schema_make_release_conds(struct conds *when)
{
	for (size_t k = 0; k < when->count; k++) {
		struct cond *c = &when->items[k];

		for (size_t v = 0; v < c->value_count; v++)
			free(c->values[v]);
		free(c->values);
		free(c->field);
	}
	free(when->items);
}

void
schema_release_makes(struct schema_register *r)
{
	for (size_t i = 0; i < r->make_count; i++) {
		struct schema_make *m = &r->makes[i];

		free(m->label.zh);
		free(m->label.en);
		free(m->reg);
		schema_make_release_conds(&m->when);
		schema_make_release_set(&m->set);
		for (size_t k = 0; k < m->child_count; k++) {
			free(m->children[k].reg);
			schema_make_release_set(&m->children[k].set);
		}
		free(m->children);
		free(m->back);
		free(m->link);
		free(m->move);
	}
	free(r->makes);
}

/* ---- linking ---- */

static bool
same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool
schema_make_fits(const struct schema_field *from, const struct schema_field *to)
{
	if (from->type == VT_DATETIME && to->type == VT_DATE)
		return true;
	if (from->type == VT_TEXT && to->type == VT_NOTE)
		return true;
	if (from->type != to->type || (from->multi && !to->multi))
		return false;
	return from->codes == to->codes && (from->type != VT_REF ||
	    (from->to && to->to && same(from->to, to->to)));
}

/* As in "initial". */
static bool
is_word(const struct schema_field *f, const char *text)
{
	return (same(text, "@today") && f->type == VT_DATE) ||
	    (same(text, "@me") && f->type == VT_TEXT);
}

void
schema_make_link_set(struct schema_linker *l, const struct schema_register *made,
    const struct schema_make_set *set)
{
	for (size_t i = 0; i < set->from.count; i++) {
		const struct schema_field *to = schema_link_name(l, made,
		    set->from.items[i].name, "set");
		const struct schema_field *from = schema_link_name(l, l->reg,
		    set->from.items[i].text, "set");

		if (to && from && !schema_make_fits(from, to))
			schema_complain(&l->r, "set", tr("'%s' cannot hold "
			    "what '%s' holds."), to->name, from->name);
	}
	for (size_t i = 0; i < set->fixed.count; i++) {
		const struct schema_field *to = schema_link_name(l, made,
		    set->fixed.items[i].name, "fixed");

		if (to && !is_word(to, set->fixed.items[i].text))
			schema_link_value(l, to, set->fixed.items[i].text,
			    "fixed");
	}
}

static void
link_children(struct schema_linker *l, const struct schema_make *m)
{
	for (size_t i = 0; i < m->child_count; i++) {
		size_t mark = schema_read_enter(&l->r, "children", (int)i);
		const struct schema_register *child = schema_link_register(l,
		    m->children[i].reg, "register");

		if (child && (!child->parent || !same(child->parent, m->reg)))
			schema_complain(&l->r, "register",
			    tr("'%s' is no child of what is made."),
			    child->name);
		if (child)
			schema_make_link_set(l, child, &m->children[i].set);
		schema_read_leave(&l->r, mark);
	}
}

/* A ref of reg that leads to the register of that name. */
static void
link_ref(struct schema_linker *l, const struct schema_register *reg,
    const char *name, const char *to, const char *key)
{
	const struct schema_field *f = schema_link_name(l, reg, name, key);

	if (f && (f->type != VT_REF || !f->to || !same(f->to, to)))
		schema_complain(&l->r, key,
		    tr("The field must be a ref to '%s'."), to);
	else if (f)
		schema_link_overview(l, reg, f, key);
}

static void
link_step(struct schema_linker *l, const char *name)
{
	for (size_t i = 0; i < l->reg->move_count; i++)
		if (same(l->reg->moves[i].name, name))
			return;
	schema_complain(&l->r, "move", tr("There is no '%s'."),
	    schema_is_name(name) ? name : "...");
}

/* The ref that leads back tells by which "makes" a record was made. */
static bool
is_made_twice(const struct schema_register *reg, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (same(reg->makes[i].reg, reg->makes[at].reg) &&
		    same(reg->makes[i].back, reg->makes[at].back))
			return true;
	return false;
}

void
schema_link_makes(struct schema_linker *l)
{
	for (size_t i = 0; i < l->reg->make_count; i++) {
		const struct schema_make *m = &l->reg->makes[i];
		size_t mark = schema_read_enter(&l->r, "makes", (int)i);
		const struct schema_register *made = schema_link_register(l,
		    m->reg, "register");

		if (made) {
			schema_make_link_set(l, made, &m->set);
			link_children(l, m);
			link_ref(l, made, m->back, l->reg->name, "back");
		}
		if (m->link)
			link_ref(l, l->reg, m->link, m->reg, "link");
		if (m->move)
			link_step(l, m->move);
		if (is_made_twice(l->reg, i))
			schema_complain(&l->r, "back", tr("Another one makes "
			    "the same by the same ref."));
		schema_link_conds(l, l->reg, &m->when, "when");
		schema_read_leave(&l->r, mark);
	}
}

/* ---- values ---- */

static void
put_over(struct values *out, const struct schema_register *made,
    const struct schema_make_set *set, const struct record *from)
{
	for (size_t i = 0; i < set->from.count; i++) {
		const char *name = set->from.items[i].name;
		const struct schema_field *f = schema_field_find(made, name);
		const char *text = values_get(&from->values,
		    set->from.items[i].text);
		char *cut = NULL;

		if (f && f->type == VT_DATE && strlen(text) > DAY_CHARS)
			cut = mem_strndup(text, DAY_CHARS);
		if (*text)
			values_set(out, name, cut ? cut : text);
		free(cut);
	}
	for (size_t i = 0; i < set->fixed.count; i++)
		values_set(out, set->fixed.items[i].name,
		    set->fixed.items[i].text);
}

void
schema_make_values(struct values *out, const struct schema *s,
    const char *made, const struct schema_make_set *set,
    const struct record *from)
{
	const struct schema_register *reg = schema_register_find(s, made);

	if (reg)
		put_over(out, reg, set, from);
}

bool
schema_make_child_values(struct values *out, const struct schema *s,
    const struct schema_make_child *child, const struct record *from)
{
	for (size_t i = 0; i < child->set.from.count; i++)
		if (!values_has(&from->values, child->set.from.items[i].text))
			return false;
	schema_make_values(out, s, child->reg, &child->set, from);
	return true;
}

const struct schema_make *
schema_make_next(const struct schema_register **from, const struct schema *s,
    const char *made, const struct schema_make *prev)
{
	bool behind = !prev;

	for (size_t i = 0; i < s->register_count; i++)
		for (size_t k = 0; k < s->registers[i].make_count; k++) {
			const struct schema_make *m = &s->registers[i].makes[k];

			if (behind && same(m->reg, made)) {
				*from = &s->registers[i];
				return m;
			}
			behind = behind || m == prev;
		}
	return NULL;
}
