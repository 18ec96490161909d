#ifndef CLIENT_REFS_H
#define CLIENT_REFS_H

#include "ui/formview.h"

struct app;
struct record;

/* What a form cannot know, from the store: how a reference is shown, which
 * records match what is typed, whether a new one may be made, what was entered
 * before. */
struct formview_hooks refs_hooks(struct app *app);
/* After a save: what it entered is offered to the next form; was as for
 * recall_learn(). */
void refs_learn(struct app *app, const struct record *r,
	const struct record *was);

#endif
