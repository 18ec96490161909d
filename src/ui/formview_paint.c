/*
 * Where the fields of a page stand.  A row holds one or two fields: mark,
 * label, text.  Only the field with the cursor is underlined to its full width:
 * padding all of them would double the bytes of a page.
 */
#include "ui/formview_parts.h"

#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

enum { PLACES_MAX = 128, LABEL_CELLS_MAX = 26, HEAD_ROWS = 2 };

struct place {
	const struct schema_field *field;
	int row, col;		/* of the mark, on the page */
	int label;		/* cells of the label column */
	int cells, rows;	/* of the text */
};

static int
min_int(int a, int b)
{
	return a < b ? a : b;
}

/* Cells that the text of a field can use. */
static int
wanted_cells(const struct schema_field *x)
{
	switch (x->type) {
	case VT_DATE:
		return 14;
	case VT_DATETIME:
		return 20;
	case VT_BOOL:
		return 6;
	case VT_INT:
		return 12;
	case VT_MONEY:
		return 20;
	case VT_IDNO:
	case VT_USCC:
	case VT_PHONE:
		return 20;
	case VT_TEXT:
		return x->max_chars > 0 ? 2 * x->max_chars + 1 : 200;
	default:
		return 200;
	}
}

static int
field_rows(const struct schema_field *x)
{
	return x->type == VT_NOTE && x->rows > 1 ? x->rows : 1;
}

/* The k-th field of a row that is shown; NULL: there are fewer.  One whose
 * neighbour is hidden moves to the left. */
static const struct schema_field *
shown_field(const struct formview *f, const struct schema_row *row, size_t k)
{
	for (size_t i = 0; i < row->count; i++) {
		if (!formview_is_shown(f, row->fields[i]))
			continue;
		if (k == 0)
			return row->fields[i];
		k--;
	}
	return NULL;
}

/* The widest label of the left (0) or right (1) column of the page. */
static int
label_cells(const struct formview *f, size_t column)
{
	const struct schema_page *page = &f->o.reg->pages[f->page];
	int most = 0;

	for (size_t i = 0; i < page->count; i++) {
		const struct schema_field *x = shown_field(f, &page->rows[i],
		    column);
		int cells = x ? utf8_cells(label_text(&x->label)) : 0;

		most = cells > most ? cells : most;
	}
	return min_int(most, LABEL_CELLS_MAX);
}

/* Place every field that is shown; returns how many. */
static size_t
layout(const struct formview *f, int cols, struct place *out)
{
	const struct schema_page *page = &f->o.reg->pages[f->page];
	const int labels[2] = { label_cells(f, 0), label_cells(f, 1) };
	size_t count = 0;
	int row = 0;

	for (size_t i = 0; i < page->count; i++) {
		bool two = shown_field(f, &page->rows[i], 1) != NULL;
		int rows = 0;

		for (size_t k = 0; k < 2 && count < PLACES_MAX; k++) {
			const struct schema_field *x = shown_field(f,
			    &page->rows[i], k);
			int col = k ? cols / 2 : 1;
			int end = two && k == 0 ? cols / 2 - 1 : cols - 1;

			if (!x)
				break;
			out[count] = (struct place){
				.field = x, .row = row, .col = col,
				.label = labels[k], .rows = field_rows(x),
				.cells = min_int(wanted_cells(x),
				    end - col - labels[k] - 2),
			};
			rows = out[count].rows > rows ? out[count].rows : rows;
			count++;
		}
		row += rows;
	}
	return count;
}

static const char *
mark_of(const struct formview *f, const struct schema_field *x,
    enum canvas_role *role)
{
	const struct fault *fault = faults_at(&f->faults, x->name);

	*role = ROLE_LABEL;
	if (fault) {
		*role = fault->stop ? ROLE_ALERT : ROLE_WARN;
		return "!";
	}
	if (x->need == NEED_NO || !formview_may_edit(f, x)
	    || !conds_hold(&x->need_when, &f->record, f->o.today,
	    f->o.user ? f->o.user : ""))
		return " ";
	return x->need == NEED_SAVE ? "*" : "+";
}

/* The text goes on where it cannot be seen: '<' before and '>' behind a row,
 * '^' above and 'v' below rows, in the blank columns around it. */
static void
paint_more(const struct lineedit *e, struct canvas *c, int row, int col)
{
	bool rows = e->rows > 1, before, after;

	lineedit_hidden(e, &before, &after);
	if (before)
		(void)canvas_text(c, row, col - 1, 1, ROLE_LABEL,
		    rows ? "^" : "<");
	if (after)
		(void)canvas_text(c, row + e->rows - 1,
		    rows ? col - 1 : col + e->cols, 1, ROLE_LABEL,
		    rows ? "v" : ">");
}

