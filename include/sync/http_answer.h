#ifndef SYNC_HTTP_ANSWER_H
#define SYNC_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/zip.h"

/*
 * What the headers of a reply tell; a header that is longer than a name or a
 * number counts as what its beginning says.
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

#endif
