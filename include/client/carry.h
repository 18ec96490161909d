#ifndef CLIENT_CARRY_H
#define CLIENT_CARRY_H

#include "store/save.h"

/*
 * Saving, and what goes over to other records in the same transaction: a
 * record made of another gets its children and the two their links ("makes"),
 * and whom a record belongs to is told what it must know ("tells").  What
 * cannot go over does not stop the save; a warning in its faults says so.
 * Form and command line save this way, an import does not: its columns are
 * all there is.
 *
 * Errors as save_record() and save_move().
 */
MUST_CHECK enum status carry_save(struct store *s, struct save *save,
	struct err *err);
MUST_CHECK enum status carry_move(struct store *s, struct save *save,
	const char *to, struct err *err);
/* r is withdrawn, and nothing takes back what it told another: the clerk is
 * asked to look at that record; out gets the sentence, or nothing. */
void carry_left(struct buf *out, struct store *s, const struct record *r);

#endif
