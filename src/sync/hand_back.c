/*
 * Records and operations on their way back.
 */
#include "sync/hand_back.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "store/reconcile.h"
#include "store/reconcile_ops.h"

enum { PART_BYTES_MIN = 1024 };	/* a line that takes less takes nothing */

/* ---- records ---- */

/* Hand lines back.  *again: somebody on the way takes no request of this size,
 * they are to be handed back by halves. */
static enum status
hand_back(struct talk *t, bool *again, const struct reconcile_head *head,
	const struct buf *lines, struct err *err)
{
	const char *first = strchr(lines->data, '\n');
	enum status st = talk_ask(t, head, lines, err);

	*again = st && t->status == 413 && first && strchr(first + 1, '\n');
	if (!*again)
		return st;
	*err = (struct err)ERR_INIT;
	if (t->most > lines->len)
		t->most = lines->len;
	t->most /= 2;
	return E_OK;
}

/* A record that is too large for a request goes in parts; these become smaller
 * still. */
static enum status
hand_back_parts(struct talk *t, const struct reconcile_head *head,
	const struct uuid *id, const struct buf *record, struct err *err)
{
	const size_t len = record->len - 1;	/* without its newline */
	size_t at = 0, part = len / 2;
	struct buf line;
	enum status st = E_OK;

	buf_init(&line, BUF_BATCH_MAX);
	while (at < len && !st) {
		size_t n = reconcile_print_part(&line, id, record->data, at,
			len, part);

		st = talk_ask(t, head, &line, err);
		buf_clear(&line);
		if (!st) {
			at += n;
		} else if (t->status == 413 && part > PART_BYTES_MIN) {
			*err = (struct err)ERR_INIT;
			st = E_OK;
			part /= 2;
		}
	}
	buf_release(&line);
	return st;
}

enum status
hand_back_records(struct talk *t, const char *stream, struct err *err)
{
	struct reconcile_head *head = talk_head(t, RECONCILE_HAVE, stream);
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
		if (st && t->status == 413) {
			*err = (struct err)ERR_INIT;
			st = hand_back_parts(t, head, &wanted[i - 1], &lines,
				err);
		}
		i = begun = again ? begun : i;
		buf_clear(&lines);
	}
	buf_release(&lines);
	free(wanted);
	free(head);
	return st;
}

/* Only what the server wants of it. */
static enum status
hand_back_stream(struct talk *t, const char *stream, struct err *err)
{
	bool which[RECONCILE_BUCKETS];
	enum status st = talk_ask_sums(t, stream, which, err);

	for (int round = 0; !st && talk_any(which); round++) {
		st = round == TALK_ROUNDS_MAX ? err_set(err, E_INVALID,
			tr("The server's answer makes no sense.")) :
			talk_ask_ids(t, stream, which, err);
		for (int i = 0; i < RECONCILE_BUCKETS && !st; i++)
			which[i] = which[i] && !t->head.which[i];
		if (!st && talk_wants(t))
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

enum status
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

/* ---- operations ---- */

static enum status
hand_back_epoch(struct talk *t, int64_t epoch, int64_t n, struct err *err)
{
	struct reconcile_head *head = talk_head(t, RECONCILE_DONE, NULL);
	bool again = false;
	struct buf lines;
	enum status st = E_OK;

	head->epoch = epoch;
	buf_init(&lines, BUF_BATCH_MAX);
	while (n > 0 && !st) {
		int64_t from = n;

		buf_clear(&lines);
		st = reconcile_ops_print(&lines, t->store, epoch, &n, t->most,
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
	enum status st = reconcile_ops_hash(&own, t->store, err);
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

	return st ? st : reconcile_ops_late(t->store, his->epoch, from, err);
}

/* What had a verdict that the server does not know any more, in the order in
 * which it was entered; mine lists the last epoch first. */
static enum status
each_lost(struct talk *t, enum status (*work)(struct talk *t, const struct reconcile_epoch *his,
	struct err *err), struct err *err)
{
	enum status st = E_OK;

	for (size_t i = t->mine.epoch_count; i > 0 && !st; i--) {
		const struct reconcile_epoch *own = &t->mine.epochs[i - 1];

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

enum status
hand_back_lost(struct talk *t, struct err *err)
{
	return each_lost(t, hand_back_after, err);
}

enum status
hand_back_aside(struct talk *t, struct err *err)
{
	return each_lost(t, put_aside_after, err);
}
