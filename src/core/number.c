/*
 * Paper numbers: how they are written, and in which year.
 */
#include "core/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/utf8.h"

enum {
	PLAIN_MAX = 512,	/* bytes of a number or a format, folded */
	CHAR_MAX_BYTES = 4,
	YEAR_DIGITS = 4,
	DIGITS_MAX = 12,	/* of a running number, with zeros */
	JANUARY = 1, DECEMBER = 12,
};

static const char provisional_head[] = "临(";

/* ---- comparing ---- */

static uint32_t
fold(uint32_t c)
{
	switch (c) {
	case 0x3014: case 0x3010: case '[':	/* 〔【 */
		return '(';
	case 0x3015: case 0x3011: case ']':
		return ')';
	default:
		return utf8_fold(c);
	}
}

/* Without blanks, brackets of one kind; false: too long for a number. */
static bool
plain(char out[PLAIN_MAX], const char *text)
{
	size_t len = strlen(text), at = 0, n = 0;

	while (at < len) {
		unsigned char digit = (unsigned char)text[at];
		uint32_t c;

		if (n + CHAR_MAX_BYTES >= PLAIN_MAX)
			return false;
		if (digit >= '0' && digit <= '9') {
			out[n++] = text[at++];
			continue;
		}
		c = fold(fold(utf8_next(text, len, &at)));
		if (c != ' ' && c != '\t' && c != 0xA0)
			n += utf8_put(out + n, c);
	}
	out[n] = '\0';
	return true;
}

/* ---- parts of a format ---- */

enum part { PART_TEXT, PART_YEAR, PART_N, PART_SHORT };

static const struct {
	const char *word;
	enum part part;
} words[] = {
	{ "@year", PART_YEAR }, { "@n", PART_N }, { "@short", PART_SHORT },
};

/* The part that a format begins with, and its bytes; 0 at the end. */
static size_t
next_part(enum part *part, const char *format)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i].word);

		if (strncmp(format, words[i].word, len) == 0) {
			*part = words[i].part;
			return len;
		}
	}
	*part = PART_TEXT;
	return format[0] ? 1 + strcspn(format + 1, "@") : 0;
}

static bool
read_digits(int64_t *out, const char **text, size_t least, size_t most)
{
	size_t n = strspn(*text, "0123456789");

	if (n < least || n > most)
		return false;
	*out = strtoll(*text, NULL, 10);
	*text += n;
	return true;
}

/* Up to where the rest of the format may begin. */
static bool
read_short(char out[NUMBER_SHORT_MAX], const char **text, const char *rest)
{
	char stop[PLAIN_MAX];
	enum part part;
	size_t len = next_part(&part, rest), n;
	const char *end;

	if (len == 0) {
		n = strlen(*text);
	} else if (part != PART_TEXT) {
		n = strcspn(*text, "0123456789");
	} else {
		memcpy(stop, rest, len);
		stop[len] = '\0';
		end = strstr(*text, stop);
		if (!end)
			return false;
		n = (size_t)(end - *text);
	}
	if (n == 0 || n >= NUMBER_SHORT_MAX)
		return false;
	memcpy(out, *text, n);
	out[n] = '\0';
	*text += n;
	return true;
}

static bool
read_part(struct number *out, enum part part, const char **text,
    const char *format, size_t len)
{
	int64_t year = 0;

	switch (part) {
	case PART_YEAR:
		if (!read_digits(&year, text, YEAR_DIGITS, YEAR_DIGITS))
			return false;
		out->year = (int)year;
		return true;
	case PART_N:
		return read_digits(&out->n, text, 1, DIGITS_MAX);
	case PART_SHORT:
		return read_short(out->short_name, text, format + len);
	case PART_TEXT:
		if (strncmp(*text, format, len) != 0)
			return false;
		*text += len;
		return true;
	}
	return false;
}

bool
number_parse(struct number *out, const char *format, const char *text)
{
	char said[PLAIN_MAX], how[PLAIN_MAX];
	const char *at = said, *f = how;
	struct number n = {0};
	enum part part;
	size_t len;

	if (!plain(said, text) || !plain(how, format))
		return false;
	for (len = next_part(&part, f); len > 0; len = next_part(&part, f)) {
		if (!read_part(&n, part, &at, f, len))
			return false;
		f += len;
	}
	if (*at || n.n < 1 || n.n > NUMBER_MOST)
		return false;
	*out = n;
	return true;
}

void
number_print(struct buf *out, const char *format, const struct number *number)
{
	enum part part;
	size_t len;

	for (len = next_part(&part, format); len > 0;
	    format += len, len = next_part(&part, format)) {
		if (part == PART_YEAR)
			buf_printf(out, "%04d", number->year);
		else if (part == PART_N)
			buf_printf(out, "%" PRId64, number->n);
		else if (part == PART_SHORT)
			buf_text(out, number->short_name);
		else
			buf_add(out, format, len);
	}
}

