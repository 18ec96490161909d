#ifndef CLIENT_RECORD_MENU_H
#define CLIENT_RECORD_MENU_H

#include <stdbool.h>

struct app;
struct record;
struct schema_register;

/* What can be done with a record, as popups and questions: each answers by
 * itself and needs nothing of the page it came from. */

/* Its moves that this role may make from its state. */
void record_menu_move(struct app *app, const struct schema_register *reg,
	const struct record *r);
/* Is there such a move, or something to add, for this user? */
bool record_menu_may_move(const struct app *app,
	const struct schema_register *reg, const struct record *r);
bool record_menu_may_add(const struct app *app,
	const struct schema_register *reg, const struct record *r);
/* A child of it; of a person, a new record about them; what it turns into.
 * quiet: say nothing when nothing can be added. */
void record_menu_add(struct app *app, const struct schema_register *reg,
	const struct record *r, bool quiet);
/* What it turns into, without a question when that is one thing. */
void record_menu_make(struct app *app, const struct schema_register *reg,
	const struct record *r);
/* Withdraw it: the reason, then a yes. */
void record_menu_withdraw(struct app *app, const struct record *r);

#endif
