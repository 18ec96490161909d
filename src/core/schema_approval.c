/*
 * approvals.json: who approves what (screens/README.md).  A line's steps are
 * made into states and moves here, so that everything else sees a register
 * like any other; what its rows decide is asked of rule_route().
 *
 * A level has its own waiting state, whatever stands before it: a county that
 * adds a step does not change what is written in records.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "core/schema_link.h"
#include "core/schema_parts.h"
#include "core/schema_read.h"

enum {
	LINES_MAX = 200,
	ROLES_MAX = 16,
	ASKED_MAX = 10,
	MADE_STATES_MAX = SCHEMA_STEPS_MAX + 5,
	MADE_MOVES_MAX = 40,
};

/* From the bottom up; a step's waiting state, and the words for it. */
static const struct level {
	const char *name;
	const char *label_zh, *label_en;
	const char *waits;
	const char *zh, *en;		/* the state */
	const char *submit_zh, *submit_en;
	const char *agree_zh, *agree_en;
} levels[] = {
	{ "office", "司法所", "office", "submitted", "待所审核", "office pending",
	  "提交审核", "Submit", "", "" },
	{ "county", "县级", "county", "office_ok", "待县审批", "county pending",
	  "报县审批", "Submit to county",
	  "同意并报县审批", "Agree, on to county" },
	{ "leader", "局长", "director", "county_ok", "待局长审批", "director pending",
	  "报局长审批", "Submit to director",
	  "同意并报局长审批", "Agree, on to director" },
	{ "city", "市级", "city", "county_ok", "待市审批", "city pending",
	  "报市审批", "Submit to city",
	  "同意并报市审批", "Agree, on to city" },
	{ 0 },
};

static const struct level *
level_find(const char *name)
{
	for (const struct level *v = levels; v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

static struct label
words(const char *zh, const char *en)
{
	return (struct label){ mem_strdup(zh), mem_strdup(en) };
}

/* ---- reading ---- */

static void
read_step(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "level", "roles", "when", "ends",
		"needs", "asks", NULL };
	struct schema_step *s = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	s->level = schema_read_name(r, j, "level");
	s->roles = schema_read_texts(&s->role_count, r, j, "roles", ROLES_MAX);
	if (s->role_count == 0)
		schema_complain(r, "roles",
		    tr("Here must be a list of roles."));
	schema_read_conds(&s->when, r, j, "when");
	schema_read_conds(&s->ends, r, j, "ends");
	s->needs = schema_read_texts(&s->need_count, r, j, "needs", ASKED_MAX);
	s->asks = schema_read_texts(&s->ask_count, r, j, "asks", ASKED_MAX);
}

/* Each level once, from the bottom up; a step that everybody takes. */
static bool
check_steps(struct schema_approval *a, struct schema_reader *r)
{
	const struct level *last = NULL;
	bool always = false;
	bool good = a->step_count > 0;

	if (!good)
		schema_complain(r, "steps", tr("An approval needs a step."));
	for (size_t i = 0; i < a->step_count; i++) {
		struct schema_step *s = &a->steps[i];
		const struct level *v = level_find(s->level);
		size_t mark = schema_read_enter(r, "steps", (int)i);

		if (!v || (last && v <= last)) {
			schema_complain(r, "level", tr("The levels are "
			    "'office', 'county', 'leader' and 'city', each "
			    "once and in this order."));
			good = false;
		} else {
			bool both = last && strcmp(last->waits, v->waits) == 0;

			s->label = words(v->label_zh, v->label_en);
			s->waits = mem_strdup(both ? "leader_ok" : v->waits);
			last = v;
		}
		always = always || s->when.count == 0;
		schema_read_leave(r, mark);
	}
	if (good && !always)
		schema_complain(r, "steps", tr("One step must be without "
		    "'when', so that somebody decides."));
	return good;
}

static bool
read_steps(struct schema_approval *out, struct schema_reader *r,
    const struct json *j)
{
	out->submit = schema_read_texts(&out->submit_count, r, j, "submit",
	    ROLES_MAX);
	if (out->submit_count == 0)
		schema_complain(r, "submit",
		    tr("Here must be a list of roles."));
	out->cancel = schema_read_bool(r, j, "cancel", false);
	out->steps = schema_read_items(&out->step_count, r, j, "steps",
	    SCHEMA_STEPS_MAX, sizeof *out->steps, read_step, NULL);
	return check_steps(out, r);
}

/* ---- making ---- */

static void
add_text(char ***texts, size_t *count, const char *text)
{
	*texts = mem_grow(*texts, *count, sizeof **texts);
	(*texts)[(*count)++] = mem_strdup(text);
}

static void
add_texts(char ***texts, size_t *count, char *const *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_text(texts, count, from[i]);
}

/* What is made, before the register's own. */
struct making {
	struct schema_register *reg;
	struct schema_state *states;
	size_t state_count;
	struct schema_move *moves;
	size_t move_count;
};

static struct schema_state *
add_state(struct making *m, const char *name, struct label label)
{
	m->states = mem_grow(m->states, m->state_count, sizeof *m->states);
	m->states[m->state_count] = (struct schema_state){
		.name = mem_strdup(name), .label = label };
	return &m->states[m->state_count++];
}

/* The name is taken. */
static struct schema_move *
add_move(struct making *m, char *name, struct label label, const char *to)
{
	m->moves = mem_grow(m->moves, m->move_count, sizeof *m->moves);
	m->moves[m->move_count] = (struct schema_move){ .name = name,
		.label = label, .to = mem_strdup(to) };
	return &m->moves[m->move_count++];
}

static void
make_states(struct making *m, bool goes_on)
{
	const struct schema_approval *a = &m->reg->approval;
	struct schema_state *s;

	add_state(m, "draft", words("草拟", "draft"))->active = true;
	for (size_t i = 0; i < a->step_count; i++) {
		const struct level *v = level_find(a->steps[i].level);

		s = add_state(m, a->steps[i].waits, words(v->zh, v->en));
		s->active = s->locked = true;
		s->step = (int)i + 1;
	}
	s = add_state(m, "approved", words("已批准", "approved"));
	s->locked = true;
	s->active = goes_on;
	add_state(m, "returned", words("退回", "returned"))->active = true;
	add_state(m, "rejected", words("不批准", "rejected"))->locked = true;
	if (a->cancel)
		add_state(m, "cancelled", words("撤回", "cancelled"))->locked =
		    true;
}

/* Emptied by a new round: the history keeps what an earlier one said. */
static void
clear_stamps(struct schema_move *m, const struct schema_approval *a)
{
	static const char *const parts[] = { "opinion", "by", "on" };

	for (size_t i = 0; i < a->step_count; i++)
		for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
			char *name = mem_printf("%s_%s", a->steps[i].level,
			    parts[k]);

			add_text(&m->clears, &m->clear_count, name);
			free(name);
		}
	add_text(&m->clears, &m->clear_count, "self_approved");
}

