/*
 * libmicrohttpd behind a small struct of functions.
 *
 * 1. A connection always has an absolute deadline (server/deadline).
 * 2. A request's body is counted while it arrives, its own and all together.
 * 3. While a worker answers, the connection is suspended; the library touches
 *    neither it nor the call until it is resumed, so the call needs no lock.
 * 4. No session tickets: they are 544 bytes of each connection, and coming
 *    back with one spares less than that.
 */
#include "server/http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "server/deadline.h"
#include "server/listen.h"
#include "server/pool.h"
#include "server/tls.h"

enum {
	HTTP_CONNECTIONS_MAX = 20000,
	HTTP_MEMORY_BYTES = 16 * 1024,	/* of one connection: its headers */
	HTTP_WAITING_MAX = 256,		/* requests that wait for a worker */
	HTTP_LOOPS = 2,			/* threads that move bytes */
	HTTP_ANSWER_MS = 120000,	/* the longest work we expect of us */
	/* Three clerks behind one line of 64 kbit/s still have so much each. */
	HTTP_SLOWEST_BYTES_S = 2 * 1024,
};

struct http {
	struct http_options options;	/* its texts are not used later */
	struct MHD_Daemon *daemon;
	struct deadlines *deadlines;
	struct pool *pool;
	int fd;				/* listens; the daemon's, once it runs */
	int port;
	atomic_bool stopping;
	pthread_mutex_t lock;
	size_t body_bytes;		/* of all requests under way */
};

struct http_call {
	struct http *http;
	struct MHD_Connection *connection;
	struct http_request request;
	struct http_reply reply;
	size_t counted;			/* what it holds of http->body_bytes */
	bool answered;
};

static const char *const argument_names[HTTP_ARGUMENT_COUNT] = {
	[HTTP_CUR] = "cur",
	[HTTP_T] = "t",
	[HTTP_RECORD] = "record",
};

static const char *const header_names[HTTP_HEADER_COUNT] = {
	[HTTP_AUTHORIZATION] = "Authorization",
	[HTTP_USER_TOKEN] = "X-User-Token",
	[HTTP_PROTO] = "X-Proto",
	[HTTP_LANG] = "X-Lang",
	[HTTP_CONTENT_ENCODING] = "Content-Encoding",
	[HTTP_ACCEPT_ENCODING] = "Accept-Encoding",
	[HTTP_UPLOAD_OFFSET] = "Upload-Offset",
	[HTTP_RANGE] = "Range",
	[HTTP_APP] = "X-App",
};

static const char *const methods[] = { "GET", "HEAD", "POST", "PUT" };

const char *
http_header_name(enum http_header which)
{
	return header_names[which];
}

const char *
http_argument_name(enum http_argument which)
{
	return argument_names[which];
}

/* ---- connections ---- */

static void
set_deadline(struct http *h, struct MHD_Connection *c, int64_t ms)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(c,
	    MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	if (info && info->socket_context)
		deadline_set(h->deadlines, info->socket_context, ms);
}

static int64_t
line_time_ms(size_t bytes)
{
	return (int64_t)(bytes / HTTP_SLOWEST_BYTES_S) * 1000;
}

static void
on_connection(void *self, struct MHD_Connection *c, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct http *h = self;
	const union MHD_ConnectionInfo *info;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*context)
			deadline_remove(h->deadlines, *context);
		*context = NULL;
		return;
	}
	info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info)
		*context = deadline_add(h->deadlines, info->connect_fd,
		    h->options.header_ms);
}

/* ---- answers ---- */

/* Where the body stands in the whole, or how much of an upload is here. */
static void
add_parts(struct MHD_Response *r, const struct http_reply *reply, size_t len)
{
	char text[80];

	if (reply->upload.on) {
		snprintf(text, sizeof text, "%lld",
		    (long long)reply->upload.at);
		MHD_add_response_header(r, "Upload-Offset", text);
		snprintf(text, sizeof text, "%lld",
		    (long long)reply->upload.total);
		MHD_add_response_header(r, "Upload-Length", text);
	}
	if (reply->part.on && len > 0) {
		snprintf(text, sizeof text, "bytes %lld-%lld/%lld",
		    (long long)reply->part.at,
		    (long long)(reply->part.at + (int64_t)len - 1),
		    (long long)reply->part.total);
		MHD_add_response_header(r, "Content-Range", text);
	}
}

