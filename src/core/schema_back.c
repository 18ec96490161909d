/*
 * A step that was made by mistake ("back": roles, screens/README.md): for each
 * own move of a register a way back to where it began, with a reason, for those
 * of the roles that may make the move itself.  Made here, so that everything
 * else (forms, the server, merging) sees moves like any other.
 *
 * What a decision made has no such way: approvals.json's moves say themselves
 * how they are returned.  Nor does what the program does (a receipt), and
 * nothing that is worked on is closed so, past what its step asks for.
 */
#include "core/schema_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define REASON "back_reason"

enum { REASON_CHARS = 200, ROLES_MAX = 16 };

static struct label
words(const char *zh, const char *en)
{
	return (struct label){ mem_strdup(zh), mem_strdup(en) };
}

/* Before anything points at the fields. */
void
schema_read_back(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	struct schema_field *f;

	out->back.roles = schema_read_texts(&out->back.count, r, j, "back",
	    ROLES_MAX);
	if (!out->back.count || schema_field_find(out, REASON))
		return;
	out->fields = mem_resize(out->fields, out->field_count + 1,
	    sizeof *out->fields);
	f = &out->fields[out->field_count++];
	*f = (struct schema_field){ .name = mem_strdup(REASON),
		.label = words("更正原因", "Why corrected"),
		.type = VT_TEXT, .max_chars = REASON_CHARS, .rows = 1,
		.readonly = true };
}

static void
add_text(char ***texts, size_t *count, const char *text)
{
	*texts = mem_grow(*texts, *count, sizeof **texts);
	(*texts)[(*count)++] = mem_strdup(text);
}

/* Some other step on the way to the state fills it in: it stays. */
static bool
is_from_before(const struct schema_register *reg, const struct schema_move *m,
    const char *state, const char *field)
{
	for (size_t i = 0; i < reg->move_count; i++) {
		const struct schema_move *other = &reg->moves[i];

		if (other != m && !other->back && schema_move_fills(other,
		    field) && strcmp(other->to, state) == 0)
			return true;
	}
	return false;
}

static void
clear(struct schema_move *back, const struct schema_register *reg,
    const struct schema_move *m, const char *name)
{
	const struct schema_field *f = name ? schema_field_find(reg, name)
	    : NULL;

	if (f && f->readonly && f->derive == DERIVE_NO &&
	    !is_from_before(reg, m, back->to, name))
		add_text(&back->clears, &back->clear_count, name);
}

/* What only the step could fill in nobody else could empty. */
static void
clear_filled(struct schema_move *back, const struct schema_register *reg,
    const struct schema_move *m)
{
	clear(back, reg, m, m->stamp_by);
	clear(back, reg, m, m->stamp_on);
	clear(back, reg, m, m->self);
	for (size_t i = 0; i < m->need_count; i++)
		clear(back, reg, m, m->needs[i]);
	for (size_t i = 0; i < m->ask_count; i++)
		clear(back, reg, m, m->asks[i]);
}

static bool
is_active(const struct schema_register *reg, const char *name)
{
	const struct schema_state *s = schema_state_find(reg, name);

	return s && s->active;
}

static bool
has_way_back(const struct schema_register *reg, const struct schema_move *m,
    const char *from)
{
	return from[0] != '\0' && strcmp(from, m->to) != 0 &&
	    !schema_move_find(reg, m->to, from) &&
	    (is_active(reg, from) || !is_active(reg, m->to));
}

/* The move stands in the array that grows: it is asked for by its place. */
static void
add_back(struct schema_register *reg, size_t at, const char *from)
{
	struct schema_move back = { .back = true };
	const struct schema_move *m = &reg->moves[at];

	for (size_t i = 0; i < reg->back.count; i++)
		if (schema_role_in(m->roles, m->role_count, reg->back.roles[i]))
			add_text(&back.roles, &back.role_count, reg->back.roles[i]);
	if (!back.role_count)
		return;
	back.name = mem_printf("back_%zu", reg->move_count);
	back.label = words("更正状态", "Correct the state");
	back.to = mem_strdup(from);
	add_text(&back.from, &back.from_count, m->to);
	add_text(&back.needs, &back.need_count, REASON);
	clear_filled(&back, reg, m);
	reg->moves = mem_resize(reg->moves, reg->move_count + 1,
	    sizeof *reg->moves);
	reg->moves[reg->move_count++] = back;
}

void
schema_make_back(struct schema_register *reg)
{
	size_t count = reg->back.count ? reg->move_count : 0;

	for (size_t i = reg->approval.made_moves; i < count; i++) {
		const struct schema_move *m = &reg->moves[i];

		if (m == schema_receipt_move(reg))
			continue;
		for (size_t k = 0; k < reg->moves[i].from_count; k++)
			if (has_way_back(reg, &reg->moves[i],
			    reg->moves[i].from[k]))
				add_back(reg, i, reg->moves[i].from[k]);
	}
}
