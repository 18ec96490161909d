#ifndef KIT_DESCRIBED_H
#define KIT_DESCRIBED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "server/http.h"

/*
 * What goes between a client and the server, held against the description of
 * the server's calls (src/server/openapi.json): paths, methods, headers, codes,
 * words of refusals, and every member of every body.  A member that is not
 * described is a fault, though a client would leave it alone.
 */

/* The description, read once for the process.  Fails the test when it cannot
 * be read. */
const struct json *described(void);

/* A request and its reply; says what is not as described and fails the test. */
void described_check(const struct http_request *request,
	const struct http_reply *reply);

/* The description of a call, or NULL; the path may be a real one.  template:
 * the path as described. */
const struct json *described_call(const char **template, const char *method,
	const char *path);
/* The same part, wherever a "$ref" leads. */
const struct json *described_part(const struct json *part);

/* How often a reply with this status was held against the description. */
size_t described_seen(const char *method, const char *template, int status);

#endif