static enum MHD_Result
send_reply(struct http *h, struct MHD_Connection *c, struct http_reply *reply,
    bool close_after)
{
	char number[32];
	size_t len = reply->body.len;
	struct MHD_Response *r = MHD_create_response_from_buffer(len,
	    buf_take(&reply->body), MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result;

	if (!r)
		return MHD_NO;
	MHD_add_response_header(r, "Content-Type", reply->type);
	MHD_add_response_header(r, "Cache-Control", "no-store");
	MHD_add_response_header(r, "X-Proto", "1");
	snprintf(number, sizeof number, "%lld", (long long)clock_now_at());
	MHD_add_response_header(r, "X-Server-Time", number);
	if (reply->encoding)
		MHD_add_response_header(r, "Content-Encoding", reply->encoding);
	if (reply->retry_after_s > 0) {
		snprintf(number, sizeof number, "%d", reply->retry_after_s);
		MHD_add_response_header(r, "Retry-After", number);
	}
	add_parts(r, reply, len);
	if (reply->location[0])
		MHD_add_response_header(r, "Location", reply->location);
	if (close_after)
		MHD_add_response_header(r, "Connection", "close");
	set_deadline(h, c, h->options.body_ms + line_time_ms(len));
	result = MHD_queue_response(c, (unsigned)reply->status, r);
	MHD_destroy_response(r);
	return result;
}

static void
fill_refusal(struct http_reply *reply, int status, const char *code,
    const char *message)
{
	reply->status = status;
	reply->type = "application/json";
	buf_init(&reply->body, BUF_LINE_MAX);
	buf_printf(&reply->body, "{\"error\":\"%s\",\"message\":\"%s\"}\n",
	    code, message);
}

static enum MHD_Result
refuse(struct http *h, struct MHD_Connection *c, int status, const char *code,
    const char *message)
{
	struct http_reply reply = {0};

	fill_refusal(&reply, status, code, message);
	return send_reply(h, c, &reply, true);
}

/* ---- one request ---- */

struct lengths {
	int count;	/* headers that say how long the body is */
	bool odd;	/* one of ours came twice or is too long */
	struct http_request *request;
};

static enum MHD_Result
look_at_header(void *self, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct lengths *l = self;

	(void)kind;
	if (!strcasecmp(name, "Content-Length") ||
	    !strcasecmp(name, "Transfer-Encoding"))
		l->count++;
	for (int i = 0; value && i < HTTP_HEADER_COUNT; i++) {
		char *place = l->request->header[i];
		size_t len = strlen(value);

		if (strcasecmp(name, header_names[i]))
			continue;
		if (place[0] || len >= HTTP_HEADER_MAX) {
			l->odd = true;
			break;
		}
		memcpy(place, value, len + 1);
	}
	return MHD_YES;
}

/* They live as long as the request; false: one is too long, or only its
 * beginning would be seen. */
static bool
take_arguments(struct http_request *request, struct MHD_Connection *c)
{
	for (int i = 0; i < HTTP_ARGUMENT_COUNT; i++) {
		const char *name = argument_names[i], *text = NULL;
		size_t len = 0;

		(void)MHD_lookup_connection_value_n(c, MHD_GET_ARGUMENT_KIND,
		    name, strlen(name), &text, &len);
		request->argument[i] = text ? text : "";
		if (text && (len >= HTTP_ARGUMENT_MAX || strlen(text) != len))
			return false;
	}
	return true;
}

/* Bytes the body will have; false: the header is no such number. */
static bool
parse_length(uint64_t *out, const char *text)
{
	uint64_t n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || n > UINT64_MAX / 16)
			return false;
		n = n * 10 + (uint64_t)(*text - '0');
	}
	*out = n;
	return true;
}

/* Ours of that name, or NULL. */
static const char *
find_method(const char *name)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		if (strcmp(methods[i], name) == 0)
			return methods[i];
	}
	return NULL;
}

