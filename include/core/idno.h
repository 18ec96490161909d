#ifndef CORE_IDNO_H
#define CORE_IDNO_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Numbers that carry a check: resident identity numbers (GB 11643-1999),
 * unified social credit codes (GB 32100-2015), telephone numbers.
 */

#define IDNO_MAX 19	/* 18 characters and the NUL */

/*
 * Normalise a resident identity number: full-width digits, blanks, a leading
 * apostrophe, lower-case x.  A 15-digit number of the old form becomes one of
 * 18 (year 19yy) and *old is set.  Tests, in this order, each with its own
 * sentence: length, characters, a real birth date from 1880-01-01 to today,
 * check digit (ISO 7064 MOD 11-2).  The region is no test: the cards of
 * foreigners begin with 9, and counties come and go.
 * Errors: E_INVALID; out untouched.
 */
MUST_CHECK enum status idno_parse(char out[IDNO_MAX], bool *old,
	const char *text, int today, struct err *err);

/* Of a parsed number: birth day number; sex "1" male, "2" female. */
int idno_birth(const char *idno);
const char *idno_sex(const char *idno);
/* First two digits are a province (11-15 ... 81-83); a warning, no error. */
bool idno_has_known_region(const char *idno);
/* "990101********0013" into out; other lengths keep the last two only. */
void idno_mask(char out[IDNO_MAX], const char *idno);
/* The same; but where other has the same mask and is another number, the
 * hidden characters that differ are shown: people choose between the two. */
void idno_mask_apart(char out[IDNO_MAX], const char *idno, const char *other);

MUST_CHECK enum status uscc_parse(char out[IDNO_MAX], const char *text,
	struct err *err);

/* One number or several joined with ';': mobile, landline 区号-号码, short local
 * numbers and 110/120/12348.  out takes PHONE_MAX bytes.
 * Errors: E_INVALID; out untouched. */
#define PHONE_MAX 128
MUST_CHECK enum status phone_parse(char out[PHONE_MAX], const char *text,
	struct err *err);

#endif
