#ifndef STORE_APPLY_WORK_H
#define STORE_APPLY_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "core/record.h"
#include "store/idmap.h"
#include "store/store.h"

/*
 * What the modules share that apply a page (store/apply.h).  All of it happens
 * in the page's transaction.  Errors, where none are named: E_INVALID the page
 * contradicts what is here; E_IO.
 */
struct apply_counts;
struct snapshot_load;
struct wire_line;

struct apply_work {
	struct store *store;
	struct apply_counts *counts;
	int64_t epoch;		/* of the numbers that verdicts name */
	struct snapshot_load *load;	/* lines are a snapshot's; else NULL */
	bool confirmed;		/* after comparing: what the server has holds,
				 * also where it is older */
	bool believed;		/* whatever leaves */
	struct idmap leaving;	/* what left a stream */
	struct idmap unsettled;	/* records whose verdicts the row lacks */
	size_t held;		/* verdicts that wait (own_verdict) */
	/* operations confirmed one after the other, all as this revision, which
	 * the outbox does not say yet; sure_from 0: none */
	int64_t sure_from, sure_to, sure_rev;
	bool erased;		/* something was (store/erased.h) */
};

/* The page's lines are applied, and not committed: has more left at once than a
 * person would believe?  Errors: E_CONFLICT it has; E_IO. */
MUST_CHECK enum status apply_check_removals(const struct apply_work *w,
	struct err *err);

/* What is sealed is not kept where others sign in too. */
bool apply_is_sealed(const char *stream);
/* A record left a stream; a stream that nobody here may hold any more; what was
 * accepted and went where it may not be held, so no line will come: E_IO. */
MUST_CHECK enum status apply_gone(struct apply_work *w,
	const struct wire_line *line, struct err *err);
MUST_CHECK enum status apply_gone_all(struct apply_work *w,
	const char *stream, struct err *err);
MUST_CHECK enum status apply_drop_unseen(struct store *s, struct err *err);

/* One page of a snapshot; its end has the cursor, or none before the last. */
MUST_CHECK enum status apply_snapshot(struct apply_counts *counts,
	struct store *s, struct snapshot_load *load,
	struct wire_line *lines, size_t count, struct err *err);

/* E_INVALID with its sentence. */
enum status apply_contradiction(struct err *err);
MUST_CHECK enum status apply_verdict(struct apply_work *w,
	const struct wire_line *line, struct err *err);
/* What the county did with what was refused here (core/wire.h): the last that
 * was heard of, for hello; those of an end; from the beginning again, of another
 * ledger.  Errors: E_IO. */
MUST_CHECK enum status apply_settled_heard(int64_t *out, struct store *s,
	struct err *err);
MUST_CHECK enum status apply_settled(struct apply_work *w,
	const struct wire_line *end, struct err *err);
MUST_CHECK enum status apply_settled_forget(struct store *s,
	struct err *err);
/* A conflict has come, or changed, as a record; or left. */
MUST_CHECK enum status apply_question(struct store *s,
	const struct record *r, struct err *err);
/* Of a restored ledger, whose questions are open again: all that are here. */
MUST_CHECK enum status apply_questions_again(struct store *s,
	struct err *err);
MUST_CHECK enum status apply_question_gone(struct store *s,
	const struct uuid *id, struct err *err);

#endif
