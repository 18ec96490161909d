/*
 * The confirmation of an erasure.
 */
#include "server/api_wiped.h"

#include "base/json.h"
#include "server/device_end.h"

static enum status
note(struct visit *v, const struct uuid *id, const char *word,
    struct err *err)
{
	struct err none = ERR_INIT;
	struct db *db = NULL;
	enum status s = ledger_begin(&db, v->ledger, err);

	if (s)
		return s;
	s = device_wiped(db, id, word, &none);
	if (s == E_NOTFOUND) {
		v->answer = ANSWER_BAD_REQUEST;
		s = E_OK;
	} else if (s) {
		*err = none;
	}
	return ledger_end(v->ledger, s, err);
}

enum status
api_wiped(struct visit *v, struct err *err)
{
	struct json *ask = visit_object(v), *j;
	const char *device = ask ? json_get_text(ask, "device") : NULL;
	const char *word = ask ? json_get_text(ask, "token") : NULL;
	struct uuid id;
	enum status s = E_OK;

	if (!ask)
		return E_OK;
	if (device && word && uuid_parse(&id, device))
		s = note(v, &id, word, err);
	else
		v->answer = ANSWER_BAD_REQUEST;
	json_free(ask);
	if (s || v->answer)
		return s;
	j = json_object();
	json_put_bool(j, "ok", true);
	visit_json(v, j);
	return E_OK;
}
