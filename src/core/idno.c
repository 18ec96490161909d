/*
 * Numbers with a check.  What people and spreadsheets add (full-width digits,
 * blanks, the apostrophe that keeps a spreadsheet from eating digits) is taken
 * off first; what is left must be the number itself.
 */
#include "core/idno.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/tr.h"
#include "base/utf8.h"

enum {
	PLAIN_MAX = 256,	/* bytes of a number as typed */
	NEW_LEN = 18,
	OLD_LEN = 15,
	BIRTH_AT = 6,		/* yyyymmdd */
	SEX_AT = 16,
	BIRTH_YEAR_MIN = 1880,
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t
digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* What is in text apart from blanks and apostrophes, folded to ASCII where it
 * can be, letters in upper case; false: too long for any number. */
static bool
plain(char out[PLAIN_MAX], const char *text)
{
	size_t len = strlen(text);
	size_t at = 0;
	size_t n = 0;

	while (at < len) {
		uint32_t c = utf8_fold(utf8_next(text, len, &at));

		if (c <= ' ' || c == 0x7F || c == '\'' || c == '`' ||
		    c == 0x2018 || c == 0x2019 || c == 0xA0 || c == 0x3000)
			continue;
		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		if (n + 4 >= PLAIN_MAX)
			return false;
		n += utf8_put(out + n, c);
	}
	out[n] = '\0';
	return true;
}

/* ---- resident identity numbers, GB 11643-1999 ---- */

static char
check_char(const char *id)
{
	static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10,
		5, 8, 4, 2 };
	int sum = 0;

	for (size_t i = 0; i < NEW_LEN - 1; i++)
		sum += (id[i] - '0') * weights[i];
	return "10X98765432"[sum % 11];
}

static int
number(const char *text, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++)
		n = n * 10 + (text[i] - '0');
	return n;
}

int
idno_birth(const char *idno)
{
	if (strlen(idno) != NEW_LEN || digits(idno) < NEW_LEN - 1)
		return DATE_NONE;
	return date_from_ymd(number(idno + BIRTH_AT, 4),
	    number(idno + BIRTH_AT + 4, 2), number(idno + BIRTH_AT + 6, 2));
}

const char *
idno_sex(const char *idno)
{
	if (strlen(idno) != NEW_LEN || !is_digit(idno[SEX_AT]))
		return "";
	return (idno[SEX_AT] - '0') % 2 == 1 ? "1" : "2";
}

bool
idno_has_known_region(const char *idno)
{
	/* GB/T 2260: the first digit is the part of the country */
	static const int last[] = { 0, 5, 3, 7, 6, 4, 5, 1, 3, 0 };
	int part;
	int place;

	if (digits(idno) < 2)
		return false;
	part = idno[0] - '0';
	place = idno[1] - '0';
	if (part == 5)
		return place <= last[5];
	return place >= 1 && place <= last[part];
}

static enum status
check_birth(const char *id, int today, struct err *err)
{
	int birth = idno_birth(id);

	if (birth == DATE_NONE)
		return err_set(err, E_INVALID,
		    tr("The birth date in the id number does not exist."));
	if (birth < date_from_ymd(BIRTH_YEAR_MIN, 1, 1))
		return err_set(err, E_INVALID,
		    tr("The birth date in the id number is before 1880."));
	if (birth > today)
		return err_set(err, E_INVALID,
		    tr("The birth date in the id number is still to come."));
	return E_OK;
}

enum status
idno_parse(char out[IDNO_MAX], bool *old, const char *text, int today,
    struct err *err)
{
	char id[PLAIN_MAX] = "";
	size_t len = 0;
	bool fifteen;
	enum status s;

