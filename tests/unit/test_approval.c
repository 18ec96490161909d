/*
 * Who approves what: the county's table of tests/data/approval, asked as forms
 * ask it, and then as a server is asked by somebody who forges operations.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/io.h"
#include "base/mem.h"
#include "core/rule.h"
#include "db/db.h"
#include "kit/check.h"
#include "kit/county.h"

#define FOLDER "tests/data/approval"
#define OFFICE "9900000001"
#define TODAY_TEXT "2026-11-22"

enum { FILES = 7, TODAY = 20779 };	/* 2026-11-22 */

static const char *const paths[FILES] = { "approvals.json",
	"codes/matter.json", "registers/bill.json",
	"registers/commission.json", "registers/leave.json",
	"registers/office.json", "registers/subject.json" };

static struct schema *schema;

/* ---- definitions ---- */

/* Its "overview": true becomes false, the length stays. */
static void
take_overview(char *text, const char *name)
{
	char *at = strstr(text, name);

	assert_non_null(at);
	at = strstr(at, "\"overview\": true");
	assert_non_null(at);
	/* a key that is null is not there */
	memcpy(strstr(at, "true"), "null", 4);
}

/* The folder, its first file exchanged for text unless that is NULL; in the
 * line of the leave's field of that name "overview" is taken away. */
static enum status
load_without(struct schema **out, struct complaints *complaints,
    const char *text, const char *name, struct err *err)
{
	struct def_file files[FILES];
	struct buf texts[FILES];
	enum status s = E_OK;

	for (size_t i = 0; i < FILES; i++) {
		char *path = io_join(FOLDER, paths[i]);

		buf_init(&texts[i], BUF_RECORD_MAX);
		if (i == 0 && text)
			buf_text(&texts[i], text);
		else
			assert_int_equal(io_read(&texts[i], path, err), E_OK);
		if (name && strcmp(paths[i], "registers/leave.json") == 0)
			take_overview(texts[i].data, name);
		files[i] = (struct def_file){ paths[i], texts[i].data,
			texts[i].len };
		free(path);
	}
	s = schema_load(out, files, FILES, complaints, err);
	for (size_t i = 0; i < FILES; i++)
		buf_release(&texts[i]);
	return s;
}

static enum status
load(struct schema **out, struct complaints *complaints, const char *text,
    struct err *err)
{
	return load_without(out, complaints, text, NULL, err);
}

static int
set_up(void **state)
{
	struct complaints complaints = {0};
	struct err err = ERR_INIT;

	(void)state;
	if (load(&schema, &complaints, NULL, &err))
		fail_msg("%s", err.msg);
	complaints_release(&complaints);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	schema_free(schema);
	return 0;
}

#define STEP(rest) "{\"approvals\":[{\"register\":\"leave\"," \
	"\"submit\":[\"clerk\"],\"steps\":[" rest "]}]}"
#define AT(level) "{\"level\":\"" level "\",\"roles\":[\"chief\"]}"

