/*
 * Accounts, computers and offices over the line: who looks after whom, each
 * refusal, what is traced, and that what is done is what the commands do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/password.h"
#include "core/role.h"
#include "kit/check.h"
#include "kit/county.h"
#include "kit/described.h"
#include "server/api.h"
#include "server/device_end.h"
#include "server/grant.h"
#include "server/ledger_audit.h"

#define ONE "9900000001"
#define TWO "9900000002"

enum who { CLERK, CHIEF, LEADER, ADMIN, SECURITY, AUDIT, PEOPLE };

struct day {
	struct county c;
	struct api *api;
	struct county_seat seats[PEOPLE];
};

struct reply {
	int status;
	struct json *j;		/* owned */
};

static int
setup(void **state)
{
	static const char *const roles[PEOPLE] = { "clerk", "chief",
		"county_leader", "admin", "security_admin", "audit_admin" };
	struct day *d = mem_alloc(1, sizeof *d);
	struct err err = ERR_INIT;

	tr_set(TR_EN);
	clock_fix(clock_parse("2026-11-22T10:00:00+08:00"));
	county_open(&d->c);
	kit_check(api_new(&d->api, d->c.ledger, d->c.schema, &err), &err);
	for (int i = 0; i < PEOPLE; i++)
		county_seat(&d->seats[i], &d->c, i < LEADER ? ONE : "990000",
		    roles[i]);
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	struct day *d = *state;

	api_free(d->api);
	county_close(&d->c);
	free(d);
	clock_fix(0);
	tr_set(TR_ZH);
	return 0;
}

/* body NULL: a GET. */
static struct reply
ask(struct day *d, enum who who, const char *path, const char *body)
{
	struct http_request request = { .method = body ? "POST" : "GET" };
	struct http_reply reply = { .status = 200, .type = "application/json" };
	struct reply out = {0};
	struct err err = ERR_INIT;

	snprintf(request.path, sizeof request.path, "%s", path);
	snprintf(request.header[HTTP_PROTO], HTTP_HEADER_MAX, "1");
	snprintf(request.header[HTTP_AUTHORIZATION], HTTP_HEADER_MAX,
	    "Bearer %s", d->seats[who].token);
	snprintf(request.header[HTTP_USER_TOKEN], HTTP_HEADER_MAX, "%s",
	    d->seats[who].person);
	for (int i = 0; i < HTTP_ARGUMENT_COUNT; i++)
		request.argument[i] = "";
	buf_init(&request.body, HTTP_BODY_MAX);
	buf_text(&request.body, body ? body : "");
	buf_init(&reply.body, BUF_BATCH_MAX);
	assert_true(api_answer(d->api, &request, &reply));
	described_check(&request, &reply);
	out.status = reply.status;
	kit_check(json_parse(&out.j, reply.body.data, reply.body.len,
	    BUF_BATCH_MAX, &err), &err);
	buf_release(&request.body);
	buf_release(&reply.body);
	return out;
}

/* The status, and of a refusal the word. */
static void
expect(struct day *d, enum who who, const char *path, const char *body,
    int status, const char *word)
{
	struct reply r = ask(d, who, path, body);
	const char *error = json_get_text(r.j, "error");

	if (r.status != status || strcmp(error ? error : "", word) != 0)
		fail_msg("%s %s by %s: %d %s instead of %d %s", path, body,
		    d->seats[who].role, r.status, error ? error : "", status,
		    word);
	json_free(r.j);
}

/* How many of a list, and the one whose member is so. */
static size_t
find(struct json **out, const struct reply *r, const char *list,
    const char *member, const char *text)
{
	size_t count = 0;

	*out = NULL;
	for (struct json *j = json_first(json_get(r->j, list)); j;
	    j = json_next(j)) {
		count++;
		if (strcmp(json_get_text(j, member), text) == 0)
			*out = j;
	}
	return count;
}

/* ---- the trace ---- */

struct seen {
	const char *what, *note;
	size_t count;
};

static enum status
look(void *self, const struct ledger_audit_row *row, struct err *err)
{
	struct seen *s = self;

	(void)err;
	if (strcmp(row->entry.what, s->what) == 0 &&
	    strcmp(row->entry.note, s->note) == 0)
		s->count++;
	return E_OK;
}

