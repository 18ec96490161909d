/*
 * The lookup over the overviews: which texts of a row it is found by, and what
 * its user opened lately.
 *
 * Nobody looks up before there is a picture, so unlocking does not wait for the
 * keys: rows below memory.indexed are in the lookup, the others come when
 * somebody has time for a part of them (overview_warm()) or asks.
 */
#include "store/overview.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "store/inside.h"
#include "store/lookup.h"
#include "store/office_names.h"
#include "store/overview_moves.h"

enum { WARM_ROWS = 1000 };	/* less than a millisecond of them */

/* The texts of one kind, joined by tabs; NULL if there are none. */
static const char *
join(struct buf *out, const struct overview *o, enum lookup_as as)
{
	size_t start = out->len;

	for (size_t i = 0; i < o->reg->lookup_count; i++) {
		const struct schema_lookup *l = &o->reg->lookups[i];
		const char *text = l->as == as ?
			overview_get(o, l->field->name) : "";

		if (!text[0])
			continue;
		if (out->len > start)
			buf_char(out, '\t');
		buf_text(out, text);
	}
	if (out->len == start)
		return NULL;
	/* several telephone numbers are joined by ';' */
	for (char *c = strchr(out->data + start, ';'); c; c = strchr(c, ';'))
		*c = '\t';
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

static void
index_row(struct store *s, const struct overview *o)
{
	struct lookup_entry entry = { .id = o->id };
	struct buf texts[3];

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
	if (!entry.name && !entry.alias && !entry.digits)
		goto out;	/* found by its person only */
	if (!entry.name)
		entry.name = "";
	entry.tag = (uint32_t)(o->reg - s->schema->registers);
	entry.active = is_active(o);
	entry.own_office = strcmp(o->office, s->user.office) == 0;
	lookup_put(s->lookup, &entry);
out:
	for (size_t i = 0; i < 3; i++)
		buf_release(&texts[i]);
}

void
overview_index(struct store *s, uint32_t at)
{
	if (at < s->memory.indexed)
		index_row(s, s->memory.rows[at]);
}

static void
index_rows(struct store *s, size_t max)
{
	struct store_memory *m = &s->memory;

	if (!s->lookup)
		s->lookup = lookup_new();
	for (; max > 0 && m->indexed < m->count; max--, m->indexed++) {
		if (m->rows[m->indexed])
			index_row(s, m->rows[m->indexed]);
	}
	if (m->indexed == m->count && !m->ranked) {
		overview_rank_opened(s);
		m->ranked = true;
	}
}

bool
overview_warm(struct store *s)
{
	if (s->memory.indexed < s->memory.count)
		index_rows(s, WARM_ROWS);
	return s->memory.indexed < s->memory.count;
}

struct learner {
	struct store *store;
	struct buf place;
	char office[RECORD_OFFICE_MAX];	/* asked last */
	const char *office_name;
	bool own;
	const struct schema_register *persons;
	size_t next;			/* the lookup has the rows' order */
	size_t *at;			/* by row: where it stands in the
					 * lookup, if it is learnt of */
};

/* Neighbours are of one office, mostly. */
static void
ask_office(struct learner *l, const char *office)
{
	if (strcmp(l->office, office) == 0 && l->office_name)
		return;
	snprintf(l->office, sizeof l->office, "%s", office);
	l->office_name = office_names_find(l->store, office);
	if (!l->office_name)
		l->office_name = "";
	l->own = strcmp(office, l->store->user.office) == 0;
}

/* What a row says of somebody: the texts named as a place in its definition,
 * what its office is called. */
static void
learn(struct learner *l, const struct overview *o, size_t at, bool active)
{
	struct lookup_fact fact = { .active = active };

	ask_office(l, o->office);
	buf_clear(&l->place);
	if (join(&l->place, o, LOOKUP_PLACE))
		l->place.data[l->place.len - 1] = '\t';
	buf_text(&l->place, l->office_name);
	fact.own_office = l->own;
	fact.place = l->place.data;
	lookup_learn_at(l->store->lookup, at, &fact);
}

/* A party of a case is as active as the case. */
static bool
is_at_work(const struct store *s, const struct overview *o)
{
	const struct overview *up = o->reg->parent ?
		overview_find(s, &o->parent) : o;

	return up && up->reg && !up->deleted && is_active(up);
}

static bool
is_living(const struct overview *o)
{
	return o && o->reg && !o->deleted;
}

/* Forget what was learnt of a row, and learn what it says itself. */
static void
learn_itself(struct learner *l, size_t row)
{
	const struct overview *o = overview_at(l->store, row);

	if (!is_living(o) || o->reg->lookup_count == 0)
		return;
	l->at[row] = lookup_find(l->store->lookup, &o->id, l->next);
	l->next = l->at[row] + 1;
	lookup_forget_at(l->store->lookup, l->at[row]);
	learn(l, o, l->at[row], o->reg != l->persons &&
		is_at_work(l->store, o));
}

/* What rows say of their persons, if these are learnt of. */
static void
learn_of_persons(struct learner *l)
{
	const struct store *s = l->store;

	for (uint32_t i = 0; i < s->memory.moved.person_count; i++) {
		uint32_t person = overview_moves_person(&s->memory, i);

		overview_moves_ahead(&s->memory, i);
		if (person != IDMAP_NONE && l->at[person] != LOOKUP_NOWHERE &&
		    is_living(s->memory.rows[i]))
			learn(l, s->memory.rows[i], l->at[person],
				is_at_work(s, s->memory.rows[i]));
	}
}

static void
learn_row(struct learner *l, uint32_t row)
{
	uint32_t person = overview_moves_person(&l->store->memory, row);

	learn_itself(l, row);
	if (person != IDMAP_NONE)
		learn_itself(l, person);
}

/* Of those whose records have changed; false: it may be of more. */
static bool
learn_moved(struct learner *l)
{
	const struct store *s = l->store;
	uint32_t moved[MOVES_MAX];
	size_t count = overview_moves_since(moved, &s->memory, s->learnt);

	if (count > MOVES_MAX)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!s->memory.rows[moved[i]])
			return false;
	for (size_t i = 0; i < count; i++) {
		learn_row(l, moved[i]);
		for (uint32_t at = overview_child(s,
		    &s->memory.rows[moved[i]]->id); at != IDMAP_NONE;
		    at = overview_sibling(s, at))
			learn_row(l, at);
	}
	return true;
}

