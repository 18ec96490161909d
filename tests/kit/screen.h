#ifndef KIT_SCREEN_H
#define KIT_SCREEN_H

#include "ui/canvas.h"
#include "ui/view.h"

/*
 * Screens as text.  A test plays presses and compares the picture with
 * tests/screen/NAME.screen; UPDATE_SCREENS=1 writes the files anew (look at
 * the difference before you commit it).
 */

/* Words separated by blanks: names of presses ("Down", "^S", "F1", "x"), or
 * "=text" whose characters are typed ("=" alone: nothing), or "+text": pasted
 * with '/' as newline.  press gets each one. */
void screen_keys(const char *keys,
	void (*press)(void *self, const struct press *p), void *self);

/* The same for the top view of a stack. */
void screen_play(struct view_stack *s, const char *keys);

/* Fails the test (cmocka) when the picture is another. */
void screen_expect(const struct canvas *c, const char *name);

/* The canvas holds this text somewhere. */
int screen_has(const struct canvas *c, const char *text);

#endif
