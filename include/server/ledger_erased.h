#ifndef SERVER_LEDGER_ERASED_H
#define SERVER_LEDGER_ERASED_H

#include <stdbool.h>
#include <stddef.h>

#include "core/op.h"
#include "core/record.h"
#include "server/ledger_judge.h"

/*
 * What was erased (个人信息保护法 47): of each record its id, register and
 * office, when, and by which decision; nothing that stood in it.
 *
 * 1. What was erased never comes back: an operation on it, or a new record that
 *    belongs to it or is about it, is refused and not kept, whoever sends it.
 * 2. It stands as gone, with the reason "erased", in every stream where it ever
 *    stood; and whoever ever sent something on it, or could see it, is told at
 *    the end of a page (core/wire.h), also one who may not hold the stream any
 *    more, or never had the record but as an entry of their own.
 * 3. The file "erasures" beside the ledger says the same, one line of JSON a
 *    record, and is written before the ledger is: a backup that is restored is
 *    erased again by it.
 */
struct db;

#define ERASED_WHY "erased"	/* of a gone line */

struct erased {
	struct uuid record;
	char reg[RECORD_NAME_MAX];
	char office[RECORD_OFFICE_MAX];
	int64_t erasure;	/* number of the decision */
	int64_t at;
};

/* *found: it was.  out may be NULL.  Errors: E_IO. */
MUST_CHECK enum status erased_find(struct erased *out, bool *found,
	struct db *db, const struct uuid *record, struct err *err);
MUST_CHECK enum status erased_add(struct db *db, const struct erased *e,
	struct err *err);

/* What a device has not heard of yet (after), into its end.  Errors: E_IO. */
MUST_CHECK enum status erased_say(struct wire_line *end, struct db *db,
	const struct ledger_peer *peer, int64_t after, struct err *err);

/*
 * Is the operation on something that was erased, or does it make what belongs
 * to such or is about it?  Then *met, and *out says no; what it makes is erased
 * with it, and published at the end.  Whoever never had it in a stream hears
 * what is heard of what there never was.  Errors: E_IO.
 */
MUST_CHECK enum status erased_meets(struct judgement *out, bool *met,
	const struct judge *j, const struct op *op, struct err *err);
/* The same of a record that a device hands back. */
MUST_CHECK enum status erased_meets_record(bool *met, const struct judge *j,
	const struct record *r, struct err *err);
/* Is an operation on something erased, or does it name such anywhere?
 * Errors: E_IO. */
MUST_CHECK enum status erased_names(bool *out, struct db *db,
	const struct op *op, struct err *err);

/* What is not yet in the file of a folder goes there, before the transaction
 * that erased it ends.  Errors: E_INVALID the file is damaged; E_IO. */
MUST_CHECK enum status erased_keep(struct db *db, const char *dir,
	struct err *err);
/* Those of the file; owned by the caller, free().  No file: none.
 * Errors: E_INVALID it is damaged; E_IO. */
MUST_CHECK enum status erased_read(struct erased **out, size_t *count,
	const char *dir, struct err *err);

#endif
