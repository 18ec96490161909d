/*
 * ui/tty on a terminal.  This program is also the one behind the pty: called
 * with "play" it shows what was pressed and, at each 'r', the next of a row of
 * random pictures, which the test draws too and compares cell by cell.
 */
#include "ui/tty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/tr.h"
#include "kit/vtest.h"

enum { PICTURES = 40 };

/* ---- behind the pty ---- */

static uint64_t
next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

/* Picture n is picture n - 1 with some changes: runs of text in any place,
 * rows that move up, as a list does. */
static void
draw(struct canvas *c, unsigned n)
{
	static const char *const words[] = { "张三", "a", "李四王五", "  ",
		"hello", "e\xcc\x81x", "(一)", "欧阳", "1234567", "，。" };
	uint64_t seed = n;
	char number[20];

	if (n % 3 == 1) {
		size_t cells = (size_t)c->cols * (size_t)(c->rows - 2);

		memmove(c->cells, c->cells + c->cols,
		    cells * sizeof *c->cells);
	}
	for (int i = 0; i < 30; i++) {
		int row = (int)(next_random(&seed) % (unsigned)(c->rows - 1));
		int col = (int)(next_random(&seed) % (unsigned)c->cols);

		(void)canvas_text(c, row, col, c->cols, (enum canvas_role)
		    (next_random(&seed) % ROLE_COUNT),
		    words[next_random(&seed) % 10]);
	}
	(void)snprintf(number, sizeof number, "#%u#", n);
	canvas_field(c, c->rows - 1, 0, 20, ROLE_TEXT, number);
	canvas_cursor(c, (int)(next_random(&seed) % (unsigned)c->rows),
	    (int)(next_random(&seed) % (unsigned)c->cols));
}

/* The press as words, behind what was there. */
static void
tell(struct canvas *c, const struct press *p)
{
	struct buf out;

	buf_init(&out, BUF_LINE_MAX);
	if (p->code == PRESS_PASTE)
		buf_printf(&out, "paste(%zu)%s", p->len, p->text);
	else if (p->code == PRESS_BAD)
		buf_text(&out, "bad");
	else if (p->code == PRESS_RESIZE)
		buf_printf(&out, "size %dx%d", c->cols, c->rows);
	else
		press_label(&out, p->code);
	buf_text(&out, p->after_paste ? "!" : ".");
	canvas_clear(c);
	(void)canvas_text(c, 0, 0, c->cols, ROLE_TEXT, out.data);
	buf_release(&out);
}

static bool
take(struct tty *t, struct canvas *c, const struct press *p, unsigned *picture)
{
	int cols, rows;

	if (p->code == PRESS_CTRL + 'X')
		return false;
	if (p->code == PRESS_RESIZE) {
		tty_size(t, &cols, &rows);
		canvas_resize(c, cols, rows);
	}
	if (p->code == 'r')
		draw(c, ++*picture);
	else if (p->code == PRESS_CTRL + 'L')
		tty_redraw(t);
	else
		tell(c, p);
	return true;
}

static int
play(void)
{
	struct tty_options o = { .skip_probe = true };
	struct err err = ERR_INIT;
	struct canvas c = {0};
	struct tty *t = NULL;
	unsigned picture = 0;
	bool dirty = true, going = true;
	int cols, rows, happened = 0;

	tr_set(TR_EN);
	if (tty_open(&t, &o, &err)) {
		puts(err.msg);
		return 1;
	}
	tty_size(t, &cols, &rows);
	canvas_init(&c, cols, rows);
	(void)canvas_text(&c, 0, 0, 80, ROLE_TITLE, tty_charset(t));
	(void)canvas_text(&c, 1, 0, 80, ROLE_TEXT, "ready");
	while (going) {
		struct press p;

		happened = tty_wait(t, NULL, 0, dirty, -1);
		if (happened & TTY_END)
			break;
		while (going && happened & TTY_INPUT && tty_press(t, &p)) {
			going = take(t, &c, &p, &picture);
			dirty = true;
		}
		if (dirty && happened & TTY_OUTPUT) {
			tty_show(t, &c);
			dirty = false;
		}
	}
	canvas_release(&c);
	tty_close(t);
	return happened & TTY_END ? 9 : 0;
}

