/*
 * Transfers as a forger would send them: the ledger believes the account table
 * and what it holds, never what an operation says of itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/transfer.h"
#include "kit/county.h"
#include "server/ledger_check.h"

#define ONE "9900000001"
#define TWO "9900000002"

struct scene {
	struct county c;
	struct uuid matter, other, visit, transfer;
};

/* What forms and steps fill in with the person's own name. */
static void
print_name(char out[60], const char *field, const char *login)
{
	static const char *const names[][2] = { { "u1", "甲" }, { "u1b", "乙" },
		{ "u1c", "丙" }, { "u2", "丁" }, { "u2b", "己" }, { "uc", "戊" } };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i][0], login) == 0)
			snprintf(out, 60, "%s=%s", field, names[i][1]);
}

static enum verdict
send(struct scene *s, enum county_device at, enum op_kind kind,
    const struct uuid *id, const char *by, const char *office,
    const char *const *changes)
{
	enum verdict v;
	struct op op;
	const char *c[7] = { NULL };

	for (int i = 0; i < 6 && changes[i]; i++)
		c[i] = changes[i];
	county_op(&op, &s->c, at, kind, TRANSFER_REGISTER, id, by, 1000, c[0],
	    c[1], c[2], c[3], c[4], c[5], NULL);
	snprintf(op.office, sizeof op.office, "%s", office);
	v = county_do(&s->c, at, &op);
	op_release(&op);
	return v;
}

static struct uuid
make(struct scene *s, enum county_device at, const char *by, const char *reg,
    const char *a, const char *b)
{
	struct uuid id = uuid_new();
	struct op op;

	county_op(&op, &s->c, at, OP_NEW, reg, &id, by, 0, a, b, NULL);
	assert_int_equal(county_do(&s->c, at, &op), VERDICT_OK);
	op_release(&op);
	return id;
}

static enum verdict
offer(struct scene *s, enum county_device at, const char *by,
    const char *office, const struct uuid *record, const char *to,
    const char *more)
{
	char about[60] = "record=", whom[60] = "to=", name[60];
	const char *changes[] = { about, whom, "reason=why", "@state=offered",
		name, more, NULL };

	uuid_print(about + strlen(about), record);
	print_name(name, "offered_by", by);
	strncat(whom, to, 40);
	s->transfer = uuid_new();
	return send(s, at, OP_NEW, &s->transfer, by, office, changes);
}

static enum verdict
decide(struct scene *s, enum county_device at, const char *by, const char *to,
    const char *more)
{
	char state[60] = "@state=offered>", name[60];
	bool accepts = strcmp(to, "accepted") == 0;
	const char *changes[] = { state, name, more ? more : accepts ? NULL :
		"answer=so", NULL };

	print_name(name, "decided_by", by);
	strncat(state, to, 30);
	return send(s, at, OP_MOVE, &s->transfer, by, ONE, changes);
}

static void
says(struct scene *s, const struct uuid *id, const char *field,
    const char *text)
{
	struct record r = {0};

	county_record(&r, &s->c, id);
	assert_string_equal(record_get(&r, field), text);
	record_release(&r);
}

static int
setup(void **state)
{
	struct scene *s = calloc(1, sizeof *s);
	char parent[60] = "matter_id=";

	*state = s;
	county_open(&s->c);
	s->matter = make(s, AT_ONE, "u1", "matter", "title=a", "@state=open");
	s->other = make(s, AT_ONE, "u1", "matter", "title=b", "@state=open");
	uuid_print(parent + strlen(parent), &s->matter);
	s->visit = make(s, AT_ONE, "u1", "visit", parent, "text=seen");
	return 0;
}

static int
teardown(void **state)
{
	struct scene *s = *state;
	struct err err = ERR_INIT;

	if (ledger_check(s->c.ledger, &err))
		fail_msg("%s", err.msg);
	county_close(&s->c);
	free(s);
	return 0;
}

