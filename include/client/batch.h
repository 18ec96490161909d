#ifndef CLIENT_BATCH_H
#define CLIENT_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/uuid.h"
#include "client/marks.h"
#include "client/moveform.h"
#include "core/record.h"
#include "core/schema.h"
#include "store/store.h"

/*
 * One entry for many records: a new child of each (a talk with twelve
 * subjects) or one move of each.  Each is checked as if it were entered alone;
 * all are saved in one transaction, or none.
 */
struct batch {
	const struct schema_register *reg;	/* of the records */
	const struct schema_register *child;	/* what each gets; NULL: */
	const struct schema_move *move;		/* the move each makes */
	struct uuid *ids;			/* owned, at least one */
	size_t count;
	struct marks *marks;			/* unmarked when saved; NULL */
	char (*asked)[RECORD_NAME_MAX];		/* owned; see batch_ask() */
	size_t asked_count;
};

enum { BATCH_MAX = 500 };

/* How one of them fares. */
struct batch_line {
	struct uuid id;
	bool refused;
	char words[ERR_MSG_MAX];	/* why, or a warning; "" */
};

struct batch_report {
	struct batch_line *lines;	/* owned, in the order of the batch */
	size_t count, refused, warned;
};

/* ids are copied.  Owned by the caller. */
struct batch *batch_new(const struct schema_register *reg,
	const struct uuid *ids, size_t count);
struct batch *batch_copy(const struct batch *b);
void batch_free(struct batch *b);		/* accepts NULL */
void batch_report_release(struct batch_report *r);

/*
 * What the form of a move asks: what the move names, and what none of them has
 * yet though it must be there by then.  What only some lack is their own
 * matter: one value would not be right for all.
 */
MUST_CHECK enum status batch_ask(struct batch *b, struct store *s,
	struct err *err);
/* The form made of it. */
void batch_moveform(struct moveform *out, const struct schema *schema,
	const struct batch *b);

/* What all of them have in common, for the form of a move to start from. */
MUST_CHECK enum status batch_common(struct record *out, struct store *s,
	const struct batch *b, struct err *err);

/*
 * Save what was typed for each of them; the report (released first) says how
 * each fared.  draft: to be dropped in the same transaction, NULL none.
 * Errors: E_INVALID some were refused, nothing is saved; E_CONFLICT the draft
 * is gone; E_AUTH; E_IO.
 */
MUST_CHECK enum status batch_save(struct batch_report *report,
	struct store *s, const struct batch *b, const struct record *typed,
	const char *draft, struct err *err);

/* Take what was refused out of the batch; false: nothing is left of it. */
bool batch_drop_refused(struct batch *b, const struct batch_report *report);

/* A batch in a draft: its ids and its move as two more values, taken out of
 * the values again by batch_take().  NULL: the values are no batch's. */
void batch_put(struct values *out, const struct batch *b);
/* How many records a draft is for; 0: it is no batch's. */
size_t batch_drafted(const struct values *values);
struct batch *batch_take(struct values *values, const struct schema *schema,
	const char *reg);

#endif
