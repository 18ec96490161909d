/*
 * The two calls for paper numbers.
 */
#include "sync/numbers.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "store/number.h"
#include "sync/session.h"

enum { NO_SUCH_CALL = 404 };

/* *known: the server has this call. */
static enum status
ask(struct json **out, bool *known, struct store *s,
	const struct transport *net, const char *path, const struct buf *body,
	struct err *err)
{
	const struct store_user *user = store_user(s);
	struct transport_reply reply = {0};
	struct store_device d = {0};
	enum status st = store_device_get(&d, s, err);

	if (!st)
		st = net->post(net->self, &reply, &(struct transport_request){
			.path = path, .device_token = d.token,
			.user_token = user ? user->token : NULL,
			.type = "application/json", .body = body->data,
			.len = body->len, .zip = ZIP_NONE }, err);
	crypto_wipe(&d, sizeof d);
	if (st)
		return st;
	*known = reply.status != NO_SUCH_CALL;
	if (*known)
		st = session_check(&reply, err);
	if (*known && !st)
		st = json_parse(out, reply.body.data, reply.body.len,
			BUF_LINE_MAX, err);
	transport_reply_release(&reply);
	return st;
}

static enum status
lease(bool *known, struct store *s, const struct transport *net,
	struct err *err)
{
	struct json *answer = NULL;
	struct buf body;
	bool needed = false;
	enum status st;

	buf_init(&body, BUF_LINE_MAX);
	st = number_ask(&body, &needed, s, err);
	if (!st && needed)
		st = ask(&answer, known, s, net, "/v1/numbers/lease", &body,
			err);
	if (!st && *known)
		st = number_answer(s, answer, err);
	json_free(answer);
	buf_release(&body);
	return st;
}

static enum status
give_back(size_t *count, struct store *s, const struct transport *net,
	bool all, struct err *err)
{
	struct json *answer = NULL;
	struct buf body;
	bool needed = false, known = false;
	int64_t n = 0;
	enum status st;

	buf_init(&body, BUF_LINE_MAX);
	st = number_give_back(&body, &needed, s, all, err);
	if (!st && needed)
		st = ask(&answer, &known, s, net, "/v1/numbers/return", &body,
			err);
	if (!st && known) {
		st = number_given_back(s, err);
		(void)json_get_int(answer, "returned", &n);
		*count += (size_t)n;
	}
	json_free(answer);
	buf_release(&body);
	return st;
}

enum status
sync_numbers(bool *more, struct store *s, const struct transport *net,
	struct err *err)
{
	size_t back = 0, made = 0;
	bool talked = false;
	enum status st = lease(&talked, s, net, err);

	if (!st)
		st = give_back(&back, s, net, false, err);
	if (!st)
		st = number_serve(&made, s, err);
	/* records may have theirs now that this device was heard */
	*more = *more || talked || made > 0;
	return st;
}

enum status
sync_numbers_return(size_t *count, struct store *s,
	const struct transport *net, struct err *err)
{
	return give_back(count, s, net, true, err);
}
