#ifndef STORE_ERASED_H
#define STORE_ERASED_H

#include <stdbool.h>

#include "base/err.h"
#include "base/uuid.h"
#include "store/store.h"

/*
 * What the county had erased for good: an end says so of whatever this device
 * ever sent or could see (core/wire.h), and a gone line whose reason is
 * "erased".
 *
 * 1. It leaves the cache whole: what is shown, history, attachments, forms in
 *    progress, what was kept of removed records, and what was entered on it.
 * 2. An operation keeps its number, record and verdict, and says nothing any
 *    more.  One that has no verdict yet is sent first, as it was entered, for
 *    the server knows it by its words; it is refused, and emptied then.
 * 3. What was typed in forms in general (store/recall.h) stays: it names nobody.
 */

struct wire_line;

/* How far what was erased is known here, for hello; from the beginning again,
 * of another ledger.  Errors: E_IO. */
MUST_CHECK enum status erased_heard(int64_t *out, struct store *s,
	struct err *err);
MUST_CHECK enum status erased_forget(struct store *s, struct err *err);

/* For apply_page(), in its transaction: it was erased, or what an end says; and
 * at the end of the page, *any: something was emptied.  Errors: E_IO; E_INVALID
 * damaged. */
MUST_CHECK enum status erased_note(struct store *s, const struct uuid *id,
	struct err *err);
MUST_CHECK enum status erased_hear(struct store *s,
	const struct wire_line *end, struct err *err);
MUST_CHECK enum status erased_sweep(bool *any, struct store *s,
	struct err *err);

#endif
