#ifndef SYNC_PEOPLE_FETCH_H
#define SYNC_PEOPLE_FETCH_H

#include "base/err.h"
#include "store/store.h"
#include "sync/transport.h"

/* After a sync: what people are called (store/people_ask.h).  No request when
 * there is nothing to ask, which is nearly always; a server that does not know
 * the call is asked once a day.
 * Errors: those of the transport; E_AUTH; E_INVALID the answer makes no sense;
 * E_IO. */
MUST_CHECK enum status people_fetch(struct store *s,
	const struct transport *net, struct err *err);

#endif
