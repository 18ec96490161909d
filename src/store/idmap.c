/*
 * Record ids to small numbers, by linear probing at half load.  Dropping moves
 * later entries of the run back, so that no marks of the dead remain.
 */
#include "store/idmap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_SIZE = 64 };

static size_t
home_of(const struct idmap *m, const struct uuid *id)
{
	uint64_t h;

	memcpy(&h, id->b + 8, sizeof h);
	h *= 0x9e3779b97f4a7c15u;	/* ids made by hand differ in few bits */
	return (size_t)(h >> 32) & (m->size - 1);
}

/* The slot that holds id, or the free one where it would go. */
static size_t
place_of(const struct idmap *m, const struct uuid *id)
{
	size_t at = home_of(m, id);

	while (m->slots[at].used && uuid_compare(&m->slots[at].id, id) != 0)
		at = (at + 1) & (m->size - 1);
	return at;
}

uint32_t
idmap_get(const struct idmap *m, const struct uuid *id)
{
	const struct idmap_slot *slot;

	if (m->size == 0)
		return IDMAP_NONE;
	slot = &m->slots[place_of(m, id)];
	return slot->used ? slot->value : IDMAP_NONE;
}

void
idmap_ahead(const struct idmap *m, const struct uuid *id)
{
	if (m->size > 0)
		__builtin_prefetch(&m->slots[home_of(m, id)]);
}

static void
grow(struct idmap *m)
{
	struct idmap bigger = { .size = m->size ? m->size * 2 : FIRST_SIZE };

	bigger.slots = mem_alloc(bigger.size, sizeof *bigger.slots);
	for (size_t i = 0; i < m->size; i++) {
		if (m->slots[i].used)
			bigger.slots[place_of(&bigger, &m->slots[i].id)] =
				m->slots[i];
	}
	bigger.count = m->count;
	free(m->slots);
	*m = bigger;
}

void
idmap_set(struct idmap *m, const struct uuid *id, uint32_t value)
{
	size_t at;

	if (2 * (m->count + 1) > m->size)
		grow(m);
	at = place_of(m, id);
	if (!m->slots[at].used)
		m->count++;
	m->slots[at] = (struct idmap_slot){ *id, value, true };
}

void
idmap_drop(struct idmap *m, const struct uuid *id)
{
	size_t hole, at;

	if (m->size == 0)
		return;
	hole = place_of(m, id);
	if (!m->slots[hole].used)
		return;
	m->count--;
	for (at = (hole + 1) & (m->size - 1); m->slots[at].used;
	    at = (at + 1) & (m->size - 1)) {
		size_t home = home_of(m, &m->slots[at].id);

		/* Whoever probes from home up to here passes the hole? */
		if (((at - home) & (m->size - 1)) >=
		    ((at - hole) & (m->size - 1))) {
			m->slots[hole] = m->slots[at];
			hole = at;
		}
	}
	m->slots[hole].used = false;
}

void
idmap_release(struct idmap *m)
{
	free(m->slots);
	*m = (struct idmap){0};
}