/* Step i can be the next one for some record when all before it have a
 * condition. */
static bool
can_follow(const struct schema_approval *a, size_t from, size_t i)
{
	for (size_t k = from; k < i; k++)
		if (a->steps[k].when.count == 0)
			return false;
	return true;
}

static void
make_submits(struct making *m)
{
	const struct schema_approval *a = &m->reg->approval;

	for (size_t i = 0; i < a->step_count && can_follow(a, 0, i); i++) {
		const struct level *v = level_find(a->steps[i].level);
		struct schema_move *s = add_move(m, i == 0 ?
		    mem_strdup("submit") : mem_printf("submit_to_%s", v->name),
		    words(v->submit_zh, v->submit_en), a->steps[i].waits);

		add_text(&s->from, &s->from_count, "draft");
		add_text(&s->from, &s->from_count, "returned");
		add_texts(&s->roles, &s->role_count, a->submit,
		    a->submit_count);
		s->stamp_by = mem_strdup("submitted_by");
		s->stamp_on = mem_strdup("submitted_on");
		s->submit = true;
		s->approves = APPROVES_SUBMIT;
		clear_stamps(s, a);
	}
}

/* A decision of the step: stamped, and said by whom. */
static struct schema_move *
add_decision(struct making *m, size_t at, char *name, struct label label,
    const char *to, enum approves approves)
{
	const struct schema_step *step = &m->reg->approval.steps[at];
	struct schema_move *d = add_move(m, name, label, to);

	add_text(&d->from, &d->from_count, step->waits);
	add_texts(&d->roles, &d->role_count, step->roles, step->role_count);
	d->stamp_by = mem_printf("%s_by", step->level);
	d->stamp_on = mem_printf("%s_on", step->level);
	d->approves = approves;
	d->step = (int)at + 1;
	return d;
}

/* Nobody agrees to what they entered or handed in, nor twice; a small office
 * may by leave of the county, and it is marked. */
static void
add_agreement(struct making *m, size_t at, char *name, struct label label,
    const char *to)
{
	const struct schema_approval *a = &m->reg->approval;
	const struct schema_step *step = &a->steps[at];
	struct schema_move *d = add_decision(m, at, name, label, to,
	    APPROVES_AGREE);
	char *opinion = mem_printf("%s_opinion", step->level);

	add_texts(&d->needs, &d->need_count, step->needs, step->need_count);
	add_texts(&d->asks, &d->ask_count, step->asks, step->ask_count);
	add_text(&d->asks, &d->ask_count, opinion);
	free(opinion);
	add_text(&d->not_by, &d->not_by_count, "entered_by");
	add_text(&d->not_by, &d->not_by_count, "submitted_by");
	for (size_t i = 0; i < at; i++) {
		char *by = mem_printf("%s_by", a->steps[i].level);

		add_text(&d->not_by, &d->not_by_count, by);
		free(by);
	}
	if (strcmp(step->level, "office") == 0)
		d->self = mem_strdup("self_approved");
}

