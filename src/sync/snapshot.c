/*
 * Taking a snapshot over a line that breaks.
 */
#include "sync/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "store/outbox.h"
#include "store/snapshot.h"
#include "sync/session.h"

enum {
	STORED_BYTES = 32 * 1024,	/* what a kill costs at most */
	ASK_FIRST = 256 * 1024,		/* before the line's speed is known */
	ASK_MIN = 64 * 1024,
	ASK_MAX = 1024 * 1024,
	ASKED_BYTES = 2,		/* to learn whether it is there */
	ASK_TIME_S = 20,		/* then what waits may go up */
	OK = 200,
	PARTIAL = 206,
	NOT_FOUND = 404,
};

struct taking {
	struct store *store;
	const struct transport *net;
	struct sync_counts *counts;
	void (*progress)(void *self, const struct sync_counts *counts);
	void *progress_self;
	struct snapshot_load load;
	int64_t at, to;		/* the next byte; where the gap ends */
	struct buf came;	/* and not stored yet */
	size_t stored;		/* of this request */
	struct err err;		/* of storing */
	bool asking;		/* only whether the server has it */
	bool lost;		/* the server does not have it any more */
};

/* ---- a piece ---- */

static enum status
store_came(struct taking *t)
{
	enum status st;

	if (t->came.len == 0 || t->err.code)
		return t->err.code;
	st = snapshot_add(t->store, &t->load, t->at - (int64_t)t->came.len,
		t->came.data, t->came.len, &t->err);
	if (st)
		return st;
	t->stored += t->came.len;
	t->counts->left_bytes -= (int64_t)t->came.len;
	t->counts->load_have += (int64_t)t->came.len;
	buf_clear(&t->came);
	if (t->progress)
		t->progress(t->progress_self, t->counts);
	return E_OK;
}

/* Bytes as they come.  What is not where it belongs is not taken. */
static bool
take(void *self, int64_t at, const void *bytes, size_t len)
{
	struct taking *t = self;

	if (at != t->at || t->at + (int64_t)len > t->to)
		return false;
	if (!t->asking)
		buf_add(&t->came, bytes, len);
	t->at += (int64_t)len;
	return t->came.len < STORED_BYTES || !store_came(t);
}

/* About 20 s of this line. */
static int64_t
next_ask(const struct sync_counts *counts)
{
	int64_t bytes = counts->bytes_s > 0 ? counts->bytes_s * ASK_TIME_S :
		ASK_FIRST;

	if (bytes < ASK_MIN)
		bytes = ASK_MIN;
	return bytes > ASK_MAX ? ASK_MAX : bytes;
}

static enum status
judge_reply(struct taking *t, const struct transport_reply *reply,
	int64_t from, struct err *err)
{
	if (reply->status == OK || reply->status == PARTIAL)
		return t->at > from ? E_OK : err_set(err, E_INVALID,
			tr("The server's answer makes no sense."));
	t->lost = reply->status == NOT_FOUND;
	return t->lost ? E_OK : session_check(reply, err);
}

static enum status
fetch(struct taking *t, int64_t from, int64_t to, struct err *err)
{
	const struct store_user *user = store_user(t->store);
	struct transport_reply reply = {0};
	struct store_device d = {0};
	char *path = mem_printf("/v1/snapshot/%s/%s", t->load.what.stream,
		t->load.what.sha256);
	int64_t began = clock_mono_ms(), took;
	enum status st = store_device_get(&d, t->store, err);

	t->at = from;
	t->to = to;
	t->stored = 0;
	if (!st && !user)
		st = err_set(err, E_AUTH, tr("Sign in first."));
	if (!st)
		st = t->net->post(t->net->self, &reply,
			&(struct transport_request){ .path = path,
			.get = true, .first = from, .last = to - 1,
			.device_token = d.token, .user_token = user->token,
			.take = take, .take_self = t }, err);
	/* whatever became of the rest, this much is here */
	if (store_came(t)) {
		*err = t->err;
		st = t->err.code;
	}
	if (!st)
		st = judge_reply(t, &reply, from, err);
	took = clock_mono_ms() - began;
	if (t->stored >= ASK_MIN)
		t->counts->bytes_s = (int64_t)t->stored * 1000 /
			(took > 0 ? took : 1);
	t->counts->requests += !st || t->stored > 0;
	t->counts->line.breaks += st == E_OFFLINE && t->stored > 0;
	t->counts->received_bytes += t->stored + (st ? 0 : reply.body.len);
	transport_reply_release(&reply);
	crypto_wipe(&d, sizeof d);
	free(path);
	return st;
}

