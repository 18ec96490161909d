/*
 * Reconciling, step by step.  What is handed back goes up before anything is
 * taken down, so that the server's answers already have it.
 */
#include "sync/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "store/outbox.h"
#include "store/reconcile.h"
#include "sync/session.h"

enum {
	HAND_BACK_BYTES = 512 * 1024,
	ROUNDS_MAX = 4 * RECONCILE_BUCKETS,	/* of one stream */
};

struct talk {
	struct store *store;
	const struct transport *net;
	struct apply_counts *counts;
	struct reconcile_head first;	/* what both said at the start */
	char known[UUID_TEXT_MAX];	/* the ledger that operations were
					 * decided in */
	char held[UUID_TEXT_MAX];	/* that versions here are of */
	struct reconcile_head head;	/* of the last reply */
	struct reconcile_line *lines;	/* of the last reply; owned */
	size_t count;
	int status;		/* HTTP's of it; 0 there was none */
	size_t most;		/* bytes that are handed back at once */
	int buckets;		/* that are listed at once */
	struct uuid *large;	/* records that no request bears; owned */
	size_t large_count;
};

static void
forget_lines(struct talk *t)
{
	for (size_t i = 0; i < t->count; i++)
		reconcile_line_release(&t->lines[i]);
	free(t->lines);
	t->lines = NULL;
	t->count = 0;
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

/* Send a head and lines, and have the reply in t. */
static enum status
ask(struct talk *t, const struct reconcile_head *head, const struct buf *lines,
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

/* The head of a later step. */
static struct reconcile_head *
new_head(const struct talk *t, enum reconcile_step step, const char *stream)
{
	struct reconcile_head *h = mem_alloc(1, sizeof *h);

	h->step = step;
	h->epoch = t->first.epoch;
	memcpy(h->device, t->first.device, sizeof h->device);
	if (step == RECONCILE_HAVE)
		memcpy(h->server_epoch, t->held, sizeof h->server_epoch);
	else if (step == RECONCILE_DONE)
		memcpy(h->server_epoch, t->known, sizeof h->server_epoch);
	if (stream)
		memcpy(h->stream, stream, sizeof h->stream);
	return h;
}

/* ---- handing back ---- */

/* Hand lines back.  *again: somebody on the way takes no request of this size,
 * they are to be handed back by halves. */
static enum status
hand_back(struct talk *t, bool *again, const struct reconcile_head *head,
	const struct buf *lines, struct err *err)
{
	const char *first = strchr(lines->data, '\n');
	enum status st = ask(t, head, lines, err);

	*again = st && t->status == 413 && first && strchr(first + 1, '\n');
	if (!*again)
		return st;
	*err = (struct err)ERR_INIT;
	if (t->most > lines->len)
		t->most = lines->len;
	t->most /= 2;
	return E_OK;
}

/* One record that does not get through whole.  What was entered on it here goes
 * back entry by entry, after the streams: until then it is told as one that
 * cannot be handed back.  Without such entries nobody here can say what they
 * were, and it has to be let through. */
static enum status
note_large(struct talk *t, const struct uuid *id, size_t bytes,
	struct err *err)
{
	struct outbox_list own = {0};
	char text[UUID_TEXT_MAX];
	size_t count;
	enum status st;

	*err = (struct err)ERR_INIT;
	st = outbox_list(&own, t->store, OUTBOX_OF_RECORD, id, err);
	count = own.count;
	outbox_list_release(&own);
	if (st)
		return st;
	uuid_print(text, id);
	if (count == 0)
		return err_set(err, E_INVALID, tr("The record %s (%d kB) is to "
			"go back to the server, and something on the way takes "
			"nothing of this size; tell whoever runs the line."),
			text, (int)((bytes + 999) / 1000));
	t->large = mem_grow(t->large, t->large_count, sizeof *t->large);
	t->large[t->large_count++] = *id;
	return E_OK;
}

static enum status
hand_back_records(struct talk *t, const char *stream, struct err *err)
{
	struct reconcile_head *head = new_head(t, RECONCILE_HAVE, stream);
	struct uuid *wanted = mem_alloc(t->count + 1, sizeof *wanted);
	size_t count = 0, begun = 0;
	bool again = false;
	struct buf lines;
	enum status st = E_OK;

	for (size_t i = 0; i < t->count; i++) {
		if (t->lines[i].kind == RECONCILE_WANT)
			wanted[count++] = t->lines[i].id;
	}
	buf_init(&lines, BUF_BATCH_MAX);
	for (size_t i = 0; i < count && !st; ) {
		st = reconcile_print_record(&lines, t->store, &wanted[i++],
			err);
		if (st || (lines.len <= t->most && i < count))
			continue;
		st = hand_back(t, &again, head, &lines, err);
		if (st && t->status == 413)
			st = note_large(t, &wanted[i - 1], lines.len, err);
		i = begun = again ? begun : i;
		buf_clear(&lines);
	}
	buf_release(&lines);
	free(wanted);
	free(head);
	return st;
}

static enum status
hand_back_epoch(struct talk *t, int64_t epoch, int64_t n, struct err *err)
{
	struct reconcile_head *head = new_head(t, RECONCILE_DONE, NULL);
	bool again = false;
	struct buf lines;
	enum status st = E_OK;

	head->epoch = epoch;
	buf_init(&lines, BUF_BATCH_MAX);
	while (n > 0 && !st) {
		int64_t from = n;

		buf_clear(&lines);
		st = reconcile_print_ops(&lines, t->store, epoch, &n, t->most,
			err);
		if (!st && lines.len > 0)
			st = hand_back(t, &again, head, &lines, err);
		if (again)
			n = from;
		/* one that does not get through alone was refused for that;
		 * what it says is still here */
		if (st && t->status == 413) {
			*err = (struct err)ERR_INIT;
			st = E_OK;
		}
		again = false;
	}
	buf_release(&lines);
	free(head);
	return st;
}

/* After the server's last one if that is ours; if it is of another copy of this
 * cache, all. */
static enum status
find_lost(int64_t *from, const struct talk *t,
	const struct reconcile_epoch *his, struct err *err)
{
	struct reconcile_epoch own = *his;
	enum status st = reconcile_hash(&own, t->store, err);
	bool same = strcmp(own.hash, his->hash) == 0;

	*from = same && his->n > 0 ? his->n + 1 : 1;
	return st;
}

static enum status
hand_back_after(struct talk *t, const struct reconcile_epoch *his,
	struct err *err)
{
	int64_t from = 0;
	enum status st = find_lost(&from, t, his, err);

	return st ? st : hand_back_epoch(t, his->epoch, from, err);
}

/* Nothing of it comes back by itself any more.  It is said here before it is
 * handed back, so no break in between leaves it unsaid. */
static enum status
put_aside_after(struct talk *t, const struct reconcile_epoch *his,
	struct err *err)
{
	int64_t from = 0;
	enum status st = find_lost(&from, t, his, err);

	return st ? st : reconcile_late(t->store, his->epoch, from, err);
}

/* What had a verdict that the server does not know any more. */
static enum status
each_lost(struct talk *t, const struct reconcile_head *mine,
	enum status (*work)(struct talk *t, const struct reconcile_epoch *his,
	struct err *err), struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < mine->epoch_count && !st; i++) {
		const struct reconcile_epoch *own = &mine->epochs[i];

		for (size_t k = 0; k < t->first.epoch_count && !st; k++) {
			const struct reconcile_epoch *his =
				&t->first.epochs[k];

			if (his->epoch == own->epoch &&
			    strcmp(his->hash, own->hash) != 0)
				st = work(t, his, err);
		}
	}
	return st;
}

/* ---- a stream ---- */

static bool
any(const bool which[RECONCILE_BUCKETS])
{
	for (int i = 0; i < RECONCILE_BUCKETS; i++)
		if (which[i])
			return true;
	return false;
}

static bool
wants(const struct talk *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->lines[i].kind == RECONCILE_WANT)
			return true;
	return false;
}

