/*
 * HTTPS with libcurl.
 *
 * 1. The server is always verified; there is no switch to skip it.
 * 2. Every call ends: connecting within 30 s, a silent line within 60 s.
 */
#include "sync/http_client.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/wire.h"
#include "sync/http_answer.h"

enum {
	CONNECT_TIMEOUT_S = 30,
	SECOND_TIMEOUT_S = 5,	/* connecting beside a line that stands */
	SILENCE_TIMEOUT_S = 60,
	KEEP_ALIVE_S = 60,	/* of a line that is silent on purpose */
	LOOK_MS = 1000,		/* between questions, but for signals */
};

/*
 * The library's functions.  It is loaded by the first client, because it brings
 * 25 others with it (5 MB, 3 ms), and most processes never speak with the
 * server: the screens leave that to one of their own.  Filled once, and the
 * same for all clients, before any has a second thread (fetch.c); who waits
 * for the loading thread has what it wrote.
 */
static struct {
	void *library;
	void (*easy_cleanup)(CURL *);
	CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
	CURL *(*easy_init)(void);
	void (*easy_reset)(CURL *);
	CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
	CURLMcode (*multi_add_handle)(CURLM *, CURL *);
	CURLMcode (*multi_cleanup)(CURLM *);
	CURLMsg *(*multi_info_read)(CURLM *, int *);
	CURLM *(*multi_init)(void);
	CURLMcode (*multi_perform)(CURLM *, int *);
	CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *,
		unsigned int, int, int *);
	CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
	struct curl_slist *(*slist_append)(struct curl_slist *,
		const char *);
	void (*slist_free_all)(struct curl_slist *);
} curl;

#define LIBRARY "libcurl.so.4"

/* The thread that loads it meanwhile, if there is one. */
static struct {
	pthread_t thread;
	bool begun;
} loading;

static enum status
fill_functions(struct err *err)
{
	static const struct {
		const char *name;
		void *place;
	} functions[] = {
		{ "curl_easy_cleanup", &curl.easy_cleanup },
		{ "curl_easy_getinfo", &curl.easy_getinfo },
		{ "curl_easy_init", &curl.easy_init },
		{ "curl_easy_reset", &curl.easy_reset },
		{ "curl_easy_setopt", &curl.easy_setopt },
		{ "curl_multi_add_handle", &curl.multi_add_handle },
		{ "curl_multi_cleanup", &curl.multi_cleanup },
		{ "curl_multi_info_read", &curl.multi_info_read },
		{ "curl_multi_init", &curl.multi_init },
		{ "curl_multi_perform", &curl.multi_perform },
		{ "curl_multi_poll", &curl.multi_poll },
		{ "curl_multi_remove_handle", &curl.multi_remove_handle },
		{ "curl_slist_append", &curl.slist_append },
		{ "curl_slist_free_all", &curl.slist_free_all },
	};
	void *library;

	if (curl.library)
		return E_OK;
	library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; library &&
	    i < sizeof functions / sizeof *functions; i++) {
		void *function = dlsym(library, functions[i].name);

		if (!function)
			return err_set(err, E_IO, tr("The network library "
				"does not start."));
		memcpy(functions[i].place, &function, sizeof function);
	}
	if (!library)
		return err_set(err, E_IO, tr("The network library (%s) is not "
			"installed on this computer."), LIBRARY);
	curl.library = library;
	return E_OK;
}

/* libcurl would write the session's keys where SSLKEYLOGFILE says and send
 * everything through a proxy somebody put into the environment. */
