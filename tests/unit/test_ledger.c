/*
 * The ledger through the door it has: lines in, lines out.  After each test
 * the whole ledger is looked over, so a verdict that left something behind
 * shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/io.h"
#include "core/question.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "db/db_number.h"
#include "kit/county.h"
#include "server/ledger_check.h"

/* A matter that everybody at office one knows; its id. */
static struct uuid
make_matter(struct county *c, enum county_device at, const char *by)
{
	struct uuid id = uuid_new();
	struct op op;

	county_op(&op, c, at, OP_NEW, "matter", &id, by, 0, "title=排水",
	    "@state=open", NULL);
	assert_int_equal(county_do(c, at, &op), VERDICT_OK);
	op_release(&op);
	return id;
}

static void
test_one_of_every_verdict(void **state)
{
	struct county *c = *state;
	struct uuid known = make_matter(c, AT_ONE, "u1");
	struct uuid elsewhere = make_matter(c, AT_TWO, "u2");
	struct uuid fresh = uuid_new(), event = uuid_new();
	char parent[UUID_TEXT_MAX + 16] = "matter_id=";
	const struct {
		const char *what;
		enum op_kind kind;
		const char *reg;
		const struct uuid *record;
		const char *by, *a, *b;
		enum verdict verdict;
	} cases[] = {
		{ "new event", OP_NEW, "visit", &event, "u1", parent,
		  "text=看过", VERDICT_OK },
		{ "edit", OP_SET, "matter", &known, "u1", "place=一村", NULL,
		  VERDICT_OK },
		{ "nothing new", OP_SET, "matter", &known, "u1",
		  "place=一村>一村", NULL, VERDICT_OK },
		{ "unknown register", OP_NEW, "secret", &fresh, "u1", "a=b",
		  NULL, VERDICT_REVIEW },
		{ "unknown record", OP_SET, "matter", &fresh, "u1",
		  "place=x", NULL, VERDICT_REVIEW },
		{ "no such account", OP_SET, "matter", &known, "nobody",
		  "place=x", NULL, VERDICT_DENIED },
		{ "never here", OP_SET, "matter", &known, "u2", "place=x",
		  NULL, VERDICT_DENIED },
		{ "reads only", OP_SET, "matter", &known, "u1c", "place=x",
		  NULL, VERDICT_DENIED },
		{ "other office's record", OP_SET, "matter", &elsewhere, "u1",
		  "place=x", NULL, VERDICT_REVIEW },
		{ "office changed", OP_SET, "matter", &known, "u1",
		  "@office=9900000001>9900000002", NULL, VERDICT_DENIED },
		{ "event changed", OP_SET, "visit", &event, "u1",
		  "text=改过", NULL, VERDICT_DENIED },
		{ "event withdrawn", OP_DEL, "visit", &event, "u1",
		  "@deleted=误录", NULL, VERDICT_OK },
		{ "wrong register", OP_SET, "visit", &known, "u1",
		  "text=x", NULL, VERDICT_INVALID },
		{ "needed field emptied", OP_SET, "matter", &known, "u1",
		  "title=排水>", NULL, VERDICT_INVALID },
		{ "too long", OP_SET, "matter", &known, "u1",
		  "place=一村>一二三四五六七八九十一二三四五六七八九十一", NULL,
		  VERDICT_INVALID },
		{ "order", OP_SET, "matter", &known, "u1",
		  "from_on=2026-03-05", "to_on=2026-03-04", VERDICT_INVALID },
		{ "move without the role", OP_MOVE, "matter", &known, "u1",
		  "@state=open>closed", "to_on=2026-03-04", VERDICT_DENIED },
		{ "move without its field", OP_MOVE, "matter", &known, "u1b",
		  "@state=open>closed", NULL, VERDICT_INVALID },
		{ "no such state", OP_MOVE, "matter", &known, "u1b",
		  "@state=open>gone", NULL, VERDICT_INVALID },
		{ "good move", OP_MOVE, "matter", &known, "u1b",
		  "@state=open>closed", "to_on=2026-03-04", VERDICT_OK },
		{ "the county may", OP_SET, "matter", &known, "uc",
		  "place=一村>二村", NULL, VERDICT_OK },
	};

	uuid_print(parent + 10, &known);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct record before = {0}, after = {0};
		struct op op;
		enum verdict v;

		county_record(&before, c, &known);
		county_op(&op, c, AT_ONE, cases[i].kind, cases[i].reg,
		    cases[i].record, cases[i].by, 1000, cases[i].a, cases[i].b,
		    NULL);
		v = county_do(c, AT_ONE, &op);
		county_record(&after, c, &known);
		if (v != cases[i].verdict)
			fail_msg("%s: %s", cases[i].what, verdict_name(v));
		/* a refusal changes nothing */
		if (verdict_is_refusal(v) && before.rev != after.rev)
			fail_msg("%s changed the record", cases[i].what);
		record_release(&before);
		record_release(&after);
		op_release(&op);
	}
	county_holds(c, &known, "@state", "closed");
	county_holds(c, &known, "place", "二村");
}

