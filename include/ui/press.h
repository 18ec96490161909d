#ifndef UI_PRESS_H
#define UI_PRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * One decoded keypress, as a number: a character is its code point; Ctrl-S is
 * PRESS_CTRL + 'S' (capital letter, or one of @ [ \ ] ^ _); the others are
 * named below.  Ctrl-I, -M, -J, -H and -[ never occur: they are PRESS_TAB,
 * PRESS_ENTER (both), PRESS_BACKSPACE and PRESS_ESC.
 */
enum {
	PRESS_NONE = 0,
	PRESS_CTRL = 0x200000,
	PRESS_UP = 0x300000, PRESS_DOWN, PRESS_LEFT, PRESS_RIGHT,
	PRESS_HOME, PRESS_END, PRESS_PGUP, PRESS_PGDN,
	PRESS_ENTER, PRESS_TAB, PRESS_BACKTAB, PRESS_BACKSPACE, PRESS_DELETE,
	PRESS_INSERT, PRESS_ESC,
	PRESS_WORD_LEFT, PRESS_WORD_RIGHT,	/* Ctrl with left, right */
	PRESS_F1, PRESS_F2, PRESS_F3, PRESS_F4, PRESS_F5, PRESS_F6, PRESS_F7,
	PRESS_F8, PRESS_F9, PRESS_F10, PRESS_F11, PRESS_F12,
	PRESS_PASTE,	/* a block of pasted text: never a command */
	PRESS_RESIZE,	/* the window has another size now */
	PRESS_BAD,	/* bytes that are no character of the terminal's charset */
	PRESS_END_OF_KINDS,
};

struct press {
	int code;
	const char *text;	/* PRESS_PASTE: UTF-8, may hold newlines and
				 * anything; borrowed until the next press */
	size_t len;		/* bytes of text */
	bool after_paste;	/* arrived in one breath with a paste: a text
				 * that ends its own brackets may have sent
				 * it, so it confirms nothing */
};

/* A character that may be typed into a field. */
bool press_is_char(const struct press *p);

/* What the hint line calls it, appended: "^S", "Enter" (回车), "PgDn". */
void press_label(struct buf *out, int code);

/* For scripts and tests: "^S", "Enter", "Down", "F1", "Space", "Tab", or one
 * character; case of names does not matter.  PRESS_NONE: none of them. */
int press_parse(const char *name);

#endif
