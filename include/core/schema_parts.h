#ifndef CORE_SCHEMA_PARTS_H
#define CORE_SCHEMA_PARTS_H

#include "base/json.h"
#include "core/schema.h"
#include "core/schema_read.h"

/*
 * The reading parts of schema_load(), in the order in which they run: code
 * tables, then each register on its own; schema_link() comes after them.  None
 * of them fails; they complain.
 */

/* One file of codes/.  The reader stands at the document. */
void schema_read_codes(struct schema_codes *out, struct schema_reader *r,
	const struct json *j);

/* One file of registers/: head, fields, checks, states and moves, and through
 * schema_read_views() the rest.  s lends the code tables. */
void schema_read_register(struct schema_register *out, int *order,
	struct schema_reader *r, const struct json *j, const struct schema *s);

/* states, moves and whether they are made of an approval too. */
void schema_read_states(struct schema_register *out, struct schema_reader *r,
	const struct json *j);

/*
 * approvals.json, after all registers: each line gives the steps to the
 * register that find() returns for its name (NULL: none), and makes states and
 * moves of them, which stand before the register's own.
 */
void schema_read_approvals(struct schema_reader *r, const struct json *j,
	struct schema_register *(*find)(void *self, const char *name),
	void *self);

/* "back", behind the fields, and the moves it makes, behind the approvals. */
void schema_read_back(struct schema_register *out, struct schema_reader *r,
	const struct json *j);
void schema_make_back(struct schema_register *reg);

/* keeping.json, after all registers: how long records of one are kept. */
void schema_read_keeping(struct schema_reader *r, const struct json *j,
	struct schema_register *(*find)(void *self, const char *name),
	void *self);

/* list, form, lookup and import; the fields of out have been read. */
void schema_read_views(struct schema_register *out, struct schema_reader *r,
	const struct json *j);

/* menus.json: the duties on the home screen, and the keys there. */
void schema_read_menus(struct schema *out, struct schema_reader *r,
	const struct json *j);

/* The name inside must be the file's: "codes/sex.json" holds "sex". */
void schema_check_file_name(struct schema_reader *r, const char *name,
	const char *key);

/* What arrives and is answered for by the program. */
void schema_read_receipt(struct schema_register *out, struct schema_reader *r,
	const struct json *j);

/* Rows of conditions. */
void schema_read_conds(struct conds *out, struct schema_reader *r,
	const struct json *j, const char *key);

#endif