static size_t
traced(struct day *d, enum who who, const char *what, const char *note)
{
	struct seen s = { what, note, 0 };
	struct err err = ERR_INIT;
	struct db *db = NULL;

	kit_check(ledger_begin_read(&db, d->c.ledger, &err), &err);
	kit_check(ledger_audit_user(db, d->seats[who].login, 0, INT64_MAX, look,
	    &s, &err), &err);
	ledger_end_read(d->c.ledger);
	return s.count;
}

/* ---- tests ---- */

static void
everybody_sees_whom_they_look_after(void **state)
{
	struct day *d = *state;
	struct reply r = ask(d, CHIEF, "/v1/people", NULL);
	struct json *one;

	assert_int_equal(find(&one, &r, "people", "user", "u1"), 5);
	assert_true(json_is_true(json_get(one, "may")));
	assert_string_equal(json_get_text(one, "office_name"), "一所");
	assert_string_equal(json_get_text(one, "role"), "clerk");
	find(&one, &r, "people", "user", "u1c");
	assert_false(json_is_true(json_get(one, "may")));
	find(&one, &r, "people", "user", d->seats[CHIEF].login);
	assert_false(json_is_true(json_get(one, "may")));
	assert_int_equal(json_count(json_get(r.j, "roles")), 3);
	assert_int_equal(find(&one, &r, "offices", "code", ONE), 1);
	json_free(r.j);
	r = ask(d, ADMIN, "/v1/people", NULL);
	assert_int_equal(find(&one, &r, "people", "user", "u2"), 12);
	assert_true(json_is_true(json_get(one, "may")));
	assert_int_equal(json_count(json_get(r.j, "roles")), 1);
	assert_int_equal(find(&one, &r, "offices", "code", TWO), 3);
	json_free(r.j);
	expect(d, CLERK, "/v1/people", NULL, 403, "not_to_manage");
}

static void
a_first_password_is_made(void **state)
{
	struct day *d = *state;
	struct reply r = ask(d, CHIEF, "/v1/people/add", "{\"user\":\"new\","
	    "\"name\":\"新人\",\"role\":\"clerk\",\"office\":\"" ONE "\"}");
	struct account a = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;
	struct json *one;
	char *first;

	assert_int_equal(r.status, 200);
	first = mem_strdup(json_get_text(r.j, "password"));
	json_free(r.j);
	kit_check(password_check(first, "new", &err), &err);
	r = ask(d, CHIEF, "/v1/people", NULL);
	find(&one, &r, "people", "user", "new");
	assert_true(json_is_true(json_get(one, "initial")));
	json_free(r.j);
	kit_check(ledger_begin_read(&db, d->c.ledger, &err), &err);
	kit_check(account_get(&a, db, "new", &err), &err);
	ledger_end_read(d->c.ledger);
	kit_check(crypto_password_verify(a.verifier, first, &err), &err);
	assert_string_equal(a.role, "clerk");
	assert_string_equal(a.office, ONE);
	r = ask(d, CHIEF, "/v1/people/password", "{\"user\":\"new\"}");
	assert_int_equal(r.status, 200);
	assert_string_not_equal(json_get_text(r.j, "password"), first);
	json_free(r.j);
	free(first);
}

