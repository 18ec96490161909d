/*
 * Other charsets than UTF-8.  GB18030 goes through the C library's iconv,
 * which has it on every Debian without a locale being installed; UTF-16 is
 * small enough to be ours.
 */
#include "base/codeset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

#define STEP 16384	/* bytes of output at a time */

static const struct {
	const char *name;
	const char *mark;	/* its byte order mark */
	size_t mark_len;
} codesets[] = {
	[CODESET_UTF8] = { "UTF-8", "", 0 },
	[CODESET_UTF8_BOM] = { "UTF-8 BOM", "\xEF\xBB\xBF", 3 },
	[CODESET_GB18030] = { "GB18030", "", 0 },
	[CODESET_UTF16LE] = { "UTF-16LE", "\xFF\xFE", 2 },
	[CODESET_UTF16BE] = { "UTF-16BE", "\xFE\xFF", 2 },
};

const char *
codeset_name(enum codeset codeset)
{
	return codesets[codeset].name;
}

static size_t
mark_len(enum codeset codeset, const char *bytes, size_t len)
{
	size_t n = codesets[codeset].mark_len;

	return n && len >= n && memcmp(bytes, codesets[codeset].mark, n) == 0
		? n : 0;
}

static enum status
bad_byte(struct err *err, enum codeset codeset, size_t at)
{
	return err_set(err, E_INVALID,
		tr("The file is not valid %s: byte %zu cannot be read."),
		codeset_name(codeset), at + 1);
}

static enum status
too_large(struct err *err)
{
	return err_set(err, E_INVALID,
		tr("The text is too large to be converted."));
}

/*
 * Convert as much as can be; out may be NULL to only look.  *done gets how
 * many bytes were converted, all of them or up to the first bad one.
 */
static enum status
convert(struct buf *out, const char *to, const char *from, const char *bytes,
	size_t len, size_t *done, struct err *err)
{
	char step[STEP];
	char *in = (char *)(uintptr_t)bytes;
	size_t in_left = len;
	bool going = true;
	iconv_t cd = iconv_open(to, from);

	if (cd == (iconv_t)-1)
		return err_set(err, E_INVALID,
			tr("This system cannot convert GB18030."));
	while (going && in_left > 0) {
		char *o = step;
		size_t o_left = sizeof step;
		size_t n = iconv(cd, &in, &in_left, &o, &o_left);
		going = n != (size_t)-1 || errno == E2BIG;
		if (out)
			buf_add(out, step, sizeof step - o_left);
		if (out && out->full)
			break;
	}
	iconv_close(cd);
	*done = len - in_left;
	return out && out->full ? too_large(err) : E_OK;
}

static enum status
gb18030_to_utf8(struct buf *out, const char *bytes, size_t len, struct err *err)
{
	size_t done = 0;

	enum status s = convert(out, "UTF-8", "GB18030", bytes, len, &done, err);
	if (s)
		return s;
	return done < len ? bad_byte(err, CODESET_GB18030, done) : E_OK;
}

static enum status
gb18030_from_utf8(struct buf *out, const char *text, size_t len,
	struct err *err)
{
	size_t at = 0, done = 0;

	while (at < len) {
		enum status s = convert(out, "GB18030", "UTF-8", text + at,
			len - at, &done, err);
		if (s)
			return s;
		at += done;
		if (at < len) {
			utf8_next(text, len, &at);
			buf_char(out, '?');
		}
	}
	return E_OK;
}

static uint32_t
utf16_unit(enum codeset from, const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return from == CODESET_UTF16LE ? (uint32_t)(b[0] | b[1] << 8)
		: (uint32_t)(b[1] | b[0] << 8);
}

static enum status
utf16_to_utf8(struct buf *out, enum codeset from, const char *bytes, size_t len,
	struct err *err)
{
	char text[4];

