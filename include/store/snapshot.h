#ifndef STORE_SNAPSHOT_H
#define STORE_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/wire.h"
#include "store/apply.h"
#include "store/store.h"

/*
 * Beginning a stream with a snapshot (core/wire.h): the file comes in pieces,
 * each sealed and stored as it comes, and when all are here and their hash is
 * the one that was promised, its records are applied in transactions of
 * bounded size.  A kill anywhere costs nothing of what was stored or applied.
 *
 * Until the last transaction the stream's cursor stays at 0.  A record that
 * another stream has brought in a newer version keeps it.
 */
struct snapshot_load {
	struct wire_snapshot what;
	int64_t seq;		/* applied up to this position */
};

/* What is being taken of a stream.  Errors: E_NOTFOUND nothing; E_IO. */
MUST_CHECK enum status snapshot_get(struct snapshot_load *out,
	struct store *s, const char *stream, struct err *err);
/* Begin with this one.  Errors: E_IO. */
MUST_CHECK enum status snapshot_begin(struct store *s,
	const struct wire_snapshot *what, struct err *err);

/* The first bytes that are missing: from *from up to *to; *from == *to: none
 * are.  Errors: E_IO. */
MUST_CHECK enum status snapshot_gap(int64_t *from, int64_t *to,
	struct store *s, const struct snapshot_load *l, struct err *err);
/* Store a piece where it was missing.  Errors: E_AUTH locked; E_IO. */
MUST_CHECK enum status snapshot_add(struct store *s,
	const struct snapshot_load *l, int64_t at, const void *bytes,
	size_t len, struct err *err);
/* Bytes stored, of all that are being taken. */
MUST_CHECK enum status snapshot_stored(int64_t *out, struct store *s,
	struct err *err);

/* All are here: are they what was promised?  Pieces that do not open any more
 * are forgotten, *whole is false then, and they are missing again.
 * Errors: E_INVALID it is another file; E_AUTH; E_IO. */
MUST_CHECK enum status snapshot_verify(bool *whole, struct store *s,
	const struct snapshot_load *l, struct err *err);
/* Apply what is not yet; at the end the cursor is the snapshot's, and the
 * pieces are gone.  Errors: E_INVALID it makes no sense, or is of another
 * server or stream; E_AUTH; E_IO. */
MUST_CHECK enum status snapshot_apply(struct apply_counts *counts,
	struct store *s, struct snapshot_load *l, struct err *err);

/* Not this one after all: forget the pieces, and what was applied leaves.
 * never: nor at another time.  Errors: E_AUTH; E_IO. */
MUST_CHECK enum status snapshot_give_up(struct apply_counts *counts,
	struct store *s, const struct snapshot_load *l, bool never,
	struct err *err);
/* Was this one given up for ever?  Errors: E_IO. */
MUST_CHECK enum status snapshot_is_bad(bool *out, struct store *s,
	const struct wire_snapshot *what, struct err *err);

#endif
