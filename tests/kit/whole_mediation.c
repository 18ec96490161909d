/*
 * Whole records and what is expected of their registers: people's mediation
 * (kit/whole.h).
 */
#include "kit/whole.h"

#define MAKERS "mediator clerk chief"
#define LEADERS "clerk chief county_base county_command"
#define DECIDERS "chief county_base"

static const struct whole_variant variants[] = {
	{ "mediation_case", "dispute_type=ll|form=2|source=3|result=1|forecast=2|"
	    "people_count=2|agr_form=2|agr_effect=1|agr_copies=3|"
	    "file_check=2|due_date=2026-12-31|perform_state=fully|"
	    "party_refuses=0" },
	{ "mediation_case", "dispute_type=ll|form=1|source=1|result=2|"
	    "file_papers=01;02;03;07;13|"
	    "people_count=2|due_date=2026-12-31|party_refuses=0" },
	{ "mediation_party", "side=1" },
	{ "mediation_session", "outcome=3|next_on=2026-03-12" },
	{ "mediation_inquiry", "" },
	{ "mediation_evidence", "" },
	{ "mediation_followup", "perform_state=fully" },
	{ "mediation_confirm", "result=1" },
	{ "screening_round", "kind=2" },
	{ "dispute_lead", "risk=4|divert_answer=1|result=1" },
	{ "lead_press", "" },
	{ "allowance", "period=2026-Q4|grade=2" },
	{ "allowance", "period=2026-11|grade=2|@state=approved" },
	{ "allowance_payee", "" },
	{ "committee", "kind=06" },
	{ "committee_visit", "" },
	{ "mediation_room", "kind=02" },
	{ "mediator", "appointed_to=2027-03-05" },
	{ "mediator_training", "" },
	{ "mediation_fund", "year=2026" },
};

#define READERS "clerk chief mediator county_base county_command " \
	"county_leader auditor"
#define WRITERS "clerk chief mediator county_base"
#define KEEPERS "clerk chief county_base"
#define SEERS "clerk chief mediator county_base county_leader auditor"

static const struct whole_register registers[] = {
	{ "mediation_case", "accept_date dispute_type form source",
	    "clerk chief mediator county_base county_command county_leader "
	    "auditor", "clerk chief mediator county_base" },
	{ "mediation_party", "case_id side person_id",
	    "clerk chief mediator county_base county_command county_leader "
	    "auditor", "clerk chief mediator county_base" },
	{ "mediation_session", "case_id held_at mediators outcome", READERS,
	    WRITERS },
	{ "mediation_inquiry", "case_id asked held_at inquirers", READERS,
	    WRITERS },
	{ "mediation_evidence", "case_id title", READERS, WRITERS },
	{ "mediation_followup", "case_id visited_on party visitor", READERS,
	    WRITERS },
	{ "mediation_confirm", "case_id applied_on court", READERS, WRITERS },
	{ "screening_round", "village found round_on kind by", READERS,
	    WRITERS },
	{ "dispute_lead", "village source dispute_type summary found_on",
	    READERS, WRITERS },
	{ "lead_press", "lead_id text pressed_on level", READERS,
	    "clerk chief county_base county_command" },
	{ "allowance", "case_id period kind", SEERS, WRITERS },
	{ "allowance_payee", "allowance_id mediator_id share", SEERS,
	    WRITERS },
	{ "committee", "name kind", SEERS, KEEPERS },
	{ "committee_visit", "committee_id visited_on by content", SEERS,
	    KEEPERS },
	{ "mediation_room", "name committee_id kind", SEERS, KEEPERS },
	{ "mediator", "person_id committee_id position work_time "
	    "appointed_from appointed_to", SEERS, KEEPERS },
	{ "mediator_training", "mediator_id course hours from_on", SEERS,
	    KEEPERS },
	{ "mediation_fund", "year kind source amount", SEERS, KEEPERS },
};

