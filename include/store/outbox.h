#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/op.h"
#include "core/wire.h"
#include "store/store.h"

/*
 * Operations made here.  They leave in order of n and stay for ever after a
 * verdict (the trace), undecided, decided or refused.  One that was accepted
 * stays on top of its record's base until the feed line that has it arrives.
 */

/* Append undecided operations with n >= from and, unless before is 0, n <
 * before, oldest first, at least one, up to max_bytes, as the lines they are
 * sent as (core/op.h); *more: others wait
 * behind.  Errors: E_NOTFOUND none; E_AUTH; E_IO; E_INVALID one is damaged or
 * out is full. */
MUST_CHECK enum status outbox_print(struct buf *out, size_t *count, bool *more,
	struct store *s, int64_t from, int64_t before, size_t max_bytes,
	struct err *err);

/* Append the one with this number as wire_print_large() has it.  Errors: as
 * above. */
MUST_CHECK enum status outbox_print_large(struct buf *out, struct store *s,
	int64_t n, struct err *err);

/* Does any wait?  Errors: E_IO. */
MUST_CHECK enum status outbox_waits(bool *out, struct store *s,
	struct err *err);

/* Bytes of all that waits, as it is printed (about).  Errors: E_IO. */
MUST_CHECK enum status outbox_bytes(size_t *out, struct store *s,
	struct err *err);

struct outbox_entry {
	struct op op;
	bool decided;
	enum verdict verdict;	/* when decided */
	char why[ERR_MSG_MAX];	/* of a refusal */
	int64_t rev;
};
void outbox_entry_release(struct outbox_entry *e);

struct outbox_list {
	struct outbox_entry *items;
	size_t count;
};
void outbox_list_release(struct outbox_list *l);

/* OUTBOX_RECEIPTS: what went to the office that has the record now, or was
 * refused and taken in by the county later, until somebody has seen it. */
enum outbox_which { OUTBOX_WAITING, OUTBOX_REFUSED, OUTBOX_RECEIPTS,
	OUTBOX_OF_RECORD };
/* record: only for OUTBOX_OF_RECORD. */
MUST_CHECK enum status outbox_list(struct outbox_list *out, struct store *s,
	enum outbox_which which, const struct uuid *record, struct err *err);

/* Put a refused operation aside: the user mended or gave it up; or a receipt,
 * which was seen.  It stays in the trace.  Errors: E_NOTFOUND. */
MUST_CHECK enum status outbox_withdraw(struct store *s, int64_t epoch,
	int64_t n, struct err *err);

struct outbox_counts {
	size_t waiting, refused, receipts, conflicts, records;
	size_t drafts;		/* of whoever is signed in */
	size_t removed;		/* store/removed.h; also what the person may
				 * not read */
	int64_t oldest_at;	/* of the waiting ones; 0 none */
	int64_t synced_at;	/* last complete sync; 0 never */
	bool loading;		/* the first load has begun and is not complete:
				 * what is here is good for new entries, but
				 * it is not all there is */
	int64_t min_app;	/* the county tells this program nothing new
				 * before it has this number; 0 it does */
};
MUST_CHECK enum status outbox_count(struct outbox_counts *out,
	struct store *s, struct err *err);

#endif
