#ifndef SERVER_LEDGER_FEED_H
#define SERVER_LEDGER_FEED_H

#include <stddef.h>

#include "base/buf.h"
#include "core/wire.h"
#include "server/answer.h"
#include "server/ledger.h"
#include "server/ledger_judge.h"

/*
 * What a device gets: the streams it may hold, from its cursors on, in pages.
 * A record that the device itself has just sent, and whose content and instant
 * are now what the device expects, is named and not sent back.  A stream that
 * it follows and may not hold any more ends as a whole.
 */

/* What the device will have after its operations of this request. */
struct feed_expected {
	struct uuid record;
	int64_t n;			/* of the operation */
	int64_t at;			/* by the device's clock */
	char hash[RECORD_HASH_MAX];
	int64_t rev;			/* to be told in a run, if the record
					 * has this revision; 0: never */
	bool *told;			/* a run tells its verdict; borrowed */
};

/* The streams that a device may hold: one of the county follows every office,
 * another one its own; sealed ones if anybody who works at it may: several
 * people share a cache, which shows each what is theirs (store/hidden.h).
 * Sorted; owned by the caller, free().  Errors: E_IO. */
MUST_CHECK enum status feed_streams(char (**out)[WIRE_STREAM_MAX],
	size_t *count, struct db *db, const struct ledger_peer *peer,
	struct err *err);

/* Is this one of them? */
bool feed_may_hold(const struct ledger_peer *peer, const char *stream);

/* Does the record stand in one of them, and may whoever asks see it?
 * Errors: E_IO. */
MUST_CHECK enum status feed_may_see(bool *out, struct db *db,
	const struct ledger_peer *peer, const struct uuid *record,
	struct err *err);
/* The same, or did it stand in one of them once, before it was sealed?  What
 * was entered on it then is not lost.  Errors: E_IO. */
MUST_CHECK enum status feed_has_seen(bool *out, struct db *db,
	const struct ledger_peer *peer, const struct uuid *record,
	struct err *err);

/* Do the device's cursors and the epoch it knows belong to this ledger?
 * *answer: ANSWER_SERVER_BEHIND, ANSWER_FEED_DIVERGED.  Errors: E_IO. */
MUST_CHECK enum status feed_check(enum answer *answer, struct ledger *l,
	const struct ledger_peer *peer, const struct wire_hello *hello,
	struct err *err);

/*
 * Append feed lines up to hello's max_bytes, at least one if there is any, and
 * fill cursors and "more" of end.  expected is sorted here.  One snapshot.
 * Errors: E_IO.
 */
MUST_CHECK enum status feed_page(struct buf *out, struct wire_line *end,
	struct ledger *l, const struct ledger_peer *peer,
	const struct wire_hello *hello, struct feed_expected *expected,
	size_t expected_count, struct err *err);

#endif
