#ifndef DB_DB_NUMBER_H
#define DB_DB_NUMBER_H

#include "db/db.h"

/* The first column of the first row as a number: PRAGMAs and counts.
 * Errors: E_NOTFOUND no row; *out untouched. */
MUST_CHECK enum status db_number(int64_t *out, struct db *db,
	const char *sql, struct err *err);

/* A number that changes when another connection has committed. */
MUST_CHECK enum status db_data_version(int64_t *out, struct db *db,
	struct err *err);

#endif
