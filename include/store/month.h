#ifndef STORE_MONTH_H
#define STORE_MONTH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"
#include "core/deadline.h"
#include "store/store.h"

/*
 * The tasks of a month: for each record of a register and each rule that
 * stands in the month list, whether it is done this month, not yet, or not
 * asked for.  From the overviews in memory.
 */
enum month_mark {
	MONTH_NONE,		/* not asked for this month */
	MONTH_DONE,
	MONTH_OPEN,		/* not yet */
	MONTH_LATE,		/* not done in its time */
};

struct month_cell {
	enum month_mark mark;
	int on;			/* done: the last time; open, late: due on */
	size_t times;		/* done in the month */
};

struct month_table {
	const struct deadline_rule **rules;	/* the array is owned */
	size_t rule_count;
	struct uuid *ids;		/* owned, in the register's order */
	size_t count;
	struct month_cell *cells;	/* owned: rule_count for each id */
};

void month_release(struct month_table *t);

/* Has the register tasks of a month? */
bool month_has(const struct schema *schema, const struct schema_register *reg);

/* The month that month_on lies in, as of today; one: only this record, NULL
 * all of them that a rule is asked of.  out is released first. */
void month_gather(struct month_table *out, struct store *s,
	const struct schema_register *reg, const struct uuid *one,
	int month_on, int today);

const struct month_cell *month_cell_at(const struct month_table *t,
	size_t row, size_t rule);

#endif
