#ifndef STORE_RECEIPT_H
#define STORE_RECEIPT_H

#include <stddef.h>

#include "store/store.h"

/*
 * Receipts: a register with "receipt" (screens/README.md) has its move made by
 * the program as soon as a record that another wrote lies in the cache of the
 * office it is meant for.  Each once: the move is made in the transaction that
 * looked whether it can be, so of several sessions the first one makes it.
 */

/* Make what is to be made, in the signed-in user's name; *made counts.  A
 * record that cannot be moved now is left for the next time.
 * Errors: E_AUTH locked; E_IO. */
MUST_CHECK enum status receipt_make(size_t *made, struct store *s,
	struct err *err);

/* Those of the user's own office that ring and wait for a person: their number,
 * and when the last of them arrived ("": none did).  Lent until the next
 * refresh or save. */
struct receipt_bell {
	size_t count;
	const char *last;
};
struct receipt_bell receipt_bell(const struct store *s, int today);

#endif
