/*
 * Cutting what was typed into terms: at blanks, and between letters and the
 * digits that follow them; and what a term may mean.
 */
#include "store/lookup_terms.h"

#include <string.h>

#include "base/utf8.h"

enum {
	TYPED_CHARS = 127,	/* what is typed beyond is ignored */
	BLANK = 1,
	APOSTROPHE = 2,
	FIRST_HANZI = 0x2E80,	/* where CJK begins */
};

struct typed_char {
	uint32_t c;
	int border;	/* what stood before it: BLANK, APOSTROPHE or 0 */
};

static size_t
fold_typed(struct typed_char out[TYPED_CHARS], const char *typed)
{
	size_t len = strlen(typed), at = 0, n = 0;
	int border = 0;

	while (at < len && n < TYPED_CHARS) {
		uint32_t c = pinyin_fold(utf8_next(typed, len, &at));

		if (c == ' ' || c == '\t' || c == '\n' || c == 0xA0 ||
		    c == 0x3000)
			border |= BLANK;
		if (c == '\'' || c == 0x2019)
			border |= APOSTROPHE;
		if (c == 0xFC || c == 0xDC)
			c = 'v';
		if (pinyin_is_filler(c) || c == UTF8_BAD)
			continue;
		out[n++] = (struct typed_char){ .c = c, .border = border };
		border = 0;
	}
	return n;
}

static bool
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(uint32_t c)
{
	return c >= 'a' && c <= 'z';
}

static void
add_to_name(struct lookup_term *t, const struct typed_char *in, size_t n)
{
	for (size_t i = 0; i < n && t->name.count < PINYIN_TYPED_MAX; i++) {
		if (in[i].border != 0 && t->name.count > 0)
			t->name.cuts |= UINT32_C(1) << t->name.count;
		t->name.c[t->name.count++] = in[i].c;
	}
}

static void
add_to_number(struct lookup_term *t, const struct typed_char *in, size_t n)
{
	for (size_t i = 0; i < n && t->len <= LOOKUP_NUMBER_MAX - 4; i++)
		t->len += utf8_put(t->text + t->len,
		    is_letter(in[i].c) ? in[i].c - ('a' - 'A') : in[i].c);
}

/* The characters of the run at in: up to a blank, and letters up to a digit,
 * so that zs0317 is two terms, but 049x and file numbers stay one. */
static size_t
run_length(const struct typed_char *in, size_t left, bool *number)
{
	size_t n = 0, letters = 0;

	*number = false;
	do {
		if (is_digit(in[n].c)) {
			if (!*number)
				letters = n;
			*number = true;
		}
		n++;
	} while (n < left && !(in[n].border & BLANK));
	if (*number && is_letter(in[0].c)) {
		*number = false;
		return letters;
	}
	return n;
}

size_t
lookup_terms_parse(struct lookup_term term[LOOKUP_TERMS_MAX], const char *typed)
{
	struct typed_char in[TYPED_CHARS];
	size_t count = fold_typed(in, typed), n = 0;

	for (size_t i = 0; i < count;) {
		bool number;
		size_t run = run_length(in + i, count - i, &number);
		bool joins = n > 0 && !number && !term[n - 1].number;

		if (!joins) {
			if (n == LOOKUP_TERMS_MAX)
				break;
			term[n++] = (struct lookup_term){ .number = number };
		}
		if (number)
			add_to_number(&term[n - 1], in + i, run);
		else
			add_to_name(&term[n - 1], in + i, run);
		i += run;
	}
	for (size_t i = 0; i < n; i++) {
		struct lookup_term *t = &term[i];

		t->start_only = t->number ? t->len < 3 :
		    t->name.count == 1 && is_letter(t->name.c[0]);
	}
	return n;
}

/* ---- what a term may mean ---- */

/* From c[from] to before c[to], with the borders between. */
static void
take_name(struct pinyin_typed *out, const struct pinyin_typed *in, size_t from,
    size_t to)
{
	*out = (struct pinyin_typed){ .count = to - from };
	memcpy(out->c, in->c + from, out->count * sizeof *out->c);
	out->cuts = in->cuts >> from & ~UINT32_C(1);
	if (out->count < 32)
		out->cuts &= (UINT32_C(1) << out->count) - 1;
}

/* Two hanzi and more are looked for inside a name, everything else at its
 * beginning. */
static bool
may_be_inside(const struct pinyin_typed *t, size_t from, size_t to)
{
	return to - from >= 2 && t->c[from] >= FIRST_HANZI;
}

static size_t
take_place(struct lookup_way *out, const struct pinyin_typed *in, size_t from,
    size_t to)
{
	char *text = out->place;
	size_t len = 0;

	for (size_t i = from; i < to; i++) {
		if (i > from && in->cuts >> i & 1)
			text[len++] = ' ';
		len += utf8_put(text + len, in->c[i]);
	}
	text[len] = 0;
	out->inside = may_be_inside(in, from, to);
	return len;
}

static bool
is_hanzi(const struct pinyin_typed *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (t->c[i] < FIRST_HANZI)
			return false;
	return to > from;
}

