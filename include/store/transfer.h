#ifndef STORE_TRANSFER_H
#define STORE_TRANSFER_H

#include <stdbool.h>

#include "core/transfer.h"
#include "store/overview.h"
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

/* The transfer by which the record is offered and not answered yet: it, what it
 * belongs to or, where it is offered to, that it goes along as a person.  NULL:
 * none.  Lent until the next refresh or save. */
const struct overview *transfer_of(struct store *s, const struct uuid *record);
/* Nobody changes what is offered.  E_AUTH says so. */
MUST_CHECK enum status transfer_need_settled(struct store *s,
	const struct record *r, struct err *err);

/* Is this step of a transfer (to a state) for the office of whoever is signed
 * in: to accept or reject for the one that it is offered to, to withdraw for
 * the others?  E_AUTH says so; E_OK for what is no transfer. */
MUST_CHECK enum status transfer_need_side(const struct store *s,
	const struct record *r, const char *to, struct err *err);

/* How many transfers wait for this office's answer. */
size_t transfer_waiting(const struct store *s);
/* The last transfer by which this record went away: all that stays of it at the
 * office that gave it.  NULL: none.  Lent as above. */
const struct overview *transfer_trace(const struct store *s,
	const struct uuid *record);

#endif
