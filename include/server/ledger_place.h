#ifndef SERVER_LEDGER_PLACE_H
#define SERVER_LEDGER_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/uuid.h"
#include "core/record.h"
#include "core/schema.h"
#include "core/wire.h"

/*
 * In which streams a record belongs (sync.md 4.11): a matter of what the ledger
 * says and nothing else, so that it can be asked again at any time.
 *
 * 1. Its office's: OFFICE/sealed when its register's rows seal it, or what it
 *    belongs to, or the person it is about, is sealed; else OFFICE/gen.
 * 2. While it, or what it belongs to, is offered to another office, that one's
 *    too.  So is a person who goes along, and, once the transfer is accepted,
 *    one who stays behind but is lent.
 * 3. A transfer stands in both offices' streams for good.
 */
struct db;

enum { PLACES_MAX = 8 };	/* one record in so many streams */

struct places {
	char names[PLACES_MAX][WIRE_STREAM_MAX];
	size_t count;
};

/* Could any record of this ledger stand elsewhere than in its office's own
 * stream?  Errors: E_IO. */
MUST_CHECK enum status place_any(bool *out, struct db *db, struct err *err);

/* Where it belongs.  Errors: E_NOTFOUND no such record; E_IO. */
MUST_CHECK enum status place_wanted(struct places *out, struct db *db,
	const struct uuid *record, struct err *err);
/* Where it stands.  Errors: E_IO. */
MUST_CHECK enum status place_present(struct places *out, struct db *db,
	const struct uuid *record, struct err *err);
/* Where it stands or ever stood, one after another by name; after: the last
 * one, "" at first.  *out is "" at the end.  Errors: E_IO. */
MUST_CHECK enum status place_ever(char out[WIRE_STREAM_MAX], struct db *db,
	const struct uuid *record, const char *after, struct err *err);
bool places_have(const struct places *p, const char *stream);

/* All that goes where the record goes: what belongs to it, and to that, and
 * what is about it when it is a person; it is not among them.  Owned by the
 * caller, free().  Errors: E_IO. */
MUST_CHECK enum status place_below(struct uuid **out, size_t *count,
	struct db *db, const struct uuid *record, struct err *err);

/* The same, but only what belongs to it: of a person the open questions, not
 * the work of other offices.  Errors: E_IO. */
MUST_CHECK enum status place_belonging(struct uuid **out, size_t *count,
	struct db *db, const struct uuid *record, struct err *err);

/* Note whether the record is sealed by its own rows; reg may be NULL.
 * Errors: E_IO. */
MUST_CHECK enum status place_note_sealed(struct db *db,
	const struct record *r, const struct schema_register *reg,
	struct err *err);

#endif
