#ifndef SERVER_TRIES_H
#define SERVER_TRIES_H

#include "base/err.h"
#include "base/uuid.h"

/*
 * Wrong passwords: counted for a person on a device, and for all persons of a
 * device together, in the ledger, so that restarting the server gives no new
 * tries.  After the free ones each doubles the wait; a quiet day makes good
 * again.
 */
struct db;

enum {
	TRIES_FREE = 5,			/* then it locks */
	TRIES_LOCK_S = 60,		/* doubled with each further try */
	TRIES_LOCK_MAX_S = 3600,
	TRIES_DEVICE = 20,		/* of any names, within an hour */
};

/* How long no try is allowed; 0: one is.  Errors: E_IO. */
MUST_CHECK enum status tries_wait_s(int *out, struct db *db,
	const char *login, const struct uuid *device, struct err *err);
/* One more was wrong. */
MUST_CHECK enum status tries_failed(struct db *db, const char *login,
	const struct uuid *device, struct err *err);
/* One was right. */
MUST_CHECK enum status tries_forget(struct db *db, const char *login,
	const struct uuid *device, struct err *err);

#endif
