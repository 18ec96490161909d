/*
 * What states and moves say: where each leads, who may, and the fields that a
 * step asks for and stamps.
 */
#include "core/schema_link.h"

#include <string.h>

enum { WORDS_MAX = 200 };	/* moves of a register, at most */

/* Fields that the step asks for.  What is readonly on the form is filled in by
 * a step, what is derived by nobody. */
static void
link_asked(struct schema_linker *l, char *const *names, size_t count,
    const char *key)
{
	for (size_t i = 0; i < count; i++) {
		size_t mark = schema_read_enter(&l->r, key, (int)i);
		const struct schema_field *f = schema_link_name(l, l->reg,
		    names[i], "");

		if (f && f->readonly && f->derive != DERIVE_NO)
			schema_complain(&l->r, "", tr("Nobody can fill in a "
			    "field that is derived."));
		schema_read_leave(&l->r, mark);
	}
}

/* A field that the program fills in on the move. */
static void
link_filled(struct schema_linker *l, const char *name, enum value_type type,
    const char *key)
{
	const struct schema_field *f = name ?
	    schema_link_name(l, l->reg, name, key) : NULL;

	if (f && (f->type != type || !f->readonly || f->derive != DERIVE_NO))
		schema_complain(&l->r, key, tr("'%s' must be readonly and of "
		    "the type '%s'."), name, type == VT_TEXT ? "text" :
		    type == VT_DATE ? "date" : "bool");
}

static void
link_stamps(struct schema_linker *l, const struct schema_move *m)
{
	link_filled(l, m->stamp_by, VT_TEXT, "stamp.by");
	link_filled(l, m->stamp_on, VT_DATE, "stamp.on");
	link_filled(l, m->self, VT_BOOL, "self");
	for (size_t i = 0; i < m->not_by_count; i++) {
		size_t mark = schema_read_enter(&l->r, "not_by", (int)i);

		(void)schema_link_name(l, l->reg, m->not_by[i], "");
		schema_read_leave(&l->r, mark);
	}
	if (m->self && m->not_by_count == 0)
		schema_complain(&l->r, "self",
		    tr("'self' without 'not_by' does nothing."));
}

/* A way between two states belongs to one move. */
static void
link_from(struct schema_linker *l, const struct schema_move *m)
{
	for (size_t i = 0; i < m->from_count; i++) {
		size_t mark = schema_read_enter(&l->r, "from", (int)i);

		/* "" is a record that was never saved */
		if ((m->from[i][0] == '\0' ||
		    schema_link_state(l, l->reg, m->from[i], "")) &&
		    schema_move_find(l->reg, m->from[i], m->to) != m)
			schema_complain(&l->r, "", tr("Another move goes the "
			    "same way."));
		schema_read_leave(&l->r, mark);
	}
}

static void
link_child_needs(struct schema_linker *l, const struct schema_move *m)
{
	for (size_t i = 0; i < m->child_count; i++) {
		const struct schema_child_need *c = &m->children[i];
		size_t mark = schema_read_enter(&l->r, "children", (int)i);
		const struct schema_register *child = schema_link_register(l,
		    c->reg, "register");

		if (child && (!child->parent ||
		    strcmp(child->parent, l->reg->name) != 0))
			schema_complain(&l->r, "register",
			    tr("'%s' is no child of this register."),
			    child->name);
		if (child)
			schema_link_conds(l, child, &c->when, "when");
		schema_read_leave(&l->r, mark);
	}
}

static void
link_move(struct schema_linker *l, size_t at)
{
	const struct schema_move *m = &l->reg->moves[at];

	for (size_t i = 0; i < at; i++)
		if (strcmp(l->reg->moves[i].name, m->name) == 0)
			schema_link_twice(l, "name", m->name);
	link_from(l, m);
	schema_link_state(l, l->reg, m->to, "to");
	schema_link_roles(l, m->roles, m->role_count, "roles");
	link_asked(l, m->needs, m->need_count, "needs");
	link_asked(l, m->asks, m->ask_count, "asks");
	link_stamps(l, m);
	schema_link_conds(l, l->reg, &m->guard, "guard");
	link_child_needs(l, m);
}

/* Who takes back what others entered has a step here himself. */
static void
link_back(struct schema_linker *l)
{
	bool made = false;

	schema_link_roles(l, l->reg->back.roles, l->reg->back.count, "back");
	for (size_t i = 0; i < l->reg->move_count; i++)
		made = made || l->reg->moves[i].back;
	if (l->reg->back.count && !made)
		schema_complain(&l->r, "back", tr("None of these roles has a "
		    "step that could be taken back."));
}

static bool
is_reached(const struct schema_register *reg, const char *state)
{
	for (size_t i = 0; i < reg->move_count; i++)
		if (!reg->moves[i].back &&
		    strcmp(reg->moves[i].to, state) == 0)
			return true;
	return false;
}

/* Where it stands in the file; what an approval made stands nowhere. */
static int
place(size_t at, size_t made)
{
	return at < made ? -1 : (int)(at - made);
}

void
schema_link_states(struct schema_linker *l)
{
	const struct schema_register *reg = l->reg;

	for (size_t i = 0; i < reg->state_count; i++) {
		const char *name = reg->states[i].name;
		size_t mark = schema_read_enter(&l->r, "states",
		    place(i, reg->approval.made_states));

		if (schema_state_find(reg, name) != &reg->states[i])
			schema_link_twice(l, "name", name);
		else if (i > 0 && !is_reached(reg, name))
			schema_complain(&l->r, "name",
			    tr("No move leads to the state '%s'."), name);
		schema_read_leave(&l->r, mark);
	}
	for (size_t i = 0; i < reg->move_count; i++) {
		size_t mark = schema_read_enter(&l->r, "moves",
		    place(i, reg->approval.made_moves));

		/* the fields of those made are looked at by schema_approval */
		if (i >= reg->approval.made_moves)
			link_move(l, i);
		schema_read_leave(&l->r, mark);
	}
	link_back(l);
}

void
schema_link_check_moves(struct schema_linker *l, const struct schema_check *c)
{
	const char *words[WORDS_MAX + 1];
	size_t n = 0;

	for (size_t i = 0; i < l->reg->move_count && n < WORDS_MAX; i++)
		words[n++] = l->reg->moves[i].name;
	words[n] = NULL;
	for (size_t i = 0; i < c->move_count; i++) {
		size_t mark = schema_read_enter(&l->r, "moves", (int)i);
		size_t k = 0;

		while (k < n && strcmp(words[k], c->moves[i]) != 0)
			k++;
		if (k == n)
			schema_link_word(l, "", c->moves[i], words);
		schema_read_leave(&l->r, mark);
	}
}
