#ifndef UI_TTY_CELLS_H
#define UI_TTY_CELLS_H

#include <stdbool.h>
#include <wchar.h>

#include "ui/canvas.h"

/*
 * Which cells of a row are sent to the terminal, and in which characters.
 * Private to ui/tty; no curses.
 */
enum { TTY_CELLS_TEXT_MAX = CANVAS_COLS_MAX * (1 + CANVAS_MARKS) };

/* The least stretch [*from, *to) of a row of cols cells in which now differs
 * from what is shown (old), whole characters of both: half of a wide one is
 * not sent.  false: they are equal. */
bool tty_cells_changed(int *from, int *to, const struct canvas_cell *old,
	const struct canvas_cell *now, int cols);

/*
 * The characters of the cells from *from on that have its role, before to;
 * returns their number, and *from is where the next role begins.  What the
 * charset of the locale has not is '?', with a blank behind it where a wide
 * character stood; combining marks are for UTF-8 only.
 */
int tty_cells_text(wchar_t text[TTY_CELLS_TEXT_MAX],
	const struct canvas_cell *row, int *from, int to, bool is_utf8);

#endif
