#ifndef CORE_OP_H
#define CORE_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/uuid.h"
#include "core/record.h"
#include "core/schema.h"

/*
 * An operation: one saved edit, as it is kept in the outbox, sent, judged and
 * remembered (痕迹管理).  Its key is (device, epoch, n); n has no gaps within a
 * device and epoch.  The server keeps a hash of everything that was entered, so
 * that a key that comes back with other content is noticed.
 */

enum op_kind { OP_NEW, OP_SET, OP_MOVE, OP_DEL, OP_RESOLVE };

struct op_change {
	char *field;		/* also "@state", "@deleted"; owned */
	char *before;		/* what the user saw, "" if nothing; owned */
	char *after;		/* "" clears; owned */
};

struct op {
	int64_t epoch;		/* >= 1 */
	int64_t n;		/* >= 1 */
	struct uuid record;
	char reg[RECORD_NAME_MAX];
	char office[RECORD_OFFICE_MAX];
	enum op_kind kind;
	int64_t base;		/* confirmed revision the user saw; 0: none */
	int64_t after;		/* own earlier, still undecided op on the same
				 * record that the user saw; 0: none */
	int version;		/* of the register's definition */
	struct op_change *changes;
	size_t change_count;
	struct uuid conflict;	/* OP_RESOLVE: which one is answered */
	char by[RECORD_NAME_MAX];	/* login name */
	int64_t at;		/* device's clock at saving */
	int64_t server_at;	/* last time heard from the server, 0 never */
	int64_t elapsed_ms;	/* since then, monotonic */
	char expect[RECORD_HASH_MAX];	/* record_hash of what the device now
					 * shows: equal means "no echo needed" */
};

void op_release(struct op *op);
void op_copy(struct op *out, const struct op *op);

/*
 * The operation that turns before into after (before NULL: a new record).
 * Fills record, reg, office, kind, base (before->rev), changes and expect; the
 * caller stamps epoch, n, after, version, who and when.  out->change_count 0
 * (kind OP_SET) means that nothing changed.
 */
void op_diff(struct op *out, const struct record *before,
	const struct record *after);

/* The same, its texts lent by the two records: instead of op_release() a
 * free(out->changes). */
void op_diff_lent(struct op *out, const struct record *before,
	const struct record *after);

/* Put the changes into a record: what a device sees after it.  An OP_NEW on a
 * zeroed record fills it. */
void op_apply(struct record *r, const struct op *op);

/*
 * First 16 bytes of SHA-256 over the canonical op, as 32 hex digits: all that
 * was entered, by whom, when, on what base.  Not epoch, n and after, which
 * change when a copied device is given a new epoch, and not expect, which
 * follows from the rest.
 */
#define OP_HASH_MAX 33
void op_hash(char out[OP_HASH_MAX], const struct op *op);
/* Its record is erased: what was entered goes, the hash by which it is known
 * again stays, as its only change. */
void op_empty(struct op *op);
bool op_is_empty(const struct op *op);

/* The wire's and the outbox's form: {"t":"op","n":..,"id":..,"k":..,
 * "o":office,"kind":"set","base":17,"after":0,"set":{"field":[old,new]},
 * "sv":1,"by":"u010","at":..,"srv":..,"el":..,"x":".."}; with OP_RESOLVE also
 * "cf": the conflict.  In "set" a field that had no value is "field":new.  The
 * epoch is not in it: it belongs to the device. */
struct json *op_to_json(const struct op *op);
/* The same on one line, appended to out, without making a tree first. */
void op_print(struct buf *out, const struct op *op);
/* out->epoch is 0: the caller knows it.
 * Errors: E_INVALID names the member. */
MUST_CHECK enum status op_from_json(struct op *out, const struct json *j,
	struct err *err);

const char *op_kind_name(enum op_kind kind);	/* "new" "set" ... */
bool op_kind_parse(enum op_kind *out, const char *name);

#endif
