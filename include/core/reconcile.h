#ifndef CORE_RECONCILE_H
#define CORE_RECONCILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/wire.h"

/*
 * Do two sides hold the same, and what is missing where?  Needed when a ledger
 * was restored from a backup, a cache was damaged, or more is to leave than
 * anybody would believe (sync.md 4.9).
 *
 * Everything a stream holds is summed up as a count and a 64-bit sum, in 256
 * buckets by the last byte of the record's id; equal sums are equal content.
 *
 * POST /v1/reconcile, lines as in wire.h.  The first line of a request, and
 * the last of a reply, is a head {"t":"rec","step",...}; which of its members
 * count depends on the step:
 *
 * start  up: dev ep se, eps: {epoch: "N.HASH" of the last with a verdict}.
 *        down: se, ep (a new one when verdicts were lost), eps: the server's
 *        last up to there; streams; late if the restore was long ago.
 * sums   up: s, sums (256 * 16 hex digits).  down: cur, which (bitmap).
 * ids    up: s, which, then a line for each record held in these buckets
 *        {"t":"id","id","rev","m":item sum}.  down: p and g lines, {"t":"want",
 *        "id"} for what the server lacks, then the head.
 * have   up: s, se (of which ledger these versions are), then p lines.
 *        down: took.  One that no request bears goes in parts, a request each:
 *        {"t":"part","id","at","of","text"}, its p line from byte at on, of of
 *        bytes; the last makes it whole, and at 0 begins anew.
 * done   up: ep, se, then {"t":"done","v":verdict,"rev","why"?,"h":hash,"op":{..}}.
 *        down: took.
 */
enum {
	RECONCILE_BUCKETS = 256,
	RECONCILE_SUMS_TEXT = RECONCILE_BUCKETS * 16 + 1,
	RECONCILE_EPOCHS_MAX = 256,
};

/* What one record adds to the sum of its stream. */
uint64_t reconcile_item(const struct uuid *id, int64_t rev, const char *hash);
int reconcile_bucket(const struct uuid *id);

struct reconcile_epoch {
	int64_t epoch;
	int64_t n;		/* the highest decided */
	char hash[OP_HASH_MAX];	/* of that one */
};

enum reconcile_step { RECONCILE_START, RECONCILE_SUMS, RECONCILE_IDS,
	RECONCILE_HAVE, RECONCILE_DONE };

struct reconcile_head {
	enum reconcile_step step;
	char device[UUID_TEXT_MAX];
	int64_t epoch;
	char server_epoch[UUID_TEXT_MAX];
	char stream[WIRE_STREAM_MAX];
	struct wire_cursor cursor;
	uint64_t sums[RECONCILE_BUCKETS];
	bool which[RECONCILE_BUCKETS];
	int64_t took;
	bool late;		/* what was lost is not taken back any more,
				 * the county looks at it */
	struct reconcile_epoch epochs[RECONCILE_EPOCHS_MAX];
	size_t epoch_count;
	char streams[WIRE_STREAMS_MAX][WIRE_STREAM_MAX];
	size_t stream_count;
};

struct reconcile_line {
	enum { RECONCILE_HEAD, RECONCILE_ID, RECONCILE_WANT, RECONCILE_OP,
		RECONCILE_RECORD, RECONCILE_PART } kind;
	struct uuid id;			/* id, want, part */
	int64_t at, of;			/* part: bytes */
	char *text;			/* part; owned */
	int64_t rev;			/* id, done */
	uint64_t item;			/* id */
	enum verdict verdict;		/* done */
	char why[ERR_MSG_MAX];		/* done */
	char hash[OP_HASH_MAX];		/* done */
	struct op op;			/* done; owned */
	struct wire_line record;	/* p or g; owned */
};

void reconcile_line_release(struct reconcile_line *line);

/* Append a line with its newline. */
void reconcile_print_head(struct buf *out, const struct reconcile_head *head);
void reconcile_print_id(struct buf *out, const struct uuid *id, int64_t rev,
	uint64_t item);
void reconcile_print_want(struct buf *out, const struct uuid *id);
/* op: as op_print() has it. */
void reconcile_print_done(struct buf *out, enum verdict v, int64_t rev,
	const char *why, const char *hash, const char *op);

/* A part of a record's line of len bytes, from at on: up to most bytes, not less
 * than a letter.  How many it has. */
size_t reconcile_print_part(struct buf *out, const struct uuid *id,
	const char *record, size_t at, size_t len, size_t most);

/* One line without its newline; a head goes into *head (its kind is
 * RECONCILE_HEAD).  Errors: E_INVALID names the member. */
MUST_CHECK enum status reconcile_parse(struct reconcile_line *out,
	struct reconcile_head *head, const char *line, size_t len,
	struct err *err);

#endif