/* One letter would be most places. */
static bool
may_be_place(const struct pinyin_typed *t, size_t from, size_t to)
{
	return to - from >= 2 || is_hanzi(t, from, to);
}

/* Which opens a name, and is not looked for inside. */
static bool
is_one_letter(const struct pinyin_typed *t, size_t from)
{
	return t->count - from == 1 && is_letter(t->c[from]);
}

/* Two hanzi and more, in one piece. */
static bool
is_broad(const struct pinyin_typed *t)
{
	return t->count >= 2 && t->cuts == 0 && is_hanzi(t, 0, t->count);
}

static size_t
first_cut(const struct pinyin_typed *t)
{
	size_t at = 1;

	while (at < t->count && !(t->cuts >> at & 1))
		at++;
	return at;
}

static size_t
last_cut(const struct pinyin_typed *t)
{
	size_t at = t->count - 1;

	while (at > 0 && !(t->cuts >> at & 1))
		at--;
	return at;
}

/* Where the place begins (after the name), or 0. */
static size_t
place_after(const struct pinyin_typed *t)
{
	size_t at = t->count < 2 ? 0 : last_cut(t);

	return at > 0 && may_be_place(t, at, t->count) ? at : 0;
}

/* Where the place ends (before the name), or 0.  Two hanzi at least, as one
 * types them alone. */
static size_t
place_before(const struct pinyin_typed *t)
{
	size_t at = t->count < 3 ? 0 : first_cut(t);

	return at >= 2 && at < t->count && is_hanzi(t, 0, at) ? at : 0;
}

static struct lookup_way *
add_way(struct lookup_way *out, size_t *count, enum lookup_how how,
    const struct lookup_term *t)
{
	struct lookup_way *w = &out[(*count)++];

	w->how = how;
	w->start_only = t->start_only;
	w->text = NULL;
	w->len = 0;
	return w;
}

size_t
lookup_ways(struct lookup_way out[LOOKUP_WAYS_MAX], const struct lookup_term *t)
{
	const struct pinyin_typed *name = &t->name;
	size_t count = 0, after, before;
	struct lookup_way *w;

	w = add_way(out, &count,
	    t->number ? LOOKUP_BY_NUMBER : LOOKUP_BY_NAME, t);
	w->name = *name;
	w->text = t->text;
	w->len = t->len;
	if (t->number)
		return count;
	after = place_after(name);
	if (after > 0) {
		w = add_way(out, &count, LOOKUP_BY_BOTH, t);
		take_name(&w->name, name, 0, after);
		take_place(w, name, after, name->count);
		w->start_only = after == 1 && is_letter(name->c[0]);
	}
	before = place_before(name);
	if (before > 0) {
		w = add_way(out, &count, LOOKUP_BY_BOTH, t);
		take_name(&w->name, name, before, name->count);
		take_place(w, name, 0, before);
		w->start_only = is_one_letter(name, before);
	}
	if (is_broad(name)) {
		w = add_way(out, &count, LOOKUP_BY_PLACE, t);
		take_place(w, name, 0, name->count);
		w = add_way(out, &count, LOOKUP_BY_NUMBER, t);
		w->len = take_place(w, name, 0, name->count);
		w->text = w->place;
	}
	return count;
}

/* ---- one key more ---- */

/* Does the name say all that the other said, and can it mean nothing that the
 * other could not? */
static bool
name_goes_on(const struct pinyin_typed *from, const struct pinyin_typed *to)
{
	size_t after = place_after(to), before = place_before(to);

	if (from->count > to->count ||
	    memcmp(from->c, to->c, from->count * sizeof *from->c) != 0)
		return false;
	if (after > 0 && after < from->count && (place_after(from) != after ||
	    may_be_inside(from, after, from->count) !=
	    may_be_inside(to, after, to->count)))
		return false;
	if (before > 0 && (before < from->count ?
	    place_before(from) != before || is_one_letter(from, before) :
	    !is_broad(from)))
		return false;
	return !is_broad(to) || is_broad(from);
}

/* A term may change its kind, or give a part away, with the next digit: 'y 第'
 * is a name, 'y 第8' is y and the number 第8. */
static bool
goes_on(const struct lookup_term *from, const struct lookup_term *to)
{
	if (from->number != to->number)
		return false;
	if (from->number)
		return from->len <= to->len &&
		    memcmp(from->text, to->text, from->len) == 0;
	return name_goes_on(&from->name, &to->name);
}

bool
lookup_terms_narrow(const char *shorter, const char *longer)
{
	struct lookup_term a[LOOKUP_TERMS_MAX], b[LOOKUP_TERMS_MAX];
	size_t na, nb;

	if (strncmp(shorter, longer, strlen(shorter)) != 0)
		return false;
	na = lookup_terms_parse(a, shorter);
	nb = lookup_terms_parse(b, longer);
	if (na == 0 || nb < na)
		return false;
	for (size_t i = 0; i < na; i++)
		if (!goes_on(&a[i], &b[i]))
			return false;
	return true;
}