static void
nobody_gives_what_is_above_them(void **state)
{
	static const struct {
		enum who who;
		const char *path, *body;
		int status;
		const char *word;
	} tries[] = {
		{ CHIEF, "/v1/people/add", "{\"user\":\"x9\",\"name\":\"x\","
		    "\"role\":\"auditor\",\"office\":\"" ONE "\"}", 403,
		    "not_to_grant" },
		{ CHIEF, "/v1/people/add", "{\"user\":\"x9\",\"name\":\"x\","
		    "\"role\":\"clerk\",\"office\":\"" TWO "\"}", 404,
		    "no_office" },
		{ CHIEF, "/v1/people/add", "{\"user\":\"x9\",\"name\":\"x\","
		    "\"role\":\"king\",\"office\":\"" ONE "\"}", 400,
		    "bad_request" },
		{ CHIEF, "/v1/people/add", "{\"user\":\"X 9\",\"name\":\"x\","
		    "\"role\":\"clerk\",\"office\":\"" ONE "\"}", 400,
		    "bad_request" },
		{ CHIEF, "/v1/people/add", "{\"user\":\"u2\",\"name\":\"x\","
		    "\"role\":\"clerk\",\"office\":\"" ONE "\"}", 409,
		    "stands" },
		{ CHIEF, "/v1/people/set", "{\"user\":\"u1\","
		    "\"role\":\"county_base\"}", 403, "not_to_grant" },
		{ CHIEF, "/v1/people/set", "{\"user\":\"u1\","
		    "\"office\":\"" TWO "\"}", 404, "no_office" },
		{ CHIEF, "/v1/people/set", "{\"user\":\"u2\","
		    "\"role\":\"clerk\"}", 404, "no_person" },
		{ CHIEF, "/v1/people/disable", "{\"user\":\"u1c\"}", 403,
		    "not_to_grant" },
		{ CHIEF, "/v1/people/disable", "{}", 400, "bad_request" },
		{ CHIEF, "/v1/people/set", "{\"user\":\"x_chief\","
		    "\"role\":\"clerk\"}", 403, "yourself" },
		{ CHIEF, "/v1/offices/add", "{\"code\":\"99009\","
		    "\"name\":\"x\"}", 403, "not_to_manage" },
		{ CHIEF, "/v1/devices/code", "{\"office\":\"" TWO "\"}", 404,
		    "no_office" },
		{ CHIEF, "/v1/devices/revoke", "{\"device\":\"x\"}", 404,
		    "no_device" },
		{ ADMIN, "/v1/people/set", "{\"user\":\"x_admin\","
		    "\"role\":\"county_leader\"}", 403, "yourself" },
		{ ADMIN, "/v1/people/set", "{\"user\":\"u1\","
		    "\"office\":\"990077\"}", 404, "no_office" },
		{ ADMIN, "/v1/offices/rename", "{\"code\":\"990077\","
		    "\"name\":\"x\"}", 404, "no_office" },
		{ ADMIN, "/v1/offices/add", "{\"code\":\"?\","
		    "\"name\":\"x\"}", 400, "bad_request" },
		{ CLERK, "/v1/people/disable", "{\"user\":\"u1\"}", 403,
		    "not_to_manage" },
		{ CLERK, "/v1/devices/code", "{\"office\":\"" ONE "\"}", 403,
		    "not_to_manage" },
	};
	struct day *d = *state;

	for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
		expect(d, tries[i].who, tries[i].path, tries[i].body,
		    tries[i].status, tries[i].word);
}

/* Nobody is left at the county only when nobody was. */
static void
the_last_one_of_the_county_stays(void **state)
{
	struct day *d = *state;

	expect(d, ADMIN, "/v1/people/disable", "{\"user\":\"x_admin\"}", 403,
	    "yourself");
	expect(d, ADMIN, "/v1/people/disable",
	    "{\"user\":\"x_county_leader\"}", 200, "");
	expect(d, LEADER, "/v1/people/disable", "{\"user\":\"u1\"}", 403,
	    "user_disabled");
	expect(d, ADMIN, "/v1/people/enable",
	    "{\"user\":\"x_county_leader\"}", 200, "");
	expect(d, LEADER, "/v1/people/disable",
	    "{\"user\":\"x_county_leader\"}", 403, "yourself");
	expect(d, LEADER, "/v1/people", NULL, 200, "");
}

static void
a_computer_comes_and_goes(void **state)
{
	struct day *d = *state;
	struct reply r = ask(d, CHIEF, "/v1/devices/code", "{\"office\":\"" ONE
	    "\"}");
	char id[UUID_TEXT_MAX], token[TOKEN_TEXT_MAX], body[80];
	enum answer answer = ANSWER_INTERNAL;
	struct device made = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;
	struct json *one;
	int64_t until = 0;

	assert_int_equal(r.status, 200);
	assert_true(json_get_int(r.j, "until", &until));
	assert_int_equal(until, clock_now_at() +
	    DEVICE_CODE_HOURS * 3600 * 1000LL);
	kit_check(ledger_begin(&db, d->c.ledger, &err), &err);
	kit_check(device_enroll(&made, token, &answer, db,
	    json_get_text(r.j, "code"), "新机", NULL, &err),
	    &err);
	kit_check(ledger_end(d->c.ledger, E_OK, &err), &err);
	json_free(r.j);
	assert_int_equal(answer, ANSWER_OK);
	uuid_print(id, &made.id);
	snprintf(body, sizeof body, "{\"device\":\"%s\"}", id);
	r = ask(d, CHIEF, "/v1/devices", NULL);
	assert_int_equal(find(&one, &r, "devices", "device", id), 5);
	assert_string_equal(json_get_text(one, "label"), "新机");
	assert_string_equal(json_get_text(one, "user"), "");
	json_free(r.j);
	expect(d, CHIEF, "/v1/devices/revoke", body, 200, "");
	expect(d, CHIEF, "/v1/devices/revoke", body, 409, "stands");
	expect(d, CHIEF, "/v1/devices/allow", body, 200, "");
	expect(d, CHIEF, "/v1/devices/erase", body, 200, "");
	expect(d, CHIEF, "/v1/devices/allow", body, 409, "stands");
	r = ask(d, ADMIN, "/v1/devices", NULL);
	assert_int_equal(find(&one, &r, "devices", "device", id), 11);
	assert_string_equal(json_get_text(one, "standing"), "to erase");
	json_free(r.j);
}

