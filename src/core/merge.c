/*
 * Three-way merging by field group (sync.md 4.3).
 *
 * 1. What nobody else touched since the operation's base is applied.
 * 2. What two people changed differently is decided by the field's policy or
 *    left as it is and returned as a conflict; nothing entered is dropped by
 *    a policy that asks, appends or unites.
 * 3. No clock is read or compared.
 */
#include "core/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "core/value.h"

/* One merge under way. */
struct merger {
	struct merge_result *out;
	struct record *current;
	const struct op *op;
	const struct schema_register *reg;	/* or NULL */
	bool (*touched)(void *self, const char *field);
	void *self;
};

void
merge_result_release(struct merge_result *m)
{
	for (size_t i = 0; i < m->conflict_count; i++) {
		struct merge_conflict *c = &m->conflicts[i];

		for (size_t k = 0; k < c->count; k++) {
			free(c->changes[k].field);
			free(c->changes[k].before);
			free(c->changes[k].after);
		}
		free(c->changes);
	}
	free(m->conflicts);
	*m = (struct merge_result){0};
}

/* ---- what others did ---- */

static bool
is_touched(const struct merger *m, const char *field)
{
	return m->touched && m->touched(m->self, field);
}

/* Has anybody else changed anything?  A caller that cannot answer for "any
 * field" is asked of every field that can be known of here. */
static bool
is_edited(const struct merger *m)
{
	if (is_touched(m, "") || is_touched(m, "@state") || is_touched(m, "@office"))
		return true;
	for (size_t i = 0; i < m->current->values.count; i++) {
		if (is_touched(m, m->current->values.items[i].name))
			return true;
	}
	for (size_t i = 0; m->reg && i < m->reg->field_count; i++) {
		if (is_touched(m, m->reg->fields[i].name))
			return true;
	}
	for (size_t i = 0; i < m->op->change_count; i++) {
		const char *field = m->op->changes[i].field;

		if (strcmp(field, "@deleted") != 0 && is_touched(m, field))
			return true;
	}
	return false;
}

/* ---- groups ---- */

static const struct schema_field *
field_of(const struct merger *m, const char *name)
{
	return m->reg ? schema_field_find(m->reg, name) : NULL;
}

/* The merge group of a field: its definition's, or the field alone. */
static const char *
group_of(const struct merger *m, const char *name)
{
	const struct schema_field *f = field_of(m, name);

	return f && f->group ? f->group : name;
}

static bool
is_in_group(const struct merger *m, const char *group, const char *field)
{
	return strcmp(group_of(m, field), group) == 0;
}

/* A group is touched by a change of any of its fields, also of one that the
 * operation leaves alone: a term's end belongs to the term's beginning. */
static bool
is_group_touched(const struct merger *m, const char *group)
{
	for (size_t i = 0; m->reg && i < m->reg->field_count; i++) {
		const struct schema_field *f = &m->reg->fields[i];

		if (strcmp(f->group ? f->group : f->name, group) == 0 &&
		    is_touched(m, f->name))
			return true;
	}
	for (size_t i = 0; i < m->op->change_count; i++) {
		const char *name = m->op->changes[i].field;

		if (is_in_group(m, group, name) && is_touched(m, name))
			return true;
	}
	return false;
}

/* Does the record say what the author saw in this group?  Not so after an
 * earlier operation of the same chain lost: its value hid the other one from
 * the author, whose base may be newer than both. */
static bool
is_as_seen(const struct merger *m, const char *group)
{
	for (size_t i = 0; i < m->op->change_count; i++) {
		const struct op_change *c = &m->op->changes[i];

		if (is_in_group(m, group, c->field) &&
		    strcmp(record_get(m->current, c->field), c->before) != 0)
			return false;
	}
	return true;
}

/* The policy of what the operation changes in a group; fields of different
 * policies in one group cannot be decided one by one. */
static enum merge_policy
policy_of(const struct merger *m, const char *group)
{
	enum merge_policy policy = MERGE_ASK;
	bool first = true;

	for (size_t i = 0; i < m->op->change_count; i++) {
		const char *name = m->op->changes[i].field;
		const struct schema_field *f = field_of(m, name);
		enum merge_policy own = f ? f->merge : MERGE_ASK;

		if (!is_in_group(m, group, name))
			continue;
		if (!first && own != policy)
			return MERGE_ASK;
		policy = own;
		first = false;
	}
	return policy;
}

/* ---- results ---- */

static void
add_conflict_change(struct merge_conflict *c, const char *field,
	const char *before, const char *after)
{
	c->changes = mem_grow(c->changes, c->count, sizeof *c->changes);
	c->changes[c->count++] = (struct op_change){
		.field = mem_strdup(field),
		.before = mem_strdup(before),
		.after = mem_strdup(after),
	};
}

