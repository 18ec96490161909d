/*
 * Dates in the forms people type.  The text is first brought to a short line
 * of ASCII (full-width signs folded, 年月日 as Y M D), then read as one of the
 * forms that base/date.h lists.  Two digits of a year are always 20yy: a rule
 * that guesses the century is wrong for somebody's birthday either way.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"

#define TYPED_MAX 40	/* longest: "2024-03-15T00:00:00.000+08:00" */
#define DAYS_AWAY_MAX 99999

struct number {
	int value;
	int digits;	/* how many; 0: there was none */
};

static const struct {
	const char *word;
	int days;
} typed_words[] = {
	{ ".", 0 }, { "今天", 0 }, { "今日", 0 }, { "today", 0 },
	{ "昨天", -1 }, { "昨日", -1 }, { "前天", -2 }, { "大前天", -3 },
	{ "明天", 1 }, { "明日", 1 }, { "后天", 2 }, { "大后天", 3 },
};

static uint32_t
fold_sign(uint32_t c)
{
	switch (c) {
	case 0x3002:		/* 。 */
	case 0x00B7:		/* · */
		return '.';
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014:
	case 0x2015: case 0x2212:
		return '-';
	case 0x5E74:		/* 年 */
		return 'Y';
	case 0x6708:		/* 月 */
		return 'M';
	case 0x65E5: case 0x53F7:	/* 日 号 */
		return 'D';
	case 0x5929:		/* 天: a number of days, no day */
		return 'd';
	case 0x5468:		/* 周 */
		return 'w';
	case 0x00A0: case '\t': case '\r': case '\n':
		return ' ';
	default:
		return utf8_fold(c);
	}
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Fold text into out without blanks, save those between two digits (they part
 * a date from its time).  false: it is no date for sure. */
static bool
fold_text(char out[TYPED_MAX], const char *text)
{
	size_t len = strlen(text), at = 0, n = 0;
	bool blank = false;

	while (at < len) {
		uint32_t c = fold_sign(utf8_next(text, len, &at));
		if (c == ' ') {
			blank = true;
			continue;
		}
		if (c >= 0x80 || n + 2 >= TYPED_MAX)
			return false;
		if (blank && n && is_digit(out[n - 1]) && is_digit((char)c))
			out[n++] = ' ';
		blank = false;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return n > 0;
}

static struct number
read_number(const char **p)
{
	struct number n = {0};

	while (is_digit(**p) && n.digits < 9) {
		n.value = n.value * 10 + (**p - '0');
		n.digits++;
		(*p)++;
	}
	return n;
}

/* The end of the text, or a time that is passed over: "9:00", "t09:00:00". */
static bool
is_end(const char *p)
{
	if (*p == '\0')
		return true;
	if (*p == ' ' || *p == 't')
		p++;
	struct number hour = read_number(&p);
	if (hour.digits < 1 || hour.digits > 2 || hour.value > 24 || *p != ':')
		return false;
	return strspn(p, "0123456789:.+z") == strlen(p);
}

static int
from_ymd(struct number y, struct number m, struct number d)
{
	if ((y.digits != 4 && y.digits != 2) || m.digits < 1 || m.digits > 2
	    || d.digits < 1 || d.digits > 2)
		return DATE_NONE;
	return date_from_ymd(y.digits == 2 ? 2000 + y.value : y.value, m.value,
		d.value);
}

/* 20240315, 240315, 0315, 15 */
static int
from_digits(struct number n, int today)
{
	int year = 0, month = 0, day = 0;

	if (n.digits == 8)
		return date_from_ymd(n.value / 10000, n.value / 100 % 100,
			n.value % 100);
	if (n.digits == 6)
		return date_from_ymd(2000 + n.value / 10000,
			n.value / 100 % 100, n.value % 100);
	if (n.digits != 4 && n.digits != 1 && n.digits != 2)
		return DATE_NONE;
	date_to_ymd(today, &year, &month, &day);
	if (n.digits == 4)
		return date_from_ymd(year, n.value / 100, n.value % 100);
	return date_from_ymd(year, month, n.value);
}

/* +7, -1, +2w, +3m, +1y */
static int
from_days(const char *p, int today)
{
	int sign = *p++ == '-' ? -1 : 1;
	struct number n = read_number(&p);
	char unit = *p ? *p++ : 'd';

	if (n.digits == 0 || *p || n.value > DAYS_AWAY_MAX)
		return DATE_NONE;
	switch (unit) {
	case 'd': case 'D':
		return today + sign * n.value;
	case 'w':
		return n.value > DAYS_AWAY_MAX / 7 ? DATE_NONE
		    : today + sign * 7 * n.value;
	case 'm': case 'M':
		return date_add_months(today, sign * n.value);
	case 'y': case 'Y':
		return n.value > DAYS_AWAY_MAX / 12 ? DATE_NONE
		    : date_add_months(today, sign * 12 * n.value);
	default:
		return DATE_NONE;
	}
}

/* ---- days of the week ---- */

/* 一 or mon, from 1; 0: none.  *len gets the bytes of the name. */
static int
weekday_name(const char *p, size_t *len)
{
	static const char *const names[][4] = {
		{ "一", "monday", "mon" }, { "二", "tuesday", "tue" },
		{ "三", "wednesday", "wed" }, { "四", "thursday", "thu" },
		{ "五", "friday", "fri" }, { "六", "saturday", "sat" },
		{ "日", "天", "sunday", "sun" },
	};

	for (int day = 0; day < 7; day++) {
		for (int i = 0; i < 4 && names[day][i]; i++) {
			*len = strlen(names[day][i]);
			if (strncmp(p, names[day][i], *len) == 0)
				return day + 1;
		}
	}
	return 0;
}

static bool
skip(const char **p, const char *word)
{
	if (strncmp(*p, word, strlen(word)) != 0)
		return false;
	*p += strlen(word);
	return true;
}

/* 周一, 星期三, 上周五, 下周一; mon, last fri, next mon: of the week from
 * Monday to Sunday that today is in, the one before, the one after. */
static int
from_weekday(const char *word, int today)
{
	const char *p = word;
	int weeks = 0, day;
	size_t len = 0;

	if (skip(&p, "上") || skip(&p, "last "))
		weeks = -1;
	else if (skip(&p, "下") || skip(&p, "next "))
		weeks = 1;
	else
		(void)(skip(&p, "本") || skip(&p, "这"));
	(void)skip(&p, "个");
	if (!skip(&p, "周") && !skip(&p, "星期") && !skip(&p, "礼拜") &&
	    (unsigned char)*p >= 0x80)
		return DATE_NONE;
	day = weekday_name(p, &len);
	if (day == 0 || p[len])
		return DATE_NONE;
	return today - date_weekday(today) + day + 7 * weeks;
}

/* What stands between two numbers must be of one kind: 2024-3-15, 2024年3月. */
static bool
is_pair(char first, char second)
{
	if (first == 'Y')
		return second == 'M';
	return first == second && strchr("-./", first) != NULL;
}

static int
from_parts(const char *p, int today)
{
	int year = 0, month = 0, day = 0;
	struct number a = read_number(&p);

	if (*p == 'D' && a.digits <= 2 && is_end(p + 1))
		return from_digits(a, today);
	if (is_end(p))
		return from_digits(a, today);
	char first = *p++;
	struct number b = read_number(&p);
	bool is_day = first == 'M' ? *p == 'D' : false;
	if (is_end(p + is_day)) {
		if (!strchr("-./M", first) || a.digits > 2)
			return DATE_NONE;
		date_to_ymd(today, &year, &month, &day);
		return from_ymd((struct number){ year, 4 }, a, b);
	}
	if (!is_pair(first, *p))
		return DATE_NONE;
	p++;
	struct number c = read_number(&p);
	if (first == 'Y' && *p == 'D')
		p++;
	return is_end(p) ? from_ymd(a, b, c) : DATE_NONE;
}

int
date_parse_typed(const char *text, int today)
{
	char line[TYPED_MAX] = "";
	char word[TYPED_MAX] = "";

	if (!text)
		return DATE_NONE;
	size_t start = strspn(text, " \t");
	size_t len = strlen(text + start);
	while (len && strchr(" \t\r\n", text[start + len - 1]))
		len--;
	for (size_t i = 0; len < sizeof word && i < len; i++) {
		char c = text[start + i];

		word[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	for (size_t i = 0; i < sizeof typed_words / sizeof *typed_words; i++)
		if (strcmp(word, typed_words[i].word) == 0)
			return today + typed_words[i].days;
	if (from_weekday(word, today) != DATE_NONE)
		return from_weekday(word, today);
	if (!fold_text(line, text))
		return DATE_NONE;
	if (strcmp(line, ".") == 0)
		return today;
	if (line[0] == '+' || line[0] == '-')
		return from_days(line, today);
	return from_parts(line, today);
}
