/*
 * The rules of resettlement and of the front desk, with the definitions the
 * programs are built with.  A record is written "field=value|field=value".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/schema_make.h"
#include "kit/whole.h"

#define SUBJECT "019abcde-0000-7000-8000-000000000001"
#define OTHER "019abcde-0000-7000-8000-000000000002"

/* What stands around the record that is asked about. */
static struct {
	struct record subject;		/* behind every ref */
	struct record child;		/* the only one, of any parent */
	struct record found;		/* by its values */
	bool has_child, has_found;
} around;

static const struct record *
get(void *self, const struct uuid *id)
{
	(void)self;
	(void)id;
	return &around.subject;
}

static const struct record *
child(void *self, const struct uuid *parent, const char *reg, size_t i)
{
	(void)self;
	(void)parent;
	return around.has_child && i == 0 &&
	    strcmp(around.child.reg, reg) == 0 ? &around.child : NULL;
}

static const struct record *
find(void *self, const struct rule_find *what, size_t i)
{
	(void)self;
	return around.has_found && i == 0 &&
	    strcmp(around.found.reg, what->reg) == 0 ? &around.found : NULL;
}

static const struct rule_world world = { .get = get, .child = child,
	.find = find };

static void
fill(struct record *r, const char *reg, const char *values)
{
	*r = (struct record){0};
	memcpy(r->reg, reg, strlen(reg) + 1);
	whole_put(r, values);
}

/* The words of a complaint at the field, 's' or 'w' before them; "" none. */
static const char *
said(char out[ERR_MSG_MAX + 2], const struct record *r, enum rule_mode mode,
    const struct rule_world *w, const char *field)
{
	struct faults faults = {0};
	const struct fault *f;

	rule_check(&faults, whole_schema(),
	    schema_register_find(whole_schema(), r->reg), r, mode, WHOLE_TODAY,
	    w);
	f = faults_at(&faults, field);
	out[0] = '\0';
	if (f) {
		out[0] = f->stop ? 's' : 'w';
		memcpy(out + 1, f->msg, strlen(f->msg) + 1);
	}
	faults_release(&faults);
	return out;
}

