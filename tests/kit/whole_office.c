/*
 * Whole records and what is expected of their registers: the people and what the office keeps of itself
 * (kit/whole.h).
 */
#include "kit/whole.h"

#define MAKERS "mediator clerk chief"
#define COUNTY "county_command county_base county_correction " \
	"county_legal_aid county_law_edu county_leader"

static const struct whole_variant variants[] = {
	{ "person", "kind=01|id_type=111|id_no=990101188801010013|sex=1|"
	    "birth=1888-01-01|id_unverified=1|hukou_same=0|confidential=1|"
	    "home_region=990101001001|hukou_region=990101" },
	{ "person", "kind=02|home_region=990101" },
	{ "office", "code=990101001|population=52000" },
	{ "commission",
	    "valid_from=2026-01-01|valid_to=2026-03-05|issued_on=2026"
	    "-01-01" },
	{ "office_honour", "kind=1|stars=5|valid_to=2027-03-05" },
	{ "office_asset", "" },
	{ "office_fund", "year=2026" },
	{ "office_point", "" },
	{ "staff", "sex=1|birth=1888-01-01|office_to=2026-03-06" },
	{ "staff_training", "" },
	{ "training", "" },
	{ "instruction", "supervise=1|sign_by=2026-03-05T12:00|"
	    "due_at=2026-03-06T12:00|assignee=某某|reply_text=某某|"
	    "return_reason=某某|cancel_reason=某某" },
	{ "instruction_progress", "percent=50" },
	{ "inspection", "" },
	{ "incident", "" },
	{ "office_meeting", "" },
	{ "village", "code=990101001201" },
	{ "village_honour", "" },
	{ "village_adviser", "name=周律|contract_to=2027-03-05" },
	{ "adviser_service", "" },
	{ "law_helper", "name=王明" },
	{ "duty_roster", "" },
	{ "law_education", "heads=30" },
	{ "legal_opinion", "urgent=0|complete=1|adopted=1" },
	{ "legal_opinion", "urgent=1|complete=1|adopted=3" },
};

static const struct whole_register registers[] = {
	{ "person", "kind name id_type",
	    "clerk chief mediator county_correction county_base "
	    "county_legal_aid county_leader city auditor",
	    "clerk chief mediator county_correction county_base" },
	{ "office", "name",
	    "clerk chief county_base county_command "
	    "county_leader auditor county_correction",
	    "chief county_base" },
	{ "commission", "office_id letter_no valid_from valid_to matters",
	    "clerk chief county_correction county_base "
	    "county_leader auditor",
	    "county_correction county_base" },
	{ "office_honour", "office_id title kind level given_on",
	    "clerk chief county_base county_command "
	    "county_leader auditor",
	    "chief county_base" },
	{ "office_asset", "office_id kind count",
	    "clerk chief county_base county_command "
	    "county_leader auditor",
	    "clerk chief county_base" },
	{ "office_fund", "office_id year budget_level kind amount",
	    "clerk chief county_base county_command "
	    "county_leader auditor",
	    "clerk chief county_base" },
	{ "office_point", "office_id held_on point person matter",
	    "clerk chief county_base county_command "
	    "county_leader auditor",
	    "clerk chief" },
	{ "staff", "name staff_kind duty",
	    "clerk chief county_base county_leader auditor",
	    "clerk chief county_base" },
	{ "staff_training", "staff_id kind course from_on hours",
	    "clerk chief county_base county_leader auditor",
	    "clerk chief county_base" },
	{ "training", "held_on topic kind",
	    "clerk chief county_base county_command "
	    "county_law_edu county_leader auditor",
	    "clerk chief county_base" },
	{ "instruction", "title kind urgency text issued_by issued_at due_at",
	    "clerk chief county_command county_base "
	    "county_correction county_legal_aid county_law_edu "
	    "county_leader auditor",
	    "county_command county_base "
	    "county_correction county_legal_aid county_law_edu "
	    "county_leader" },
	{ "instruction_progress", "instruction_id at text by",
	    "clerk chief county_command county_base "
	    "county_correction county_legal_aid county_law_edu "
	    "county_leader auditor",
	    "clerk chief county_command county_base "
	    "county_correction county_legal_aid county_law_edu "
	    "county_leader" },
	{ "inspection", "held_on kind by_unit",
	    "clerk chief county_base county_command "
	    "county_leader auditor",
	    "clerk chief county_base county_command" },
	{ "incident", "kind happened_at known_at",
	    "clerk chief county_command county_base "
	    "county_correction county_leader auditor",
	    "clerk chief county_command" },
	{ "office_meeting", "held_on kind topic",
	    "clerk chief county_base county_command "
	    "county_leader auditor",
	    "clerk chief" },
	{ "village", "code name kind",
	    "clerk chief mediator county_base county_command "
	    "county_law_edu county_leader auditor "
	    "county_correction county_legal_aid",
	    "clerk chief county_base" },
	{ "village_honour", "village_id kind level given_on",
	    "clerk chief mediator county_base county_command "
	    "county_law_edu county_leader auditor",
	    "clerk chief county_base" },
	{ "village_adviser", "village_id name kind firm contract_from contract_to",
	    "clerk chief mediator county_base county_command "
	    "county_law_edu county_leader auditor "
	    "county_legal_aid",
	    "clerk chief county_base" },
	{ "adviser_service", "adviser_id held_on work content",
	    "clerk chief mediator county_base county_command "
	    "county_law_edu county_leader auditor "
	    "county_legal_aid",
	    "clerk chief county_base" },
	{ "law_helper", "village_id name role",
	    "clerk chief mediator county_base county_command "
	    "county_law_edu county_leader auditor",
	    "clerk chief county_base" },
	{ "duty_roster", "duty_on lawyer",
	    "clerk chief county_base county_legal_aid "
	    "county_command county_leader auditor",
	    "clerk chief county_legal_aid" },
	{ "law_education", "held_on theme form place",
	    "clerk chief county_base county_command "
	    "county_law_edu county_leader auditor",
	    "clerk chief county_law_edu" },
	{ "legal_opinion", "title kind unit received_on",
	    "clerk chief county_base county_law_edu "
	    "county_leader auditor",
	    "clerk chief county_base" },
};