/* The county's; a chief has one office, and what is to be erased stays. */
static void
a_computer_is_moved(void **state)
{
	struct day *d = *state;
	struct reply r;
	struct json *one;
	char id[UUID_TEXT_MAX], body[120], back[120], nowhere[120], lone[80];

	uuid_print(id, &d->c.at[0].device.id);
	snprintf(body, sizeof body, "{\"device\":\"%s\",\"office\":\"" TWO
	    "\"}", id);
	snprintf(back, sizeof back, "{\"device\":\"%s\",\"office\":\"" ONE
	    "\"}", id);
	snprintf(nowhere, sizeof nowhere, "{\"device\":\"%s\",\"office\":"
	    "\"990077\"}", id);
	snprintf(lone, sizeof lone, "{\"device\":\"%s\"}", id);
	expect(d, CHIEF, "/v1/devices/give", body, 404, "no_office");
	expect(d, CLERK, "/v1/devices/give", body, 403, "not_to_manage");
	expect(d, SECURITY, "/v1/devices/give", body, 403, "not_to_manage");
	expect(d, ADMIN, "/v1/devices/give", nowhere, 404, "no_office");
	expect(d, ADMIN, "/v1/devices/give", lone, 400, "bad_request");
	expect(d, ADMIN, "/v1/devices/give", back, 409, "stands");
	expect(d, ADMIN, "/v1/devices/give", body, 200, "");
	r = ask(d, ADMIN, "/v1/devices", NULL);
	find(&one, &r, "devices", "device", id);
	assert_string_equal(json_get_text(one, "office"), TWO);
	json_free(r.j);
	/* it is another office's now, as unknown as any */
	expect(d, CHIEF, "/v1/devices/revoke", lone, 404, "no_device");
	expect(d, LEADER, "/v1/devices/give", back, 200, "");
	expect(d, LEADER, "/v1/devices/erase", lone, 200, "");
	r = ask(d, ADMIN, "/v1/devices/give", body);
	assert_int_equal(r.status, 409);
	assert_non_null(strstr(json_get_text(r.j, "message"), "destroy"));
	json_free(r.j);
	snprintf(nowhere, sizeof nowhere, "device give %s office=" TWO, id);
	assert_int_equal(traced(d, ADMIN, "manage", nowhere), 1);
}

static void
an_office_is_added_and_renamed(void **state)
{
	struct day *d = *state;
	struct reply r;
	struct json *one;

	expect(d, ADMIN, "/v1/offices/add", "{\"code\":\"9900000003\","
	    "\"name\":\"三所\"}", 200, "");
	expect(d, ADMIN, "/v1/offices/rename", "{\"code\":\"9900000003\","
	    "\"name\":\"新三所\"}", 200, "");
	r = ask(d, ADMIN, "/v1/people", NULL);
	assert_int_equal(find(&one, &r, "offices", "code", "9900000003"), 4);
	assert_string_equal(json_get_text(one, "name"), "新三所");
	json_free(r.j);
	expect(d, LEADER, "/v1/people/set", "{\"user\":\"u1\","
	    "\"office\":\"9900000003\",\"role\":\"chief\",\"name\":\"甲甲\"}",
	    200, "");
}

