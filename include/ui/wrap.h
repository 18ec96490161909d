#ifndef UI_WRAP_H
#define UI_WRAP_H

#include <stddef.h>
#include <stdint.h>

/*
 * Lines of a text in a column: broken after blanks and between hanzi, never
 * before closing punctuation, never inside a character and its marks.  Text is
 * code points; '\n' ends a line.
 */

#define WRAP_LAST ((size_t)-1)

/* Where the line that starts at start ends.  *next: where the one after it
 * starts, WRAP_LAST if there is none.  A line holds at least one character,
 * also when cols is too narrow for it. */
size_t wrap_line(const uint32_t *text, size_t len, size_t start, int cols,
	size_t *next);

/* The line that holds pos: its number; *start and *end are its bounds. */
size_t wrap_line_of(const uint32_t *text, size_t len, int cols, size_t pos,
	size_t *start, size_t *end);

/* Where line number n starts; WRAP_LAST if there are fewer. */
size_t wrap_line_start(const uint32_t *text, size_t len, int cols, size_t n);

/* Code points of a UTF-8 text, *count of them; free() them. */
uint32_t *wrap_decode(const char *text, size_t *count);

#endif
