#ifndef UI_TTY_SGR_H
#define UI_TTY_SGR_H

/*
 * Take out of a terminfo string for attributes (sgr, or sgr0) what only ends
 * the line-drawing characters, which the program never uses: 4 to 7 bytes at
 * each change of attributes.  Shortened in place; NULL and strings without
 * such a part stay as they are.  Padding stays.  Private to ui/tty.
 */
void tty_sgr_trim(char *capability);

#endif
