#ifndef CORE_QUESTION_H
#define CORE_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/record.h"

/*
 * A conflict as a record, so that it travels and is kept like any other: the
 * server makes one of each struct merge_conflict, every device that holds the
 * record receives it, an OP_RESOLVE answers it.
 *
 * Its register is "@conflict", which no definition can be called; its office
 * is the record's.  State "open" or "answered".  Values: "record" (uuid),
 * "register", "group", "by", "at" (milliseconds), "answered_by", "from" (the office
 * that entered it, when it has given the record away: 原所补报), and for the
 * k-th field, from 0, "f<k>" its name, "b<k>" the value both started from,
 * "t<k>" the server's, "m<k>" the one that waits.
 */
#define QUESTION_REGISTER "@conflict"

/*
 * A question of kind "number": two records have the same paper number.  Both
 * keep it; the county answers whether the later one, which the question is
 * about, shall have another ("mine", a provisional number that stands for a new
 * one) or stay.  "other" is the record that had it first.
 */
#define QUESTION_NUMBER "number"

enum { QUESTION_FIELDS_MAX = 60 };

struct question_field {
	char *field;		/* owned, all of them; "" empty */
	char *base, *theirs, *mine;
};

struct question {
	struct uuid id;			/* of the conflict */
	struct uuid record;
	char reg[RECORD_NAME_MAX];	/* of the record */
	char office[RECORD_OFFICE_MAX];
	char group[RECORD_NAME_MAX];
	char by[RECORD_NAME_MAX];	/* who entered "mine" */
	int64_t at;			/* when */
	bool open;
	char answered_by[RECORD_NAME_MAX];
	int64_t answered_at;		/* of one that came; 0: open */
	char from[RECORD_OFFICE_MAX];	/* or "" */
	char kind[RECORD_NAME_MAX];	/* "": two values; QUESTION_NUMBER */
	struct uuid other;		/* of that kind */
	struct question_field *fields;	/* owned */
	size_t count;
};

void question_release(struct question *q);

/* Texts are copied; at most QUESTION_FIELDS_MAX times. */
void question_add(struct question *q, const char *field, const char *base,
	const char *theirs, const char *mine);

bool question_is(const struct record *r);	/* by its register */

/* out is owned by the caller; rev, who and when are left zero. */
void question_to_record(struct record *out, const struct question *q);

/* Errors: E_INVALID it is none, or a part is missing. */
MUST_CHECK enum status question_from_record(struct question *out,
	const struct record *r, struct err *err);

#endif
