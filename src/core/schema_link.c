/*
 * What a register says about itself and others: names that must exist, once
 * and of the right kind.  Fields are looked at in schema_link_field.c, states
 * and moves in schema_link_moves.c, what people see in schema_link_views.c.
 */
#include "core/schema_link.h"

#include <string.h>

#include "base/mem.h"
#include "core/dossier.h"
#include "core/number.h"
#include "core/overlay.h"
#include "core/role.h"
#include "core/rule.h"
#include "core/schema_make.h"
#include "core/schema_tell.h"

enum { WORDS_MAX = 200 };	/* fields of a register, at most */

/* ---- names ---- */

void
schema_link_word(struct schema_linker *l, const char *key, const char *word,
    const char *const *known)
{
	const char *near = schema_nearest(word, known);

	if (!schema_is_name(word) && word[0] != '@')
		word = "...";
	if (near)
		schema_complain(&l->r, key,
		    tr("There is no '%s'; is '%s' meant?"), word, near);
	else
		schema_complain(&l->r, key, tr("There is no '%s'."), word);
}

const struct schema_field *
schema_link_name(struct schema_linker *l, const struct schema_register *reg,
    const char *name, const char *key)
{
	const struct schema_field *f = schema_field_find(reg, name);
	const char *words[WORDS_MAX + 1];
	size_t n = 0;

	if (f)
		return f;
	for (size_t i = 0; i < reg->field_count && n < WORDS_MAX; i++)
		words[n++] = reg->fields[i].name;
	words[n] = NULL;
	schema_link_word(l, key, name, words);
	return NULL;
}

const struct schema_register *
schema_link_register(struct schema_linker *l, const char *name,
    const char *key)
{
	const struct schema_register *reg = schema_register_find(l->s, name);
	const char *words[WORDS_MAX + 1];
	size_t n = 0;

	if (reg)
		return reg;
	for (size_t i = 0; i < l->s->register_count && n < WORDS_MAX; i++)
		words[n++] = l->s->registers[i].name;
	words[n] = NULL;
	schema_link_word(l, key, name, words);
	return NULL;
}

bool
schema_link_state(struct schema_linker *l, const struct schema_register *reg,
    const char *name, const char *key)
{
	const char *words[WORDS_MAX + 1];
	size_t n = 0;

	if (schema_state_find(reg, name))
		return true;
	for (size_t i = 0; i < reg->state_count && n < WORDS_MAX; i++)
		words[n++] = reg->states[i].name;
	words[n] = NULL;
	schema_link_word(l, key, name, words);
	return false;
}

void
schema_link_roles(struct schema_linker *l, char *const *names, size_t count,
    const char *key)
{
	for (size_t i = 0; i < count; i++) {
		size_t mark = schema_read_enter(&l->r, key, (int)i);
		const char *const *known = role_names;

		while (*known && strcmp(*known, names[i]) != 0)
			known++;
		if (!*known)
			schema_link_word(l, "", names[i], role_names);
		schema_read_leave(&l->r, mark);
	}
}

void
schema_link_twice(struct schema_linker *l, const char *key, const char *name)
{
	if (name[0] != '\0')
		schema_complain(&l->r, key,
		    tr("'%s' stands here twice."), name);
}

/* ---- conditions ---- */

/* The states of the parent; a form shows fields before they are known. */
static const struct schema_register *
link_more(struct schema_linker *l, const struct schema_register *reg,
    const struct cond *c, const char *key)
{
	bool own = strcmp(c->field, "@overlays") == 0;
	const struct schema_register *up = reg->parent ?
	    schema_register_find(l->s, reg->parent) : NULL;

	if (strcmp(key, "show_when") == 0 || strcmp(key, "need_when") == 0)
		schema_complain(&l->r, "field", tr("A form does not know '%s'; "
		    "checks, moves, filters and rules do."), c->field);
	if (!own && !up)
		schema_complain(&l->r, "field",
		    tr("The register has no parent."));
	return own ? reg : up;
}

static void
link_more_values(struct schema_linker *l, const struct schema_register *of,
    const struct cond *c)
{
	const char *words[WORDS_MAX + 1];
	size_t n = 0;

	if (strcmp(c->field, "@parent_state") == 0) {
		for (size_t i = 0; i < c->value_count; i++)
			schema_link_state(l, of, c->values[i], "value");
		return;
	}
	for (size_t i = 0; i < of->overlay_count; i++)
		words[n++] = of->overlays[i].name;
	words[n] = NULL;
	for (size_t i = 0; i < c->value_count; i++)
		if (!schema_overlay_find(of, c->values[i]))
			schema_link_word(l, "value", c->values[i], words);
}

