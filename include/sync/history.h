#ifndef SYNC_HISTORY_H
#define SYNC_HISTORY_H

#include "base/err.h"
#include "base/uuid.h"
#include "store/store.h"
#include "sync/transport.h"

/*
 * Ask the server for the trail of a record and keep it (store/history.h).
 *
 * It does not travel with sync: a history is some times as long as its record
 * and read seldom, and a village's line has better to do.  The question is a
 * POST, because a record's id has no place in an address that proxies log.
 *
 * Errors: E_OFFLINE; E_AUTH sign in again, or the role may not; E_INVALID the
 * server does not have the record, or its answer makes no sense; E_IO.
 */
MUST_CHECK enum status history_fetch(struct store *s,
	const struct transport *net, const struct uuid *id, struct err *err);

#endif
