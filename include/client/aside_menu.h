#ifndef CLIENT_ASIDE_MENU_H
#define CLIENT_ASIDE_MENU_H

#include "base/buf.h"
#include "store/aside.h"

struct app;

/* Reminders put aside by a key: a popup of at most three choices.  Nothing is
 * lost; store/aside.h says when one is back. */

/* Ask how long; the items are copied. */
void aside_menu_push(struct app *app, const struct due_item *items,
	size_t count);
/* Bring them back now. */
void aside_menu_drop(struct app *app, const struct due_item *items,
	size_t count);
/* Append until when it is put aside and how to bring it back. */
void aside_menu_words(struct buf *out, const struct aside *a);

#endif
