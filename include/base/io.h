#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Files.  Everything we make is 0600, every folder 0700. */

/* Append a file's bytes to out; "-" is standard input.
 * Errors: E_NOTFOUND; E_IO; E_INVALID larger than out->max, or a folder. */
MUST_CHECK enum status io_read(struct buf *out, const char *path,
	struct err *err);

/* Write a whole file or nothing: a new file beside it, synced, renamed over
 * the old one, the folder synced.  Errors: E_IO; the old file is as it was. */
MUST_CHECK enum status io_write(const char *path, const void *bytes,
	size_t len, struct err *err);

/* Make a folder (and its parents) for us alone; an existing one must belong
 * to us and be closed to others.  Errors: E_IO; E_AUTH not ours or open. */
MUST_CHECK enum status io_private_dir(const char *path, struct err *err);

bool io_exists(const char *path);

/* "dir/name" in memory owned by the caller. */
char *io_join(const char *dir, const char *name);

/* Names of the entries of a folder that end in suffix, sorted by byte; owned
 * by the caller, each and the array.  Errors: E_NOTFOUND, E_IO. */
MUST_CHECK enum status io_list(char ***out, size_t *count, const char *dir,
	const char *suffix, struct err *err);

/* A path as somebody typed it: "~/name" lies in $HOME.  Owned by the caller. */
char *io_typed_path(const char *typed);

/* Write all bytes to a descriptor, again after EINTR and short writes.
 * false: errno says why. */
bool io_write_all(int fd, const void *bytes, size_t len);

/* An errno in the user's words, to stand after "...: "; borrowed until the
 * thread's next call. */
const char *io_reason(int code);

#endif
