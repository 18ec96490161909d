#ifndef CORE_RULE_H
#define CORE_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "core/record.h"
#include "core/schema.h"

/*
 * What is wrong with a record.  The form, the command line, the import and the
 * server call the same function, so what one accepts the others accept.
 */

struct fault {
	char field[RECORD_NAME_MAX];	/* where to put the cursor; "" whole */
	bool stop;			/* false: a warning */
	char msg[ERR_MSG_MAX];		/* one sentence, in the thread's language */
};

struct faults {
	struct fault *items;
	size_t count;
};

void faults_release(struct faults *f);
void faults_add(struct faults *f, const char *field, bool stop,
	const char *fmt, ...) PRINTF_LIKE(4, 5);
bool faults_stop(const struct faults *f);	/* any that stops? */
const struct fault *faults_at(const struct faults *f, const char *field);

/*
 * What a check may ask about other records.  NULL functions mean "unknown":
 * the check is skipped.  All records lent are valid until the next call.
 */
struct rule_find {
	const char *reg, *field, *value;
	const struct uuid *but;		/* this one is not meant */
};

struct rule_world {
	void *self;
	/* the record with this id, or NULL */
	const struct record *(*get)(void *self, const struct uuid *id);
	/* the i-th child of the register, or NULL at the end */
	const struct record *(*child)(void *self, const struct uuid *parent,
		const char *reg, size_t i);
	/* the i-th living record of the register, without the one asked for,
	 * whose overview field has this value, or NULL at the end */
	const struct record *(*find)(void *self, const struct rule_find *what,
		size_t i);
};

enum rule_mode { RULE_SAVE, RULE_SUBMIT };

/*
 * Append every fault of the record to out: missing fields (NEED_SAVE always,
 * NEED_SUBMIT in RULE_SUBMIT), values that do not parse as stored, lengths,
 * codes that do not exist (or are not valid any more: a warning), dates in the
 * future, checks of the definition, named rules.  today: day number.
 */
void rule_check(struct faults *out, const struct schema *s,
	const struct schema_register *reg, const struct record *r,
	enum rule_mode mode, int today, const struct rule_world *world);

/* Append the faults of the checks that name this move, and of no others. */
void rule_check_move(struct faults *out, const struct schema *s,
	const struct schema_register *reg, const struct record *r,
	const struct schema_move *move, int today,
	const struct rule_world *world);

/* The names rule.c knows, for the loader; NULL at the end. */
const char *rule_name(size_t i);

/* Fill in the values that derive from others (pinyin initials, birth date and
 * sex from the id number, minor, due dates); never overwrites what a person
 * typed into a field that is not readonly. */
void rule_derive(const struct schema_register *reg, struct record *r,
	int today);

/*
 * May this role move the record from its state to another?  Checks the table,
 * role, needed fields, guard and children, and with submit the whole record.
 * Errors: E_INVALID no such move, a missing field (its label is named) or
 * child, or the guard; E_AUTH the role may not.
 */
MUST_CHECK enum status rule_move(const struct schema *s,
	const struct schema_register *reg, const struct record *r,
	const char *to, const char *role, int today,
	const struct rule_world *world, struct err *err);

#endif
