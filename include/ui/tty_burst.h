#ifndef UI_TTY_BURST_H
#define UI_TTY_BURST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Pasted text from a terminal that does not bracket it: each of its line ends
 * would act as Enter.  Private to ui/tty.
 *
 * What was typed ahead over a line that stood still arrives at once just as a
 * paste does, and its Enters are meant.  So what arrived together is a paste
 * only if nobody can have typed it:
 *
 * 1. It is nothing but text, line ends and tabs: no key of any other kind.
 * 2. Text follows a line end.  An Enter at the end is an Enter.
 * 3. It is more than a quick typist enters in the time since the key before:
 *    32 bytes and 8 a second (hanzi have 3), at most 200.
 * 4. What comes within 100 ms of a paste belongs to it: terminals send a long
 *    one in pieces.
 *
 * Everything else is given press by press as it came.  A paste that this does
 * not know, a short one long after the last key, acts as keys as it always did;
 * a terminal that has once bracketed a paste is not looked at any more.
 */
struct tty_burst {
	int *codes;		/* gathered or held, owned; -code: a line end
				 * that goes on with the one before (CR LF) */
	size_t count, next;	/* next to be given */
	bool gathering;
	bool goes_on;		/* within 100 ms of a paste */
	bool off;		/* this terminal brackets */
	int64_t before_ms;	/* when something was read last */
	int64_t pasted_ms;
};

enum tty_burst_step { TTY_BURST_GATHERED, TTY_BURST_KEYS };

void tty_burst_init(struct tty_burst *b, int64_t now_ms);
void tty_burst_release(struct tty_burst *b);

/* So many bytes wait to be read; the last were read before.  From here on
 * presses are gathered, if so many can be a paste. */
void tty_burst_begin(struct tty_burst *b, size_t waiting, int64_t now_ms);
/* A press of enum ui/press.h, while gathering; KEYS: it was none, all are held
 * now.  same_line_end: LF behind CR. */
enum tty_burst_step tty_burst_add(struct tty_burst *b, int code,
	bool same_line_end);
/* All has been read.  true: it was a paste, whose text is put into out (it may
 * be empty); false: what was gathered is held. */
bool tty_burst_end(struct tty_burst *b, struct buf *out, int64_t now_ms);
/* The next press that is held; false: none. */
bool tty_burst_held(struct tty_burst *b, int *code);

#endif
