/*
 * The named rules: what a definition cannot say in rows of conditions.  Field
 * names in here are those of screens/registers; the law stands where it is
 * applied.  Here are the rules of persons and the list of all; those of
 * correction and of mediation have files of their own.
 */
#include "core/rule_named.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "core/idno.h"

const char *
rule_get(const struct rule_call *c, const char *field)
{
	return values_get(&c->r->values, field);
}

int
rule_day_of(const char *text)
{
	char day[DATE_TEXT_MAX] = "";

	strncat(day, text, DATE_TEXT_MAX - 1);
	return date_parse(day);
}

int
rule_day(const struct rule_call *c, const char *field)
{
	return rule_day_of(rule_get(c, field));
}

const char *
rule_at(const struct rule_call *c, const char *field)
{
	return c->check->at ? c->check->at : field;
}

const struct record *
rule_behind(const struct rule_call *c, const char *field)
{
	struct uuid id;

	if (!c->world || !c->world->get || !uuid_parse(&id, rule_get(c, field)))
		return NULL;
	return c->world->get(c->world->self, &id);
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
	const char *field = rule_at(c, "name");
	const char *text = rule_get(c, field);
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
	const char *type = rule_get(c, "id_type");

	return type[0] == '\0' || strcmp(type, "111") == 0;
}

/* The number as one that passed its check; false: none or another document. */
static bool
resident_id(char out[IDNO_MAX], const struct rule_call *c)
{
	struct err ignored = ERR_INIT;
	bool old;

	return rule_get(c, "id_no")[0] != '\0' && is_resident_id(c) &&
	    idno_parse(out, &old, rule_get(c, "id_no"), c->today, &ignored) == E_OK;
}

/* A faulty court paper may be the only source: with id_unverified the number
 * is kept and only warned about. */
static void
idno_when_resident(const struct rule_call *c)
{
	char id[IDNO_MAX];
	struct err err = ERR_INIT;
	bool old;

	if (rule_get(c, "id_no")[0] == '\0' || !is_resident_id(c))
		return;
	if (idno_parse(id, &old, rule_get(c, "id_no"), c->today, &err))
		faults_add(c->out, rule_at(c, "id_no"), c->check->stop &&
		    strcmp(rule_get(c, "id_unverified"), "1") != 0, "%s", err.msg);
	else if (!idno_has_known_region(id) && id[0] != '9')
		faults_add(c->out, rule_at(c, "id_no"), false,
		    tr("The id number begins with no known province; please "
		    "compare it with the card."));
}

/* Wrong cards exist, so it is never more than a warning. */
static void
idno_sex_agrees(const struct rule_call *c)
{
	const char *sex = rule_get(c, "sex");
	char id[IDNO_MAX];

	if ((strcmp(sex, "1") == 0 || strcmp(sex, "2") == 0) &&
	    resident_id(id, c) && strcmp(idno_sex(id), sex) != 0)
		faults_add(c->out, rule_at(c, "sex"), false,
		    tr("The sex is not that of the id number."));
}

static void
idno_birth_agrees(const struct rule_call *c)
{
	int birth = rule_day(c, "birth");
	char id[IDNO_MAX];

	if (birth != DATE_NONE && resident_id(id, c) &&
	    idno_birth(id) != birth)
		faults_add(c->out, rule_at(c, "birth"), false,
		    tr("The birth date is not that of the id number."));
}

static void
age_over_120(const struct rule_call *c)
{
	int birth = rule_day(c, "birth");

	if (birth == DATE_NONE)
		return;
	if (birth < date_from_ymd(1880, 1, 1))
		faults_add(c->out, rule_at(c, "birth"), true,
		    tr("A birth date before 1880 is not possible."));
	else if (date_add_months(birth, 120 * 12) < c->today)
		faults_add(c->out, rule_at(c, "birth"), false,
		    tr("This person would be over 120 years old."));
}

/* GB/T 2260 with GB/T 10114: a county has 6 digits, a township 9, a village
 * 12.  Which of them exist is a list's matter; places are abolished too. */
static void
region_code(const struct rule_call *c)
{
	const char *field = rule_at(c, "home_region");
	const char *code = rule_get(c, field);
	size_t len = strlen(code);

	if (len == 0)
		return;
	if (strspn(code, "0123456789") != len ||
	    (len != 6 && len != 9 && len != 12))
		faults_add(c->out, field, c->check->stop,
		    tr("A region code has 6, 9 or 12 digits."));
	else if (!idno_has_known_region(code) && code[0] != '9')
		faults_add(c->out, field, false,
		    tr("The region code begins with no known province."));
}

