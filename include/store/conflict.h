#ifndef STORE_CONFLICT_H
#define STORE_CONFLICT_H

#include "core/op.h"
#include "store/store.h"

/*
 * Questions for a person: two people gave a field (or a group of fields) two
 * values.  They arrive as records of the builtin register "@conflict" in the
 * stream of the record they belong to (core/question.h has their form), and are
 * answered with save_resolve().
 */
struct conflict {
	struct uuid id;
	struct uuid record;
	char group[RECORD_NAME_MAX];
	struct conflict_field {
		char *field;
		char *base, *theirs, *mine;	/* owned; "" empty */
	} *fields;			/* theirs: stands now on the server;
					 * mine: waiting to be chosen */
	size_t count;
	char by[RECORD_NAME_MAX];	/* who entered "mine" */
	char kind[RECORD_NAME_MAX];	/* "", or QUESTION_NUMBER: two records
					 * have one number, the county answers */
	struct uuid other;		/* of that kind: had it first */
	char from[RECORD_OFFICE_MAX];	/* the office that has given the record
					 * away and entered it too late; or "" */
	int64_t at;
	char theirs_by[RECORD_NAME_MAX];	/* who changed the record last,
					 * "" it has not come yet */
	int64_t theirs_at;
	bool waiting;			/* answered here, not yet sent */
};

struct conflict_list {
	struct conflict *items;
	size_t count;
};
void conflict_list_release(struct conflict_list *l);

/* Open ones; of one record, or all (record NULL). */
MUST_CHECK enum status conflict_list(struct conflict_list *out,
	struct store *s, const struct uuid *record, struct err *err);

#endif
