/*
 * The calls as a client sees them: status, error word, JSON, compression.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/zip.h"
#include "db/db.h"
#include "db/db_number.h"
#include "kit/county.h"
#include "kit/described.h"
#include "server/api.h"
#include "server/device_end.h"

struct office_day {
	struct county county;
	struct api *api;
	char code[DEVICE_CODE_TEXT + 1];
	char device[TOKEN_TEXT_MAX + 8];	/* "Bearer ..." */
	char person[TOKEN_TEXT_MAX];
	char device_id[UUID_TEXT_MAX];
};

struct reply {
	int status, retry_after_s;
	const char *encoding;
	struct json *j;			/* owned; NULL when it is no JSON */
	struct buf body;		/* unpacked */
};

static int
setup(void **state)
{
	struct office_day *d = calloc(1, sizeof *d);
	char verifier[128];
	struct err err = ERR_INIT;
	struct db *db = NULL;

	*state = d;
	county_open(&d->county);
	if (account_make_verifier(verifier, "correct horse", &err) ||
	    ledger_begin(&db, d->county.ledger, &err) ||
	    account_set_verifier(db, "u1", verifier, &err) ||
	    device_make_code(d->code, db, "9900000001", &err) ||
	    ledger_end(d->county.ledger, E_OK, &err) ||
	    api_new(&d->api, d->county.ledger, d->county.schema, &err))
		fail_msg("%s", err.msg);
	return 0;
}

static int
teardown(void **state)
{
	struct office_day *d = *state;

	api_free(d->api);
	county_close(&d->county);
	free(d);
	tr_set(TR_ZH);
	return 0;
}

static void
release(struct reply *r)
{
	json_free(r->j);
	buf_release(&r->body);
	*r = (struct reply){0};
}

struct ask {
	const char *method, *path, *device, *person, *encoding, *accepts;
	const void *body;
	size_t len;
	bool no_proto;
};

static void
call(struct reply *out, struct office_day *d, const struct ask *a)
{
	struct http_request request = { .method = a->method };
	struct http_reply reply = { .status = 200, .type = "application/json" };
	struct err err = ERR_INIT;

	snprintf(request.path, sizeof request.path, "%s", a->path);
	snprintf(request.header[HTTP_AUTHORIZATION], HTTP_HEADER_MAX, "%s",
	    a->device ? a->device : "");
	snprintf(request.header[HTTP_USER_TOKEN], HTTP_HEADER_MAX, "%s",
	    a->person ? a->person : "");
	snprintf(request.header[HTTP_CONTENT_ENCODING], HTTP_HEADER_MAX, "%s",
	    a->encoding ? a->encoding : "");
	snprintf(request.header[HTTP_ACCEPT_ENCODING], HTTP_HEADER_MAX, "%s",
	    a->accepts ? a->accepts : "");
	snprintf(request.header[HTTP_PROTO], HTTP_HEADER_MAX, "%s",
	    a->no_proto ? "" : "1");
	buf_init(&request.body, HTTP_BODY_MAX);
	buf_add(&request.body, a->body, a->len);
	buf_init(&reply.body, BUF_BATCH_MAX);
	api_answer(d->api, &request, &reply);
	described_check(&request, &reply);
	*out = (struct reply){ .status = reply.status,
		.retry_after_s = reply.retry_after_s,
		.encoding = reply.encoding };
	buf_init(&out->body, BUF_BATCH_MAX);
	assert_int_equal(zip_unpack(&out->body, reply.encoding ?
	    (enum zip)zip_parse(reply.encoding) : ZIP_NONE, reply.body.data,
	    reply.body.len, &err), E_OK);
	if (strcmp(reply.type, "application/json") == 0)
		assert_int_equal(json_parse(&out->j, out->body.data,
		    out->body.len, BUF_BATCH_MAX, &err), E_OK);
	buf_release(&request.body);
	buf_release(&reply.body);
}

static void
post(struct reply *out, struct office_day *d, const char *path,
    const char *device, const char *body)
{
	const struct ask a = { .method = "POST", .path = path,
		.device = device, .body = body, .len = strlen(body) };

	call(out, d, &a);
}