/* A note that is not being edited, in its rows. */
static void
paint_note(const struct formview *f, struct canvas *c, const struct place *p,
    int row, int col)
{
	struct lineedit lines;
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	formview_show(f, p->field, &text);
	lineedit_init(&lines, p->rows, p->cells, text.len);
	(void)lineedit_set(&lines, text.data);
	lines.pos = 0;
	lineedit_paint(&lines, c, row, col, ROLE_INPUT, false);
	paint_more(&lines, c, row, col);
	lineedit_release(&lines);
	buf_release(&text);
}

static void
paint_text(struct formview *f, struct canvas *c, const struct place *p,
    int row, int col)
{
	bool now = p->field == f->field;
	struct buf text;

	if (p->cells < 1)
		return;
	if (now && formview_is_text(f, p->field)
	    && formview_may_edit(f, p->field)) {
		lineedit_resize(&f->edit, p->rows, p->cells);
		lineedit_paint(&f->edit, c, row, col, ROLE_INPUT_NOW,
		    f->doing == FORMVIEW_TYPING);
		paint_more(&f->edit, c, row, col);
		return;
	}
	if (p->rows > 1) {
		paint_note(f, c, p, row, col);
	} else {
		buf_init(&text, BUF_RECORD_MAX);
		formview_show(f, p->field, &text);
		if (now)
			canvas_field(c, row, col, p->cells, ROLE_INPUT_NOW,
			    text.data);
		else
			(void)canvas_text_cut(c, row, col, p->cells,
			    ROLE_INPUT, text.data);
		buf_release(&text);
	}
	if (now && f->doing == FORMVIEW_TYPING)
		canvas_cursor(c, row, col);
}

/* "[1 Person] 2 Case !3 Notes": where we are, and where something is wrong. */
static void
paint_pages(const struct formview *f, struct canvas *c,
    const struct canvas_area *body)
{
	const struct schema_register *reg = f->o.reg;
	int col = body->col + 1, end = body->col + body->cols - 1;
	struct buf words;

	if (reg->page_count < 2)
		return;
	buf_init(&words, BUF_LINE_MAX);
	for (size_t i = 0; i < reg->page_count; i++) {
		bool now = i == f->page;
		bool bad = formview_page_has_fault(f, i);

		buf_clear(&words);
		buf_printf(&words, "%s%s%zu %s%s", now ? "[" : " ",
		    bad ? "!" : "", i + 1,
		    label_text(&reg->pages[i].title), now ? "]" : " ");
		col += canvas_text_cut(c, body->row, col, end - col,
		    now ? ROLE_TITLE : bad ? ROLE_ALERT : ROLE_LABEL,
		    words.data);
	}
	buf_release(&words);
}

/* Keep the field with the cursor in sight on a page that is too long. */
static void
scroll(struct formview *f, const struct place *places, size_t count, int rows)
{
	for (size_t i = 0; i < count; i++) {
		const struct place *p = &places[i];

		if (p->field != f->field)
			continue;
		if (p->row + p->rows > f->top + rows)
			f->top = p->row + p->rows - rows;
		if (p->row < f->top)
			f->top = p->row;
	}
}

static void
paint_place(struct formview *f, struct canvas *c, const struct place *p,
    int row, int col)
{
	enum canvas_role role;
	const char *mark = mark_of(f, p->field, &role);

	(void)canvas_text(c, row, col, 1, role, mark);
	(void)canvas_text_cut(c, row, col + 1, p->label, ROLE_LABEL,
	    label_text(&p->field->label));
	paint_text(f, c, p, row, col + 1 + p->label + 1);
}

void
formview_paint(struct formview *f, struct canvas *c,
    const struct canvas_area *body)
{
	struct place places[PLACES_MAX];
	int head = f->o.reg->page_count > 1 ? HEAD_ROWS : 1;
	int rows = body->rows - head, at_row = body->row, at_col = body->col;
	size_t count = layout(f, body->cols, places);

	if (rows < 1)
		return;
	paint_pages(f, c, body);
	scroll(f, places, count, rows);
	for (size_t i = 0; i < count; i++) {
		const struct place *p = &places[i];
		int row = p->row - f->top;

		if (row < 0 || row + p->rows > rows)
			continue;
		paint_place(f, c, p, body->row + head + row,
		    body->col + p->col);
		if (p->field == f->field) {
			at_row = body->row + head + row;
			at_col = body->col + p->col + p->label + 2;
		}
	}
	if (f->doing == FORMVIEW_ASKING)
		prompt_paint(&f->prompt, c, body->row + body->rows, body->col,
		    body->cols);
	else if (f->doing != FORMVIEW_TYPING)
		picker_paint(&f->picker, c, body, at_row, at_col);
}
