#ifndef SYNC_CALL_H
#define SYNC_CALL_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"
#include "sync/transport.h"

/*
 * One question of whoever is signed in, and the server's answer as it came:
 * for what is known or done there and nowhere else, and kept nowhere here.
 *
 * body NULL: a GET, else a POST of that JSON.  The answer is appended to out.
 * Errors: E_AUTH nobody is signed in; the transport's; those of a refusal
 * (session_check).
 */
MUST_CHECK enum status call_server(struct buf *out, struct store *s,
	const struct transport *net, const char *path, const char *body,
	struct err *err);

#endif
