/*
 * Rules of supervision and sanctions, over a subject, its person and the
 * records below it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/uuid.h"
#include "kit/whole.h"

#define ID(n) "019abcde-0000-7000-8000-0000000000" n
#define SUBJECT "subject_id=" ID("01")

enum { AROUND_MAX = 12 };

static struct {
	struct record items[AROUND_MAX];
	size_t count;
} around;

static const struct record *
world_get(void *self, const struct uuid *id)
{
	(void)self;
	for (size_t i = 0; i < around.count; i++)
		if (uuid_compare(&around.items[i].id, id) == 0)
			return &around.items[i];
	return NULL;
}

static const struct record *
world_child(void *self, const struct uuid *parent, const char *reg, size_t i)
{
	char id[UUID_TEXT_MAX];

	(void)self;
	uuid_print(id, parent);
	for (size_t k = 0; k < around.count; k++) {
		const struct record *r = &around.items[k];

		if (strcmp(r->reg, reg) == 0 &&
		    strcmp(record_get(r, "subject_id"), id) == 0 && i-- == 0)
			return r;
	}
	return NULL;
}

static const struct rule_world world = { .get = world_get,
	.child = world_child };

/* "register state values"; an id of its own unless the values say one. */
static void
make(struct record *r, const char *text, unsigned char n)
{
	size_t reg = strcspn(text, " ");
	size_t state = strcspn(text + reg + 1, " ");

	*r = (struct record){ .office = "990101001" };
	memcpy(r->reg, text, reg);
	if (text[reg + 1] != '-')
		memcpy(r->state, text + reg + 1, state);
	assert_true(uuid_parse(&r->id, ID("00")));
	r->id.b[15] = n;
	whole_put(r, text + reg + 1 + state + 1);
}

static void
clear(void)
{
	for (size_t i = 0; i < around.count; i++)
		record_release(&around.items[i]);
	around.count = 0;
}

/* The subject is 01, his person 02; what else is around follows. */
static void
surround(const char *subject, const char *person, const char *const *others)
{
	clear();
	make(&around.items[around.count++], subject, 1);
	make(&around.items[around.count++], person, 2);
	for (size_t i = 0; others[i]; i++) {
		assert_true(around.count < AROUND_MAX);
		make(&around.items[around.count], others[i],
		    (unsigned char)(0x10 + i));
		around.count++;
	}
}

#define MAN "person draft sex=1"
#define WOMAN "person draft sex=2"
#define ACTIVE "correction_subject active category=02|person_id=" ID("02") \
	"|received_on=2026-01-10|term_from=2026-01-01|term_to=2026-12-31|level=init"
#define LEAVE "correction_leave draft " SUBJECT

/* what: the record that is checked; says: words of the complaint at field, NULL
 * when there is none. */
