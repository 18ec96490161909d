#ifndef SYNC_TRANSPORT_H
#define SYNC_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/zip.h"

/*
 * What sync needs of a network: one request, one reply.  http_client is the
 * real one; tests put a server into the same process behind it.
 */
struct transport_request {
	const char *path;		/* "/v1/sync" */
	bool get;			/* without a body; else a POST */
	bool head;			/* the same, and no body comes back */
	bool put;			/* instead of a POST: body belongs at */
	int64_t offset;			/* this place of the whole */
	int64_t first, last;		/* get: only these bytes of it; last 0:
					 * all */
	const char *device_token;	/* NULL: none */
	const char *user_token;		/* NULL: none */
	const char *type;		/* content type of body */
	const void *body;		/* plain; packed by the transport */
	size_t len;
	enum zip zip;
	bool packed;			/* the body is, like that, already */
	int silence_s;			/* the server may be silent for so much
					 * longer than usual */
	/* Asked once a second meanwhile, and when a signal came; true: give up,
	 * at once.  NULL */
	bool (*enough)(void *self);
	void *enough_self;
	/* get: the bytes of a file as they come and where they stand in it,
	 * instead of a body when all are here; what was taken before the line
	 * broke stays so.  false: give up, E_INVALID.  NULL */
	bool (*take)(void *self, int64_t at, const void *bytes, size_t len);
	void *take_self;
};

struct transport_reply {
	int status;		/* HTTP status; 0: enough() said so */
	int retry_after_s;	/* Retry-After, 0 if absent */
	struct buf body;	/* unpacked; owned by the reply's owner */
	size_t sent_bytes;	/* body bytes on the wire */
	size_t received_bytes;
	int64_t server_at;	/* X-Server-Time, 0 if absent */
	bool again;		/* the line had broken meanwhile: it went over
				 * a new one, perhaps for the second time */
	/* Where the body stands in the whole, or how much of an upload is
	 * there, and of how many bytes; -1 it does not say. */
	int64_t offset, total;
};

struct transport {
	void *self;
	/*
	 * Errors: E_OFFLINE no connection, no answer in time, cut short; E_AUTH
	 * the certificate is not the one expected (a sentence says which check
	 * failed); E_INVALID the answer is not from a Fengqiao server (HTML, a
	 * redirect, another protocol).  A reply with any HTTP status and our
	 * content type is E_OK.  With E_OFFLINE the two numbers of bytes say
	 * what passed before the line broke, and nothing else is set.
	 */
	enum status (*post)(void *self, struct transport_reply *reply,
		const struct transport_request *request, struct err *err);
	/*
	 * The same in two halves, so that there can be work while the server
	 * works: begin sends, finish waits for the reply and says what went
	 * wrong in either.  Exactly one finish follows each begin, and nothing
	 * else comes between.  What request points to need not outlive begin.
	 */
	void (*begin)(void *self, const struct transport_request *request);
	bool apart;		/* finish may be called by another thread */
	/* Another line to the same server, for a request that does not wait for
	 * the one under way on this; made when it is first asked for.  Lent, as
	 * long as this one; NULL, also the function: there is none. */
	const struct transport *(*other)(void *self);
	enum status (*finish)(void *self, struct transport_reply *reply,
		struct err *err);
};

void transport_reply_release(struct transport_reply *r);

#endif