static void
an_offer_that_is_none(void **state)
{
	struct scene *s = *state;
	const struct uuid nothing = uuid_new();
	const struct {
		const char *what;
		enum county_device at;
		const char *by, *office;
		const struct uuid *record;
		const char *to;
		enum verdict verdict;
	} cases[] = {
		{ "a clerk's", AT_ONE, "u1", ONE, &s->matter, TWO,
		    VERDICT_DENIED },
		{ "an auditor's", AT_ONE, "u1c", ONE, &s->matter, TWO,
		    VERDICT_DENIED },
		{ "the other office's", AT_TWO, "u2b", ONE, &s->matter, TWO,
		    VERDICT_DENIED },
		{ "as its own", AT_TWO, "u2b", TWO, &s->matter, ONE,
		    VERDICT_INVALID },
		{ "to itself", AT_ONE, "u1b", ONE, &s->matter, ONE,
		    VERDICT_INVALID },
		{ "to the county", AT_ONE, "u1b", ONE, &s->matter, "990000",
		    VERDICT_INVALID },
		{ "to nobody", AT_ONE, "u1b", ONE, &s->matter, "9900000009",
		    VERDICT_INVALID },
		{ "of a part", AT_ONE, "u1b", ONE, &s->visit, TWO,
		    VERDICT_INVALID },
		{ "of nothing", AT_ONE, "u1b", ONE, &nothing, TWO,
		    VERDICT_INVALID },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum verdict v = offer(s, cases[i].at, cases[i].by,
		    cases[i].office, cases[i].record, cases[i].to, NULL);

		if (v != cases[i].verdict)
			fail_msg("%s: %s", cases[i].what, verdict_name(v));
	}
	says(s, &s->matter, "@office", ONE);
}

/* Nobody takes what was never offered, in one operation. */
static void
an_offer_that_is_accepted_already(void **state)
{
	struct scene *s = *state;
	char about[60] = "record=";
	const char *changes[] = { about, "to=" TWO, "reason=why",
		"@state=accepted", "offered_by=乙", NULL };
	enum verdict v;

	uuid_print(about + strlen(about), &s->matter);
	s->transfer = uuid_new();
	v = send(s, AT_ONE, OP_NEW, &s->transfer, "u1b", ONE, changes);
	assert_true(verdict_is_refusal(v));
	says(s, &s->matter, "@office", ONE);
}

static void
what_the_server_says_itself(void **state)
{
	struct scene *s = *state;
	char persons[60] = "persons=";

	uuid_print(persons + strlen(persons), &s->other);
	assert_int_equal(offer(s, AT_ONE, "u1b", ONE, &s->matter, TWO,
	    persons), VERDICT_OK);
	says(s, &s->transfer, "persons", "");
	says(s, &s->transfer, "from", ONE);
	assert_true(verdict_is_refusal(decide(s, AT_TWO, "u2b", "accepted",
	    persons)));
	assert_int_equal(decide(s, AT_TWO, "u2b", "accepted", NULL),
	    VERDICT_OK);
	says(s, &s->other, "@office", ONE);
	says(s, &s->matter, "@office", TWO);
	says(s, &s->visit, "@office", TWO);
}

static void
an_answer_that_is_none(void **state)
{
	struct scene *s = *state;
	char other[60] = "record=";
	const struct {
		const char *what;
		enum county_device at;
		const char *by, *to, *more;
	} cases[] = {
		{ "the giver accepts", AT_ONE, "u1b", "accepted", NULL },
		{ "a clerk accepts", AT_TWO, "u2", "accepted", NULL },
		{ "the county accepts", AT_COUNTY, "uc", "accepted", NULL },
		{ "elsewhere signed in", AT_TWO, "u1b", "accepted", NULL },
		{ "the taker takes it back", AT_TWO, "u2b", "withdrawn",
		    NULL },
		{ "without a reason", AT_TWO, "u2b", "rejected", "answer=" },
		{ "another record", AT_TWO, "u2b", "accepted", other },
		{ "another office", AT_TWO, "u2b", "accepted",
		    "from=9900000003" },
	};

	uuid_print(other + strlen(other), &s->other);
	assert_int_equal(offer(s, AT_ONE, "u1b", ONE, &s->matter, TWO, NULL),
	    VERDICT_OK);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum verdict v = decide(s, cases[i].at, cases[i].by,
		    cases[i].to, cases[i].more);

		if (!verdict_is_refusal(v))
			fail_msg("%s: %s", cases[i].what, verdict_name(v));
		says(s, &s->transfer, "@state", "offered");
	}
	says(s, &s->matter, "@office", ONE);
	says(s, &s->other, "@office", ONE);
}

