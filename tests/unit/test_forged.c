/*
 * T17: operations that no program of ours makes, from a device that is ours and
 * a person who may work there.  What is refused leaves the record as it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/tr.h"
#include "core/question.h"
#include "core/scan.h"
#include "core/transfer.h"
#include "kit/county.h"
#include "server/ledger_check.h"

#define OFFICE "9900000001"
#define NOW_AT 1772413865000	/* 2026-03-02T09:11:05+08:00 */
#define DAY_MS (24 * 3600 * 1000LL)

static const char paper[] =
	"{\"register\":\"paper\",\"version\":1,\"order\":1,"
	"\"title\":{\"zh\":\"文书\",\"en\":\"Papers\"},"
	"\"one\":{\"zh\":\"文书\",\"en\":\"paper\"},"
	"\"called\":[\"title\"],\"write\":[\"clerk\",\"chief\"],"
	"\"fields\":["
	"{\"name\":\"title\",\"label\":{\"zh\":\"名称\",\"en\":\"Title\"},"
	" \"type\":\"text\",\"need\":\"save\",\"overview\":true},"
	"{\"name\":\"code\",\"label\":{\"zh\":\"编码\",\"en\":\"Code\"},"
	" \"type\":\"text\",\"readonly\":true},"
	"{\"name\":\"opinion\",\"label\":{\"zh\":\"意见\",\"en\":\"Opinion\"},"
	" \"type\":\"text\",\"write\":[\"chief\"]},"
	"{\"name\":\"on\",\"label\":{\"zh\":\"日期\",\"en\":\"Day\"},"
	" \"type\":\"date\",\"past\":true},"
	"{\"name\":\"entered_by\",\"label\":{\"zh\":\"录入\",\"en\":\"By\"},"
	" \"type\":\"text\",\"readonly\":true,\"initial\":\"@me\"},"
	"{\"name\":\"closed_by\",\"label\":{\"zh\":\"办结人\","
	" \"en\":\"Closed by\"},\"type\":\"text\",\"readonly\":true},"
	"{\"name\":\"closed_on\",\"label\":{\"zh\":\"办结\",\"en\":\"Closed\"},"
	" \"type\":\"date\",\"readonly\":true}],"
	"\"states\":["
	"{\"name\":\"open\",\"label\":{\"zh\":\"在办\",\"en\":\"open\"},"
	"\"active\":true},"
	"{\"name\":\"closed\",\"label\":{\"zh\":\"办结\",\"en\":\"closed\"}}],"
	"\"moves\":[{\"name\":\"close\","
	"\"label\":{\"zh\":\"办结\",\"en\":\"Close\"},\"from\":[\"open\"],"
	"\"to\":\"closed\",\"roles\":[\"chief\"],"
	"\"stamp\":{\"by\":\"closed_by\",\"on\":\"closed_on\"}}],"
	"\"list\":{\"columns\":[{\"path\":\"title\",\"cells\":0}],"
	"\"sort\":[\"title\"],\"filters\":[]},"
	"\"form\":[{\"page\":{\"zh\":\"文书\",\"en\":\"Paper\"},\"rows\":["
	"[\"title\"],[\"opinion\"],[\"on\"]]}]}";

static int
setup(void **state)
{
	static const struct def_file files[] = {
		{ "registers/paper.json", paper, sizeof paper - 1 },
	};
	struct county *c = calloc(1, sizeof *c);

	clock_fix(NOW_AT);
	*state = c;
	county_open_with(c, files, 1);
	return 0;
}

static int
teardown(void **state)
{
	int s = county_tear_down_whole(state);

	clock_fix(0);
	return s;
}

static struct uuid
make_paper(struct county *c)
{
	struct uuid id = uuid_new();
	struct op op;

	county_op(&op, c, AT_ONE, OP_NEW, "paper", &id, "u1", 0, "title=一",
	    "@state=open", "code=A1", "entered_by=甲", NULL);
	assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_OK);
	op_release(&op);
	return id;
}

/* One table for what is new and for what is there. */
struct forged {
	const char *what;
	enum op_kind kind;
	const char *reg, *by, *a, *b;
	bool taken;
};

