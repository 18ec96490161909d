/*
 * Where lines end.  Pure counting of cells; nobody here paints.
 */
#include "ui/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* GB/T 15834: these may not begin a line. */
static const uint32_t not_first[] = {
	0xFF0C, 0x3002, 0x3001, 0xFF1B, 0xFF1A, 0xFF1F, 0xFF01, 0xFF09, 0x300B,
	0x300D, 0x300F, 0x3011, 0x3009, 0x201D, 0x2019, 0x2026, 0xFF0E, 0xFF05,
	',', '.', ';', ':', '!', '?', ')', '%',
};

/* And these may not end one. */
static const uint32_t not_last[] = {
	0xFF08, 0x300A, 0x300C, 0x300E, 0x3010, 0x3008, 0x201C, 0x2018, '(',
};

static bool
is_among(const uint32_t *signs, size_t count, uint32_t c)
{
	for (size_t i = 0; i < count; i++)
		if (signs[i] == c)
			return true;
	return false;
}

#define COUNT(table) (sizeof table / sizeof *table)

static bool
may_break_before(const uint32_t *text, size_t i)
{
	return !is_among(not_first, COUNT(not_first), text[i])
	    && !is_among(not_last, COUNT(not_last), text[i - 1])
	    && (text[i - 1] == ' ' || utf8_char_cells(text[i]) == 2
	    || utf8_char_cells(text[i - 1]) == 2);
}

size_t
wrap_line(const uint32_t *text, size_t len, size_t start, int cols,
    size_t *next)
{
	size_t last_break = start;
	int used = 0;

	for (size_t i = start; i < len; i++) {
		int cells;

		if (text[i] == '\n') {
			*next = i + 1;
			return i;
		}
		cells = utf8_char_cells(text[i]);
		if (i > start && cells > 0 && may_break_before(text, i))
			last_break = i;
		if (cells > 0 && used + cells > cols && i > start) {
			*next = last_break > start ? last_break : i;
			return *next;
		}
		used += cells;
	}
	*next = WRAP_LAST;
	return len;
}

size_t
wrap_line_of(const uint32_t *text, size_t len, int cols, size_t pos,
    size_t *start, size_t *end)
{
	size_t n = 0, s = 0, next, e = wrap_line(text, len, 0, cols, &next);

	while (next != WRAP_LAST && pos >= next) {
		s = next;
		e = wrap_line(text, len, s, cols, &next);
		n++;
	}
	*start = s;
	*end = e;
	return n;
}

size_t
wrap_line_start(const uint32_t *text, size_t len, int cols, size_t n)
{
	size_t s = 0, next;

	while (n > 0 && s != WRAP_LAST) {
		(void)wrap_line(text, len, s, cols, &next);
		s = next;
		n--;
	}
	return s;
}

uint32_t *
wrap_decode(const char *text, size_t *count)
{
	size_t len = strlen(text), at = 0, n = 0;
	uint32_t *out = mem_alloc(len + 1, sizeof *out);

	while (at < len)
		out[n++] = utf8_next(text, len, &at);
	*count = n;
	return out;
}
