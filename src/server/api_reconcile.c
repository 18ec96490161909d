/*
 * Reconciling: each step is one request; what it writes is one transaction.
 */
#include "server/api_reconcile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/reconcile.h"
#include "core/transfer.h"
#include "server/ledger_erased.h"
#include "server/ledger_feed.h"
#include "server/ledger_reconcile.h"
#include "server/ledger_return.h"
#include "server/ledger_return_part.h"

struct request {
	struct reconcile_head head;
	struct reconcile_line *lines;	/* owned */
	size_t count;
};

/* What a step works with. */
struct work {
	struct buf *out;
	enum answer *answer;
	struct api_sync *sync;
	struct request *r;
	struct ledger_peer peer;
	struct reconcile_head reply;
	bool mute;	/* it may hand back to the stream, and not hold it */
};

static void
request_release(struct request *r)
{
	for (size_t i = 0; i < r->count; i++)
		reconcile_line_release(&r->lines[i]);
	free(r->lines);
	*r = (struct request){0};
}

/* Complete lines only, the first of them a head. */
static enum status
read_lines(struct request *r, const char *text, size_t len, struct err *err)
{
	bool first = true;
	enum status s = E_OK;

	while (!s && len > 0) {
		const char *end = memchr(text, '\n', len);
		struct reconcile_line line = {0};
		size_t n = end ? (size_t)(end - text) : 0;

		if (!end)
			break;
		s = reconcile_parse(&line, &r->head, text, n, err);
		if (!s && (line.kind == RECONCILE_HEAD) != first) {
			reconcile_line_release(&line);
			s = err_set(err, E_INVALID,
			    tr("A request to reconcile begins with one head."));
		}
		if (!s && !first) {
			r->lines = mem_grow(r->lines, r->count,
			    sizeof *r->lines);
			r->lines[r->count++] = line;
		}
		first = false;
		text += n + 1;
		len -= n + 1;
	}
	if (!s && first)
		s = err_set(err, E_INVALID,
		    tr("A request to reconcile begins with one head."));
	return s;
}

/* ---- the streams that it may hold ---- */

static enum status
find_stream(bool *may, struct work *w, struct db *db,
    const struct ledger_peer *peer, bool list, struct err *err)
{
	char (*names)[WIRE_STREAM_MAX] = NULL;
	size_t count = 0;
	enum status s = feed_streams(&names, &count, db, peer, err);

	for (size_t i = 0; !s && i < count; i++) {
		*may = *may || strcmp(names[i], w->r->head.stream) == 0;
		if (list && w->reply.stream_count < WIRE_STREAMS_MAX)
			memcpy(w->reply.streams[w->reply.stream_count++],
			    names[i], WIRE_STREAM_MAX);
	}
	free(names);
	return s;
}

/* ---- the steps ---- */

static enum status
raise_epoch(struct work *w, struct db *db, struct err *err)
{
	struct api_sync *sync = w->sync;
	enum status s = E_OK;

	while (!s && sync->device.epoch <= w->r->head.epoch)
		s = device_fork(&sync->device, db, err);
	return s;
}

static enum status
start(struct work *w, struct db *db, struct err *err)
{
	bool other = strcmp(w->r->head.server_epoch,
	    ledger_epoch(w->sync->ledger)) != 0;
	bool lost = false, open = false, may = false;
	enum status s = return_is_open(&open, db, err);

	w->reply.epoch_count = w->r->head.epoch_count;
	memcpy(w->reply.epochs, w->r->head.epochs, sizeof w->reply.epochs);
	if (!s)
		s = return_part_forget(db, &w->peer.device, err);
	if (!s)
		s = return_epochs(&lost, &w->reply, db, &w->peer.device, err);
	if (s)
		return s;
	if (w->sync->last) {	/* it gets no numbers, and no streams */
		w->reply.late = lost;
		w->reply.epoch = w->r->head.epoch;
		return E_OK;
	}
	lost = lost || w->r->head.epoch > w->sync->device.epoch;
	/* an older ledger was put back and nobody has said so */
	if (lost && !open && !other) {
		*w->answer = ANSWER_SERVER_BEHIND;
		return return_note_behind(db, err);
	}
	w->reply.late = lost && !open;
	w->reply.epoch = w->r->head.epoch;
	if (lost) {
		s = raise_epoch(w, db, err);
		w->reply.epoch = w->sync->device.epoch;
	}
	return s ? s : find_stream(&may, w, db, &w->peer, true, err);
}

static enum status
sums(struct work *w, struct db *db, struct err *err)
{
	enum status s = reconcile_stream_sums(w->reply.sums, &w->reply.cursor,
	    db, w->r->head.stream, w->peer.sight, err);

	for (int i = 0; !s && i < RECONCILE_BUCKETS; i++)
		w->reply.which[i] = w->reply.sums[i] != w->r->head.sums[i];
	return s;
}

static enum status
ids(struct work *w, struct db *db, struct err *err)
{
	memcpy(w->reply.which, w->r->head.which, sizeof w->reply.which);
	return reconcile_compare(w->out, db, w->r->head.stream, w->reply.which,
	    w->r->lines, w->r->count, WIRE_MAX_BYTES_MAX, w->mute,
	    w->peer.sight, err);
}

