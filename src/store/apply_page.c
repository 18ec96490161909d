/*
 * One page from the server, in one transaction.
 *
 * 1. A verdict decides an operation; an accepted one stays on top of the base
 *    until a feed line brings the version that has it.
 * 2. Only feed lines move a base and its revision, only the end moves cursors.
 *
 * What leaves is apply_leave.c's.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/older.h"
#include "core/question.h"
#include "core/reconcile.h"
#include "store/apply.h"
#include "store/apply_work.h"
#include "store/erased.h"
#include "store/inside.h"
#include "store/lease.h"
#include "store/removed.h"
#include "store/snapshot.h"

/* ---- feed lines ---- */

/* hash: of the version that the stream has now. */
static enum status
hold(struct store *s, const struct wire_line *line, const struct uuid *id,
	int64_t rev, const char *hash, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO member(id, stream,"
		" item, rev) VALUES(?, ?, ?, ?) ON CONFLICT(id, stream) DO"
		" UPDATE SET item = excluded.item, rev = excluded.rev", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	db_bind_text(q, 2, line->stream);
	db_bind_int(q, 3, (int64_t)reconcile_item(id, rev, hash));
	db_bind_int(q, 4, rev);
	st = db_run(q, err);
	db_finish(q);
	return st || !apply_is_sealed(line->stream) ? st :
		removed_drop(s, id, err);
}

/*
 * Own content confirmed: the base becomes base + accepted operations.  When a
 * reply was lost the server may have judged more than we have verdicts of:
 * then undecided ones, in order, must lead to the hash.  They stay undecided.
 */
static bool
advance(struct record *base, const struct pile *p,
	const struct wire_line *line)
{
	char hash[RECORD_HASH_MAX];

	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].state == OUTBOX_ACCEPTED &&
		    p->items[i].rev <= line->rev)
			op_apply(base, &p->items[i].op);
	}
	record_hash(hash, base);
	for (size_t i = 0; i < p->count && strcmp(hash, line->hash); i++) {
		if (p->items[i].state != OUTBOX_OPEN)
			continue;
		op_apply(base, &p->items[i].op);
		record_hash(hash, base);
	}
	base->rev = line->rev;
	return strcmp(hash, line->hash) == 0;
}

/* The operation that lies alone on a record; *found: one does, and it is part
 * of this revision. */
static enum status
find_lone(struct op *out, bool *found, struct store *s,
	const struct wire_line *line, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT epoch, n, state, rev"
		" FROM outbox WHERE id = ? AND state IN (0, 2, 4)", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, &line->record);
	st = db_step(q, &row, err);
	if (!st && row) {
		out->epoch = db_int(q, 0);
		out->n = db_int(q, 1);
		*found = db_int(q, 2) == OUTBOX_ACCEPTED &&
			db_int(q, 3) <= line->rev;
		st = db_step(q, &row, err);
		*found = *found && !row;
	}
	db_finish(q);
	return st;
}

/* What nearly always comes: one operation, and it was accepted as it is.  Then
 * what is shown is what the server has, its hash says, and the operation need
 * not be opened. */
static enum status
advance_lone(bool *done, struct row *r, struct store *s,
	const struct wire_line *line, struct err *err)
{
	char hash[RECORD_HASH_MAX];
	struct op op = {0};
	bool found = false;
	enum status st = E_OK;

	if (r->pend == 1 && line->rev > r->rev)
		st = find_lone(&op, &found, s, line, err);
	if (st || !found)
		return st;
	record_hash(hash, &r->shown);
	if (strcmp(hash, line->hash) != 0)
		return E_OK;
	record_release(&r->base);
	r->has_base = false;
	r->rev = r->shown.rev = line->rev;
	r->pend = r->top = 0;
	*done = true;
	return pile_set_state(s, &op, OUTBOX_DONE, err);
}

/* All its operations opened. */
static enum status
advance_pile(struct row *r, struct store *s, const struct wire_line *line,
	struct err *err)
{
	struct pile p = {0};
	struct record base = {0};
	enum status st = pile_load(&p, s, &line->record, err);

	if (st)
		return st;
	if (r->rev > 0)
		record_copy(&base, r->has_base ? &r->base : &r->shown);
	if (line->rev < r->rev || !advance(&base, &p, line)) {
		record_release(&base);
		st = apply_contradiction(err);
		goto out;
	}
	record_release(&r->base);
	r->base = base;
	r->has_base = true;
	r->rev = line->rev;
	st = pile_finish(&p, s, line->rev, err);
	if (!st)
		pile_rebase(r, &p);
out:
	pile_release(&p);
	return st;
}

