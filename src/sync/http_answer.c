/*
 * What came, a piece at a time.
 *
 * What does not look like our server's answer is never parsed: a captive
 * portal's page with status 200 must not be taken for a reply.
 */
#include "sync/http_answer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/tr.h"

enum { RETRY_AFTER_MAX_S = 24 * 3600 };

#define FILE_TYPE "application/octet-stream"

/* The value of "Name: value\r\n" if the header has this name, else NULL. */
static const char *
header_value(char out[HTTP_ANSWER_HEADER_MAX], const char *line, size_t len,
	const char *name)
{
	size_t n = strlen(name), used = 0;

	if (len <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	for (size_t i = n + 1; i < len && used < HTTP_ANSWER_HEADER_MAX - 1; i++) {
		if (line[i] == ';' || line[i] == '\r' || line[i] == '\n')
			break;
		if (line[i] != ' ')
			out[used++] = line[i];
	}
	out[used] = 0;
	return out;
}

/* A number of seconds; the header may also be a date, which says nothing here
 * because no clock of ours is believed. */
static int
read_seconds(const char *text)
{
	long n = *text >= '0' && *text <= '9' ? strtol(text, NULL, 10) : 0;

	return n < RETRY_AFTER_MAX_S ? (int)n : RETRY_AFTER_MAX_S;
}

/* "bytes 0-65535/2000000", its blank gone already. */
static void
read_range(struct http_answer *a, const char *text)
{
	const char *slash = strchr(text, '/');

	if (strncmp(text, "bytes", 5) != 0 || !slash)
		return;
	a->offset = strtoll(text + 5, NULL, 10);
	a->total = strtoll(slash + 1, NULL, 10);
}

/* "HTTP/1.1 206 ..." */
static long
read_status(const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);

	return blank && line + len - blank > 4 ? strtol(blank, NULL, 10) : 0;
}

void
http_answer_header(struct http_answer *a, const char *line, size_t len)
{
	char value[HTTP_ANSWER_HEADER_MAX];

	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0)
		*a = (struct http_answer){ .packed = a->packed, .offset = -1,
			.total = -1, .status = read_status(line, len),
			.take = a->take, .take_self = a->take_self };
	if (header_value(value, line, len, "Content-Type"))
		memcpy(a->type, value, sizeof a->type);
	if (header_value(value, line, len, "Content-Encoding")) {
		int how = zip_parse(value);

		a->unknown_zip = how < 0;
		a->zip = how < 0 ? ZIP_NONE : (enum zip)how;
	}
	if (header_value(value, line, len, "Retry-After"))
		a->retry_after_s = read_seconds(value);
	if (header_value(value, line, len, "X-Server-Time"))
		a->server_at = strtoll(value, NULL, 10);
	if (header_value(value, line, len, "Upload-Offset"))
		a->offset = strtoll(value, NULL, 10);
	if (header_value(value, line, len, "Upload-Length"))
		a->total = strtoll(value, NULL, 10);
	if (header_value(value, line, len, "Content-Range"))
		read_range(a, value);
}

bool
http_answer_body(struct http_answer *a, const void *bytes, size_t len)
{
	int64_t at = (int64_t)a->taken;

	if (a->take && strcmp(a->type, FILE_TYPE) == 0 &&
	    (a->status == 200 || (a->status == 206 && a->offset >= 0))) {
		if (a->status == 206)
			at += a->offset;
		a->taken += len;
		return a->take(a->take_self, at, bytes, len);
	}
	buf_add(a->packed, bytes, len);
	return !a->packed->full;
}

/* A gateway before the server speaks for it in pages of its own: too large,
 * too many, not there now.  The status is all there is to know. */
static bool
is_of_gateway(int status)
{
	return status == 413 || status == 429 || status >= 500;
}

enum status
http_answer_reply(struct transport_reply *out, const struct http_answer *a,
	int status, struct err *err)
{
	bool ours = strcmp(a->type, "application/json") == 0 ||
		strcmp(a->type, "application/x-ndjson") == 0 ||
		strcmp(a->type, FILE_TYPE) == 0;
	struct transport_reply r = {0};
	enum status s;

	if (!ours && is_of_gateway(status)) {
		r.status = status;
		r.retry_after_s = a->retry_after_s;
		buf_init(&r.body, 1);
		*out = r;
		return E_OK;
	}
	if (a->unknown_zip || !ours)
		return err_set(err, E_INVALID, tr("The answer does not come "
			"from a Fengqiao server; nothing was changed."));
	buf_init(&r.body, BUF_BATCH_MAX);
	s = zip_unpack(&r.body, a->zip, a->packed->data, a->packed->len, err);
	if (s) {
		transport_reply_release(&r);
		return err_set(err, E_OFFLINE, tr("The answer was cut short; "
			"what was entered is kept and sent later."));
	}
	r.status = status;
	r.received_bytes = a->packed->len + a->taken;
	r.server_at = a->server_at;
	r.retry_after_s = a->retry_after_s;
	r.offset = a->offset;
	r.total = a->total;
	*out = r;
	return E_OK;
}
