/*
 * What follows from a transfer: the tables that repeat it, the streams, and
 * when it is accepted the change of office.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/question.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_place.h"
#include "server/ledger_record.h"
#include "server/ledger_stream.h"
#include "server/ledger_transfer.h"

struct following {
	const struct judge *judge;
	const struct record *transfer;
	struct uuid about;
	const char *from, *to;	/* offices */
	const char *by;
	int64_t at;
	bool returned;
};

/* ---- to be looked up ---- */

static enum status
write_transfer(const struct following *f, struct err *err)
{
	const struct record *t = f->transfer;
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, f->judge->db, "INSERT INTO transfer(id,"
	    " record, origin, destination, state) VALUES(?, ?, ?, ?, ?)"
	    " ON CONFLICT(id) DO UPDATE SET state = excluded.state", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &t->id);
	db_bind_uuid(st, 2, &f->about);
	db_bind_text(st, 3, t->office);
	db_bind_text(st, 4, record_get(t, "to"));
	db_bind_text(st, 5, t->state);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* Those who go along, and wherever they stand now is looked at again. */
static enum status
write_along(const struct following *f, const char *field, bool lent,
    struct err *err)
{
	const struct record *t = f->transfer;
	struct uuid person;
	enum status s = E_OK;

	for (size_t i = 0; !s && transfer_person(&person, t, field, i); i++) {
		struct db_stmt *st = NULL;

		s = db_prepare(&st, f->judge->db, "INSERT INTO along(transfer,"
		    " record, lent) VALUES(?, ?, ?) ON CONFLICT(transfer,"
		    " record) DO UPDATE SET lent = excluded.lent", err);
		if (s)
			break;
		db_bind_uuid(st, 1, &t->id);
		db_bind_uuid(st, 2, &person);
		db_bind_int(st, 3, lent);
		s = db_run(st, err);
		db_finish(st);
		if (!s)
			s = stream_touch_still(f->judge->touched, f->judge->db,
			    &person, err);
	}
	return s;
}

/* Who went along until now. */
static enum status
drop_along(const struct following *f, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = true;
	enum status s = E_OK;

	while (!s && row) {
		struct uuid id = {{0}};

		s = db_prepare(&st, f->judge->db, "DELETE FROM along WHERE"
		    " transfer = ?1 AND record = (SELECT min(record) FROM along"
		    " WHERE transfer = ?1) RETURNING record", err);
		if (s)
			return s;
		db_bind_uuid(st, 1, &f->transfer->id);
		s = db_step(st, &row, err);
		if (!s && row)
			(void)db_uuid(&id, st, 0);
		db_finish(st);
		if (!s && row)
			s = stream_touch_still(f->judge->touched,
			    f->judge->db, &id, err);
	}
	return s;
}

static enum status
look_up_from_now(const struct following *f, struct err *err)
{
	enum status s = write_transfer(f, err);

	if (!s)
		s = drop_along(f, err);
	if (!s)
		s = write_along(f, "persons", false, err);
	if (!s)
		s = write_along(f, "lent", true, err);
	if (!s)
		s = stream_touch_still(f->judge->touched, f->judge->db,
		    &f->about, err);
	return s;
}

/* ---- the change of office ---- */

static enum status
write_history(const struct following *f, const struct record *was,
    const struct record *next, const char *hash, struct err *err)
{
	struct op op = { .record = next->id, .kind = OP_SET, .at = f->at };
	struct op diff = {0};
	struct ledger_entry entry = { .device = &f->judge->peer->device,
		.epoch = 0,	/* no number of a device's */
		.op = &op, .at = f->at, .rev = next->rev, .hash = hash,
		.returned = f->returned };
	enum status s;

	if (question_is(next))
		return E_OK;
	snprintf(op.by, sizeof op.by, "%s", f->by);
	op_diff(&diff, was, next);
	entry.changes = diff.changes;
	entry.change_count = diff.change_count;
	s = ledger_history_add(f->judge->db, &entry, err);
	op_release(&diff);
	return s;
}

static enum status
carry(const struct following *f, const struct uuid *id, struct err *err)
{
	const struct judge *j = f->judge;
	struct record was = {0}, next = {0};
	char hash[RECORD_HASH_MAX];
	enum status s = ledger_record_get(&was, j->db, id, err);

	if (s)
		return s;
	if (strcmp(was.office, f->from) != 0 || transfer_is(&was))
		goto out;
	record_copy(&next, &was);
	snprintf(next.office, sizeof next.office, "%s", f->to);
	next.rev++;
	record_hash(hash, &next);
	s = ledger_record_put(j->db, &next, hash,
	    schema_register_find(j->schema, next.reg), err);
	if (!s)
		s = write_history(f, &was, &next, hash, err);
	if (!s)
		stream_touch(j->touched, next.office, &next.id, next.rev, hash);
out:
	record_release(&was);
	record_release(&next);
	return s;
}

