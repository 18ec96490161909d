#ifndef CORE_RULE_NAMED_H
#define CORE_RULE_NAMED_H

#include "base/buf.h"
#include "core/rule.h"

/*
 * The named rules of a definition's checks, for core/rule.c.  A rule names
 * the fields it reads itself; one that a register does not have is empty, so
 * a rule in the wrong register says nothing.
 */
struct rule_call {
	struct faults *out;
	const struct schema *schema;
	const struct schema_register *reg;
	const struct schema_check *check;	/* of kind CHECK_RULE */
	const struct record *r;
	enum rule_mode mode;
	int today;
	const struct rule_world *world;		/* may be NULL */
};

/* DERIVE_LEAVE_CUMULATED and DERIVE_COMMISSIONED; nothing is added to out when
 * the world does not know.  False: the value is not to be touched. */
bool rule_derive_from_world(struct buf *out, const struct schema_register *reg,
	const struct schema_field *f, const struct record *r, int today,
	const struct rule_world *world);

void rule_run_named(const struct rule_call *call);

/* ---- for the files that hold the rules ---- */

/* A value of the record; "" if none.  Lent. */
const char *rule_get(const struct rule_call *c, const char *field);
/* The day of a date or datetime; DATE_NONE. */
int rule_day_of(const char *text);
int rule_day(const struct rule_call *c, const char *field);
/* Where the complaint stands: what the definition says, else this field. */
const char *rule_at(const struct rule_call *c, const char *field);
/* The record that a ref names, or NULL: none, or not to be seen from here.
 * Lent until the next question to the world. */
const struct record *rule_behind(const struct rule_call *c, const char *field);

/* Months of a term as judgments write it (一年六个月, 十个月, 半年, 1年6个月);
 * 0: none, or not in whole months. */
int rule_term_months(const char *text);

/* The next living record of a register below the same parent, without the one
 * that is checked; *i goes on behind it.  Lent like the above. */
const struct record *rule_sibling(const struct rule_call *c, const char *reg,
	size_t *i);

/* core/rule_listed.c */
void rule_in_list(const struct rule_call *c);

void rule_person_twice(const struct rule_call *c);
void rule_one_open_record(const struct rule_call *c);

void rule_term_limits(const struct rule_call *c);
void rule_term_text_agrees(const struct rule_call *c);
void rule_device_three_months(const struct rule_call *c);
void rule_event_in_term(const struct rule_call *c);
void rule_subject_person(const struct rule_call *c);

void rule_code_once(const struct rule_call *c);
void rule_office_staffing(const struct rule_call *c);
void rule_helpers_below_target(const struct rule_call *c);
void rule_duty_week_missed(const struct rule_call *c);
void rule_date_in_term(const struct rule_call *c);
void rule_injunction_in_term(const struct rule_call *c);
void rule_three_months(const struct rule_call *c);
void rule_permit_six_months(const struct rule_call *c);
void rule_group_has_woman(const struct rule_call *c);
void rule_one_group_leader(const struct rule_call *c);
void rule_group_complete(const struct rule_call *c);
void rule_level_differs(const struct rule_call *c);
void rule_level_by_decision(const struct rule_call *c);
void rule_appraisal_prepared(const struct rule_call *c);
void rule_ceremony_once(const struct rule_call *c);
void rule_not_public_for_minor(const struct rule_call *c);
void rule_survey_monthly(const struct rule_call *c);
void rule_lost_once(const struct rule_call *c);
void rule_leave_in_term(const struct rule_call *c);
void rule_leave_overlaps(const struct rule_call *c);
void rule_recheck_extension_fits(const struct rule_call *c);
void rule_only_outside_prison(const struct rule_call *c);
void rule_inquiry_after_commission(const struct rule_call *c);

void rule_sanction_basis_fits(const struct rule_call *c);
void rule_sanction_fits_category(const struct rule_call *c);
void rule_sanction_counted(const struct rule_call *c);
void rule_praise_after_six_months(const struct rule_call *c);

void rule_two_sides(const struct rule_call *c);
void rule_party_on_one_side(const struct rule_call *c);
void rule_written_stays_written(const struct rule_call *c);
void rule_people_count_covers_parties(const struct rule_call *c);
void rule_copies_cover_parties(const struct rule_call *c);
void rule_agreement_needs_result(const struct rule_call *c);
void rule_sessions_in_order(const struct rule_call *c);
void rule_session_after_acceptance(const struct rule_call *c);
void rule_confirm_within_30_days(const struct rule_call *c);

void rule_round_has_its_leads(const struct rule_call *c);
void rule_followup_after_agreement(const struct rule_call *c);
void rule_committee_members(const struct rule_call *c);
void rule_committee_term(const struct rule_call *c);
void rule_mediator_adult(const struct rule_call *c);
void rule_mediator_once(const struct rule_call *c);
void rule_mediator_appointed(const struct rule_call *c);
void rule_period_text(const struct rule_call *c);
void rule_allowance_once(const struct rule_call *c);
void rule_allowance_fits_case(const struct rule_call *c);
void rule_shares_sum_100(const struct rule_call *c);
void rule_payee_no_official(const struct rule_call *c);

void rule_not_before_release(const struct rule_call *c);
void rule_not_after_death(const struct rule_call *c);
void rule_key_person_fetched(const struct rule_call *c);
void rule_key_person_assessed(const struct rule_call *c);
void rule_help_term(const struct rule_call *c);
void rule_prison_date_agrees(const struct rule_call *c);
void rule_one_yearly(const struct rule_call *c);
void rule_group_of_five(const struct rule_call *c);

#endif
