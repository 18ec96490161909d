/*
 * Orders that are kept.  One by a column is made of the register's own, one with
 * groups of that, each by one thing more.  After changes of a few rows these are
 * taken out and put in again where they belong.
 */
#include "store/overview_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/inside.h"
#include "store/overview_moves.h"
#include "store/overview_sort.h"

enum {
	SORTS_MAX = 4,
	BYS_MAX = SORTS_MAX + 2,	/* a column, a group */
	FRESH_MAX = 2048,		/* all again is quicker */
};

/* ---- what to sort by ---- */

static size_t
own_bys(struct sort_by by[SORTS_MAX], const struct store *s,
	const struct schema_register *reg)
{
	size_t n = 0;

	for (; reg && n < reg->sort_count && n < SORTS_MAX; n++)
		overview_sort_by(&by[n], s, reg, reg->sorts[n].path,
			reg->sorts[n].down);
	return n;
}

/* Of an order's name, "\nCOLUMN\nGROUP" or less: the last comes first.  paths
 * takes what they borrow. */
static size_t
bys_of(struct sort_by by[BYS_MAX], char paths[ORDER_PATH_MAX],
	const struct store *s, const struct overview_order *o)
{
	size_t n = 0;
	char *at;

	(void)snprintf(paths, ORDER_PATH_MAX, "%s", o->sort);
	for (at = strrchr(paths, '\n'); at && n < 2;
	    at = strrchr(paths, '\n')) {
		bool down = at[1] == '-';

		overview_sort_by(&by[n++], s, o->reg, at + 1 + down, down);
		*at = '\0';
	}
	return n + own_bys(by + n, s, o->reg);
}

void
overview_sort(struct store *s, const struct schema_register *reg,
	const char *sort, uint32_t *rows, size_t count)
{
	struct sort_by by[1 + SORTS_MAX];
	size_t n = 0;

	if (sort && sort[0])
		overview_sort_by(&by[n++], s, reg, sort + (sort[0] == '-'),
			sort[0] == '-');
	n += own_bys(by + n, s, reg);
	overview_sort_rows(s, rows, count, by, n);
}

/* ---- following changes ---- */

/* Does a row's place follow from itself and its person alone? */
static bool
is_near(const struct sort_by *by)
{
	const char *path = by->of_person ? by->of_person : by->path;

	return !by->several && !strchr(path, '.') &&
		strcmp(path, "@overlays") != 0;
}

/* Marks of the rows whose place may be another; owned by the caller. */
static uint8_t *
mark_moved(const struct store_memory *m, const uint32_t *moved, size_t count)
{
	enum { ITSELF = 1, PERSON = 2 };
	uint8_t *marks = mem_alloc(m->count + 1, sizeof *marks);

	for (size_t i = 0; i < count; i++)
		marks[moved[i]] = ITSELF;
	for (size_t i = 0; i < m->moved.person_count; i++)
		if (m->moved.person[i] < m->count && marks[m->moved.person[i]] & ITSELF)
			marks[i] |= PERSON;
	return marks;
}

/* The first of rows [from, count) that comes after the row. */
static size_t
place_in(const struct store *s, struct sort_by *by, size_t by_count,
	const uint32_t *rows, size_t from, size_t count, uint32_t row)
{
	while (from < count) {
		size_t middle = from + (count - from) / 2;

		if (overview_sort_compare(s, by, by_count, rows[middle],
		    row) < 0)
			from = middle + 1;
		else
			count = middle;
	}
	return from;
}

/* Take out what is marked and put in fresh, which is in order. */
static void
put_in(struct overview_order *o, const struct store *s, struct sort_by *by,
	size_t by_count, const uint8_t *marks, const uint32_t *fresh,
	size_t fresh_count)
{
	uint32_t *rows = mem_alloc(s->memory.count + 1, sizeof *rows);
	size_t stay = 0, from = 0, n = 0;

	for (size_t i = 0; i < o->count; i++)
		if (!marks[o->rows[i]])
			o->rows[stay++] = o->rows[i];
	for (size_t i = 0; i < fresh_count; i++) {
		size_t at = place_in(s, by, by_count, o->rows, from, stay,
			fresh[i]);

		memcpy(rows + n, o->rows + from, (at - from) * sizeof *rows);
		n += at - from;
		rows[n++] = fresh[i];
		from = at;
	}
	memcpy(rows + n, o->rows + from, (stay - from) * sizeof *rows);
	free(o->rows);
	o->rows = rows;
	o->count = n + stay - from;
}

