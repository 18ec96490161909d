/*
 * get_wch() is not used: it loses a character that comes in two reads, and
 * after an invalid byte it swallows what follows until 144 bytes have come.
 */
#include "ui/tty_decode.h"

#include "ui/press.h"

int
tty_decode(struct tty_decoder *t, int byte)
{
	char c = (char)byte;
	wchar_t wide;
	size_t n;

	for (int tries = 0; tries < 2; tries++) {
		n = mbrtowc(&wide, &c, 1, &t->state);
		if (n == (size_t)-2) {
			t->unfinished = true;
			return PRESS_NONE;
		}
		if (n != (size_t)-1) {
			t->unfinished = false;
			return (int)wide;
		}
		t->state = (mbstate_t){0};
		/* This byte may begin a good one after a broken one. */
		if (!t->unfinished)
			break;
		t->unfinished = false;
	}
	return PRESS_BAD;
}
