#ifndef CLIENT_SCREEN_PASSWORD_H
#define CLIENT_SCREEN_PASSWORD_H

#include <stdbool.h>

struct app;

/*
 * Another password, by the person who is signed in.  The county's server changes
 * it, in a child; without the server it stays.
 */
void screen_password_push(struct app *app);
/* Right after a sign-in with a password (before) that must be changed: nothing
 * else until it was, or the server turns out not to be reached. */
void screen_password_push_first(struct app *app, const char *before);
/* The child has ended so, and said this. */
void screen_password_end(struct app *app, int exit_status, const char *said);

#endif
