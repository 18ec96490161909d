#ifndef UI_FRAME_H
#define UI_FRAME_H

#include <stdbool.h>

#include "ui/canvas.h"
#include "ui/view.h"

/*
 * What stands around every view: the title (left) and the status corner
 * (right) on the first line, the message line and the keys on the last two.
 */

enum { FRAME_COLS_MIN = 80, FRAME_ROWS_MIN = 24 };

/* The rows that a view may use on this canvas. */
struct canvas_area frame_body(const struct canvas *c);

/*
 * Paint the whole picture: the top view, beneath overlays the views they cover.
 * status: words of the corner ("3 waiting"), "" none.  Below 80x24 the canvas
 * says only that the window is too small and which size it is.
 */
void frame_paint(struct canvas *c, struct view_stack *s, const char *status,
	enum canvas_role status_role);

#endif
