#ifndef CLIENT_REFS_H
#define CLIENT_REFS_H

#include "ui/formview.h"

struct app;

/* What a form cannot know, from the store: how a reference is shown, which
 * records match what is typed, whether a new one may be made. */
struct formview_hooks refs_hooks(struct app *app);

#endif
