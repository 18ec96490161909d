/*
 * What is taken out of memory again after each refresh.
 */
#include "store/hidden.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/question.h"
#include "core/transfer.h"
#include "store/inside.h"

enum { DEPTH_MAX = 8 };		/* records above one another */

bool
hidden_any(const struct store *s)
{
	return s->memory.hidden.count > 0;
}

size_t
hidden_count(const struct store *s)
{
	return s->memory.hidden.count;
}

bool
hidden_is(const struct store *s, const struct uuid *id)
{
	return s->memory.hidden.count > 0 &&
		idmap_get(&s->memory.hidden, id) != IDMAP_NONE;
}

bool
hidden_applies(const struct store *s)
{
	return s->unlocked && !schema_may_hold_sealed(s->schema, s->user.role);
}

/* A record that was handed over may have been sealed where it went: what stays
 * here of it stands in the sealed stream then, and nothing else tells. */
static bool
stands_sealed(const struct store *s, const struct uuid *id)
{
	struct db_stmt *q = NULL;
	struct err err = ERR_INIT;
	bool row = false, sealed = false;

	/* what cannot be read is not shown either */
	if (db_prepare(&q, s->db, "SELECT count(*) > 0 AND"
	    " count(*) = sum(stream LIKE '%/sealed') FROM member WHERE id = ?",
	    &err))
		return true;
	db_bind_blob(q, 1, id->b, sizeof id->b);
	if (db_step(q, &row, &err) || !row || db_int(q, 0))
		sealed = true;
	db_finish(q);
	return sealed;
}

/* The record of a transfer; one that is not here is asked for by its stream. */
static bool
is_hidden_transfer(const struct store *s, const struct overview *o)
{
	struct uuid about;

	if (strcmp(o->reg_name, TRANSFER_REGISTER) != 0 ||
	    !uuid_parse(&about, overview_get(o, "record")))
		return false;
	return hidden_is(s, &about) ||
		(!overview_find(s, &about) && stands_sealed(s, &o->id));
}

static bool
is_hidden(const struct store *s, const struct overview *o)
{
	const struct schema_register *reg = o->reg;

	/* what a question is about its overview does not say, and no list
	 * shows one (store/conflict.h) */
	return strcmp(o->reg_name, QUESTION_REGISTER) == 0 ||
		(reg && reg->sealed.count > 0 &&
		overview_matches(s, o, &reg->sealed, 0, "")) ||
		hidden_is(s, &o->parent) || hidden_is(s, &o->person) ||
		is_hidden_transfer(s, o);
}

static bool
is_sealed(const struct store *s, const struct overview *o, int depth)
{
	const struct uuid *above[] = { &o->parent, &o->person };

	if (o->reg && o->reg->sealed.count > 0 &&
	    overview_matches(s, o, &o->reg->sealed, 0, ""))
		return true;
	for (size_t i = 0; i < 2 && depth < DEPTH_MAX; i++) {
		const struct overview *up = uuid_is_zero(above[i]) ? NULL :
			overview_find(s, above[i]);

		if (up && up != o && is_sealed(s, up, depth + 1))
			return true;
	}
	return false;
}

bool
hidden_is_sealed(const struct store *s, const struct overview *o)
{
	return is_sealed(s, o, 0);
}

/* One look at every row; true: some went, so that others may follow. */
static bool
hide_some(struct store *s)
{
	struct store_memory *m = &s->memory;
	bool any = false;

	for (size_t i = 0; i < m->count; i++) {
		struct uuid id;

		if (!m->rows[i] || !is_hidden(s, m->rows[i]))
			continue;
		id = m->rows[i]->id;
		idmap_set(&m->hidden, &id, 1);
		overview_drop(s, &id);
		any = true;
	}
	return any;
}

/* Rows that were hidden and have come again; the caller's. */
static struct uuid *
take_back(size_t *count, struct store *s)
{
	struct store_memory *m = &s->memory;
	struct uuid *ids = NULL;
	size_t n = 0;

	for (size_t i = 0; i < m->count && m->hidden.count > 0; i++) {
		if (!m->rows[i] || !hidden_is(s, &m->rows[i]->id))
			continue;
		ids = mem_grow(ids, n, sizeof *ids);
		ids[n++] = m->rows[i]->id;
		idmap_drop(&m->hidden, &m->rows[i]->id);
	}
	*count = n;
	return ids;
}

bool
hidden_sweep(struct store *s)
{
	size_t count = 0;
	struct uuid *back = take_back(&count, s);
	bool shown = false;

	while (hide_some(s))
		;
	for (size_t i = 0; i < count && !shown; i++)
		shown = !hidden_is(s, &back[i]);
	free(back);
	return shown;
}