static const struct {
	const char *reg, *values;
	enum rule_mode mode;
	const char *subject;		/* behind the ref */
	const char *child_reg, *child;	/* or NULL: none */
	const char *found;		/* a prisoner_check, or NULL */
	const char *field, *words;	/* "" no complaint */
} rows[] = {
	/* events before the release and after a death */
	{ "resettlement_visit", "subject_id=" SUBJECT "|held_on=2026-03-04",
	    RULE_SAVE, "release_date=2026-03-05", NULL, NULL, NULL, "held_on",
	    "wbefore the release" },
	{ "resettlement_visit", "subject_id=" SUBJECT "|held_on=2026-03-05",
	    RULE_SAVE, "release_date=2026-03-05", NULL, NULL, NULL, "held_on",
	    "" },
	{ "resettlement_escort", "subject_id=" SUBJECT
	    "|fetched_on=2026-03-04", RULE_SAVE, "release_date=2026-03-05",
	    NULL, NULL, NULL, "fetched_on", "sbefore the release" },
	{ "resettlement_visit", "subject_id=" SUBJECT "|held_on=2026-05-02",
	    RULE_SAVE, "release_date=2026-03-05|died_on=2026-05-01", NULL,
	    NULL, NULL, "held_on", "sdied before" },
	{ "resettlement_aid", "subject_id=" SUBJECT "|given_on=2026-05-02",
	    RULE_SAVE, "died_on=2026-05-01", NULL, NULL, NULL, "given_on",
	    "sdied before" },
	{ "resettlement_aid", "subject_id=" SUBJECT "|given_on=2026-05-01",
	    RULE_SAVE, "died_on=2026-05-01", NULL, NULL, NULL, "given_on",
	    "" },
	/* key persons are fetched, or it is said why not */
	{ "resettlement_subject", "class=01|kind=01", RULE_SUBMIT, "", NULL,
	    NULL, NULL, "escort_none", "sis fetched" },
	{ "resettlement_subject", "class=01|kind=01", RULE_SAVE, "", NULL,
	    NULL, NULL, "escort_none", "" },
	{ "resettlement_subject", "class=01|kind=01", RULE_SUBMIT, "",
	    "resettlement_escort", "", NULL, "escort_none", "" },
	{ "resettlement_subject", "class=01|kind=01|escort_none=病重住院",
	    RULE_SUBMIT, "", NULL, NULL, NULL, "escort_none", "" },
	{ "resettlement_subject", "class=01|kind=01|escort_on=2026-03-05",
	    RULE_SUBMIT, "", NULL, NULL, NULL, "escort_none", "" },
	{ "resettlement_subject", "class=01|kind=03", RULE_SUBMIT, "", NULL,
	    NULL, NULL, "escort_none", "" },
	{ "resettlement_subject", "class=02|kind=01", RULE_SUBMIT, "", NULL,
	    NULL, NULL, "escort_none", "" },
	/* and have a risk sheet */
	{ "resettlement_subject", "class=01|kind=01", RULE_SUBMIT, "", NULL,
	    NULL, NULL, "risk_score", "srisk sheet" },
	{ "resettlement_subject", "class=01|kind=01|risk_score=40",
	    RULE_SUBMIT, "", NULL, NULL, NULL, "risk_score", "" },
	{ "resettlement_subject", "class=01|kind=01", RULE_SUBMIT, "",
	    "resettlement_risk", "", NULL, "risk_score", "" },
	{ "resettlement_subject", "class=02|kind=01", RULE_SUBMIT, "", NULL,
	    NULL, NULL, "risk_score", "" },
	/* the term of help */
	{ "resettlement_subject", "help_from=2026-03-05|help_to=2026-03-05",
	    RULE_SAVE, "", NULL, NULL, NULL, "help_to", "send after" },
	{ "resettlement_subject", "help_from=2026-03-05|help_to=2026-03-04",
	    RULE_SAVE, "", NULL, NULL, NULL, "help_to", "send after" },
	{ "resettlement_subject", "help_from=2026-03-05|help_to=2026-03-06",
	    RULE_SAVE, "", NULL, NULL, NULL, "help_to", "" },
	/* the prison's list */
	{ "resettlement_subject", "person_id=" OTHER
	    "|release_date=2026-03-05", RULE_SAVE, "", NULL, NULL,
	    "release_date=2026-03-06", "release_date", "wprison's list" },
	{ "resettlement_subject", "person_id=" OTHER
	    "|release_date=2026-03-05", RULE_SAVE, "", NULL, NULL,
	    "release_date=2026-03-05", "release_date", "" },
	{ "resettlement_subject", "person_id=" OTHER
	    "|release_date=2026-03-05", RULE_SAVE, "", NULL, NULL, "",
	    "release_date", "" },
	/* one report a year */
	{ "resettlement_yearly", "subject_id=" SUBJECT "|year=2025",
	    RULE_SAVE, "", "resettlement_yearly", "year=2025", NULL, "year",
	    "shas a report" },
	{ "resettlement_yearly", "subject_id=" SUBJECT "|year=2025",
	    RULE_SAVE, "", "resettlement_yearly", "year=2024", NULL, "year",
	    "" },
	{ "resettlement_yearly", "subject_id=" SUBJECT "|year=2027",
	    RULE_SAVE, "", NULL, NULL, NULL, "year", "sno year" },
	{ "resettlement_yearly", "subject_id=" SUBJECT "|year=26",
	    RULE_SAVE, "", NULL, NULL, NULL, "year", "sno year" },
	/* groups at the desk */
	{ "consultation", "heads=5", RULE_SAVE, "", NULL, NULL, NULL,
	    "group_visit", "wFive or more" },
	{ "consultation", "heads=4", RULE_SAVE, "", NULL, NULL, NULL,
	    "group_visit", "" },
	{ "consultation", "heads=4|group_visit=1", RULE_SAVE, "", NULL, NULL,
	    NULL, "group_visit", "wcompare the heads" },
	{ "consultation", "heads=5|group_visit=1", RULE_SAVE, "", NULL, NULL,
	    NULL, "group_visit", "" },
	/* limitation: six days left are less than seven */
	{ "legal_aid_review", "limitation_on=2026-11-28", RULE_SAVE, "", NULL,
	    NULL, NULL, "limitation_on", "wseven days" },
	{ "legal_aid_review", "limitation_on=2026-11-29", RULE_SAVE, "", NULL,
	    NULL, NULL, "limitation_on", "" },
	/* no economic check, no paper asked for */
	{ "legal_aid_review", "no_check=2|economy=1", RULE_SAVE, "", NULL,
	    NULL, NULL, "economy", "sno economic check" },
	{ "legal_aid_review", "no_check=2|missing=1;3", RULE_SAVE, "", NULL,
	    NULL, NULL, "missing", "scannot be missing" },
	{ "legal_aid_review", "no_check=2|missing=1", RULE_SAVE, "", NULL,
	    NULL, NULL, "missing", "" },
};

