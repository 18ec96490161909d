/*
 * Names of people, for the devices that show who did something.
 */
#include "server/api_names.h"

#include <string.h>

#include "server/ledger_judge.h"
#include "server/ledger_names.h"

struct wanted {
	const char *user;	/* lent by the question */
	struct uuid record;
};

struct question {
	char mark[NAMES_MARK_MAX];
	struct wanted wanted[NAMES_WANTED_MAX];
	size_t count;
};

static bool
read_wanted(struct wanted *out, const struct json *j)
{
	const char *record = json_get_text(j, "record");

	out->user = json_get_text(j, "user");
	return out->user && record && uuid_parse(&out->record, record);
}

/* false: it is none. */
static bool
read_question(struct question *q, const struct json *ask)
{
	const char *mark = json_get_text(ask, "mark");
	const struct json *want = json_get(ask, "want");
	bool good = mark && strlen(mark) < sizeof q->mark &&
	    json_is_array(want);

	if (good)
		memcpy(q->mark, mark, strlen(mark) + 1);
	for (const struct json *w = json_first(want); w && good;
	    w = json_next(w))
		good = q->count < NAMES_WANTED_MAX &&
		    read_wanted(&q->wanted[q->count++], w);
	return good;
}

static enum status
tell(struct json *out, const struct visit *v, struct question *q,
    struct db *db, struct err *err)
{
	const struct ledger_peer peer = visit_peer(v);
	struct json *people = json_array();
	bool more = false;
	enum status s = names_tell(people, q->mark, &more, db, &peer,
	    ledger_epoch(v->ledger), err);

	for (size_t i = 0; i < q->count && !s; i++)
		s = names_tell_author(people, db, &peer, q->wanted[i].user,
		    &q->wanted[i].record, err);
	json_put_text(out, "mark", q->mark);
	json_put(out, "people", people);
	json_put_bool(out, "more", more);
	return s;
}

static enum status
answer(struct visit *v, struct question *q, struct err *err)
{
	struct json *out = json_object();
	struct db *db = NULL;
	enum status s = ledger_begin(&db, v->ledger, err);

	if (!s)
		s = ledger_end(v->ledger, tell(out, v, q, db, err), err);
	if (s) {
		json_free(out);
		return s;
	}
	visit_json(v, out);
	visit_pack(v, false);
	return E_OK;
}

enum status
api_names(struct visit *v, struct err *err)
{
	struct question q = {0};
	struct json *ask = NULL;
	enum status s = visit_find(v, true, err);

	if (!s && !v->answer)
		ask = visit_object(v);
	if (ask && read_question(&q, ask))
		s = answer(v, &q, err);
	else if (ask)
		v->answer = ANSWER_BAD_REQUEST;
	json_free(ask);
	return s;
}
