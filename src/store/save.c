/*
 * Saving.  Everything that may refuse comes before the first write; the whole
 * stands in one write transaction, because what is stored may change between
 * a look and a write.
 */
#include "store/save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "store/draft.h"
#include "store/inside.h"
#include "store/number.h"
#include "store/transfer.h"

struct work {
	const struct schema_register *reg;
	struct row row;		/* as stored; empty: not there yet */
	struct pile pile;
	bool exists;
	bool known;		/* the server knows it or will: not OP_NEW */
	struct record next;	/* as it shall be */
};

static void
work_release(struct work *w)
{
	row_release(&w->row);
	pile_release(&w->pile);
	record_release(&w->next);
}

/* ---- may it be written? ---- */

static enum status
find_register(struct work *w, struct store *s, const char *name,
	bool moves, struct err *err)
{
	w->reg = schema_register_find(s->schema, name);
	if (!w->reg)
		return err_set(err, E_INVALID,
			tr("This program does not know the register %s."), name);
	if (!schema_may_write(w->reg, s->user.role) &&
	    !(moves && schema_may_move(w->reg, s->user.role)))
		return err_set(err, E_AUTH,
			tr("Your role may not change entries of %s."),
			label_text(&w->reg->title));
	return E_OK;
}

/* A refused new record is sent whole again: nothing alive on it says "new". */
static bool
server_knows(const struct row *row, const struct pile *p)
{
	if (row->rev > 0)
		return true;
	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].op.kind == OP_NEW &&
		    p->items[i].state != OUTBOX_BAD)
			return true;
	}
	return false;
}

static enum status
load_stored(struct work *w, struct store *s, const struct uuid *id,
	bool expected, struct err *err)
{
	struct err missing = ERR_INIT;
	enum status st = row_load(&w->row, s, id, &missing);

	if (st == E_NOTFOUND && !expected)
		return E_OK;
	if (st) {
		*err = missing;
		return st;
	}
	w->exists = true;
	if (!expected)
		return err_set(err, E_CONFLICT,
			tr("This entry exists already."));
	st = pile_load(&w->pile, s, id, err);
	w->known = !st && server_knows(&w->row, &w->pile);
	return st;
}

/* ---- the user's changes on top of what is stored ---- */

static const char *
group_of(const struct schema_register *reg, const char *field)
{
	const struct schema_field *f = schema_field_find(reg, field);

	return f && f->group ? f->group : field;
}

/* Did somebody since change a field of the group, and not to what the user
 * wants too? */
static bool
group_moved(const struct work *w, const struct save *save, const char *group)
{
	struct op since = {0};
	bool moved = false;

	op_diff(&since, save->seen, &w->row.shown);
	for (size_t i = 0; i < since.change_count && !moved; i++) {
		const char *field = since.changes[i].field;

		moved = strcmp(group_of(w->reg, field), group) == 0 &&
			strcmp(record_get(save->record, field),
			since.changes[i].after) != 0;
	}
	op_release(&since);
	return moved;
}

static enum status
put_on_top(struct work *w, struct save *save, struct err *err)
{
	struct op mine = {0};
	bool fits = true;

	op_diff(&mine, save->seen, save->record);
	record_copy(&w->next, &w->row.shown);
	for (size_t i = 0; i < mine.change_count && fits; i++) {
		const struct op_change *c = &mine.changes[i];

		/* State and office move by save_move and the county only. */
		if (c->field[0] == '@')
			continue;
		if (group_moved(w, save, group_of(w->reg, c->field)))
			save->overlapped = true;
		fits = record_set(&w->next, c->field, c->after);
	}
	op_release(&mine);
	if (!fits)
		return err_set(err, E_INVALID, tr("This record is too large."));
	if (save->overlapped)
		return err_set(err, E_CONFLICT, tr("Somebody else has changed "
			"the same field in the meantime."));
	return E_OK;
}

/*
 * Records made in the same millisecond keep their order: the twelve bits
 * behind the time count up (RFC 9562, 6.2, method 1), starting in the lower
 * half.  The parties of an imported case would change places otherwise.
 */
