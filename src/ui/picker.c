/*
 * The popup of choices.  The choices are few enough (code tables have at most
 * some hundred items) to be searched anew for each letter.
 */
#include "ui/picker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "core/pinyin.h"

enum { TYPED_CHARS = 30, TYPED_CELLS = 16, WIDTH_MIN = 40 };

enum { PICK_TAKE = KEYMAP_PICKER, PICK_BACK, PICK_DOWN, PICK_UP, PICK_PAGE_DOWN,
	PICK_PAGE_UP, PICK_MARK };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_TAB, PICK_TAKE, TR_MARK("take"),
	    TR_MARK("Take the choice."), KEYMAP_ALWAYS },
	{ PRESS_DOWN, PRESS_CTRL + 'N', PICK_DOWN, TR_MARK("down"),
	    TR_MARK("Next choice."), KEYMAP_HINT },
	{ PRESS_UP, PRESS_CTRL + 'P', PICK_UP, TR_MARK("up"),
	    TR_MARK("Choice before."), KEYMAP_HINT },
	{ PRESS_PGDN, PRESS_CTRL + 'F', PICK_PAGE_DOWN, TR_MARK("page down"),
	    TR_MARK("Next page."), KEYMAP_QUIET },
	{ PRESS_PGUP, PRESS_CTRL + 'R', PICK_PAGE_UP, TR_MARK("page up"),
	    TR_MARK("Page before."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'X', PRESS_ESC, PICK_BACK, TR_MARK("cancel"),
	    TR_MARK("Choose nothing."), KEYMAP_ALWAYS },
};

static const struct keymap_entry several_entries[] = {
	{ ' ', PRESS_NONE, PICK_MARK, TR_MARK("mark"),
	    TR_MARK("Mark this choice, or take the mark away."),
	    KEYMAP_ALWAYS },
};

static const struct keymap one_keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

static const struct keymap several_keymap = {
	several_entries, sizeof several_entries / sizeof *several_entries,
	&one_keymap,
};

const struct keymap *
picker_keymap(const struct picker *p)
{
	return p->several ? &several_keymap : &one_keymap;
}

void
picker_init(struct picker *p, const char *title, bool several,
    picker_search *search, void *self)
{
	*p = (struct picker){
		.title = mem_strdup(title), .several = several,
		.search = search, .self = self,
	};
	lineedit_init(&p->typed, 1, TYPED_CELLS, TYPED_CHARS);
}

void
picker_set_room(struct picker *p, size_t chars)
{
	lineedit_release(&p->typed);
	lineedit_init(&p->typed, 1, TYPED_CELLS, chars);
}

static void
drop_choices(struct picker *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->choices[i].value);
		free(p->choices[i].code);
		free(p->choices[i].text);
	}
	p->count = 0;
}

void
picker_release(struct picker *p)
{
	drop_choices(p);
	free(p->choices);
	free(p->shown);
	free(p->title);
	lineedit_release(&p->typed);
	*p = (struct picker){0};
}

static void
add(struct picker *p, const char *value, const char *code, const char *text,
    bool last)
{
	p->choices = mem_grow(p->choices, p->count, sizeof *p->choices);
	p->choices[p->count++] = (struct picker_choice){
		.value = mem_strdup(value), .code = mem_strdup(code),
		.text = mem_strdup(text), .last = last,
	};
}

/* How well a choice fits: 0 best, FIT_NO not at all. */
enum { FIT_CODE, FIT_CODE_BEGINS, FIT_WHOLE, FIT_BEGINS, FIT_INSIDE, FIT_LAST,
	FIT_NO };

static int
fit(const struct picker *p, const struct picker_choice *c, const char *typed)
{
	if (c->last)
		return FIT_LAST;
	if (p->search || !*typed)
		return FIT_BEGINS;
	if (*c->code && strcmp(c->code, typed) == 0)
		return FIT_CODE;
	if (*c->code && strncmp(c->code, typed, strlen(typed)) == 0)
		return FIT_CODE_BEGINS;
	switch (pinyin_match(c->text, typed)) {
	case 1:
		return FIT_WHOLE;
	case 2:
		return FIT_BEGINS;
	case 3:
		return FIT_INSIDE;
	default:
		return FIT_NO;
	}
}

/* Choose what is shown: the best first, else in the order they were added. */
static void
show_fitting(struct picker *p, const char *typed)
{
	int *fits = mem_alloc(p->count + 1, sizeof *fits);

	free(p->shown);
	p->shown = mem_alloc(p->count + 1, sizeof *p->shown);
	p->shown_count = 0;
	for (size_t i = 0; i < p->count; i++)
		fits[i] = fit(p, &p->choices[i], typed);
	for (int want = FIT_CODE; want < FIT_NO; want++)
		for (size_t i = 0; i < p->count; i++)
			if (fits[i] == want)
				p->shown[p->shown_count++] = i;
	free(fits);
	if (p->row >= p->shown_count)
		p->row = 0;
}

