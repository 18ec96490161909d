#ifndef CLIENT_IMPORTER_H
#define CLIENT_IMPORTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "client/import_map.h"
#include "client/import_result.h"
#include "client/sheet.h"
#include "store/store.h"

/*
 * Rows of a spreadsheet become records.
 *
 * 1. A row is taken whole or refused whole, with every reason.
 * 2. What is stored is never overwritten: a row that is known again fills
 *    empty fields only; differing cells are counted as kept.
 * 3. Taking the same file in twice changes nothing.
 */
/* dry_run: everything but the saving.  Errors: E_AUTH locked or not allowed to
 * write the register; E_IO, E_CONFLICT the rows before stay taken in, the count
 * in out tells how many. */
MUST_CHECK enum status import_rows(struct import_result *out,
	struct store *s, const struct schema_register *reg,
	const struct sheet *sheet, const struct import_map *map, bool dry_run,
	struct err *err);

#endif
