#ifndef UI_TTY_CHARSET_H
#define UI_TTY_CHARSET_H

#include <stdbool.h>

#include "ui/tty_probe.h"

/* Which charset is spoken with the terminal.  Private to ui/tty. */

/* From the environment; C.UTF-8 where that has no hanzi. */
void tty_charset_choose(void);
bool tty_charset_is_utf8(void);

/* Change to what the terminal itself said, also how wide its ambiguous
 * characters are; to ASCII and English where it takes neither UTF-8 nor what
 * is installed here.  Returns what the user should know, "" nothing; static. */
const char *tty_charset_heed(const struct tty_probe *p);

#endif
