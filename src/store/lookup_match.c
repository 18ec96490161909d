/*
 * Matching.  A name term is compiled once: for each of its places and each
 * syllable, the places to which a character read so may lead.  A row survives
 * the scan only if one of its characters may begin the term; then the set of
 * reached places walks over the name.  A number term is searched in the bytes
 * of all numbers at once.
 */
#include "store/lookup_match.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	PLACES = PINYIN_TYPED_MAX + 1,
	BLOCK = 256,		/* bytes that are tested at once */
};

/* 某, which stands for a character that is not told (core/transfer.h): behind
 * the family name it fits whatever is typed. */
enum { MASK = 0x67d0 };

#define EXACT UINT64_C(0xFFFFFFFF)
#define BOTH ((uint64_t)1 << 32 | 1)

void
lookup_matcher_init(struct lookup_matcher *m)
{
	m->syllables = pinyin_syllables();
	m->steps = mem_alloc(PLACES * m->syllables, sizeof *m->steps);
	m->opens = mem_alloc(LOOKUP_LONG + 1, sizeof *m->opens);
}

void
lookup_matcher_release(struct lookup_matcher *m)
{
	free(m->steps);
	free(m->opens);
	free(m->fits);
	*m = (struct lookup_matcher){0};
}

static bool
is_letter(uint32_t c)
{
	return c >= 'a' && c <= 'z';
}

/* Where a character leads from a place. */
static inline uint64_t
char_steps(const struct lookup_matcher *m, const struct pinyin_typed *typed,
    const struct lookup_char *c, size_t at)
{
	const uint64_t *step = m->steps + at * m->syllables;
	uint64_t to = 0;

	for (int i = 0; i < c->count; i++)
		to |= step[c->reading[i]] & (i == 0 ? ~UINT64_C(0) : ~EXACT);
	if (typed->c[at] == c->c || (c->c == MASK && at > 0))
		to |= BOTH << (at + 1);
	return to;
}

static void
compile_name(struct lookup_matcher *m, const struct lookup_keys *k,
    const struct pinyin_typed *name)
{
	memset(m->steps, 0, name->count * m->syllables * sizeof *m->steps);
	for (size_t at = 0; at < name->count; at++) {
		const struct pinyin_spelling *s;
		size_t n;

		if (!is_letter(name->c[at]))
			continue;
		s = pinyin_spellings(&n, (char)name->c[at]);
		for (size_t i = 0; i < n; i++) {
			uint64_t to = pinyin_steps(name, at, s[i].text);

			m->steps[at * m->syllables + s[i].syllable] |=
			    to << 32 | (s[i].accent ? 0 : to);
		}
	}
	m->opens[0] = 0;
	for (size_t c = 1; c < k->char_count; c++)
		m->opens[c] = char_steps(m, name, &k->chars[c], 0) != 0;
	m->opens[LOOKUP_LONG] = 1;
}

/* Is it one of the texts, with tabs between? */
static bool
place_fits(const char *texts, const struct lookup_way *way)
{
	char one[LOOKUP_PLACE_BYTES];

	for (;;) {
		size_t len = strcspn(texts, "\t");
		int how = 0;

		if (len < sizeof one) {
			memcpy(one, texts, len);
			one[len] = 0;
			how = pinyin_match(one, way->place);
		}
		if (how == 1 || how == 2 || (how == 3 && way->inside))
			return true;
		if (!texts[len])
			return false;
		texts += len + 1;
	}
}

static void
compile_place(struct lookup_matcher *m, const struct lookup_keys *k,
    const struct lookup_way *way)
{
	if (m->fits_cap < k->place_count) {
		free(m->fits);
		m->fits = mem_alloc(k->place_count, sizeof *m->fits);
		m->fits_cap = k->place_count;
	}
	m->fits[0] = 0;
	for (size_t i = 1; i < k->place_count; i++)
		m->fits[i] = place_fits(k->place[i], way);
}

void
lookup_match_compile(struct lookup_matcher *m, const struct lookup_keys *k,
    const struct lookup_way *way)
{
	if (way->how == LOOKUP_BY_NAME || way->how == LOOKUP_BY_BOTH)
		compile_name(m, k, &way->name);
	if (way->how == LOOKUP_BY_PLACE || way->how == LOOKUP_BY_BOTH)
		compile_place(m, k, way);
}