/* A person's records may be read before or after the person, and change
 * without it: it is asked again at the first key after a change. */
static void
learn_again(struct store *s)
{
	struct learner l = { .store = s,
		.persons = schema_register_find(s->schema, "person") };
	size_t count = overview_count(s);

	overview_moves_settle(&s->memory);
	l.at = mem_alloc(count + 1, sizeof *l.at);
	memset(l.at, 0xFF, (count + 1) * sizeof *l.at);
	buf_init(&l.place, BUF_LINE_MAX);
	if (!learn_moved(&l))
		for (uint32_t i = 0; i < count; i++) {
			overview_moves_ahead(&s->memory, i);
			learn_itself(&l, i);
		}
	learn_of_persons(&l);
	buf_release(&l.place);
	free(l.at);
	s->learnt = s->memory.moves;
}

/* All that is known now; false: there are no rows. */
static bool
make_ready(struct store *s)
{
	if (s->memory.count == 0)
		return false;
	index_rows(s, SIZE_MAX);
	if (s->learnt != s->memory.moves)
		learn_again(s);
	return true;
}

size_t
overview_lookup(struct lookup_hit *out, size_t max, size_t *total,
	struct store *s, const char *typed, int64_t now_at)
{
	if (!make_ready(s)) {
		*total = 0;
		return 0;
	}
	return lookup_query(s->lookup, typed, now_at, out, max, total);
}

void
overview_lookup_all(struct store *s, const char *typed,
	void (*found)(void *self, const struct uuid *id), void *self)
{
	if (make_ready(s))
		lookup_each(s->lookup, typed, found, self);
}
