/*
 * The named rules: what a definition cannot say in rows of conditions.  Field
 * names in here are those of screens/registers; the law stands where it is
 * applied.
 */
#include "core/rule_named.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "core/idno.h"

static const char *
get(const struct rule_call *c, const char *field)
{
	return values_get(&c->r->values, field);
}

static int
day(const struct rule_call *c, const char *field)
{
	return date_parse(get(c, field));
}

/* The definition may put the complaint elsewhere. */
static const char *
at(const struct rule_call *c, const char *field)
{
	return c->check->at ? c->check->at : field;
}

/* ---- persons ---- */

/* Letters, hanzi, the dot of minority names. */
static bool
is_name_char(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || strchr(" .-'()", (int)c);
	return (c >= 0xC0 && c <= 0x24F) || c == 0xB7 || c == 0xFF08 ||
	    c == 0xFF09 || c == 0x3007 || (c >= 0x3400 && c <= 0x9FFF) ||
	    (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF) ||
	    (c >= 0xE000 && c <= 0xF8FF);	/* names no set has yet */
}

static void
person_name(const struct rule_call *c)
{
	const char *field = at(c, "name");
	const char *text = get(c, field);
	size_t len = strlen(text);
	size_t letters = 0;
	bool strange = false;

	for (size_t i = 0; i < len; ) {
		uint32_t ch = utf8_next(text, len, &i);

		if (!is_name_char(ch))
			strange = true;
		else if (ch >= 0x80 || ch > '9')
			letters++;
	}
	if (len == 0)
		return;
	if (utf8_chars(text, len) > 50)
		faults_add(c->out, field, c->check->stop,
		    tr("A person's name has at most 50 characters."));
	else if (strange)
		faults_add(c->out, field, c->check->stop,
		    tr("A name consists of hanzi or letters, with a dot "
		    "between its parts."));
	else if (letters == 0)
		faults_add(c->out, field, c->check->stop,
		    tr("Digits alone are no name."));
	else if (text[0] == ' ' || text[len - 1] == ' ')
		faults_add(c->out, field, c->check->stop,
		    tr("A name neither begins nor ends with a blank."));
}

static bool
is_resident_id(const struct rule_call *c)
{
	const char *type = get(c, "id_type");

	return type[0] == '\0' || strcmp(type, "111") == 0;
}

/* The number as one that passed its check; false: none or another document. */
static bool
resident_id(char out[IDNO_MAX], const struct rule_call *c)
{
	struct err ignored = ERR_INIT;
	bool old;

	return get(c, "id_no")[0] != '\0' && is_resident_id(c) &&
	    idno_parse(out, &old, get(c, "id_no"), c->today, &ignored) == E_OK;
}

/* A faulty court paper may be the only source: with id_unverified the number
 * is kept and only warned about. */
static void
idno_when_resident(const struct rule_call *c)
{
	char id[IDNO_MAX];
	struct err err = ERR_INIT;
	bool old;

	if (get(c, "id_no")[0] == '\0' || !is_resident_id(c))
		return;
	if (idno_parse(id, &old, get(c, "id_no"), c->today, &err))
		faults_add(c->out, at(c, "id_no"), c->check->stop &&
		    strcmp(get(c, "id_unverified"), "1") != 0, "%s", err.msg);
	else if (!idno_has_known_region(id) && id[0] != '9')
		faults_add(c->out, at(c, "id_no"), false,
		    tr("The id number begins with no known province; please "
		    "compare it with the card."));
}

/* Wrong cards exist, so it is never more than a warning. */
static void
idno_sex_agrees(const struct rule_call *c)
{
	const char *sex = get(c, "sex");
	char id[IDNO_MAX];

	if ((strcmp(sex, "1") == 0 || strcmp(sex, "2") == 0) &&
	    resident_id(id, c) && strcmp(idno_sex(id), sex) != 0)
		faults_add(c->out, at(c, "sex"), false,
		    tr("The sex is not that of the id number."));
}

static void
idno_birth_agrees(const struct rule_call *c)
{
	int birth = day(c, "birth");
	char id[IDNO_MAX];

	if (birth != DATE_NONE && resident_id(id, c) &&
	    idno_birth(id) != birth)
		faults_add(c->out, at(c, "birth"), false,
		    tr("The birth date is not that of the id number."));
}

