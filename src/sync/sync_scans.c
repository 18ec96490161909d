/*
 * Attachments within a sync, when all operations are through.
 */
#include "base/clock.h"
#include "store/outbox.h"
#include "store/scan.h"
#include "sync/sync.h"

enum { SCANS_MS = 30 * 1000 };	/* of attachments without operations */

struct scanning {
	struct sync_counts *counts;
	struct store *store;
	int64_t since_ms;	/* the last exchange */
	void (*progress)(void *self, const struct sync_counts *counts);
	void *self;
};

/* Operations go first: those that were saved meanwhile, and from time to time
 * those of others. */
static bool
is_due(void *self, const struct scan_counts *scans)
{
	struct scanning *g = self;
	struct err ignored = ERR_INIT;
	bool waits = false;

	g->counts->left_bytes = scans->left_bytes;
	if (g->progress)
		g->progress(g->self, g->counts);
	if (outbox_waits(&waits, g->store, &ignored))
		return false;
	return waits || clock_mono_ms() - g->since_ms > SCANS_MS;
}

enum status
sync_scans(struct sync_counts *counts, bool *again, struct store *s,
	const struct transport *net,
	void (*progress)(void *self, const struct sync_counts *counts),
	void *self, struct err *err)
{
	struct scanning g = { .counts = counts, .store = s,
		.since_ms = clock_mono_ms(), .progress = progress,
		.self = self };
	const struct scans_watch watch = { .pause = is_due, .self = &g };
	size_t sent = counts->scans.sent;
	enum status st = scans_send(&counts->scans, again, s, net, &watch,
		err);

	*again = *again || counts->scans.sent > sent;
	if (!st && !*again)
		st = scan_tidy(s, err);
	return st;
}
