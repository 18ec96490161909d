#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

/*
 * Bring a database to the form this program knows: steps[0] makes version 1 of
 * an empty file, steps[i] version i + 1; each is SQL of several statements.
 * All missing steps run in one transaction: all or nothing.  Steps that have
 * been released never change.
 *
 * application_id (not 0) says whose file it is; it is written into a new one.
 *
 * Errors: E_INVALID the file is another program's, or was made by a newer
 * program; E_IO.
 */
MUST_CHECK enum status db_migrate(struct db *db, const char *const *steps,
	int count, int32_t application_id, struct err *err);

#endif
