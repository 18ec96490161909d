#ifndef UI_TTY_DOWN_H
#define UI_TTY_DOWN_H

/*
 * One line down (cud1) in one byte.  Curses does not move by LF, which some
 * lines turn into CR LF, and says ESC [ 23 d instead; VT does the same on every
 * terminal of the VT100's kind, which one with csr (its string; NULL none) as
 * ANSI has it is.  Changed in place; others stay as they are.  Private to
 * ui/tty.
 */
void tty_down_trim(char *cud1, const char *csr);

#endif
