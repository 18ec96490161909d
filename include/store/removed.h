#ifndef STORE_REMOVED_H
#define STORE_REMOVED_H

#include <stddef.h>
#include <stdint.h>

#include "core/record.h"
#include "store/store.h"

/*
 * What the server took from this cache without having said why: kept sealed
 * for 30 days, so that what was removed by mistake can be looked at, written
 * out and put back.  What left because another office has it, because it was
 * sealed or because a role or a device may not hold it any more is not here,
 * nor anything of a sealed stream: its content must go.
 */
enum { REMOVED_DAYS = 30 };

struct removed {
	struct record record;		/* as the server had it last; owned */
	int64_t removed_at;
};

struct removed_list {
	struct removed *items;		/* owned; the last removed first */
	size_t count;
};

void removed_list_release(struct removed_list *l);

/* Those of registers that the person may read; not those that are here again
 * or were put back.  Errors: E_AUTH locked; E_INVALID damaged; E_IO. */
MUST_CHECK enum status removed_list(struct removed_list *out, struct store *s,
	struct err *err);

/*
 * Put one back, as a new entry of the person's: the county sees who did it.
 * References to others that were put back lead to their new entries.  *out: the
 * new id.  Errors: E_NOTFOUND there is none; as of save_record().
 */
MUST_CHECK enum status removed_restore(struct uuid *out, struct store *s,
	const struct uuid *id, struct err *err);

/* For apply_page(), in its transaction: keep one that leaves (not one that its
 * own values seal), let one go that came again as sealed, and those whose time
 * is over.  Errors: E_IO. */
MUST_CHECK enum status removed_keep(struct store *s, const struct record *r,
	struct err *err);
MUST_CHECK enum status removed_drop(struct store *s, const struct uuid *id,
	struct err *err);
MUST_CHECK enum status removed_forget(struct store *s, struct err *err);

#endif
