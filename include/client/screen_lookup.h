#ifndef CLIENT_SCREEN_LOOKUP_H
#define CLIENT_SCREEN_LOOKUP_H

struct app;

/* Look a person up from anywhere: hits at every key. */
void screen_lookup_push(struct app *app);

#endif