static enum status
take_any_ack(struct apply_work *w, const struct wire_line *line,
	struct err *err)
{
	struct store *s = w->store;
	struct row r = {0};
	bool done = false;
	struct err missing = ERR_INIT;
	enum status st = row_load(&r, s, &line->record, &missing);

	if (st == E_NOTFOUND)
		return apply_contradiction(err);
	if (st) {
		*err = missing;
		return st;
	}
	st = advance_lone(&done, &r, s, line, err);
	if (!st && !done)
		st = advance_pile(&r, s, line, err);
	if (!st)
		st = row_save(s, &r, err);
	if (!st)
		st = hold(s, line, &line->record, line->rev, line->hash, err);
	idmap_drop(&w->unsettled, &line->record);
	row_release(&r);
	return st;
}

static enum status
take_ack(struct apply_work *w, const struct wire_line *line, struct err *err)
{
	bool done = false;
	enum status st = own_confirm(&done, w, line, err);

	if (st || done)
		return st ? st : hold(w->store, line, &line->record,
			line->rev, line->hash, err);
	st = own_flush(w, err);
	return st ? st : take_any_ack(w, line, err);
}

/* Each of a run as if its verdict and its confirmation had come. */
static enum status
take_run(struct apply_work *w, const struct wire_line *run, struct err *err)
{
	struct wire_line verdict = {0}, ack = {0};
	enum status st = E_OK;

	for (int64_t n = run->n; n <= run->to && !st; n++) {
		if (!own_said(&verdict, &ack, w, run, n))
			return apply_contradiction(err);
		st = own_verdict(w, &verdict, err);
		if (!st)
			st = take_ack(w, &ack, err);
	}
	return st;
}

/* Nothing of ours lies on the record: it is shown as it came. */
static enum status
write_put(struct row *r, struct store *s, const struct record *put,
	struct err *err)
{
	enum status st;

	record_release(&r->shown);
	record_release(&r->base);
	r->has_base = false;
	r->rev = put->rev;
	r->pend = r->top = 0;
	r->shown = *put;	/* lent, while it is written */
	st = row_save(s, r, err);
	r->shown = (struct record){0};
	return st;
}

/* The base under what is ours. */
static enum status
rebase_put(struct row *r, struct pile *p, struct store *s,
	const struct record *put, struct err *err)
{
	enum status st;

	record_release(&r->base);
	record_copy(&r->base, put);
	r->has_base = true;
	r->rev = put->rev;
	st = pile_finish(p, s, r->rev, err);
	if (st)
		return st;
	pile_rebase(r, p);
	return row_save(s, r, err);
}

static enum status
take_put(struct apply_work *w, const struct wire_line *line, struct err *err)
{
	struct store *s = w->store;
	const struct schema_register *reg = schema_register_find(s->schema,
		line->put.reg);
	const struct record *put = &line->put;
	struct record brought = {0};
	char hash[RECORD_HASH_MAX];
	struct row r = {0};
	struct pile p = {0};
	struct err missing = ERR_INIT;
	enum status st = row_load(&r, s, &put->id, &missing);

	r.absent = st == E_NOTFOUND;
	record_hash(hash, put);		/* as the server has it */
	if (st && st != E_NOTFOUND) {
		*err = missing;
		return st;
	}
	if (w->load && put->rev > 0 && put->rev < r.rev) {
		/* another stream was quicker; what changed since follows */
		st = hold(s, line, &put->id, put->rev, hash, err);
		goto out;
	}
	st = (put->rev < r.rev && !w->confirmed) || put->rev < 1 ? apply_contradiction(err) :
		pile_load(&p, s, &put->id, err);
	if (st)
		goto out;
	if (p.count > 0 && reg && reg->renamed) {
		record_copy(&brought, put);
		(void)older_record(&brought, reg);
		put = &brought;
	}
	st = p.count > 0 ? rebase_put(&r, &p, s, put, err) :
		write_put(&r, s, put, err);
	if (!st)
		st = hold(s, line, &put->id, put->rev, hash, err);
	if (!st && question_is(put))
		st = apply_question(s, put, err);
	if (!st)
		st = people_names_seen_all(s, put, err);
	idmap_drop(&w->unsettled, &put->id);
out:
	record_release(&brought);
	row_release(&r);
	pile_release(&p);
	return st;
}

