/*
 * Waiting for news on real connections (loopback, without TLS): who is
 * answered, when, and that a wait costs no thread.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/mem.h"
#include "db/db.h"
#include "kit/check.h"
#include "kit/county.h"
#include "server/api.h"
#include "server/ledger_push.h"
#include "server/news.h"

enum { DEVICES = 10, WORKERS = 2, HEARD_MAX = 8192 };

struct seat {
	char device[TOKEN_TEXT_MAX], person[TOKEN_TEXT_MAX];
};

struct day {
	struct county county;
	struct api *api;
	struct http *http;
};

static void
stop(void *api)
{
	api_stop(api);
}

static int
setup(void **state)
{
	struct day *d = calloc(1, sizeof *d);
	struct http_options o = HTTP_OPTIONS_DEFAULT;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	char verifier[128];

	*state = d;
	crypto_init();
	signal(SIGPIPE, SIG_IGN);
	county_open(&d->county);
	kit_check(account_make_verifier(verifier, "correct horse", &err), &err);
	kit_check(ledger_begin(&db, d->county.ledger, &err), &err);
	kit_check(account_set_verifier(db, "u1", verifier, &err), &err);
	kit_check(account_set_verifier(db, "uc", verifier, &err), &err);
	kit_check(ledger_end(d->county.ledger, E_OK, &err), &err);
	kit_check(api_new(&d->api, d->county.ledger, d->county.schema, &err),
	    &err);
	o.host = "127.0.0.1";
	o.port = 0;
	o.self = d->api;
	o.answer = api_answer;
	o.stop = stop;
	o.workers = WORKERS;
	kit_check(http_start(&d->http, &o, &err), &err);
	return 0;
}

static int
teardown(void **state)
{
	struct day *d = *state;

	http_stop(d->http);
	api_free(d->api);
	county_close(&d->county);
	free(d);
	return 0;
}

/* ---- a connection ---- */

static int
send_request(struct day *d, const struct seat *who, const char *method,
    const char *path, const char *body)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)http_port(d->http)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char *text = mem_printf("%s %s HTTP/1.1\r\nHost: a\r\nX-Proto: 1\r\n"
	    "Content-Length: %zu\r\n%s%s%s%s%s%s\r\n%s", method, path,
	    strlen(body), who ? "Authorization: Bearer " : "",
	    who ? who->device : "", who ? "\r\n" : "",
	    who && who->person[0] ? "X-User-Token: " : "",
	    who && who->person[0] ? who->person : "",
	    who && who->person[0] ? "\r\n" : "", body);

	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(send(fd, text, strlen(text), 0), strlen(text));
	free(text);
	return fd;
}

/* What came within wait_ms; its status, 0: nothing. */
static int
hear(char out[HEARD_MAX], int fd, int wait_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	const char *end;

	out[0] = '\0';
	while (poll(&p, 1, len ? 50 : wait_ms) > 0) {
		ssize_t n = recv(fd, out + len, HEARD_MAX - 1 - len, 0);

		if (n <= 0)
			break;
		len += (size_t)n;
		out[len] = '\0';
	}
	if (len < 13)
		return 0;
	end = strstr(out, "\r\n\r\n");
	assert_non_null(end);
	return (int)strtol(out + 9, NULL, 10);
}

static int
call(struct json **out, struct day *d, const struct seat *who,
    const char *method, const char *path, const char *body)
{
	char text[HEARD_MAX];
	int fd = send_request(d, who, method, path, body);
	int status = hear(text, fd, 5000);
	struct err err = ERR_INIT;
	const char *at = strstr(text, "\r\n\r\n");

	close(fd);
	if (out)
		kit_check(json_parse(out, at + 4, strlen(at + 4), HEARD_MAX, &err),
		    &err);
	return status;
}

