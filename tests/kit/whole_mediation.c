/*
 * Whole records and what is expected of their registers: people's mediation
 * (kit/whole.h).
 */
#include "kit/whole.h"

#define MAKERS "mediator clerk chief"

static const struct whole_variant variants[] = {
	{ "mediation_case", "dispute_type=ll|form=2|source=3|result=1|"
	    "people_count=2|agr_form=2|agr_effect=1|agr_copies=3|"
	    "file_check=2|due_date=2026-12-31|perform_state=fully|"
	    "party_refuses=0" },
	{ "mediation_case", "dispute_type=ll|form=1|source=1|result=2|"
	    "people_count=2|due_date=2026-12-31|party_refuses=0" },
	{ "mediation_party", "side=1" },
	{ "mediation_session", "outcome=3|next_on=2026-03-12" },
};

static const struct whole_register registers[] = {
	{ "mediation_case", "accept_date dispute_type form source",
	    "clerk chief mediator county_base county_command county_leader "
	    "auditor", "clerk chief mediator county_base" },
	{ "mediation_party", "case_id side person_id",
	    "clerk chief mediator county_base county_command county_leader "
	    "auditor", "clerk chief mediator county_base" },
	{ "mediation_session", "case_id held_at mediators outcome",
	    "clerk chief mediator county_base county_command county_leader "
	    "auditor", "clerk chief mediator county_base" },
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
	    "refer_unit refer_on", "" },
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
	{ "mediation_case", "failed", "archived", "chief", 1, "",
	    "case_no close_date retention file_check", "" },
	{ "mediation_case", "referred", "archived", "chief", 1, "",
	    "close_date", "" },
	{ "mediation_case", "archived", "open", "chief", 0, "",
	    "reopen_reason", "" },
	{ "mediation_case", "archived", "agreed", "chief", 0, "",
	    "reopen_reason", "agr_date=" },
};

/* In the order of whole_set_children(). */
static const struct whole_variant children[] = {
	{ "mediation_party", "side=1" },
	{ "mediation_party", "side=2|person_id="
	    "019abcde-0000-7000-8000-00000000ff00" },
	{ "mediation_session", "" },
};

const struct whole_duty whole_mediation = {
	.variants = variants, .variant_count = WHOLE_COUNT(variants),
	.registers = registers, .register_count = WHOLE_COUNT(registers),
	.moves = moves, .move_count = WHOLE_COUNT(moves),
	.children = children, .child_count = WHOLE_COUNT(children),
};
