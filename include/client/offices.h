#ifndef CLIENT_OFFICES_H
#define CLIENT_OFFICES_H

#include <stdbool.h>

#include "base/buf.h"
#include "core/record.h"
#include "core/schema.h"
#include "store/store.h"

/*
 * A county works for many offices: whose a new record is to be, and what an
 * office is called.
 */
struct app;
struct picker;

/* Does the signed-in person's work reach beyond their own office? */
bool offices_are_many(const struct store *s);

/* The name from the office's profile, or as the server calls it; else its
 * code. */
void offices_name(struct buf *out, const struct store *s, const char *code);
/* The code that a text means: a code that is synced here or told by the server,
 * or a name or its beginning that only one office has; false: none. */
bool offices_find(char out[RECORD_OFFICE_MAX], struct store *s,
	const char *text);

/* The office of a record that one of the values names (a person, a parent);
 * false: none is named. */
bool offices_of_values(char out[RECORD_OFFICE_MAX], const struct store *s,
	const struct values *values);

/* All offices to choose from, but this one; false: there is no other. */
bool offices_pick(struct picker *p, const struct store *s, const char *but);

/* Ask for which office, then begin a new record of the register for it. */
void offices_ask_new(struct app *app, const struct schema_register *reg);

#endif
