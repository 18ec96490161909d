#ifndef SERVER_LEDGER_JUDGE_H
#define SERVER_LEDGER_JUDGE_H

#include <stddef.h>

#include "base/err.h"
#include "core/number.h"
#include "core/op.h"
#include "core/schema.h"
#include "core/wire.h"
#include "server/account.h"
#include "server/ledger_stream.h"

/*
 * The verdict of one operation, with the same rules, moves and merging that
 * the client has.  Every verdict is final; nothing that is refused holds up
 * what follows.
 */

/* Who sends: known from the tokens, never from the body. */
struct ledger_peer {
	struct uuid device;
	char office[RECORD_OFFICE_MAX];	/* where the device stands */
	enum office_span county;	/* that office's */
	bool sealed;			/* somebody who works at it may hold
					 * sealed records, so it does */
	bool sees_sealed;		/* and whoever asks may see them */
	int64_t epoch;			/* of the device's numbers */
	const struct sight *sight;	/* registers it holds; NULL: all */
	bool other_schema;		/* it works by other definitions */
	bool shut;			/* it may do nothing more: what it sends
					 * is put aside */
};

/* How an office is called in numbers, as it was found last. */
struct judge_name {
	char office[RECORD_OFFICE_MAX];	/* of the record; "": none yet */
	char short_name[NUMBER_SHORT_MAX];	/* in the number */
	char own[NUMBER_SHORT_MAX];	/* of the office that the number is of */
	char whose[RECORD_OFFICE_MAX];	/* that office */
};

/* A record may have been handed over, or come back, since. */
enum judge_before {
	JUDGED_NEVER,
	JUDGED_IN_TIME,		/* it was taken, so nobody is asked about it */
	JUDGED_LATE,		/* they were asked, so it is not taken now */
};

struct judge {
	struct db *db;			/* inside a writing transaction */
	const struct schema *schema;
	const struct ledger_peer *peer;
	int today;
	struct stream_touched *touched;	/* what must be published */
	struct account *author;		/* of the last operation, found good in
					 * this transaction; "": none */
	struct judge_name *name;	/* the same; NULL: not kept */
	const char *taken_by;		/* it was refused, and somebody of the
					 * county takes it in; NULL: not so */
	enum judge_before before;	/* what a ledger said that was lost */
};

struct judgement {
	enum verdict verdict;
	int64_t rev;			/* the record's, 0 if there is none */
	char why[ERR_MSG_MAX];		/* of a refusal; in the thread's
					 * language */
};

/* Make it a refusal, with a sentence.  That is no failure: the call succeeded,
 * the answer is no.  Always E_OK. */
MUST_CHECK enum status judge_refuse(struct judgement *out,
	enum verdict verdict, const char *why);

/* Judge and, unless it is refused, write record, history and questions.
 * Errors: E_IO; the transaction must be rolled back. */
MUST_CHECK enum status judge_op(struct judgement *out, const struct judge *j,
	const struct op *op, struct err *err);

#endif