struct walk {
	bool hit;		/* the term ends at some character */
	bool exact;		/* and was taken without accents */
	bool whole;		/* it ends at the last character */
	bool whole_exact;
};

static struct walk
walk_name(const struct lookup_matcher *m, const struct lookup_keys *k,
    const struct pinyin_typed *typed, const uint16_t *name, size_t count)
{
	struct walk w = {0};
	uint32_t any = 1, exact = 1, end = UINT32_C(1) << typed->count;

	for (size_t i = 0; i < count && any != 0; i++) {
		const struct lookup_char *c = &k->chars[name[i]];
		uint32_t next_any = 0, next_exact = 0;

		for (size_t at = 0; any >> at != 0; at++) {
			uint64_t to;

			if (!(any >> at & 1))
				continue;
			to = char_steps(m, typed, c, at);
			next_any |= (uint32_t)(to >> 32);
			if (exact >> at & 1)
				next_exact |= (uint32_t)to;
		}
		w.whole = (next_any & end) != 0;
		w.whole_exact = (next_exact & end) != 0;
		w.hit |= w.whole;
		w.exact |= w.whole_exact;
		any = next_any & ~end;
		exact = next_exact & ~end;
		if (any == 0 && i + 1 < count)
			w.whole = w.whole_exact = false;
	}
	return w;
}

static enum lookup_kind
walk_kind(struct walk w, bool inner, bool alias)
{
	if (alias && !w.exact)
		return LOOKUP_ACCENT_ALIAS;
	if (inner)
		return alias ? LOOKUP_ALIAS_INNER :
		    w.exact ? LOOKUP_NAME_INNER : LOOKUP_ACCENT_INNER;
	if (w.exact && w.whole_exact)
		return alias ? LOOKUP_ALIAS_WHOLE : LOOKUP_NAME_WHOLE;
	if (w.exact)
		return alias ? LOOKUP_ALIAS_HEAD : LOOKUP_NAME_HEAD;
	return w.whole ? LOOKUP_ACCENT_WHOLE : LOOKUP_ACCENT_HEAD;
}

static enum lookup_kind
name_kind(const struct lookup_matcher *m, const struct lookup_keys *k,
    const struct lookup_way *way, const uint16_t name[4], bool alias)
{
	enum lookup_kind best = LOOKUP_NONE;
	const uint16_t *c = name;
	size_t count = 0;

	if (name[0] == LOOKUP_LONG) {
		c = k->pool + (name[1] | (size_t)name[2] << 16);
		count = name[3];
	} else {
		while (count < 4 && name[count] != 0)
			count++;
	}
	for (size_t i = 0; i < count && (i == 0 || !way->start_only); i++) {
		enum lookup_kind kind;
		struct walk w;

		if (!m->opens[c[i]])
			continue;
		w = walk_name(m, k, &way->name, c + i, count - i);
		if (!w.hit)
			continue;
		kind = walk_kind(w, i > 0, alias);
		if (kind < best)
			best = kind;
		if (i == 0 && w.exact)
			break;
	}
	return best;
}

/* The hit at p within the row that begins at row and ends before end.  Hanzi
 * alone stand in thousands of file numbers: wherever they do is the same. */
static enum lookup_kind
hit_kind(const struct lookup_way *way, const char *row, const char *end,
    const char *p)
{
	size_t len = way->len;
	const char *first = row + 1, *after = p + len;
	bool ends = after == end || *after == '\t';

	if (way->text == way->place)
		return LOOKUP_NUMBER_ANY;
	if (p[-1] == '\t')
		return ends ? LOOKUP_NUMBER_WHOLE : LOOKUP_NUMBER_HEAD;
	if (ends && len >= 3)
		return LOOKUP_NUMBER_TAIL;
	/* GB 11643-1999: places 7 to 14 of 18 are the birth date */
	if (len < 4 || (p - first != 6 && p - first != 8) ||
	    memchr(first, '\t', (size_t)(p - first)) != NULL)
		return LOOKUP_NUMBER_ANY;
	while (after < end && *after != '\t')
		after++;
	return after - first == 18 ? LOOKUP_NUMBER_BIRTH : LOOKUP_NUMBER_ANY;
}

