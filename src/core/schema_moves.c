/*
 * States and moves of a register's file (screens/README.md); what an approval
 * adds to them is made in schema_approval.c.
 */
#include "base/json.h"
#include "base/mem.h"
#include "core/schema_parts.h"
#include "core/schema_read.h"

enum {
	STATES_MAX = 40,
	MOVES_MAX = 80,
	CHILDREN_MAX = 8,
	FIELDS_MAX = 200,
	ROLES_MAX = 16,
};

static void
read_state(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "name", "label", "active", "locked",
		NULL };
	struct schema_state *s = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	s->name = schema_read_name(r, j, "name");
	schema_read_label(&s->label, r, j, "label", true,
	    SCHEMA_LABEL_BYTES_MAX);
	s->active = schema_read_bool(r, j, "active", false);
	s->locked = schema_read_bool(r, j, "locked", false);
}

static void
read_child_need(struct schema_reader *r, const struct json *j, void *out,
    void *ctx)
{
	static const char *const keys[] = { "register", "when", "min", "text",
		NULL };
	struct schema_child_need *c = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	c->reg = schema_read_name(r, j, "register");
	schema_read_conds(&c->when, r, j, "when");
	c->min = schema_read_int(r, j, "min", 1, 100, 1);
	schema_read_label(&c->text, r, j, "text", true, SCHEMA_TEXT_BYTES_MAX);
}

static void
read_stamp(struct schema_move *m, struct schema_reader *r,
    const struct json *j)
{
	static const char *const keys[] = { "by", "on", NULL };
	const struct json *stamp = json_get(j, "stamp");
	size_t mark;

	if (!stamp)
		return;
	mark = schema_read_enter(r, "stamp", -1);
	if (schema_read_keys(r, stamp, keys)) {
		m->stamp_by = schema_read_name_if(r, stamp, "by");
		m->stamp_on = schema_read_name_if(r, stamp, "on");
	}
	schema_read_leave(r, mark);
}

static void
read_move(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "name", "label", "from", "to",
		"roles", "submit", "needs", "asks", "stamp", "not_by", "self",
		"guard", "guard_text", "children", NULL };
	struct schema_move *m = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	m->name = schema_read_name(r, j, "name");
	schema_read_label(&m->label, r, j, "label", true,
	    SCHEMA_LABEL_BYTES_MAX);
	m->from = schema_read_texts(&m->from_count, r, j, "from", STATES_MAX);
	if (m->from_count == 0)
		schema_complain(r, "from",
		    tr("Here must be a list of states."));
	m->to = schema_read_name(r, j, "to");
	m->roles = schema_read_texts(&m->role_count, r, j, "roles", ROLES_MAX);
	if (m->role_count == 0)
		schema_complain(r, "roles",
		    tr("Here must be a list of roles."));
	m->needs = schema_read_texts(&m->need_count, r, j, "needs", FIELDS_MAX);
	m->asks = schema_read_texts(&m->ask_count, r, j, "asks", FIELDS_MAX);
	read_stamp(m, r, j);
	m->not_by = schema_read_texts(&m->not_by_count, r, j, "not_by",
	    FIELDS_MAX);
	m->self = schema_read_name_if(r, j, "self");
	m->submit = schema_read_bool(r, j, "submit", false);
	schema_read_conds(&m->guard, r, j, "guard");
	schema_read_label(&m->guard_text, r, j, "guard_text",
	    m->guard.count > 0, SCHEMA_TEXT_BYTES_MAX);
	m->children = schema_read_items(&m->child_count, r, j, "children",
	    CHILDREN_MAX, sizeof *m->children, read_child_need, NULL);
}

void
schema_read_states(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	out->states = schema_read_items(&out->state_count, r, j, "states",
	    STATES_MAX, sizeof *out->states, read_state, NULL);
	out->moves = schema_read_items(&out->move_count, r, j, "moves",
	    MOVES_MAX, sizeof *out->moves, read_move, NULL);
	out->approves = schema_read_bool(r, j, "approval", false);
}
