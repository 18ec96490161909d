#ifndef CORE_SCHEMA_STATE_H
#define CORE_SCHEMA_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/schema_cond.h"

/* The states of a register's records, the moves between them, and who approves
 * them (core/schema.h, screens/README.md). */

struct schema_register;
struct schema_field;

/* ---- states ---- */

struct schema_state {
	char *name;
	struct label label;
	bool active;		/* counts as open work (lookup ranks it first) */
	bool locked;		/* the record changes through moves only */
	int step;		/* approval: the step that waits here, from 1 */
};

/* What a move does with an approval. */
enum approves {
	APPROVES_NOTHING,
	APPROVES_SUBMIT,	/* hands in: its rows say to whom */
	APPROVES_AGREE,		/* agrees: its rows say whether that ends it */
	APPROVES_SENDS_BACK,
	APPROVES_REJECTS,
	APPROVES_CANCELS,
};

struct schema_move {
	char *name;		/* "accept" */
	struct label label;	/* 受理 */
	char **from;		/* state names; "" is "not yet saved" */
	size_t from_count;
	char *to;
	char **roles;		/* who may */
	size_t role_count;
	char **needs;		/* fields that must be filled, asked for first */
	size_t need_count;
	char **asks;		/* asked for like those, may stay empty */
	size_t ask_count;
	char *stamp_by;		/* the mover's name goes here, or NULL */
	char *stamp_on;		/* and the day here */
	char **not_by;		/* fields that must not name the mover */
	size_t not_by_count;
	char *self;		/* where they do and the office may: set to 1 */
	char **clears;		/* emptied: the stamps of an earlier round */
	size_t clear_count;
	enum approves approves;	/* made of approvals.json */
	int step;		/* the step that so decides, from 1 */
	bool back;		/* made of "back": takes a mistaken step back */
	bool submit;		/* NEED_SUBMIT fields must be filled too */
	struct conds guard;	/* must hold */
	struct label guard_text;/* what to say when it does not */
	struct schema_child_need {
		char *reg;	/* child register */
		struct conds when;	/* which of its records count */
		int min;
		struct label text;
	} *children;		/* child records that must exist */
	size_t child_count;
};

/* Who takes a step back that was made by mistake; the moves are made of it. */
struct schema_back {
	char **roles;
	size_t count;		/* 0: nobody */
};

/* What an office's client does by itself when a record of another's making has
 * arrived: the move, with the time in a field. */
struct schema_receipt {
	char *move;		/* its name; NULL: no receipts */
	char *at;		/* a datetime, filled in by the move */
	struct conds bell;	/* rings when such a record arrives; none: no */
};

/* ---- approvals ---- */

enum { SCHEMA_STEPS_MAX = 4 };

struct schema_step {
	char *level;		/* "office" "county" "leader" "city" */
	struct label label;	/* 司法所 */
	char *waits;		/* the state in which it is asked */
	char **roles;
	size_t role_count;
	struct conds when;	/* else the step is left out */
	struct conds ends;	/* its agreement is final; none: never, but
				 * the last step always ends */
	char **needs, **asks;	/* of the agreement, beside the opinion */
	size_t need_count, ask_count;
};

/* Who approves a register's records, in which order. */
struct schema_approval {
	struct schema_step *steps;
	size_t step_count;
	char **submit;		/* roles that hand in */
	size_t submit_count;
	bool cancel;		/* and may take it back until it is decided */
	size_t made_states;	/* the first so many of the register are made */
	size_t made_moves;	/* of the steps, not written in its file */
};

/* The field LEVEL_part of a step ("office_by"), or NULL. */
const struct schema_field *schema_step_field(const struct schema_register *r,
	const struct schema_step *step, const char *part);
/* The move that is a receipt, or NULL: none of the register's is.  No person
 * makes it. */
const struct schema_move *schema_receipt_move(const struct schema_register *r);
/* The move names this field: asks for it, stamps it or empties it. */
bool schema_move_fills(const struct schema_move *m, const char *field);

/* How long a closed record is kept (core/keeping.h). */
struct schema_keeping {
	bool given;
	int years;		/* 0: for good */
	char **states;		/* that close it */
	size_t state_count;
	char *day;		/* the date on which it was; NULL: its last
				 * change */
	struct label basis;	/* the article, or the county's rule */
	bool local;		/* which is no law */
};
void schema_keeping_release(struct schema_keeping *k);

/* Which field holds the paper number, and how it is given (core/number.h). */
enum number_mode {
	NUMBER_LEASED,		/* each device has some, taken from the server */
	NUMBER_MACHINE,		/* one device of the office has all of them */
	NUMBER_PROVISIONAL,	/* the server gives each at the next sync */
};

struct schema_number {
	char *field;		/* VT_NUMBER; NULL: the register has none */
	char *cls;		/* "mediation" */
	enum number_mode mode;
	char *format;		/* "（@year）@short人调字第@n号" */
	int block;		/* numbers of one lease */
	char *day;		/* the date that says which year; NULL: today */
	char **moves;		/* the steps that give it; none: a new record
				 * has it at once */
	size_t move_count;
};

#endif
