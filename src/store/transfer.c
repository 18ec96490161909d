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
#include "store/office_names.h"
#include "store/overview.h"
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
is_offered(const struct overview *o)
{
	return o && !o->deleted && strcmp(o->reg_name, TRANSFER_REGISTER) == 0 &&
		strcmp(o->state, "offered") == 0;
}

static bool
is_for_us(const struct store *s, const struct overview *o)
{
	return is_offered(o) &&
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

/* Where a person stays at work until it is accepted, they may be changed. */
static bool
holds(struct store *s, const struct overview *offer, const struct uuid *record)
{
	struct uuid about;

	if (!uuid_parse(&about, overview_get(offer, "record")))
		return false;
	return is_below(s, record, &about) || (is_for_us(s, offer) &&
		goes_along(s, &offer->id, record));
}

const struct overview *
transfer_of(struct store *s, const struct uuid *record)
{
	size_t left = s->memory.offers;

	for (size_t i = 0; left > 0 && i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		if (!is_offered(o))
			continue;
		if (holds(s, o, record))
			return o;
		left--;
	}
	return NULL;
}

enum status
transfer_need_settled(struct store *s, const struct record *r, struct err *err)
{
	const struct overview *o = r->reg[0] == '@' ? NULL :
		transfer_of(s, &r->id);
	const char *to = o ? overview_get(o, "to") : "";
	const char *name = office_names_find(s, to);

	if (!o)
		return E_OK;
	if (is_for_us(s, o))
		return err_set(err, E_AUTH, tr("This record is offered to your "
			"office; until it is accepted it can only be looked "
			"at."));
	return err_set(err, E_AUTH, tr("Offered to %s: until that office "
		"answers it can only be looked at."),
		name ? name : to);
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
	size_t count = 0, left = s->memory.offers;

	for (size_t i = 0; left > 0 && i < overview_count(s); i++) {
		count += is_for_us(s, overview_at(s, i));
		left -= is_offered(overview_at(s, i));
	}
	return count;
}

/* ---- what stays behind ---- */

const struct overview *
transfer_trace(const struct store *s, const struct uuid *record)
{
	const struct overview *last = NULL;
	char id[UUID_TEXT_MAX];

	uuid_print(id, record);
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		if (o && strcmp(o->reg_name, TRANSFER_REGISTER) == 0 &&
		    strcmp(o->state, "accepted") == 0 &&
		    strcmp(overview_get(o, "record"), id) == 0 &&
		    (!last || uuid_compare(&last->id, &o->id) < 0))
			last = o;
	}
	return last;
}
