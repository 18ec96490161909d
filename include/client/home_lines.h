#ifndef CLIENT_HOME_LINES_H
#define CLIENT_HOME_LINES_H

#include <stddef.h>

#include "store/aside.h"

struct app;
struct schema_menu;
struct schema_register;

/* What stands on the home screen, counted from the overviews in memory; what
 * is due, from store/due. */
enum home_kind { HOME_HEAD, HOME_MENU, HOME_REGISTER, HOME_DUE, HOME_DUE_ALL,
	HOME_TRANSFERS, HOME_DECIDE, HOME_WAITING, HOME_REFUSED, HOME_RECEIPTS,
	HOME_CONFLICTS, HOME_DRAFTS, HOME_PASSWORD, HOME_PEOPLE, HOME_WORDS,
	HOME_BLANK };

/* Few lines: what is due is gathered by rule, and no more than these, so that
 * the duties below it stay on the page. */
enum { HOME_DUE_MAX = 6 };

struct home_line {
	enum home_kind kind;
	const struct schema_menu *menu;		/* HOME_MENU */
	const struct schema_register *reg;	/* HOME_REGISTER, HOME_DUE */
	char key;			/* opens it; 0 none */
	struct due_item due;		/* HOME_DUE: the most urgent of them */
	size_t count, active;
	size_t aside;			/* HOME_DUE_ALL: of them put aside */
	const char *words;		/* HOME_HEAD, HOME_WORDS: msgid */
};

/* How many records a register has. */
struct home_count {
	size_t active, all;
};

struct home_lines {
	struct due_list due;		/* all of it, as gathered */
	struct aside_list aside;	/* what this user put aside of it */
	struct home_count *counts;	/* by register of the schema, owned */
	struct home_line *items;	/* owned */
	size_t count;
};

void home_lines_release(struct home_lines *l);
/* Count anew; what is due is gathered only when records moved. */
void home_lines_build(struct home_lines *l, const struct app *app);
/* What a HOME_DUE line gathers; owned by the caller. */
struct due_item *home_lines_items(size_t *count, const struct home_lines *l,
	const struct home_line *line, int today);

/* May the marker stand on it? */
bool home_line_stands(const struct home_line *line);

/* Does the register stand under the menu, for this user? */
bool home_lines_has(const struct app *app, const struct schema_menu *menu,
	const struct schema_register *reg);

#endif
