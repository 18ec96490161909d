#ifndef UI_TTY_H
#define UI_TTY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "ui/canvas.h"
#include "ui/press.h"

/*
 * The terminal: the only door to curses.  Raw mode, decoding of keys, colours
 * by role, signals.  There is one terminal a process, so only one may be open.
 *
 * 1. The terminal is restored by tty_close(), at exit, when memory runs out,
 *    and, in bytes kept ready, by a crash; not after a hang-up, when it is gone.
 *    Nothing of a picture stays on it or in its history (T23).
 * 2. Nothing is written while the terminal takes no output (tty_wait() says
 *    when), and all waiting presses come before a repaint.
 */

struct tty;

struct tty_options {
	bool skip_probe;	/* do not ask the terminal for its charset */
	bool mono;		/* no colours (also by the variable NO_COLOR) */
};

/* May take a second when the terminal does not answer the probe.
 * Errors: E_IO standard input or output is no terminal, or TERM is unknown. */
MUST_CHECK enum status tty_open(struct tty **out,
	const struct tty_options *o, struct err *err);
void tty_close(struct tty *t);			/* accepts NULL */

void tty_size(const struct tty *t, int *cols, int *rows);
/* "UTF-8", "GB18030", ... as spoken with the terminal.  Lent. */
const char *tty_charset(const struct tty *t);
/* What the user should know about the terminal after the start (charset does
 * not fit), in their language; "" nothing. */
const char *tty_complaint(const struct tty *t);

enum {
	TTY_INPUT = 1,		/* call tty_press() until it says no */
	TTY_OUTPUT = 2,		/* tty_show() will not block */
	TTY_OTHER = 4,		/* a descriptor of the caller: see revents */
	TTY_END = 8,		/* HUP, TERM, or the terminal is gone: save
				 * drafts, tty_close(), exit */
};

/*
 * Sleep until something happens: a set of the above, 0 after timeout_ms (-1
 * for ever).  dirty: there is a picture to show, wait for TTY_OUTPUT too.
 * fds: up to 8 descriptors of the caller, whose revents are filled in.
 */
int tty_wait(struct tty *t, struct pollfd *fds, size_t count, bool dirty,
	int timeout_ms);

/* The next press that has arrived; false: none.  Never blocks. */
bool tty_press(struct tty *t, struct press *out);

/* Bring the terminal to this picture, sending the difference only. */
void tty_show(struct tty *t, const struct canvas *c);
/* Forget what the terminal shows: the next picture is sent whole (^L). */
void tty_redraw(struct tty *t);

/* After a picture that ends what may be seen (a lock): earlier ones that a
 * terminal without a second screen keeps in its history go. */
void tty_forget(struct tty *t);

#endif
