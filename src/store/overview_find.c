/*
 * The lookup over the overviews: which texts of a row it is found by, and what
 * its user opened lately.
 */
#include "store/overview.h"

#include <string.h>

#include "base/tr.h"
#include "store/inside.h"
#include "store/lookup.h"

enum { RECENT_MAX = 200 };	/* rows kept of what one user opened */

/* The texts of one kind, joined by tabs; NULL if there are none. */
static const char *
join(struct buf *out, const struct overview *o, enum lookup_as as)
{
	size_t start = out->len;

	for (size_t i = 0; i < o->reg->lookup_count; i++) {
		const struct schema_lookup *l = &o->reg->lookups[i];
		const char *text = overview_get(o, l->field->name);

		if (l->as != as || !text[0])
			continue;
		if (out->len > start)
			buf_char(out, '\t');
		/* several telephone numbers are joined by ';' */
		for (const char *c = text; *c; c++)
			buf_char(out, *c == ';' ? '\t' : *c);
	}
	if (out->len == start)
		return NULL;
	buf_char(out, '\0');
	return out->data + start;
}

static bool
is_active(const struct overview *o)
{
	const struct schema_state *state;

	if (o->reg->state_count == 0)
		return true;
	state = schema_state_find(o->reg, o->state);
	return !state || state->active;
}

void
overview_index(struct store *s, const struct overview *o)
{
	struct lookup_entry entry = { .id = o->id };
	struct buf texts[3];

	if (!s->lookup)
		s->lookup = lookup_new();
	if (!o->reg || o->reg->lookup_count == 0)
		return;
	if (o->deleted) {
		lookup_drop(s->lookup, &o->id);
		return;
	}
	for (size_t i = 0; i < 3; i++)
		buf_init(&texts[i], BUF_LINE_MAX);
	entry.name = join(&texts[0], o, LOOKUP_NAME);
	entry.alias = join(&texts[1], o, LOOKUP_ALIAS);
	entry.digits = join(&texts[2], o, LOOKUP_DIGITS);
	if (!entry.name)
		entry.name = "";
	entry.tag = (uint32_t)(o->reg - s->schema->registers);
	entry.active = is_active(o);
	entry.own_office = strcmp(o->office, s->user.office) == 0;
	lookup_put(s->lookup, &entry);
	for (size_t i = 0; i < 3; i++)
		buf_release(&texts[i]);
}

size_t
overview_lookup(struct lookup_hit *out, size_t max, size_t *total,
	struct store *s, const char *typed, int64_t now_at)
{
	if (!s->lookup) {
		*total = 0;
		return 0;
	}
	return lookup_query(s->lookup, typed, now_at, out, max, total);
}
