/*
 * Every register of the builtin definitions, move by move: every pair of states
 * is tried with every role, and each step with something missing or against
 * it.  What is expected stands in the table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "kit/whole.h"

#define MAKERS "mediator clerk chief"
#define OFFICE "clerk chief"
#define COUNTY "county_correction"
#define GONE "chief county_correction"

/* Every step there is.  with: what lets it pass besides a whole record of the
 * variant; needs: fields it asks for; breaks: values that hold it up. */
static const struct {
	const char *reg, *from, *to, *may;
	size_t variant;
	const char *with, *needs, *breaks;
} moves[] = {
	{ "person", "draft", "verified", MAKERS " county_correction", 0, "",
	    "name sex birth id_no", "id_no=" },
	{ "person", "verified", "draft", "clerk chief county_correction", 0,
	    "", "", "" },
	{ "mediation_case", "draft", "open", MAKERS, 2, "",
	    "village summary people_count difficulty forecast mediator "
	    "committee referral_org referral_no referral_date",
	    "party_refuses=1" },
	{ "mediation_case", "draft", "refused", MAKERS, 2, "",
	    "refuse_reason", "" },
	{ "mediation_case", "open", "open", MAKERS, 2, "",
	    "due_date extend_reason extend_agreed", "extend_agreed=0" },
	{ "mediation_case", "open", "agreed", MAKERS, 2, "",
	    "result agr_form agr_date agr_effect solved_level agr_text",
	    "agr_effect=3" },
	{ "mediation_case", "open", "failed", MAKERS, 3, "",
	    "result fail_reason told_routes", "told_routes=0" },
	{ "mediation_case", "open", "referred", "chief", 3, "",
	    "refer_unit refer_on", "" },
	{ "mediation_case", "agreed", "performed", MAKERS, 2, "",
	    "perform_state perform_date", "perform_state=partly" },
	{ "mediation_case", "part_performed", "performed", MAKERS, 2, "",
	    "perform_state perform_date", "perform_state=none" },
	{ "mediation_case", "breached", "performed", MAKERS, 2, "",
	    "perform_state perform_date", "perform_state=breached" },
	{ "mediation_case", "agreed", "part_performed", MAKERS, 2,
	    "perform_state=partly", "perform_state perform_date",
	    "perform_state=fully" },
	{ "mediation_case", "agreed", "breached", MAKERS, 2,
	    "perform_state=breached", "perform_state", "perform_state=none" },
	{ "mediation_case", "part_performed", "breached", MAKERS, 2,
	    "perform_state=breached", "perform_state", "perform_state=partly" },
	{ "mediation_case", "performed", "archived", "chief", 2, "",
	    "case_no followup_on close_date retention file_check file_missing",
	    "" },
	{ "mediation_case", "breached", "archived", "chief", 2, "",
	    "followup_on", "" },
	{ "mediation_case", "failed", "archived", "chief", 3, "",
	    "case_no close_date retention file_check", "" },
	{ "mediation_case", "referred", "archived", "chief", 3, "",
	    "close_date", "" },
	{ "mediation_case", "archived", "open", "chief", 2, "",
	    "reopen_reason", "" },
	{ "mediation_case", "archived", "agreed", "chief", 2, "",
	    "reopen_reason", "agr_date=" },
	{ "correction_subject", "draft", "active",
	    "clerk chief county_correction", 6, "",
	    "level level_since term_from term_to village case_officer "
	    "decider effective_date offence sentence_kind received_on "
	    "reported_on exec_county exec_office injunction_text gps_to", "" },
	{ "correction_subject", "draft", "expected", COUNTY, 6, "",
	    "docs_received_on effective_date", "" },
	{ "correction_subject", "expected", "missed", COUNTY, 6, "", "",
	    "report_by=2026-11-22" },
	{ "correction_subject", "expected", "received", COUNTY, 6, "",
	    "reported_on report_state receive_way received_on", "" },
	{ "correction_subject", "missed", "received", COUNTY, 6, "",
	    "reported_on", "" },
	{ "correction_subject", "received", "assigned", COUNTY, 6, "",
	    "exec_office", "" },
	{ "correction_subject", "assigned", "active", "chief", 7, "",
	    "case_officer health_ground diagnosis hospital guarantor_id "
	    "next_recheck handover_kind handover_org", "" },
	{ "correction_subject", "assigned", "received", "chief", 6, "",
	    "return_reason", "" },
	{ "correction_subject", "active", "transferred", COUNTY, 6, "",
	    "moved_to moved_on", "" },
	{ "correction_subject", "active", "released", COUNTY, 6,
	    "end_kind=12", "end_kind end_on end_no performance",
	    "end_kind=21" },
	{ "correction_subject", "active", "terminated", COUNTY, 6, "",
	    "end_kind end_on end_decision_no prison_reason", "end_kind=11" },
	{ "correction_subject", "released", "archived",
	    "clerk chief county_correction", 6, "", "work_file_no", "" },
	{ "correction_subject", "terminated", "archived",
	    "clerk chief county_correction", 7, "", "work_file_no", "" },
	{ "correction_subject", "transferred", "archived",
	    "clerk chief county_correction", 6, "", "work_file_no", "" },
	{ "resettlement_subject", "draft", "linked", OFFICE, 17, "",
	    "class release_org prison_no offence sentence recidivist "
	    "early_release three_none risk_score village link_channel "
	    "link_way linked_on escort_on escort_by help_from help_to helper "
	    "whereabouts", "release_date=2026-11-23" },
	{ "resettlement_subject", "draft", "listed",
	    "clerk chief county_correction", 17, "", "", "" },
	{ "resettlement_subject", "draft", "unlinked",
	    "clerk chief county_correction", 17, "", "",
	    "release_date=2026-11-23" },
	{ "resettlement_subject", "listed", "verified", OFFICE, 18, "",
	    "verify_state", "verify_state=02" },
	{ "resettlement_subject", "verify_failed", "verified", OFFICE, 18, "",
	    "verify_state", "verify_state=03" },
	{ "resettlement_subject", "listed", "verify_failed", OFFICE, 17, "",
	    "verify_state verify_fail", "verify_state=01" },
	{ "resettlement_subject", "verified", "awaiting", OFFICE, 18, "",
	    "release_date", "" },
	{ "resettlement_subject", "verified", "unlinked",
	    "clerk chief county_correction", 18, "", "",
	    "release_date=2026-11-23" },
	{ "resettlement_subject", "awaiting", "unlinked",
	    "clerk chief county_correction", 18, "", "",
	    "release_date=2026-11-23" },
	{ "resettlement_subject", "unlinked", "linked", OFFICE, 17, "",
	    "link_channel link_way linked_on escort_on escort_by", "" },
	{ "resettlement_subject", "linked", "transferred", GONE, 18, "",
	    "moved_to moved_on", "" },
	{ "resettlement_subject", "transferred", "linked", GONE, 18, "", "",
	    "" },
	{ "resettlement_subject", "linked", "ended", "chief", 18, "",
	    "end_on end_reason end_summary", "" },
};