static void
each_says_what_it_should(void **state)
{
	char words[ERR_MSG_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record r;

		fill(&r, rows[i].reg, rows[i].values);
		if (r.state[0] == '\0')
			(void)record_set(&r, "@state", schema_register_find(
			    whole_schema(), r.reg)->state_count ?
			    schema_register_find(whole_schema(),
			    r.reg)->states[0].name : "");
		fill(&around.subject, "resettlement_subject", rows[i].subject);
		around.has_child = rows[i].child_reg != NULL;
		if (around.has_child)
			fill(&around.child, rows[i].child_reg, rows[i].child);
		around.child.id.b[0] = 7;	/* not the record itself */
		around.has_found = rows[i].found != NULL;
		if (around.has_found)
			fill(&around.found, "prisoner_check", rows[i].found);
		rule_derive(schema_register_find(whole_schema(), r.reg), &r,
		    WHOLE_TODAY, NULL);
		said(words, &r, rows[i].mode, &world, rows[i].field);
		if (rows[i].words[0] == '\0' ? words[0] != '\0' :
		    words[0] != rows[i].words[0] ||
		    !strstr(words, rows[i].words + 1))
			fail_msg("row %zu: %s", i, words);
		record_release(&r);
		record_release(&around.subject);
		record_release(&around.child);
		record_release(&around.found);
	}
}

/* The report itself, saved again, is not its own double. */
static void
a_report_is_not_its_own_double(void **state)
{
	char words[ERR_MSG_MAX + 2];
	struct record r;

	(void)state;
	fill(&r, "resettlement_yearly", "subject_id=" SUBJECT "|year=2025");
	r.id.b[0] = 7;
	fill(&around.child, "resettlement_yearly", "year=2025");
	around.child.id.b[0] = 7;
	around.has_child = true;
	assert_string_equal(said(words, &r, RULE_SAVE, &world, "year"), "");
	around.child.id.b[0] = 8;
	assert_int_equal(said(words, &r, RULE_SAVE, &world, "year")[0], 's');
	assert_true(record_set(&around.child, "@deleted", "entered twice"));
	assert_string_equal(said(words, &r, RULE_SAVE, &world, "year"), "");
	record_release(&r);
	record_release(&around.child);
	around.has_child = false;
}

/* Whoever cannot see other records refuses nothing because of them. */
static void
without_a_world_nothing_is_refused(void **state)
{
	char words[ERR_MSG_MAX + 2];
	struct record r;

	(void)state;
	fill(&r, "resettlement_subject", "class=01|kind=01");
	assert_string_equal(said(words, &r, RULE_SUBMIT, NULL, "escort_none"),
	    "");
	assert_string_equal(said(words, &r, RULE_SUBMIT, NULL, "risk_score"),
	    "");
	record_release(&r);
	fill(&r, "resettlement_yearly", "subject_id=" SUBJECT "|year=2025");
	assert_string_equal(said(words, &r, RULE_SAVE, NULL, "year"), "");
	record_release(&r);
}

/* What the codes of a sheet count is added up; nothing said has no sum. */
static void
a_sheet_is_added_up(void **state)
{
	static const struct {
		const char *values, *total;
	} sheets[] = {
		{ "", "" },
		{ "home=01", "0" },
		{ "home=02", "3" },
		{ "home=02|age=02|sentence=01|plea=02", "9" },
		{ "home=02|total=70", "3" },	/* never typed */
		{ "home=99", "0" },		/* no such code */
	};
	const struct schema_register *reg = schema_register_find(
	    whole_schema(), "resettlement_risk");

	(void)state;
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
		struct record r;

		fill(&r, "resettlement_risk", sheets[i].values);
		rule_derive(reg, &r, WHOLE_TODAY, NULL);
		assert_string_equal(values_get(&r.values, "total"),
		    sheets[i].total);
		record_release(&r);
	}
}

/* The worst of every item is the whole sheet: none is left out of the sum,
 * none counts twice. */
