#ifndef UI_TTY_SIGNAL_H
#define UI_TTY_SIGNAL_H

#include <stdbool.h>

/*
 * Signals of a terminal program, each as a flag and a byte in a pipe that wakes
 * poll(): HUP, TERM, INT and whatever else would end it does, WINCH changes its
 * size, CONT gives the terminal back after a stop, TSTP is ignored.
 * Private to ui/tty.
 */

bool tty_signal_start(void);	/* false: no pipe */
void tty_signal_stop(void);	/* as it was before */
int tty_signal_fd(void);	/* readable after a signal */
void tty_signal_drain(void);	/* empty the pipe */
bool tty_signal_ended(void);
/* The size or, after a stop, everything about the terminal may be another. */
bool tty_signal_changed(void);
bool tty_signal_take_resize(void);	/* and forget it */
bool tty_signal_take_return(void);

/*
 * Around writes that a stalled line may block, although poll() promised some
 * room: every STALL_MS what the line has not taken is thrown away, which frees
 * the write.  The end says whether that happened.
 */
void tty_signal_guard(void);
bool tty_signal_guard_end(void);

#endif
