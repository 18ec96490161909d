#ifndef STORE_KEYRING_H
#define STORE_KEYRING_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * The Linux kernel's keyring of this user: a secret under a name, kept in
 * kernel memory until a timeout, readable by all sessions of the same user and
 * by nobody else.  There may be none (an old kernel, a container): then every
 * call says so with E_AUTH and people sign in again.
 */

/* Put or replace; gone after timeout_s seconds.  Errors: E_AUTH. */
MUST_CHECK enum status keyring_put(const char *name, const void *secret,
	size_t len, int timeout_s, struct err *err);

/* Append the secret to out.  Errors: E_AUTH not there or run out. */
MUST_CHECK enum status keyring_get(struct buf *out, const char *name,
	struct err *err);

void keyring_drop(const char *name);	/* also when it is not there */

#endif
