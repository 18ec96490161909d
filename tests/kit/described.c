/* The description as a judge; see described.h. */
#include "kit/described.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/zip.h"
#include "kit/schemacheck.h"

extern const unsigned char openapi_json[];
extern const unsigned long openapi_json_len;

enum { SEEN_MAX = 200 };

/* Which answers came up in this process. */
static struct seen {
	const char *method, *template;
	int status;
	size_t times;
} seen[SEEN_MAX];

const struct json *
described(void)
{
	static struct json *whole;
	struct err err = ERR_INIT;

	if (!whole && json_parse(&whole, (const char *)openapi_json,
	    openapi_json_len, openapi_json_len, &err))
		fail_msg("openapi.json: %s", err.msg);
	return whole;
}

const struct json *
described_part(const struct json *part)
{
	return schemacheck_part(described(), part);
}

/* ---- calls ---- */

static bool
fits(const char *template, const char *path)
{
	while (*template && *template != '{') {
		if (*template++ != *path++)
			return false;
	}
	if (!*template)
		return !*path;
	return *path && !strchr(path, '/') == !strchr(template, '/') &&
	    (!strchr(path, '/') || fits(strchr(template, '/'),
	    strchr(path, '/')));
}

static const struct json *
find_method(const struct json *calls, const char *method)
{
	char name[8];
	size_t i = 0;

	for (; method[i] && i < sizeof name - 1; i++)
		name[i] = (char)(method[i] | 0x20);
	name[i] = '\0';
	return json_get(calls, name);
}

const struct json *
described_call(const char **template, const char *method, const char *path)
{
	const struct json *paths = json_get(described(), "paths");

	for (struct json *p = json_first(paths); p; p = json_next(p)) {
		const struct json *call = find_method(p, method);

		if (call && fits(json_name(p), path)) {
			*template = json_name(p);
			return call;
		}
	}
	return NULL;
}

/* A parameter of the call or of its path: there is one of this name. */
static bool
has_parameter(const struct json *list, const char *name)
{
	for (struct json *p = json_first(list); p; p = json_next(p)) {
		const char *is = json_get_text(described_part(p), "name");

		if (is && strcmp(is, name) == 0)
			return true;
	}
	return false;
}

/* A token that the call asks for. */
static bool
asks_for(const struct json *call, const char *scheme)
{
	for (struct json *s = json_first(json_get(call, "security")); s;
	    s = json_next(s)) {
		if (json_get(s, scheme))
			return true;
	}
	return false;
}

/* ---- holding against it ---- */

struct held {
	const struct http_request *request;
	const struct http_reply *reply;
	const struct json *call;
	const char *template;
};

static void
wrong(const struct held *h, const char *what, const char *more)
{
	fail_msg("%s %s %d: %s %s", h->request->method, h->request->path,
		h->reply->status, what, more);
}

static void
check_headers(const struct held *h)
{
	const struct json *list = json_get(h->call, "parameters");

	for (int i = 0; i < HTTP_HEADER_COUNT; i++) {
		bool good = i == HTTP_AUTHORIZATION ?
			asks_for(h->call, "device") :
			i == HTTP_USER_TOKEN ? asks_for(h->call, "person") :
			has_parameter(list,
			http_header_name((enum http_header)i));

		/* a client may say more than is asked */
		if (h->request->header[i][0] && !good && i != HTTP_PROTO &&
		    i != HTTP_USER_TOKEN && i != HTTP_AUTHORIZATION)
			wrong(h, "this header is not described:",
				http_header_name((enum http_header)i));
	}
	for (int i = 0; i < HTTP_ARGUMENT_COUNT; i++) {
		const char *text = h->request->argument[i];

		if (text && *text && !has_parameter(list,
		    http_argument_name((enum http_argument)i)))
			wrong(h, "this argument is not described:",
				http_argument_name((enum http_argument)i));
	}
}

/* What the reply's answer says of its headers. */
static void
check_reply_headers(const struct held *h, const struct json *answer)
{
	const struct json *headers = json_get(answer, "headers");
	const struct {
		const char *name;
		bool is;
	} all[] = {
		{ "Retry-After", h->reply->retry_after_s > 0 },
		{ "Upload-Offset", h->reply->upload.on },
		{ "Upload-Length", h->reply->upload.on },
		{ "Content-Range", h->reply->part.on },
		{ "Location", h->reply->location[0] != '\0' },
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (all[i].is && !json_get(headers, all[i].name))
			wrong(h, "this header is not described:", all[i].name);
	}
}

