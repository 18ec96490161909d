/*
 * The terminal, through ncursesw.  What is odd here was measured; the numbers
 * are in the document of the terminal experiments:
 *
 * 1. endwin() and refresh() right after the start: until the first endwin()
 *    ncurses 6.4 writes each cursor movement by itself (51 writes a page).
 * 2. wgetch() and our own decoding: get_wch() loses a character that comes in
 *    two reads and swallows up to 144 bytes after an invalid one.
 * 3. Presses are read from a pad, because wgetch() on the screen's window
 *    would repaint it, and that may block on a stalled line.
 * 4. curses asks our wcwidth() (base/width): glibc's changes with the locale,
 *    terminals do not.
 */
#include "ui/tty.h"

#include <errno.h>
#include <langinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>
#include <term.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "ui/tty_cells.h"
#include "ui/tty_charset.h"
#include "ui/tty_decode.h"
#include "ui/tty_down.h"
#include "ui/tty_keys.h"
#include "ui/tty_paste.h"
#include "ui/tty_probe.h"
#include "ui/tty_sgr.h"
#include "ui/tty_signal.h"
#include "ui/tty_wipe.h"

/* 300 ms for the rest of an escape sequence: slow lines need it, and a bare
 * Esc does nothing urgent here. */
enum { ESC_DELAY_MS = 300, PROBE_MS = 1000, FDS_MAX = 8 };

/* Numbers for sequences that we define: this and the index; far above those
 * that curses gives to the extended keys of a terminfo entry. */
enum { SEQUENCE_KEY = 0x1000 };

struct tty {
	WINDOW *pad;			/* where presses are read from */
	struct canvas shown;		/* what the terminal shows */
	bool whole;			/* send everything next time */
	attr_t attrs[ROLE_COUNT];
	short pairs[ROLE_COUNT];
	struct termios mode, before_us;	/* of the line while we have it */
	bool is_utf8, away, got_input, read_any;
	bool returned;			/* from a stop: enter it anew */
	bool lost;			/* some of what was sent */
	int cursor_on;			/* -1 unknown */
	struct tty_decoder decoder;
	bool pending;		/* bytes typed before curses started */
	struct tty_paste paste;
	bool app_arrows;	/* ESC O A came: ESC [ D is another key */
	int before;		/* byte or key read last */
	char charset[32];
	const char *complaint;		/* static words */
};

/* For atexit() and the hook of exhausted memory. */
static struct tty *open_tty;

/* ---- start and end ---- */

static const struct look {
	attr_t mono, colour;
	short fg;		/* -1: the terminal's own */
} looks[ROLE_COUNT] = {
	[ROLE_TEXT] = { A_NORMAL, A_NORMAL, -1 },
	[ROLE_TITLE] = { A_BOLD, A_BOLD, -1 },
	[ROLE_STATUS] = { A_NORMAL, A_NORMAL, -1 },
	[ROLE_LABEL] = { A_NORMAL, A_NORMAL, COLOR_CYAN },
	[ROLE_INPUT] = { A_NORMAL, A_NORMAL, -1 },
	[ROLE_INPUT_NOW] = { A_UNDERLINE, A_UNDERLINE, -1 },
	[ROLE_MARK] = { A_REVERSE, A_REVERSE, -1 },
	[ROLE_DIM] = { A_NORMAL, A_DIM, -1 },
	[ROLE_WARN] = { A_BOLD, A_NORMAL, COLOR_YELLOW },
	[ROLE_ALERT] = { A_BOLD, A_BOLD, COLOR_RED },
	[ROLE_GOOD] = { A_NORMAL, A_NORMAL, COLOR_GREEN },
	[ROLE_HINT] = { A_NORMAL, A_NORMAL, -1 },
	[ROLE_POPUP] = { A_NORMAL, A_NORMAL, -1 },
};

