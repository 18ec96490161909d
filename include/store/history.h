#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include <stdint.h>

#include "core/trail.h"
#include "store/store.h"

/*
 * The trails of records that somebody asked the server for, sealed, so that
 * they can be read without a line too; each goes when its record leaves.
 */

/* text: as it came.  Errors: E_INVALID it is no trail; E_AUTH; E_IO. */
MUST_CHECK enum status history_keep(struct store *s, const struct uuid *id,
	int64_t at, const char *text, size_t len, struct err *err);

/* *at: when it came.  Errors: E_NOTFOUND nobody asked; E_AUTH; E_INVALID
 * damaged; E_IO. */
MUST_CHECK enum status history_get(struct trail *out, int64_t *at,
	struct store *s, const struct uuid *id, struct err *err);

#endif
