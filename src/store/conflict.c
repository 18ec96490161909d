/*
 * Conflicts waiting here, and their answer.  The table ask lists the open ones
 * in clear ids, so that a record's mark needs no opening; answered is set
 * while an answer of ours waits for its verdict.
 */
#include "store/conflict.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/question.h"
#include "store/hidden.h"
#include "store/inside.h"
#include "store/people_names.h"
#include "store/save.h"

void
conflict_list_release(struct conflict_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct conflict *c = &l->items[i];

		for (size_t k = 0; k < c->count; k++) {
			free(c->fields[k].field);
			free(c->fields[k].base);
			free(c->fields[k].theirs);
			free(c->fields[k].mine);
		}
		free(c->fields);
	}
	free(l->items);
	*l = (struct conflict_list){0};
}

/* "theirs" is what stands now, which may be newer than the question. */
static void
fill_conflict(struct conflict *c, const struct question *q,
	const struct record *now)
{
	c->id = q->id;
	c->record = q->record;
	memcpy(c->group, q->group, sizeof c->group);
	memcpy(c->by, q->by, sizeof c->by);
	memcpy(c->from, q->from, sizeof c->from);
	memcpy(c->kind, q->kind, sizeof c->kind);
	c->other = q->other;
	c->at = q->at;
	if (now) {
		memcpy(c->theirs_by, now->updated_by, sizeof c->theirs_by);
		c->theirs_at = now->updated_at;
	}
	c->fields = mem_alloc(q->count, sizeof *c->fields);
	c->count = q->count;
	for (size_t i = 0; i < q->count; i++) {
		const struct question_field *f = &q->fields[i];

		c->fields[i] = (struct conflict_field){
			.field = mem_strdup(f->field),
			.base = mem_strdup(f->base),
			.theirs = mem_strdup(now ? record_get(now, f->field) :
				f->theirs),
			.mine = mem_strdup(f->mine),
		};
	}
}

/* The question and its row. */
static enum status
load_question(struct question *out, struct store *s, const struct uuid *id,
	struct err *err)
{
	struct row row = {0};
	enum status st = row_load(&row, s, id, err);

	if (!st)
		st = question_from_record(out, &row.shown, err);
	row_release(&row);
	return st;
}

static enum status
read_conflict(struct conflict *out, struct store *s, const struct uuid *id,
	bool waiting, struct err *err)
{
	struct question q = {0};
	struct row row = {0};
	struct err missing = ERR_INIT;
	enum status st = load_question(&q, s, id, err), found;

	if (st)
		return st;
	/* The record may not have come yet: then the question stands alone. */
	found = row_load(&row, s, &q.record, &missing);
	fill_conflict(out, &q, found == E_OK ? &row.shown : NULL);
	out->waiting = waiting;
	row_release(&row);
	question_release(&q);
	return E_OK;
}

/* Of a record that this user may not see. */
static bool
is_about_hidden(const struct store *s, struct db_stmt *q)
{
	struct uuid record;

	return db_uuid(&record, q, 2) && hidden_is(s, &record);
}

static enum status
fill_conflicts(struct conflict_list *l, struct store *s, struct db_stmt *q,
	struct err *err)
{
	for (;;) {
		struct conflict c = {0};
		struct uuid id = {{0}};
		bool row = false;
		enum status st = db_step(q, &row, err);

		if (st || !row)
			return st;
		if (!db_uuid(&id, q, 0) || is_about_hidden(s, q))
			continue;
		st = read_conflict(&c, s, &id, db_int(q, 1) != 0, err);
		if (st)
			return st;
		l->items = mem_grow(l->items, l->count, sizeof *l->items);
		l->items[l->count++] = c;
	}
}

enum status
conflict_list(struct conflict_list *out, struct store *s,
	const struct uuid *record, struct err *err)
{
	struct conflict_list l = {0};
	struct db_stmt *q = NULL;
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_prepare(&q, s->db, record ?
			"SELECT conflict, answered, record FROM ask"
			" WHERE record = ? ORDER BY conflict" :
			"SELECT conflict, answered, record FROM ask"
			" ORDER BY conflict",
			err);
	if (st)
		return st;
	if (record)
		db_bind_uuid(q, 1, record);
	st = fill_conflicts(&l, s, q, err);
	db_finish(q);
	if (st) {
		conflict_list_release(&l);
		return st;
	}
	*out = l;
	return E_OK;
}

/* ---- answering ---- */

