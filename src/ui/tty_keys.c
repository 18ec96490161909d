/*
 * The table of sequences, and the controls.
 */
#include "ui/tty_keys.h"

#include <string.h>

#include "ui/press.h"

static const struct tty_keys_sequence sequences[] = {
	{ "\033[A", PRESS_UP }, { "\033[B", PRESS_DOWN },
	{ "\033[C", PRESS_RIGHT }, { "\033[D", PRESS_LEFT },
	{ "\033OA", PRESS_UP }, { "\033OB", PRESS_DOWN },
	{ "\033OC", PRESS_RIGHT }, { "\033OD", PRESS_LEFT },
	{ "\033[H", PRESS_HOME }, { "\033[F", PRESS_END },
	{ "\033OH", PRESS_HOME }, { "\033OF", PRESS_END },
	{ "\033[1~", PRESS_HOME }, { "\033[4~", PRESS_END },
	{ "\033[7~", PRESS_HOME }, { "\033[8~", PRESS_END },
	{ "\033[2~", PRESS_INSERT }, { "\033[3~", PRESS_DELETE },
	{ "\033[5~", PRESS_PGUP }, { "\033[6~", PRESS_PGDN },
	{ "\033[Z", PRESS_BACKTAB }, { "\033OM", PRESS_ENTER },
	{ "\033OP", PRESS_F1 }, { "\033OQ", PRESS_F2 },
	{ "\033OR", PRESS_F3 }, { "\033OS", PRESS_F4 },
	{ "\033[11~", PRESS_F1 }, { "\033[12~", PRESS_F2 },
	{ "\033[13~", PRESS_F3 }, { "\033[14~", PRESS_F4 },
	{ "\033[[A", PRESS_F1 }, { "\033[[B", PRESS_F2 },
	{ "\033[[C", PRESS_F3 }, { "\033[[D", PRESS_F4 },
	{ "\033[[E", PRESS_F5 }, { "\033[15~", PRESS_F5 },
	{ "\033[17~", PRESS_F6 }, { "\033[18~", PRESS_F7 },
	{ "\033[19~", PRESS_F8 }, { "\033[20~", PRESS_F9 },
	{ "\033[21~", PRESS_F10 }, { "\033[23~", PRESS_F11 },
	{ "\033[24~", PRESS_F12 },
	{ "\033[1;5D", PRESS_WORD_LEFT }, { "\033[1;5C", PRESS_WORD_RIGHT },
	{ "\033[5D", PRESS_WORD_LEFT }, { "\033[5C", PRESS_WORD_RIGHT },
	{ "\033O5D", PRESS_WORD_LEFT }, { "\033O5C", PRESS_WORD_RIGHT },
	{ "\033Od", PRESS_WORD_LEFT }, { "\033Oc", PRESS_WORD_RIGHT },
	{ "\033[1;5H", PRESS_CTRL + 'A' }, { "\033[1;5F", PRESS_CTRL + 'E' },
	{ "\033[200~", TTY_KEYS_PASTE_START },
	{ "\033[201~", TTY_KEYS_PASTE_END },
	/* The numeric keypad, where another program left it in application
	 * mode: people type numbers there, whatever terminfo has (a1, c3). */
	{ "\033Op", '0' }, { "\033Oq", '1' }, { "\033Or", '2' },
	{ "\033Os", '3' }, { "\033Ot", '4' }, { "\033Ou", '5' },
	{ "\033Ov", '6' }, { "\033Ow", '7' }, { "\033Ox", '8' },
	{ "\033Oy", '9' }, { "\033On", '.' }, { "\033Om", '-' },
	{ "\033Ol", '+' }, { "\033Ok", '+' }, { "\033Oj", '*' },
	{ "\033Oo", '/' },
};

const struct tty_keys_sequence *
tty_keys_sequence(size_t i)
{
	if (i >= sizeof sequences / sizeof *sequences)
		return NULL;
	return &sequences[i];
}

void
tty_keys_trim(char *capability)
{
	static const char *const parts[] = { "\033=", "\033>" };

	for (size_t i = 0; capability && i < 2; i++) {
		char *at = strstr(capability, parts[i]);

		if (at)
			memmove(at, at + 2, strlen(at + 2) + 1);
	}
}

int
tty_keys_other_mode(const struct tty_keys_sequence *s)
{
	if (s->code != PRESS_LEFT && s->code != PRESS_RIGHT)
		return s->code;
	if (s->bytes[1] != '[')
		return s->code;
	return s->code == PRESS_LEFT ? PRESS_WORD_LEFT : PRESS_WORD_RIGHT;
}

int
tty_keys_control(int c)
{
	switch (c) {
	case '\t':
		return PRESS_TAB;
	case '\r':
	case '\n':
		return PRESS_ENTER;
	case '\b':
	case 0x7F:
		return PRESS_BACKSPACE;
	case 0x1B:
		return PRESS_ESC;
	default:
		return c >= 0 && c < ' ' ? PRESS_CTRL + '@' + c : c;
	}
}
