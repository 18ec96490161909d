#ifndef SERVER_LEDGER_ERASE_RUN_H
#define SERVER_LEDGER_ERASE_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "server/ledger_erased.h"
#include "server/ledger_stream.h"

/*
 * Erasing, row by row: whatever the ledger has of a record goes, but for its
 * paper number (a number is given once) and the verdicts on its operations,
 * which have no words any more.
 */
struct db;

/* The record and all that goes with it, in the order of erasing; owned by the
 * caller, free().  Errors: E_NOTFOUND there is no such record; E_IO. */
MUST_CHECK enum status erase_list(struct uuid **out, size_t *count,
	struct db *db, const struct uuid *record, struct err *err);

/* Erase one: e says which; the register and office that it has, if it is there
 * still, are filled in.  Errors: E_IO. */
MUST_CHECK enum status erase_record(struct stream_touched *touched,
	struct db *db, struct erased *e, struct err *err);

/* What was refused on records that never were, below an erased one: erased as
 * well.  *count grows.  Errors: E_IO. */
MUST_CHECK enum status erase_refused(int64_t *count,
	struct stream_touched *touched, struct db *db,
	const struct erased *above, struct err *err);

/* The bytes that no scan names any more, of those that did.  Before the commit:
 * no scan can come to name them in between.  Errors: E_IO. */
MUST_CHECK enum status erase_bytes(struct db *db, const char *dir,
	struct err *err);

#endif