/* The call is refused with this status and word, and a sentence. */
static void
refused(struct reply *r, int status, const char *word)
{
	assert_int_equal(r->status, status);
	assert_string_equal(json_get_text(r->j, "error"), word);
	assert_true(strlen(json_get_text(r->j, "message")) > 3);
	release(r);
}

static void
enroll(struct office_day *d)
{
	struct reply r;
	char *body = mem_printf("{\"code\":\"%s\",\"machine\":\"PC\"}",
	    d->code);

	post(&r, d, "/v1/enroll", NULL, body);
	assert_int_equal(r.status, 200);
	snprintf(d->device, sizeof d->device, "Bearer %s",
	    json_get_text(r.j, "token"));
	snprintf(d->device_id, sizeof d->device_id, "%s",
	    json_get_text(r.j, "device"));
	assert_int_equal(strlen(json_get_text(r.j, "key_share")), 64);
	assert_string_equal(json_get_text(r.j, "office"), "9900000001");
	assert_string_equal(json_get_text(r.j, "office_name"), "一所");
	assert_string_equal(json_get_text(r.j, "county_name"), "测试县");
	assert_string_equal(json_get_text(r.j, "server_epoch"),
	    ledger_epoch(d->county.ledger));
	release(&r);
	post(&r, d, "/v1/enroll", NULL, body);
	refused(&r, 403, "code_invalid");
	free(body);
}

static void
login(struct office_day *d)
{
	struct reply r;

	post(&r, d, "/v1/login", d->device,
	    "{\"user\":\"u1\",\"password\":\"correct horse\"}");
	assert_int_equal(r.status, 200);
	snprintf(d->person, sizeof d->person, "%s",
	    json_get_text(r.j, "token"));
	assert_string_equal(json_get_text(r.j, "user"), "u1");
	assert_string_equal(json_get_text(r.j, "name"), "甲");
	assert_string_equal(json_text(json_first(json_get(r.j, "roles"))),
	    "clerk");
	release(&r);
}

/* A sync of one new record with a long title. */
static void
print_sync(struct buf *out, struct office_day *d)
{
	struct uuid id = uuid_new();
	char change[700] = "title=";
	struct op op;
	char *hello = mem_printf("{\"t\":\"hello\",\"dev\":\"%s\",\"ep\":1,"
	    "\"from\":1,\"sv\":\"\",\"se\":\"\",\"max\":65536,\"cur\":{}}\n",
	    d->device_id);

	memset(change + 6, 'a', 90);
	buf_text(out, hello);
	free(hello);
	d->county.at[AT_ONE].n = 0;
	for (int i = 0; i < 8; i++) {
		id = uuid_new();
		county_op(&op, &d->county, AT_ONE, OP_NEW, "matter", &id, "u1",
		    0, change, NULL);
		wire_print_op(out, &op);
		op_release(&op);
	}
}

static void
test_a_day(void **state)
{
	struct office_day *d = *state;
	static const char *const encodings[] = { "", "identity", "gzip",
		"zstd" };
	struct buf text;
	struct reply r;

	enroll(d);
	login(d);
	buf_init(&text, BUF_BATCH_MAX);
	print_sync(&text, d);
	for (size_t i = 0; i < 4; i++) {
		struct ask a = { .method = "POST", .path = "/v1/sync",
			.device = d->device, .person = d->person,
			.encoding = encodings[i], .accepts = i < 2 ? "" :
			    i == 2 ? "gzip" : "gzip, zstd" };
		struct err err = ERR_INIT;
		struct buf packed;

		buf_init(&packed, BUF_BATCH_MAX);
		assert_int_equal(zip_pack(&packed, i < 2 ? ZIP_NONE :
		    (enum zip)zip_parse(encodings[i]), text.data, text.len,
		    &err), E_OK);
		a.body = packed.data;
		a.len = packed.len;
		call(&r, d, &a);
		assert_int_equal(r.status, 200);
		if (i < 2)
			assert_null(r.encoding);
		else
			assert_string_equal(r.encoding, encodings[i]);
		assert_non_null(strstr(r.body.data, "\"n\":8,\"r\":\"ok\""));
		assert_non_null(strstr(r.body.data, "\"acked\":8"));
		release(&r);
		buf_release(&packed);
	}
	buf_release(&text);
}