static struct uuid
next_id(struct store *s)
{
	enum { TIME = 6, COUNT_MAX = 0xfff };
	struct uuid id = uuid_new();
	unsigned count = (unsigned)(id.b[6] & 0x07) << 8 | id.b[7];

	if (memcmp(id.b, s->last_id.b, TIME) == 0) {
		count = (unsigned)(s->last_id.b[6] & 0x0f) << 8 |
			s->last_id.b[7];
		if (count < COUNT_MAX)
			count++;
	}
	id.b[6] = (uint8_t)((id.b[6] & 0xf0) | count >> 8);
	id.b[7] = (uint8_t)count;
	s->last_id = id;
	return id;
}

/* What lies below a record is its office's, also when a county adds it. */
static void
place_new(struct record *r, const struct store *s,
	const struct schema_register *reg)
{
	const struct overview *parent = NULL;
	struct uuid id;

	if (reg->parent_field &&
	    uuid_parse(&id, values_get(&r->values, reg->parent_field)))
		parent = overview_find(s, &id);
	if (parent)
		memcpy(r->office, parent->office,
			strlen(parent->office) + 1);
	else if (!r->office[0])
		memcpy(r->office, s->user.office, sizeof r->office);
}

static void
start_new(struct work *w, struct store *s, const struct save *save)
{
	struct record *r = &w->next;

	record_copy(r, save->record);
	if (uuid_is_zero(&r->id))
		r->id = next_id(s);
	r->rev = 0;
	place_new(r, s, w->reg);
	if (!r->state[0] && w->reg->state_count > 0)
		snprintf(r->state, sizeof r->state, "%s",
			w->reg->states[0].name);
	memcpy(r->created_by, s->user.login, sizeof r->created_by);
	r->created_at = clock_now_at();
}

/* Nothing is added to what is only looked at. */
static enum status
need_own_parent(const struct work *w, struct store *s, struct err *err)
{
	struct record parent = {0};
	struct err none = ERR_INIT;
	struct uuid id;
	enum status st;

	if (!w->reg->parent_field || !uuid_parse(&id,
	    values_get(&w->next.values, w->reg->parent_field)) ||
	    store_get(&parent, s, &id, &none))
		return E_OK;
	st = transfer_need_settled(s, &parent, err);
	record_release(&parent);
	return st;
}

static enum status
prepare(struct work *w, struct store *s, struct save *save, bool moves,
	struct err *err)
{
	enum status st = find_register(w, s, save->record->reg, moves, err);

	if (!st && !uuid_is_zero(&save->record->id))
		st = load_stored(w, s, &save->record->id, save->seen != NULL,
			err);
	if (st)
		return st;
	if (!w->exists) {
		start_new(w, s, save);
		return need_own_parent(w, s, err);
	}
	st = transfer_need_settled(s, &w->row.shown, err);
	if (st)
		return st;
	if (w->row.shown.deleted)
		return err_set(err, E_INVALID,
			tr("This entry was withdrawn and cannot be changed."));
	if (w->reg->event && w->known)
		return err_set(err, E_INVALID, tr("An entry of %s is not "
			"changed afterwards: withdraw it and enter it anew."),
			label_text(&w->reg->title));
	return put_on_top(w, save, err);
}

/* ---- checking ---- */

static struct rule_who
author(const struct store *s)
{
	return (struct rule_who){ s->user.role, s->user.name };
}

/* What follows from the rest, who entered it, and with a move its stamps: all
 * in the state before the move. */
static enum status
fill_in(struct work *w, struct store *s, const struct schema_move *move,
	struct err *err)
{
	const struct rule_world *world = store_world(s);
	const struct rule_who who = author(s);
	int today = clock_today();

	if (!w->known)
		rule_enter(w->reg, &w->next, &who);
	rule_derive(w->reg, &w->next, today, world);
	if (move)
		rule_stamp(w->reg, move, &w->next, &who, today, world);
	return rule_change(w->reg, w->known ? &w->row.shown : NULL, &w->next,
		move, &who, world, err);
}

static enum status
check(struct work *w, struct store *s, struct save *save,
	const struct schema_move *move, struct err *err)
{
	int today = clock_today();

	faults_release(&save->faults);
	rule_check(&save->faults, s->schema, w->reg, &w->next,
		save->submit || (move && move->submit) ? RULE_SUBMIT :
		RULE_SAVE, today, store_world(s));
	if (move)
		rule_check_move(&save->faults, s->schema, w->reg, &w->next,
			move, today, store_world(s));
	if (w->known)
		faults_forgive(&save->faults, &w->next, &w->row.shown);
	for (size_t i = 0; i < save->faults.count; i++) {
		if (save->faults.items[i].stop)
			return err_set(err, E_INVALID, "%s",
				save->faults.items[i].msg);
	}
	return E_OK;
}

