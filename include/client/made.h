#ifndef CLIENT_MADE_H
#define CLIENT_MADE_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct choice;
struct record;
struct schema_register;
struct uuid;
struct values;

/*
 * What a record turns into ("makes" of a definition, core/schema_make.h).
 * The form opens with what was entered, and the ref back in it is all that
 * tells where it comes from, so a draft taken up next week is linked too.
 */

/* Can it be turned into anything by this user? */
bool made_is_offered(const struct app *app, const struct schema_register *reg,
	const struct record *r);
/* The only one it can be, or -1. */
int made_only(const struct app *app, const struct schema_register *reg,
	const struct record *r);
/* The rows of a popup; their values count from first. */
void made_offer(struct choice *c, const struct app *app,
	const struct schema_register *reg, const struct record *r, int first);
/* The form of what was chosen, the i-th "makes" of the stored record's
 * register; over (may be NULL) goes over what is made of it. */
void made_push(struct app *app, const struct uuid *id, size_t i,
	const struct values *over);

#endif
