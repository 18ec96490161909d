/*
 * Whole records and what is expected of their registers: resettlement
 * (kit/whole.h).
 */
#include "kit/whole.h"

#define OFFICE "clerk chief"
#define READERS "clerk chief county_correction county_leader city auditor"
#define WRITERS "clerk chief county_correction"
#define REPLIED "county_reply=同意|replied_on=2026-03-05"
#define COUNTY "county_correction"
#define BASES "chief county_correction county_base"
#define GONE "chief county_correction"

static const struct whole_variant variants[] = {
	{ "resettlement_subject", "help_to=2026-03-06|end_on=2026-03-06|kind=01|class=01|link_way=k01|"
	    "verify_state=03|three_none=1|escort_none=|whereabouts=home" },
	{ "resettlement_subject", "help_to=2026-03-06|end_on=2026-03-06|kind=03|class=02|link_way=g01|"
	    "link_channel=02|verify_state=01|three_none=0|whereabouts=away" },
	/* a key person whom nobody fetched, with the reason */
	{ "resettlement_subject", "help_to=2026-03-06|end_on=2026-03-06|kind=01|class=01|link_way=k01|"
	    "escort_on=|escort_by=" },
	{ "resettlement_subject", "help_to=2026-03-06|end_on=2026-03-06|kind=01|class=02|link_way=g01|"
	    "whereabouts=dead|next_visit=|end_reason=02|three_none=0" },
	{ "resettlement_visit", "visit_form=1" },
	{ "resettlement_escort", "who=1;2" },
	{ "resettlement_helper", "kind=01" },
	{ "resettlement_placement", "way=05" },
	{ "resettlement_aid", "measure=1" },
	{ "resettlement_aid", "measure=2" },
	{ "resettlement_aid", "measure=9" },
	{ "resettlement_child", "birth=2020-01-01|id_no=|confidential=1|"
	    "hardship=01" },
	{ "resettlement_move", "kind=1" },
	{ "resettlement_move", "kind=3" },
	{ "resettlement_yearly", "year=2026" },
	{ "resettlement_risk", "proposed=01" },
	{ "resettlement_lost", "" },
	{ "resettlement_crime", "" },
	{ "prisoner_check", "verify_state=01" },
	{ "prisoner_check", "verify_state=03" },
	{ "placement_base", "kind=02" },
	{ "base_placement", "" },
};

static const struct whole_register registers[] = {
	{ "resettlement_subject", "person_id kind release_date",
	    READERS, WRITERS },
	{ "resettlement_visit", "subject_id held_on visit_form conduct "
	    "recorder", READERS, WRITERS },
	{ "resettlement_escort", "subject_id fetched_on fetched_from who people "
	    "recorder", READERS, WRITERS },
	{ "resettlement_helper", "subject_id kind name from_on", READERS,
	    WRITERS },
	{ "resettlement_placement", "subject_id way placed_on", READERS,
	    WRITERS },
	{ "resettlement_aid", "subject_id measure relief job_service given_on "
	    "content recorder", READERS, WRITERS },
	{ "resettlement_child", "subject_id name confidential guardian_state "
	    "hardship", "clerk chief county_correction county_leader auditor",
	    OFFICE },
	{ "resettlement_move", "subject_id kind to_place", READERS, WRITERS },
	{ "resettlement_yearly", "subject_id year held_on recorder", READERS,
	    WRITERS },
	{ "resettlement_risk", "subject_id assessed_on assessor", READERS,
	    WRITERS },
	{ "resettlement_lost", "subject_id lost_on how recorder", READERS,
	    WRITERS },
	{ "resettlement_crime", "subject_id known_on offence recorder", READERS,
	    WRITERS },
	{ "prisoner_check", "person_id prison listed_on verify_state", READERS,
	    WRITERS },
	{ "placement_base", "name kind", READERS " county_base",
	    WRITERS " county_base" },
	{ "base_placement", "base_id person_id from_on", READERS, WRITERS },
};