/* The conflict of a group, made at its first use. */
static struct merge_conflict *
conflict_for(struct merge_result *out, const char *group)
{
	struct merge_conflict *c;

	for (size_t i = 0; i < out->conflict_count; i++) {
		if (strcmp(out->conflicts[i].group, group) == 0)
			return &out->conflicts[i];
	}
	out->conflicts = mem_grow(out->conflicts, out->conflict_count,
		sizeof *out->conflicts);
	c = &out->conflicts[out->conflict_count++];
	*c = (struct merge_conflict){0};
	snprintf(c->group, sizeof c->group, "%s", group);
	return c;
}

static void
ask(const struct merger *m, const char *group, const struct op_change *change)
{
	add_conflict_change(conflict_for(m->out, group), change->field,
		change->before, change->after);
}

/* Put a text into the record; one that the record cannot take (too many
 * fields, a system field that this program does not know) is asked about. */
static void
apply(const struct merger *m, const char *group,
	const struct op_change *change, const char *text)
{
	if (strcmp(record_get(m->current, change->field), text) == 0)
		return;
	if (record_set(m->current, change->field, text))
		m->out->changed = true;
	else
		ask(m, group, change);
}

/* ---- policies ---- */

/* Both texts.  Of a text that only went on from its base, the new part is
 * added; who wrote it stands before it. */
static void
append_text(struct buf *out, const char *current,
	const struct op_change *change, const char *by)
{
	const char *added = change->after;
	size_t base = strlen(change->before);

	if (base > 0 && strncmp(added, change->before, base) == 0) {
		added += base;
		added += strspn(added, " \n");
	}
	buf_text(out, current);
	if (!added[0])
		return;
	if (!current[0])
		buf_text(out, change->after);
	else
		buf_printf(out, "\n[%s] %s", by, added);
}

static void
add_member(struct buf *out, const char *member, size_t len)
{
	if (out->len > 0)
		buf_char(out, ';');
	buf_add(out, member, len);
}

/* Add the members of joined that are in "in" (or not, with_in false) and not
 * in "except". */
static void
add_members(struct buf *out, const char *joined, const char *in, bool with_in,
	const char *except)
{
	while (joined[0]) {
		size_t len = strcspn(joined, ";");
		char *member = mem_strndup(joined, len);

		if (len > 0 && values_set_has(in, member) == with_in &&
		    !values_set_has(except, member))
			add_member(out, member, len);
		free(member);
		joined += len + (joined[len] != '\0');
	}
}

/* What is there, less what the operation took away, and what it added. */
static void
unite(struct buf *out, const char *current, const struct op_change *change)
{
	struct buf removed;

	buf_init(&removed, BUF_RECORD_MAX);
	add_members(&removed, change->before, change->after, false, "");
	add_members(out, current, removed.data, false, "");
	add_members(out, change->after, change->before, false, current);
	buf_release(&removed);
}

/* An empty value is no number: the filled one stays. */
static const char *
extreme(const struct schema_field *f, const char *a, const char *b)
{
	int order;

	if (!a[0] || !b[0])
		return a[0] ? a : b;
	order = value_compare(f->type, a, b);
	return (f->merge == MERGE_MAX) == (order > 0) ? a : b;
}

static bool
text_fits(const struct schema_field *f, const struct buf *text)
{
	if (text->full || text->len > RECORD_VALUE_BYTES_MAX)
		return false;
	return f->max_chars <= 0 ||
	    utf8_chars(text->data, text->len) <= (size_t)f->max_chars;
}

/* Decide one field that two people changed differently. */
static void
decide(const struct merger *m, const char *group,
	const struct op_change *change, enum merge_policy policy)
{
	const struct schema_field *f = field_of(m, change->field);
	const char *current = record_get(m->current, change->field);
	struct buf text;

	if (policy == MERGE_SERVER)
		return;
	buf_init(&text, BUF_RECORD_MAX);
	if (policy == MERGE_APPEND)
		append_text(&text, current, change, m->op->by);
	else if (policy == MERGE_UNION)
		unite(&text, current, change);
	else
		buf_text(&text, extreme(f, current, change->after));
	if (text_fits(f, &text))
		apply(m, group, change, text.data);
	else
		ask(m, group, change);
	buf_release(&text);
}

/* ---- one group ---- */

/* Does the record already say what the operation says about the group? */
static bool
is_same(const struct merger *m, const char *group)
{
	for (size_t i = 0; i < m->op->change_count; i++) {
		const struct op_change *c = &m->op->changes[i];

		if (is_in_group(m, group, c->field) &&
		    strcmp(record_get(m->current, c->field), c->after) != 0)
			return false;
	}
	return true;
}

