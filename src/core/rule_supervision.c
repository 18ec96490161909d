/*
 * Named rules of supervision: what the records below one correction subject
 * (社区矫正法, 社区矫正法实施办法) say together.  The subject is whoever the
 * record's parent field names; without it, or without a world, a rule says
 * nothing.  Rewards and penalties have a file of their own.
 */
#include "core/rule_named.h"

#include <string.h>

#include "base/date.h"
#include "base/uuid.h"

/* ---- the subject and what else lies below it ---- */

static const struct record *
subject_of(const struct rule_call *c)
{
	return c->reg->parent_field ? rule_behind(c, c->reg->parent_field) :
	    NULL;
}

/* A day of the subject; DATE_NONE. */
static int
subject_day(const struct rule_call *c, const char *field)
{
	const struct record *subject = subject_of(c);

	return subject ? rule_day_of(values_get(&subject->values, field)) :
	    DATE_NONE;
}

static bool
subject_says(const struct rule_call *c, const char *field, const char *value)
{
	const struct record *subject = subject_of(c);

	return subject && strcmp(values_get(&subject->values, field),
	    value) == 0;
}

static bool
is_woman(const struct rule_call *c, const struct record *subject)
{
	const struct record *person;
	struct uuid id;

	if (!subject ||
	    !uuid_parse(&id, values_get(&subject->values, "person_id")))
		return false;
	person = c->world->get(c->world->self, &id);
	return person && strcmp(values_get(&person->values, "sex"), "2") == 0;
}

const struct record *
rule_sibling(const struct rule_call *c, const char *reg, size_t *i)
{
	const struct record *r;
	struct uuid parent;

	if (!c->world || !c->world->child || !c->reg->parent_field ||
	    !uuid_parse(&parent, rule_get(c, c->reg->parent_field)))
		return NULL;
	do {
		r = c->world->child(c->world->self, &parent, reg, (*i)++);
	} while (r && (r->deleted || uuid_compare(&r->id, &c->r->id) == 0));
	return r;
}

/* The i-th living child of the record itself. */
static const struct record *
below(const struct rule_call *c, const char *reg, size_t *i)
{
	const struct record *r;

	if (!c->world || !c->world->child)
		return NULL;
	do {
		r = c->world->child(c->world->self, &c->r->id, reg, (*i)++);
	} while (r && r->deleted);
	return r;
}

static bool
has(const struct record *r, const char *field, const char *value)
{
	return strcmp(values_get(&r->values, field), value) == 0;
}

static void
say(const struct rule_call *c, const char *field, const char *said)
{
	faults_add(c->out, rule_at(c, field), c->check->stop, "%s", said);
}

/* ---- the term ---- */

/* The check's first field lies between reception and the end of the term. */
void
rule_date_in_term(const struct rule_call *c)
{
	const char *field = c->check->first ? c->check->first : "held_at";
	int received = subject_day(c, "received_on");
	int to = subject_day(c, "term_to");
	int on = rule_day(c, field);

	if (on == DATE_NONE)
		return;
	if (received != DATE_NONE && on < received)
		say(c, field, tr("This was before the subject was received."));
	else if (to != DATE_NONE && on > to)
		say(c, field, tr("This is after the end of the term."));
}

/* 刑法 38, 72: with control and probation only, and never longer than they
 * last. */
void
rule_injunction_in_term(const struct rule_call *c)
{
	int first = subject_day(c, "term_from");
	int last = subject_day(c, "term_to");
	int from = rule_day(c, "from_on");
	int to = rule_day(c, "to_on");

	if (subject_says(c, "category", "03") ||
	    subject_says(c, "category", "04"))
		say(c, "from_on", tr("An injunction goes with control and "
		    "probation only (Criminal Law 38, 72)."));
	else if (from != DATE_NONE && first != DATE_NONE && from < first)
		say(c, "from_on", tr("The injunction begins before the term."));
	else if (to != DATE_NONE && last != DATE_NONE && to > last)
		say(c, "to_on", tr("The injunction ends after the term."));
}

/* 社区矫正法 29: first and then are the days of a device. */
void
rule_three_months(const struct rule_call *c)
{
	int from = c->check->first ? rule_day(c, c->check->first) : DATE_NONE;
	int to = c->check->then ? rule_day(c, c->check->then) : DATE_NONE;

	if (from != DATE_NONE && to != DATE_NONE &&
	    to > date_add_months(from, 3))
		say(c, c->check->then, tr("A device is used for three months "
		    "at most, and each extension too (Community Correction "
		    "Law 29)."));
}

