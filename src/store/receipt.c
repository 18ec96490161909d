/*
 * Which records want a receipt their rows say (row.c); whether they still do,
 * and who is signed in may give it, is looked at in the transaction of the
 * move.
 */
#include "store/receipt.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/schema.h"
#include "store/inside.h"
#include "store/save.h"

enum { MINUTE_TEXT = 16 };	/* "2026-03-05T09:11" */

struct wanted {
	struct uuid *ids;	/* owned */
	size_t count;
};

static bool
is_from(const struct schema_move *move, const char *state)
{
	return schema_role_in(move->from, move->from_count, state);
}

/* Meant for the office of whoever is signed in, and theirs to take. */
static const struct schema_move *
move_for(const struct store *s, const struct schema_register *reg,
	const char *office)
{
	const struct schema_move *move;

	if (!reg || !reg->receipt.move || strcmp(office, s->user.office) != 0)
		return NULL;
	move = schema_receipt_move(reg);
	return move && schema_role_in(move->roles, move->role_count,
		s->user.role) ? move : NULL;
}

bool
receipt_waits(const struct schema_register *reg, const struct record *r)
{
	const struct schema_move *move = reg->receipt.move ?
		schema_receipt_move(reg) : NULL;

	return move && !r->deleted && is_from(move, r->state);
}

/* What is still on its way up was entered here: nothing has arrived.  After a
 * failure as well, the caller owns what out holds. */
static enum status
gather(struct wanted *out, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "SELECT id FROM record"
		" WHERE kind <> 0 AND kind = 2 AND rev > 0", err);

	if (st)
		return st;
	st = db_uuids(&out->ids, &out->count, q, err);
	db_finish(q);
	return st;
}

/* *done: it was made now.  That somebody was faster is no failure. */
static enum status
make_one(bool *done, struct store *s, const struct uuid *id, struct err *err)
{
	const struct schema_register *reg;
	const struct schema_move *move;
	struct record seen = {0}, r = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct err no = ERR_INIT;
	char now[CLOCK_TEXT_MAX];
	enum status st = store_get(&seen, s, id, &no);

	if (st)
		goto out;
	reg = schema_register_find(s->schema, seen.reg);
	move = move_for(s, reg, seen.office);
	if (!move || !receipt_waits(reg, &seen))
		goto out;
	/* the move's rules look at other records */
	st = overview_refresh(s, NULL, &no);
	if (st)
		goto out;
	record_copy(&r, &seen);
	clock_print(now, clock_believed_at());
	now[MINUTE_TEXT] = '\0';
	values_set(&r.values, reg->receipt.at, now);
	st = save_move(s, &save, move->to, &no);
	*done = !st;
out:
	faults_release(&save.faults);
	record_release(&seen);
	record_release(&r);
	if (st == E_IO || st == E_AUTH)
		*err = no;
	return st == E_IO || st == E_AUTH ? st : E_OK;
}

enum status
receipt_make(size_t *made, struct store *s, struct err *err)
{
	struct wanted wanted = {0};
	size_t count = 0;
	enum status st = store_need_key(s, err);

	if (!st)
		st = gather(&wanted, s, err);
	for (size_t i = 0; !st && i < wanted.count; i++) {
		bool done = false;

		st = make_one(&done, s, &wanted.ids[i], err);
		count += done ? 1 : 0;
	}
	free(wanted.ids);
	*made = count;
	return st;
}

struct receipt_bell
receipt_bell(const struct store *s, int today)
{
	struct receipt_bell bell = { .last = "" };

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		const struct schema_move *move = o && !o->deleted ?
			move_for(s, o->reg, o->office) : NULL;
		const char *at;

		if (!move || o->reg->receipt.bell.count == 0 ||
		    (!is_from(move, o->state) &&
		    strcmp(o->state, move->to) != 0) ||
		    !overview_matches(s, o, &o->reg->receipt.bell, today,
			s->user.name))
			continue;
		at = overview_get(o, o->reg->receipt.at);
		bell.count++;
		if (strcmp(at, bell.last) > 0)
			bell.last = at;
	}
	return bell;
}
