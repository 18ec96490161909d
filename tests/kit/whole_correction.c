/*
 * Whole records and what is expected of their registers: community correction
 * (kit/whole.h).
 */
#include "kit/whole.h"

#define READERS "clerk chief county_correction county_leader city auditor"
#define OFFICE_AND_COUNTY "clerk chief county_correction"
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
	/* supervision: records */
	{ "assessment", "complete=0|target=02|adopted=02|fast=0" },
	{ "assessment", "complete=1|target=01|adopted=01" },
	{ "assessment_inquiry", "" },
	{ "correction_group_member", "role=01|kind=07" },
	{ "correction_ceremony", "kind=1|signed=0|public=0" },
	{ "correction_ceremony", "kind=2|signed=1|public=0" },
	{ "correction_injunction", "to_on=2026-12-31" },
	{ "correction_appraisal", "period_kind=month" },
	{ "correction_violation", "" },
	{ "correction_term_change", "kind=1|new_to=2026-12-04|old_to=2027-03-04" },
	{ "correction_lost", "reason=1" },
	{ "correction_search", "" },
	{ "correction_detention", "cause=1" },
	{ "correction_document", "way=2|kind=99|receipt_due=1" },
	{ "correction_family", "" },
	{ "correction_resume", "" },
	{ "correction_survey", "" },
};

static const struct whole_register registers[] = {
	{ "correction_subject", "person_id category",
	    "clerk chief county_correction county_leader city auditor",
	    "clerk chief county_correction" },
	{ "correction_event", "subject_id event_kind held_at report_way "
	    "talk_reason edu_way minutes visited check_way aid_kind content recorder",
	    "clerk chief county_correction county_leader city auditor",
	    "clerk chief county_correction" },
	/* supervision: registers */
	{ "assessment", "person_id commission_no client_kind client received_on "
	    "target category",
	    READERS, OFFICE_AND_COUNTY },
	{ "assessment_inquiry", "assessment_id asked relation held_at place asker "
	    "recorder content",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_group_member", "subject_id name role kind sex from_on",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_ceremony", "subject_id kind held_at place host public attendees "
	    "read_out signed not_signed",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_injunction", "subject_id kind content from_on to_on",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_appraisal", "subject_id period_kind period_from period_to appraiser",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_violation", "subject_id kind held_at facts recorder",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_term_change", "subject_id kind decided_on court doc_no new_to",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_lost", "subject_id since_on noticed_on reason",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_search", "lost_id held_at way searcher content",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_detention", "subject_id measure since_on cause organ",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_document", "subject_id way kind title form on other_side handler",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_family", "subject_id relation name",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_resume", "subject_id from_on unit",
	    READERS, OFFICE_AND_COUNTY },
	{ "correction_survey", "subject_id surveyed_on surveyor",
	    READERS, OFFICE_AND_COUNTY },
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
	/* supervision: steps */
	{ "assessment", "pending", "assigned",
	    "county_correction chief", 0, "",
	    "exec_office assigned_on", "" },
	{ "assessment", "assigned", "working",
	    "clerk chief", 0, "",
	    "officer officer2 started_on", "" },
	{ "assessment", "working", "working",
	    "chief", 0, "",
	    "office_opinion", "" },
	{ "assessment", "working", "reported",
	    "county_correction", 0, "",
	    "county_opinion doc_no sent_on", "" },
	{ "assessment", "reported", "done",
	    "clerk chief county_correction", 0, "",
	    "adopted not_adopted", "" },
	{ "assessment", "pending", "returned",
	    "county_correction chief", 0, "",
	    "return_reason returned_on", "" },
	{ "assessment", "assigned", "returned",
	    "county_correction chief", 0, "",
	    "return_reason returned_on", "" },
	{ "assessment", "working", "returned",
	    "county_correction chief", 0, "",
	    "return_reason returned_on", "" },
	{ "assessment", "reported", "working",
	    "county_correction", 0, "",
	    "", "" },
	{ "correction_appraisal", "draft", "confirmed",
	    "chief", 0, "",
	    "", "" },
	{ "correction_appraisal", "confirmed", "draft",
	    "chief", 0, "",
	    "", "" },
	{ "correction_violation", "open", "handled",
	    "clerk chief county_correction", 0, "",
	    "", "" },
	{ "correction_violation", "open", "dismissed",
	    "chief county_correction", 0, "",
	    "dismiss_reason", "" },
	{ "correction_lost", "lost", "found",
	    "clerk chief county_correction", 0, "",
	    "found_on found_how", "found_on=" },
	{ "correction_lost", "lost", "closed",
	    "county_correction", 0, "",
	    "closed_on close_reason", "" },
	{ "correction_detention", "detained", "let_go",
	    "clerk chief county_correction", 0, "",
	    "released_on release_result", "" },
	{ "correction_detention", "detained", "sentenced",
	    "clerk chief county_correction", 0, "",
	    "sentenced_on sentence sentence_no", "" },
	{ "correction_detention", "let_go", "sentenced",
	    "clerk chief county_correction", 0, "",
	    "sentenced_on sentence sentence_no", "" },
};

const struct whole_duty whole_correction =
	WHOLE_DUTY(variants, registers, moves);
