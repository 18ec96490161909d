/*
 * What is wrong with a record, by the definitions the programs are built with.
 * A record is written "field=value|field=value".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/mem.h"
#include "core/builtin.h"
#include "core/rule.h"
#include "core/rule_named.h"

enum { TODAY = 20779 };		/* 2026-11-22 */

static struct schema *schema;

static int
load(void **state)
{
	struct complaints complaints = {0};
	struct err err = ERR_INIT;

	(void)state;
	tr_set(TR_EN);
	return schema_load(&schema, builtin_files, builtin_count, &complaints,
	    &err) ? 1 : 0;
}

static int
unload(void **state)
{
	(void)state;
	schema_free(schema);
	return 0;
}

static void
fill(struct record *r, const char *reg, const char *text)
{
	*r = (struct record){0};
	memcpy(r->reg, reg, strlen(reg) + 1);
	while (*text) {
		size_t len = strcspn(text, "|");
		const char *equals = memchr(text, '=', len);
		char *name = mem_strndup(text, (size_t)(equals - text));
		char *value = mem_strndup(equals + 1,
		    len - (size_t)(equals + 1 - text));

		assert_true(record_set(r, name, value));
		free(name);
		free(value);
		text += len + (text[len] ? 1 : 0);
	}
}

#define PERSON "kind=01|id_type=111|name=张三"
#define ID "|id_no=990101188801010013"	/* male, 1888-01-01 */
#define CASE "accept_date=2026-05-01|dispute_type=hyjt|form=2|source=1"
#define SUBJECT "person_id=019abcde-0000-7000-8000-000000000001|category="

enum { NO, WARN, STOP };	/* the complaint that is expected */