static void
check_value(const struct held *h, const struct json *schema, const char *text,
	size_t len)
{
	struct json *j = NULL;
	struct err err = ERR_INIT;
	char why[SCHEMACHECK_WHY_MAX] = "";

	if (json_parse(&j, text, len, BUF_BATCH_MAX, &err))
		wrong(h, "no JSON:", err.msg);
	else if (!schemacheck(why, described(), schema, j))
		wrong(h, why, text);
	json_free(j);
}

/* A body, unpacked: lines, one value, or bytes of which nothing is said. */
static void
check_body(const struct held *h, const struct json *content, const char *type,
	const struct buf *body)
{
	const struct json *media = json_get(content, type);
	const struct json *schema = json_get(media, "schema");
	const char *at = body->data ? body->data : "", *end;

	if (!content && body->len == 0)
		return;
	if (!media)
		wrong(h, "this kind of body is not described:", type);
	if (strcmp(type, "application/json") == 0)
		check_value(h, schema, at, body->len);
	if (strcmp(type, "application/x-ndjson") != 0)
		return;
	for (; (end = strchr(at, '\n')) != NULL; at = end + 1)
		check_value(h, json_get(schema, "items"), at,
			(size_t)(end - at));
}

static void
check_packed(const struct held *h, const struct json *content,
	const char *type, const char *encoding, const struct buf *body)
{
	int how = encoding && encoding[0] ? zip_parse(encoding) : ZIP_NONE;
	struct err err = ERR_INIT;
	struct buf text;

	buf_init(&text, BUF_BATCH_MAX);
	if (how < 0 || zip_unpack(&text, (enum zip)how, body->data, body->len,
	    &err))
		wrong(h, "cannot be unpacked", "");
	check_body(h, content, type, &text);
	buf_release(&text);
}

/* A refusal: is its word one of those described for this answer? */
static void
check_word(const struct held *h, const struct json *answer)
{
	struct json *j = NULL;
	struct err err = ERR_INIT;
	const char *word;
	bool found = false;

	if (json_parse(&j, h->reply->body.data, h->reply->body.len,
	    BUF_LINE_MAX, &err))
		wrong(h, "no JSON:", err.msg);
	word = json_get_text(j, "error");
	for (struct json *w = json_first(json_get(answer, "x-words")); w && word;
	    w = json_next(w))
		found = found || strcmp(json_text(w), word) == 0;
	if (!found)
		wrong(h, "this word is not described:", word ? word : "none");
	json_free(j);
}

/* The first kind of body that is described. */
static const char *
first_type(const struct json *content)
{
	const struct json *first = json_first(content);

	return first ? json_name(first) : "";
}

static void
note_seen(const struct held *h)
{
	size_t i = 0;

	while (i < SEEN_MAX - 1 && seen[i].times > 0 &&
	    (strcmp(seen[i].method, h->request->method) != 0 ||
	    seen[i].template != h->template ||
	    seen[i].status != h->reply->status))
		i++;
	seen[i].method = h->request->method;
	seen[i].template = h->template;
	seen[i].status = h->reply->status;
	seen[i].times++;
}

size_t
described_seen(const char *method, const char *template, int status)
{
	for (size_t i = 0; i < SEEN_MAX && seen[i].times > 0; i++) {
		if (strcmp(seen[i].method, method) == 0 &&
		    strcmp(seen[i].template, template) == 0 &&
		    seen[i].status == status)
			return seen[i].times;
	}
	return 0;
}

static const struct json *
find_answer(const struct held *h)
{
	char *code = mem_printf("%d", h->reply->status);
	const struct json *answer = described_part(json_get(
		json_get(h->call, "responses"), code));

	free(code);
	return answer;
}

void
described_check(const struct http_request *request,
	const struct http_reply *reply)
{
	struct held h = { .request = request, .reply = reply };
	const struct json *answer, *wants;

	h.call = described_call(&h.template, request->method, request->path);
	if (!h.call) {
		if (reply->status != 404)
			wrong(&h, "this call is not described", "");
		return;
	}
	answer = find_answer(&h);
	if (!answer)
		wrong(&h, "this code is not described", "");
	note_seen(&h);
	check_reply_headers(&h, answer);
	if (strcmp(request->method, "HEAD") != 0)
		check_packed(&h, json_get(answer, "content"), reply->type,
			reply->encoding, &reply->body);
	if (reply->status >= 400) {
		check_word(&h, answer);
		return;
	}
	check_headers(&h);
	wants = json_get(described_part(json_get(h.call, "requestBody")),
		"content");
	check_packed(&h, wants, first_type(wants),
		request->header[HTTP_CONTENT_ENCODING], &request->body);
}
