/*
 * One question, one answer.
 */
#include "sync/history.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/tr.h"
#include "store/history.h"
#include "sync/session.h"

static enum status
ask(struct transport_reply *reply, struct store *s,
	const struct transport *net, const char *body, size_t len,
	struct err *err)
{
	struct store_device d = {0};
	enum status st = store_device_get(&d, s, err);

	if (!st)
		st = net->post(net->self, reply, &(struct transport_request){
			.path = "/v1/history", .device_token = d.token,
			.user_token = store_user(s)->token,
			.type = "application/json", .body = body, .len = len,
			.zip = ZIP_NONE }, err);
	crypto_wipe(&d, sizeof d);
	return st ? st : session_check(reply, err);
}

enum status
history_fetch(struct store *s, const struct transport *net,
	const struct uuid *id, struct err *err)
{
	struct transport_reply reply = {0};
	char text[UUID_TEXT_MAX];
	struct buf body;
	enum status st;

	if (!store_user(s))
		return err_set(err, E_AUTH, tr("Sign in again."));
	uuid_print(text, id);
	buf_init(&body, BUF_LINE_MAX);
	buf_printf(&body, "{\"id\":\"%s\"}", text);
	st = ask(&reply, s, net, body.data, body.len, err);
	if (!st)
		st = history_keep(s, id, clock_now_at(), reply.body.data,
			reply.body.len, err);
	transport_reply_release(&reply);
	buf_release(&body);
	return st;
}
