/*
 * The line editor.  libform is not used because its window has one cell a
 * column and its buffer one a character: Home and End put Chinese text into the
 * wrong place (terminal.md 1).  Here the text is the only copy; the picture is
 * made from it each time.
 */
#include "ui/lineedit.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/lineedit_parts.h"
#include "ui/wrap.h"

/* Each step keeps the whole text: 32 of a note of 5,000 characters are 640 kB
 * at the very worst, and usually nothing. */
enum { STEPS_MAX = 32, FIRST_CAP = 64 };

struct lineedit_step {
	uint32_t *text;
	size_t len, pos;
};

void
lineedit_init(struct lineedit *e, int rows, int cols, size_t max_chars)
{
	*e = (struct lineedit){
		.rows = rows < 1 ? 1 : rows, .cols = cols < 1 ? 1 : cols,
		.max_chars = max_chars, .goal = -1,
	};
}

static void
drop_steps(struct lineedit *e, size_t keep)
{
	while (e->step_count > keep)
		free(e->steps[--e->step_count].text);
}

void
lineedit_release(struct lineedit *e)
{
	drop_steps(e, 0);
	free(e->steps);
	if (e->text)
		crypto_wipe(e->text, e->cap * sizeof *e->text);
	free(e->text);
	*e = (struct lineedit){0};
}

void
lineedit_resize(struct lineedit *e, int rows, int cols)
{
	rows = rows < 1 ? 1 : rows;
	cols = cols < 1 ? 1 : cols;
	if (e->rows == rows && e->cols == cols)
		return;
	e->rows = rows;
	e->cols = cols;
	e->first = 0;
}

static bool
is_mark(const struct lineedit *e, size_t i)
{
	return i < e->len && utf8_char_cells(e->text[i]) == 0;
}

static size_t
step_right(const struct lineedit *e, size_t i)
{
	if (i < e->len)
		i++;
	while (is_mark(e, i))
		i++;
	return i;
}

size_t
lineedit_step_left(const struct lineedit *e, size_t i)
{
	if (i > 0)
		i--;
	while (i > 0 && is_mark(e, i))
		i--;
	return i;
}

/* Remember the text as it is; a run of typing is one step. */
static void
remember(struct lineedit *e, bool typing)
{
	struct lineedit_step *step;

	if (e->mask || (typing && e->typing && e->step_count))
		return;
	if (e->step_count == STEPS_MAX) {
		free(e->steps[0].text);
		memmove(e->steps, e->steps + 1,
		    (STEPS_MAX - 1) * sizeof *e->steps);
		e->step_count--;
	}
	if (!e->steps)
		e->steps = mem_alloc(STEPS_MAX, sizeof *e->steps);
	step = &e->steps[e->step_count++];
	step->text = mem_alloc(e->len + 1, sizeof *step->text);
	if (e->len)
		memcpy(step->text, e->text, e->len * sizeof *step->text);
	step->len = e->len;
	step->pos = e->pos;
}

/* A copy by hand instead of realloc: a password must not stay behind. */
static void
reserve(struct lineedit *e, size_t len)
{
	size_t cap = e->cap ? e->cap : FIRST_CAP;
	uint32_t *text;

	if (len <= e->cap)
		return;
	while (cap < len)
		cap *= 2;
	text = mem_alloc(cap, sizeof *text);
	if (e->text) {
		memcpy(text, e->text, e->len * sizeof *text);
		crypto_wipe(e->text, e->cap * sizeof *text);
		free(e->text);
	}
	e->text = text;
	e->cap = cap;
}

/* May this character stand at the cursor?  A mark needs a base. */
static bool
is_welcome(const struct lineedit *e, uint32_t c)
{
	if (c == '\n')
		return true;
	if (utf8_char_cells(c) == 0)
		return e->pos > 0 && e->text[e->pos - 1] != '\n';
	return !utf8_is_unsafe(c);
}

static bool
insert_char(struct lineedit *e, uint32_t c)
{
	if (c == '\t' || (c == '\n' && e->rows == 1))
		c = ' ';
	if (!is_welcome(e, c) || e->len >= e->max_chars)
		return false;
	reserve(e, e->len + 1);
	memmove(e->text + e->pos + 1, e->text + e->pos,
	    (e->len - e->pos) * sizeof *e->text);
	e->text[e->pos++] = c;
	e->len++;
	return true;
}

