#ifndef SYNC_NUMBERS_H
#define SYNC_NUMBERS_H

#include "store/store.h"
#include "sync/transport.h"

/*
 * Paper numbers at a sync (store/number.h): what is held is said to a server
 * that has not heard it, blocks that run low are filled up, leases of a year
 * that is over go back, and the one computer that numbers for its office gives
 * the others' records theirs.
 */

/* *more: another exchange brings or sends something.  A server that does not
 * know these calls is no failure.  Errors: E_OFFLINE; E_AUTH; E_INVALID
 * the answer makes no sense; E_IO. */
MUST_CHECK enum status sync_numbers(bool *more, struct store *s,
	const struct transport *net, struct err *err);

/* Give all leases back, of this year too: this computer goes out of use, or
 * another one shall number.  *count: how many.  Errors: as above. */
MUST_CHECK enum status sync_numbers_return(size_t *count, struct store *s,
	const struct transport *net, struct err *err);

#endif