/* Is it open and not yet answered here? */
static enum status
check_open(struct store *s, const struct question *question, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false, answered = false;
	char when[12];
	enum status st = db_prepare(&q, s->db,
		"SELECT answered FROM ask WHERE conflict = ?", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, &question->id);
	st = db_step(q, &row, err);
	if (!st && row)
		answered = db_int(q, 0) != 0;
	db_finish(q);
	if (st || (row && !answered))
		return st;
	if (row)
		return err_set(err, E_CONFLICT, tr("This conflict was answered "
			"here already; the answer waits to be sent."));
	clock_print_short(when, question->answered_at);
	return err_set(err, E_CONFLICT,
		tr("This conflict was answered already by %s, on %s; the "
		"record's trail (h) has both values."),
		question->answered_by[0] ?
		people_names_of(s, question->answered_by) :
		tr("somebody else"), when);
}

/* An answer names every field of the group, also those that stay: the server
 * must learn that the question is settled. */
static enum status
make_answer(struct op *op, struct record *next, const struct question *q,
	const struct record *now, const struct values *chosen,
	struct err *err)
{
	op->kind = OP_RESOLVE;
	op->record = q->record;
	op->conflict = q->id;
	op->base = now->rev;
	memcpy(op->reg, now->reg, sizeof op->reg);
	memcpy(op->office, now->office, sizeof op->office);
	op->changes = mem_alloc(q->count, sizeof *op->changes);
	for (size_t i = 0; i < q->count; i++) {
		const char *field = q->fields[i].field;
		const char *after = values_get(chosen, field);

		op->changes[op->change_count++] = (struct op_change){
			.field = mem_strdup(field),
			.before = mem_strdup(record_get(now, field)),
			.after = mem_strdup(after),
		};
		if (!record_set(next, field, after))
			return err_set(err, E_INVALID,
				tr("This record is too large."));
	}
	record_hash(op->expect, next);
	return E_OK;
}

/* The county's own computers are those of an office that is called like it. */
static enum status
need_county(struct store *s, const struct question *q, struct err *err)
{
	struct store_device d = {0};
	enum status st;

	if (strcmp(q->kind, QUESTION_NUMBER) != 0)
		return E_OK;
	st = store_device_get(&d, s, err);
	if (!st && strcmp(d.office_name, d.county_name) != 0)
		st = err_set(err, E_AUTH, tr("Two records have the same "
			"number: that is for the county to answer."));
	crypto_wipe(&d, sizeof d);
	return st;
}

static enum status
may_answer(struct store *s, const struct record *r, struct err *err)
{
	const struct schema_register *reg =
		schema_register_find(s->schema, r->reg);

	if (reg && schema_may_write(reg, s->user.role))
		return E_OK;
	return err_set(err, E_AUTH,
		tr("Your role may not answer this conflict."));
}

static enum status
set_answered(struct store *s, const struct uuid *conflict, struct err *err)
{
	return db_run_uuid(s->db,
		"UPDATE ask SET answered = 1 WHERE conflict = ?", conflict, err);
}

/* The operation, the mark, and the record with it on top. */
static enum status
write_answer(struct row *row, struct store *s, struct op *op,
	struct err *err)
{
	struct pile pile = {0};
	enum status st = pile_load(&pile, s, &op->record, err);

	if (!st)
		st = pile_add(s, op, &pile, err);
	pile_release(&pile);
	if (!st)
		st = set_answered(s, &op->conflict, err);
	if (!st)
		st = pile_load(&pile, s, &op->record, err);
	if (!st) {
		pile_rebase(row, &pile);
		st = row_save(s, row, err);
	}
	pile_release(&pile);
	return st;
}

static enum status
resolve_in(struct row *row, struct store *s, const struct uuid *conflict,
	const struct values *chosen, struct err *err)
{
	struct question q = {0};
	struct record next = {0};
	struct op op = {0};
	enum status st = load_question(&q, s, conflict, err);

	if (!st)
		st = check_open(s, &q, err);
	if (!st)
		st = need_county(s, &q, err);
	if (!st)
		st = row_load(row, s, &q.record, err);
	if (!st)
		st = may_answer(s, &row->shown, err);
	if (!st) {
		record_copy(&next, &row->shown);
		st = make_answer(&op, &next, &q, &row->shown, chosen, err);
	}
	if (!st)
		st = write_answer(row, s, &op, err);
	question_release(&q);
	record_release(&next);
	op_release(&op);
	return st;
}

enum status
save_resolve(struct store *s, const struct uuid *conflict,
	const struct values *chosen, struct err *err)
{
	struct row row = {0};
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	st = resolve_in(&row, s, conflict, chosen, err);
	st = store_end(s, st, err);
	if (!st)
		overview_wrote(s, &row);
	row_release(&row);
	return st;
}
