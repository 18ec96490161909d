#ifndef UI_LINEEDIT_PARTS_H
#define UI_LINEEDIT_PARTS_H

#include <stddef.h>

#include "ui/lineedit.h"

/* Shared by lineedit (the text and its keys) and lineedit_paint (its picture),
 * and by nobody else. */

/* Cells of the characters [from, to), as shown. */
int lineedit_cells(const struct lineedit *e, size_t from, size_t to);
/* The place before i where the cursor may stand. */
size_t lineedit_step_left(const struct lineedit *e, size_t i);

#endif