/* ---- writing ---- */

/* Two windows with one draft would make two records of it. */
static enum status
need_draft(struct store *s, struct save *save, struct err *err)
{
	bool there = false;
	enum status st = save->draft ? draft_is_there(&there, s, save->draft,
		err) : E_OK;

	if (st || !save->draft || there)
		return st;
	save->draft_gone = true;
	return err_set(err, E_CONFLICT, tr("This draft was saved or dropped "
		"in another window."));
}

static enum status
drop_draft(struct store *s, const char *key, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st;

	if (!key)
		return E_OK;
	st = db_prepare(&q, s->db, "DELETE FROM draft WHERE key = ?", err);
	if (st)
		return st;
	db_bind_text(q, 1, key);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* The new whole record stands for what was refused of it before. */
static enum status
put_refused_aside(struct work *w, struct store *s, struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < w->pile.count && !st; i++) {
		if (w->pile.items[i].state == OUTBOX_BAD)
			st = pile_set_state(s, &w->pile.items[i].op,
				OUTBOX_ASIDE, err);
	}
	return st;
}

/* The row with one more operation on top; equal to what pile_rebase() makes,
 * without opening the others again. */
static void
put_next(struct work *w, const struct op *op)
{
	struct row *row = &w->row;

	memcpy(w->next.updated_by, op->by, sizeof w->next.updated_by);
	w->next.updated_at = op->at;
	if (op->kind == OP_NEW)
		w->next.created_at = op->at;
	if (row->rev > 0 && !row->has_base) {
		row->base = row->shown;
		row->shown = (struct record){0};
		row->has_base = true;
	}
	record_release(&row->shown);
	record_copy(&row->shown, &w->next);
	row->pend++;
}

/* A refused new record, mended: its row is made of its operations anew. */
static enum status
put_mended(struct work *w, struct store *s, const struct uuid *id,
	struct err *err)
{
	enum status st;

	pile_release(&w->pile);
	st = pile_load(&w->pile, s, id, err);
	if (st)
		return st;
	pile_rebase(&w->row, &w->pile);
	record_release(&w->next);
	record_copy(&w->next, &w->row.shown);
	return E_OK;
}

/* The operation is stamped and written; then the row as it now is. */
static enum status
write_next(struct work *w, struct store *s, struct op *op, struct err *err)
{
	bool mended = w->exists && !w->known;
	enum status st = E_OK;

	if (mended)
		st = put_refused_aside(w, s, err);
	if (!st)
		st = pile_add(s, op, &w->pile, err);
	if (!st && mended)
		st = put_mended(w, s, &op->record, err);
	else if (!st)
		put_next(w, op);
	if (!st)
		w->row.top = mended ? 0 : op->n;
	if (!st)
		st = row_save(s, &w->row, err);
	return st;
}

static bool
names(const struct op *op, const char *field)
{
	for (size_t i = 0; i < op->change_count; i++) {
		if (strcmp(op->changes[i].field, field) == 0)
			return true;
	}
	return false;
}

static bool
changes_group(const struct op *op, const struct schema_register *reg,
	const char *group)
{
	for (size_t i = 0; i < op->change_count; i++) {
		if (strcmp(group_of(reg, op->changes[i].field), group) == 0)
			return true;
	}
	return false;
}

/*
 * On top of operations that the server has not judged, the base does not say
 * what the author saw: if one of them loses, a group must not be put together
 * of its two halves.  So the operation names the fields of its groups that
 * stay as well.
 */
static void
name_groups(struct op *op, const struct work *w)
{
	if (!pile_has(&w->pile, OUTBOX_OPEN) &&
	    !pile_has(&w->pile, OUTBOX_ACCEPTED))
		return;
	for (size_t i = 0; i < w->reg->field_count; i++) {
		const struct schema_field *f = &w->reg->fields[i];
		const char *stays = record_get(&w->next, f->name);

		if (!f->group || names(op, f->name) ||
		    !changes_group(op, w->reg, f->group))
			continue;
		op->changes = mem_grow(op->changes, op->change_count,
			sizeof *op->changes);
		op->changes[op->change_count++] = (struct op_change){
			.field = mem_strdup(f->name),
			.before = mem_strdup(stays),
			.after = mem_strdup(stays),
		};
	}
}

