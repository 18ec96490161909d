#ifndef CLIENT_SCREEN_QUARANTINE_H
#define CLIENT_SCREEN_QUARANTINE_H

#include <stdbool.h>

/*
 * What the server put aside, for somebody of the county: what each entry says
 * and what stands in the record today; taken in, or dismissed with a reason.
 * It is known and done at the server (client/app_ask); nothing is kept here.
 */
struct app;

/* Is this the work of whoever is signed in?  The server decides. */
bool screen_quarantine_may(const struct app *app);
void screen_quarantine_push(struct app *app);

#endif
