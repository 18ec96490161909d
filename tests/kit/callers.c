/*
 * Requests without a line.
 */
#include "kit/callers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Refusals are counted, whoever they are for; the count says nothing. */
static void
forget_number(struct buf *body)
{
	static const char name[] = "\"req\":\"";
	char *at = strstr(body->data, name);

	for (at = at ? at + sizeof name - 1 : NULL; at && *at != '"'; at++)
		*at = '0';
}

void
call_api(struct call_answer *out, struct api *api,
    const struct county_seat *seat, const char *method, const char *path,
    const char *body)
{
	const char *record = strstr(path, "?record=");
	struct http_request request = { .method = method };
	struct http_reply reply = { .status = 200, .type = "application/json" };

	snprintf(request.path, sizeof request.path, "%.*s",
	    (int)strcspn(path, "?"), path);
	snprintf(request.header[HTTP_PROTO], HTTP_HEADER_MAX, "1");
	if (seat) {
		snprintf(request.header[HTTP_AUTHORIZATION], HTTP_HEADER_MAX,
		    "Bearer %s", seat->token);
		snprintf(request.header[HTTP_USER_TOKEN], HTTP_HEADER_MAX,
		    "%s", seat->person);
	}
	snprintf(request.header[HTTP_UPLOAD_OFFSET], HTTP_HEADER_MAX, "0");
	for (int i = 0; i < HTTP_ARGUMENT_COUNT; i++)
		request.argument[i] = "";
	if (record)
		request.argument[HTTP_RECORD] = strchr(record, '=') + 1;
	buf_init(&request.body, HTTP_BODY_MAX);
	buf_text(&request.body, body);
	buf_init(&reply.body, BUF_BATCH_MAX);
	assert_true(api_answer(api, &request, &reply));
	buf_release(&request.body);
	out->status = reply.status;
	out->retry_after_s = reply.retry_after_s;
	out->upload = reply.upload;
	out->part = reply.part;
	forget_number(&reply.body);
	out->body = reply.body;
}