static bool
is_more(const char *field)
{
	return strcmp(field, "@overlays") == 0 ||
	    strcmp(field, "@parent_state") == 0 ||
	    strcmp(field, "@parent_overlays") == 0;
}

static void
link_cond(struct schema_linker *l, const struct schema_register *reg,
    const struct cond *c, const char *key)
{
	const struct schema_field *f = NULL;

	if (is_more(c->field)) {
		const struct schema_register *of = link_more(l, reg, c, key);

		if (of)
			link_more_values(l, of, c);
		return;
	}
	if (strcmp(c->field, "@office") == 0 ||
	    strcmp(c->field, "@deleted") == 0)
		return;
	if (strcmp(c->field, "@state") != 0) {
		f = schema_link_name(l, reg, c->field, "field");
		if (!f)
			return;
	}
	for (size_t i = 0; i < c->value_count; i++) {
		const char *value = c->values[i];

		if (!f)
			schema_link_state(l, reg, value, "value");
		else if (strcmp(value, "@me") != 0 &&
		    strcmp(value, "@today") != 0 &&
		    strcmp(value, "@month") != 0)
			schema_link_value(l, f, value, "value");
	}
}

void
schema_link_conds(struct schema_linker *l, const struct schema_register *reg,
    const struct conds *c, const char *key)
{
	for (size_t i = 0; i < c->count; i++) {
		size_t mark = schema_read_enter(&l->r, key, (int)i);

		link_cond(l, reg, &c->items[i], key);
		schema_read_leave(&l->r, mark);
	}
}

/* ---- checks ---- */

static bool
is_day(const struct schema_field *f)
{
	return f->type == VT_DATE || f->type == VT_DATETIME;
}

static bool
is_amount(const struct schema_field *f)
{
	return f->type == VT_INT || f->type == VT_MONEY;
}

static void
link_pair(struct schema_linker *l, const struct schema_check *c)
{
	const struct schema_field *a = schema_link_name(l, l->reg, c->first,
	    "first");
	const struct schema_field *b = schema_link_name(l, l->reg, c->then,
	    "then");

	if (!a || !b)
		return;
	if (c->kind == CHECK_WITHIN && (!is_day(a) || !is_day(b)))
		schema_complain(&l->r, "then",
		    tr("'within' compares two dates."));
	else if (c->hours && (a->type != VT_DATETIME || b->type != VT_DATETIME))
		schema_complain(&l->r, "hours",
		    tr("Hours lie between two datetimes."));
	else if (!(is_day(a) && is_day(b)) &&
	    !(is_amount(a) && a->type == b->type))
		schema_complain(&l->r, "then", tr("'order' compares two dates "
		    "or two numbers of one type."));
}

static void
link_rule(struct schema_linker *l, struct schema_check *c)
{
	const char *words[WORDS_MAX + 1];
	size_t n = 0;

	for (; n < WORDS_MAX && rule_name(n); n++) {
		words[n] = rule_name(n);
		if (strcmp(words[n], c->rule) == 0) {
			c->rule_i = n;
			return;
		}
	}
	words[n] = NULL;
	schema_link_word(l, "rule", c->rule, words);
}

static void
link_check(struct schema_linker *l, struct schema_check *c)
{
	schema_link_conds(l, l->reg, &c->when, "when");
	if (c->kind == CHECK_ORDER || c->kind == CHECK_WITHIN)
		link_pair(l, c);
	if (c->kind == CHECK_RULE)
		link_rule(l, c);
	if (c->unless)
		(void)schema_link_name(l, l->reg, c->unless, "unless");
	if (c->kind == CHECK_DOSSIER && l->reg->paper_count == 0)
		schema_complain(&l->r, "check",
		    tr("The register has no dossier."));
	if (c->kind == CHECK_DOSSIER && c->move_count == 0)
		schema_complain(&l->r, "moves", tr("A file becomes complete "
		    "by and by: name the moves that need it."));
	schema_link_check_moves(l, c);
	if (c->at && c->at[0] != '@' && c->at[0] != '\0')
		(void)schema_link_name(l, l->reg, c->at, "at");
}

/* ---- the head ---- */

