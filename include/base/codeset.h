#ifndef BASE_CODESET_H
#define BASE_CODESET_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Other charsets than UTF-8, spoken only at the doors: import, export, the
 * terminal.
 */
enum codeset { CODESET_UTF8, CODESET_UTF8_BOM, CODESET_GB18030, CODESET_UTF16LE,
	CODESET_UTF16BE };

/* Which one a file is in: a byte order mark decides, then valid UTF-8, then
 * valid GB18030.  Errors: E_INVALID it is none of them; the message names the
 * byte offset of the first bad byte. */
MUST_CHECK enum status codeset_guess(enum codeset *out, const char *bytes,
	size_t len, struct err *err);

/* Append bytes to out as UTF-8, without a byte order mark.
 * Errors: E_INVALID (with the byte offset), or it does not fit into out. */
MUST_CHECK enum status codeset_to_utf8(struct buf *out, enum codeset from,
	const char *bytes, size_t len, struct err *err);

/* Append UTF-8 text to out in another charset; a character it does not have
 * becomes '?'.  UTF8_BOM and the UTF-16 forms write their mark first. */
MUST_CHECK enum status codeset_from_utf8(struct buf *out, enum codeset to,
	const char *text, size_t len, struct err *err);

const char *codeset_name(enum codeset codeset);	/* "GB18030" */

#endif
