/*
 * Stored values, type by type.  They came through value_parse() on some
 * device, or from a file or a peer that never saw it: nothing is taken on
 * trust, and every text must be the one form that is stored.
 */
#include "core/rule_value.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "core/idno.h"
#include "core/record.h"

enum {
	TEXT_CHARS = 200,	/* as core/value.c */
	NOTE_CHARS = 2000,
	IDNO_CHARS = 20,
	FEN_DIGITS = 12,
	INT_DIGITS = 9,
	DAY_LEN = 10,
	DATETIME_LEN = 16,	/* 2026-03-05T09:11 */
};

static enum status
say_form(struct err *err)
{
	return err_set(err, E_INVALID,
	    tr("This value is not in the form that is stored."));
}

static enum status
check_text(const struct schema_field *f, const char *text, int most,
    struct err *err)
{
	size_t len = strlen(text);
	size_t at = 0;
	int chars = 0;

	for (at = utf8_safe_len(text, len, &chars); at < len;
	    at += utf8_safe_len(text + at, len - at, &chars)) {
		size_t before = at;
		uint32_t c = utf8_next(text, len, &at);

		chars++;
		/* a character of this name has three bytes, a bad byte one */
		if (c == UTF8_BAD && at == before + 1)
			return err_set(err, E_INVALID,
			    tr("This text is not valid UTF-8."));
		if (utf8_is_unsafe(c) && !(c == '\n' && f->type == VT_NOTE))
			return err_set(err, E_INVALID,
			    tr("This text holds a control character."));
	}
	if (chars > most)
		return err_set(err, E_INVALID, tr("Too long: at most %d "
		    "characters, here are %d."), most, chars);
	if (chars < f->min_chars)
		return err_set(err, E_INVALID, tr("Too short: at least %d "
		    "characters, here are %d."), f->min_chars, chars);
	return E_OK;
}

static bool
is_clock(const char *text)
{
	static const char digits[] = "0123456789";

	return strlen(text) == 5 && text[2] == ':' &&
	    strspn(text, digits) == 2 && strspn(text + 3, digits) == 2 &&
	    strncmp(text, "24", 2) < 0 && text[3] < '6';
}

static enum status
check_day(const struct schema_field *f, const char *text, int today,
    struct err *err)
{
	char day[DAY_LEN + 1] = "";
	size_t len = strlen(text);
	int on;

	memcpy(day, text, len < DAY_LEN ? len : DAY_LEN);
	on = date_parse(day);
	if (on == DATE_NONE || (len != DAY_LEN && !(f->type == VT_DATETIME &&
	    len == DATETIME_LEN && text[DAY_LEN] == 'T' &&
	    is_clock(text + DAY_LEN + 1))))
		return say_form(err);
	if (f->past && on > today)
		return err_set(err, E_INVALID,
		    tr("This date is still to come; it must not be after "
		    "today."));
	return E_OK;
}

static enum status
check_digits(const char *text, size_t most, struct err *err)
{
	size_t len = strlen(text);

	if (len > most || strspn(text, "0123456789") != len ||
	    (len > 1 && text[0] == '0'))
		return say_form(err);
	return E_OK;
}

/* Nobody's meeting has no people, and no percentage goes beyond a hundred. */
static enum status
check_number(const struct schema_field *f, const char *text, struct err *err)
{
	enum status s = check_digits(text, INT_DIGITS, err);
	long n = s ? 0 : strtol(text, NULL, 10);

	if (s)
		return s;
	if (n < f->least)
		return err_set(err, E_INVALID, tr("This must be at least %d."),
		    f->least);
	if (f->most && n > f->most)
		return err_set(err, E_INVALID, tr("This must be at most %d."),
		    f->most);
	return E_OK;
}

static enum status
check_code(bool *stop, const struct schema_field *f, const char *code,
    int today, struct err *err)
{
	const struct schema_code *c = schema_code_find(f->codes, code);

	if (!c)
		return err_set(err, E_INVALID, tr("There is no such entry in "
		    "'%s'."), label_text(&f->codes->title));
	if (schema_code_is_valid_on(c, today))
		return E_OK;
	*stop = false;
	return err_set(err, E_INVALID, tr("The entry '%s' is not used any "
	    "more."), label_text(&c->label));
}

/* Several codes: an unknown one matters more than one out of date. */
static enum status
check_codes(bool *stop, const struct schema_field *f, const char *text,
    int today, struct err *err)
{
	char code[RECORD_NAME_MAX * 2];
	enum status s = E_OK;

	if (!f->multi)
		return check_code(stop, f, text, today, err);
	for (;;) {
		size_t len = strcspn(text, ";");
		bool hard = true;

		if (len == 0 || len >= sizeof code)
			return say_form(err);
		memcpy(code, text, len);
		code[len] = '\0';
		if (check_code(&hard, f, code, today, err)) {
			s = E_INVALID;
			*stop = hard;
			if (hard)
				return s;
		}
		if (text[len] == '\0')
			return s;
		text += len + 1;
	}
}

static enum status
check_same(const char *text, const char *stored, struct err *err)
{
	return strcmp(text, stored) == 0 ? E_OK : say_form(err);
}

static enum status
check_numbered(const struct schema_field *f, const char *text,
    struct err *err)
{
	char stored[PHONE_MAX] = "";
	struct uuid id;
	enum status s;

	if (f->type == VT_REF) {
		char same[UUID_TEXT_MAX];

		if (!uuid_parse(&id, text))
			return say_form(err);
		uuid_print(same, &id);
		return check_same(text, same, err);
	}
	s = f->type == VT_USCC ? uscc_parse(stored, text, err) :
	    phone_parse(stored, text, err);
	return s ? s : check_same(text, stored, err);
}

enum status
rule_value_check(bool *stop, const struct schema_field *f, const char *text,
    int today, struct err *err)
{
	*stop = true;
	switch (f->type) {
	case VT_TEXT:
	case VT_NUMBER:
		return check_text(f, text, f->max_chars ? f->max_chars :
		    TEXT_CHARS, err);
	case VT_NOTE:
		return check_text(f, text, f->max_chars ? f->max_chars :
		    NOTE_CHARS, err);
	case VT_IDNO:
		return check_text(f, text, IDNO_CHARS, err);
	case VT_DATE:
	case VT_DATETIME:
		return check_day(f, text, today, err);
	case VT_INT:
		return check_number(f, text, err);
	case VT_MONEY:
		return check_digits(text, FEN_DIGITS, err);
	case VT_BOOL:
		return strcmp(text, "0") == 0 || strcmp(text, "1") == 0 ?
		    E_OK : say_form(err);
	case VT_CODE:
		return check_codes(stop, f, text, today, err);
	case VT_REF:
	case VT_PHONE:
	case VT_USCC:
		return check_numbered(f, text, err);
	}
	return say_form(err);
}
