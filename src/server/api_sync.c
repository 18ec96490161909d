/*
 * A sync: read the lines, check the cursors, take in the operations, say what
 * became of them, and give the next page.
 */
#include "server/api_sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/wire.h"
#include "server/ledger_feed.h"
#include "server/ledger_lease.h"
#include "server/ledger_names.h"
#include "server/ledger_push.h"
#include "server/ledger_return.h"
#include "server/ledger_stream.h"
#include "server/push_read.h"

struct request {
	const struct wire_hello *hello;		/* lent by it */
	struct push_read *read;
	int64_t turn;			/* of early_begin() */
};

/* ---- who asks ---- */

/* The body says who it is; the token decides.  Numbers of an epoch that was
 * not given out can only come from before a restore. */
static enum status
check_hello(const struct wire_hello *hello, const struct api_sync *sync,
    struct err *err)
{
	const struct device *device = &sync->device;
	bool same = strcmp(hello->server_epoch,
	    ledger_epoch(sync->ledger)) == 0 || !hello->server_epoch[0];
	char id[UUID_TEXT_MAX];

	uuid_print(id, &device->id);
	if (strcmp(id, hello->device) != 0 || hello->epoch < 1 ||
	    (same && hello->epoch > device->epoch))
		return err_set(err, E_INVALID,
		    tr("The data and the token are of different devices."));
	return E_OK;
}

/* ---- replying ---- */

static void
print_verdicts(struct buf *out, const struct push_result *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct judgement *j = &r->verdicts[i].judgement;
		struct wire_line line = { .kind = WIRE_VERDICT,
			.n = r->verdicts[i].n, .verdict = j->verdict,
			.rev = j->rev };

		if (r->verdicts[i].told)
			continue;
		memcpy(line.why, j->why, sizeof line.why);
		wire_print_line(out, &line);
	}
}

/* Who is at work by the county's books, and where the device stands if that is
 * news to it. */
static void
say_who(struct wire_line *end, const struct api_sync *sync,
    const struct wire_hello *hello)
{
	const struct office *here = &sync->device.office;
	char own[WIRE_STREAM_MAX];
	bool known = hello->cursor_count == 0;

	if (!sync->account)
		return;
	end->password_on = sync->account->password_on;
	memcpy(end->role, sync->account->role, sizeof end->role);
	memcpy(end->user_office, sync->account->office,
	    sizeof end->user_office);
	stream_name(own, here->code, false);
	for (size_t i = 0; !known && i < hello->cursor_count; i++)
		known = strcmp(hello->cursors[i].stream, own) == 0;
	if (known)
		return;
	memcpy(end->office, here->code, sizeof end->office);
	snprintf(end->office_name, sizeof end->office_name, "%s", here->name);
}

/* What the device will have; *count of them, of ops all.  A verdict that a run
 * may tell is "ok", of the next revision after the one that its author saw. */
static struct feed_expected *
expect(size_t *count, const struct request *r, size_t ops,
    struct push_result *result)
{
	struct feed_expected *all = mem_alloc(ops + 1, sizeof *all);
	size_t n = 0;

	for (size_t i = 0; i < ops && !r->hello->whole; i++) {
		const struct push_op *p = push_read_at(r->read, i);
		const struct op *op = &p->op;
		struct push_verdict *v = i < result->count ?
		    &result->verdicts[i] : NULL;
		struct feed_expected *e = &all[n];

		if (p->broken[0] || op->n > result->acked)
			continue;
		n++;
		e->record = op->record;
		e->n = op->n;
		e->at = op->at;
		memcpy(e->hash, op->expect, sizeof op->expect);
		if (!r->hello->runs || !v || v->n != op->n ||
		    v->judgement.verdict != VERDICT_OK ||
		    v->judgement.rev != op->base + 1)
			continue;
		e->rev = v->judgement.rev;
		e->told = &v->told;
	}
	*count = n;
	return all;
}

/* What is to be asked for: what is given from numbers that were taken back would
 * be given twice; and somebody is called otherwise. */
static enum status
say_news(struct wire_line *end, const struct api_sync *sync,
    const struct ledger_peer *peer, struct err *err)
{
	struct db *db = NULL;
	enum status s;

	if (end->more || end->min_app)
		return E_OK;
	s = ledger_begin_read(&db, sync->ledger, err);
	if (s)
		return s;
	s = lease_is_closed(&end->numbers, db, &sync->device.id, err);
	if (!s)
		s = names_wait(&end->names, db, peer, err);
	ledger_end_read(sync->ledger);
	return s;
}