static void
clear_environment(void)
{
	static const char *const names[] = { "SSLKEYLOGFILE", "https_proxy",
		"HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy",
		"ALL_PROXY" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
	/* it brings GnuTLS for what is not used here; one that does use it
	 * starts it by itself */
	(void)setenv("GNUTLS_NO_IMPLICIT_INIT", "1", 0);
}

/* A failure will be one again when a client is made. */
static void *
load(void *unused)
{
	struct err ignored = ERR_INIT;
	CURL *first;

	(void)unused;
	if (fill_functions(&ignored))
		return NULL;
	first = curl.easy_init();	/* what it does once is done then */
	if (first)
		curl.easy_cleanup(first);
	return NULL;
}

/* Signals are for the thread that works. */
void
http_client_prepare(void)
{
	sigset_t all, before;

	if (curl.library || loading.begun)
		return;
	clear_environment();
	sigfillset(&all);
	if (pthread_sigmask(SIG_BLOCK, &all, &before))
		return;
	loading.begun = pthread_create(&loading.thread, NULL, load, NULL) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void
http_client_settle(void)
{
	if (loading.begun)
		(void)pthread_join(loading.thread, NULL);
	loading.begun = false;
}

static enum status
load_library(struct err *err)
{
	http_client_settle();
	clear_environment();
	return fill_functions(err);
}

/* The request that was begun. */
struct exchange {
	struct buf packed, received;
	struct http_answer answer;
	struct curl_slist *headers;
	char *url;
	struct err err;		/* why it was not sent */
	bool ended;
	CURLcode code;		/* if it has ended */
	bool (*enough)(void *self);
	void *enough_self;
	bool given_up;		/* enough() said so */
};

struct http_client {
	CURL *curl;
	CURLM *multi;
	struct exchange now;
	char *url;
	char *ca_file;
	char detail[CURL_ERROR_SIZE];
	const volatile sig_atomic_t *stop;
	bool connected;		/* there was an answer by this client */
	struct http_client *other;	/* of a second line; owned, or NULL */
	struct transport second;	/* the same */
	bool is_second;
};

static bool
is_server_address(const char *url)
{
	const char *host = url + strlen("https://");

	if (strncmp(url, "https://", strlen("https://")) != 0 || !*host)
		return false;
	return strspn(host, "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") == strlen(host);
}

enum status
http_client_new(struct http_client **out, const char *url,
	const char *ca_file, struct err *err)
{
	struct http_client *c;
	enum status s;

	if (!is_server_address(url))
		return err_set(err, E_INVALID, tr("The server's address must "
			"look like https://host:port."));
	if (ca_file && !io_exists(ca_file))
		return err_set(err, E_NOTFOUND, tr("The certificate file of "
			"the server's authority is not there: %s"), ca_file);
	s = load_library(err);
	if (s)
		return s;
	c = mem_alloc(1, sizeof *c);
	c->url = mem_strdup(url);
	c->ca_file = mem_strdup(ca_file);
	c->curl = curl.easy_init();
	c->multi = curl.multi_init();
	if (!c->curl || !c->multi) {
		http_client_free(c);
		return err_set(err, E_IO, tr("The network library does not "
			"start."));
	}
	*out = c;
	return E_OK;
}

void
http_client_free(struct http_client *c)
{
	if (!c)
		return;
	if (c->curl)
		curl.easy_cleanup(c->curl);
	if (c->multi)
		curl.multi_cleanup(c->multi);
	http_client_free(c->other);
	free(c->url);
	free(c->ca_file);
	free(c);
}

void
http_client_stop_on(struct http_client *c, const volatile sig_atomic_t *flag)
{
	c->stop = flag;
	if (c->other)
		c->other->stop = flag;
}

static size_t
on_body(char *bytes, size_t size, size_t count, void *self)
{
	return http_answer_body(self, bytes, size * count) ? size * count : 0;
}

static size_t
on_header(char *line, size_t size, size_t count, void *self)
{
	http_answer_header(self, line, size * count);
	return size * count;
}

static int
on_progress(void *self, curl_off_t dltotal, curl_off_t dlnow,
	curl_off_t ultotal, curl_off_t ulnow)
{
	const struct http_client *c = self;

	(void)dltotal, (void)dlnow, (void)ultotal, (void)ulnow;
	return c->stop && *c->stop;
}

static struct curl_slist *
add_header(struct curl_slist *list, const char *name, const char *value)
{
	char *line = mem_printf("%s: %s", name, value);
	struct curl_slist *longer = curl.slist_append(list, line);

	free(line);
	return longer ? longer : list;
}

static bool
has_body(const struct transport_request *request)
{
	return !request->get && !request->head;
}

static struct curl_slist *
request_headers(const struct transport_request *request)
{
	struct curl_slist *list = NULL;
	char text[64];

	if (has_body(request))
		list = add_header(list, "Content-Type", request->type);
	if (request->put) {
		(void)snprintf(text, sizeof text, "%lld",
			(long long)request->offset);
		list = add_header(list, "Upload-Offset", text);
	}
	if (request->get && request->last > 0) {
		(void)snprintf(text, sizeof text, "bytes=%lld-%lld",
			(long long)request->first, (long long)request->last);
		list = add_header(list, "Range", text);
	}
	list = add_header(list, "Accept-Encoding", "zstd, gzip");
	list = add_header(list, "X-Proto", "1");
	(void)snprintf(text, sizeof text, "fengqiao/%d", WIRE_APP);
	list = add_header(list, "X-App", text);
	list = add_header(list, "X-Lang", tr_lang() == TR_EN ? "en" : "zh_CN");
	list = add_header(list, "Expect", "");
	if (request->zip != ZIP_NONE)
		list = add_header(list, "Content-Encoding",
			zip_name(request->zip));
	if (request->device_token) {
		char *bearer = mem_printf("Bearer %s", request->device_token);

		list = add_header(list, "Authorization", bearer);
		free(bearer);
	}
	if (request->user_token)
		list = add_header(list, "X-User-Token", request->user_token);
	return list;
}

static void
set_transport_options(struct http_client *c)
{
	CURL *h = c->curl;

	curl.easy_reset(h);	/* keeps the connection and TLS session */
	curl.easy_setopt(h, CURLOPT_PROTOCOLS_STR, "https");
	curl.easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl.easy_setopt(h, CURLOPT_PROXY, "");
	curl.easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl.easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
	curl.easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
	curl.easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (c->ca_file) {
		curl.easy_setopt(h, CURLOPT_CAINFO, c->ca_file);
		curl.easy_setopt(h, CURLOPT_CAPATH, NULL);
	}
	curl.easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl.easy_setopt(h, CURLOPT_CONNECTTIMEOUT, c->is_second ?
		(long)SECOND_TIMEOUT_S : (long)CONNECT_TIMEOUT_S);
	curl.easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl.easy_setopt(h, CURLOPT_LOW_SPEED_TIME, (long)SILENCE_TIMEOUT_S);
	c->detail[0] = 0;
	curl.easy_setopt(h, CURLOPT_ERRORBUFFER, c->detail);
	curl.easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	curl.easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl.easy_setopt(h, CURLOPT_XFERINFODATA, c);
}

/* A dead battery sets a computer back by years, and then no certificate is valid
 * yet: what a person has to do is said.  The numbers are OpenSSL's. */
static enum status
explain_certificate(CURL *h, struct err *err)
{
	enum { NOT_YET_VALID = 9, HAS_EXPIRED = 10 };
	char now[CLOCK_TEXT_MAX];
	long why = 0;

	clock_print(now, clock_now_at());
	if (curl.easy_getinfo(h, CURLINFO_SSL_VERIFYRESULT, &why) ==
	    CURLE_OK && (why == NOT_YET_VALID || why == HAS_EXPIRED))
		return err_set(err, E_AUTH, tr("This computer's date is %.10s, "
			"on which the server's certificate is not valid; set "
			"the date if it is wrong. Nothing was sent."), now);
	return err_set(err, E_AUTH, tr("The server's certificate is not "
		"from the authority this cache trusts (or is for another "
		"name or day); nothing was sent."));
}

static enum status
explain(CURLcode code, CURL *h, struct err *err)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return err_set(err, E_OFFLINE, tr("The server's name is not "
			"known here; is the line to the county up?"));
	case CURLE_COULDNT_CONNECT:
		return err_set(err, E_OFFLINE, tr("The server does not answer; "
			"what was entered is kept and sent later."));
	case CURLE_OPERATION_TIMEDOUT:
		return err_set(err, E_OFFLINE, tr("The line was silent for too "
			"long; what was entered is kept and sent later."));
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return explain_certificate(h, err);
	case CURLE_SSL_CONNECT_ERROR:
		return err_set(err, E_OFFLINE, tr("No secure connection to the "
			"server could be made; is something else listening "
			"there?"));
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_WRITE_ERROR:
		return err_set(err, E_INVALID, tr("The answer does not come "
			"from a Fengqiao server; nothing was changed."));
	case CURLE_ABORTED_BY_CALLBACK:
		return err_set(err, E_OFFLINE, tr("Stopped."));
	default:
		return err_set(err, E_OFFLINE, tr("The line broke; what was "
			"entered is kept and sent later."));
	}
}