enum { MOVES = sizeof moves / sizeof *moves };

static void
make_mover(struct record *r, size_t row)
{
	const char *reg = moves[row].reg;

	assert_string_equal(whole_variants[moves[row].variant].reg, reg);
	whole_make(r, moves[row].variant);
	whole_put(r, moves[row].with);
	(void)record_set(r, "@state", moves[row].from);
}

static enum status
go(const struct record *r, const char *to, const char *role, struct err *err)
{
	*err = (struct err)ERR_INIT;
	return rule_move(whole_schema(),
	    schema_register_find(whole_schema(), r->reg), r, to, role,
	    WHOLE_TODAY, &whole_world, err);
}

static void
each_role_may_what_it_may(void **state)
{
	struct err err;

	(void)state;
	for (size_t i = 0; i < MOVES; i++) {
		struct record r;

		make_mover(&r, i);
		for (size_t k = 0; k < WHOLE_ROLES; k++) {
			enum status s = go(&r, moves[i].to, whole_roles[k], &err);
			bool may = whole_has_word(moves[i].may, whole_roles[k]);

			if (s != (may ? E_OK : E_AUTH) ||
			    (!may && !strchr(err.msg, ' ')))
				fail_msg("%s, %s to %s by %s: %d %s", r.reg,
				    r.state, moves[i].to, whole_roles[k], (int)s,
				    err.msg);
		}
		record_release(&r);
	}
}

static bool
is_listed(const char *reg, const char *from, const char *to)
{
	for (size_t i = 0; i < MOVES; i++)
		if (strcmp(moves[i].reg, reg) == 0 &&
		    strcmp(moves[i].from, from) == 0 &&
		    strcmp(moves[i].to, to) == 0)
			return true;
	return false;
}

/* Whoever tries: from each state only the listed ones are reached. */
static void
no_other_way_leads_on(void **state)
{
	size_t refused = 0;

	(void)state;
	for (size_t v = 0; v < WHOLE_VARIANTS; v++) {
		const struct schema_register *reg = schema_register_find(
		    whole_schema(), whole_variants[v].reg);
		struct record r;
		struct err err;

		whole_make(&r, v);
		for (size_t a = 0; a < reg->state_count; a++)
			for (size_t b = 0; b < reg->state_count; b++) {
				const char *to = reg->states[b].name;

				(void)record_set(&r, "@state",
				    reg->states[a].name);
				if (is_listed(reg->name, r.state, to))
					continue;
				for (size_t k = 0; k < WHOLE_ROLES; k++)
					if (go(&r, to, whole_roles[k], &err) !=
					    E_INVALID || !strstr(err.msg,
					    "present state"))
						fail_msg("%s, %s to %s",
						    reg->name, r.state, to);
				refused++;
			}
		record_release(&r);
	}
	assert_true(refused > 300);
}

