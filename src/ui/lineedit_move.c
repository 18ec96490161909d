/*
 * Where the cursor of a line editor goes: characters with their marks, words,
 * lines as they are wrapped.
 */
#include "ui/lineedit.h"

#include "base/utf8.h"
#include "ui/lineedit_parts.h"
#include "ui/wrap.h"

static bool
is_mark(const struct lineedit *e, size_t i)
{
	return i < e->len && utf8_char_cells(e->text[i]) == 0;
}

size_t
lineedit_step_right(const struct lineedit *e, size_t i)
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

void
lineedit_line(const struct lineedit *e, size_t *start, size_t *end)
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

	lineedit_line(e, &start, &end);
	/* Behind a soft break the cursor would stand on the next line. */
	if (end < e->len && e->text[end] != '\n' && end > start)
		end = lineedit_step_left(e, end);
	e->pos = end;
}

/* The line so many away, or the last one on the way there; WRAP_LAST when the
 * cursor stands on it already. */
static size_t
line_away(const struct lineedit *e, size_t n, int by)
{
	size_t away = (size_t)(by < 0 ? -by : by), start = WRAP_LAST;

	if (by < 0)
		return n == 0 ? WRAP_LAST : wrap_line_start(e->text, e->len,
		    e->cols, n > away ? n - away : 0);
	for (; away > 0 && start == WRAP_LAST; away--)
		start = wrap_line_start(e->text, e->len, e->cols, n + away);
	return start;
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
	start = line_away(e, n, by);
	if (start == WRAP_LAST)
		return false;
	e->pos = start;
	(void)wrap_line_of(e->text, e->len, e->cols, start, &start, &end);
	while (e->pos < end) {
		size_t next = lineedit_step_right(e, e->pos);

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

size_t
lineedit_word_left(const struct lineedit *e)
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
		i = lineedit_step_right(e, i);
	while (i < e->len && word_class(e->text[i]) == 0)
		i = lineedit_step_right(e, i);
	return i;
}

bool
lineedit_move(struct lineedit *e, int code, int goal)
{
	size_t start, end;

	switch (code) {
	case PRESS_LEFT:
		e->pos = lineedit_step_left(e, e->pos);
		return true;
	case PRESS_RIGHT:
		e->pos = lineedit_step_right(e, e->pos);
		return true;
	case PRESS_WORD_LEFT:
	case PRESS_CTRL + 'B':
		e->pos = lineedit_word_left(e);
		return true;
	case PRESS_WORD_RIGHT:
	case PRESS_CTRL + 'V':
		e->pos = word_right(e);
		return true;
	case PRESS_HOME:
		lineedit_line(e, &start, &end);
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
	case PRESS_PGUP:
	case PRESS_PGDN:
		e->goal = goal;
		return go_up_down(e, code == PRESS_PGUP ? -e->rows : e->rows);
	default:
		return false;
	}
}