/* It went on since: a later transfer was accepted, which comes back to a
 * restored ledger in any order. */
static enum status
is_past(bool *out, const struct following *f, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, f->judge->db, "SELECT 1 FROM transfer"
	    " WHERE record = ? AND state = 'accepted' AND id > ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &f->about);
	db_bind_uuid(st, 2, &f->transfer->id);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

/* It and these; a restored ledger may not have it yet. */
static enum status
carry_with(const struct following *f, const struct uuid *id,
    const struct uuid *below, size_t count, struct err *err)
{
	struct err none = ERR_INIT;
	enum status s = carry(f, id, &none);

	if (s == E_NOTFOUND)
		s = E_OK;
	else if (s)
		*err = none;
	for (size_t i = 0; i < count && !s; i++)
		s = carry(f, &below[i], err);
	return s;
}

static enum status
carry_person(const struct following *f, const struct uuid *person,
    struct err *err)
{
	struct uuid *below = NULL;
	size_t count = 0;
	enum status s = place_belonging(&below, &count, f->judge->db, person,
	    err);

	if (!s)
		s = carry_with(f, person, below, count, err);
	free(below);
	return s;
}

static enum status
carry_all(const struct following *f, struct err *err)
{
	struct uuid *below = NULL, person;
	size_t count = 0;
	bool past = false;
	enum status s = is_past(&past, f, err);

	if (s || past)
		return s;
	s = place_below(&below, &count, f->judge->db, &f->about, err);
	if (!s)
		s = carry_with(f, &f->about, below, count, err);
	free(below);
	for (size_t i = 0; !s && transfer_person(&person, f->transfer,
	    "persons", i); i++)
		s = carry_person(f, &person, err);
	return s;
}

/* By the indexes, and never through all the transfers there ever were. */
enum status
transfer_office(char out[RECORD_OFFICE_MAX], struct db *db,
    const struct uuid *record, const struct uuid *parent, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "WITH RECURSIVE up(id) AS ("
	    "SELECT ?1 UNION SELECT ?2 UNION SELECT r.parent FROM up"
	    " JOIN record r ON r.id = up.id WHERE r.parent IS NOT NULL)"
	    " SELECT destination FROM transfer WHERE state = 'accepted' AND"
	    " id IN (SELECT t.id FROM up CROSS JOIN transfer t"
	    " ON t.record = up.id UNION ALL SELECT a.transfer FROM up"
	    " CROSS JOIN along a ON a.record = up.id WHERE a.lent = 0)"
	    " ORDER BY id DESC LIMIT 1", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	db_bind_uuid(st, 2, parent);
	s = db_step(st, &row, err);
	if (!s && row)
		snprintf(out, RECORD_OFFICE_MAX, "%s", db_text(st, 0, NULL));
	db_finish(st);
	return s;
}

enum status
transfer_office_of_new(char out[RECORD_OFFICE_MAX], struct db *db,
    const struct uuid *record, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false, some;
	enum status s = db_prepare(&st, db,
	    "SELECT EXISTS(SELECT 1 FROM transfer WHERE record = ?1) OR"
	    " EXISTS(SELECT 1 FROM along WHERE record = ?1)", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	s = db_step(st, &row, err);
	some = !s && row && db_int(st, 0);
	db_finish(st);
	return some ? transfer_office(out, db, record, record, err) : s;
}

enum status
transfer_follow(const struct judge *j, const struct record *transfer,
    const char *by, int64_t at, bool returned, struct err *err)
{
	struct following f = { .judge = j, .transfer = transfer,
		.from = transfer->office, .to = record_get(transfer, "to"),
		.by = by, .at = at, .returned = returned };
	enum status s;

	if (!uuid_parse(&f.about, record_get(transfer, "record")))
		return E_OK;
	s = look_up_from_now(&f, err);
	if (!s && strcmp(transfer->state, "accepted") == 0)
		s = carry_all(&f, err);
	return s;
}

enum status
transfer_carry(const struct judge *j, const struct record *moved,
    const char *from, struct err *err)
{
	const struct following f = { .judge = j, .about = moved->id,
		.from = from, .to = moved->office, .by = moved->updated_by,
		.at = moved->updated_at, .returned = true };
	struct uuid *below = NULL;
	size_t count = 0;
	enum status s = place_belonging(&below, &count, j->db, &moved->id, err);

	for (size_t i = 0; i < count && !s; i++)
		s = carry(&f, &below[i], err);
	free(below);
	return s;
}