/* ---- the end ---- */

static enum status
move_cursor(struct store *s, const struct wire_cursor *c, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO"
		" cursor(stream, seq, mark) VALUES(?, ?, ?)"
		" ON CONFLICT(stream) DO UPDATE SET seq = excluded.seq,"
		" mark = excluded.mark WHERE excluded.seq >= seq", err);

	if (st)
		return st;
	db_bind_text(q, 1, c->stream);
	db_bind_int(q, 2, c->seq);
	db_bind_text(q, 3, c->mark);
	st = db_run(q, err);
	if (!st && db_changes(s->db) == 0)
		st = apply_contradiction(err);
	db_finish(q);
	return st;
}

static enum status
check_epoch(struct store *s, const char *epoch, struct err *err)
{
	struct store_device d;
	enum status st = store_device_get(&d, s, err);

	if (st || !epoch[0] || strcmp(d.server_epoch, epoch) == 0)
		return st;
	if (d.server_epoch[0])
		return err_set(err, E_INVALID, tr("This is not the county's "
			"data any more that this computer is registered with."));
	return store_meta_set(s, "server_epoch", epoch, err);
}

static enum status
take_end(struct apply_work *w, const struct wire_line *line, struct err *err)
{
	struct store *s = w->store;
	bool complete = !line->more && line->snapshot_count == 0;
	enum status st = check_epoch(s, line->server_epoch, err);

	for (size_t i = 0; i < line->cursor_count && !st; i++)
		st = move_cursor(s, &line->cursors[i], err);
	if (!st && line->server_at > 0)
		st = store_hear(s, line->server_at, err);
	if (!st && line->schema[0])
		st = store_meta_set(s, "server_schema", line->schema, err);
	if (!st && line->office[0])
		st = store_meta_set(s, "office", line->office, err);
	if (!st && line->office[0])
		st = store_meta_set(s, "office_name", line->office_name, err);
	if (!st && line->numbers)
		st = store_meta_set_int(s, LEASE_UNTOLD, 1, err);
	if (!st && line->names)
		st = store_meta_set_int(s, PEOPLE_ASK_DUE, 1, err);
	if (!st && line->server_epoch[0])
		st = store_meta_set_int(s, "min_app", line->min_app, err);
	if (!st)
		st = apply_settled(w, line, err);
	if (!st)
		st = erased_hear(s, line, err);
	/* told nothing new, what was accepted here waits for its line */
	if (!st && complete && !line->min_app)
		st = apply_drop_unseen(s, err);
	if (!st && complete)
		st = snapshot_forget(s, NULL, err);
	if (!st && complete)
		st = removed_forget(s, err);
	if (!st && complete)
		st = store_meta_set_int(s, "synced_at", clock_now_at(), err);
	return st;
}

/* ---- the page ---- */

/* Records with a verdict and no feed line in this page. */
static enum status
settle(struct apply_work *w, struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < w->unsettled.size && !st; i++) {
		if (w->unsettled.slots[i].used)
			st = pile_settle(w->store, &w->unsettled.slots[i].id,
				err);
	}
	return st;
}

static enum status
take_line(struct apply_work *w, struct wire_line *line, struct err *err)
{
	enum status st = E_OK;

	if (line->kind == WIRE_ACK)
		return take_ack(w, line, err);
	if (line->kind == WIRE_RUN)
		return take_run(w, line, err);
	if (line->kind == WIRE_VERDICT)
		return own_verdict(w, line, err);
	st = own_flush(w, err);
	if (st)
		return st;
	switch (line->kind) {
	case WIRE_VERDICT:
	case WIRE_ACK:
	case WIRE_RUN:
		break;
	case WIRE_PUT:
		w->counts->pulled++;
		st = take_put(w, line, err);
		/* the next page is being read meanwhile, into this memory */
		values_release(&line->put.values);
		return st;
	case WIRE_GONE:
		w->counts->gone++;
		return line->all ? apply_gone_all(w, line->stream, err) :
			apply_gone(w, line, err);
	case WIRE_END:
		return take_end(w, line, err);
	}
	return apply_contradiction(err);
}

