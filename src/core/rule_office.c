/*
 * Named rules of an office and its villages.  How many people an office and a
 * village should have is local and stands in the definitions, but for two: the
 * Huangshan plan of 2020-2022 asks each office, of whatever class, for two
 * established and two auxiliary posts.
 */
#include "core/rule_named.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/uuid.h"

enum { ESTABLISHED_MIN = 2, AUXILIARY_MIN = 2 };

/* The i-th other living record of a register in the record's own office. */
static const struct record *
of_office(const struct rule_call *c, const char *reg, size_t i)
{
	struct rule_find what = { reg, "@office", c->r->office, &c->r->id };

	if (!c->world || !c->world->find || !c->r->office[0])
		return NULL;
	return c->world->find(c->world->self, &what, i);
}

/* ---- codes ---- */

void
rule_code_once(const struct rule_call *c)
{
	struct rule_find what = { c->reg->name, "code", rule_get(c, "code"),
		&c->r->id };
	const struct record *found = NULL;
	char name[ERR_MSG_MAX / 2] = "";

	if (c->world && c->world->find && what.value[0])
		found = c->world->find(c->world->self, &what, 0);
	if (!found)
		return;
	strncat(name, values_get(&found->values, "name"), sizeof name - 1);
	faults_add(c->out, rule_at(c, "code"), c->check->stop,
	    tr("This code is that of %s already."), name);
}

/* ---- staff ---- */

struct posts {
	int full_time, established, auxiliary;
};

/* Kinds of posts: SF/T 0017-2017 SYS007. */
static void
count_post(struct posts *n, const struct record *r)
{
	const char *kind = values_get(&r->values, "staff_kind");

	if (strcmp(r->state, "active") != 0)
		return;
	if (strcmp(values_get(&r->values, "full_time"), "1") == 0)
		n->full_time++;
	if (strcmp(kind, "01") == 0 || strcmp(kind, "02") == 0 ||
	    strcmp(kind, "03") == 0)
		n->established++;
	else if (strcmp(kind, "04") == 0 || strcmp(kind, "05") == 0)
		n->auxiliary++;
}

void
rule_office_staffing(const struct rule_call *c)
{
	const char *field = rule_at(c, "population");
	int needed = (int)strtol(rule_get(c, "staff_needed"), NULL, 10);
	const struct record *r;
	struct posts n = {0};
	size_t i = 0;

	for (r = of_office(c, "staff", 0); r; r = of_office(c, "staff", ++i))
		count_post(&n, r);
	if (i == 0)	/* nobody is entered, so nothing is known */
		return;
	if (n.full_time < needed)
		faults_add(c->out, field, c->check->stop,
		    tr("An office of this class has at least %d full-time "
		    "staff; here are %d."), needed, n.full_time);
	if (n.established < ESTABLISHED_MIN)
		faults_add(c->out, field, c->check->stop,
		    tr("An office has at least %d established posts; here "
		    "are %d."), ESTABLISHED_MIN, n.established);
	if (n.auxiliary < AUXILIARY_MIN)
		faults_add(c->out, field, c->check->stop,
		    tr("An office has at least %d auxiliary staff; here are "
		    "%d."), AUXILIARY_MIN, n.auxiliary);
}

/* ---- villages ---- */

/* Law helpers and law leaders count, volunteers and grid workers do not. */
static bool
is_helper(const struct record *r)
{
	const char *role = values_get(&r->values, "role");

	return strcmp(r->state, "active") == 0 &&
	    (strcmp(role, "1") == 0 || strcmp(role, "2") == 0);
}

void
rule_helpers_below_target(const struct rule_call *c)
{
	int target = (int)strtol(rule_get(c, "helper_target"), NULL, 10);
	const struct record *r;
	int there = 0;

	/* a village that is just being entered can have none yet */
	if (!c->world || !c->world->child || !c->world->get ||
	    !c->world->get(c->world->self, &c->r->id))
		return;
	for (size_t i = 0;; i++) {
		r = c->world->child(c->world->self, &c->r->id, "law_helper",
		    i);
		if (!r)
			break;
		there += is_helper(r) ? 1 : 0;
	}
	if (there < target)
		faults_add(c->out, rule_at(c, "helper_target"), c->check->stop,
		    tr("Law helpers the village should have: %d; it has "
		    "%d."), target, there);
}

/* ---- the duty roster ---- */

/* Weeks begin on Monday; 1970-01-01 was a Thursday. */
static int
week_of(int on)
{
	int shifted = on + 3;

	return shifted >= 0 ? shifted / 7 : -((6 - shifted) / 7);
}

void
rule_duty_week_missed(const struct rule_call *c)
{
	int on = rule_day(c, "duty_on");
	int last = 0;
	bool any = false;
	const struct record *r;

	if (on == DATE_NONE)
		return;
	for (size_t i = 0;; i++) {
		int other;

		r = of_office(c, "duty_roster", i);
		if (!r)
			break;
		other = rule_day_of(values_get(&r->values, "duty_on"));
		if (other == DATE_NONE || other > on ||
		    strcmp(r->state, "missed") == 0)
			continue;
		if (!any || week_of(other) > last)
			last = week_of(other);
		any = true;
	}
	if (any && week_of(on) - last > 1)
		faults_add(c->out, rule_at(c, "duty_on"), c->check->stop,
		    tr("Weeks before this one without a lawyer on duty: %d."),
		    week_of(on) - last - 1);
}
