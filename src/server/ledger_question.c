/*
 * Questions: written, looked up, closed.
 */
#include "server/ledger_question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_record.h"

/* From what was entered, not from its number: two copies of a cache give the
 * same numbers to different things until the second one is noticed. */
static struct uuid
question_id(const struct judge *j, const struct op *op, const char *group)
{
	char device[UUID_TEXT_MAX], hash[OP_HASH_MAX];
	struct uuid id;
	char *name;

	op_hash(hash, op);
	uuid_print(device, &j->peer->device);
	name = mem_printf("%s/%s/%s", device, hash, group);
	id = uuid_named("conflict", name);
	free(name);
	return id;
}

static enum status
write_state(struct db *db, const struct uuid *id, const struct uuid *record,
    const char *answered_by, int64_t answered_at, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "INSERT OR REPLACE INTO conflict(id, record, answered_by,"
	    " answered_at) VALUES(?, ?, ?, ?)", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, id);
	db_bind_uuid(st, 2, record);
	db_bind_text(st, 3, answered_by);
	db_bind_int(st, 4, answered_at);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
write_question(const struct judge *j, const struct record *r,
    struct err *err)
{
	char hash[RECORD_HASH_MAX];
	enum status s;

	record_hash(hash, r);
	s = ledger_record_put(j->db, r, hash, NULL, err);
	if (!s)
		stream_touch(j->touched, r->office, &r->id, r->rev, hash);
	return s;
}

enum status
ledger_question_new(const struct judge *j, const struct question *q,
    const char *by, struct err *err)
{
	struct ledger_question_state before = {0};
	struct record r = {0};
	struct err none = ERR_INIT;
	enum status s = ledger_question_get(&before, j->db, &q->id, &none);

	if (s != E_NOTFOUND) {	/* asked already, by a ledger that was lost */
		if (s)
			*err = none;
		return s;
	}
	question_to_record(&r, q);
	r.rev = 1;
	r.created_at = r.updated_at = q->at;
	snprintf(r.created_by, sizeof r.created_by, "%s", by);
	memcpy(r.updated_by, r.created_by, sizeof r.updated_by);
	s = write_question(j, &r, err);
	if (!s)
		s = write_state(j->db, &q->id, &q->record, "", 0, err);
	record_release(&r);
	return s;
}

enum status
ledger_question_open(const struct judge *j, const struct op *op,
    const struct record *r, const struct merge_conflict *conflict, int64_t at,
    struct err *err)
{
	struct uuid id = question_id(j, op, conflict->group);

	return ledger_question_ask(j, &id, op, r, conflict, at, err);
}

enum status
ledger_question_ask(const struct judge *j, const struct uuid *id,
    const struct op *op, const struct record *r,
    const struct merge_conflict *conflict, int64_t at, struct err *err)
{
	struct question q = { .id = *id, .record = r->id, .at = at,
		.open = true };
	enum status s;

	memcpy(q.reg, r->reg, sizeof q.reg);
	memcpy(q.office, r->office, sizeof q.office);
	memcpy(q.group, conflict->group, sizeof q.group);
	if (strcmp(op->office, r->office) != 0)
		memcpy(q.from, op->office, sizeof q.from);
	memcpy(q.by, op->by, sizeof q.by);
	for (size_t i = 0; i < conflict->count; i++) {
		const struct op_change *c = &conflict->changes[i];

		if (q.count < QUESTION_FIELDS_MAX)
			question_add(&q, c->field, c->before,
			    record_get(r, c->field), c->after);
	}
	s = ledger_question_new(j, &q, op->by, err);
	question_release(&q);
	return s;
}

enum status
ledger_question_get(struct ledger_question_state *out, struct db *db,
    const struct uuid *id, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT record, answered_by, answered_at FROM conflict"
	    " WHERE id = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, id);
	s = db_step(st, &row, err);
	if (!s && !row)
		s = err_set(err, E_NOTFOUND,
		    tr("The county does not have this conflict."));
	if (!s) {
		(void)db_uuid(&out->record, st, 0);
		snprintf(out->answered_by, sizeof out->answered_by, "%s",
		    db_text(st, 1, NULL));
		out->answered_at = db_int(st, 2);
	}
	db_finish(st);
	return s;
}

enum status
ledger_question_known(bool *out, const struct judge *j, const struct op *op,
    const char *group, struct err *err)
{
	struct uuid id = question_id(j, op, group);
	struct ledger_question_state q = {0};
	struct err none = ERR_INIT;
	enum status s = ledger_question_get(&q, j->db, &id, &none);

	*out = !s;
	if (s && s != E_NOTFOUND)
		return err_set(err, s, "%s", none.msg);
	return E_OK;
}

enum status
ledger_question_close(const struct judge *j, const struct op *op, int64_t at,
    struct err *err)
{
	struct record r = {0};
	enum status s = ledger_record_get(&r, j->db, &op->conflict, err);

	if (s)
		return s;
	(void)record_set(&r, "@state", "answered");
	(void)record_set(&r, "answered_by", op->by);
	memcpy(r.updated_by, op->by, sizeof r.updated_by);
	r.updated_at = at;
	r.rev++;
	s = write_question(j, &r, err);
	if (!s)
		s = write_state(j->db, &op->conflict, &op->record, op->by, at,
		    err);
	record_release(&r);
	return s;
}

enum status
ledger_question_take(const struct judge *j, const struct record *r,
    struct err *err)
{
	struct question q = {0};
	enum status s = question_from_record(&q, r, err);

	if (s)
		return s;
	s = write_question(j, r, err);
	if (!s)
		s = write_state(j->db, &q.id, &q.record, q.answered_by,
		    q.open ? 0 : r->updated_at, err);
	question_release(&q);
	return s;
}
