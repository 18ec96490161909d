/*
 * The proleptic Gregorian calendar, years 1 to 9999, as day numbers, and its
 * exact text.  What people type is read in date_typed.c.
 */
#include "base/date.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int
date_days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	assert(month >= 1 && month <= 12);
	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/*
 * Years are counted from 1 March, so that the leap day is the last one and a
 * month's start follows from (153 m + 2) / 5 (the months go 31 30 31 30 31).
 */
int
date_from_ymd(int year, int month, int day)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1
	    || day > date_days_in_month(year, month))
		return DATE_NONE;
	int y = month > 2 ? year : year - 1;
	int m = month > 2 ? month - 3 : month + 9;
	int day_of_year = (153 * m + 2) / 5 + day - 1;
	return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

void
date_to_ymd(int on, int *year, int *month, int *day)
{
	int first = date_from_ymd(1, 1, 1);

	assert(on >= first && on <= date_from_ymd(9999, 12, 31));
	int days = on + 719468;			/* since 0000-03-01 */
	int era = days / 146097;		/* 400 years */
	int doe = days % 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int m = (5 * doy + 2) / 153;
	*day = doy - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = era * 400 + yoe + (*month <= 2);
}

int
date_weekday(int on)
{
	/* Day 0 was a Thursday. */
	int w = (on + 3) % 7;

	return (w < 0 ? w + 7 : w) + 1;
}

/* The number in exactly n digits, or -1. */
static int
digits(const char *text, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

int
date_parse(const char *text)
{
	if (!text || strlen(text) != DATE_TEXT_MAX - 1 || text[4] != '-'
	    || text[7] != '-')
		return DATE_NONE;
	return date_from_ymd(digits(text, 4), digits(text + 5, 2),
		digits(text + 8, 2));
}

void
date_print(char out[DATE_TEXT_MAX], int on)
{
	int year = 0, month = 0, day = 0;

	if (on == DATE_NONE) {
		out[0] = '\0';
		return;
	}
	date_to_ymd(on, &year, &month, &day);
	int value = year * 10000 + month * 100 + day;
	for (int i = DATE_TEXT_MAX - 2; i >= 0; i--) {
		if (i == 4 || i == 7) {
			out[i] = '-';
			continue;
		}
		out[i] = (char)('0' + value % 10);
		value /= 10;
	}
	out[DATE_TEXT_MAX - 1] = '\0';
}

int
date_add_months(int on, int months)
{
	int year = 0, month = 0, day = 0;

	if (on == DATE_NONE || months < -120000 || months > 120000)
		return DATE_NONE;
	date_to_ymd(on, &year, &month, &day);
	int n = year * 12 + month - 1 + months;
	if (n < 12 || n / 12 > 9999)
		return DATE_NONE;
	year = n / 12;
	month = n % 12 + 1;
	int last = date_days_in_month(year, month);
	return date_from_ymd(year, month, day < last ? day : last);
}

int
date_parse_serial(const char *text)
{
	if (!text || strlen(text) != 5)
		return DATE_NONE;
	int serial = digits(text, 5);
	if (serial < 20000 || serial > 80000)
		return DATE_NONE;
	return serial - 25569;
}
