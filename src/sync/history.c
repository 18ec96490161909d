/*
 * One question, and its answer kept.
 */
#include "sync/history.h"

#include "base/clock.h"
#include "store/history.h"
#include "sync/call.h"

enum status
history_fetch(struct store *s, const struct transport *net,
	const struct uuid *id, struct err *err)
{
	char text[UUID_TEXT_MAX];
	struct buf body, answer;
	enum status st;

	uuid_print(text, id);
	buf_init(&body, BUF_LINE_MAX);
	buf_init(&answer, BUF_BATCH_MAX);
	buf_printf(&body, "{\"id\":\"%s\"}", text);
	st = call_server(&answer, s, net, "/v1/history", body.data, err);
	if (!st)
		st = history_keep(s, id, clock_now_at(), answer.data,
			answer.len, err);
	buf_release(&answer);
	buf_release(&body);
	return st;
}
