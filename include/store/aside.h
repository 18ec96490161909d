#ifndef STORE_ASIDE_H
#define STORE_ASIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/due.h"

/*
 * Reminders that a person put aside: kept sealed in this cache, each user's
 * own.  Nothing is lost by it: the thing stays due and stands in the full
 * list, and it is back by itself once its day has moved or its state has
 * changed (soon to today, today to late).
 */
enum aside_until {
	ASIDE_TOMORROW,
	ASIDE_WEEK,
	ASIDE_LATE,		/* until it is late; not for what is */
};

struct aside {
	struct uuid id;			/* of the record */
	char reg[RECORD_NAME_MAX];
	char rule[RECORD_NAME_MAX];
	int on;				/* the day it was due on */
	enum deadline_state state;	/* and how it stood */
	int from_on;			/* when it was put aside */
	int until_on;			/* DATE_NONE: until it is late */
};

struct aside_list {
	struct aside *items;		/* owned */
	size_t count;
	/* private: what it was read from */
	const struct store *store;
	uint64_t generation;
};

void aside_release(struct aside_list *l);

/* Bring the signed-in user's list up to date; nothing is done when nobody has
 * committed since.  Errors: E_AUTH locked; E_INVALID damaged; E_IO. */
MUST_CHECK enum status aside_load(struct aside_list *l, struct store *s,
	struct err *err);

/* How this one was put aside; NULL: it was not, or it is back. */
const struct aside *aside_of(const struct aside_list *l,
	const struct due_item *item, int today);

/* All in one transaction.  Errors: E_AUTH locked; E_IO. */
MUST_CHECK enum status aside_put(struct store *s,
	const struct due_item *items, size_t count, enum aside_until until,
	int today, struct err *err);
MUST_CHECK enum status aside_drop(struct store *s,
	const struct due_item *items, size_t count, struct err *err);

#endif
