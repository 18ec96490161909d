/*
 * Names of people, for the devices that show who did something.
 */
#include "server/api_names.h"

#include <stdio.h>

#include "server/ledger_judge.h"
#include "server/ledger_names.h"

/* What of it makes no sense is nobody's. */
static enum status
tell_wanted(struct json *people, const struct json *ask, struct db *db,
    const struct ledger_peer *peer, struct err *err)
{
	enum status s = E_OK;
	int count = 0;

	for (const struct json *w = json_first(json_get(ask, "want"));
	    w && count < NAMES_WANTED_MAX && !s; w = json_next(w), count++) {
		const char *user = json_get_text(w, "user");
		const char *record = json_get_text(w, "record");
		struct uuid id;

		if (user && record && uuid_parse(&id, record))
			s = names_tell_author(people, db, peer, user, &id, err);
	}
	return s;
}

static enum status
tell(struct json *out, const struct visit *v, const struct json *ask,
    struct db *db, struct err *err)
{
	const struct ledger_peer peer = visit_peer(v);
	const char *known = json_get_text(ask, "mark");
	struct json *people = json_array();
	char mark[NAMES_MARK_MAX];
	bool more = false;
	enum status s;

	snprintf(mark, sizeof mark, "%s", known ? known : "");
	s = names_tell(people, mark, &more, db, &peer, ledger_epoch(v->ledger),
	    err);
	if (!s)
		s = tell_wanted(people, ask, db, &peer, err);
	json_put_text(out, "mark", mark);
	json_put(out, "people", people);
	json_put_bool(out, "more", more);
	return s;
}

enum status
api_names(struct visit *v, struct err *err)
{
	struct json *ask = NULL, *out = NULL;
	struct db *db = NULL;
	enum status s = visit_find(v, true, err);

	if (!s && !v->answer)
		ask = visit_object(v);
	if (!ask)
		return s;
	out = json_object();
	s = ledger_begin(&db, v->ledger, err);
	if (!s)
		s = ledger_end(v->ledger, tell(out, v, ask, db, err), err);
	json_free(ask);
	if (s) {
		json_free(out);
		return s;
	}
	visit_json(v, out);
	visit_pack(v, false);
	return E_OK;
}
