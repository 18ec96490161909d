/*
 * Taking back what a restored ledger had lost.
 */
#include "server/ledger_return.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/merge.h"
#include "core/older.h"
#include "core/rule.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/ledger_erased.h"
#include "server/ledger_number.h"
#include "server/ledger_question.h"
#include "server/ledger_record.h"
#include "server/ledger_scan.h"
#include "server/ledger_transfer.h"

#define DAY_MS (24 * 3600 * 1000LL)

enum status
return_is_open(bool *out, struct db *db, struct err *err)
{
	int64_t at = 0;
	enum status s = db_number(&at, db, "SELECT coalesce((SELECT"
	    " CAST(value AS bigint) FROM meta WHERE name = 'restored_at'), 0)",
	    err);

	if (!s)
		*out = at > 0 && clock_now_at() - at < RETURN_DAYS * DAY_MS;
	return s;
}

enum status
return_note_behind(struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT INTO meta(name, value)"
	    " VALUES('behind_at', ?) ON CONFLICT DO NOTHING", err);

	if (s)
		return s;
	db_bind_int(st, 1, clock_now_at());
	s = db_run(st, err);
	if (!s && db_changes(db) > 0)
		log_write(LOG_WARN, "%s", tr("A device knows more than this "
		    "ledger: an older one was put back. Stop the server and "
		    "run \"fengqiaod restore\"."));
	db_finish(st);
	return s;
}

/* The last operation that is decided here up to the device's last one, and
 * whether it is that one: another copy of its cache may have taken numbers. */
static enum status
look_epoch(struct reconcile_epoch *here, bool *same, struct db *db,
    const struct uuid *device, const struct reconcile_epoch *e,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT n, hash FROM opdone WHERE"
	    " device = ?1 AND epoch = ?2 AND n <= ?3 ORDER BY n DESC LIMIT 1",
	    err);

	if (s)
		return s;
	db_bind_uuid(st, 1, device);
	db_bind_int(st, 2, e->epoch);
	db_bind_int(st, 3, e->n);
	s = db_step(st, &row, err);
	if (!s && row) {
		here->n = db_int(st, 0);
		strncat(here->hash, db_text(st, 1, NULL),
		    sizeof here->hash - 1);
		*same = here->n == e->n && strcmp(here->hash, e->hash) == 0;
	}
	db_finish(st);
	return s;
}

enum status
return_epochs(bool *lost, struct reconcile_head *head, struct db *db,
    const struct uuid *device, struct err *err)
{
	enum status s = E_OK;

	for (size_t i = 0; !s && i < head->epoch_count; i++) {
		struct reconcile_epoch *e = &head->epochs[i];
		struct reconcile_epoch here = { .epoch = e->epoch };
		bool same = false;

		s = look_epoch(&here, &same, db, device, e, err);
		*lost = *lost || !same;
		*e = here;
	}
	return s;
}

/* ---- a version of a record ---- */

struct returned {
	const struct judge *judge;
	const struct record *have;
	char hash[RECORD_HASH_MAX];
	const struct return_line *line;
	struct record now, next;
	bool found;
	struct return_past past;
	bool taken;		/* not only kept */
	bool placed;		/* have's office is what transfers say */
};

