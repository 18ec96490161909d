#ifndef KIT_CLERKS_H
#define KIT_CLERKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/record.h"
#include "kit/township.h"

/*
 * People who work at random in a township, from a seed, and a memory of what
 * they entered and saw, which lasts longer than any cache.  Most values are
 * made once ("v17z", a day of their own), so that they can be looked for.
 */
struct clerks {
	struct township t;
	uint64_t seed, random;
	unsigned entered;	/* values so far: the next one's number */
	struct buf values;	/* those that were saved, a line each */
	struct buf owners;	/* and for which record, "VALUE ID" a line */
	struct buf seen;	/* what authors had before them, a line each */
	struct buf changes;	/* which value came after which: succession.h */
	struct buf given_up;	/* records whose entry was, a line each */
	struct buf typed;	/* numbers from the paper book, a line each */
	struct buf trace;	/* what was not written out yet */
	struct site *meanwhile;	/* who edits while a request is under way */
	bool met;		/* somebody did */
	unsigned edits;		/* that may still come in this sync */
	char stick[TOWNSHIP_STICK_MAX];	/* on its way, and to whom */
	struct site *stick_for;
	struct site *asleep;	/* who has no line at all */
	bool gave;		/* or answered, since the last backup */
	bool broken;		/* a disk may have failed in this step */
	struct record form;	/* a form that was left open */
	struct site *form_at;
};

/* Chance: below n.  Any of the sites. */
unsigned clerks_pick(struct clerks *m, unsigned n);
struct site *clerks_site(struct clerks *m);
size_t clerks_number(const struct clerks *m, const struct site *site);

/* A row of a register at this site, mostly one of the same few; deleted ones
 * too, sometimes. */
bool clerks_record(struct uuid *out, struct clerks *m, struct site *site,
	const char *reg);

/* A line of the trace; id may be NULL. */
void clerks_told(struct clerks *m, const struct site *site, const char *what,
	const struct uuid *id, enum status s);
/* Only a disk that we broke may fail, and nothing may be missing. */
void clerks_allow(struct clerks *m, const struct site *site, enum status s,
	const struct err *err);

/* Save what was entered, as an edit of what was seen (NULL: it is new) or a move
 * to a state (NULL: none). */
enum status clerks_save(struct clerks *m, struct site *site, struct record *r,
	const struct record *seen, const char *to, struct err *err);

/* One thing that a person does there; what the store refuses is no failure. */
void clerk_new(struct clerks *m, struct site *site);
void clerk_visit(struct clerks *m, struct site *site);
void clerk_attach(struct clerks *m, struct site *site);
/* A numbered paper: a new one, which has a number at once, now and then one
 * from the paper book; or one is edited, numbered otherwise, withdrawn. */
void clerk_paper(struct clerks *m, struct site *site);
void clerk_edit(struct clerks *m, struct site *site, bool move);
/* Leave a form open, or come back to it while others' changes have come. */
void clerk_form(struct clerks *m, struct site *site);
void clerk_withdraw(struct clerks *m, struct site *site);
void clerk_resolve(struct clerks *m, struct site *site);
/* A row is missing, by the disk's fault; not where a restored server might
 * need it. */
void clerks_lose(struct clerks *m, struct site *site);
/* What was refused is given up, or its record is edited. */
void clerk_mend(struct clerks *m, struct site *site);

/* The lines of clerks.seen for a record: its term, and all that it says. */
void clerks_print_term(struct buf *out, const struct record *r);
void clerks_print_whole(struct buf *out, const struct record *r);

#endif