static const struct {
	const char *reg, *values;
	enum rule_mode mode;
	const char *field;
	int expected;
	const char *words;
} cases[] = {
	/* needs */
	{ "person", "kind=01|id_type=111", RULE_SAVE, "name", STOP,
	    "'Name' must be filled in" },
	{ "person", PERSON, RULE_SAVE, "name", NO, "" },
	{ "person", PERSON, RULE_SAVE, "id_no", NO, "" },
	{ "person", PERSON, RULE_SUBMIT, "id_no", STOP, "filled in" },
	/* not shown, not needed */
	{ "person", "kind=02|name=红旗村", RULE_SUBMIT, "id_no", NO, "" },
	{ "person", "kind=02|name=红旗村", RULE_SUBMIT, "uscc", STOP,
	    "filled in" },
	{ "person", "kind=03|name=红旗村一组", RULE_SUBMIT, "uscc", NO, "" },
	/* stored forms */
	{ "person", PERSON "|birth=20260305", RULE_SAVE, "birth", STOP,
	    "form that is stored" },
	{ "person", PERSON "|birth=2025-02-30", RULE_SAVE, "birth", STOP,
	    "form that is stored" },
	{ "person", PERSON "|birth=2026-11-23", RULE_SAVE, "birth", STOP,
	    "after today" },
	{ "person", PERSON "|sex=7", RULE_SAVE, "sex", STOP,
	    "no such entry in 'Sex'" },
	{ "person", PERSON "|rural=yes", RULE_SAVE, "rural", STOP,
	    "form that is stored" },
	{ "person", PERSON "|mobile=138 0013 8000", RULE_SAVE, "mobile", STOP,
	    "form that is stored" },
	{ "person", PERSON "|mobile=12", RULE_SAVE, "mobile", STOP,
	    "telephone" },
	{ "person", PERSON "|mobile=13800138000;12348", RULE_SAVE, "mobile",
	    NO, "" },
	{ "person", PERSON "|employer=a\x1b[2J", RULE_SAVE, "employer", STOP,
	    "control character" },
	{ "person", PERSON "|employer=\xff", RULE_SAVE, "employer", STOP,
	    "UTF-8" },
	{ "person", PERSON "|home_region=1234567890123", RULE_SAVE,
	    "home_region", STOP, "at most 12" },
	{ "person", PERSON "|id_no=123456789012345678901", RULE_SAVE, "id_no",
	    STOP, "at most 20" },
	{ "mediation_case", CASE "|summary=太短", RULE_SAVE, "summary", STOP,
	    "at least 10" },
	{ "mediation_case", CASE "|amount_claimed=1.5", RULE_SAVE,
	    "amount_claimed", STOP, "form that is stored" },
	{ "mediation_case", CASE "|people_count=03", RULE_SAVE,
	    "people_count", STOP, "form that is stored" },
	{ "mediation_case", CASE "|people_count=0", RULE_SAVE,
	    "people_count", STOP, "at least 1" },
	{ "mediation_case", CASE "|people_count=1", RULE_SAVE,
	    "people_count", NO, "" },
	{ "consultation", "age=121", RULE_SAVE, "age", STOP, "at most 120" },
	{ "consultation", "age=120", RULE_SAVE, "age", NO, "" },
	{ "mediation_case", CASE "|perform_way=1;77", RULE_SAVE,
	    "perform_way", STOP, "no such entry" },
	{ "mediation_case", CASE "|perform_way=;", RULE_SAVE, "perform_way",
	    STOP, "form that is stored" },
	{ "correction_subject", "person_id=Zhang|category=02", RULE_SAVE,
	    "person_id", STOP, "form that is stored" },
	/* the definition's checks */
	{ "mediation_case", CASE "|happened_on=2026-05-02", RULE_SAVE,
	    "accept_date", STOP, "'Happened on' must not be after 'Accepted "
	    "on'" },
	{ "mediation_case", CASE "|happened_on=2026-05-01", RULE_SAVE,
	    "accept_date", NO, "" },
	{ "mediation_case", CASE "|amount_paid=1000|amount_agreed=900",
	    RULE_SAVE, "amount_paid", WARN, "More is paid" },
	{ "mediation_case", CASE "|amount_paid=900|amount_agreed=1000",
	    RULE_SAVE, "amount_paid", NO, "" },
	{ "correction_subject", SUBJECT "02|effective_date=2026-01-01|"
	    "reported_on=2026-01-12", RULE_SAVE, "reported_on", WARN,
	    "ten days" },
	{ "correction_subject", SUBJECT "02|effective_date=2026-01-01|"
	    "reported_on=2026-01-11", RULE_SAVE, "reported_on", NO, "" },
	{ "correction_subject", SUBJECT "03|decider_kind=02", RULE_SAVE,
	    "decider_kind", STOP, "court" },
	{ "correction_subject", SUBJECT "04|decider_kind=02", RULE_SAVE,
	    "decider_kind", NO, "" },
	/* person_name */
	{ "person", "kind=01|id_type=111|name=买买提·艾力", RULE_SAVE, "name",
	    NO, "" },
	{ "person", "kind=01|id_type=111|name=𠮷田", RULE_SAVE, "name", NO,
	    "" },
	{ "person", "kind=01|id_type=111|name=John O'Neil", RULE_SAVE, "name",
	    NO, "" },
	{ "person", "kind=01|id_type=111|name=123", RULE_SAVE, "name", STOP,
	    "Digits" },
	{ "person", "kind=01|id_type=111|name=张三？", RULE_SAVE, "name",
	    STOP, "hanzi or letters" },
	{ "person", "kind=01|id_type=111|name=张三 ", RULE_SAVE, "name", STOP,
	    "blank" },
	{ "person", "kind=02|name=123号", RULE_SAVE, "name", NO, "" },
	/* identity numbers */
	{ "person", PERSON "|id_no=990101188801010012", RULE_SAVE, "id_no",
	    STOP, "check digit" },
	{ "person", PERSON "|id_no=990101188801010012|id_unverified=1",
	    RULE_SUBMIT, "id_no", WARN, "check digit" },
	{ "person", PERSON ID "|birth=1988-01-01", RULE_SAVE, "birth", WARN,
	    "not that of the id number" },
	{ "person", PERSON "|id_no=990101190002290015", RULE_SAVE, "id_no",
	    STOP, "does not exist" },
	{ "person", "kind=01|name=张三|id_type=414|id_no=E1234",
	    RULE_SAVE, "id_no", NO, "" },
	{ "person", PERSON "|id_no=010101188801010014", RULE_SAVE, "id_no",
	    STOP, "check digit" },
	{ "person", PERSON ID, RULE_SAVE, "id_no", NO, "" },
	{ "person", PERSON ID "|sex=1", RULE_SAVE, "sex", NO, "" },
	{ "person", PERSON ID "|sex=2", RULE_SAVE, "sex", WARN, "id number" },
	{ "person", PERSON ID "|sex=9", RULE_SAVE, "sex", NO, "" },
	{ "person", PERSON "|birth=1888-01-01", RULE_SAVE, "birth", WARN,
	    "over 120" },
	{ "person", PERSON "|birth=1906-11-22", RULE_SAVE, "birth", NO, "" },
	{ "person", PERSON "|birth=1879-12-31", RULE_SAVE, "birth", STOP,
	    "1880" },
	{ "person", PERSON "|phone2=5123456", RULE_SAVE, "phone2", WARN,
	    "area code" },
	{ "person", PERSON "|mobile=13800138000;65123456", RULE_SAVE,
	    "mobile", WARN, "area code" },
	{ "person", PERSON "|phone2=0551-5123456;12348", RULE_SAVE, "phone2",
	    NO, "" },
	{ "person", PERSON "|id_unverified=1", RULE_SUBMIT, "id_doubt", STOP,
	    "filled in" },
	{ "person", PERSON, RULE_SUBMIT, "id_doubt", NO, "" },
	{ "person", PERSON "|home_region=990101001", RULE_SAVE, "home_region",
	    NO, "" },
	{ "person", PERSON "|home_region=9901010012", RULE_SAVE,
	    "home_region", STOP, "6, 9 or 12" },
	{ "person", PERSON "|home_region=990101红旗村", RULE_SAVE,
	    "home_region", STOP, "6, 9 or 12" },
	{ "person", PERSON "|home_region=160101", RULE_SAVE, "home_region",
	    WARN, "province" },
	{ "person", PERSON "|hukou_region=12", RULE_SAVE, "hukou_region",
	    STOP, "6, 9 or 12" },
	/* terms, 刑法 */
	{ "correction_subject", SUBJECT "01|term_from=2026-01-01|"
	    "term_to=2026-03-30", RULE_SAVE, "term_to", WARN, "3 months" },
	{ "correction_subject", SUBJECT "01|term_from=2026-01-01|"
	    "term_to=2026-03-31", RULE_SAVE, "term_to", NO, "" },
	{ "correction_subject", SUBJECT "01|term_from=2026-01-01|"
	    "term_to=2028-01-02", RULE_SAVE, "term_to", WARN, "2 years" },
	{ "correction_subject", SUBJECT "01|several_crimes=1|"
	    "term_from=2026-01-01|term_to=2028-12-31", RULE_SAVE, "term_to",
	    NO, "" },
	{ "correction_subject", SUBJECT "02|sentence_kind=04|"
	    "term_from=2026-01-01|term_to=2026-02-01", RULE_SAVE, "term_to",
	    WARN, "2 months" },
	{ "correction_subject", SUBJECT "02|sentence_kind=03|"
	    "term_from=2026-01-01|term_to=2026-06-30", RULE_SAVE, "term_to",
	    WARN, "1 to 5 years" },
	{ "correction_subject", SUBJECT "02|sentence_kind=03|"
	    "term_from=2026-01-01|term_to=2027-12-31|"
	    "sentence_from=2026-01-01|sentence_to=2028-12-31", RULE_SAVE,
	    "term_to", WARN, "not shorter" },
	{ "correction_subject", SUBJECT "02|sentence_kind=03|"
	    "term_from=2026-01-01|term_to=2027-12-31", RULE_SAVE, "term_to",
	    NO, "" },
	{ "correction_subject", SUBJECT "03|sentence_kind=02|"
	    "term_from=2026-01-01|term_to=2030-12-31", RULE_SAVE, "term_to",
	    WARN, "10 years" },
	{ "correction_subject", SUBJECT "03|sentence_kind=03|"
	    "term_from=2026-01-01|term_to=2027-06-30|sentence_to=2027-12-31",
	    RULE_SAVE, "term_to", WARN, "the rest" },
	{ "correction_subject", SUBJECT "04|term_from=2026-01-01|"
	    "term_to=2028-01-01|sentence_to=2027-12-31", RULE_SAVE,
	    "term_to", WARN, "outlast" },
	{ "correction_subject", SUBJECT "01|several_crimes=1|"
	    "term_from=2026-01-01|term_to=2029-01-02", RULE_SAVE, "term_to",
	    WARN, "3 months" },
	{ "correction_subject", SUBJECT "02|sentence_kind=04|"
	    "term_from=2026-01-01|term_to=2027-01-02", RULE_SAVE, "term_to",
	    WARN, "1 year" },
	{ "correction_subject", SUBJECT "02|sentence_kind=04|"
	    "term_from=2026-01-01|term_to=2026-02-28", RULE_SAVE, "term_to",
	    NO, "" },
	{ "correction_subject", SUBJECT "02|sentence_kind=03|"
	    "term_from=2026-01-01|term_to=2031-01-02", RULE_SAVE, "term_to",
	    WARN, "1 to 5 years" },
	{ "correction_subject", SUBJECT "02|sentence_kind=03|"
	    "term_from=2026-01-01|term_to=2030-12-31", RULE_SAVE, "term_to",
	    NO, "" },
	{ "correction_subject", SUBJECT "02|sentence_kind=03|"
	    "sentence_text=有期徒刑二年六个月|term_from=2026-01-01|"
	    "term_to=2027-12-31", RULE_SAVE, "term_to", WARN, "not shorter" },
	{ "correction_subject", SUBJECT "02|sentence_kind=03|"
	    "sentence_text=有期徒刑二年|term_from=2026-01-01|"
	    "term_to=2027-12-31", RULE_SAVE, "term_to", NO, "" },
	{ "correction_subject", SUBJECT "03|sentence_kind=02|"
	    "term_from=2026-01-01|term_to=2035-12-31", RULE_SAVE, "term_to",
	    NO, "" },
	{ "correction_subject", SUBJECT "03|sentence_kind=03|"
	    "term_from=2026-01-01|term_to=2027-12-31|sentence_to=2027-12-31",
	    RULE_SAVE, "term_to", NO, "" },
	{ "correction_subject", SUBJECT "02|term_text=一年|"
	    "term_from=2024-03-15|term_to=2025-03-14", RULE_SAVE, "term_to",
	    NO, "" },
	{ "correction_subject", SUBJECT "02|term_text=六个月|"
	    "term_from=2024-08-31|term_to=2025-02-28", RULE_SAVE, "term_to",
	    NO, "" },
	{ "correction_subject", SUBJECT "02|term_text=一年|"
	    "term_from=2024-03-15|term_to=2025-03-13", RULE_SAVE, "term_to",
	    WARN, "less one day" },
	{ "correction_subject", SUBJECT "01|term_text=一年|"
	    "term_from=2024-03-15|term_to=2025-01-14", RULE_SAVE, "term_to",
	    NO, "" },
	{ "correction_subject", SUBJECT "01|term_text=一年|"
	    "term_from=2024-03-15|term_to=2025-03-16", RULE_SAVE, "term_to",
	    WARN, "less one day" },
	{ "correction_subject", SUBJECT "02|effective_date=2026-01-01|"
	    "term_from=2026-01-03", RULE_SAVE, "term_from", WARN, "final" },
	{ "correction_subject", SUBJECT "02|effective_date=2026-01-01|"
	    "term_from=2026-01-02", RULE_SAVE, "term_from", NO, "" },
	{ "correction_subject", SUBJECT "02|gps_mode=02|gps_from=2026-01-01|"
	    "gps_to=2026-04-02", RULE_SAVE, "gps_to", WARN, "three months" },
	{ "correction_subject", SUBJECT "02|gps_mode=02|gps_from=2026-01-01|"
	    "gps_to=2026-03-31", RULE_SAVE, "gps_to", NO, "" },
	{ "correction_subject", SUBJECT "02|term_from=2026-01-01|"
	    "term_to=2025-01-01", RULE_SAVE, "term_to", STOP, "after" },
	/* agreements */
	{ "mediation_case", CASE "|result=2|agr_date=2026-05-02", RULE_SAVE,
	    "result", STOP, "not a success" },
	{ "mediation_case", CASE "|result=1|agr_date=2026-05-02", RULE_SAVE,
	    "agr_date", NO, "" },
	{ "mediation_case", CASE "|result=1", RULE_SAVE, "agr_date", NO, "" },
	{ "mediation_case", CASE "|result=1", RULE_SUBMIT, "agr_date", STOP,
	    "needs the date" },
	{ "mediation_case", CASE "|result=1|agr_date=2026-05-02|"
	    "confirm_applied_on=2026-06-02", RULE_SAVE, "confirm_applied_on",
	    WARN, "30 days" },
	{ "mediation_case", CASE "|result=1|agr_date=2026-05-02|"
	    "confirm_applied_on=2026-06-01", RULE_SAVE, "confirm_applied_on",
	    NO, "" },
};

