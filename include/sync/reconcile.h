#ifndef SYNC_RECONCILE_H
#define SYNC_RECONCILE_H

#include "store/apply.h"
#include "store/store.h"
#include "sync/transport.h"

/*
 * Find out what this cache and the server hold differently, hand back what a
 * restored server had lost, and take what is missing here (core/reconcile.h).
 * Stopping anywhere loses nothing; the next sync begins it again.
 * Errors: as of sync_step(); E_CONFLICT the server is older than this cache
 * and was not restored by its operator.
 */
MUST_CHECK enum status sync_reconcile(struct apply_counts *counts,
	struct store *s, const struct transport *net, struct err *err);

/* The last word of a device that is sent away: operations with a verdict that a
 * restored server has lost, which puts them aside.  Nothing comes down.  *lost:
 * there were such.
 * Errors: E_AUTH the server takes nothing more; and as above. */
MUST_CHECK enum status sync_hand_back(bool *lost, struct store *s,
	const struct transport *net, struct err *err);

#endif
