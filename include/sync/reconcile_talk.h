#ifndef SYNC_RECONCILE_TALK_H
#define SYNC_RECONCILE_TALK_H

#include "core/reconcile.h"
#include "store/apply.h"
#include "store/store.h"
#include "sync/transport.h"

/*
 * One conversation of POST /v1/reconcile (core/reconcile.h): what both said of
 * themselves, the last answer, and how much the line bears.
 */
enum { TALK_ROUNDS_MAX = 4 * RECONCILE_BUCKETS };	/* of one stream */

struct talk {
	struct store *store;		/* borrowed */
	const struct transport *net;	/* borrowed */
	struct apply_counts *counts;	/* borrowed; may be NULL */
	struct reconcile_head mine;	/* what we said at the start, */
	struct reconcile_head first;	/* and the server */
	char held[UUID_TEXT_MAX];	/* the ledger that versions here are of */
	struct reconcile_head head;	/* of the last reply */
	struct reconcile_line *lines;	/* of the last reply; owned */
	size_t count;
	int status;		/* HTTP's of it; 0 there was none */
	size_t most;		/* bytes that are handed back at once */
	int buckets;		/* that are listed at once */
};

/* Owned; talk_free(). */
struct talk *talk_new(struct store *s, const struct transport *net);
void talk_free(struct talk *t);

/* The first step.  Errors: as of sync_step(). */
MUST_CHECK enum status talk_meet(struct talk *t, struct err *err);

/* Send a head and lines (NULL: none), and have the reply in t.  Errors: as of
 * sync_step(); E_OFFLINE it was cut short; E_INVALID it makes no sense. */
MUST_CHECK enum status talk_ask(struct talk *t,
	const struct reconcile_head *head, const struct buf *lines,
	struct err *err);

/* The head of a later step, owned; stream may be NULL. */
struct reconcile_head *talk_head(const struct talk *t,
	enum reconcile_step step, const char *stream);

/* The server's sums of a stream, and the buckets that differ. */
MUST_CHECK enum status talk_ask_sums(struct talk *t, const char *stream,
	bool which[RECONCILE_BUCKETS], struct err *err);
/* What is held in some of the buckets, and the answer to that; fewer at once
 * where somebody on the way takes no long list. */
MUST_CHECK enum status talk_ask_ids(struct talk *t, const char *stream,
	const bool which[RECONCILE_BUCKETS], struct err *err);

/* Does the last reply want records? */
bool talk_wants(const struct talk *t);
bool talk_any(const bool which[RECONCILE_BUCKETS]);

#endif