static void
faults_are_named(void **state)
{
	int missed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct faults faults = {0};
		struct record r;
		const struct fault *f;
		int found;

		fill(&r, cases[i].reg, cases[i].values);
		rule_check(&faults, schema, schema_register_find(schema,
		    r.reg), &r, cases[i].mode, TODAY, NULL);
		f = faults_at(&faults, cases[i].field);
		found = !f ? NO : f->stop ? STOP : WARN;
		if (found != cases[i].expected ||
		    (f && !strstr(f->msg, cases[i].words))) {
			print_message("# case %zu, %s: %d '%s', expected %d "
			    "'%s'\n", i, cases[i].field, found,
			    f ? f->msg : "", cases[i].expected,
			    cases[i].words);
			missed++;
		}
		faults_release(&faults);
		record_release(&r);
	}
	assert_int_equal(missed, 0);
}

static void
codes_out_of_date_warn(void **state)
{
	struct schema_code item = { .code = (char *)"05",
		.label = { (char *)"剥夺", (char *)"deprived" },
		.from_on = DATE_NONE, .until_on = TODAY - 1 };
	struct schema_codes table = { .items = &item, .count = 1 };
	struct schema_field field = { .name = (char *)"kind", .type = VT_CODE,
		.codes = &table };
	struct schema_register reg = { .fields = &field, .field_count = 1 };
	struct faults faults = {0};
	struct record r;

	(void)state;
	fill(&r, "x", "kind=05");
	rule_check(&faults, schema, &reg, &r, RULE_SUBMIT, TODAY, NULL);
	assert_false(faults_stop(&faults));
	assert_non_null(strstr(faults_at(&faults, "kind")->msg, "deprived"));
	faults_release(&faults);
	rule_check(&faults, schema, &reg, &r, RULE_SUBMIT, TODAY - 1, NULL);
	assert_int_equal(faults.count, 0);
	faults_release(&faults);
	record_release(&r);
}

