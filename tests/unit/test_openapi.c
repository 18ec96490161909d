/*
 * The description of the server's calls is true: each route is in it and each
 * call of it is a route, with its tokens, codes, words and headers; and what
 * was said in a day of a county was said as described (kit/described.h, which
 * also looks at test_api, at the tests of sync and at the simulation).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "kit/county.h"
#include "kit/described.h"
#include "server/api.h"

/* ---- asking ---- */

struct asked {
	int status;
	char word[32];		/* of a refusal */
	struct buf body;
};

struct desk {
	struct county county;
	struct api *api;
	char device[TOKEN_TEXT_MAX + 8];	/* "Bearer ..." */
	char person[TOKEN_TEXT_MAX];
};

static void
ask(struct asked *out, struct desk *d, const char *method, const char *path,
    const char *device, const char *person, const char *proto)
{
	struct http_request request = { .method = method };
	struct http_reply reply = { .status = 200, .type = "application/json" };
	struct json *j = NULL;
	struct err err = ERR_INIT;

	snprintf(request.path, sizeof request.path, "%s", path);
	snprintf(request.header[HTTP_AUTHORIZATION], HTTP_HEADER_MAX, "%s",
	    device);
	snprintf(request.header[HTTP_USER_TOKEN], HTTP_HEADER_MAX, "%s",
	    person);
	snprintf(request.header[HTTP_PROTO], HTTP_HEADER_MAX, "%s", proto);
	for (int i = 0; i < HTTP_ARGUMENT_COUNT; i++)
		request.argument[i] = "";
	buf_init(&request.body, HTTP_BODY_MAX);
	buf_init(&reply.body, BUF_BATCH_MAX);
	api_answer(d->api, &request, &reply);
	described_check(&request, &reply);
	*out = (struct asked){ .status = reply.status, .body = reply.body };
	if (reply.status >= 400 && !json_parse(&j, reply.body.data,
	    reply.body.len, BUF_LINE_MAX, &err))
		snprintf(out->word, sizeof out->word, "%s",
		    json_get_text(j, "error"));
	json_free(j);
	buf_release(&request.body);
}

static bool
answers(struct desk *d, const char *method, const char *path,
    const char *device, const char *person, const char *proto, int status,
    const char *word)
{
	struct asked a;
	bool good;

	ask(&a, d, method, path, device, person, proto);
	good = a.status == status && strcmp(a.word, word) == 0;
	if (!good)
		print_error("%s %s: %d %s instead of %d %s\n", method, path,
		    a.status, a.word, status, word);
	buf_release(&a.body);
	return good;
}

/* A device and a person who is signed in there. */
static void
sign_in(struct desk *d)
{
	static const char *const calls[] = { "/v1/enroll", "/v1/login" };
	struct http_request request = { .method = "POST" };
	struct err err = ERR_INIT;
	struct db *db = NULL;
	char code[DEVICE_CODE_TEXT + 1], verifier[128];

	assert_int_equal(account_make_verifier(verifier, "correct horse",
	    &err), E_OK);
	assert_int_equal(ledger_begin(&db, d->county.ledger, &err), E_OK);
	assert_int_equal(account_set_verifier(db, "u1", verifier, &err), E_OK);
	assert_int_equal(device_make_code(code, db, "9900000001", &err), E_OK);
	assert_int_equal(ledger_end(d->county.ledger, E_OK, &err), E_OK);
	snprintf(request.header[HTTP_PROTO], HTTP_HEADER_MAX, "1");
	for (int i = 0; i < 2; i++) {
		struct http_reply reply = { .status = 200,
			.type = "application/json" };
		struct json *j = NULL;

		snprintf(request.path, sizeof request.path, "%s", calls[i]);
		snprintf(request.header[HTTP_AUTHORIZATION], HTTP_HEADER_MAX,
		    "%s", d->device);
		buf_init(&request.body, BUF_LINE_MAX);
		buf_init(&reply.body, BUF_LINE_MAX);
		buf_printf(&request.body, i == 0 ? "{\"code\":\"%s\"}" :
		    "{\"user\":\"u1\",\"password\":\"correct horse\"}", code);
		api_answer(d->api, &request, &reply);
		described_check(&request, &reply);
		assert_int_equal(json_parse(&j, reply.body.data,
		    reply.body.len, BUF_LINE_MAX, &err), E_OK);
		snprintf(i ? d->person : d->device, TOKEN_TEXT_MAX + 7,
		    i ? "%s" : "Bearer %s", json_get_text(j, "token"));
		json_free(j);
		buf_release(&request.body);
		buf_release(&reply.body);
	}
}

static int
setup(void **state)
{
	struct desk *d = mem_alloc(1, sizeof *d);
	struct err err = ERR_INIT;

	county_open(&d->county);
	if (api_new(&d->api, d->county.ledger, d->county.schema, &err))
		fail_msg("%s", err.msg);
	sign_in(d);
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	struct desk *d = *state;

	api_free(d->api);
	county_close(&d->county);
	free(d);
	return 0;
}

/* A path of a route as somebody would ask for it; behind its end stands what
 * the first description of it has. */
