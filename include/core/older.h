#ifndef CORE_OLDER_H
#define CORE_OLDER_H

#include <stdbool.h>

#include "core/op.h"
#include "core/record.h"
#include "core/schema.h"

/*
 * What was entered under older definitions, brought to those that hold now: a
 * field by the name it has now ("was"), a retired code by the one that took
 * over ("instead").  The same on client and server; what neither names stays
 * as it came.
 */

/* Could older_op() have anything to do? */
bool older_concerns(const struct op *op, const struct schema_register *reg);

/*
 * Bring an operation, entered on day on, to the definitions of reg, for a
 * record that is at present like current (zeroed: there is none).  A code that
 * still held on that day stays.  true: something was changed.
 */
bool older_op(struct op *op, const struct schema_register *reg,
	const struct record *current, int on);

/* Values that stand under old names; one whose new name is filled stays where
 * it is, and is shown beside it.  Codes stay: old records keep their words.
 * true: something was changed. */
bool older_record(struct record *r, const struct schema_register *reg);

#endif
