#ifndef DB_DB_UUID_H
#define DB_DB_UUID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/uuid.h"
#include "db/db.h"

/*
 * Ids in rows: blobs of 16 bytes.
 */

/* The id as the value of the i-th '?', from 1; copied. */
void db_bind_uuid(struct db_stmt *st, int i, const struct uuid *id);

/* Run a statement whose only parameter is an id.  Errors: as db_run. */
MUST_CHECK enum status db_run_uuid(struct db *db, const char *sql,
	const struct uuid *id, struct err *err);

/* Column col of the present row as an id; false, *out untouched, where the blob
 * has another length. */
bool db_uuid(struct uuid *out, struct db_stmt *st, int col);

/* The ids in the first column of all (further) rows; others than ids are passed
 * over.  *ids is owned by the caller, with *count of them, NULL for none; both
 * untouched on failure. */
MUST_CHECK enum status db_uuids(struct uuid **ids, size_t *count,
	struct db_stmt *st, struct err *err);

#endif
