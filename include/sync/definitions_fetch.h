#ifndef SYNC_DEFINITIONS_FETCH_H
#define SYNC_DEFINITIONS_FETCH_H

#include <stdbool.h>

#include "base/err.h"
#include "store/store.h"
#include "sync/transport.h"

/*
 * After a sync: if the server works by other definitions than those that this
 * cache would begin with next time, take them (store/definitions.h).  Those in
 * use stay in use until the program starts again.  Not to be called where the
 * definitions were chosen by hand.
 *
 * *news: from the next start on, others will be used than now.
 * Errors: E_INVALID, said once for each version: the server's are damaged, too
 * large, or not for this program, and were not taken; E_OFFLINE, E_AUTH, E_IO.
 */
MUST_CHECK enum status definitions_fetch(bool *news, struct store *s,
	const struct transport *net, struct err *err);

#endif