static size_t
insert_text(struct lineedit *e, const char *text, size_t len)
{
	size_t at = 0, refused = 0;
	uint32_t before = 0;

	while (at < len) {
		uint32_t c = utf8_next(text, len, &at);
		bool second = c == '\n' && before == '\r';

		before = c;
		if (!second && !insert_char(e, c == '\r' ? '\n' : c))
			refused++;
	}
	return refused;
}

size_t
lineedit_set(struct lineedit *e, const char *text)
{
	drop_steps(e, 0);
	e->len = e->pos = e->first = 0;
	e->goal = -1;
	e->typing = false;
	return insert_text(e, text, strlen(text));
}

void
lineedit_get(struct buf *out, const struct lineedit *e)
{
	char bytes[4];

	for (size_t i = 0; i < e->len; i++)
		buf_add(out, bytes, utf8_put(bytes, e->text[i]));
}

size_t
lineedit_insert(struct lineedit *e, const char *text, size_t len)
{
	remember(e, false);
	e->typing = false;
	return insert_text(e, text, len);
}

void
lineedit_newline(struct lineedit *e)
{
	(void)lineedit_insert(e, "\n", 1);
}

/* ---- keys ---- */

static void
erase_between(struct lineedit *e, size_t from, size_t to)
{
	if (from == to)
		return;
	remember(e, false);
	memmove(e->text + from, e->text + to, (e->len - to) * sizeof *e->text);
	e->len -= to - from;
	e->pos = from;
}

static void
line_bounds(const struct lineedit *e, size_t *start, size_t *end)
{
	*start = 0;
	*end = e->len;
	if (e->rows > 1)
		(void)wrap_line_of(e->text, e->len, e->cols, e->pos, start,
		    end);
}

static void
go_line_end(struct lineedit *e)
{
	size_t start, end;

	line_bounds(e, &start, &end);
	/* Behind a soft break the cursor would stand on the next line. */
	if (end < e->len && e->text[end] != '\n' && end > start)
		end = lineedit_step_left(e, end);
	e->pos = end;
}

static bool
go_up_down(struct lineedit *e, int by)
{
	size_t start, end, n, old = e->pos;

	if (e->rows == 1)
		return false;
	n = wrap_line_of(e->text, e->len, e->cols, e->pos, &start, &end);
	if (e->goal < 0)
		e->goal = lineedit_cells(e, start, e->pos);
	if (by < 0 && n == 0)
		return false;
	start = wrap_line_start(e->text, e->len, e->cols,
	    by < 0 ? n - 1 : n + 1);
	if (start == WRAP_LAST)
		return false;
	e->pos = start;
	(void)wrap_line_of(e->text, e->len, e->cols, start, &start, &end);
	while (e->pos < end) {
		size_t next = step_right(e, e->pos);

		if (lineedit_cells(e, start, next) > e->goal
		    || (next == end && end < e->len && e->text[end] != '\n'))
			break;
		e->pos = next;
	}
	return e->pos != old;
}

/* 0 blank, 1 letters and digits, 2 hanzi and the like, 3 signs. */
static int
word_class(uint32_t c)
{
	uint32_t f = utf8_fold(c);

	if (c == ' ' || c == '\n' || c == 0x3000)
		return 0;
	if ((f >= 'a' && f <= 'z') || (f >= '0' && f <= '9'))
		return 1;
	if (f < 0x80 || (c >= 0x3001 && c <= 0x303F))
		return 3;
	return 2;
}

static size_t
word_left(const struct lineedit *e)
{
	size_t i = e->pos;
	int class;

	while (i > 0 && word_class(e->text[lineedit_step_left(e, i)]) == 0)
		i = lineedit_step_left(e, i);
	if (i == 0)
		return 0;
	class = word_class(e->text[lineedit_step_left(e, i)]);
	while (i > 0 && word_class(e->text[lineedit_step_left(e, i)]) == class)
		i = lineedit_step_left(e, i);
	return i;
}

static size_t
word_right(const struct lineedit *e)
{
	size_t i = e->pos;
	int class = i < e->len ? word_class(e->text[i]) : 0;

	while (i < e->len && word_class(e->text[i]) == class)
		i = step_right(e, i);
	while (i < e->len && word_class(e->text[i]) == 0)
		i = step_right(e, i);
	return i;
}

