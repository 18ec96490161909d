#ifndef SYNC_FETCH_H
#define SYNC_FETCH_H

#include "base/err.h"
#include "sync/page.h"
#include "sync/transport.h"

/*
 * The reply to a request that was begun: waited for, unpacked and read, by a
 * thread of its own while the page before it is applied if the transport lets
 * it, else when it is asked for.  The thread has only the transport and what it
 * makes; nothing else speaks over that transport until fetch_end().
 */
struct fetch;

/* After net->begin(), instead of net->finish().  apart: there is other work
 * meanwhile.  net outlives it.  Owned: fetch_end(). */
struct fetch *fetch_begin(const struct transport *net, bool apart);

/* What net->finish() says.  *page: of a reply with status 200 that can be read;
 * else its count is 0 and *page_err says why, as page_parse() does.  Frees f,
 * also when it fails. */
MUST_CHECK enum status fetch_end(struct fetch *f,
	struct transport_reply *reply, struct page *page, struct err *page_err,
	struct err *err);

#endif
