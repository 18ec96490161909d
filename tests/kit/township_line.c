/*
 * The line between the caches and the server, and all that befalls it; see
 * township.h.
 */
#include "kit/township.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/zip.h"
#include "kit/described.h"

/* More rows that leave at once are looked into first: a matter that is sealed
 * takes all its visits and questions along. */
enum {
	GONE_BELIEVED = 20,
	SMALL_BYTES = 300,	/* one or two operations */
};

static void
fill_header(struct http_request *r, enum http_header which, const char *text)
{
	snprintf(r->header[which], sizeof r->header[which], "%s", text);
}

/* FNV-1a, to tell two runs apart. */
static void
hear(struct township *t, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		t->heard = (t->heard ^ at[i]) * 1099511628211ULL;
}

/* HEAD and PUT and the parts of a whole, as the real transport asks. */
static void
fill_parts(struct http_request *request, const struct transport_request *r)
{
	char text[64];

	if (r->head || r->get || r->put)
		request->method = r->head ? "HEAD" : r->get ? "GET" : "PUT";
	if (r->put) {
		snprintf(text, sizeof text, "%lld", (long long)r->offset);
		fill_header(request, HTTP_UPLOAD_OFFSET, text);
	}
	if (r->get && r->last > 0) {
		snprintf(text, sizeof text, "bytes=%lld-%lld",
			(long long)r->first, (long long)r->last);
		fill_header(request, HTTP_RANGE, text);
	}
}

static void
ask_server(struct township *t, struct http_reply *out, const char *path,
	const struct transport_request *parts, const char *device_token,
	const char *user_token, const void *body, size_t len)
{
	struct http_request request = { .method = "POST" };

	snprintf(request.path, sizeof request.path, "%s", path);
	if (parts)
		fill_parts(&request, parts);
	fill_header(&request, HTTP_PROTO, "1");
	fill_header(&request, HTTP_LANG, "en");
	snprintf(request.header[HTTP_APP], HTTP_HEADER_MAX, "fengqiao/%d",
		t->app);
	fill_header(&request, HTTP_USER_TOKEN, user_token);
	if (device_token[0]) {
		fill_header(&request, HTTP_AUTHORIZATION, "Bearer ");
		snprintf(request.header[HTTP_AUTHORIZATION] + 7, 96, "%s",
			device_token);
	}
	buf_init(&request.body, BUF_BATCH_MAX);
	buf_add(&request.body, body, len);
	*out = (struct http_reply){ .status = 200, .type = "application/json" };
	buf_init(&out->body, BUF_BATCH_MAX);
	api_answer(t->api, &request, out);
	hear(t, body, len);
	hear(t, out->body.data, out->body.len);
	if (!t->quick)
		described_check(&request, out);
	buf_release(&request.body);
}

static void
ask_and_forget(struct net *n, const char *path,
	const struct transport_request *parts, const void *body, size_t len,
	const char *device_token, const char *user_token)
{
	struct http_reply reply;

	ask_server(n->town, &reply, path, parts, device_token, user_token, body,
		len);
	buf_release(&reply.body);
}

static enum status
offline(struct err *err)
{
	return err_set(err, E_OFFLINE, "The line broke.");
}

static void
say(struct transport_reply *reply, int status, const char *text)
{
	*reply = (struct transport_reply){ .status = status };
	buf_init(&reply->body, BUF_BATCH_MAX);
	buf_text(&reply->body, text);
}

/* Cut in or after one of its lines; at least the end's newline is missing. */
static void
cut_reply(struct buf *body, unsigned where, bool between)
{
	size_t at = body->len ? where % body->len : 0;

	while (between && at > 0 && body->data[at - 1] != '\n')
		at--;
	if (!between && at > 0 && body->data[at - 1] == '\n')
		at--;
	buf_cut(body, at);
}

/* A file's bytes, in two halves; when the line is cut only some of them. */
static enum status
hand_over(struct net *n, enum net_fault fault, struct transport_reply *reply,
	const struct transport_request *r, struct http_reply *got,
	struct err *err)
{
	bool cut = fault == NET_CUT_LINE || fault == NET_CUT_BETWEEN;
	size_t len = cut ? n->cut % got->body.len : got->body.len;
	int64_t at = got->part.on ? got->part.at : 0;
	bool good = r->take(r->take_self, at, got->body.data, len / 2) &&
		r->take(r->take_self, at + (int64_t)(len / 2),
		got->body.data + len / 2, len - len / 2);