static enum lineedit_answer
undo(struct lineedit *e)
{
	struct lineedit_step *step;

	if (e->step_count == 0)
		return LINEEDIT_MOVED;
	step = &e->steps[--e->step_count];
	reserve(e, step->len);
	if (step->len)
		memcpy(e->text, step->text, step->len * sizeof *e->text);
	e->len = step->len;
	e->pos = step->pos;
	free(step->text);
	return LINEEDIT_CHANGED;
}

static enum lineedit_answer
type_char(struct lineedit *e, uint32_t c)
{
	bool replaces = e->overwrite && e->pos < e->len
	    && e->text[e->pos] != '\n' && utf8_char_cells(c) > 0;

	if (!is_welcome(e, c) || (e->len >= e->max_chars && !replaces))
		return LINEEDIT_REFUSED;
	remember(e, !replaces);
	if (replaces) {
		size_t to = step_right(e, e->pos);

		memmove(e->text + e->pos, e->text + to,
		    (e->len - to) * sizeof *e->text);
		e->len -= to - e->pos;
	}
	(void)insert_char(e, c);
	e->typing = !replaces;
	return LINEEDIT_CHANGED;
}

/* Keys that erase; false: not one of them. */
static bool
press_erases(struct lineedit *e, int code)
{
	size_t start, end;

	switch (code) {
	case PRESS_BACKSPACE:
		erase_between(e, lineedit_step_left(e, e->pos), e->pos);
		return true;
	case PRESS_DELETE:
	case PRESS_CTRL + 'D':
		erase_between(e, e->pos, step_right(e, e->pos));
		return true;
	case PRESS_CTRL + 'K':
		line_bounds(e, &start, &end);
		if (end == e->pos && end < e->len)
			end = step_right(e, end);
		erase_between(e, e->pos, end);
		return true;
	case PRESS_CTRL + 'U':
		erase_between(e, 0, e->len);
		return true;
	case PRESS_CTRL + 'W':
		erase_between(e, word_left(e), e->pos);
		return true;
	default:
		return false;
	}
}

/* Keys that move the cursor; false: not one of them. */
static bool
press_moves(struct lineedit *e, int code, int goal)
{
	size_t start, end;

	switch (code) {
	case PRESS_LEFT:
		e->pos = lineedit_step_left(e, e->pos);
		return true;
	case PRESS_RIGHT:
		e->pos = step_right(e, e->pos);
		return true;
	case PRESS_WORD_LEFT:
		e->pos = word_left(e);
		return true;
	case PRESS_WORD_RIGHT:
		e->pos = word_right(e);
		return true;
	case PRESS_HOME:
		line_bounds(e, &start, &end);
		e->pos = start;
		return true;
	case PRESS_END:
		go_line_end(e);
		return true;
	case PRESS_CTRL + 'A':
		e->pos = 0;
		return true;
	case PRESS_CTRL + 'E':
		e->pos = e->len;
		return true;
	case PRESS_INSERT:
		e->overwrite = !e->overwrite;
		return true;
	case PRESS_UP:
	case PRESS_DOWN:
		e->goal = goal;
		return go_up_down(e, code == PRESS_UP ? -1 : 1);
	default:
		return false;
	}
}

enum lineedit_answer
lineedit_press(struct lineedit *e, const struct press *p)
{
	size_t len = e->len;
	int goal = e->goal;

	e->goal = -1;
	if (press_is_char(p))
		return type_char(e, (uint32_t)p->code);
	e->typing = false;
	if (p->code == PRESS_PASTE) {
		size_t refused = lineedit_insert(e, p->text, p->len);

		return refused ? LINEEDIT_REFUSED : LINEEDIT_CHANGED;
	}
	if (p->code == PRESS_CTRL + 'Z' || p->code == PRESS_CTRL + '_')
		return undo(e);
	if (press_erases(e, p->code))
		return e->len == len ? LINEEDIT_MOVED : LINEEDIT_CHANGED;
	return press_moves(e, p->code, goal) ? LINEEDIT_MOVED
	    : LINEEDIT_IGNORED;
}