static void
choose_looks(struct tty *t, bool mono)
{
	const char *no_color = getenv("NO_COLOR");

	mono = mono || (no_color && *no_color) || !has_colors()
	    || start_color() == ERR || use_default_colors() == ERR;
	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct look *l = &looks[i];

		t->attrs[i] = mono ? l->mono : l->colour;
		if (mono || l->fg < 0)
			continue;
		t->pairs[i] = (short)(l->fg + 1);
		(void)init_pair(t->pairs[i], l->fg, -1);
	}
}

static void
bracketed_paste(bool on)
{
	(void)putp(on ? "\033[?2004h" : "\033[?2004l");
	(void)fflush(stdout);
}

/* May we write without blocking?  A gone or stalled terminal is left alone. */
static bool
can_write(void)
{
	struct pollfd p = { STDOUT_FILENO, POLLOUT, 0 };

	return poll(&p, 1, 0) == 1 && p.revents == POLLOUT;
}

static void
restore_terminal(void)
{
	if (!open_tty || open_tty->away || !can_write())
		return;
	open_tty->away = true;
	bracketed_paste(false);
	/* Without an alternate screen the last picture would stay: names. */
	if (!enter_ca_mode) {
		tty_wipe_rows(LINES);
		(void)erase();
		(void)refresh();
		tty_wipe_history();
	}
	(void)endwin();
}

/* What to do when nothing can be asked of curses any more. */
static void
expect_crash(const struct tty *t)
{
	tty_wipe_on_crash(LINES, enter_ca_mode ? exit_ca_mode : NULL,
	    &t->before_us);
}

static void
define_sequences(void)
{
	const struct tty_keys_sequence *s;
	int known;

	for (size_t i = 0;; i++) {
		s = tty_keys_sequence(i);
		if (!s)
			break;
		known = key_defined(s->bytes);
		/* What this TERM gives another meaning keeps it; extended
		 * keys have names we do not ask for, and curses defines
		 * nothing twice. */
		if (known > 0 && known <= KEY_MAX && s->code >= 0x80)
			continue;
		if (known > 0)
			(void)define_key(s->bytes, 0);
		(void)define_key(s->bytes, SEQUENCE_KEY + (int)i);
	}
}

/*
 * Frames here are + - |.  Curses is given no other way: exit_attribute_mode
 * and its like are copies that it does not read, tigetstr() lends its own.
 * What the string did is done once.  Nor is the numeric keypad wanted in
 * application mode: PuTTY then sends sequences for its digits.
 */
static void
shorten_strings(void)
{
	static const struct {
		const char *name;
		void (*trim)(char *capability);
	} ours[] = { { "sgr", tty_sgr_trim }, { "sgr0", tty_sgr_trim },
		{ "smkx", tty_keys_trim }, { "rmkx", tty_keys_trim } };

	(void)putp(set_attributes ? tiparm(set_attributes, 0, 0, 0, 0, 0, 0, 0,
	    0, 0) : exit_attribute_mode);
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
		char *own = tigetstr(ours[i].name);

		/* -1: a name unknown to curses. */
		if (own && own != (char *)-1)
			ours[i].trim(own);
	}
	tty_down_trim(tigetstr("cud1"), tigetstr("csr"));
}

static enum status
start_curses(struct tty *t, const struct tty_options *o, struct err *err)
{
	(void)set_escdelay(ESC_DELAY_MS);
	if (!newterm(NULL, stdout, stdin))
		return err_set(err, E_IO,
		    tr("This kind of terminal (TERM) is not known here."));
	shorten_strings();
	(void)endwin();
	(void)refresh();
	(void)raw();
	(void)noecho();
	(void)nonl();
	(void)idlok(stdscr, TRUE);
	t->pad = newpad(1, 1);
	(void)keypad(t->pad, TRUE);
	(void)nodelay(t->pad, TRUE);
	define_sequences();
	choose_looks(t, o->mono);
	bracketed_paste(true);
	return E_OK;
}

