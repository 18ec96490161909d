#ifndef CORE_BUNDLE_H
#define CORE_BUNDLE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/schema.h"

/*
 * All definition files as one text: so they go from the server to a cache, and
 * so the cache keeps them.
 *
 *   fengqiao-definitions 1 COUNT
 *   PATH BYTES		then so many bytes and a newline, COUNT times
 */
enum {
	BUNDLE_BYTES_MAX = 8 * 1024 * 1024,
	BUNDLE_FILES_MAX = 400,
};

struct bundle {
	char *text;		/* owned; what files point into */
	struct def_file *files;	/* owned */
	size_t count;
};

void bundle_release(struct bundle *b);

void bundle_print(struct buf *out, const struct def_file *files, size_t count);
/* Errors: E_INVALID it is none, or larger than the limits. */
MUST_CHECK enum status bundle_parse(struct bundle *out, const char *text,
	size_t len, struct err *err);

/*
 * The definitions of a bundle, which must have this version: the version is a
 * hash over all of it.
 * Errors: E_INVALID damaged, of another version, or with complaints.
 */
MUST_CHECK enum status bundle_load(struct schema **out, const char *text,
	size_t len, const char *version, struct err *err);

#endif
