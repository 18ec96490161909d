#ifndef CORE_SUPERVISION_H
#define CORE_SUPERVISION_H

#include <stddef.h>

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

#endif