static enum verdict
do_op(struct county *c, enum op_kind kind, const char *reg,
    const struct uuid *id, const char *by, const char *a, const char *b)
{
	enum verdict v;
	struct op op;

	county_op(&op, c, AT_ONE, kind, reg, id, by, 1000, a, b, NULL);
	v = county_do(c, AT_ONE, &op);
	op_release(&op);
	return v;
}

/* A pause that another person entered holds the matter open, whatever the
 * mover's screen showed; and none begins once it is closed. */
static void
test_children_make_it_true(void **state)
{
	struct county *c = *state;
	struct uuid id = make_matter(c, AT_ONE, "u1");
	struct uuid pause = uuid_new(), late = uuid_new();
	char parent[64] = "matter_id=";
	struct op op;

	uuid_print(parent + 10, &id);
	county_op(&op, c, AT_ONE, OP_NEW, "pause", &pause, "u1", 0, parent,
	    "text=等材料", "@state=on", NULL);
	assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_OK);
	op_release(&op);
	assert_int_equal(do_op(c, OP_MOVE, "matter", &id, "u1b",
	    "@state=open>closed", "to_on=2026-03-04"), VERDICT_INVALID);
	county_holds(c, &id, "@state", "open");
	assert_int_equal(do_op(c, OP_MOVE, "pause", &pause, "u1",
	    "@state=on>off", NULL), VERDICT_OK);
	assert_int_equal(do_op(c, OP_MOVE, "matter", &id, "u1b",
	    "@state=open>closed", "to_on=2026-03-04"), VERDICT_OK);
	county_op(&op, c, AT_ONE, OP_NEW, "pause", &late, "u1", 0, parent,
	    "text=迟到", "@state=on", NULL);
	assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_INVALID);
	op_release(&op);
}

static void
test_newer_definition_waits(void **state)
{
	struct county *c = *state;
	struct uuid id = uuid_new();
	struct op op;

	county_op(&op, c, AT_ONE, OP_NEW, "matter", &id, "u1", 0, "title=a",
	    NULL);
	op.version = 4;
	assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_REVIEW);
	op_release(&op);
}

static void
test_repeats_get_the_stored_verdict(void **state)
{
	struct county *c = *state;
	struct uuid id = uuid_new();
	struct op ops[3];
	struct record r = {0};

	county_op(&ops[0], c, AT_ONE, OP_NEW, "matter", &id, "u1", 0,
	    "title=a", NULL);
	county_op(&ops[1], c, AT_ONE, OP_SET, "matter", &id, "u1", 0,
	    "title=a>", NULL);
	county_op(&ops[2], c, AT_ONE, OP_SET, "matter", &id, "u1", 0,
	    "place=>b", NULL);
	ops[1].after = ops[0].n;
	ops[2].after = ops[0].n;
	for (int i = 0; i < 4; i++) {
		struct county_reply reply;

		county_sync(&reply, c, AT_ONE, ops, 3);
		assert_int_equal(county_verdict(&reply, 1)->verdict,
		    VERDICT_OK);
		assert_int_equal(county_verdict(&reply, 2)->verdict,
		    VERDICT_INVALID);
		assert_int_equal(county_verdict(&reply, 3)->verdict,
		    VERDICT_OK);
		assert_int_equal(county_verdict(&reply, 3)->rev, 2);
		assert_int_equal(county_end(&reply)->acked, 3);
		county_reply_release(&reply);
		if (i == 1)
			county_restart(c);
	}
	county_record(&r, c, &id);
	assert_int_equal(r.rev, 2);
	record_release(&r);
	for (int i = 0; i < 3; i++)
		op_release(&ops[i]);
}

static void
test_a_copy_is_noticed(void **state)
{
	struct county *c = *state;
	struct uuid id = make_matter(c, AT_ONE, "u1");
	struct county_reply reply;
	struct op op;

	c->at[AT_ONE].n = 0;	/* the copy numbers from the start again */
	county_op(&op, c, AT_ONE, OP_SET, "matter", &id, "u1", 1, "place=x",
	    NULL);
	county_sync(&reply, c, AT_ONE, &op, 1);
	assert_int_equal(reply.answer, ANSWER_DEVICE_FORK);
	assert_int_equal(reply.epoch, 2);
	county_reply_release(&reply);
	county_holds(c, &id, "place", "");
	/* stamped again it goes through */
	c->at[AT_ONE].epoch = 2;
	op.epoch = 2;
	assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_OK);
	county_holds(c, &id, "place", "x");
	op_release(&op);
}