enum status
tty_open(struct tty **out, const struct tty_options *o, struct err *err)
{
	struct tty_probe probe = {0};
	struct tty *t = NULL;
	enum status s = E_OK;

	if (open_tty || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, E_IO,
		    tr("The screens need a terminal on both ends."));
	t = mem_alloc(1, sizeof *t);
	tty_charset_choose();
	if (!o->skip_probe)
		tty_probe_ask(&probe, PROBE_MS);
	t->complaint = tty_charset_heed(&probe);
	(void)snprintf(t->charset, sizeof t->charset, "%s",
	    nl_langinfo(CODESET));
	t->is_utf8 = tty_charset_is_utf8();
	t->cursor_on = -1;
	t->whole = true;
	tty_paste_init(&t->paste, clock_mono_ms());
	(void)tcgetattr(STDIN_FILENO, &t->before_us);
	if (tty_signal_start())
		s = start_curses(t, o, err);
	else
		s = err_set(err, E_IO,
		    tr("The terminal cannot be prepared."));
	if (s) {
		tty_signal_stop();
		tty_paste_release(&t->paste);
		free(t);
		return s;
	}
	(void)tcgetattr(STDIN_FILENO, &t->mode);
	canvas_init(&t->shown, COLS, LINES);
	for (size_t i = probe.typed_len; i > 0; i--)
		(void)ungetch((unsigned char)probe.typed[i - 1]);
	t->pending = probe.typed_len > 0;
	open_tty = t;
	expect_crash(t);
	mem_on_exhausted(restore_terminal);
	(void)atexit(restore_terminal);
	*out = t;
	return E_OK;
}

void
tty_close(struct tty *t)
{
	if (!t)
		return;
	restore_terminal();
	tty_wipe_no_more();
	mem_on_exhausted(NULL);
	tty_signal_stop();
	open_tty = NULL;
	(void)delwin(t->pad);
	canvas_release(&t->shown);
	tty_paste_release(&t->paste);
	free(t);
}

void
tty_size(const struct tty *t, int *cols, int *rows)
{
	(void)t;
	*cols = COLS;
	*rows = LINES;
}

const char *
tty_charset(const struct tty *t)
{
	return t->charset;
}

const char *
tty_complaint(const struct tty *t)
{
	return t->complaint;
}

/* ---- waiting and presses ---- */

/* Input was announced and none came: the other end is gone. */
static bool
input_has_ended(const struct tty *t)
{
	int left = 0;

	return t->got_input && !t->read_any && !t->decoder.unfinished
	    && ioctl(STDIN_FILENO, FIONREAD, &left) == 0 && left == 0;
}

int
tty_wait(struct tty *t, struct pollfd *fds, size_t count, bool dirty,
    int timeout_ms)
{
	struct pollfd all[FDS_MAX + 3] = {
		{ STDIN_FILENO, POLLIN, 0 }, { tty_signal_fd(), POLLIN, 0 },
		{ dirty || t->lost ? STDOUT_FILENO : -1, POLLOUT, 0 },
	};
	int happened = 0;

	count = count < FDS_MAX ? count : FDS_MAX;
	if (tty_signal_ended() || input_has_ended(t))
		return TTY_END;
	t->got_input = t->read_any = false;
	t->pending = t->pending || tty_paste_holds(&t->paste);
	if (tty_signal_changed() || t->pending)
		timeout_ms = 0;
	for (size_t i = 0; i < count; i++) {
		all[3 + i] = fds[i];
		fds[i].revents = 0;
	}
	if (poll(all, (nfds_t)(3 + count), timeout_ms) < 0)
		return tty_signal_ended() ? TTY_END : tty_signal_changed() ? TTY_INPUT : 0;
	if (all[1].revents)
		tty_signal_drain();
	if (tty_signal_ended() || all[0].revents & (POLLERR | POLLHUP | POLLNVAL))
		return TTY_END;
	if (all[0].revents & POLLIN)
		t->got_input = true;
	if (t->got_input || tty_signal_changed() || t->pending)
		happened |= TTY_INPUT;
	t->pending = false;
	if (all[2].revents & POLLOUT)
		happened |= TTY_OUTPUT | (t->lost ? TTY_INPUT : 0);
	for (size_t i = 0; i < count; i++) {
		fds[i].revents = all[3 + i].revents;
		if (fds[i].revents)
			happened |= TTY_OTHER;
	}
	return happened;
}