	n->files++;
	n->file_bytes += len;
	buf_release(&got->body);
	if (!good)
		return err_set(err, E_INVALID, "This was not taken.");
	if (cut)
		return offline(err);
	say(reply, got->status, "");
	reply->received_bytes = len;
	return E_OK;
}

static enum status
answer(struct net *n, enum net_fault fault, struct transport_reply *reply,
	const struct transport_request *r, const char *device_token,
	const char *user_token, struct err *err)
{
	struct http_reply got;

	if (fault == NET_TWICE)
		ask_and_forget(n, r->path, r, r->body, r->len, device_token,
			user_token);
	ask_server(n->town, &got, r->path, r, device_token, user_token, r->body,
		r->len);
	n->requests++;
	if (fault == NET_SWALLOW) {
		buf_release(&got.body);
		return offline(err);
	}
	if (fault == NET_500_AFTER) {
		buf_release(&got.body);
		say(reply, 502, "{}");
		return E_OK;
	}
	if (r->take && got.status <= 206)
		return hand_over(n, fault, reply, r, &got, err);
	if (fault == NET_CUT_LINE || fault == NET_CUT_BETWEEN)
		cut_reply(&got.body, n->cut, fault == NET_CUT_BETWEEN);
	*reply = (struct transport_reply){ .status = got.status,
		.body = got.body, .sent_bytes = r->len,
		.received_bytes = got.body.len, .offset = -1, .total = -1,
		.again = fault == NET_TWICE };
	if (got.upload.on || got.part.on) {
		reply->offset = got.upload.on ? got.upload.at : got.part.at;
		reply->total = got.upload.on ? got.upload.total :
			got.part.total;
	}
	return E_OK;
}

static void
remember(struct net *n, const struct transport_request *r,
	const char *device_token, const char *user_token)
{
	if (strcmp(r->path, "/v1/sync") != 0)
		return;
	buf_release(&n->before);
	buf_init(&n->before, BUF_BATCH_MAX);
	buf_add(&n->before, r->body, r->len);
	snprintf(n->device_token, sizeof n->device_token, "%s", device_token);
	snprintf(n->user_token, sizeof n->user_token, "%s", user_token);
}

/* The numbers of a request's operations: how many, and the one at a place. */
static size_t
read_numbers(int64_t *one, const struct transport_request *r, size_t place)
{
	static const char op[] = "{\"t\":\"op\",\"n\":";
	char *text = mem_strndup(r->body, r->len);
	size_t count = 0;

	for (const char *at = strstr(text, op); at; at = strstr(at + 1, op)) {
		if (count++ == place)
			*one = strtoll(at + sizeof op - 1, NULL, 10);
	}
	free(text);
	return count;
}

static bool
says(const struct transport_request *r, const char *what)
{
	char *text = mem_strndup(r->body, r->len);
	bool does = strstr(text, what) != NULL;

	free(text);
	return does;
}

static bool
asks_to_park(const struct net *n, const struct transport_request *r)
{
	char *park = mem_printf("\"park\":%lld,", (long long)n->stuck);
	bool asks = says(r, park);

	free(park);
	return asks;
}

/* Is the one that cannot be worked in this request?  The accident is over when
 * it is to be put aside. */
static bool
is_stuck(struct net *n, const struct transport_request *r)
{
	size_t count = read_numbers(&n->stuck, r, SIZE_MAX);
	int64_t first = 0;

	if (count > 0 && n->stuck == 0)
		(void)read_numbers(&n->stuck, r, n->cut % count);
	if (count == 0 || asks_to_park(n, r)) {
		n->times = 0;
		return false;
	}
	(void)read_numbers(&first, r, 0);
	n->times = 1;
	return n->stuck >= first && n->stuck < first + (int64_t)count;
}

static void
say_stuck(struct transport_reply *reply, int64_t n)
{
	char *text = mem_printf("{\"error\":\"internal\",\"message\":\"?\","
		"\"n\":%lld}\n", (long long)n);

	say(reply, 500, text);
	free(text);
}

static bool
is_early(const struct transport_request *r)
{
	return strcmp(r->path, "/v1/sync") == 0 && says(r, "\"early\":true");
}

