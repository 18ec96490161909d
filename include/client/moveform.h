#ifndef CLIENT_MOVEFORM_H
#define CLIENT_MOVEFORM_H

#include "core/record.h"
#include "core/rule.h"
#include "core/schema.h"

/* A register as its move sees it: the same fields, and pages with only what
 * the move needs, its guard reads, and what must be filled by then. */
struct moveform {
	struct schema_register reg;	/* a shallow copy; its pages and the array
					 * of its fields are its own */
	size_t field_count;		/* on the pages; 0: nothing is asked */
	bool locked;			/* only what the move names is open */
};

/* r NULL: of no record in particular, only what the move names. */
void moveform_init(struct moveform *f, const struct schema *schema,
	const struct schema_register *reg, const struct schema_move *move,
	const struct record *r, int today, const struct rule_world *world);
/* What stops the step of r as it is now: a written agreement that was answered
 * asks for its text. */
void moveform_ask(struct moveform *f, const struct schema *schema,
	const struct schema_register *reg, const struct schema_move *move,
	const struct record *r, int today, const struct rule_world *world);
/* One more field, if it can be typed and is not there yet. */
void moveform_add(struct moveform *f, const struct schema_move *move,
	const char *name);
void moveform_release(struct moveform *f);	/* accepts a zeroed struct */

#endif