static const struct forged edits[] = {
	{ "a good one", OP_SET, "paper", "u1", "title=一>二", NULL, true },
	{ "the office", OP_SET, "paper", "u1",
	  "@office=" OFFICE ">9900000002", NULL, false },
	{ "beside a good one", OP_SET, "paper", "u1", "title=二>三",
	  "@office=" OFFICE ">9900000002", false },
	{ "the revision", OP_SET, "paper", "u1", "@rev=99", NULL, false },
	{ "the mark of sync", OP_SET, "paper", "u1", "@sync=sent", NULL,
	  false },
	{ "who made it", OP_SET, "paper", "u1", "@created_by=u1b", NULL,
	  false },
	{ "the one of what was erased", OP_SET, "paper", "u1", "@was=00",
	  NULL, false },
	{ "a system field that is none", OP_SET, "paper", "u1", "@x=1", NULL,
	  false },
	{ "a number given once", OP_SET, "paper", "u1", "code=A1>B2", NULL,
	  false },
	{ "taken away", OP_SET, "paper", "u1", "code=A1>", NULL, false },
	{ "another one entered it", OP_SET, "paper", "u1",
	  "entered_by=甲>乙", NULL, false },
	{ "a field of the chief's", OP_SET, "paper", "u1", "opinion=同意",
	  NULL, false },
	{ "the stamp of a step", OP_SET, "paper", "u1", "closed_by=乙", NULL,
	  false },
	{ "its day", OP_SET, "paper", "u1", "closed_on=2026-03-01", NULL,
	  false },
	{ "a day to come", OP_SET, "paper", "u1", "on=2027-01-01", NULL,
	  false },
	{ "no day", OP_SET, "paper", "u1", "on=2026-02-30", NULL, false },
	{ "controls in a text", OP_SET, "paper", "u1", "title=二>a\033[2J",
	  NULL, false },
	{ "a field that is none", OP_SET, "paper", "u1", "secret=1", NULL,
	  false },
	{ "a step that calls itself an edit", OP_SET, "paper", "u1",
	  "@state=open>closed", "closed_by=甲", false },
	{ "a step in the chief's name", OP_MOVE, "paper", "u1",
	  "@state=open>closed", "closed_by=乙", false },
	{ "the chief's step in another name", OP_MOVE, "paper", "u1b",
	  "@state=open>closed", "closed_by=甲", false },
	{ "a state that is none", OP_SET, "paper", "u1b", "@state=open>gone",
	  NULL, false },
	{ "out of the table", OP_SET, "paper", "u1b", "@state=open>", NULL,
	  false },
	{ "in another register", OP_SET, "@transfer", "u1", "title=x", NULL,
	  false },
	{ "a withdrawal with a forged field", OP_DEL, "paper", "u1",
	  "@deleted=误录", "code=A1>B2", false },
	{ "somebody who never was here", OP_SET, "paper", "away",
	  "title=二>四", NULL, false },
	{ "somebody who is none", OP_SET, "paper", "nobody", "title=二>四",
	  NULL, false },
	{ "the county's leader", OP_SET, "paper", "lead", "title=二>四",
	  NULL, false },
	{ "the server itself", OP_SET, "paper", "", "title=二>四", NULL,
	  false },
};

static void
add_people(struct county *c)
{
	static const struct account people[] = {
		{ .login = "away", .name = "辛", .office = OFFICE,
		  .role = "clerk" },
		{ .login = "lead", .name = "壬", .office = "990000",
		  .role = "county_leader" },
	};
	struct err err = ERR_INIT;
	struct db *db = NULL;

	assert_int_equal(ledger_begin(&db, c->ledger, &err), E_OK);
	for (size_t i = 0; i < sizeof people / sizeof *people; i++)
		assert_int_equal(account_add(db, &people[i], &err), E_OK);
	assert_int_equal(ledger_end(c->ledger, E_OK, &err), E_OK);
}

/* Was it taken? A line that is not even one stops the request. */
static bool
is_taken(struct county *c, const struct forged *f, const struct uuid *id,
    int64_t base)
{
	struct county_reply reply = {0};
	const struct wire_line *line;
	bool taken = false;
	struct op op;

	county_op(&op, c, AT_ONE, f->kind, f->reg, id, f->by, base, f->a, f->b,
	    NULL);
	county_sync(&reply, c, AT_ONE, &op, 1);
	line = reply.answer ? NULL : county_verdict(&reply, op.n);
	if (line)
		taken = !verdict_is_refusal(line->verdict);
	else
		c->at[AT_ONE].n--;
	county_reply_release(&reply);
	op_release(&op);
	return taken;
}