/* 办法 29: regular travel is permitted for six months, then asked for anew. */
void
rule_permit_six_months(const struct rule_call *c)
{
	int from = rule_day(c, "from_on");
	int to = rule_day(c, "to_on");

	if (strcmp(rule_get(c, "kind"), "cross") == 0 && from != DATE_NONE &&
	    to != DATE_NONE && to > date_add_months(from, 6))
		say(c, "to_on", tr("Regular travel is permitted for six months "
		    "at most (Implementing Measures 29)."));
}

/* ---- group, level, announcements ---- */

static const char group[] = "correction_group_member";

static bool
is_member(const struct record *m)
{
	return !values_has(&m->values, "to_on");
}

/* 社区矫正法 25.  Said while the group is entered, until she is in it. */
void
rule_group_has_woman(const struct rule_call *c)
{
	const struct record *m;
	size_t i = 0;

	if (strcmp(rule_get(c, "sex"), "2") == 0 || !is_woman(c, subject_of(c)))
		return;
	for (m = rule_sibling(c, group, &i); m; m = rule_sibling(c, group, &i))
		if (is_member(m) && has(m, "sex", "2"))
			return;
	say(c, "sex", tr("A woman's group has a woman in it (Community "
	    "Correction Law 25)."));
}

void
rule_one_group_leader(const struct rule_call *c)
{
	const struct record *m;
	size_t i = 0;

	if (strcmp(rule_get(c, "role"), "01") != 0 ||
	    rule_get(c, "to_on")[0] != '\0')
		return;
	for (m = rule_sibling(c, group, &i); m; m = rule_sibling(c, group, &i))
		if (is_member(m) && has(m, "role", "01")) {
			say(c, "role", tr("The group has a leader already."));
			return;
		}
}

/* 社区矫正法 25; three members are a local number.  An older roll names the
 * group in words only, which cannot be counted. */
void
rule_group_complete(const struct rule_call *c)
{
	enum { MEMBERS_MIN = 3 };
	const struct record *m;
	bool woman = false;
	int count = 0;
	size_t i = 0;

	for (m = below(c, group, &i); m; m = below(c, group, &i))
		if (is_member(m)) {
			woman = woman || has(m, "sex", "2");
			count++;
		}
	if (count == 0)
		return;
	if (count < MEMBERS_MIN)
		faults_add(c->out, rule_at(c, "group_on"), false,
		    tr("The group has fewer than %d members."), MEMBERS_MIN);
	if (!woman && is_woman(c, c->r))
		faults_add(c->out, rule_at(c, "group_on"), false,
		    tr("A woman's group has a woman in it (Community "
		    "Correction Law 25)."));
}

void
rule_level_differs(const struct rule_call *c)
{
	if (rule_get(c, "to_level")[0] != '\0' &&
	    strcmp(rule_get(c, "from_level"), rule_get(c, "to_level")) == 0)
		say(c, "to_level", tr("This is the level he has."));
}

static bool
is_decided(const struct record *r)
{
	return strcmp(r->state, "approved") == 0 ||
	    strcmp(r->state, "told") == 0;
}

/* Once given, a level changes by a decision (办法 21), not by typing. */
void
rule_level_by_decision(const struct rule_call *c)
{
	static const char changes[] = "correction_level_change";
	const char *level = rule_get(c, "level");
	const struct record *r;
	size_t i = 0;

	if (!c->world || !c->world->get || uuid_is_zero(&c->r->id) ||
	    strcmp(c->r->state, "active") != 0)
		return;
	r = c->world->get(c->world->self, &c->r->id);
	if (!r || strcmp(r->state, "active") != 0 ||
	    !values_has(&r->values, "level") || has(r, "level", level))
		return;
	for (r = below(c, changes, &i); r; r = below(c, changes, &i))
		if (is_decided(r) && has(r, "to_level", level))
			return;
	say(c, "level", tr("The level changes with an approved change of "
	    "level."));
}

/* 办法 19, 20, 22 come first. */
void
rule_appraisal_prepared(const struct rule_call *c)
{
	const struct record *s = subject_of(c);

	if (s && (!values_has(&s->values, "group_on") ||
	    !values_has(&s->values, "plan_on") ||
	    !values_has(&s->values, "announced_on")))
		say(c, "period_to", tr("Group, plan and announcement come "
		    "before the first appraisal."));
}