/* A part that makes a record whole, which takes its place among the lines. */
static enum status
join_parts(struct work *w, struct db *db, struct err *err)
{
	enum status s = E_OK;

	for (size_t i = 0; !s && i < w->r->count; i++) {
		struct reconcile_line *l = &w->r->lines[i];
		struct wire_line record = {0};
		bool whole = false, erased = false;

		if (l->kind != RECONCILE_PART)
			continue;
		s = erased_find(NULL, &erased, db, &l->id, err);
		if (s || erased)
			continue;
		s = return_part(&record, &whole, db, &w->peer.device, l, err);
		if (!s && whole) {
			reconcile_line_release(l);
			l->kind = RECONCILE_RECORD;
			l->record = record;
		}
	}
	return s;
}

/* What a device hands back: records, or operations. */
static enum status
take(struct work *w, struct db *db, struct err *err)
{
	struct stream_touched touched = {0};
	struct account author = {0};
	const struct judge j = { .db = db, .schema = w->sync->schema,
		.peer = &w->peer, .today = clock_today(),
		.touched = &touched, .author = &author };
	struct return_line line = {0};
	enum status s = return_line_find(&line, db, w->r->head.server_epoch,
	    err);

	line.open = line.open && !w->sync->last;
	if (!s)
		s = join_parts(w, db, err);
	/* transfers first: they say who may hand back what */
	for (size_t i = 0; !s && i < 2 * w->r->count; i++) {
		const struct reconcile_line *l =
		    &w->r->lines[i % w->r->count];

		if (transfer_is(&l->record.put) != (i < w->r->count))
			continue;
		if (l->kind == RECONCILE_RECORD &&
		    l->record.kind == WIRE_PUT)
			s = return_record(&j, &line, &l->record.put,
			    err);
		else if (l->kind == RECONCILE_OP)
			s = return_op(&j, &line, l, err);
		w->reply.took++;
	}
	if (!s)
		s = stream_publish(db, &touched, err);
	stream_touched_release(&touched);
	return s;
}

static enum status
work_read(struct work *w, struct err *err)
{
	struct db *db = NULL;
	struct ledger_peer above = w->peer;
	bool may = false, holds = false;
	enum status s = ledger_begin_read(&db, w->sync->ledger, err);

	if (s)
		return s;
	/* What somebody entered comes back though their role has changed. */
	above.sealed = true;
	s = find_stream(&may, w, db, &above, false, err);
	if (!s)
		s = find_stream(&holds, w, db, &w->peer, false, err);
	w->mute = !holds;
	if (!s && !may)
		*w->answer = ANSWER_OFFICE_DENIED;
	else if (!s)
		s = w->reply.step == RECONCILE_SUMS ? sums(w, db, err) :
		    ids(w, db, err);
	ledger_end_read(w->sync->ledger);
	return s;
}

static enum status
work_write(struct work *w, struct err *err)
{
	struct db *db = NULL;
	enum status s = ledger_begin(&db, w->sync->ledger, err);

	if (s)
		return s;
	s = w->reply.step == RECONCILE_START ? start(w, db, err) :
	    take(w, db, err);
	return ledger_end(w->sync->ledger, s, err);
}

static enum status
work(struct work *w, struct err *err)
{
	bool reads = w->reply.step == RECONCILE_SUMS ||
	    w->reply.step == RECONCILE_IDS;
	enum status s = E_OK;

	if (w->sync->last && (reads || w->reply.step == RECONCILE_HAVE))
		*w->answer = ANSWER_DEVICE_REVOKED;
	else
		s = reads ? work_read(w, err) : work_write(w, err);

	if (!s && !*w->answer)
		reconcile_print_head(w->out, &w->reply);
	if (!s && w->out->full)
		*w->answer = ANSWER_TOO_LARGE;
	return s;
}

enum status
api_reconcile(struct buf *out, enum answer *answer, char why[ERR_MSG_MAX],
    struct api_sync *sync, const char *text, size_t len, struct err *err)
{
	struct request *r = mem_alloc(1, sizeof *r);
	struct work *w = mem_alloc(1, sizeof *w);
	struct err bad = ERR_INIT;
	char id[UUID_TEXT_MAX];
	enum status s = read_lines(r, text, len, &bad);

	*answer = ANSWER_OK;
	uuid_print(id, &sync->device.id);
	if (!s && strcmp(id, r->head.device) != 0)
		s = err_set(&bad, E_INVALID,
		    tr("The data and the token are of different devices."));
	if (s) {
		*answer = ANSWER_BAD_REQUEST;
		memcpy(why, bad.msg, sizeof bad.msg);
		s = E_OK;
		goto out;
	}
	w->out = out;
	w->answer = answer;
	w->sync = sync;
	w->r = r;
	w->peer = (struct ledger_peer){ .device = sync->device.id,
		.county = sync->device.office.county,
		.sealed = sync->sealed, .sight = sync->sight,
		.shut = sync->last, .epoch = r->head.epoch };
	memcpy(w->peer.office, sync->device.office.code,
	    sizeof w->peer.office);
	w->reply.step = r->head.step;
	snprintf(w->reply.server_epoch, sizeof w->reply.server_epoch, "%s",
	    ledger_epoch(sync->ledger));
	s = work(w, err);
out:
	request_release(r);
	free(r);
	free(w);
	return s;
}