static void
take_seat(struct seat *who, struct day *d, const char *office,
    const char *login)
{
	char code[DEVICE_CODE_TEXT + 1];
	struct json *j = NULL;
	struct db *db = NULL;
	struct err err = ERR_INIT;
	char *body;

	*who = (struct seat){ .device = "" };
	kit_check(ledger_begin(&db, d->county.ledger, &err), &err);
	kit_check(device_make_code(code, db, office, &err), &err);
	kit_check(ledger_end(d->county.ledger, E_OK, &err), &err);
	body = mem_printf("{\"code\":\"%s\",\"machine\":\"PC\"}", code);
	assert_int_equal(call(&j, d, NULL, "POST", "/v1/enroll", body), 200);
	snprintf(who->device, sizeof who->device, "%s",
	    json_get_text(j, "token"));
	json_free(j);
	free(body);
	body = mem_printf("{\"user\":\"%s\",\"password\":\"correct horse\"}",
	    login);
	assert_int_equal(call(&j, d, who, "POST", "/v1/login", body), 200);
	snprintf(who->person, sizeof who->person, "%s",
	    json_get_text(j, "token"));
	json_free(j);
	free(body);
}

/* Somebody of the office enters a matter. */
static void
enter(struct day *d, enum county_device at, const char *login)
{
	struct uuid id = uuid_new();
	struct op op;

	county_op(&op, &d->county, at, OP_NEW, "matter", &id, login, 0,
	    "title=a", NULL);
	assert_int_equal(county_do(&d->county, at, &op), VERDICT_OK);
	op_release(&op);
}

/* ---- */

static void
test_news_of_its_streams_wakes_a_device(void **state)
{
	struct day *d = *state;
	char text[HEARD_MAX];
	struct seat one, county;
	int64_t began;
	int fd, all;

	take_seat(&one, d, "9900000001", "u1");
	take_seat(&county, d, "990000", "uc");
	fd = send_request(d, &one, "GET", "/v1/wait?cur=9900000001/gen:0&t=60",
	    "");
	all = send_request(d, &county, "GET", "/v1/wait?t=60", "");
	assert_int_equal(hear(text, fd, 300), 0);
	enter(d, AT_TWO, "u2");
	assert_int_equal(hear(text, all, 2000), 200);
	assert_non_null(strstr(text, "{\"streams\":[\"9900000002/gen\"]}"));
	assert_int_equal(hear(text, fd, 500), 0);	/* not its office */
	began = clock_mono_ms();
	enter(d, AT_ONE, "u1b");
	assert_int_equal(hear(text, fd, 2000), 200);
	assert_true(clock_mono_ms() - began < 1000);
	assert_non_null(strstr(text, "{\"streams\":[\"9900000001/gen\"]}"));
	close(fd);
	close(all);
}

static void
test_old_news_is_told_at_once(void **state)
{
	struct day *d = *state;
	char text[HEARD_MAX];
	struct seat one;
	int fd;

	enter(d, AT_ONE, "u1b");
	take_seat(&one, d, "9900000001", "u1");
	fd = send_request(d, &one, "GET", "/v1/wait?cur=9900000001/gen:0&t=60",
	    "");
	assert_int_equal(hear(text, fd, 1000), 200);
	close(fd);
	/* a device that knows more than the server has to find out, too */
	fd = send_request(d, &one, "GET", "/v1/wait?cur=9900000001/gen:9&t=60",
	    "");
	assert_int_equal(hear(text, fd, 1000), 200);
	close(fd);
}

static void
test_without_news_it_ends_in_time(void **state)
{
	struct day *d = *state;
	char text[HEARD_MAX];
	struct seat one;
	int64_t began = clock_mono_ms();
	int fd;

	take_seat(&one, d, "9900000001", "u1");
	began = clock_mono_ms();
	fd = send_request(d, &one, "GET", "/v1/wait?cur=9900000001/gen:0&t=1",
	    "");
	assert_int_equal(hear(text, fd, 4000), 204);
	assert_in_range(clock_mono_ms() - began, 900, 3500);
	assert_null(strstr(text, "streams"));
	close(fd);
}

static void
test_a_device_waits_once(void **state)
{
	struct day *d = *state;
	char text[HEARD_MAX];
	struct seat one;
	int first, second;

	take_seat(&one, d, "9900000001", "u1");
	first = send_request(d, &one, "GET", "/v1/wait?t=60", "");
	assert_int_equal(hear(text, first, 200), 0);
	second = send_request(d, &one, "GET", "/v1/wait?t=60", "");
	assert_int_equal(hear(text, first, 1000), 204);
	assert_int_equal(hear(text, second, 200), 0);
	close(first);
	close(second);
}

