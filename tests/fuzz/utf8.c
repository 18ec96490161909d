/*
 * Text of strangers on its way to a terminal: no byte of it drives the
 * terminal, no text takes more cells than it says.
 */
#include "fuzz/fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "base/codeset.h"
#include "base/utf8.h"
#include "ui/canvas.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void
is_safe(const char *text, size_t len, bool multiline)
{
	MUST(utf8_is_valid(text, len));
	for (size_t at = 0; at < len;) {
		uint32_t c = utf8_next(text, len, &at);

		MUST((multiline && c == '\n') || c == UTF8_BAD ||
		    !utf8_is_unsafe(c));
	}
}

static void
clip(const char *text)
{
	for (int cells = 0; cells < 12; cells++) {
		int used = -1;
		size_t len = utf8_clip(text, cells, &used);
		size_t at = 0;

		MUST(len <= strlen(text) && used >= 0 && used <= cells);
		/* cut between characters */
		while (at < len)
			(void)utf8_next(text, strlen(text), &at);
		MUST(at == len);
	}
}

static void
paint(const char *text)
{
	struct canvas c;
	struct buf out;

	canvas_init(&c, 20, 2);
	buf_init(&out, BUF_LINE_MAX);
	(void)canvas_text(&c, 0, 3, 16, ROLE_TEXT, text);
	canvas_print(&out, &c);
	is_safe(out.data, out.len, true);
	buf_release(&out);
	canvas_release(&c);
}

static void
other_charsets(const char *bytes, size_t len)
{
	enum codeset codeset = CODESET_UTF8;
	struct err err = ERR_INIT;
	struct buf text, back;

	if (codeset_guess(&codeset, bytes, len, &err))
		return;
	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&back, BUF_RECORD_MAX);
	if (!codeset_to_utf8(&text, codeset, bytes, len, &err)) {
		MUST(utf8_is_valid(text.data, text.len));
		err = (struct err)ERR_INIT;
		if (!codeset_from_utf8(&back, codeset, text.data, text.len,
		    &err))
			MUST(codeset_name(codeset)[0] != '\0');
	}
	buf_release(&text);
	buf_release(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct buf out, twice;
	size_t valid;

	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	valid = utf8_valid_len(text, size);
	MUST(valid <= size && utf8_is_valid(text, valid));
	MUST(utf8_is_valid(text, size) == (valid == size));
	MUST(utf8_literal_len(text, size) <= valid);
	MUST(utf8_literal_len(text, valid) == utf8_literal_len(text, size));
	MUST(utf8_chars(text, size) <= size);
	MUST(utf8_cells(text) >= 0);
	buf_init(&out, BUF_RECORD_MAX);
	buf_init(&twice, BUF_RECORD_MAX);
	utf8_safe(&out, text);
	is_safe(out.data, out.len, false);
	MUST(utf8_cells(out.data) == utf8_cells(text));
	buf_clear(&out);
	utf8_tidy(&out, text, size % 2 == 1);
	is_safe(out.data, out.len, size % 2 == 1);
	utf8_tidy(&twice, out.data, size % 2 == 1);
	MUST(strcmp(out.data, twice.data) == 0);
	clip(text);
	paint(text);
	other_charsets((const char *)data, size);
	buf_release(&out);
	buf_release(&twice);
	free(text);
	return 0;
}