static const struct whole_move moves[] = {
	{ "mediation_case", "draft", "open", MAKERS, 0, "",
	    "village summary people_count difficulty forecast mediator "
	    "committee referral_org referral_no referral_date",
	    "party_refuses=1" },
	{ "mediation_case", "draft", "refused", MAKERS, 0, "",
	    "refuse_reason", "" },
	{ "mediation_case", "open", "open", MAKERS, 0, "",
	    "due_date extend_reason extend_agreed", "extend_agreed=0" },
	{ "mediation_case", "open", "agreed", MAKERS, 0, "",
	    "result agr_form agr_date agr_effect solved_level agr_text",
	    "agr_effect=3" },
	{ "mediation_case", "open", "failed", MAKERS, 1, "",
	    "result fail_reason told_routes", "told_routes=0" },
	{ "mediation_case", "open", "referred", "chief", 1, "",
	    "refer_kind refer_unit refer_on refer_reason", "" },
	{ "mediation_case", "agreed", "performed", MAKERS, 0, "",
	    "perform_state perform_date", "perform_state=partly" },
	{ "mediation_case", "part_performed", "performed", MAKERS, 0, "",
	    "perform_state perform_date", "perform_state=none" },
	{ "mediation_case", "breached", "performed", MAKERS, 0, "",
	    "perform_state perform_date", "perform_state=breached" },
	{ "mediation_case", "agreed", "part_performed", MAKERS, 0,
	    "perform_state=partly", "perform_state perform_date",
	    "perform_state=fully" },
	{ "mediation_case", "agreed", "breached", MAKERS, 0,
	    "perform_state=breached", "perform_state", "perform_state=none" },
	{ "mediation_case", "part_performed", "breached", MAKERS, 0,
	    "perform_state=breached", "perform_state", "perform_state=partly" },
	{ "mediation_case", "performed", "archived", "chief", 0, "",
	    "case_no followup_on close_date retention file_check file_missing",
	    "" },
	{ "mediation_case", "breached", "archived", "chief", 0, "",
	    "followup_on", "" },
	{ "mediation_case", "failed", "archived", "chief", 1,
	    "file_papers=01;02;03;07;12;13",
	    "case_no close_date retention file_check", "" },
	{ "mediation_case", "referred", "archived", "chief", 1,
	    "file_papers=01;02;03;07;12;13",
	    "close_date", "" },
	{ "mediation_case", "archived", "open", "chief", 0, "",
	    "reopen_reason", "" },
	{ "mediation_case", "archived", "agreed", "chief", 0, "",
	    "reopen_reason", "agr_date=" },
	{ "screening_round", "draft", "submitted", MAKERS, 0, "",
	    "campaign", "" },
	{ "screening_round", "submitted", "draft", "clerk chief", 0, "", "",
	    "" },
	{ "dispute_lead", "received", "handling", MAKERS, 0, "",
	    "risk owner", "divert_answer=2" },
	{ "dispute_lead", "coordinated", "handling", MAKERS, 0, "", "",
	    "divert_answer=2" },
	{ "dispute_lead", "diverted", "handling", MAKERS, 0, "", "",
	    "divert_answer=2" },
	{ "dispute_lead", "received", "coordinated", LEADERS, 0, "",
	    "coord_level risk owner", "" },
	{ "dispute_lead", "received", "diverted", LEADERS, 0, "",
	    "divert_to divert_due", "" },
	{ "dispute_lead", "coordinated", "diverted", LEADERS, 0, "",
	    "divert_to divert_due", "" },
	{ "dispute_lead", "diverted", "coordinated", LEADERS, 0,
	    "divert_answer=2", "divert_answer divert_refusal",
	    "divert_answer=1" },
	{ "dispute_lead", "received", "closed", MAKERS, 0, "",
	    "result told_on", "result=3" },
	{ "dispute_lead", "handling", "closed", MAKERS, 0, "",
	    "result told_on", "result=3" },
	{ "dispute_lead", "closed", "received", MAKERS, 0, "",
	    "recur_reason", "" },
	{ "allowance", "draft", "submitted", MAKERS, 0, "",
	    "grade amount file_check file_checker", "file_check=2" },
	{ "allowance", "returned", "submitted", MAKERS, 0, "", "grade",
	    "grade=5" },
	{ "allowance", "submitted", "office_ok", "chief", 0, "", "",
	    "" },
	{ "allowance", "office_ok", "approved", "county_base", 0, "", "",
	    "" },
	{ "allowance", "submitted", "returned", "chief", 0,
	    "return_reason=缺件", "return_reason", "" },
	{ "allowance", "office_ok", "returned", "county_base", 0,
	    "return_reason=缺件", "return_reason", "" },
	{ "allowance", "submitted", "rejected", "chief", 0,
	    "office_opinion=不符", "office_opinion", "" },
	{ "allowance", "office_ok", "rejected", "county_base", 0,
	    "county_opinion=不符", "county_opinion", "" },
	{ "allowance", "draft", "cancelled", MAKERS, 0, "", "", "" },
	{ "allowance", "submitted", "cancelled", MAKERS, 0, "", "", "" },
	{ "allowance", "office_ok", "cancelled", MAKERS, 0, "", "", "" },
	{ "allowance", "returned", "cancelled", MAKERS, 0, "", "", "" },
	{ "allowance", "approved", "paid", "county_base", 1, "",
	    "paid_on voucher", "" },
	{ "committee", "draft", "active", KEEPERS, 0, "",
	    "trade term_from term_to head members women", "women=2" },
	{ "committee", "active", "active", KEEPERS, 0, "",
	    "term_from term_to head members women changed_on",
	    "term_to=2026-03-01" },
	{ "committee", "active", "dissolved", "chief county_base", 0, "",
	    "dissolved_on dissolve_reason", "" },
	{ "committee", "dissolved", "active", "chief county_base", 0, "",
	    "term_from term_to", "" },
	{ "mediation_room", "active", "closed", "chief county_base", 0, "",
	    "closed_on", "" },
	{ "mediation_room", "closed", "active", "chief county_base", 0, "",
	    "", "" },
	{ "mediator", "serving", "serving", KEEPERS, 0, "",
	    "appointed_from appointed_to", "appointed_to=2026-11-21" },
	{ "mediator", "serving", "ended", "chief county_base", 0, "",
	    "ended_on end_reason", "" },
	{ "mediator", "ended", "serving", "chief county_base", 0, "",
	    "appointed_from appointed_to", "" },
};

/* In the order of whole_set_children(). */
static const struct whole_variant children[] = {
	{ "mediation_party", "side=1" },
	{ "mediation_party", "side=2|person_id="
	    "019abcde-0000-7000-8000-00000000ff00" },
	{ "mediation_session", "" },
	{ "allowance_payee", "share=100" },
};

const struct whole_duty whole_mediation = {
	.variants = variants, .variant_count = WHOLE_COUNT(variants),
	.registers = registers, .register_count = WHOLE_COUNT(registers),
	.moves = moves, .move_count = WHOLE_COUNT(moves),
	.children = children, .child_count = WHOLE_COUNT(children),
};
