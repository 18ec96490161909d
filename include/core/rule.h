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
	bool missing;			/* nothing stands where something must */
	bool unknown;			/* a code that is in no table */
	bool limit;			/* a number beyond its field's limits */
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
/* A code that the definitions do not know and that stood in before (NULL:
 * wherever it stands) came from newer ones: it does not stop other changes.
 * Nor does a number that stood before the field had its limits. */
void faults_forgive(struct faults *f, const struct record *r,
	const struct record *before);
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
	 * whose overview field (or "@office") has this value, or NULL at the
	 * end; the server finds by "@office" only */
	const struct record *(*find)(void *self, const struct rule_find *what,
		size_t i);
	/* the time of day here, as a datetime is stored; without it only days
	 * are compared.  Lent. */
	const char *(*now)(void *self);
	/* somebody is there to read a warning: the costly ones are asked */
	bool warns;
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

/*
 * Fill in the values that derive from others (pinyin initials, birth date and
 * sex from the id number, minor, due dates); never overwrites what a person
 * typed into a field that is not readonly.  What follows from other records
 * (cumulated leave, a commission) is counted anew until the record is decided
 * on; without a world it stays as it is.
 */
void rule_derive(const struct schema_register *reg, struct record *r,
	int today, const struct rule_world *world);

/* ---- moves ---- */

struct rule_who {
	const char *role;
	const char *name;	/* as it stands in records, not the login */
};

/* The state to which the move leads this record: an approval's rows decide
 * whether it ends or goes on.  Lent by the definition. */
const char *rule_route(const struct schema_register *reg,
	const struct schema_move *m, const struct record *r, int today);

/* Would the record leave its present state by this move, by this person?  What
 * it asks for may still be missing.
 * Errors: as of rule_move. */
MUST_CHECK enum status rule_may_move(const struct schema_register *reg,
	const struct schema_move *m, const struct record *r,
	const struct rule_who *who, int today, const struct rule_world *world,
	struct err *err);

/* What the step needs that its form does not ask for: children, and what these
 * make true of the record.  Asked before the form, so that nothing is typed in
 * vain.
 * Errors: E_INVALID; E_NOTFOUND a child is missing. */
MUST_CHECK enum status rule_move_ready(const struct schema *s,
	const struct schema_register *reg, const struct schema_move *m,
	const struct record *r, int today, const struct rule_world *world,
	struct err *err);

/*
 * May this person move the record from its state to another?  Checks the
 * table, role, the way of its approval, that nobody decides on their own,
 * needed fields, guard and children, and with submit the whole record.
 * Errors: E_INVALID no such move, a missing field (its label is named) or
 * child, or the guard; E_AUTH the role or the person may not.
 */
MUST_CHECK enum status rule_move(const struct schema *s,
	const struct schema_register *reg, const struct record *r,
	const char *to, const struct rule_who *who, int today,
	const struct rule_world *world, struct err *err);

/* What the move fills in itself: stamps, the mark of a decision on one's own,
 * and the stamps of an earlier round, which it empties. */
void rule_stamp(const struct schema_register *reg, const struct schema_move *m,
	struct record *r, const struct rule_who *who, int today,
	const struct rule_world *world);

/* A new record says who entered it: readonly fields that begin with @me. */
void rule_enter(const struct schema_register *reg, struct record *r,
	const struct rule_who *who);

/*
 * May this person make next of was (NULL: a new record) by this move (NULL: by
 * an edit)?  Roles of register and fields, locked states, and fields that only
 * a move fills in, each as rule_stamp and rule_enter would.  Both records are
 * in the state before the move; the day of a stamp is not looked at.
 * Errors: E_AUTH, E_INVALID.
 */
MUST_CHECK enum status rule_change(const struct schema_register *reg,
	const struct record *was, const struct record *next,
	const struct schema_move *m, const struct rule_who *who,
	const struct rule_world *world, struct err *err);

#endif
