#ifndef CLIENT_SCREEN_DUE_H
#define CLIENT_SCREEN_DUE_H

#include "core/deadline.h"

struct app;

/* What is due under one rule in one state (late, today, soon), or all of it
 * with rule NULL; each row opens its record. */
void screen_due_push(struct app *app, const struct deadline_rule *rule,
	enum deadline_state state);

#endif
