/* sync/http_answer: what the headers of a reply tell, odd ones too. */
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_are_read),
		cmocka_unit_test(a_second_head_begins_anew),
		cmocka_unit_test(odd_ones_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
