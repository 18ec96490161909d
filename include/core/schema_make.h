#ifndef CORE_SCHEMA_MAKE_H
#define CORE_SCHEMA_MAKE_H

#include "core/schema_link.h"
#include "core/schema_parts.h"

/*
 * What a record turns into: a lead into a mediation case, a visitor at the
 * desk into a consultation.  The form of the new record opens with what was
 * entered here; once it is saved, each of the two names the other.
 */
struct schema_make_set {
	struct values from;	/* field there -> field here */
	struct values fixed;	/* field there -> its value */
};

struct schema_make_child {
	char *reg;		/* a child register of what is made */
	struct schema_make_set set;
};

struct schema_make {
	struct label label;
	char key;		/* in the popup; 0: a number */
	char *reg;
	struct conds when;	/* offered only when these hold here */
	struct schema_make_set set;
	struct schema_make_child *children;	/* made with it, each when the
				 * fields it comes from are filled */
	size_t child_count;
	char *back;		/* ref there that names the record here */
	char *link;		/* ref here that names what was made, or NULL */
	char *move;		/* step taken here once it is made, or NULL */
};

/* "set" and "fixed" of where the reader is; for schema_tell.c as well. */
void schema_make_read_set(struct schema_make_set *out,
	struct schema_reader *r, const struct json *j);
void schema_make_link_set(struct schema_linker *l,
	const struct schema_register *made, const struct schema_make_set *set);
void schema_make_release_set(struct schema_make_set *set);
void schema_make_release_conds(struct conds *when);

/* Can the one hold whatever the other holds? */
bool schema_make_fits(const struct schema_field *from,
	const struct schema_field *to);

void schema_read_makes(struct schema_register *out, struct schema_reader *r,
	const struct json *j);
void schema_link_makes(struct schema_linker *l);
void schema_release_makes(struct schema_register *r);

/* The values that a new record begins with; out is set over, not emptied. */
void schema_make_values(struct values *out, const struct schema *s,
	const char *made, const struct schema_make_set *set,
	const struct record *from);
/* The same for a child; false when there is nothing to make it of. */
bool schema_make_child_values(struct values *out, const struct schema *s,
	const struct schema_make_child *child, const struct record *from);

/* What made a record of this register, by the ref it holds: the next after
 * prev (NULL first), its register in *from; NULL at the end. */
const struct schema_make *schema_make_next(const struct schema_register **from,
	const struct schema *s, const char *made,
	const struct schema_make *prev);

#endif
