#ifndef CLIENT_SCREEN_DRAFTS_H
#define CLIENT_SCREEN_DRAFTS_H

struct app;

/* Forms in progress that were not saved: go on with one, or drop it. */
void screen_drafts_push(struct app *app);

#endif
