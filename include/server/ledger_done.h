#ifndef SERVER_LEDGER_DONE_H
#define SERVER_LEDGER_DONE_H

#include <stdbool.h>

#include "core/op.h"
#include "server/ledger_judge.h"

/*
 * The memory of what was decided (opdone), and what was refused, kept whole
 * until a person has looked at it (quarantine).
 */
struct db;

enum { DONE_ASIDE_ID_MAX = 48 };

/* An operation's key, and what it says. */
struct done_op {
	const struct uuid *device;
	int64_t epoch, n;
	const char *hash;		/* op_hash */
	const struct uuid *record;
};

/* *fresh: the key was free; otherwise nothing is written.  Errors: E_IO. */
MUST_CHECK enum status done_write(bool *fresh, struct db *db,
	const struct done_op *op, const struct judgement *j,
	struct err *err);

/* line: the operation as it was sent.  Errors: E_CONFLICT it is there. */
MUST_CHECK enum status done_quarantine(struct db *db,
	const struct done_op *op, enum verdict verdict, const char *line,
	struct err *err);

/* One that is in quarantine; its texts are lent. */
struct done_aside {
	char id[DONE_ASIDE_ID_MAX];	/* what a person calls it: D07-1-50 of
					 * device 7 and epoch 1 the 50th;
					 * D07-R-0123abcd handed back */
	struct uuid device;
	int64_t epoch, n, at;		/* 0 0 handed back to a restored ledger */
	const char *verdict, *why, *line, *hash;
	const char *how;		/* "taken", "dismissed"; "" nobody has
					 * looked at it */
	const char *by, *reason;	/* who, and why */
	int64_t settled_at;
};

/* show(self, ...) for each, the oldest first, until it fails.  Errors: E_IO,
 * and show's. */
MUST_CHECK enum status done_each_aside(struct db *db,
	enum status (*show)(void *self, const struct done_aside *q,
	struct err *err), void *self, struct err *err);

#endif
