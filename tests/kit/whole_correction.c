/*
 * Whole records and what is expected of their registers: community correction
 * (kit/whole.h).
 */
#include "kit/whole.h"

#define COUNTY "county_correction"

static const struct whole_variant variants[] = {
	{ "correction_subject", "category=02|decider_kind=01|term_text=一年|"
	    "term_to=2027-03-04|sentence_kind=03|report_state=02|end_kind=21|"
	    "sentence_text=有期徒刑一年|minor_now=0|gps_mode=02" },
	{ "correction_subject", "category=04|decider_kind=03|term_text=一年|"
	    "term_to=2027-03-04|sentence_to=2027-03-04|sentence_kind=03|"
	    "sentence_text=有期徒刑一年|report_state=01|health_ground=01|"
	    "end_kind=24|minor_now=0|subject_no=" },
	{ "correction_event", "event_kind=report" },
	{ "correction_event", "event_kind=thought_report" },
	{ "correction_event", "event_kind=home_visit" },
	{ "correction_event", "event_kind=talk" },
	{ "correction_event", "event_kind=education" },
	{ "correction_event", "event_kind=public_benefit" },
	{ "correction_event", "event_kind=aid" },
	{ "correction_event", "event_kind=psych" },
	{ "correction_event", "event_kind=check" },
};

static const struct whole_register registers[] = {
	{ "correction_subject", "person_id category",
	    "clerk chief county_correction county_leader city auditor",
	    "clerk chief county_correction" },
	{ "correction_event", "subject_id event_kind held_at report_way "
	    "talk_reason edu_way minutes visited check_way aid_kind content recorder",
	    "clerk chief county_correction county_leader city auditor",
	    "clerk chief county_correction" },
};

static const struct whole_move moves[] = {
	{ "correction_subject", "draft", "active",
	    "clerk chief county_correction", 0, "",
	    "level level_since term_from term_to village case_officer "
	    "decider effective_date offence sentence_kind received_on "
	    "reported_on exec_county exec_office injunction_text gps_to", "" },
	{ "correction_subject", "draft", "expected", COUNTY, 0, "",
	    "docs_received_on effective_date", "" },
	{ "correction_subject", "expected", "missed", COUNTY, 0, "", "",
	    "report_by=2026-11-22" },
	{ "correction_subject", "expected", "received", COUNTY, 0, "",
	    "reported_on report_state receive_way received_on", "" },
	{ "correction_subject", "missed", "received", COUNTY, 0, "",
	    "reported_on", "" },
	{ "correction_subject", "received", "assigned", COUNTY, 0, "",
	    "exec_office", "" },
	{ "correction_subject", "assigned", "active", "chief", 1, "",
	    "case_officer health_ground diagnosis hospital guarantor_id "
	    "next_recheck handover_kind handover_org", "" },
	{ "correction_subject", "assigned", "received", "chief", 0, "",
	    "return_reason", "" },
	{ "correction_subject", "active", "transferred", COUNTY, 0, "",
	    "moved_to moved_on", "" },
	{ "correction_subject", "active", "released", COUNTY, 0,
	    "end_kind=12", "end_kind end_on end_no performance",
	    "end_kind=21" },
	{ "correction_subject", "active", "terminated", COUNTY, 0, "",
	    "end_kind end_on end_decision_no prison_reason", "end_kind=11" },
	{ "correction_subject", "released", "archived",
	    "clerk chief county_correction", 0, "", "work_file_no", "" },
	{ "correction_subject", "terminated", "archived",
	    "clerk chief county_correction", 1, "", "work_file_no", "" },
	{ "correction_subject", "transferred", "archived",
	    "clerk chief county_correction", 0, "", "work_file_no", "" },
};

const struct whole_duty whole_correction =
	WHOLE_DUTY(variants, registers, moves);
