#ifndef CORE_RULE_NAMED_H
#define CORE_RULE_NAMED_H

#include "core/rule.h"

/*
 * The named rules of a definition's checks, for core/rule.c.  A rule names
 * the fields it reads itself; one that a register does not have is empty, so
 * a rule in the wrong register says nothing.
 */
struct rule_call {
	struct faults *out;
	const struct schema *schema;
	const struct schema_register *reg;
	const struct schema_check *check;	/* of kind CHECK_RULE */
	const struct record *r;
	enum rule_mode mode;
	int today;
	const struct rule_world *world;		/* may be NULL */
};

void rule_run_named(const struct rule_call *call);

#endif
