/*
 * Statements found again.
 */
#include "db/db_kept.h"

#include <string.h>

static bool
is_free_for(const struct db_kept *kept, const char *sql, size_t len)
{
	return kept && !kept->lent && kept->len == len &&
		memcmp(kept->sql, sql, len) == 0;
}

/* Most SQL stands at one address for ever, which says where it was last. */
static struct db_kept **
hint_of(struct db_kept_all *all, const char *sql)
{
	const uintptr_t at = (uintptr_t)sql;

	return &all->hints[(at ^ at >> 8) % DB_KEPT_HINTS];
}

struct db_kept *
db_kept_find(struct db_kept_all *all, const char *sql, size_t len)
{
	struct db_kept **hint = hint_of(all, sql);

	for (size_t i = 0; !is_free_for(*hint, sql, len); i++) {
		if (i == DB_KEPT_MAX)
			return NULL;
		if (is_free_for(all->places[i], sql, len))
			*hint = all->places[i];
	}
	return *hint;
}

struct db_kept *
db_kept_add(struct db_kept_all *all, struct db_kept *kept)
{
	struct db_kept **place = NULL, *before;

	for (size_t i = 0; i < DB_KEPT_MAX; i++) {
		struct db_kept **p = &all->places[i];

		if (!*p) {
			place = p;
			break;
		}
		if (!(*p)->lent && (!place || (*p)->used < (*place)->used))
			place = p;
	}
	if (!place)
		return NULL;
	before = *place;
	for (size_t i = 0; before && i < DB_KEPT_HINTS; i++)
		if (all->hints[i] == before)
			all->hints[i] = NULL;
	*place = kept;
	kept->placed = true;
	return before;
}

void
db_kept_lend(struct db_kept_all *all, struct db_kept *kept)
{
	kept->lent = true;
	kept->used = ++all->uses;
}
