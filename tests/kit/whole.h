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
enum { WHOLE_TODAY = 20779, WHOLE_ROLES = 12 };

/* 2026-11-22 is today; these are the roles of an office and above it. */
extern const char *const whole_roles[WHOLE_ROLES];

/* What a value must be for the whole to be right; all else is filled in by
 * its type, and what the form does not show then is left out. */
struct whole_variant {
	const char *reg, *values;	/* "field=value|field=value" */
};

/* What a draft cannot do without; who sees and who writes. */
struct whole_register {
	const char *reg, *save, *readers, *writers;
};

/* A step.  with: what lets it pass besides a whole record of the register's
 * nth variant; needs: fields it asks for; breaks: values that hold it up. */
struct whole_move {
	const char *reg, *from, *to, *may;
	size_t nth;
	const char *with, *needs, *breaks;
};

/* Each duty of an office has a file of its own. */
struct whole_duty {
	const struct whole_variant *variants;
	size_t variant_count;
	const struct whole_register *registers;
	size_t register_count;
	const struct whole_move *moves;
	size_t move_count;
	const struct whole_variant *children;	/* of whatever is asked for */
	size_t child_count;
};

#define WHOLE_COUNT(a) (sizeof (a) / sizeof *(a))
#define WHOLE_DUTY(v, r, m) { .variants = (v), \
	.variant_count = WHOLE_COUNT(v), .registers = (r), \
	.register_count = WHOLE_COUNT(r), .moves = (m), \
	.move_count = WHOLE_COUNT(m) }

extern const struct whole_duty whole_mediation, whole_correction,
	whole_resettlement, whole_service, whole_office;

/* The i-th of all duties together; NULL at the end. */
const struct whole_variant *whole_variant(size_t i);
const struct whole_register *whole_register(size_t i);
const struct whole_move *whole_move(size_t i);

extern const struct rule_world whole_world;

/* Of a group of tests: read the definitions, make the world around. */
int whole_load(void **state);
int whole_unload(void **state);
const struct schema *whole_schema(void);

/* How many of a case's children are there: applicant, respondent, session. */
void whole_set_children(size_t count);

/* The variant as a record in its first state, owned by the caller. */
void whole_make(struct record *out, size_t variant);
void whole_make_nth(struct record *out, const char *reg, size_t n);
void whole_put(struct record *r, const char *values);
void whole_put_text(struct record *r, const struct schema_field *f, int chars);
bool whole_is_shown(const struct schema_field *f, const struct record *r);

/* Is the word in a text of words with one blank between? */
bool whole_has_word(const char *words, const char *word);

#endif
