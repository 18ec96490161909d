#ifndef SYNC_SESSION_H
#define SYNC_SESSION_H

#include "base/err.h"
#include "store/store.h"
#include "sync/transport.h"

/*
 * The two calls that make a cache belong to a county: enrolling the device
 * with a one-time code, and a person's first sign-in with the server.
 */

/* A cache that is enrolled is so again when its county's server does not know
 * it any more, since it was restored from a backup: somebody is signed in then.
 * Errors: E_AUTH the code is unknown, used or too old, or nobody is signed in
 * here; E_CONFLICT the server knows this cache, or it is another county's; and
 * those of the transport.  ca_pem (may be NULL) is kept
 * in the cache's folder for later connections. */
MUST_CHECK enum status session_enroll(struct store *s,
	const struct transport *net, const char *server, const char *code,
	const char *ca_pem, struct err *err);

/* Sign in with the server and admit the user to the cache (store_admit).
 * Errors: E_AUTH wrong password, disabled, revoked, the last two obeyed
 * (sync/dismissal.h); and the transport's. */
MUST_CHECK enum status session_login(struct store *s,
	const struct transport *net, const char *user, const char *password,
	struct err *err);

/*
 * Another password: at the server, then here (store_admit_changed).  The cache
 * need not be unlocked.  Whoever is interrupted in between signs in with the new
 * one, which the cache then learns from the server like one that the county set.
 * Errors: as of session_login; E_INVALID it is no good one, or was used before;
 * E_OFFLINE no answer: nothing was changed here, and perhaps not there.
 */
MUST_CHECK enum status session_password(struct store *s,
	const struct transport *net, const char *user, const char *before,
	const char *after, struct err *err);
/* Does this refusal say that the token ended with a change of the password? */
bool session_password_changed(const struct transport_reply *reply);

/* An HTTP client for the cache's server, trusting its kept authority.
 * Errors: E_NOTFOUND not enrolled. */
struct http_client;
MUST_CHECK enum status session_connect(struct http_client **out,
	struct store *s, struct err *err);

/* Turn a reply that is not 200 into an error: the server's sentence, with the
 * number under which it stands in the server's log if it has one, the right
 * code (401 403 -> E_AUTH, but that the server does not know this computer is
 * E_OFFLINE: work goes on; 409 -> E_CONFLICT, 5xx 429 -> E_OFFLINE, other 4xx
 * -> E_INVALID).  E_OK for 200. */
MUST_CHECK enum status session_check(const struct transport_reply *reply,
	struct err *err);

#endif
