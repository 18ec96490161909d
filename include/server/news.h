#ifndef SERVER_NEWS_H
#define SERVER_NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "core/wire.h"
#include "server/http.h"
#include "server/ledger.h"

/*
 * Devices that wait for news (GET /v1/wait).  A waiting device costs a sleeping
 * connection and an entry in a list, no thread: one thread for all looks at the
 * ends of the streams when the ledger has changed.
 *
 * A device waits once: when it comes again, its older request is answered.
 */
struct news;

enum {
	NEWS_WAIT_S_MAX = 240,		/* the longest wait */
	NEWS_WAITING_MAX = 8000,	/* devices at one time */
	NEWS_GATHER_MS = 100,		/* changes told together */
};

/* Of ledger, which outlives it and tells it of its commits.
 * Errors: E_IO no thread. */
MUST_CHECK enum status news_new(struct news **out, struct ledger *ledger,
	struct err *err);
/* Answer all who wait, and all who come from now on at once. */
void news_end(struct news *n);
void news_free(struct news *n);		/* ends; accepts NULL */

/* What a device waits for: a stream that stands elsewhere than here. */
struct news_stream {
	char name[WIRE_STREAM_MAX];
	int64_t seq;
};

/*
 * Answer the request with 200 and {"streams":[names]} as soon as one of these
 * streams has moved, with 204 after seconds.  streams is taken.  The request
 * must not be touched after true; false: too many wait already.
 */
MUST_CHECK bool news_wait(struct news *n, const struct uuid *device,
	struct news_stream *streams, size_t count, int64_t seconds,
	struct http_call *call, struct http_reply *reply);

#endif
