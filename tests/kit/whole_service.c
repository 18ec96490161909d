/*
 * Whole records and what is expected of their registers: the front desk and
 * legal services (kit/whole.h).
 */
#include "kit/whole.h"

#define OFFICE "clerk chief"
#define CENTRE "county_legal_aid"
#define READERS "clerk chief county_base county_legal_aid county_leader auditor"

static const struct whole_variant variants[] = {
	{ "legal_aid_review", "no_check=|economy=3|review=1|missing=4|urgent=1|"
	    "limitation_on=2027-03-05" },
	/* no economic check, and pointed elsewhere */
	{ "legal_aid_review", "no_check=4|economy=|review=3|missing=4|"
	    "limitation_on=2027-03-05" },
	{ "consultation", "heads=6|group_visit=1|age=40|handling=1" },
	{ "reception", "matter=2" },
};

static const struct whole_register registers[] = {
	{ "legal_aid_review", "person_id received_on source matter cause",
	    "clerk chief county_legal_aid county_leader auditor",
	    "clerk chief county_legal_aid" },
	{ "consultation", "content matter asked_at way adviser", READERS,
	    OFFICE },
	{ "reception", "name matter came_at received_by",
	    "clerk chief county_correction county_leader auditor", OFFICE },
};

static const struct whole_move moves[] = {
	{ "legal_aid_review", "draft", "received", OFFICE, 0, "",
	    "identity facts stage aid_form agent_tie economy proof_exempt papers",
	    "received_on=2026-11-23" },
	{ "legal_aid_review", "draft", "incomplete", OFFICE, 0,
	    "supplied_on=", "missing told_on", "supplied_on=2026-03-05" },
	{ "legal_aid_review", "received", "incomplete", OFFICE, 0,
	    "supplied_on=", "missing told_on", "supplied_on=2026-03-05" },
	{ "legal_aid_review", "incomplete", "received", OFFICE, 0, "",
	    "supplied_on papers", "" },
	{ "legal_aid_review", "received", "forwarded", OFFICE, 0, "",
	    "review review_note reviewed_by reviewed_on forwarded_on facts",
	    "review=2" },
	{ "legal_aid_review", "draft", "forwarded", OFFICE, 0, "",
	    "urgent review reviewed_by reviewed_on forwarded_on", "review=3" },
	{ "legal_aid_review", "incomplete", "forwarded", OFFICE, 0, "",
	    "urgent review reviewed_by reviewed_on forwarded_on", "review=2" },
	{ "legal_aid_review", "draft", "advised", OFFICE, 1, "",
	    "review review_note other_channel reviewed_by reviewed_on",
	    "review=1" },
	{ "legal_aid_review", "received", "advised", OFFICE, 1, "",
	    "review review_note other_channel", "review=1" },
	{ "legal_aid_review", "incomplete", "advised", OFFICE, 1, "",
	    "review review_note other_channel", "review=1" },
	{ "legal_aid_review", "forwarded", "granted", CENTRE, 0, "",
	    "centre_on", "" },
	{ "legal_aid_review", "denied", "granted", CENTRE, 0, "", "centre_on",
	    "" },
	{ "legal_aid_review", "forwarded", "denied", CENTRE, 0, "",
	    "centre_on centre_note", "" },
	{ "legal_aid_review", "forwarded", "received", CENTRE, 0, "",
	    "centre_note", "" },
	{ "legal_aid_review", "granted", "appointed", CENTRE, 0, "",
	    "lawyer firm appointed_on", "" },
	{ "legal_aid_review", "appointed", "closed", CENTRE, 0, "",
	    "closed_on close_note", "" },
	{ "consultation", "open", "answered", OFFICE, 0, "",
	    "content matter adviser answer handling", "" },
	{ "consultation", "answered", "closed", OFFICE, 0, "", "handling", "" },
	{ "reception", "open", "handled", OFFICE, 0, "", "", "" },
};

const struct whole_duty whole_service =
	WHOLE_DUTY(variants, registers, moves);
