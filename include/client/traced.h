#ifndef CLIENT_TRACED_H
#define CLIENT_TRACED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"
#include "core/audit.h"

struct app;

/*
 * Before rows are shown: an entry in the trace of how many there are, if any is
 * worth one (store/audit.h).  false: it cannot be written, which is said; the
 * rows must not be shown.  reg NULL: of several; by: what chose them, or NULL.
 */
bool traced_rows(struct app *app, enum audit_what what,
	const struct schema_register *reg, const struct uuid *ids,
	size_t count, const char *by);

#endif
