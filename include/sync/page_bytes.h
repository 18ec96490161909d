#ifndef SYNC_PAGE_BYTES_H
#define SYNC_PAGE_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "sync/transport.h"

/*
 * How large a page the line bears: about 20 s of it, and not more than gets
 * through a connection that breaks again and again.
 */
enum {
	PAGE_BYTES_MAX = 640 * 1024,	/* 10,000 records in 20, either way; a
					 * larger one is held in memory */
	PAGE_BYTES_SQUEEZE = 3,		/* packed text is about a third */
};

struct sync_line {
	size_t page_max;	/* that it bears, as hello's max; 0: any */
	size_t breaks;		/* within a page */
	size_t passed;		/* bytes since it last broke */
	size_t ask, bytes;	/* of the last page, as asked and as packed */
};

/* What to ask for next, when now bytes were asked for and so many came over the
 * wire in this time. */
size_t page_bytes_next(size_t wire_bytes, int64_t took_ms, size_t now);

/* Not more than this line bears. */
size_t page_bytes_bearable(const struct sync_line *line, size_t bytes);

/* The line broke within a page of ask bytes; reply says what had passed. */
void page_bytes_broke(struct sync_line *line,
	const struct transport_reply *reply, size_t ask);

#endif
