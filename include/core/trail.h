#ifndef CORE_TRAIL_H
#define CORE_TRAIL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/op.h"

/*
 * The trail (痕迹) of a record as the server remembers it: what each revision
 * changed, by whom and when.  The answer to POST /v1/history, kept as it came:
 *
 *   {"entries":[{"rev":1,"kind":"new","by":"li","name":"李明","took"?,"at":...,
 *    "set":{field:[old,new]}},...],
 *    "asked":[{"at":...,"by":"li","name":"李明","settled_at":...,
 *    "settled_by":"wu","settled_name":"吴","set":{field:[stood,offered]}},...],
 *    "more":true}
 *
 * Oldest first; "more": there were older ones, left out.  "asked": what two
 * people entered differently (core/question.h), in no order; settled_at 0, it is
 * open; older servers leave it out.
 */
enum {
	TRAIL_NAME_MAX = 128,		/* bytes of a person's name, with NUL */
	TRAIL_ENTRIES_MAX = 2000,
	TRAIL_ASKED_MAX = 200,
	TRAIL_BYTES_MAX = 4 * 1024 * 1024,
};

struct trail_entry {
	struct op op;			/* kind, by, at and changes only */
	int64_t rev;
	char name[TRAIL_NAME_MAX];	/* of the person; "" not known */
	char took[TRAIL_NAME_MAX];	/* who took it in after it had been
					 * refused; "" it was not */
};

struct trail_asked {
	struct op op;			/* by, at and changes only: what stood,
					 * what was entered beside it */
	char name[TRAIL_NAME_MAX];	/* of who entered it */
	char settled_by[RECORD_NAME_MAX];	/* "" open */
	char settled_name[TRAIL_NAME_MAX];
	int64_t settled_at;
};

struct trail {
	struct trail_entry *items;	/* owned */
	size_t count;
	struct trail_asked *asked;	/* owned */
	size_t asked_count;
	bool more;
};

void trail_release(struct trail *t);

/* Errors: E_INVALID it is none. */
MUST_CHECK enum status trail_parse(struct trail *out, const char *text,
	size_t len, struct err *err);

#endif