void
rule_ceremony_once(const struct rule_call *c)
{
	const struct record *r;
	size_t i = 0;

	for (r = rule_sibling(c, c->reg->name, &i); r;
	    r = rule_sibling(c, c->reg->name, &i))
		if (has(r, "kind", rule_get(c, "kind"))) {
			say(c, "kind", tr("This was announced already."));
			return;
		}
}

/* 社区矫正法 54; 办法 55. */
void
rule_not_public_for_minor(const struct rule_call *c)
{
	if (strcmp(rule_get(c, "public"), "1") == 0 &&
	    subject_says(c, "minor_now", "1"))
		say(c, "public", tr("Nothing about a juvenile is made public "
		    "(Community Correction Law 54)."));
}

void
rule_survey_monthly(const struct rule_call *c)
{
	enum { MONTH = 7 };	/* "2026-03" */
	const char *on = rule_get(c, "surveyed_on");
	const struct record *r;
	size_t i = 0;

	for (r = rule_sibling(c, c->reg->name, &i); r;
	    r = rule_sibling(c, c->reg->name, &i))
		if (on[0] != '\0' && strncmp(values_get(&r->values,
		    "surveyed_on"), on, MONTH) == 0) {
			say(c, "surveyed_on", tr("This month has its survey "
			    "already."));
			return;
		}
}

/* ---- absence ---- */

static bool
is_now(const struct rule_call *c, const char *reg, const char *state)
{
	const struct record *r;
	size_t i = 0;

	for (r = rule_sibling(c, reg, &i); r; r = rule_sibling(c, reg, &i))
		if (strcmp(r->state, state) == 0)
			return true;
	return false;
}

void
rule_lost_once(const struct rule_call *c)
{
	if (strcmp(c->r->state, "lost") == 0 &&
	    is_now(c, c->reg->name, "lost"))
		say(c, "since_on", tr("He is out of supervision already; add "
		    "the search to that record."));
}

/* 办法 26, 27 */
void
rule_leave_in_term(const struct rule_call *c)
{
	int received = subject_day(c, "received_on");
	int last = subject_day(c, "term_to");
	int from = rule_day(c, "from_on");
	int to = rule_day(c, "to_on");

	if (from != DATE_NONE && received != DATE_NONE && from < received)
		say(c, "from_on", tr("The leave begins before the subject was "
		    "received."));
	else if (to != DATE_NONE && last != DATE_NONE && to > last)
		say(c, "to_on", tr("The leave ends after the term."));
}

void
rule_leave_overlaps(const struct rule_call *c)
{
	const char *from = rule_get(c, "from_on");
	const char *to = rule_get(c, "to_on");
	const struct record *r;
	size_t i = 0;

	if (from[0] == '\0' || to[0] == '\0' ||
	    strcmp(c->r->state, "rejected") == 0 ||
	    strcmp(c->r->state, "cancelled") == 0)
		return;
	for (r = rule_sibling(c, c->reg->name, &i); r;
	    r = rule_sibling(c, c->reg->name, &i))
		if (strcmp(r->state, "rejected") != 0 &&
		    strcmp(r->state, "cancelled") != 0 &&
		    strcmp(values_get(&r->values, "from_on"), to) <= 0 &&
		    strcmp(values_get(&r->values, "to_on"), from) >= 0) {
			say(c, "from_on", tr("Another leave covers some of "
			    "these days."));
			return;
		}
}

/* ---- health, assessment ---- */

/* 办法 24: who decides goes by how long it is put off. */
void
rule_recheck_extension_fits(const struct rule_call *c)
{
	const char *said = rule_get(c, "extension");
	int due = rule_day(c, "due_on");
	int new = rule_day(c, "new_on");
	const char *is;

	if (due == DATE_NONE || new == DATE_NONE || said[0] == '\0')
		return;
	is = new < date_add_months(due, 1) ? "1" :
	    new <= date_add_months(due, 3) ? "2" : "3";
	if (strcmp(said, is) != 0)
		say(c, "extension", tr("The days say another length of the "
		    "extension."));
}

void
rule_only_outside_prison(const struct rule_call *c)
{
	const struct record *s = subject_of(c);

	if (s && values_has(&s->values, "category") &&
	    !has(s, "category", "04"))
		say(c, "due_on", tr("Only who serves outside prison hands in "
		    "re-examinations."));
}

/* What is asked for an assessment is asked after its commission came. */
void
rule_inquiry_after_commission(const struct rule_call *c)
{
	int received = subject_day(c, "received_on");
	int on = rule_day(c, "held_at");

	if (on != DATE_NONE && received != DATE_NONE && on < received)
		say(c, "held_at", tr("This was before the commission came."));
}