/* Each is complained about, and the register without a line too. */
static void
mistakes_are_named(void **state)
{
	static const struct {
		const char *text, *file, *path, *words;
	} rows[] = {
		{ "{\"approvals\":[{\"register\":\"leav\",\"submit\":[],"
		  "\"steps\":[]}]}", "approvals.json",
		  "approvals[0].register", "no 'leav'" },
		{ "{\"approvals\":[{\"register\":\"office\",\"submit\":"
		  "[\"clerk\"],\"steps\":[]}]}", "approvals.json",
		  "approvals[0].register", "does not say" },
		{ STEP(""), "approvals.json", "approvals[0].steps",
		  "needs a step" },
		{ STEP(AT("village")), "approvals.json",
		  "approvals[0].steps[0].level", "in this order" },
		{ STEP(AT("county") "," AT("office")), "approvals.json",
		  "approvals[0].steps[1].level", "in this order" },
		{ STEP(AT("county") "," AT("county")), "approvals.json",
		  "approvals[0].steps[1].level", "in this order" },
		{ STEP("{\"level\":\"office\"}"), "approvals.json",
		  "approvals[0].steps[0].roles", "list of roles" },
		{ STEP("{\"level\":\"office\",\"roles\":[\"chief\"],"
		  "\"when\":[{\"field\":\"days\",\"op\":\"filled\"}]}"),
		  "approvals.json", "approvals[0].steps", "somebody decides" },
		{ STEP(AT("leader")), "registers/leave.json",
		  "approval.steps[0].approval", "'leader_by'" },
		{ STEP("{\"level\":\"office\",\"roles\":[\"cheif\"]}"),
		  "registers/leave.json", "approval.steps[0].roles[0]",
		  "'chief' meant" },
		{ STEP("{\"level\":\"office\",\"roles\":[\"chief\"],\"ends\":"
		  "[{\"field\":\"dais\",\"op\":\"filled\"}]}"),
		  "registers/leave.json", "approval.steps[0].ends[0].field",
		  "'days' meant" },
		{ "{\"approvals\":[]}", "registers/bill.json", "approval",
		  "no line" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct complaints c = {0};
		struct schema *s = NULL;
		struct err err = ERR_INIT;
		bool found = false;

		assert_int_equal(load(&s, &c, rows[i].text, &err), E_INVALID);
		for (size_t k = 0; k < c.count; k++)
			found = found ||
			    (strcmp(c.items[k].file, rows[i].file) == 0 &&
			    strcmp(c.items[k].path, rows[i].path) == 0 &&
			    strstr(c.items[k].text, rows[i].words));
		for (size_t k = 0; k < c.count && !found; k++)
			print_message("# %s %s: %s\n", c.items[k].file,
			    c.items[k].path, c.items[k].text);
		if (!found)
			fail_msg("row %zu: no complaint", i);
		complaints_release(&c);
	}
}

/* What waits for a decision is listed from memory. */
static void
the_list_of_what_waits_has_its_fields(void **state)
{
	static const char *const names[] = { "\"entered_by\"",
		"\"submitted_on\"" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct complaints c = {0};
		struct schema *s = NULL;
		struct err err = ERR_INIT;
		bool found = false;

		assert_int_equal(load_without(&s, &c, NULL, names[i], &err),
		    E_INVALID);
		for (size_t k = 0; k < c.count; k++)
			found = found ||
			    (strcmp(c.items[k].path, "approval") == 0 &&
			    strstr(c.items[k].text, "in the overview"));
		assert_true(found);
		complaints_release(&c);
	}
}

/* ---- records ---- */

enum { AROUND_MAX = 4 };

/* What else is there: letters, profiles, other leaves. */
struct around {
	struct record items[AROUND_MAX];
	size_t count;
};

static const struct record *
nth(const struct around *a, const char *reg, const char *office, size_t i)
{
	for (size_t k = 0; k < a->count; k++) {
		const struct record *r = &a->items[k];

		if (strcmp(r->reg, reg) == 0 &&
		    (!office || strcmp(r->office, office) == 0) && i-- == 0)
			return r;
	}
	return NULL;
}

static const struct record *
world_child(void *self, const struct uuid *parent, const char *reg, size_t i)
{
	(void)parent;
	return nth(self, reg, NULL, i);
}

static const struct record *
world_find(void *self, const struct rule_find *what, size_t i)
{
	assert_string_equal(what->field, "@office");
	return nth(self, what->reg, what->value, i);
}

/* "field=text;field=text"; a "@state" too. */
static void
put(struct record *r, const char *values)
{
	while (*values) {
		size_t name_len = strcspn(values, "=");
		size_t len = strcspn(values, ";");
		char *name = mem_strndup(values, name_len);
		char *text = mem_strndup(values + name_len + 1,
		    len - name_len - 1);

		assert_true(record_set(r, name, text));
		free(name);
		free(text);
		values += len + (values[len] != '\0');
	}
}

static void
make(struct record *r, const char *reg, const char *office,
    const char *values)
{
	*r = (struct record){0};
	memcpy(r->reg, reg, strlen(reg) + 1);
	memcpy(r->office, office, strlen(office) + 1);
	(void)record_set(r, "@state", "draft");
	put(r, values);
}

static void
add(struct around *a, const char *reg, const char *office, const char *values)
{
	struct record *r = &a->items[a->count++];

	assert_true(a->count <= AROUND_MAX);
	make(r, reg, office, values);
	r->id.b[0] = (uint8_t)a->count;
}

static void
around_release(struct around *a)
{
	for (size_t i = 0; i < a->count; i++)
		record_release(&a->items[i]);
	a->count = 0;
}

static const struct schema_move *
move_named(const struct schema_register *reg, const char *name)
{
	for (size_t i = 0; i < reg->move_count; i++)
		if (strcmp(reg->moves[i].name, name) == 0)
			return &reg->moves[i];
	fail_msg("there is no move %s", name);
	return NULL;
}

/* As a client does it: derive, stamp, ask.  On success r is in the new state. */
static enum status
go(struct record *r, const char *name, const char *role, const char *person,
    struct around *a, struct err *err)
{
	const struct schema_register *reg = schema_register_find(schema,
	    r->reg);
	const struct rule_world world = { .self = a, .child = world_child,
		.find = world_find };
	const struct schema_move *m = move_named(reg, name);
	const struct rule_who who = { role, person };
	struct record was = {0};
	enum status s;

	*err = (struct err)ERR_INIT;
	record_copy(&was, r);
	rule_derive(reg, r, TODAY, &world);
	rule_stamp(reg, m, r, &who, TODAY, &world);
	s = rule_change(reg, &was, r, m, &who, &world, err);
	if (!s)
		s = rule_move(schema, reg, r, m->to, &who, TODAY, &world, err);
	if (!s) {
		(void)record_set(r, "@state", m->to);
	} else {
		record_release(r);
		*r = was;
		was = (struct record){0};
	}
	record_release(&was);
	return s;
}

/* ---- the table ---- */

#define SUBJECT "subject_id=01890000-0000-7000-8000-000000000001;" \
	"place=省城;entered_by=甲"
#define WEEK SUBJECT ";from_on=2026-11-23;to_on=2026-11-29"
#define EIGHT SUBJECT ";from_on=2026-11-23;to_on=2026-11-30"
#define MONTH SUBJECT ";from_on=2026-12-01;to_on=2026-12-31"
#define THIRTY SUBJECT ";from_on=2026-12-01;to_on=2026-12-30"
#define LETTER "valid_from=2026-01-01;valid_to=2026-12-31;matters=leave;"

/* Semicolons separate here, so several matters are put one by one. */
static void
leaves_go_where_the_rows_say(void **state)
{
	static const struct {
		const char *values, *letter, *others, *move, *role;
		const char *words;	/* NULL: allowed */
	} rows[] = {
		{ WEEK, LETTER, NULL, "submit", "clerk", NULL },
		{ WEEK, LETTER, NULL, "submit", "county_correction",
		  "role does not allow" },
		{ "@state=submitted;" WEEK, LETTER, NULL, "office_approve",
		  "chief", NULL },
		{ "@state=submitted;" WEEK, LETTER, NULL, "office_to_county",
		  "chief", "decides here" },
		{ "@state=submitted;" WEEK, LETTER, NULL, "office_approve",
		  "clerk", "role does not allow" },
		/* eight days are the county's */
		{ "@state=submitted;" EIGHT, LETTER, NULL, "office_approve",
		  "chief", "next is 'county pending'" },
		{ "@state=submitted;" EIGHT, LETTER, NULL, "office_to_county",
		  "chief", NULL },
		/* no letter; one for something else; another office's; over;
		 * not yet; open ended; its last day */
		{ "@state=submitted;" WEEK, NULL, NULL, "office_approve",
		  "chief", "next is 'county pending'" },
		{ "@state=submitted;" WEEK,
		  "valid_from=2026-01-01;matters=plan", NULL,
		  "office_approve", "chief", "next is" },
		{ "@state=submitted;" WEEK, "@office=9900000002;" LETTER, NULL,
		  "office_approve", "chief", "next is" },
		{ "@state=submitted;" WEEK, "valid_from=2026-01-01;"
		  "valid_to=2026-11-21;matters=leave", NULL,
		  "office_approve", "chief", "next is" },
		{ "@state=submitted;" WEEK, "valid_from=2026-11-23;"
		  "matters=leave", NULL, "office_approve", "chief",
		  "next is" },
		{ "@state=submitted;" WEEK, "valid_from=2026-11-22;"
		  "matters=leave", NULL, "office_approve", "chief", NULL },
		{ "@state=submitted;" WEEK, "valid_from=2026-01-01;"
		  "valid_to=2026-11-22;matters=leave", NULL,
		  "office_approve", "chief", NULL },
		/* with 24 days before, 31 in two months */
		{ "@state=submitted;" WEEK, LETTER, "@state=approved;"
		  "from_on=2026-10-01;to_on=2026-10-24", "office_approve",
		  "chief", "next is" },
		{ "@state=submitted;" WEEK, LETTER, "@state=back;"
		  "from_on=2026-10-01;to_on=2026-10-23", "office_approve",
		  "chief", NULL },
		{ "@state=submitted;" WEEK, LETTER, "@state=rejected;"
		  "from_on=2026-10-01;to_on=2026-10-24", "office_approve",
		  "chief", NULL },
		/* days before the two months do not count */
		{ "@state=submitted;" WEEK, LETTER, "@state=back;"
		  "from_on=2026-09-01;to_on=2026-10-16", "office_approve",
		  "chief", NULL },
		{ "@state=office_ok;office_by=乙;" THIRTY, NULL, NULL,
		  "county_approve", "county_correction", NULL },
		{ "@state=office_ok;office_by=乙;" THIRTY, NULL, NULL,
		  "county_approve", "chief", "role does not allow" },
		{ "@state=office_ok;office_by=乙;" MONTH, NULL, NULL,
		  "county_approve", "county_correction",
		  "next is 'city pending'" },
		{ "@state=office_ok;office_by=乙;" MONTH, NULL, NULL,
		  "county_to_city", "county_correction", NULL },
		{ "@state=county_ok;office_by=乙;" MONTH, NULL, NULL,
		  "city_approve", "city", NULL },
		{ "@state=submitted;" WEEK, LETTER, NULL, "county_approve",
		  "county_correction", "role does not allow" },
		{ "@state=submitted;" WEEK, LETTER, NULL, "office_return",
		  "chief", "'Returned because' must" },
		{ "@state=submitted;" WEEK, LETTER, NULL, "office_reject",
		  "chief", "'Office's opinion' must" },
		{ "@state=submitted;" WEEK, LETTER, NULL, "cancel", "clerk",
		  NULL },
		{ "@state=approved;" WEEK, LETTER, NULL, "cancel", "clerk",
		  "present state" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct around a = {0};
		struct record r;
		struct err err;
		enum status s;

		make(&r, "leave", OFFICE, rows[i].values);
		if (rows[i].letter)
			add(&a, "commission", OFFICE, rows[i].letter);
		if (rows[i].others)
			add(&a, "leave", OFFICE, rows[i].others);
		s = go(&r, rows[i].move, rows[i].role, "丁", &a, &err);
		if (rows[i].words ? !s || !strstr(err.msg, rows[i].words) : s)
			fail_msg("row %zu: %s", i, err.msg);
		record_release(&r);
		around_release(&a);
	}
}

/* Which state each step leads to, by amount. */
static void
steps_are_left_out(void **state)
{
	static const struct {
		const char *amount, *move, *from;
		const char *words;
	} rows[] = {
		{ "50", "submit", "draft", "next is 'county pending'" },
		{ "50", "submit_to_county", "draft", NULL },
		{ "100", "submit_to_county", "draft",
		  "next is 'office pending'" },
		{ "50", "county_approve", "office_ok", NULL },
		{ "50", "county_to_leader", "office_ok", "decides here" },
		{ "1000", "county_approve", "office_ok",
		  "next is 'director pending'" },
		{ "1000", "county_to_leader", "office_ok", NULL },
		{ "1000", "leader_approve", "county_ok", NULL },
		{ "3001", "leader_approve", "county_ok", "may approve" },
		{ "3001", "leader_reject", "county_ok", NULL },
		{ "5000", "leader_approve", "county_ok",
		  "next is 'city pending'" },
		{ "5000", "leader_to_city", "county_ok", NULL },
		{ "5000", "city_approve", "leader_ok", NULL },
	};
	const struct schema_register *reg = schema_register_find(schema,
	    "bill");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct schema_move *m = move_named(reg, rows[i].move);
		struct around a = {0};
		struct record r;
		struct err err;
		enum status s;

		make(&r, "bill", OFFICE, "title=补贴;entered_by=甲;"
		    "paper_no=一号;leader_opinion=不行");
		(void)record_set(&r, "amount", rows[i].amount);
		(void)record_set(&r, "@state", rows[i].from);
		s = go(&r, rows[i].move, m->roles[0], "丁", &a, &err);
		if (rows[i].words ? !s || !strstr(err.msg, rows[i].words) : s)
			fail_msg("row %zu: %s", i, err.msg);
		record_release(&r);
	}
}

/* ---- stamps ---- */

static void
steps_are_stamped(void **state)
{
	struct around a = {0};
	struct record r;
	struct err err;

	(void)state;
	make(&r, "leave", OFFICE, EIGHT);
	assert_int_equal(go(&r, "submit", "clerk", "甲", &a, &err), E_OK);
	assert_string_equal(record_get(&r, "submitted_by"), "甲");
	assert_string_equal(record_get(&r, "submitted_on"), TODAY_TEXT);
	assert_string_equal(record_get(&r, "days"), "8");
	assert_string_equal(record_get(&r, "cumulated"), "8");
	assert_string_equal(record_get(&r, "commissioned"), "0");
	put(&r, "office_opinion=同意");
	assert_int_equal(go(&r, "office_to_county", "chief", "乙", &a, &err),
	    E_OK);
	assert_string_equal(record_get(&r, "@state"), "office_ok");
	assert_string_equal(record_get(&r, "office_by"), "乙");
	assert_string_equal(record_get(&r, "office_on"), TODAY_TEXT);
	assert_string_equal(record_get(&r, "self_approved"), "");
	put(&r, "return_reason=材料不全");
	assert_int_equal(go(&r, "county_return", "county_correction", "丙",
	    &a, &err), E_OK);
	assert_string_equal(record_get(&r, "county_by"), "丙");
	/* a new round begins without what was said before */
	assert_int_equal(go(&r, "submit", "clerk", "甲", &a, &err), E_OK);
	assert_string_equal(record_get(&r, "office_by"), "");
	assert_string_equal(record_get(&r, "office_opinion"), "");
	assert_string_equal(record_get(&r, "county_on"), "");
	record_release(&r);
}

/* Nobody decides on their own, but for a small office, and it shows. */
static void
nobody_decides_alone(void **state)
{
	static const struct {
		const char *values, *move, *role, *person, *profile;
		const char *words, *self;
	} rows[] = {
		{ "@state=submitted;" WEEK, "office_approve", "chief", "甲",
		  NULL, "Nobody decides", "" },
		{ "@state=submitted;submitted_by=乙;" WEEK, "office_approve",
		  "chief", "乙", NULL, "Nobody decides", "" },
		{ "@state=submitted;" WEEK, "office_approve", "chief", "甲",
		  "name=一所", "Nobody decides", "" },
		{ "@state=submitted;" WEEK, "office_approve", "chief", "甲",
		  "@office=9900000002;self_approve=1", "Nobody decides", "" },
		{ "@state=submitted;" WEEK, "office_approve", "chief", "甲",
		  "self_approve=1", NULL, "1" },
		{ "@state=submitted;" WEEK, "office_approve", "chief", "乙",
		  "self_approve=1", NULL, "" },
		/* the exception is the office's, not the county's */
		{ "@state=office_ok;" EIGHT, "county_approve",
		  "county_correction", "甲", "self_approve=1",
		  "Nobody decides", "" },
		{ "@state=office_ok;office_by=乙;" EIGHT, "county_approve",
		  "county_correction", "乙", "self_approve=1",
		  "Nobody decides", "" },
		/* sending one's own back is no approval */
		{ "@state=submitted;return_reason=误;" WEEK, "office_return",
		  "chief", "甲", NULL, NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct around a = {0};
		struct record r;
		struct err err;
		enum status s;

		add(&a, "commission", OFFICE, LETTER);
		if (rows[i].profile)
			add(&a, "office", OFFICE, rows[i].profile);
		make(&r, "leave", OFFICE, rows[i].values);
		s = go(&r, rows[i].move, rows[i].role, rows[i].person, &a,
		    &err);
		if (rows[i].words ? !s || !strstr(err.msg, rows[i].words) : s)
			fail_msg("row %zu: %s", i, err.msg);
		assert_string_equal(record_get(&r, "self_approved"),
		    rows[i].self);
		record_release(&r);
		around_release(&a);
	}
}

/* What the decision was made on stays as it was. */
static void
a_decision_freezes_what_it_saw(void **state)
{
	static const struct {
		const char *state, *commissioned;
	} rows[] = {
		{ "draft", "1" }, { "returned", "1" }, { "submitted", "1" },
		{ "office_ok", "1" }, { "approved", "0" }, { "back", "0" },
		{ "rejected", "0" }, { "cancelled", "0" },
	};
	const struct schema_register *reg = schema_register_find(schema,
	    "leave");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct around a = {0};
		const struct rule_world world = { .self = &a,
			.child = world_child, .find = world_find };
		struct record r;

		add(&a, "commission", OFFICE, LETTER);
		make(&r, "leave", OFFICE, "commissioned=0;" WEEK);
		(void)record_set(&r, "@state", rows[i].state);
		rule_derive(reg, &r, TODAY, &world);
		assert_string_equal(record_get(&r, "commissioned"),
		    rows[i].commissioned);
		/* who cannot know does not say no */
		(void)record_set(&r, "@state", "draft");
		put(&r, "commissioned=1");
		rule_derive(reg, &r, TODAY, NULL);
		assert_string_equal(record_get(&r, "commissioned"), "1");
		record_release(&r);
		around_release(&a);
	}
}

/* ---- changes ---- */

static void
changes_are_refused(void **state)
{
	static const struct {
		const char *reg, *was, *change, *role, *words;
	} rows[] = {
		{ "leave", WEEK, "place=县城", "clerk", NULL },
		{ "leave", WEEK, "place=县城", "county_correction",
		  "may not change 'Place'" },
		{ "leave", "@state=submitted;" WEEK, "place=县城", "clerk",
		  "'office pending'" },
		{ "leave", "@state=approved;" WEEK, "to_on=2026-12-29",
		  "chief", "'approved'" },
		{ "leave", "@state=approved;" WEEK, "@deleted=误录", "chief",
		  "'approved'" },
		{ "leave", "@state=returned;" WEEK, "place=县城", "clerk",
		  NULL },
		{ "leave", "@state=returned;" WEEK, "@deleted=误录", "clerk",
		  NULL },
		/* away: what was approved stays, what happens is added */
		{ "leave", "@state=out;" WEEK, "to_on=2026-12-29", "chief",
		  "'To' was approved" },
		{ "leave", "@state=out;" WEEK, "place=北京", "chief",
		  "'Place' was approved" },
		{ "leave", "@state=out;" WEEK, "note=已电话抽查", "clerk",
		  NULL },
		{ "leave", "@state=back;" WEEK, "note=已电话抽查", "clerk",
		  "'back'" },
		{ "leave", WEEK, "county_by=丙", "clerk", "'County' is filled" },
		{ "leave", WEEK, "county_opinion=同意", "chief",
		  "is filled in by" },
		{ "leave", WEEK, "self_approved=1", "chief",
		  "is filled in by" },
		{ "leave", WEEK, "back_on=2026-11-20", "clerk",
		  "is filled in by" },
		{ "bill", "title=补贴;amount=50", "paper_no=一号", "clerk",
		  "may not change 'Paper no.'" },
		{ "office", "name=一所", "self_approve=1", "chief",
		  "may not change 'Self-approval'" },
		{ "office", "name=一所", "self_approve=1", "county_base",
		  NULL },
		{ "office", "name=一所", "name=二所", "chief", NULL },
		{ "leave", NULL, WEEK, "clerk", NULL },
		{ "leave", NULL, WEEK ";county_by=丙", "clerk",
		  "is filled in by" },
		{ "leave", NULL, "from_on=2026-11-23", "clerk",
		  "must name the person" },
		{ "leave", NULL, WEEK ";entered_by=乙", "clerk",
		  "must name the person" },
		{ "office", NULL, "name=一所;self_approve=1", "chief",
		  "may not change" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct schema_register *reg = schema_register_find(
		    schema, rows[i].reg);
		const struct rule_who who = { rows[i].role, "甲" };
		struct record was, next;
		struct err err = ERR_INIT;
		enum status s;

		make(&was, rows[i].reg, OFFICE, rows[i].was ? rows[i].was : "");
		make(&next, rows[i].reg, OFFICE,
		    rows[i].was ? rows[i].was : "");
		put(&next, rows[i].change);
		s = rule_change(reg, rows[i].was ? &was : NULL, &next, NULL,
		    &who, NULL, &err);
		if (rows[i].words ? !s || !strstr(err.msg, rows[i].words) : s)
			fail_msg("row %zu: %s", i, err.msg);
		record_release(&was);
		record_release(&next);
	}
}

/* ---- the server ---- */

/* The kit's county with these definitions, and who decides at the county. */
static int
open_county(void **state)
{
	static const struct account more[] = {
		{ .login = "uk", .name = "己", .office = "990000",
		  .role = "county_correction" },
		{ .login = "ub", .name = "庚", .office = "990000",
		  .role = "county_base" },
	};
	struct county *c = calloc(1, sizeof *c);
	struct err err = ERR_INIT;
	struct db *db = NULL;

	*state = c;
	set_up(NULL);
	county_open(c);
	schema_free(c->schema);
	c->schema = schema;
	kit_check(ledger_begin(&db, c->ledger, &err), &err);
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		struct db_stmt *st = NULL;

		kit_check(account_add(db, &more[i], &err), &err);
		kit_check(db_prepare(&st, db, "INSERT INTO presence(device, login,"
		    " since_at) VALUES(?, ?, 0)", &err), &err);
		db_bind_text(st, 2, more[i].login);
		db_bind_blob(st, 1, c->at[AT_COUNTY].device.id.b,
		    sizeof c->at[AT_COUNTY].device.id.b);
		kit_check(db_run(st, &err), &err);
		db_finish(st);
	}
	kit_check(ledger_end(c->ledger, E_OK, &err), &err);
	return 0;
}

static int
close_county(void **state)
{
	struct county *c = *state;

	county_close(c);	/* the schema with it */
	free(c);
	return 0;
}

/* The verdict, and the sentence it comes with. */
static enum verdict
send(struct county *c, enum county_device at, enum op_kind kind,
    const char *reg, const struct uuid *id, const char *by, int64_t base,
    const char *const *changes, char why[ERR_MSG_MAX])
{
	struct county_reply reply = {0};
	const struct wire_line *line;
	enum verdict v = VERDICT_OK;
	struct op op;

	county_op(&op, c, at, kind, reg, id, by, base,
	    changes[0], changes[0] ? changes[1] : NULL,
	    changes[0] && changes[1] ? changes[2] : NULL,
	    changes[0] && changes[1] && changes[2] ? changes[3] : NULL, NULL);
	snprintf(op.office, sizeof op.office, OFFICE);
	county_sync(&reply, c, at, &op, 1);
	line = county_verdict(&reply, op.n);
	assert_non_null(line);
	v = line->verdict;
	snprintf(why, ERR_MSG_MAX, "%s", line->why);
	county_reply_release(&reply);
	op_release(&op);
	return v;
}

static struct uuid
enter(struct county *c, const char *by, const char *name, const char *to_on)
{
	struct uuid id = uuid_new();
	struct county_reply reply = {0};
	char entered[40], until[40];
	struct op op;

	snprintf(entered, sizeof entered, "entered_by=%s", name);
	snprintf(until, sizeof until, "to_on=%s", to_on);
	county_op(&op, c, AT_ONE, OP_NEW, "leave", &id, by, 0,
	    "subject_id=01890000-0000-7000-8000-000000000001",
	    "from_on=2026-11-23", "place=省城", "@state=draft", until,
	    entered, NULL);
	county_sync(&reply, c, AT_ONE, &op, 1);
	if (county_verdict(&reply, op.n)->verdict != VERDICT_OK)
		fail_msg("%s", county_verdict(&reply, op.n)->why);
	county_reply_release(&reply);
	op_release(&op);
	return id;
}

static int64_t
rev_of(struct county *c, const struct uuid *id)
{
	struct record r = {0};
	int64_t rev;

	county_record(&r, c, id);
	rev = r.rev;
	record_release(&r);
	return rev;
}

static void
good(struct county *c, enum county_device at, const struct uuid *id,
    const char *by, const char *const *changes)
{
	char why[ERR_MSG_MAX];

	if (send(c, at, OP_MOVE, "leave", id, by, rev_of(c, id), changes,
	    why) != VERDICT_OK)
		fail_msg("%s", why);
}

#define MOVE(...) (const char *const[]){ __VA_ARGS__, NULL, NULL, NULL, NULL }

static void
add_letter(struct county *c)
{
	struct uuid id = uuid_new();
	char why[ERR_MSG_MAX];

	assert_int_equal(send(c, AT_COUNTY, OP_NEW, "commission", &id, "ub",
	    0, MOVE("valid_from=2026-01-01", "matters=plan;leave"), why),
	    VERDICT_OK);
}

static void
an_approval_goes_its_way(void **state)
{
	struct county *c = *state;
	struct uuid id = enter(c, "u1", "甲", "2026-12-01");

	clock_fix((int64_t)TODAY * 86400000);
	county_holds(c, &id, "days", "9");
	good(c, AT_ONE, &id, "u1", MOVE("@state=draft>submitted",
	    "submitted_by=甲", "submitted_on=" TODAY_TEXT));
	good(c, AT_ONE, &id, "u1b", MOVE("@state=submitted>office_ok",
	    "office_by=乙", "office_on=2020-01-01", "office_opinion=同意"));
	/* the day is the server's */
	county_holds(c, &id, "office_on", TODAY_TEXT);
	good(c, AT_COUNTY, &id, "uk", MOVE("@state=office_ok>approved",
	    "county_by=己", "county_on=" TODAY_TEXT));
	county_holds(c, &id, "@state", "approved");
	county_holds(c, &id, "commissioned", "0");
	clock_fix(0);
}

/* The office decides what it was commissioned with, whatever the client says
 * of that. */
static void
the_server_knows_the_letter(void **state)
{
	struct county *c = *state;
	struct uuid id = enter(c, "u1", "甲", "2026-11-29");
	char why[ERR_MSG_MAX];

	clock_fix((int64_t)TODAY * 86400000);
	good(c, AT_ONE, &id, "u1", MOVE("@state=draft>submitted",
	    "submitted_by=甲", "submitted_on=" TODAY_TEXT));
	assert_int_equal(send(c, AT_ONE, OP_MOVE, "leave", &id, "u1b",
	    rev_of(c, &id), MOVE("@state=submitted>approved", "office_by=乙",
	    "office_on=" TODAY_TEXT, "commissioned=0>1"), why),
	    VERDICT_INVALID);
	assert_non_null(strstr(why, "county pending"));
	add_letter(c);
	good(c, AT_ONE, &id, "u1b", MOVE("@state=submitted>approved",
	    "office_by=乙", "office_on=" TODAY_TEXT));
	county_holds(c, &id, "commissioned", "1");
	clock_fix(0);
}

static void
forgeries_are_refused(void **state)
{
	static const struct {
		const char *what;
		enum county_device at;
		enum op_kind kind;
		const char *by, *a, *b, *c;
		enum verdict verdict;
		const char *words;
	} rows[] = {
		{ "straight to approved", AT_ONE, OP_MOVE, "u1b",
		  "@state=submitted>approved", "office_by=乙", NULL,
		  VERDICT_INVALID, "county pending" },
		{ "as the county", AT_ONE, OP_MOVE, "u1b",
		  "@state=submitted>approved", "county_by=己", NULL,
		  VERDICT_INVALID, "by its steps" },
		{ "the county's state", AT_ONE, OP_MOVE, "u1b",
		  "@state=submitted>county_ok", "county_by=己", NULL,
		  VERDICT_INVALID, "by its steps" },
		{ "by a clerk", AT_ONE, OP_MOVE, "u1",
		  "@state=submitted>office_ok", "office_by=甲", NULL,
		  VERDICT_DENIED, "role does not allow" },
		{ "in another's name", AT_ONE, OP_MOVE, "u1b",
		  "@state=submitted>office_ok", "office_by=丙", NULL,
		  VERDICT_DENIED, "not what the step" },
		{ "without a name", AT_ONE, OP_MOVE, "u1b",
		  "@state=submitted>office_ok", "office_opinion=同意", NULL,
		  VERDICT_DENIED, "not what the step" },
		{ "with a mark of leave", AT_ONE, OP_MOVE, "u1b",
		  "@state=submitted>office_ok", "office_by=乙",
		  "self_approved=1", VERDICT_DENIED, "not what the step" },
		{ "and a longer one", AT_ONE, OP_MOVE, "u1b",
		  "@state=submitted>office_ok", "office_by=乙",
		  "to_on=2026-12-05>2026-12-31", VERDICT_INVALID,
		  "by its steps" },
		{ "the other's office", AT_ONE, OP_MOVE, "u1b",
		  "@state=submitted>office_ok", "office_by=乙",
		  "entered_by=甲>乙", VERDICT_DENIED, "" },
		{ "an edit while it waits", AT_ONE, OP_SET, "u1",
		  "place=省城>北京", NULL, NULL, VERDICT_INVALID,
		  "by its steps" },
		{ "withdrawn while it waits", AT_ONE, OP_DEL, "u1",
		  "@deleted=误录", NULL, NULL, VERDICT_INVALID,
		  "by its steps" },
		{ "edited by who only decides", AT_COUNTY, OP_SET, "uk",
		  "place=省城>北京", NULL, NULL, VERDICT_DENIED,
		  "may not change this register" },
		{ "an edit that calls itself a step", AT_COUNTY, OP_MOVE,
		  "uk", "place=省城>北京", NULL, NULL, VERDICT_INVALID,
		  "by its steps" },
		{ "before its turn", AT_COUNTY, OP_MOVE, "uk",
		  "@state=submitted>approved", "office_by=己", NULL,
		  VERDICT_DENIED, "role does not allow" },
	};
	struct county *c = *state;
	struct uuid id = enter(c, "u1", "甲", "2026-12-05");
	char why[ERR_MSG_MAX];

	clock_fix((int64_t)TODAY * 86400000);
	add_letter(c);
	good(c, AT_ONE, &id, "u1", MOVE("@state=draft>submitted",
	    "submitted_by=甲", "submitted_on=" TODAY_TEXT));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *const changes[] = { rows[i].a, rows[i].b,
			rows[i].c, NULL, NULL };
		int64_t rev = rev_of(c, &id);
		enum verdict v = send(c, rows[i].at, rows[i].kind, "leave",
		    &id, rows[i].by, rev, changes, why);

		if (v != rows[i].verdict || !strstr(why, rows[i].words))
			fail_msg("%s: %d %s", rows[i].what, (int)v, why);
		assert_int_equal(rev_of(c, &id), rev);
		county_holds(c, &id, "@state", "submitted");
	}
	clock_fix(0);
}

