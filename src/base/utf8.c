/*
 * UTF-8, decoded strictly (RFC 3629), and what of it may reach a terminal.
 * Widths are in width.c.
 */
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

/*
 * Bytes of the character at p, or 0 for a byte that starts none.  The second
 * byte's range is what rules out overlong forms, surrogates and what lies
 * beyond U+10FFFF (Unicode, table 3-7).
 */
static size_t
decode_any(uint32_t *out, const unsigned char *p, size_t len)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t n = 0;
	uint32_t c = 0;

	if (p[0] >= 0xC2 && p[0] <= 0xDF) {
		n = 2;
		c = p[0] & 0x1Fu;
	} else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
		n = 3;
		c = p[0] & 0x0Fu;
		low = p[0] == 0xE0 ? 0xA0 : 0x80;
		high = p[0] == 0xED ? 0x9F : 0xBF;
	} else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
		n = 4;
		c = p[0] & 0x07u;
		low = p[0] == 0xF0 ? 0x90 : 0x80;
		high = p[0] == 0xF4 ? 0x8F : 0xBF;
	}
	if (n == 0 || n > len || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3Fu);
	}
	*out = c;
	return n;
}

static inline bool
is_plain_three(const unsigned char *p, size_t len)
{
	return len >= 3 && p[0] >= 0xE1 && p[0] <= 0xEF && p[0] != 0xED &&
		((p[1] ^ 0x80) | (p[2] ^ 0x80)) < 0x40;
}

/* Two of them, whose bytes lie at p and, as they lie there, in w. */
static inline bool
are_two_threes(uint64_t w, const unsigned char *p)
{
	static const unsigned char of[8] = { 0xF0, 0xC0, 0xC0, 0xF0, 0xC0,
		0xC0 };
	static const unsigned char is[8] = { 0xE0, 0x80, 0x80, 0xE0, 0x80,
		0x80 };
	const unsigned plain = 0xDFFE;	/* not E0, not ED */
	uint64_t mask, want;

	memcpy(&mask, of, sizeof mask);
	memcpy(&want, is, sizeof want);
	return (w & mask) == want &&
		(plain >> (p[0] & 15) & plain >> (p[3] & 15) & 1) != 0;
}

/* What a JSON text takes as it is, of ASCII. */
static inline bool
is_literal(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c != 0x7F;
}

/* The same of eight, of which none has its highest bit set: a byte's is set
 * here where the byte is below 0x20, or zero. */
static inline bool
are_literal(uint64_t w)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t low = w - ones * 0x20, quote = (w ^ ones * '"') - ones,
		slash = (w ^ ones * '\\') - ones,
		del = (w ^ ones * 0x7F) - ones;

	return ((low | quote | slash | del) & ones * 0x80) == 0;
}

/* Eight bytes at a time, since numbers, days and codes are nothing but ASCII,
 * and two hanzi at a time. */
static inline size_t
valid_run(const unsigned char *p, size_t len, bool literal)
{
	const uint64_t high = 0x8080808080808080u;
	size_t at = 0, n = 1;
	uint32_t c = 0;

	while (at < len && n > 0) {
		uint64_t w = high;

		if (len - at >= sizeof w)
			memcpy(&w, p + at, sizeof w);
		if ((w & high) == 0 && (!literal || are_literal(w)))
			n = sizeof w;
		else if (w != high && are_two_threes(w, p + at))
			n = 6;
		else if (p[at] < 0x80)
			n = !literal || is_literal(p[at]);
		else if (is_plain_three(p + at, len - at))
			n = 3;
		else
			n = decode_any(&c, p + at, len - at);
		at += n;
	}
	return at;
}

/* The same; ASCII, and the three bytes of which nearly all hanzi are and whose
 * second has its whole range, are told at once. */
static inline size_t
decode(uint32_t *out, const unsigned char *p, size_t len)
{
	if (p[0] < 0x80) {
		*out = p[0];
		return 1;
	}
	if (is_plain_three(p, len)) {
		*out = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 |
			(p[2] & 0x3Fu);
		return 3;
	}
	return decode_any(out, p, len);
}

uint32_t
utf8_next(const char *text, size_t len, size_t *at)
{
	uint32_t c = UTF8_BAD;

	assert(*at < len);
	size_t n = decode(&c, (const unsigned char *)text + *at, len - *at);
	*at += n ? n : 1;
	return n ? c : UTF8_BAD;
}

