#ifndef STORE_KEEP_H
#define STORE_KEEP_H

#include "base/buf.h"
#include "store/store.h"

/*
 * What a person wants a screen of this cache to remember: one sealed text a
 * name, each user's own.  It does not travel; what it means is the screen's.
 */

/* Appends; nothing (and E_OK) when nothing was kept.  Errors: E_AUTH locked;
 * E_INVALID damaged; E_IO. */
MUST_CHECK enum status keep_get(struct buf *out, struct store *s,
	const char *name, struct err *err);
/* text "": forgotten.  Errors: E_AUTH locked; E_IO. */
MUST_CHECK enum status keep_put(struct store *s, const char *name,
	const char *text, struct err *err);

#endif