static void
test_a_gap_is_asked_for(void **state)
{
	struct county *c = *state;
	struct uuid a = uuid_new(), b = uuid_new();
	struct county_reply reply;
	struct op ops[2];

	county_op(&ops[0], c, AT_ONE, OP_NEW, "matter", &a, "u1", 0,
	    "title=a", NULL);
	c->at[AT_ONE].n++;
	county_op(&ops[1], c, AT_ONE, OP_NEW, "matter", &b, "u1", 0,
	    "title=b", NULL);
	county_sync(&reply, c, AT_ONE, ops, 2);
	assert_non_null(county_verdict(&reply, 1));
	assert_null(county_verdict(&reply, 3));
	assert_int_equal(county_end(&reply)->need, 2);
	assert_int_equal(county_end(&reply)->acked, 1);
	county_reply_release(&reply);
	/* also when nothing is sent but the device thinks it was */
	county_sync(&reply, c, AT_ONE, NULL, 0);
	assert_int_equal(county_end(&reply)->need, 2);
	county_reply_release(&reply);
	op_release(&ops[0]);
	op_release(&ops[1]);
}

static void
test_two_edit_one_record(void **state)
{
	struct county *c = *state;
	static const struct {
		const char *what, *first, *second;
		enum verdict verdict;
		const char *field, *value;
	} cases[] = {
		{ "other field", "place=x", "note=y", VERDICT_MERGED, "note",
		  "y" },
		{ "same value", "place=x", "place=x", VERDICT_MERGED, "place",
		  "x" },
		{ "same field", "place=x", "place=y", VERDICT_CONFLICT,
		  "place", "x" },
		{ "same group", "from_on=2026-01-01", "to_on=2026-02-01",
		  VERDICT_CONFLICT, "to_on", "" },
		{ "highest", "level=3", "level=7", VERDICT_MERGED, "level",
		  "7" },
		{ "highest stays", "level=7", "level=3", VERDICT_MERGED,
		  "level", "7" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct uuid id = make_matter(c, AT_ONE, "u1");
		struct op one, two;
		enum verdict v;

		county_op(&one, c, AT_ONE, OP_SET, "matter", &id, "u1", 1,
		    cases[i].first, NULL);
		county_op(&two, c, AT_ONE_TOO, OP_SET, "matter", &id, "u1b", 1,
		    cases[i].second, NULL);
		assert_int_equal(county_do(c, AT_ONE, &one), VERDICT_OK);
		v = county_do(c, AT_ONE_TOO, &two);
		if (v != cases[i].verdict)
			fail_msg("%s: %s", cases[i].what, verdict_name(v));
		county_holds(c, &id, cases[i].field, cases[i].value);
		op_release(&one);
		op_release(&two);
	}
}

static void
test_own_chain_never_conflicts(void **state)
{
	struct county *c = *state;
	struct uuid id = make_matter(c, AT_ONE, "u1");
	struct op ops[3];
	struct county_reply reply;

	county_op(&ops[0], c, AT_ONE, OP_SET, "matter", &id, "u1", 1,
	    "place=>a", NULL);
	county_op(&ops[1], c, AT_ONE, OP_SET, "matter", &id, "u1", 1,
	    "place=a>b", NULL);
	county_op(&ops[2], c, AT_ONE, OP_SET, "matter", &id, "u1", 1,
	    "place=b>c", NULL);
	ops[1].after = ops[0].n;
	ops[2].after = ops[1].n;
	county_sync(&reply, c, AT_ONE, ops, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(county_verdict(&reply, ops[i].n)->verdict,
		    VERDICT_OK);
	county_reply_release(&reply);
	county_holds(c, &id, "place", "c");
	/* but an edit that did not see them does */
	for (int i = 0; i < 3; i++)
		op_release(&ops[i]);
	county_op(&ops[0], c, AT_ONE, OP_SET, "matter", &id, "u1", 1,
	    "place=>d", NULL);
	assert_int_equal(county_do(c, AT_ONE, &ops[0]), VERDICT_CONFLICT);
	op_release(&ops[0]);
}

/* The question that a reply brings; its id. */
static struct uuid
find_question(const struct county_reply *r, const char *state,
    struct question *out)
{
	struct err err = ERR_INIT;

	for (size_t i = 0; i < r->count; i++) {
		const struct record *put = &r->lines[i].put;

		if (r->lines[i].kind != WIRE_PUT || !question_is(put) ||
		    strcmp(put->state, state) != 0)
			continue;
		assert_int_equal(question_from_record(out, put, &err), E_OK);
		return put->id;
	}
	fail_msg("no question that is %s", state);
	return (struct uuid){0};
}

static void
test_a_question_is_answered_once(void **state)
{
	struct county *c = *state;
	struct uuid id = make_matter(c, AT_ONE, "u1"), asked, same;
	struct county_reply one, two;
	struct question q = {0}, q2 = {0};
	struct op op, answers[3];

	county_op(&op, c, AT_ONE, OP_SET, "matter", &id, "u1", 1,
	    "place=>东", NULL);
	assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_OK);
	op_release(&op);
	county_op(&op, c, AT_ONE_TOO, OP_SET, "matter", &id, "u1b", 1,
	    "place=>西", "note=>附", NULL);
	assert_int_equal(county_do(c, AT_ONE_TOO, &op), VERDICT_CONFLICT);
	op_release(&op);
	county_holds(c, &id, "note", "附");	/* the rest was applied */

	c->at[AT_ONE_TOO].cursor_count = 0;
	county_sync(&one, c, AT_ONE, NULL, 0);
	county_sync(&two, c, AT_ONE_TOO, NULL, 0);
	asked = find_question(&one, "open", &q);
	same = find_question(&two, "open", &q2);
	assert_int_equal(uuid_compare(&asked, &same), 0);
	assert_int_equal(q.count, 1);
	assert_string_equal(q.fields[0].field, "place");
	assert_string_equal(q.fields[0].theirs, "东");
	assert_string_equal(q.fields[0].mine, "西");
	assert_string_equal(q.by, "u1b");
	assert_int_equal(uuid_compare(&q.record, &id), 0);
	county_reply_release(&one);
	county_reply_release(&two);

	county_op(&answers[0], c, AT_ONE, OP_RESOLVE, "matter", &id, "u1", 3,
	    "place=东>西", NULL);
	county_op(&answers[1], c, AT_ONE_TOO, OP_RESOLVE, "matter", &id, "u1b",
	    3, "place=东>西", NULL);
	county_op(&answers[2], c, AT_ONE_TOO, OP_RESOLVE, "matter", &id, "u1b",
	    3, "place=东>北", NULL);
	for (int i = 0; i < 3; i++)
		answers[i].conflict = asked;
	assert_int_equal(county_do(c, AT_ONE, &answers[0]), VERDICT_OK);
	county_holds(c, &id, "place", "西");
	assert_int_equal(county_do(c, AT_ONE_TOO, &answers[1]), VERDICT_OK);
	county_sync(&two, c, AT_ONE_TOO, &answers[2], 1);
	assert_int_equal(county_verdict(&two, answers[2].n)->verdict,
	    VERDICT_DENIED);
	assert_non_null(strstr(county_verdict(&two, answers[2].n)->why, "甲"));
	county_reply_release(&two);
	county_holds(c, &id, "place", "西");

	c->at[AT_ONE_TOO].cursor_count = 0;
	county_sync(&two, c, AT_ONE_TOO, NULL, 0);
	question_release(&q2);
	(void)find_question(&two, "answered", &q2);
	assert_string_equal(q2.answered_by, "u1");
	county_reply_release(&two);
	question_release(&q);
	question_release(&q2);
	for (int i = 0; i < 3; i++)
		op_release(&answers[i]);
}

static void
test_unknown_question_waits(void **state)
{
	struct county *c = *state;
	struct uuid id = make_matter(c, AT_ONE, "u1");
	struct op op;

	county_op(&op, c, AT_ONE, OP_RESOLVE, "matter", &id, "u1", 1,
	    "place=x", NULL);
	op.conflict = uuid_new();
	assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_REVIEW);
	county_holds(c, &id, "place", "");
	op_release(&op);
}

