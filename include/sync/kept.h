#ifndef SYNC_KEPT_H
#define SYNC_KEPT_H

#include "sync/sync.h"

/*
 * What a sync leaves behind for the sync page and for the next one: how it
 * went, and what the line bore.  before: the counts when it began.  What cannot
 * be kept is no reason to say that it failed.
 */
void kept_run(struct sync_counts *counts, const struct sync_counts *before,
	int64_t began_at, int64_t took_ms, enum status result,
	const struct err *why, struct store *s);

/* was: as it was remembered. */
void kept_page_max(struct sync_counts *counts,
	const struct sync_counts *before, size_t was, enum status result,
	struct store *s);

#endif
