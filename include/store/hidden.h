#ifndef STORE_HIDDEN_H
#define STORE_HIDDEN_H

#include <stdbool.h>
#include <stddef.h>

#include "store/overview.h"
#include "store/store.h"

/*
 * Several people share a cache.  It holds what any of them may hold (the server
 * decides that), and shows each only what is theirs: sealed records (未成年人,
 * 特管), with all that belongs to them or is about them, and the records of
 * registers that a role may not read, are not in memory for it.  So no list,
 * lookup, deadline, report, rule or command finds them, and store_get() says
 * no.
 *
 * Which records are sealed their definitions' rows say here as on the server,
 * so that a record entered here is sealed at once.
 */

/* Is there anything that this user may not see?  After each
 * overview_refresh(). */
bool hidden_any(const struct store *s);
bool hidden_is(const struct store *s, const struct uuid *id);
size_t hidden_count(const struct store *s);

/* Does it stand under the seal, itself or by what it belongs to or is about?
 * Whether or not this user may see it. */
bool hidden_is_sealed(const struct store *s, const struct overview *o);

/* ---- for store/ alone ---- */

/* Are there records that the user's role may not see? */
bool hidden_applies(const struct store *s);
/* Take what the user may not see out of memory.  *shown becomes true: something
 * that was hidden is to be seen again, and what went with it is not in memory.
 * After a failure nothing in memory may be shown.  Errors: E_IO. */
MUST_CHECK enum status hidden_sweep(bool *shown, struct store *s,
	struct err *err);
/* A row has gone.  true: it was hidden, so what it hid may be seen again, and
 * is not in memory. */
bool hidden_gone(struct store *s, const struct uuid *id);

#endif
