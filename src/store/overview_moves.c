/*
 * The last changes are a ring by the count of changes.  A row keeps its index
 * while it lives and no other gets it, so a person's index stays right until
 * that row is gone.
 */
#include "store/overview_moves.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/inside.h"

enum { AHEAD = 8 };	/* rows until what was asked for is there */

/* In place of a person's row: the person is not here now. */
#define PERSON_AWAY (IDMAP_NONE - 1)

void
overview_moves_note(struct store_memory *m, uint32_t row)
{
	m->moved.last[m->moves % MOVES_MAX] = row;
	m->moves++;
}

static int
by_row(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

size_t
overview_moves_since(uint32_t *rows, const struct store_memory *m,
	uint64_t since)
{
	size_t n = 0, kept = 0;

	if (since < m->moved.from || m->moves - since > MOVES_MAX)
		return MOVES_MAX + 1;
	for (uint64_t i = since; i < m->moves; i++)
		rows[n++] = m->moved.last[i % MOVES_MAX];
	qsort(rows, n, sizeof *rows, by_row);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || rows[i] != rows[i - 1])
			rows[kept++] = rows[i];
	return kept;
}

/* ---- persons ---- */

static void
settle_row(struct store_memory *m, size_t row)
{
	const struct overview *o = m->rows[row];
	uint32_t at = IDMAP_NONE;

	if (o && !uuid_is_zero(&o->person)) {
		at = idmap_get(&m->places, &o->person);
		if (at == IDMAP_NONE)
			at = PERSON_AWAY;
	}
	m->moved.person[row] = at;
}

/* Whoever had the row's person before is said less of now. */
static void
settle_moved(struct store_memory *m, size_t row)
{
	uint32_t before = m->moved.person[row];

	settle_row(m, row);
	if (before < m->count && before != m->moved.person[row])
		overview_moves_note(m, before);
}

static void
settle_ahead(const struct store_memory *m, size_t row)
{
	if (row + 2 * AHEAD >= m->count)
		return;
	if (m->rows[row + 2 * AHEAD])
		__builtin_prefetch(&m->rows[row + 2 * AHEAD]->person);
	if (m->rows[row + AHEAD])
		idmap_ahead(&m->places, &m->rows[row + AHEAD]->person);
}

/* Somebody came or went: those who waited, those who are left behind.  What is
 * said of these is another thing now. */
static void
settle_strays(struct store_memory *m)
{
	for (size_t i = 0; i < m->moved.person_count; i++) {
		uint32_t at = m->moved.person[i];

		if (at == IDMAP_NONE || (at != PERSON_AWAY && m->rows[at]))
			continue;
		settle_row(m, i);
		if (m->moved.person[i] != at)
			overview_moves_note(m, (uint32_t)i);
	}
}

static void
settle_all(struct store_memory *m)
{
	for (size_t i = 0; i < m->count; i++) {
		settle_ahead(m, i);
		settle_row(m, i);
	}
}

void
overview_moves_settle(struct store_memory *m)
{
	uint32_t moved[MOVES_MAX];
	size_t count = overview_moves_since(moved, m, m->moved.settled);
	size_t before = m->moved.person_count;
	bool strays = m->count > before;

	if (m->moved.settled == m->moves && before == m->count)
		return;
	if (m->count > before)
		m->moved.person = mem_resize(m->moved.person, m->count, sizeof *m->moved.person);
	for (size_t i = before; i < m->count; i++)
		m->moved.person[i] = IDMAP_NONE;
	m->moved.person_count = m->count;
	if (count > MOVES_MAX)
		settle_all(m);
	for (size_t i = 0; count <= MOVES_MAX && i < count; i++) {
		settle_moved(m, moved[i]);
		strays = strays || !m->rows[moved[i]];
	}
	if (count <= MOVES_MAX && strays)
		settle_strays(m);
	m->moved.settled = m->moves;
}

uint32_t
overview_moves_person(const struct store_memory *m, uint32_t row)
{
	uint32_t at = m->moved.person[row];

	return at < m->count && m->rows[at] ? at : IDMAP_NONE;
}

/* Its words stand behind each. */
void
overview_moves_ahead(const struct store_memory *m, uint32_t row)
{
	uint32_t person;

	if (row + 2 * AHEAD >= m->moved.person_count)
		return;
	if (m->rows[row + 2 * AHEAD])
		__builtin_prefetch(m->rows[row + 2 * AHEAD]);
	if (m->rows[row + AHEAD])
		__builtin_prefetch(m->rows[row + AHEAD] + 1);
	person = m->moved.person[row + AHEAD];
	if (person < m->count && m->rows[person])
		__builtin_prefetch(m->rows[person] + 1);
}

const char *
overview_beyond_person(const struct schema_register *reg, const char *path)
{
	size_t len = reg->person_field ? strlen(reg->person_field) : 0;

	return len && strncmp(path, reg->person_field, len) == 0 &&
		path[len] == '.' ? path + len + 1 : NULL;
}

const char *
overview_reach_beyond(const struct overview **o, const struct store *s,
	uint32_t row, const char *beyond)
{
	uint32_t person = overview_moves_person(&s->memory, row);

	if (person == IDMAP_NONE)
		return "";
	*o = s->memory.rows[person];
	return overview_reach(o, s, beyond);
}
