#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Text.  Inside the program everything is UTF-8, and the number of screen
 * cells of a character is ours to decide: glibc's answer changes with the
 * locale (2,786 characters are 2 cells under GB18030 and 1 under UTF-8).
 * The width tables are generated from EastAsianWidth.txt.
 */

#define UTF8_BAD 0xFFFDu

/* The next code point of text[*at..len), advancing *at by at least one byte;
 * UTF8_BAD for a byte that is not part of valid UTF-8 (also surrogates and
 * overlong forms).  *at < len must hold. */
uint32_t utf8_next(const char *text, size_t len, size_t *at);

/* Encode one code point; returns 1 to 4 bytes written to out. */
size_t utf8_put(char out[4], uint32_t c);

bool utf8_is_valid(const char *text, size_t len);
/* Where the first bad byte is; len when there is none. */
size_t utf8_valid_len(const char *text, size_t len);
/* The same, and where the first is that a JSON text does not take as it is: a
 * control character, a quote, a backslash (RFC 8259, 7). */
size_t utf8_literal_len(const char *text, size_t len);
size_t utf8_chars(const char *text, size_t len);	/* code points */

/* Cells of one character: 0 (combining), 1 or 2.  Unsafe characters count 1,
 * because they are shown as one '?'. */
int utf8_char_cells(uint32_t c);
int utf8_cells(const char *text);			/* of a whole text */

/* What must never be sent to a terminal: controls (C0, DEL, C1), bidi and
 * zero-width controls, surrogates, noncharacters, tags, UTF8_BAD. */
bool utf8_is_unsafe(uint32_t c);
/* How many bytes from the beginning are whole characters that are not unsafe;
 * *chars grows by their number. */
size_t utf8_safe_len(const char *text, size_t len, int *chars);

/* Bytes of text that fit into cells, cut between characters; combining marks
 * stay with their base.  *used gets the cells taken. */
size_t utf8_clip(const char *text, int cells, int *used);

/* Append text made safe for one line of a terminal: unsafe characters become
 * '?', tabs and newlines a blank.  Every command's output of data goes
 * through here. */
void utf8_safe(struct buf *out, const char *text);

/* How wide ambiguous characters are on this terminal: 1 (default) or 2. */
void utf8_set_ambiguous(int cells);

/* One character folded for comparison: full-width forms and the ideographic
 * space to ASCII, ASCII to lower case; all others unchanged. */
uint32_t utf8_fold(uint32_t c);

/*
 * Normalise what a person typed or a spreadsheet held into out: full-width
 * ASCII to ASCII except the Chinese punctuation ！（），：；？ (right as it is in
 * prose and in a case number), ideographic and no-break spaces to blanks,
 * unsafe characters dropped, blanks at both ends removed.  Newlines are kept
 * if multiline, otherwise become blanks.  A byte that is no UTF-8 becomes
 * UTF8_BAD, so that it is seen.
 */
void utf8_tidy(struct buf *out, const char *text, bool multiline);

#endif
