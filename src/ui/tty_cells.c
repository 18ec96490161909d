/*
 * Cells for curses.
 */
#include "ui/tty_cells.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <wctype.h>

#include "base/utf8.h"

static bool
same_cell(const struct canvas_cell *a, const struct canvas_cell *b)
{
	return a->c == b->c && a->role == b->role
	    && memcmp(a->marks, b->marks, sizeof a->marks) == 0;
}

bool
tty_cells_changed(int *from, int *to, const struct canvas_cell *old,
    const struct canvas_cell *now, int cols)
{
	int first = 0, end = cols;

	while (first < end && same_cell(&old[first], &now[first]))
		first++;
	while (end > first && same_cell(&old[end - 1], &now[end - 1]))
		end--;
	if (first == end)
		return false;
	while (first > 0 && (now[first].c == 0 || old[first].c == 0))
		first--;
	while (end < cols && (now[end].c == 0 || old[end].c == 0))
		end++;
	*from = first;
	*to = end;
	return true;
}

/* What the terminal's charset has not is shown as '?', never as nothing; nor
 * what the C library takes for no character, for curses leaves that out. */
static wchar_t
sayable(uint32_t c)
{
	mbstate_t state = {0};
	char bytes[MB_LEN_MAX];

	if (c < 0x80 || (iswprint((wint_t)c) &&
	    wcrtomb(bytes, (wchar_t)c, &state) != (size_t)-1))
		return (wchar_t)c;
	return L'?';
}

int
tty_cells_text(wchar_t text[TTY_CELLS_TEXT_MAX], const struct canvas_cell *row,
    int *from, int to, bool is_utf8)
{
	uint8_t role = row[*from].role;
	int at = *from, len = 0;

	for (; at < to && row[at].role == role; at++) {
		if (row[at].c == 0)
			continue;
		text[len] = sayable(row[at].c);
		if (text[len] != (wchar_t)row[at].c
		    && utf8_char_cells(row[at].c) == 2)
			text[++len] = L' ';
		len++;
		for (int i = 0; i < CANVAS_MARKS; i++)
			if (row[at].marks[i] && is_utf8)
				text[len++] = (wchar_t)row[at].marks[i];
	}
	*from = at;
	return len;
}
