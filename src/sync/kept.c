/*
 * Facts of a run, written when it is over.
 */
#include "sync/kept.h"

#include <string.h>

#include "base/clock.h"
#include "core/wire.h"
#include "store/runs.h"

/* How it went, for the sync page.  Of an exchange without anything nothing is
 * kept, and what cannot be kept is no reason to say that it failed. */
void
kept_run(struct sync_counts *counts, const struct sync_counts *before,
	int64_t began_at, int64_t took_ms, enum status result,
	const struct err *why, struct store *s)
{
	size_t bytes = counts->sent_bytes + counts->received_bytes -
		before->sent_bytes - before->received_bytes +
		counts->scans.sent_bytes + counts->scans.received_bytes -
		before->scans.sent_bytes - before->scans.received_bytes;
	struct run r = { .began_at = began_at, .last_at = clock_now_at(),
		.took_ms = took_ms, .times = 1, .bytes = (int64_t)bytes,
		.pushed = (int64_t)(counts->pushed - before->pushed),
		.pulled = (int64_t)(counts->apply.pulled +
			counts->apply.gone - before->apply.pulled -
			before->apply.gone),
		.merged = (int64_t)(counts->apply.merged -
			before->apply.merged),
		.conflicts = (int64_t)(counts->apply.conflicts -
			before->apply.conflicts),
		.refused = (int64_t)(counts->apply.refused -
			before->apply.refused),
		.result = result };
	struct err ignored = ERR_INIT;

	if (result)
		memcpy(r.said, why->msg, sizeof r.said);
	if ((result || r.pushed || r.pulled) &&
	    runs_keep(s, &r, &ignored))
		ignored = (struct err)ERR_INIT;
	if (!result && runs_measured(s, r.bytes, took_ms, &ignored))
		ignored = (struct err)ERR_INIT;
	if (runs_line(&counts->bytes_s, s, &ignored))
		counts->bytes_s = 0;
}

/* What the line bore is remembered.  A line may become better: each time that
 * more than such a page got through unbroken, twice as much is tried. */
void
kept_page_max(struct sync_counts *counts, const struct sync_counts *before,
	size_t was, enum status result, struct store *s)
{
	size_t bytes = counts->sent_bytes + counts->received_bytes -
		before->sent_bytes - before->received_bytes;
	struct sync_line *line = &counts->line;
	struct err ignored = ERR_INIT;

	if (!result && line->breaks == before->line.breaks &&
	    bytes > line->page_max)
		line->page_max = line->page_max < WIRE_MAX_BYTES_MAX / 2 ?
			line->page_max * 2 : 0;
	if (line->page_max != was &&
	    runs_set_page_max(s, (int64_t)line->page_max, &ignored))
		ignored = (struct err)ERR_INIT;
}