static enum status
take_step(struct work *w, struct store *s, const char *to, struct err *err)
{
	const struct rule_who who = author(s);
	enum status st = transfer_need_side(s, &w->next, to, err);

	if (!st)
		st = rule_move(s->schema, w->reg, &w->next, to, &who,
			clock_today(), store_world(s), err);
	if (!st && !record_set(&w->next, "@state", to))
		st = err_set(err, E_INVALID, tr("There is no such state."));
	return st;
}

static enum status
save_in(struct work *w, struct store *s, struct save *save, const char *to,
	struct err *err)
{
	const struct schema_move *move = NULL;
	struct op op = {0};
	enum status st = need_draft(s, save, err);

	if (!st)
		st = prepare(w, s, save, to != NULL, err);
	if (!st && to)
		move = schema_move_find(w->reg, w->next.state, to);
	if (!st)
		st = fill_in(w, s, move, err);
	if (!st && !save->unnumbered)
		st = number_take(&save->numbered, s, w->reg, &w->next,
			!w->known, move ? move->name : NULL, err);
	if (!st && to)
		st = take_step(w, s, to, err);
	if (!st)
		st = check(w, s, save, move, err);
	if (st)
		return st;
	op_diff(&op, w->known ? &w->row.shown : NULL, &w->next);
	op.base = w->row.rev;
	if (w->known)
		name_groups(&op, w);
	if (w->known && op.change_count == 0)
		save->unchanged = true;
	else
		st = write_next(w, s, &op, err);
	if (!st)
		st = drop_draft(s, save->draft, err);
	op_release(&op);
	return st;
}

static enum status
save_with(struct store *s, struct save *save, const char *to, struct err *err)
{
	struct work w = {0};
	enum status st = store_need_key(s, err);

	save->unchanged = save->overlapped = save->draft_gone = false;
	save->numbered = false;
	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	st = save_in(&w, s, save, to, err);
	st = store_end(s, st, err);
	if (!st && !save->unchanged)
		overview_wrote(s, &w.row);
	if (!st) {
		record_release(save->record);
		*save->record = w.next;
		w.next = (struct record){0};
	}
	work_release(&w);
	return st;
}

enum status
save_record(struct store *s, struct save *save, struct err *err)
{
	return save_with(s, save, NULL, err);
}

enum status
save_move(struct store *s, struct save *save, const char *to, struct err *err)
{
	return save_with(s, save, to, err);
}

/* ---- withdrawing ---- */

static enum status
remove_in(struct work *w, struct store *s, const struct uuid *id,
	const char *why, struct err *err)
{
	const struct rule_who who = author(s);
	struct op op = {0};
	enum status st = load_stored(w, s, id, true, err);

	if (!st)
		st = find_register(w, s, w->row.shown.reg, false, err);
	if (!st)
		st = transfer_need_settled(s, &w->row.shown, err);
	if (!st && w->row.shown.deleted)
		st = err_set(err, E_INVALID,
			tr("This entry was withdrawn already."));
	if (st)
		return st;
	record_copy(&w->next, &w->row.shown);
	if (!record_set(&w->next, "@deleted", why))
		return err_set(err, E_INVALID, tr("The reason is too long."));
	st = rule_change(w->reg, &w->row.shown, &w->next, NULL, &who,
		store_world(s), err);
	if (st)
		return st;
	op_diff(&op, w->known ? &w->row.shown : NULL, &w->next);
	op.base = w->row.rev;
	st = write_next(w, s, &op, err);
	op_release(&op);
	return st;
}

enum status
save_remove(struct store *s, const struct uuid *id, const char *why,
	struct err *err)
{
	struct work w = {0};
	enum status st = store_need_key(s, err);

	if (!st && why[strspn(why, " \t\n")] == '\0')
		st = err_set(err, E_INVALID,
			tr("Withdrawing an entry needs a reason."));
	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	st = remove_in(&w, s, id, why, err);
	st = store_end(s, st, err);
	if (!st)
		overview_wrote(s, &w.row);
	work_release(&w);
	return st;
}
