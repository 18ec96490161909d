/* sync/http_answer: what the headers of a reply tell, odd ones too,
 * where its body goes, and whose it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sync/http_answer.h"

static void
tell(struct http_answer *a, const char *line)
{
	http_answer_header(a, line, strlen(line));
}

static void
headers_are_read(void **state)
{
	struct http_answer a = { .offset = -1, .total = -1 };

	(void)state;
	tell(&a, "HTTP/1.1 206 Partial Content\r\n");
	tell(&a, "content-type: application/json; charset=utf-8\r\n");
	tell(&a, "Content-Encoding: zstd\r\n");
	tell(&a, "Retry-After: 12\r\n");
	tell(&a, "X-Server-Time: 1774000000000\r\n");
	tell(&a, "Content-Range: bytes 4096-8191/2000000\r\n");
	tell(&a, "Content-Types: text/html\r\n");
	assert_int_equal(a.status, 206);
	assert_string_equal(a.type, "application/json");
	assert_int_equal(a.zip, ZIP_ZSTD);
	assert_false(a.unknown_zip);
	assert_int_equal(a.retry_after_s, 12);
	assert_int_equal(a.server_at, 1774000000000);
	assert_int_equal(a.offset, 4096);
	assert_int_equal(a.total, 2000000);
	tell(&a, "Upload-Offset: 7\r\n");
	tell(&a, "Upload-Length: 9\r\n");
	assert_int_equal(a.offset, 7);
	assert_int_equal(a.total, 9);
}

static void
a_second_head_begins_anew(void **state)
{
	struct http_answer a = {0};
	struct buf body;

	(void)state;
	buf_init(&body, BUF_LINE_MAX);
	a.packed = &body;
	tell(&a, "HTTP/1.1 100 Continue\r\n");
	tell(&a, "Content-Type: text/html\r\n");
	tell(&a, "HTTP/1.1 200 OK\r\n");
	assert_int_equal(a.status, 200);
	assert_string_equal(a.type, "");
	assert_int_equal(a.offset, -1);
	assert_ptr_equal(a.packed, &body);
	buf_release(&body);
}

static void
odd_ones_do_no_harm(void **state)
{
	char line[300] = "Content-Type: ";
	struct http_answer a = {0};

	(void)state;
	tell(&a, "HTTP/1.1\r\n");
	assert_int_equal(a.status, 0);
	tell(&a, "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\n");
	assert_int_equal(a.retry_after_s, 0);
	tell(&a, "Retry-After: 99999999\r\n");
	assert_int_equal(a.retry_after_s, 24 * 3600);
	tell(&a, "Content-Encoding: br\r\n");
	assert_true(a.unknown_zip);
	memset(line + 14, 'x', sizeof line - 15);
	http_answer_header(&a, line, sizeof line - 1);
	assert_int_equal(strlen(a.type), HTTP_ANSWER_HEADER_MAX - 1);
	tell(&a, "");
	tell(&a, ":");
}

struct file {
	char bytes[32];
	size_t most;
};

static bool
take(void *self, int64_t at, const void *bytes, size_t len)
{
	struct file *f = self;

	if ((size_t)at + len > f->most)
		return false;
	memcpy(f->bytes + at, bytes, len);
	return true;
}

/* A file's bytes go where they stand in it, and nothing else goes there. */
static void
a_body_goes_where_it_belongs(void **state)
{
	struct file f = { .bytes = "..........", .most = 10 };
	struct buf body;
	struct http_answer a = { .packed = &body, .take = take,
		.take_self = &f };

	(void)state;
	buf_init(&body, 8);
	tell(&a, "HTTP/1.1 206 Partial Content\r\n");
	tell(&a, "Content-Type: application/octet-stream\r\n");
	tell(&a, "Content-Range: bytes 2-7/10\r\n");
	assert_true(http_answer_body(&a, "abc", 3));
	assert_true(http_answer_body(&a, "de", 2));
	assert_string_equal(f.bytes, "..abcde...");
	assert_int_equal(body.len, 0);
	assert_false(http_answer_body(&a, "fghij", 5));
	tell(&a, "HTTP/1.1 403 Forbidden\r\n");
	tell(&a, "Content-Type: application/octet-stream\r\n");
	assert_true(http_answer_body(&a, "no", 2));
	assert_string_equal(body.data, "no");
	assert_false(http_answer_body(&a, "more than fits", 14));
	buf_release(&body);
}

static enum status
reply_to(struct transport_reply *out, const char *type, const char *zip,
	const char *body, int status)
{
	struct buf packed;
	struct http_answer a = { .packed = &packed };
	struct err err = ERR_INIT;
	enum status s;

	buf_init(&packed, BUF_LINE_MAX);
	tell(&a, "HTTP/1.1 200 OK\r\n");
	tell(&a, type);
	tell(&a, zip);
	tell(&a, "Retry-After: 9\r\n");
	assert_true(http_answer_body(&a, body, strlen(body)));
	s = http_answer_reply(out, &a, status, &err);
	buf_release(&packed);
	return s;
}

/* A stranger's page is no reply of the server's, whatever its status says. */
static void
only_ours_is_a_reply(void **state)
{
	static const char json[] = "Content-Type: application/json\r\n";
	static const char html[] = "Content-Type: text/html\r\n";
	static const int gateways[] = { 413, 429, 502 };
	struct transport_reply r = {0};

	(void)state;
	assert_int_equal(reply_to(&r, json, "", "{}", 200), E_OK);
	assert_int_equal(r.status, 200);
	assert_string_equal(r.body.data, "{}");
	assert_int_equal(r.received_bytes, 2);
	assert_int_equal(r.retry_after_s, 9);
	transport_reply_release(&r);
	assert_int_equal(reply_to(&r, html, "", "<p>Sign in", 200), E_INVALID);
	assert_int_equal(reply_to(&r, html, "", "<p>Not here", 404), E_INVALID);
	assert_int_equal(reply_to(&r, json, "Content-Encoding: br\r\n", "{}",
		200), E_INVALID);
	assert_int_equal(reply_to(&r, json, "Content-Encoding: zstd\r\n",
		"half", 200), E_OFFLINE);
	for (size_t i = 0; i < sizeof gateways / sizeof *gateways; i++) {
		assert_int_equal(reply_to(&r, html, "", "<p>Later",
			gateways[i]), E_OK);
		assert_int_equal(r.status, gateways[i]);
		assert_int_equal(r.retry_after_s, 9);
		assert_int_equal(r.body.len, 0);
		transport_reply_release(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_are_read),
		cmocka_unit_test(a_second_head_begins_anew),
		cmocka_unit_test(a_body_goes_where_it_belongs),
		cmocka_unit_test(only_ours_is_a_reply),
		cmocka_unit_test(odd_ones_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
