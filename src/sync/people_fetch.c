/*
 * One question, repeated while there are others to be named.
 */
#include "sync/people_fetch.h"

#include "base/tr.h"
#include "store/people_ask.h"
#include "sync/session.h"

enum { NO_SUCH_CALL = 404, ROUNDS_MAX = 50 };

/* *more: ask again. */
static enum status
take(bool *more, struct store *s, const struct people_asked *asked,
	const struct transport_reply *reply, struct err *err)
{
	enum status st;

	if (reply->status == NO_SUCH_CALL)
		return people_ask_unheard(s, err);
	st = session_check(reply, err);
	return st ? st : people_ask_take(more, s, asked, reply->body.data,
		reply->body.len, err);
}

static enum status
ask(bool *more, struct store *s, const struct transport *net,
	const struct people_asked *asked, const struct buf *body,
	struct err *err)
{
	struct transport_reply reply = {0};
	struct store_device d = {0};
	enum status st = store_device_get(&d, s, err);

	if (!st)
		st = net->post(net->self, &reply, &(struct transport_request){
			.path = "/v1/names", .device_token = d.token,
			.user_token = store_user(s)->token,
			.type = "application/json", .body = body->data,
			.len = body->len, .zip = ZIP_NONE }, err);
	crypto_wipe(&d, sizeof d);
	if (!st)
		st = take(more, s, asked, &reply, err);
	transport_reply_release(&reply);
	return st;
}

enum status
people_fetch(struct store *s, const struct transport *net, struct err *err)
{
	bool more = true;
	enum status st = E_OK;

	for (int i = 0; i < ROUNDS_MAX && more && !st; i++) {
		struct people_asked asked;
		struct buf body;
		bool needed = false;

		buf_init(&body, BUF_RECORD_MAX);
		st = people_ask(&body, &asked, &needed, s, err);
		more = false;
		if (!st && needed)
			st = ask(&more, s, net, &asked, &body, err);
		/* who are more than fit into one are not asked for yet */
		more = more || asked.count == PEOPLE_ASK_MAX;
		buf_release(&body);
	}
	return st;
}
