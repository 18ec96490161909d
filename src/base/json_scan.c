/*
 * The strict reading of JSON.
 *
 * 1. at <= len always; a function that answers false has set why, and at is
 *    the place of what is wrong.
 * 2. names[base..] are those of the object being read; the outer objects'
 *    names lie before them.
 * Names are compared decoded, so that "a" and "\u0061" are one name.
 */
#include "base/json_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

enum {
	NUMBER_DIGITS_MAX = 15,	/* what a double holds exactly */
	DECIMALS_MAX = 4,	/* smaller ones are printed with an exponent */
	NAMES_FEW = 64,		/* more than an operation or a line has */
};

struct name {
	size_t at;	/* of the opening quote */
	size_t len;	/* with both quotes */
	uint32_t hash;	/* of the decoded characters */
};

struct scan {
	const char *text;	/* borrowed */
	size_t len;
	size_t at;
	const struct json_listener *to;	/* NULL: nobody listens */
	bool escaped;		/* an escape was read */
	size_t tokens;
	int depth;
	struct name *names;	/* few, or more: then owned */
	size_t name_count, name_room;
	const char *why;	/* a TR_MARKed reason; NULL while all is well */
};

static bool
fail(struct scan *s, size_t at, const char *why)
{
	s->at = at;
	s->why = why;
	return false;
}

static char
peek(const struct scan *s)
{
	/* NUL is not part of any JSON text outside of a string. */
	return s->at < s->len ? s->text[s->at] : '\0';
}

