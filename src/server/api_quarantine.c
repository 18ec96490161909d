/*
 * Quarantine over the line.
 */
#include "server/api_quarantine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "db/db.h"
#include "server/ledger_audit.h"
#include "server/ledger_record.h"
#include "server/ledger_settle.h"

enum { LIST_MAX = 500 };		/* entries in one answer */

/* Whoever asks, and what about. */
struct work {
	struct visit *v;
	struct db *db;
	struct sight sight;		/* of this person alone */
	const struct json *ask;		/* NULL: the list */
	struct json *out;		/* owned until it is the reply */
	struct settle_item item;
};

/* ---- who ---- */

/* Somebody of the county, whose work needs sealed records too: an entry may be
 * about one before the ledger knows that it is. */
static bool
may_settle(const struct visit *v)
{
	return v->account.county && v->sees_sealed;
}

static enum status
may_read(bool *out, const struct work *w, const struct settle_item *item,
    struct err *err)
{
	enum status s = settle_reaches(out, w->db, item, &w->v->account, err);

	return !s && *out && item->readable ? sight_sees(out, &w->sight, w->db,
	    item->op.reg, &item->op.record, err) : s;
}

static void
begin(struct work *w, struct visit *v)
{
	w->v = v;
	sight_begin(&w->sight, v->schema);
	sight_add(&w->sight, v->account.role);
	w->out = json_object();
}

static enum status
find_who(struct work *w, struct visit *v, struct err *err)
{
	enum status s = visit_find(v, true, err);

	if (s || v->answer)
		return s;
	if (!may_settle(v))
		v->answer = ANSWER_NOT_TO_SETTLE;
	else
		begin(w, v);
	return E_OK;
}

/* ---- the list ---- */

static enum status
put_names(struct json *j, const struct work *w, const struct op *op,
    struct err *err)
{
	struct account by = {0};
	struct office office = {0};
	struct err none = ERR_INIT;
	enum status s = account_get(&by, w->db, op->by, &none);

	if (!s || s == E_NOTFOUND)
		s = office_get(&office, w->db, op->office, &none);
	json_put_text(j, "by", op->by);
	json_put_text(j, "by_name", by.name);
	json_put_text(j, "office", op->office);
	json_put_text(j, "office_name", office.name);
	if (s && s != E_NOTFOUND)
		*err = none;
	return s == E_NOTFOUND ? E_OK : s;
}

static enum status
put_head(struct json *j, const struct work *w, const struct settle_item *item,
    struct err *err)
{
	char record[UUID_TEXT_MAX];

	json_put_text(j, "entry", item->id);
	json_put_int(j, "at", item->at);
	json_put_text(j, "verdict", item->verdict);
	json_put_text(j, "why", item->why);
	json_put_bool(j, "readable", item->readable);
	if (!item->readable)
		return E_OK;
	uuid_print(record, &item->op.record);
	json_put_text(j, "register", item->op.reg);
	json_put_text(j, "record", record);
	json_put_text(j, "kind", op_kind_name(item->op.kind));
	json_put_int(j, "entered_at", item->op.at);
	return put_names(j, w, &item->op, err);
}

static enum status
add_item(void *self, const struct settle_item *item, struct err *err)
{
	struct work *w = self;
	struct json *all = json_get(w->out, "aside"), *j;
	bool may = false;
	enum status s = may_read(&may, w, item, err);

	if (s || !may)
		return s;
	if (json_count(all) >= LIST_MAX)
		return E_OK;
	j = json_object();
	json_push(all, j);
	return put_head(j, w, item, err);
}

enum status
api_quarantine(struct visit *v, struct err *err)
{
	struct work w = {0};
	enum status s = find_who(&w, v, err);

	if (s || v->answer)
		return s;
	json_put(w.out, "aside", json_array());
	s = ledger_begin_read(&w.db, v->ledger, err);
	if (!s) {
		s = settle_each_open(w.db, add_item, &w, err);
		ledger_end_read(v->ledger);
	}
	if (s) {
		json_free(w.out);
		return s;
	}
	visit_json(v, w.out);
	visit_pack(v, false);
	return E_OK;
}

/* ---- one of them ---- */

/* One that may not be read is not there. */
static enum status
find_item(struct work *w, struct err *err)
{
	const char *id = json_get_text(w->ask, "entry");
	struct err none = ERR_INIT;
	bool may = false;
	enum status s;

	if (!id) {
		w->v->answer = ANSWER_BAD_REQUEST;
		return E_OK;
	}
	s = settle_find(&w->item, w->db, id, &none);
	if (!s)
		s = may_read(&may, w, &w->item, &none);
	if (s == E_NOTFOUND || (!s && !may)) {
		w->v->answer = ANSWER_NO_ENTRY;
		return E_OK;
	}
	if (s)
		*err = none;
	return s;
}