/* Let it run until all is sent (sent), or until its end.  *ended: it has come
 * to its end, with this code. */
static void
run(struct http_client *c, bool sent, bool *ended, CURLcode *code)
{
	curl_off_t up = 0;
	int running = 1, left = 0;

	for (;;) {
		CURLMcode bad = curl.multi_perform(c->multi, &running);
		CURLMsg *msg = curl.multi_info_read(c->multi, &left);

		*ended = bad || (msg && msg->msg == CURLMSG_DONE);
		*code = bad ? CURLE_SEND_ERROR : msg ? msg->data.result :
			CURLE_OK;
		if (*ended)
			return;
		(void)curl.easy_getinfo(c->curl, CURLINFO_SIZE_UPLOAD_T, &up);
		if (sent && up >= (curl_off_t)c->now.packed.len)
			return;
		if (!sent && c->now.enough &&
		    c->now.enough(c->now.enough_self)) {
			c->now.given_up = true;
			return;
		}
		(void)curl.multi_poll(c->multi, NULL, 0, LOOK_MS, NULL);
	}
}

/* A line that is silent on purpose: the peer's end of it is asked for signs of
 * life, so that those between forget it later. */
static void
set_silence(CURL *h, int silence_s)
{
	curl.easy_setopt(h, CURLOPT_LOW_SPEED_TIME,
		(long)(SILENCE_TIMEOUT_S + silence_s));
	curl.easy_setopt(h, CURLOPT_TCP_KEEPALIVE, 1L);
	curl.easy_setopt(h, CURLOPT_TCP_KEEPIDLE, (long)KEEP_ALIVE_S);
	curl.easy_setopt(h, CURLOPT_TCP_KEEPINTVL, (long)KEEP_ALIVE_S);
}