static void
find(struct picker *p)
{
	struct buf typed;

	buf_init(&typed, BUF_LINE_MAX);
	lineedit_get(&typed, &p->typed);
	if (p->search) {
		drop_choices(p);
		p->search(p->self, p, typed.data);
	}
	show_fitting(p, typed.data);
	buf_release(&typed);
}

/* Fixed choices are found again only when somebody looks. */
static void
look(struct picker *p)
{
	if (!p->shown)
		find(p);
}

static void
forget_shown(struct picker *p)
{
	free(p->shown);
	p->shown = NULL;
	p->shown_count = 0;
}

void
picker_add(struct picker *p, const char *value, const char *code,
    const char *text)
{
	add(p, value, code, text, false);
	if (!p->search)
		forget_shown(p);
}

void
picker_hide_code(struct picker *p)
{
	assert(p->count > 0);
	p->choices[p->count - 1].hidden = true;
}

void
picker_add_last(struct picker *p, const char *value, const char *text)
{
	add(p, value, "", text, true);
	if (!p->search)
		forget_shown(p);
}

void
picker_mark(struct picker *p, const char *value)
{
	look(p);
	for (size_t i = 0; i < p->shown_count; i++) {
		struct picker_choice *c = &p->choices[p->shown[i]];

		if (strcmp(c->value, value) != 0)
			continue;
		c->marked = p->several;
		p->row = i;
	}
}

void
picker_type(struct picker *p, const char *text)
{
	(void)lineedit_set(&p->typed, text);
	p->row = p->top = 0;
	find(p);
}

static void
toggle(struct picker *p)
{
	struct picker_choice *c;

	if (p->row >= p->shown_count)
		return;
	c = &p->choices[p->shown[p->row]];
	c->marked = !c->marked;
}

static void
step(struct picker *p, int by)
{
	size_t n = (size_t)(by < 0 ? -by : by);

	if (p->shown_count == 0)
		return;
	if (by == -1 && p->row == 0)	/* the last: what makes a new one */
		p->row = p->shown_count - 1;
	else if (by < 0)
		p->row -= n < p->row ? n : p->row;
	else
		p->row += n < p->shown_count - 1 - p->row ? n
		    : p->shown_count - 1 - p->row;
}

enum picker_answer
picker_press(struct picker *p, const struct press *pr)
{
	look(p);
	switch (keymap_find(picker_keymap(p), pr->code)) {
	case PICK_TAKE:
		return p->shown_count ? PICKER_CHOSEN : PICKER_HANDLED;
	case PICK_BACK:
		return PICKER_CLOSED;
	case PICK_DOWN:
		step(p, 1);
		return PICKER_HANDLED;
	case PICK_UP:
		step(p, -1);
		return PICKER_HANDLED;
	case PICK_PAGE_DOWN:
		step(p, PICKER_ROWS);
		return PICKER_HANDLED;
	case PICK_PAGE_UP:
		step(p, -PICKER_ROWS);
		return PICKER_HANDLED;
	case PICK_MARK:
		toggle(p);
		return PICKER_HANDLED;
	default:
		break;
	}
	/* '?' is part of what is looked for only behind something */
	if (pr->code == PRESS_F1 || pr->code == PRESS_CTRL + 'G' ||
	    (pr->code == '?' && p->typed.len == 0))
		return PICKER_IGNORED;
	/* Backspace behind nothing typed leaves, as in a search line. */
	if (pr->code == PRESS_BACKSPACE && p->typed.len == 0)
		return PICKER_CLOSED;
	switch (lineedit_press(&p->typed, pr)) {
	case LINEEDIT_CHANGED:
	case LINEEDIT_REFUSED:
		p->row = p->top = 0;
		find(p);
		break;
	default:
		break;
	}
	return PICKER_HANDLED;
}

size_t
picker_matches(const struct picker *p)
{
	return p->shown_count;
}

const struct picker_choice *
picker_current(const struct picker *p)
{
	if (p->row >= p->shown_count)
		return NULL;
	return &p->choices[p->shown[p->row]];
}

void
picker_value(const struct picker *p, struct buf *out)
{
	const struct picker_choice *current = picker_current(p);
	bool any = false;

	for (size_t i = 0; i < p->count; i++) {
		if (!p->several || !p->choices[i].marked)
			continue;
		if (any)
			buf_char(out, ';');
		buf_text(out, p->choices[i].value);
		any = true;
	}
	if (!any && current)
		buf_text(out, current->value);
}

/* ---- picture ---- */

static const char *
code_of(const struct picker_choice *c)
{
	return c->hidden ? "" : c->code;
}

static int
code_cells(const struct picker *p)
{
	int most = 0;

	for (size_t i = 0; i < p->shown_count; i++) {
		int cells = utf8_cells(code_of(&p->choices[p->shown[i]]));

		most = cells > most ? cells : most;
	}
	return most;
}

