/*
 * Named rules of resettlement and of the front desk: what lies before a
 * release, after a death or twice in a year, and what a key person needs
 * before the hand-over.  Resettlement helps, it does not supervise, so most of
 * them warn; a stop is for what cannot be.
 */
#include "core/rule_named.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/uuid.h"

static const struct record *
subject(const struct rule_call *c)
{
	return rule_behind(c, c->reg->parent_field ? c->reg->parent_field :
	    "subject_id");
}

void
rule_not_before_release(const struct rule_call *c)
{
	const struct record *r = subject(c);
	const char *field = rule_at(c, "held_on");
	int on = rule_day(c, field);
	int released;

	if (!r || on == DATE_NONE)
		return;
	released = rule_day_of(values_get(&r->values, "release_date"));
	if (released != DATE_NONE && on < released)
		faults_add(c->out, field, c->check->stop,
		    tr("This was before the release."));
}

void
rule_not_after_death(const struct rule_call *c)
{
	const struct record *r = subject(c);
	const char *field = rule_at(c, "held_on");
	int on = rule_day(c, field);
	int died;

	if (!r || on == DATE_NONE)
		return;
	died = rule_day_of(values_get(&r->values, "died_on"));
	if (died != DATE_NONE && on > died)
		faults_add(c->out, field, c->check->stop,
		    tr("The subject died before that day."));
}

/* ---- before the hand-over ---- */

/* Is there one?  Unknown counts as yes: whoever cannot see must not refuse. */
static bool
has_child(const struct rule_call *c, const char *reg)
{
	if (!c->world || !c->world->child)
		return true;
	return c->world->child(c->world->self, &c->r->id, reg, 0) != NULL;
}

/* 必接必送: a key person is fetched on the day of release, or it is said why
 * not.  One who comes from correction was never shut up. */
void
rule_key_person_fetched(const struct rule_call *c)
{
	if (c->mode != RULE_SUBMIT ||
	    strcmp(rule_get(c, "class"), "01") != 0 ||
	    strcmp(rule_get(c, "kind"), "03") == 0 ||
	    rule_get(c, "escort_none")[0] != '\0' ||
	    rule_get(c, "escort_on")[0] != '\0' ||
	    has_child(c, "resettlement_escort"))
		return;
	faults_add(c->out, rule_at(c, "escort_none"), c->check->stop,
	    tr("A key person is fetched: add the escort, or say why he was "
	    "not."));
}

void
rule_key_person_assessed(const struct rule_call *c)
{
	if (c->mode != RULE_SUBMIT ||
	    strcmp(rule_get(c, "class"), "01") != 0 ||
	    rule_get(c, "risk_score")[0] != '\0' ||
	    has_child(c, "resettlement_risk"))
		return;
	faults_add(c->out, rule_at(c, "risk_score"), c->check->stop,
	    tr("A key person needs a risk sheet: add one, or the score of "
	    "the paper sheet."));
}

/* An order check lets the same day pass; a term of help has at least one
 * day more. */
void
rule_help_term(const struct rule_call *c)
{
	int from = rule_day(c, "help_from");
	int to = rule_day(c, "help_to");

	if (from != DATE_NONE && to != DATE_NONE && to <= from)
		faults_add(c->out, rule_at(c, "help_to"), c->check->stop,
		    tr("The help must end after it begins."));
}

/* The list that the county sent, of the same person. */
void
rule_prison_date_agrees(const struct rule_call *c)
{
	struct rule_find what = { "prisoner_check", "person_id",
		rule_get(c, "person_id"), &c->r->id };
	const char *date = rule_get(c, "release_date");
	const struct record *found;

	if (!c->world || !c->world->find || what.value[0] == '\0' ||
	    date[0] == '\0')
		return;
	for (size_t i = 0; (found = c->world->find(c->world->self, &what, i))
	    != NULL; i++)
		if (values_has(&found->values, "release_date") &&
		    strcmp(values_get(&found->values, "release_date"),
		    date) != 0) {
			faults_add(c->out, rule_at(c, "release_date"),
			    c->check->stop, tr("The prison's list has another "
			    "day of release; please compare."));
			return;
		}
}

/* ---- once a year ---- */

static bool
is_other_of_year(const struct rule_call *c, const struct record *found)
{
	return !found->deleted && uuid_compare(&found->id, &c->r->id) != 0 &&
	    strcmp(values_get(&found->values, "year"), rule_get(c, "year"))
	    == 0;
}

void
rule_one_yearly(const struct rule_call *c)
{
	const char *field = rule_at(c, "year");
	long year = strtol(rule_get(c, "year"), NULL, 10);
	const struct record *found;
	struct uuid parent;

	if (rule_get(c, "year")[0] == '\0')
		return;
	if (year < 1990 || date_from_ymd((int)year, 1, 1) > c->today) {
		faults_add(c->out, field, c->check->stop,
		    tr("This is no year that can be reported on."));
		return;
	}
	if (!c->world || !c->world->child || !c->reg->parent_field ||
	    !uuid_parse(&parent, rule_get(c, c->reg->parent_field)))
		return;
	for (size_t i = 0; (found = c->world->child(c->world->self, &parent,
	    c->reg->name, i)) != NULL; i++)
		if (is_other_of_year(c, found)) {
			faults_add(c->out, field, c->check->stop,
			    tr("This year has a report already."));
			return;
		}
}

/* ---- the front desk ---- */

/* Five and more are a group that the county hears of. */
void
rule_group_of_five(const struct rule_call *c)
{
	long heads = strtol(rule_get(c, "heads"), NULL, 10);
	bool group = strcmp(rule_get(c, "group_visit"), "1") == 0;

	if (heads >= 5 && !group)
		faults_add(c->out, rule_at(c, "group_visit"), c->check->stop,
		    tr("Five or more persons are a group; please say so."));
	else if (heads > 0 && heads < 5 && group)
		faults_add(c->out, rule_at(c, "group_visit"), c->check->stop,
		    tr("A group has five persons or more; please compare the "
		    "heads."));
}