/* ---- parties and other children ---- */

struct family {
	struct record children[6];
	size_t count;
};

static const struct record *
child_of(void *self, const struct uuid *parent, const char *reg, size_t i)
{
	const struct family *f = self;

	(void)parent;
	for (size_t k = 0; k < f->count; k++)
		if (strcmp(f->children[k].reg, reg) == 0 && i-- == 0)
			return &f->children[k];
	return NULL;
}

static void
add_child(struct family *f, const char *reg, const char *values)
{
	fill(&f->children[f->count++], reg, values);
}

static void
release_family(struct family *f)
{
	for (size_t i = 0; i < f->count; i++)
		record_release(&f->children[i]);
	f->count = 0;
}

#define A "person_id=019abcde-0000-7000-8000-00000000000a"
#define B "person_id=019abcde-0000-7000-8000-00000000000b"

static void
check_case(struct faults *out, struct family *f, const char *values,
    enum rule_mode mode)
{
	struct rule_world world = { .self = f, .child = child_of };
	struct record r;

	faults_release(out);
	fill(&r, "mediation_case", values);
	rule_check(out, schema, schema_register_find(schema, r.reg), &r, mode,
	    TODAY, &world);
	record_release(&r);
}

static void
a_case_has_two_sides(void **state)
{
	struct family f = {0};
	struct faults faults = {0};

	(void)state;
	check_case(&faults, &f, CASE, RULE_SAVE);
	assert_null(faults_at(&faults, ""));
	check_case(&faults, &f, CASE, RULE_SUBMIT);
	assert_non_null(strstr(faults_at(&faults, "")->msg, "applicant"));
	add_child(&f, "mediation_party", A "|side=1");
	check_case(&faults, &f, CASE, RULE_SUBMIT);
	assert_non_null(strstr(faults_at(&faults, "")->msg, "respondent"));
	add_child(&f, "mediation_party", B "|side=2");
	check_case(&faults, &f, CASE, RULE_SUBMIT);
	assert_null(faults_at(&faults, ""));
	/* a withdrawn party counts for nothing */
	f.children[1].deleted = mem_strdup("wrong");
	check_case(&faults, &f, CASE, RULE_SUBMIT);
	assert_non_null(faults_at(&faults, ""));
	add_child(&f, "mediation_party", A "|side=2");
	check_case(&faults, &f, CASE, RULE_SAVE);
	assert_non_null(strstr(faults_at(&faults, "")->msg, "both sides"));
	faults_release(&faults);
	release_family(&f);
}

static void
people_are_at_least_the_parties(void **state)
{
	struct family f = {0};
	struct faults faults = {0};

	(void)state;
	add_child(&f, "mediation_party", A "|side=1|heads=4");
	add_child(&f, "mediation_party", B "|side=2");
	add_child(&f, "mediation_party", B "|side=3");
	check_case(&faults, &f, CASE "|people_count=4", RULE_SAVE);
	assert_non_null(strstr(faults_at(&faults, "people_count")->msg,
	    "5 people"));
	check_case(&faults, &f, CASE "|people_count=5", RULE_SAVE);
	assert_null(faults_at(&faults, "people_count"));
	faults_release(&faults);
	release_family(&f);
}

