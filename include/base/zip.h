#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include <stdbool.h>
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
/* The same in a sixth fewer bytes and fifty times the time (a quarter of a
 * second and 10 MB for 1 MB): for a line that is slower than that. */
MUST_CHECK enum status zip_pack_close(struct buf *out, enum zip how,
	const void *text, size_t len, struct err *err);

/* Append the unpacked bytes to out, which ends the work at out->max: a small
 * body cannot unpack into all memory.  Errors: E_INVALID damaged, cut short,
 * or too large; what could be unpacked before is in out.  A zstd body cut just
 * between two frames cannot be told from a whole one: its last line can. */
MUST_CHECK enum status zip_unpack(struct buf *out, enum zip how,
	const void *bytes, size_t len, struct err *err);

/*
 * A zstd file of any length, packed or unpacked piece by piece, in memory that
 * does not grow with it.  Packing takes its time (level 19, 90 MB): for
 * what is packed once and carried often.
 */
struct zip_file;

/* Owned by the caller; about so many bytes are to be packed, which says how much
 * memory that takes (to 100 MB): more than that packs a little worse. */
struct zip_file *zip_file_pack(size_t about_bytes);
struct zip_file *zip_file_unpack(void);		/* owned by the caller */
void zip_file_free(struct zip_file *z);		/* accepts NULL */

/* Pack len bytes more and append what came out of it; last: they are the last.
 * Errors: E_INVALID it does not fit into out. */
MUST_CHECK enum status zip_file_add(struct buf *out, struct zip_file *z,
	const void *bytes, size_t len, bool last, struct err *err);

/* Unpack some of these bytes: up to 64 kB are appended to out, *used says how
 * many were taken, *end that the file ends there.  Nothing appended: it wants
 * more.  Errors: E_INVALID damaged, or no room in out. */
MUST_CHECK enum status zip_file_take(struct buf *out, size_t *used,
	bool *end, struct zip_file *z, const void *bytes, size_t len,
	struct err *err);

#endif
