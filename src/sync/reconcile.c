/*
 * Reconciling, step by step.  What is handed back goes up before anything is
 * taken down, so that the server's answers already have it.
 */
#include "sync/reconcile.h"

#include <string.h>

#include "base/tr.h"
#include "store/reconcile.h"
#include "store/reconcile_ops.h"
#include "sync/hand_back.h"
#include "sync/reconcile_talk.h"

/* ---- a stream ---- */

/* Some of the buckets that differ; those that were settled are cleared. */
static enum status
compare_some(struct talk *t, const char *stream,
	bool which[RECONCILE_BUCKETS], struct err *err)
{
	enum status st = talk_ask_ids(t, stream, which, err);

	if (st)
		return st;
	if (talk_wants(t))
		return hand_back_records(t, stream, err);
	for (int i = 0; i < RECONCILE_BUCKETS; i++)
		which[i] = which[i] && !t->head.which[i];
	return reconcile_take(t->counts, t->store, t->lines, t->count, err);
}

static enum status
compare_stream(struct talk *t, const char *stream, struct err *err)
{
	bool which[RECONCILE_BUCKETS];
	struct wire_cursor cursor;
	enum status st = talk_ask_sums(t, stream, which, err);

	if (st)
		return st;
	cursor = t->head.cursor;
	memcpy(cursor.stream, stream, sizeof cursor.stream);
	for (int round = 0; talk_any(which) && !st; round++) {
		if (round == TALK_ROUNDS_MAX)
			return err_set(err, E_INVALID,
				tr("The server's answer makes no sense."));
		st = compare_some(t, stream, which, err);
	}
	return st ? st : reconcile_set_cursor(t->store, &cursor, err);
}

/* ---- all of it ---- */

static enum status
talk(struct talk *t, struct err *err)
{
	enum status st = talk_meet(t, err);

	if (st)
		return st;
	if (t->first.epoch > t->mine.epoch)
		st = reconcile_ops_reopen(t->store, t->first.epoch, err);
	if (!st && t->first.late)
		st = hand_back_aside(t, err);
	/* A restored server may have a record in another stream than we, and
	 * older: it has ours before it tells of its own. */
	if (!st && strcmp(t->first.server_epoch, t->mine.server_epoch) != 0) {
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
		st = hand_back_lost(t, err);
	if (!st)
		st = reconcile_end(t->store, t->first.server_epoch, err);
	return st;
}

enum status
sync_reconcile(struct apply_counts *counts, struct store *s,
	const struct transport *net, struct err *err)
{
	struct talk *t = talk_new(s, net);
	enum status st;

	t->counts = counts;
	st = talk(t, err);
	talk_free(t);
	return st;
}

enum status
sync_hand_back(bool *lost, struct store *s, const struct transport *net,
	struct err *err)
{
	struct talk *t = talk_new(s, net);
	enum status st = talk_meet(t, err);

	if (!st) {
		*lost = t->first.late;
		if (t->first.late)
			st = hand_back_aside(t, err);
		if (!st)
			st = hand_back_lost(t, err);
	}
	talk_free(t);
	return st;
}
