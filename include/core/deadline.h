#ifndef CORE_DEADLINE_H
#define CORE_DEADLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/calendar.h"
#include "core/schema.h"
#include "core/schema_read.h"

/*
 * From a rule and a record, the day on which something is due.  Rules are data
 * (screens/rules/, screens/README.md), each with the article it comes from;
 * what a county sets itself is marked local.  Pure: today is passed in, and
 * business dates count, never the day of entry.
 */

struct deadline_step {
	char *value;			/* of the field that chooses */
	struct calendar_term term;
};

/* Does a rule stand in the month list? */
enum deadline_month {
	DEADLINE_MONTH_NO,
	DEADLINE_MONTH_YES,
	DEADLINE_MONTH_ONLY,		/* there alone: nobody is reminded */
};

enum { DEADLINE_RANK = 5, DEADLINE_RANK_MAX = 9 };

struct deadline_rule {
	const struct schema_register *reg;	/* borrowed */
	char *name;
	int item;			/* place in its file */
	struct label title;		/* 日常报告 */
	struct label short_title;	/* 报告, above a narrow column; zh NULL:
					 * the title */
	struct label article;		/* 实施办法第二十四条 */
	bool local;			/* a local default, no national term */
	char **states;			/* none: all that are active */
	size_t state_count;
	struct conds when;		/* on overview fields */
	char *from;			/* the date it counts from; NULL none */
	char *last_reg;			/* or the last child of this register, */
	char *last_field;		/* by this date, */
	struct conds last_when;		/* of those that fit; NULL none */
	struct calendar_term term;
	char *by;			/* field that chooses a step; NULL */
	struct deadline_step *steps;
	size_t step_count;
	int warn_days;			/* soon: so many days before */
	int late_days;			/* said so long after it; -1 always */
	int rank;			/* 1 the gravest when late, to 9 */
	enum deadline_month month;
};

struct deadline_set {
	struct deadline_rule *rules;	/* in the order of their registers */
	size_t count;
	struct calendar calendar;
};

void deadline_set_free(struct deadline_set *set);	/* accepts NULL */

/* What a rule may ask about the record it is applied to. */
struct deadline_world {
	void *self;
	/* a field, "@state": never NULL; lent until the next call */
	const char *(*get)(void *self, const char *field);
	bool (*holds)(void *self, const struct conds *when);
	/* the day of the last child that the rule counts from; DATE_NONE */
	int (*last)(void *self, const struct deadline_rule *rule);
};

enum deadline_state { DEADLINE_NONE, DEADLINE_LATER, DEADLINE_SOON,
	DEADLINE_TODAY, DEADLINE_LATE };

struct deadline {
	enum deadline_state state;
	int on;				/* unset in DEADLINE_NONE */
	bool approximate;		/* counted without a holiday list */
};

/* One rule on one record.  The record is of the rule's register and not
 * withdrawn. */
struct deadline deadline_of(const struct deadline_rule *rule,
	const struct calendar *calendar, const struct deadline_world *world,
	int today);

/* The day of a stored date or datetime; DATE_NONE for anything else. */
int deadline_day(const char *text);

/* "late", "today", "soon", "later", "none". */
const char *deadline_state_name(enum deadline_state state);

/* ---- loading, for schema_load() ---- */

/* One file of rules/: holidays or a register's rules.  Complains, never
 * fails. */
void deadline_read(struct deadline_set *out, struct schema_reader *r,
	const struct json *j, const struct schema *s);
/* What the rules point at: fields, codes, states, children, and all of it in
 * the overview. */
void deadline_link(const struct deadline_set *set, const struct schema *s,
	struct complaints *complaints);

#endif
