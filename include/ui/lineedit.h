#ifndef UI_LINEEDIT_H
#define UI_LINEEDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ui/canvas.h"
#include "ui/press.h"

/*
 * The line editor: a text of one row that scrolls sideways, or of several rows
 * that wraps and scrolls down.
 *
 * 1. pos is never between a character and its combining marks, and no mark
 *    stands without a character before it.
 * 2. The text holds no character that utf8_is_unsafe() (but '\n' in several
 *    rows) and never more than max_chars code points.
 * 3. Typing inserts unless Insert was pressed.  Only a text that was marked as
 *    a whole (lineedit_mark(), shown reversed) is replaced by what is typed or
 *    pasted, or erased by Backspace and Delete; any other key ends the mark.
 */

enum lineedit_answer {
	LINEEDIT_IGNORED,	/* not a key of mine */
	LINEEDIT_MOVED,		/* cursor, or nothing to do */
	LINEEDIT_CHANGED,
	LINEEDIT_REFUSED,	/* full, or a character that may not be typed */
};

struct lineedit_step;		/* one step that can be undone */

struct lineedit {
	/* for reading */
	uint32_t *text;		/* text[0..len), owned */
	size_t len, pos;	/* code points; the cursor is before text[pos] */
	size_t max_chars;
	int rows, cols;		/* cells on the screen, >= 1 */
	bool marked;		/* the whole text: typing replaces it */
	bool mask;		/* a password: shows '*'; set after init */
	/* private */
	size_t cap, first;	/* first: character (one row) or line shown */
	int goal;		/* column that up and down keep; -1 none */
	bool overwrite, typing;
	struct lineedit_step *steps;
	size_t step_count;
	struct lineedit_step *first_step;	/* the text as it was set */
};

void lineedit_init(struct lineedit *e, int rows, int cols, size_t max_chars);
/* Wipes the text, which may be a password.  Accepts a zeroed struct. */
void lineedit_release(struct lineedit *e);
void lineedit_resize(struct lineedit *e, int rows, int cols);

/* Replace the text; the cursor goes to its end, undo forgets.  Returns the
 * characters left out. */
size_t lineedit_set(struct lineedit *e, const char *text);
/* Mark the whole text; an empty one is not marked. */
void lineedit_mark(struct lineedit *e);
/* Back to the text that was set, which undo takes back; false: it is that. */
bool lineedit_restore(struct lineedit *e);
void lineedit_get(struct buf *out, const struct lineedit *e);	/* appends */

/* A new line at the cursor.  What is typed or pasted in one row has blanks
 * instead; of pasted text CR LF is one line end, unsafe characters are left
 * out. */
void lineedit_newline(struct lineedit *e);

/*
 * Arrows, Home/End of the line, ^A start, ^E end of the text, Backspace, Delete
 * or ^D, ^K to the end of the line, ^U the whole text, ^W the word before,
 * Ctrl-arrows or ^B and ^V by words, ^Z or ^_ undo, Insert, characters, paste;
 * PageUp and PageDown in several rows.  Up and down (by line or page) at the
 * border of the text, Enter, Tab and all else: LINEEDIT_IGNORED.
 */
enum lineedit_answer lineedit_press(struct lineedit *e, const struct press *p);

/* Where the cursor is, in cells from the top left corner, after scrolling it
 * into sight. */
void lineedit_cursor(struct lineedit *e, int *row, int *col);

/* Paint all rows * cols cells.  The canvas' cursor is set when with_cursor. */
void lineedit_paint(struct lineedit *e, struct canvas *c, int row, int col,
	enum canvas_role role, bool with_cursor);

/* After painting: is there more text before and after what is in sight? */
void lineedit_hidden(const struct lineedit *e, bool *before, bool *after);

/* Lines a text takes when wrapped to cols. */
int lineedit_lines(const struct lineedit *e);

#endif
