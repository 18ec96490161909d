#ifndef CLIENT_EXPORTER_H
#define CLIENT_EXPORTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/uuid.h"

struct schema_register;
struct store;

/*
 * Append records of one register, all fields of each, as a spreadsheet (CSV
 * with a head, as people read it) or as a JSON value a line.  The trace says
 * so before: an export that cannot be noted is none.
 *
 * Errors: E_INVALID too large for out; E_IO; those of store_get.
 */
MUST_CHECK enum status exporter_rows(struct buf *out, struct store *s,
	const struct schema_register *reg, const struct uuid *ids,
	size_t count, bool json, struct err *err);

#endif
