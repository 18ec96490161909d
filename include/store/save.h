#ifndef STORE_SAVE_H
#define STORE_SAVE_H

#include <stdbool.h>

#include "core/record.h"
#include "core/rule.h"
#include "store/store.h"

/*
 * The one way a person's entry becomes part of the cache: derive, check,
 * compare with what is stored, and write record and operation in one
 * transaction.  Form, command line and import all pass here.
 */
struct save {
	struct record *record;		/* as the user wants it; id zero: new.
					 * On success as it was stored. */
	const struct record *seen;	/* what the user started from; NULL for a
					 * new record.  If the stored one is newer
					 * the user's changes are put on top of it
					 * field by field. */
	bool submit;			/* check RULE_SUBMIT instead of _SAVE */
	bool unnumbered;		/* a row of an old book: it has its number
					 * or none, and is given none */
	const char *draft;		/* draft to drop in the same transaction */
	struct faults faults;		/* out: everything found; release it */
	bool numbered;			/* out: it was given its paper number */
	bool unchanged;			/* out: nothing differed, nothing written */
	bool overlapped;		/* out: someone else changed the same field
					 * meanwhile; nothing written, E_CONFLICT */
	bool draft_gone;		/* out: another window saved or dropped
					 * that draft; the same */
};

/*
 * Errors: E_INVALID a fault stops it (see faults; err says the first);
 * E_CONFLICT overlapped or draft_gone; E_AUTH locked or the role may not write; E_IO nothing
 * was written.
 */
MUST_CHECK enum status save_record(struct store *s, struct save *save,
	struct err *err);

/* Move to another state through rule_move, with the needed fields set in
 * record; the same transaction and errors. */
MUST_CHECK enum status save_move(struct store *s, struct save *save,
	const char *to, struct err *err);

/* Withdraw (作废): the record stays, with the reason.  Errors as above;
 * E_INVALID an empty reason. */
MUST_CHECK enum status save_remove(struct store *s, const struct uuid *id,
	const char *why, struct err *err);

/* Answer a conflict: the values that shall hold, for the fields of its group.
 * Errors: E_NOTFOUND; E_CONFLICT already answered (by whom is said). */
MUST_CHECK enum status save_resolve(struct store *s,
	const struct uuid *conflict, const struct values *chosen,
	struct err *err);

/*
 * Many saves in one transaction (import): between begin and commit every
 * save_* joins it; rollback undoes all of them and what is in memory too.
 */
MUST_CHECK enum status save_batch_begin(struct store *s, struct err *err);
MUST_CHECK enum status save_batch_commit(struct store *s, struct err *err);
void save_batch_rollback(struct store *s);
bool save_batch_is_open(const struct store *s);
/* Rules find no other records by their values in this batch: an import has
 * looked for the same ones by the same fields already, and has thousands. */
void save_batch_blind(struct store *s);

#endif
