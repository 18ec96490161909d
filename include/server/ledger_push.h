#ifndef SERVER_LEDGER_PUSH_H
#define SERVER_LEDGER_PUSH_H

#include <stddef.h>

#include "server/answer.h"
#include "server/ledger.h"
#include "server/ledger_judge.h"

/*
 * Taking in what a device sends: each operation once, in the order of its
 * numbers, in transactions of PUSH_TRANSACTION operations, so that a long push
 * neither holds up the others nor loses its beginning when it is cut.
 *
 * 1. The key (device, epoch, n) has one verdict, for ever; a repeat gets the
 *    same, whatever has happened since; so does the same operation that a
 *    copied cache sends under a new epoch.
 * 2. Verdict and effect are committed together.
 */
enum { PUSH_TRANSACTION = 1000 };

struct push_op {
	struct op op;			/* of a broken one n alone; owned */
	char hash[OP_HASH_MAX];
	char broken[ERR_MSG_MAX];	/* why it cannot be read; "" it can */
	char *line;			/* as it was sent; borrowed */
	size_t line_len;
};

struct push_result {
	struct push_verdict {
		int64_t n;
		struct judgement judgement;
		bool told;		/* a run tells it (core/wire.h) */
	} *verdicts;			/* owned */
	size_t count;
	int64_t acked;			/* highest n with all lower decided */
	int64_t need;			/* a gap: send from here; 0 none */
};

void push_result_release(struct push_result *r);

/* Who has read a push, or still reads it (server/push_read.h). */
struct push_read;

/*
 * read is asked for one operation after the other, and whether it could read
 * everything before anything is committed.  from: what the device says its
 * first number is.  park: the number of an operation that is not judged but put
 * aside for a person, because working it failed again and again; 0 none.
 * *answer: ANSWER_DEVICE_FORK when a number comes back with another content;
 * what was before it stays decided.
 * Errors: E_IO; what was committed before stays, the rest can be sent again.
 * *stuck is then the number of the operation that could not be worked, or 0.
 * E_INVALID there is a line that cannot be read; nothing was committed.
 */
MUST_CHECK enum status push_ops(struct push_result *out, enum answer *answer,
	struct ledger *l, const struct schema *schema,
	const struct ledger_peer *peer, struct push_read *read, int64_t from,
	int64_t park, int64_t *stuck, struct err *err);

/* The highest number of a device's epoch that has a verdict; 0 none.
 * Errors: E_IO. */
MUST_CHECK enum status push_acked(int64_t *out, struct db *db,
	const struct uuid *device, int64_t epoch, struct err *err);

#endif