static void
link_parent(struct schema_linker *l)
{
	const struct schema_register *reg = l->reg;
	const struct schema_field *f;

	if (!reg->parent)
		return;
	if (!schema_link_register(l, reg->parent, "parent.register"))
		return;
	f = schema_link_name(l, reg, reg->parent_field, "parent.field");
	if (!f)
		return;
	if (f->type != VT_REF || !f->to || strcmp(f->to, reg->parent) != 0)
		schema_complain(&l->r, "parent.field",
		    tr("The field must be a ref to '%s'."), reg->parent);
	schema_link_overview(l, reg, f, "parent.field");
}

static void
link_person(struct schema_linker *l)
{
	const struct schema_field *f;

	if (!l->reg->person_field)
		return;
	f = schema_link_name(l, l->reg, l->reg->person_field, "person");
	if (!f)
		return;
	if (f->type != VT_REF || !f->to || strcmp(f->to, "person") != 0)
		schema_complain(&l->r, "person",
		    tr("The field must be a ref to '%s'."), "person");
	schema_link_overview(l, l->reg, f, "person");
}

/* A cache looks at overviews to find out what somebody may see. */
static void
link_sealed(struct schema_linker *l)
{
	const struct conds *c = &l->reg->sealed;

	schema_link_roles(l, l->reg->sealed_roles, l->reg->sealed_role_count,
	    "sealed");
	schema_link_conds(l, l->reg, c, "sealed");
	for (size_t i = 0; i < c->count; i++) {
		const struct schema_field *f = schema_field_find(l->reg,
		    c->items[i].field);

		if (f && !f->overview)
			schema_complain(&l->r, "sealed", tr("%s seals a "
			    "record, so it must be in the overview."), f->name);
	}
}

static void
link_head(struct schema_linker *l)
{
	const struct schema_register *reg = l->reg;
	const struct schema_register *all = l->s->registers;

	for (const struct schema_register *o = all; o < reg; o++)
		if (strcmp(o->name, reg->name) == 0)
			schema_link_twice(l, "register", reg->name);
	schema_link_place(l);
	link_parent(l);
	link_person(l);
	schema_link_roles(l, reg->readers, reg->reader_count, "read");
	schema_link_roles(l, reg->writers, reg->writer_count, "write");
	link_sealed(l);
}

/* A name of old means one field, and none that is there now. */
static void
link_was(struct schema_linker *l, const struct schema_field *f)
{
	for (size_t i = 0; i < f->was_count; i++) {
		size_t mark = schema_read_enter(&l->r, "was", (int)i);
		const struct schema_field *g = schema_field_known(l->reg,
		    f->was[i]);

		if (!schema_is_name(f->was[i]) ||
		    strcmp(f->was[i], f->name) == 0)
			schema_complain(&l->r, "", tr("Here must be a name "
			    "that the field had."));
		else if (g != f)
			schema_complain(&l->r, "",
			    tr("'%s' is the name of another field."),
			    f->was[i]);
		schema_read_leave(&l->r, mark);
	}
}

static void
link_fields(struct schema_linker *l)
{
	for (size_t i = 0; i < l->reg->field_count; i++) {
		const struct schema_field *f = &l->reg->fields[i];
		size_t mark = schema_read_enter(&l->r, "fields", (int)i);

		if (schema_field_find(l->reg, f->name) != f)
			schema_link_twice(l, "name", f->name);
		schema_link_field(l, f);
		link_was(l, f);
		schema_read_leave(&l->r, mark);
	}
}

/* From here on its fields are all there (schema_field_find). */
static void
note_initials(struct schema_register *reg)
{
	reg->initials = mem_alloc(reg->field_count + 1, 1);
	for (size_t i = 0; i < reg->field_count; i++)
		reg->initials[i] = reg->fields[i].name[0];
}

void
schema_link(const struct schema *s, const char *const *files,
    struct complaints *complaints)
{
	for (size_t i = 0; i < s->register_count; i++)
		note_initials(&s->registers[i]);
	for (size_t i = 0; i < s->register_count; i++) {
		struct schema_linker l = { .s = s,
			.reg = &s->registers[i] };

		l.r.complaints = complaints;
		l.r.file = files[i];
		link_head(&l);
		link_fields(&l);
		for (size_t k = 0; k < l.reg->check_count; k++) {
			size_t mark = schema_read_enter(&l.r, "checks", (int)k);

			link_check(&l, &l.reg->checks[k]);
			schema_read_leave(&l.r, mark);
		}
		schema_link_states(&l);
		schema_link_approval(&l);
		schema_link_overlays(&l);
		schema_link_views(&l);
		schema_link_dossier(&l);
		schema_link_makes(&l);
		schema_link_tells(&l);
		schema_link_receipt(&l);
		schema_link_number(&l);
	}
}
