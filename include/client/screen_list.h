#ifndef CLIENT_SCREEN_LIST_H
#define CLIENT_SCREEN_LIST_H

struct app;
struct schema_register;

/* A register as a list; columns, order and filters are its definition's.
 * filter: index of the one to begin with, -1 all. */
void screen_list_push(struct app *app, const struct schema_register *reg,
	int filter);

#endif
