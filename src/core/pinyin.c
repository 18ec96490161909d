/*
 * Readings of hanzi and the matching of letters against them.
 *
 * A typed text is taken piece by piece: each character of the name takes the
 * hanzi itself, or of one of its readings the whole, the initial letter, the
 * initial of two letters (zh ch sh), or, where the typed text ends or a
 * syllable border was typed, any beginning.  The set of places reached so far
 * is a bit set, so no choice is ever taken back.
 */
#include "core/pinyin.h"

#include <string.h>

#include "base/utf8.h"

#include "pinyin_table.h"

enum {
	INITIALS_MAX = 8,	/* ways of writing one name */
	NAME_MAX_CHARS = 32,
};

bool
pinyin_is_filler(uint32_t c)
{
	switch (c) {
	case ' ': case '\t': case '\n': case '\r': case '\'': case '-': case '.':
	case '(': case ')': case '[': case ']':
	case 0xA0:				/* no-break space */
	case 0xB7: case 0x2022: case 0x30FB:	/* dots in names */
	case 0x2013: case 0x2014:		/* dashes */
	case 0x2018: case 0x2019:		/* apostrophes of input methods */
	case 0x3000:				/* ideographic space */
	case 0x3014: case 0x3015:		/* brackets of document numbers */
	case 0xFF08: case 0xFF09: case 0xFF0D: case 0xFF0E:
		return true;
	default:
		return false;
	}
}

uint32_t
pinyin_fold(uint32_t c)
{
	size_t low = 0, high = sizeof pinyin_plain / sizeof *pinyin_plain;

	c = utf8_fold(c);
	if (c < pinyin_plain[0].c || c > pinyin_plain[high - 1].c)
		return c;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pinyin_plain[middle].c == c)
			return pinyin_plain[middle].plain;
		if (pinyin_plain[middle].c < c)
			low = middle + 1;
		else
			high = middle;
	}
	return c;
}

int
pinyin_readings(uint16_t out[PINYIN_READINGS_MAX], uint32_t c)
{
	unsigned v;
	int n = 0;

	if (c / PINYIN_LEAF >= PINYIN_PAGES)
		return 0;
	v = pinyin_leaf[pinyin_page[c / PINYIN_LEAF] * PINYIN_LEAF +
	    c % PINYIN_LEAF];
	if (v == 0)
		return 0;
	if (v < PINYIN_ONE) {
		out[0] = (uint16_t)v;
		return 1;
	}
	for (v -= PINYIN_ONE; n < PINYIN_READINGS_MAX; v++) {
		out[n++] = pinyin_set[v] & (PINYIN_LAST - 1);
		if (pinyin_set[v] & PINYIN_LAST)
			break;
	}
	return n;
}

/* The generator has checked that the syllable is among the readings. */
static void
to_front(uint16_t *reading, int n, uint16_t syllable)
{
	int i = 0;

	while (i < n - 1 && reading[i] != syllable)
		i++;
	memmove(reading + 1, reading, (size_t)i * sizeof *reading);
	reading[0] = syllable;
}

static bool
double_surname(uint16_t *syllable, const uint32_t *name, size_t k)
{
	for (size_t i = 0; i < sizeof pinyin_double / sizeof *pinyin_double; i++)
		if (pinyin_double[i].c[0] == name[0] &&
		    pinyin_double[i].c[1] == name[1]) {
			*syllable = pinyin_double[i].syllable[k];
			return true;
		}
	return false;
}

int
pinyin_name_readings(uint16_t out[PINYIN_READINGS_MAX], const uint32_t *name,
    size_t len, size_t k)
{
	int n = pinyin_readings(out, name[k]);
	uint16_t syllable;

	if (n < 2 || k > 1)
		return n;
	/* Two characters alone are a surname and a given name of one each. */
	if (len > 2 && double_surname(&syllable, name, k)) {
		to_front(out, n, syllable);
		return n;
	}
	for (size_t i = 0; k == 0 &&
	    i < sizeof pinyin_surname / sizeof *pinyin_surname; i++)
		if (pinyin_surname[i].c == name[0])
			to_front(out, n, pinyin_surname[i].syllable);
	return n;
}

const char *
pinyin_text(uint16_t syllable)
{
	return syllable < PINYIN_SYLLABLES ? pinyin_syllable[syllable] : "";
}

uint16_t
pinyin_syllables(void)
{
	return PINYIN_SYLLABLES;
}

const struct pinyin_spelling *
pinyin_spellings(size_t *count, char letter)
{
	const uint16_t *first = pinyin_spelling_first + (letter - 'a');

	*count = (size_t)(first[1] - first[0]);
	return pinyin_spelling + first[0];
}

/* The characters of a name that count, folded. */
static size_t
name_chars(uint32_t out[NAME_MAX_CHARS], const char *name)
{
	size_t len = strlen(name), at = 0, n = 0;

	while (at < len && n < NAME_MAX_CHARS) {
		uint32_t c = pinyin_fold(utf8_next(name, len, &at));

		if (!pinyin_is_filler(c))
			out[n++] = c;
	}
	return n;
}

uint64_t
pinyin_surname_order(const char *name)
{
	uint32_t c[NAME_MAX_CHARS];
	uint16_t reading[PINYIN_READINGS_MAX] = {0};
	size_t count = name_chars(c, name);

	if (count == 0)
		return 0;
	if (pinyin_name_readings(reading, c, count, 0) == 0)
		reading[0] = 0;
	return (uint64_t)reading[0] << 32 | c[0];
}

