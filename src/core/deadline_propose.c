/*
 * The penalty ladder as rules: breaches and absences among a record's
 * children, the measures already proposed or taken, and the words of the next
 * one.  Whether a measure is right is for people: this only tells them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "core/deadline.h"
#include "core/schema_link.h"
#include "core/schema_parts.h"

enum {
	CAUSES_MAX = 12,
	OFFERS_MAX = 40,
	MEASURES_MAX = 20,
	NAMES_MAX = 20,
	SET_MAX = 12,
};

void
deadline_propose_free(struct deadline_propose *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->cause_count; i++) {
		free(p->causes[i].name);
		free(p->causes[i].reg);
		schema_release_conds(&p->causes[i].when);
		free(p->causes[i].on);
		free(p->causes[i].until);
	}
	free(p->causes);
	for (size_t i = 0; i < p->offer_count; i++) {
		struct deadline_offer *o = &p->offers[i];

		for (size_t k = 0; k < o->cause_count; k++)
			free(o->causes[k]);
		free(o->causes);
		schema_release_conds(&o->when);
		free(o->title.zh);
		free(o->title.en);
		free(o->article.zh);
		free(o->article.en);
		values_release(&o->set);
	}
	free(p->offers);
	free(p->reg);
	free(p->kind);
	free(p->on);
	free(p->decided_on);
	free(p->cause_field);
	free(p->facts);
	for (size_t i = 0; i < p->decided_count; i++)
		free(p->decided[i]);
	free(p->decided);
	for (size_t i = 0; i < p->dropped_count; i++)
		free(p->dropped[i]);
	free(p->dropped);
	for (size_t i = 0; i < p->measure_count; i++)
		free(p->measures[i].value);
	free(p->measures);
	free(p);
}

/* ---- what a record's children say ---- */

struct gathered {
	struct supervision_cause *causes;	/* owned */
	const struct deadline_cause **of;	/* owned: the rule of each */
	size_t cause_count;
	struct supervision_sanction *sanctions;	/* owned */
	size_t sanction_count;
};

static struct uuid
id_in(const struct deadline_world *w, const char *field)
{
	struct uuid id = {{0}}, got;

	if (field && uuid_parse(&got, w->get(w->self, field)))
		id = got;
	return id;
}

/* An absence that has not ended is never too long ago. */
static bool
is_over(const struct supervision_cause *c, int late_days, int today)
{
	int end_on = c->absence ? c->until_on : c->since_on;

	return late_days >= 0 && end_on != DATE_NONE &&
	    today - end_on > late_days;
}

/* w: the child or, for what happened to the record itself, the record. */
static void
add_cause(struct gathered *g, const struct deadline_cause *rule,
	const struct deadline_world *w, int late_days, int today)
{
	struct supervision_cause c = { .absence = rule->absence,
		.least = rule->measure, .until_on = DATE_NONE };

	if (!w->holds(w->self, &rule->when))
		return;
	c.since_on = deadline_day(w->get(w->self, rule->on));
	if (rule->until)
		c.until_on = deadline_day(w->get(w->self, rule->until));
	c.id = id_in(w, "@id");
	if (c.since_on == DATE_NONE || is_over(&c, late_days, today))
		return;
	g->causes = mem_grow(g->causes, g->cause_count, sizeof *g->causes);
	g->of = mem_grow(g->of, g->cause_count, sizeof *g->of);
	g->of[g->cause_count] = rule;
	g->causes[g->cause_count++] = c;
}

static void
add_causes(struct gathered *g, const struct deadline_cause *cause,
	const struct deadline_rule *rule, const struct deadline_world *w,
	int today)
{
	const struct deadline_world *child;

	if (!cause->reg) {
		add_cause(g, cause, w, rule->late_days, today);
		return;
	}
	for (child = w->child(w->self, cause->reg, true); child;
	    child = w->child(w->self, cause->reg, false))
		add_cause(g, cause, child, rule->late_days, today);
}

