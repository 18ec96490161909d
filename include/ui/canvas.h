#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * A grid of cells that a view paints itself into.  It knows roles, not colours,
 * and no curses; it can be printed as text, so that a test compares a screen
 * with a file.
 *
 * 1. A wide character takes two cells: the first holds it, the second holds 0.
 *    There is never half of one: writing over one half blanks the other.
 * 2. No cell holds a character that utf8_is_unsafe(): it became '?' on the way.
 * 3. Writing outside the grid is clipped, at any size from 1x1.
 */

enum canvas_role {
	ROLE_TEXT,	/* ordinary words */
	ROLE_TITLE,	/* first line, headings */
	ROLE_STATUS,	/* the status corner when all is well */
	ROLE_LABEL,	/* name of a field or column */
	ROLE_INPUT,	/* a field that can be typed into */
	ROLE_INPUT_NOW,	/* the field the cursor is in */
	ROLE_MARK,	/* the selected row's marker and key column */
	ROLE_DIM,	/* less important: withdrawn rows, empty lists */
	ROLE_WARN,	/* look here: due soon, a warning */
	ROLE_ALERT,	/* wrong or late */
	ROLE_GOOD,	/* saved, delivered */
	ROLE_HINT,	/* the line of keys */
	ROLE_POPUP,	/* ground of a popup */
	ROLE_COUNT,
};

enum {
	CANVAS_MARKS = 2,	/* combining marks kept on one character */
	CANVAS_COLS_MAX = 500,	/* more is cut: a terminal that lies */
	CANVAS_ROWS_MAX = 300,
};

struct canvas_cell {
	uint32_t c;			/* 0: right half of a wide one */
	uint32_t marks[CANVAS_MARKS];	/* 0: none */
	uint8_t role;			/* enum canvas_role */
};

struct canvas {
	struct canvas_cell *cells;	/* rows * cols, owned */
	int cols, rows;			/* >= 1 after init */
	int cursor_row, cursor_col;	/* -1: no cursor wanted */
	bool beep;			/* ring once with this picture */
};

struct canvas_area {
	int row, col, rows, cols;	/* cells; may be empty (0) */
};

/* Sizes are forced into 1..CANVAS_*_MAX.  resize blanks everything. */
void canvas_init(struct canvas *c, int cols, int rows);
void canvas_resize(struct canvas *c, int cols, int rows);
void canvas_release(struct canvas *c);		/* accepts a zeroed struct */
/* Blank in ROLE_TEXT, no cursor, no beep. */
void canvas_clear(struct canvas *c);

/* Write text from (row, col) into at most cells cells and not beyond the grid;
 * unsafe characters become '?', tabs and newlines a blank.  Returns the cells
 * taken.  _cut ends a text that does not fit with "..".  _field pads with
 * blanks of the role, so that all cells are written. */
int canvas_text(struct canvas *c, int row, int col, int cells,
	enum canvas_role role, const char *text);
int canvas_text_cut(struct canvas *c, int row, int col, int cells,
	enum canvas_role role, const char *text);
void canvas_field(struct canvas *c, int row, int col, int cells,
	enum canvas_role role, const char *text);
/* One character; how many cells it took (0: a mark put on the one before, or
 * no room). */
int canvas_char(struct canvas *c, int row, int col, int cells,
	enum canvas_role role, uint32_t ch);
/* The same character of one cell over an area. */
void canvas_fill(struct canvas *c, const struct canvas_area *a,
	enum canvas_role role, char ch);
/* The frame of a popup, blank inside; a blank column at each side, where there is
 * room, keeps it apart from what it covers. */
void canvas_frame(struct canvas *c, const struct canvas_area *box);
void canvas_cursor(struct canvas *c, int row, int col);
/* The whole canvas as an area. */
struct canvas_area canvas_all(const struct canvas *c);

/* Append the picture as lines, blanks at line ends left out, each with '\n'. */
void canvas_print(struct buf *out, const struct canvas *c);
/* The same with one letter a cell for its role ('.' for ROLE_TEXT blanks). */
void canvas_print_roles(struct buf *out, const struct canvas *c);

#endif