static const struct row {
	const char *subject, *person, *others[4], *what, *field, *says;
	bool stop;
} rows[] = {
	/* leave inside the term */
	{ ACTIVE, MAN, { 0 }, LEAVE "|from_on=2026-11-23|to_on=2026-11-25",
	    "from_on", NULL, false },
	{ ACTIVE, MAN, { 0 }, LEAVE "|from_on=2026-12-30|to_on=2027-01-02",
	    "from_on", "after the term", true },
	{ ACTIVE, MAN, { 0 }, LEAVE "|from_on=2026-12-30|to_on=2026-12-31",
	    "from_on", NULL, false },
	{ ACTIVE, MAN, { 0 }, LEAVE "|from_on=2026-01-09|to_on=2026-01-11",
	    "from_on", "before the subject", true },
	/* two leaves */
	{ ACTIVE, MAN, { "correction_leave approved " SUBJECT
	    "|from_on=2026-11-20|to_on=2026-11-23" },
	    LEAVE "|from_on=2026-11-23|to_on=2026-11-25", "from_on",
	    "Another leave", true },
	{ ACTIVE, MAN, { "correction_leave approved " SUBJECT
	    "|from_on=2026-11-20|to_on=2026-11-22" },
	    LEAVE "|from_on=2026-11-23|to_on=2026-11-25", "from_on", NULL,
	    false },
	{ ACTIVE, MAN, { "correction_leave rejected " SUBJECT
	    "|from_on=2026-11-20|to_on=2026-11-23" },
	    LEAVE "|from_on=2026-11-23|to_on=2026-11-25", "from_on", NULL,
	    false },
	{ ACTIVE, MAN, { "correction_leave approved " SUBJECT
	    "|from_on=2026-11-20|to_on=2026-11-23" },
	    "correction_leave cancelled " SUBJECT
	    "|from_on=2026-11-23|to_on=2026-11-25", "from_on", NULL, false },
	/* a woman's group, and its leader */
	{ ACTIVE, WOMAN, { 0 }, "correction_group_member - " SUBJECT "|sex=1",
	    "sex", "has a woman", false },
	{ ACTIVE, WOMAN, { 0 }, "correction_group_member - " SUBJECT "|sex=2",
	    "sex", NULL, false },
	{ ACTIVE, WOMAN, { "correction_group_member - " SUBJECT "|sex=2" },
	    "correction_group_member - " SUBJECT "|sex=1", "sex", NULL,
	    false },
	{ ACTIVE, WOMAN, { "correction_group_member - " SUBJECT
	    "|sex=2|to_on=2026-05-01" },
	    "correction_group_member - " SUBJECT "|sex=1", "sex",
	    "has a woman", false },
	{ ACTIVE, MAN, { 0 }, "correction_group_member - " SUBJECT "|sex=1",
	    "sex", NULL, false },
	{ ACTIVE, MAN, { "correction_group_member - " SUBJECT "|role=01" },
	    "correction_group_member - " SUBJECT "|role=01", "role",
	    "leader already", false },
	{ ACTIVE, MAN, { "correction_group_member - " SUBJECT "|role=02" },
	    "correction_group_member - " SUBJECT "|role=01", "role", NULL,
	    false },
	/* injunctions */
	{ ACTIVE, MAN, { 0 }, "correction_injunction - " SUBJECT
	    "|from_on=2026-01-01|to_on=2026-12-31", "from_on", NULL, false },
	{ ACTIVE, MAN, { 0 }, "correction_injunction - " SUBJECT
	    "|from_on=2025-12-31|to_on=2026-12-31", "from_on",
	    "before the term", true },
	{ ACTIVE, MAN, { 0 }, "correction_injunction - " SUBJECT
	    "|from_on=2026-02-01|to_on=2027-01-01", "from_on",
	    "after the term", true },
	{ "correction_subject active category=03", MAN, { 0 },
	    "correction_injunction - " SUBJECT "|from_on=2026-02-01",
	    "from_on", "control and probation", true },
	/* devices and permits */
	{ ACTIVE, MAN, { 0 }, "correction_positioning draft " SUBJECT
	    "|from_on=2026-03-01|to_on=2026-06-01", "to_on", NULL, false },
	{ ACTIVE, MAN, { 0 }, "correction_positioning draft " SUBJECT
	    "|from_on=2026-03-01|to_on=2026-06-02", "to_on", "three months",
	    true },
	{ ACTIVE, MAN, { 0 }, "correction_permit draft " SUBJECT
	    "|kind=cross|from_on=2026-03-01|to_on=2026-09-02", "to_on",
	    "six months", true },
	{ ACTIVE, MAN, { 0 }, "correction_permit draft " SUBJECT
	    "|kind=zone|from_on=2026-03-01|to_on=2026-09-02", "to_on", NULL,
	    false },
	/* out of supervision once at a time */
	{ ACTIVE, MAN, { "correction_lost lost " SUBJECT },
	    "correction_lost lost " SUBJECT "|since_on=2026-05-01",
	    "since_on", "already", true },
	{ ACTIVE, MAN, { "correction_lost found " SUBJECT },
	    "correction_lost lost " SUBJECT "|since_on=2026-05-01",
	    "since_on", NULL, false },
	{ ACTIVE, MAN, { 0 }, "correction_lost lost " SUBJECT
	    "|since_on=2026-01-09", "since_on", "before the subject", true },
	/* announcements */
	{ ACTIVE "|minor_now=1", MAN, { 0 }, "correction_ceremony - " SUBJECT
	    "|kind=1|public=1", "public", "juvenile", true },
	{ ACTIVE "|minor_now=1", MAN, { 0 }, "correction_ceremony - " SUBJECT
	    "|kind=1|public=0", "public", NULL, false },
	{ ACTIVE "|minor_now=0", MAN, { 0 }, "correction_ceremony - " SUBJECT
	    "|kind=1|public=1", "public", NULL, false },
	{ ACTIVE, MAN, { "correction_ceremony - " SUBJECT "|kind=1" },
	    "correction_ceremony - " SUBJECT "|kind=1", "kind",
	    "announced already", true },
	{ ACTIVE, MAN, { "correction_ceremony - " SUBJECT "|kind=1" },
	    "correction_ceremony - " SUBJECT "|kind=2", "kind", NULL, false },
	/* appraisals and surveys */
	{ ACTIVE, MAN, { 0 }, "correction_appraisal draft " SUBJECT
	    "|period_to=2026-03-31", "period_to", "Group, plan", false },
	{ ACTIVE "|group_on=2026-01-12|plan_on=2026-01-15|"
	    "announced_on=2026-01-15", MAN, { 0 },
	    "correction_appraisal draft " SUBJECT "|period_to=2026-03-31",
	    "period_to", NULL, false },
	{ ACTIVE, MAN, { "correction_survey - " SUBJECT
	    "|surveyed_on=2026-03-02" }, "correction_survey - " SUBJECT
	    "|surveyed_on=2026-03-30", "surveyed_on", "survey already",
	    false },
	{ ACTIVE, MAN, { "correction_survey - " SUBJECT
	    "|surveyed_on=2026-02-27" }, "correction_survey - " SUBJECT
	    "|surveyed_on=2026-03-01", "surveyed_on", NULL, false },
	{ ACTIVE, MAN, { 0 }, "correction_level_change draft " SUBJECT
	    "|from_level=init|to_level=init", "to_level", "level he has",
	    false },
	/* re-examinations */
	{ "correction_subject active category=04", MAN, { 0 },
	    "correction_recheck draft " SUBJECT "|due_on=2026-03-01|"
	    "new_on=2026-03-31|extension=1", "extension", NULL, false },
	{ "correction_subject active category=04", MAN, { 0 },
	    "correction_recheck draft " SUBJECT "|due_on=2026-03-01|"
	    "new_on=2026-04-01|extension=1", "extension", "another length",
	    true },
	{ "correction_subject active category=04", MAN, { 0 },
	    "correction_recheck draft " SUBJECT "|due_on=2026-03-01|"
	    "new_on=2026-06-01|extension=2", "extension", NULL, false },
	{ "correction_subject active category=04", MAN, { 0 },
	    "correction_recheck draft " SUBJECT "|due_on=2026-03-01|"
	    "new_on=2026-06-02|extension=2", "extension", "another length",
	    true },
	{ ACTIVE, MAN, { 0 }, "correction_recheck draft " SUBJECT
	    "|due_on=2026-03-01|new_on=2026-03-31|extension=1", "due_on",
	    "outside prison", true },
	/* sanctions */
	{ ACTIVE, MAN, { 0 }, "correction_sanction draft " SUBJECT
	    "|kind=P1|basis=P1-34a;P1-34b", "basis", NULL, false },
	{ ACTIVE, MAN, { 0 }, "correction_sanction draft " SUBJECT
	    "|kind=P1|basis=P1-34a;P2-35b", "basis", "another kind", true },
	{ ACTIVE, MAN, { 0 }, "correction_sanction draft " SUBJECT
	    "|kind=P4|basis=P4-46b", "kind", NULL, false },
	{ ACTIVE, MAN, { 0 }, "correction_sanction draft " SUBJECT
	    "|kind=P5|basis=P5-47a", "kind", "another category", true },
	{ ACTIVE, MAN, { 0 }, "correction_sanction draft " SUBJECT
	    "|kind=P6|basis=P6-49h", "kind", "another category", true },
	{ ACTIVE, MAN, { "correction_sanction served " SUBJECT "|kind=P1",
	    "correction_sanction rejected " SUBJECT "|kind=P1" },
	    "correction_sanction draft " SUBJECT "|kind=P2|basis=P2-35e",
	    "basis", "two admonitions", false },
	{ ACTIVE, MAN, { "correction_sanction served " SUBJECT "|kind=P1",
	    "correction_sanction approved " SUBJECT "|kind=P1" },
	    "correction_sanction draft " SUBJECT "|kind=P2|basis=P2-35e",
	    "basis", NULL, false },
	{ ACTIVE, MAN, { "correction_sanction served " SUBJECT "|kind=P2" },
	    "correction_sanction draft " SUBJECT "|kind=P4|basis=P4-46d",
	    "basis", "two warnings", false },
	{ ACTIVE, MAN, { 0 }, "correction_sanction draft " SUBJECT
	    "|kind=R1|basis=R1-33a|proposed_on=2026-07-09", "kind",
	    "six months", false },
	{ ACTIVE, MAN, { 0 }, "correction_sanction draft " SUBJECT
	    "|kind=R1|basis=R1-33a|proposed_on=2026-07-10", "kind", NULL,
	    false },
	{ ACTIVE, MAN, { 0 }, "correction_sanction draft " SUBJECT
	    "|kind=R1|basis=R1-33b|proposed_on=2026-02-01", "kind", NULL,
	    false },
};