static enum status
post_plain(void *self, struct transport_reply *reply,
	const struct transport_request *r, struct err *err)
{
	struct net *n = self;
	const char *device_token = r->device_token ? r->device_token : "";
	const char *user_token = r->user_token ? r->user_token : "";
	enum net_fault fault = n->times > 0 ? n->fault : NET_FINE;
	enum status s = E_OK;

	if (n->most && r->len > n->most) {
		say(reply, 413, "<html>Request Entity Too Large</html>\n");
		return E_OK;
	}
	if (n->too_old > 0 && strcmp(r->path, "/v1/sync") == 0) {
		n->too_old--;
		n->requests++;
		say(reply, 410, "{\"error\":\"cursor_too_old\","
			"\"message\":\"?\"}\n");
		return E_OK;
	}
	n->pieces += r->put;
	n->early += is_early(r);
	n->town->app = n->app;
	n->times -= n->times > 0;
	if (fault == NET_CUT_BEFORE)
		s = offline(err);
	else if (fault == NET_HTML && (r->head || r->put || r->get))
		s = err_set(err, E_INVALID, "This is no reply of ours.");
	else if (fault == NET_HTML)
		say(reply, 200, "<html><body>Please sign in</body></html>\n");
	else if (fault == NET_500)
		say(reply, 500, "{\"error\":\"internal\",\"message\":\"?\"}\n");
	else if (fault == NET_503)
		say(reply, 503, "<html>busy</html>\n");
	else if (fault == NET_STUCK && strcmp(r->path, "/v1/sync") == 0 &&
	    is_stuck(n, r))
		say_stuck(reply, n->stuck);
	if (s || reply->status)
		return s;
	if (fault == NET_RESTART)
		township_restart(n->town);
	if (fault == NET_LATE && n->before.len > 0)
		ask_and_forget(n, "/v1/sync", NULL, n->before.data, n->before.len,
			n->device_token, n->user_token);
	s = answer(n, fault, reply, r, device_token, user_token, err);
	remember(n, r, device_token, user_token);
	if (n->during)
		n->during(n->self);
	return s;
}

static enum status
post(void *self, struct transport_reply *reply,
	const struct transport_request *r, struct err *err)
{
	struct transport_request plain = *r;
	struct buf body;
	enum status s = E_OK;

	buf_init(&body, BUF_BATCH_MAX);
	if (r->packed) {
		s = zip_unpack(&body, r->zip, r->body, r->len, err);
		plain.body = body.data;
		plain.len = body.len;
	}
	if (!s)
		s = post_plain(self, reply, &plain, err);
	buf_release(&body);
	return s;
}

/* The server has done its part before the other half is asked for. */
static void
begin(void *self, const struct transport_request *request)
{
	struct net *n = self;

	n->err = (struct err)ERR_INIT;
	n->reply = (struct transport_reply){0};
	(void)post(self, &n->reply, request, &n->err);
}

static enum status
finish(void *self, struct transport_reply *reply, struct err *err)
{
	struct net *n = self;

	if (n->err.code) {
		*err = n->err;
		return err->code;
	}
	*reply = n->reply;
	return E_OK;
}

/* The second line is the same one: what is lost on it is lost on both. */
static void
begin_second(void *self, const struct transport_request *request)
{
	struct net *n = self;

	n->second_err = (struct err)ERR_INIT;
	n->second_reply = (struct transport_reply){0};
	(void)post(self, &n->second_reply, request, &n->second_err);
}

static enum status
finish_second(void *self, struct transport_reply *reply, struct err *err)
{
	struct net *n = self;

	if (n->second_err.code) {
		*err = n->second_err;
		return err->code;
	}
	*reply = n->second_reply;
	return E_OK;
}

static const struct transport *
other(void *self)
{
	struct net *n = self;

	n->second = (struct transport){ .self = n, .post = post,
		.begin = begin_second, .finish = finish_second };
	return n->one_line ? NULL : &n->second;
}

struct transport
site_transport(struct site *site)
{
	return (struct transport){ .self = &site->net, .post = post,
		.begin = begin, .finish = finish, .other = other };
}

void
site_fault(struct site *site, enum net_fault fault, int times)
{
	site->net.fault = fault;
	site->net.times = times;
	site->net.stuck = 0;
}

enum status
site_sync(struct site *site, struct sync_counts *counts, struct err *err)
{
	struct sync_counts mine = {0}, *c = counts ? counts : &mine;
	struct transport net = site_transport(site);
	enum status s;

	if (site->net.town->small_requests)
		c->trouble.push_max = SMALL_BYTES;
	s = sync_run(c, site->s, &net, NULL, NULL, err);

	/* both sides' sums say the same, or somebody lost something; what goes
	 * to another office with all its questions is compared first */
	if (c->reconciled > 0 && site->net.town->restored == 0 &&
	    !site->lost && !site->removes && c->apply.gone <= GONE_BELIEVED)
		fail_msg("reconciled without any reason");
	return s;
}