/* What is held in some of the buckets, and the answer to that; fewer at once
 * where somebody on the way takes no long list. */
static enum status
ask_ids(struct talk *t, const char *stream,
	const bool which[RECONCILE_BUCKETS], struct err *err)
{
	for (;;) {
		struct reconcile_head *head = new_head(t, RECONCILE_IDS,
			stream);
		struct buf lines;
		int count = 0;
		enum status st;

		for (int i = 0; i < RECONCILE_BUCKETS; i++)
			count += head->which[i] = which[i] &&
				count < t->buckets;
		buf_init(&lines, BUF_BATCH_MAX);
		st = reconcile_print_held(&lines, t->store, stream,
			head->which, t->large, t->large_count, err);
		if (!st)
			st = ask(t, head, &lines, err);
		buf_release(&lines);
		free(head);
		if (!st || t->status != 413 || count < 2)
			return st;
		*err = (struct err)ERR_INIT;
		t->buckets = count / 2;
	}
}

/* Some of the buckets that differ; those that were settled are cleared. */
static enum status
compare_some(struct talk *t, const char *stream,
	bool which[RECONCILE_BUCKETS], struct err *err)
{
	enum status st = ask_ids(t, stream, which, err);

	if (st)
		return st;
	if (wants(t))
		return hand_back_records(t, stream, err);
	for (int i = 0; i < RECONCILE_BUCKETS; i++)
		which[i] = which[i] && !t->head.which[i];
	return reconcile_take(t->counts, t->store, t->lines, t->count, err);
}

/* The server's sums of a stream, and the buckets that differ. */
static enum status
ask_sums(struct talk *t, const char *stream, bool which[RECONCILE_BUCKETS],
	struct err *err)
{
	struct reconcile_head *head = new_head(t, RECONCILE_SUMS, stream);
	enum status st = reconcile_sums(head->sums, t->store, stream, err);

	if (!st)
		st = ask(t, head, NULL, err);
	free(head);
	if (!st)
		memcpy(which, t->head.which, sizeof t->head.which);
	return st;
}

