#ifndef UI_TTY_KEYS_H
#define UI_TTY_KEYS_H

#include <stddef.h>

/*
 * What terminals send although the terminfo entry of their TERM does not have
 * it: cursor keys in the other mode, PuTTY's and the console's Home, End and
 * F1-F5 under TERM=xterm, everything under TERM=vt100, Ctrl with arrows, the
 * brackets of a paste, the digits of the numeric keypad.  Private to ui/tty,
 * which tells curses about them.
 */

enum { TTY_KEYS_PASTE_START = 0x400000, TTY_KEYS_PASTE_END };

struct tty_keys_sequence {
	const char *bytes;
	int code;		/* enum of ui/press.h, or one of the above; a
				 * character: it means this under any TERM */
};

/* The i-th sequence; NULL at the end. */
const struct tty_keys_sequence *tty_keys_sequence(size_t i);

/* What a sequence means on a terminal that has sent ESC O A for a plain arrow:
 * PuTTY puts Ctrl with an arrow as the arrow of the other mode, ESC [ D, which
 * elsewhere is a terminal that does not know the modes. */
int tty_keys_other_mode(const struct tty_keys_sequence *s);

/* Take the numeric keypad's part out of the terminfo strings smkx and rmkx, in
 * place; NULL and others stay as they are. */
void tty_keys_trim(char *capability);

/* An ASCII byte: a control becomes its press, others stay. */
int tty_keys_control(int c);

#endif
