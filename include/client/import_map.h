#ifndef CLIENT_IMPORT_MAP_H
#define CLIENT_IMPORT_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "client/sheet.h"
#include "core/schema.h"

/*
 * What the columns of a spreadsheet mean: the header row is found, each header
 * is matched with the labels and aliases of the register, of its person, and
 * with the import section of the definition.
 */
struct import_target {
	const struct schema_field *field;	/* NULL: the column is left out */
	int part;		/* of the import section; -1: the row's record */
	bool person;		/* the field is of that record's person */
};

struct import_map {
	size_t header;			/* index of the header row */
	struct import_target *targets;	/* one a column, owned */
	size_t count;
	bool has_person;		/* some column tells of the person */
	char **unknown;			/* headers that mean nothing, owned */
	size_t unknown_count;
};

void import_map_release(struct import_map *m);

/* Errors: E_INVALID no row of the first ten looks like this register's
 * headers (those that would be understood are named), or two columns mean the
 * same field. */
MUST_CHECK enum status import_map_find(struct import_map *out,
	const struct sheet *sheet, const struct schema *s,
	const struct schema_register *reg, struct err *err);

/* Headers of the columns that a file of refused rows adds. */
const char *const *import_map_extra(size_t *count);

#endif
