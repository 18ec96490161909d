/*
 * The picture of a line editor: which part of the text is in sight, and where
 * the cursor is in it.
 */
#include "ui/lineedit.h"

#include "base/utf8.h"
#include "ui/lineedit_parts.h"
#include "ui/wrap.h"

static int
cells_of(const struct lineedit *e, size_t i)
{
	int cells = utf8_char_cells(e->text[i]);

	return e->mask && cells > 0 ? 1 : cells;
}

int
lineedit_cells(const struct lineedit *e, size_t from, size_t to)
{
	int cells = 0;

	for (size_t i = from; i < to; i++)
		cells += cells_of(e, i);
	return cells;
}

/* One row: the cursor and the cell behind the last character are inside.
 * Scrolling jumps by a third, because each scroll repaints the whole field. */
static void
scroll_row(struct lineedit *e)
{
	int target = e->cols * 2 / 3;

	if (lineedit_cells(e, 0, e->len) < e->cols) {
		e->first = 0;
		return;
	}
	if (e->pos >= e->first
	    && lineedit_cells(e, e->first, e->pos) < e->cols)
		return;
	if (e->pos < e->first)
		target = e->cols / 3;
	e->first = e->pos;
	while (e->first > 0
	    && lineedit_cells(e, lineedit_step_left(e, e->first), e->pos) <= target)
		e->first = lineedit_step_left(e, e->first);
}

void
lineedit_cursor(struct lineedit *e, int *row, int *col)
{
	size_t start, end, line;
	int cells;

	if (e->rows == 1) {
		scroll_row(e);
		cells = lineedit_cells(e, e->first, e->pos);
		*row = 0;
		*col = cells < e->cols ? cells : e->cols - 1;
		return;
	}
	line = wrap_line_of(e->text, e->len, e->cols, e->pos, &start, &end);
	cells = lineedit_cells(e, start, e->pos);
	if (cells >= e->cols) {		/* behind a full last line */
		line++;
		cells = 0;
	}
	if (line < e->first)
		e->first = line;
	if (line >= e->first + (size_t)e->rows)
		e->first = line - (size_t)e->rows + 1;
	*row = (int)(line - e->first);
	*col = cells;
}

int
lineedit_lines(const struct lineedit *e)
{
	size_t start, end;

	return 1 + (int)wrap_line_of(e->text, e->len, e->cols, e->len, &start,
	    &end);
}

static void
paint_row(const struct lineedit *e, struct canvas *c, int row, int col,
    enum canvas_role role, size_t from, size_t to)
{
	int used = 0;

	for (size_t i = from; i < to; i++) {
		bool mark = cells_of(e, i) == 0;
		int width;

		if (mark && (e->mask || used == 0))
			continue;
		width = canvas_char(c, row, col + used, e->cols - used,
		    e->marked ? ROLE_MARK : role,
		    e->mask ? '*' : e->text[i]);
		if (width == 0 && !mark)
			break;
		used += width;
	}
	while (used < e->cols && canvas_char(c, row, col + used, 1, role, ' '))
		used++;
}

void
lineedit_paint(struct lineedit *e, struct canvas *c, int row, int col,
    enum canvas_role role, bool with_cursor)
{
	size_t start, end = e->len, next = WRAP_LAST;
	int cursor_row, cursor_col;

	lineedit_cursor(e, &cursor_row, &cursor_col);
	start = e->first;
	if (e->rows > 1)
		start = wrap_line_start(e->text, e->len, e->cols, e->first);
	for (int i = 0; i < e->rows; i++) {
		if (start == WRAP_LAST)
			start = end = e->len;
		else if (e->rows > 1)
			end = wrap_line(e->text, e->len, start, e->cols,
			    &next);
		paint_row(e, c, row + i, col, role, start, end);
		start = next;
	}
	if (with_cursor)
		canvas_cursor(c, row + cursor_row, col + cursor_col);
}

void
lineedit_hidden(const struct lineedit *e, bool *before, bool *after)
{
	*before = e->first > 0;
	if (e->rows == 1)
		*after = lineedit_cells(e, e->first, e->len) > e->cols;
	else
		*after = wrap_line_start(e->text, e->len, e->cols,
		    e->first + (size_t)e->rows) != WRAP_LAST;
}
