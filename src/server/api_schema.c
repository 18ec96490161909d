/*
 * The county's definitions, to whoever works by others.
 */
#include "server/api_schema.h"

#include <string.h>

const char api_schema_path[] = "/v1/schema/";

enum status
api_schema(struct visit *v, struct err *err)
{
	const char *version = v->request->path + strlen(api_schema_path);
	enum status s = visit_find(v, false, err);

	if (s || v->answer)
		return s;
	if (v->bundle->len == 0 || strcmp(version, v->schema->version) != 0) {
		v->answer = ANSWER_NO_CALL;
		return E_OK;
	}
	buf_text(&v->reply->body, "{\"schema\":\"");
	buf_text(&v->reply->body, version);
	buf_text(&v->reply->body, "\",\"bundle\":");
	json_print_string(&v->reply->body, v->bundle->data);
	buf_text(&v->reply->body, "}\n");
	visit_pack(v, false);
	return E_OK;
}
