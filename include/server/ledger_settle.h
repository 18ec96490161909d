#ifndef SERVER_LEDGER_SETTLE_H
#define SERVER_LEDGER_SETTLE_H

#include "core/op.h"
#include "core/wire.h"
#include "server/ledger_done.h"
#include "server/ledger_judge.h"

/*
 * What becomes of what was refused (quarantine) when somebody of the county has
 * looked at it.
 *
 * 1. Nothing is ever deleted: the operation, its verdict and what was done with
 *    it stay.  The verdict is final; taking in is another judgement, of the same
 *    operation as its author's, on the record as it is today.
 * 2. Each is settled once.  Its device hears of it at its next sync.
 */
enum { SETTLE_WHY_CHARS = 100 };

/* One in quarantine, with what it says. */
struct settle_item {
	char id[DONE_ASIDE_ID_MAX];
	struct uuid device;
	int64_t epoch, n, at;
	char hash[OP_HASH_MAX];
	char verdict[16], why[ERR_MSG_MAX];
	char how[16];			/* "": not settled */
	char by[RECORD_NAME_MAX], reason[ERR_MSG_MAX];
	int64_t settled_at;
	char *line;			/* as it was sent; owned */
	bool readable;			/* it is an operation: */
	struct op op;			/* owned */
};

void settle_item_release(struct settle_item *item);

/* The one that a person calls so (done_aside.id).  Errors: E_NOTFOUND; E_IO. */
MUST_CHECK enum status settle_find(struct settle_item *out, struct db *db,
	const char *id, struct err *err);

/* show(self, ...) for each that nobody has settled, the oldest first, until it
 * fails; what it is shown is lent.  Errors: E_IO, and show's. */
MUST_CHECK enum status settle_each_open(struct db *db,
	enum status (*show)(void *self, const struct settle_item *item,
	struct err *err), void *self, struct err *err);

/* Is it of an office that this person looks after, and from there?
 * Errors: E_IO. */
MUST_CHECK enum status settle_reaches(bool *out, struct db *db,
	const struct settle_item *item, const struct account *a,
	struct err *err);

/*
 * Take it in, in a transaction: judge it anew, write what follows, note who (a
 * login of the county's).  Errors: E_INVALID it cannot be read, or is refused
 * again (the sentence says why): the transaction must be rolled back;
 * E_CONFLICT it is settled already; E_AUTH who is not of the county;
 * E_NOTFOUND nobody is called so; E_IO.
 */
MUST_CHECK enum status settle_take(struct judgement *out, struct db *db,
	const struct schema *schema, const struct settle_item *item,
	const char *who, struct err *err);

/* It stays refused, for a reason.  Errors: as above; E_INVALID no reason, or
 * too long. */
MUST_CHECK enum status settle_dismiss(struct db *db,
	const struct settle_item *item, const char *who, const char *why,
	struct err *err);

/* What a device has not heard of yet (after), into its end.  Errors: E_IO. */
MUST_CHECK enum status settle_tell(struct wire_line *end, struct db *db,
	const struct uuid *device, int64_t after, struct err *err);

#endif