/* Only what the server wants of it. */
static enum status
hand_back_stream(struct talk *t, const char *stream, struct err *err)
{
	bool which[RECONCILE_BUCKETS];
	enum status st = ask_sums(t, stream, which, err);

	for (int round = 0; !st && any(which); round++) {
		st = round == ROUNDS_MAX ? err_set(err, E_INVALID,
			tr("The server's answer makes no sense.")) :
			ask_ids(t, stream, which, err);
		for (int i = 0; i < RECONCILE_BUCKETS && !st; i++)
			which[i] = which[i] && !t->head.which[i];
		if (!st && wants(t))
			st = hand_back_records(t, stream, err);
	}
	return st;
}

/* The server lists a stream of the same office. */
static bool
is_of_office(const struct talk *t, const char *stream)
{
	size_t len = strcspn(stream, "/") + 1;

	for (size_t i = 0; i < t->first.stream_count; i++) {
		if (strncmp(t->first.streams[i], stream, len) == 0)
			return true;
	}
	return false;
}

/* Of all that is held here, also where it may not be held any more. */
static enum status
hand_back_streams(struct talk *t, struct err *err)
{
	struct wire_hello *hello = mem_alloc(1, sizeof *hello);
	enum status st = apply_hello(hello, t->store, err);

	for (size_t i = 0; i < hello->cursor_count && !st; i++) {
		if (is_of_office(t, hello->cursors[i].stream))
			st = hand_back_stream(t, hello->cursors[i].stream,
				err);
	}
	free(hello);
	return st;
}

static enum status
compare_stream(struct talk *t, const char *stream, struct err *err)
{
	bool which[RECONCILE_BUCKETS];
	struct wire_cursor cursor;
	enum status st = ask_sums(t, stream, which, err);

	if (st)
		return st;
	cursor = t->head.cursor;
	memcpy(cursor.stream, stream, sizeof cursor.stream);
	for (int round = 0; any(which) && !st; round++) {
		if (round == ROUNDS_MAX)
			return err_set(err, E_INVALID,
				tr("The server's answer makes no sense."));
		st = compare_some(t, stream, which, err);
	}
	return st ? st : reconcile_set_cursor(t->store, &cursor, err);
}

/* ---- all of it ---- */

/* What both say of themselves. */
static enum status
meet(struct talk *t, struct reconcile_head *mine, struct err *err)
{
	enum status st = reconcile_begin(mine, t->store, err);

	if (!st)
		st = reconcile_held_of(t->held, t->store, err);
	if (!st)
		st = ask(t, mine, NULL, err);
	if (st)
		return st;
	t->first = t->head;
	memcpy(t->first.device, mine->device, sizeof t->first.device);
	memcpy(t->known, mine->server_epoch, sizeof t->known);
	return E_OK;
}

static enum status
talk(struct talk *t, struct reconcile_head *mine, struct err *err)
{
	enum status st = meet(t, mine, err);

	if (st)
		return st;
	if (t->first.epoch > mine->epoch)
		st = reconcile_reopen(t->store, t->first.epoch, err);
	if (!st && t->first.late)
		st = each_lost(t, mine, put_aside_after, err);
	/* A restored server may have a record in another stream than we, and
	 * older: it has ours before it tells of its own. */
	if (!st && strcmp(t->first.server_epoch, mine->server_epoch) != 0) {
		st = hand_back_streams(t, err);
		if (!st)
			st = reconcile_mix(t->store, err);
	}
	if (!st)
		st = reconcile_end_streams(t->counts, t->store, &t->first,
			err);
	for (size_t i = 0; i < t->first.stream_count && !st; i++)
		st = compare_stream(t, t->first.streams[i], err);
	if (!st)
		st = each_lost(t, mine, hand_back_after, err);
	if (!st)
		st = reconcile_end(t->store, t->first.server_epoch, err);
	return st;
}

static struct talk *
new_talk(struct store *s, const struct transport *net)
{
	struct talk *t = mem_alloc(1, sizeof *t);

	t->store = s;
	t->net = net;
	t->most = HAND_BACK_BYTES;
	t->buckets = RECONCILE_BUCKETS;
	return t;
}

static void
free_talk(struct talk *t)
{
	forget_lines(t);
	free(t->large);
	free(t);
}

enum status
sync_reconcile(struct apply_counts *counts, struct store *s,
	const struct transport *net, struct err *err)
{
	struct talk *t = new_talk(s, net);
	struct reconcile_head *mine = mem_alloc(1, sizeof *mine);
	enum status st;

	t->counts = counts;
	st = talk(t, mine, err);
	free_talk(t);
	free(mine);
	return st;
}

enum status
sync_hand_back(bool *lost, struct store *s, const struct transport *net,
	struct err *err)
{
	struct talk *t = new_talk(s, net);
	struct reconcile_head *mine = mem_alloc(1, sizeof *mine);
	enum status st = meet(t, mine, err);

	if (!st) {
		*lost = t->first.late;
		if (t->first.late)
			st = each_lost(t, mine, put_aside_after, err);
		if (!st)
			st = each_lost(t, mine, hand_back_after, err);
	}
	free_talk(t);
	free(mine);
	return st;
}