/* A complaint with these words at the field; NULL words: any of the rules'. */
static bool
is_said(const struct faults *faults, const struct row *row)
{
	for (size_t i = 0; i < faults->count; i++)
		if (strcmp(faults->items[i].field, row->field) == 0 &&
		    strstr(faults->items[i].msg, row->says)) {
			assert_int_equal(faults->items[i].stop, row->stop);
			return true;
		}
	return false;
}

static const char *const all_words[] = { "after the term", "before the",
	"Another leave", "has a woman", "leader already", "control and",
	"three months", "six months", "already", "juvenile", "Group, plan",
	"level he has", "another length", "outside prison", "another kind",
	"another category", "two admonitions", "two warnings", NULL };

static void
rules_say_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct faults faults = {0};
		struct row row = rows[i];
		struct record r;

		surround(row.subject, row.person, row.others);
		make(&r, row.what, 0x80);
		rule_check(&faults, whole_schema(), schema_register_find(
		    whole_schema(), r.reg), &r, RULE_SAVE, WHOLE_TODAY,
		    &world);
		if (row.says && !is_said(&faults, &row))
			fail_msg("row %zu: %s is not said", i, row.says);
		for (size_t k = 0; !row.says && all_words[k]; k++) {
			struct row none = row;

			none.says = all_words[k];
			for (size_t n = 0; n < faults.count; n++)
				if (strcmp(faults.items[n].field,
				    row.field) == 0 && strstr(
				    faults.items[n].msg, none.says))
					fail_msg("row %zu: %s", i,
					    faults.items[n].msg);
		}
		faults_release(&faults);
		record_release(&r);
	}
	clear();
}

