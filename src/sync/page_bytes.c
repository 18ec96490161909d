/*
 * The size of the next page, from what the last exchanges took and bore.
 */
#include "sync/page_bytes.h"

#include "core/wire.h"

enum {
	LINE_TIME_MS = 20 * 1000,
	BROKEN_BYTES = 8 * 1024,	/* less is no matter of a page's size */
	PAGES = 4,			/* through a connection that will break */
};

/* About 20 s of this line, from what the last exchange took. */
size_t
page_bytes_next(size_t wire_bytes, int64_t took_ms, size_t now)
{
	size_t bytes;

	if (took_ms < 1)
		took_ms = 1;
	bytes = wire_bytes * PAGE_BYTES_SQUEEZE * LINE_TIME_MS / (size_t)took_ms;
	if (bytes > now * 8)
		bytes = now * 8;	/* one lucky page proves little */
	if (bytes < WIRE_MAX_BYTES_MIN)
		bytes = WIRE_MAX_BYTES_MIN;
	if (bytes > PAGE_BYTES_MAX)
		bytes = PAGE_BYTES_MAX;
	return bytes;
}

size_t
page_bytes_bearable(const struct sync_line *line, size_t bytes)
{
	size_t most = line->page_max;

	return most && bytes > most ? most : bytes;
}

/* A line that resets its connections after some hundred kilobytes would never
 * let a larger page through.  PAGES of them are to fit before it breaks; much
 * smaller ones pack worse. */
void
page_bytes_broke(struct sync_line *line,
	const struct transport_reply *reply, size_t ask)
{
	size_t part = reply->sent_bytes + reply->received_bytes;
	size_t fits = ask / 2;

	if (part >= BROKEN_BYTES) {
		if (line->passed > 0 && line->bytes > 0)
			fits = (line->passed + part) * 19 / 20 / PAGES * line->ask /
				line->bytes;
		if (fits < WIRE_MAX_BYTES_MIN)
			fits = WIRE_MAX_BYTES_MIN;
		if (fits < ask)
			line->page_max = fits;
		line->breaks++;
	}
	line->passed = 0;
}
