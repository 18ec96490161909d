#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/apply.h"
#include "store/store.h"
#include "sync/dismissal.h"
#include "sync/page_bytes.h"
#include "sync/scans.h"
#include "sync/transport.h"
#include "sync/trouble.h"

/*
 * The conversation of POST /v1/sync: what waits goes up, verdicts and changes
 * come down, page by page; each page is applied in one transaction, while the
 * server works on the next.  Stopping anywhere loses nothing.
 */
struct sync_counts {
	struct trouble trouble;
	size_t parked;		/* operations put aside like that */
	struct apply_counts apply;
	struct scan_counts scans;	/* after the operations */
	size_t pushed;		/* operations that got a verdict */
	size_t requests;
	struct sync_line line;
	bool early;		/* the server takes a request before its reply to
				 * the one before has come */
	bool early_lost;	/* one was not taken in its turn; none follows */
	bool snapshots;		/* streams may begin with one */
	struct wire_snapshot offered;	/* instead of lines; bytes 0: none */
	int64_t load_bytes, load_have;	/* of the snapshot that is coming, and
					 * how much is here; 0: none is */
	size_t reconciled;	/* times that both sides had to be compared */
	size_t doubted;		/* of them, because much was to be removed */
	size_t doubts;		/* the last of them, without a page since */
	size_t sent_bytes, received_bytes;	/* of bodies, as on the wire */
	size_t waiting_bytes;	/* of the operations behind those under way,
				 * when it was looked last; 0 not known */
	int64_t left_bytes;	/* about so much still follows, both ways,
				 * the offered snapshots among it */
	int64_t bytes_s;	/* what this line carries; 0 not known */
	int http_status;	/* of the last reply; 0 there was none */
	int retry_after_s;	/* what it asked for; 0 nothing */
	struct dismissal dismissal;	/* the server sent us away */
	bool password_changed;	/* the token is from before that */
};

/* One request and its page; sync_run() does more (sync/snapshot.h).  *more:
 * there is more to send or to fetch.
 * *line_bytes: how much to ask for next time, about 20 s of this line; 0 at
 * first.  Errors: E_OFFLINE; E_AUTH sign in again, or sent away;
 * E_CONFLICT the server went back in time; E_INVALID the answer makes no sense
 * (nothing was applied); E_IO.  A cache that turns out to be a copy gets new
 * numbers for what waits, and *more. */
MUST_CHECK enum status sync_step(struct sync_counts *counts, bool *more,
	size_t *line_bytes, struct store *s, const struct transport *net,
	struct err *err);

/* The part of sync_run() that sends attachments.  *again: there is more to
 * exchange first, or what arrived is to be heard of. */
MUST_CHECK enum status sync_scans(struct sync_counts *counts, bool *again,
	struct store *s, const struct transport *net,
	void (*progress)(void *self, const struct sync_counts *counts),
	void *self, struct err *err);

/* Steps until nothing is left, then the bytes of attachments, with a step in
 * between when something was saved meanwhile; under the cache's sync lock.
 * progress may be NULL; it is called after each page.  Errors as above;
 * E_CONFLICT also when another process is syncing.  How it went is kept (store/runs.h).  Sent away,
 * it leaves in order (sync/dismissal.h), and the store is locked. */
MUST_CHECK enum status sync_run(struct sync_counts *counts, struct store *s,
	const struct transport *net,
	void (*progress)(void *self, const struct sync_counts *counts),
	void *self, struct err *err);

#endif
