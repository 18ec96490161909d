#ifndef SERVER_LEDGER_AUTHOR_H
#define SERVER_LEDGER_AUTHOR_H

#include "server/account.h"
#include "server/ledger_judge.h"

/*
 * Who may do an operation.  Several people share a cache, so the author need
 * not be the person who is signed in; but it must be somebody who has signed
 * in on that device.
 */

/* The author's account; refused when there is none, it is disabled, or was
 * never here.  Errors: E_IO. */
MUST_CHECK enum status author_find(struct account *author,
	struct judgement *out, const struct judge *j, const struct op *op,
	struct err *err);

/* May device and author touch a record of this office in this register?
 * Errors: E_IO. */
MUST_CHECK enum status author_may(struct judgement *out,
	const struct judge *j, const struct account *author,
	const struct op *op, const char *owner,
	const struct schema_register *reg, struct err *err);

/* The same of the role alone.  Always E_OK. */
MUST_CHECK enum status author_may_role(struct judgement *out,
	const struct account *author, const struct op *op,
	const struct schema_register *reg);

/* Is this record, which there is, none for device and author: another office's,
 * sealed off from the role, or about a record of a register that it may not
 * read?  They hear what they would if there were none.  office: in whose name
 * they enter something.  Errors: E_IO. */
MUST_CHECK enum status author_unseen(bool *out, const struct judge *j,
	const struct account *author, const char *office,
	const struct record *current, struct err *err);

#endif
