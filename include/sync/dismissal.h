#ifndef SYNC_DISMISSAL_H
#define SYNC_DISMISSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"
#include "sync/transport.h"

/*
 * The county sends a person, or this whole cache, away (sync.md 4.10, and the
 * server's device_end.h).
 *
 * 1. What was entered here and not sent is handed over first; the server takes
 *    it in and says no.  Before an erasure so is what the server had and lost
 *    since, restored from a backup.  What cannot be handed over is never
 *    destroyed, unless the order says so (stolen).
 * 2. Then keys are destroyed: the person's, everybody's, or the cache with its
 *    files; the last is confirmed, however often it takes.
 */
enum dismissal_kind {
	DISMISSAL_NONE,
	DISMISSAL_USER,		/* the account was disabled, or given to another
				 * office */
	DISMISSAL_DEVICE,	/* revoked: nobody opens the data any more */
	DISMISSAL_ERASE,	/* to be destroyed */
};

struct dismissal {
	enum dismissal_kind kind;
	char word[64];		/* of an order to erase */
	bool at_once;		/* whatever waits */
	char epoch[UUID_TEXT_MAX];	/* the server's ledger's; "" not said */
	int64_t acked;		/* the server has everything up to here; 0 not
				 * said */
	char said[ERR_MSG_MAX];	/* the server's sentence */
};

/* Is this reply one?  Else *out is untouched. */
bool dismissal_read(struct dismissal *out,
	const struct transport_reply *reply);

/*
 * Hand over, then obey; the caller has the cache's sync lock.  user: of a
 * dismissed person.  A store that is locked hands over nothing.
 * Errors: E_AUTH it is done, with the sentence for the person, or (locked) what
 * waits needs somebody's password first; E_OFFLINE not all could be handed
 * over, nothing was destroyed; E_IO.
 */
MUST_CHECK enum status dismissal_obey(struct store *s, const char *user,
	const struct transport *net, const struct dismissal *d,
	struct err *err);

/* Tell the server that the cache which lay in home was erased; nothing to tell
 * is fine.  Errors: E_NOTFOUND nothing was erased here; those of the
 * transport, then it has to be said again. */
MUST_CHECK enum status dismissal_confirm(const char *home,
	const struct transport *net, struct err *err);
/* The same over a connection of its own. */
MUST_CHECK enum status dismissal_report(const char *home, struct err *err);

#endif
