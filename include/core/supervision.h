#ifndef CORE_SUPERVISION_H
#define CORE_SUPERVISION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"

/*
 * Numbers of the 社区矫正法实施办法 (司发通〔2020〕59号) that need more than one
 * date: who approves a leave, and what absence leads to.  Proposed to people,
 * never applied by the program itself.
 */

struct supervision_leave {	/* both days included */
	int from_on, to_on;
};

/* Days of a leave: to - from + 1. */
int supervision_leave_days(const struct supervision_leave *l);

/*
 * Days away within the two months that end with the leave asked for (办法 27):
 * from its first day - 2 months + 1 day up to its last day, itself included.
 * A day that two leaves cover counts once.
 */
int supervision_leave_cumulated(const struct supervision_leave *taken,
	size_t count, const struct supervision_leave *asked);

enum supervision_approver {
	SUPERVISION_OFFICE,	/* up to 7 days, when it is commissioned */
	SUPERVISION_COUNTY,	/* over 7 days, each up to 30 */
	SUPERVISION_CITY,	/* over 30, at once or cumulated */
};
/* 办法 27. */
enum supervision_approver supervision_leave_approver(
	const struct supervision_leave *taken, size_t count,
	const struct supervision_leave *asked);

enum supervision_measure {
	SUPERVISION_NOTHING,
	SUPERVISION_ADMONISH,	/* 训诫: up to 10 days (34) */
	SUPERVISION_WARN,	/* 警告: over 10 days (35) */
	SUPERVISION_REVOKE,	/* 提请撤销、收监: over a month (46, 47, 49) */
};
/* Out of supervision (脱离监管) since a day and on another one still. */
enum supervision_measure supervision_absence(int since_on, int on);
/* Two admonitions not heeded lead to a warning, two warnings to a proposal of
 * revocation (35, 46, 47, 49). */
enum supervision_measure supervision_next(int admonitions, int warnings);

/* The words of definitions: "admonish", "warn", "revoke"; NULL at the end. */
extern const char *const supervision_measures[];

/* ---- what may be proposed ---- */

/* Something that a subject may have to answer for. */
struct supervision_cause {
	struct uuid id;
	int since_on;
	int until_on;		/* of an absence; DATE_NONE: not yet found */
	bool absence;		/* its days say how grave it is; else: */
	enum supervision_measure least;
};

/* What was proposed or decided about it. */
struct supervision_sanction {
	enum supervision_measure measure;
	int on;			/* proposed */
	int decided_on;		/* DATE_NONE: not decided */
	struct uuid cause;	/* zero: whatever was before it */
};

struct supervision_proposal {
	enum supervision_measure measure;	/* NOTHING: none */
	size_t cause;		/* its place */
	bool repeated;		/* the measures before it made it graver */
	int on;			/* the day from which it may be proposed */
	int days;		/* of an absence, so far */
};

/*
 * The gravest measure that no sanction answers yet, of several the oldest.  A
 * cause that follows two admonitions or warnings (仍不改正) counts as graver;
 * a warning begins the count of admonitions anew.  A sanction answers its own
 * cause, or when it names none what was before it, unless the cause has become
 * graver since.
 */
struct supervision_proposal supervision_propose(
	const struct supervision_cause *causes, size_t cause_count,
	const struct supervision_sanction *sanctions, size_t sanction_count,
	int today);

#endif