static void
a_party_has_one_side(void **state)
{
	const struct schema_register *reg = schema_register_find(schema,
	    "mediation_party");
	struct family f = {0};
	struct rule_world world = { .self = &f, .child = child_of };
	static const struct {
		const char *values;
		bool stopped;
	} rows[] = {
		{ A "|side=2", true }, { A "|side=1", false },
		{ A "|side=4", false }, { B "|side=2", false },
	};

	(void)state;
	add_child(&f, "mediation_party", A "|side=1");
	f.children[0].id.b[0] = 7;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct faults faults = {0};
		struct record r;

		fill(&r, reg->name, rows[i].values);
		values_set(&r.values, "case_id",
		    "019abcde-0000-7000-8000-00000000000c");
		rule_check(&faults, schema, reg, &r, RULE_SAVE, TODAY, &world);
		assert_int_equal(faults_at(&faults, "person_id") != NULL,
		    rows[i].stopped);
		faults_release(&faults);
		/* itself, moved to the other side */
		r.id.b[0] = 7;
		rule_check(&faults, schema, reg, &r, RULE_SAVE, TODAY, &world);
		assert_null(faults_at(&faults, "person_id"));
		faults_release(&faults);
		record_release(&r);
	}
	release_family(&f);
}

static void
originals_are_enough(void **state)
{
	struct family f = {0};
	struct faults faults = {0};

	(void)state;
	add_child(&f, "mediation_party", A "|side=1");
	add_child(&f, "mediation_party", B "|side=2");
	add_child(&f, "mediation_party", B "|side=4");
	check_case(&faults, &f, CASE "|agr_copies=2", RULE_SAVE);
	assert_false(faults_at(&faults, "agr_copies")->stop);
	assert_non_null(strstr(faults_at(&faults, "agr_copies")->msg, "3 "));
	check_case(&faults, &f, CASE "|agr_copies=3", RULE_SAVE);
	assert_null(faults_at(&faults, "agr_copies"));
	faults_release(&faults);
	release_family(&f);
}

static void
sessions_lie_between(void **state)
{
	struct family f = {0};
	struct faults faults = {0};

	(void)state;
	add_child(&f, "mediation_session", "held_at=2026-05-01T09:00");
	add_child(&f, "mediation_session", "held_at=2026-05-20T09:00");
	check_case(&faults, &f, CASE "|result=1|agr_date=2026-05-20",
	    RULE_SAVE);
	assert_null(faults_at(&faults, "accept_date"));
	assert_null(faults_at(&faults, "agr_date"));
	/* an old agreement of a case that was opened again only warns */
	check_case(&faults, &f, CASE "|result=1|agr_date=2026-05-19",
	    RULE_SAVE);
	assert_false(faults_at(&faults, "agr_date")->stop);
	check_case(&faults, &f, CASE "|result=1|agr_date=2026-05-19",
	    RULE_SUBMIT);
	assert_true(faults_at(&faults, "agr_date")->stop);
	record_set(&f.children[0], "held_at", "2026-04-30T23:59");
	check_case(&faults, &f, CASE, RULE_SAVE);
	assert_true(faults_at(&faults, "accept_date")->stop);
	faults_release(&faults);
	release_family(&f);
}

/* ---- what lies behind a ref ---- */

static const struct record *
behind(void *self, const struct uuid *id)
{
	(void)id;
	return self;
}

static const struct {
	const char *reg, *values;	/* what is checked */
	const char *of, *other;		/* what its ref names */
	enum rule_mode mode;
	const char *field;
	int expected;
	const char *words;
} refs[] = {
	{ "mediation_session", "case_id=019abcde-0000-7000-8000-000000000001|"
	    "held_at=2026-04-30T10:00", "mediation_case", CASE, RULE_SAVE,
	    "held_at", STOP, "acceptance" },
	{ "mediation_session", "case_id=019abcde-0000-7000-8000-000000000001|"
	    "held_at=2026-05-01T00:00", "mediation_case", CASE, RULE_SAVE,
	    "held_at", NO, "" },
	{ "correction_event", "subject_id="
	    "019abcde-0000-7000-8000-000000000001|held_at=2026-01-01T10:00",
	    "correction_subject", "received_on=2026-01-02", RULE_SAVE,
	    "held_at", STOP, "before" },
	{ "correction_event", "subject_id="
	    "019abcde-0000-7000-8000-000000000001|held_at=2026-01-03T10:00",
	    "correction_subject", "received_on=2026-01-02|term_to=2026-01-02",
	    RULE_SAVE, "held_at", WARN, "after the end" },
	{ "correction_event", "subject_id="
	    "019abcde-0000-7000-8000-000000000001|held_at=2026-01-02T10:00",
	    "correction_subject", "received_on=2026-01-02|term_to=2026-01-02",
	    RULE_SAVE, "held_at", NO, "" },
	{ "correction_subject", SUBJECT "02", "person", "kind=02|name=某厂",
	    RULE_SAVE, "person_id", STOP, "natural person" },
	{ "correction_subject", SUBJECT "02", "person", PERSON, RULE_SAVE,
	    "person_id", NO, "" },
	{ "correction_subject", SUBJECT "02", "person", PERSON, RULE_SUBMIT,
	    "person_id", STOP, "Id number, Home address" },
	{ "correction_subject", SUBJECT "02", "person", PERSON ID,
	    RULE_SUBMIT, "person_id", STOP, "person: Home address." },
	{ "correction_subject", SUBJECT "02", "person", PERSON ID
	    "|home_detail=红旗村", RULE_SUBMIT, "person_id", NO, "" },
	/* of the case itself: what is stored of it */
	{ "mediation_case", CASE "|@state=open|form=1", "mediation_case",
	    CASE, RULE_SAVE, "form", STOP, "oral" },
	{ "mediation_case", CASE "|@state=draft|form=1", "mediation_case",
	    CASE, RULE_SAVE, "form", NO, "" },
	{ "mediation_case", CASE "|@state=open", "mediation_case",
	    CASE "|form=1", RULE_SAVE, "form", NO, "" },
	{ "correction_subject", SUBJECT "02|minor_now=1", "person", PERSON
	    "|confidential=0", RULE_SAVE, "person_id", WARN, "juvenile" },
	{ "correction_subject", SUBJECT "02|minor_now=1", "person", PERSON
	    "|confidential=1", RULE_SAVE, "person_id", NO, "" },
};

