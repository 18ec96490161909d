#ifndef CLIENT_HOME_LINES_H
#define CLIENT_HOME_LINES_H

#include <stddef.h>

struct app;
struct schema_register;

/* What stands on the home screen, counted from the overviews in memory. */
enum home_kind { HOME_HEAD, HOME_REGISTER, HOME_DUE, HOME_WAITING,
	HOME_REFUSED, HOME_CONFLICTS, HOME_DRAFTS, HOME_WORDS, HOME_BLANK };

struct home_line {
	enum home_kind kind;
	const struct schema_register *reg;
	size_t filter;			/* HOME_DUE */
	size_t count, active;
	const char *words;		/* HOME_HEAD, HOME_WORDS: msgid */
};

struct home_lines {
	struct home_line *items;	/* owned */
	size_t count;
};

void home_lines_release(struct home_lines *l);
/* Count anew; the lines before are released. */
void home_lines_build(struct home_lines *l, const struct app *app);

#endif
