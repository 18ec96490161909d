#ifndef SERVER_LEDGER_RECORD_H
#define SERVER_LEDGER_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/op.h"
#include "core/record.h"
#include "core/schema.h"

/*
 * The present version of each record, and what every revision changed.
 */
struct db;

/* Errors: E_NOTFOUND; E_IO. */
MUST_CHECK enum status ledger_record_get(struct record *out, struct db *db,
	const struct uuid *id, struct err *err);

/* The same of one that may be missing: *found, and *out is left alone.
 * Errors: E_IO. */
MUST_CHECK enum status ledger_record_find(bool *found, struct record *out,
	struct db *db, const struct uuid *id, struct err *err);

/* The same without values: they are appended to values as they are stored, a
 * JSON object. */
MUST_CHECK enum status ledger_record_get_text(struct record *out,
	struct buf *values, struct db *db, const struct uuid *id,
	struct err *err);

/* Is anything its child, withdrawn or not?  Errors: E_IO. */
MUST_CHECK enum status ledger_record_has_child(bool *has, struct db *db,
	const struct uuid *parent, struct err *err);

/* The i-th child (by id) of a parent in a register that is not withdrawn.
 * Errors: E_NOTFOUND there are not so many; E_IO. */
MUST_CHECK enum status ledger_record_child(struct record *out, struct db *db,
	const struct uuid *parent, const char *reg, size_t i, struct err *err);

/* The same of an office's records, without one. */
MUST_CHECK enum status ledger_record_of_office(struct record *out,
	struct db *db, const char *office, const char *reg,
	const struct uuid *but, size_t i, struct err *err);

/* Write the record as it stands in *r, new or not; hash is its record_hash.
 * reg (may be NULL) says which values name the parent and the person, and what
 * seals it.  Errors: E_IO. */
MUST_CHECK enum status ledger_record_put(struct db *db,
	const struct record *r, const char *hash,
	const struct schema_register *reg, struct err *err);

/* One revision's entry in the history. */
struct ledger_entry {
	const struct uuid *device;
	int64_t epoch;
	const struct op *op;		/* kind, by, n, the device's time */
	int64_t at;			/* corrected time */
	int64_t rev;
	const struct op_change *changes;	/* what really changed */
	size_t change_count;
	const char *hash;		/* record_hash of the revision */
	bool returned;			/* handed back after a restore */
	const char *taken_by;		/* login of who took it in after it was
					 * refused; NULL it was not */
};

MUST_CHECK enum status ledger_history_add(struct db *db,
	const struct ledger_entry *entry, struct err *err);

/*
 * The fields that somebody changed after a revision, ";name;birth;", appended
 * to out; what this device did itself in this epoch up to number own_n, which
 * the author saw, is left out, also when the other copy of a copied cache had
 * it judged in another epoch.  Errors: E_IO.
 */
MUST_CHECK enum status ledger_history_fields(struct buf *out, struct db *db,
	const struct uuid *record, int64_t after_rev,
	const struct uuid *device, int64_t epoch, int64_t own_n,
	struct err *err);

#endif
