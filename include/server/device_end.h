#ifndef SERVER_DEVICE_END_H
#define SERVER_DEVICE_END_H

#include <stdbool.h>

#include "base/err.h"
#include "base/uuid.h"

/*
 * How a device's days end, or go on elsewhere.
 *
 *   revoked  it is refused, and nobody can open its data any more without the
 *            county: the cache forgets the keys of its persons.  May be taken
 *            back.
 *   to erase it is refused, and its cache is to be destroyed.  For good.
 *   erased   the cache has said that it is done.
 *   removed  not listed any more; only what was erased can be.
 *
 * Before anything of this the device hands over what was entered on it and not
 * sent (ledger_judge.h, peer.shut).  Its row and its token stay for ever: a
 * copy of the cache that comes later gets the same order.
 */
struct db;

/* Errors: E_NOTFOUND no such device in use; E_IO. */
MUST_CHECK enum status device_revoke(struct db *db, const struct uuid *id,
	struct err *err);
/* Take a revocation back; persons then sign in with the server again.
 * Errors: E_NOTFOUND no such device; E_CONFLICT it is not revoked, or is to be
 * erased; E_IO. */
MUST_CHECK enum status device_allow(struct db *db, const struct uuid *id,
	struct err *err);
/* It stands in another office now: at its next sync the first one's records
 * leave it.  Errors: E_NOTFOUND no such device, or office; E_IO. */
MUST_CHECK enum status device_give(struct db *db, const struct uuid *id,
	const char *office, struct err *err);
/* Order it to erase its data.  at_once: also when nobody is there whose
 * password opens what waits to be sent, which is then lost.  Again: only
 * at_once counts.  Errors: E_NOTFOUND; E_CONFLICT it has confirmed; E_IO. */
MUST_CHECK enum status device_erase(struct db *db, const struct uuid *id,
	bool at_once, struct err *err);
/* It says that it is done, with the word of the order.  The same again is
 * fine.  Errors: E_NOTFOUND no such order; E_IO. */
MUST_CHECK enum status device_wiped(struct db *db, const struct uuid *id,
	const char *word, struct err *err);
/* Errors: E_NOTFOUND; E_CONFLICT it has not confirmed that it was erased;
 * E_IO. */
MUST_CHECK enum status device_remove(struct db *db, const struct uuid *id,
	struct err *err);

/* How many operations of the device are in no backup.  Errors: E_IO. */
MUST_CHECK enum status device_not_in_backup(int64_t *out, struct db *db,
	const struct uuid *id, struct err *err);

#endif
