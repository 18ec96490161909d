#ifndef SERVER_LEDGER_QUESTION_H
#define SERVER_LEDGER_QUESTION_H

#include "base/err.h"
#include "core/merge.h"
#include "core/question.h"
#include "server/ledger_judge.h"

/*
 * Conflicts on the server: records of the register "@conflict" in the stream
 * of the record they are about (core/question.h), and beside them whether and
 * by whom each was answered.
 */
struct ledger_question_state {
	struct uuid record;
	char answered_by[RECORD_NAME_MAX];	/* login name */
	int64_t answered_at;			/* 0: open */
};

/* Write one.  Its id follows from the operation and the group, so the same
 * operation never asks twice.  r: the record as it now is.  Errors: E_IO. */
MUST_CHECK enum status ledger_question_open(const struct judge *j,
	const struct op *op, const struct record *r,
	const struct merge_conflict *conflict, int64_t at, struct err *err);

/* The same under another id; one that is there already stays as it is. */
MUST_CHECK enum status ledger_question_ask(const struct judge *j,
	const struct uuid *id, const struct op *op, const struct record *r,
	const struct merge_conflict *conflict, int64_t at, struct err *err);

/* One that was made otherwise; of the same id there is only one.
 * Errors: E_IO. */
MUST_CHECK enum status ledger_question_new(const struct judge *j,
	const struct question *q, const char *by, struct err *err);

/* One that a device hands back, as it is.  Errors: E_INVALID it is none;
 * E_IO. */
MUST_CHECK enum status ledger_question_take(const struct judge *j,
	const struct record *r, struct err *err);

/* Is the one that an operation led to, of this group, known?  Errors: E_IO. */
MUST_CHECK enum status ledger_question_known(bool *out, const struct judge *j,
	const struct op *op, const char *group, struct err *err);

/* Errors: E_NOTFOUND; E_IO. */
MUST_CHECK enum status ledger_question_get(struct ledger_question_state *out,
	struct db *db, const struct uuid *id, struct err *err);

/* Mark the one that op answers as answered by its author.  Errors: E_IO. */
MUST_CHECK enum status ledger_question_close(const struct judge *j,
	const struct op *op, int64_t at, struct err *err);

#endif