/* To whom a record can be handed over: not to the county itself. */
static void
test_the_offices_are_told(void **state)
{
	struct office_day *d = *state;
	struct ask a = { .method = "GET", .path = "/v1/offices" };
	const struct json *one;
	struct reply r;
	size_t count = 0;

	call(&r, d, &a);
	refused(&r, 401, "login_required");
	enroll(d);
	a.device = d->device;
	call(&r, d, &a);
	assert_int_equal(r.status, 200);
	for (one = json_first(json_get(r.j, "offices")); one;
	    one = json_next(one), count++) {
		assert_memory_equal(json_get_text(one, "code"), "99000000", 8);
		assert_true(json_get_text(one, "name")[0] != '\0');
	}
	assert_int_equal(count, 2);
	release(&r);
}

static void
test_tokens_are_asked_for(void **state)
{
	struct office_day *d = *state;
	struct ask a = { .method = "POST", .path = "/v1/sync", .body = "",
		.len = 0 };
	struct uuid id;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	struct reply r;

	enroll(d);
	login(d);
	call(&r, d, &a);
	refused(&r, 401, "login_required");
	a.device = "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	a.person = d->person;
	call(&r, d, &a);
	refused(&r, 401, "device_unknown");
	a.device = d->device;
	a.person = "";
	call(&r, d, &a);
	refused(&r, 401, "login_required");
	a.person = d->person;
	call(&r, d, &a);
	refused(&r, 400, "bad_request");	/* it may, but says nothing */
	post(&r, d, "/v1/login", NULL, "{}");
	refused(&r, 401, "login_required");

	assert_int_equal(ledger_begin(&db, d->county.ledger, &err), E_OK);
	assert_int_equal(account_disable(db, "u1", &err), E_OK);
	assert_int_equal(ledger_end(d->county.ledger, E_OK, &err), E_OK);
	call(&r, d, &a);
	refused(&r, 403, "user_disabled");
	assert_true(uuid_parse(&id, d->device_id));
	assert_int_equal(ledger_begin(&db, d->county.ledger, &err), E_OK);
	assert_int_equal(device_revoke(db, &id, &err), E_OK);
	assert_int_equal(ledger_end(d->county.ledger, E_OK, &err), E_OK);
	call(&r, d, &a);
	refused(&r, 403, "device_revoked");
}

static int64_t
aside(struct office_day *d)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;
	int64_t n = 0;

	assert_int_equal(ledger_begin_read(&db, d->county.ledger, &err), E_OK);
	assert_int_equal(db_number(&n, db, "SELECT count(*) FROM quarantine"
	    " WHERE verdict = 'review'", &err), E_OK);
	ledger_end_read(d->county.ledger);
	return n;
}

/* What a device sends that is to be erased is taken in, and the order is all
 * it gets, from every call. */
