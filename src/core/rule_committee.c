/*
 * Named rules of those who mediate and of what they get for it: committees,
 * mediators and their appointments, rounds, follow-ups, allowances by case.
 */
#include "core/rule_named.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/uuid.h"

enum { NAME_BYTES = 200 };	/* of a mediator, as typed */

/* The i-th living record of a register by a field's value.  Lent. */
static const struct record *
find(const struct rule_call *c, const char *reg, const char *field,
    const char *value, size_t i)
{
	struct rule_find what = { reg, field, value, &c->r->id };

	if (!c->world || !c->world->find || value[0] == '\0')
		return NULL;
	return c->world->find(c->world->self, &what, i);
}

static bool
is(const struct record *r, const char *field, const char *value)
{
	return strcmp(values_get(&r->values, field), value) == 0;
}

static long
number(const struct rule_call *c, const char *field)
{
	return strtol(rule_get(c, field), NULL, 10);
}

/* ---- rounds and follow-ups ---- */

/* What a round found is entered as leads, so that it can be followed. */
void
rule_round_has_its_leads(const struct rule_call *c)
{
	char id[UUID_TEXT_MAX];
	long entered = 0;

	if (!c->world || !c->world->find || uuid_is_zero(&c->r->id) ||
	    rule_get(c, "found")[0] == '\0')
		return;
	uuid_print(id, &c->r->id);
	while (find(c, "dispute_lead", "round_id", id, (size_t)entered))
		entered++;
	if (entered < number(c, "found"))
		faults_add(c->out, rule_at(c, "found"), false,
		    tr("%ld were found, %ld leads are entered."),
		    number(c, "found"), entered);
}

void
rule_followup_after_agreement(const struct rule_call *c)
{
	const struct record *held = rule_behind(c, c->reg->parent_field ?
	    c->reg->parent_field : "case_id");
	int on = rule_day(c, "visited_on");
	int agreed;

	if (!held || on == DATE_NONE)
		return;
	agreed = rule_day_of(values_get(&held->values, "agr_date"));
	if (agreed != DATE_NONE && on < agreed)
		faults_add(c->out, rule_at(c, "visited_on"), c->check->stop,
		    tr("A follow-up is not before the agreement."));
}

/* ---- committees ---- */

/* Three to nine members, a woman among them (人民调解法 8); where its members
 * are on record they are as many as the committee says. */
void
rule_committee_members(const struct rule_call *c)
{
	const struct record *m;
	char id[UUID_TEXT_MAX];
	long said = number(c, "members");
	long there = 0;

	if (rule_get(c, "members")[0] != '\0' && (said < 3 || said > 9))
		faults_add(c->out, rule_at(c, "members"), false,
		    tr("A committee has three to nine members (People's "
		    "Mediation Law 8)."));
	if (strcmp(rule_get(c, "women"), "0") == 0)
		faults_add(c->out, "women", false,
		    tr("There must be a woman on the committee (People's "
		    "Mediation Law 8)."));
	if (uuid_is_zero(&c->r->id))
		return;
	uuid_print(id, &c->r->id);
	for (size_t i = 0; ; i++) {
		m = find(c, "mediator", "committee_id", id, i);
		if (!m)
			break;
		if (strcmp(m->state, "serving") == 0 &&
		    !is(m, "position", "01") && !is(m, "position", "99"))
			there++;
	}
	if (there > 0 && said > 0 && there != said)
		faults_add(c->out, rule_at(c, "members"), false,
		    tr("%ld members are on record as mediators."), there);
}

/* 人民调解法 9 */
void
rule_committee_term(const struct rule_call *c)
{
	int from = rule_day(c, "term_from");
	int to = rule_day(c, "term_to");

	if (to == DATE_NONE)
		return;
	if (from != DATE_NONE && to > date_add_months(from, 36))
		faults_add(c->out, rule_at(c, "term_to"), false,
		    tr("A term is three years (People's Mediation Law 9)."));
	if (strcmp(c->r->state, "active") == 0 && to < c->today)
		faults_add(c->out, rule_at(c, "term_to"), false,
		    tr("The term has ended; a new committee is due."));
}

