#ifndef SYNC_OFFICES_FETCH_H
#define SYNC_OFFICES_FETCH_H

#include "base/err.h"
#include "store/store.h"
#include "sync/transport.h"

/* Once a day: which offices the county has (store/office_names.h).  What was
 * known stays when there is no answer.
 * Errors: those of the transport; E_INVALID the answer makes no sense; E_IO. */
MUST_CHECK enum status offices_fetch(struct store *s,
	const struct transport *net, struct err *err);

#endif