static void
test_who_is_sent_away_hands_over(void **state)
{
	static const char *const calls[] = { "/v1/session", "/v1/wait",
		"/v1/sync", "/v1/history", "/v1/reconcile", "/v1/login" };
	struct office_day *d = *state;
	struct ask a = { .method = "POST", .path = "/v1/sync" };
	struct db *db = NULL;
	struct err err = ERR_INIT;
	struct uuid id;
	struct buf text;
	struct reply r;
	char *word, *body;
	int64_t acked = 0;

	enroll(d);
	login(d);
	assert_true(uuid_parse(&id, d->device_id));
	assert_int_equal(ledger_begin(&db, d->county.ledger, &err), E_OK);
	assert_int_equal(device_erase(db, &id, true, &err), E_OK);
	assert_int_equal(ledger_end(d->county.ledger, E_OK, &err), E_OK);
	buf_init(&text, BUF_BATCH_MAX);
	print_sync(&text, d);
	a.device = d->device;
	a.person = "nobody's";
	a.body = text.data;
	a.len = text.len;
	for (int i = 0; i < 2; i++) {	/* a repeat takes nothing twice */
		call(&r, d, &a);
		assert_int_equal(r.status, 403);
		assert_string_equal(json_get_text(r.j, "error"),
		    "device_wipe");
		assert_true(json_get_int(r.j, "acked", &acked));
		assert_int_equal(acked, 8);
		assert_true(json_is_true(json_get(r.j, "at_once")));
		assert_int_equal(aside(d), 8);
		if (i == 0)
			release(&r);
	}
	word = mem_strdup(json_get_text(r.j, "wipe"));
	release(&r);
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		struct ask any = { .method = i < 2 ? "GET" : "POST",
			.path = calls[i], .device = d->device,
			.person = d->person, .body = "{}", .len = 2 };

		call(&r, d, &any);
		refused(&r, 403, "device_wipe");
	}
	post(&r, d, "/v1/wiped", NULL, "{\"device\":1}");
	refused(&r, 400, "bad_request");
	body = mem_printf("{\"device\":\"%s\",\"token\":\"%s\"}",
	    d->device_id, word);
	for (int i = 0; i < 2; i++) {
		post(&r, d, "/v1/wiped", NULL, body);
		assert_int_equal(r.status, 200);
		release(&r);
	}
	call(&r, d, &a);	/* a copy of it */
	refused(&r, 403, "device_wipe");
	buf_release(&text);
	free(word);
	free(body);
}

static void
test_wrong_passwords(void **state)
{
	struct office_day *d = *state;
	struct reply r;

	enroll(d);
	for (int i = 0; i < 5; i++) {
		post(&r, d, "/v1/login", d->device,
		    "{\"user\":\"u1\",\"password\":\"wrong horse\"}");
		refused(&r, 403, "wrong_password");
	}
	post(&r, d, "/v1/login", d->device,
	    "{\"user\":\"u1\",\"password\":\"correct horse\"}");
	assert_in_range(r.retry_after_s, 1, 60);
	refused(&r, 403, "locked");
}

static void
test_codes_are_not_guessed(void **state)
{
	struct office_day *d = *state;
	struct reply r;
	int i = 0;

	do {
		post(&r, d, "/v1/enroll", NULL, "{\"code\":\"AAAAAAAAAA\"}");
		if (r.status == 429)
			break;
		refused(&r, 403, "code_invalid");
	} while (++i < 100);
	assert_true(i < 50);
	assert_in_range(r.retry_after_s, 1, 60);
	refused(&r, 429, "busy");
}

static void
test_odd_requests(void **state)
{
	struct office_day *d = *state;
	static const struct {
		const char *what;
		struct ask ask;
		int status;
		const char *word;
	} cases[] = {
		{ "no such path", { .method = "GET", .path = "/" }, 404,
		  "not_found" },
		{ "wrong method", { .method = "GET", .path = "/v1/sync" },
		  404, "not_found" },
		{ "no protocol", { .method = "POST", .path = "/v1/enroll",
		  .no_proto = true }, 400, "bad_request" },
		{ "no JSON", { .method = "POST", .path = "/v1/enroll",
		  .body = "<html>", .len = 6 }, 400, "bad_request" },
		{ "no code", { .method = "POST", .path = "/v1/enroll",
		  .body = "{}", .len = 2 }, 400, "bad_request" },
		{ "unknown compression", { .method = "POST",
		  .path = "/v1/enroll", .encoding = "br", .body = "{}",
		  .len = 2 }, 415, "encoding" },
		{ "broken compression", { .method = "POST",
		  .path = "/v1/enroll", .encoding = "gzip", .body = "{}",
		  .len = 2 }, 400, "bad_request" },
	};
	struct reply r;
	const struct ask ping = { .method = "GET", .path = "/v1/ping",
		.no_proto = true };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		call(&r, d, &cases[i].ask);
		if (r.status != cases[i].status)
			fail_msg("%s: %d", cases[i].what, r.status);
		refused(&r, cases[i].status, cases[i].word);
	}
	call(&r, d, &ping);
	assert_int_equal(r.status, 200);
	assert_true(json_is_true(json_get(r.j, "ok")));
	release(&r);
}

