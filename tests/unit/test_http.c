/*
 * The server's HTTP against a peer that means no good: raw sockets on
 * loopback, without TLS, with short deadlines.
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
#include "server/http.h"

enum { HEADER_MS = 400, PATIENT_MS = 60 * 1000, PER_IP = 8 };

static bool
answer(void *self, const struct http_request *request,
    struct http_reply *reply)
{
	(void)self;
	if (strcmp(request->path, "/part") == 0) {
		reply->status = 206;
		reply->type = "application/octet-stream";
		reply->upload = (struct http_part){ true, 100, 300 };
		reply->part = (struct http_part){ true, 100, 300 };
	}
	buf_printf(&reply->body, "%s %s %zu lang=%s", request->method,
	    request->path, request->body.len, request->header[HTTP_LANG]);
	return true;
}

static int
start(void **state, int deadline_ms)
{
	struct http_options o = HTTP_OPTIONS_DEFAULT;
	struct http *h = NULL;
	struct err err = ERR_INIT;

	o.host = "127.0.0.1";
	o.port = 0;
	o.answer = answer;
	o.header_ms = deadline_ms;
	o.body_ms = deadline_ms;
	o.idle_ms = deadline_ms;
	o.per_ip_max = PER_IP;
	crypto_init();
	signal(SIGPIPE, SIG_IGN);
	if (http_start(&h, &o, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		return -1;
	}
	*state = h;
	return 0;
}

static int
setup(void **state)
{
	return start(state, HEADER_MS);
}

/* Where the first connections must still be held when the last one comes,
 * however busy the machine is. */
static int
setup_patient(void **state)
{
	return start(state, PATIENT_MS);
}

static int
teardown(void **state)
{
	http_stop(*state);
	return 0;
}

static int
dial(void **state)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)http_port(*state)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

static void
say(int fd, const char *text)
{
	size_t len = strlen(text);

	/* the peer may have closed already; the tests look at its answer */
	if (send(fd, text, len, MSG_NOSIGNAL) < 0)
		return;
}

/* What the server says until it closes or wait_ms pass; true: it closed. */
static bool
hear(char out[4096], int fd, int wait_ms)
{
	int64_t end = clock_mono_ms() + wait_ms;
	size_t len = 0;
	bool closed = false;

	while (len < 4095) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = end - clock_mono_ms();
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			break;
		n = recv(fd, out + len, 4095 - len, 0);
		if (n <= 0) {
			closed = true;
			break;
		}
		len += (size_t)n;
		out[len] = '\0';
	}
	out[len] = '\0';
	return closed;
}

/* One request on its own connection and the status of its answer. */
static int
status_of(void **state, const char *request)
{
	char out[4096];
	int fd = dial(state);
	int status = 0;

	say(fd, request);
	(void)hear(out, fd, 300);
	close(fd);
	if (strncmp(out, "HTTP/1.1 ", 9) == 0)
		status = (int)strtol(out + 9, NULL, 10);
	return status;
}