static enum MHD_Result
begin_call(struct http *h, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, void **context)
{
	struct http_call *call = mem_alloc(1, sizeof *call);
	struct lengths lengths = { .request = &call->request };
	const char *text;
	uint64_t len = HTTP_BODY_MAX / 16;	/* of a body that does not say */

	*context = call;
	call->http = h;
	call->connection = c;
	call->request.call = call;
	buf_init(&call->request.body, HTTP_BODY_MAX);
	MHD_get_connection_values(c, MHD_HEADER_KIND, look_at_header, &lengths);
	tr_set(tr_parse(call->request.header[HTTP_LANG]));
	text = MHD_lookup_connection_value(c, MHD_HEADER_KIND,
	    "Content-Length");
	if (!take_arguments(&call->request, c) || lengths.count > 1 ||
	    lengths.odd || strcmp(version, "HTTP/1.1") ||
	    (text && !parse_length(&len, text)))
		return refuse(h, c, 400, "bad_request",
		    tr("The request is not well formed."));
	if (text && len > HTTP_BODY_MAX)
		return refuse(h, c, 413, "too_large",
		    tr("A request may have 16 MiB at most."));
	call->request.method = find_method(method);
	if (!call->request.method)
		return refuse(h, c, 405, "bad_request",
		    tr("There is no such call."));
	snprintf(call->request.path, sizeof call->request.path, "%s", url);
	set_deadline(h, c, h->options.body_ms + line_time_ms((size_t)len));
	return MHD_YES;
}

static bool
count_bytes(struct http_call *call, size_t more)
{
	struct http *h = call->http;
	bool fits;

	pthread_mutex_lock(&h->lock);
	fits = call->counted + more <= HTTP_BODY_MAX &&
	    h->body_bytes + more <= HTTP_BODIES_MAX;
	if (fits) {
		call->counted += more;
		h->body_bytes += more;
	}
	pthread_mutex_unlock(&h->lock);
	return fits;
}

static void
work(void *job)
{
	struct http_call *call = job;
	struct http *h = call->http;	/* which outlives the call */

	tr_set(tr_parse(call->request.header[HTTP_LANG]));
	call->reply.status = 200;
	call->reply.type = "application/json";
	buf_init(&call->reply.body, BUF_BATCH_MAX);
	if (h->options.answer(h->options.self, &call->request, &call->reply))
		http_now(call);
	if (h->options.rest)
		h->options.rest(h->options.self);
}

void
http_later(struct http_call *call, int64_t ms)
{
	set_deadline(call->http, call->connection, ms + HTTP_ANSWER_MS);
}

void
http_now(struct http_call *call)
{
	call->answered = true;
	MHD_resume_connection(call->connection);
}

static enum MHD_Result
on_request(void *self, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *data, size_t *len,
    void **context)
{
	struct http *h = self;
	struct http_call *call = *context;

	if (!call)
		return begin_call(h, c, url, method, version, context);
	if (*len > 0) {
		/* Without a reply: who sends more than it said, or more than
		 * we can hold, has stopped listening. */
		if (!count_bytes(call, *len))
			return MHD_NO;
		buf_add(&call->request.body, data, *len);
		*len = 0;
		return MHD_YES;
	}
	if (call->answered)
		return send_reply(h, c, &call->reply, false);
	set_deadline(h, c, HTTP_ANSWER_MS);
	MHD_suspend_connection(c);
	if (!pool_give(h->pool, call)) {
		fill_refusal(&call->reply, 503, "busy",
		    tr("The server is busy; try again shortly."));
		call->reply.retry_after_s = 2;
		call->answered = true;
		MHD_resume_connection(c);
	}
	return MHD_YES;
}

static void
on_completed(void *self, struct MHD_Connection *c, void **context,
    enum MHD_RequestTerminationCode how)
{
	struct http *h = self;
	struct http_call *call = *context;

