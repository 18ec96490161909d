#ifndef SERVER_LEDGER_STREAM_H
#define SERVER_LEDGER_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "core/record.h"
#include "core/wire.h"

/*
 * Streams: what a device may hold, in the order in which it became so.
 *
 * 1. Positions are given at the end of the writing transaction, so that they
 *    become visible in their order; never a sequence, never the clock.
 * 2. A record stands once in a stream, at its newest position; one that has
 *    left stands there as gone.
 * 3. Every position has a chain hash over all before it; a client that comes
 *    back with another hash has seen another history.
 */
struct db;

enum { STREAM_MARK = 16 };	/* bytes of a chain hash */

/* Records changed in a transaction, each with its newest content. */
struct stream_item {
	char office[RECORD_OFFICE_MAX];
	struct uuid record;
	bool still;		/* the same as before; it may stand elsewhere
				 * now (ledger_place.h) */
	bool erased;		/* it leaves every stream where it ever stood;
				 * one that stood nowhere, its office's */
	int64_t rev;
	char hash[RECORD_HASH_MAX];
};

struct stream_touched {
	struct stream_item *items;	/* owned */
	size_t count;
};

void stream_touched_release(struct stream_touched *t);
/* Remember a change of a record of this office. */
void stream_touch(struct stream_touched *t, const char *office,
	const struct uuid *record, int64_t rev, const char *hash);

/* It was erased (ledger_erased.h): no content is chained with it. */
void stream_touch_erased(struct stream_touched *t, const char *office,
	const struct uuid *record);

/* Look again where this record belongs; nothing if there is none.
 * Errors: E_IO. */
MUST_CHECK enum status stream_touch_still(struct stream_touched *t,
	struct db *db, const struct uuid *record, struct err *err);

/* Give positions to all that was touched, in each stream where it belongs or
 * which it leaves, streams in sorted order, and empty the list.  Must be the
 * last thing in the transaction.  Errors: E_IO. */
MUST_CHECK enum status stream_publish(struct db *db, struct stream_touched *t,
	struct err *err);

/* Why a record of this office is not in a stream where it was: "sealed", it is
 * in another one of the office; "transfer". */
const char *stream_why_gone(const char *office, const char *stream);

/* "3412000001/gen", "3412000001/sealed" */
void stream_name(char out[WIRE_STREAM_MAX], const char *office, bool sealed);

/* Make the streams of an office.  Errors: E_IO. */
MUST_CHECK enum status stream_create(struct db *db, const char *office,
	struct err *err);
/* Those that a ledger from before there were sealed ones lacks. */
MUST_CHECK enum status stream_complete(struct db *db, struct err *err);

/* Where a stream ends now.  id: its number in the feed.
 * Errors: E_NOTFOUND no such stream; E_IO. */
MUST_CHECK enum status stream_end(int64_t *id, struct wire_cursor *out,
	struct db *db, const char *name, struct err *err);

/* Where all streams end, by name; owned by the caller, free().  Errors: E_IO. */
MUST_CHECK enum status stream_ends(struct wire_cursor **out, size_t *count,
	struct db *db, struct err *err);

/* The mark at a position, as 8 hex digits; "00000000" at 0.
 * Errors: E_NOTFOUND no such position was ever given; E_IO. */
MUST_CHECK enum status stream_mark_at(char out[9], struct db *db, int64_t id,
	int64_t seq, struct err *err);

#endif
