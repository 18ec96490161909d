/*
 * Settled conflicts, for the trail and for who settles one again.
 */
#include "server/ledger_question_past.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_names.h"
#include "server/ledger_record.h"

static enum status
load(struct ledger_question_past *out, struct db *db, const struct uuid *id,
    struct err *err)
{
	struct record r = {0};
	enum status s = ledger_record_get(&r, db, id, err);

	if (!s)
		s = question_from_record(&out->q, &r, err);
	record_release(&r);
	if (!s)
		s = names_of(out->by_name, db, out->q.by, err);
	if (!s)
		s = names_of(out->answered_name, db, out->q.answered_by, err);
	return s;
}

static enum status
take_ids(struct uuid ids[QUESTIONS_TOLD_MAX], size_t *count, struct db *db,
    const struct uuid *record, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT id FROM conflict"
	    " WHERE record = ? ORDER BY id DESC LIMIT ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	db_bind_int(st, 2, QUESTIONS_TOLD_MAX);
	for (*count = 0; *count < QUESTIONS_TOLD_MAX;) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (db_uuid(&ids[*count], st, 0))
			(*count)++;
	}
	db_finish(st);
	return s;
}

enum status
question_past_each(struct db *db, const struct uuid *record,
    enum status (*each)(void *self, const struct ledger_question_past *past,
    struct err *err), void *self, struct err *err)
{
	struct uuid ids[QUESTIONS_TOLD_MAX];
	size_t count = 0;
	enum status s = take_ids(ids, &count, db, record, err);

	for (size_t i = count; i > 0 && !s; i--) {
		struct ledger_question_past past = {0};
		struct err none = ERR_INIT;

		s = load(&past, db, &ids[i - 1], &none);
		if (s == E_NOTFOUND || s == E_INVALID)
			s = E_OK;	/* a row of it was lost */
		else if (s)
			*err = none;
		else
			s = each(self, &past, err);
		question_release(&past.q);
	}
	return s;
}

/* Which of the values holds now: 'm' the one that waited, 't' the one that
 * stood, 0 another. */
static char
taken(const struct question *q, const struct record *now)
{
	bool mine = true, theirs = true;

	for (size_t i = 0; i < q->count; i++) {
		const char *text = record_get(now, q->fields[i].field);

		mine = mine && strcmp(text, q->fields[i].mine) == 0;
		theirs = theirs && strcmp(text, q->fields[i].theirs) == 0;
	}
	return mine ? 'm' : theirs ? 't' : 0;
}

enum status
question_past_told(struct buf *out, struct db *db, const struct uuid *id,
    const struct record *now, struct err *err)
{
	struct ledger_question_past past = {0};
	char when[CLOCK_TEXT_MAX];
	const char *by, *who;
	enum status s = load(&past, db, id, err);
	char which;

	if (s)
		return s;
	by = past.by_name[0] ? past.by_name : past.q.by;
	who = past.answered_name[0] ? past.answered_name : past.q.answered_by;
	clock_print(when, past.q.answered_at);
	when[16] = '\0';	/* to the minute */
	when[10] = ' ';
	which = taken(&past.q, now);
	if (which == 'm')
		buf_printf(out, tr("%s has settled this on %s, with what %s "
		    "entered; the trail has both values."), who, when, by);
	else if (which == 't')
		buf_printf(out, tr("%s has settled this on %s, with what stood "
		    "before; the trail has both values."), who, when);
	else
		buf_printf(out, tr("%s has settled this on %s, with another "
		    "value; the trail has all of them."), who, when);
	question_release(&past.q);
	return E_OK;
}
