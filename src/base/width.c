/*
 * How many cells a character takes.  The answer is the same in every locale,
 * and the same for libncursesw: it calls wcwidth(), and the program's own
 * definition here goes before the C library's.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include "base/utf8.h"
#include "width_table.h"

/* What this terminal does with ambiguous characters, found out once at start;
 * a variable because wcwidth()'s signature is not ours. */
static int ambiguous_cells = 1;

void
utf8_set_ambiguous(int cells)
{
	ambiguous_cells = cells == 2 ? 2 : 1;
}

static bool
is_in(uint32_t c, const struct width_range *table, size_t count)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (c > table[mid].last)
			low = mid + 1;
		else if (c < table[mid].first)
			high = mid;
		else
			return true;
	}
	return false;
}

#define IS_IN(c, table) is_in(c, table, sizeof table / sizeof *table)

static int
table_cells(uint32_t c)
{
	if (c < 0xA1)
		return 1;
	/* Nearly every character that is not ASCII is one of these. */
	if (c >= 0x4E00 && c <= 0x9FFF)
		return 2;
	if (IS_IN(c, zero_table))
		return 0;
	if (IS_IN(c, wide_table))
		return 2;
	return IS_IN(c, ambiguous_table) ? ambiguous_cells : 1;
}

int
utf8_char_cells(uint32_t c)
{
	return utf8_is_unsafe(c) ? 1 : table_cells(c);
}

int
wcwidth(wchar_t wc)
{
	uint32_t c = (uint32_t)wc;

	if (c == 0)
		return 0;
	if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c > 0x10FFFF)
		return -1;
	return table_cells(c);
}
