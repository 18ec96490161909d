/*
 * The status codes and the one-line message that travels with them.  A message
 * is always one line of whole characters, because it is shown as it is.
 */
#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int exit_status;
} err_codes[] = {
	[E_OK] = { "ok", 0 },
	[E_NOTFOUND] = { "not_found", 1 },
	[E_INVALID] = { "invalid", 1 },
	[E_CONFLICT] = { "conflict", 5 },
	[E_AUTH] = { "auth", 3 },
	[E_OFFLINE] = { "offline", 4 },
	[E_IO] = { "io", 70 },
};

/* Bytes of a UTF-8 sequence by its first byte; 1 for what is none. */
static size_t
sequence_len(unsigned char first)
{
	if (first >= 0xF0)
		return 4;
	if (first >= 0xE0)
		return 3;
	return first >= 0xC0 ? 2 : 1;
}

/* Drop the last character of a text that was cut if it is not whole. */
static void
drop_partial(char *text)
{
	size_t len = strlen(text);
	size_t start = len;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0)
		return;
	start--;
	if (start + sequence_len((unsigned char)text[start]) > len)
		text[start] = '\0';
}

enum status
err_set(struct err *err, enum status code, const char *fmt, ...)
{
	/* Formatted aside: an argument may be err->msg itself. */
	char msg[ERR_MSG_MAX] = "";
	va_list args;

	assert(code != E_OK);
	va_start(args, fmt);
	int n = vsnprintf(msg, sizeof msg, fmt, args);
	va_end(args);
	if (n >= (int)sizeof msg)
		drop_partial(msg);
	for (char *p = msg; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			*p = ' ';
	err->code = code;
	memcpy(err->msg, msg, sizeof msg);
	return code;
}

static bool
is_known(enum status code)
{
	return (size_t)code < sizeof err_codes / sizeof *err_codes;
}

int
err_exit_status(enum status code)
{
	assert(is_known(code));
	return err_codes[code].exit_status;
}

const char *
err_name(enum status code)
{
	assert(is_known(code));
	return err_codes[code].name;
}
