/*
 * Attachments within a sync, when all operations are through.  Nothing that is
 * saved waits for more than the piece that is under way.
 */
#include <poll.h>

#include "base/clock.h"
#include "store/outbox.h"
#include "store/scan.h"
#include "sync/sync.h"

enum {
	SCANS_MS = 30 * 1000,	/* of attachments without operations */
	LOOK_MS = 200,		/* while the line is let be */
};

struct scanning {
	struct sync_counts *counts;
	struct store *store;
	int64_t since_ms;	/* the last exchange */
	struct scan_pace pace;
	void (*progress)(void *self, const struct sync_counts *counts);
	void *self;
};

/* Operations go first: those that were saved meanwhile, and from time to time
 * those of others. */
static bool
is_due(struct scanning *g)
{
	struct err ignored = ERR_INIT;
	bool waits = false;

	if (scan_pace(&g->pace, g->store, &ignored) ||
	    outbox_waits(&waits, g->store, &ignored))
		return false;
	return waits || g->pace.paused ||
		clock_mono_ms() - g->since_ms > SCANS_MS;
}

static bool
look_around(void *self, const struct scan_counts *scans)
{
	struct scanning *g = self;
	int64_t until;

	g->counts->left_bytes = scans->left_bytes;
	g->counts->scans.line.most = (size_t)g->pace.bytes_s * SCANS_PIECE_S;
	if (g->progress)
		g->progress(g->self, g->counts);
	until = clock_mono_ms() + scans_wait_ms(scans->line.last,
		scans->line.took_ms, g->pace.bytes_s);
	for (;;) {
		int64_t left = until - clock_mono_ms();

		if (is_due(g))
			return true;
		if (left <= 0)
			return false;
		/* a signal: there is a reason not to wait */
		if (poll(NULL, 0, left < LOOK_MS ? (int)left : LOOK_MS) < 0)
			return true;
	}
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
	const struct scans_watch watch = { .pause = look_around, .self = &g };
	size_t sent = counts->scans.sent;
	enum status st = scan_pace(&g.pace, s, err);

	counts->scans.line.most = (size_t)g.pace.bytes_s * SCANS_PIECE_S;
	if (!st && !g.pace.paused)
		st = scans_send(&counts->scans, again, s, net, &watch, err);
	if (st)
		return st;
	*again = (*again && !g.pace.paused) || counts->scans.sent > sent;
	return *again ? E_OK : scan_tidy(s, err);
}
