#ifndef SYNC_WATCH_H
#define SYNC_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"
#include "sync/sync.h"
#include "sync/transport.h"

/*
 * Keeping a cache in step: sync, wait until the county has news or something is
 * saved here, sync again.  While nothing happens this is one request in four
 * minutes.  What fails is tried again after a random pause that grows from 2 s
 * to 10 min, or when the server says (Retry-After).
 *
 * One for a cache, by a lock; another one stands by until the first has ended.
 */
enum watch_state {
	WATCH_BEGUN,		/* a sync has begun */
	WATCH_PAGE,		/* a page of it was applied */
	WATCH_GOOD,		/* it is complete */
	WATCH_FAILED,		/* it is not; another follows */
	WATCH_STANDING_BY,	/* another session keeps this cache in step */
};

struct watch_event {
	enum watch_state state;
	const struct sync_counts *counts;	/* of this sync */
	const struct err *err;		/* of WATCH_FAILED */
	int64_t pause_ms;		/* of WATCH_FAILED: until the next */
};

struct watch {
	struct store *store;
	const struct transport *net;
	bool stand_by;		/* wait for the lock; else E_CONFLICT */
	void *self;
	/* What happens; may be NULL. */
	void (*say)(void *self, const struct watch_event *event);
	/* Asked once a second, and when a signal came: shall it end?  Has a person asked for a
	 * sync now?  (Each true of the latter is one sync.) */
	bool (*stop)(void *self);
	bool (*asked)(void *self);
};

/*
 * Until stop().  Errors: E_AUTH a person has to sign in again, or may not any
 * more; E_INVALID the server calls this program's request wrong, so repeating
 * it makes no sense; E_CONFLICT another session watches; E_IO its lock cannot
 * be made.
 */
MUST_CHECK enum status watch_run(const struct watch *w, struct err *err);

/* How long to pause after this many failures in a row (1: the first): at least
 * 2 s, at most 10 min, anywhere between (full jitter); what the server asked
 * for (0: nothing) is kept to and not jittered below. */
int64_t watch_pause_ms(size_t failures, int retry_after_s);

#endif