static void
entering_in_another_name_is_refused(void **state)
{
	static const char *const entered[] = { "entered_by=乙", NULL };
	struct county *c = *state;
	char why[ERR_MSG_MAX];

	for (size_t i = 0; i < 2; i++) {
		struct uuid id = uuid_new();

		assert_int_equal(send(c, AT_ONE, OP_NEW, "leave", &id, "u1",
		    0, (const char *const[]){ "subject_id="
		    "01890000-0000-7000-8000-000000000001",
		    "from_on=2026-11-23", "to_on=2026-11-24", entered[i],
		    NULL }, why), VERDICT_DENIED);
		assert_non_null(strstr(why, "must name the person"));
	}
}

/* The chief entered it: refused until the county lets the office, then marked
 * by the client and by nobody left out. */
static void
a_small_office_is_let(void **state)
{
	struct county *c = *state;
	struct uuid id = enter(c, "u1b", "乙", "2026-11-29");
	struct uuid office = uuid_new();
	char why[ERR_MSG_MAX];

	clock_fix((int64_t)TODAY * 86400000);
	add_letter(c);
	good(c, AT_ONE, &id, "u1b", MOVE("@state=draft>submitted",
	    "submitted_by=乙", "submitted_on=" TODAY_TEXT));
	assert_int_equal(send(c, AT_ONE, OP_MOVE, "leave", &id, "u1b",
	    rev_of(c, &id), MOVE("@state=submitted>approved", "office_by=乙",
	    "self_approved=1"), why), VERDICT_DENIED);
	/* the office cannot let itself */
	assert_int_equal(send(c, AT_ONE, OP_NEW, "office", &office, "u1b", 0,
	    MOVE("name=一所", "self_approve=1"), why), VERDICT_DENIED);
	assert_int_equal(send(c, AT_COUNTY, OP_NEW, "office", &office, "ub",
	    0, MOVE("name=一所", "self_approve=1"), why), VERDICT_OK);
	/* without the mark it is still refused */
	assert_int_equal(send(c, AT_ONE, OP_MOVE, "leave", &id, "u1b",
	    rev_of(c, &id), MOVE("@state=submitted>approved", "office_by=乙"),
	    why), VERDICT_DENIED);
	good(c, AT_ONE, &id, "u1b", MOVE("@state=submitted>approved",
	    "office_by=乙", "self_approved=1"));
	county_holds(c, &id, "self_approved", "1");
	clock_fix(0);
}