static enum supervision_measure
measure_of(const struct deadline_propose *p, const char *kind)
{
	for (size_t i = 0; i < p->measure_count; i++)
		if (strcmp(p->measures[i].value, kind) == 0)
			return p->measures[i].measure;
	return SUPERVISION_NOTHING;
}

static void
add_sanctions(struct gathered *g, const struct deadline_propose *p,
	const struct deadline_world *w)
{
	const struct deadline_world *child;

	for (child = w->child(w->self, p->reg, true); child;
	    child = w->child(w->self, p->reg, false)) {
		struct supervision_sanction s = { .decided_on = DATE_NONE };
		const char *state = child->get(child->self, "@state");

		if (schema_role_in(p->dropped, p->dropped_count, state))
			continue;
		if (schema_role_in(p->decided, p->decided_count, state))
			s.decided_on = deadline_day(child->get(child->self,
			    p->decided_on));
		s.measure = measure_of(p, child->get(child->self, p->kind));
		s.on = deadline_day(child->get(child->self, p->on));
		s.cause = id_in(child, p->cause_field);
		if (s.measure == SUPERVISION_NOTHING || s.on == DATE_NONE)
			continue;
		g->sanctions = mem_grow(g->sanctions, g->sanction_count,
		    sizeof *g->sanctions);
		g->sanctions[g->sanction_count++] = s;
	}
}

static bool
is_meant(const struct deadline_offer *o, const struct supervision_proposal *p,
	const char *cause, const struct deadline_world *w)
{
	return o->measure == p->measure &&
	    (o->cause_count == 0 || schema_role_in(o->causes, o->cause_count,
	    p->repeated ? "repeated" : cause)) &&
	    w->holds(w->self, &o->when);
}

static struct deadline
offer_of(const struct deadline_rule *rule, const struct gathered *g,
	const struct supervision_proposal *p, const struct deadline_world *w,
	int today)
{
	struct deadline out = { .state = DEADLINE_NONE, .on = DATE_NONE,
		.minute = DEADLINE_ALL_DAY };
	const struct deadline_cause *cause;

	if (p->measure == SUPERVISION_NOTHING)
		return out;
	cause = g->of[p->cause];
	for (size_t i = 0; i < rule->propose->offer_count; i++) {
		const struct deadline_offer *o = &rule->propose->offers[i];

		if (!is_meant(o, p, cause->name, w))
			continue;
		out.offer = o;
		out.cause = cause;
		out.cause_id = g->causes[p->cause].id;
		out.cause_on = g->causes[p->cause].since_on;
		out.cause_days = p->days;
		out.on = p->on;
		out.state = p->on < today ? DEADLINE_LATE : DEADLINE_TODAY;
		break;
	}
	return out;
}

struct deadline
deadline_propose(const struct deadline_rule *rule,
	const struct deadline_world *world, int today)
{
	const struct deadline_propose *p = rule->propose;
	struct supervision_proposal proposal = {0};
	struct gathered g = {0};
	struct deadline out;

	for (size_t i = 0; i < p->cause_count && world->child; i++)
		add_causes(&g, &p->causes[i], rule, world, today);
	if (g.cause_count > 0) {
		add_sanctions(&g, p, world);
		proposal = supervision_propose(g.causes, g.cause_count,
		    g.sanctions, g.sanction_count, today);
	}
	out = offer_of(rule, &g, &proposal, world, today);
	free(g.causes);
	free(g.of);
	free(g.sanctions);
	return out;
}

/* ---- loading ---- */

static void
read_cause(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "name", "register", "when", "on",
		"until", "absence", "measure", NULL };
	struct deadline_cause *c = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	c->name = schema_read_name(r, j, "name");
	c->reg = schema_read_name_if(r, j, "register");
	schema_read_conds(&c->when, r, j, "when");
	c->on = schema_read_name(r, j, "on");
	c->until = schema_read_name_if(r, j, "until");
	c->absence = schema_read_bool(r, j, "absence", false);
	c->measure = (enum supervision_measure)schema_read_choice(r, j,
	    "measure", supervision_measures, SUPERVISION_NOTHING);
	if (c->absence == (c->measure != SUPERVISION_NOTHING))
		schema_complain(r, "measure", tr("Say either 'absence' or a "
		    "'measure'."));
}

