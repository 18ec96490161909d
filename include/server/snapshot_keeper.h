#ifndef SERVER_SNAPSHOT_KEEPER_H
#define SERVER_SNAPSHOT_KEEPER_H

#include <stdint.h>

#include "base/err.h"
#include "server/ledger.h"
#include "server/snapshot.h"

/*
 * Keeps the snapshots of large streams fresh while the server serves: one
 * thread of the lowest priority, which looks every look_ms whether the ledger
 * has changed, and makes a snapshot of a stream that holds at least "from"
 * records and has moved on by so many, or a tenth of what it holds, since its
 * last one.  While an office sends much it waits for a look at which nothing
 * had changed, wait_looks of them at most.
 */
struct snapshot_keeper;

struct snapshot_keeper_options {
	int64_t from;
	int64_t look_ms;
	int wait_looks;
};
#define SNAPSHOT_KEEPER_DEFAULT { .from = SNAPSHOT_FROM, .look_ms = 10000, \
	.wait_looks = 60 }

/* ledger outlives it.  Errors: E_IO no thread. */
MUST_CHECK enum status snapshot_keeper_start(struct snapshot_keeper **out,
	struct ledger *ledger, const struct snapshot_keeper_options *options,
	struct err *err);
/* A snapshot that is being made is given up.  Accepts NULL. */
void snapshot_keeper_stop(struct snapshot_keeper *k);

#endif
