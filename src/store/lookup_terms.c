/*
 * Cutting what was typed into terms: at blanks, and between letters and the
 * digits that follow them.
 */
#include "store/lookup_terms.h"

#include <string.h>

#include "base/utf8.h"

enum {
	TYPED_CHARS = 127,	/* what is typed beyond is ignored */
	BLANK = 1,
	APOSTROPHE = 2,
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
		uint32_t c = utf8_fold(utf8_next(typed, len, &at));

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
