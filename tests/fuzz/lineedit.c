/*
 * Keys and bytes from the terminal into a field: the cursor stays inside, and
 * nothing comes into the text that a terminal would obey.
 *
 * The first byte says rows, columns and the length; then come keys (a byte
 * below 0x20 or 0x80 to 0x9f), pastes (0xff, a length, bytes) and characters.
 */
#include "fuzz/fuzz.h"

#include <locale.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/lineedit.h"
#include "ui/tty_decode.h"

static const int keys[] = { PRESS_LEFT, PRESS_RIGHT, PRESS_UP, PRESS_DOWN,
	PRESS_HOME, PRESS_END, PRESS_BACKSPACE, PRESS_DELETE, PRESS_INSERT,
	PRESS_WORD_LEFT, PRESS_WORD_RIGHT, PRESS_CTRL + 'K', PRESS_CTRL + 'U',
	PRESS_CTRL + 'W', PRESS_CTRL + 'Z', PRESS_CTRL + '_', PRESS_CTRL + 'A',
	PRESS_CTRL + 'E', PRESS_CTRL + 'D', PRESS_ENTER, PRESS_TAB, PRESS_BAD };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	(void)setlocale(LC_ALL, "C.UTF-8");
	return 0;
}

static void
holds(struct lineedit *e)
{
	struct buf text;
	int row = -1, col = -1;

	MUST(e->len <= e->max_chars && e->pos <= e->len);
	for (size_t i = 0; i < e->len; i++)
		MUST(!utf8_is_unsafe(e->text[i]) ||
		    (e->text[i] == '\n' && e->rows > 1));
	MUST(e->len == 0 || utf8_char_cells(e->text[0]) != 0 ||
	    e->text[0] == '\n');
	MUST(e->pos == e->len || e->text[e->pos] == '\n' ||
	    utf8_char_cells(e->text[e->pos]) != 0);
	lineedit_cursor(e, &row, &col);
	MUST(row >= 0 && row < e->rows && col >= 0 && col < e->cols);
	buf_init(&text, BUF_RECORD_MAX);
	lineedit_get(&text, e);
	MUST(utf8_is_valid(text.data, text.len));
	MUST(utf8_chars(text.data, text.len) == e->len);
	buf_release(&text);
}

static size_t
step(struct lineedit *e, struct tty_decoder *d, const uint8_t *data,
    size_t size)
{
	struct press p = {0};
	size_t used = 1;

	if (data[0] < 0x20) {
		p.code = keys[data[0] % (sizeof keys / sizeof keys[0])];
	} else if (data[0] == 0xfe) {
		lineedit_resize(e, e->rows > 1 && size > 1 ? 2 + data[1] % 4 :
		    e->rows, size > 1 ? 1 + data[1] % 30 : 1);
	} else if (data[0] == 0xff && size > 1) {
		p.code = PRESS_PASTE;
		p.len = data[1] < size - 2 ? data[1] : size - 2;
		p.text = (const char *)data + 2;
		used = 2 + p.len;
	} else {
		p.code = tty_decode(d, data[0]);
	}
	if (p.code != PRESS_NONE)
		(void)lineedit_press(e, &p);
	return used;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tty_decoder decoder = {0};
	struct lineedit e;
	struct canvas c;

	if (size == 0)
		return 0;
	lineedit_init(&e, data[0] & 1 ? 1 + (data[0] >> 1 & 3) : 1,
	    1 + (data[0] >> 3) * 2, 40);
	canvas_init(&c, 80, 24);
	for (size_t at = 1; at < size;) {
		at += step(&e, &decoder, data + at, size - at);
		holds(&e);
	}
	lineedit_paint(&e, &c, 1, 1, ROLE_INPUT_NOW, true);
	canvas_release(&c);
	lineedit_release(&e);
	return 0;
}
