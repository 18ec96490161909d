#ifndef CLIENT_LIST_BATCH_H
#define CLIENT_LIST_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"

struct app;
struct marks;
struct schema_register;
struct values;

/*
 * What can be done with the marked rows of a list, or with the one that is
 * selected when none is: popups that end in one form for all of them.
 */

/* A new child of each; asks which register when there are several. */
void list_batch_add(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected);
/* Is there a register to add to, for this user? */
bool list_batch_may_add(const struct app *app,
	const struct schema_register *reg);
/* A child of this register, with values set. */
void list_batch_add_child(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected,
	const struct schema_register *child, const struct values *preset);
/* A move that at least one of them can make. */
void list_batch_move(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected);

/* A spreadsheet of them; asks for the file, which must be new. */
void list_batch_export(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected);
/* Put aside what is due for any of them. */
void list_batch_aside(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected);

#endif