/* A local number reaches nobody from the county. */
static void
phone_with_area(const struct rule_call *c)
{
	const char *field = rule_at(c, "phone2");
	const char *at = rule_get(c, field);

	while (*at) {
		size_t len = strcspn(at, ";");

		if ((len == 7 || len == 8) &&
		    strspn(at, "0123456789") == len) {
			faults_add(c->out, field, false,
			    tr("A local number; please add the area code."));
			return;
		}
		at += len + (at[len] ? 1 : 0);
	}
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
	{ "region_code", region_code },
	{ "phone_with_area", phone_with_area },
	{ "in_list", rule_in_list },
	{ "person_twice", rule_person_twice },
	{ "one_open_record", rule_one_open_record },
	{ "term_limits", rule_term_limits },
	{ "term_text_agrees", rule_term_text_agrees },
	{ "device_three_months", rule_device_three_months },
	{ "event_in_term", rule_event_in_term },
	{ "subject_person", rule_subject_person },
	{ "code_once", rule_code_once },
	{ "office_staffing", rule_office_staffing },
	{ "helpers_below_target", rule_helpers_below_target },
	{ "duty_week_missed", rule_duty_week_missed },
	{ "date_in_term", rule_date_in_term },
	{ "injunction_in_term", rule_injunction_in_term },
	{ "three_months", rule_three_months },
	{ "permit_six_months", rule_permit_six_months },
	{ "group_has_woman", rule_group_has_woman },
	{ "one_group_leader", rule_one_group_leader },
	{ "group_complete", rule_group_complete },
	{ "level_differs", rule_level_differs },
	{ "level_by_decision", rule_level_by_decision },
	{ "appraisal_prepared", rule_appraisal_prepared },
	{ "ceremony_once", rule_ceremony_once },
	{ "not_public_for_minor", rule_not_public_for_minor },
	{ "survey_monthly", rule_survey_monthly },
	{ "lost_once", rule_lost_once },
	{ "leave_in_term", rule_leave_in_term },
	{ "leave_overlaps", rule_leave_overlaps },
	{ "recheck_extension_fits", rule_recheck_extension_fits },
	{ "only_outside_prison", rule_only_outside_prison },
	{ "inquiry_after_commission", rule_inquiry_after_commission },
	{ "sanction_basis_fits", rule_sanction_basis_fits },
	{ "sanction_fits_category", rule_sanction_fits_category },
	{ "sanction_counted", rule_sanction_counted },
	{ "praise_after_six_months", rule_praise_after_six_months },
	{ "two_sides", rule_two_sides },
	{ "party_on_one_side", rule_party_on_one_side },
	{ "written_stays_written", rule_written_stays_written },
	{ "people_count_covers_parties", rule_people_count_covers_parties },
	{ "agreement_needs_result", rule_agreement_needs_result },
	{ "copies_cover_parties", rule_copies_cover_parties },
	{ "sessions_in_order", rule_sessions_in_order },
	{ "session_after_acceptance", rule_session_after_acceptance },
	{ "confirm_within_30_days", rule_confirm_within_30_days },
	{ "round_has_its_leads", rule_round_has_its_leads },
	{ "followup_after_agreement", rule_followup_after_agreement },
	{ "committee_members", rule_committee_members },
	{ "committee_term", rule_committee_term },
	{ "mediator_adult", rule_mediator_adult },
	{ "mediator_once", rule_mediator_once },
	{ "mediator_appointed", rule_mediator_appointed },
	{ "period_text", rule_period_text },
	{ "allowance_once", rule_allowance_once },
	{ "allowance_fits_case", rule_allowance_fits_case },
	{ "shares_sum_100", rule_shares_sum_100 },
	{ "payee_no_official", rule_payee_no_official },

	{ "not_before_release", rule_not_before_release },
	{ "not_after_death", rule_not_after_death },
	{ "key_person_fetched", rule_key_person_fetched },
	{ "key_person_assessed", rule_key_person_assessed },
	{ "help_term", rule_help_term },
	{ "prison_date_agrees", rule_prison_date_agrees },
	{ "one_yearly", rule_one_yearly },
	{ "group_of_five", rule_group_of_five },
};

const char *
rule_name(size_t i)
{
	return i < sizeof rules / sizeof *rules ? rules[i].name : NULL;
}

void
rule_run_named(const struct rule_call *call)
{
	size_t i = call->check->rule_i;

	assert(strcmp(rules[i].name, call->check->rule) == 0);
	rules[i].run(call);
}