static void
age_over_120(const struct rule_call *c)
{
	int birth = day(c, "birth");

	if (birth == DATE_NONE)
		return;
	if (birth < date_from_ymd(1880, 1, 1))
		faults_add(c->out, at(c, "birth"), true,
		    tr("A birth date before 1880 is not possible."));
	else if (date_add_months(birth, 120 * 12) < c->today)
		faults_add(c->out, at(c, "birth"), false,
		    tr("This person would be over 120 years old."));
}

/* ---- correction ---- */

/* A term of months ends on the day before;
 * one that ends on the same day of the month is let pass as well, because
 * offices write it so. */
static bool
is_shorter(int from, int to, int months)
{
	return to < date_add_months(from, months) - 1;
}

static bool
is_longer(int from, int to, int months)
{
	return to > date_add_months(from, months);
}

static void
warn_term(const struct rule_call *c, const char *said)
{
	faults_add(c->out, at(c, "term_to"), false, "%s", said);
}

/* Probation: not shorter than the sentence either (刑法 73). */
static void
probation_limits(const struct rule_call *c, int from, int to)
{
	const char *kind = get(c, "sentence_kind");
	int s_from = day(c, "sentence_from");
	int s_to = day(c, "sentence_to");

	if (strcmp(kind, "04") == 0 &&
	    (is_shorter(from, to, 2) || is_longer(from, to, 12)))
		warn_term(c, tr("Probation of a detention lasts 2 months to 1 "
		    "year (Criminal Law 73)."));
	else if (strcmp(kind, "03") == 0 &&
	    (is_shorter(from, to, 12) || is_longer(from, to, 60)))
		warn_term(c, tr("Probation of a fixed term lasts 1 to 5 years "
		    "(Criminal Law 73)."));
	else if (s_from != DATE_NONE && s_to != DATE_NONE &&
	    to - from < s_to - s_from - 1)
		warn_term(c, tr("Probation is not shorter than the sentence "
		    "(Criminal Law 73)."));
}

/* 刑法 38, 69, 73, 83; all of them warn, because the judgment decides. */
static void
term_limits(const struct rule_call *c)
{
	const char *category = get(c, "category");
	int from = day(c, "term_from");
	int to = day(c, "term_to");
	int s_to = day(c, "sentence_to");
	int most = strcmp(get(c, "several_crimes"), "1") == 0 ? 36 : 24;

	if (from == DATE_NONE || to == DATE_NONE || to < from)
		return;
	if (strcmp(category, "01") == 0 &&
	    (is_shorter(from, to, 3) || is_longer(from, to, most)))
		warn_term(c, tr("Control lasts 3 months to 2 years, for "
		    "several crimes up to 3 (Criminal Law 38, 69)."));
	else if (strcmp(category, "02") == 0)
		probation_limits(c, from, to);
	else if (strcmp(category, "03") == 0 &&
	    strcmp(get(c, "sentence_kind"), "02") == 0 &&
	    (is_shorter(from, to, 120) || is_longer(from, to, 120)))
		warn_term(c, tr("Parole from life imprisonment lasts 10 years "
		    "(Criminal Law 83)."));
	else if (strcmp(category, "03") == 0 && s_to != DATE_NONE &&
	    abs(to - s_to) > 1 && strcmp(get(c, "sentence_kind"), "03") == 0)
		warn_term(c, tr("Parole lasts as long as the rest of the "
		    "sentence (Criminal Law 83)."));
	else if (strcmp(category, "04") == 0 && s_to != DATE_NONE &&
	    to > s_to)
		warn_term(c, tr("Serving outside prison does not outlast the "
		    "sentence."));
}

/* ---- mediation ---- */

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

/* The i-th party that has not been withdrawn; *i goes on behind it. */
static const struct record *
party(const struct rule_call *c, const struct schema_register *parties,
    size_t *i)
{
	for (;;) {
		const struct record *p = c->world->child(c->world->self,
		    &c->r->id, parties->name, (*i)++);

		if (!p || !p->deleted)
			return p;
	}
}

