/*
 * Lists: the rows of a register that match, in order.
 */
#include "store/overview.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/inside.h"
#include "store/overview_typed.h"

enum { PATHS_MAX = 32 };

static bool
is_wanted(const struct store *s, const struct overview *o,
	const struct overview_query *q)
{
	if (q->reg ? o->reg != q->reg : o->reg_name[0] == '@')
		return false;
	if (o->deleted && !q->deleted)
		return false;
	if (q->state && strcmp(o->state, q->state) != 0)
		return false;
	if (q->parent && uuid_compare(&o->parent, q->parent) != 0)
		return false;
	if (q->person && uuid_compare(&o->person, q->person) != 0)
		return false;
	return overview_matches(s, o, q->where, q->today,
		q->user ? q->user : "") &&
		overview_matches(s, o, q->also, q->today,
		q->user ? q->user : "");
}

/* The columns that are searched: those given, or the register's. */
static size_t
paths_of(const char **paths, const struct overview_query *q)
{
	size_t n = 0;

	if (q->paths)
		for (; n < q->path_count && n < PATHS_MAX; n++)
			paths[n] = q->paths[n];
	else if (q->reg)
		for (; n < q->reg->column_count && n < PATHS_MAX; n++)
			paths[n] = q->reg->columns[n].path;
	return n;
}

/* Of these rows those that fit, in the same order. */
static size_t
keep_fitting(uint32_t *rows, size_t count, struct store *s,
	const struct overview_query *q)
{
	bool asked = q->typed && q->typed[0];
	const char *paths[PATHS_MAX];
	struct overview_typed typed;
	size_t n = 0;

	if (asked)
		overview_typed_begin(&typed, s, q->reg, q->typed, paths,
			paths_of(paths, q));
	for (size_t i = 0; i < count; i++) {
		const struct overview *o = overview_at(s, rows[i]);

		if (o && is_wanted(s, o, q) && (!asked ||
		    overview_typed_fits(&typed, o, rows[i])))
			rows[n++] = rows[i];
	}
	if (asked)
		overview_typed_end(&typed);
	return n;
}

static uint32_t *
children_of(size_t *count, const struct store *s, const struct uuid *parent)
{
	uint32_t *rows = NULL;

	for (uint32_t at = overview_child(s, parent); at != IDMAP_NONE;
	    at = overview_sibling(s, at)) {
		rows = mem_grow(rows, *count, sizeof *rows);
		rows[(*count)++] = at;
	}
	return rows;
}

/* Every row, as it lies in memory: going through them in another order waits
 * for each. */
static uint32_t *
all_rows(size_t *count, const struct store *s)
{
	uint32_t *rows = mem_alloc(overview_count(s) + 1, sizeof *rows);

	for (*count = 0; *count < overview_count(s); (*count)++)
		rows[*count] = (uint32_t)*count;
	return rows;
}

static uint32_t *
rows_within(size_t *count, const struct store *s,
	const struct overview_query *q)
{
	uint32_t *rows = mem_alloc(q->within_count + 1, sizeof *rows);

	for (size_t i = 0; i < q->within_count; i++) {
		uint32_t at = idmap_get(&s->memory.places, &q->within[i]);

		if (at != IDMAP_NONE)
			rows[(*count)++] = at;
	}
	return rows;
}

/* Those rows in the register's order. */
static void
put_in_order(uint32_t *rows, size_t count, struct store *s,
	const struct overview_query *q)
{
	uint8_t *fits = mem_alloc(overview_count(s) + 1, sizeof *fits);
	const uint32_t *ordered;
	size_t all = 0, n = 0;

	for (size_t i = 0; i < count; i++)
		fits[rows[i]] = 1;
	ordered = overview_ordered(&all, s, q->reg, q->sort, q->group);
	for (size_t i = 0; i < all; i++)
		if (fits[ordered[i]])
			rows[n++] = ordered[i];
	free(fits);
}

void
overview_query(struct uuid **out, size_t *count, struct store *s,
	const struct overview_query *q)
{
	bool few = q->parent || q->person || !q->reg;
	struct uuid *ids = NULL;
	size_t n = 0;
	uint32_t *rows = q->within ? rows_within(&n, s, q) :
		q->parent ? children_of(&n, s, q->parent) : all_rows(&n, s);

	n = keep_fitting(rows, n, s, q);
	if (q->within)
		;	/* in order already */
	else if (few)
		overview_sort(s, q->reg, q->sort, rows, n);
	else
		put_in_order(rows, n, s, q);
	if (n > 0)
		ids = mem_alloc(n, sizeof *ids);
	for (size_t i = 0; i < n; i++)
		ids[i] = overview_at(s, rows[i])->id;
	free(rows);
	*out = ids;
	*count = n;
}
