#ifndef STORE_DRAFT_H
#define STORE_DRAFT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/record.h"
#include "store/store.h"

/*
 * Forms in progress, sealed, written within a second of the last key, offered
 * again after any end of the session.  A draft belongs to its user.
 */
struct draft {
	char key[UUID_TEXT_MAX];	/* the draft's own id */
	struct record record;		/* as typed so far; id zero: a new one */
	struct record seen;		/* what it started from; reg "" if new */
	int64_t saved_at;
	char field[RECORD_NAME_MAX];	/* where the cursor was */
};
void draft_release(struct draft *d);

struct draft_list {
	struct draft *items;
	size_t count;
};
void draft_list_release(struct draft_list *l);

/* Write or replace by key.  Errors: E_AUTH locked; E_IO. */
MUST_CHECK enum status draft_put(struct store *s, const struct draft *d,
	struct err *err);
/* Is it still there?  Another window may have saved or dropped it. */
MUST_CHECK enum status draft_is_there(bool *out, struct store *s,
	const char *key, struct err *err);
MUST_CHECK enum status draft_drop(struct store *s, const char *key,
	struct err *err);
/* The signed-in user's, newest first. */
MUST_CHECK enum status draft_list(struct draft_list *out, struct store *s,
	struct err *err);

/* Everybody's that are of a record, or name it.  In a transaction.
 * Errors: E_INVALID damaged; E_IO. */
MUST_CHECK enum status draft_drop_about(struct store *s,
	const struct uuid *id, struct err *err);

#endif
