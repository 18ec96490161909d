#ifndef UI_TTY_WIPE_H
#define UI_TTY_WIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/*
 * Leaving nothing behind.  A terminal without a second screen keeps what is
 * cleared: it pushes the whole picture into its history, names and all.  So each
 * row is made blank where it stands, and then the history goes, in which earlier
 * pictures may be.
 *
 * The same bytes are kept ready for a program that crashes, which may ask curses
 * for nothing any more.  Private to ui/tty.
 */

enum { TTY_WIPE_BYTES = 8192 };		/* more than CANVAS_ROWS_MAX rows */

/* The bytes for so many rows; their number. */
size_t tty_wipe_print(char out[TTY_WIPE_BYTES], int rows);
/* And to the terminal. */
void tty_wipe_rows(int rows);
void tty_wipe_history(void);

/* From here on a crash leaves a blank screen and a line as it was before; rows
 * anew after each change of the size.  exit_screen: what leaves the second
 * screen, NULL where there is none. */
void tty_wipe_on_crash(int rows, const char *exit_screen,
	const struct termios *before);
void tty_wipe_no_more(void);

#endif
