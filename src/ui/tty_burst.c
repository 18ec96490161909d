/*
 * Told apart: what was pasted and what was typed ahead.
 */
#include "ui/tty_burst.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/press.h"

enum {
	TYPED_LEAST = 32,	/* bytes that say nothing */
	TYPED_A_SECOND = 8,
	TYPED_MOST = 200,	/* a line stands still for 20 seconds or so */
	PIECES_MS = 100,
	CODES_MAX = 64 * 1024,
};

void
tty_burst_init(struct tty_burst *b, int64_t now_ms)
{
	*b = (struct tty_burst){ .before_ms = now_ms,
	    .pasted_ms = now_ms - PIECES_MS - 1 };
}

void
tty_burst_release(struct tty_burst *b)
{
	free(b->codes);
	*b = (struct tty_burst){0};
}

void
tty_burst_begin(struct tty_burst *b, size_t waiting, int64_t now_ms)
{
	int64_t since_ms = now_ms - b->before_ms;
	int64_t typed = TYPED_LEAST + since_ms * TYPED_A_SECOND / 1000;

	if (typed > TYPED_MOST)
		typed = TYPED_MOST;
	b->goes_on = now_ms - b->pasted_ms <= PIECES_MS;
	b->gathering = !b->off && waiting > 0 &&
	    (b->goes_on || (int64_t)waiting > typed);
	b->before_ms = now_ms;
	b->count = b->next = 0;
}

static bool
is_text(int code)
{
	return code == PRESS_ENTER || code == PRESS_TAB ||
	    (code >= ' ' && code < 0x110000 && code != 0x7f);
}

enum tty_burst_step
tty_burst_add(struct tty_burst *b, int code, bool same_line_end)
{
	b->codes = mem_grow(b->codes, b->count, sizeof *b->codes);
	b->codes[b->count++] = same_line_end ? -code : code;
	if (is_text(code) && b->count < CODES_MAX)
		return TTY_BURST_GATHERED;
	b->gathering = false;
	return TTY_BURST_KEYS;
}

/* A line end, and text behind it; of a piece, any line end. */
static bool
has_lines(const struct tty_burst *b)
{
	bool ended = false;

	for (size_t i = 0; i < b->count; i++) {
		if (b->codes[i] == PRESS_ENTER)
			ended = true;
		else if (ended && b->codes[i] > 0)
			return true;
	}
	return ended && b->goes_on;
}

static void
put_text(const struct tty_burst *b, struct buf *out)
{
	size_t end = b->count;
	char bytes[4];

	/* the last line end would be a blank in a field of one row */
	while (end > 0 && abs(b->codes[end - 1]) == PRESS_ENTER)
		end--;
	for (size_t i = 0; i < end; i++) {
		int code = b->codes[i];

		if (code == PRESS_ENTER)
			buf_char(out, '\n');
		else if (code == PRESS_TAB)
			buf_char(out, '\t');
		else if (code > 0)
			buf_add(out, bytes, utf8_put(bytes, (uint32_t)code));
	}
}

bool
tty_burst_end(struct tty_burst *b, struct buf *out, int64_t now_ms)
{
	bool pasted = b->gathering && has_lines(b);

	b->gathering = false;
	b->before_ms = now_ms;
	if (!pasted)
		return false;
	put_text(b, out);
	b->count = b->next = 0;
	b->pasted_ms = now_ms;
	return true;
}

bool
tty_burst_held(struct tty_burst *b, int *code)
{
	if (b->gathering || b->next >= b->count)
		return false;
	*code = abs(b->codes[b->next++]);
	return true;
}
