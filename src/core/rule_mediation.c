/*
 * Named rules of people's mediation: the two sides, the people, the agreement
 * and the days that follow one another.
 */
#include "core/rule_named.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/uuid.h"

/* The child register of the parties: the one that has sides and a person. */
static const struct schema_register *
parties_of(const struct rule_call *c)
{
	const struct schema_register *child = NULL;

	if (!c->world || !c->world->child)
		return NULL;
	for (;;) {
		child = schema_child_next(c->schema, c->reg, child);
		if (!child || (child->person_field &&
		    schema_field_find(child, "side")))
			return child;
	}
}

/* The i-th child that has not been withdrawn; *i goes on behind it. */
static const struct record *
member(const struct rule_call *c, const struct schema_register *children,
    size_t *i)
{
	for (;;) {
		const struct record *p = c->world->child(c->world->self,
		    &c->r->id, children->name, (*i)++);

		if (!p || !p->deleted)
			return p;
	}
}

static bool
is_on_side(const struct rule_call *c, const struct schema_register *parties,
    const char *side, const char *person, const struct uuid *but)
{
	const struct record *p;
	size_t i = 0;

	for (p = member(c, parties, &i); p; p = member(c, parties, &i)) {
		if ((!but || uuid_compare(&p->id, but) != 0) &&
		    strcmp(values_get(&p->values, "side"), side) == 0 &&
		    (!person || strcmp(values_get(&p->values,
		    parties->person_field), person) == 0))
			return true;
	}
	return false;
}

/* Somebody who stands on both sides.  The id is copied out, because what the
 * world lends is gone with the next question. */
static bool
has_turncoat(const struct rule_call *c, const struct schema_register *parties)
{
	const struct record *p;
	char person[64];
	size_t i = 0;

	for (p = member(c, parties, &i); p; p = member(c, parties, &i)) {
		const char *id = values_get(&p->values, parties->person_field);

		if (id[0] == '\0' || strlen(id) >= sizeof person ||
		    strcmp(values_get(&p->values, "side"), "1") != 0)
			continue;
		memcpy(person, id, strlen(id) + 1);
		if (is_on_side(c, parties, "2", person, NULL))
			return true;
	}
	return false;
}

/* The parties are entered after the case is first saved, so they are missed
 * only when it is submitted. */
void
rule_two_sides(const struct rule_call *c)
{
	const struct schema_register *parties = parties_of(c);

	if (!parties)
		return;
	if (has_turncoat(c, parties))
		faults_add(c->out, c->check->at, c->check->stop,
		    tr("The same person stands on both sides."));
	if (c->mode != RULE_SUBMIT)
		return;
	if (!is_on_side(c, parties, "1", NULL, NULL))
		faults_add(c->out, c->check->at, c->check->stop,
		    tr("There is no applicant yet."));
	if (!is_on_side(c, parties, "2", NULL, NULL))
		faults_add(c->out, c->check->at, c->check->stop,
		    tr("There is no respondent yet."));
}

static const char *
other_side(const char *side)
{
	return strcmp(side, "1") == 0 ? "2" : strcmp(side, "2") == 0 ? "1" :
	    NULL;
}

/* The same, asked of the party that is being entered. */
void
rule_party_on_one_side(const struct rule_call *c)
{
	const char *person = rule_get(c, c->reg->person_field ?
	    c->reg->person_field : "person_id");
	const char *side = other_side(rule_get(c, "side"));
	struct rule_call of_case = *c;
	struct record held = {0};

	if (!c->world || !c->world->child || !side || person[0] == '\0' ||
	    !c->reg->parent_field ||
	    !uuid_parse(&held.id, rule_get(c, c->reg->parent_field)))
		return;
	of_case.r = &held;	/* only its id is asked for */
	if (is_on_side(&of_case, c->reg, side, person, &c->r->id))
		faults_add(c->out, rule_at(c, "person_id"), c->check->stop,
		    tr("The same person stands on both sides."));
}

void
rule_people_count_covers_parties(const struct rule_call *c)
{
	const struct schema_register *parties = parties_of(c);
	const char *count = rule_get(c, "people_count");
	const struct record *p;
	long people = 0;
	size_t i = 0;

	if (!parties || count[0] == '\0')
		return;
	for (p = member(c, parties, &i); p; p = member(c, parties, &i)) {
		const char *side = values_get(&p->values, "side");
		long heads = strtol(values_get(&p->values, "heads"), NULL, 10);

		if (strcmp(side, "1") == 0 || strcmp(side, "2") == 0)
			people += heads > 1 ? heads : 1;
	}
	if (strtol(count, NULL, 10) < people)
		faults_add(c->out, rule_at(c, "people_count"), c->check->stop,
		    tr("The parties alone are %ld people."), people);
}

/* An oral case may become a written one, never the other way: what is stored
 * of it already tells. */
void
rule_written_stays_written(const struct rule_call *c)
{
	const struct record *before;

	if (!c->world || !c->world->get || strcmp(rule_get(c, "form"), "1") != 0)
		return;
	before = c->world->get(c->world->self, &c->r->id);
	if (before && strcmp(values_get(&before->values, "form"), "2") == 0)
		faults_add(c->out, rule_at(c, "form"), c->check->stop,
		    tr("A written mediation does not become an oral one."));
}

