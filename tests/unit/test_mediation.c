/*
 * What mediation adds to an office: a lead becomes a case, a follow-up tells
 * the case, and the rules of those who mediate and of what they get for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "client/carry.h"
#include "client/cli_open.h"
#include "client/newrec.h"
#include "core/rule.h"
#include "kit/files.h"
#include "kit/playoffice.h"
#include "store/overview.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000

static struct cli cli;
static char home[64];

static int
set_up(void **state)
{
	(void)state;
	clock_fix(NOW_AT);
	tr_set(TR_EN);
	(void)snprintf(home, sizeof home, "/tmp/fengqiao-med-XXXXXX");
	if (!mkdtemp(home))
		return 1;
	playoffice_make(&cli, home);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	cli_release(&cli);
	cli = (struct cli){0};
	files_remove(home);
	return 0;
}

/* ---- records ---- */

/* "field=value|field=value" over what a new record begins with; "=ID" stands
 * for the id handed in. */
static void
fill(struct record *r, const char *reg, const char *text,
    const struct uuid *id)
{
	char ref[UUID_TEXT_MAX] = "";

	if (id)
		uuid_print(ref, id);
	newrec_init(r, cli.store, schema_register_find(cli.schema, reg));
	while (*text) {
		char name[RECORD_NAME_MAX] = "", value[400] = "";
		size_t len = strcspn(text, "|");
		size_t sign = strcspn(text, "=");

		assert_true(sign < len && len - sign < sizeof value);
		memcpy(name, text, sign);
		memcpy(value, text + sign + 1, len - sign - 1);
		assert_true(record_set(r, name,
		    strcmp(value, "ID") == 0 ? ref : value));
		text += len + (text[len] ? 1 : 0);
	}
}

static enum status
add(struct uuid *out, const char *reg, const char *text,
    const struct uuid *id, char warning[ERR_MSG_MAX])
{
	struct record r = {0};
	struct save save = { .record = &r };
	struct err err = ERR_INIT;
	enum status s;

	fill(&r, reg, text, id);
	s = carry_save(cli.store, &save, &err);
	*out = r.id;
	if (warning)
		snprintf(warning, ERR_MSG_MAX, "%s", s ? err.msg :
		    save.faults.count ? save.faults.items[0].msg : "");
	else if (s)
		fail_msg("%s: %s", reg, err.msg);
	faults_release(&save.faults);
	record_release(&r);
	return s;
}

static struct uuid
put(const char *reg, const char *text, const struct uuid *id)
{
	struct uuid out;

	(void)add(&out, reg, text, id, NULL);
	return out;
}

static void
change(const struct uuid *id, const char *field, const char *value)
{
	struct record r = {0}, seen = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct err err = ERR_INIT;

	assert_int_equal(store_get(&seen, cli.store, id, &err), E_OK);
	record_copy(&r, &seen);
	values_set(&r.values, field, value);
	if (carry_save(cli.store, &save, &err))
		fail_msg("%s: %s", field, err.msg);
	faults_release(&save.faults);
	record_release(&r);
	record_release(&seen);
}

static void
holds(const struct uuid *id, const char *field, const char *value)
{
	struct record r = {0};
	struct err err = ERR_INIT;

	assert_int_equal(store_get(&r, cli.store, id, &err), E_OK);
	assert_string_equal(record_get(&r, field), value);
	record_release(&r);
}

static void
names(const struct uuid *id, const char *field, const struct uuid *other)
{
	char text[UUID_TEXT_MAX];

	uuid_print(text, other);
	holds(id, field, text);
}

/* ---- a lead becomes a case ---- */

#define LEAD "village=新桥村|source=3|dispute_type=ll|summary=两家为滴水争吵"
#define CASE "accept_date=2026-03-02|dispute_type=ll|lead_id=ID"

static void
a_lead_becomes_a_case(void **state)
{
	struct uuid lead = put("dispute_lead", LEAD "|risk=2|owner=王干部",
	    NULL);
	struct uuid made = put("mediation_case", CASE, &lead);

	(void)state;
	names(&made, "lead_id", &lead);
	names(&lead, "case_id", &made);
	holds(&lead, "@state", "handling");
	holds(&lead, "handle_by", "李所长");
	holds(&lead, "handle_on", "2026-03-02");
	holds(&lead, "received_by", "李所长");
	holds(&lead, "received_on", "2026-03-02");
}