static void
say_was(struct wire_line *end, const struct wire_hello *hello)
{
	end->was = mem_alloc(WIRE_STREAMS_MAX, sizeof *end->was);
	end->was_count = hello->cursor_count;
	memcpy(end->was, hello->cursors,
	    hello->cursor_count * sizeof *hello->cursors);
}

static enum status
print_page(struct buf *out, const struct api_sync *sync,
    const struct ledger_peer *peer, const struct request *r,
    struct push_result *result, struct err *err)
{
	struct feed_expected *expected = NULL;
	struct wire_line end = { .kind = WIRE_END, .acked = result->acked,
		.need = result->need, .early = sync->early && !sync->min_app };
	size_t n = 0, ops = 0;
	enum status s = push_read_all(&ops, r->read, err);

	if (s)
		return s;
	if (sync->min_app) {	/* it stays where it is until it is replaced */
		end.min_app = sync->min_app;
		end.cursors = mem_alloc(WIRE_STREAMS_MAX, sizeof *end.cursors);
		end.cursor_count = r->hello->cursor_count;
		memcpy(end.cursors, r->hello->cursors,
		    end.cursor_count * sizeof *end.cursors);
	}
	expected = expect(&n, r, ops, result);
	s = sync->min_app ? E_OK : feed_page(out, &end, sync->ledger, peer,
	    r->hello, expected, n, err);
	free(expected);
	if (!s)
		s = say_news(&end, sync, peer, err);
	if (s)
		goto out;
	memcpy(end.schema, sync->schema->version, sizeof end.schema);
	snprintf(end.server_epoch, sizeof end.server_epoch, "%s",
	    ledger_epoch(sync->ledger));
	end.server_at = clock_now_at();
	end.until_at = sync->until_at;
	say_who(&end, sync, r->hello);
	if (r->hello->early)
		say_was(&end, r->hello);
	wire_print_line(out, &end);
	if (!out->full)
		early_done(sync->early, r->turn, result->acked + 1,
		    end.cursors, end.cursor_count);
out:
	wire_line_release(&end);
	return s;
}

/* Verdicts stand first, but for those that a run of the page tells. */
static enum status
print_reply(struct buf *out, const struct api_sync *sync,
    const struct ledger_peer *peer, const struct request *r,
    struct push_result *result, struct err *err)
{
	struct buf page;
	enum status s;

	if (result->count == 0)
		return print_page(out, sync, peer, r, result, err);
	buf_init(&page, out->max);
	s = print_page(&page, sync, peer, r, result, err);
	if (!s) {
		print_verdicts(out, result);
		buf_add(out, page.data, page.len);
		out->full = out->full || page.full;
	}
	buf_release(&page);
	return s;
}

static enum status
start_epoch(struct api_sync *sync, struct err *err)
{
	struct db *db = NULL;
	enum status s = ledger_begin(&db, sync->ledger, err);

	if (s)
		return s;
	s = device_fork(&sync->device, db, err);
	return ledger_end(sync->ledger, s, err);
}

/* Sent away without having met this ledger, restored: it counted in another
 * one's numbers, which it hands back itself. */
static enum status
keep_all(struct api_sync *sync, const struct request *r, struct err *err)
{
	struct db *db = NULL;
	size_t count = 0;
	enum status s = push_read_all(&count, r->read, err);

	if (!s)
		s = ledger_begin(&db, sync->ledger, err);
	if (s)
		return s;
	for (size_t i = 0; i < count && !s; i++)
		s = return_keep(db, &sync->device.id, push_read_at(r->read, i),
		    err);
	s = ledger_end(sync->ledger, s, err);
	if (!s && count > 0)
		sync->acked = push_read_at(r->read, count - 1)->op.n;
	return s;
}

/* Who has not met this ledger, restored, had verdicts that are not here yet, and
 * hands them back if it is heard again; what is to be erased is not.  But
 * numbers beyond those verdicts would say that they are here. */
static enum status
is_ahead(bool *out, struct api_sync *sync, const struct request *r,
    struct err *err)
{
	const struct push_op *first;
	struct db *db = NULL;
	int64_t acked = 0;
	enum status s;

