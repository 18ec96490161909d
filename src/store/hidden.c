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
hidden_gone(struct store *s, const struct uuid *id)
{
	if (!hidden_is(s, id))
		return false;
	idmap_drop(&s->memory.hidden, id);
	return true;
}

/* What a record in memory is hidden for. */
enum { BY_SEAL = 1, BY_REGISTER };

static bool
is_sealed_off(const struct store *s, const struct uuid *id)
{
	return s->memory.hidden.count > 0 &&
		idmap_get(&s->memory.hidden, id) == BY_SEAL;
}

static bool
sees_sealed(const struct store *s)
{
	return schema_may_hold_sealed(s->schema, s->user.role);
}

static bool
reads_all(const struct store *s)
{
	for (size_t i = 0; i < s->schema->register_count; i++)
		if (!schema_may_read(&s->schema->registers[i], s->user.role))
			return false;
	return true;
}

bool
hidden_applies(const struct store *s)
{
	return s->unlocked && (!sees_sealed(s) || !reads_all(s));
}

/* A record that was handed over may have been sealed where it went: what stays
 * here of it stands in the sealed stream then, and nothing else tells. */
static enum status
stands_sealed(bool *out, const struct store *s, const struct uuid *id,
	struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT count(*) > 0 AND"
		" count(*) = sum(stream LIKE '%/sealed') FROM member"
		" WHERE id = ?", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	st = db_step(q, &row, err);
	*out = !st && row && db_int(q, 0);
	db_finish(q);
	return st;
}

/* The record of a transfer; one that is not here is asked for by its stream. */
static enum status
is_hidden_transfer(bool *out, const struct store *s, const struct overview *o,
	struct err *err)
{
	struct uuid about;

	*out = false;
	if (strcmp(o->reg_name, TRANSFER_REGISTER) != 0 ||
	    !uuid_parse(&about, overview_get(o, "record")))
		return E_OK;
	*out = hidden_is(s, &about);
	return *out || sees_sealed(s) || overview_find(s, &about) ? E_OK :
		stands_sealed(out, s, &o->id, err);
}

/* A seal goes on to all that belongs to the record or is about it; a register
 * that the role may not read hides but its own, and what the program has about
 * them. */
static enum status
is_hidden(bool *out, const struct store *s, const struct overview *o,
	uint32_t by, struct err *err)
{
	const struct schema_register *reg = o->reg;

	/* what a question is about its overview does not say, and no list
	 * shows one (store/conflict.h) */
	if (by == BY_SEAL)
		*out = strcmp(o->reg_name, QUESTION_REGISTER) == 0 ||
			(reg && reg->sealed.count > 0 &&
			overview_matches(s, o, &reg->sealed, 0, "")) ||
			is_sealed_off(s, &o->parent) ||
			is_sealed_off(s, &o->person);
	else
		*out = (reg && !schema_may_read(reg, s->user.role)) ||
			(o->reg_name[0] == '@' && hidden_is(s, &o->parent));
	return *out ? E_OK : is_hidden_transfer(out, s, o, err);
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

/* One look at every row; *any: some went, so that others may follow. */
static enum status
hide_some(bool *any, struct store *s, uint32_t by, struct err *err)
{
	struct store_memory *m = &s->memory;

	*any = false;
	for (size_t i = 0; i < m->count; i++) {
		enum status st = E_OK;
		bool hide = false;
		struct uuid id;

		if (m->rows[i])
			st = is_hidden(&hide, s, m->rows[i], by, err);
		if (st)
			return st;
		if (!hide)
			continue;
		id = m->rows[i]->id;
		idmap_set(&m->hidden, &id, by);
		overview_drop(s, &id);
		*any = true;
	}
	return E_OK;
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

enum status
hidden_sweep(bool *shown, struct store *s, struct err *err)
{
	size_t count = 0;
	struct uuid *back = take_back(&count, s);
	bool more = !sees_sealed(s);
	enum status st = E_OK;

	while (!st && more)
		st = hide_some(&more, s, BY_SEAL, err);
	for (more = true; !st && more;)
		st = hide_some(&more, s, BY_REGISTER, err);
	for (size_t i = 0; i < count && !st; i++)
		*shown = *shown || !hidden_is(s, &back[i]);
	free(back);
	return st;
}
