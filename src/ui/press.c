/*
 * The names of presses: what the hint line calls them, and what scripts do.
 */
#include "ui/press.h"

#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

struct press_name {
	int code;
	const char *name;	/* scripts; msgid of the hint line */
};

static const struct press_name names[] = {
	{ PRESS_UP, TR_MARK("Up") },
	{ PRESS_DOWN, TR_MARK("Down") },
	{ PRESS_LEFT, TR_MARK("Left") },
	{ PRESS_RIGHT, TR_MARK("Right") },
	{ PRESS_HOME, "Home" },
	{ PRESS_END, "End" },
	{ PRESS_PGUP, "PgUp" },
	{ PRESS_PGDN, "PgDn" },
	{ PRESS_ENTER, TR_MARK("Enter") },
	{ PRESS_TAB, "Tab" },
	{ PRESS_BACKTAB, "Shift-Tab" },
	{ PRESS_BACKSPACE, TR_MARK("Backspace") },
	{ PRESS_DELETE, "Del" },
	{ PRESS_INSERT, "Ins" },
	{ PRESS_ESC, "Esc" },
	{ PRESS_WORD_LEFT, "Ctrl-Left" },
	{ PRESS_WORD_RIGHT, "Ctrl-Right" },
	{ ' ', TR_MARK("Space") },
};

bool
press_is_char(const struct press *p)
{
	return p->code >= 0x20 && p->code != 0x7F && p->code < 0x110000;
}

void
press_label(struct buf *out, int code)
{
	char bytes[4];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i].code == code) {
			buf_text(out, tr(names[i].name));
			return;
		}
	}
	if (code >= PRESS_F1 && code <= PRESS_F12)
		buf_printf(out, "F%d", code - PRESS_F1 + 1);
	else if (code > PRESS_CTRL && code < PRESS_CTRL + 0x80)
		buf_printf(out, "^%c", code - PRESS_CTRL);
	else if (code > 0 && code < 0x110000)
		buf_add(out, bytes, utf8_put(bytes, (uint32_t)code));
	else
		buf_char(out, '?');
}

static bool
same_word(const char *a, const char *b)
{
	while (*a && utf8_fold((unsigned char)*a)
	    == utf8_fold((unsigned char)*b)) {
		a++;
		b++;
	}
	return *a == '\0' && *b == '\0';
}

static int
parse_f_key(const char *name)
{
	int n = 0;

	if (name[0] != 'F' && name[0] != 'f')
		return PRESS_NONE;
	for (const char *p = name + 1; *p; p++) {
		if (*p < '0' || *p > '9' || n > 12)
			return PRESS_NONE;
		n = n * 10 + (*p - '0');
	}
	return n >= 1 && n <= 12 ? PRESS_F1 + n - 1 : PRESS_NONE;
}

/* What the terminal makes of a control letter. */
static int
parse_ctrl(char letter)
{
	if (letter >= 'a' && letter <= 'z')
		letter = (char)(letter - 'a' + 'A');
	switch (letter) {
	case 'I':
		return PRESS_TAB;
	case 'M':
	case 'J':
		return PRESS_ENTER;
	case 'H':
	case '?':
		return PRESS_BACKSPACE;
	case '[':
		return PRESS_ESC;
	default:
		break;
	}
	return letter >= '@' && letter <= '_' ? PRESS_CTRL + letter
	    : PRESS_NONE;
}

int
press_parse(const char *name)
{
	size_t len = strlen(name), at = 0;
	uint32_t c;

	if (len == 2 && name[0] == '^')
		return parse_ctrl(name[1]);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (same_word(names[i].name, name))
			return names[i].code;
	if (len > 1 && parse_f_key(name))
		return parse_f_key(name);
	if (len == 0)
		return PRESS_NONE;
	c = utf8_next(name, len, &at);
	return at == len && !utf8_is_unsafe(c) ? (int)c : PRESS_NONE;
}