/* ---- the subject itself ---- */

static bool
subject_complains(const char *subject, const char *field, const char *words)
{
	struct faults faults = {0};
	struct record r;
	bool said = false;

	make(&r, subject, 1);
	rule_check(&faults, whole_schema(), schema_register_find(
	    whole_schema(), r.reg), &r, RULE_SAVE, WHOLE_TODAY, &world);
	for (size_t i = 0; i < faults.count; i++)
		said = said || (strcmp(faults.items[i].field, field) == 0 &&
		    strstr(faults.items[i].msg, words));
	faults_release(&faults);
	record_release(&r);
	return said;
}

static void
a_level_changes_by_decision(void **state)
{
	static const char *const none[] = { NULL };
	static const char *const pending[] = {
	    "correction_level_change office_ok " SUBJECT "|to_level=loose",
	    NULL };
	static const char *const decided[] = {
	    "correction_level_change approved " SUBJECT "|to_level=loose",
	    NULL };
	static const char loose[] = "correction_subject active category=02|"
	    "level=loose";

	(void)state;
	surround(ACTIVE, MAN, none);
	assert_true(subject_complains(loose, "level", "approved change"));
	assert_false(subject_complains(ACTIVE, "level", "approved change"));
	surround(ACTIVE, MAN, pending);
	assert_true(subject_complains(loose, "level", "approved change"));
	surround(ACTIVE, MAN, decided);
	assert_false(subject_complains(loose, "level", "approved change"));
	/* one who is not on the roll yet, or had none */
	surround("correction_subject draft level=init", MAN, none);
	assert_false(subject_complains(loose, "level", "approved change"));
	surround("correction_subject active category=02", MAN, none);
	assert_false(subject_complains(loose, "level", "approved change"));
	clear();
}

static void
a_group_is_counted(void **state)
{
	static const char *const none[] = { NULL };
	static const char *const two[] = {
	    "correction_group_member - " SUBJECT "|sex=1",
	    "correction_group_member - " SUBJECT "|sex=1", NULL };
	static const char *const three[] = {
	    "correction_group_member - " SUBJECT "|sex=1",
	    "correction_group_member - " SUBJECT "|sex=1",
	    "correction_group_member - " SUBJECT "|sex=2", NULL };

	(void)state;
	surround(ACTIVE, WOMAN, none);
	assert_false(subject_complains(ACTIVE, "group_on", "group"));
	surround(ACTIVE, WOMAN, two);
	assert_true(subject_complains(ACTIVE, "group_on", "fewer than 3"));
	assert_true(subject_complains(ACTIVE, "group_on", "has a woman"));
	surround(ACTIVE, WOMAN, three);
	assert_false(subject_complains(ACTIVE, "group_on", "group"));
	clear();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_say_what_is_wrong),
		cmocka_unit_test(a_level_changes_by_decision),
		cmocka_unit_test(a_group_is_counted),
	};

	return cmocka_run_group_tests(tests, whole_load, whole_unload);
}
