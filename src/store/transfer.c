/*
 * Offering, and what may not be changed before it is accepted.  Transfers are
 * few, so they are looked for among all overviews.
 */
#include "store/transfer.h"

#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/tr.h"
#include "store/inside.h"
#include "store/save.h"

/* ---- offering ---- */

static enum status
describe(struct record *t, struct store *s, const struct uuid *record,
	struct err *err)
{
	const struct schema_register *reg;
	struct record about = {0}, person = {0};
	struct err none = ERR_INIT;
	struct uuid id;
	bool has = false;
	enum status st = store_get(&about, s, record, err);

	if (st)
		return st;
	reg = schema_register_find(s->schema, about.reg);
	if (!reg || about.reg[0] == '@' || reg->parent ||
	    strcmp(about.reg, "person") == 0 || about.deleted || !about.rev) {
		record_release(&about);
		return err_set(err, E_INVALID, tr("Only a whole record that "
			"the county has is handed over; what belongs to it and "
			"the person go along."));
	}
	if (reg->person_field &&
	    uuid_parse(&id, record_get(&about, reg->person_field)))
		has = store_get(&person, s, &id, &none) == E_OK;
	memcpy(t->office, about.office, sizeof t->office);
	transfer_describe(t, reg, &about, has ? &person : NULL);
	record_release(&about);
	record_release(&person);
	return E_OK;
}

enum status
transfer_offer(struct uuid *out, struct store *s, const struct uuid *record,
	const char *to, const char *why, struct err *err)
{
	struct record t = { .reg = TRANSFER_REGISTER };
	struct save save = { .record = &t };
	char today[DATE_TEXT_MAX];
	enum status st = store_need_key(s, err);

	if (!st)
		st = describe(&t, s, record, err);
	if (!st && strcmp(to, t.office) == 0)
		st = err_set(err, E_INVALID,
			tr("A record goes to another office, not there."));
	if (st)
		goto out;
	date_print(today, clock_today());
	(void)record_set(&t, "to", to);
	(void)record_set(&t, "offered_by", s->user.name);
	(void)record_set(&t, "offered_on", today);
	if (!record_set(&t, "reason", why))
		st = err_set(err, E_INVALID, tr("The reason is too long."));
	if (!st)
		st = save_record(s, &save, err);
	if (!st)
		*out = t.id;
out:
	faults_release(&save.faults);
	record_release(&t);
	return st;
}

/* ---- what is only shown ---- */

static bool
is_for_us(const struct store *s, const struct overview *o)
{
	return o && !o->deleted && strcmp(o->reg_name, TRANSFER_REGISTER) == 0 &&
		strcmp(o->state, "offered") == 0 &&
		strcmp(overview_get(o, "to"), s->user.office) == 0;
}

/* The record, or what it belongs to. */
static bool
is_below(const struct store *s, const struct uuid *id, const struct uuid *top)
{
	enum { DEEP = 8 };
	const struct overview *o = overview_find(s, id);

	for (int i = 0; i < DEEP && o; i++) {
		if (uuid_compare(&o->id, top) == 0)
			return true;
		o = overview_find(s, &o->parent);
	}
	return false;
}

static bool
goes_along(struct store *s, const struct uuid *transfer,
	const struct uuid *id)
{
	struct record t = {0};
	struct err none = ERR_INIT;
	struct uuid person;
	bool found = false;

	if (store_get(&t, s, transfer, &none))
		return false;
	for (size_t i = 0; !found && transfer_person(&person, &t, "persons", i);
	    i++)
		found = uuid_compare(&person, id) == 0;
	record_release(&t);
	return found;
}

enum status
transfer_need_own(struct store *s, const struct record *r, struct err *err)
{
	if (r->reg[0] == '@' || strcmp(r->office, s->user.office) == 0)
		return E_OK;
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		struct uuid about;

		if (!is_for_us(s, o) ||
		    !uuid_parse(&about, overview_get(o, "record")))
			continue;
		if (is_below(s, &r->id, &about) ||
		    goes_along(s, &o->id, &r->id))
			return err_set(err, E_AUTH, tr("This record is offered "
				"to your office; until it is accepted it can "
				"only be looked at."));
	}
	return E_OK;
}

enum status
transfer_need_side(const struct store *s, const struct record *r,
	const char *to, struct err *err)
{
	bool taker = strcmp(record_get(r, "to"), s->user.office) == 0;

	if (!transfer_is(r) || taker == (strcmp(to, "withdrawn") != 0))
		return E_OK;
	return err_set(err, E_AUTH, taker ?
		tr("Only the office that gives may withdraw a transfer.") :
		tr("Only the office that it is offered to may decide that."));
}

size_t
transfer_waiting(const struct store *s)
{
	size_t count = 0;

	for (size_t i = 0; i < overview_count(s); i++)
		count += is_for_us(s, overview_at(s, i));
	return count;
}
