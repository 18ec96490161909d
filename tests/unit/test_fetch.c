/* sync/fetch: a reply is taken apart from who asked, or by them. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sync/fetch.h"

static const char whole[] =
	"{\"t\":\"g\",\"s\":\"9900000001/gen\",\"q\":7,"
	"\"id\":\"01941f29-7c00-7000-8000-000000000001\"}\n"
	"{\"t\":\"end\",\"cur\":{\"9900000001/gen\":\"7.0000abcd\"},"
	"\"more\":false,\"acked\":3}\n";

struct net {
	int status;		/* 0: no answer */
	const char *body;
	int finished;
	pthread_t by;
};

static enum status
finish(void *self, struct transport_reply *reply, struct err *err)
{
	struct net *n = self;

	n->finished++;
	n->by = pthread_self();
	if (n->status == 0)
		return err_set(err, E_OFFLINE, "nobody answers");
	*reply = (struct transport_reply){ .status = n->status,
		.sent_bytes = 5, .received_bytes = 9 };
	buf_init(&reply->body, BUF_BATCH_MAX);
	buf_text(&reply->body, n->body);
	return E_OK;
}

static void
replies_are_read(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum status said, unread;
		size_t lines;
	} rows[] = {
		{ 200, whole, E_OK, E_OK, 2 },
		{ 200, "{\"t\":\"g\"", E_OK, E_INVALID, 0 },
		{ 200, "", E_OK, E_OFFLINE, 0 },
		{ 403, "{\"error\":\"device_revoked\"}", E_OK, E_OK, 0 },
		{ 0, "", E_OFFLINE, E_OK, 0 },
	};

	(void)state;
	for (size_t i = 0; i < 3 * sizeof rows / sizeof rows[0]; i++) {
		size_t row = i / 3;
		bool may = i % 3 > 0, apart = i % 3 == 2;
		struct net n = { .status = rows[row].status,
			.body = rows[row].body };
		const struct transport net = { .self = &n, .finish = finish,
			.apart = may };
		struct transport_reply reply = {0};
		struct page page = {0};
		struct err unread = ERR_INIT, err = ERR_INIT;
		struct fetch *f = fetch_begin(&net, apart || !may);

		assert_int_equal(fetch_end(f, &reply, &page, &unread, &err),
			rows[row].said);
		assert_int_equal(err.code, rows[row].said);
		assert_int_equal(unread.code, rows[row].unread);
		assert_int_equal(page.count, rows[row].lines);
		assert_int_equal(reply.status, rows[row].status);
		assert_int_equal(n.finished, 1);
		assert_int_equal(!pthread_equal(n.by, pthread_self()), apart);
		/* what is no page is its caller's to read */
		if (rows[row].status == 403)
			assert_string_equal(reply.body.data, rows[row].body);
		page_release(&page);
		transport_reply_release(&reply);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