static int
box_cols(const struct picker *p, int codes, int most)
{
	int cols = utf8_cells(p->title) + TYPED_CELLS + 6;

	cols = cols > WIDTH_MIN ? cols : WIDTH_MIN;
	for (size_t i = 0; i < p->shown_count; i++) {
		int need = utf8_cells(p->choices[p->shown[i]].text) + codes
		    + 9;

		cols = need > cols ? need : cols;
	}
	return cols < most ? cols : most;
}

/* Where the popup stands: below the field if it fits, else above. */
static struct canvas_area
place(const struct canvas_area *bounds, int row, int col, int rows, int cols)
{
	struct canvas_area box = { .row = row + 1, .col = col, .rows = rows,
		.cols = cols };
	int end = bounds->row + bounds->rows;

	if (box.row + rows > end && row - rows >= bounds->row)
		box.row = row - rows;
	if (box.row + rows > end)
		box.row = end - rows;
	if (box.row < bounds->row)
		box.row = bounds->row;
	if (box.col + cols > bounds->col + bounds->cols)
		box.col = bounds->col + bounds->cols - cols;
	if (box.col < bounds->col)
		box.col = bounds->col;
	return box;
}

/* "|> 02 suspended sentence     |": the marker, the mark, code and words. */
static void
paint_choice(const struct picker *p, struct canvas *c,
    const struct canvas_area *box, int row, size_t i, int codes)
{
	const struct picker_choice *ch = NULL;
	bool now = i == p->row;
	int col = box->col + 4 + (codes ? codes + 1 : 0);
	enum canvas_role role = now ? ROLE_MARK : ROLE_TEXT;

	if (i >= p->shown_count)
		return;
	ch = &p->choices[p->shown[i]];
	if (now)
		(void)canvas_text(c, row, box->col + 1, 1, ROLE_MARK, ">");
	if (ch->marked)
		(void)canvas_text(c, row, box->col + 2, 1, ROLE_MARK, "*");
	(void)canvas_text(c, row, box->col + 4, codes, role, code_of(ch));
	(void)canvas_text_cut(c, row, col, box->col + box->cols - 2 - col,
	    ch->last && !now ? ROLE_LABEL : role, ch->text);
}

static void
paint_foot(const struct picker *p, struct canvas *c,
    const struct canvas_area *box, int row)
{
	struct buf words;

	buf_init(&words, BUF_LINE_MAX);
	if (p->shown_count)
		buf_printf(&words, " %zu/%zu ", p->row + 1, p->shown_count);
	else
		buf_printf(&words, " %s ", tr("Nothing fits."));
	(void)canvas_text(c, row, box->col + 2, box->cols - 4, ROLE_POPUP,
	    words.data);
	buf_release(&words);
}

/* Scroll so that the marker can be seen; true: the last row of the box is the
 * choice that is always shown ("new person"), however many others there are. */
static bool
keep_in_sight(struct picker *p, size_t rows)
{
	size_t last = p->shown_count - 1, most = rows;
	bool pinned = rows > 1 && p->shown_count > rows
	    && p->choices[p->shown[last]].last;

	if (pinned)
		most--;
	if (p->row < p->top)
		p->top = p->row;
	if (pinned && p->row == last)
		p->top = p->top + most > last ? last - most : p->top;
	else if (p->row >= p->top + most)
		p->top = p->row - most + 1;
	return pinned;
}

void
picker_paint(struct picker *p, struct canvas *c,
    const struct canvas_area *bounds, int row, int col)
{
	struct canvas_area box;
	int rows, codes, used;
	bool pinned;

	look(p);
	codes = code_cells(p);
	rows = p->shown_count < PICKER_ROWS ? (int)p->shown_count
	    : PICKER_ROWS;
	rows = rows < 1 ? 1 : rows;
	if (rows + 2 > bounds->rows)
		rows = bounds->rows - 2;
	if (rows < 1)
		return;
	pinned = keep_in_sight(p, (size_t)rows);
	box = place(bounds, row, col, rows + 2,
	    box_cols(p, codes, bounds->cols));
	canvas_frame(c, &box);
	used = 2 + canvas_text_cut(c, box.row, box.col + 2,
	    box.cols - TYPED_CELLS - 6, ROLE_TITLE, p->title);
	used += canvas_text(c, box.row, box.col + used, 2, ROLE_POPUP,
		tr(": "));
	lineedit_paint(&p->typed, c, box.row, box.col + used, ROLE_INPUT_NOW,
	    true);
	for (int i = 0; i < rows; i++)
		paint_choice(p, c, &box, box.row + 1 + i,
		    pinned && i == rows - 1 ? p->shown_count - 1
		    : p->top + (size_t)i, codes);
	paint_foot(p, c, &box, box.row + 1 + rows);
}