/* A body that unpacks to more than a request may have. */
static void
test_a_bomb_is_refused(void **state)
{
	struct office_day *d = *state;
	struct ask a = { .method = "POST", .path = "/v1/enroll",
		.encoding = "zstd" };
	char *zeros = mem_alloc(1, BUF_BATCH_MAX);
	struct err err = ERR_INIT;
	struct buf packed;
	struct reply r;

	buf_init(&packed, BUF_BATCH_MAX);
	assert_int_equal(zip_pack(&packed, ZIP_ZSTD, zeros, BUF_BATCH_MAX,
	    &err), E_OK);
	a.body = packed.data;
	a.len = packed.len;
	call(&r, d, &a);
	refused(&r, 413, "too_large");
	free(zeros);
	buf_release(&packed);
}

static void
test_the_callers_language(void **state)
{
	struct office_day *d = *state;
	struct reply r;

	tr_set(TR_EN);
	post(&r, d, "/v1/enroll", NULL, "{\"code\":\"AAAAAAAAAA\"}");
	assert_non_null(strstr(json_get_text(r.j, "message"), "enrolment"));
	release(&r);
	tr_set(TR_ZH);
	post(&r, d, "/v1/enroll", NULL, "{\"code\":\"AAAAAAAAAA\"}");
	assert_non_null(strstr(json_get_text(r.j, "message"), "登记码"));
	release(&r);
}

/* A change is a sign-in: it answers the same, and the token before it says
 * what has happened. */
static void
test_a_password_is_changed(void **state)
{
	struct office_day *d = *state;
	struct ask session = { .method = "GET", .path = "/v1/session" };
	struct reply r;

	enroll(d);
	login(d);
	post(&r, d, "/v1/password", NULL, "{}");
	refused(&r, 401, "login_required");
	post(&r, d, "/v1/password", d->device, "{\"user\":\"u1\","
	    "\"password\":\"correct horse\"}");
	refused(&r, 422, "password_weak");
	post(&r, d, "/v1/password", d->device, "{\"user\":\"u1\","
	    "\"password\":\"correct horse\",\"new\":\"1234567890\"}");
	refused(&r, 422, "password_weak");
	post(&r, d, "/v1/password", d->device, "{\"user\":\"u1\","
	    "\"password\":\"wrong horse\",\"new\":\"A second-1 one\"}");
	refused(&r, 403, "wrong_password");
	post(&r, d, "/v1/password", d->device, "{\"user\":\"u1\","
	    "\"password\":\"correct horse\",\"new\":\"A second-1 one\"}");
	assert_int_equal(r.status, 200);
	assert_int_equal(strlen(json_get_text(r.j, "key_share")), 64);
	session.device = d->device;
	session.person = d->person;
	snprintf(d->person, sizeof d->person, "%s",
	    json_get_text(r.j, "token"));
	release(&r);
	call(&r, d, &session);
	assert_int_equal(r.status, 200);
	release(&r);
	post(&r, d, "/v1/password", d->device, "{\"user\":\"u1\","
	    "\"password\":\"A second-1 one\",\"new\":\"correct horse\"}");
	refused(&r, 422, "password_used");
	post(&r, d, "/v1/password", d->device, "{\"user\":\"u1\","
	    "\"password\":\"A second-1 one\",\"new\":\"A third-11 one\"}");
	assert_int_equal(r.status, 200);
	release(&r);
	call(&r, d, &session);
	refused(&r, 401, "password_changed");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_a_day),
		T(test_the_offices_are_told),
		T(test_tokens_are_asked_for),
		T(test_who_is_sent_away_hands_over),
		T(test_wrong_passwords),
		T(test_a_password_is_changed),
		T(test_codes_are_not_guessed),
		T(test_odd_requests),
		T(test_a_bomb_is_refused),
		T(test_the_callers_language),
	};

	return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
