#ifndef SYNC_HTTP_ANSWER_H
#define SYNC_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/zip.h"
#include "sync/transport.h"

/*
 * An answer over HTTP (RFC 9110, RFC 9112) as it comes in: what its headers
 * tell, where its body goes, and what it says in the end.  A header that is
 * longer than a name or a number counts as what its beginning says.
 */
enum { HTTP_ANSWER_HEADER_MAX = 64 };

struct http_answer {
	struct buf *packed;	/* where any other body goes; borrowed */
	char type[HTTP_ANSWER_HEADER_MAX];
	enum zip zip;
	bool unknown_zip;
	int64_t server_at;
	int retry_after_s;
	int64_t offset, total;
	long status;
	/* where a file's bytes go; not the headers' */
	bool (*take)(void *self, int64_t at, const void *bytes, size_t len);
	void *take_self;
	size_t taken;
};

/* A line of the head, the first one (HTTP/1.1 200 OK) too, which begins anew:
 * what stood before is forgotten but for where the body goes. */
void http_answer_header(struct http_answer *a, const char *line, size_t len);

/* Bytes of the body, as they are packed: to take() the bytes of a file, all
 * others to packed.  false: enough, give up (take() says so, packed is full). */
bool http_answer_body(struct http_answer *a, const void *bytes, size_t len);

/*
 * All has come, with this status: what is in packed, unpacked, and what the
 * headers said; out is the caller's, transport_reply_release().  What a
 * gateway on the way answers in a page of its own (413, 429, 5xx) is its
 * status and no body.
 * Errors: E_INVALID it is not the answer of a server of ours; E_OFFLINE it was
 * cut short.
 */
MUST_CHECK enum status http_answer_reply(struct transport_reply *out,
	const struct http_answer *a, int status, struct err *err);

#endif