static void
every_item_of_the_sheet_counts(void **state)
{
	const struct schema_register *reg = schema_register_find(
	    whole_schema(), "resettlement_risk");
	struct record r;
	char expected[16];
	int worst = 0;
	size_t items = 0;

	(void)state;
	fill(&r, "resettlement_risk", "");
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_codes *t = reg->fields[i].codes;
		size_t at = 0;

		for (size_t k = 0; t && k < t->count; k++)
			if (t->items[k].points > t->items[at].points)
				at = k;
		if (!t || t->items[at].points == 0)
			continue;
		items++;
		worst += t->items[at].points;
		values_set(&r.values, reg->fields[i].name, t->items[at].code);
	}
	rule_derive(reg, &r, WHOLE_TODAY, NULL);
	assert_int_equal(items, 29);	/* of 31, with the prison's and the sum */
	(void)snprintf(expected, sizeof expected, "%d", worst);
	assert_string_equal(values_get(&r.values, "total"), expected);
	record_release(&r);
}

/* One desk's entry is the next one's beginning: nothing is typed twice. */
static void
what_was_entered_goes_over(void **state)
{
	static const struct {
		const char *from, *values, *to, *expected;
	} turns[] = {
		{ "correction_subject", "person_id=" OTHER "|@state=released|"
		    "end_on=2026-03-04|offence=盗窃罪|extra_penalty=01|"
		    "sentence_text=有期徒刑一年|village=柳树村",
		    "resettlement_subject", "person_id=" OTHER
		    "|release_date=2026-03-04|help_from=2026-03-04|kind=03|"
		    "link_channel=02|offence=盗窃罪|sentence=有期徒刑一年|"
		    "extra_penalty=01|village=柳树村" },
		{ "prisoner_check", "person_id=" OTHER "|prison=白湖监狱|"
		    "prison_no=7|release_date=2026-03-04|verify_state=01",
		    "resettlement_subject", "person_id=" OTHER
		    "|release_org=白湖监狱|prison_no=7|kind=01|"
		    "release_date=2026-03-04|verify_state=01" },
		{ "reception", "name=王某|phone=13800138000|heads=2|"
		    "came_at=2026-03-05T09:11|summary=欠薪|received_by=李四",
		    "consultation", "name=王某|phone=13800138000|heads=2|"
		    "asked_at=2026-03-05T09:11|content=欠薪|adviser=李四|way=1" },
		{ "reception", "person_id=" OTHER "|came_at=2026-03-05T09:11|"
		    "summary=欠薪", "legal_aid_review", "person_id=" OTHER
		    "|received_on=2026-03-05|facts=欠薪|source=1" },
		{ "reception", "person_id=" OTHER "|came_at=2026-03-05T09:11|"
		    "summary=争吵", "mediation_case",
		    "accept_date=2026-03-05|summary=争吵" },
		{ "reception", "person_id=" OTHER "|came_at=2026-03-05T09:11",
		    "assessment", "person_id=" OTHER
		    "|received_on=2026-03-05" },
		{ "consultation", "content=欠薪|matter=1|cause=M0205|"
		    "handling=5", "legal_aid_review",
		    "facts=欠薪|matter=1|cause=M0205" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		const struct schema_register *reg = schema_register_find(
		    whole_schema(), turns[i].from);
		const struct schema_make *m = NULL;
		struct record from, to, expected;

		for (size_t k = 0; k < reg->make_count; k++)
			if (strcmp(reg->makes[k].reg, turns[i].to) == 0)
				m = &reg->makes[k];
		assert_non_null(m);
		fill(&from, turns[i].from, turns[i].values);
		fill(&to, turns[i].to, "");
		fill(&expected, turns[i].to, turns[i].expected);
		assert_true(conds_hold(&m->when, &from, WHOLE_TODAY, ""));
		schema_make_values(&to.values, whole_schema(), turns[i].to,
		    &m->set, &from);
		for (size_t k = 0; k < expected.values.count; k++) {
			const char *name = expected.values.items[k].name;

			if (strcmp(values_get(&to.values, name),
			    expected.values.items[k].text) != 0)
				fail_msg("%s to %s: %s is '%s'", turns[i].from,
				    turns[i].to, name,
				    values_get(&to.values, name));
		}
		record_release(&from);
		record_release(&to);
		record_release(&expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_says_what_it_should),
		cmocka_unit_test(a_report_is_not_its_own_double),
		cmocka_unit_test(a_sheet_is_added_up),
		cmocka_unit_test(every_item_of_the_sheet_counts),
		cmocka_unit_test(what_was_entered_goes_over),
		cmocka_unit_test(without_a_world_nothing_is_refused),
	};

	return cmocka_run_group_tests(tests, whole_load, whole_unload);
}