static void
set_body(CURL *h, const struct buf *packed, bool put)
{
	curl.easy_setopt(h, CURLOPT_POSTFIELDS, packed->data);
	curl.easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE,
		(curl_off_t)packed->len);
	if (put)
		curl.easy_setopt(h, CURLOPT_CUSTOMREQUEST, "PUT");
}

static void
set_request(struct http_client *c, const struct transport_request *request)
{
	struct exchange *x = &c->now;

	set_transport_options(c);
	x->url = mem_printf("%s%s", c->url, request->path);
	x->headers = request_headers(request);
	curl.easy_setopt(c->curl, CURLOPT_URL, x->url);
	curl.easy_setopt(c->curl, CURLOPT_HTTPHEADER, x->headers);
	if (request->head)
		curl.easy_setopt(c->curl, CURLOPT_NOBODY, 1L);
	else if (request->get)
		curl.easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
	else
		set_body(c->curl, &x->packed, request->put);
	if (request->silence_s > 0)
		set_silence(c->curl, request->silence_s);
	curl.easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl.easy_setopt(c->curl, CURLOPT_WRITEDATA, &x->answer);
	curl.easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl.easy_setopt(c->curl, CURLOPT_HEADERDATA, &x->answer);
}

static void
begin(void *self, const struct transport_request *request)
{
	struct http_client *c = self;
	struct exchange *x = &c->now;

	*x = (struct exchange){ .answer = { .packed = &x->received,
			.take = request->take, .take_self = request->take_self },
		.err = ERR_INIT, .enough = request->enough,
		.enough_self = request->enough_self };
	buf_init(&x->packed, BUF_BATCH_MAX);
	buf_init(&x->received, BUF_BATCH_MAX);
	if (has_body(request) && zip_pack(&x->packed, request->packed ?
	    ZIP_NONE : request->zip, request->body, request->len, &x->err))
		return;
	set_request(c, request);
	if (curl.multi_add_handle(c->multi, c->curl)) {
		x->code = CURLE_OUT_OF_MEMORY;
		x->ended = true;
		return;
	}
	run(c, true, &x->ended, &x->code);
}