static void
test_withdrawal_against_edit(void **state)
{
	struct county *c = *state;
	struct uuid id = make_matter(c, AT_ONE, "u1");
	struct op edit, withdrawal;

	county_op(&edit, c, AT_ONE, OP_SET, "matter", &id, "u1", 1, "place=x",
	    NULL);
	county_op(&withdrawal, c, AT_ONE_TOO, OP_DEL, "matter", &id, "u1b", 1,
	    "@deleted=重复", NULL);
	assert_int_equal(county_do(c, AT_ONE, &edit), VERDICT_OK);
	assert_int_equal(county_do(c, AT_ONE_TOO, &withdrawal),
	    VERDICT_CONFLICT);
	county_holds(c, &id, "@deleted", "");
	op_release(&edit);
	op_release(&withdrawal);
}

static void
test_no_echo(void **state)
{
	struct county *c = *state;
	struct uuid a = uuid_new(), b = uuid_new();
	struct record r = {0};
	struct county_reply one, two;
	struct op ops[2];

	county_op(&ops[0], c, AT_ONE, OP_NEW, "matter", &a, "u1", 0,
	    "title=a", "@state=open", NULL);
	op_apply(&r, &ops[0]);
	record_hash(ops[0].expect, &r);
	record_release(&r);
	county_op(&ops[1], c, AT_ONE, OP_NEW, "matter", &b, "u1", 0,
	    "title=b", "@state=open", NULL);
	memcpy(ops[1].expect, ops[0].expect, sizeof ops[1].expect);
	county_sync(&one, c, AT_ONE, ops, 2);
	assert_non_null(county_line(&one, WIRE_ACK, &a));
	assert_null(county_line(&one, WIRE_PUT, &a));
	assert_non_null(county_line(&one, WIRE_PUT, &b));
	assert_int_equal(county_line(&one, WIRE_ACK, &a)->rev, 1);
	county_sync(&two, c, AT_ONE_TOO, NULL, 0);
	assert_non_null(county_line(&two, WIRE_PUT, &a));
	county_reply_release(&one);
	county_reply_release(&two);
	/* the cursor has moved over both */
	county_sync(&one, c, AT_ONE, NULL, 0);
	assert_int_equal(one.count, 1);
	county_reply_release(&one);
	op_release(&ops[0]);
	op_release(&ops[1]);
}