static enum status
take_page(struct apply_work *w, struct wire_line *lines, size_t count,
	struct err *err)
{
	enum status st = store_meta_int(&w->epoch, w->store, "epoch", err);

	for (size_t i = 0; i < count && !st; i++)
		st = take_line(w, &lines[i], err);
	if (!st)
		st = settle(w, err);
	return st ? st : erased_sweep(&w->erased, w->store, err);
}

/* The snapshot is applied up to here; with its cursor it is done with. */
static enum status
note_load(struct store *s, struct snapshot_load *load,
	const struct wire_line *lines, size_t count, struct err *err)
{
	if (lines[count - 1].cursor_count > 0)
		return snapshot_forget(s, load->what.stream, err);
	return count < 2 ? E_OK : snapshot_moved(s, load->what.stream,
		lines[count - 2].seq, err);
}

/* What a first load finds, so that it is not asked for each record: no operation
 * waits, was refused or is accepted; nothing has gone.  Whatever of a page
 * changes that says so. */
static enum status
look_around(struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT"
		" EXISTS(SELECT 1 FROM outbox WHERE state = 0),"
		" EXISTS(SELECT 1 FROM outbox WHERE state = 2),"
		" EXISTS(SELECT 1 FROM outbox WHERE state = 4),"
		" EXISTS(SELECT 1 FROM gone),"
		" EXISTS(SELECT 1 FROM outbox WHERE state = 5) OR"
		" EXISTS(SELECT 1 FROM ask)", err);

	if (st)
		return st;
	st = db_step(q, &row, err);
	if (!st) {
		s->no_ops = !db_int(q, 0) && !db_int(q, 1) && !db_int(q, 2);
		s->none_gone = !db_int(q, 3);
		s->none_asked = !db_int(q, 1) && !db_int(q, 4);
	}
	db_finish(q);
	return st;
}

static enum status
apply(struct apply_counts *counts, struct apply_work w,
	struct wire_line *lines, size_t count, struct err *err)
{
	struct apply_counts c = *counts;
	struct store *s = w.store;
	struct err later = ERR_INIT;
	enum status st = store_need_key(s, err);

	if (!st && (count == 0 || lines[count - 1].kind != WIRE_END))
		st = apply_contradiction(err);
	/* What a power cut takes away the cursors do not stand behind either:
	 * it comes again, and what was decided is decided. */
	if (!st)
		st = store_begin_lazy(s, err);
	if (st)
		return st;
	w.counts = &c;
	s->people.met[0] = '\0';
	st = look_around(s, err);
	if (!st)
		st = take_page(&w, lines, count, err);
	if (!st)
		st = apply_check_removals(&w, err);
	if (!st && w.load)
		st = note_load(s, w.load, lines, count, err);
	s->no_ops = s->none_gone = s->none_asked = false;
	idmap_release(&w.unsettled);
	idmap_release(&w.leaving);
	st = store_end(s, st, err);
	if (st) {
		/* what was held is the page's; all is printed anew anyway */
		sent_release(&s->sent);
		return st;
	}
	sent_until(&s->sent, lines[count - 1].acked);
	*counts = c;
	/* that the log still has it is mended by the next session's end */
	if (w.erased && db_checkpoint(s->db, &later))
		later.code = E_OK;
	/* It is on disk; what cannot be read now will be at the next look. */
	if (s->memory.loaded && overview_refresh(s, NULL, &later))
		s->stale = true;
	return E_OK;
}

enum status
apply_confirmed(struct apply_counts *counts, struct store *s,
	struct wire_line *lines, size_t count, struct err *err)
{
	return apply(counts, (struct apply_work){ .store = s,
		.confirmed = true, .believed = true }, lines, count, err);
}

enum status
apply_snapshot(struct apply_counts *counts, struct store *s,
	struct snapshot_load *load, struct wire_line *lines,
	size_t count, struct err *err)
{
	return apply(counts, (struct apply_work){ .store = s, .load = load,
		.believed = true }, lines, count, err);
}

enum status
apply_believed(struct apply_counts *counts, struct store *s,
	struct wire_line *lines, size_t count, struct err *err)
{
	return apply(counts, (struct apply_work){ .store = s,
		.believed = true }, lines, count, err);
}

enum status
apply_page(struct apply_counts *counts, struct store *s,
	struct wire_line *lines, size_t count, struct err *err)
{
	return apply(counts, (struct apply_work){ .store = s }, lines, count,
		err);
}
