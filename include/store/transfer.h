#ifndef STORE_TRANSFER_H
#define STORE_TRANSFER_H

#include <stdbool.h>

#include "core/transfer.h"
#include "store/store.h"

/*
 * Handing records over, from the cache's side (core/transfer.h).  The answer is
 * an ordinary step of the transfer; what follows from it, the server does.
 */

/* Offer the record to the office; *out: the transfer.
 * Errors: E_NOTFOUND no such record here; E_INVALID it cannot be given, or a
 * fault of the transfer; E_AUTH the role may not; E_IO. */
MUST_CHECK enum status transfer_offer(struct uuid *out, struct store *s,
	const struct uuid *record, const char *to, const char *why,
	struct err *err);

/* Is it here to be looked at only: offered to the office of whoever is signed
 * in, and not accepted yet?  E_AUTH says so. */
MUST_CHECK enum status transfer_need_own(struct store *s,
	const struct record *r, struct err *err);

/* Is this step of a transfer (to a state) for the office of whoever is signed
 * in: to accept or reject for the one that it is offered to, to withdraw for
 * the others?  E_AUTH says so; E_OK for what is no transfer. */
MUST_CHECK enum status transfer_need_side(const struct store *s,
	const struct record *r, const char *to, struct err *err);

/* How many transfers wait for this office's answer. */
size_t transfer_waiting(const struct store *s);

#endif