static void
who_gave_whom_what_is_traced(void **state)
{
	struct day *d = *state;

	expect(d, SECURITY, "/v1/people/set", "{\"user\":\"u1\","
	    "\"role\":\"chief\"}", 200, "");
	assert_int_equal(traced(d, SECURITY, "manage", "user set u1 role=chief"),
	    1);
	expect(d, CHIEF, "/v1/people/disable", "{\"user\":\"u1\"}", 200, "");
	assert_int_equal(traced(d, CHIEF, "manage", "user disable u1"), 1);
	/* what is refused changes nothing and is no grant, but is noted */
	expect(d, CHIEF, "/v1/people/set", "{\"user\":\"u1\","
	    "\"role\":\"admin\"}", 403, "not_to_grant");
	assert_int_equal(traced(d, CHIEF, "manage", "user set u1 role=admin"),
	    0);
	assert_int_equal(traced(d, CHIEF, "refused",
	    "not_to_grant /v1/people/set"), 1);
	expect(d, CHIEF, "/v1/people/disable", "{\"user\":\"u2\"}", 404,
	    "no_person");
	assert_int_equal(traced(d, CHIEF, "refused",
	    "no_person /v1/people/disable"), 1);
	expect(d, LEADER, "/v1/people/add", "{\"user\":\"u1\",\"name\":\"x\","
	    "\"role\":\"clerk\",\"office\":\"" ONE "\"}", 409, "stands");
	assert_int_equal(traced(d, LEADER, "manage",
	    "user add u1 role=clerk office=" ONE), 0);
}

/* 三员分立: none of the three does what another one does, and it takes two of
 * them to let somebody in. */
static void
three_administrators_stand_apart(void **state)
{
	static const struct {
		enum who who;
		const char *path, *body, *word;
	} tries[] = {
		{ ADMIN, "/v1/people/add", "{\"user\":\"x9\",\"name\":\"x\","
		    "\"role\":\"clerk\",\"office\":\"" ONE "\"}",
		    "not_to_grant" },
		{ ADMIN, "/v1/people/set", "{\"user\":\"u1\","
		    "\"role\":\"chief\"}", "not_to_grant" },
		{ ADMIN, "/v1/people/password",
		    "{\"user\":\"x_security_admin\"}", "not_to_grant" },
		{ ADMIN, "/v1/people/disable", "{\"user\":\"x_audit_admin\"}",
		    "not_to_grant" },
		{ LEADER, "/v1/people/set", "{\"user\":\"u1\","
		    "\"role\":\"security_admin\"}", "not_to_grant" },
		{ LEADER, "/v1/people/disable", "{\"user\":\"x_admin\"}",
		    "not_to_grant" },
		{ SECURITY, "/v1/people/add", "{\"user\":\"x9\","
		    "\"name\":\"x\",\"role\":\"clerk\",\"office\":\"" ONE
		    "\"}", "not_to_manage" },
		{ SECURITY, "/v1/people/set", "{\"user\":\"u1\","
		    "\"name\":\"x\"}", "not_to_manage" },
		{ SECURITY, "/v1/people/set", "{\"user\":"
		    "\"x_security_admin\",\"role\":\"chief\"}", "yourself" },
		{ SECURITY, "/v1/people/password", "{\"user\":\"u1\"}",
		    "not_to_manage" },
		{ SECURITY, "/v1/devices", NULL, "not_to_manage" },
		{ SECURITY, "/v1/offices/add", "{\"code\":\"9900000003\","
		    "\"name\":\"x\"}", "not_to_manage" },
		{ AUDIT, "/v1/people", NULL, "not_to_manage" },
		{ AUDIT, "/v1/devices", NULL, "not_to_manage" },
		{ AUDIT, "/v1/people/set", "{\"user\":\"u1\","
		    "\"role\":\"chief\"}", "not_to_manage" },
	};
	struct day *d = *state;

	for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
		expect(d, tries[i].who, tries[i].path, tries[i].body, 403,
		    tries[i].word);
	expect(d, ADMIN, "/v1/people/add", "{\"user\":\"new\",\"name\":\"x\","
	    "\"role\":\"" ROLE_NEWCOMER "\",\"office\":\"" ONE "\"}", 200,
	    "");
	expect(d, SECURITY, "/v1/people/set", "{\"user\":\"new\","
	    "\"role\":\"clerk\"}", 200, "");
	assert_int_equal(traced(d, SECURITY, "manage",
	    "user set new role=clerk"), 1);
	for (size_t i = 0; role_names[i]; i++)
		assert_int_equal(role_may(role_names[i], ROLE_PEOPLE) +
		    role_may(role_names[i], ROLE_TRACE) +
		    (role_is_apart(role_names[i]) &&
		    role_may(role_names[i], ROLE_GRANTS)) > 1, 0);
}

/* Where two are needed, an addition answers that it waits, and another one who
 * says who is what agrees; the number says to what. */
