#ifndef CLIENT_PROPOSAL_H
#define CLIENT_PROPOSAL_H

#include <stdbool.h>

#include "core/schema.h"

struct app;
struct choice;
struct due_item;
struct uuid;

/*
 * A measure that the penalty ladder proposes (core/supervision): shown, and
 * on a key drafted.  Nobody is sanctioned by the program: the draft goes the
 * way of every sanction.
 */

/* The form of a new sanction, filled in with what led to it.  false: the item
 * proposes nothing, or the user may not write sanctions. */
bool proposal_push(struct app *app, const struct due_item *item);

/* What is proposed for a record, as choices from first on; their count.
 * c NULL: only count them. */
int proposal_offer(struct choice *c, const struct app *app,
	const struct uuid *id, int first);
/* The i-th of them. */
void proposal_push_of(struct app *app, const struct uuid *id, int i);

#endif
