/*
 * The chain in two tables.  audit: one row an entry.  audit_mark: "head", the
 * last entry that was written under the key, its hash sealed, so that rows
 * taken from the end are missed; "anchor", the entry before the oldest that is
 * kept; "acked", up to where the server has it.
 */
#include "store/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "store/audit_rows.h"
#include "store/hidden.h"
#include "store/inside.h"

/* ---- writing ---- */

/* Where the chain goes on: behind the head or, when entries in clear follow it,
 * behind the last row.  Rows that somebody took from the end are left as the
 * gap that they are. */
static enum status
find_end(struct audit_place *out, struct store *s, struct err *err)
{
	struct audit_place head = {0}, last = {0};
	enum status st = audit_rows_last(&last, s, err);

	if (!st)
		st = audit_mark_get(&head, s, AUDIT_MARK_HEAD, err);
	if (st)
		return st;
	*out = head.n >= last.n ? head : last;
	/* without the key the head's hash cannot be read */
	if (head.n >= last.n && !s->unlocked)
		memcpy(out->hash, last.hash, sizeof out->hash);
	return E_OK;
}

static enum status
insert(struct store *s, const struct audit_place *at, int64_t when, bool clear,
	const struct buf *text, struct err *err)
{
	struct db_stmt *q = NULL;
	struct buf sealed;
	enum status st = db_prepare(&q, s->db, "INSERT INTO audit(n, at, clear,"
		" hash, entry) VALUES(?, ?, ?, ?, ?)", err);

	if (st)
		return st;
	buf_init(&sealed, AUDIT_LINE_MAX + CRYPTO_SEAL_OVERHEAD);
	if (clear) {
		buf_add(&sealed, text->data, text->len);
	} else {
		struct seal where = audit_rows_seal(at->n);

		seal_put(&sealed, &s->keys.audit, &where, text->data,
			text->len);
	}
	db_bind_int(q, 1, at->n);
	db_bind_int(q, 2, when);
	db_bind_int(q, 3, clear);
	db_bind_blob(q, 4, at->hash, sizeof at->hash);
	db_bind_blob(q, 5, sealed.data, sealed.len);
	st = db_run(q, err);
	db_finish(q);
	buf_release(&sealed);
	return st;
}

/* Inside a transaction. */
static enum status
append(struct store *s, struct audit_entry *e, bool clear, struct err *err)
{
	struct audit_place at = {0};
	struct buf text;
	enum status st = find_end(&at, s, err);

	if (st)
		return st;
	buf_init(&text, AUDIT_LINE_MAX);
	e->n = ++at.n;
	e->at = clock_believed_at();
	audit_print(&text, e);
	audit_chain(at.hash, text.data, text.len);
	st = insert(s, &at, e->at, clear, &text, err);
	if (!st && !clear)
		st = audit_mark_put(s, AUDIT_MARK_HEAD, &at, err);
	crypto_wipe(text.data, text.len);
	buf_release(&text);
	return st;
}

static enum status
begin(struct store *s, struct err *err)
{
	return s->batch ? E_OK : db_begin(s->db, err);
}

/* Whatever went wrong, people need to know what does not happen now. */
static enum status
end(struct store *s, enum status st, struct err *err)
{
	if (!s->batch && !st)
		st = db_commit(s->db, err);
	else if (!s->batch)
		db_rollback(s->db);
	if (st && st != E_AUTH)
		return err_set(err, E_IO, tr("The trace of what is done here "
			"cannot be written, so this is not done: is the disk "
			"full?"));
	return st;
}

/* note as an entry; its ids are lent. */
static void
fill(struct audit_entry *e, const struct store *s,
	const struct audit_note *note)
{
	*e = (struct audit_entry){
		.ids = (struct uuid *)(uintptr_t)note->ids,
		.id_count = note->id_count < AUDIT_IDS_MAX ? note->id_count :
			AUDIT_IDS_MAX,
		.count = note->count ? note->count : (int64_t)note->id_count,
		.whole = note->whole };
	snprintf(e->what, sizeof e->what, "%s", audit_word(note->what));
	snprintf(e->by, sizeof e->by, "%s", s->user.login);
	if (note->reg)
		snprintf(e->reg, sizeof e->reg, "%s", note->reg);
	if (note->note)
		snprintf(e->note, sizeof e->note, "%s", note->note);
}

enum status
audit_put(struct store *s, const struct audit_note *note, struct err *err)
{
	struct audit_entry e;
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	fill(&e, s, note);
	st = begin(s, err);
	if (!st)
		st = append(s, &e, false, err);
	return end(s, st, err);
}

enum status
audit_put_bad(struct store *s, const char *login, struct err *err)
{
	struct audit_entry e = {0};
	enum status st;

	snprintf(e.what, sizeof e.what, "%s", audit_word(AUDIT_SIGNIN_BAD));
	snprintf(e.by, sizeof e.by, "%s", login);
	st = begin(s, err);
	if (!st)
		st = append(s, &e, true, err);
	return end(s, st, err);
}

/* ---- records ---- */

bool
audit_is_traced(const struct store *s, const struct overview *o)
{
	const struct overview *up = o->reg && o->reg->name[0] == '@' ?
		overview_find(s, &o->parent) : NULL;

	if (o->reg && o->reg->name[0] != '@' && audit_is_restricted(o->reg))
		return true;
	/* an attachment, as the record it belongs to */
	return (up && up->reg && audit_is_restricted(up->reg)) ||
		hidden_is_sealed(s, o);
}

