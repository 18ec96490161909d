#ifndef CLIENT_EXPORTER_H
#define CLIENT_EXPORTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/uuid.h"

struct schema_register;
struct store;

struct list_look;
struct schema;

/*
 * What becomes of a row: all fields of a record, as a spreadsheet or as a JSON
 * value a line, or some columns of a list, as a spreadsheet.
 */
struct exporter_how {
	bool json;
	char **columns;		/* paths; owned */
	size_t column_count;	/* 0: all fields */
};

void exporter_how_release(struct exporter_how *how);

/* The columns that this person has chosen for the list of the register; all
 * fields if none are.  Errors: those of list_look_load(). */
MUST_CHECK enum status exporter_chosen(struct exporter_how *out,
	struct store *s, const struct schema_register *reg, struct err *err);
/* Those named in "name,name", by path or by what stands above them; "all": all
 * fields.  Errors: E_INVALID one that lists do not know. */
MUST_CHECK enum status exporter_named(struct exporter_how *out,
	const struct schema *schema, const struct schema_register *reg,
	const char *names, struct err *err);

/*
 * Append records of one register, a spreadsheet (CSV with a head, as people
 * read it) or JSON.  The trace says so before: an export that cannot be noted
 * is none.
 *
 * Errors: E_INVALID too large for out; E_IO; those of store_get.
 */
MUST_CHECK enum status exporter_rows(struct buf *out, struct store *s,
	const struct schema_register *reg, const struct uuid *ids,
	size_t count, const struct exporter_how *how, struct err *err);

#endif
