/*
 * Role and office come from the account table and the device's token; what an
 * operation says about them is only compared.
 */
#include "server/ledger_author.h"

#include <string.h>

#include "base/tr.h"
#include "core/transfer.h"
#include "server/ledger_feed.h"
#include "server/ledger_sight.h"

enum status
author_find(struct account *author, struct judgement *out,
    const struct judge *j, const struct op *op, struct err *err)
{
	struct err none = ERR_INIT;
	bool present = false;
	enum status s;

	if (op->by[0] && strcmp(j->author->login, op->by) == 0) {
		*author = *j->author;
		return E_OK;
	}
	s = account_get(author, j->db, op->by, &none);
	if (s == E_NOTFOUND)
		return judge_refuse(out, VERDICT_DENIED,
		    tr("The person who entered this has no account."));
	if (s) {
		*err = none;
		return s;
	}
	if (j->taken_by)	/* a person has looked at who it was */
		return E_OK;
	s = account_was_here(&present, j->db, op->by, &j->peer->device, err);
	if (s)
		return s;
	if (!present)
		return judge_refuse(out, VERDICT_DENIED,
		    tr("The person who entered this has never signed in on this device."));
	if (author->disabled)
		return judge_refuse(out, VERDICT_REVIEW,
		    tr("The account of the person who entered this is disabled; the county looks at it."));
	*j->author = *author;
	return E_OK;
}

enum status
author_may_role(struct judgement *out, const struct account *author,
    const struct op *op, const struct schema_register *reg)
{
	if (!schema_may_read(reg, author->role) ||
	    (!schema_may_write(reg, author->role) &&
	    (op->kind != OP_MOVE || !schema_may_move(reg, author->role))))
		return judge_refuse(out, VERDICT_DENIED,
		    tr("Your role may not change this register."));
	return E_OK;
}

enum status
author_may(struct judgement *out, const struct judge *j,
    const struct account *author, const struct op *op, const char *owner,
    const struct schema_register *reg, struct err *err)
{
	/* a device's own office was found with the device */
	bool exists = strcmp(j->peer->office, owner) == 0;
	enum status s = E_OK;

	if (!office_reaches(j->peer->office, j->peer->county, owner) ||
	    (!j->taken_by &&
	    !office_reaches(author->office, author->county, owner)) ||
	    strcmp(op->office, owner) != 0)
		return judge_refuse(out, VERDICT_DENIED,
		    tr("The record belongs to another office."));
	if (!exists)
		s = office_exists(&exists, j->db, owner, err);
	if (s)
		return s;
	if (!exists)
		return judge_refuse(out, VERDICT_DENIED,
		    tr("There is no such office."));
	return author_may_role(out, author, op, reg);
}

enum status
author_unseen(bool *out, const struct judge *j, const struct account *author,
    const char *office, const struct record *current, struct err *err)
{
	struct ledger_peer person = *j->peer;
	struct sight sight;
	bool sees = true;
	enum status s = E_OK;

	*out = false;
	if (!office_reaches(person.office, person.county, office))
		return E_OK;	/* refused with or without the record */
	if (!transfer_is(current) && !office_reaches(person.office,
	    person.county, current->office)) {
		*out = true;
		return E_OK;
	}
	sight_begin(&sight, j->schema);
	sight_add(&sight, author->role);
	s = sight_sees(&sees, &sight, j->db, current->reg, &current->id, err);
	person.sees_sealed = schema_may_hold_sealed(j->schema, author->role);
	if (!s && sees && !person.sees_sealed) {
		sees = false;
		s = feed_has_seen(&sees, j->db, &person, &current->id, err);
	}
	*out = !sees;
	return s;
}
