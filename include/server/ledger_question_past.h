#ifndef SERVER_LEDGER_QUESTION_PAST_H
#define SERVER_LEDGER_QUESTION_PAST_H

#include "base/buf.h"
#include "base/err.h"
#include "core/question.h"
#include "server/ledger.h"

struct db;

/*
 * Conflicts as they are told of afterwards: what two people entered, who
 * settled it and when.  The value that was not taken stands here for good.
 */
struct ledger_question_past {
	struct question q;
	char by_name[LEDGER_NAME_MAX];		/* "" not known */
	char answered_name[LEDGER_NAME_MAX];	/* of who settled it */
};

enum { QUESTIONS_TOLD_MAX = 200 };		/* the last ones of a record */

/* Each that the record had, in the order of their ids; lent to each().
 * Errors: E_IO, each()'s. */
MUST_CHECK enum status question_past_each(struct db *db,
	const struct uuid *record, enum status (*each)(void *self,
	const struct ledger_question_past *past, struct err *err), void *self,
	struct err *err);

/* For whoever answers it again: who settled it, when, and which of the two
 * values was taken, without any in it.  now: the record.  Errors: E_IO. */
MUST_CHECK enum status question_past_told(struct buf *out, struct db *db,
	const struct uuid *id, const struct record *now, struct err *err);

#endif
