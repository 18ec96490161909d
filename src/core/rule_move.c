/*
 * From one state to another (rule.h, rule_move): the table, the role, then
 * what the step needs, in the order in which a person can mend it.
 */
#include "core/rule.h"

#include <string.h>

#include "core/overlay.h"

static bool
is_shown(const struct schema_field *f, const struct record *r, int today)
{
	return conds_hold(&f->show_when, r, today, "");
}

/* What the step asks for on the spot; a field that the form does not show for
 * this record cannot be asked for. */
static enum status
check_needs(const struct schema_register *reg, const struct schema_move *m,
    const struct record *r, int today, struct err *err)
{
	for (size_t i = 0; i < m->need_count; i++) {
		const struct schema_field *f = schema_field_find(reg,
		    m->needs[i]);

		if (f && is_shown(f, r, today) &&
		    !values_has(&r->values, f->name))
			return err_set(err, E_INVALID,
			    tr("'%s' must be filled in."),
			    label_text(&f->label));
	}
	return E_OK;
}

/* The whole record where the step submits it, and what is asked on it only. */
static enum status
check_faults(const struct schema *s, const struct schema_register *reg,
    const struct schema_move *m, const struct record *r, int today,
    const struct rule_world *world, struct err *err)
{
	struct faults faults = {0};
	enum status status = E_OK;

	if (m->submit)
		rule_check(&faults, s, reg, r, RULE_SUBMIT, today, world);
	rule_check_move(&faults, s, reg, r, m, today, world);
	for (size_t i = 0; i < faults.count && status == E_OK; i++)
		if (faults.items[i].stop)
			status = err_set(err, E_INVALID, "%s",
			    faults.items[i].msg);
	faults_release(&faults);
	return status;
}

static enum status
check_children(const struct schema_move *m, const struct record *r, int today,
    const struct rule_world *world, struct err *err)
{
	if (!world || !world->child)
		return E_OK;
	for (size_t i = 0; i < m->child_count; i++) {
		const struct schema_child_need *need = &m->children[i];
		const struct record *child;
		int count = 0;

		for (size_t k = 0; ; k++) {
			child = world->child(world->self, &r->id, need->reg, k);
			if (!child)
				break;
			if (!child->deleted &&
			    conds_hold(&need->when, child, today, ""))
				count++;
		}
		if (count < need->min)
			return err_set(err, E_INVALID, "%s",
			    label_text(&need->text));
	}
	return E_OK;
}

enum status
rule_move(const struct schema *s, const struct schema_register *reg,
    const struct record *r, const char *to, const char *role, int today,
    const struct rule_world *world, struct err *err)
{
	const struct schema_move *m = schema_move_find(reg, r->state, to);
	enum status status;

	if (r->deleted)
		return err_set(err, E_INVALID,
		    tr("The record has been withdrawn."));
	if (!m)
		return err_set(err, E_INVALID,
		    tr("This step is not possible from the present state."));
	if (!schema_role_in(m->roles, m->role_count, role))
		return err_set(err, E_AUTH,
		    tr("Your role does not allow the step '%s'."),
		    label_text(&m->label));
	status = check_needs(reg, m, r, today, err);
	if (status)
		return status;
	if (!overlay_conds_hold(&m->guard, s, reg, r, today, "", world))
		return err_set(err, E_INVALID, "%s",
		    label_text(&m->guard_text));
	status = check_children(m, r, today, world, err);
	if (status)
		return status;
	return check_faults(s, reg, m, r, today, world, err);
}