static void
test_refuses_what_is_odd(void **state)
{
	static const struct {
		const char *what, *request;
		int status;
	} cases[] = {
		{ "good", "GET /v1/ping HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
		{ "no host", "GET /v1/ping HTTP/1.1\r\n\r\n", 400 },
		{ "two lengths", "POST / HTTP/1.1\r\nHost: x\r\n"
		    "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400 },
		{ "two different lengths", "POST / HTTP/1.1\r\nHost: x\r\n"
		    "Content-Length: 2\r\nContent-Length: 9\r\n\r\n{}", 400 },
		{ "length and chunks", "POST / HTTP/1.1\r\nHost: x\r\n"
		    "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "0\r\n\r\n", 400 },
		{ "negative length", "POST / HTTP/1.1\r\nHost: x\r\n"
		    "Content-Length: -1\r\n\r\n", 400 },
		{ "length in hex", "POST / HTTP/1.1\r\nHost: x\r\n"
		    "Content-Length: 0x2\r\n\r\n{}", 400 },
		{ "a terabyte", "POST / HTTP/1.1\r\nHost: x\r\n"
		    "Content-Length: 1000000000000\r\n\r\n", 413 },
		{ "just over", "POST / HTTP/1.1\r\nHost: x\r\n"
		    "Content-Length: 16777217\r\n\r\n", 413 },
		{ "other method", "DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", 405 },
		{ "old version", "GET / HTTP/1.0\r\nHost: x\r\n\r\n", 400 },
		{ "a NUL in an argument", "GET /v1/ping?record=a%00b HTTP/1.1"
		    "\r\nHost: x\r\n\r\n", 400 },
		{ "token twice", "GET / HTTP/1.1\r\nHost: x\r\n"
		    "Authorization: a\r\nAuthorization: b\r\n\r\n", 400 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int status = status_of(state, cases[i].request);

		if (status != cases[i].status)
			fail_msg("%s: %d, not %d", cases[i].what, status,
			    cases[i].status);
	}
}

static void
test_pieces_have_their_places(void **state)
{
	char out[4096];
	int fd = dial(state);

	say(fd, "PUT /part HTTP/1.1\r\nHost: x\r\nUpload-Offset: 5\r\n"
	    "Content-Length: 3\r\n\r\nabc");
	(void)hear(out, fd, 300);
	assert_non_null(strstr(out, "HTTP/1.1 206"));
	assert_non_null(strstr(out, "Upload-Offset: 100\r\n"));
	assert_non_null(strstr(out, "Upload-Length: 300\r\n"));
	assert_non_null(strstr(out, "Content-Range: bytes 100-116/300\r\n"));
	assert_non_null(strstr(out, "PUT /part 3 lang="));
	close(fd);
	fd = dial(state);
	say(fd, "HEAD /part HTTP/1.1\r\nHost: x\r\n\r\n");
	(void)hear(out, fd, 300);
	assert_non_null(strstr(out, "Upload-Offset: 100\r\n"));
	assert_null(strstr(out, "HEAD /part"));
	close(fd);
}

static void
test_long_header_is_refused(void **state)
{
	char request[65536 + 100];
	int n = snprintf(request, sizeof request,
	    "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ");

	memset(request + n, 'a', 60000);
	memcpy(request + n + 60000, "\r\n\r\n", 5);
	assert_int_equal(status_of(state, request), 431);
}

/* A byte now and then must not keep a connection for ever. */
static void
drip(void **state, const char *start, const char *byte, int within_ms)
{
	int64_t from = clock_mono_ms();
	int fd = dial(state);
	bool closed = false;
	char out[4096];

	say(fd, start);
	while (!closed && clock_mono_ms() - from < within_ms + 2000) {
		say(fd, byte);
		closed = hear(out, fd, 50);
	}
	close(fd);
	assert_true(closed);
	assert_in_range(clock_mono_ms() - from, HEADER_MS / 2, within_ms);
}

static void
test_slow_headers_are_cut(void **state)
{
	drip(state, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "a", 1500);
}

static void
test_silence_is_cut(void **state)
{
	drip(state, "", "", 1500);
}

static void
test_slow_body_is_cut(void **state)
{
	drip(state, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
	    "a", 1500);
}

static void
test_endless_chunks_are_cut(void **state)
{
	static char piece[65536 + 16];
	int fd = dial(state);
	size_t sent = 0;
	char out[4096];

	memset(piece, 'a', sizeof piece);
	memcpy(piece, "10000\r\n", 7);
	memcpy(piece + 7 + 65536, "\r\n", 2);
	say(fd, "POST / HTTP/1.1\r\nHost: x\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n");
	while (sent < 64u * 1024 * 1024) {
		ssize_t n = send(fd, piece, 7 + 65536 + 2, MSG_NOSIGNAL);

		if (n != 7 + 65536 + 2)
			break;
		sent += 65536;
	}
	(void)hear(out, fd, 300);
	close(fd);
	/* what the kernel buffers comes on top of our 16 MiB */
	assert_true(sent < 32u * 1024 * 1024);
	assert_null(strstr(out, "200 OK"));
}

static void
test_keeps_alive(void **state)
{
	char out[4096];
	int fd = dial(state);

	for (int i = 0; i < 3; i++) {
		say(fd, "POST /v1/sync HTTP/1.1\r\nHost: x\r\nX-Lang: en\r\n"
		    "Content-Length: 5\r\n\r\n12345");
		assert_false(hear(out, fd, 100));
		assert_non_null(strstr(out, "POST /v1/sync 5 lang=en"));
		assert_non_null(strstr(out, "X-Server-Time: "));
	}
	assert_true(hear(out, fd, 1500));
	close(fd);
}

static void
test_one_address_has_a_limit(void **state)
{
	int fds[PER_IP + 1];
	char out[4096];

	for (int i = 0; i <= PER_IP; i++)
		fds[i] = dial(state);
	say(fds[PER_IP], "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_true(hear(out, fds[PER_IP], PATIENT_MS));
	assert_int_equal(strlen(out), 0);
	for (int i = 0; i <= PER_IP; i++)
		close(fds[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refuses_what_is_odd),
		cmocka_unit_test(test_pieces_have_their_places),
		cmocka_unit_test(test_long_header_is_refused),
		cmocka_unit_test(test_slow_headers_are_cut),
		cmocka_unit_test(test_silence_is_cut),
		cmocka_unit_test(test_slow_body_is_cut),
		cmocka_unit_test(test_endless_chunks_are_cut),
		cmocka_unit_test(test_keeps_alive),
	};
	const struct CMUnitTest patient[] = {
		cmocka_unit_test(test_one_address_has_a_limit),
	};
	int failed = cmocka_run_group_tests_name("http", tests, setup,
		teardown);

	return failed + cmocka_run_group_tests_name("patient http", patient,
		setup_patient, teardown);
}
