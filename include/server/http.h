#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * The server's end of HTTP: the only door to libmicrohttpd.  It takes bytes
 * from strangers, so what is odd is refused before anybody above sees it:
 * two lengths, no Host, other methods, late, too large, too many.
 *
 * Requests arrive complete.  The answer is made in a thread of a pool; the
 * connection sleeps meanwhile.  Nothing about a request is logged here.
 */
struct http;

/* The headers that anybody above may ask for; "" when absent. */
enum http_header { HTTP_AUTHORIZATION, HTTP_USER_TOKEN, HTTP_PROTO, HTTP_LANG,
	HTTP_CONTENT_ENCODING, HTTP_ACCEPT_ENCODING, HTTP_UPLOAD_OFFSET,
	HTTP_RANGE, HTTP_APP, HTTP_HEADER_COUNT };

/* What may stand behind a path's question mark; "" when absent. */
enum http_argument { HTTP_CUR, HTTP_T, HTTP_RECORD, HTTP_ARGUMENT_COUNT };

const char *http_header_name(enum http_header which);
const char *http_argument_name(enum http_argument which);

enum {
	HTTP_PATH_MAX = 128,			/* bytes, with the NUL */
	HTTP_ARGUMENT_MAX = 4 * 1024,		/* bytes of one of these */
	HTTP_HEADER_MAX = 512,			/* bytes of one of these */
	HTTP_BODY_MAX = 16 * 1024 * 1024,	/* bytes of a request */
	HTTP_BODIES_MAX = 256 * 1024 * 1024,	/* of all at one time */
};

/* A request whose answer is made later. */
struct http_call;

struct http_request {
	struct http_call *call;		/* for http_later(); NULL: there is no
					 * later */
	const char *method;		/* "GET", "HEAD", "POST", "PUT"; lent */
	char path[HTTP_PATH_MAX];	/* longer ones are not found anyway */
	char header[HTTP_HEADER_COUNT][HTTP_HEADER_MAX];
	const char *argument[HTTP_ARGUMENT_COUNT];	/* lent */
	struct buf body;
};

/* Where something stands in a whole. */
struct http_part {
	bool on;			/* else nothing is said of it */
	int64_t at, total;		/* bytes */
};

struct http_reply {
	int status;			/* 200 ... */
	const char *type;		/* content type; static */
	const char *encoding;		/* content encoding or NULL; static */
	int retry_after_s;		/* 0: says nothing */
	struct http_part upload;	/* so much of it is here */
	struct http_part part;		/* where body begins, with status 206 */
	char location[HTTP_PATH_MAX];	/* with status 303; else "" */
	struct buf body;		/* initialised, empty */
};

struct http_options {
	const char *host;		/* address to listen on, or "" for all */
	int port;			/* 0 picks a free one */
	const char *cert_pem, *key_pem;	/* NULL: without TLS (behind a front
					 * on the same machine, and tests) */
	void *self;
	/* Called in several threads.  false: the reply is filled in later, by
	 * whoever called http_later(); nothing of the request may be touched
	 * any more, for it may have been answered meanwhile. */
	bool (*answer)(void *self, const struct http_request *request,
		struct http_reply *reply);
	/* Called after each answer, when nobody waits for it.  NULL: nothing
	 * is to be done then. */
	void (*rest)(void *self);
	/* No request is answered any more: give those that are answered later
	 * their replies now.  NULL: there are none. */
	void (*stop)(void *self);
	int workers;			/* threads that answer */
	int header_ms;			/* to finish handshake and headers: four
					 * turns of 600 ms on a slow line */
	int body_ms;			/* for the body, and a second for each
					 * 2 KiB of it */
	int idle_ms;			/* between two requests */
	int per_ip_max;			/* connections of one address */
};
#define HTTP_OPTIONS_DEFAULT { .host = "", .port = 8443, .workers = 8, \
	.header_ms = 10000, .body_ms = 10000, .idle_ms = 15000, \
	.per_ip_max = 64 }

/* Listen and answer until http_stop().
 * Errors: E_INVALID the address does not exist, the certificate does not fit
 * its key; E_IO the port is taken, or not ours to take. */
MUST_CHECK enum status http_start(struct http **out,
	const struct http_options *options, struct err *err);
int http_port(const struct http *h);	/* the one really used */

/* Keep a request for up to ms milliseconds, at no cost but its connection.
 * Before its answer() returns false. */
void http_later(struct http_call *call, int64_t ms);
/* Its reply is filled in: send it.  Once, from any thread. */
void http_now(struct http_call *call);

/* Take no more, answer what has arrived, close.  Accepts NULL. */
void http_stop(struct http *h);

#endif
