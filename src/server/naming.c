/*
 * Names and codes.
 */
#include "server/naming.h"

#include <string.h>

#include "base/utf8.h"
#include "server/ledger.h"

bool
naming_is_good(const char *text)
{
	size_t len = strlen(text), at = 0;

	if (len == 0 || len >= LEDGER_NAME_MAX || !utf8_is_valid(text, len))
		return false;
	while (at < len) {
		if (utf8_is_unsafe(utf8_next(text, len, &at)))
			return false;
	}
	return true;
}

bool
naming_is_made_of(const char *text, const char *characters, size_t min, size_t max)
{
	size_t len = strlen(text);

	return len >= min && len <= max && strspn(text, characters) == len;
}
