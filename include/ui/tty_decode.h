#ifndef UI_TTY_DECODE_H
#define UI_TTY_DECODE_H

#include <stdbool.h>
#include <wchar.h>

/* Bytes of the locale's charset to code points, one byte at a time: a
 * character may come in two reads.  Private to ui/tty. */
struct tty_decoder {
	mbstate_t state;
	bool unfinished;	/* a part of a character waits */
};

/* A code point; PRESS_NONE while the character is not finished; PRESS_BAD for
 * a byte that is part of none (the next one is looked at anew). */
int tty_decode(struct tty_decoder *t, int byte);

#endif
