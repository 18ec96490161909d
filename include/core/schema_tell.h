#ifndef CORE_SCHEMA_TELL_H
#define CORE_SCHEMA_TELL_H

#include "core/rule.h"
#include "core/schema_make.h"

/*
 * What a record tells the one it belongs to: a follow-up gives the case its
 * day and the state of performance, an approved change the subject its level.
 * What was entered once is not typed again, and lists and rules of the other
 * read its own fields.
 */
struct schema_tell {
	char *to;		/* the ref to whom, or a text that suggests
				 * "REGISTER.FIELD": who is called so there */
	struct conds when;	/* only when these hold */
	struct schema_make_set set;
	bool keep;		/* what is filled there stays */
	char *newest;		/* a day here: told only while no other record
				 * that says so of the same one is later */
};

void schema_read_tells(struct schema_register *out, struct schema_reader *r,
	const struct json *j);
void schema_link_tells(struct schema_linker *l);
void schema_release_tells(struct schema_register *r);

/* Whom a text names: the register and field of its suggestions; NULL: it is a
 * ref, or leads through one. */
const struct schema_register *schema_tell_named(const struct schema_field **by,
	const struct schema *s, const struct schema_field *to);

/* Has it anything to tell after this change?  before NULL: it is new. */
bool schema_tell_is_due(const struct schema_tell *t,
	const struct record *before, const struct record *after, int today);
/* Does a later one below the other record, by "newest", say what holds? */
bool schema_tell_is_outdone(const struct schema_tell *t,
	const struct record *other, const struct record *r, int today,
	const struct rule_world *world);
/* Put it into the other record; a later date or a greater number that is
 * there stays where the field says "merge": "max". */
void schema_tell_put(struct record *other, const struct schema *s,
	const struct schema_tell *t, const struct record *r);
/* r is withdrawn: what it told and still stands in the other record, while
 * nothing else of its kind below that says the same; set into out. */
void schema_tell_left(struct values *out, const struct record *other,
	const struct schema *s, const struct schema_tell *t,
	const struct record *r, int today, const struct rule_world *world);

#endif