	if (plain(id, text))
		len = utf8_chars(id, strlen(id));
	if (len != NEW_LEN && len != OLD_LEN)
		return err_set(err, E_INVALID, tr("An id number has 18 "
		    "characters (15 in the old form); this one has %d."),
		    (int)len);
	fifteen = len == OLD_LEN;
	if (digits(id) < len - (fifteen ? 0 : 1) ||
	    (!fifteen && !is_digit(id[NEW_LEN - 1]) &&
	    strcmp(id + NEW_LEN - 1, "X") != 0))
		return err_set(err, E_INVALID, tr("An id number consists of "
		    "digits; only the last may be X."));
	if (fifteen) {
		memmove(id + BIRTH_AT + 2, id + BIRTH_AT, OLD_LEN - BIRTH_AT);
		memcpy(id + BIRTH_AT, "19", 2);
		id[NEW_LEN - 1] = check_char(id);
		id[NEW_LEN] = '\0';
	}
	s = check_birth(id, today, err);
	if (s)
		return s;
	if (check_char(id) != id[NEW_LEN - 1])
		return err_set(err, E_INVALID, tr("The check digit of the id "
		    "number is wrong; probably one digit was mistyped."));
	memcpy(out, id, IDNO_MAX);
	*old = fifteen;
	return E_OK;
}

void
idno_mask(char out[IDNO_MAX], const char *idno)
{
	size_t len = strlen(idno);
	bool whole = len == NEW_LEN;
	size_t head = whole ? 6 : 0;
	size_t tail = whole ? 4 : 2;
	size_t shown = len < NEW_LEN ? len : NEW_LEN;

	if (tail > len || (unsigned char)idno[len - tail] >= 0x80)
		tail = 0;
	memset(out, '*', shown);
	memcpy(out, idno, head);
	memcpy(out + shown - tail, idno + len - tail, tail);
	out[shown] = '\0';
}

void
idno_mask_apart(char out[IDNO_MAX], const char *idno, const char *other)
{
	char theirs[IDNO_MAX];

	idno_mask(out, idno);
	idno_mask(theirs, other);
	if (strcmp(out, theirs) != 0)
		return;
	for (size_t i = 0; out[i]; i++)
		if (out[i] == '*' && idno[i] != other[i] &&
		    (unsigned char)idno[i] < 0x80)
			out[i] = idno[i];
}

/* ---- unified social credit codes, GB 32100-2015 ---- */

enum status
uscc_parse(char out[IDNO_MAX], const char *text, struct err *err)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	static const int weights[] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25,
		13, 8, 24, 10, 30, 28 };
	char code[PLAIN_MAX] = "";
	size_t len = 0;
	int sum = 0;

	if (plain(code, text))
		len = utf8_chars(code, strlen(code));
	if (len != NEW_LEN)
		return err_set(err, E_INVALID, tr("A unified social credit "
		    "code has 18 characters; this one has %d."), (int)len);
	if (strspn(code, alphabet) != strlen(code))
		return err_set(err, E_INVALID, tr("A unified social credit "
		    "code consists of digits and capitals without I, O, S, V "
		    "and Z."));
	for (size_t i = 0; i < NEW_LEN - 1; i++)
		sum += (int)(strchr(alphabet, code[i]) - alphabet) * weights[i];
	if (alphabet[(31 - sum % 31) % 31] != code[NEW_LEN - 1])
		return err_set(err, E_INVALID, tr("The check character of the "
		    "unified social credit code is wrong."));
	memcpy(out, code, IDNO_MAX);
	return E_OK;
}

/* ---- telephones ---- */

/* Digits of a number into out, dashes kept only where they part a landline;
 * false: another character, or too many. */
static bool
phone_digits(char out[PHONE_MAX], const char *text, size_t len)
{
	size_t n = 0;
	size_t start;
	bool foreign = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '+' && n == 0)
			foreign = true;
		else if (is_digit(c) || (c == '-' && n > 0))
			out[n++] = c;
		else if (c == ')' && n > 0 && out[n - 1] != '-')
			out[n++] = '-';		/* (0551)1234567 */
		else if (c != '(' && c != '-')
			return false;
		if (n >= 30)
			return false;
	}
	out[n] = '\0';
	start = 0;
	if (strncmp(out, "86", 2) == 0 && (foreign || n > 11))
		start = out[2] == '-' ? 3 : 2;
	else if (strncmp(out, "0086", 4) == 0)
		start = 4;
	else if (foreign)
		return false;
	memmove(out, out + start, n + 1 - start);
	return true;
}

