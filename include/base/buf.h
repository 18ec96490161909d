#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * A byte buffer that grows up to a ceiling set at birth.  The bytes are always
 * followed by a NUL.  Going over the ceiling is remembered in "full" (nothing
 * is added any more), so that many additions can be checked once.
 */
struct buf {
	char *data;	/* owned; never NULL after buf_init */
	size_t len;	/* bytes used, without the NUL */
	size_t cap;	/* bytes allocated */
	size_t max;	/* the most len may become */
	bool full;	/* something did not fit */
};

/* Ceilings by use, so that no caller invents its own. */
enum {
	BUF_LINE_MAX = 64 * 1024,		/* one line of a screen or report */
	BUF_RECORD_MAX = 1024 * 1024,		/* one record as JSON */
	BUF_BATCH_MAX = 16 * 1024 * 1024,	/* one request or reply body */
};

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);	/* accepts a zeroed struct */
void buf_clear(struct buf *b);		/* empties, keeps the memory */

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_text(struct buf *b, const char *text);	/* NUL-terminated */
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* For libraries that write by themselves: room for len bytes behind the text,
 * or NULL (and full) when they do not fit; borrowed until the next call.  What
 * was written there counts after buf_added(). */
char *buf_room(struct buf *b, size_t len);
void buf_added(struct buf *b, size_t len);

/* Cut back to len bytes (len <= b->len); no longer full. */
void buf_cut(struct buf *b, size_t len);

/* Remove len bytes from the front (len <= b->len). */
void buf_drop(struct buf *b, size_t len);

/* The text moves to the caller, who frees it; what stays behind is a released
 * buffer: buf_init() before it is used again. */
char *buf_take(struct buf *b);

#endif
