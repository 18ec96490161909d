#ifndef CORE_SCHEMA_LINK_H
#define CORE_SCHEMA_LINK_H

#include "core/schema.h"
#include "core/schema_read.h"

/*
 * What definitions say about one another and about the paper.  The last part
 * of schema_load(); it complains and never fails, and it walks over whatever
 * reading left behind (a name that was missing is "").
 */

/*
 * Names that point somewhere: fields, registers, codes, states, roles, rules;
 * what fits the paper: widths, pages, keys; what belongs together: types and
 * limits, groups, the overview.  files[i] is the file of registers[i].
 */
void schema_link(const struct schema *s, const char *const *files,
	struct complaints *complaints);

/* ---- its parts, between schema_link*.c only ---- */

struct schema_linker {
	struct schema_reader r;
	const struct schema *s;
	const struct schema_register *reg;	/* the one looked at */
};

/* Types, limits, derivations, groups and the first value of one field. */
void schema_link_field(struct schema_linker *l, const struct schema_field *f);
/* Where the register stands on the home screen, and by which key. */
void schema_link_place(struct schema_linker *l);
/* The keys of menus.json, after all registers. */
void schema_link_menus(const struct schema *s, struct complaints *complaints);
/* List, form, lookup, import, and what a record is called. */
void schema_link_views(struct schema_linker *l);
void schema_link_receipt(struct schema_linker *l);

/* States and moves, but for the fields of those that an approval made. */
void schema_link_states(struct schema_linker *l);
/* The way of approval: its rows, and the fields that it stamps. */
void schema_link_approval(struct schema_linker *l);

/* Each condition's field exists in reg and its values can occur in it. */
void schema_link_conds(struct schema_linker *l,
	const struct schema_register *reg, const struct conds *c,
	const char *key);

/* The field of reg with this name; NULL after a complaint about key. */
const struct schema_field *schema_link_name(struct schema_linker *l,
	const struct schema_register *reg, const char *name, const char *key);

/* The field of reg at the end of a path (FIELD, REF.FIELD, REF.REF.FIELD, and
 * the same behind CHILD), all of it in the overview; NULL after a complaint. */
const struct schema_field *schema_link_path(struct schema_linker *l,
	const struct schema_register *reg, const char *path, const char *key);

/* Complain about a word that is none of those known (NULL at the end), with
 * the nearest of them. */
void schema_link_word(struct schema_linker *l, const char *key,
	const char *word, const char *const *known);

/* The register; NULL after a complaint about key. */
const struct schema_register *schema_link_register(struct schema_linker *l,
	const char *name, const char *key);

/* Lists, titles and lookup run on memory: complain unless the field of reg is
 * in the overview. */
void schema_link_overview(struct schema_linker *l,
	const struct schema_register *reg, const struct schema_field *f,
	const char *key);

/* reg has the state; else a complaint. */
bool schema_link_state(struct schema_linker *l,
	const struct schema_register *reg, const char *name, const char *key);
void schema_link_twice(struct schema_linker *l, const char *key,
	const char *name);
/* The moves that a check names. */
void schema_link_check_moves(struct schema_linker *l,
	const struct schema_check *c);

/* Every name is a role. */
void schema_link_roles(struct schema_linker *l, char *const *names,
	size_t count, const char *key);

/* Complain unless the field could hold this stored value. */
void schema_link_value(struct schema_linker *l, const struct schema_field *f,
	const char *text, const char *key);

#endif