static void
a_right_waits_for_a_second_one(void **state)
{
	struct day *d = *state;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	struct json *one;
	struct reply r;
	int64_t waits = 0;
	char body[80];

	kit_check(ledger_begin(&db, d->c.ledger, &err), &err);
	kit_check(grant_set_two(&waits, db, true, "", &err), &err);
	kit_check(ledger_end(d->c.ledger, E_OK, &err), &err);
	r = ask(d, CHIEF, "/v1/people/add", "{\"user\":\"new\","
	    "\"name\":\"新人\",\"role\":\"clerk\",\"office\":\"" ONE "\"}");
	assert_int_equal(r.status, 200);
	assert_true(json_get_int(r.j, "waits", &waits));
	json_free(r.j);
	snprintf(body, sizeof body, "{\"user\":\"new\",\"request\":%lld}",
	    (long long)waits);
	r = ask(d, LEADER, "/v1/people", NULL);
	find(&one, &r, "people", "user", "new");
	assert_true(json_is_true(json_get(one, "may_agree")));
	assert_true(json_is_true(json_get(one, "disabled")));
	assert_string_equal(json_get_text(one, "waits_role"), "clerk");
	json_free(r.j);
	r = ask(d, CHIEF, "/v1/people", NULL);
	find(&one, &r, "people", "user", "new");
	assert_false(json_is_true(json_get(one, "may_agree")));
	json_free(r.j);
	expect(d, CHIEF, "/v1/people/agree", body, 403, "not_to_grant");
	expect(d, ADMIN, "/v1/people/agree", body, 403, "not_to_manage");
	expect(d, ADMIN, "/v1/people/refuse", body, 403, "not_to_grant");
	expect(d, CLERK, "/v1/people/agree", body, 403, "not_to_manage");
	expect(d, LEADER, "/v1/people/agree", "{\"user\":\"new\","
	    "\"request\":99}", 409, "stands");
	expect(d, LEADER, "/v1/people/agree", "{\"user\":\"u1\","
	    "\"request\":1}", 409, "stands");
	expect(d, LEADER, "/v1/people/agree", body, 200, "");
	assert_int_equal(traced(d, LEADER, "manage", "user agree new"), 1);
	expect(d, SECURITY, "/v1/people/agree", body, 409, "stands");
	expect(d, ADMIN, "/v1/people/disable", "{\"user\":\"new\"}", 200, "");
	r = ask(d, ADMIN, "/v1/people/enable", "{\"user\":\"new\"}");
	assert_true(json_get_int(r.j, "waits", &waits));
	json_free(r.j);
	snprintf(body, sizeof body, "{\"user\":\"new\",\"request\":%lld}",
	    (long long)waits);
	expect(d, ADMIN, "/v1/people/refuse", body, 200, "");
}

/* The table of roles by itself: nobody gives what they do not look after. */
static void
a_chief_gives_what_an_office_has(void **state)
{
	(void)state;
	for (size_t i = 0; role_names[i]; i++) {
		bool local = strcmp(role_names[i], "clerk") == 0 ||
		    strcmp(role_names[i], "chief") == 0 ||
		    strcmp(role_names[i], "mediator") == 0;

		assert_true(role_is(role_names[i]));
		assert_true(role_gives("chief", role_names[i]) == local);
		assert_false(role_gives("clerk", role_names[i]));
		assert_false(role_gives("auditor", role_names[i]));
		assert_true(role_gives("security_admin", role_names[i]));
		assert_int_equal(role_gives("county_leader", role_names[i]),
		    strstr(role_names[i], "admin") == NULL);
		assert_int_equal(role_gives("admin", role_names[i]),
		    strcmp(role_names[i], ROLE_NEWCOMER) == 0);
		assert_false(role_gives("audit_admin", role_names[i]));
	}
	assert_false(role_is("king"));
	assert_false(role_gives("security_admin", "king"));
	assert_int_equal(role_reach("chief"), ROLE_REACH_OFFICE);
	assert_int_equal(role_reach("nobody"), ROLE_REACH_NONE);
}

#define WITH_COUNTY(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_COUNTY(everybody_sees_whom_they_look_after),
		WITH_COUNTY(a_first_password_is_made),
		WITH_COUNTY(nobody_gives_what_is_above_them),
		WITH_COUNTY(the_last_one_of_the_county_stays),
		WITH_COUNTY(a_computer_comes_and_goes),
		WITH_COUNTY(a_computer_is_moved),
		WITH_COUNTY(an_office_is_added_and_renamed),
		WITH_COUNTY(who_gave_whom_what_is_traced),
		WITH_COUNTY(three_administrators_stand_apart),
		WITH_COUNTY(a_right_waits_for_a_second_one),
		cmocka_unit_test(a_chief_gives_what_an_office_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