/* ---- in front of it ---- */

static void
start(struct vtest *t, const char *term, const char *locale)
{
	static const char *const argv[] = { "/proc/self/exe", "play", NULL };

	assert_true(vtest_start(t, &(struct vtest_options){ .term = term,
	    .locale = locale }, argv));
	assert_true(vtest_wait(t, "ready"));
}

static void
expect(struct vtest *t, const char *bytes, const char *want)
{
	vtest_send(t, bytes, strlen(bytes));
	if (!vtest_wait(t, want)) {
		vtest_dump(t);
		fail_msg("not shown: %s", want);
	}
}

/* Ctrl with the arrows, Home and End as each terminal sends them; what PuTTY
 * sends is only known once a plain arrow has shown that it heeds the mode. */
static void
test_word_keys(void **state)
{
	static const struct {
		const char *term, *bytes, *want;
	} rows[] = {
		{ "xterm-256color", "\033[1;5D", "Ctrl-Left." },
		{ "xterm", "\033[1;5C", "Ctrl-Right." },
		{ "xterm", "\033O5D", "Ctrl-Left." },
		{ "xterm", "\033[1;5H", "^A." },
		{ "xterm", "\033[1;5F", "^E." },
		{ "xterm", "\033[D", "Left." },
		{ "xterm", "\033OA\033[D", "Ctrl-Left." },	/* PuTTY */
		{ "putty", "\033OC\033[C", "Ctrl-Right." },
		{ "putty", "\033OC\033[C\033OD", "Left." },
		{ "putty", "\x1a", "^Z." }, { "linux", "\x1a", "^Z." },
		{ "putty", "\033[1~", "Home." },
		{ "putty", "\033[4~", "End." },
		{ "linux", "\033[D", "Left." },
		{ "linux", "\033[A\033[D", "Left." },
		{ "linux", "\033[4~", "End." },
		{ "rxvt", "\033Od", "Ctrl-Left." },
		{ "rxvt", "\033[8~", "End." },
		{ "screen-256color", "\033[1;5D", "Ctrl-Left." },
		{ "vt100", "\033[1~", "Home." },
		{ "vt100", "\033[F", "End." },
		{ "vt100", "\x02", "^B." },
		{ "vt100", "\x16", "^V." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct vtest t;

		start(&t, rows[i].term, "C.UTF-8");
		expect(&t, rows[i].bytes, rows[i].want);
		expect(&t, "\x18", "");
		vtest_release(&t);
	}
}

static void
test_presses(void **state)
{
	static const struct {
		const char *bytes, *want;
	} rows[] = {
		{ "a", "a." }, { "\x13", "^S." }, { "\x1a", "^Z." },
		{ "\x03", "^C." }, { "\x11", "^Q." }, { "\x1f", "^_." },
		{ "\r", "Enter." }, { "\n", "Enter." }, { "\t", "Tab." },
		{ "\x7f", "Backspace." }, { "\b", "Backspace." },
		{ "\033[A", "Up." }, { "\033OB", "Down." },
		{ "\033[1~", "Home." }, { "\033[F", "End." },
		{ "\033[Z", "Shift-Tab." }, { "\033[3~", "Del." },
		{ "\033[6~", "PgDn." }, { "\033[15~", "F5." },
		{ "\033[1;5C", "Ctrl-Right." }, { "\033", "Esc." },
		{ "\xe5\xbc\xa0", "张." }, { "\xf0\xa0\x80\x80", "𠀀." },
		{ "\xff", "bad." }, { "b", "b." },
		{ "\033[200~x\ry\x01\033[201~", "paste(3)x y." },
		{ "\033[200~x\033[201~dy", "y!" }, { "y", "y." },
	};
	struct vtest t;

	(void)state;
	start(&t, "xterm-256color", "C.UTF-8");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect(&t, rows[i].bytes, rows[i].want);
	/* A character in two reads. */
	vtest_send(&t, "\xe6\x9d", 2);
	vtest_settle(&t, 30);
	expect(&t, "\x8e", "李.");
	vtest_ctrl(&t, 'x');
	assert_int_equal(vtest_exit(&t), 0);
	assert_false(t.alternate);
	vtest_release(&t);
}

/* What PuTTY, Xshell, consoles and xterm send, in either mode of the cursor
 * keys and the keypad, whatever TERM says. */
static void
test_key_codes(void **state)
{
	static const char *const terms[] = { "xterm", "xterm-256color",
		"putty", "putty-256color", "linux", "vt100", "screen-256color",
		"tmux-256color" };
	static const struct {
		const char *bytes, *want;
	} rows[] = {
		{ "\033[A", "Up." }, { "\033OA", "Up." },
		{ "\033[B", "Down." }, { "\033OB", "Down." },
		/* "ESC [ C" is Ctrl-Right of PuTTY under its own TERM */
		{ "\033OC", "Right." }, { "\033OD", "Left." },
		{ "\033[1~", "Home." }, { "\033[H", "Home." },
		{ "\033OH", "Home." }, { "\033[7~", "Home." },
		{ "\033[4~", "End." }, { "\033[F", "End." },
		{ "\033OF", "End." }, { "\033[8~", "End." },
		{ "\033[5~", "PgUp." }, { "\033[6~", "PgDn." },
		{ "\033[2~", "Ins." }, { "\033[3~", "Del." },
		{ "\x7f", "Backspace." }, { "\b", "Backspace." },
		{ "\033Op", "0." }, { "\033Oq", "1." }, { "\033Os", "3." },
		{ "\033Ou", "5." }, { "\033Ow", "7." }, { "\033Oy", "9." },
		{ "\033On", ".." }, { "\033OM", "Enter." },
		{ "\033[Z", "Shift-Tab." },
	};

	(void)state;
	for (size_t k = 0; k < sizeof terms / sizeof *terms; k++) {
		struct vtest t;

		print_message("# %s\n", terms[k]);
		start(&t, terms[k], "C.UTF-8");
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			expect(&t, rows[i].bytes, rows[i].want);
			expect(&t, "x", "x.");
		}
		vtest_release(&t);
	}
}