/* What the law and the handbooks forbid by name. */
static void
forbidden_steps_are_refused(void **state)
{
	static const struct {
		const char *reg, *from, *to;
	} forbidden[] = {
		{ "mediation_case", "draft", "agreed" },
		{ "mediation_case", "draft", "archived" },
		{ "mediation_case", "refused", "open" },
		{ "mediation_case", "open", "archived" },
		{ "mediation_case", "failed", "agreed" },
		{ "mediation_case", "agreed", "archived" },
		{ "mediation_case", "part_performed", "archived" },
		{ "mediation_case", "archived", "draft" },
		{ "correction_subject", "expected", "active" },
		{ "correction_subject", "missed", "active" },
		{ "correction_subject", "received", "active" },
		{ "correction_subject", "assigned", "released" },
		{ "correction_subject", "released", "active" },
		{ "correction_subject", "released", "missed" },
		{ "correction_subject", "released", "transferred" },
		{ "correction_subject", "terminated", "released" },
		{ "correction_subject", "transferred", "active" },
		{ "correction_subject", "archived", "active" },
		{ "resettlement_subject", "listed", "linked" },
		{ "resettlement_subject", "awaiting", "linked" },
		{ "resettlement_subject", "unlinked", "ended" },
		{ "resettlement_subject", "ended", "linked" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
		const struct schema_register *reg = schema_register_find(
		    whole_schema(), forbidden[i].reg);

		assert_non_null(schema_state_find(reg, forbidden[i].from));
		assert_non_null(schema_state_find(reg, forbidden[i].to));
		assert_null(schema_move_find(reg, forbidden[i].from,
		    forbidden[i].to));
	}
}

static void
try_without(size_t row, const char *name)
{
	struct record r;
	const struct schema_field *f;
	char role[32] = "";
	struct err err;

	make_mover(&r, row);
	f = schema_field_find(schema_register_find(whole_schema(), r.reg), name);
	assert_non_null(f);
	memcpy(role, moves[row].may, strcspn(moves[row].may, " "));
	values_set(&r.values, name, NULL);
	if (go(&r, moves[row].to, role, &err) != E_INVALID ||
	    !strstr(err.msg, label_text(&f->label)))
		fail_msg("%s, %s to %s without %s: %s", r.reg, r.state,
		    moves[row].to, name, err.msg);
	record_release(&r);
}

static void
steps_ask_for_what_they_need(void **state)
{
	(void)state;
	for (size_t i = 0; i < MOVES; i++) {
		const char *at = moves[i].needs;

		while (*at) {
			size_t len = strcspn(at, " ");
			char *name = mem_strndup(at, len);

			try_without(i, name);
			free(name);
			at += len + (at[len] ? 1 : 0);
		}
	}
}

/* Guards and values that contradict; their sentence in both languages. */
static void
steps_are_held_up(void **state)
{
	char role[32];
	struct err err;

	(void)state;
	for (size_t i = 0; i < MOVES; i++) {
		struct record r;

		if (moves[i].breaks[0] == '\0')
			continue;
		make_mover(&r, i);
		whole_put(&r, moves[i].breaks);
		memset(role, 0, sizeof role);
		memcpy(role, moves[i].may, strcspn(moves[i].may, " "));
		if (go(&r, moves[i].to, role, &err) != E_INVALID ||
		    !strchr(err.msg, ' '))
			fail_msg("%s, %s to %s with %s: %s", r.reg, r.state,
			    moves[i].to, moves[i].breaks, err.msg);
		tr_set(TR_ZH);
		assert_int_equal(go(&r, moves[i].to, role, &err), E_INVALID);
		assert_true((unsigned char)err.msg[0] >= 0x80);
		tr_set(TR_EN);
		record_release(&r);
	}
}

static void
children_are_asked_for(void **state)
{
	static const struct {
		const char *from, *to;
		size_t left;	/* children that are there */
		const char *words;
	} rows[] = {
		{ "draft", "open", 0, "applicant" },
		{ "draft", "open", 1, "respondent" },
		{ "open", "agreed", 2, "session" },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record r;

		whole_make(&r, 2);
		(void)record_set(&r, "@state", rows[i].from);
		whole_set_children(rows[i].left);
		assert_int_equal(go(&r, rows[i].to, "clerk", &err),
		    E_INVALID);
		assert_non_null(strstr(err.msg, rows[i].words));
		whole_set_children(3);
		assert_int_equal(go(&r, rows[i].to, "clerk", &err), E_OK);
		record_release(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_role_may_what_it_may),
		cmocka_unit_test(no_other_way_leads_on),
		cmocka_unit_test(forbidden_steps_are_refused),
		cmocka_unit_test(steps_ask_for_what_they_need),
		cmocka_unit_test(steps_are_held_up),
		cmocka_unit_test(children_are_asked_for),
	};

	return cmocka_run_group_tests(tests, whole_load, whole_unload);
}