/* One sync that says it understands runs. */
static void
sync_with_runs(struct county_reply *out, struct county *c,
    const struct op *ops, size_t count)
{
	struct wire_hello hello = {0};
	struct op none = {0};
	struct err err = ERR_INIT;
	struct buf text;
	bool is_op = false;

	buf_init(&text, BUF_BATCH_MAX);
	county_hello(&text, c, AT_ONE, ops[0].n);
	assert_int_equal(wire_parse_request(&is_op, &hello, &none, text.data,
	    text.len - 1, &err), E_OK);
	hello.runs = true;
	buf_clear(&text);
	wire_print_hello(&text, &hello);
	for (size_t i = 0; i < count; i++)
		wire_print_op(&text, &ops[i]);
	county_send(out, c, AT_ONE, text.data, text.len);
	buf_release(&text);
}

enum { REFUSED = 2, OTHER = 5, TWICE = 7, RUN_OPS = 9 };

/* New records; one in a state that nothing begins with, one whose content is
 * said to be another, one that is changed at once. */
static void
make_run_ops(struct op ops[RUN_OPS], struct uuid ids[RUN_OPS],
    struct county *c)
{
	struct record r = {0};

	for (size_t i = 0; i < RUN_OPS; i++) {
		bool again = i == TWICE + 1;

		ids[i] = again ? ids[TWICE] : uuid_new();
		if (again)
			county_op(&ops[i], c, AT_ONE, OP_SET, "matter",
			    &ids[i], "u1", 0, "title=a>b", NULL);
		else
			county_op(&ops[i], c, AT_ONE, OP_NEW, "matter",
			    &ids[i], "u1", 0, "title=a", i == REFUSED ?
			    "@state=nowhere" : "@state=open", NULL);
		if (!again)
			record_release(&r);
		op_apply(&r, &ops[i]);
		record_hash(ops[i].expect, &r);
	}
	record_release(&r);
	ops[OTHER].expect[0] = ops[OTHER].expect[0] == '0' ? '1' : '0';
	ops[TWICE + 1].after = ops[TWICE].n;
}

static void
assert_run(const struct wire_line *line, int64_t n, int64_t to)
{
	assert_int_equal(line->kind, WIRE_RUN);
	assert_int_equal(line->n, n);
	assert_int_equal(line->to, to);
}

/* What is as the device has it is told by runs, around what is not. */
static void
test_runs(void **state)
{
	struct county *c = *state;
	struct county_reply one, two;
	struct op ops[RUN_OPS];
	struct uuid ids[RUN_OPS];
	int64_t first;

	make_run_ops(ops, ids, c);
	first = ops[0].n;
	sync_with_runs(&one, c, ops, RUN_OPS);
	assert_int_equal(one.count, 10);
	assert_true(verdict_is_refusal(county_verdict(&one,
	    first + REFUSED)->verdict));
	assert_int_equal(county_verdict(&one, first + OTHER)->verdict,
	    VERDICT_OK);
	assert_non_null(county_verdict(&one, first + TWICE));
	assert_non_null(county_verdict(&one, first + TWICE + 1));
	assert_run(&one.lines[4], first, first + 1);
	assert_run(&one.lines[5], first + 3, first + 4);
	assert_non_null(county_line(&one, WIRE_PUT, &ids[OTHER]));
	assert_run(&one.lines[7], first + 6, first + 6);
	assert_non_null(county_line(&one, WIRE_ACK, &ids[TWICE]));
	/* decided as before, and its lines have come */
	sync_with_runs(&two, c, ops, RUN_OPS);
	assert_int_equal(two.count, RUN_OPS + 1);
	county_reply_release(&one);
	county_reply_release(&two);
	for (size_t i = 0; i < RUN_OPS; i++)
		op_release(&ops[i]);
}

