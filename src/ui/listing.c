/*
 * A list of records: which row is selected, which rows are in sight.
 */
#include "ui/listing.h"

#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

enum {
	MEASURED_ROWS = 200,
	WANT_MAX = 40,		/* no text asks for more cells */
	NARROW = 6,		/* no column gives up more */
	WIDE = 100,		/* cells of a window with room */
	GAP_MORE = 2,
	HEADING_MARKED = 2,	/* cells of a selected one that stand out */
};

enum { LIST_DOWN = KEYMAP_LISTING, LIST_UP, LIST_PAGE_DOWN, LIST_PAGE_UP, LIST_START,
	LIST_END };

static const struct keymap_entry entries[] = {
	{ 'j', PRESS_DOWN, LIST_DOWN, TR_MARK("down"),
	    TR_MARK("Next row."), KEYMAP_QUIET },
	{ 'k', PRESS_UP, LIST_UP, TR_MARK("up"),
	    TR_MARK("Row before."), KEYMAP_QUIET },
	{ ' ', PRESS_PGDN, LIST_PAGE_DOWN, TR_MARK("page down"),
	    TR_MARK("Next page."), KEYMAP_QUIET },
	{ 'b', PRESS_PGUP, LIST_PAGE_UP, TR_MARK("page up"),
	    TR_MARK("Page before."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'F', PRESS_NONE, LIST_PAGE_DOWN, TR_MARK("page down"),
	    TR_MARK("Next page."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'B', PRESS_NONE, LIST_PAGE_UP, TR_MARK("page up"),
	    TR_MARK("Page before."), KEYMAP_QUIET },
	{ 'g', PRESS_HOME, LIST_START, TR_MARK("start"),
	    TR_MARK("First row."), KEYMAP_QUIET },
	{ 'G', PRESS_END, LIST_END, TR_MARK("end"),
	    TR_MARK("Last row."), KEYMAP_QUIET },
};

const struct keymap listing_keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

void
listing_init(struct listing *l, const struct listing_source *source,
    const struct listing_column *columns, size_t column_count)
{
	*l = (struct listing){
		.source = *source, .columns = columns,
		.column_count = column_count, .height = 1,
	};
	l->generation = source->generation(source->self);
	l->count = source->count(source->self);
	listing_select_row(l, 0);
}

void
listing_set_columns(struct listing *l, const struct listing_column *columns,
    size_t column_count)
{
	l->columns = columns;
	l->column_count = column_count;
	memset(l->want, 0, sizeof l->want);
	l->measured = false;
}

void
listing_select_row(struct listing *l, size_t row)
{
	l->has_id = l->count > 0;
	if (!l->has_id) {
		l->row = l->top = 0;
		return;
	}
	l->row = row < l->count ? row : l->count - 1;
	l->id = l->source.id(l->source.self, l->row);
}

static bool
row_is(const struct listing *l, size_t row, const struct uuid *id)
{
	struct uuid here;

	if (row >= l->count)
		return false;
	here = l->source.id(l->source.self, row);
	return uuid_compare(&here, id) == 0;
}

/* The row of an id, from the old place outwards; count if it is gone. */
static size_t
find_row(const struct listing *l, const struct uuid *id)
{
	if (l->source.find)
		return l->source.find(l->source.self, id);
	for (size_t d = 0; d < l->count; d++) {
		if (row_is(l, l->row + d, id))
			return l->row + d;
		if (d <= l->row && row_is(l, l->row - d, id))
			return l->row - d;
	}
	for (size_t row = 0; row < l->count; row++)
		if (row_is(l, row, id))
			return row;
	return l->count;
}

bool
listing_select(struct listing *l, const struct uuid *id)
{
	size_t row;

	listing_refresh(l);
	row = find_row(l, id);
	if (row >= l->count)
		return false;
	listing_select_row(l, row);
	return true;
}

void
listing_refresh(struct listing *l)
{
	uint64_t generation = l->source.generation(l->source.self);
	size_t old = l->row, row;

	if (generation == l->generation)
		return;
	l->generation = generation;
	l->measured = false;
	l->count = l->source.count(l->source.self);
	row = l->has_id ? find_row(l, &l->id) : 0;
	listing_select_row(l, row < l->count ? row : old);
	/* The row keeps its place on the screen, so that the eye does. */
	if (l->row >= old)
		l->top += l->row - old;
	else
		l->top -= old - l->row < l->top ? old - l->row : l->top;
}

bool
listing_selected(struct listing *l, struct uuid *out)
{
	listing_refresh(l);
	if (l->has_id)
		*out = l->id;
	return l->has_id;
}

size_t
listing_row(const struct listing *l)
{
	return l->row;
}

void
listing_position(const struct listing *l, struct buf *out)
{
	if (l->count)
		buf_printf(out, "%zu/%zu", l->row + 1, l->count);
	else
		buf_char(out, '0');
}

void
listing_page(const struct listing *l, struct buf *out)
{
	size_t height = (size_t)l->height;

	if (l->count > height)
		buf_printf(out, tr("page %zu/%zu"), l->row / height + 1,
		    (l->count + height - 1) / height);
}

bool
listing_press(struct listing *l, const struct press *p)
{
	size_t page = l->height > 0 ? (size_t)l->height : 1;

	listing_refresh(l);
	switch (keymap_find(&listing_keymap, p->code)) {
	case LIST_DOWN:
		listing_select_row(l, l->row + 1);
		break;
	case LIST_UP:
		listing_select_row(l, l->row ? l->row - 1 : 0);
		break;
	case LIST_PAGE_DOWN:
		l->top += page;
		listing_select_row(l, l->row + page);
		break;
	case LIST_PAGE_UP:
		l->top -= page < l->top ? page : l->top;
		listing_select_row(l, l->row > page ? l->row - page : 0);
		break;
	case LIST_START:
		listing_select_row(l, 0);
		break;
	case LIST_END:
		listing_select_row(l, l->count);
		break;
	default:
		return false;
	}
	return true;
}

/* Bring the selected row into sight and no blank rows below the last. */
static void
scroll(struct listing *l)
{
	size_t height = (size_t)l->height;
	size_t most = l->count > height ? l->count - height : 0;

	if (l->top > most)
		l->top = most;
	if (l->row < l->top)
		l->top = l->row;
	if (l->row >= l->top + height)
		l->top = l->row - height + 1;
}

/* ---- widths ---- */

/* What titles and the first rows take; what comes later may be cut. */
static void
measure(struct listing *l)
{
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	for (size_t i = 0; i < l->column_count; i++)
		if (utf8_cells(l->columns[i].title) > l->want[i])
			l->want[i] = utf8_cells(l->columns[i].title);
	for (size_t row = 0; row < l->count && row < MEASURED_ROWS; row++) {
		for (size_t i = 0; i < l->column_count; i++) {
			int cells;

			buf_clear(&text);
			l->source.cell(l->source.self, row, i, &text);
			cells = text.len ? utf8_cells(text.data) : 0;
			if (cells > l->want[i])
				l->want[i] = cells < WANT_MAX ? cells :
				    WANT_MAX;
		}
	}
	l->measured = true;
	buf_release(&text);
}

/* Cells beyond those of the columns and one blank between them. */
static int
cells_left(const struct listing *l, const int *cells, int cols)
{
	for (size_t i = 0; i < l->column_count; i++)
		cols -= cells[i] + (i > 0);
	return cols;
}

static void
give(int *cells, int want, int *left)
{
	int more = want - *cells < *left ? want - *cells : *left;

	if (more > 0) {
		*cells += more;
		*left -= more;
	}
}

/* Columns that do not fit side by side give way, the widest first. */
static void
squeeze(const struct listing *l, int *cells, int *left)
{
	while (*left < 0) {
		size_t widest = 0;

		for (size_t i = 1; i < l->column_count; i++)
			if (cells[i] > cells[widest])
				widest = i;
		if (cells[widest] <= NARROW)
			break;
		cells[widest]--;
		(*left)++;
	}
}

/* Cells that the texts of a column do not take go to one that is cut, those
 * of the column with most of them first. */
static void
borrow(const struct listing *l, int *cells, size_t cut)
{
	while (cells[cut] < l->want[cut]) {
		size_t lender = 0;

		for (size_t i = 1; i < l->column_count; i++)
			if (cells[i] - l->want[i] >
			    cells[lender] - l->want[lender])
				lender = i;
		if (cells[lender] <= l->want[lender])
			break;
		cells[lender]--;
		cells[cut]++;
	}
}

/*
 * The column with 0 cells takes what the others leave; with fit, what its
 * texts do not take is first given to columns that are cut, then what the
 * texts of the others do not take.  What nobody needs
 * in a wide window spreads the columns.  Returns the blanks between them.
 */
static int
lay_out(struct listing *l, int *cells, int cols)
{
	size_t rest = l->column_count;
	int left, gap = 1, between = (int)l->column_count - 1;

	for (size_t i = 0; i < l->column_count; i++) {
		cells[i] = l->columns[i].cells;
		if (cells[i] == 0 && rest == l->column_count)
			rest = i;
	}
	left = cells_left(l, cells, cols);
	if (l->fit && !l->measured)
		measure(l);
	if (l->fit && rest < l->column_count)
		give(&cells[rest], l->want[rest], &left);
	for (size_t i = 0; l->fit && i < l->column_count; i++)
		give(&cells[i], l->want[i], &left);
	if (l->fit)
		squeeze(l, cells, &left);
	for (size_t i = 0; l->fit && left <= 0 && i < l->column_count; i++)
		borrow(l, cells, i);
	if (l->fit && cols >= WIDE && between > 0) {
		gap += left / between < GAP_MORE ? left / between : GAP_MORE;
		left = 0;
	}
	if (rest < l->column_count && left > 0)
		cells[rest] += left;
	return gap;
}

static enum canvas_role
cell_role(struct listing *l, size_t row, size_t column, enum canvas_role role)
{
	if (column == 0 && row == l->row)
		return ROLE_MARK;
	return l->source.cell_role ?
	    l->source.cell_role(l->source.self, row, column) : role;
}

/* Paint the texts of one row, or the titles. */
static void
paint_cells(struct listing *l, struct canvas *c,
    const struct canvas_area *line, const int *widths, int gap, bool titles,
    size_t row, enum canvas_role role)
{
	int col = line->col;
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	for (size_t i = 0; i < l->column_count; i++) {
		int left = line->col + line->cols - col;
		int cells = widths[i], skip;

		cells = cells < left ? cells : left;
		if (cells <= 0)
			break;
		buf_clear(&text);
		if (titles)
			buf_text(&text, l->columns[i].title);
		else
			l->source.cell(l->source.self, row, i, &text);
		skip = l->columns[i].right ? cells - utf8_cells(text.data) : 0;
		skip = skip > 0 ? skip : 0;
		(void)canvas_text_cut(c, line->row, col + skip, cells - skip,
		    titles ? role : cell_role(l, row, i, role), text.data);
		col += cells + gap;
	}
	buf_release(&text);
}

/* false: the row is no heading.  Of the selected one the beginning stands out,
 * as a first column would. */
static bool
paint_heading(struct listing *l, struct canvas *c,
    const struct canvas_area *line, size_t row, enum canvas_role role)
{
	struct buf text;
	bool is;

	if (!l->source.heading)
		return false;
	buf_init(&text, BUF_LINE_MAX);
	is = l->source.heading(l->source.self, row, &text);
	if (is)
		(void)canvas_text_cut(c, line->row, line->col, line->cols,
		    role, text.data);
	if (is && row == l->row)
		(void)canvas_text(c, line->row, line->col, HEADING_MARKED,
		    ROLE_MARK, text.data);
	buf_release(&text);
	return is;
}

/* What stands before a row.  A marked row that is selected keeps its '*': its
 * first column says that it is selected. */
static void
paint_sign(struct listing *l, struct canvas *c, int at, int col, size_t row)
{
	bool marked = l->source.marked && l->source.marked(l->source.self, row);

	if (marked || row == l->row)
		(void)canvas_text(c, at, col, 1, ROLE_MARK,
		    marked ? "*" : ">");
	if (row == l->row)
		canvas_cursor(c, at, col);
}

void
listing_paint(struct listing *l, struct canvas *c,
    const struct canvas_area *area)
{
	struct canvas_area line = {
		.row = area->row, .col = area->col + 1,
		.rows = 1, .cols = area->cols > 2 ? area->cols - 2 : 0,
	};
	int widths[LISTING_COLUMNS_MAX] = {0}, gap;

	listing_refresh(l);
	l->height = area->rows > 1 ? area->rows - 1 : 1;
	scroll(l);
	if (area->rows < 1)
		return;
	gap = lay_out(l, widths, line.cols);
	paint_cells(l, c, &line, widths, gap, true, l->count, ROLE_LABEL);
	if (l->count == 0)
		(void)canvas_text(c, area->row + 2, area->col + 2, line.cols,
		    ROLE_DIM, l->empty ? l->empty : tr("Nothing here."));
	for (size_t row = l->top; row < l->count; row++) {
		enum canvas_role role = ROLE_TEXT;

		line.row++;
		if (line.row >= area->row + area->rows)
			break;
		if (l->source.role)
			role = l->source.role(l->source.self, row);
		/* One run with the key column: two switches less. */
		paint_sign(l, c, line.row, area->col, row);
		if (!paint_heading(l, c, &line, row, role))
			paint_cells(l, c, &line, widths, gap, false, row,
			    role);
	}
}