enum status
audit_view(struct store *s, const struct uuid *id, struct err *err)
{
	const struct overview *o = overview_find(s, id);
	struct audit_entry e;
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	if (!o || !audit_is_traced(s, o)) {
		overview_opened(s, id, clock_now_at());
		return E_OK;
	}
	fill(&e, s, &(struct audit_note){ .what = AUDIT_VIEW,
		.reg = o->reg_name, .ids = id, .id_count = 1 });
	st = begin(s, err);
	if (!st)
		st = append(s, &e, false, err);
	if (!st)
		overview_opened(s, id, clock_now_at());
	return end(s, st, err);
}

enum status
audit_view_as(struct store *s, const struct uuid *id, const char *how,
	bool whole, struct err *err)
{
	const struct overview *o = overview_find(s, id);

	if (!o || !audit_is_traced(s, o))
		return E_OK;
	return audit_put(s, &(struct audit_note){ .what = AUDIT_VIEW,
		.reg = o->reg_name, .ids = id, .id_count = 1, .note = how,
		.whole = whole && o->reg && audit_has_idno(o->reg) }, err);
}

enum status
audit_rows(struct store *s, enum audit_what what,
	const struct schema_register *reg, const struct uuid *ids,
	size_t count, bool whole, const char *by, struct err *err)
{
	struct audit_note note = { .what = what, .whole = whole, .note = by,
		.reg = reg ? reg->name : NULL, .count = (int64_t)count };
	struct uuid *traced = mem_alloc(AUDIT_IDS_MAX, sizeof *traced);
	bool any = what == AUDIT_FIND;
	enum status st = E_OK;

	for (size_t i = 0; i < count; i++) {
		const struct overview *o = overview_find(s, &ids[i]);

		if (!o || !audit_is_traced(s, o))
			continue;
		any = true;
		if (note.id_count < AUDIT_IDS_MAX)
			traced[note.id_count++] = ids[i];
		else
			break;
	}
	note.ids = traced;
	if (any)
		st = audit_put(s, &note, err);
	free(traced);
	return st;
}

enum status
audit_list(struct store *s, enum audit_what what,
	const struct schema_register *reg, const struct uuid *ids,
	size_t count, const char *by, struct err *err)
{
	struct audit_note note = { .what = what, .note = by,
		.reg = reg ? reg->name : NULL };

	for (size_t i = 0; i < count; i++) {
		const struct overview *o = overview_find(s, &ids[i]);

		note.count += o && audit_is_traced(s, o);
	}
	return note.count ? audit_put(s, &note, err) : E_OK;
}

void
audit_by(struct buf *out, const struct conds *c)
{
	for (size_t i = 0; c && i < c->count; i++) {
		if (out->len)
			buf_char(out, ' ');
		buf_text(out, c->items[i].field);
	}
}

/* ---- what the server has ---- */

static enum status
entry_before(int64_t *out, struct store *s, int64_t n, int64_t limit_at,
	struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT n FROM audit WHERE"
		" n > ?1 OR at >= ?2 ORDER BY n LIMIT 1", err);

	if (st)
		return st;
	db_bind_int(q, 1, n);
	db_bind_int(q, 2, limit_at);
	st = db_step(q, &row, err);
	if (!st)
		*out = row ? db_int(q, 0) - 1 : n;
	db_finish(q);
	return st;
}

static enum status
drop_until(struct store *s, int64_t n, struct err *err)
{
	struct audit_place anchor = {0};
	struct db_stmt *q = NULL;
	bool found = false;
	enum status st = audit_rows_at(&anchor, &found, s, n, err);

	if (st || !found)
		return st;
	st = audit_mark_put(s, AUDIT_MARK_ANCHOR, &anchor, err);
	if (!st)
		st = db_prepare(&q, s->db, "DELETE FROM audit WHERE n <= ?",
			err);
	if (st)
		return st;
	db_bind_int(q, 1, n);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* Never by this computer's clock alone, which anybody can set. */
static enum status
drop_old(struct store *s, int64_t n, struct err *err)
{
	int64_t heard_at = 0, last = 0;
	enum status st = store_meta_int(&heard_at, s, "server_at", err);

	if (st || heard_at == 0)
		return st;
	st = entry_before(&last, s, n, heard_at -
		AUDIT_KEEP_DAYS * (int64_t)24 * 3600 * 1000, err);
	return st || last <= 0 ? st : drop_until(s, last, err);
}

/* One that was put back has to be told again. */
static enum status
keep_epoch(struct store *s, struct err *err)
{
	struct buf epoch;
	enum status st;

	buf_init(&epoch, BUF_LINE_MAX);
	st = store_meta_get(&epoch, s, "server_epoch", err);
	if (!st)
		st = store_meta_set(s, AUDIT_META_EPOCH, epoch.data, err);
	buf_release(&epoch);
	return st;
}

enum status
audit_acked(struct store *s, int64_t n, struct err *err)
{
	struct audit_place acked = { .n = n };
	enum status st = store_need_key(s, err);

	if (!st)
		st = begin(s, err);
	if (st)
		return st;
	st = audit_mark_put(s, AUDIT_MARK_ACKED, &acked, err);
	if (!st)
		st = keep_epoch(s, err);
	if (!st)
		st = drop_old(s, n, err);
	if (!s->batch && !st)
		st = db_commit(s->db, err);
	else if (!s->batch)
		db_rollback(s->db);
	return st;
}
