#ifndef SERVER_TLS_H
#define SERVER_TLS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * The server's own authority and certificates: the only door to GnuTLS.
 * Keys are ECDSA P-256, two to three times cheaper here than RSA.  A county
 * has no public name and often no internet, so it has an authority of its own;
 * clients are given its certificate (ca.pem) when they are enrolled.
 */

/* TLS 1.3 and 1.2 and nothing older. */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

enum { TLS_HOSTS_MAX = 16, TLS_PEM_MAX = 16 * 1024 };

/* Append a new key and its self-signed certificate (10 years) as PEM.
 * Errors: E_IO the library refused. */
MUST_CHECK enum status tls_make_authority(struct buf *key, struct buf *cert,
	const char *name, struct err *err);

/*
 * Append a new server key and its certificate (10 years) for these names and
 * addresses, signed by the authority, as PEM.
 * Errors: E_INVALID the authority cannot be read, or a host is no name or
 * address; E_IO the library refused.
 */
MUST_CHECK enum status tls_make_server(struct buf *key, struct buf *cert,
	const char *ca_key_pem, const char *ca_cert_pem,
	const char *const *hosts, size_t host_count, struct err *err);

#endif
