#ifndef UI_TTY_SIGNAL_H
#define UI_TTY_SIGNAL_H

#include <stdbool.h>

/*
 * Signals of a terminal program, each as a flag and a byte in a pipe that wakes
 * poll(): HUP, TERM and INT end it, WINCH changes its size, TSTP is ignored.
 * Private to ui/tty.
 */

bool tty_signal_start(void);	/* false: no pipe */
void tty_signal_stop(void);	/* as it was before */
int tty_signal_fd(void);	/* readable after a signal */
void tty_signal_drain(void);	/* empty the pipe */
bool tty_signal_ended(void);
bool tty_signal_resized(void);
bool tty_signal_take_resize(void);	/* and forget it */

#endif
