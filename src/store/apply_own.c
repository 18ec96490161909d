/*
 * What nearly always comes back: an operation was accepted as it is, and the
 * record is what the operation said it would be.
 *
 * Then nothing of the row has to be opened, hashed or sealed again.  When it
 * was saved, the row noted which operation its content ends with, and when the
 * operation was printed to be sent, the hash it expects was noted here: if the
 * server confirms that hash, and the operation is the only one on top, what is
 * shown is the server's version.  The verdict is held until the line comes that
 * confirms it; whatever else comes first has it written as any other.
 */
#include "store/apply_own.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/apply.h"
#include "store/apply_work.h"
#include "store/inside.h"

enum {
	TAIL_MAX = 64,		/* the hash stands at the end of the line */
	HEAD_MAX = 256,		/* and the base before the values */
};

void
sent_release(struct sent *t)
{
	free(t->items);
	idmap_release(&t->places);
	*t = (struct sent){0};
}

/* Forget those from index first on, or before it. */
static void
keep(struct sent *t, size_t first, size_t end)
{
	idmap_release(&t->places);
	if (end > first)
		memmove(t->items, t->items + first,
			(end - first) * sizeof *t->items);
	t->count = end > first ? end - first : 0;
	for (size_t i = 0; i < t->count; i++)
		idmap_set(&t->places, &t->items[i].record, (uint32_t)i);
}

/* How many have a lower number. */
static size_t
count_below(const struct sent *t, int64_t n)
{
	size_t i = 0;

	while (i < t->count && t->items[i].n < n)
		i++;
	return i;
}

void
sent_from(struct sent *t, int64_t epoch, int64_t n)
{
	keep(t, 0, t->epoch == epoch ? count_below(t, n) : 0);
	t->epoch = epoch;
}

void
sent_until(struct sent *t, int64_t n)
{
	keep(t, count_below(t, n + 1), t->count);
}

/* The members before it hold neither quotes nor colons. */
static int64_t
base_of(const char *line, size_t len)
{
	static const char mark[] = "\"base\":";
	char head[HEAD_MAX + 1];
	const char *base;
	size_t size = len < HEAD_MAX ? len : HEAD_MAX;

	memcpy(head, line, size);
	head[size] = '\0';
	base = strstr(head, mark);
	return base ? strtoll(base + sizeof mark - 1, NULL, 10) : -1;
}

void
sent_add(struct sent *t, const struct uuid *record, int64_t n,
	const char *line, size_t len)
{
	static const char mark[] = "\"x\":\"";
	struct sent_op op = { .record = *record, .n = n, .alone = true,
		.base = base_of(line, len) };
	uint32_t before = idmap_get(&t->places, record);
	char tail[TAIL_MAX + 1];
	const char *hash;
	size_t size = len < TAIL_MAX ? len : TAIL_MAX;

	memcpy(tail, line + len - size, size);
	tail[size] = '\0';
	hash = strstr(tail, mark);
	if (hash && strspn(hash + sizeof mark - 1, "0123456789abcdef") ==
	    RECORD_HASH_MAX - 1)
		memcpy(op.expect, hash + sizeof mark - 1, RECORD_HASH_MAX - 1);
	if (before != IDMAP_NONE)
		t->items[before].alone = op.alone = false;
	t->items = mem_grow(t->items, t->count, sizeof *t->items);
	idmap_set(&t->places, record, (uint32_t)t->count);
	t->items[t->count++] = op;
}

/* ---- applying ---- */

/* NULL: it was not sent, or not under this epoch. */
static struct sent_op *
find_sent(struct apply_work *w, int64_t n)
{
	struct sent *t = &w->store->sent;
	size_t i;

	if (t->epoch != w->epoch || t->count == 0 || n < t->items[0].n)
		return NULL;
	/* without gaps, in order */
	i = (size_t)(n - t->items[0].n);
	return i < t->count && t->items[i].n == n ? &t->items[i] : NULL;
}

static bool
hold(struct apply_work *w, const struct wire_line *line)
{
	struct sent_op *op = find_sent(w, line->n);

	if (!op || !op->alone || line->verdict != VERDICT_OK)
		return false;
	op->ok = line;
	w->held++;
	return true;
}

/* The operations are judged, and their records here, at once. */
static enum status
write_sure(struct apply_work *w, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = E_OK;

	if (w->sure_from == 0)
		return E_OK;
	st = db_prepare(&q, w->store->db, "UPDATE outbox SET state = 1,"
		" verdict = 0, rev = ? WHERE epoch = ? AND n BETWEEN ? AND ?",
		err);
	if (st)
		return st;
	db_bind_int(q, 1, w->sure_rev);
	db_bind_int(q, 2, w->epoch);
	db_bind_int(q, 3, w->sure_from);
	db_bind_int(q, 4, w->sure_to);
	st = db_run(q, err);
	db_finish(q);
	w->sure_from = 0;
	return st;
}

/* A week's new entries come back one after the other, all as revision 1: one
 * statement for all of them costs half of one for each. */
static enum status
note_sure(struct apply_work *w, int64_t n, int64_t rev, struct err *err)
{
	bool follows = w->sure_from > 0 && n == w->sure_to + 1 &&
		rev == w->sure_rev;
	enum status st = follows ? E_OK : write_sure(w, err);

	if (!follows)
		w->sure_from = n;
	w->sure_to = n;
	w->sure_rev = rev;
	return st;
}

enum status
own_verdict(struct apply_work *w, const struct wire_line *line,
	struct err *err)
{
	enum status st;

	if (hold(w, line))
		return E_OK;
	w->store->none_asked = false;	/* from here on they are looked for */
	st = write_sure(w, err);
	return st ? st : apply_verdict(w, line, err);
}

bool
own_said(struct wire_line *verdict, struct wire_line *ack,
	struct apply_work *w, const struct wire_line *run, int64_t n)
{
	const struct sent_op *op = find_sent(w, n);

	if (!op || op->base < 0 || !op->expect[0])
		return false;
	verdict->kind = WIRE_VERDICT;
	verdict->verdict = VERDICT_OK;
	verdict->n = n;
	ack->kind = WIRE_ACK;
	ack->record = op->record;
	ack->seq = run->seq;
	verdict->rev = ack->rev = op->base + 1;
	memcpy(ack->stream, run->stream, sizeof ack->stream);
	memcpy(ack->hash, op->expect, sizeof ack->hash);
	return true;
}

enum status
own_flush(struct apply_work *w, struct err *err)
{
	struct sent *t = &w->store->sent;
	enum status st = write_sure(w, err);

	w->store->none_asked = false;
	for (size_t i = 0; i < t->count && w->held > 0; i++) {
		const struct wire_line *ok = t->items[i].ok;

		if (!ok)
			continue;
		t->items[i].ok = NULL;
		w->held--;
		if (!st)
			st = apply_verdict(w, ok, err);
	}
	return st;
}

enum status
own_confirm(bool *done, struct apply_work *w, const struct wire_line *line,
	struct err *err)
{
	struct sent *t = &w->store->sent;
	uint32_t at = idmap_get(&t->places, &line->record);
	struct sent_op *op = at == IDMAP_NONE ? NULL : &t->items[at];
	enum status st;

	if (!op || !op->ok || op->ok->rev > line->rev || !op->expect[0] ||
	    strcmp(op->expect, line->hash) != 0)
		return E_OK;
	st = row_confirm(done, w->store, &line->record, w->epoch, op->n,
		line->rev, err);
	if (st || !*done)
		return st;
	st = note_sure(w, op->n, op->ok->rev, err);
	op->ok = NULL;
	w->held--;
	w->counts->ok++;
	return st;
}
