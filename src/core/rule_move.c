/*
 * From one state to another (rule.h, rule_move): the table, the role, then
 * what the step needs, in the order in which a person can mend it.
 */
#include "core/rule.h"

#include <string.h>

#include "base/date.h"
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
	faults_forgive(&faults, r, NULL);	/* saving has looked at it */
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

/* What the form of the step can change nothing about. */
static bool
is_outside(const struct cond *c)
{
	return c->field[0] == '@';
}

static bool
are_outside(const struct conds *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (!is_outside(&rows->items[i]))
			return false;
	return rows->count > 0;
}

enum status
rule_move_ready(const struct schema *s, const struct schema_register *reg,
    const struct schema_move *m, const struct record *r, int today,
    const struct rule_world *world, struct err *err)
{
	for (size_t i = 0; i < m->guard.count; i++) {
		const struct conds one = { &m->guard.items[i], 1 };

		if (is_outside(one.items) && !overlay_conds_hold(&one, s, reg,
		    r, today, "", world))
			return err_set(err, E_INVALID, "%s",
			    label_text(&m->guard_text));
	}
	for (size_t i = 0; i < reg->check_count; i++) {
		const struct schema_check *c = &reg->checks[i];

		if (c->kind == CHECK_FORBID && c->stop &&
		    schema_role_in(c->moves, c->move_count, m->name) &&
		    are_outside(&c->when) && overlay_conds_hold(&c->when, s,
		    reg, r, today, "", world))
			return err_set(err, E_INVALID, "%s",
			    label_text(&c->text));
	}
	if (check_children(m, r, today, world, err))
		return err->code = E_NOTFOUND;
	return E_OK;
}

/* ---- who, and where to ---- */

/* The step after this one (from 0) that the record takes, or the count. */
static size_t
step_from(const struct schema_approval *a, size_t at, const struct record *r,
    int today)
{
	while (at < a->step_count &&
	    !conds_hold(&a->steps[at].when, r, today, ""))
		at++;
	return at;
}

const char *
rule_route(const struct schema_register *reg, const struct schema_move *m,
    const struct record *r, int today)
{
	const struct schema_approval *a = &reg->approval;
	const struct schema_step *step;
	size_t at = 0;

	if (m->approves != APPROVES_SUBMIT && m->approves != APPROVES_AGREE)
		return m->to;
	if (m->approves == APPROVES_AGREE) {
		step = &a->steps[m->step - 1];
		if (step->ends.count > 0 &&
		    conds_hold(&step->ends, r, today, ""))
			return "approved";
		at = (size_t)m->step;
	}
	at = step_from(a, at, r, today);
	return at < a->step_count ? a->steps[at].waits : "approved";
}

static enum status
check_route(const struct schema_register *reg, const struct schema_move *m,
    const struct record *r, int today, struct err *err)
{
	const char *to = rule_route(reg, m, r, today);
	const struct schema_state *next = schema_state_find(reg, to);

	if (strcmp(to, m->to) == 0)
		return E_OK;
	if (strcmp(to, "approved") == 0)
		return err_set(err, E_INVALID, tr("This level decides here; "
		    "nothing goes on to another."));
	return err_set(err, E_INVALID, tr("This level does not decide here; "
	    "next is '%s'."), next ? label_text(&next->label) : "");
}

static bool
is_own(const struct schema_move *m, const struct record *r, const char *name)
{
	for (size_t i = 0; i < m->not_by_count && name[0]; i++)
		if (strcmp(values_get(&r->values, m->not_by[i]), name) == 0)
			return true;
	return false;
}

/* The county lets an office of one or two decide on its own entries. */
static bool
may_decide_alone(const struct schema_move *m, const struct record *r,
    const struct rule_world *world)
{
	static const struct uuid none;
	struct rule_find what = { "office", "@office", r->office, &none };
	const struct record *profile;
	bool may = false;

	if (!m->self || !world || !world->find || r->office[0] == '\0')
		return false;
	for (size_t i = 0; !may; i++) {
		profile = world->find(world->self, &what, i);
		if (!profile)
			break;
		may = strcmp(values_get(&profile->values, "self_approve"),
		    "1") == 0;
	}
	return may;
}

enum status
rule_may_move(const struct schema_register *reg, const struct schema_move *m,
    const struct record *r, const struct rule_who *who, int today,
    const struct rule_world *world, struct err *err)
{
	if (r->deleted)
		return err_set(err, E_INVALID,
		    tr("The record has been withdrawn."));
	if (!schema_role_in(m->from, m->from_count, r->state))
		return err_set(err, E_INVALID,
		    tr("This step is not possible from the present state."));
	if (!schema_role_in(m->roles, m->role_count, who->role))
		return err_set(err, E_AUTH,
		    tr("Your role does not allow the step '%s'."),
		    label_text(&m->label));
	if (check_route(reg, m, r, today, err))
		return err->code;
	if (is_own(m, r, who->name) && !may_decide_alone(m, r, world))
		return err_set(err, E_AUTH, tr("Nobody decides on what they "
		    "entered, handed in or agreed to themselves."));
	return E_OK;
}

enum status
rule_move(const struct schema *s, const struct schema_register *reg,
    const struct record *r, const char *to, const struct rule_who *who,
    int today, const struct rule_world *world, struct err *err)
{
	const struct schema_move *m = schema_move_find(reg, r->state, to);
	enum status status;

	if (r->deleted)
		return err_set(err, E_INVALID,
		    tr("The record has been withdrawn."));
	if (!m)
		return err_set(err, E_INVALID,
		    tr("This step is not possible from the present state."));
	status = rule_may_move(reg, m, r, who, today, world, err);
	if (!status)
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

/* ---- what a move fills in ---- */

void
rule_stamp(const struct schema_register *reg, const struct schema_move *m,
    struct record *r, const struct rule_who *who, int today,
    const struct rule_world *world)
{
	char day[DATE_TEXT_MAX];

	(void)reg;
	for (size_t i = 0; i < m->clear_count; i++)
		values_set(&r->values, m->clears[i], NULL);
	date_print(day, today);
	if (m->stamp_by)
		values_set(&r->values, m->stamp_by, who->name);
	if (m->stamp_on)
		values_set(&r->values, m->stamp_on, day);
	if (m->self && is_own(m, r, who->name) &&
	    may_decide_alone(m, r, world))
		values_set(&r->values, m->self, "1");
}

static bool
is_entered(const struct schema_field *f)
{
	return f->readonly && f->initial && strcmp(f->initial, "@me") == 0;
}

void
rule_enter(const struct schema_register *reg, struct record *r,
    const struct rule_who *who)
{
	for (size_t i = 0; i < reg->field_count; i++)
		if (is_entered(&reg->fields[i]))
			values_set(&r->values, reg->fields[i].name, who->name);
}
