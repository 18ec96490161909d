#ifndef STORE_LOOKUP_TERMS_H
#define STORE_LOOKUP_TERMS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/pinyin.h"

/*
 * What was typed for the lookup, cut into terms.  Part of the lookup; nobody
 * else needs it.
 */
enum {
	LOOKUP_TERMS_MAX = 4,		/* what is typed beyond is ignored */
	LOOKUP_NUMBER_MAX = 124,	/* bytes of a number term */
};

struct lookup_term {
	bool number;
	bool start_only;	/* too short to be looked for inside */
	struct pinyin_typed name;		/* if !number */
	char text[LOOKUP_NUMBER_MAX + 4];	/* if number */
	size_t len;				/* bytes of text */
};

/* Cut what was typed into terms; returns how many. */
size_t lookup_terms_parse(struct lookup_term term[LOOKUP_TERMS_MAX],
	const char *typed);

#endif
