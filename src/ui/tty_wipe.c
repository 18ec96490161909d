/*
 * ANSI (ECMA-48) as it stands: where curses runs no more, no terminfo does
 * either.  What a terminal does not know of it, it passes over.
 */
#include "ui/tty_wipe.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"

static const int crashes[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV,
	SIGSYS };

enum { CRASHES = sizeof crashes / sizeof *crashes };

/* A handler can reach nothing else. */
static char last_bytes[TTY_WIPE_BYTES + 256];
static volatile size_t last_len;
static struct termios last_mode;

static const char history[] = "\033[3J";

size_t
tty_wipe_print(char out[TTY_WIPE_BYTES], int rows)
{
	size_t len = 0;

	/* plain, and not only a part of the screen scrolls any more */
	len += (size_t)snprintf(out, TTY_WIPE_BYTES, "\033[0m\033[r");
	for (int row = 1; row <= rows && len + 32 < TTY_WIPE_BYTES; row++)
		len += (size_t)snprintf(out + len, TTY_WIPE_BYTES - len,
		    "\033[%d;1H\033[K", row);
	len += (size_t)snprintf(out + len, TTY_WIPE_BYTES - len, "\033[H");
	return len;
}

void
tty_wipe_rows(int rows)
{
	char bytes[TTY_WIPE_BYTES];
	size_t len = tty_wipe_print(bytes, rows);

	(void)io_write_all(STDOUT_FILENO, bytes, len);
}

void
tty_wipe_history(void)
{
	(void)io_write_all(STDOUT_FILENO, history, sizeof history - 1);
}

/* ---- crashes ---- */

/* One write: a terminal that takes nothing holds nobody up for long. */
static void
on_crash(int sig)
{
	if (last_len > 0 && write(STDOUT_FILENO, last_bytes, last_len) >= 0)
		(void)tcsetattr(STDOUT_FILENO, TCSANOW, &last_mode);
	(void)raise(sig);		/* SA_RESETHAND: now it ends us */
}

void
tty_wipe_on_crash(int rows, const char *exit_screen,
    const struct termios *before)
{
	struct sigaction sa = { .sa_handler = on_crash };
	size_t len;

	last_len = 0;
	len = tty_wipe_print(last_bytes, rows);
	len += (size_t)snprintf(last_bytes + len, sizeof last_bytes - len,
	    "\033[?2004l\033[?25h%.64s", exit_screen ? exit_screen : history);
	last_mode = *before;
	last_len = len;
	sa.sa_flags = (int)(SA_RESETHAND | SA_NODEFER);
	(void)sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < CRASHES; i++)
		(void)sigaction(crashes[i], &sa, NULL);
}

void
tty_wipe_no_more(void)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };

	(void)sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < CRASHES; i++)
		(void)sigaction(crashes[i], &sa, NULL);
	last_len = 0;
}
