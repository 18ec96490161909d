/*
 * A device sees the records of its streams, a person the registers of the role.
 */
#include "server/api_record.h"

#include "server/ledger_feed.h"
#include "server/ledger_judge.h"
#include "server/ledger_record.h"
#include "server/ledger_scan.h"

/* E_NOTFOUND: there is none, or none for them. */
static enum status
find(struct record *out, const struct schema_register **reg,
    const struct visit *v, struct db *db, const struct uuid *id,
    struct err *err)
{
	const struct ledger_peer peer = visit_peer(v);
	struct sight person;
	bool sees = false;
	enum status s = feed_may_see(&sees, db, &peer, id, err);

	if (!s && sees)
		s = ledger_record_get(out, db, id, err);
	if (s || !sees)
		return s ? s : E_NOTFOUND;
	sight_begin(&person, v->schema);
	sight_add(&person, v->account.role);
	s = sight_sees(&sees, &person, db, out->reg, id, err);
	if (!s && sees)
		s = scan_reader(reg, db, v->schema, out, err);
	return s || sees ? s : E_NOTFOUND;
}

enum status
api_record_find(struct record *out, const struct schema_register **reg,
    struct visit *v, struct db *db, const struct uuid *id, struct err *err)
{
	struct record r = {0};
	struct err none = ERR_INIT;
	enum status s = find(&r, reg, v, db, id, &none);

	if (!s) {
		*out = r;
		return E_OK;
	}
	record_release(&r);
	if (s == E_NOTFOUND) {
		v->answer = ANSWER_NO_RECORD;
		return E_OK;
	}
	*err = none;
	return s;
}