static enum status
put_changes(struct work *w, struct err *err)
{
	struct json *all = json_array();
	struct record now = {0};
	struct err none = ERR_INIT;
	enum status s = w->item.readable ? ledger_record_get(&now, w->db,
	    &w->item.op.record, &none) : E_NOTFOUND;

	for (size_t i = 0; i < w->item.op.change_count; i++) {
		const struct op_change *c = &w->item.op.changes[i];
		struct json *j = json_object();

		json_put_text(j, "field", c->field);
		json_put_text(j, "before", c->before);
		json_put_text(j, "after", c->after);
		if (!s)
			json_put_text(j, "today", record_get(&now, c->field));
		json_push(all, j);
	}
	json_put_bool(w->out, "there", !s);
	json_put(w->out, "changes", all);
	record_release(&now);
	if (s && s != E_NOTFOUND)
		*err = none;
	return s == E_NOTFOUND ? E_OK : s;
}

static enum status
show(struct work *w, struct err *err)
{
	enum status s = put_head(w->out, w, &w->item, err);

	return s ? s : put_changes(w, err);
}

static enum status
take(struct work *w, struct err *err)
{
	struct judgement j = {0};
	enum status s = settle_take(&j, w->db, w->v->schema, &w->item,
	    w->v->account.login, err);

	if (s)
		return s;
	json_put_text(w->out, "verdict", verdict_name(j.verdict));
	json_put_int(w->out, "rev", j.rev);
	return E_OK;
}

static enum status
dismiss(struct work *w, struct err *err)
{
	const char *why = json_get_text(w->ask, "why");

	json_put_text(w->out, "entry", w->item.id);
	return settle_dismiss(w->db, &w->item, w->v->account.login,
	    why ? why : "", err);
}

/* What is refused to the commands as well is told with its sentence. */
static enum status
tell(struct visit *v, enum status s, const struct err *why, struct err *err)
{
	if (s == E_AUTH)
		v->answer = ANSWER_NOT_TO_SETTLE;
	else if (s == E_INVALID || s == E_CONFLICT || s == E_NOTFOUND)
		v->answer = ANSWER_STANDS;
	if (!v->answer) {
		*err = *why;
		return s;
	}
	memcpy(v->why, why->msg, sizeof v->why);
	v->sentence = v->why;
	return E_OK;
}

/* The act and its note are one transaction; nothing of what is refused stays. */
static enum status
run(struct work *w, const char *act, enum audit_what what,
    enum status (*work)(struct work *w, struct err *err), struct err *err)
{
	struct visit *v = w->v;
	struct err why = ERR_INIT, undone = ERR_INIT;
	char note[AUDIT_NOTE_MAX];
	enum status s = ledger_begin(&w->db, v->ledger, err);

	if (s)
		return s;
	s = find_item(w, &why);
	if (!s && !v->answer)
		s = work(w, &why);
	snprintf(note, sizeof note, "quarantine %s %s", act, w->item.id);
	if (!s && !v->answer)
		s = ledger_audit_put(w->db, &(struct ledger_audit_note){
			.what = what, .by = v->account.login,
			.device = &v->device.id,
			.reg = w->item.readable ? w->item.op.reg : NULL,
			.ids = w->item.readable ? &w->item.op.record : NULL,
			.id_count = w->item.readable ? 1 : 0, .note = note },
			&why);
	if (!s && !v->answer)
		return ledger_end(v->ledger, E_OK, err);
	if (ledger_end(v->ledger, s ? s : E_INVALID, &undone) == E_IO) {
		*err = undone.msg[0] ? undone : why;
		return E_IO;
	}
	return s ? tell(v, s, &why, err) : E_OK;
}

static enum status
one(struct visit *v, const char *act, enum audit_what what,
    enum status (*work)(struct work *w, struct err *err), struct err *err)
{
	struct work w = {0};
	struct json *ask = NULL;
	enum status s = find_who(&w, v, err);

	if (s || v->answer)
		return s;
	ask = visit_object(v);
	w.ask = ask;
	if (ask)
		s = run(&w, act, what, work, err);
	if (ask && !s && !v->answer) {
		visit_json(v, w.out);
		visit_pack(v, false);
	} else {
		json_free(w.out);
	}
	settle_item_release(&w.item);
	json_free(ask);
	return s;
}

enum status
api_quarantine_show(struct visit *v, struct err *err)
{
	return one(v, "show", AUDIT_VIEW, show, err);
}

enum status
api_quarantine_take(struct visit *v, struct err *err)
{
	return one(v, "take", AUDIT_MANAGE, take, err);
}

enum status
api_quarantine_dismiss(struct visit *v, struct err *err)
{
	return one(v, "dismiss", AUDIT_MANAGE, dismiss, err);
}