/* A search for the places of some bytes, one after the other. */
struct search {
	const char *p;		/* where to go on */
	const char *end;
	const char *text;	/* the bytes looked for */
	size_t len;
	char space[4];		/* of a text of one or two bytes */
	unsigned char hit[BLOCK];	/* 1: may begin at block + i */
	const char *block;	/* NULL: hit says nothing */
};

/* One or two bytes count only where a number begins. */
static void
search_init(struct search *s, const struct lookup_way *way, const char *p,
    const char *end)
{
	s->p = p;
	s->end = end;
	s->text = way->text;
	s->len = way->len;
	s->block = NULL;
	if (way->start_only) {
		s->space[0] = '\t';
		memcpy(s->space + 1, way->text, way->len);
		s->text = s->space;
		s->len++;
	}
}

/* Where might the text begin in the BLOCK bytes from p on?  Written so that
 * compilers make vector instructions of it on every processor. */
static void
search_block(struct search *s)
{
	const char *p = s->p, *middle = p + s->len / 2, *last = p + s->len - 1;
	char a = s->text[0], b = s->text[s->len / 2], z = s->text[s->len - 1];
	unsigned char hit[BLOCK];	/* a local: nothing else may point at it */

	for (size_t i = 0; i < BLOCK; i++)
		hit[i] = (unsigned char)((p[i] == a) & (middle[i] == b) &
		    (last[i] == z));
	memcpy(s->hit, hit, sizeof hit);
	s->block = p;
}

/* The next place within the block. */
static const char *
search_in_block(struct search *s)
{
	const char *stop = s->block + BLOCK;

	while (s->p < stop) {
		const unsigned char *hit = s->hit + (s->p - s->block);
		const unsigned char *next =
		    memchr(hit, 1, (size_t)(stop - s->p));

		if (next == NULL)
			break;
		s->p += next - hit + 1;
		if (memcmp(s->p - 1, s->text, s->len) == 0)
			return s->p - 1;
	}
	s->p = stop;
	s->block = NULL;
	return NULL;
}

/* The next place; NULL: there is none. */
static const char *
search_next(struct search *s)
{
	for (;;) {
		const char *found =
		    s->block != NULL ? search_in_block(s) : NULL;

		if (found != NULL)
			return found;
		if ((size_t)(s->end - s->p) < BLOCK + s->len)
			break;
		search_block(s);
	}
	while ((size_t)(s->end - s->p) >= s->len) {
		s->p++;
		if (s->p[-1] == s->text[0] &&
		    memcmp(s->p - 1, s->text, s->len) == 0)
			return s->p - 1;
	}
	return NULL;
}

static enum lookup_kind
number_kind(const struct lookup_keys *k, const struct lookup_way *way,
    size_t row)
{
	const char *begin = k->text.data + k->text_at[row];
	const char *end = k->text.data + k->text_at[row + 1];
	enum lookup_kind best = LOOKUP_NONE;
	struct search s;
	const char *p;

	search_init(&s, way, begin, end);
	for (p = search_next(&s); p != NULL; p = search_next(&s)) {
		enum lookup_kind kind =
		    hit_kind(way, begin, end, p + way->start_only);

		if (kind < best)
			best = kind;
	}
	return best;
}

static void
scan_numbers(struct lookup_set *out, const struct lookup_keys *k,
    const struct lookup_way *way)
{
	const char *text = k->text.data, *p;
	size_t row = 0;
	struct search s;

	search_init(&s, way, text, text + k->text_at[k->count]);
	for (p = search_next(&s); p != NULL; p = search_next(&s)) {
		enum lookup_kind kind;

		while ((size_t)(p - text) >= k->text_at[row + 1])
			row++;
		kind = hit_kind(way, text + k->text_at[row],
		    text + k->text_at[row + 1], p + way->start_only);
		if (out->count == 0 || out->row[out->count - 1] != row) {
			out->row[out->count] = (uint32_t)row;
			out->kind[out->count++] = (uint8_t)kind;
		} else if (kind < out->kind[out->count - 1]) {
			out->kind[out->count - 1] = (uint8_t)kind;
		}
	}
}