	(void)how;
	if (!call)
		return;
	pthread_mutex_lock(&h->lock);
	h->body_bytes -= call->counted;
	pthread_mutex_unlock(&h->lock);
	/* Bodies and headers carry passwords and tokens. */
	crypto_wipe(call->request.header, sizeof call->request.header);
	if (call->request.body.data)
		crypto_wipe(call->request.body.data, call->request.body.len);
	buf_release(&call->request.body);
	buf_release(&call->reply.body);
	free(call);
	*context = NULL;
	set_deadline(h, c, h->options.idle_ms);
}

/* ---- starting and stopping ---- */

/* Nobody new comes in while it stops.  Not MHD_quiesce_daemon(): it and the
 * daemon's threads take the socket out of epoll both, and whoever comes second
 * ends the program (0.9.75). */
static enum MHD_Result
on_knock(void *self, const struct sockaddr *who, socklen_t len)
{
	struct http *h = self;

	(void)who;
	(void)len;
	return atomic_load(&h->stopping) ? MHD_NO : MHD_YES;
}

static enum status
start_daemon(struct http *h, struct err *err)
{
	const struct http_options *o = &h->options;
	bool secure = o->cert_pem != NULL;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD |
	    MHD_ALLOW_SUSPEND_RESUME | (secure ? MHD_USE_TLS : 0u);
	struct MHD_OptionItem item[16] = {
		{ MHD_OPTION_LISTEN_SOCKET, h->fd, NULL },
		{ MHD_OPTION_CONNECTION_LIMIT, listen_connections(HTTP_CONNECTIONS_MAX), NULL },
		{ MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->per_ip_max, NULL },
		{ MHD_OPTION_CONNECTION_MEMORY_LIMIT, HTTP_MEMORY_BYTES, NULL },
		{ MHD_OPTION_CONNECTION_TIMEOUT, 60, NULL },
		{ MHD_OPTION_THREAD_POOL_SIZE, HTTP_LOOPS, NULL },
		{ MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL },
		{ MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, h },
		{ MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, h },
	};
	size_t n = 9;

	if (secure) {
		item[n++] = (struct MHD_OptionItem){
		    MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(intptr_t)o->key_pem };
		item[n++] = (struct MHD_OptionItem){
		    MHD_OPTION_HTTPS_MEM_CERT, 0,
		    (void *)(intptr_t)o->cert_pem };
		item[n++] = (struct MHD_OptionItem){
		    MHD_OPTION_HTTPS_PRIORITIES, 0,
		    (void *)(intptr_t)TLS_PRIORITIES };
	}
	item[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
	h->daemon = MHD_start_daemon(flags, (uint16_t)h->port, on_knock, h,
	    on_request, h, MHD_OPTION_ARRAY, item, MHD_OPTION_END);
	if (!h->daemon)
		return err_set(err, E_INVALID, secure ?
		    tr("The certificate and its key cannot be used.") :
		    tr("The server cannot listen."));
	return E_OK;
}

enum status
http_start(struct http **out, const struct http_options *options,
    struct err *err)
{
	struct http *h = mem_alloc(1, sizeof *h);
	enum status s;

	h->options = *options;
	h->fd = -1;
	pthread_mutex_init(&h->lock, NULL);
	s = listen_open(&h->fd, &h->port, options->host, options->port, err);
	if (s)
		goto out;
	s = deadlines_start(&h->deadlines, err);
	if (s)
		goto out;
	s = pool_start(&h->pool, (size_t)options->workers, HTTP_WAITING_MAX,
	    work, err);
	if (s)
		goto out;
	s = start_daemon(h, err);
	if (s)
		goto out;
	*out = h;
	h = NULL;
out:
	http_stop(h);
	return s;
}

int
http_port(const struct http *h)
{
	return h->port;
}

void
http_stop(struct http *h)
{
	if (!h)
		return;
	atomic_store(&h->stopping, true);
	pool_stop(h->pool);
	/* Suspended connections must be gone before the daemon is stopped;
	 * with the pool finished every one of them has been resumed, or was
	 * left for later. */
	if (h->pool && h->options.stop)
		h->options.stop(h->options.self);
	if (h->daemon)
		MHD_stop_daemon(h->daemon);
	else if (h->fd >= 0)
		close(h->fd);
	deadlines_stop(h->deadlines);
	pthread_mutex_destroy(&h->lock);
	free(h);
}
