/*
 * What was pasted into a terminal that does not say so, and what was typed
 * ahead over a line that stood still.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/press.h"
#include "ui/tty_burst.h"

enum { START_MS = 5000 };

static int
code_of(char c)
{
	return c == '\r' || c == '\n' ? PRESS_ENTER : c == '\t' ? PRESS_TAB :
		c == '^' ? PRESS_CTRL + 'S' : c;
}

/* All of text at once, so long after the last key: what the screens get, a
 * paste as "<text>". */
static void
play(struct buf *out, struct tty_burst *b, const char *text, int64_t now_ms)
{
	char before = 0;
	int code;
	struct buf paste;

	buf_init(&paste, BUF_LINE_MAX);
	tty_burst_begin(b, strlen(text), now_ms);
	for (const char *c = text; *c; c++) {
		if (!b->gathering) {
			while (tty_burst_held(b, &code))
				buf_char(out, code == PRESS_ENTER ? '|' :
					code > 0x7f ? '^' : (char)code);
			buf_char(out, *c == '\r' ? '|' : *c);
		} else {
			(void)tty_burst_add(b, code_of(*c), before == '\r' &&
				*c == '\n');
		}
		before = *c;
	}
	if (tty_burst_end(b, &paste, now_ms))
		buf_printf(out, "<%s>", paste.len ? paste.data : "");
	while (tty_burst_held(b, &code))
		buf_char(out, code == PRESS_ENTER ? '|' : code > 0x7f ? '^' :
			(char)code);
	buf_release(&paste);
}

static void
test_told_apart(void **state)
{
	static const struct {
		int64_t after_ms;
		const char *text, *want;
	} rows[] = {
		/* nobody types so much in a second */
		{ 1000, "Zhang San, 3 Hongqi Road, Fengqiao\r13800138000\r",
		    "<Zhang San, 3 Hongqi Road, Fengqiao\n13800138000>" },
		{ 1000, "the very first line of three\r\nsecond one\r\nthird",
		    "<the very first line of three\nsecond one\nthird>" },
		{ 0, "a\tcell and the cells below it\r1\t2\r3",
		    "<a\tcell and the cells below it\n1\t2\n3>" },
		/* but in ten, over a line that stood still, somebody may */
		{ 10000, "Zhang San, 3 Hongqi Road, Fengqiao\r13800138000\r",
		    "Zhang San, 3 Hongqi Road, Fengqiao|13800138000|" },
		/* an Enter at the end is meant */
		{ 0, "a long text that came from an input method\r",
		    "a long text that came from an input method|" },
		/* too short to say anything */
		{ 0, "zhangsan\r13800138000\r", "zhangsan|13800138000|" },
		/* any other key: somebody typed it */
		{ 0, "Zhang San, 3 Hongqi Road, Fengqiao\r13800138000^",
		    "Zhang San, 3 Hongqi Road, Fengqiao|13800138000^" },
		{ 0, "all in one line, however long that is",
		    "all in one line, however long that is" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tty_burst b;
		struct buf out;

		tty_burst_init(&b, START_MS);
		buf_init(&out, BUF_LINE_MAX);
		play(&out, &b, rows[i].text, START_MS + rows[i].after_ms);
		assert_string_equal(out.data, rows[i].want);
		buf_release(&out);
		tty_burst_release(&b);
	}
}

/* A long paste comes in pieces, of which the last may be short; what is typed
 * later is typed. */
static void
test_in_pieces(void **state)
{
	struct tty_burst b;
	struct buf out;

	(void)state;
	tty_burst_init(&b, START_MS);
	buf_init(&out, BUF_LINE_MAX);
	play(&out, &b, "the first line\rand a half of the se", START_MS);
	play(&out, &b, "cond\r", START_MS + 20);
	play(&out, &b, "\rend", START_MS + 60);
	play(&out, &b, "typed\r", START_MS + 900);
	assert_string_equal(out.data, "<the first line\nand a half of the se>"
		"<cond><\nend>typed|");
	buf_release(&out);
	tty_burst_release(&b);
}

/* A terminal that brackets its pastes is believed. */
static void
test_brackets_are_believed(void **state)
{
	struct tty_burst b;
	struct buf out;

	(void)state;
	tty_burst_init(&b, START_MS);
	buf_init(&out, BUF_LINE_MAX);
	b.off = true;
	play(&out, &b, "typed ahead by a program\rnext one\r", START_MS);
	assert_string_equal(out.data, "typed ahead by a program|next one|");
	buf_release(&out);
	tty_burst_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told_apart),
		cmocka_unit_test(test_in_pieces),
		cmocka_unit_test(test_brackets_are_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