static void
read_measure(struct schema_reader *r, const struct json *j, void *out,
	void *ctx)
{
	static const char *const keys[] = { "value", "measure", NULL };
	struct deadline_measure *m = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	m->value = schema_read_text(r, j, "value", true,
	    SCHEMA_LABEL_BYTES_MAX);
	if (!m->value)
		m->value = mem_strdup("");
	m->measure = (enum supervision_measure)schema_read_choice(r, j,
	    "measure", supervision_measures, -1);
}

static void
read_set(struct values *out, struct schema_reader *r, const struct json *j)
{
	const struct json *set = json_get(j, "set");
	size_t mark = schema_read_enter(r, "set", -1);

	if (!json_is_object(set) || json_count(set) > SET_MAX)
		schema_complain(r, "", tr("Here must be fields and their "
		    "values."));
	else
		for (const struct json *m = json_first(set); m;
		    m = json_next(m)) {
			char *text = schema_read_text(r, set, json_name(m),
			    true, SCHEMA_LABEL_BYTES_MAX);

			values_set(out, json_name(m), text);
			free(text);
		}
	schema_read_leave(r, mark);
}

static void
read_offer(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "measure", "causes", "when",
		"title", "article", "set", NULL };
	struct deadline_offer *o = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	o->measure = (enum supervision_measure)schema_read_choice(r, j,
	    "measure", supervision_measures, -1);
	o->causes = schema_read_texts(&o->cause_count, r, j, "causes",
	    CAUSES_MAX);
	schema_read_conds(&o->when, r, j, "when");
	schema_read_label(&o->title, r, j, "title", true,
	    SCHEMA_LABEL_BYTES_MAX);
	schema_read_label(&o->article, r, j, "article", true,
	    SCHEMA_TEXT_BYTES_MAX);
	read_set(&o->set, r, j);
}

static void
read_sanctions(struct deadline_propose *p, struct schema_reader *r,
	const struct json *j)
{
	static const char *const keys[] = { "register", "kind", "on",
		"decided_on", "cause", "facts", "decided", "dropped",
		"measures", NULL };
	const struct json *s = json_get(j, "sanctions");
	size_t mark = schema_read_enter(r, "sanctions", -1);

	(void)schema_read_keys(r, s, keys);
	p->reg = schema_read_name(r, s, "register");
	p->kind = schema_read_name(r, s, "kind");
	p->on = schema_read_name(r, s, "on");
	p->decided_on = schema_read_name(r, s, "decided_on");
	p->cause_field = schema_read_name_if(r, s, "cause");
	p->facts = schema_read_name_if(r, s, "facts");
	p->decided = schema_read_texts(&p->decided_count, r, s, "decided",
	    NAMES_MAX);
	p->dropped = schema_read_texts(&p->dropped_count, r, s, "dropped",
	    NAMES_MAX);
	p->measures = schema_read_items(&p->measure_count, r, s, "measures",
	    MEASURES_MAX, sizeof *p->measures, read_measure, NULL);
	if (p->measure_count == 0)
		schema_complain(r, "measures",
		    tr("Here must be a list of measures."));
	schema_read_leave(r, mark);
}

void
deadline_propose_read(struct deadline_rule *rule, struct schema_reader *r,
	const struct json *j)
{
	static const char *const keys[] = { "causes", "sanctions", "offers",
		NULL };
	size_t mark = schema_read_enter(r, "propose", -1);
	struct deadline_propose *p = mem_alloc(1, sizeof *p);

	rule->propose = p;
	(void)schema_read_keys(r, j, keys);
	p->causes = schema_read_items(&p->cause_count, r, j, "causes",
	    CAUSES_MAX, sizeof *p->causes, read_cause, NULL);
	if (p->cause_count == 0)
		schema_complain(r, "causes",
		    tr("Here must be a list of causes."));
	read_sanctions(p, r, j);
	p->offers = schema_read_items(&p->offer_count, r, j, "offers",
	    OFFERS_MAX, sizeof *p->offers, read_offer, NULL);
	if (p->offer_count == 0)
		schema_complain(r, "offers",
		    tr("Here must be a list of offers."));
	schema_read_leave(r, mark);
}