size_t
utf8_put(char out[4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = UTF8_BAD;
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

bool
utf8_is_valid(const char *text, size_t len)
{
	return utf8_valid_len(text, len) == len;
}

size_t
utf8_valid_len(const char *text, size_t len)
{
	return valid_run((const unsigned char *)text, len, false);
}

size_t
utf8_literal_len(const char *text, size_t len)
{
	return valid_run((const unsigned char *)text, len, true);
}

size_t
utf8_chars(const char *text, size_t len)
{
	size_t count = 0;
	uint32_t c = 0;

	for (size_t at = 0; at < len; count++) {
		size_t n = decode(&c, (const unsigned char *)text + at,
			len - at);

		at += n ? n : 1;
	}
	return count;
}

int
utf8_cells(const char *text)
{
	size_t len = strlen(text), at = 0;
	int cells = 0;

	while (at < len)
		cells += utf8_char_cells(utf8_next(text, len, &at));
	return cells;
}

bool
utf8_is_unsafe(uint32_t c)
{
	if (c < 0xA0)
		return c < 0x20 || c >= 0x7F;
	if (c >= 0x3000 && c < 0xD800)
		return false;	/* hanzi, first of all */
	return c == 0xAD || c == 0x61C || c == 0x180E
		|| (c >= 0x200B && c <= 0x200F)
		|| (c >= 0x2028 && c <= 0x202E)
		|| (c >= 0x2060 && c <= 0x206F)
		|| (c >= 0xD800 && c <= 0xDFFF)
		|| (c >= 0xFDD0 && c <= 0xFDEF)
		|| c == 0xFEFF
		|| (c >= 0xFFF0 && c <= 0xFFFF)	/* UTF8_BAD is among them */
		|| (c >= 0xE0000 && c <= 0xE0FFF)
		|| (c & 0xFFFE) == 0xFFFE || c > 0x10FFFF;
}

/* U+5000 to U+9FFF are hanzi, all of them. */
static inline bool
is_hanzi_lead(unsigned char c)
{
	return c >= 0xE5 && c <= 0xE9;
}

size_t
utf8_safe_len(const char *text, size_t len, int *chars)
{
	size_t at = 0;
	int count = 0;

	while (at < len) {
		const unsigned char *p = (const unsigned char *)text + at;
		uint32_t c = UTF8_BAD;
		uint64_t w = 0;
		size_t n = 3;

		if (len - at >= sizeof w)
			memcpy(&w, p, sizeof w);
		if (is_hanzi_lead(p[0]) && are_two_threes(w, p) &&
		    is_hanzi_lead(p[3])) {
			at += n;
			count++;
		} else if (!is_hanzi_lead(p[0]) || !is_plain_three(p, len - at)) {
			n = decode(&c, p, len - at);
			if (n == 0 || utf8_is_unsafe(c))
				break;
		}
		at += n;
		count++;
	}
	*chars += count;
	return at;
}

size_t
utf8_clip(const char *text, int cells, int *used)
{
	size_t len = strlen(text), at = 0, end = 0;
	int taken = 0;

	while (at < len) {
		int n = utf8_char_cells(utf8_next(text, len, &at));
		if (taken + n > cells)
			break;
		taken += n;
		end = at;
	}
	if (used)
		*used = taken;
	return end;
}

void
utf8_safe(struct buf *out, const char *text)
{
	size_t len = strlen(text), at = 0, start = 0;

	while (at < len) {
		size_t here = at;
		uint32_t c = utf8_next(text, len, &at);
		if (!utf8_is_unsafe(c))
			continue;
		buf_add(out, text + start, here - start);
		buf_char(out, c == '\t' || c == '\n' ? ' ' : '?');
		start = at;
	}
	buf_add(out, text + start, len - start);
}

uint32_t
utf8_fold(uint32_t c)
{
	if (c == 0x3000)
		return ' ';
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static bool
is_blank(uint32_t c)
{
	return c == ' ' || c == '\t' || c == 0xA0 || c == 0x3000
		|| (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F;
}

/* Full-width by right: Chinese punctuation (GB/T 15834), and the brackets of a
 * case number. */
static bool
is_chinese_sign(uint32_t c)
{
	return c == 0xFF01 || c == 0xFF08 || c == 0xFF09 || c == 0xFF0C
		|| c == 0xFF1A || c == 0xFF1B || c == 0xFF1F;
}

/* What a character becomes in a tidy text; 0: nothing. */
static uint32_t
tidy_char(uint32_t c, bool multiline)
{
	if (c == '\n')
		return multiline ? '\n' : ' ';
	if (is_blank(c))
		return ' ';
	if (c >= 0xFF01 && c <= 0xFF5E && !is_chinese_sign(c))
		return c - 0xFEE0;
	if (c == UTF8_BAD)
		return c;
	return utf8_is_unsafe(c) ? 0 : c;
}

void
utf8_tidy(struct buf *out, const char *text, bool multiline)
{
	size_t len = strlen(text), at = 0;
	size_t start = out->len;	/* nothing of ours is before it */
	size_t end = start;		/* behind the last that is no blank */
	char bytes[4];

	while (at < len) {
		uint32_t c = utf8_next(text, len, &at);
		if (c == '\r') {
			if (at < len && text[at] == '\n')
				continue;
			c = '\n';
		}
		c = tidy_char(c, multiline);
		bool blank = c == ' ' || c == '\n';
		if (c == 0 || (blank && out->len == start))
			continue;
		buf_add(out, bytes, utf8_put(bytes, c));
		if (!blank)
			end = out->len;
	}
	if (!out->full)
		buf_cut(out, end);
}