/* The letters with which a character of a name may begin, main one first. */
static size_t
first_letters(char out[PINYIN_READINGS_MAX], const uint32_t *name, size_t len,
    size_t k)
{
	uint16_t reading[PINYIN_READINGS_MAX];
	int count = pinyin_name_readings(reading, name, len, k);
	uint32_t c = name[k];
	size_t n = 0;

	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		out[n++] = (char)c;
	for (int i = 0; i < count; i++) {
		char letter = pinyin_syllable[reading[i]][0];

		if (!memchr(out, letter, n))
			out[n++] = letter;
	}
	return n;
}

void
pinyin_initials(struct buf *out, const char *name)
{
	uint32_t c[NAME_MAX_CHARS];
	char letter[NAME_MAX_CHARS][PINYIN_READINGS_MAX];
	size_t ways[NAME_MAX_CHARS], count = name_chars(c, name), used = 0;
	size_t all = 1;

	for (size_t k = 0; k < count; k++) {
		size_t n = first_letters(letter[used], c, count, k);

		if (n > 0)
			ways[used++] = n;
	}
	for (size_t k = 0; k < used && all < INITIALS_MAX; k++)
		all *= ways[k];
	/* The surname changes first: it is where several readings are common. */
	for (size_t way = 0; used > 0 && way < all && way < INITIALS_MAX; way++) {
		size_t rest = way;

		if (way > 0)
			buf_char(out, ' ');
		for (size_t k = 0; k < used; k++) {
			buf_char(out, letter[k][rest % ways[k]]);
			rest /= ways[k];
		}
	}
}

static bool
is_letter(uint32_t c)
{
	return c >= 'a' && c <= 'z';
}

uint32_t
pinyin_steps(const struct pinyin_typed *typed, size_t at, const char *spelling)
{
	size_t end = at + 1;	/* the syllable may not go beyond */
	size_t n = 1;
	uint32_t to;

	if (typed->c[at] != (uint32_t)(unsigned char)spelling[0])
		return 0;
	while (end < typed->count && !(typed->cuts >> end & 1) &&
	    is_letter(typed->c[end]))
		end++;
	while (at + n < end && spelling[n] != '\0' &&
	    typed->c[at + n] == (uint32_t)(unsigned char)spelling[n])
		n++;
	to = UINT32_C(1) << (at + 1);
	if (n >= 2 && spelling[1] == 'h' && strchr("zcs", spelling[0]))
		to |= UINT32_C(1) << (at + 2);
	if (spelling[n] == '\0' || (at + n == end &&
	    (end == typed->count || typed->cuts >> end & 1)))
		to |= UINT32_C(1) << (at + n);
	return to;
}

/* The syllable itself; with u-umlaut also as u and yu. */
static uint32_t
syllable_steps(const struct pinyin_typed *typed, size_t at, const char *text)
{
	uint32_t to = pinyin_steps(typed, at, text);

	if (text[1] == 'v') {
		char other[8] = { text[0], 'u' };

		memcpy(other + 2, text + 2, strlen(text + 2));
		to |= pinyin_steps(typed, at, other);
		other[1] = 'y';
		other[2] = 'u';
		memcpy(other + 3, text + 2, strlen(text + 2));
		to |= pinyin_steps(typed, at, other);
	}
	return to;
}

/* Where one character of the text leads from each of the places in from. */
static uint32_t
char_steps(const struct pinyin_typed *typed, uint32_t from, uint32_t c)
{
	uint16_t reading[PINYIN_READINGS_MAX];
	int count = pinyin_readings(reading, c);
	uint32_t to = 0;

	for (size_t at = 0; at < typed->count; at++) {
		if (!(from >> at & 1))
			continue;
		if (typed->c[at] == c)
			to |= UINT32_C(1) << (at + 1);
		for (int i = 0; i < count && is_letter(typed->c[at]); i++)
			to |= syllable_steps(typed, at,
			    pinyin_syllable[reading[i]]);
	}
	return to;
}

static void
type_text(struct pinyin_typed *out, const char *text)
{
	size_t len = strlen(text), at = 0;

	*out = (struct pinyin_typed){0};
	while (at < len && out->count < PINYIN_TYPED_MAX) {
		uint32_t c = pinyin_fold(utf8_next(text, len, &at));

		if (c == ' ' || c == '\'' || c == 0x2019 || c == 0x3000)
			out->cuts |= UINT32_C(1) << out->count;
		if (c == 0xFC || c == 0xDC)
			c = 'v';
		if (!pinyin_is_filler(c))
			out->c[out->count++] = c;
	}
}

int
pinyin_match(const char *text, const char *typed)
{
	struct pinyin_typed t;
	uint32_t end, head = 1, inner = 0;
	bool begins = false, inside = false, whole = false;
	size_t len = strlen(text), at = 0;

	type_text(&t, typed);
	if (t.count == 0)
		return 2;
	end = UINT32_C(1) << t.count;
	while (at < len) {
		uint32_t c = pinyin_fold(utf8_next(text, len, &at));

		if (pinyin_is_filler(c))
			continue;
		head = char_steps(&t, head, c);
		inner = char_steps(&t, inner, c);
		whole = (head & end) != 0;
		begins |= whole;
		inside |= (inner & end) != 0;
		inner |= 1;
	}
	return whole ? 1 : begins ? 2 : inside ? 3 : 0;
}
