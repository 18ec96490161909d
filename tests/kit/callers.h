#ifndef KIT_CALLERS_H
#define KIT_CALLERS_H

#include "base/buf.h"
#include "kit/county.h"
#include "server/api.h"
#include "server/http.h"

/* What the server answers to one request. */
struct call_answer {
	int status, retry_after_s;
	struct http_part upload, part;
	struct buf body;		/* owned by the caller: buf_release() */
};

/* Ask as somebody at their computer; seat NULL: nobody known.  path may end
 * with "?record=ID". */
void call_api(struct call_answer *out, struct api *api,
	const struct county_seat *seat, const char *method, const char *path,
	const char *body);

#endif
