/*
 * What may be changed, and by whom (rule.h, rule_change).  The client asks it
 * before it saves and the server of what it was sent: a forged operation goes
 * through the same door as a form.
 */
#include "core/rule.h"

#include <string.h>

/* One change being looked at. */
struct change {
	const struct schema_register *reg;
	const struct record *was;	/* NULL: new */
	const struct record *next;
	const struct schema_move *move;	/* NULL: an edit */
	const struct rule_who *who;
	const struct schema_state *locked;	/* the state, when it locks */
};

static const char *
before(const struct change *c, const char *field)
{
	return c->was ? values_get(&c->was->values, field) : "";
}

static enum status
refuse_lock(const struct change *c, struct err *err)
{
	return err_set(err, E_INVALID, tr("In the state '%s' a record is "
	    "changed by its steps only."), label_text(&c->locked->label));
}

/* What a new record has of itself: a text as the definition says, a day, an
 * office. */
static bool
is_initial(const struct schema_field *f, const struct change *c)
{
	return !c->was && f->initial && (f->initial[0] == '@' ||
	    strcmp(f->initial, values_get(&c->next->values, f->name)) == 0);
}

/* Entered by: the author's name, whatever a program may say. */
static bool
is_author(const struct schema_field *f, const struct change *c)
{
	return c->was || !f->readonly || !f->initial ||
	    strcmp(f->initial, "@me") != 0 ||
	    strcmp(values_get(&c->next->values, f->name), c->who->name) == 0;
}

static bool
are_read(const struct conds *rows, const char *field)
{
	for (size_t i = 0; i < rows->count; i++)
		if (strcmp(rows->items[i].field, field) == 0)
			return true;
	return false;
}

/* The rows of the approval read it, or what follows from it. */
static bool
decides(const struct schema_register *reg, const struct schema_field *f)
{
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *g = &reg->fields[i];

		if (g != f && !(g->derive_from &&
		    strcmp(g->derive_from, f->name) == 0) &&
		    !(g->derive_to && strcmp(g->derive_to, f->name) == 0))
			continue;
		for (size_t k = 0; k < reg->approval.step_count; k++)
			if (are_read(&reg->approval.steps[k].when, g->name) ||
			    are_read(&reg->approval.steps[k].ends, g->name))
				return true;
	}
	return false;
}

/* After its approval a record may go through open states of its own (away,
 * back): what was approved stays, what happens then is added. */
static bool
is_decided_on(const struct schema_field *f, const struct change *c)
{
	const struct schema_register *reg = c->reg;
	const struct schema_state *s = c->was && reg->approval.step_count > 0 ?
	    schema_state_find(reg, c->was->state) : NULL;

	return s && (size_t)(s - reg->states) >= reg->approval.made_states &&
	    before(c, f->name)[0] != '\0' &&
	    (f->need != NEED_NO || decides(reg, f));
}

static enum status
check_field(const struct schema_field *f, bool changed,
    const struct change *c, struct err *err)
{
	if (!is_author(f, c))
		return err_set(err, E_AUTH, tr("'%s' must name the person who "
		    "entered the record."), label_text(&f->label));
	if (!changed || (f->derive != DERIVE_NO && f->readonly) ||
	    (c->move && schema_move_fills(c->move, f->name)))
		return E_OK;
	if (c->locked)
		return refuse_lock(c, err);
	if (is_decided_on(f, c))
		return err_set(err, E_INVALID, tr("'%s' was approved and "
		    "stays as it is."), label_text(&f->label));
	if (!schema_may_write(c->reg, c->who->role) ||
	    !schema_may_write_field(f, c->who->role))
		return err_set(err, E_AUTH, tr("Your role may not change "
		    "'%s'."), label_text(&f->label));
	if (f->readonly && !is_initial(f, c) &&
	    schema_is_filled_by_moves(c->reg, f->name))
		return err_set(err, E_AUTH, tr("'%s' is filled in by a step "
		    "of its own only."), label_text(&f->label));
	return E_OK;
}

/* The values that the move fills in are those that it would. */
static enum status
check_stamps(const struct change *c, const struct rule_world *world,
    struct err *err)
{
	const struct schema_move *m = c->move;
	struct record want = {0};
	enum status s = E_OK;

	record_copy(&want, c->next);
	if (m->self)
		values_set(&want.values, m->self, before(c, m->self));
	rule_stamp(c->reg, m, &want, c->who, 0, world);
	for (size_t i = 0; i < c->reg->field_count && !s; i++) {
		const struct schema_field *f = &c->reg->fields[i];

		if ((m->stamp_on && strcmp(m->stamp_on, f->name) == 0) ||
		    strcmp(values_get(&want.values, f->name),
		    values_get(&c->next->values, f->name)) == 0)
			continue;
		s = err_set(err, E_AUTH, tr("'%s' is not what the step itself "
		    "fills in."), label_text(&f->label));
	}
	record_release(&want);
	return s;
}

enum status
rule_change(const struct schema_register *reg, const struct record *was,
    const struct record *next, const struct schema_move *m,
    const struct rule_who *who, const struct rule_world *world,
    struct err *err)
{
	struct change c = { reg, was, next, m, who, NULL };
	const struct schema_state *state = was ?
	    schema_state_find(reg, was->state) : NULL;
	static const struct values none;
	const char *stood[RECORD_VALUES_MAX], *stands[RECORD_VALUES_MAX];
	enum status s = E_OK;

	if (state && state->locked)
		c.locked = state;
	if (was && !was->deleted && next->deleted) {
		if (c.locked)
			return refuse_lock(&c, err);
		if (!schema_may_write(reg, who->role))
			return err_set(err, E_AUTH, tr("Your role may not "
			    "change entries of %s."), label_text(&reg->title));
	}
	schema_texts(stood, reg, was ? &was->values : &none);
	schema_texts(stands, reg, &next->values);
	for (size_t i = 0; i < reg->field_count && !s; i++)
		s = check_field(&reg->fields[i], stood[i][0] != stands[i][0] ||
		    strcmp(stood[i], stands[i]) != 0, &c, err);
	if (!s && m)
		s = check_stamps(&c, world, err);
	return s;
}