/* One other record, that the world finds by any of its fields. */
struct neighbour {
	struct record other, stored;	/* stored: what is checked, as it was */
};

static const struct record *
stored_one(void *self, const struct uuid *id)
{
	struct neighbour *n = self;

	(void)id;
	return n->stored.reg[0] ? &n->stored : NULL;
}

static const struct record *
found_one(void *self, const struct rule_find *what, size_t i)
{
	struct neighbour *n = self;

	return i == 0 && strcmp(n->other.reg, what->reg) == 0 &&
	    strcmp(values_get(&n->other.values, what->field), what->value) == 0 ?
	    &n->other : NULL;
}

#define TWIN "|id_no=990101198801010012"

static const struct {
	const char *reg, *values, *other, *stored, *field;
	int expected;
	const char *words;
} twice[] = {
	{ "person", PERSON TWIN, "name=周强明" TWIN, "", "id_no", STOP,
	    "周强明" },
	{ "person", PERSON TWIN "|@office=1", "name=周强明|@office=1" TWIN, "",
	    "id_no", STOP, "周强明" },
	{ "person", PERSON TWIN "|@office=1", "name=周强明|@office=2" TWIN, "",
	    "id_no", NO, "" },
	/* it was so before: mending the rest is not barred */
	{ "person", PERSON TWIN, "name=周强明" TWIN, PERSON TWIN, "id_no",
	    WARN, "周强明" },
	{ "person", PERSON TWIN, "name=周强明" TWIN, PERSON, "id_no", STOP,
	    "周强明" },
	{ "person", PERSON, "name=张三", "", "name", NO, "" },
	{ "person", PERSON "|birth=1988-01-01", "name=张三|birth=1988-01-01",
	    "", "birth", WARN, "birth date" },
	{ "person", PERSON "|mobile=13800138000", "name=张三|mobile=13800138000",
	    "", "mobile", WARN, "mobile" },
	{ "person", PERSON "|mobile=13800138000", "name=李四|mobile=13800138000",
	    "", "mobile", NO, "" },
	{ "correction_subject", SUBJECT "02", SUBJECT "02|@state=draft", "",
	    "person_id", WARN, "still open" },
	{ "correction_subject", SUBJECT "02", SUBJECT "02|@state=archived", "",
	    "person_id", NO, "" },
	{ "correction_subject", SUBJECT "02|@state=archived",
	    SUBJECT "02|@state=active", "", "person_id", NO, "" },
	{ "resettlement_subject", SUBJECT "02", SUBJECT "02|@state=linked", "",
	    "person_id", WARN, "still open" },
};

static void
nothing_is_entered_twice(void **state)
{
	int missed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof twice / sizeof *twice; i++) {
		struct neighbour n = {0};
		struct rule_world world = { .self = &n, .get = stored_one,
			.find = found_one };
		struct faults faults = {0};
		struct record r;
		const struct fault *f;
		int found;

		fill(&n.other, twice[i].reg, twice[i].other);
		if (twice[i].stored[0])
			fill(&n.stored, twice[i].reg, twice[i].stored);
		fill(&r, twice[i].reg, twice[i].values);
		r.id = uuid_new();
		rule_check(&faults, schema, schema_register_find(schema,
		    r.reg), &r, RULE_SAVE, TODAY, &world);
		f = faults_at(&faults, twice[i].field);
		found = !f ? NO : f->stop ? STOP : WARN;
		if (found != twice[i].expected ||
		    (f && !strstr(f->msg, twice[i].words))) {
			print_message("# twice %zu: %d '%s'\n", i, found,
			    f ? f->msg : "");
			missed++;
		}
		faults_release(&faults);
		record_release(&r);
		record_release(&n.other);
		record_release(&n.stored);
	}
	assert_int_equal(missed, 0);
}

/* ---- a text that is mostly one of a list ---- */

static const struct record *
village(void *self, const struct rule_find *what, size_t i)
{
	struct record *villages = self;

	if (strcmp(what->reg, "village") != 0)
		return NULL;
	for (size_t k = 0; k < 2; k++) {
		const struct record *v = &villages[k];
		const char *text = what->field[0] == '@' ? v->office :
		    values_get(&v->values, what->field);

		if (strcmp(text, what->value) == 0 && i-- == 0)
			return v;
	}
	return NULL;
}

