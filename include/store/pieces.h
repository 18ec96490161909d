#ifndef STORE_PIECES_H
#define STORE_PIECES_H

#include "base/buf.h"
#include "store/inside.h"

/*
 * Bytes in the cache, in sealed pieces, for store/scan.  Inside a writing
 * transaction where they write.
 */
struct pieces {
	struct uuid id;			/* made of the hash and this cache's
					 * key */
	int64_t size, have, sent;	/* bytes */
};

void pieces_name(struct pieces *out, struct store *s, const char *hash);
/* Fill in the rest; E_NOTFOUND: nothing of it is here. */
MUST_CHECK enum status pieces_get(struct pieces *b, struct store *s,
	struct err *err);

/* Write its row anew, with its numbers as they are, used now. */
MUST_CHECK enum status pieces_put(struct store *s, const struct pieces *b,
	struct err *err);
/* Add bytes behind those that it has, and its row. */
MUST_CHECK enum status pieces_append(struct store *s, struct pieces *b,
	const void *bytes, size_t len, struct err *err);
/* All its bytes, appended.  Errors: E_INVALID damaged; E_IO. */
MUST_CHECK enum status pieces_read(struct buf *out, struct store *s,
	const struct pieces *b, struct err *err);
MUST_CHECK enum status pieces_drop(struct store *s, const struct uuid *id,
	struct err *err);

#endif
