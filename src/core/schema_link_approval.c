/*
 * What a register must have to be approved: the fields that the steps stamp,
 * and roles and rows that exist (screens/README.md).
 */
#include "core/schema_link.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const struct schema_field *
schema_step_field(const struct schema_register *r,
    const struct schema_step *step, const char *part)
{
	char *name = mem_printf("%s_%s", step->level, part);
	const struct schema_field *f = schema_field_find(r, name);

	free(name);
	return f;
}

static bool
is_text(const struct schema_field *f)
{
	return f->type == VT_TEXT || f->type == VT_NOTE;
}

static void
link_needed(struct schema_linker *l, const char *name, enum value_type type,
    bool readonly)
{
	const struct schema_field *f = schema_field_find(l->reg, name);
	const char *type_name = type == VT_NOTE ? "note" : type == VT_TEXT ?
	    "text" : type == VT_DATE ? "date" : "bool";

	if (f && (f->type == type || (type == VT_NOTE && is_text(f))) &&
	    (f->readonly || !readonly))
		return;
	schema_complain(&l->r, "approval", tr("An approval needs the "
	    "field '%s', readonly and of the type '%s'."), name, type_name);
}

static void
link_step(struct schema_linker *l, const struct schema_step *step)
{
	static const struct {
		const char *part;
		enum value_type type;
	} parts[] = { { "opinion", VT_NOTE }, { "by", VT_TEXT },
		{ "on", VT_DATE } };
	const struct schema_register *reg = l->reg;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char *name = mem_printf("%s_%s", step->level, parts[i].part);

		link_needed(l, name, parts[i].type, true);
		free(name);
	}
	schema_link_roles(l, step->roles, step->role_count, "roles");
	for (size_t i = 0; i < step->role_count; i++)
		if (!schema_may_read(reg, step->roles[i]))
			schema_complain(&l->r, "roles", tr("The role '%s' may "
			    "not read the register."), step->roles[i]);
	schema_link_conds(l, reg, &step->when, "when");
	schema_link_conds(l, reg, &step->ends, "ends");
	for (size_t i = 0; i < step->need_count; i++)
		(void)schema_link_name(l, reg, step->needs[i], "needs");
	for (size_t i = 0; i < step->ask_count; i++)
		(void)schema_link_name(l, reg, step->asks[i], "asks");
}

static void
link_in_memory(struct schema_linker *l, const char *name)
{
	const struct schema_field *f = schema_field_find(l->reg, name);

	if (f)
		schema_link_overview(l, l->reg, f, "approval");
}

void
schema_link_approval(struct schema_linker *l)
{
	const struct schema_approval *a = &l->reg->approval;
	const struct schema_field *entered;

	if (!l->reg->approves)
		return;
	if (a->step_count == 0) {
		schema_complain(&l->r, "approval",
		    tr("approvals.json has no line for this register."));
		return;
	}
	link_needed(l, "entered_by", VT_TEXT, true);
	entered = schema_field_find(l->reg, "entered_by");
	if (entered && (!entered->initial ||
	    strcmp(entered->initial, "@me") != 0))
		schema_complain(&l->r, "approval", tr("'%s' must be \"%s\" "
		    "at first."), "entered_by", "@me");
	/* what waits for a decision is listed from memory */
	link_in_memory(l, "entered_by");
	link_in_memory(l, "submitted_on");
	link_needed(l, "submitted_by", VT_TEXT, true);
	link_needed(l, "submitted_on", VT_DATE, true);
	link_needed(l, "self_approved", VT_BOOL, true);
	link_needed(l, "return_reason", VT_NOTE, false);
	schema_link_roles(l, a->submit, a->submit_count, "approval.submit");
	for (size_t i = 0; i < a->step_count; i++) {
		size_t mark = schema_read_enter(&l->r, "approval.steps",
		    (int)i);

		link_step(l, &a->steps[i]);
		schema_read_leave(&l->r, mark);
	}
}
