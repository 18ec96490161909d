/*
 * Asking and understanding; what is asked when is sync/reconcile's.
 */
#include "sync/reconcile_talk.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "store/reconcile.h"
#include "sync/session.h"

enum { HAND_BACK_BYTES = 512 * 1024 };

static void
forget_lines(struct talk *t)
{
	for (size_t i = 0; i < t->count; i++)
		reconcile_line_release(&t->lines[i]);
	free(t->lines);
	t->lines = NULL;
	t->count = 0;
}

struct talk *
talk_new(struct store *s, const struct transport *net)
{
	struct talk *t = mem_alloc(1, sizeof *t);

	t->store = s;
	t->net = net;
	t->most = HAND_BACK_BYTES;
	t->buckets = RECONCILE_BUCKETS;
	return t;
}

void
talk_free(struct talk *t)
{
	forget_lines(t);
	free(t);
}

static enum status
read_reply(struct talk *t, const struct buf *body, struct err *err)
{
	const char *at = body->data, *end = body->data + body->len;
	bool whole = false;
	enum status st = E_OK;

	while (at < end && !st) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));
		struct reconcile_line line = {0};

		if (!nl)
			break;
		st = reconcile_parse(&line, &t->head, at, (size_t)(nl - at),
			err);
		if (st)
			break;
		whole = line.kind == RECONCILE_HEAD;
		if (!whole) {
			t->lines = mem_grow(t->lines, t->count,
				sizeof *t->lines);
			t->lines[t->count++] = line;
		}
		at = nl + 1;
	}
	if (!st && (!whole || at < end))
		st = err_set(err, E_OFFLINE, tr("The answer was cut short; "
			"what was entered is kept and sent later."));
	return st;
}

enum status
talk_ask(struct talk *t, const struct reconcile_head *head, const struct buf *lines,
	struct err *err)
{
	const struct store_user *user = store_user(t->store);
	struct transport_reply reply = {0};
	struct store_device d = {0};
	struct buf body;
	enum status st = store_device_get(&d, t->store, err);

	forget_lines(t);
	buf_init(&body, BUF_BATCH_MAX);
	if (!st && !user)
		st = err_set(err, E_AUTH, tr("Sign in first."));
	if (st)
		goto out;
	reconcile_print_head(&body, head);
	if (lines)
		buf_add(&body, lines->data, lines->len);
	st = t->net->post(t->net->self, &reply, &(struct transport_request){
		.path = "/v1/reconcile", .device_token = d.token,
		.user_token = user->token, .type = "application/x-ndjson",
		.body = body.data, .len = body.len, .zip = ZIP_ZSTD }, err);
	t->status = st ? 0 : reply.status;
	if (!st)
		st = session_check(&reply, err);
	if (!st)
		st = read_reply(t, &reply.body, err);
	if (!st && t->head.step != head->step)
		st = err_set(err, E_INVALID,
			tr("The server's answer makes no sense."));
out:
	transport_reply_release(&reply);
	crypto_wipe(&d, sizeof d);
	buf_release(&body);
	return st;
}

struct reconcile_head *
talk_head(const struct talk *t, enum reconcile_step step, const char *stream)
{
	struct reconcile_head *h = mem_alloc(1, sizeof *h);

	h->step = step;
	h->epoch = t->first.epoch;
	memcpy(h->device, t->mine.device, sizeof h->device);
	if (step == RECONCILE_HAVE)
		memcpy(h->server_epoch, t->held, sizeof h->server_epoch);
	else if (step == RECONCILE_DONE)
		memcpy(h->server_epoch, t->mine.server_epoch, sizeof h->server_epoch);
	if (stream)
		memcpy(h->stream, stream, sizeof h->stream);
	return h;
}

enum status
talk_meet(struct talk *t, struct err *err)
{
	enum status st = reconcile_begin(&t->mine, t->store, err);

	if (!st)
		st = reconcile_held_of(t->held, t->store, err);
	if (!st)
		st = talk_ask(t, &t->mine, NULL, err);
	if (!st)
		t->first = t->head;
	return st;
}

bool
talk_any(const bool which[RECONCILE_BUCKETS])
{
	for (int i = 0; i < RECONCILE_BUCKETS; i++)
		if (which[i])
			return true;
	return false;
}

bool
talk_wants(const struct talk *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->lines[i].kind == RECONCILE_WANT)
			return true;
	return false;
}

enum status
talk_ask_sums(struct talk *t, const char *stream,
	bool which[RECONCILE_BUCKETS], struct err *err)
{
	struct reconcile_head *head = talk_head(t, RECONCILE_SUMS, stream);
	enum status st = reconcile_sums(head->sums, t->store, stream, err);

	if (!st)
		st = talk_ask(t, head, NULL, err);
	free(head);
	if (!st)
		memcpy(which, t->head.which, sizeof t->head.which);
	return st;
}

enum status
talk_ask_ids(struct talk *t, const char *stream,
	const bool which[RECONCILE_BUCKETS], struct err *err)
{
	for (;;) {
		struct reconcile_head *head = talk_head(t, RECONCILE_IDS,
			stream);
		struct buf lines;
		int count = 0;
		enum status st;

		for (int i = 0; i < RECONCILE_BUCKETS; i++)
			count += head->which[i] = which[i] &&
				count < t->buckets;
		buf_init(&lines, BUF_BATCH_MAX);
		st = reconcile_print_held(&lines, t->store, stream,
			head->which, err);
		if (!st)
			st = talk_ask(t, head, &lines, err);
		buf_release(&lines);
		free(head);
		if (!st || t->status != 413 || count < 2)
			return st;
		*err = (struct err)ERR_INIT;
		t->buckets = count / 2;
	}
}
