/*
 * Sending the trace, asking for it.
 */
#include "sync/audit.h"

#include <stdio.h>

#include "base/json.h"
#include "base/tr.h"
#include "store/audit.h"
#include "sync/session.h"

enum {
	PIECE_BYTES = 64 * 1024,	/* of entries; packed a tenth */
	NO_SUCH_CALL = 404,
};

/* What the server says to a piece. */
struct answer {
	bool known;			/* it has this call */
	bool need;
	int64_t acked;
};

static enum status
read_answer(struct answer *out, const struct transport_reply *reply,
	struct err *err)
{
	struct answer a = { .known = reply->status != NO_SUCH_CALL };
	struct json *j = NULL;
	enum status st = a.known ? session_check(reply, err) : E_OK;

	if (!st && a.known)
		st = json_parse(&j, reply->body.data, reply->body.len,
			BUF_LINE_MAX, err);
	a.need = json_is_true(json_get(j, "need"));
	if (!st && a.known && !a.need && !json_get_int(j, "acked", &a.acked))
		st = err_set(err, E_INVALID,
			tr("The server's answer makes no sense."));
	json_free(j);
	if (!st)
		*out = a;
	return st;
}

static enum status
send_piece(struct answer *out, struct store *s, const struct transport *net,
	const struct audit_batch *b, struct err *err)
{
	struct transport_reply reply = {0};
	struct store_device d = {0};
	char before[AUDIT_HASH_TEXT];
	struct buf body;
	enum status st = store_device_get(&d, s, err);

	if (st)
		return st;
	crypto_hex(before, b->before, sizeof b->before);
	buf_init(&body, BUF_BATCH_MAX);
	buf_printf(&body, "{\"before\":\"%s\",\"oldest\":%s}\n", before,
		b->oldest ? "true" : "false");
	buf_add(&body, b->lines.data, b->lines.len);
	st = net->post(net->self, &reply, &(struct transport_request){
		.path = "/v1/audit", .device_token = d.token,
		.type = "application/x-ndjson", .body = body.data,
		.len = body.len, .zip = ZIP_ZSTD }, err);
	if (!st)
		st = read_answer(out, &reply, err);
	transport_reply_release(&reply);
	crypto_wipe(&d, sizeof d);
	buf_release(&body);
	return st;
}

enum status
sync_audit(struct store *s, const struct transport *net, struct err *err)
{
	int64_t from = 0;		/* what the server has not got */
	bool asked = false;
	enum status st = E_OK;

	for (;;) {
		struct audit_batch b = {0};
		struct answer a = {0};

		st = audit_batch(&b, s, from, PIECE_BYTES, err);
		if (!st && b.last > 0)
			st = send_piece(&a, s, net, &b, err);
		audit_batch_release(&b);
		if (st || !a.known || (a.need && asked))
			return st;
		if (a.need) {
			from = 1;	/* all there is; once */
			asked = true;
			continue;
		}
		st = audit_acked(s, a.acked, err);
		if (st)
			return st;
		from = a.acked + 1;
	}
}

enum status
audit_who_fetch(struct buf *out, struct store *s,
	const struct transport *net, const struct uuid *id, struct err *err)
{
	struct transport_reply reply = {0};
	struct store_device d = {0};
	char path[64], text[UUID_TEXT_MAX];
	enum status st = store_device_get(&d, s, err);

	if (!st && !store_user(s))
		st = err_set(err, E_AUTH, tr("Sign in again."));
	if (st)
		return st;
	uuid_print(text, id);
	(void)snprintf(path, sizeof path, "/v1/audit?record=%s", text);
	st = net->post(net->self, &reply, &(struct transport_request){
		.path = path, .get = true, .device_token = d.token,
		.user_token = store_user(s)->token, .zip = ZIP_NONE }, err);
	if (!st)
		st = session_check(&reply, err);
	if (!st)
		buf_add(out, reply.body.data, reply.body.len);
	transport_reply_release(&reply);
	crypto_wipe(&d, sizeof d);
	return st;
}