/* Does any record end with this step's agreement? */
static bool
can_end(const struct schema_approval *a, size_t at)
{
	if (at + 1 == a->step_count || a->steps[at].ends.count > 0)
		return true;
	return can_follow(a, at + 1, a->step_count);
}

static void
make_decisions(struct making *m, size_t at)
{
	const struct schema_approval *a = &m->reg->approval;
	const char *level = a->steps[at].level;
	struct schema_move *d;

	for (size_t i = at + 1; i < a->step_count &&
	    can_follow(a, at + 1, i); i++) {
		const struct level *v = level_find(a->steps[i].level);

		add_agreement(m, at, mem_printf("%s_to_%s", level, v->name),
		    words(v->agree_zh, v->agree_en), a->steps[i].waits);
	}
	if (can_end(a, at))
		add_agreement(m, at, mem_printf("%s_approve", level),
		    words("批准", "Approve"), "approved");
	d = add_decision(m, at, mem_printf("%s_return", level),
	    words("退回", "Return"), "returned", APPROVES_SENDS_BACK);
	add_text(&d->needs, &d->need_count, "return_reason");
	d = add_decision(m, at, mem_printf("%s_reject", level),
	    words("不批准", "Refuse"), "rejected", APPROVES_REJECTS);
	d->needs = mem_alloc(1, sizeof *d->needs);
	d->needs[d->need_count++] = mem_printf("%s_opinion", level);
}

static void
make_cancel(struct making *m)
{
	const struct schema_approval *a = &m->reg->approval;
	struct schema_move *c = add_move(m, mem_strdup("cancel"),
	    words("撤回申请", "Take back"), "cancelled");

	add_text(&c->from, &c->from_count, "draft");
	add_text(&c->from, &c->from_count, "returned");
	for (size_t i = 0; i < a->step_count; i++)
		add_text(&c->from, &c->from_count, a->steps[i].waits);
	add_texts(&c->roles, &c->role_count, a->submit, a->submit_count);
	c->approves = APPROVES_CANCELS;
}

/* The register's own states and moves behind those made. */
static void
join(struct making *m)
{
	struct schema_register *reg = m->reg;

	reg->approval.made_states = m->state_count;
	reg->approval.made_moves = m->move_count;
	for (size_t i = 0; i < reg->state_count; i++) {
		m->states = mem_grow(m->states, m->state_count,
		    sizeof *m->states);
		m->states[m->state_count++] = reg->states[i];
	}
	for (size_t i = 0; i < reg->move_count; i++) {
		m->moves = mem_grow(m->moves, m->move_count, sizeof *m->moves);
		m->moves[m->move_count++] = reg->moves[i];
	}
	free(reg->states);
	free(reg->moves);
	reg->states = m->states;
	reg->state_count = m->state_count;
	reg->moves = m->moves;
	reg->move_count = m->move_count;
}

static void
make(struct schema_register *reg)
{
	struct making m = { .reg = reg };
	bool goes_on = false;

	for (size_t i = 0; i < reg->move_count; i++)
		goes_on = goes_on || schema_role_in(reg->moves[i].from,
		    reg->moves[i].from_count, "approved");
	make_states(&m, goes_on);
	make_submits(&m);
	for (size_t i = 0; i < reg->approval.step_count; i++)
		make_decisions(&m, i);
	if (reg->approval.cancel)
		make_cancel(&m);
	join(&m);
}

/* ---- the file ---- */

struct finding {
	struct schema_register *(*find)(void *self, const char *name);
	void *self;
};

/* Nothing is kept of a line itself. */
static void
read_line(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "register", "submit", "cancel",
		"steps", NULL };
	const struct finding *f = ctx;
	char *name = schema_read_name(r, j, "register");
	struct schema_register *reg = f->find(f->self, name);

	(void)out;
	schema_read_keys(r, j, keys);
	if (!reg)
		schema_complain(r, "register", tr("There is no '%s'."),
		    schema_is_name(name) ? name : "...");
	else if (!reg->approves)
		schema_complain(r, "register", tr("The register does not say "
		    "\"approval\": true."));
	else if (reg->approval.step_count > 0)
		schema_complain(r, "register",
		    tr("'%s' stands here twice."), name);
	else if (read_steps(&reg->approval, r, j))
		make(reg);
	free(name);
}

void
schema_read_approvals(struct schema_reader *r, const struct json *j,
    struct schema_register *(*find)(void *self, const char *name), void *self)
{
	static const char *const keys[] = { "approvals", NULL };
	struct finding f = { find, self };
	size_t count = 0;

	schema_read_keys(r, j, keys);
	free(schema_read_items(&count, r, j, "approvals", LINES_MAX, 1,
	    read_line, &f));
}