/* A device with a wrong clock hears when it was; a clock that is nearly right
 * is believed. */
static void
test_wrong_clock(void **state)
{
	enum { DAY_MS = 24 * 3600 * 1000 };
	static const struct {
		int64_t off_ms;
		enum wire_kind kind;
		bool believed;
	} rows[] = {
		{ -DAY_MS, WIRE_PUT, false },
		{ DAY_MS, WIRE_PUT, false },
		{ -20000, WIRE_ACK, true },
	};
	struct county *c = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct uuid id = uuid_new();
		struct record r = {0};
		struct county_reply reply;
		struct op op;

		county_op(&op, c, AT_ONE, OP_NEW, "matter", &id, "u1", 0,
		    "title=a", "@state=open", NULL);
		op.server_at = clock_now_at() - 5000;
		op.elapsed_ms = 1000;
		op.at = op.server_at + op.elapsed_ms + rows[i].off_ms;
		op_apply(&r, &op);
		record_hash(op.expect, &r);
		record_release(&r);
		county_sync(&reply, c, AT_ONE, &op, 1);
		assert_non_null(county_line(&reply, rows[i].kind, &id));
		county_reply_release(&reply);
		county_record(&r, c, &id);
		assert_true(r.updated_at == (rows[i].believed ? op.at :
		    op.server_at + op.elapsed_ms));
		assert_true(r.created_at == r.updated_at);
		record_release(&r);
		op_release(&op);
	}
}

static void
test_pages_bring_everything_once(void **state)
{
	enum { COUNT = 150 };
	struct county *c = *state;
	struct op ops[COUNT];
	struct uuid ids[COUNT];
	int seen[COUNT] = {0};
	struct county_reply r;
	int pages = 0;
	bool more = true;

	for (int i = 0; i < COUNT; i++) {
		ids[i] = uuid_new();
		county_op(&ops[i], c, AT_ONE, OP_NEW, "matter", &ids[i], "u1",
		    0, "title=一个很长的事项名称，用来占满一页", NULL);
	}
	county_sync(&r, c, AT_ONE, ops, COUNT);
	assert_int_equal(county_end(&r)->acked, COUNT);
	county_reply_release(&r);
	c->at[AT_ONE_TOO].max_bytes = WIRE_MAX_BYTES_MIN;
	while (more) {
		county_sync(&r, c, AT_ONE_TOO, NULL, 0);
		for (int i = 0; i < COUNT; i++)
			seen[i] += county_line(&r, WIRE_PUT, &ids[i]) != NULL;
		more = county_end(&r)->more;
		county_reply_release(&r);
		pages++;
		assert_true(pages < 50);
	}
	assert_true(pages > 2);
	for (int i = 0; i < COUNT; i++) {
		assert_int_equal(seen[i], 1);
		op_release(&ops[i]);
	}
}

static void
test_cursors_from_elsewhere(void **state)
{
	struct county *c = *state;
	struct county_reply r;
	struct wire_cursor *cursor = &c->at[AT_ONE].cursors[0];
	char mark[9];

	(void)make_matter(c, AT_ONE, "u1");
	assert_int_equal(cursor->seq, 1);
	memcpy(mark, cursor->mark, sizeof mark);
	memcpy(cursor->mark, "deadbeef", sizeof mark);
	county_sync(&r, c, AT_ONE, NULL, 0);
	assert_int_equal(r.answer, ANSWER_FEED_DIVERGED);
	memcpy(cursor->mark, mark, sizeof mark);
	cursor->seq = 2;
	county_sync(&r, c, AT_ONE, NULL, 0);
	assert_int_equal(r.answer, ANSWER_SERVER_BEHIND);
	cursor->seq = 1;
	county_sync(&r, c, AT_ONE, NULL, 0);
	assert_int_equal(r.answer, ANSWER_OK);
	county_reply_release(&r);
}

