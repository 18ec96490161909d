#ifndef CLIENT_SCREEN_SIGNIN_H
#define CLIENT_SCREEN_SIGNIN_H

struct app;
struct view;

/* The first screen: who, with which password.  It stays at the bottom of the
 * stack; the password is checked against the cache, the first time by the
 * server, in a child. */
struct view *screen_signin_new(struct app *app);
/* Empty the password, the cursor back to it; after a lock. */
void screen_signin_reset(struct view *v);
/* The child that asks the server said something. */
void screen_signin_read(struct app *app);
/* Its descriptor to watch, or -1. */
int screen_signin_fd(const struct app *app);

#endif
