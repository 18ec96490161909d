#ifndef STORE_LOOKUP_MATCH_H
#define STORE_LOOKUP_MATCH_H

#include "store/lookup_keys.h"
#include "store/lookup_terms.h"

/*
 * Which rows a term matches, and how.  Part of the lookup; nobody else needs
 * it.
 */

/* Kinds of match, best first.  Accent: some character is taken by what sounds
 * alike, or by a reading that is not its main one. */
enum lookup_kind {
	LOOKUP_NUMBER_WHOLE,
	LOOKUP_NAME_WHOLE,
	LOOKUP_NUMBER_TAIL,		/* three bytes and more */
	LOOKUP_NUMBER_HEAD,
	LOOKUP_NAME_HEAD,
	LOOKUP_ALIAS_WHOLE,
	LOOKUP_ALIAS_HEAD,
	LOOKUP_NUMBER_BIRTH,		/* at the date in an identity number */
	LOOKUP_NAME_INNER,
	LOOKUP_ALIAS_INNER,
	LOOKUP_ACCENT_WHOLE,
	LOOKUP_ACCENT_HEAD,
	LOOKUP_ACCENT_ALIAS,
	LOOKUP_ACCENT_INNER,
	LOOKUP_NUMBER_ANY,
	LOOKUP_AT_PLACE,		/* nothing but the place */
	LOOKUP_NONE,
};

struct lookup_set {		/* rows found, ascending, and their kinds */
	uint32_t *row;
	uint8_t *kind;
	size_t count;
	size_t cap;
};

struct lookup_matcher {		/* memory of a compiled way */
	uint64_t *steps;	/* [place][syllable]: where to; low half exact,
				 * high half with accents */
	size_t syllables;
	uint8_t *opens;		/* [character number]: may begin a match */
	uint8_t *fits;		/* [place number] */
	size_t fits_cap;
};

void lookup_matcher_init(struct lookup_matcher *m);
void lookup_matcher_release(struct lookup_matcher *m);

/* Make ready for a way, until the next call. */
void lookup_match_compile(struct lookup_matcher *m, const struct lookup_keys *k,
	const struct lookup_way *w);

/* How a row matches the way that was compiled last. */
enum lookup_kind lookup_match_row(const struct lookup_matcher *m,
	const struct lookup_keys *k, const struct lookup_way *w, size_t row);

/* All rows that match; out has room for every row. */
void lookup_match_scan(struct lookup_set *out, const struct lookup_matcher *m,
	const struct lookup_keys *k, const struct lookup_way *w);

#endif
