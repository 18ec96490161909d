#ifndef STORE_OFFICE_NAMES_H
#define STORE_OFFICE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "store/store.h"

/*
 * The county's offices as the server last told them: which there are and what
 * they are called.  No secret, so they are kept in clear.
 */
enum { OFFICE_NAME_MAX = 96, OFFICE_NAMES_MAX = 128 };

struct office_name {
	char code[RECORD_OFFICE_MAX];
	char name[OFFICE_NAME_MAX];
};

/* Keep what the server answered (GET /v1/offices) on this day, "2026-03-05".
 * Errors: E_INVALID it is no such list, nothing is changed; E_IO. */
MUST_CHECK enum status office_names_keep(struct store *s, const char *text,
	size_t len, const char *day, struct err *err);
/* Were they told on this day? */
bool office_names_are_of(struct store *s, const char *day);

/* By code; lent until the next refresh of the overviews. */
const struct office_name *office_names(size_t *count, const struct store *s);
/* What the office is called; NULL not known. */
const char *office_names_find(const struct store *s, const char *code);

#endif