static void
an_edit_is_judged_whole(void **state)
{
	struct county *c = *state;
	struct uuid id = make_paper(c);

	add_people(c);
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		struct record was = {0}, is = {0};
		char before[RECORD_HASH_MAX], after[RECORD_HASH_MAX];
		bool taken;

		county_record(&was, c, &id);
		taken = is_taken(c, &edits[i], &id, was.rev);
		county_record(&is, c, &id);
		record_hash(before, &was);
		record_hash(after, &is);
		if (taken != edits[i].taken)
			fail_msg("%s is %s", edits[i].what, taken ? "taken" :
			    "refused");
		if (!taken && (was.rev != is.rev || strcmp(before, after) != 0))
			fail_msg("%s left something behind", edits[i].what);
		record_release(&was);
		record_release(&is);
	}
}

static void
so_is_what_is_new(void **state)
{
	static const struct forged news[] = {
		{ "a good one", OP_NEW, "paper", "u1", "title=一",
		  "entered_by=甲", true },
		{ "in a later state", OP_NEW, "paper", "u1", "title=一",
		  "@state=closed", false },
		{ "in a state that is none", OP_NEW, "paper", "u1b",
		  "title=一", "@state=gone", false },
		{ "in another name", OP_NEW, "paper", "u1", "title=一",
		  "entered_by=乙", false },
		{ "stamped", OP_NEW, "paper", "u1", "title=一",
		  "closed_by=乙", false },
		{ "with a field of the chief's", OP_NEW, "paper", "u1",
		  "title=一", "opinion=同意", false },
		{ "without what it needs", OP_NEW, "paper", "u1",
		  "entered_by=甲", NULL, false },
		{ "a question of the server's", OP_NEW, QUESTION_REGISTER,
		  "u1", "field=title", "kind=number", false },
		{ "an attachment to nothing", OP_NEW, SCAN_REGISTER, "u1",
		  "name=a.pdf", "arrived=1", false },
		{ "a transfer of nothing", OP_NEW, TRANSFER_REGISTER, "u1",
		  "to=9900000002", "@state=accepted", false },
		{ "a register that is none", OP_NEW, "@account", "u1",
		  "login=x", "role=root", false },
	};
	struct county *c = *state;

	for (size_t i = 0; i < sizeof news / sizeof *news; i++) {
		struct uuid id = uuid_new();
		bool taken = is_taken(c, &news[i], &id, 0);

		if (taken != news[i].taken)
			fail_msg("%s is %s", news[i].what, taken ? "taken" :
			    "refused");
	}
}

/* Whatever a device says of the time, nothing happened after now. */
static void
nothing_is_entered_tomorrow(void **state)
{
	static const struct { int64_t at, server_at, elapsed_ms; } rows[] = {
		{ NOW_AT + 400 * DAY_MS, 0, 0 },
		{ NOW_AT + 400 * DAY_MS, NOW_AT + 400 * DAY_MS, 0 },
		{ NOW_AT, NOW_AT, 400 * DAY_MS },
		{ NOW_AT + 30000, NOW_AT, 1 },
		{ 0, 0, 0 },
		{ 999999999999999, 999999999999999, 999999999999999 },
	};
	struct county *c = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct uuid id = uuid_new();
		struct record r = {0};
		struct op op;

		county_op(&op, c, AT_ONE, OP_NEW, "paper", &id, "u1", 0,
		    "title=一", "entered_by=甲", NULL);
		op.at = rows[i].at;
		op.server_at = rows[i].server_at;
		op.elapsed_ms = rows[i].elapsed_ms;
		assert_int_equal(county_do(c, AT_ONE, &op), VERDICT_OK);
		county_record(&r, c, &id);
		if (r.created_at > NOW_AT || r.updated_at > NOW_AT ||
		    r.created_at <= 0)
			fail_msg("%zu", i);
		record_release(&r);
		op_release(&op);
	}
}

/* What was withdrawn with something wrong in it does not come back with it. */
static void
a_withdrawal_hides_nothing(void **state)
{
	static const struct forged steps[] = {
		{ "withdrawn", OP_DEL, "paper", "u1", "@deleted=误录",
		  "title=一>", true },
		{ "brought back", OP_SET, "paper", "u1", "@deleted=误录>",
		  NULL, false },
	};
	struct county *c = *state;
	struct uuid id = make_paper(c);

	for (size_t i = 0; i < 2; i++) {
		struct record r = {0};

		county_record(&r, c, &id);
		if (is_taken(c, &steps[i], &id, r.rev) != steps[i].taken)
			fail_msg("%s", steps[i].what);
		record_release(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(an_edit_is_judged_whole),
		TEST(so_is_what_is_new),
		TEST(nothing_is_entered_tomorrow),
		TEST(a_withdrawal_hides_nothing),
	};

	tr_set(TR_EN);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
