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
 * 3. Typing inserts unless Insert was pressed; nothing is ever erased by the
 *    first key.
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
	bool mask;		/* a password: shows '*'; set after init */
	/* private */
	size_t cap, first;	/* first: character (one row) or line shown */
	int goal;		/* column that up and down keep; -1 none */
	bool overwrite, typing;
	struct lineedit_step *steps;
	size_t step_count;
};

void lineedit_init(struct lineedit *e, int rows, int cols, size_t max_chars);
/* Wipes the text, which may be a password.  Accepts a zeroed struct. */
void lineedit_release(struct lineedit *e);
void lineedit_resize(struct lineedit *e, int rows, int cols);

/* Replace the text; the cursor goes to its end, undo forgets.  Returns the
 * characters left out. */
size_t lineedit_set(struct lineedit *e, const char *text);
void lineedit_get(struct buf *out, const struct lineedit *e);	/* appends */

/* Insert at the cursor as if pasted: newlines become blanks in one row, CR LF
 * one newline, unsafe characters are left out.  Returns how many were. */
size_t lineedit_insert(struct lineedit *e, const char *text, size_t len);
void lineedit_newline(struct lineedit *e);

/*
 * Arrows, Home/End, ^A start, ^E end, Backspace, Delete or ^D, ^K to the end of
 * the line, ^U the whole text, ^W the word before,
 * Ctrl-arrows by words, ^Z or ^_ undo, Insert, characters, paste.  Up and down
 * at the border of the text, Enter, Tab and all else: LINEEDIT_IGNORED.
 */
enum lineedit_answer lineedit_press(struct lineedit *e, const struct press *p);

/* Where the cursor is, in cells from the top left corner, after scrolling it
 * into sight. */
void lineedit_cursor(struct lineedit *e, int *row, int *col);

/* Paint all rows * cols cells.  The canvas' cursor is set when with_cursor. */
void lineedit_paint(struct lineedit *e, struct canvas *c, int row, int col,
	enum canvas_role role, bool with_cursor);

/* Lines a text takes when wrapped to cols. */
int lineedit_lines(const struct lineedit *e);

#endif
