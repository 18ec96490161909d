#ifndef STORE_APPLY_OWN_H
#define STORE_APPLY_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "core/record.h"
#include "store/idmap.h"

/*
 * What is under way, and comes back as it went: for the store's own files.
 */
struct apply_work;
struct wire_line;

/* An operation printed to be sent, until it is known to have been judged. */
struct sent_op {
	struct uuid record;
	int64_t n;
	char expect[RECORD_HASH_MAX];	/* "" none */
	int64_t base;			/* the revision that it saw */
	bool alone;		/* the only one of its record among them */
	const struct wire_line *ok;	/* its verdict, held; lent by the page */
};

struct sent {				/* by n, without gaps */
	struct sent_op *items;		/* owned */
	size_t count;
	struct idmap places;		/* record -> the last of its items */
	int64_t epoch;			/* of their numbers */
};

void sent_release(struct sent *t);
/* What follows begins at n: those from there on are printed anew. */
void sent_from(struct sent *t, int64_t epoch, int64_t n);
void sent_add(struct sent *t, const struct uuid *record, int64_t n,
	const char *line, size_t len);
/* All up to n are judged. */
void sent_until(struct sent *t, int64_t n);

/* ---- applying ---- */

/* The verdict waits for the line that confirms it, if it may; else it is written.
 * Errors: those of apply_verdict(). */
MUST_CHECK enum status own_verdict(struct apply_work *w,
	const struct wire_line *line, struct err *err);
/* The verdict and the confirmation of operation n that a run stands for; both
 * come zeroed at first and may be used again.  false: we know of none such. */
bool own_said(struct wire_line *verdict, struct wire_line *ack,
	struct apply_work *w, const struct wire_line *run, int64_t n);
/* What is held is written as any other verdict, and what was confirmed stands in
 * the outbox: until then only its row says so. */
MUST_CHECK enum status own_flush(struct apply_work *w, struct err *err);
/* The record is what its one operation under way said: *done, it is written, and
 * its operation by own_flush() at the latest.  Otherwise nothing was. */
MUST_CHECK enum status own_confirm(bool *done, struct apply_work *w,
	const struct wire_line *line, struct err *err);

#endif
