#ifndef CORE_DOSSIER_H
#define CORE_DOSSIER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "core/rule.h"
#include "core/schema.h"
#include "core/schema_link.h"
#include "core/schema_read.h"

/*
 * The papers of a file (卷宗): which of them there must be, and whether they
 * are there, from what was entered: a field that is filled, a record of
 * another register, a tick in a field of several codes.
 */

/* One way to show that a paper is there. */
struct schema_proof {
	char *field;		/* own field that is filled, or NULL */
	char *value;		/* a code that stands among the field's */
	char *reg;		/* records of this register, or NULL: children,
				 * or about the same person */
	struct conds when;	/* of those that fit */
	int min;		/* so many */
};

struct schema_paper {
	struct label part;	/* its group; zh NULL: that of the one before */
	struct label item;	/* 调解记录 */
	struct conds when;	/* else it is not part of this file */
	bool optional;		/* may be there, */
	struct conds optional_when;	/* or may when these hold */
	struct schema_proof *proofs;	/* any of them */
	size_t proof_count;
};

enum dossier_state {
	DOSSIER_THERE,
	DOSSIER_MISSING,
	DOSSIER_OPTIONAL,	/* not there, and need not be */
	DOSSIER_UNKNOWN,	/* lies in records not to be seen from here */
};

struct dossier_item {
	const struct schema_paper *paper;	/* of the register */
	enum dossier_state state;
};

struct dossier {
	struct dossier_item *items;	/* in order; those that belong to it */
	size_t count, there, missing;
};

void dossier_release(struct dossier *d);

/* The papers of a record; no item for a register without a dossier.  world
 * may be NULL. */
void dossier_of(struct dossier *out, const struct schema *s,
	const struct schema_register *reg, const struct record *r, int today,
	const struct rule_world *world);

/* The names of what is missing, at most so many, and how many more there are;
 * appended. */
void dossier_missing(struct buf *out, const struct dossier *d, size_t most);

/* The check of kind "dossier": a fault that names what is missing, unless the
 * field that gives the reason is filled. */
void dossier_check(struct faults *out, const struct schema *s,
	const struct schema_register *reg, const struct schema_check *c,
	const struct record *r, int today, const struct rule_world *world);

/* ---- loading, for schema_load() ---- */

void schema_read_dossier(struct schema_register *out, struct schema_reader *r,
	const struct json *j);
void schema_link_dossier(struct schema_linker *l);
void schema_free_dossier(struct schema_register *reg);

#endif