static void
sample(char out[128], const char *path)
{
	const struct json *paths = json_get(described(), "paths");
	size_t len = strlen(path);
	const char *rest = "0";

	for (struct json *p = json_first(paths); p; p = json_next(p)) {
		if (strncmp(json_name(p), path, len) == 0) {
			rest = json_name(p) + len;
			break;
		}
	}
	snprintf(out, 128, "%s%s", path, path[len - 1] != '/' ? "" :
	    strchr(rest, '/') ? "0/0" : "0");
}

/* ---- the table and the description ---- */

static void
test_each_route_is_described(void **state)
{
	const char *method, *path, *template;
	int missing = 0;

	(void)state;
	for (size_t i = 0; api_route(&method, &path, i); i++) {
		char real[128];

		sample(real, path);
		if (!described_call(&template, method, real)) {
			print_error("%s %s is not in src/server/openapi.json\n", method,
			    path);
			missing++;
		}
	}
	assert_int_equal(missing, 0);
}

static bool
is_method(const char *name)
{
	static const char *const methods[] = { "get", "head", "post", "put" };

	for (size_t i = 0; i < 4; i++)
		if (strcmp(methods[i], name) == 0)
			return true;
	return false;
}

/* Some route answers this path as described, with this method. */
static bool
is_route(const char *name, const char *template)
{
	size_t len = strcspn(template, "{");
	const char *method, *path;

	for (size_t i = 0; api_route(&method, &path, i); i++) {
		bool same = template[len] ?
		    strlen(path) == len && strncmp(path, template, len) == 0 :
		    strcmp(path, template) == 0;

		if (same && (name[0] ^ method[0]) == 0x20 &&
		    (name[1] ^ method[1]) == 0x20)
			return true;
	}
	return false;
}

