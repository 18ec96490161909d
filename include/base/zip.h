#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Compression of request and reply bodies: the only door to zlib and zstd. */
enum zip { ZIP_NONE, ZIP_GZIP, ZIP_ZSTD };

/* "gzip", "zstd", "identity": HTTP's names.  parse: -1 for another. */
const char *zip_name(enum zip how);
int zip_parse(const char *name);

/* Append text to out, compressed (gzip level 6, zstd level 3; a zstd frame is
 * flushed every 32 kB so that a cut body still decodes line by line).
 * Errors: E_INVALID it does not fit into out. */
MUST_CHECK enum status zip_pack(struct buf *out, enum zip how,
	const void *text, size_t len, struct err *err);

/* Append the unpacked bytes to out, which ends the work at out->max: a small
 * body cannot unpack into all memory.  Errors: E_INVALID damaged, cut short,
 * or too large; what could be unpacked before is in out.  A zstd body cut just
 * between two frames cannot be told from a whole one: its last line can. */
MUST_CHECK enum status zip_unpack(struct buf *out, enum zip how,
	const void *bytes, size_t len, struct err *err);

#endif
