#ifndef STORE_PEOPLE_NAMES_H
#define STORE_PEOPLE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "store/store.h"

/*
 * What people are called who wrote on the records of this cache, and those of
 * its offices (POST /v1/names): personal data, so each name is sealed.  Nobody
 * is forgotten: who has left stands beside what they signed.
 *
 * Who is met for the first time is asked for with the next sync, of the record
 * that they wrote on; all else that is new the server tells once a day, and
 * when it says that there is something (core/wire.h, "names").
 */
enum { PEOPLE_NAMES_WANTED_MAX = 30 };	/* in one request */

/* A name; with the login where two have the same; the login where nobody said.
 * Lent until the next refresh of the overviews. */
const char *people_names_of(const struct store *s, const char *login);

/* This person wrote on this record.  Errors: E_AUTH locked; E_IO. */
MUST_CHECK enum status people_names_seen(struct store *s, const char *login,
	const struct uuid *record, struct err *err);

/* Who is asked for by name in a request. */
struct people_names_asked {
	char logins[PEOPLE_NAMES_WANTED_MAX][RECORD_NAME_MAX];
	size_t count;
};

/* Append what to ask, if there is something to ask (*needed).  Errors: E_AUTH
 * locked; E_IO. */
MUST_CHECK enum status people_names_ask(struct buf *body,
	struct people_names_asked *asked, bool *needed, struct store *s,
	struct err *err);
/* The answer; *more: there are others.  Errors: E_INVALID it makes no sense,
 * nothing is changed; E_AUTH locked; E_IO. */
MUST_CHECK enum status people_names_take(bool *more, struct store *s,
	const struct people_names_asked *asked, const char *text, size_t len,
	struct err *err);
/* The server does not know the question: not again today.  Errors: E_IO. */
MUST_CHECK enum status people_names_unheard(struct store *s, struct err *err);

#endif