static void
an_offer_is_not_changed(void **state)
{
	struct scene *s = *state;
	const char *to[] = { "to=9900000002>9900000001", NULL };
	const char *blind[] = { "to=9900000001", NULL };
	const char *gone[] = { "@deleted=away", NULL };

	assert_int_equal(offer(s, AT_ONE, "u1b", ONE, &s->matter, TWO, NULL),
	    VERDICT_OK);
	assert_true(verdict_is_refusal(send(s, AT_ONE, OP_SET, &s->transfer,
	    "u1b", ONE, to)));
	assert_true(verdict_is_refusal(send(s, AT_ONE, OP_SET, &s->transfer,
	    "u1b", ONE, blind)));
	assert_true(verdict_is_refusal(send(s, AT_ONE, OP_DEL, &s->transfer,
	    "u1b", ONE, gone)));
	says(s, &s->transfer, "to", TWO);
	says(s, &s->transfer, "@deleted", "");
}

static void
nothing_twice(void **state)
{
	struct scene *s = *state;
	struct uuid first;

	assert_int_equal(offer(s, AT_ONE, "u1b", ONE, &s->matter, TWO, NULL),
	    VERDICT_OK);
	first = s->transfer;
	assert_int_equal(offer(s, AT_ONE, "u1b", ONE, &s->matter, TWO, NULL),
	    VERDICT_INVALID);
	s->transfer = first;
	assert_int_equal(decide(s, AT_TWO, "u2b", "accepted", NULL),
	    VERDICT_OK);
	assert_true(verdict_is_refusal(decide(s, AT_TWO, "u2b", "accepted",
	    "answer=again")));
	assert_true(verdict_is_refusal(decide(s, AT_TWO, "u2b", "rejected",
	    NULL)));
	assert_true(verdict_is_refusal(decide(s, AT_ONE, "u1b", "withdrawn",
	    NULL)));
	says(s, &first, "@state", "accepted");
	says(s, &s->matter, "@office", TWO);
	/* it is not theirs to give any more */
	assert_true(verdict_is_refusal(offer(s, AT_ONE, "u1b", ONE,
	    &s->matter, TWO, NULL)));
}

/* Who gave it away changes it no more, whatever office they say it is. */
static void
who_gave_it_away(void **state)
{
	struct scene *s = *state;
	static const struct {
		const char *by, *office;
		enum verdict verdict;
	} cases[] = {
		{ "u1", ONE, VERDICT_MOVED },
		{ "u1", TWO, VERDICT_DENIED },
		{ "u1c", ONE, VERDICT_DENIED },		/* an auditor */
	};

	assert_int_equal(offer(s, AT_ONE, "u1b", ONE, &s->matter, TWO, NULL),
	    VERDICT_OK);
	assert_int_equal(decide(s, AT_TWO, "u2b", "accepted", NULL),
	    VERDICT_OK);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct op op;

		county_op(&op, &s->c, AT_ONE, OP_SET, "matter", &s->matter,
		    cases[i].by, 1, "place=late", NULL);
		snprintf(op.office, sizeof op.office, "%s", cases[i].office);
		assert_int_equal(county_do(&s->c, AT_ONE, &op),
		    cases[i].verdict);
		op_release(&op);
	}
	says(s, &s->matter, "place", "");
	/* the county may, as with any record */
	assert_int_equal(offer(s, AT_COUNTY, "uc", TWO, &s->matter, ONE, NULL),
	    VERDICT_OK);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(an_offer_that_is_none),
		T(an_offer_that_is_accepted_already),
		T(what_the_server_says_itself),
		T(an_answer_that_is_none),
		T(an_offer_is_not_changed),
		T(nothing_twice),
		T(who_gave_it_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