static void
skip_blanks(struct scan *s)
{
	while (s->at < s->len) {
		char c = s->text[s->at];

		if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
			break;
		s->at++;
	}
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits of a \u escape, or -1. */
static int
read_hex4(const struct scan *s, size_t at)
{
	int value = 0;

	if (s->len - at < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int digit = hex_digit(s->text[at + i]);
		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* A \u escape, with its second half where it has one; at is behind the u. */
static bool
read_unicode(struct scan *s, size_t start, uint32_t *out)
{
	int high = read_hex4(s, s->at);

	if (high < 0)
		return fail(s, start, TR_MARK("an escape is not complete"));
	if (high == 0)
		return fail(s, start, TR_MARK("a text contains a NUL character"));
	s->at += 4;
	*out = (uint32_t)high;
	if (high < 0xD800 || high > 0xDFFF)
		return true;
	int low = -1;
	if (high < 0xDC00 && s->len - s->at >= 6 && s->text[s->at] == '\\'
	    && s->text[s->at + 1] == 'u')
		low = read_hex4(s, s->at + 2);
	if (low < 0xDC00 || low > 0xDFFF)
		return fail(s, start, TR_MARK("half of a character is missing"));
	s->at += 6;
	*out = 0x10000 + (((uint32_t)high & 0x3FF) << 10 | ((uint32_t)low & 0x3FF));
	return true;
}

static bool
read_escape(struct scan *s, uint32_t *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	size_t start = s->at++;
	char c = peek(s);

	s->escaped = true;
	const char *known = c ? strchr(from, c) : NULL;

	if (known) {
		s->at++;
		*out = (uint32_t)to[known - from];
		return true;
	}
	if (c != 'u')
		return fail(s, start, TR_MARK("an unknown escape"));
	s->at++;
	return read_unicode(s, start, out);
}

/* One character inside of a string, decoded. */
static bool
read_char(struct scan *s, uint32_t *out)
{
	size_t start = s->at;

	if (start >= s->len)
		return fail(s, start, TR_MARK("the text ends too early"));
	unsigned char byte = (unsigned char)s->text[start];
	if (byte < 0x20 || byte == 0x7F)
		return fail(s, start, TR_MARK("a control character in a text"));
	if (byte == '\\')
		return read_escape(s, out);
	if (byte < 0x80) {
		s->at++;
		*out = byte;
		return true;
	}
	*out = utf8_next(s->text, s->len, &s->at);
	/* A real U+FFFD takes three bytes, a bad byte one. */
	if (*out == UTF8_BAD && s->at == start + 1)
		return fail(s, start, TR_MARK("not valid UTF-8"));
	return true;
}

static struct json_raw
raw_from(const struct scan *s, size_t start)
{
	return (struct json_raw){ s->text + start, s->at - start, s->escaped };
}

/* A string that is a value. */
static bool
scan_text(struct scan *s)
{
	size_t start = ++s->at;

	s->escaped = false;
	for (;;) {
		uint32_t c = 0;

		s->at += utf8_literal_len(s->text + s->at, s->len - s->at);
		if (peek(s) == '"')
			break;
		if (!read_char(s, &c))
			return false;
	}
	if (s->to) {
		struct json_raw raw = raw_from(s, start);

		s->to->text(s->to->self, &raw);
	}
	s->at++;
	return true;
}

/* One that is a name. */
static bool
scan_string(struct scan *s, uint32_t *hash)
{
	uint32_t h = 2166136261u;	/* FNV-1a */

	s->at++;
	s->escaped = false;
	for (char plain = peek(s); plain != '"'; plain = peek(s)) {
		uint32_t c = (unsigned char)plain;
		if (c >= 0x20 && c < 0x7F && c != '\\')
			s->at++;
		else if (!read_char(s, &c))
			return false;
		h = (h ^ c) * 16777619u;
	}
	s->at++;
	*hash = h;
	return true;
}

static size_t
skip_digits(struct scan *s)
{
	size_t start = s->at;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->at++;
	return s->at - start;
}

/* Exactly: at most 15 digits, divided by a power of ten that is exact too. */
static double
value_of(const char *digits, size_t len)
{
	static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4 };
	size_t decimals = 0;
	bool behind = false;
	double value;
	int64_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (digits[i] >= '0' && digits[i] <= '9') {
			n = n * 10 + (digits[i] - '0');
			decimals += behind;
		}
		behind = behind || digits[i] == '.';
	}
	value = (double)n / powers[decimals];
	return digits[0] == '-' ? -value : value;
}

static bool
scan_number(struct scan *s)
{
	size_t start = s->at;
	size_t decimals = 0;

	if (peek(s) == '-')
		s->at++;
	bool zero = peek(s) == '0';
	size_t digits = skip_digits(s);
	if (digits == 0 || (zero && digits > 1))
		return fail(s, start, TR_MARK("not a number"));
	if (peek(s) == '.') {
		s->at++;
		decimals = skip_digits(s);
		if (decimals == 0)
			return fail(s, start, TR_MARK("not a number"));
	}
	if (peek(s) == 'e' || peek(s) == 'E')
		return fail(s, start, TR_MARK("a number with an exponent"));
	if (digits + decimals > NUMBER_DIGITS_MAX)
		return fail(s, start, TR_MARK("a number of more than 15 digits"));
	if (decimals > DECIMALS_MAX)
		return fail(s, start, TR_MARK("a number of more than 4 decimals"));
	if (s->to)
		s->to->number(s->to->self, value_of(s->text + start,
			s->at - start));
	return true;
}

static bool
scan_word(struct scan *s)
{
	static const char *const words[] = { [JSON_TRUE] = "true",
		[JSON_FALSE] = "false", [JSON_NULL] = "null" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);
		if (s->len - s->at >= n
		    && memcmp(s->text + s->at, words[i], n) == 0) {
			if (s->to)
				s->to->word(s->to->self, (enum json_word)i);
			s->at += n;
			return true;
		}
	}
	if (s->at >= s->len)
		return fail(s, s->at, TR_MARK("the text ends too early"));
	return fail(s, s->at, TR_MARK("a value was expected here"));
}

/* Both were scanned before, so that reading cannot fail. */
static bool
is_same_name(const struct scan *s, const struct name *a, const struct name *b)
{
	struct scan x = *s, y = *s;
	size_t x_end = a->at + a->len - 1, y_end = b->at + b->len - 1;

	x.at = a->at + 1;
	y.at = b->at + 1;
	while (x.at < x_end && y.at < y_end) {
		uint32_t c = 0, d = 0;
		if (!read_char(&x, &c) || !read_char(&y, &d) || c != d)
			return false;
	}
	return x.at == x_end && y.at == y_end;
}

static void
more_names(struct scan *s)
{
	struct name *few = s->name_room == NAMES_FEW ? s->names : NULL;

	s->name_room *= 2;
	s->names = mem_resize(few ? NULL : s->names, s->name_room,
		sizeof *s->names);
	if (few)
		memcpy(s->names, few, NAMES_FEW * sizeof *few);
}