static void
drop_dashes(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (*text != '-')
			*to++ = *text;
	*to = '\0';
}

static bool
is_mobile(const char *n)
{
	return strlen(n) == 11 && digits(n) == 11 && n[0] == '1' &&
	    n[1] >= '3';
}

/* 区号-号码[-分机], the area of 3 digits after 01 and 02, else of 4. */
static bool
make_landline(char out[PHONE_MAX], const char *n)
{
	size_t area = digits(n);
	const char *local = n + area;
	size_t local_len;

	if (n[0] != '0')
		return false;
	if (*local == '-') {
		local++;
	} else {
		area = n[1] == '1' || n[1] == '2' ? 3 : 4;
		local = n + area;
		if (strlen(n) < area)
			return false;
	}
	local_len = digits(local);
	if (area < 3 || area > 4 || local_len < 7 || local_len > 8)
		return false;
	if (local[local_len] != '\0' && (local[local_len] != '-' ||
	    digits(local + local_len + 1) < 1 ||
	    digits(local + local_len + 1) > 6 ||
	    strlen(local + local_len + 1) > 6))
		return false;
	memcpy(out, n, area);
	out[area] = '-';
	memcpy(out + area + 1, local, strlen(local) + 1);
	return true;
}

/* 7 or 8 local digits; 110, 12348, 95588; 400 numbers. */
static bool
is_short(const char *n)
{
	size_t len = strlen(n);

	if (digits(n) != len || n[0] == '0')
		return false;
	return len == 7 || len == 8 || (len == 3 && n[0] == '1') ||
	    (len == 5 && (n[0] == '1' || n[0] == '9')) ||
	    (len == 10 && (strncmp(n, "400", 3) == 0 ||
	    strncmp(n, "800", 3) == 0));
}

static bool
parse_phone(char out[PHONE_MAX], const char *text, size_t len)
{
	char typed[PHONE_MAX];
	char bare[PHONE_MAX];

	if (!phone_digits(typed, text, len))
		return false;
	memcpy(bare, typed, sizeof bare);
	drop_dashes(bare);
	if (is_mobile(bare) || is_short(bare)) {
		memcpy(out, bare, sizeof bare);
		return true;
	}
	return make_landline(out, typed);
}

/* The bytes of text up to a sign between numbers; *skip gets that sign's. */
static size_t
phone_len(const char *text, size_t *skip)
{
	size_t len = strcspn(text, ";,/|");
	const char *pause = strstr(text, "、");

	*skip = text[len] ? 1 : 0;
	if (pause && pause < text + len) {
		len = (size_t)(pause - text);
		*skip = strlen("、");
	}
	return len;
}

enum status
phone_parse(char out[PHONE_MAX], const char *text, struct err *err)
{
	char typed[PLAIN_MAX] = "";
	char all[PHONE_MAX] = "";
	char one[PHONE_MAX] = "";
	size_t n = 0;
	size_t len;
	size_t skip;

	if (!plain(typed, text))
		return err_set(err, E_INVALID,
		    tr("These are too many telephone numbers."));
	for (const char *p = typed; *p; p += len + skip) {
		len = phone_len(p, &skip);
		if (len == 0)
			continue;
		if (!parse_phone(one, p, len))
			return err_set(err, E_INVALID, tr("Not a telephone "
			    "number: a mobile has 11 digits, a landline is "
			    "written 0551-1234567."));
		if (n + strlen(one) + 2 > sizeof all)
			return err_set(err, E_INVALID,
			    tr("These are too many telephone numbers."));
		if (n > 0)
			all[n++] = ';';
		memcpy(all + n, one, strlen(one) + 1);
		n += strlen(one);
	}
	if (n == 0)
		return err_set(err, E_INVALID,
		    tr("There is no telephone number."));
	memcpy(out, all, n + 1);
	return E_OK;
}
