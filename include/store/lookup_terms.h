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

/* Does every match of longer, which begins with shorter, match shorter too? */
bool lookup_terms_narrow(const char *shorter, const char *longer);

/*
 * What a term may mean.  Besides a name or a number: 李 红旗 is also somebody
 * called 李 of a place called 红旗, 红旗 李 the same; two hanzi and more may be
 * a place, or stand in a file number (青石矫).
 */
enum lookup_how {
	LOOKUP_BY_NAME,
	LOOKUP_BY_NUMBER,
	LOOKUP_BY_PLACE,
	LOOKUP_BY_BOTH,		/* name and place */
};

enum { LOOKUP_WAYS_MAX = 5, LOOKUP_PLACE_BYTES = PINYIN_TYPED_MAX * 5 + 1 };

struct lookup_way {
	enum lookup_how how;
	bool start_only;
	struct pinyin_typed name;
	const char *text;	/* of a number, with its bytes; the term's own,
				 * or place's */
	size_t len;
	char place[LOOKUP_PLACE_BYTES];	/* as pinyin_match() wants it */
	bool inside;	/* it may stand inside a place's name */
};

/* How many; the first is the plain one.  The term must outlive them. */
size_t lookup_ways(struct lookup_way out[LOOKUP_WAYS_MAX],
	const struct lookup_term *t);

#endif
