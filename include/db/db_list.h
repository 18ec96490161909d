#ifndef DB_DB_LIST_H
#define DB_DB_LIST_H

#include <stddef.h>

#include "db/db.h"

/*
 * All (further) rows of a statement, in their order: read() makes an item of
 * size bytes, which are zero before, of the present row.  *items is owned by the
 * caller, with *count of them, NULL for none; both untouched on failure.
 */
MUST_CHECK enum status db_list(void **items, size_t *count,
	struct db_stmt *st, size_t size,
	void (*read)(void *item, struct db_stmt *st), struct err *err);

#endif
