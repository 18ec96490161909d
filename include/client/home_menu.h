#ifndef CLIENT_HOME_MENU_H
#define CLIENT_HOME_MENU_H

struct app;
struct home_lines;
struct schema_menu;

/* The popup of a duty: its registers that the user may read, each with its
 * letter and how many of its records are open, and how many there are. */
void home_menu_push(struct app *app, const struct home_lines *lines,
	const struct schema_menu *menu);

#endif
