/*
 * From stored to shown (value.h): what lists and pages print, what an editor
 * starts with, how columns sort, what a new record begins with.
 */
#include "core/value.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/idno.h"

enum { FEN_DIGITS_MAX = 15 };

static bool
is_digits(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Yuan with two decimals from fen in digits; anything else as it is. */
static void
show_money(struct buf *out, const char *fen, bool thousands)
{
	size_t len = strlen(fen);
	size_t whole = len > 2 ? len - 2 : 0;

	if (!is_digits(fen) || len > FEN_DIGITS_MAX) {
		buf_text(out, fen);
		return;
	}
	for (size_t i = 0; i < whole; i++) {
		if (thousands && i > 0 && (whole - i) % 3 == 0)
			buf_char(out, ',');
		buf_char(out, fen[i]);
	}
	if (whole == 0)
		buf_char(out, '0');
	buf_char(out, '.');
	if (len == 1)
		buf_char(out, '0');
	buf_text(out, fen + whole);
}

/* Labels of codes joined with ';', put together with sign. */
static void
show_codes(struct buf *out, const struct schema_codes *t, const char *text,
    const char *sign)
{
	char code[RECORD_NAME_MAX * 2];
	const char *p = text;

	while (*p) {
		size_t len = strcspn(p, ";");
		const struct schema_code *c = NULL;

		if (p != text)
			buf_text(out, sign);
		if (len < sizeof code) {
			memcpy(code, p, len);
			code[len] = '\0';
			c = schema_code_find(t, code);
		}
		if (c)
			buf_text(out, label_text(&c->label));
		else
			buf_add(out, p, len);
		p += len + (p[len] ? 1 : 0);
	}
}

/* 138****8000, each of several. */
static void
show_masked_phones(struct buf *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, ";");
		size_t head = len >= 11 ? 3 : 0;
		size_t tail = len >= 7 ? 4 : 0;

		buf_add(out, text, head);
		buf_text(out, "****");
		buf_add(out, text + len - tail, tail);
		text += len;
		if (*text == ';') {
			buf_char(out, ';');
			text++;
		}
	}
}

static void
show_masked(struct buf *out, const struct schema_field *f, const char *text)
{
	char masked[IDNO_MAX];

	if (f->type == VT_PHONE) {
		show_masked_phones(out, text);
		return;
	}
	idno_mask(masked, text);
	buf_text(out, masked);
}

void
value_show(struct buf *out, const struct schema_field *f, const char *text,
    bool mask)
{
	const char *time;

	if (text[0] == '\0')
		return;
	if (mask && f->masked) {
		show_masked(out, f, text);
		return;
	}
	switch (f->type) {
	case VT_MONEY:
		show_money(out, text, true);
		break;
	case VT_BOOL:
		buf_text(out, strcmp(text, "1") == 0 ? tr("yes") : tr("no"));
		break;
	case VT_CODE:
		show_codes(out, f->codes, text,
		    tr_lang() == TR_EN ? ", " : "、");
		break;
	case VT_DATETIME:
		time = strchr(text, 'T');
		buf_add(out, text, time ? (size_t)(time - text) : strlen(text));
		if (time)
			buf_printf(out, " %s", time + 1);
		break;
	case VT_REF:
		break;
	default:
		buf_text(out, text);
		break;
	}
}

void
value_show_beside(struct buf *out, const struct schema_field *f,
    const char *text, const char *other)
{
	char masked[IDNO_MAX];

	if (f->type != VT_IDNO || !f->masked || text[0] == '\0') {
		value_show(out, f, text, false);
		return;
	}
	idno_mask_apart(masked, text, other);
	buf_text(out, masked);
}

void
value_edit_text(struct buf *out, const struct schema_field *f,
    const char *text)
{
	if (f->type == VT_MONEY && text[0] != '\0')
		show_money(out, text, false);
	else if (f->type == VT_CODE)
		show_codes(out, f->codes, text, ";");
	else if (f->type == VT_DATETIME || f->type == VT_BOOL)
		value_show(out, f, text, false);
	else
		buf_text(out, text);
}

int
value_compare(enum value_type type, const char *a, const char *b)
{
	size_t a_len = strlen(a);
	size_t b_len = strlen(b);

	/* stored numbers have no leading zeros: the longer one is greater */
	if ((type == VT_INT || type == VT_MONEY) && a_len != b_len)
		return a_len < b_len ? -1 : 1;
	return strcmp(a, b);
}

void
value_initial(struct buf *out, const struct schema_field *f,
    const char *today, const char *now, const char *user, const char *office)
{
	const char *text = f->initial;

	if (!text || schema_parent_initial(f) ||
	    strcmp(text, "@office_name") == 0)
		return;		/* client/newrec asks the store for these */
	if (strcmp(text, "@today") == 0)
		text = today;
	else if (strcmp(text, "@now") == 0)
		text = now;
	else if (strcmp(text, "@me") == 0)
		text = user;
	else if (strcmp(text, "@office") == 0)
		text = office;
	if (strcmp(text, "@year") == 0)
		buf_add(out, today, strcspn(today, "-"));
	else
		buf_text(out, text);
}