/* Nothing is told by colour alone, and where there is none none is sent. */
static void
test_monochrome(void **state)
{
	static const char *const terms[] = { "xterm-mono", "vt100" };
	VTermScreenCell cell, first;

	(void)state;
	for (size_t k = 0; k < sizeof terms / sizeof *terms; k++) {
		struct vtest t;

		start(&t, terms[k], "C.UTF-8");
		assert_true(vtest_cell(&t, 23, 79, &first));
		expect(&t, "rrrrr", "#5#");
		for (int row = 0; row < 24; row++)
			for (int col = 0; col < 80; col++) {
				assert_true(vtest_cell(&t, row, col, &cell));
				assert_true(vterm_color_is_equal(&cell.fg,
				    &first.fg));
				assert_true(vterm_color_is_equal(&cell.bg,
				    &first.bg));
			}
		vtest_release(&t);
	}
}

/* In the C locale no hanzi would get through. */
static void
test_c_locale(void **state)
{
	struct vtest t;

	(void)state;
	start(&t, "xterm", "C");
	expect(&t, "\xe5\xbc\xa0", "张.");
	vtest_release(&t);
}

static void
test_resize(void **state)
{
	struct vtest t;

	(void)state;
	start(&t, "xterm-256color", "C.UTF-8");
	vtest_resize(&t, 30, 100);
	assert_true(vtest_wait(&t, "size 100x30."));
	vtest_resize(&t, 5, 9);
	vtest_resize(&t, 24, 80);
	assert_true(vtest_wait(&t, "size 80x24."));
	vtest_release(&t);
}

