#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Which press means which action, and how it is told: the hint line and the
 * help page are made from the same table that finds the action, so they cannot
 * disagree.  Labels and helps are msgids (TR_MARK) or texts already in the
 * user's language (tr() of an unknown text is the text).
 */

enum keymap_show {
	KEYMAP_QUIET,	/* help page only */
	KEYMAP_HINT,	/* also on the hint line, while there is room */
	KEYMAP_ALWAYS,	/* on the hint line before all others lose their place */
};

/* Actions of ready-made tables that a view may chain behind its own, whose
 * numbers stay below. */
enum { KEYMAP_LISTING = 10000, KEYMAP_PROMPT = 10100, KEYMAP_PICKER = 10200 };

struct keymap_entry {
	int press;		/* enum of ui/press.h */
	int also;		/* an alias (arrow, F-key), PRESS_NONE: none */
	int action;		/* the view's own number, 1..9999 */
	const char *label;	/* a word or two: "save" */
	const char *help;	/* one sentence for the help page */
	enum keymap_show show;
};

/* A table and the tables behind it; the first that knows a press has it. */
struct keymap {
	const struct keymap_entry *items;
	size_t count;
	const struct keymap *next;	/* NULL: none; borrowed */
};

/* The action of a press; 0: none. */
int keymap_find(const struct keymap *m, int press);

/* What can be done here and now: an action that cannot is not hinted; its key
 * still answers, with the reason. */
struct keymap_now {
	bool (*may)(const void *self, int action);	/* NULL: all */
	const void *self;				/* lent */
};

/* Append "Enter=open n=new ?=help" as far as it fits into cells; an action
 * shown once is not shown again. */
void keymap_hints(struct buf *out, const struct keymap *m,
	const struct keymap_now *now, int cells);

/* Append one line an entry for the help page: keys, then the sentence. */
void keymap_help(struct buf *out, const struct keymap *m);

/*
 * What is wrong with a table, one line each, appended to out; returns how many:
 * a press given twice in one table, an empty label or help, an action that can
 * only be reached by an F-key, Esc, Insert or a Ctrl-arrow.
 */
size_t keymap_lint(struct buf *out, const struct keymap *m);

#endif
