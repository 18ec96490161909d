#ifndef CLIENT_SCREEN_SIGNIN_H
#define CLIENT_SCREEN_SIGNIN_H

#include <stdbool.h>

struct app;
struct view;

/* The first screen: who, with which password.  It stays at the bottom of the
 * stack; the password is checked against the cache, and by the server, in a
 * child, where the cache does not know the person or the password, knows that
 * the county has another one, or that it must be changed. */
struct view *screen_signin_new(struct app *app);
/* After a lock: this person again, the password empty and under the cursor. */
void screen_signin_reset(struct view *v, const char *user);
/* Have the server change the signed-in person's password, in a child; how it
 * went, screen_password_end() hears. */
void screen_signin_change(struct app *app, const char *before,
	const char *after);
/* It ended so, with this line; for screen_signin_read(), and for tests, where
 * no child is started. */
void screen_signin_take(struct app *app, int exit_status, const char *line);
/* The child that asks the server said something. */
void screen_signin_read(struct app *app);
bool screen_signin_asks(const struct app *app);
/* Its descriptor to watch, or -1. */
int screen_signin_fd(const struct app *app);

#endif
