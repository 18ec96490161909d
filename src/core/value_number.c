/*
 * Whole numbers, money and the time of day, as people and spreadsheets write
 * them.  Amounts are counted in whole fen throughout; no floating point comes
 * near them.
 */
#include "core/value_number.h"

#include <stdint.h>
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

#define FEN_MAX INT64_C(999999999999)	/* ten billion yuan less a fen */
#define INT_MOST INT64_C(999999999)

enum { NUMBER_MAX = 64 };	/* bytes of a number as typed */

/* ---- folding ---- */

static void
fold(struct buf *out, const char *text, size_t len, bool upper)
{
	size_t at = 0;
	char bytes[4];

	while (at < len) {
		uint32_t c = utf8_fold(utf8_next(text, len, &at));

		if (c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 ||
		    c == 0xA0 || c == 0x3000 || c == ' ' || utf8_is_unsafe(c))
			continue;
		if (upper && c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		buf_add(out, bytes, utf8_put(bytes, c));
	}
}

void
value_fold_n(struct buf *out, const char *text, size_t len)
{
	fold(out, text, len, false);
}

void
value_fold(struct buf *out, const char *text)
{
	fold(out, text, strlen(text), false);
}

void
value_fold_upper(struct buf *out, const char *text)
{
	fold(out, text, strlen(text), true);
}

/* ---- decimal numbers ---- */

struct decimal {
	int64_t whole;
	int64_t part;		/* behind the point */
	int places;		/* digits of part */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Thousands stand in threes behind the first group, or there are none: 2,64
 * is a slip, not 264. */
static bool
read_whole(int64_t *out, const char **p)
{
	int group = 0;
	bool commas = false;
	int64_t n = 0;

	for (; is_digit(**p) || **p == ','; ++*p) {
		if (**p == ',') {
			if (group == 0 || group > 3 || (commas && group != 3))
				return false;
			commas = true;
			group = 0;
			continue;
		}
		n = n * 10 + (**p - '0');
		group++;
		if (n > FEN_MAX)
			return false;
	}
	*out = n;
	return group > 0 && (!commas || group == 3);
}

/* A number at the beginning of *p, which goes behind it. */
static bool
read_decimal(struct decimal *out, const char **p)
{
	*out = (struct decimal){0};
	if (!read_whole(&out->whole, p))
		return false;
	if (**p != '.')
		return true;
	for (++*p; is_digit(**p); ++*p) {
		if (out->places == 8)
			return false;
		out->part = out->part * 10 + (**p - '0');
		out->places++;
	}
	while (out->places > 0 && out->part % 10 == 0) {
		out->part /= 10;
		out->places--;
	}
	return true;
}

static bool
skip(const char **p, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*p, word, len) != 0)
		return false;
	*p += len;
	return true;
}

enum status
value_read_int(struct buf *out, const char *text, struct err *err)
{
	struct buf line;
	const char *p;
	struct decimal d;
	bool good;

	buf_init(&line, NUMBER_MAX);
	value_fold(&line, text);
	p = line.data;
	good = !line.full && read_decimal(&d, &p) && d.places == 0 &&
	    d.whole <= INT_MOST;
	/* what is counted may be named: 3人, 12件 */
	if (good && *p != '\0')
		good = (unsigned char)*p >= 0x80 && utf8_chars(p, strlen(p)) == 1;
	if (good)
		buf_printf(out, "%lld", (long long)d.whole);
	buf_release(&line);
	if (good)
		return E_OK;
	return err_set(err, E_INVALID,
	    tr("Here a whole number is expected, 0 or more."));
}

/* d times unit fen; false: parts of a fen, or too much. */
static bool
to_fen(int64_t *out, const struct decimal *d, int64_t unit)
{
	int64_t tens = 1;

	for (int i = 0; i < d->places; i++)
		tens *= 10;
	if (d->whole > FEN_MAX / unit || d->part * unit % tens != 0)
		return false;
	*out = d->whole * unit + d->part * unit / tens;
	return *out <= FEN_MAX;
}

/* Yuan with their sign, unit and 元: the fen of one unit, 0 if the text behind
 * the number is nothing of the kind. */
static int64_t
money_unit(const char *p)
{
	int64_t unit = 100;

	if (skip(&p, "亿"))
		unit *= 100000000;
	else if (skip(&p, "万") || skip(&p, "w"))
		unit *= 10000;
	else if (skip(&p, "千"))
		unit *= 1000;
	if (skip(&p, "元") || skip(&p, "圆"))
		(void)skip(&p, "整");
	return *p == '\0' ? unit : 0;
}

enum status
value_read_money(struct buf *out, const char *text, struct err *err)
{
	struct buf line;
	const char *p;
	struct decimal d = {0};
	int64_t unit = 0;
	int64_t fen = 0;
	enum status s = E_OK;

	buf_init(&line, NUMBER_MAX);
	value_fold(&line, text);
	p = line.data;
	(void)(skip(&p, "人民币") || skip(&p, "rmb"));
	(void)(skip(&p, "￥") || skip(&p, "¥"));
	if (!line.full && read_decimal(&d, &p))
		unit = money_unit(p);
	if (unit == 0)
		s = err_set(err, E_INVALID, tr("Not an amount of money; write "
		    "it like 2641.50 or 23,852."));
	else if (!to_fen(&fen, &d, unit))
		s = err_set(err, E_INVALID, tr("An amount has at most two "
		    "decimals and stays below ten billion yuan."));
	else
		buf_printf(out, "%lld", (long long)fen);
	buf_release(&line);
	return s;
}

