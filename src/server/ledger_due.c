/*
 * The records of the registers that have a term, each asked by itself: a list
 * that is read some times a year.
 */
#include "server/ledger_due.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/keeping.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_record.h"

static enum status
find_more(struct due_record *d, struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT coalesce((SELECT max(text)"
	    " FROM number WHERE record = ?1), ''), EXISTS(SELECT 1 FROM"
	    " erasure WHERE record = ?1 AND decided_at = 0)", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &d->id);
	s = db_step(st, &row, err);
	if (!s && row) {
		snprintf(d->number, sizeof d->number, "%s",
		    db_text(st, 0, NULL));
		d->asked = db_int(st, 1) != 0;
	}
	db_finish(st);
	return s;
}

enum status
due_is(bool *out, struct due_record *d, struct db *db,
    const struct schema *schema, const struct uuid *id, int today,
    struct err *err)
{
	struct due_record due = { .id = *id };
	struct record r = {0};
	enum status s = ledger_record_get(&r, db, id, err);

	if (s)
		return s;
	due.reg = schema_register_find(schema, r.reg);
	memcpy(due.office, r.office, sizeof due.office);
	*out = due.reg && keeping_of(&due.last_on, due.reg, &r,
	    clock_day_of(r.updated_at)) == KEEPING_UNTIL &&
	    due.last_on < today;
	record_release(&r);
	if (!*out)
		return E_OK;
	s = find_more(&due, db, err);
	if (!s)
		*d = due;
	return s;
}

static enum status
each_of(struct db *db, const struct schema *schema, const char *reg,
    int today, enum status (*show)(void *self, const struct due_record *d,
    struct err *err), void *self, struct err *err)
{
	struct db_stmt *st = NULL;
	struct uuid *ids = NULL;
	size_t count = 0;
	enum status s = db_prepare(&st, db, "SELECT id FROM record WHERE"
	    " register = ? ORDER BY office, id", err);

	if (s)
		return s;
	db_bind_text(st, 1, reg);
	s = db_uuids(&ids, &count, st, err);
	db_finish(st);
	for (size_t i = 0; i < count && !s; i++) {
		struct due_record d;
		bool is = false;

		s = due_is(&is, &d, db, schema, &ids[i], today, err);
		if (!s && is)
			s = show(self, &d, err);
	}
	free(ids);
	return s;
}

enum status
due_each(struct db *db, const struct schema *schema, int today,
    enum status (*show)(void *self, const struct due_record *d,
    struct err *err), void *self, struct err *err)
{
	enum status s = E_OK;

	for (size_t i = 0; i < schema->register_count && !s; i++) {
		if (schema->registers[i].keeping.given)
			s = each_of(db, schema, schema->registers[i].name,
			    today, show, self, err);
	}
	return s;
}
