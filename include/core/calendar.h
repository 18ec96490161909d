#ifndef CORE_CALENDAR_H
#define CORE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Counting days as the law does: the first day is not counted; 以上、内 include
 * the number, 以下、超过 exclude it (实施办法 58); a month that lacks the day
 * ends on its last.  Days are day numbers (base/date.h).
 */

/* Public holidays and the weekends worked for them (调休), per year. */
struct calendar {
	int *years;		/* years whose list is known, owned */
	size_t year_count;
	int *off;		/* days off, owned */
	size_t off_count;
	int *work;		/* Saturdays and Sundays worked, owned */
	size_t work_count;
};

void calendar_release(struct calendar *c);
void calendar_add_year(struct calendar *c, int year);
/* Days from..to, both included. */
void calendar_add_off(struct calendar *c, int from_on, int to_on);
void calendar_add_work(struct calendar *c, int on);

bool calendar_knows(const struct calendar *c, int year);
/* Without a list of the year: Monday to Friday. */
bool calendar_is_workday(const struct calendar *c, int on);

/* Hours are counted by core/deadline, from an instant. */
enum calendar_unit { CALENDAR_DAYS, CALENDAR_WORKDAYS, CALENDAR_MONTHS,
	CALENDAR_HOURS };

/* The term goes on to the end of the period its last day lies in. */
enum calendar_end { CALENDAR_THE_DAY, CALENDAR_MONTH_END,
	CALENDAR_QUARTER_END, CALENDAR_HALF_END, CALENDAR_YEAR_END };

struct calendar_term {
	int count;			/* negative: before */
	enum calendar_unit unit;
	enum calendar_end end;
	bool procedural;		/* 期间: a last day that is no working
					 * day moves on to the next one */
};

struct calendar_day {
	int on;
	bool approximate;	/* working days of a year without a list */
};

/* The last day on which something is still within (内) the term that from_on
 * began. */
struct calendar_day calendar_last(const struct calendar *c, int from_on,
	const struct calendar_term *t);
/* on lies within (内) n units of from_on; over (超过) is the opposite. */
bool calendar_is_within(int from_on, int on, int n, enum calendar_unit unit);
bool calendar_is_over(int from_on, int on, int n, enum calendar_unit unit);

/* The last day of a term of n months whose first day counts (矫正期限):
 * 2024-03-15 and twelve months end on 2025-03-14.  It never moves. */
int calendar_term_end(int from_on, int months);

#endif