static bool
scan_name(struct scan *s, size_t base)
{
	struct name name = { .at = s->at };

	if (peek(s) != '"')
		return fail(s, s->at, TR_MARK("a name in quotes was expected here"));
	if (!scan_string(s, &name.hash))
		return false;
	name.len = s->at - name.at;
	if (name.len > JSON_NAME_MAX)
		return fail(s, name.at, TR_MARK("a name is too long"));
	if (s->name_count - base >= JSON_KEYS_MAX)
		return fail(s, name.at, TR_MARK("too many names in one object"));
	for (size_t i = base; i < s->name_count; i++)
		if (s->names[i].hash == name.hash
		    && is_same_name(s, &s->names[i], &name))
			return fail(s, name.at,
				TR_MARK("a name stands twice in one object"));
	if (s->name_count == s->name_room)
		more_names(s);
	s->names[s->name_count++] = name;
	if (s->to) {
		struct json_raw raw = { s->text + name.at + 1, name.len - 2,
			s->escaped };

		s->to->name(s->to->self, &raw);
	}
	skip_blanks(s);
	if (peek(s) != ':')
		return fail(s, s->at, TR_MARK("a colon was expected here"));
	s->at++;
	return true;
}

static bool scan_value(struct scan *s);

/* An object or an array, from its opening bracket. */
static bool
scan_container(struct scan *s, char close)
{
	size_t base = s->name_count;

	if (++s->depth > JSON_DEPTH_MAX)
		return fail(s, s->at, TR_MARK("nested too deeply"));
	if (s->to)
		s->to->open(s->to->self, close == '}');
	s->at++;
	skip_blanks(s);
	bool more = peek(s) != close;
	while (more) {
		skip_blanks(s);
		if (close == '}' && !scan_name(s, base))
			return false;
		if (!scan_value(s))
			return false;
		skip_blanks(s);
		if (peek(s) != ',' && peek(s) != close)
			return fail(s, s->at, s->at < s->len
				? TR_MARK("a comma or a closing bracket was expected here")
				: TR_MARK("the text ends too early"));
		more = peek(s) == ',';
		s->at += more;
	}
	if (s->to)
		s->to->close(s->to->self);
	s->at++;
	s->depth--;
	s->name_count = base;
	return true;
}

static bool
scan_value(struct scan *s)
{
	skip_blanks(s);
	if (++s->tokens > JSON_TOKENS_MAX)
		return fail(s, s->at, TR_MARK("too many values"));
	char c = peek(s);
	if (c == '{')
		return scan_container(s, '}');
	if (c == '[')
		return scan_container(s, ']');
	if (c == '"')
		return scan_text(s);
	if (c == '-' || (c >= '0' && c <= '9'))
		return scan_number(s);
	return scan_word(s);
}

size_t
json_unescape(char *out, const struct json_raw *raw)
{
	struct scan s = { .text = raw->at, .len = raw->len };
	size_t n = 0;

	while (s.at < s.len) {
		size_t plain = utf8_literal_len(s.text + s.at, s.len - s.at);
		uint32_t c = 0;

		memcpy(out + n, s.text + s.at, plain);
		s.at += plain;
		n += plain;
		if (s.at < s.len && !read_char(&s, &c))
			break;
		if (c)
			n += utf8_put(out + n, c);
	}
	return n;
}

enum status
json_scan(const char *text, size_t len, const struct json_listener *to,
	struct err *err)
{
	struct name few[NAMES_FEW];
	struct scan s = { .text = text, .len = len, .to = to, .names = few,
		.name_room = NAMES_FEW };
	size_t line = 1, start = 0;

	bool good = scan_value(&s);
	if (good)
		skip_blanks(&s);
	if (good && s.at < len)
		good = fail(&s, s.at, TR_MARK("something follows after the end"));
	if (s.names != few)
		free(s.names);
	if (good)
		return E_OK;
	for (size_t i = 0; i < s.at; i++) {
		if (text[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	return err_set(err, E_INVALID, tr("JSON, line %zu, column %zu: %s."),
		line, utf8_chars(text + start, s.at - start) + 1, tr(s.why));
}