/* ---- mediators ---- */

/* Only an adult (人民调解法 14). */
void
rule_mediator_adult(const struct rule_call *c)
{
	const struct record *person = rule_behind(c, "person_id");
	int from = rule_day(c, "appointed_from");
	int birth;

	if (!person)
		return;
	birth = rule_day_of(values_get(&person->values, "birth"));
	if (from == DATE_NONE)
		from = c->today;
	if (birth != DATE_NONE && date_add_months(birth, 18 * 12) > from)
		faults_add(c->out, rule_at(c, "person_id"), c->check->stop,
		    tr("A mediator is an adult (People's Mediation Law "
		    "14)."));
}

void
rule_mediator_once(const struct rule_call *c)
{
	const struct record *m;

	for (size_t i = 0; ; i++) {
		m = find(c, "mediator", "person_id", rule_get(c, "person_id"),
		    i);
		if (!m)
			return;
		if (strcmp(m->state, "serving") == 0 &&
		    is(m, "committee_id", rule_get(c, "committee_id"))) {
			faults_add(c->out, rule_at(c, "person_id"),
			    c->check->stop,
			    tr("This person serves in the committee "
			    "already."));
			return;
		}
	}
}

struct appointment {
	bool known;		/* somebody of that name is a mediator */
	bool covers;		/* and was one on the day */
};

static void
look_at(struct appointment *a, const struct rule_call *c, const char *person,
    int on)
{
	const struct record *m;

	for (size_t i = 0; ; i++) {
		int from, to;

		m = find(c, "mediator", "person_id", person, i);
		if (!m)
			return;
		from = rule_day_of(values_get(&m->values, "appointed_from"));
		to = rule_day_of(values_get(&m->values, "ended_on"));
		if (to == DATE_NONE)
			to = rule_day_of(values_get(&m->values,
			    "appointed_to"));
		a->known = true;
		a->covers = a->covers || ((from == DATE_NONE || from <= on) &&
		    (to == DATE_NONE || on <= to));
	}
}

static void
look_for(const struct rule_call *c, const char *name, int on)
{
	struct appointment a = {0};
	char id[UUID_TEXT_MAX];

	for (size_t i = 0; ; i++) {
		const struct record *p = find(c, "person", "name", name, i);

		if (!p)
			break;
		uuid_print(id, &p->id);
		look_at(&a, c, id, on);
	}
	if (a.known && !a.covers)
		faults_add(c->out, rule_at(c, "mediator"), false,
		    tr("The mediator's appointment does not cover this "
		    "day."));
}

/* Of a case the day of acceptance, of a session its own.  Names stand in the
 * paper as text; one that is on no list is somebody from outside. */
void
rule_mediator_appointed(const struct rule_call *c)
{
	const char *field = rule_at(c, "mediator");
	const char *at = rule_get(c, field);
	int on = rule_day(c, schema_field_find(c->reg, "held_at") ?
	    "held_at" : "accept_date");
	char name[NAME_BYTES];

	if (!c->world || !c->world->find || on == DATE_NONE)
		return;
	while (*at) {
		size_t len = strcspn(at, " ,;");
		const char *comma = strstr(at, "、");

		if (comma && (size_t)(comma - at) < len)
			len = (size_t)(comma - at);
		if (len > 0 && len < sizeof name) {
			memcpy(name, at, len);
			name[len] = '\0';
			look_for(c, name, on);
		}
		at += len;
		if (*at)
			at += strncmp(at, "、", strlen("、")) == 0 ?
			    strlen("、") : 1;
	}
}

/* ---- allowances by case ---- */

