#ifndef STORE_PEOPLE_NAMES_H
#define STORE_PEOPLE_NAMES_H

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
/* A name; with the login where two have the same; the login where nobody said.
 * Lent until the next refresh of the overviews. */
const char *people_names_of(const struct store *s, const char *login);

/* This person wrote on this record.  Errors: E_AUTH locked; E_IO. */
MUST_CHECK enum status people_names_seen(struct store *s, const char *login,
	const struct uuid *record, struct err *err);

#endif