/* What the step asks for is not there yet: linked, and the lead waits. */
static void
a_lead_that_cannot_go_on_is_linked(void **state)
{
	struct uuid lead = put("dispute_lead", LEAD, NULL);
	struct uuid made;
	char warning[ERR_MSG_MAX];

	(void)state;
	assert_int_equal(add(&made, "mediation_case", CASE, &lead, warning),
	    E_OK);
	assert_string_equal(warning, "");
	names(&lead, "case_id", &made);
	holds(&lead, "@state", "received");
	/* a second case does not take its place */
	(void)put("mediation_case", CASE, &lead);
	names(&lead, "case_id", &made);
}

static void
a_refused_case_leaves_the_lead(void **state)
{
	struct uuid lead = put("dispute_lead", LEAD "|risk=2|owner=王干部",
	    NULL);
	struct uuid made;
	char why[ERR_MSG_MAX];

	(void)state;
	assert_int_equal(add(&made, "mediation_case",
	    "accept_date=2026-03-02|lead_id=ID", &lead, why), E_INVALID);
	assert_non_null(strstr(why, "Type of dispute"));
	holds(&lead, "case_id", "");
	holds(&lead, "@state", "received");
}

/* ---- a follow-up tells the case ---- */

#define AGREED "accept_date=2026-01-05|dispute_type=ll|result=1|agr_form=1|" \
	"agr_date=2026-01-10|agr_effect=2|@state=agreed"

static void
a_followup_tells_the_case(void **state)
{
	struct uuid held = put("mediation_case", AGREED, NULL);

	(void)state;
	(void)put("mediation_followup", "case_id=ID|party=赵六|"
	    "visited_on=2026-02-20|perform_state=partly|satisfied=1", &held);
	holds(&held, "followup_on", "2026-02-20");
	holds(&held, "perform_state", "partly");
	holds(&held, "satisfied", "1");
	/* an older one entered later: the last day stays */
	(void)put("mediation_followup", "case_id=ID|party=钱七|"
	    "visited_on=2026-02-01", &held);
	holds(&held, "followup_on", "2026-02-20");
	holds(&held, "perform_state", "partly");
}

static void
an_application_tells_the_case_again(void **state)
{
	struct uuid held = put("mediation_case", AGREED, NULL);
	struct uuid asked = put("mediation_confirm", "case_id=ID|"
	    "applied_on=2026-01-20|court=枫桥县人民法院", &held);

	(void)state;
	holds(&held, "confirm_applied_on", "2026-01-20");
	holds(&held, "confirm_result", "");
	change(&asked, "result", "1");
	holds(&held, "confirm_result", "1");
	/* what is not told leaves the case as somebody else has it */
	change(&held, "confirm_court", "邻县人民法院");
	change(&asked, "note", "双方到场");
	holds(&held, "confirm_court", "邻县人民法院");
}

/* What cannot go over is said and does not stop the save. */
static void
what_cannot_be_told_is_a_warning(void **state)
{
	struct uuid held = put("mediation_case",
	    "accept_date=2026-01-05|dispute_type=ll|result=1|agr_form=1|"
	    "agr_date=2026-01-10|agr_effect=2|amount_agreed=1000", NULL);
	struct uuid made;
	char warning[ERR_MSG_MAX];

	(void)state;
	assert_int_equal(add(&made, "mediation_followup", "case_id=ID|"
	    "party=赵六|visited_on=2026-03-01|perform_date=2026-01-02|"
	    "perform_state=fully", &held, warning), E_OK);
	assert_non_null(strstr(warning, "carried over"));
	holds(&held, "followup_on", "");
	holds(&made, "party", "赵六");
}

/* A round names its village, a case its committee. */
static void
who_is_called_so_is_told(void **state)
{
	struct uuid village = put("village",
	    "name=新桥村|code=990101001001|kind=1", NULL);
	struct uuid other = put("village",
	    "name=白鹭村|code=990101001002|kind=1", NULL);
	struct uuid committee = put("committee", "name=新桥村调委会|kind=01",
	    NULL);

	(void)state;
	(void)put("screening_round", "village=新桥村|found=0|"
	    "round_on=2026-03-01", NULL);
	(void)put("screening_round", "village=新桥村|found=0|"
	    "round_on=2026-02-15", NULL);
	(void)put("screening_round", "village=外村|found=0", NULL);
	holds(&village, "last_round_on", "2026-03-01");
	holds(&village, "round_due_on", "2026-03-17");
	holds(&other, "last_round_on", "");
	(void)put("mediation_case", "accept_date=2026-02-20|dispute_type=ll|"
	    "committee=新桥村调委会", NULL);
	holds(&committee, "last_case_on", "");
	(void)put("mediation_case", "accept_date=2026-02-20|dispute_type=ll|"
	    "committee=新桥村调委会|@state=open", NULL);
	holds(&committee, "last_case_on", "2026-02-20");
}