/* "2026-11", "2026-Q4"; where there is only room for it, a year. */
void
rule_period_text(const struct rule_call *c)
{
	const char *field = rule_at(c, "period");
	const struct schema_field *f = schema_field_find(c->reg, field);
	const char *text = rule_get(c, field);
	bool year = f && f->max_chars == 4;
	bool good = strspn(text, "0123456789") >= 4 &&
	    strncmp(text, "19", 2) > 0;

	if (text[0] == '\0')
		return;
	if (year)
		good = good && strlen(text) == 4;
	else if (good && strlen(text) == 7 && text[4] == '-' &&
	    text[5] == 'Q')
		good = text[6] >= '1' && text[6] <= '4';
	else
		good = good && strlen(text) == 7 && text[4] == '-' &&
		    strspn(text + 5, "0123456789") == 2 &&
		    strtol(text + 5, NULL, 10) >= 1 &&
		    strtol(text + 5, NULL, 10) <= 12;
	if (!good)
		faults_add(c->out, field, c->check->stop, year ?
		    tr("A year has four digits.") :
		    tr("A period is a month like 2026-11 or a quarter like "
		    "2026-Q4."));
}

/* One case, one allowance, over all periods (一案一补). */
void
rule_allowance_once(const struct rule_call *c)
{
	const struct record *a;

	if (strcmp(rule_get(c, "kind"), "01") != 0 ||
	    strcmp(c->r->state, "rejected") == 0 ||
	    strcmp(c->r->state, "cancelled") == 0)
		return;
	for (size_t i = 0; ; i++) {
		a = find(c, c->reg->name, "case_id", rule_get(c, "case_id"),
		    i);
		if (!a)
			return;
		if (strcmp(a->state, "rejected") != 0 &&
		    strcmp(a->state, "cancelled") != 0 &&
		    is(a, "kind", "01")) {
			faults_add(c->out, rule_at(c, "case_id"),
			    c->check->stop, tr("This case has an allowance "
			    "already: one case, one allowance."));
			return;
		}
	}
}

/* Success, or a major or knotty dispute that was at least kept calm. */
void
rule_allowance_fits_case(const struct rule_call *c)
{
	const struct record *held = rule_behind(c, "case_id");
	const char *grade = rule_get(c, "grade");
	bool calm = strcmp(grade, "5") == 0;

	if (!held || grade[0] == '\0')
		return;
	if (is(held, "result", "1")) {
		if (calm)
			faults_add(c->out, rule_at(c, "grade"), c->check->stop,
			    tr("This case was a success; the grade is for "
			    "those that failed."));
		else if (!is(held, "perform_state", "fully"))
			faults_add(c->out, rule_at(c, "grade"), false,
			    tr("The agreement is not performed yet."));
	} else if (!is(held, "result", "2")) {
		faults_add(c->out, rule_at(c, "case_id"), c->check->stop,
		    tr("The case has no result yet."));
	} else if (!calm || (!is(held, "difficulty", "3") &&
	    !is(held, "difficulty", "4"))) {
		faults_add(c->out, rule_at(c, "grade"), c->check->stop,
		    tr("Without success only a major or knotty dispute that "
		    "was kept calm counts."));
	}
}

/* One name and no shares: all of it is theirs. */
void
rule_shares_sum_100(const struct rule_call *c)
{
	const char *names = rule_get(c, "mediators");
	const struct record *p;
	long sum = 0, shares = 0;

	if (c->mode != RULE_SUBMIT || !c->world || !c->world->child)
		return;
	for (size_t i = 0; ; i++) {
		p = c->world->child(c->world->self, &c->r->id,
		    "allowance_payee", i);
		if (!p)
			break;
		if (p->deleted)
			continue;
		shares++;
		sum += strtol(values_get(&p->values, "share"), NULL, 10);
	}
	if (shares == 0 && (names[0] == '\0' || strstr(names, "、") ||
	    strpbrk(names, " ,;")))
		faults_add(c->out, rule_at(c, "mediators"), c->check->stop,
		    tr("Nobody's share is entered yet."));
	else if (shares > 0 && sum != 100)
		faults_add(c->out, rule_at(c, "mediators"), c->check->stop,
		    tr("The shares are %ld together; they must be 100."), sum);
}

void
rule_payee_no_official(const struct rule_call *c)
{
	const struct record *m = rule_behind(c, "mediator_id");

	if (m && is(m, "profession", "01"))
		faults_add(c->out, rule_at(c, "mediator_id"), c->check->stop,
		    tr("Civil servants get no allowance (local rule)."));
}