	for (size_t at = mark_len(from, bytes, len); at < len;) {
		size_t start = at;
		if (len - at < 2)
			return bad_byte(err, from, start);
		uint32_t c = utf16_unit(from, bytes + at);
		at += 2;
		if (c >= 0xD800 && c <= 0xDFFF) {
			uint32_t low = len - at >= 2
				? utf16_unit(from, bytes + at) : 0;
			if (c >= 0xDC00 || low < 0xDC00 || low > 0xDFFF)
				return bad_byte(err, from, start);
			c = 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF));
			at += 2;
		}
		buf_add(out, text, utf8_put(text, c));
	}
	return E_OK;
}

static void
put_unit(struct buf *out, enum codeset to, uint32_t unit)
{
	char high = (char)(unit >> 8), low = (char)(unit & 0xFF);

	buf_char(out, to == CODESET_UTF16LE ? low : high);
	buf_char(out, to == CODESET_UTF16LE ? high : low);
}

static void
utf16_from_utf8(struct buf *out, enum codeset to, const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		uint32_t c = utf8_next(text, len, &at);
		if (c == UTF8_BAD)
			c = '?';
		if (c >= 0x10000) {
			put_unit(out, to, 0xD800 | (c - 0x10000) >> 10);
			c = 0xDC00 | (c & 0x3FF);
		}
		put_unit(out, to, c);
	}
}

/* UTF-8 as it is, with '?' for every byte that is none. */
static void
utf8_from_utf8(struct buf *out, const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t n = utf8_valid_len(text + at, len - at);
		buf_add(out, text + at, n);
		at += n;
		if (at < len) {
			buf_char(out, '?');
			at++;
		}
	}
}

enum status
codeset_guess(enum codeset *out, const char *bytes, size_t len, struct err *err)
{
	static const enum codeset marked[] = { CODESET_UTF8_BOM, CODESET_UTF16LE,
		CODESET_UTF16BE };
	size_t done = 0;

	for (size_t i = 0; i < sizeof marked / sizeof *marked; i++) {
		if (mark_len(marked[i], bytes, len) > 0) {
			*out = marked[i];
			return E_OK;
		}
	}
	size_t valid = utf8_valid_len(bytes, len);
	if (valid == len) {
		*out = CODESET_UTF8;
		return E_OK;
	}
	enum status s = convert(NULL, "UTF-8", "GB18030", bytes, len, &done, err);
	if (s)
		return s;
	if (done < len)
		/* Where the better guess of the two breaks off. */
		return err_set(err, E_INVALID, tr("The file is neither UTF-8 nor "
			"GB18030: byte %zu cannot be read."),
			(done > valid ? done : valid) + 1);
	*out = CODESET_GB18030;
	return E_OK;
}

enum status
codeset_to_utf8(struct buf *out, enum codeset from, const char *bytes,
	size_t len, struct err *err)
{
	size_t before = out->len;
	enum status s = E_OK;

	if (from == CODESET_GB18030) {
		s = gb18030_to_utf8(out, bytes, len, err);
	} else if (from == CODESET_UTF16LE || from == CODESET_UTF16BE) {
		s = utf16_to_utf8(out, from, bytes, len, err);
	} else {
		size_t mark = mark_len(from, bytes, len);
		size_t valid = utf8_valid_len(bytes, len);
		if (valid < len)
			s = bad_byte(err, from, valid);
		else
			buf_add(out, bytes + mark, len - mark);
	}
	if (!s && out->full)
		s = too_large(err);
	if (s)
		buf_cut(out, before);
	return s;
}

enum status
codeset_from_utf8(struct buf *out, enum codeset to, const char *text,
	size_t len, struct err *err)
{
	size_t before = out->len;
	enum status s = E_OK;

	if (out->full)
		return too_large(err);
	buf_add(out, codesets[to].mark, codesets[to].mark_len);
	if (to == CODESET_GB18030)
		s = gb18030_from_utf8(out, text, len, err);
	else if (to == CODESET_UTF16LE || to == CODESET_UTF16BE)
		utf16_from_utf8(out, to, text, len);
	else
		utf8_from_utf8(out, text, len);
	if (!s && out->full)
		s = too_large(err);
	if (s)
		buf_cut(out, before);
	return s;
}