/* With a place named, a whole name is no better than its beginning: the
 * person of just that name comes first. */
static enum lookup_kind
kind_at_place(const struct lookup_matcher *m, const struct lookup_meta *meta,
    const struct lookup_way *way, enum lookup_kind kind)
{
	if (way->how != LOOKUP_BY_BOTH || kind == LOOKUP_NONE)
		return kind;
	if (!m->fits[meta->place])
		return LOOKUP_NONE;
	return kind < LOOKUP_NAME_HEAD ? LOOKUP_NAME_HEAD : kind;
}

static void
scan_names(struct lookup_set *out, const struct lookup_matcher *m,
    const struct lookup_keys *k, const struct lookup_way *way)
{
	const uint8_t *opens = m->opens;
	unsigned inner = !way->start_only;
	size_t alias = 0;
	size_t alias_row = k->alias_count > 0 ? k->alias[0].row : k->count;

	for (size_t row = 0; row < k->count; row++) {
		const uint16_t *c = k->name[row];
		enum lookup_kind kind = LOOKUP_NONE;

		if (opens[c[0]] | (inner &
		    (opens[c[1]] | opens[c[2]] | opens[c[3]])))
			kind = name_kind(m, k, way, c, false);
		while (alias_row == row) {
			enum lookup_kind other = k->meta[row].dead ?
			    LOOKUP_NONE :
			    name_kind(m, k, way, k->alias[alias].name, true);

			if (other < kind)
				kind = other;
			alias++;
			alias_row = alias < k->alias_count ?
			    k->alias[alias].row : k->count;
		}
		if (kind != LOOKUP_NONE)
			kind = kind_at_place(m, &k->meta[row], way, kind);
		if (kind != LOOKUP_NONE) {
			out->row[out->count] = (uint32_t)row;
			out->kind[out->count++] = (uint8_t)kind;
		}
	}
}

static enum lookup_kind
place_kind(const struct lookup_matcher *m, const struct lookup_meta *meta)
{
	return !meta->dead && m->fits[meta->place] ? LOOKUP_AT_PLACE :
	    LOOKUP_NONE;
}

static void
scan_places(struct lookup_set *out, const struct lookup_matcher *m,
    const struct lookup_keys *k)
{
	for (size_t row = 0; row < k->count; row++) {
		if (place_kind(m, &k->meta[row]) == LOOKUP_NONE)
			continue;
		out->row[out->count] = (uint32_t)row;
		out->kind[out->count++] = LOOKUP_AT_PLACE;
	}
}

void
lookup_match_scan(struct lookup_set *out, const struct lookup_matcher *m,
    const struct lookup_keys *k, const struct lookup_way *way)
{
	out->count = 0;
	if (way->how == LOOKUP_BY_NUMBER)
		scan_numbers(out, k, way);
	else if (way->how == LOOKUP_BY_PLACE)
		scan_places(out, m, k);
	else
		scan_names(out, m, k, way);
}

/* The first alias of a row or of one after it. */
static size_t
first_alias(const struct lookup_keys *k, size_t row)
{
	size_t low = 0, high = k->alias_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (k->alias[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum lookup_kind
lookup_match_row(const struct lookup_matcher *m, const struct lookup_keys *k,
    const struct lookup_way *way, size_t row)
{
	enum lookup_kind best;

	if (way->how == LOOKUP_BY_NUMBER)
		return number_kind(k, way, row);
	if (way->how == LOOKUP_BY_PLACE)
		return place_kind(m, &k->meta[row]);
	best = name_kind(m, k, way, k->name[row], false);
	for (size_t i = first_alias(k, row);
	    i < k->alias_count && k->alias[i].row == row; i++) {
		enum lookup_kind kind =
		    name_kind(m, k, way, k->alias[i].name, true);

		if (kind < best && !k->meta[row].dead)
			best = kind;
	}
	return kind_at_place(m, &k->meta[row], way, best);
}