	*out = sync->last && r->hello->server_epoch[0] && strcmp(
	    r->hello->server_epoch, ledger_epoch(sync->ledger)) != 0;
	if (!*out || !sync->device.wipe[0])
		return E_OK;
	s = ledger_begin_read(&db, sync->ledger, err);
	if (s)
		return s;
	s = push_acked(&acked, db, &sync->device.id, r->hello->epoch, err);
	ledger_end_read(sync->ledger);
	first = push_read_at(r->read, 0);
	if (!s)
		*out = first && first->op.n > acked + 1;
	return s;
}

static enum status
work(struct buf *out, enum answer *answer, struct api_sync *sync,
    const struct request *r, struct err *err)
{
	struct push_result result = {0};
	struct ledger_peer peer = { .device = sync->device.id,
		.county = sync->device.office.county,
		.sealed = sync->sealed, .shut = sync->shut,
		.sight = sync->sight,
		.epoch = r->hello->epoch };
	bool ahead = false;
	enum status s;

	memcpy(peer.office, sync->device.office.code, sizeof peer.office);
	peer.other_schema = strcmp(r->hello->schema, sync->schema->version) != 0;
	s = is_ahead(&ahead, sync, r, err);
	if (!s && ahead)
		return keep_all(sync, r, err);
	if (!s && !sync->last)
		s = feed_check(answer, sync->ledger, &peer, r->hello, err);
	if (s || *answer)
		return s;
	s = push_ops(&result, answer, sync->ledger, sync->schema, &peer,
	    r->read, r->hello->from, r->hello->park, &sync->stuck, err);
	if (s)
		return s;
	if (*answer == ANSWER_DEVICE_FORK) {
		s = start_epoch(sync, err);
	} else if (sync->last) {
		sync->acked = result.acked;
	} else {
		s = print_reply(out, sync, &peer, r, &result, err);
		/* Decided it is; a smaller repeat gets its verdicts. */
		if (!s && out->full)
			*answer = ANSWER_TOO_LARGE;
	}
	push_result_release(&result);
	return s;
}

/* Of a body that has one line that is none, nothing was done. */
static enum status
work_read(struct buf *out, enum answer *answer, struct api_sync *sync,
    const struct request *r, struct err *bad, struct err *err)
{
	struct err failed = ERR_INIT;
	size_t count = 0;
	enum status s = work(out, answer, sync, r, &failed);

	if (push_read_all(&count, r->read, bad)) {
		sync->stuck = 0;
		return E_OK;
	}
	if (s)
		*err = failed;
	return s;
}

/* An early request has to wait for the one before, whose end tells it from where
 * on; of a last one there is no end. */
static enum answer
take_turn(struct wire_hello *mine, struct request *r,
    const struct api_sync *sync)
{
	const struct device *device = &sync->device;

	if (r->hello->early) {
		*mine = *r->hello;
		if (sync->last || !early_wait(sync->early, mine->cursors,
		    &mine->cursor_count, &device->id, mine->epoch, mine->from))
			return ANSWER_OUT_OF_TURN;
		r->hello = mine;
	}
	if (!sync->last)
		r->turn = early_begin(sync->early, &device->id,
		    r->hello->epoch, r->hello->from);
	return ANSWER_OK;
}

enum status
api_sync(struct buf *out, enum answer *answer, char why[ERR_MSG_MAX],
    struct api_sync *sync, const char *text, size_t len, struct err *err)
{
	struct request r = {0};
	struct wire_hello mine;
	struct err bad = ERR_INIT;
	enum status s = push_read_begin(&r.read, text, len, sync->readers,
	    &bad);

	*answer = ANSWER_OK;
	if (!s) {
		r.hello = push_read_hello(r.read);
		sync->slow = r.hello->slow;
		s = check_hello(r.hello, sync, &bad);
	}
	if (!s)
		*answer = take_turn(&mine, &r, sync);
	if (!s && !*answer)
		s = work_read(out, answer, sync, &r, &bad, err);
	else
		s = E_OK;
	early_drop(sync->early, r.turn);
	if (bad.code) {
		*answer = ANSWER_BAD_REQUEST;
		memcpy(why, bad.msg, sizeof bad.msg);
	}
	push_read_end(r.read);
	return s;
}