/* Was the same handed back already, of whatever line? */
static enum status
is_known(bool *out, const struct returned *t, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, t->judge->db, "SELECT 1 FROM returned"
	    " WHERE record = ? AND rev = ? AND hash = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &t->have->id);
	db_bind_int(st, 2, t->taken ? t->have->rev : -t->have->rev);
	db_bind_text(st, 3, t->hash);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

/* What is only kept stands under its revision's negative: whoever may hand it
 * back is heard all the same.  What is known became what it did. */
static enum status
keep_whole(const struct returned *t, struct err *err)
{
	const struct judge *j = t->judge;
	struct wire_line line = { .kind = WIRE_PUT };
	struct db_stmt *st = NULL;
	struct buf text;
	enum status s = db_prepare(&st, j->db, "INSERT INTO returned(record,"
	    " rev, hash, device, at, line, epoch, became) SELECT ?1, ?2, ?3,"
	    " ?4, ?5, ?6, ?7, coalesce(max(became), 0) FROM returned WHERE"
	    " record = ?1 AND rev = ?2 AND hash = ?3 ON CONFLICT DO NOTHING",
	    err);

	if (s)
		return s;
	buf_init(&text, BUF_BATCH_MAX);
	record_copy(&line.put, t->have);
	wire_print_line(&text, &line);
	wire_line_release(&line);
	db_bind_uuid(st, 1, &t->have->id);
	db_bind_int(st, 2, t->taken ? t->have->rev : -t->have->rev);
	db_bind_text(st, 3, t->hash);
	db_bind_uuid(st, 4, &j->peer->device);
	db_bind_int(st, 5, clock_now_at());
	db_bind_text(st, 6, text.data);
	db_bind_text(st, 7, t->line->epoch);
	s = db_run(st, err);
	db_finish(st);
	buf_release(&text);
	return s;
}

static bool
is_others(void *self, const char *field)
{
	const struct returned *t = self;

	return return_past_has(&t->past, schema_register_find(
	    t->judge->schema, t->have->reg), field);
}

static void
add_change(struct op *op, struct returned *t, const char *field)
{
	const char *have = record_get(t->have, field);
	const char *now = record_get(&t->now, field);

	if (strcmp(have, now) == 0)
		return;
	op->changes = mem_grow(op->changes, op->change_count,
	    sizeof *op->changes);
	op->changes[op->change_count++] = (struct op_change){
		.field = mem_strdup(field),
		.before = mem_strdup(is_others(t, field) ? "" : now),
		.after = mem_strdup(have),
	};
}

/* What the device has, as one edit of what is here. */
static void
make_op(struct op *op, struct returned *t)
{
	const struct record *have = t->have;

	op->kind = OP_SET;
	op->record = have->id;
	op->at = have->updated_at;
	op->n = have->rev;
	memcpy(op->reg, have->reg, sizeof op->reg);
	memcpy(op->office, have->office, sizeof op->office);
	memcpy(op->by, have->updated_by, sizeof op->by);
	add_change(op, t, "@state");
	add_change(op, t, "@deleted");
	for (size_t i = 0; i < have->values.count; i++)
		add_change(op, t, have->values.items[i].name);
	for (size_t i = 0; i < t->now.values.count; i++)
		if (!values_has(&have->values, t->now.values.items[i].name))
			add_change(op, t, t->now.values.items[i].name);
}

static bool
has_change(const struct op *diff, const char *field)
{
	for (size_t i = 0; i < diff->change_count; i++) {
		if (strcmp(diff->changes[i].field, field) == 0)
			return true;
	}
	return false;
}

/* To whoever still works on the version that was handed back, what the other
 * line changed is somebody else's change too. */
static void
add_other_line(struct op *diff, const struct record *have,
    const struct record *next)
{
	struct op other = {0};

	op_diff(&other, have, next);
	for (size_t i = 0; i < other.change_count; i++) {
		const struct op_change *c = &other.changes[i];

		if (has_change(diff, c->field))
			continue;
		diff->changes = mem_grow(diff->changes, diff->change_count,
		    sizeof *diff->changes);
		diff->changes[diff->change_count++] = (struct op_change){
			.field = mem_strdup(c->field),
			.before = mem_strdup(c->before),
			.after = mem_strdup(c->after),
		};
	}
	op_release(&other);
}

static enum status
write_next(struct returned *t, const struct op *op, struct err *err)
{
	const struct judge *j = t->judge;
	struct ledger_entry entry = { .device = &j->peer->device,
		.epoch = 0,	/* no number of a device's */
		.op = op, .at = t->have->updated_at,
		.rev = t->next.rev, .returned = true };
	struct op diff = {0};
	enum status s;

	op_diff(&diff, t->found ? &t->now : NULL, &t->next);
	add_other_line(&diff, t->have, &t->next);
	entry.changes = diff.changes;
	entry.change_count = diff.change_count;
	entry.hash = diff.expect;
	s = ledger_record_put(j->db, &t->next, diff.expect,
	    schema_register_find(j->schema, t->next.reg), err);
	if (!s)
		s = ledger_history_add(j->db, &entry, err);
	if (!s)
		stream_touch(j->touched, t->next.office, &t->next.id,
		    t->next.rev, diff.expect);
	if (!s)
		s = number_note(j, schema_register_find(j->schema,
		    t->next.reg), &t->next, err);
	if (!s)
		s = number_claim(j, schema_register_find(j->schema,
		    t->next.reg), t->found ? &t->now : NULL, &t->next,
		    t->have->updated_by, t->have->updated_at, err);
	if (!s && transfer_is(&t->next))
		s = transfer_follow(j, &t->next, t->next.updated_by,
		    t->next.updated_at, true, err);
	op_release(&diff);
	return s;
}

/* The same question whoever hands the version back. */
static enum status
ask(const struct returned *t, const struct op *op,
    const struct merge_conflict *conflict, struct err *err)
{
	char id[UUID_TEXT_MAX];
	struct uuid question;
	char *name;

	uuid_print(id, &t->have->id);
	name = mem_printf("returned/%s/%" PRId64 "/%s/%s", id, t->have->rev,
	    t->hash, conflict->group);
	question = uuid_named("conflict", name);
	free(name);
	return ledger_question_ask(t->judge, &question, op, &t->next,
	    conflict, t->have->updated_at, err);
}

static bool
is_any(void *self, const char *field)
{
	(void)self, (void)field;
	return true;
}

static bool
breaks_rules(const struct returned *t)
{
	const struct schema_register *reg = schema_register_find(
	    t->judge->schema, t->next.reg);
	struct faults faults = {0};
	bool bad;

	if (t->next.deleted)
		return false;
	rule_check(&faults, t->judge->schema, reg, &t->next, RULE_SAVE,
	    t->judge->today, NULL);
	bad = faults_stop(&faults);
	faults_release(&faults);
	return bad;
}

/* Both lines together; where that would not be a good record, what is here
 * stays and everything is asked. */
static void
merge_lines(struct merge_result *merged, struct returned *t,
    const struct op *op)
{
	const struct schema_register *reg = schema_register_find(
	    t->judge->schema, t->have->reg);

	merge_op(merged, &t->next, op, reg, is_others, t);
	if (t->past.others.len == 0 || !breaks_rules(t))
		return;
	merge_result_release(merged);
	record_release(&t->next);
	record_copy(&t->next, &t->now);
	merge_op(merged, &t->next, op, reg, is_any, NULL);
}

/* Nothing of it is here but perhaps, of a scan, the bytes: whoever entered it was
 * heard before, and sent them for what was put aside. */
static enum status
bring(struct returned *t, struct err *err)
{
	enum status s = E_OK;

	record_copy(&t->next, t->have);
	if (scan_is(&t->next))
		s = scan_bring(&t->next, t->judge->db, err);
	if (strcmp(record_get(&t->next, "arrived"),
	    record_get(t->have, "arrived")) != 0)
		t->next.rev++;
	return s;
}

static enum status
merge(struct returned *t, struct err *err)
{
	struct merge_result merged = {0};
	struct op op = {0};
	bool alone = t->past.others.len == 0;
	enum status s = E_OK;

	make_op(&op, t);
	if (!t->found) {
		s = bring(t, err);
	} else {
		record_copy(&t->next, &t->now);
		merge_lines(&merged, t, &op);
		if (t->placed)
			memcpy(t->next.office, t->have->office,
			    sizeof t->next.office);
		/* a transfer that came back may have made one already */
		t->next.rev = alone && t->now.rev < t->have->rev ?
		    t->have->rev : (t->now.rev > t->have->rev ? t->now.rev : t->have->rev) + 1;
		memcpy(t->next.updated_by, t->have->updated_by,
		    sizeof t->next.updated_by);
		t->next.updated_at = t->have->updated_at;
	}
	/* also when nothing changed: no device's revision may go back, and who
	 * works on what was handed back must meet what the other line changed */
	if (!s)
		s = write_next(t, &op, err);
	if (!s && t->found && strcmp(t->now.office, t->next.office) != 0)
		s = transfer_carry(t->judge, &t->next, t->now.office, err);
	if (!s)
		s = return_line_became(t->judge->db, t->have, t->hash,
		    t->next.rev, err);
	/* of a transfer the answer that was given first holds */
	for (size_t i = 0; !s && i < merged.conflict_count &&
	    !transfer_is(t->have); i++)
		s = ask(t, &op, &merged.conflicts[i], err);
	merge_result_release(&merged);
	op_release(&op);
	return s;
}

static enum status
take_record(struct returned *t, struct err *err)
{
	const struct schema_register *reg;
	struct err none = ERR_INIT;
	enum status s = ledger_record_get(&t->now, t->judge->db, &t->have->id,
	    &none);

	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	t->found = !s;
	if (strcmp(t->have->reg, QUESTION_REGISTER) == 0)
		return !t->found || t->now.rev < t->have->rev ?
		    ledger_question_take(t->judge, t->have, err) : E_OK;
	reg = schema_register_find(t->judge->schema, t->have->reg);
	if (!reg || (t->found && strcmp(t->now.reg, t->have->reg) != 0))
		return E_OK;	/* it is kept; a person looks */
	(void)older_record(&t->now, reg);
	buf_init(&t->past.others, BUF_BATCH_MAX);
	s = return_line_past(&t->past, t->judge->db, t->line, &t->have->id,
	    t->have->rev, t->hash, err);
	if (!s && t->have->rev > t->past.rev)
		s = merge(t, err);
	return s;
}

/* What it belongs to; nothing: itself. */
static struct uuid
parent_of(const struct judge *j, const struct record *have)
{
	const struct schema_register *reg = schema_register_find(j->schema,
	    have->reg);
	struct uuid parent = have->id;

	if (question_is(have))
		(void)uuid_parse(&parent, record_get(have, "record"));
	else if (reg && reg->parent_field)
		(void)uuid_parse(&parent, record_get(have, reg->parent_field));
	return parent;
}

/* Was it, or what it belongs to, offered or given to the office? */
static enum status
is_given(bool *out, const struct judge *j, const struct record *have,
    struct err *err)
{
	struct uuid parent = parent_of(j, have);
	struct db_stmt *st = NULL;
	enum status s;

	s = db_prepare(&st, j->db, "SELECT 1 FROM transfer t LEFT JOIN along a"
	    " ON a.transfer = t.id WHERE (t.record IN (?1, ?2) OR"
	    " a.record = ?1) AND t.destination = ?3 AND"
	    " t.state IN ('offered', 'accepted')", err);
	if (s)
		return s;
	db_bind_uuid(st, 1, &have->id);
	db_bind_uuid(st, 2, &parent);
	db_bind_text(st, 3, j->peer->office);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

/* A record of its own office, or one that is offered to it; a transfer to
 * it. */
static enum status
may_return(bool *out, const struct judge *j, const struct record *have,
    struct err *err)
{
	*out = office_reaches(j->peer->office, j->peer->county,
	    have->office) ||
	    (transfer_is(have) &&
	    strcmp(j->peer->office, record_get(have, "to")) == 0);
	return *out ? E_OK : is_given(out, j, have, err);
}

/* What belongs to a record is its office's. */
static enum status
follow_parent(struct record *r, const struct judge *j,
    const struct uuid *parent, struct err *err)
{
	struct record up = {0};
	struct err none = ERR_INIT;
	enum status s;

	if (uuid_compare(parent, &r->id) == 0)
		return E_OK;
	s = ledger_record_get(&up, j->db, parent, &none);
	if (!s)
		memcpy(r->office, up.office, sizeof r->office);
	else if (s != E_NOTFOUND)
		*err = none;
	record_release(&up);
	return s == E_NOTFOUND ? E_OK : s;
}

enum status
return_record(const struct judge *j, const struct return_line *line,
    const struct record *have, struct err *err)
{
	const struct schema_register *reg = schema_register_find(j->schema,
	    have->reg);
	struct record brought = {0};
	struct returned t = { .judge = j, .have = &brought, .line = line };
	const struct uuid parent = parent_of(j, have);
	char office[RECORD_OFFICE_MAX] = "";
	bool known = false, may = false;
	enum status s = erased_meets_record(&known, j, have, err);

	if (!s && !known)
		s = may_return(&may, j, have, err);
	if (s || known)
		return s;
	record_copy(&brought, have);
	/* where it is, only transfers say: one that this device saw accepted
	 * may have been answered otherwise meanwhile */
	if (!transfer_is(have))
		s = transfer_office(office, j->db, &have->id, &parent, err);
	if (s)
		goto out;
	t.placed = office[0] != '\0';
	if (t.placed)
		memcpy(brought.office, office, sizeof brought.office);
	else
		s = follow_parent(&brought, j, &parent, err);
	if (s)
		goto out;
	if (reg)
		(void)older_record(&brought, reg);
	record_hash(t.hash, have);	/* the device knows it by this */
	t.taken = line->open && may;
	s = is_known(&known, &t, err);
	if (!s)
		s = keep_whole(&t, err);
	if (!s && !known && t.taken)
		s = take_record(&t, err);
out:
	record_release(&brought);
	record_release(&t.now);
	record_release(&t.next);
	return_past_release(&t.past);
	return s;
}