/* ---- the rules ---- */

static void
complains(const char *reg, const char *values, const struct uuid *id,
    enum rule_mode mode, const char *words)
{
	struct record r = {0};
	struct faults faults = {0};
	bool found = false, any = false;

	fill(&r, reg, values, id);
	rule_check(&faults, cli.schema, schema_register_find(cli.schema, reg),
	    &r, mode, clock_today(), store_world(cli.store));
	for (size_t i = 0; i < faults.count; i++) {
		any = true;
		found = found || (words && strstr(faults.items[i].msg, words));
	}
	if (words ? !found : any)
		fail_msg("%s %s: %s", reg, values, any ?
		    faults.items[0].msg : "nothing");
	faults_release(&faults);
	record_release(&r);
}

static void
committees_are_as_the_law_says(void **state)
{
#define COMMITTEE "name=新桥村调委会|kind=01|term_from=2025-01-01"
	static const struct {
		const char *values, *words;
	} rows[] = {
		{ COMMITTEE "|term_to=2027-12-31|members=3|women=1", NULL },
		{ COMMITTEE "|term_to=2027-12-31|members=9|women=2", NULL },
		{ COMMITTEE "|term_to=2028-01-01|members=3|women=1", NULL },
		{ COMMITTEE "|term_to=2028-01-02|members=3|women=1",
		    "three years" },
		{ COMMITTEE "|members=2|women=1", "three to nine" },
		{ COMMITTEE "|members=10|women=1", "three to nine" },
		{ COMMITTEE "|members=5|women=0", "must be a woman" },
		{ COMMITTEE "|members=3|women=4", "more women" },
		{ COMMITTEE "|term_to=2026-03-01|members=3|women=1|"
		    "@state=active", "term has ended" },
		{ COMMITTEE "|term_to=2026-03-02|members=3|women=1|"
		    "@state=active", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		complains("committee", rows[i].values, NULL, RULE_SAVE,
		    rows[i].words);
}

static struct uuid
add_mediator(const char *name, const char *birth, struct uuid *committee)
{
	char text[300], who[UUID_TEXT_MAX];
	struct uuid person, out;

	snprintf(text, sizeof text, "kind=01|name=%s|birth=%s", name, birth);
	person = put("person", text, NULL);
	*committee = put("committee", "name=新桥村调委会|kind=01", NULL);
	uuid_print(who, &person);
	snprintf(text, sizeof text, "person_id=%s|committee_id=ID|position=02|"
	    "work_time=02|appointed_from=2025-01-01|appointed_to=2026-01-31",
	    who);
	out = put("mediator", text, committee);
	return out;
}

static void
appointments_cover_the_day(void **state)
{
#define SESSION "case_id=ID|outcome=3|mediators="
	static const struct {
		const char *values, *words;
	} rows[] = {
		{ SESSION "周调解|held_at=2026-01-31T09:00", NULL },
		{ SESSION "周调解|held_at=2026-02-01T09:00", "does not cover" },
		{ SESSION "周调解|held_at=2024-12-31T09:00", "does not cover" },
		{ SESSION "外来人|held_at=2026-02-01T09:00", NULL },
		{ SESSION "外来人、周调解|held_at=2026-02-01T09:00",
		    "does not cover" },
	};
	struct uuid committee, held = put("mediation_case",
	    "accept_date=2024-12-01|dispute_type=ll", NULL);

	(void)state;
	(void)add_mediator("周调解", "1980-01-01", &committee);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		complains("mediation_session", rows[i].values, &held, RULE_SAVE,
		    rows[i].words);
	complains("mediation_case", "accept_date=2026-02-01|dispute_type=ll|"
	    "mediator=周调解", NULL, RULE_SAVE, "does not cover");
	complains("mediation_case", "accept_date=2026-01-01|dispute_type=ll|"
	    "mediator=周调解", NULL, RULE_SAVE, NULL);
}

static void
mediators_are_adults_and_serve_once(void **state)
{
	struct uuid committee, young;
	char text[300], who[UUID_TEXT_MAX], where[UUID_TEXT_MAX];
	struct record m = {0};
	struct err err = ERR_INIT;
	struct uuid one = add_mediator("周调解", "1980-01-01", &committee);

	(void)state;
	young = put("person", "kind=01|name=小周|birth=2008-03-03", NULL);
	uuid_print(who, &young);
	uuid_print(where, &committee);
	snprintf(text, sizeof text, "person_id=%s|committee_id=ID|position=01|"
	    "work_time=02|appointed_from=2026-03-02|appointed_to=2027-01-01",
	    who);
	complains("mediator", text, &committee, RULE_SAVE, "is an adult");
	snprintf(text, sizeof text, "person_id=%s|committee_id=ID|position=01|"
	    "work_time=02|appointed_from=2026-03-03|appointed_to=2027-01-01",
	    who);
	complains("mediator", text, &committee, RULE_SAVE, NULL);
	assert_int_equal(store_get(&m, cli.store, &one, &err), E_OK);
	snprintf(text, sizeof text, "person_id=%s|committee_id=ID|position=01|"
	    "work_time=02|appointed_from=2026-03-03|appointed_to=2027-01-01",
	    values_get(&m.values, "person_id"));
	complains("mediator", text, &committee, RULE_SAVE, "serves in");
	record_release(&m);
}

static void
allowances_fit_their_case(void **state)
{
#define ALLOWANCE "case_id=ID|period=2026-Q1|mediators=孙调解|" \
	"file_check=1|file_checker=李所长|"
	static const struct {
		const char *of_case, *values, *words;
	} rows[] = {
		{ AGREED "|perform_state=fully", "grade=2|amount=10000", NULL },
		{ AGREED "|perform_state=partly", "grade=2|amount=10000",
		    "not performed" },
		{ AGREED "|perform_state=fully", "grade=5|amount=10000",
		    "was a success" },
		{ AGREED "|perform_state=fully", "grade=2|amount=40001",
		    "at most 400" },
		{ "accept_date=2026-01-05|dispute_type=ll", "grade=2|amount=1",
		    "no result" },
		{ "accept_date=2026-01-05|dispute_type=ll|result=2|"
		    "difficulty=3", "grade=5|amount=10000", NULL },
		{ "accept_date=2026-01-05|dispute_type=ll|result=2|"
		    "difficulty=2", "grade=5|amount=10000",
		    "Without success" },
		{ "accept_date=2026-01-05|dispute_type=ll|result=2|"
		    "difficulty=3", "grade=2|amount=10000",
		    "Without success" },
		{ AGREED "|perform_state=fully",
		    "grade=2|amount=10000|file_check=2", "gets nothing" },
		{ AGREED "|perform_state=fully",
		    "grade=2|amount=0|file_check=2", NULL },
		{ AGREED "|perform_state=fully",
		    "grade=2|amount=1|mediators=孙调解、周调解",
		    "Nobody's share" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct uuid held = put("mediation_case", rows[i].of_case,
		    NULL);
		char values[400];

		snprintf(values, sizeof values, ALLOWANCE "%s",
		    rows[i].values);
		complains("allowance", values, &held, RULE_SUBMIT,
		    rows[i].words);
	}
}

static void
one_case_has_one_allowance(void **state)
{
	struct uuid held = put("mediation_case", AGREED
	    "|perform_state=fully", NULL);
	struct uuid first = put("allowance", "case_id=ID|period=2026-01",
	    &held);

	(void)state;
	names(&held, "allowance_id", &first);
	complains("allowance", "case_id=ID|period=2026-02", &held, RULE_SAVE,
	    "one case, one allowance");
	complains("allowance", "case_id=ID|period=2026-02|kind=02", &held,
	    RULE_SAVE, NULL);
}

static void
shares_are_100_together(void **state)
{
	struct uuid committee, held = put("mediation_case", AGREED
	    "|perform_state=fully", NULL);
	struct uuid a = put("allowance", "case_id=ID|period=2026-01|grade=2|"
	    "amount=10000|file_check=1|mediators=孙调解、周调解", &held);
	struct uuid who = add_mediator("周调解", "1980-01-01", &committee);
	static const int shares[] = { 60, 30, 10 };
	char text[200], ref[UUID_TEXT_MAX];
	int sum = 0;

	(void)state;
	uuid_print(ref, &who);
	for (size_t i = 0; i < 3; i++) {
		struct record r = {0};
		struct faults faults = {0};
		struct err err = ERR_INIT;
		const struct fault *f;

		snprintf(text, sizeof text, "allowance_id=ID|mediator_id=%s|"
		    "share=%d", ref, shares[i]);
		(void)put("allowance_payee", text, &a);
		sum += shares[i];
		assert_int_equal(store_get(&r, cli.store, &a, &err), E_OK);
		rule_check(&faults, cli.schema, schema_register_find(
		    cli.schema, "allowance"), &r, RULE_SUBMIT, clock_today(),
		    store_world(cli.store));
		f = faults_at(&faults, "mediators");
		assert_int_equal(f != NULL, sum != 100);
		faults_release(&faults);
		record_release(&r);
	}
	complains("allowance_payee", "allowance_id=ID|share=101", &a,
	    RULE_SAVE, "at most 100");
}

static void
periods_and_years(void **state)
{
	static const struct {
		const char *period;
		bool good;
	} rows[] = {
		{ "2026-01", true }, { "2026-12", true }, { "2026-Q1", true },
		{ "2026-Q4", true }, { "2026-00", false }, { "2026-13", false },
		{ "2026-Q5", false }, { "2026-Q0", false }, { "2026", false },
		{ "26-Q1", false }, { "2026Q1", false }, { "0026-01", false },
	};
	struct uuid held = put("mediation_case",
	    "accept_date=2026-01-05|dispute_type=ll", NULL);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char values[100];

		snprintf(values, sizeof values, "case_id=ID|period=%s",
		    rows[i].period);
		complains("allowance", values, &held, RULE_SAVE,
		    rows[i].good ? NULL : "A period is");
	}
	complains("mediation_fund", "year=2026|kind=01|amount=1", NULL,
	    RULE_SAVE, NULL);
	complains("mediation_fund", "year=26年度|kind=01|amount=1", NULL,
	    RULE_SAVE, "four digits");
}

static void
a_round_has_its_leads(void **state)
{
	struct uuid round = put("screening_round", "village=新桥村|found=1",
	    NULL);
	struct uuid zero = put("screening_round", "village=白鹭村|found=0",
	    NULL);
	struct record r = {0};
	struct err err = ERR_INIT;

	(void)state;
	for (int entered = 0; entered < 2; entered++) {
		struct faults faults = {0};

		assert_int_equal(store_get(&r, cli.store, &round, &err), E_OK);
		rule_check(&faults, cli.schema, schema_register_find(
		    cli.schema, "screening_round"), &r, RULE_SUBMIT,
		    clock_today(), store_world(cli.store));
		assert_int_equal(faults.count, entered ? 0 : 1);
		assert_false(faults_stop(&faults));
		faults_release(&faults);
		record_release(&r);
		if (!entered)
			(void)put("dispute_lead", LEAD "|round_id=ID", &round);
	}
	holds(&zero, "found", "0");
}

static void
followups_come_after_the_agreement(void **state)
{
	struct uuid held = put("mediation_case", AGREED, NULL);

	(void)state;
	complains("mediation_followup", "case_id=ID|party=赵六|"
	    "visited_on=2026-01-09", &held, RULE_SAVE, "not before");
	complains("mediation_followup", "case_id=ID|party=赵六|"
	    "visited_on=2026-01-10", &held, RULE_SAVE, NULL);
	complains("mediation_confirm", "case_id=ID|court=某法院|"
	    "applied_on=2026-02-10", &held, RULE_SAVE, "within 30 days");
	complains("mediation_confirm", "case_id=ID|court=某法院|"
	    "applied_on=2026-02-09", &held, RULE_SAVE, NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_lead_becomes_a_case),
		TEST(a_lead_that_cannot_go_on_is_linked),
		TEST(a_refused_case_leaves_the_lead),
		TEST(a_followup_tells_the_case),
		TEST(an_application_tells_the_case_again),
		TEST(what_cannot_be_told_is_a_warning),
		TEST(who_is_called_so_is_told),
		TEST(committees_are_as_the_law_says),
		TEST(appointments_cover_the_day),
		TEST(mediators_are_adults_and_serve_once),
		TEST(allowances_fit_their_case),
		TEST(one_case_has_one_allowance),
		TEST(shares_are_100_together),
		TEST(periods_and_years),
		TEST(a_round_has_its_leads),
		TEST(followups_come_after_the_agreement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
