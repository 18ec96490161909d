/*
 * Entries that come too late.  Nothing of them is applied: whoever answers for
 * the record now decides, and the questions say which office they are from.
 */
#include "server/ledger_late.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/scan.h"
#include "server/ledger_question.h"
#include "server/ledger_record.h"
#include "server/ledger_transfer.h"

/* What an operation sets a field to; "" it does not. */
static const char *
new_value(const struct op *op, const char *field)
{
	for (size_t i = 0; i < op->change_count; i++) {
		if (strcmp(op->changes[i].field, field) == 0)
			return op->changes[i].after;
	}
	return "";
}

/* A new one that was handed over already: a restored ledger hears of the
 * transfer first, and then of what it is about. */
static enum status
find_ahead(char out[RECORD_OFFICE_MAX], const struct judge *j,
    const struct op *op, struct err *err)
{
	char office[RECORD_OFFICE_MAX] = "";
	enum status s = op->kind == OP_NEW ? transfer_office_of_new(office,
	    j->db, &op->record, err) : E_OK;

	if (!s && strcmp(office, op->office) != 0)
		memcpy(out, office, sizeof office);
	return s;
}

enum status
late_find(char out[RECORD_OFFICE_MAX], bool *strange, const struct judge *j,
    const struct schema_register *reg, const struct op *op,
    const struct record *current, struct err *err)
{
	struct record parent = {0};
	struct err none = ERR_INIT;
	const struct record *r = current;
	struct uuid id;
	bool left = false;
	enum status s = E_OK;

	if (!current) {
		if (!reg->parent_field ||
		    !uuid_parse(&id, new_value(op, reg->parent_field)))
			return find_ahead(out, j, op, err);
		s = ledger_record_get(&parent, j->db, &id, &none);
		if (s == E_NOTFOUND)
			return E_OK;
		if (s)
			*err = none;
		r = &parent;
	}
	if (!s && strcmp(r->office, op->office) != 0)
		s = transfer_left(&left, j->db, &r->id, op->office, err);
	if (!s && left)
		memcpy(out, r->office, RECORD_OFFICE_MAX);
	else if (!s)	/* of scans, scan_check() looks at it */
		*strange = !current && strcmp(r->office, op->office) != 0 &&
		    strcmp(op->reg, SCAN_REGISTER) != 0;
	record_release(&parent);
	return s;
}

/* Fields that are decided together. */
static const char *
group_of(const struct schema_register *reg, const char *field)
{
	const struct schema_field *f = schema_field_find(reg, field);

	return f && f->group ? f->group : field;
}

/* Of what follows from other fields nobody decides anything. */
static bool
is_derived(const struct schema_register *reg, const char *field)
{
	const struct schema_field *f = schema_field_find(reg, field);

	return f && f->derive != DERIVE_NO;
}

enum status
late_ask(const struct judge *j, const struct schema_register *reg,
    const struct op *op, const struct record *current, int64_t at,
    struct err *err)
{
	bool *done = mem_alloc(op->change_count + 1, sizeof *done);
	enum status s = E_OK;

	for (size_t i = 0; i < op->change_count && !s; i++) {
		struct merge_conflict c = {0};
		const char *group = group_of(reg, op->changes[i].field);
		bool differs = false;

		if (done[i] || is_derived(reg, op->changes[i].field))
			continue;
		snprintf(c.group, sizeof c.group, "%s", group);
		c.changes = mem_alloc(op->change_count, sizeof *c.changes);
		for (size_t k = i; k < op->change_count; k++) {
			const struct op_change *change = &op->changes[k];

			if (strcmp(group_of(reg, change->field), group) != 0)
				continue;
			done[k] = true;
			differs = differs || strcmp(record_get(current,
			    change->field), change->after) != 0;
			c.changes[c.count++] = *change;	/* lent */
		}
		if (differs)
			s = ledger_question_open(j, op, current, &c, at, err);
		free(c.changes);
	}
	free(done);
	return s;
}

enum status
late_receipt(struct judgement *out, const struct judge *j, const char *office,
    struct err *err)
{
	struct office to = {0};
	char why[ERR_MSG_MAX];
	enum status s = office_get(&to, j->db, office, err);

	if (s)
		return s;
	snprintf(why, sizeof why, tr("The record was handed over to %s; what "
	    "you entered has gone there."), to.name);
	out->rev = 0;
	return judge_refuse(out, VERDICT_MOVED, why);
}
