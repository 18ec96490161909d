#ifndef CLIENT_SCREEN_SYNC_H
#define CLIENT_SCREEN_SYNC_H

struct app;

/* The sync page: what waits, what the last sync did; starts one. */
void screen_sync_push(struct app *app);

#endif
