/*
 * The rule of passwords.
 */
#include "core/password.h"

#include <stdbool.h>
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

enum { LOGIN_MAX = 64, SAME_MAX = 3 };

static int
kind_of(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? 1 : c >= 'a' && c <= 'z' ? 2 :
	    c >= '0' && c <= '9' ? 4 : 8;
}

static size_t
count_kinds(const char *text)
{
	size_t len = strlen(text), at = 0, count = 0;
	int kinds = 0;

	while (at < len)
		kinds |= kind_of(utf8_next(text, len, &at));
	for (; kinds; kinds >>= 1)
		count += kinds & 1;
	return count;
}

/* Each the one before, or its neighbour up or down, all the way? */
static bool
is_run(const char *text)
{
	size_t len = strlen(text), at = 0, steps = 0, near = 0;
	uint32_t before = 0;

	while (at < len) {
		uint32_t c = utf8_next(text, len, &at);

		if (before) {
			steps++;
			near += c == before || c == before + 1 ||
			    c + 1 == before;
		}
		before = c;
	}
	/* a letter or sign put into the row does not make it another */
	return steps > 0 && near + SAME_MAX >= steps;
}

static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
holds(const char *text, const char *word, size_t len, bool backwards)
{
	for (; strlen(text) >= len; text++) {
		size_t i = 0;

		while (i < len && small(text[i]) ==
		    small(word[backwards ? len - 1 - i : i]))
			i++;
		if (i == len)
			return true;
	}
	return false;
}

enum status
password_check(const char *password, const char *login, struct err *err)
{
	size_t chars = utf8_chars(password, strlen(password));
	size_t kinds = count_kinds(password), len = strlen(login);

	if (!(chars >= PASSWORD_CHARS_MIN && kinds >= 3) &&
	    !(chars >= PASSWORD_PHRASE_MIN && kinds >= 2))
		return err_set(err, E_INVALID, tr("A password has at least %d "
		    "characters of three kinds (capitals, small letters, "
		    "digits, others), or %d of two."), PASSWORD_CHARS_MIN,
		    PASSWORD_PHRASE_MIN);
	if (is_run(password))
		return err_set(err, E_INVALID, tr("A row of neighbours or of "
		    "one character is no password."));
	if (len > 0 && len < LOGIN_MAX && (holds(password, login, len, false) ||
	    holds(password, login, len, true)))
		return err_set(err, E_INVALID,
		    tr("The password must not hold the user's name."));
	return E_OK;
}
