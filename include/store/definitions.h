#ifndef STORE_DEFINITIONS_H
#define STORE_DEFINITIONS_H

#include "base/buf.h"
#include "base/err.h"
#include "core/schema.h"

/*
 * The county's definitions in the cache's folder, in definitions/VERSION; the
 * file definitions/current names the one to begin with.  They are no secret,
 * and are needed before anybody signs in, so they are not sealed; a version is
 * the hash of its content, and what does not have it is not used.
 *
 * Sessions that are open keep what they began with: the version before the
 * current one stays, too.
 */
enum { DEFINITIONS_VERSION_MAX = 17 };

/* The version to begin with; "" the program's own. */
void definitions_current(char out[DEFINITIONS_VERSION_MAX], const char *home);

/* Errors: E_NOTFOUND; E_INVALID damaged, or not for this program; E_IO. */
MUST_CHECK enum status definitions_load(struct schema **out,
	const char *home, const char *version, struct err *err);

/* Keep a bundle (core/bundle.h) that was found good, and begin with it from
 * now on.  Errors: E_IO; the ones before it are as they were. */
MUST_CHECK enum status definitions_keep(const char *home,
	const char *version, const struct buf *bundle, struct err *err);

/* Begin with the program's own from now on. */
void definitions_drop(const char *home);

#endif
