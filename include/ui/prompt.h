#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "ui/canvas.h"
#include "ui/keymap.h"
#include "ui/lineedit.h"
#include "ui/press.h"
#include "ui/view.h"

/*
 * One question on the message line.  A yes needs the letter y and Enter, so
 * that a stray key or a paste cannot say it; Esc or ^X takes the question back.
 */
enum prompt_kind { PROMPT_TEXT, PROMPT_PASSWORD, PROMPT_YES };

enum prompt_answer { PROMPT_HANDLED, PROMPT_DONE, PROMPT_CANCELLED };

struct prompt {
	enum prompt_kind kind;
	char *question;		/* owned */
	struct lineedit edit;
};

void prompt_init(struct prompt *p, enum prompt_kind kind, const char *question,
	size_t max_chars);
void prompt_release(struct prompt *p);		/* wipes what was typed */
enum prompt_answer prompt_press(struct prompt *p, const struct press *pr);
/* The text typed, appended; "y" or "" for PROMPT_YES. */
void prompt_text(const struct prompt *p, struct buf *out);
bool prompt_is_yes(const struct prompt *p);
bool prompt_is(const struct prompt *p, char letter);	/* this one alone */
void prompt_paint(struct prompt *p, struct canvas *c, int row, int col,
	int cells);
extern const struct keymap prompt_keymap;	/* Enter, ^X */

/*
 * As an overlay on the stack, shown on the message line.  done gets what was
 * typed ("y" for a yes), or NULL when taken back or not a yes; it may push
 * further views; the text is wiped afterwards.  initial: text to begin with.
 */
void prompt_push(struct view_stack *s, enum prompt_kind kind,
	const char *question, const char *initial,
	void (*done)(void *self, struct view_stack *s, const char *text),
	void *self);

#endif
