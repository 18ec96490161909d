#ifndef CLIENT_HOME_PAINT_H
#define CLIENT_HOME_PAINT_H

#include <stddef.h>

#include "client/home_lines.h"
#include "ui/canvas.h"

/* Paint lines from top on, at most so many rows from row on: what is due in
 * columns that fit all that is shown, counts at their right, the marker on the
 * line now. */
void home_paint_lines(struct canvas *c, int row, int rows,
	const struct app *app, const struct home_lines *lines, size_t top,
	size_t now);

#endif
