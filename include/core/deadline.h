#ifndef CORE_DEADLINE_H
#define CORE_DEADLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"
#include "core/calendar.h"
#include "core/schema.h"
#include "core/schema_link.h"
#include "core/schema_read.h"
#include "core/supervision.h"

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

/* A day that a record lacks children: the group of a subject. */
struct deadline_lack {
	char *reg;			/* children of this register, NULL none */
	struct conds when;		/* that fit, */
	int min;			/* are fewer than these */
};

/* ---- the penalty ladder ---- */

/* What leads to a measure: a child that is a breach, or an absence. */
struct deadline_cause {
	char *name;			/* "absence" */
	char *reg;			/* children of this register, NULL the
					 * record itself, */
	struct conds when;		/* that fit */
	char *on;			/* the day of it */
	char *until;			/* of an absence the end; NULL */
	bool absence;
	enum supervision_measure measure;	/* of what is no absence */
};

/* A measure in words, and the sanction that it would be. */
struct deadline_offer {
	enum supervision_measure measure;
	char **causes;			/* by name, "repeated"; none: any */
	size_t cause_count;
	struct conds when;		/* of the record itself */
	struct label title;		/* 建议：警告 */
	struct label article;
	struct values set;		/* of the sanction's form */
};

struct deadline_measure {
	char *value;			/* code of the sanction's kind */
	enum supervision_measure measure;
};

struct deadline_propose {
	struct deadline_cause *causes;
	size_t cause_count;
	struct deadline_offer *offers;	/* the first that fits */
	size_t offer_count;
	/* the register of sanctions, a child too */
	char *reg;
	char *kind, *on, *decided_on;	/* its fields */
	char *cause_field;		/* refs to a cause, or NULL */
	char *facts;			/* where the cause is told, or NULL */
	char **decided;			/* states in which a measure counts */
	size_t decided_count;
	char **dropped;			/* states in which it is none */
	size_t dropped_count;
	struct deadline_measure *measures;
	size_t measure_count;
};

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
	struct deadline_lack lack;	/* asked only while they are missing */
	struct deadline_propose *propose;	/* NULL: a plain term */
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
	/* a field, "@state", "@id": never NULL; lent until the next call */
	const char *(*get)(void *self, const char *field);
	bool (*holds)(void *self, const struct conds *when);
	/* the next living child of the register, or its first; NULL at the
	 * end.  Lent until the next call; a child has no children. */
	const struct deadline_world *(*child)(void *self, const char *reg,
		bool first);
	int minute;			/* of today, for terms in hours */
};

enum deadline_state { DEADLINE_NONE, DEADLINE_LATER, DEADLINE_SOON,
	DEADLINE_TODAY, DEADLINE_LATE };

enum { DEADLINE_ALL_DAY = -1 };

struct deadline {
	enum deadline_state state;
	int on;				/* unset in DEADLINE_NONE */
	int minute;			/* of that day, or DEADLINE_ALL_DAY */
	bool approximate;		/* counted without a holiday list */
	const struct deadline_offer *offer;	/* what is proposed, or NULL */
	const struct deadline_cause *cause;	/* because of this, */
	struct uuid cause_id;			/* this child */
	int cause_on, cause_days;	/* since; days of an absence */
};

/* One rule on one record.  The record is of the rule's register and not
 * withdrawn. */
struct deadline deadline_of(const struct deadline_rule *rule,
	const struct calendar *calendar, const struct deadline_world *world,
	int today);

/* What to call it, and why: the rule's own words or those of the offer. */
const struct label *deadline_title(const struct deadline_rule *rule,
	const struct deadline *d);
const struct label *deadline_article(const struct deadline_rule *rule,
	const struct deadline *d);

/* The day of a stored date or datetime; DATE_NONE for anything else. */
int deadline_day(const char *text);

/* "late", "today", "soon", "later", "none". */
const char *deadline_state_name(enum deadline_state state);

/* ---- between deadline*.c ---- */

/* The proposal that the record's children lead to. */
struct deadline deadline_propose(const struct deadline_rule *rule,
	const struct deadline_world *world, int today);
void deadline_propose_read(struct deadline_rule *rule,
	struct schema_reader *r, const struct json *j);
void deadline_propose_link(struct schema_linker *l,
	const struct deadline_rule *rule);
void deadline_propose_free(struct deadline_propose *p);
/* A field of a register below that the rule reads; NULL after a complaint. */
const struct schema_field *deadline_link_field(struct schema_linker *l,
	const struct schema_register *reg, const char *name, bool day,
	const char *key);
/* The child register with this name; NULL after a complaint. */
const struct schema_register *deadline_link_child(struct schema_linker *l,
	const struct deadline_rule *rule, const char *name, const char *key);
void deadline_link_conds(struct schema_linker *l,
	const struct schema_register *reg, const struct conds *c);

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
