#ifndef STORE_AUDIT_ROWS_H
#define STORE_AUDIT_ROWS_H

#include "core/audit.h"
#include "store/inside.h"

/* The rows and marks of the trace; for store/audit.c alone. */

struct audit_place {
	int64_t n;			/* 0: before the first */
	uint8_t hash[AUDIT_HASH];	/* of that entry */
};

#define AUDIT_MARK_HEAD "head"
#define AUDIT_MARK_ANCHOR "anchor"
#define AUDIT_MARK_ACKED "acked"
#define AUDIT_META_EPOCH "audit_epoch"	/* of the server that has them */

/* Zeros if there is no such mark.  While locked only n is read.
 * Errors: E_INVALID it was not written under this cache's key; E_IO. */
MUST_CHECK enum status audit_mark_get(struct audit_place *out,
	struct store *s, const char *name, struct err *err);
MUST_CHECK enum status audit_mark_put(struct store *s, const char *name,
	const struct audit_place *place, struct err *err);

struct seal audit_rows_seal(int64_t n);		/* of an entry */

/* The last row, or the anchor. */
MUST_CHECK enum status audit_rows_last(struct audit_place *out,
	struct store *s, struct err *err);
MUST_CHECK enum status audit_rows_at(struct audit_place *out, bool *found,
	struct store *s, int64_t n, struct err *err);

/* Append the text of a row (n, clear, hash, entry).  Errors: E_INVALID it was
 * changed or belongs elsewhere. */
MUST_CHECK enum status audit_rows_text(struct buf *out,
	const struct store *s, struct db_stmt *row, struct err *err);

#endif