static bool
is_on_side(const struct rule_call *c, const struct schema_register *parties,
    const char *side, const char *person)
{
	const struct record *p;
	size_t i = 0;

	for (p = party(c, parties, &i); p; p = party(c, parties, &i)) {
		if (strcmp(values_get(&p->values, "side"), side) == 0 &&
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

	for (p = party(c, parties, &i); p; p = party(c, parties, &i)) {
		const char *id = values_get(&p->values, parties->person_field);

		if (id[0] == '\0' || strlen(id) >= sizeof person ||
		    strcmp(values_get(&p->values, "side"), "1") != 0)
			continue;
		memcpy(person, id, strlen(id) + 1);
		if (is_on_side(c, parties, "2", person))
			return true;
	}
	return false;
}

/* The parties are entered after the case is first saved, so they are missed
 * only when it is submitted. */
static void
two_sides(const struct rule_call *c)
{
	const struct schema_register *parties = parties_of(c);

	if (!parties)
		return;
	if (has_turncoat(c, parties))
		faults_add(c->out, c->check->at, c->check->stop,
		    tr("The same person stands on both sides."));
	if (c->mode != RULE_SUBMIT)
		return;
	if (!is_on_side(c, parties, "1", NULL))
		faults_add(c->out, c->check->at, c->check->stop,
		    tr("There is no applicant yet."));
	if (!is_on_side(c, parties, "2", NULL))
		faults_add(c->out, c->check->at, c->check->stop,
		    tr("There is no respondent yet."));
}

static void
people_count_covers_parties(const struct rule_call *c)
{
	const struct schema_register *parties = parties_of(c);
	const char *count = get(c, "people_count");
	const struct record *p;
	long people = 0;
	size_t i = 0;

	if (!parties || count[0] == '\0')
		return;
	for (p = party(c, parties, &i); p; p = party(c, parties, &i)) {
		const char *side = values_get(&p->values, "side");
		long heads = strtol(values_get(&p->values, "heads"), NULL, 10);

		if (strcmp(side, "1") == 0 || strcmp(side, "2") == 0)
			people += heads > 1 ? heads : 1;
	}
	if (strtol(count, NULL, 10) < people)
		faults_add(c->out, at(c, "people_count"), c->check->stop,
		    tr("The parties alone are %ld people."), people);
}

/* Success needs an agreement, failure has none (人民调解法 28, 26). */
static void
agreement_needs_result(const struct rule_call *c)
{
	bool success = strcmp(get(c, "result"), "1") == 0;
	bool agreed = get(c, "agr_date")[0] != '\0' ||
	    get(c, "agr_text")[0] != '\0' || get(c, "agr_no")[0] != '\0';

	if (!success && agreed)
		faults_add(c->out, at(c, "agr_date"), c->check->stop,
		    tr("There is an agreement, but the result is not a "
		    "success."));
	else if (success && c->mode == RULE_SUBMIT &&
	    get(c, "agr_date")[0] == '\0')
		faults_add(c->out, at(c, "agr_date"), c->check->stop,
		    tr("A success needs the date of the agreement."));
}

/* 人民调解法 33 */
static void
confirm_within_30_days(const struct rule_call *c)
{
	int agreed = day(c, "agr_date");
	int applied = day(c, "confirm_applied_on");

	if (agreed != DATE_NONE && applied != DATE_NONE &&
	    applied > agreed + 30)
		faults_add(c->out, at(c, "confirm_applied_on"), false,
		    tr("Both sides ask the court within 30 days of the "
		    "agreement (People's Mediation Law 33)."));
}

/* ---- by name ---- */

static const struct {
	const char *name;
	void (*run)(const struct rule_call *c);
} rules[] = {
	{ "person_name", person_name },
	{ "idno_when_resident", idno_when_resident },
	{ "idno_sex_agrees", idno_sex_agrees },
	{ "idno_birth_agrees", idno_birth_agrees },
	{ "age_over_120", age_over_120 },
	{ "term_limits", term_limits },
	{ "two_sides", two_sides },
	{ "people_count_covers_parties", people_count_covers_parties },
	{ "agreement_needs_result", agreement_needs_result },
	{ "confirm_within_30_days", confirm_within_30_days },
};

const char *
rule_name(size_t i)
{
	return i < sizeof rules / sizeof *rules ? rules[i].name : NULL;
}

void
rule_run_named(const struct rule_call *call)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (strcmp(rules[i].name, call->check->rule) == 0) {
			rules[i].run(call);
			return;
		}
}
