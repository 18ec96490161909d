#ifndef SERVER_LEDGER_RETURN_LINE_H
#define SERVER_LEDGER_RETURN_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/record.h"
#include "core/schema.h"

struct db;

/*
 * Versions that come back to a restored ledger are of the ledger that their
 * device met last: a line.  Of two versions of one line the higher revision has
 * all that the lower one has; of two lines neither has what the other has, and
 * revisions say nothing.  Was a ledger restored twice, devices may bring versions
 * of two lines that are both gone.
 */
struct return_line {
	char epoch[UUID_TEXT_MAX];	/* the line's name: that ledger's, or
					 * whatever the device calls it */
	int64_t row;	/* of the history, the last that the line has */
	bool open;	/* what comes back is taken */
};

/* Errors: E_IO. */
MUST_CHECK enum status return_line_find(struct return_line *out, struct db *db,
	const char *epoch, struct err *err);

/* What the ledger knows of a record, seen from a line. */
struct return_past {
	int64_t rev;		/* the line's highest that is here */
	struct buf others;	/* fields that others changed: ";a;b;" */
};

void return_past_release(struct return_past *p);

/* Without the version rev, hash itself.  Errors: E_IO. */
MUST_CHECK enum status return_line_past(struct return_past *out, struct db *db,
	const struct return_line *line, const struct uuid *record, int64_t rev,
	const char *hash, struct err *err);

/* Did others change the field, also under a name it had before?  "": any. */
bool return_past_has(const struct return_past *p,
	const struct schema_register *reg, const char *field);

/* Does the ledger have the line's record up to this revision: from before, or
 * as somebody (device: what that one brought in any case) handed it back?
 * Errors: E_IO. */
MUST_CHECK enum status return_line_reaches(bool *out, struct db *db,
	const struct return_line *line, const struct uuid *device,
	const struct uuid *record, int64_t rev, struct err *err);

/* A version that came back became the ledger's revision rev.  Errors: E_IO. */
MUST_CHECK enum status return_line_became(struct db *db,
	const struct record *have, const char *hash, int64_t rev,
	struct err *err);

#endif
