#ifndef SYNC_AUDIT_H
#define SYNC_AUDIT_H

#include "base/err.h"
#include "store/store.h"
#include "sync/transport.h"

/*
 * The trace of this cache goes to the county, after what was entered: no
 * request when there is nothing new.  What the server has may come twice; what
 * it has lost, because it was put back, it asks for.  A server that does not
 * know the call is left in peace.
 * Errors: those of the transport; E_AUTH not signed in; E_INVALID, E_IO.
 */
MUST_CHECK enum status sync_audit(struct store *s,
	const struct transport *net, struct err *err);

/* The server's answer to who saw a record (GET /v1/audit), appended to out as
 * it came.  Errors: as above; E_AUTH with the server's sentence, too. */
MUST_CHECK enum status audit_who_fetch(struct buf *out, struct store *s,
	const struct transport *net, const struct uuid *id, struct err *err);

#endif