static void
merge_group(const struct merger *m, const char *group)
{
	bool touched = is_group_touched(m, group) || !is_as_seen(m, group);
	enum merge_policy policy = policy_of(m, group);

	if (is_same(m, group))
		return;
	for (size_t i = 0; i < m->op->change_count; i++) {
		const struct op_change *c = &m->op->changes[i];

		if (!is_in_group(m, group, c->field))
			continue;
		if (!touched)
			apply(m, group, c, c->after);
		else if (policy == MERGE_ASK)
			ask(m, group, c);
		else
			decide(m, group, c, policy);
	}
}

/* A withdrawal (作废) holds only against the version that its author saw: if
 * somebody went on working on the record it stays alive and a person decides. */
static void
merge_withdrawal(const struct merger *m, const struct op_change *c)
{
	if (c->after[0] && !m->current->deleted && is_edited(m))
		ask(m, "@deleted", c);
	else
		merge_group(m, "@deleted");
}

/* The other way round: an edit by somebody who did not know of the withdrawal
 * brings the record back, and the withdrawal's reason is asked about. */
static void
revive(const struct merger *m)
{
	add_conflict_change(conflict_for(m->out, "@deleted"), "@deleted", "",
		m->current->deleted);
	(void)record_set(m->current, "@deleted", "");
	m->out->changed = true;
}

/* A record made on two devices under one name (an import) is in its first
 * state on both: that is no claim against where it has moved since. */
static bool
is_first_state(const struct merger *m, const struct op_change *c)
{
	return m->op->kind == OP_NEW && strcmp(c->field, "@state") == 0 &&
	    m->reg && m->reg->state_count > 0 &&
	    strcmp(c->after, m->reg->states[0].name) == 0;
}

/* A receipt says that something has arrived; when another device, or a person
 * who went on with it, was first, it claims nothing. */
static bool
is_late_receipt(const struct merger *m)
{
	const struct schema_move *move = m->reg ?
		schema_receipt_move(m->reg) : NULL;
	bool late = false;

	for (size_t i = 0; move && i < m->op->change_count; i++) {
		const struct op_change *c = &m->op->changes[i];

		if (strcmp(c->field, m->reg->receipt.at) == 0)
			continue;
		if (strcmp(c->field, "@state") != 0 ||
		    strcmp(c->after, move->to) != 0)
			return false;
		late = strcmp(c->before, m->current->state) != 0;
	}
	return late;
}

/* Does the record say what the author saw in all that was changed? */
static bool
is_seen(const struct merger *m)
{
	for (size_t i = 0; i < m->op->change_count; i++) {
		if (!is_as_seen(m, group_of(m, m->op->changes[i].field)))
			return false;
	}
	return true;
}

static void
merge_changes(const struct merger *m)
{
	const struct op *op = m->op;
	bool withdraws = false;

	if (is_late_receipt(m))
		return;
	for (size_t i = 0; i < op->change_count; i++) {
		const struct op_change *c = &op->changes[i];
		const char *group = group_of(m, c->field);
		size_t k = 0;

		if (is_first_state(m, c))
			continue;
		if (strcmp(c->field, "@deleted") == 0) {
			withdraws = true;
			merge_withdrawal(m, c);
			continue;
		}
		while (k < i && !is_in_group(m, group, op->changes[k].field))
			k++;
		if (k == i)	/* the first of its group */
			merge_group(m, group);
	}
	if (!withdraws && m->current->deleted && is_touched(m, "@deleted") &&
	    (m->out->changed || m->out->conflict_count > 0))
		revive(m);
}

void
merge_op(struct merge_result *out, struct record *current,
	const struct op *op, const struct schema_register *reg,
	bool (*touched)(void *self, const char *field), void *self)
{
	struct merge_result result = {0};
	struct merger m = { &result, current, op, reg, touched, self };

	if (uuid_is_zero(&current->id)) {
		op_apply(current, op);
		result.changed = true;
	} else if (reg && reg->event) {
		for (size_t i = 0; i < op->change_count; i++)
			apply(&m, op->changes[i].field, &op->changes[i],
				op->changes[i].after);
	} else {
		/* before the merge: what it applies is not somebody else's */
		result.merged = is_edited(&m) || is_touched(&m, "@deleted") ||
		    !is_seen(&m);
		merge_changes(&m);
	}
	if (result.changed) {
		memcpy(current->updated_by, op->by, sizeof op->by);
		current->updated_at = op->at;
	}
	*out = result;
}

void
merge_rebase(struct record *seen, const struct record *base,
	const struct op *const *ops, size_t count)
{
	struct record r = {0};

	if (base)
		record_copy(&r, base);
	for (size_t i = 0; i < count; i++)
		op_apply(&r, ops[i]);
	*seen = r;
}