static bool
take_size(struct tty *t)
{
	struct winsize w = {0};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_row == 0
	    || w.ws_col == 0)
		return false;
	if (w.ws_row == LINES && w.ws_col == COLS)
		return false;
	(void)resizeterm(w.ws_row, w.ws_col);
	expect_crash(t);
	tty_redraw(t);
	return true;
}

/* Does this terminal heed the mode of the cursor keys that it was asked for? */
static void
heed_arrow(struct tty *t, int key)
{
	if ((key == KEY_UP || key == KEY_DOWN || key == KEY_LEFT ||
	    key == KEY_RIGHT) && key_left && key_left[0] == '\033' &&
	    key_left[1] == 'O')
		t->app_arrows = true;
}

/* What a key number of curses means to us. */
static int
key_code(struct tty *t, int key)
{
	static const struct { int key, code; } keys[] = {
		{ KEY_UP, PRESS_UP }, { KEY_DOWN, PRESS_DOWN },
		{ KEY_LEFT, PRESS_LEFT }, { KEY_RIGHT, PRESS_RIGHT },
		{ KEY_HOME, PRESS_HOME }, { KEY_END, PRESS_END },
		{ KEY_PPAGE, PRESS_PGUP }, { KEY_NPAGE, PRESS_PGDN },
		{ KEY_ENTER, PRESS_ENTER }, { KEY_BTAB, PRESS_BACKTAB },
		{ KEY_BACKSPACE, PRESS_BACKSPACE }, { KEY_DC, PRESS_DELETE },
		{ KEY_IC, PRESS_INSERT }, { KEY_A1, PRESS_HOME },
		{ KEY_C1, PRESS_END }, { KEY_A3, PRESS_PGUP },
		{ KEY_C3, PRESS_PGDN }, { KEY_SLEFT, PRESS_WORD_LEFT },
		{ KEY_SRIGHT, PRESS_WORD_RIGHT },
		/* PuTTY's arrows in normal mode, under its own TERM */
		{ KEY_SR, PRESS_UP }, { KEY_SF, PRESS_DOWN },
		/* ^Z in the entries of putty and linux */
		{ KEY_SUSPEND, PRESS_CTRL + 'Z' },
	};
	const struct tty_keys_sequence *s = NULL;

	heed_arrow(t, key);
	if (key >= SEQUENCE_KEY)
		s = tty_keys_sequence((size_t)(key - SEQUENCE_KEY));
	if (s)
		return t->app_arrows ? tty_keys_other_mode(s) : s->code;
	if (key >= KEY_F(1) && key <= KEY_F(12))
		return PRESS_F1 + key - KEY_F(1);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].key == key)
			return keys[i].code;
	return PRESS_NONE;
}

/* Stopped and continued: whoever had the terminal meanwhile, a shell as a rule,
 * set the line to its liking; what was sent to the screen is gone.  Not from
 * the background, where that would stop us again. */
static bool
take_return(struct tty *t)
{
	if (!tty_signal_take_return() ||
	    tcgetpgrp(STDIN_FILENO) != getpgrp())
		return false;
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &t->mode);
	t->returned = true;
	return true;
}

/* What had come before the picture is read as one; see ui/tty_burst.h. */
static void
begin_burst(struct tty *t)
{
	int waiting = 0;

	if (tty_paste_begins(&t->paste) &&
	    ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting > 0)
		tty_paste_waiting(&t->paste, (size_t)waiting, clock_mono_ms());
}