/* false: it is to be made anew. */
static bool
follow(struct overview_order *o, struct store *s)
{
	struct store_memory *m = &s->memory;
	uint32_t moved[MOVES_MAX], fresh[FRESH_MAX];
	struct sort_by by[BYS_MAX];
	char paths[ORDER_PATH_MAX];
	size_t by_count = bys_of(by, paths, s, o), count, n = 0;
	uint8_t *marks;

	overview_moves_settle(m);
	count = overview_moves_since(moved, m, o->moves);
	if (count > MOVES_MAX)
		return false;
	for (size_t i = 0; i < by_count; i++)
		if (!is_near(&by[i]))
			return false;
	marks = mark_moved(m, moved, count);
	for (size_t i = 0; i < m->count && n < FRESH_MAX; i++)
		if (marks[i] && m->rows[i] && m->rows[i]->reg == o->reg)
			fresh[n++] = (uint32_t)i;
	if (n < FRESH_MAX) {
		overview_sort_rows(s, fresh, n, by, by_count);
		put_in(o, s, by, by_count, marks, fresh, n);
		o->moves = m->moves;
	}
	free(marks);
	return n < FRESH_MAX;
}

/* ---- what is kept ---- */

static void
gather(struct overview_order *o, const struct store *s)
{
	o->rows = mem_alloc(overview_count(s) + 1, sizeof *o->rows);
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *row = overview_at(s, i);

		if (row && row->reg == o->reg)
			o->rows[o->count++] = (uint32_t)i;
	}
}

/* The one that is asked for, as of now; or a place for it, emptied. */
static struct overview_order *
place(struct store *s, const struct schema_register *reg, const char *sort)
{
	struct overview_orders *all = &s->orders;
	struct overview_order *old = &all->kept[0];

	for (size_t i = 0; i < ORDERS_MAX; i++) {
		struct overview_order *o = &all->kept[i];
		bool asked = o->rows && o->reg == reg &&
			strcmp(o->sort, sort) == 0;

		if (asked && (o->moves == s->memory.moves || follow(o, s))) {
			o->used = ++all->used;
			return o;
		}
		if (asked || o->used < old->used)
			old = o;
		if (asked)
			break;
	}
	free(old->rows);
	*old = (struct overview_order){ .reg = reg, .used = ++all->used,
		.moves = s->memory.moves };
	(void)snprintf(old->sort, sizeof old->sort, "%s", sort);
	return old;
}

static const struct overview_order *
own_order(struct store *s, const struct schema_register *reg)
{
	struct overview_order *o = place(s, reg, "");

	if (o->rows)
		return o;
	gather(o, s);
	overview_sort(s, reg, NULL, o->rows, o->count);
	return o;
}

/* The order of from, and by one thing more. */
static const struct overview_order *
sorted_more(struct store *s, const struct overview_order *from,
	const char *sort)
{
	char name[ORDER_PATH_MAX];
	struct overview_order *o;
	struct sort_by by;
	bool down = sort[0] == '-';

	if ((size_t)snprintf(name, sizeof name, "%s\n%s", from->sort, sort) >=
	    sizeof name)
		return from;
	o = place(s, from->reg, name);
	if (o->rows)
		return o;
	overview_sort_by(&by, s, from->reg, sort + (down ? 1 : 0), down);
	o->count = from->count;
	o->rows = mem_alloc(o->count + 1, sizeof *o->rows);
	memcpy(o->rows, from->rows, o->count * sizeof *o->rows);
	overview_sort_again(s, o->rows, o->count, &by);
	return o;
}

const uint32_t *
overview_ordered(size_t *count, struct store *s,
	const struct schema_register *reg, const char *sort,
	const char *group)
{
	const struct overview_order *o = own_order(s, reg);

	if (sort && sort[0])
		o = sorted_more(s, o, sort);
	if (group && group[0])
		o = sorted_more(s, o, group);
	*count = o->count;
	return o->rows;
}

void
overview_orders_release(struct overview_orders *o)
{
	for (size_t i = 0; i < ORDERS_MAX; i++)
		free(o->kept[i].rows);
	free(o->memo);
	*o = (struct overview_orders){0};
}
