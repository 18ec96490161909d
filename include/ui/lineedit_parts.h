#ifndef UI_LINEEDIT_PARTS_H
#define UI_LINEEDIT_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/lineedit.h"

/* Shared by lineedit (the text and its keys), lineedit_move (the cursor) and
 * lineedit_paint (its picture), and by nobody else. */

/* Cells of the characters [from, to), as shown. */
int lineedit_cells(const struct lineedit *e, size_t from, size_t to);
/* The place before i where the cursor may stand. */
size_t lineedit_step_left(const struct lineedit *e, size_t i);
size_t lineedit_step_right(const struct lineedit *e, size_t i);	/* after i */
/* The start of the word before the cursor. */
size_t lineedit_word_left(const struct lineedit *e);
/* The line with the cursor; in one row the whole text. */
void lineedit_line(const struct lineedit *e, size_t *start, size_t *end);
/* A press that moves the cursor; false: it is none, or there is no line to go
 * to.  goal: the column that up and down keep. */
bool lineedit_move(struct lineedit *e, int code, int goal);

#endif
