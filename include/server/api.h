#ifndef SERVER_API_H
#define SERVER_API_H

#include <stdbool.h>

#include "core/schema.h"
#include "server/http.h"
#include "server/ledger.h"

/*
 * The calls of the server, from a request to a reply (sync.md 4.5):
 *
 *   GET  /v1/ping     is somebody there
 *   POST /v1/enroll   a one-time code for a device's token
 *   POST /v1/login    a password for a person's token
 *   GET  /v1/session  how the device stands (server/api_wait.h)
 *   GET  /v1/wait     an answer when there is news
 *   GET  /v1/offices  the county's offices (server/api_offices.h)
 *   POST /v1/names    what people are called (server/api_names.h)
 *   GET  /v1/schema/V the definitions of version V (server/api_schema.h)
 *   HEAD, PUT, GET /v1/blob/HASH  the bytes of scans (server/api_blob.h)
 *   GET  /v1/snapshot/STREAM what a stream held (server/api_snapshot.h)
 *   POST /v1/sync     operations up; verdicts and changes down
 *   POST /v1/history  the trail of a record (core/trail.h)
 *   POST, GET /v1/audit  the device's trace; who saw a record
 *                     (server/api_audit.h)
 *   POST /v1/numbers/lease, /return  paper numbers (server/api_numbers.h)
 *
 *   GET  /v1/openapi.json  all of this, field by field (openapi.json beside
 *                     api.c); tests/unit/test_openapi.c keeps it true
 *
 * Knows nothing of sockets: tests call it directly.
 */
struct api;

/* ledger and schema are borrowed and outlive it.  Takes about 0.2 s (a password
 * that nobody has is worked for sign-ins with unknown names).  Errors: E_IO. */
MUST_CHECK enum status api_new(struct api **out, struct ledger *ledger,
	const struct schema *schema, struct err *err);
/* What schema was made from, for devices that have others; copied.  Before any
 * request. */
void api_definitions(struct api *a, const struct def_file *files,
	size_t count);
/* Programs with a smaller number (core/wire.h) may send what was entered and
 * are told nothing new until they are replaced.  Before any request. */
void api_min_app(struct api *a, int64_t number);
/* Read what is pushed with threads of their own (server/push_read.h).  Before any
 * request.  Errors: E_IO no thread. */
MUST_CHECK enum status api_read_ahead(struct api *a, struct err *err);
void api_free(struct api *a);		/* accepts NULL */

/* The i-th call; a path that ends in '/' goes on.  false: there are no more. */
bool api_route(const char **method, const char **path, size_t i);

/* Answer all who wait for news, now and from now on.  For http_options.stop. */
void api_stop(struct api *a);

/* What can wait until an answer is on its way.  For http_options.rest. */
void api_rest(struct api *a);

/* For http_options.answer; self is a struct api. */
bool api_answer(void *self, const struct http_request *request,
	struct http_reply *reply);

#endif
