#ifndef SYNC_HTTP_CLIENT_H
#define SYNC_HTTP_CLIENT_H

#include <signal.h>

#include "base/err.h"
#include "sync/transport.h"

/*
 * HTTPS with libcurl, the only file that includes it.  One connection, kept
 * open between requests.  TLS 1.2 or newer, the server's certificate always
 * checked, no redirects, no proxy, no key log: SSLKEYLOGFILE and the proxy
 * variables are removed from the environment.  Blocks; the screens therefore
 * run it in a process of its own.
 */
struct http_client;

/*
 * url      "https://host[:port]", nothing else
 * ca_file  PEM of the authority to trust instead of the system's; NULL: theirs
 * Errors: E_INVALID not such an address, or the file is no certificate;
 * E_NOTFOUND the file is not there; E_IO.
 */
MUST_CHECK enum status http_client_new(struct http_client **out,
	const char *url, const char *ca_file, struct err *err);
void http_client_free(struct http_client *c);	/* accepts NULL */

/* For a process that will need a client: a thread of its own loads the library
 * meanwhile.  Before any http_client_new(), and http_client_settle() follows,
 * whether or not a client was made. */
void http_client_prepare(void);
void http_client_settle(void);

/* The client as a transport; lent, valid as long as the client. */
struct transport http_client_transport(struct http_client *c);

/* Give up a request under way when *flag becomes non-zero (a signal). */
void http_client_stop_on(struct http_client *c, const volatile sig_atomic_t *flag);

#endif
