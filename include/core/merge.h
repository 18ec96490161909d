#ifndef CORE_MERGE_H
#define CORE_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/op.h"
#include "core/record.h"
#include "core/schema.h"

/*
 * Three-way merging by field group, the same code on both sides (sync.md 4.3).
 * No clock decides anything; nobody's value disappears: what does not win is
 * returned as a conflict.
 */

struct merge_conflict {
	char group[RECORD_NAME_MAX];	/* merge group or field name */
	struct op_change *changes;	/* field, base value, op's value; owned */
	size_t count;
};

struct merge_result {
	bool changed;		/* the record differs from before */
	bool merged;		/* others had changed it since the op's base */
	struct merge_conflict *conflicts;
	size_t conflict_count;
};

void merge_result_release(struct merge_result *m);

/*
 * Apply op to the current record.  touched(self, field) answers whether
 * somebody else changed this field after the op's base (not by the op's own
 * chain); for the field "" whether anything was changed at all (without that
 * answer the clearing of a field that reg does not have goes unnoticed); NULL:
 * nothing was.  A value that is not what the op's author saw counts as touched.
 * For each group the op writes: untouched -> applied; touched with the same
 * result -> silent; touched and different -> the field's policy (append,
 * union, max, min, server), or with ask: the current value stays and the op's
 * goes into out->conflicts.  Withdrawal (@deleted) against an edit:
 * the record stays alive with a conflict.  A register that is append-only has
 * no conflicts.  reg may be NULL (unknown register): every field is ask.
 */
void merge_op(struct merge_result *out, struct record *current,
	const struct op *op, const struct schema_register *reg,
	bool (*touched)(void *self, const char *field), void *self);

/*
 * What the user sees: the server's version with the undecided operations put
 * on top, in order.  base may be NULL (the server has none yet); ops are
 * borrowed; seen is filled, owned by the caller.
 */
void merge_rebase(struct record *seen, const struct record *base,
	const struct op *const *ops, size_t count);

#endif
