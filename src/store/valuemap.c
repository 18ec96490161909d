/*
 * Chains of rows by hash, the latest first; a row remembers its hash, so it is
 * found again in its old chain when its value has changed.
 */
#include "store/valuemap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/inside.h"

enum { SIZE_MIN = 1024 };

/* FNV-1a; how it spreads decides only how long chains become. */
static uint32_t
hash_of(const struct valuemap *m, const char *value)
{
	uint32_t h = 2166136261u;

	for (; *value; value++)
		h = (h ^ (unsigned char)*value) * 16777619u;
	return (uint32_t)((h ^ h >> 15) & (m->size - 1));
}

static void
link_row(struct valuemap *m, const struct store *s, uint32_t row)
{
	const struct overview *o = overview_at(s, row);
	uint32_t h;

	m->hash[row] = IDMAP_NONE;
	if (!o || o->reg != m->reg)
		return;
	h = hash_of(m, overview_get(o, m->field));
	m->hash[row] = h;
	m->next[row] = m->heads[h];
	m->heads[h] = row;
}

static void
unlink_row(struct valuemap *m, uint32_t row)
{
	uint32_t *at;

	if (m->hash[row] == IDMAP_NONE)
		return;
	at = &m->heads[m->hash[row]];
	while (*at != row)
		at = &m->next[*at];
	*at = m->next[row];
}

static void
make(struct valuemap *m, const struct store *s,
	const struct schema_register *reg, const char *field)
{
	size_t count = overview_count(s), size = SIZE_MIN;

	valuemap_release(m);
	while (size <= count)
		size *= 2;
	m->reg = reg;
	memcpy(m->field, field, strlen(field) + 1);
	m->size = size;
	m->heads = mem_alloc(size, sizeof *m->heads);
	m->next = mem_alloc(size, sizeof *m->next);
	m->hash = mem_alloc(size, sizeof *m->hash);
	for (size_t i = 0; i < size; i++)
		m->heads[i] = IDMAP_NONE;
	for (; m->rows < count; m->rows++)
		link_row(m, s, (uint32_t)m->rows);
}

void
valuemap_settle(struct valuemap *m, const struct store *s,
	const struct schema_register *reg, const char *field)
{
	uint32_t moved[MOVES_MAX];
	size_t n;

	n = m->reg == reg && strcmp(m->field, field) == 0 ?
		overview_moves_since(moved, &s->memory, m->as_of) :
		MOVES_MAX + 1;
	if (n > MOVES_MAX || overview_count(s) > m->size) {
		make(m, s, reg, field);
	} else {
		for (size_t i = 0; i < n; i++)
			if (moved[i] < m->rows)
				unlink_row(m, moved[i]);
		for (size_t i = 0; i < n; i++)
			if (moved[i] < m->rows)
				link_row(m, s, moved[i]);
		for (; m->rows < overview_count(s); m->rows++)
			link_row(m, s, (uint32_t)m->rows);
	}
	m->as_of = s->memory.moves;
}

uint32_t
valuemap_first(const struct valuemap *m, const char *value)
{
	return m->heads[hash_of(m, value)];
}

uint32_t
valuemap_next(const struct valuemap *m, uint32_t row)
{
	return m->next[row];
}

void
valuemap_release(struct valuemap *m)
{
	free(m->heads);
	free(m->next);
	free(m->hash);
	*m = (struct valuemap){0};
}
