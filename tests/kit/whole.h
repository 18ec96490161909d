#ifndef KIT_WHOLE_H
#define KIT_WHOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/rule.h"

/*
 * Whole records of every register of the builtin definitions, filled in by
 * type, and the records around them: what refs lead to, the parties and the
 * session of a case.
 */
enum { WHOLE_TODAY = 20779, WHOLE_ROLES = 12, WHOLE_VARIANTS = 20 };

/* 2026-11-22 is today; these are the roles of an office and above it. */
extern const char *const whole_roles[WHOLE_ROLES];

/* What a value must be for the whole to be right; all else is filled in by
 * its type, and what the form does not show then is left out. */
extern const struct whole_variant {
	const char *reg, *values;	/* "field=value|field=value" */
} whole_variants[WHOLE_VARIANTS];

extern const struct rule_world whole_world;

/* Of a group of tests: read the definitions, make the world around. */
int whole_load(void **state);
int whole_unload(void **state);
const struct schema *whole_schema(void);

/* How many of the three children are there: applicant, respondent, session. */
void whole_set_children(size_t count);

/* The variant as a record in its first state, owned by the caller. */
void whole_make(struct record *out, size_t variant);
void whole_put(struct record *r, const char *values);
void whole_put_text(struct record *r, const struct schema_field *f, int chars);
bool whole_is_shown(const struct schema_field *f, const struct record *r);

/* Is the word in a text of words with one blank between? */
bool whole_has_word(const char *words, const char *word);

#endif