/* Taken back, changed and handed in again while somebody away from the network
 * agreed to what stood there before. */
static void
what_was_not_seen_is_not_approved(void **state)
{
	struct county *c = *state;
	struct uuid id = enter(c, "u1", "甲", "2026-11-29");
	char why[ERR_MSG_MAX];
	int64_t seen;

	clock_fix((int64_t)TODAY * 86400000);
	add_letter(c);
	good(c, AT_ONE, &id, "u1", MOVE("@state=draft>submitted",
	    "submitted_by=甲"));
	seen = rev_of(c, &id);
	good(c, AT_ONE, &id, "u1b", MOVE("@state=submitted>returned",
	    "office_by=乙", "return_reason=改"));
	assert_int_equal(send(c, AT_ONE, OP_SET, "leave", &id, "u1",
	    rev_of(c, &id), MOVE("place=省城>北京"), why), VERDICT_OK);
	good(c, AT_ONE, &id, "u1", MOVE("@state=returned>submitted",
	    "submitted_by=甲>甲", "office_by=乙>",
	    "office_on=" TODAY_TEXT ">"));
	assert_int_equal(send(c, AT_ONE_TOO, OP_MOVE, "leave", &id, "u1b",
	    seen, MOVE("@state=submitted>approved", "office_by=乙"), why),
	    VERDICT_INVALID);
	assert_non_null(strstr(why, "decide anew"));
	county_holds(c, &id, "@state", "submitted");
	clock_fix(0);
}

#define COUNTY_TEST(f) cmocka_unit_test_setup_teardown(f, open_county, \
	close_county)
#define RULE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(the_list_of_what_waits_has_its_fields),
		RULE_TEST(leaves_go_where_the_rows_say),
		RULE_TEST(steps_are_left_out),
		RULE_TEST(steps_are_stamped),
		RULE_TEST(nobody_decides_alone),
		RULE_TEST(a_decision_freezes_what_it_saw),
		RULE_TEST(changes_are_refused),
		COUNTY_TEST(an_approval_goes_its_way),
		COUNTY_TEST(the_server_knows_the_letter),
		COUNTY_TEST(forgeries_are_refused),
		COUNTY_TEST(entering_in_another_name_is_refused),
		COUNTY_TEST(a_small_office_is_let),
		COUNTY_TEST(what_was_not_seen_is_not_approved),
	};

	tr_set(TR_EN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
