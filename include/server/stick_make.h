#ifndef SERVER_STICK_MAKE_H
#define SERVER_STICK_MAKE_H

#include "core/schema.h"
#include "core/stick.h"
#include "server/ledger.h"
#include "server/snapshot.h"

/*
 * A first load for one device, on a stick (core/stick.h): the snapshots of what
 * it would be told at a sync of whoever is signed in there.
 */
struct stick_making {
	struct stick_head head;
	struct snapshot made[WIRE_STREAMS_MAX];	/* owned, head.count */
	int64_t bytes;
};

void stick_making_release(struct stick_making *w);

/* Of the ledger in dir; device: its id as text.  Errors: E_NOTFOUND no such
 * device, or there is nothing that it holds; E_INVALID it is no id, or shut out;
 * as of snapshot_make(). */
MUST_CHECK enum status stick_gather(struct stick_making *out,
	struct ledger *l, const struct schema *schema, const char *dir,
	const char *device, struct err *err);

/* Into a folder, sealed with the code.  Errors: E_CONFLICT there is a first load
 * already; E_IO. */
MUST_CHECK enum status stick_write(const struct stick_making *w,
	const char *code, const char *to, struct err *err);

#endif
