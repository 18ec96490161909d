#ifndef CORE_RULE_VALUE_H
#define CORE_RULE_VALUE_H

#include <stdbool.h>

#include "base/err.h"
#include "core/schema.h"

/*
 * Is this text, which is not empty, a stored value of the field?  *stop is
 * false when the fault is a warning only (a code out of date).
 * Errors: E_INVALID one sentence for the line beside the field.
 */
MUST_CHECK enum status rule_value_check(bool *stop,
	const struct schema_field *f, const char *text, int today,
	struct err *err);

#endif
