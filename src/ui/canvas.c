/*
 * The grid of cells every view paints on.  The invariants are in the header;
 * put() is the only function that writes a character, so that they are kept in
 * one place.
 */
#include "ui/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

static const struct canvas_cell blank = { .c = ' ', .role = ROLE_TEXT };

static int
clamp(int n, int max)
{
	if (n < 1)
		return 1;
	return n > max ? max : n;
}

void
canvas_init(struct canvas *c, int cols, int rows)
{
	*c = (struct canvas){0};
	canvas_resize(c, cols, rows);
}

void
canvas_resize(struct canvas *c, int cols, int rows)
{
	free(c->cells);
	c->cols = clamp(cols, CANVAS_COLS_MAX);
	c->rows = clamp(rows, CANVAS_ROWS_MAX);
	c->cells = mem_alloc((size_t)c->cols * (size_t)c->rows,
	    sizeof *c->cells);
	canvas_clear(c);
}

void
canvas_release(struct canvas *c)
{
	free(c->cells);
	*c = (struct canvas){0};
}

void
canvas_clear(struct canvas *c)
{
	size_t count = (size_t)c->cols * (size_t)c->rows;

	for (size_t i = 0; i < count; i++)
		c->cells[i] = blank;
	c->cursor_row = c->cursor_col = -1;
	c->beep = false;
}

struct canvas_area
canvas_all(const struct canvas *c)
{
	return (struct canvas_area){ 0, 0, c->rows, c->cols };
}

static struct canvas_cell *
cell_at(const struct canvas *c, int row, int col)
{
	return &c->cells[(size_t)row * (size_t)c->cols + (size_t)col];
}

/* Make (row, col) free of a half: the other half of what was there goes. */
static void
unhalf(struct canvas *c, int row, int col)
{
	if (col > 0 && cell_at(c, row, col)->c == 0)
		cell_at(c, row, col - 1)->c = ' ';
	if (col + 1 < c->cols && cell_at(c, row, col + 1)->c == 0)
		cell_at(c, row, col + 1)->c = ' ';
}

static void
put(struct canvas *c, int row, int col, int width, enum canvas_role role,
    uint32_t ch)
{
	for (int i = 0; i < width; i++) {
		unhalf(c, row, col + i);
		*cell_at(c, row, col + i) = (struct canvas_cell){
			.c = ' ', .role = (uint8_t)role,
		};
	}
	cell_at(c, row, col)->c = ch;
	if (width == 2)
		cell_at(c, row, col + 1)->c = 0;
}

static void
put_mark(struct canvas *c, int row, int col, uint32_t mark)
{
	struct canvas_cell *cell;

	if (col < 0)
		return;
	cell = cell_at(c, row, col);
	if (cell->c == 0 && col > 0)
		cell = cell_at(c, row, col - 1);
	for (int i = 0; i < CANVAS_MARKS; i++) {
		if (cell->marks[i] == 0) {
			cell->marks[i] = mark;
			return;
		}
	}
}

int
canvas_char(struct canvas *c, int row, int col, int cells,
    enum canvas_role role, uint32_t ch)
{
	int width;

	if (row < 0 || row >= c->rows || col < 0 || col > c->cols)
		return 0;
	if (ch == '\n' || ch == '\t')
		ch = ' ';
	else if (utf8_is_unsafe(ch))
		ch = '?';
	width = utf8_char_cells(ch);
	if (width == 0) {
		put_mark(c, row, col - 1, ch);
		return 0;
	}
	if (width > cells || col + width > c->cols)
		return 0;
	put(c, row, col, width, role, ch);
	return width;
}

int
canvas_text(struct canvas *c, int row, int col, int cells,
    enum canvas_role role, const char *text)
{
	size_t len = strlen(text), at = 0;
	int used = 0;

	while (at < len) {
		uint32_t ch = utf8_next(text, len, &at);
		bool is_mark = utf8_char_cells(ch) == 0;
		int width;

		/* A mark without its base would join a stranger. */
		if (is_mark && used == 0)
			continue;
		width = canvas_char(c, row, col + used, cells - used, role,
		    ch);
		if (width == 0 && !is_mark)
			break;
		used += width;
	}
	return used;
}

int
canvas_text_cut(struct canvas *c, int row, int col, int cells,
    enum canvas_role role, const char *text)
{
	int used, most = c->cols - col < cells ? c->cols - col : cells;

	if (utf8_cells(text) <= most || most < 4)
		return canvas_text(c, row, col, most, role, text);
	used = canvas_text(c, row, col, most - 2, role, text);
	return used + canvas_text(c, row, col + used, 2, role, "..");
}

void
canvas_field(struct canvas *c, int row, int col, int cells,
    enum canvas_role role, const char *text)
{
	int used = canvas_text_cut(c, row, col, cells, role, text);

	while (used < cells && canvas_char(c, row, col + used, 1, role, ' '))
		used++;
}

void
canvas_fill(struct canvas *c, const struct canvas_area *a,
    enum canvas_role role, char ch)
{
	for (int row = a->row; row < a->row + a->rows; row++)
		for (int col = a->col; col < a->col + a->cols; col++)
			(void)canvas_char(c, row, col, 1, role,
			    (unsigned char)ch);
}

void
canvas_frame(struct canvas *c, const struct canvas_area *box)
{
	const struct canvas_area all = { box->row, box->col - 1, box->rows,
		box->cols + 2 };
	const int left = box->col, right = box->col + box->cols - 1;

	canvas_fill(c, &all, ROLE_TEXT, ' ');
	for (int i = 0; i < box->rows; i++) {
		const bool edge = i == 0 || i == box->rows - 1;
		const struct canvas_area line = { box->row + i, left, 1,
			box->cols };

		if (edge)
			canvas_fill(c, &line, ROLE_POPUP, '-');
		(void)canvas_char(c, line.row, left, 1, ROLE_POPUP,
		    edge ? '+' : '|');
		(void)canvas_char(c, line.row, right, 1, ROLE_POPUP,
		    edge ? '+' : '|');
	}
}

void
canvas_cursor(struct canvas *c, int row, int col)
{
	if (row < 0 || row >= c->rows || col < 0)
		return;
	c->cursor_row = row;
	c->cursor_col = col < c->cols ? col : c->cols - 1;
}

static void
print_char(struct buf *out, uint32_t ch)
{
	char bytes[4];

	buf_add(out, bytes, utf8_put(bytes, ch));
}

void
canvas_print(struct buf *out, const struct canvas *c)
{
	for (int row = 0; row < c->rows; row++) {
		int end = c->cols;

		while (end > 0 && cell_at(c, row, end - 1)->c == ' ')
			end--;
		for (int col = 0; col < end; col++) {
			const struct canvas_cell *cell = cell_at(c, row, col);

			if (cell->c == 0)
				continue;
			print_char(out, cell->c);
			for (int i = 0; i < CANVAS_MARKS; i++)
				if (cell->marks[i])
					print_char(out, cell->marks[i]);
		}
		buf_char(out, '\n');
	}
}

void
canvas_print_roles(struct buf *out, const struct canvas *c)
{
	static const char letters[] = ".TsliIMdwaghp";

	_Static_assert(sizeof letters == ROLE_COUNT + 1, "a letter a role");
	for (int row = 0; row < c->rows; row++) {
		for (int col = 0; col < c->cols; col++)
			buf_char(out, letters[cell_at(c, row, col)->role]);
		buf_char(out, '\n');
	}
}