/* ---- links ---- */

static void
link_cause(struct schema_linker *l, const struct deadline_rule *rule,
	const struct deadline_cause *c)
{
	const struct schema_register *child = !c->reg ? rule->reg :
	    deadline_link_child(l, rule, c->reg, "register");

	if (!child)
		return;
	deadline_link_conds(l, child, &c->when);
	(void)deadline_link_field(l, child, c->on, true, "on");
	if (c->until)
		(void)deadline_link_field(l, child, c->until, true, "until");
}

static void
link_states(struct schema_linker *l, const struct schema_register *reg,
	char **states, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		(void)schema_link_state(l, reg, states[i], key);
}

static void
link_sanctions(struct schema_linker *l, const struct deadline_rule *rule)
{
	const struct deadline_propose *p = rule->propose;
	const struct schema_register *reg = deadline_link_child(l, rule,
	    p->reg, "register");
	const struct schema_field *kind;

	if (!reg)
		return;
	kind = deadline_link_field(l, reg, p->kind, false, "kind");
	(void)deadline_link_field(l, reg, p->on, true, "on");
	(void)deadline_link_field(l, reg, p->decided_on, true, "decided_on");
	if (p->cause_field)
		(void)deadline_link_field(l, reg, p->cause_field, false,
		    "cause");
	if (p->facts)
		(void)schema_link_name(l, reg, p->facts, "facts");
	link_states(l, reg, p->decided, p->decided_count, "decided");
	link_states(l, reg, p->dropped, p->dropped_count, "dropped");
	for (size_t i = 0; kind && i < p->measure_count; i++)
		schema_link_value(l, kind, p->measures[i].value, "measures");
}

static bool
is_cause(const struct deadline_propose *p, const char *name)
{
	for (size_t i = 0; i < p->cause_count; i++)
		if (strcmp(p->causes[i].name, name) == 0)
			return true;
	return strcmp(name, "repeated") == 0;
}

static void
link_offer(struct schema_linker *l, const struct deadline_rule *rule,
	const struct deadline_offer *o)
{
	const struct schema_register *reg = schema_register_find(l->s,
	    rule->propose->reg);

	deadline_link_conds(l, rule->reg, &o->when);
	for (size_t i = 0; i < o->cause_count; i++)
		if (!is_cause(rule->propose, o->causes[i]))
			schema_complain(&l->r, "causes",
			    tr("There is no cause of this name."));
	for (size_t i = 0; reg && i < o->set.count; i++) {
		const struct schema_field *f = schema_link_name(l, reg,
		    o->set.items[i].name, "set");

		if (f)
			schema_link_value(l, f, o->set.items[i].text, "set");
	}
}

void
deadline_propose_link(struct schema_linker *l,
	const struct deadline_rule *rule)
{
	const struct deadline_propose *p = rule->propose;
	size_t whole = schema_read_enter(&l->r, "propose", -1), mark;

	for (size_t i = 0; i < p->cause_count; i++) {
		mark = schema_read_enter(&l->r, "causes", (int)i);
		link_cause(l, rule, &p->causes[i]);
		schema_read_leave(&l->r, mark);
	}
	mark = schema_read_enter(&l->r, "sanctions", -1);
	link_sanctions(l, rule);
	schema_read_leave(&l->r, mark);
	for (size_t i = 0; i < p->offer_count; i++) {
		mark = schema_read_enter(&l->r, "offers", (int)i);
		link_offer(l, rule, &p->offers[i]);
		schema_read_leave(&l->r, mark);
	}
	schema_read_leave(&l->r, whole);
}