static const struct whole_move moves[] = {
	{ "resettlement_subject", "draft", "linked", OFFICE, 0, "",
	    "class release_org prison_no offence sentence recidivist "
	    "early_release three_none village link_channel "
	    "link_way linked_on help_from help_to helper "
	    "whereabouts", "release_date=2026-11-23" },
	{ "resettlement_subject", "draft", "listed",
	    "clerk chief county_correction", 0, "", "", "" },
	{ "resettlement_subject", "draft", "unlinked",
	    "clerk chief county_correction", 0, "", "",
	    "release_date=2026-11-23" },
	{ "resettlement_subject", "listed", "verified", OFFICE, 1, "",
	    "verify_state", "verify_state=02" },
	{ "resettlement_subject", "verify_failed", "verified", OFFICE, 1, "",
	    "verify_state", "verify_state=03" },
	{ "resettlement_subject", "listed", "verify_failed", OFFICE, 0, "",
	    "verify_state verify_fail", "verify_state=01" },
	{ "resettlement_subject", "verified", "awaiting", OFFICE, 1, "",
	    "release_date", "" },
	{ "resettlement_subject", "verified", "unlinked",
	    "clerk chief county_correction", 1, "", "",
	    "release_date=2026-11-23" },
	{ "resettlement_subject", "awaiting", "unlinked",
	    "clerk chief county_correction", 1, "", "",
	    "release_date=2026-11-23" },
	{ "resettlement_subject", "unlinked", "linked", OFFICE, 0, "",
	    "link_channel link_way linked_on", "help_to=2026-03-05" },
	{ "resettlement_subject", "linked", "transferred", GONE, 1, "",
	    "moved_to moved_on", "" },
	{ "resettlement_subject", "transferred", "linked", GONE, 1, "", "",
	    "" },
	{ "resettlement_subject", "linked", "linked", "chief", 1, "", "class",
	    "" },
	{ "resettlement_subject", "linked", "ending", OFFICE, 1, "",
	    "end_on end_reason end_summary", "" },
	{ "resettlement_subject", "ending", "ended", "chief", 1,
	    "end_proposed_by=张三", "end_on end_reason end_summary", "" },
	{ "resettlement_subject", "ending", "linked", "chief", 1,
	    "end_return=材料不全", "end_return", "" },
	{ "resettlement_helper", "serving", "left", OFFICE, 0, "", "to_on",
	    "" },
	{ "resettlement_placement", "placed", "over", OFFICE, 0, "",
	    "ended_on end_why", "" },
	{ "resettlement_child", "noted", "hardship", OFFICE, 0, "",
	    "hardship needs", "hardship=03" },
	{ "resettlement_child", "helped", "hardship", OFFICE, 0, "",
	    "hardship needs", "hardship=03" },
	{ "resettlement_child", "hardship", "helped", OFFICE, 0, "",
	    "measures helped_on", "" },
	{ "resettlement_child", "noted", "grown", OFFICE, 0, "", "", "" },
	{ "resettlement_child", "helped", "grown", OFFICE, 0, "", "", "" },
	{ "resettlement_move", "draft", "submitted", OFFICE, 0, "",
	    "from_place to_office reason proof move_on", "" },
	{ "resettlement_move", "returned", "submitted", OFFICE, 0, "",
	    "reason", "" },
	{ "resettlement_move", "submitted", "office_ok", "chief", 0,
	    "office_opinion=同意", "", "" },
	{ "resettlement_move", "submitted", "returned", "chief", 0,
	    "return_reason=补材料", "return_reason", "" },
	{ "resettlement_move", "submitted", "rejected", "chief", 0,
	    "office_opinion=不同意", "office_opinion", "" },
	{ "resettlement_move", "submitted", "cancelled", OFFICE, 0, "", "",
	    "" },
	{ "resettlement_move", "office_ok", "approved", COUNTY, 0,
	    "county_opinion=同意", "", "" },
	{ "resettlement_move", "office_ok", "returned", COUNTY, 0,
	    "return_reason=补材料", "return_reason", "" },
	{ "resettlement_move", "office_ok", "rejected", COUNTY, 0,
	    "county_opinion=不同意", "county_opinion", "" },
	{ "resettlement_move", "office_ok", "cancelled", OFFICE, 0, "", "",
	    "" },
	{ "resettlement_move", "draft", "cancelled", OFFICE, 0, "", "", "" },
	{ "resettlement_move", "returned", "cancelled", OFFICE, 0, "", "",
	    "" },
	{ "resettlement_move", "approved", "asked", COUNTY, 0,
	    "asked_on=2026-03-05", "asked_on", "" },
	{ "resettlement_move", "asked", "agreed", COUNTY, 0, REPLIED,
	    "county_reply replied_on", "" },
	{ "resettlement_move", "asked", "refused", COUNTY, 0, REPLIED,
	    "county_reply replied_on", "" },
	{ "resettlement_move", "agreed", "moved", GONE, 0,
	    "moved_on=2026-03-05", "moved_on", "kind=3" },
	{ "resettlement_move", "agreed", "dual", GONE, 1,
	    "moved_on=2026-03-05", "moved_on", "kind=2" },
	{ "resettlement_move", "dual", "over", GONE, 1,
	    "ended_on=2026-03-05", "ended_on", "" },
	{ "resettlement_yearly", "draft", "confirmed", "chief", 0, "",
	    "conduct work economy family places contacts tendency opinion",
	    "year=2027" },
	{ "resettlement_risk", "draft", "done", OFFICE, 0, "",
	    "age home address proposed", "" },
	{ "resettlement_lost", "lost", "found", OFFICE, 0, "",
	    "found_on found_where search", "" },
	{ "resettlement_crime", "suspected", "confirmed", GONE, 0, "",
	    "confirmed_on measure", "" },
	{ "resettlement_crime", "suspected", "cleared", GONE, 0, "", "note",
	    "" },
	{ "prisoner_check", "listed", "verified", OFFICE, 0, "",
	    "verify_state checked_on checked_by", "verify_state=02" },
	{ "prisoner_check", "failed", "verified", OFFICE, 0, "",
	    "verify_state", "verify_state=03" },
	{ "prisoner_check", "listed", "failed", OFFICE, 1, "",
	    "verify_state verify_fail", "verify_state=01" },
	{ "prisoner_check", "verified", "returned", OFFICE, 0, "",
	    "returned_on receipt release_date", "" },
	{ "prisoner_check", "failed", "returned", OFFICE, 1, "",
	    "returned_on receipt verify_fail", "" },
	{ "placement_base", "active", "paused", BASES, 0, "", "", "" },
	{ "placement_base", "paused", "active", BASES, 0, "", "", "" },
	{ "placement_base", "active", "closed", BASES, 0, "", "", "" },
	{ "placement_base", "paused", "closed", BASES, 0, "", "", "" },
	{ "base_placement", "in", "left", OFFICE, 0, "", "to_on result", "" },
};

static const struct whole_variant children[] = {
	{ "resettlement_move", "kind=1|@state=moved" },
};

const struct whole_duty whole_resettlement = {
	.variants = variants, .variant_count = WHOLE_COUNT(variants),
	.registers = registers, .register_count = WHOLE_COUNT(registers),
	.moves = moves, .move_count = WHOLE_COUNT(moves),
	.children = children, .child_count = WHOLE_COUNT(children),
};