static void
villages_are_those_of_the_list(void **state)
{
	static const struct {
		const char *village, *office;
		bool warns;
		const char *words;	/* NULL: nothing is said */
	} rows[] = {
		{ "红旗村", "1", true, NULL },
		{ "红星村", "1", true, "mean 红旗村" },
		{ "红旗二村", "1", true, "mean 红旗村" },
		{ "杏花岭社区居民委员会", "1", true, "spelled" },
		{ "青石村", "1", true, "spelled" },
		{ "石桥", "1", true, "mean 石桥社区" },
		{ "", "1", true, NULL },
		/* an office without a list, and where nobody reads it */
		{ "红星村", "2", true, NULL },
		{ "红星村", "1", false, NULL },
	};
	struct record villages[2];

	(void)state;
	fill(&villages[0], "village", "name=红旗村|@office=1");
	fill(&villages[1], "village", "name=石桥社区|@office=1");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct rule_world world = { .self = villages,
			.find = village, .warns = rows[i].warns };
		struct faults faults = {0};
		const struct fault *f;
		struct record r;

		fill(&r, "mediation_case", CASE);
		(void)snprintf(r.office, sizeof r.office, "%s",
		    rows[i].office);
		values_set(&r.values, "village", rows[i].village);
		rule_check(&faults, schema, schema_register_find(schema,
		    r.reg), &r, RULE_SAVE, TODAY, &world);
		f = faults_at(&faults, "village");
		if (!f != !rows[i].words || (f && (f->stop ||
		    !strstr(f->msg, rows[i].words))))
			fail_msg("%s: %s", rows[i].village, f ? f->msg : "-");
		faults_release(&faults);
		record_release(&r);
	}
	record_release(&villages[0]);
	record_release(&villages[1]);
}

static void
limits_forgive_what_stood(void **state)
{
	struct record was, next;

	(void)state;
	fill(&was, "mediation_case", CASE "|people_count=0");
	for (int changed = 0; changed < 2; changed++) {
		struct faults faults = {0};

		record_copy(&next, &was);
		if (changed)
			values_set(&was.values, "people_count", "2");
		rule_check(&faults, schema, schema_register_find(schema,
		    next.reg), &next, RULE_SAVE, TODAY, NULL);
		faults_forgive(&faults, &next, NULL);
		assert_true(faults_stop(&faults));
		faults_forgive(&faults, &next, &was);
		assert_int_equal(faults_stop(&faults), changed);
		faults_release(&faults);
		record_release(&next);
	}
	record_release(&was);
}

static void
refs_are_looked_behind(void **state)
{
	int missed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof refs / sizeof *refs; i++) {
		struct record r, other;
		struct rule_world world = { .self = &other, .get = behind };
		struct faults faults = {0};
		const struct fault *f;
		int found;

		fill(&other, refs[i].of, refs[i].other);
		fill(&r, refs[i].reg, refs[i].values);
		rule_check(&faults, schema, schema_register_find(schema,
		    r.reg), &r, refs[i].mode, TODAY, &world);
		f = faults_at(&faults, refs[i].field);
		found = !f ? NO : f->stop ? STOP : WARN;
		if (found != refs[i].expected ||
		    (f && !strstr(f->msg, refs[i].words))) {
			print_message("# ref %zu, %s: %d '%s'\n", i,
			    refs[i].field, found, f ? f->msg : "");
			missed++;
		}
		faults_release(&faults);
		/* nobody to ask: nothing is said */
		rule_check(&faults, schema, schema_register_find(schema,
		    r.reg), &r, refs[i].mode, TODAY, NULL);
		assert_null(faults_at(&faults, refs[i].field));
		faults_release(&faults);
		record_release(&r);
		record_release(&other);
	}
	assert_int_equal(missed, 0);
}

