#ifndef CLIENT_SCREEN_PEOPLE_H
#define CLIENT_SCREEN_PEOPLE_H

struct app;

/*
 * People and computers: the accounts that a chief or the county looks after,
 * their computers, the county's offices.  All of it is known and done at the
 * server; Tab goes from one list to the next.
 */
void screen_people_push(struct app *app);
void screen_devices_push(struct app *app);
void screen_offices_push(struct app *app);	/* the county's */

#endif
