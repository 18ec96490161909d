/*
 * One question, one answer.
 */
#include "sync/call.h"

#include <string.h>

#include "base/crypto.h"
#include "base/tr.h"
#include "sync/session.h"

enum status
call_server(struct buf *out, struct store *s, const struct transport *net,
	const char *path, const char *body, struct err *err)
{
	struct transport_reply reply = {0};
	struct store_device d = {0};
	enum status st;

	if (!store_user(s))
		return err_set(err, E_AUTH, tr("Sign in again."));
	st = store_device_get(&d, s, err);
	if (!st)
		st = net->post(net->self, &reply, &(struct transport_request){
			.path = path, .get = !body, .device_token = d.token,
			.user_token = store_user(s)->token,
			.type = "application/json", .body = body ? body : "",
			.len = body ? strlen(body) : 0, .zip = ZIP_NONE }, err);
	crypto_wipe(&d, sizeof d);
	if (!st)
		st = session_check(&reply, err);
	if (!st)
		buf_add(out, reply.body.data, reply.body.len);
	if (reply.body.data)
		crypto_wipe(reply.body.data, reply.body.len);
	transport_reply_release(&reply);
	return st;
}
