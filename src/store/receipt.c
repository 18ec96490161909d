/*
 * Which records want a receipt is read from memory; whether they still do, in
 * the transaction of the move.
 */
#include "store/receipt.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
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
move_for(const struct store *s, const struct overview *o)
{
	const struct schema_move *move;

	if (!o || !o->reg || o->deleted || !o->reg->receipt.move ||
	    strcmp(o->office, s->user.office) != 0)
		return NULL;
	move = schema_receipt_move(o->reg);
	return move && schema_role_in(move->roles, move->role_count,
		s->user.role) ? move : NULL;
}

/* What is still on its way up was entered here: nothing has arrived. */
static void
gather(struct wanted *out, const struct store *s)
{
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		const struct schema_move *move = move_for(s, o);

		if (!move || o->rev == 0 || !is_from(move, o->state))
			continue;
		out->ids = mem_grow(out->ids, out->count, sizeof *out->ids);
		out->ids[out->count++] = o->id;
	}
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
	move = reg ? schema_receipt_move(reg) : NULL;
	if (!move || !is_from(move, seen.state))
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
		st = overview_refresh(s, NULL, err);
	if (!st)
		gather(&wanted, s);
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
		const struct schema_move *move = move_for(s, o);
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
