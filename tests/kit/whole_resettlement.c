/*
 * Whole records and what is expected of their registers: resettlement
 * (kit/whole.h).
 */
#include "kit/whole.h"

#define OFFICE "clerk chief"
#define GONE "chief county_correction"

static const struct whole_variant variants[] = {
	{ "resettlement_subject", "kind=01|class=01|link_way=k01|"
	    "verify_state=03|three_none=1|escort_none=|whereabouts=home" },
	{ "resettlement_subject", "kind=03|class=02|link_way=g01|"
	    "link_channel=02|verify_state=01|three_none=0|whereabouts=away" },
	/* a key person whom nobody fetched, with the reason */
	{ "resettlement_subject", "kind=01|class=01|link_way=k01|"
	    "escort_on=|escort_by=" },
};

static const struct whole_register registers[] = {
	{ "resettlement_subject", "person_id kind release_date",
	    "clerk chief county_correction county_leader city auditor",
	    "clerk chief county_correction" },
};

static const struct whole_move moves[] = {
	{ "resettlement_subject", "draft", "linked", OFFICE, 0, "",
	    "class release_org prison_no offence sentence recidivist "
	    "early_release three_none risk_score village link_channel "
	    "link_way linked_on escort_on escort_by help_from help_to helper "
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
	    "link_channel link_way linked_on escort_on escort_by", "" },
	{ "resettlement_subject", "linked", "transferred", GONE, 1, "",
	    "moved_to moved_on", "" },
	{ "resettlement_subject", "transferred", "linked", GONE, 1, "", "",
	    "" },
	{ "resettlement_subject", "linked", "ended", "chief", 1, "",
	    "end_on end_reason end_summary", "" },
};

const struct whole_duty whole_resettlement =
	WHOLE_DUTY(variants, registers, moves);