static void
test_streams_keep_offices_apart(void **state)
{
	struct county *c = *state;
	struct uuid one = make_matter(c, AT_ONE, "u1");
	struct uuid two = make_matter(c, AT_TWO, "u2");
	struct county_reply r;

	county_sync(&r, c, AT_COUNTY, NULL, 0);
	assert_non_null(county_line(&r, WIRE_PUT, &one));
	assert_non_null(county_line(&r, WIRE_PUT, &two));
	assert_int_equal(county_end(&r)->cursor_count, 3);
	county_reply_release(&r);
	county_sync(&r, c, AT_ONE_TOO, NULL, 0);
	assert_non_null(county_line(&r, WIRE_PUT, &one));
	assert_null(county_line(&r, WIRE_PUT, &two));
	assert_int_equal(county_end(&r)->cursor_count, 1);
	county_reply_release(&r);
	/* asking for the other stream gives nothing */
	memcpy(c->at[AT_ONE_TOO].cursors[1].stream, "9900000002/gen",
	    sizeof "9900000002/gen");
	c->at[AT_ONE_TOO].cursor_count = 2;
	county_sync(&r, c, AT_ONE_TOO, NULL, 0);
	assert_null(county_line(&r, WIRE_PUT, &two));
	assert_int_equal(county_end(&r)->cursor_count, 1);
	county_reply_release(&r);
}

static void
test_a_broken_line_stops_nothing(void **state)
{
	struct county *c = *state;
	struct uuid id = uuid_new();
	struct county_reply r;
	struct op op;
	struct buf text;

	county_op(&op, c, AT_ONE, OP_NEW, "matter", &id, "u1", 0, "title=a",
	    NULL);
	op.n = ++c->at[AT_ONE].n;
	buf_init(&text, BUF_BATCH_MAX);
	county_hello(&text, c, AT_ONE, 1);
	buf_text(&text, "{\"t\":\"op\",\"n\":1,\"kind\":\"x\"}\n");
	wire_print_op(&text, &op);
	buf_text(&text, "{\"t\":\"op\",\"n\":3,\"kind\":\"0");	/* cut */
	county_send(&r, c, AT_ONE, text.data, text.len);
	assert_int_equal(county_verdict(&r, 1)->verdict, VERDICT_INVALID);
	assert_int_equal(county_verdict(&r, 2)->verdict, VERDICT_OK);
	assert_int_equal(county_end(&r)->acked, 2);
	county_reply_release(&r);
	buf_release(&text);
	op_release(&op);
}

/* Others are judged while it is read, and then nothing of them may stay. */
static void
test_a_line_that_is_none_undoes_all(void **state)
{
	enum { OPS = 200 };
	struct county *c = *state;
	struct county_reply r;
	struct err err = ERR_INIT;
	int64_t records = 1, verdicts = 1;
	struct db *db = NULL;
	struct buf text;
	size_t good;

	buf_init(&text, BUF_BATCH_MAX);
	county_hello(&text, c, AT_ONE, 1);
	for (int i = 0; i < OPS; i++) {
		struct uuid id = uuid_new();
		struct op op;

		county_op(&op, c, AT_ONE, OP_NEW, "matter", &id, "u1", 0,
		    "title=a", NULL);
		wire_print_op(&text, &op);
		op_release(&op);
	}
	good = text.len;
	buf_text(&text, "{\"t\":\"op\"}\n");
	county_send(&r, c, AT_ONE, text.data, text.len);
	assert_int_equal(r.answer, ANSWER_BAD_REQUEST);
	assert_true(r.why[0] != '\0');
	county_reply_release(&r);
	assert_int_equal(ledger_begin_read(&db, c->ledger, &err), E_OK);
	assert_int_equal(db_number(&records, db, "SELECT count(*) FROM record",
	    &err), E_OK);
	assert_int_equal(db_number(&verdicts, db, "SELECT count(*) FROM opdone",
	    &err), E_OK);
	ledger_end_read(c->ledger);
	assert_int_equal(records, 0);
	assert_int_equal(verdicts, 0);
	county_send(&r, c, AT_ONE, text.data, good);
	assert_int_equal(county_end(&r)->acked, OPS);
	county_reply_release(&r);
	buf_release(&text);
}

