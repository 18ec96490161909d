#ifndef SYNC_STICK_H
#define SYNC_STICK_H

#include "store/apply.h"
#include "store/store.h"

/*
 * The first load from a stick (core/stick.h) instead of over the line.  All of
 * it is opened before anything is stored; then it goes the way of a snapshot
 * that came over the line (store/snapshot.h), and sync goes on from its
 * positions.  A stream of which something is here already is left as it is.
 */
struct stick_counts {
	struct apply_counts apply;
	size_t streams, skipped;	/* loaded; left as they are */
	int64_t bytes;
};

/* Errors: E_NOTFOUND no stick there; E_INVALID another code, damaged, for
 * another computer or of another server: nothing changed; E_CONFLICT a sync is
 * running; E_AUTH; E_IO. */
MUST_CHECK enum status stick_load(struct stick_counts *counts,
	struct store *s, const char *dir, const char *code, struct err *err);

#endif