static void
test_ends(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT,
		SIGUSR1, SIGUSR2, SIGXCPU, SIGVTALRM, SIGPROF };
	struct vtest t;

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		start(&t, "linux", "C.UTF-8");
		vtest_signal(&t, SIGTSTP);	/* ignored */
		expect(&t, "k", "k.");
		vtest_signal(&t, signals[i]);
		assert_int_equal(vtest_exit(&t), 9);
		/* No alternate screen here: nothing may stay. */
		assert_int_equal(vtest_find(&t, "k.", NULL), -1);
		vtest_release(&t);
	}
	start(&t, "xterm-256color", "C.UTF-8");
	vtest_hang_up(&t);
	assert_int_equal(vtest_exit(&t), 9);
	vtest_release(&t);
}

static bool
echoes(const struct vtest *t)
{
	struct termios mode = {0};

	assert_int_equal(tcgetattr(t->fd, &mode), 0);
	return (mode.c_lflag & (ECHO | ICANON)) == (ECHO | ICANON);
}

/* A crash leaves no names on the screen either, and a line to type on. */
static void
test_crashes(void **state)
{
	static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE };
	static const char *const terms[] = { "linux", "vt100",
		"xterm-256color" };
	struct vtest t;

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		start(&t, terms[i % 3], "C.UTF-8");
		assert_false(echoes(&t));
		expect(&t, "k", "k.");
		vtest_signal(&t, signals[i]);
		assert_int_equal(vtest_exit(&t), 128 + signals[i]);
		assert_int_equal(vtest_find(&t, "k.", NULL), -1);
		assert_false(t.alternate);
		assert_true(echoes(&t));
		vtest_release(&t);
	}
}

/* The rows of the terminal are those of the canvas. */
static bool
same_rows(struct vtest *t, const struct canvas *c)
{
	char row[VTEST_LINE_MAX];
	const char *line;
	bool same = true;
	struct buf now;

	buf_init(&now, BUF_RECORD_MAX);
	canvas_print(&now, c);
	line = now.data;
	for (int i = 0; i < c->rows && same; i++) {
		size_t len = strcspn(line, "\n");

		vtest_row(t, i, row);
		same = strlen(row) == len && memcmp(row, line, len) == 0;
		line += len + 1;
	}
	buf_release(&now);
	return same && t->cursor.row == c->cursor_row
	    && t->cursor.col == c->cursor_col;
}

static void
test_pictures(void **state)
{
	static const char *const terms[] = { "xterm-256color", "linux",
		"vt100", "tmux-256color", "xterm" };

	(void)state;
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		struct canvas c;
		struct vtest t;

		start(&t, terms[i], "C.UTF-8");
		canvas_init(&c, 80, 24);
		(void)canvas_text(&c, 0, 0, 80, ROLE_TITLE, "UTF-8");
		(void)canvas_text(&c, 1, 0, 80, ROLE_TEXT, "ready");
		for (unsigned n = 1; n <= PICTURES; n++) {
			int tries = 0;

			draw(&c, n);
			vtest_type(&t, "r");
			while (!same_rows(&t, &c) && tries++ < 200)
				vtest_settle(&t, 5);
			if (!same_rows(&t, &c)) {
				vtest_dump(&t);
				fail_msg("%s: picture %u", terms[i], n);
			}
		}
		canvas_release(&c);
		vtest_release(&t);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_presses),
		cmocka_unit_test(test_word_keys),
		cmocka_unit_test(test_key_codes),
		cmocka_unit_test(test_monochrome),
		cmocka_unit_test(test_c_locale),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_crashes),
		cmocka_unit_test(test_pictures),
	};

	if (argc > 1 && strcmp(argv[1], "play") == 0)
		return play();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
