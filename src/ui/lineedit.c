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

static void
forget_first(struct lineedit *e)
{
	if (e->first_step)
		free(e->first_step->text);
	free(e->first_step);
	e->first_step = NULL;
}

void
lineedit_release(struct lineedit *e)
{
	drop_steps(e, 0);
	free(e->steps);
	forget_first(e);
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

static void
copy_step(struct lineedit_step *step, const struct lineedit *e)
{
	step->text = mem_alloc(e->len + 1, sizeof *step->text);
	if (e->len)
		memcpy(step->text, e->text, e->len * sizeof *step->text);
	step->len = e->len;
	step->pos = e->pos;
}

/* Remember the text as it is; a run of typing is one step. */
static void
remember(struct lineedit *e, bool typing)
{
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
	copy_step(&e->steps[e->step_count++], e);
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
	size_t refused;

	drop_steps(e, 0);
	forget_first(e);
	e->len = e->pos = e->first = 0;
	e->goal = -1;
	e->typing = e->marked = false;
	refused = insert_text(e, text, strlen(text));
	if (!e->mask) {
		e->first_step = mem_alloc(1, sizeof *e->first_step);
		copy_step(e->first_step, e);
	}
	return refused;
}

void
lineedit_mark(struct lineedit *e)
{
	e->marked = e->len > 0;
}

/* The text of a step takes the place of the present one. */
static void
put_step(struct lineedit *e, const struct lineedit_step *step)
{
	reserve(e, step->len);
	if (step->len)
		memcpy(e->text, step->text, step->len * sizeof *e->text);
	e->len = step->len;
	e->pos = step->pos;
}

bool
lineedit_restore(struct lineedit *e)
{
	const struct lineedit_step *was = e->first_step;

	e->typing = e->marked = false;
	if (!was || (was->len == e->len && (e->len == 0 ||
	    memcmp(was->text, e->text, e->len * sizeof *e->text) == 0)))
		return false;
	remember(e, false);
	put_step(e, was);
	return true;
}

void
lineedit_get(struct buf *out, const struct lineedit *e)
{
	char bytes[4];

	for (size_t i = 0; i < e->len; i++)
		buf_add(out, bytes, utf8_put(bytes, e->text[i]));
}

void
lineedit_newline(struct lineedit *e)
{
	remember(e, false);
	e->typing = e->marked = false;
	(void)insert_text(e, "\n", 1);
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

static enum lineedit_answer
undo(struct lineedit *e)
{
	struct lineedit_step *step;

	if (e->step_count == 0)
		return LINEEDIT_MOVED;
	step = &e->steps[--e->step_count];
	put_step(e, step);
	free(step->text);
	return LINEEDIT_CHANGED;
}

static enum lineedit_answer
type_char(struct lineedit *e, uint32_t c)
{
	bool replaces = e->overwrite && e->pos < e->len
	    && e->text[e->pos] != '\n' && utf8_char_cells(c) > 0;

	if (e->marked && utf8_char_cells(c) > 0 && is_welcome(e, c)) {
		erase_between(e, 0, e->len);
		e->typing = true;	/* one step back brings it again */
		replaces = false;
	}
	e->marked = false;
	if (!is_welcome(e, c) || (e->len >= e->max_chars && !replaces))
		return LINEEDIT_REFUSED;
	remember(e, !replaces);
	if (replaces) {
		size_t to = lineedit_step_right(e, e->pos);

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
press_erases(struct lineedit *e, int code, bool marked)
{
	size_t start, end;

	if (marked && (code == PRESS_BACKSPACE || code == PRESS_DELETE
	    || code == PRESS_CTRL + 'D'))
		code = PRESS_CTRL + 'U';
	switch (code) {
	case PRESS_BACKSPACE:
		erase_between(e, lineedit_step_left(e, e->pos), e->pos);
		return true;
	case PRESS_DELETE:
	case PRESS_CTRL + 'D':
		erase_between(e, e->pos, lineedit_step_right(e, e->pos));
		return true;
	case PRESS_CTRL + 'K':
		lineedit_line(e, &start, &end);
		if (end == e->pos && end < e->len)
			end = lineedit_step_right(e, end);
		erase_between(e, e->pos, end);
		return true;
	case PRESS_CTRL + 'U':
		erase_between(e, 0, e->len);
		return true;
	case PRESS_CTRL + 'W':
		erase_between(e, lineedit_word_left(e), e->pos);
		return true;
	default:
		return false;
	}
}

static enum lineedit_answer
paste(struct lineedit *e, const struct press *p, bool marked)
{
	size_t refused;

	if (marked && p->len)
		erase_between(e, 0, e->len);
	else
		remember(e, false);
	refused = insert_text(e, p->text, p->len);
	return refused ? LINEEDIT_REFUSED : LINEEDIT_CHANGED;
}

enum lineedit_answer
lineedit_press(struct lineedit *e, const struct press *p)
{
	size_t len = e->len;
	int goal = e->goal;
	bool marked = e->marked;

	e->goal = -1;
	if (press_is_char(p))
		return type_char(e, (uint32_t)p->code);
	e->typing = e->marked = false;
	if (p->code == PRESS_PASTE)
		return paste(e, p, marked);
	if (p->code == PRESS_CTRL + 'Z' || p->code == PRESS_CTRL + '_')
		return undo(e);
	if (press_erases(e, p->code, marked))
		return e->len == len ? LINEEDIT_MOVED : LINEEDIT_CHANGED;
	return lineedit_move(e, p->code, goal) ? LINEEDIT_MOVED
	    : LINEEDIT_IGNORED;
}
