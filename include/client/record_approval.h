#ifndef CLIENT_RECORD_APPROVAL_H
#define CLIENT_RECORD_APPROVAL_H

#include "client/record_lines.h"

/* How far a record's approval is: what it rests on, who handed it in, what each
 * level said and when, and whom it waits for.  Nothing for a register without
 * approval. */
void record_approval_lines(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r);

#endif