static void
terms_are_read(void **state)
{
	static const struct {
		const char *text;
		int months;
	} terms[] = {
		{ "", 0 }, { "一年", 12 }, { "一年六个月", 18 },
		{ "有期徒刑一年六个月", 18 }, { "拘役五个月", 5 },
		{ "十个月", 10 }, { "十五年", 180 }, { "二十年", 240 },
		{ "二十五年", 300 }, { "一年零二个月", 14 }, { "两年", 24 },
		{ "半年", 6 }, { "1年6个月", 18 }, { "１８个月", 18 },
		{ "24月", 24 }, { "二年，并处罚金5000元", 24 },
		/* not in whole months, or more than one term */
		{ "十五日", 0 }, { "一年三个月十日", 0 },
		{ "有期徒刑一年，缓刑二年", 0 },
		{ "拘役三个月，缓刑六个月", 0 }, { "年", 0 }, { "无期", 0 },
		{ "99999999999年", 0 }, { "一年半", 0 }, { "五十五十年", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		if (rule_term_months(terms[i].text) != terms[i].months)
			fail_msg("%s: %d", terms[i].text,
			    rule_term_months(terms[i].text));
}

/* ---- moves ---- */

static enum status
try_move(struct family *f, const char *values, const char *to,
    const char *role, struct err *err)
{
	struct rule_world world = { .self = f, .child = child_of };
	const struct rule_who who = { role, "李四" };
	struct record r;
	enum status s;

	fill(&r, "mediation_case", values);
	*err = (struct err)ERR_INIT;
	s = rule_move(schema, schema_register_find(schema, r.reg), &r, to,
	    &who, TODAY, f ? &world : NULL, err);
	record_release(&r);
	return s;
}

#define READY CASE "|@state=draft|village=红旗村|people_count=2|" \
	"summary=双方因宅基地界址发生争执，请求调解。|committee=红旗调委会|" \
	"mediator=李秀英|difficulty=1|forecast=1"

static void
moves_are_checked(void **state)
{
	struct family f = {0};
	struct err err;

	(void)state;
	assert_int_equal(try_move(&f, READY, "archived", "chief", &err),
	    E_INVALID);
	assert_non_null(strstr(err.msg, "present state"));
	assert_int_equal(try_move(&f, READY, "open", "auditor", &err),
	    E_AUTH);
	assert_non_null(strstr(err.msg, "'Accept'"));
	assert_int_equal(try_move(&f, READY, "refused", "clerk", &err),
	    E_INVALID);
	assert_string_equal(err.msg, "'Refused because' must be filled in.");
	assert_int_equal(try_move(&f, READY "|refuse_reason=不属受理范围",
	    "refused", "clerk", &err), E_OK);
	assert_int_equal(try_move(&f, READY "|party_refuses=1", "open",
	    "clerk", &err), E_INVALID);
	assert_non_null(strstr(err.msg, "art. 17"));
	/* children: missed when asked for, not asked for without a world */
	assert_int_equal(try_move(&f, READY, "open", "clerk", &err),
	    E_INVALID);
	assert_non_null(strstr(err.msg, "no applicant"));
	assert_int_equal(try_move(NULL, READY, "open", "clerk", &err), E_OK);
	add_child(&f, "mediation_party", A "|side=1");
	add_child(&f, "mediation_party", B "|side=2");
	assert_int_equal(try_move(&f, READY, "open", "clerk", &err), E_OK);
	/* submitting asks for the whole record */
	assert_int_equal(try_move(&f, CASE "|@state=draft", "open", "clerk",
	    &err), E_INVALID);
	assert_non_null(strstr(err.msg, "must be filled in"));
	assert_int_equal(try_move(&f, READY "|@deleted=重复", "open", "clerk",
	    &err), E_INVALID);
	assert_non_null(strstr(err.msg, "withdrawn"));
	release_family(&f);
}

/* ---- what follows ---- */

static void
values_follow(void **state)
{
	const struct schema_register *person = schema_register_find(schema,
	    "person");
	const struct schema_register *mediation = schema_register_find(schema,
	    "mediation_case");
	struct record r;

	(void)state;
	fill(&r, "person", "name=张小明|id_no=990101188801010013");
	rule_derive(person, &r, TODAY, NULL);
	assert_string_equal(values_get(&r.values, "name_py"), "zxm");
	assert_string_equal(values_get(&r.values, "birth"), "1888-01-01");
	assert_string_equal(values_get(&r.values, "sex"), "1");
	assert_string_equal(values_get(&r.values, "is_minor"), "0");
	/* typed stays, readonly follows */
	values_set(&r.values, "birth", "2010-01-01");
	values_set(&r.values, "sex", "2");
	values_set(&r.values, "name", "李月");
	rule_derive(person, &r, TODAY, NULL);
	assert_string_equal(values_get(&r.values, "birth"), "2010-01-01");
	assert_string_equal(values_get(&r.values, "sex"), "2");
	assert_string_equal(values_get(&r.values, "is_minor"), "1");
	assert_non_null(strstr(values_get(&r.values, "name_py"), "ly"));
	values_set(&r.values, "name", NULL);
	rule_derive(person, &r, TODAY, NULL);
	assert_string_equal(values_get(&r.values, "name_py"), "");
	record_release(&r);

	/* the day of the eighteenth birthday is no minor's any more */
	fill(&r, "person", "birth=2008-11-22");
	rule_derive(person, &r, TODAY, NULL);
	assert_string_equal(values_get(&r.values, "is_minor"), "0");
	rule_derive(person, &r, TODAY - 1, NULL);
	assert_string_equal(values_get(&r.values, "is_minor"), "1");
	record_release(&r);

	/* a number that is none gives nothing */
	fill(&r, "person", "name=张三|id_no=990101188801010012");
	rule_derive(person, &r, TODAY, NULL);
	assert_string_equal(values_get(&r.values, "birth"), "");
	assert_string_equal(values_get(&r.values, "sex"), "");
	record_release(&r);

	fill(&r, "mediation_case", "accept_date=2026-05-01|"
	    "perform_due=2026-06-10");
	rule_derive(mediation, &r, TODAY, NULL);
	assert_string_equal(values_get(&r.values, "due_date"), "2026-05-31");
	assert_string_equal(values_get(&r.values, "perform_warn_on"),
	    "2026-06-03");
	record_release(&r);
}

static void
every_rule_is_known_by_name(void **state)
{
	size_t n = 0;

	(void)state;
	while (rule_name(n))
		n++;
	assert_true(n >= 9);
	assert_null(rule_name(n + 100));
}

static void
faults_are_kept(void **state)
{
	struct faults f = {0};

	(void)state;
	assert_false(faults_stop(&f));
	faults_add(&f, "a", false, "warned %d", 1);
	assert_false(faults_stop(&f));
	faults_add(&f, "a", true, "stopped");
	faults_add(&f, NULL, false, "whole");
	assert_true(faults_stop(&f));
	/* what stops is said first */
	assert_string_equal(faults_at(&f, "a")->msg, "stopped");
	assert_string_equal(faults_at(&f, "")->msg, "whole");
	assert_null(faults_at(&f, "b"));
	faults_release(&f);
	assert_int_equal(f.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_named),
		cmocka_unit_test(codes_out_of_date_warn),
		cmocka_unit_test(a_case_has_two_sides),
		cmocka_unit_test(people_are_at_least_the_parties),
		cmocka_unit_test(a_party_has_one_side),
		cmocka_unit_test(originals_are_enough),
		cmocka_unit_test(sessions_lie_between),
		cmocka_unit_test(nothing_is_entered_twice),
		cmocka_unit_test(villages_are_those_of_the_list),
		cmocka_unit_test(limits_forgive_what_stood),
		cmocka_unit_test(refs_are_looked_behind),
		cmocka_unit_test(terms_are_read),
		cmocka_unit_test(moves_are_checked),
		cmocka_unit_test(values_follow),
		cmocka_unit_test(every_rule_is_known_by_name),
		cmocka_unit_test(faults_are_kept),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
