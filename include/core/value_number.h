#ifndef CORE_VALUE_NUMBER_H
#define CORE_VALUE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * The parts of value_parse() that read signs rather than words: folding,
 * whole numbers, money, the time of day.  For core/value.c.
 */

/* Append text in half-width lower case without blanks and apostrophes. */
void value_fold(struct buf *out, const char *text);
void value_fold_n(struct buf *out, const char *text, size_t len);
void value_fold_upper(struct buf *out, const char *text);

/* "12", "1,200", "12.0", "3人" as digits.  Errors: E_INVALID. */
MUST_CHECK enum status value_read_int(struct buf *out, const char *text,
	struct err *err);

/* "2641.50", "23,852", "￥2641.50", "8万元", "1.5万" as fen.
 * Errors: E_INVALID no amount, parts of a fen, or over 999,999,999,999 fen. */
MUST_CHECK enum status value_read_money(struct buf *out, const char *text,
	struct err *err);

/* Numbers set like a day's, so that "2025-02-30" is a day that does not exist
 * rather than no date at all. */
bool value_looks_like_day(const char *text);

/*
 * Split "3-5 9:30", "2026-03-05T09:30:00", "20260305 0930", "9:30" or "0930"
 * into the day's part (appended to day, empty if there is none) and "HH:MM"
 * (clock, "" if there is none).  false: the clock's part is no time of day.
 */
#define VALUE_CLOCK_MAX 6
bool value_split_clock(struct buf *day, char clock[VALUE_CLOCK_MAX],
	const char *text);

#endif