bool
tty_press(struct tty *t, struct press *out)
{
	bool anew = take_return(t) || t->lost;

	*out = (struct press){0};
	t->lost = false;
	if ((tty_signal_take_resize() && take_size(t)) || anew) {
		out->code = PRESS_RESIZE;
		return true;
	}
	if (tty_paste_held(&t->paste, out))
		return true;
	begin_burst(t);
	for (;;) {
		int key = wgetch(t->pad), code;
		bool line_end_goes_on = t->before == '\r' && key == '\n';

		if (key == ERR)
			return tty_paste_end(&t->paste, out, clock_mono_ms());
		t->read_any = true;
		t->before = key;
		code = key < KEY_MIN ? tty_decode(&t->decoder, key) : key_code(t, key);
		/* 0: a part of a character, which is no ^@ */
		if (key < KEY_MIN && code > 0 && code < 0x80)
			code = tty_keys_control(code);
		if (tty_paste_take(&t->paste, code, line_end_goes_on, out))
			return true;
	}
}

/* ---- picture ---- */

/* Give curses the cells [from, to) of a row, one call for each run of a role.
 * Whole characters only: a half would leave an orphan in its window. */
static void
send_cells(const struct tty *t, const struct canvas_cell *row, int y, int from,
    int to)
{
	wchar_t text[TTY_CELLS_TEXT_MAX];

	while (from < to) {
		int start = from, len = tty_cells_text(text, row, &from, to,
			t->is_utf8);
		uint8_t role = row[start].role;

		(void)attr_set(t->attrs[role], t->pairs[role], NULL);
		(void)mvaddnwstr(y, start, text, len);
	}
}

static void
show_row(struct tty *t, const struct canvas_cell *now, int y)
{
	struct canvas_cell *old = &t->shown.cells[(size_t)y
	    * (size_t)t->shown.cols];
	int from = 0, to = t->shown.cols;

	if (!t->whole && !tty_cells_changed(&from, &to, old, now,
	    t->shown.cols))
		return;
	send_cells(t, now, y, from, to);
	memcpy(old, now, (size_t)t->shown.cols * sizeof *old);
}

static void
enter_anew(struct tty *t)
{
	t->returned = false;
	(void)putp(enter_ca_mode);
	(void)putp(keypad_xmit);
	bracketed_paste(true);
	t->cursor_on = -1;
	tty_redraw(t);
}

static void
send(struct tty *t, const struct canvas *c)
{
	bool cursor = c->cursor_row >= 0 && c->cursor_row < LINES
	    && c->cursor_col < COLS;

	if (t->returned)
		enter_anew(t);
	if (t->shown.cols != c->cols || t->shown.rows != c->rows) {
		canvas_resize(&t->shown, c->cols, c->rows);
		t->whole = true;
	}
	for (int y = 0; y < c->rows && y < LINES; y++)
		show_row(t, &c->cells[(size_t)y * (size_t)c->cols], y);
	t->whole = false;
	if ((int)cursor != t->cursor_on) {
		(void)curs_set(cursor);
		t->cursor_on = cursor;
	}
	if (cursor)
		(void)move(c->cursor_row, c->cursor_col);
	(void)refresh();
	if (c->beep)
		(void)beep();
}

void
tty_show(struct tty *t, const struct canvas *c)
{
	tty_signal_guard();
	send(t, c);
	if (!tty_signal_guard_end())
		return;
	/* a sequence may have been cut: the next picture comes whole, and so
	 * does the cursor */
	t->lost = true;
	t->cursor_on = -1;
	tty_redraw(t);
}

void
tty_forget(struct tty *t)
{
	(void)t;
	if (!enter_ca_mode && can_write())
		tty_wipe_history();
}

void
tty_redraw(struct tty *t)
{
	t->whole = true;
	(void)clearok(curscr, TRUE);
}
