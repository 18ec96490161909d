#ifndef SYNC_SNAPSHOT_H
#define SYNC_SNAPSHOT_H

#include "store/store.h"
#include "sync/sync.h"
#include "sync/transport.h"

/*
 * Take the snapshot that the server has offered (counts->offered), as far as
 * the line goes and nothing else waits to be sent: in requests of about 20 s of
 * this line, what comes stored at once (store/snapshot.h), applied when it is
 * whole.  After E_OK sync goes on with a page; when a snapshot is of no use
 * counts->snapshots is false from then on, and everything comes in pages.
 *
 * progress may be NULL; it is called after each piece stored.
 * Errors: E_OFFLINE the line broke; E_AUTH; E_IO.
 */
MUST_CHECK enum status sync_snapshot(struct sync_counts *counts,
	struct store *s, const struct transport *net,
	void (*progress)(void *self, const struct sync_counts *counts),
	void *self, struct err *err);

#endif