static void
test_bad_requests(void **state)
{
	struct county *c = *state;
	struct buf hello, other;
	struct county_reply r;

	buf_init(&hello, BUF_LINE_MAX);
	county_hello(&hello, c, AT_ONE, 1);
	county_send(&r, c, AT_ONE, "", 0);
	assert_int_equal(r.answer, ANSWER_BAD_REQUEST);
	county_send(&r, c, AT_ONE, "{}\n", 3);
	assert_int_equal(r.answer, ANSWER_BAD_REQUEST);
	assert_true(r.why[0] != '\0');
	/* another device's hello under this device's token */
	county_send(&r, c, AT_TWO, hello.data, hello.len);
	assert_int_equal(r.answer, ANSWER_BAD_REQUEST);
	buf_init(&other, BUF_LINE_MAX);
	buf_add(&other, hello.data, hello.len);
	buf_add(&other, hello.data, hello.len);
	county_send(&r, c, AT_ONE, other.data, other.len);
	assert_int_equal(r.answer, ANSWER_BAD_REQUEST);
	/* an epoch that was never given */
	c->at[AT_ONE].epoch = 2;
	buf_clear(&other);
	county_hello(&other, c, AT_ONE, 1);
	county_send(&r, c, AT_ONE, other.data, other.len);
	assert_int_equal(r.answer, ANSWER_BAD_REQUEST);
	buf_release(&hello);
	buf_release(&other);
}

/* The n-th database call fails, for each n: the request fails whole or the
 * operation is done; sent again it is done once. */
static void
test_failing_disk(void **state)
{
	struct county *c = *state;
	struct uuid id = make_matter(c, AT_ONE, "u1");
	long n = 0;
	bool failed = true;

	while (failed) {
		struct county_device_state *d = &c->at[AT_ONE];
		char change[64];
		struct record r = {0};
		struct op op;
		int64_t rev;

		county_record(&r, c, &id);
		rev = r.rev;
		snprintf(change, sizeof change, "place=%s>%ld",
		    record_get(&r, "place"), n + 1);
		record_release(&r);
		n++;
		county_op(&op, c, AT_ONE, OP_SET, "matter", &id, "u1", rev,
		    change, NULL);
		db_fail_after(n);
		county_try(c, AT_ONE, &op);
		failed = db_has_failed();
		db_fail_after(0);
		assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_OK);
		county_record(&r, c, &id);
		assert_int_equal(r.rev, rev + 1);
		record_release(&r);
		op_release(&op);
		assert_true(d->n < 500);
	}
	assert_true(n > 10);
}

static long long
bytes_of_file(struct county *c, const char *name)
{
	char *path = io_join(ledger_dir(c->ledger), name);
	struct stat st = {0};

	assert_int_equal(stat(path, &st), 0);
	free(path);
	return st.st_size;
}

/* Whoever writes finds room in the log and leaves it alone; who has time moves
 * it into the file, while others write on. */
static void
test_the_log_is_moved_by_others(void **state)
{
	const long long much = 60 * 1000 * 1000, room = 48 * 1000 * 1000 - 1;
	struct county *c = *state;
	struct db *db = NULL;
	struct err err = ERR_INIT;

	assert_true(bytes_of_file(c, "ledger.db-wal") < room);
	assert_int_equal(ledger_tidies(c->ledger, &err), E_OK);
	assert_true(bytes_of_file(c, "ledger.db-wal") > room);
	ledger_tidy(c->ledger);		/* there is nothing to do yet */
	assert_int_equal(ledger_begin(&db, c->ledger, &err), E_OK);
	assert_int_equal(db_exec(db, "INSERT INTO meta(name, value)"
	    " VALUES('much', zeroblob(60000000))", &err), E_OK);
	assert_int_equal(ledger_end(c->ledger, E_OK, &err), E_OK);
	assert_true(bytes_of_file(c, "ledger.db") < much);
	assert_int_equal(ledger_begin(&db, c->ledger, &err), E_OK);
	ledger_tidy(c->ledger);
	assert_true(bytes_of_file(c, "ledger.db") > much);
	assert_int_equal(ledger_end(c->ledger, E_OK, &err), E_OK);
	(void)make_matter(c, AT_ONE, "u1");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, county_set_up, \
	county_tear_down_whole)
	const struct CMUnitTest tests[] = {
		T(test_one_of_every_verdict),
		T(test_children_make_it_true),
		T(test_newer_definition_waits),
		T(test_repeats_get_the_stored_verdict),
		T(test_a_copy_is_noticed),
		T(test_a_gap_is_asked_for),
		T(test_two_edit_one_record),
		T(test_own_chain_never_conflicts),
		T(test_a_question_is_answered_once),
		T(test_unknown_question_waits),
		T(test_withdrawal_against_edit),
		T(test_no_echo),
		T(test_runs),
		T(test_wrong_clock),
		T(test_pages_bring_everything_once),
		T(test_cursors_from_elsewhere),
		T(test_streams_keep_offices_apart),
		T(test_a_broken_line_stops_nothing),
		T(test_a_line_that_is_none_undoes_all),
		T(test_bad_requests),
		T(test_failing_disk),
		T(test_the_log_is_moved_by_others),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
