#ifndef STORE_VALUEMAP_H
#define STORE_VALUEMAP_H

#include <stddef.h>
#include <stdint.h>

#include "core/record.h"

/*
 * Rows of a register by what one of their overview fields says, so that a rule
 * finds the same id number among 50,000 persons without asking each, at every
 * row of an import too.  Made when first asked for, then it follows the rows
 * that changed.  Part of the overviews, for rules (world.c).
 */

struct schema_register;
struct store;

struct valuemap {
	const struct schema_register *reg;	/* NULL: not made */
	char field[RECORD_NAME_MAX];
	uint64_t as_of;		/* memory's count of changes */
	size_t size;		/* of the three, a power of two */
	uint32_t *heads;	/* by hash: the first row; owned */
	uint32_t *next, *hash;	/* by row; owned */
	size_t rows;		/* that were looked at */
};

/* The map is of this register and field, and right, until a row changes. */
void valuemap_settle(struct valuemap *m, const struct store *s,
	const struct schema_register *reg, const char *field);
/* A row that may have this value (others share its hash), the next one; both
 * IDMAP_NONE at the end. */
uint32_t valuemap_first(const struct valuemap *m, const char *value);
uint32_t valuemap_next(const struct valuemap *m, uint32_t row);
void valuemap_release(struct valuemap *m);

#endif
