#ifndef SYNC_PAGE_H
#define SYNC_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/wire.h"

/* The reply to a sync: its lines, the last of which is an end. */
struct page {
	struct wire_line *lines;	/* owned */
	size_t count;
};

/* Errors: E_OFFLINE it was cut short; E_INVALID a line cannot be read. */
MUST_CHECK enum status page_parse(struct page *out, const struct buf *body,
	struct err *err);
void page_release(struct page *p);

/* Does it say of a record "as you have it"? */
bool page_confirms(const struct page *p);

/* Its lines, a run as many as it stands for.  Of a page that was applied. */
size_t page_count_lines(const struct page *p);

#endif