static void
test_each_description_is_a_route(void **state)
{
	const struct json *paths = json_get(described(), "paths");
	int bad = 0;

	(void)state;
	for (struct json *p = json_first(paths); p; p = json_next(p)) {
		for (struct json *m = json_first(p); m; m = json_next(m)) {
			if (strcmp(json_name(m), "parameters") == 0 ||
			    (is_method(json_name(m)) &&
			    is_route(json_name(m), json_name(p))))
				continue;
			print_error("%s %s is no route\n", json_name(m),
			    json_name(p));
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

/* Follow every reference, and see that each call says what it must. */
static int
count_loose(const struct json *part)
{
	int bad = json_get_text(part, "$ref") && !described_part(part);

	if (bad)
		print_error("%s leads nowhere\n", json_get_text(part, "$ref"));
	if (json_is_object(part) || json_is_array(part))
		for (struct json *p = json_first(part); p; p = json_next(p))
			bad += count_loose(p);
	return bad;
}

static void
test_it_is_a_whole(void **state)
{
	const char *method, *path, *template, *version;

	(void)state;
	version = json_get_text(described(), "openapi");
	assert_string_equal(version, "3.1.0");
	assert_int_equal(count_loose(described()), 0);
	for (size_t i = 0; api_route(&method, &path, i); i++) {
		const struct json *call, *all;
		char real[128];

		sample(real, path);
		call = described_call(&template, method, real);
		all = json_get(call, "responses");
		assert_non_null(json_get_text(call, "operationId"));
		assert_non_null(json_get_text(call, "summary"));
		assert_true(json_count(all) > 1);
		for (struct json *a = json_first(all); a; a = json_next(a))
			assert_non_null(json_get_text(described_part(a),
			    "description"));
	}
}

/* ---- words, codes and headers ---- */

/* Is this word of a refusal described for this code, somewhere? */
static bool
is_said(const char *code, const char *word)
{
	const struct json *paths = json_get(described(), "paths");

	for (struct json *p = json_first(paths); p; p = json_next(p)) {
		for (struct json *m = json_first(p); m; m = json_next(m)) {
			const struct json *answer = described_part(json_get(
			    json_get(m, "responses"), code));
			struct json *w = json_first(json_get(answer,
			    "x-words"));

			for (; w; w = json_next(w)) {
				if (strcmp(json_text(w), word) == 0)
					return true;
			}
		}
	}
	return false;
}

static bool
is_answer(int status, const char *word)
{
	for (int a = ANSWER_BAD_REQUEST; a <= ANSWER_INTERNAL; a++) {
		if (answer_status((enum answer)a) == status &&
		    strcmp(answer_word((enum answer)a), word) == 0)
			return true;
	}
	return false;
}

static void
test_each_answer_is_described(void **state)
{
	int bad = 0;

	(void)state;
	for (int a = ANSWER_BAD_REQUEST; a <= ANSWER_INTERNAL; a++) {
		const char *word = answer_word((enum answer)a);
		char code[12];

		snprintf(code, sizeof code, "%d",
		    answer_status((enum answer)a));
		if (!is_said(code, word)) {
			print_error("%s %s is not in openapi.json\n", code,
			    word);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

/* Words of a call that nobody answers. */
static int
count_unsaid(const char *path, const struct json *all)
{
	int bad = 0;

	for (struct json *a = json_first(all); a; a = json_next(a)) {
		struct json *w = json_first(json_get(described_part(a),
		    "x-words"));
		int status = (int)strtol(json_name(a), NULL, 10);

		for (; w; w = json_next(w)) {
			if (is_answer(status, json_text(w)))
				continue;
			print_error("%s: nobody answers %d %s\n", path,
			    status, json_text(w));
			bad++;
		}
	}
	return bad;
}

static void
test_each_word_is_an_answer(void **state)
{
	const struct json *paths = json_get(described(), "paths");
	int bad = 0;

	(void)state;
	for (struct json *p = json_first(paths); p; p = json_next(p))
		for (struct json *m = json_first(p); m; m = json_next(m))
			bad += count_unsaid(json_name(p),
			    json_get(m, "responses"));
	assert_int_equal(bad, 0);
}

static bool
is_described_header(const char *name)
{
	const struct json *c = json_get(described(), "components");
	const struct json *all = json_get(c, "parameters");

	if (strcmp(name, "Authorization") == 0)
		return json_get(json_get(c, "securitySchemes"), "device");
	if (strcmp(name, "X-User-Token") == 0)
		return json_get(json_get(c, "securitySchemes"), "person");
	for (struct json *p = json_first(all); p; p = json_next(p)) {
		if (strcmp(json_get_text(p, "name"), name) == 0)
			return true;
	}
	return false;
}

static void
test_each_header_is_described(void **state)
{
	const struct json *all = json_get(json_get(described(), "components"),
	    "parameters");
	int bad = 0;

	(void)state;
	for (int i = 0; i < HTTP_HEADER_COUNT; i++) {
		const char *name = http_header_name((enum http_header)i);

		if (!is_described_header(name)) {
			print_error("%s is not in openapi.json\n", name);
			bad++;
		}
	}
	for (struct json *p = json_first(all); p; p = json_next(p)) {
		int i = 0;

		if (strcmp(json_get_text(p, "in"), "header") != 0)
			continue;
		while (i < HTTP_HEADER_COUNT && strcmp(json_get_text(p, "name"),
		    http_header_name((enum http_header)i)) != 0)
			i++;
		if (i == HTTP_HEADER_COUNT) {
			print_error("nobody reads %s\n",
			    json_get_text(p, "name"));
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

/* ---- who may ask ---- */

static bool
needs(const struct json *call, const char *scheme)
{
	for (struct json *s = json_first(json_get(call, "security")); s;
	    s = json_next(s)) {
		if (json_get(s, scheme))
			return true;
	}
	return false;
}

static bool
needs_proto(const struct json *call)
{
	for (struct json *p = json_first(json_get(call, "parameters")); p;
	    p = json_next(p)) {
		if (strcmp(json_get_text(described_part(p), "name"),
		    "X-Proto") == 0)
			return true;
	}
	return false;
}

/* What a call asks for it really asks for, in this order. */
static void
test_tokens_are_as_described(void **state)
{
	struct desk *d = *state;
	const char *method, *path, *template;
	bool good = true;

	for (size_t i = 0; api_route(&method, &path, i); i++) {
		const struct json *call;
		struct asked a;
		char real[128];

		sample(real, path);
		call = described_call(&template, method, real);
		if (needs_proto(call))
			good &= answers(d, method, real, d->device, d->person,
			    "", 400, "bad_request");
		if (needs(call, "device"))
			good &= answers(d, method, real, "", "", "1", 401,
			    "login_required");
		if (needs(call, "person"))
			good &= answers(d, method, real, d->device, "", "1",
			    401, "login_required");
		ask(&a, d, method, real, needs(call, "device") ? d->device : "",
		    needs(call, "person") ? d->person : "",
		    needs_proto(call) ? "1" : "");
		good &= a.status != 401;
		buf_release(&a.body);
	}
	assert_true(good);
}

/* The server hands it out to anybody, byte by byte. */
static void
test_it_is_handed_out(void **state)
{
	struct desk *d = *state;
	struct asked a;
	struct json *j = NULL;
	struct buf one, other;
	struct err err = ERR_INIT;

	ask(&a, d, "GET", "/v1/openapi.json", "", "", "");
	assert_int_equal(a.status, 200);
	assert_int_equal(json_parse(&j, a.body.data, a.body.len, BUF_BATCH_MAX,
	    &err), E_OK);
	buf_init(&one, BUF_BATCH_MAX);
	buf_init(&other, BUF_BATCH_MAX);
	json_print(&one, j);
	json_print(&other, described());
	assert_string_equal(one.data, other.data);
	buf_release(&one);
	buf_release(&other);
	buf_release(&a.body);
	json_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_route_is_described),
		cmocka_unit_test(test_each_description_is_a_route),
		cmocka_unit_test(test_it_is_a_whole),
		cmocka_unit_test(test_each_answer_is_described),
		cmocka_unit_test(test_each_word_is_an_answer),
		cmocka_unit_test(test_each_header_is_described),
		cmocka_unit_test(test_tokens_are_as_described),
		cmocka_unit_test(test_it_is_handed_out),
	};

	return cmocka_run_group_tests_name("openapi", tests, setup, teardown);
}
