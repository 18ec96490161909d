/*
 * From typed to stored.  Each type has one reader that appends the stored form
 * to an empty buffer; value_parse() hands it on only when all went well.
 *
 * Prose keeps its Chinese punctuation.  Numbers, dates and codes are folded as
 * a whole.
 */
#include "core/value.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "core/idno.h"
#include "core/record.h"
#include "core/value_number.h"

enum {
	TEXT_CHARS = 200,	/* of texts and notes that give no length */
	NOTE_CHARS = 2000,
	IDNO_CHARS = 20,	/* passports and the like included */
	CODES_TYPED_MAX = 40,	/* several values of one field */
};

struct typed {			/* what the readers are given */
	const struct schema_field *f;
	const char *text;
	int today;
	bool from_sheet;
};

/* ---- prose ---- */

static bool
is_hanzi(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
	    (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3007;
}

/*
 * Names that a paper spread out to fill its box: 李　月, 邬 建.  Two to four
 * hanzi, one of them alone between blanks, are drawn together; 盗窃罪 诈骗罪
 * is not.  The dots that stand in minority names become U+00B7.
 */
static void
mend_name(struct buf *b)
{
	struct buf mended;
	size_t at = 0;
	size_t hanzi = 0;
	size_t run = 0;
	bool alone = false;
	char bytes[4];

	buf_init(&mended, b->max);
	while (at < b->len) {
		uint32_t c = utf8_next(b->data, b->len, &at);

		if (c == ' ') {
			alone = alone || run == 1;
			run = 0;
			continue;
		}
		if (hanzi > 0 && (c == 0x2022 || c == 0x30FB || c == 0x2027 ||
		    c == 0xFF0E || c == '.' || c == 0xB7))
			c = 0xB7;
		else if (is_hanzi(c))
			hanzi++;
		else
			hanzi += 100;	/* no such name */
		run++;
		buf_add(&mended, bytes, utf8_put(bytes, c));
	}
	alone = alone || run == 1;
	if (hanzi < 100 && (!strchr(b->data, ' ') ||
	    (alone && hanzi >= 2 && hanzi <= 4))) {
		buf_clear(b);
		buf_add(b, mended.data, mended.len);
	}
	buf_release(&mended);
}

static enum status
check_length(const struct schema_field *f, const char *text, size_t len,
    struct err *err)
{
	int chars = (int)utf8_chars(text, len);
	int most = f->max_chars;

	if (most == 0)
		most = f->type == VT_NOTE ? NOTE_CHARS : TEXT_CHARS;
	if (chars > most)
		return err_set(err, E_INVALID, tr("Too long: at most %d "
		    "characters, here are %d."), most, chars);
	if (chars < f->min_chars)
		return err_set(err, E_INVALID, tr("Too short: at least %d "
		    "characters, here are %d."), f->min_chars, chars);
	return E_OK;
}

static enum status
read_prose(struct buf *out, const struct typed *t, struct err *err)
{
	if (!utf8_is_valid(t->text, strlen(t->text)))
		return err_set(err, E_INVALID,
		    tr("This text is not valid UTF-8."));
	utf8_tidy(out, t->text, t->f->type == VT_NOTE);
	if (t->f->type == VT_TEXT)
		mend_name(out);
	if (out->full)
		return err_set(err, E_INVALID, tr("This text is too long."));
	return out->len ? check_length(t->f, out->data, out->len, err) : E_OK;
}

/* A paper's number loses its blanks and takes the brackets of the form:
 * (2026) 人调字 2 号 is （2026）人调字2号; one without hanzi stays ASCII. */
static enum status
read_paper_number(struct buf *out, const struct typed *t, struct err *err)
{
	struct buf tidy;
	bool chinese = false;
	enum status s;

	buf_init(&tidy, BUF_LINE_MAX);
	utf8_tidy(&tidy, t->text, false);
	for (size_t at = 0; at < tidy.len; )
		if (is_hanzi(utf8_next(tidy.data, tidy.len, &at)))
			chinese = true;
	for (size_t at = 0; at < tidy.len; ) {
		uint32_t c = utf8_next(tidy.data, tidy.len, &at);
		char bytes[4];

		if (c == ' ')
			continue;
		if (chinese && (c == '(' || c == ')'))
			c = c == '(' ? 0xFF08 : 0xFF09;
		else if (!chinese && c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		buf_add(out, bytes, utf8_put(bytes, c));
	}
	buf_release(&tidy);
	s = utf8_is_valid(t->text, strlen(t->text)) && !out->full ? E_OK :
	    err_set(err, E_INVALID, tr("This text is not valid UTF-8."));
	return s || !out->len ? s : check_length(t->f, out->data, out->len, err);
}

/* ---- days ---- */

static enum status
check_day(const struct typed *t, int on, struct err *err)
{
	if (on < date_from_ymd(1880, 1, 1) || on > date_from_ymd(2199, 12, 31))
		return err_set(err, E_INVALID,
		    tr("The year lies outside 1880 to 2199."));
	if (t->f->past && on > t->today)
		return err_set(err, E_INVALID,
		    tr("This date is still to come; it must not be after "
		    "today."));
	return E_OK;
}

static enum status
parse_day(int *out, const struct typed *t, const char *text, struct err *err)
{
	int on = DATE_NONE;
	/* a clerk's 0315 is a day; in a sheet nobody knows what it is */
	bool doubtful = t->from_sheet && strlen(text) == 4 &&
	    strspn(text, "0123456789") == 4;

	if (t->from_sheet)
		on = date_parse_serial(text);
	if (on == DATE_NONE && !doubtful)
		on = date_parse_typed(text, t->today);
	if (on == DATE_NONE && value_looks_like_day(text))
		return err_set(err, E_INVALID,
		    tr("There is no such day in the calendar."));
	if (on == DATE_NONE)
		return err_set(err, E_INVALID, tr("Not a date; write it like "
		    "20260305, 2026-3-5, 3-5 or '.' for today."));
	*out = on;
	return check_day(t, on, err);
}

static enum status
read_date(struct buf *out, const struct typed *t, struct err *err)
{
	char text[DATE_TEXT_MAX];
	int on = 0;
	enum status s = parse_day(&on, t, t->text, err);

	if (s)
		return s;
	date_print(text, on);
	buf_text(out, text);
	return E_OK;
}

/* What is no day at all may be meant as a time: both are shown. */
static enum status
say_datetime(const struct typed *t, const char *day, const struct err *why,
    struct err *err)
{
	if (value_looks_like_day(day) ||
	    date_parse_typed(day, t->today) != DATE_NONE)
		return err_set(err, why->code, "%s", why->msg);
	return err_set(err, E_INVALID, tr("Not a day and time; write it like "
	    "3-5 9:30, or 0930 for today."));
}

static enum status
read_datetime(struct buf *out, const struct typed *t, struct err *err)
{
	struct buf day;
	char text[DATE_TEXT_MAX];
	char clock[VALUE_CLOCK_MAX] = "";
	int on = t->today;
	struct err none = ERR_INIT;
	enum status s = E_OK;

	buf_init(&day, BUF_LINE_MAX);
	if (!value_split_clock(&day, clock, t->text))
		s = err_set(err, E_INVALID, tr("Not a time of day; write it "
		    "like 9:30 or 0930."));
	else if (day.len > 0 && parse_day(&on, t, day.data, &none))
		s = say_datetime(t, day.data, &none, err);
	if (s)
		goto out;
	date_print(text, on);
	buf_text(out, text);
	/* a spreadsheet gives every date a midnight that nobody meant */
	if (clock[0] != '\0' && !(t->from_sheet && day.len > 0 &&
	    strcmp(clock, "00:00") == 0))
		buf_printf(out, "T%s", clock);
out:
	buf_release(&day);
	return s;
}

/* ---- choices ---- */

static enum status
read_bool(struct buf *out, const struct typed *t, struct err *err)
{
	static const char *const yes[] = { "1", "y", "yes", "true", "t", "是",
		"有", "对", "√", "✓", "✔" };
	static const char *const no[] = { "0", "n", "no", "false", "f", "否",
		"无", "没有", "不是", "×", "✗", "x" };
	struct buf word;
	enum status s = E_OK;
	int found = -1;

	buf_init(&word, BUF_LINE_MAX);
	value_fold(&word, t->text);
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (strcmp(word.data, yes[i]) == 0)
			found = 1;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (strcmp(word.data, no[i]) == 0)
			found = 0;
	if (found < 0)
		s = err_set(err, E_INVALID, tr("Here yes or no is expected."));
	else
		buf_char(out, found ? '1' : '0');
	buf_release(&word);
	return s;
}

static enum status
add_code(struct buf *out, const struct schema_field *f, const char *text,
    struct err *err)
{
	size_t count = 0;
	const struct schema_code *c = schema_code_complete(f->codes, text,
	    &count);

	if (!c && count > 1)
		return err_set(err, E_INVALID, tr("Several entries of '%s' "
		    "begin like this."), label_text(&f->codes->title));
	if (!c)
		return err_set(err, E_INVALID, tr("There is no such entry in "
		    "'%s'."), label_text(&f->codes->title));
	if (!values_set_has(out->data, c->code)) {
		if (out->len > 0)
			buf_char(out, ';');
		buf_text(out, c->code);
	}
	return E_OK;
}

/* Bytes of the text up to a sign between values; *skip gets the sign's. */
static size_t
piece_len(const char *text, size_t *skip)
{
	static const char *const signs[] = { ";", "；", ",", "，", "、", "/" };
	size_t len = strlen(text);

	*skip = 0;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		const char *at = strstr(text, signs[i]);

		if (at && (size_t)(at - text) < len) {
			len = (size_t)(at - text);
			*skip = strlen(signs[i]);
		}
	}
	return len;
}

/* Several values; a label with a comma of its own is tried whole first. */
static enum status
read_codes(struct buf *out, const struct typed *t, struct err *err)
{
	struct buf piece;
	enum status s;
	size_t len;
	size_t skip;
	int n = 0;

	if (!t->f->multi || schema_code_match(t->f->codes, t->text))
		return add_code(out, t->f, t->text, err);
	s = E_OK;
	buf_init(&piece, BUF_LINE_MAX);
	for (const char *p = t->text; *p && s == E_OK; p += len + skip) {
		len = piece_len(p, &skip);
		buf_clear(&piece);
		value_fold_n(&piece, p, len);
		if (piece.len == 0)
			continue;
		if (++n > CODES_TYPED_MAX)
			s = err_set(err, E_INVALID,
			    tr("These are too many values."));
		else
			s = add_code(out, t->f, piece.data, err);
	}
	buf_release(&piece);
	return s;
}

static enum status
read_ref(struct buf *out, const struct typed *t, struct err *err)
{
	char text[UUID_TEXT_MAX];
	struct uuid id;

	if (!uuid_parse(&id, t->text))
		return err_set(err, E_INVALID,
		    tr("Choose the record from the list."));
	uuid_print(text, &id);
	buf_text(out, text);
	return E_OK;
}

/* ---- numbers of persons and papers ---- */

/* Other documents than the resident card stand here too, so only the tidying
 * is done; whether a number must pass its check the register's rule knows. */
static enum status
read_idno(struct buf *out, const struct typed *t, struct err *err)
{
	char id[IDNO_MAX];
	struct err ignored = ERR_INIT;
	bool old;

	if (idno_parse(id, &old, t->text, t->today, &ignored) == E_OK) {
		buf_text(out, id);
		return E_OK;
	}
	value_fold_upper(out, t->text);
	if (utf8_chars(out->data, out->len) > IDNO_CHARS)
		return err_set(err, E_INVALID, tr("Too long: at most %d "
		    "characters, here are %d."), IDNO_CHARS,
		    (int)utf8_chars(out->data, out->len));
	return E_OK;
}

static enum status
read_checked(struct buf *out, const struct typed *t, struct err *err)
{
	char text[PHONE_MAX];
	enum status s;

	if (t->f->type == VT_USCC)
		s = uscc_parse(text, t->text, err);
	else
		s = phone_parse(text, t->text, err);
	if (s == E_OK)
		buf_text(out, text);
	return s;
}

/* ---- all of them ---- */

static enum status
read_typed(struct buf *out, const struct typed *t, struct err *err)
{
	switch (t->f->type) {
	case VT_TEXT:
	case VT_NOTE:
		return read_prose(out, t, err);
	case VT_NUMBER:
		return read_paper_number(out, t, err);
	case VT_DATE:
		return read_date(out, t, err);
	case VT_DATETIME:
		return read_datetime(out, t, err);
	case VT_INT:
		return value_read_int(out, t->text, err);
	case VT_MONEY:
		return value_read_money(out, t->text, err);
	case VT_BOOL:
		return read_bool(out, t, err);
	case VT_CODE:
		return read_codes(out, t, err);
	case VT_REF:
		return read_ref(out, t, err);
	case VT_IDNO:
		return read_idno(out, t, err);
	case VT_PHONE:
	case VT_USCC:
		return read_checked(out, t, err);
	}
	return err_set(err, E_INVALID, tr("This field takes no values."));
}

/* Nothing to see: bytes that are no text are something. */
static bool
is_blank(const char *text)
{
	size_t len = strlen(text);
	size_t at = 0;

	while (at < len) {
		uint32_t c = utf8_next(text, len, &at);

		if (c == UTF8_BAD || (c != ' ' && c != 0xA0 && c != 0x3000 &&
		    !utf8_is_unsafe(c)))
			return false;
	}
	return true;
}

enum status
value_parse(struct buf *out, const struct schema_field *f, const char *text,
    int today, bool from_sheet, struct err *err)
{
	struct typed t = { .f = f, .text = text, .today = today,
		.from_sheet = from_sheet };
	struct buf stored = {0};
	enum status s;

	if (is_blank(text))
		return E_OK;
	buf_init(&stored, RECORD_VALUE_BYTES_MAX);
	s = read_typed(&stored, &t, err);
	if (s == E_OK && stored.full)
		s = err_set(err, E_INVALID, tr("This text is too long."));
	if (s == E_OK)
		buf_add(out, stored.data, stored.len);
	buf_release(&stored);
	return s;
}