/* Each party keeps an original and the committee one (人民调解法 29). */
void
rule_copies_cover_parties(const struct rule_call *c)
{
	const struct schema_register *parties = parties_of(c);
	const char *copies = rule_get(c, "agr_copies");
	const struct record *p;
	long needed = 1;
	size_t i = 0;

	if (!parties || copies[0] == '\0')
		return;
	for (p = member(c, parties, &i); p; p = member(c, parties, &i)) {
		const char *side = values_get(&p->values, "side");

		if (strcmp(side, "1") == 0 || strcmp(side, "2") == 0)
			needed++;
	}
	if (strtol(copies, NULL, 10) < needed)
		faults_add(c->out, rule_at(c, "agr_copies"), false,
		    tr("%ld originals are needed: one for each party and one "
		    "for the committee."), needed);
}

/* A complaint must stand where it can be seen: the agreement's fields are
 * shown only with a success. */
static const char *
at_agreement(const struct rule_call *c)
{
	const char *field = rule_at(c, "agr_date");
	const struct schema_field *f = schema_field_find(c->reg, field);

	return !f || conds_hold(&f->show_when, c->r, c->today, "") ? field :
	    "result";
}

/* Success needs an agreement, failure has none (人民调解法 28, 26). */
void
rule_agreement_needs_result(const struct rule_call *c)
{
	bool success = strcmp(rule_get(c, "result"), "1") == 0;
	bool agreed = rule_get(c, "agr_date")[0] != '\0' ||
	    rule_get(c, "agr_text")[0] != '\0' || rule_get(c, "agr_no")[0] != '\0';

	if (!success && agreed)
		faults_add(c->out, at_agreement(c), c->check->stop,
		    tr("There is an agreement, but the result is not a "
		    "success."));
	else if (success && c->mode == RULE_SUBMIT &&
	    rule_get(c, "agr_date")[0] == '\0')
		faults_add(c->out, rule_at(c, "agr_date"), c->check->stop,
		    tr("A success needs the date of the agreement."));
}

/* 人民调解法 33; asked of the case, and of an application below it. */
void
rule_confirm_within_30_days(const struct rule_call *c)
{
	const struct record *held = c->reg->parent_field ?
	    rule_behind(c, c->reg->parent_field) : c->r;
	int agreed = held ? rule_day_of(values_get(&held->values,
	    "agr_date")) : DATE_NONE;
	int applied = rule_day(c, rule_at(c, "confirm_applied_on"));

	if (agreed != DATE_NONE && applied != DATE_NONE &&
	    applied > agreed + 30)
		faults_add(c->out, rule_at(c, "confirm_applied_on"), false,
		    tr("Both sides ask the court within 30 days of the "
		    "agreement (People's Mediation Law 33)."));
}

/* ---- sessions ---- */

static const struct schema_register *
sessions_of(const struct rule_call *c)
{
	const struct schema_register *child = NULL;

	if (!c->world || !c->world->child)
		return NULL;
	for (;;) {
		child = schema_child_next(c->schema, c->reg, child);
		if (!child || schema_field_find(child, "held_at"))
			return child;
	}
}

/* Acceptance, then the sessions, then the agreement.  A case that was opened
 * again has sessions after its old agreement, so that is wrong only when it is
 * agreed anew. */
void
rule_sessions_in_order(const struct rule_call *c)
{
	const struct schema_register *sessions = sessions_of(c);
	int accepted = rule_day(c, "accept_date");
	int agreed = rule_day(c, "agr_date");
	bool early = false;
	bool late = false;
	const struct record *s;
	size_t i = 0;

	if (!sessions)
		return;
	for (s = member(c, sessions, &i); s; s = member(c, sessions, &i)) {
		int on = rule_day_of(values_get(&s->values, "held_at"));

		early = early || (on != DATE_NONE && accepted != DATE_NONE &&
		    on < accepted);
		late = late || (on != DATE_NONE && agreed != DATE_NONE &&
		    on > agreed);
	}
	if (early)
		faults_add(c->out, "accept_date", c->check->stop,
		    tr("There is a session before the day of acceptance."));
	if (late)
		faults_add(c->out, rule_at(c, "agr_date"),
		    c->check->stop && c->mode == RULE_SUBMIT,
		    tr("There is a session after the day of the agreement."));
}

void
rule_session_after_acceptance(const struct rule_call *c)
{
	const struct record *held = rule_behind(c, c->reg->parent_field ?
	    c->reg->parent_field : "case_id");
	int on = rule_day(c, "held_at");
	int accepted;

	if (!held || on == DATE_NONE)
		return;
	accepted = rule_day_of(values_get(&held->values, "accept_date"));
	if (accepted != DATE_NONE && on < accepted)
		faults_add(c->out, rule_at(c, "held_at"), c->check->stop,
		    tr("A session is not before the day of acceptance."));
}