/* ---- whose ---- */

void
number_short(char out[NUMBER_SHORT_MAX], const char *office_name)
{
	static const char *const ends[] = { "司法所", "司法局", "司法办公室" };
	char name[PLAIN_MAX];
	size_t len;

	if (!plain(name, office_name))
		name[0] = '\0';
	len = strlen(name);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t end = strlen(ends[i]);

		if (len > end && strcmp(name + len - end, ends[i]) == 0) {
			len -= end;
			break;
		}
	}
	if (len >= NUMBER_SHORT_MAX)
		len = utf8_clip(name, (NUMBER_SHORT_MAX - 1) / 2, NULL);
	memcpy(out, name, len);
	out[len] = '\0';
}

void
number_class(char out[NUMBER_CLASS_MAX], const struct schema_number *def,
    const struct number *number, const char *own_short)
{
	bool own = !number->short_name[0] ||
	    strcmp(number->short_name, own_short) == 0;
	size_t len = strlen(def->cls);
	char *name;

	if (own && len < NUMBER_CLASS_MAX) {
		memcpy(out, def->cls, len + 1);
		return;
	}
	name = mem_printf("%s%s%s", def->cls, own ? "" : "/",
	    own ? "" : number->short_name);
	/* a longer name is cut: the series is still another than the own one */
	snprintf(out, NUMBER_CLASS_MAX, "%s", name);
	if (!utf8_is_valid(out, strlen(out)))
		out[len + 1 + utf8_valid_len(out + len + 1,
		    strlen(out + len + 1))] = '\0';
	free(name);
}

/* ---- provisional ---- */

void
number_print_provisional(struct buf *out, int year, int64_t device,
    int64_t epoch, int64_t n)
{
	buf_printf(out, "临〔%04d〕D%02" PRId64, year, device);
	if (epoch > 1 && epoch <= 26)
		buf_char(out, (char)('A' + epoch - 1));
	else if (epoch > 1)
		buf_printf(out, "Z%" PRId64, epoch);
	buf_printf(out, "-%" PRId64, n);
}

bool
number_is_provisional(const char *text, int *year)
{
	char said[PLAIN_MAX];
	const char *at = said;
	int64_t of = 0;

	if (!plain(said, text) ||
	    strncmp(at, provisional_head, sizeof provisional_head - 1) != 0)
		return false;
	at += sizeof provisional_head - 1;
	if (!read_digits(&of, &at, YEAR_DIGITS, YEAR_DIGITS) || *at != ')')
		return false;
	if (year)
		*year = (int)of;
	return true;
}

/* ---- when ---- */

int
number_year(const struct schema_number *def, const struct record *r, int today)
{
	char text[DATE_TEXT_MAX] = "";
	int on = today, year, month, day, now;

	if (def->day)
		strncat(text, record_get(r, def->day), DATE_TEXT_MAX - 1);
	if (text[0] && date_parse(text) != DATE_NONE)
		on = date_parse(text);
	date_to_ymd(today, &now, &month, &day);
	date_to_ymd(on, &year, &day, &day);
	if (year == now || (month == JANUARY && year == now - 1))
		return year;
	return 0;
}

bool
number_year_is_open(int year, int today)
{
	int now, month, day;

	date_to_ymd(today, &now, &month, &day);
	return year == now || (month == JANUARY && year == now - 1) ||
	    (month == DECEMBER && year == now + 1);
}

bool
number_is_due(const struct schema_number *def, const struct record *r,
    bool is_new, const char *move)
{
	if (!def->field || record_get(r, def->field)[0])
		return false;
	if (def->move_count == 0)
		return is_new;
	for (size_t i = 0; move && i < def->move_count; i++) {
		if (strcmp(def->moves[i], move) == 0)
			return true;
	}
	return false;
}

static bool
saw_provisional(const struct schema_number *def, const struct op_change *c,
    const char *has)
{
	return strcmp(c->field, def->field) == 0 && has[0] &&
	    !number_is_provisional(has, NULL) &&
	    number_is_provisional(c->before, NULL);
}

bool
number_is_overtaken(const struct schema_number *def, const struct op *op,
    const struct record *current)
{
	const char *has = def->field ? record_get(current, def->field) : "";

	for (size_t i = 0; has[0] && i < op->change_count; i++) {
		if (saw_provisional(def, &op->changes[i], has))
			return true;
	}
	return false;
}

void
number_bring(struct op *op, const struct schema_number *def,
    const struct record *current)
{
	const char *has = record_get(current, def->field);

	for (size_t i = 0; i < op->change_count; i++) {
		struct op_change *c = &op->changes[i];
		bool stays = strcmp(c->after, c->before) == 0;

		if (!saw_provisional(def, c, has))
			continue;
		free(c->before);
		c->before = mem_strdup(has);
		if (!stays)
			continue;
		free(c->after);
		c->after = mem_strdup(has);
	}
}