/* A line that broke: how much had passed? */
static void
count_passed(struct transport_reply *reply, const struct exchange *x,
	CURL *h)
{
	curl_off_t sent = 0;

	if (curl.easy_getinfo(h, CURLINFO_SIZE_UPLOAD_T, &sent) == CURLE_OK)
		reply->sent_bytes = (size_t)sent;
	reply->received_bytes = x->received.len + x->answer.taken;
}

/* What is sent over a connection that turns out to be dead, libcurl sends once
 * more over a new one and says nothing. */
static bool
came_again(struct http_client *c)
{
	bool before = c->connected;
	long opened = 0;

	c->connected = true;
	return before && curl.easy_getinfo(c->curl, CURLINFO_NUM_CONNECTS,
		&opened) == CURLE_OK && opened > 0;
}

static enum status
finish(void *self, struct transport_reply *reply, struct err *err)
{
	struct http_client *c = self;
	struct exchange *x = &c->now;
	long status = 0;
	enum status s = x->err.code;

	if (s) {
		*err = x->err;
		goto out;
	}
	if (!x->ended)
		run(c, false, &x->ended, &x->code);
	if (x->given_up) {
		*reply = (struct transport_reply){0};
	} else if (x->code != CURLE_OK) {
		s = explain(x->code, c->curl, err);
		count_passed(reply, x, c->curl);
	} else {
		curl.easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
		s = http_answer_reply(reply, &x->answer, (int)status, err);
	}
	if (!s) {
		reply->sent_bytes = x->packed.len;
		reply->again = came_again(c);
	}
	(void)curl.multi_remove_handle(c->multi, c->curl);
out:
	curl.slist_free_all(x->headers);
	buf_release(&x->packed);
	buf_release(&x->received);
	free(x->url);
	x->headers = NULL;
	x->url = NULL;
	return s;
}

static enum status
post(void *self, struct transport_reply *reply,
	const struct transport_request *request, struct err *err)
{
	begin(self, request);
	return finish(self, reply, err);
}

/* Where it cannot be made, there is one line. */
static const struct transport *
other(void *self)
{
	struct http_client *c = self;
	struct err ignored = ERR_INIT;

	if (!c->other && !http_client_new(&c->other, c->url, c->ca_file,
	    &ignored)) {
		c->other->stop = c->stop;
		c->other->is_second = true;
		c->second = http_client_transport(c->other);
		c->second.other = NULL;
	}
	return c->other ? &c->second : NULL;
}

struct transport
http_client_transport(struct http_client *c)
{
	return (struct transport){ .self = c, .post = post, .begin = begin,
		.apart = true, .finish = finish, .other = other };
}