static void
test_many_wait_and_none_is_in_the_way(void **state)
{
	struct day *d = *state;
	struct seat *who = calloc(DEVICES, sizeof *who);
	int fd[DEVICES];
	char text[HEARD_MAX];

	for (int i = 0; i < DEVICES; i++) {
		take_seat(&who[i], d, "9900000001", "u1");
		fd[i] = send_request(d, &who[i], "GET", "/v1/wait?t=60", "");
	}
	assert_int_equal(call(NULL, d, NULL, "GET", "/v1/ping", ""), 200);
	enter(d, AT_ONE, "u1b");
	for (int i = 0; i < DEVICES; i++) {
		assert_int_equal(hear(text, fd[i], 2000), 200);
		close(fd[i]);
	}
	free(who);
}

static void
test_stopping_ends_the_waits(void **state)
{
	struct day *d = *state;
	struct seat one;
	int64_t began;
	int fd;

	take_seat(&one, d, "9900000001", "u1");
	fd = send_request(d, &one, "GET", "/v1/wait?t=60", "");
	poll(NULL, 0, 100);
	began = clock_mono_ms();
	http_stop(d->http);
	d->http = NULL;
	assert_true(clock_mono_ms() - began < 3000);
	close(fd);
}

static void
test_who_may_wait(void **state)
{
	struct day *d = *state;
	struct seat one, nobody = { .device = "x" };

	take_seat(&one, d, "9900000001", "u1");
	assert_int_equal(call(NULL, d, NULL, "GET", "/v1/wait?t=1", ""), 401);
	assert_int_equal(call(NULL, d, &nobody, "GET", "/v1/wait?t=1", ""),
	    401);
	assert_int_equal(call(NULL, d, &one, "GET",
	    "/v1/wait?cur=9900000001/gen:x&t=1", ""), 400);
	assert_int_equal(call(NULL, d, &one, "GET",
	    "/v1/wait?cur=9900000001/gen:&t=1", ""), 400);
	assert_int_equal(call(NULL, d, &one, "GET", "/v1/wait?t=-1", ""), 400);
	assert_int_equal(call(NULL, d, &one, "POST", "/v1/wait?t=1", ""), 404);
	/* of another's stream it hears nothing */
	enter(d, AT_TWO, "u2");
	assert_int_equal(call(NULL, d, &one, "GET",
	    "/v1/wait?cur=9900000002/gen:0&t=1", ""), 204);
}

static void
test_session(void **state)
{
	struct day *d = *state;
	struct json *j = NULL;
	struct seat one;
	int64_t n = -1;

	take_seat(&one, d, "9900000001", "u1");
	assert_int_equal(call(NULL, d, NULL, "GET", "/v1/session", ""), 401);
	assert_int_equal(call(&j, d, &one, "GET", "/v1/session", ""), 200);
	assert_true(json_get_int(j, "acked", &n));
	assert_int_equal(n, 0);
	assert_true(json_get_int(j, "epoch", &n));
	assert_int_equal(n, 1);
	assert_true(json_get_int(j, "time", &n));
	assert_true(n > 0);
	assert_string_equal(json_get_text(j, "schema"),
	    d->county.schema->version);
	assert_string_equal(json_get_text(j, "server_epoch"),
	    ledger_epoch(d->county.ledger));
	assert_true(json_get_int(j, "min_app", &n));
	assert_int_equal(n, 0);
	json_free(j);
}

static void
test_session_knows_what_was_decided(void **state)
{
	struct day *d = *state;
	struct db *db = NULL;
	struct err err = ERR_INIT;
	int64_t acked = -1;
	const struct county_device_state *at = &d->county.at[AT_ONE];

	for (int i = 0; i < 3; i++)
		enter(d, AT_ONE, "u1b");
	kit_check(ledger_begin_read(&db, d->county.ledger, &err), &err);
	kit_check(push_acked(&acked, db, &at->device.id, at->epoch, &err), &err);
	ledger_end_read(d->county.ledger);
	assert_int_equal(acked, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_news_of_its_streams_wakes_a_device, setup, teardown),
		cmocka_unit_test_setup_teardown(test_old_news_is_told_at_once,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_without_news_it_ends_in_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_device_waits_once,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_many_wait_and_none_is_in_the_way, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stopping_ends_the_waits,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(test_who_may_wait, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_session, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_session_knows_what_was_decided, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
