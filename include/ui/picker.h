#ifndef UI_PICKER_H
#define UI_PICKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "ui/canvas.h"
#include "ui/keymap.h"
#include "ui/lineedit.h"
#include "ui/press.h"
#include "ui/view.h"

/*
 * A popup that picks one of several choices, or some of them: type a number
 * code, a part of the label or its pinyin initials; Enter takes.
 */

struct picker_choice {
	char *value;	/* what the owner gets; owned */
	char *code;	/* shown first and matched from its beginning; "" none */
	char *text;	/* label, owned */
	bool marked;	/* chosen already (several) */
	bool hidden;	/* the code is matched, not shown */
	bool last;	/* always shown, at the end: "new person" */
};

/* Fills a picker anew for what was typed (references); it calls picker_add()
 * for at most PICKER_FOUND_MAX choices. */
struct picker;
typedef void picker_search(void *self, struct picker *p, const char *typed);

enum { PICKER_ROWS = 10, PICKER_FOUND_MAX = 50 };

/* PICKER_IGNORED: a key that is not its own, such as the one for help. */
enum picker_answer { PICKER_HANDLED, PICKER_CHOSEN, PICKER_CLOSED,
	PICKER_IGNORED };

struct picker {
	/* private but for reading */
	struct picker_choice *choices;	/* owned */
	size_t count;
	size_t *shown;		/* indexes of those that match, owned */
	size_t shown_count;
	size_t row, top;	/* in shown */
	bool several;
	char *title;		/* owned */
	struct lineedit typed;
	picker_search *search;	/* NULL: choices are fixed, filtered here */
	void *self;
};

/* search may be NULL; several: Space marks, Enter takes all marked (or, when
 * none is, the one under the marker). */
void picker_init(struct picker *p, const char *title, bool several,
	picker_search *search, void *self);
void picker_release(struct picker *p);
/* Let so many characters be typed (few are enough to find something). */
void picker_set_room(struct picker *p, size_t chars);
/* Texts are copied. */
void picker_add(struct picker *p, const char *value, const char *code,
	const char *text);
/* The code of the one just added finds it, but says nothing to people. */
void picker_hide_code(struct picker *p);
/* One that is shown whatever is typed, after the others. */
void picker_add_last(struct picker *p, const char *value, const char *text);
void picker_mark(struct picker *p, const char *value);
/* Start with something typed already. */
void picker_type(struct picker *p, const char *text);

enum picker_answer picker_press(struct picker *p, const struct press *pr);
const struct keymap *picker_keymap(const struct picker *p);

/* After PICKER_CHOSEN: the value, or values joined with ';', appended. */
void picker_value(const struct picker *p, struct buf *out);
/* How many match what is typed, and the first of them (NULL: none). */
size_t picker_matches(const struct picker *p);
const struct picker_choice *picker_current(const struct picker *p);

/* Paint below (or above, if there is more room) the row and column of the
 * field it belongs to, inside bounds. */
void picker_paint(struct picker *p, struct canvas *c,
	const struct canvas_area *bounds, int row, int col);

/* As an overlay on the stack; p's content is taken.  done gets the value, or
 * NULL when closed without one; it may push further views. */
void picker_push(struct view_stack *s, struct picker *p,
	void (*done)(void *self, struct view_stack *s, const char *value),
	void *self);

#endif