/* ---- days and the time of day ---- */

bool
value_looks_like_day(const char *text)
{
	struct buf line;
	int groups = 0;
	size_t digits = 0;
	bool other = false;

	buf_init(&line, NUMBER_MAX);
	value_fold(&line, text);
	for (size_t i = 0; i < line.len; i++) {
		if (is_digit(line.data[i])) {
			if (i == 0 || !is_digit(line.data[i - 1]))
				groups++;
			digits++;
		} else if ((unsigned char)line.data[i] < 0x80 &&
		    !strchr("-./:t", line.data[i])) {
			other = true;
		}
	}
	/* hanzi may only be those of a date */
	if (groups < 2 && digits != line.len)
		other = true;
	buf_release(&line);
	return !other && (groups == 2 || groups == 3 ||
	    (groups == 1 && (digits == 6 || digits == 8)));
}

/* What the words beside the numbers say: 下午3点 is 15 o'clock, 3点半 half past
 * it.  part: hours, minutes. */
static bool
heed_words(int part[3], int count, const char *text)
{
	static const char *const later[] = { "下午", "晚上", "傍晚" };

	for (size_t i = 0; i < sizeof later / sizeof *later; i++)
		if (strstr(text, later[i])) {
			part[0] += part[0] < 12 ? 12 : 0;
			break;
		}
	if (!strstr(text, "半"))
		return true;
	part[1] = 30;
	return count == 1;
}

/* No other hanzi stand beside a time: they would be lost. */
static bool
are_clock_words(const char *text, size_t len)
{
	static const char words[] = "上下午晚傍早凌晨中点时分秒半整钟";
	size_t at = 0;

	while (at < len) {
		size_t from = at;
		char one[5] = "";

		(void)utf8_next(text, len, &at);
		if (at - from < 2)
			continue;
		if (at - from >= sizeof one)
			return false;
		memcpy(one, text + from, at - from);
		if (!strstr(words, one))
			return false;
	}
	return true;
}

/* "9:30", "09:30:00", "0930", "930", "9点30分", "下午3点半": HH:MM. */
static bool
read_clock(char out[VALUE_CLOCK_MAX], const char *text, size_t len)
{
	int part[3] = {0};
	int count = 0;
	int digits = 0;

	if (!are_clock_words(text, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (is_digit(text[i])) {
			if (i == 0 || !is_digit(text[i - 1]))
				count++;
			if (count > 3)
				return false;
			part[count - 1] = part[count - 1] * 10 + text[i] - '0';
			if (++digits > 6)
				return false;
		} else if (text[i] != ':' && (unsigned char)text[i] < 0x80) {
			return false;
		}
	}
	if (count == 1 && digits >= 3 && digits <= 4) {
		part[1] = part[0] % 100;
		part[0] /= 100;
		count = 2;
	} else if (count == 1 && !strstr(text, "点") && !strstr(text, "时")) {
		return false;
	}
	if (count == 0 || !heed_words(part, count, text) || part[0] > 23 ||
	    part[1] > 59 || part[2] > 59)
		return false;
	out[0] = (char)('0' + part[0] / 10);
	out[1] = (char)('0' + part[0] % 10);
	out[2] = ':';
	out[3] = (char)('0' + part[1] / 10);
	out[4] = (char)('0' + part[1] % 10);
	out[5] = '\0';
	return true;
}

/* Half-width, with single blanks where there were any. */
static void
fold_line(struct buf *out, const char *text)
{
	size_t len = strlen(text);
	size_t at = 0;
	bool blank = false;
	char bytes[4];

	while (at < len) {
		uint32_t c = utf8_fold(utf8_next(text, len, &at));

		if (c <= ' ' || c == 0xA0 || c == 0x3000) {
			blank = out->len > 0;
			continue;
		}
		if (blank)
			buf_char(out, ' ');
		blank = false;
		buf_add(out, bytes, utf8_put(bytes, c));
	}
}

/* Where the clock's part begins: behind the last blank or T, or at the
 * beginning when the whole text is a time. */
static size_t
clock_at(const char *text, size_t len)
{
	size_t at = len;

	for (size_t i = len; i > 0; i--)
		if (text[i - 1] == ' ' || text[i - 1] == 't') {
			at = i;
			break;
		}
	if (at < len)
		return at;
	if (strchr(text, ':') || strstr(text, "点"))
		return 0;
	return len == 4 && strspn(text, "0123456789") == 4 ? 0 : len;
}

bool
value_split_clock(struct buf *day, char clock[VALUE_CLOCK_MAX],
    const char *text)
{
	struct buf line;
	size_t at;
	bool good = true;

	buf_init(&line, NUMBER_MAX);
	fold_line(&line, text);
	at = clock_at(line.data, line.len);
	/* "2026年3月5日 星期四" and "3 - 5" have a blank and no clock */
	if (at > 0 && at < line.len && !strchr("0123456789", line.data[at]) &&
	    !strstr(line.data + at, "点"))
		at = line.len;
	if (at < line.len)
		good = read_clock(clock, line.data + at, line.len - at);
	while (at > 0 && at < line.len &&
	    strchr(" t", line.data[at - 1]))
		at--;
	buf_add(day, line.data, at);
	good = good && !line.full;
	buf_release(&line);
	return good;
}
