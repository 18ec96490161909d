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
 * to us and be closed to others.  Errors: E_INVALID there can be none; E_AUTH
 * not ours or open; E_IO. */
MUST_CHECK enum status io_private_dir(const char *path, struct err *err);

/*
 * The same in two steps, for what must not be done when its result could not be
 * written: io_open() finds out whether there can be such a file, io_commit()
 * fills it.  A device or a pipe is written as it is.  {0} is a valid empty one;
 * one that is given up is as if it had never been.
 */
struct io_file {
	char *path, *fresh;	/* owned; fresh NULL: no new file beside it */
	int fd;			/* 0: none is open */
};
/* Errors: E_INVALID there can be none, or it is a folder; E_IO no room. */
MUST_CHECK enum status io_open(struct io_file *out, const char *path,
	struct err *err);
/* Ends it in any case.  Errors: E_IO; the old file is as it was. */
MUST_CHECK enum status io_commit(struct io_file *f, const void *bytes,
	size_t len, struct err *err);
void io_give_up(struct io_file *f);

/* A program that was started with standard input, output or error closed would
 * get a database for one of them: close that gap.  What is printed to a closed
 * one fails as it would have. */
void io_hold_standard(void);
/* Is standard output a pipe that nobody reads any more ("| head")? */
bool io_reader_is_gone(void);

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

/* Of an errno of making or opening a file: is the path wrong (E_INVALID), or
 * the machine (E_IO)? */
enum status io_whose_fault(int code);
/* An errno in the user's words, to stand after "...: "; borrowed until the
 * thread's next call. */
const char *io_reason(int code);

#endif
