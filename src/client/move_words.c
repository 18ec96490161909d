/*
 * Who goes on with a record: named where one's own role cannot.
 */
#include "client/move_words.h"

#include "base/tr.h"
#include "client/show.h"
#include "core/role.h"

enum { MOVES_NAMED = 3, ROLES_NAMED = 3 };

static void
put_roles(struct buf *out, char *const *roles, size_t count)
{
	for (size_t i = 0; i < count && i < ROLES_NAMED; i++)
		buf_printf(out, "%s%s", i ? tr(", ") : "",
			role_words(roles[i]));
	if (count > ROLES_NAMED)
		buf_text(out, "..");
}

/* The next move from the state after *i (that is a correction or is none). */
static const struct schema_move *
next_from(const struct schema_register *reg, const char *state, bool back,
	size_t *i)
{
	while (*i < reg->move_count) {
		const struct schema_move *m = &reg->moves[(*i)++];

		if (m->back == back && m != schema_receipt_move(reg) &&
		    schema_role_in(m->from, m->from_count, state))
			return m;
	}
	return NULL;
}

static void
put_moves(struct buf *out, const struct schema_register *reg,
	const char *state)
{
	const struct schema_move *m;
	size_t i = 0;

	m = next_from(reg, state, false, &i);
	for (size_t named = 0; m && named < MOVES_NAMED; named++) {
		struct buf roles;

		buf_init(&roles, BUF_LINE_MAX);
		put_roles(&roles, m->roles, m->role_count);
		buf_text(out, named ? tr(", ") : "");
		buf_printf(out, tr("%s (%s)"), label_text(&m->label),
			roles.data);
		buf_release(&roles);
		m = next_from(reg, state, false, &i);
	}
}

void
move_words_next(struct buf *out, const struct schema_register *reg,
	const char *state)
{
	const struct schema_move *back;
	struct buf words;
	size_t i = 0;

	buf_init(&words, BUF_LINE_MAX);
	put_moves(&words, reg, state);
	if (words.len)
		buf_printf(out, tr("The next step is another's: %s."),
			words.data);
	else
		buf_text(out, tr("No step follows this state."));
	back = next_from(reg, state, true, &i);
	if (back) {
		buf_clear(&words);
		put_roles(&words, back->roles, back->role_count);
		buf_printf(out, tr(" A mistake is corrected by: %s."),
			words.data);
	}
	buf_release(&words);
}