/* ---- the file ---- */

/* What an interrupted sync had begun goes on, if the server still has it. */
static enum status
open_load(struct taking *t, struct err *err)
{
	const struct wire_snapshot *what = &t->counts->offered;
	struct err none = ERR_INIT;
	enum status st = snapshot_get(&t->load, t->store, what->stream, &none);

	if (st != E_NOTFOUND) {
		if (st)
			*err = none;
		return st;
	}
	t->load = (struct snapshot_load){ .what = *what };
	return snapshot_begin(t->store, what, err);
}

/* All pieces are here.  What is whole but is no snapshot will be none at the
 * next try either. */
static enum status
finish(struct taking *t, bool *done, struct err *err)
{
	struct err bad = ERR_INIT;
	bool whole = false;
	enum status st = snapshot_verify(&whole, t->store, &t->load, &bad);

	if (!st && whole)
		st = snapshot_apply(&t->counts->apply, t->store, &t->load,
			&bad);
	*done = whole || st;
	if (st == E_INVALID) {
		t->counts->snapshots = false;
		return snapshot_give_up(&t->counts->apply, t->store, &t->load,
			true, err);
	}
	if (st)
		*err = bad;
	return st;
}

/* One request, or the end. */
static enum status
step(struct taking *t, bool *done, struct err *err)
{
	int64_t from = 0, to = 0, ask = next_ask(t->counts);
	bool other = strcmp(t->load.what.sha256,
		t->counts->offered.sha256) != 0;
	enum status st = snapshot_gap(&from, &to, t->store, &t->load, err);

	if (st)
		return st;
	/* begun with another than is offered now: is that one still good? */
	t->asking = from == to && other;
	if (from == to && !other)
		return finish(t, done, err);
	if (t->asking) {
		from = 0;
		to = ASKED_BYTES;
	} else if (to - from > ask) {
		to = from + ask;
	}
	st = fetch(t, from, to, err);
	/* something on the way that does not know ranges: in pages, then */
	if (st == E_INVALID) {
		*err = (struct err)ERR_INIT;
		t->counts->snapshots = false;
		*done = true;
		return E_OK;
	}
	if (st)
		return st;
	if (t->lost) {
		*done = true;
		/* one that was offered just now and is not there is no use */
		t->counts->snapshots = other;
		return snapshot_give_up(&t->counts->apply, t->store, &t->load,
			false, err);
	}
	return t->asking ? finish(t, done, err) : E_OK;
}

enum status
sync_snapshot(struct sync_counts *counts, struct store *s,
	const struct transport *net,
	void (*progress)(void *self, const struct sync_counts *counts),
	void *self, struct err *err)
{
	struct taking t = { .store = s, .net = net, .counts = counts,
		.progress = progress, .progress_self = self,
		.err = ERR_INIT };
	bool done = false;
	size_t waiting = 0;
	enum status st = snapshot_is_bad(&done, s, &counts->offered, err);

	if (!st && done)
		counts->snapshots = false;
	if (st || done)
		return st;
	buf_init(&t.came, BUF_BATCH_MAX);
	st = open_load(&t, err);
	if (!st)
		st = snapshot_stored(&counts->load_have, s, err);
	if (!st)
		counts->load_bytes = t.load.what.bytes;
	while (!st && !done && waiting == 0) {
		st = step(&t, &done, err);
		if (!st && !done)
			st = outbox_bytes(&waiting, s, err);
	}
	counts->load_bytes = counts->load_have = 0;
	buf_release(&t.came);
	return st;
}
