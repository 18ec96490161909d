#ifndef UI_TTY_PROBE_H
#define UI_TTY_PROBE_H

#include <stdbool.h>
#include <stddef.h>

/* What a terminal says about itself: private to ui/tty.c. */

struct tty_probe {
	bool answered;		/* else nothing below is known */
	bool utf8;		/* or some other charset */
	int ambiguous;		/* cells of ambiguous characters: 1 or 2 */
	char typed[256];	/* what was typed meanwhile */
	size_t typed_len;
};

/* Ask on standard output and read the answer from standard input, for at most
 * timeout_ms; before curses starts.  One round trip. */
void tty_probe_ask(struct tty_probe *out, int timeout_ms);

/* The reports taken out of bytes that came: true when both columns are there.
 * Left over bytes stay in bytes, *len of them.  Apart, for tests. */
bool tty_probe_parse(struct tty_probe *out, char *bytes, size_t *len);

#endif
