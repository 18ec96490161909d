#ifndef UI_TTY_PASTE_H
#define UI_TTY_PASTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ui/press.h"
#include "ui/tty_burst.h"

/*
 * Presses and pastes out of the codes that were read: text between the
 * brackets of a terminal that says so, and bursts of one that does not
 * (ui/tty_burst.h).  Private to ui/tty; nothing here reads.
 *
 * What had come when reading began is read to its end (tty_paste_end()) before
 * a burst is looked for again.  A pasted text of more than 256 kB is cut.
 */
struct tty_paste {
	struct tty_burst burst;
	struct buf text;	/* of the last paste */
	bool pasting;		/* between the brackets */
	bool after;		/* behind them, in what was read at once */
	bool drained;		/* all that had come was read */
};

void tty_paste_init(struct tty_paste *p, int64_t now_ms);	/* monotonic */
void tty_paste_release(struct tty_paste *p);

/* Reading begins.  true: it is for the caller to say, by tty_paste_waiting(),
 * how many bytes wait (1 or more; none: nothing is said). */
bool tty_paste_begins(struct tty_paste *p);
void tty_paste_waiting(struct tty_paste *p, size_t bytes, int64_t now_ms);

/*
 * A code was read: one of ui/press.h, or TTY_KEYS_PASTE_START and _END;
 * same_line_end: the LF of a CR LF.  true: out is the next press; the text of a
 * paste is borrowed until the next call that is given p.
 */
bool tty_paste_take(struct tty_paste *p, int code, bool same_line_end,
	struct press *out);
/* All has been read.  true: as above. */
bool tty_paste_end(struct tty_paste *p, struct press *out, int64_t now_ms);

/* A press that was held back while it was not known to be none of a paste;
 * false: there is none. */
bool tty_paste_held(struct tty_paste *p, struct press *out);
bool tty_paste_holds(const struct tty_paste *p);

#endif
