#ifndef CORE_OVERLAY_H
#define CORE_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "core/rule.h"
#include "core/schema.h"
#include "core/schema_link.h"
#include "core/schema_read.h"

/*
 * What else is true of a record now, from the states of its children: a
 * subject is on leave, lost, detained, and may be several at once.  Nothing of
 * it is stored with the record, so two offices cannot contradict each other
 * about it.
 *
 * "@overlays" is their names in the order of the definition, joined with ';',
 * so that conditions ask for one as they ask for a code among several.
 */
struct schema_overlay {
	char *name;		/* "lost" */
	struct label label;	/* 脱管 */
	bool grave;		/* stands out */
	char *reg;		/* children of this register, */
	char **states;		/* in one of these states, */
	size_t state_count;
	struct conds when;	/* that fit; they name no day and no person */
};

const struct schema_overlay *schema_overlay_find(
	const struct schema_register *r, const char *name);

/* Does a child in this state make the overlay?  Its "when" is the caller's to
 * ask. */
bool schema_overlay_has_state(const struct schema_overlay *v,
	const char *state);

/* The names, appended.  Without children to ask for: nothing. */
void overlay_names(struct buf *out, const struct schema_register *reg,
	const struct record *r, const struct rule_world *world);

/* The labels of names, joined with 、, appended. */
void overlay_labels(struct buf *out, const struct schema_register *reg,
	const char *names);

/* Any row asks for overlays or for the parent. */
bool overlay_is_asked(const struct conds *c);

/* conds_hold() with what the world knows: "@overlays", and of a child
 * "@parent_state" and "@parent_overlays". */
bool overlay_conds_hold(const struct conds *c, const struct schema *s,
	const struct schema_register *reg, const struct record *r, int today,
	const char *user, const struct rule_world *world);

/* ---- loading, for schema_load() ---- */

void schema_read_overlays(struct schema_register *out,
	struct schema_reader *r, const struct json *j);
void schema_link_overlays(struct schema_linker *l);
/* Which registers make overlays of their parents. */
void schema_mark_overlays(struct schema *s);
void schema_release_overlays(struct schema_register *r);

#endif