static const struct whole_move moves[] = {
	{ "person", "draft", "verified", MAKERS " county_correction", 0, "",
	    "name sex birth id_no", "id_no=" },
	{ "person", "verified", "draft", "clerk chief county_correction", 0,
	    "", "", "" },
	{ "commission", "valid", "ended", "county_correction county_base", 0,
	    "", "valid_to end_reason", "valid_to=2027-01-01" },
	{ "office_honour", "held", "ended", "chief county_base", 0,
	    "", "", "" },
	{ "office_honour", "ended", "held", "county_base", 0,
	    "", "", "" },
	{ "office_point", "open", "done", "clerk chief", 0,
	    "", "result", "" },
	{ "office_point", "done", "open", "chief", 0,
	    "", "", "" },
	{ "staff", "active", "left", "chief county_base", 0,
	    "", "office_to leave_reason", "" },
	{ "staff", "left", "active", "chief county_base", 0,
	    "", "", "" },
	{ "training", "planned", "done", "clerk chief county_base", 0,
	    "", "heads hours", "held_on=2027-01-01|end_on=" },
	{ "training", "planned", "cancelled", "clerk chief county_base", 0,
	    "", "", "" },
	{ "instruction", "issued", "delivered", "clerk chief", 0,
	    "", "", "" },
	{ "instruction", "issued", "signed", "clerk chief", 0,
	    "", "", "" },
	{ "instruction", "delivered", "signed", "clerk chief", 0,
	    "", "", "" },
	{ "instruction", "signed", "working", "clerk chief", 0,
	    "", "assignee", "" },
	{ "instruction", "returned", "working", "clerk chief", 0,
	    "", "assignee", "" },
	{ "instruction", "working", "working", "chief", 0,
	    "", "assignee", "" },
	{ "instruction", "signed", "replied", "clerk chief", 0,
	    "", "reply_text", "" },
	{ "instruction", "working", "replied", "clerk chief", 0,
	    "", "reply_text", "" },
	{ "instruction", "returned", "replied", "clerk chief", 0,
	    "", "reply_text", "" },
	{ "instruction", "replied", "accepted", COUNTY, 0,
	    "", "", "" },
	{ "instruction", "replied", "returned", COUNTY, 0,
	    "", "return_reason", "" },
	{ "instruction", "issued", "cancelled", COUNTY, 0,
	    "", "cancel_reason", "" },
	{ "instruction", "delivered", "cancelled", COUNTY, 0,
	    "", "cancel_reason", "" },
	{ "instruction", "signed", "cancelled", COUNTY, 0,
	    "", "cancel_reason", "" },
	{ "instruction", "working", "cancelled", COUNTY, 0,
	    "", "cancel_reason", "" },
	{ "instruction", "replied", "cancelled", COUNTY, 0,
	    "", "cancel_reason", "" },
	{ "instruction", "returned", "cancelled", COUNTY, 0,
	    "", "cancel_reason", "" },
	{ "inspection", "recorded", "rectifying", "chief county_base county_command", 0,
	    "", "findings rectify_by", "" },
	{ "inspection", "rectified", "rectifying", "chief county_base county_command", 0,
	    "", "findings rectify_by", "" },
	{ "inspection", "rectifying", "rectified", "clerk chief", 0,
	    "", "rectify rectified_on", "" },
	{ "inspection", "recorded", "closed", "chief county_base county_command", 0,
	    "", "", "" },
	{ "inspection", "rectified", "closed", "chief county_base county_command", 0,
	    "", "", "" },
	{ "incident", "draft", "reported", "clerk chief", 0,
	    "", "reported_at report_to", "" },
	{ "incident", "reported", "closed", "chief county_command", 0,
	    "", "result closed_on", "" },
	{ "incident", "closed", "reported", "chief county_command", 0,
	    "", "", "" },
	{ "village", "active", "merged", "chief county_base", 0,
	    "", "merged_into", "" },
	{ "village", "merged", "active", "county_base", 0,
	    "", "", "" },
	{ "village_honour", "held", "ended", "chief county_base", 0,
	    "", "", "" },
	{ "village_honour", "ended", "held", "county_base", 0,
	    "", "", "" },
	{ "village_adviser", "active", "ended", "clerk chief county_base", 0,
	    "", "end_reason", "" },
	{ "village_adviser", "ended", "active", "clerk chief county_base", 0,
	    "", "contract_to", "" },
	{ "village_adviser", "active", "active", "clerk chief county_base", 0,
	    "", "contract_to", "" },
	{ "law_helper", "active", "ended", "clerk chief county_base", 0,
	    "", "to_on end_reason", "" },
	{ "law_helper", "ended", "active", "clerk chief county_base", 0,
	    "", "", "" },
	{ "duty_roster", "planned", "done", "clerk chief", 0,
	    "", "came_at advice", "duty_on=2027-01-01" },
	{ "duty_roster", "planned", "missed", "clerk chief", 0,
	    "", "miss_reason", "" },
	{ "law_education", "planned", "done", "clerk chief county_law_edu", 0,
	    "", "", "held_on=2027-01-01" },
	{ "law_education", "done", "reported", "clerk chief county_law_edu", 0,
	    "", "report", "" },
	{ "law_education", "reported", "done", "chief county_law_edu", 0,
	    "", "", "" },
	{ "legal_opinion", "received", "reviewing", "clerk chief", 0,
	    "", "", "complete=0" },
	{ "legal_opinion", "returned", "reviewing", "clerk chief", 0,
	    "", "", "complete=0" },
	{ "legal_opinion", "received", "returned", "clerk chief", 0,
	    "", "missing", "" },
	{ "legal_opinion", "reviewing", "returned", "clerk chief", 0,
	    "", "missing", "" },
	{ "legal_opinion", "reviewing", "issued", "chief", 0,
	    "", "opinion points opinion_no issued_on", "" },
	{ "legal_opinion", "issued", "adopted", "clerk chief", 0,
	    "", "adopted adopted_on", "adopted=3" },
	{ "legal_opinion", "issued", "not_adopted", "clerk chief", 1,
	    "", "adopted adopt_reason", "adopted=1" },
	{ "legal_opinion", "adopted", "archived", "clerk chief", 0,
	    "", "", "" },
	{ "legal_opinion", "not_adopted", "archived", "clerk chief", 0,
	    "", "", "" },
};

const struct whole_duty whole_office =
	WHOLE_DUTY(variants, registers, moves);
