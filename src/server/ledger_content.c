/*
 * What of an operation is looked at before anybody asks who sent it.
 */
#include "server/ledger_content.h"

#include <string.h>

#include "base/tr.h"

/* What is derived is computed here again, what a step fills in is looked at
 * with the step. */
static bool
is_protected(const struct schema_register *reg, const struct record *now,
    const struct op_change *c)
{
	const char *have = record_get(now, c->field);
	const struct schema_field *f;

	if (c->field[0] == '@')
		return strcmp(c->field, "@state") != 0 &&
		    strcmp(c->field, "@deleted") != 0;
	f = have[0] ? schema_field_find(reg, c->field) : NULL;
	return f && f->readonly && f->derive == DERIVE_NO &&
	    !schema_is_filled_by_moves(reg, c->field) &&
	    strcmp(have, c->after) != 0;
}

/* No definition of ours has it, nor had the record. */
static bool
is_of_no_register(const struct schema_register *reg, const struct record *now,
    const struct op_change *c)
{
	return c->field[0] != '@' && c->after[0] &&
	    !schema_field_find(reg, c->field) &&
	    !values_has(&now->values, c->field);
}

const char *
content_refused(enum verdict *verdict, const struct schema_register *reg,
    const struct record *now, const struct op *op)
{
	for (size_t i = 0; i < op->change_count; i++) {
		const struct op_change *c = &op->changes[i];

		if (is_protected(reg, now, c)) {
			*verdict = VERDICT_DENIED;
			return tr("Only the county may change this field.");
		}
		if (is_of_no_register(reg, now, c)) {
			*verdict = VERDICT_INVALID;
			return tr("The register has no such field.");
		}
	}
	return NULL;
}
